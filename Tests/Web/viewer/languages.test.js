// Words on demand: the wanted language's alone, English for want of it, and never none for ever.

import assert from "node:assert/strict";
import test from "node:test";
import { Words } from "../../../Sources/Web/Files/viewer/languages.js";

/** @param {Record<string, unknown>} served Bodies by language; what isn't there is a 404. */
function setUp(served) {
    /** @type {string[]} */
    const asked = [];
    const it = { asked, served, waits: 0, onWait: () => {} };
    const words = new Words({
        addressOf: (language) => `/assets/${language}.json`,
        fetcher: async (url) => {
            asked.push(url);
            const language = url.slice(8, 10);
            if (!(language in it.served)) return new Response("", { status: 404 });
            const body = it.served[language];
            if (body instanceof Error) throw body;
            return new Response(typeof body === "string" ? body : JSON.stringify(body));
        },
        wait: async () => {
            it.waits += 1;
            it.onWait();
        },
    });
    return Object.assign(it, { words });
}

test("only the wanted language is fetched, and once", async () => {
    const { words, asked } = setUp({ de: { "page.quiz": "Quiz!" }, en: {}, zh: {} });
    assert.deepEqual(await words.find("de"),
        { language: "de", strings: { "page.quiz": "Quiz!" } });
    await words.find("de");
    assert.deepEqual(asked, ["/assets/de.json"]);
});

test("a language that doesn't come is replaced by English, which then is known", async () => {
    for (const body of [new TypeError("Failed to fetch"), "{broken", "[]", "null", "7"]) {
        const { words, asked } = setUp({ de: body, en: { a: "b" } });
        assert.deepEqual(await words.find("de"), { language: "en", strings: { a: "b" } });
        assert.deepEqual(asked, ["/assets/de.json", "/assets/en.json"], String(body));
    }
});

test("with no network it is tried again, the wanted language first", async () => {
    const it = setUp({});
    it.onWait = () => {
        if (it.waits === 3) it.served = { zh: { a: "b" }, en: {} };
    };
    assert.deepEqual(await it.words.find("zh"), { language: "zh", strings: { a: "b" } });
    assert.equal(it.waits, 3);
    assert.equal(it.asked.length, 7);
    assert.equal(it.asked[6], "/assets/zh.json");
});
