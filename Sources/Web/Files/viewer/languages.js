// The page's languages: the words of the one that is wanted are fetched, and no others.

import { BackOff } from "../shared/back-off.js";

/**
 * Each language under its own name; the first is for whoever wants none of them.
 * @type {Record<string, string>}
 */
export const LANGUAGE_NAMES = { en: "English", de: "Deutsch", zh: "中文" };
const FALLBACK = "en";
/** Words that don't come in this time are looked for elsewhere, ms. */
const FETCH_MS_MAX = 6000;

/**
 * @typedef {Record<string, import("../shared/i18n.js").Sentence>} Strings
 */

/** Words by language, each fetched once. */
export class Words {
    #addressOf;
    #fetcher;
    #wait;
    /** @type {Map<string, Strings>} */
    #known = new Map();

    /**
     * @param {object} [options]
     * @param {(language: string) => string} [options.addressOf]
     * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetcher]
     * @param {(ms: number) => Promise<unknown>} [options.wait]
     */
    constructor(options = {}) {
        this.#addressOf = options.addressOf ?? linkedAddress;
        this.#fetcher = options.fetcher ?? ((url, init) => fetch(url, init));
        this.#wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    }

    /**
     * The words of a language, in English for want of them; tried until there are some.
     * @param {string} language
     * @returns {Promise<{language: string, strings: Strings}>} language: whose words they are.
     */
    async find(language) {
        const backOff = new BackOff({ firstMs: 500 });
        for (;;) {
            for (const one of new Set([language, FALLBACK])) {
                const strings = this.#known.get(one) ?? await this.#fetch(one);
                if (!strings) continue;
                this.#known.set(one, strings);
                return { language: one, strings };
            }
            await this.#wait(backOff.nextMs());
        }
    }

    /**
     * @param {string} language
     * @returns {Promise<Strings|null>}
     */
    async #fetch(language) {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), FETCH_MS_MAX);
        try {
            const response = await this.#fetcher(this.#addressOf(language),
                { signal: abort.signal, credentials: "omit" });
            const strings = response.ok ? await response.json() : null;
            return typeof strings === "object" && !Array.isArray(strings) ? strings : null;
        } catch {
            // Out of reach, or no JSON: another language's may be there.
            return null;
        } finally {
            clearTimeout(timer);
        }
    }
}

/**
 * Where a language's words are: the page says so, as files are served by names of their own.
 * @param {string} language
 * @returns {string}
 */
function linkedAddress(language) {
    const link = document.querySelector(`link[rel="strings"][hreflang="${language}"]`);
    return link?.getAttribute("href") ?? "";
}
