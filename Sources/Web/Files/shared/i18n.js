// Words in the reader's language: which language, and sentences with their numbers and names put in.

/**
 * The first wanted language there is. "de-AT" is served by "de", "zh-Hant-TW" by "zh".
 * @param {readonly (string|null|undefined)[]} wanted The best first.
 * @param {readonly string[]} available The first is taken where nothing fits.
 * @returns {string}
 */
export function pickLanguage(wanted, available) {
    for (const tag of wanted) {
        if (typeof tag !== "string") continue;
        const primary = tag.trim().toLowerCase().split(/[-_]/)[0];
        if (available.includes(primary)) return primary;
    }
    return available[0];
}

/**
 * A sentence, or one for each plural form its language has (by `Intl.PluralRules`, of the number `n`).
 * @typedef {string | {one?: string, two?: string, few?: string, many?: string, other: string}} Sentence
 * @typedef {(key: string, values?: Record<string, string|number>) => string} Translate
 */

/**
 * A function that gives the sentence of a key, with `{name}` replaced by the value of that name.
 * Numbers are written as the language writes them.
 * @param {Record<string, Sentence>} strings
 * @param {string} language
 * @returns {Translate}
 */
export function translator(strings, language) {
    const plurals = new Intl.PluralRules(language);
    const numbers = new Intl.NumberFormat(language);
    return (key, values = {}) => {
        const sentence = strings[key];
        if (sentence === undefined) return key;
        /** @type {Record<string, string>} */
        const forms = typeof sentence === "string" ? { other: sentence } : sentence;
        const form = forms[plurals.select(Number(values.n ?? 0))] ?? forms.other;
        return form.replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ name) => {
            const value = values[name];
            if (value === undefined) return whole;
            return typeof value === "number" ? numbers.format(value) : value;
        });
    };
}
