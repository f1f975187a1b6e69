// Languages: the same keys and the same places for values in each, and words for all there is to
// say.

import assert from "node:assert/strict";
import test from "node:test";
import { pickLanguage, translator } from "../../../Sources/Web/Files/shared/i18n.js";
import { CARD_WORDS } from "../../../Sources/Web/Files/shared/card-words.js";
import { REFUSAL_CODES, refusalKey } from "../../../Sources/Web/Files/viewer/answer-note.js";
import { joinProblemKey } from "../../../Sources/Web/Files/viewer/join-form.js";
import { LANGUAGE_NAMES } from "../../../Sources/Web/Files/viewer/languages.js";
import { readdirSync, readFileSync } from "node:fs";
import { stringsOf } from "./replay.js";

const [STRINGS_EN, STRINGS_DE, STRINGS_ZH] = ["en", "de", "zh"].map(stringsOf);
/** @type {Record<string, Record<string, any>>} */
const languages = { en: STRINGS_EN, de: STRINGS_DE, zh: STRINGS_ZH };
const folder = new URL("../../../Sources/Web/Files/", import.meta.url);

const places = (/** @type {any} */ sentence) => {
    const forms = typeof sentence === "string" ? [sentence] : Object.values(sentence);
    return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort().join(" ");
};

test("all three languages have the same keys, and the same values to put in", () => {
    for (const [code, strings] of Object.entries(languages)) {
        assert.deepEqual(Object.keys(strings).sort(), Object.keys(STRINGS_EN).sort(), code);
        for (const [key, sentence] of Object.entries(strings)) {
            assert.equal(places(sentence), places(STRINGS_EN[key]), `${code} ${key}`);
            const forms = typeof sentence === "string" ? [sentence] : Object.values(sentence);
            for (const form of forms) assert.ok(form.trim().length > 0, `${code} ${key}`);
        }
    }
});

test("each plural has the forms its language needs", () => {
    for (const [code, strings] of Object.entries(languages)) {
        const needed = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
        for (const [key, sentence] of Object.entries(strings)) {
            if (typeof sentence === "string") continue;
            for (const form of needed) assert.ok(form in sentence, `${code} ${key} ${form}`);
        }
    }
});

test("no key is used that isn't there, and none is there that isn't used", () => {
    const files = ["shared", "viewer"].flatMap((name) => readdirSync(new URL(`${name}/`, folder))
        .filter((file) => file.endsWith(".js") && file !== "card-words.js")
        .map((file) => readFileSync(new URL(`${name}/${file}`, folder), "utf8")));
    const source = files.join("\n");
    const used = new Set(source.match(/(?<=["`])[a-z]+\.[A-Za-z_]+(?=["`])/g));
    const made = [/`(role)\.\$\{/, /`(answer)\.\$\{/, /`(refused)\.\$\{/, /`(reveal)\.\$\{/,
        /`(poster)\.\$\{/,
        /`(standings)\.\$\{/, /`(join)\.\$\{/].filter((each) => each.test(source));
    const prefixes = made.map((each) => each.exec(source)?.[1]);
    const groups = new Set(Object.keys(STRINGS_EN).map((key) => key.split(".")[0]));
    for (const key of used) {
        if (!groups.has(key.split(".")[0]) || /\.(js|svg|css|flv)$/.test(key)) continue;
        assert.ok(key in STRINGS_EN, `"${key}" has no words`);
    }
    for (const key of Object.keys(STRINGS_EN)) {
        assert.ok(used.has(key) || prefixes.includes(key.split(".")[0]), `"${key}" is not used`);
    }
});

test("each code of a refusal has words of its own, and a new one has some, too", () => {
    const wire = readFileSync(new URL("../../../Sources/WIRE.md", import.meta.url), "utf8");
    const codes = [...wire.matchAll(/^\| `([a-z_]+)` \| (?:409|503) \|/gm)].map((match) =>
        match[1]);
    assert.ok(codes.length >= 17, `${codes.length} codes in WIRE.md`);
    for (const code of codes) assert.ok(REFUSAL_CODES.includes(code), code);
    for (const code of REFUSAL_CODES) assert.ok(`refused.${code}` in STRINGS_EN, code);
    assert.equal(refusalKey("something_new"), "refused.other");
});

test("each way a join can fail has words", () => {
    for (const status of [0, 400, 401, 403, 404, 409, 413, 429, 500, 503]) {
        assert.ok(joinProblemKey(status) in STRINGS_EN, String(status));
    }
});

test("the card's words are the page's, too", () => {
    const ofCard = (/** @type {Record<string, any>} */ strings) =>
        Object.fromEntries(Object.entries(strings).filter(([key]) => key.startsWith("card.")));
    assert.deepEqual(ofCard(STRINGS_EN), CARD_WORDS);
});

test("the page says where each language's words are, and nothing loads them unasked", () => {
    const page = readFileSync(new URL("viewer/index.html", folder), "utf8");
    const links = [...page.matchAll(/<link rel="strings" hreflang="(\w+)" href="\/([^"]+)">/g)];
    assert.deepEqual(links.map(([, code]) => code).sort(), Object.keys(LANGUAGE_NAMES).sort());
    assert.deepEqual(Object.keys(languages).sort(), Object.keys(LANGUAGE_NAMES).sort());
    for (const [, code, path] of links) assert.equal(path, `viewer/strings/${code}.json`);
    assert.equal(page.match(/strings\//g)?.length, links.length);
});

test("the best language there is gets picked", () => {
    const all = ["en", "de", "zh"];
    assert.equal(pickLanguage(["de-AT", "en"], all), "de");
    assert.equal(pickLanguage([null, undefined, "zh-Hant-TW"], all), "zh");
    assert.equal(pickLanguage(["fr", "DE"], all), "de");
    assert.equal(pickLanguage(["fr"], all), "en");
    assert.equal(pickLanguage([], all), "en");
    assert.equal(pickLanguage(["constructor"], all), "en");
});

test("sentences take their numbers and names, and a name is never a pattern", () => {
    const t = translator({ a: "Hello {name}", b: { one: "{n} player", other: "{n} players" } },
        "en");
    assert.equal(t("a", { name: "$& {name} <b>" }), "Hello $& {name} <b>");
    assert.equal(t("b", { n: 1 }), "1 player");
    assert.equal(t("b", { n: 12345 }), "12,345 players");
    assert.equal(t("missing"), "missing");
    assert.equal(translator(STRINGS_DE, "de")("lobby.players", { n: 12345 }),
        "12.345 Personen sind dabei");
    assert.equal(translator(STRINGS_ZH, "zh")("lobby.players", { n: 1 }), "1 人已加入");
});
