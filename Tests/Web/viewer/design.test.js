// The design's colours have the contrast they need, in dark and light, and the files keep the
// house's rules.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const folder = new URL("../../../Sources/Web/Files/", import.meta.url);
const design = readFileSync(new URL("shared/design.css", folder), "utf8");

/** @param {string} css @returns {Record<string, string>} */
const properties = (css) =>
    Object.fromEntries([...css.matchAll(/--ff-([\w-]+):\s*(#[0-9a-f]{6});/g)]
    .map((match) => [match[1], match[2]]));
const lightStart = design.indexOf("@media (prefers-color-scheme: light)");
const lightEnd = design.indexOf("*, *::before");
const dark = properties(design.slice(0, lightStart));
/** @type {Record<string, Record<string, string>>} */
const schemes = { dark, light: { ...dark, ...properties(design.slice(lightStart, lightEnd)) } };

/** @param {string} colour @returns {number} Relative luminance by WCAG. */
function luminance(colour) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other @returns {number} */
function contrast(one, other) {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
}

const texts = [["text", "ground"], ["text", "panel"], ["text", "raised"], ["text", "hairline"],
    ["text", "right-ground"], ["text", "wrong-ground"],
    ["text-soft", "ground"], ["text-soft", "panel"], ["text-soft", "raised"],
        ["text-soft", "hairline"],
    ["accent-text", "panel"], ["accent-text", "ground"], ["accent-text", "raised"],
        ["on-accent", "accent"],
    ["right", "panel"], ["right", "raised"], ["right", "right-ground"], ["right", "hairline"],
    ["wrong", "panel"], ["wrong", "raised"], ["wrong", "wrong-ground"], ["wrong", "ground"],
    ["text-soft", "right-ground"], ["text-soft", "wrong-ground"],
    ["panel", "right"], ["panel", "wrong"], ["warning-text", "warning-ground"],
        ["info-text", "info-ground"],
    ["accent", "on-accent"]];
const shapes = [["line", "panel"], ["line", "raised"], ["line", "ground"], ["focus", "panel"],
    ["focus", "ground"], ["focus", "raised"], ["right", "panel"], ["wrong", "panel"],
        ["live", "raised"]];

for (const [scheme, colours] of Object.entries(schemes)) {
    test(`text and shapes can be seen in ${scheme}`, () => {
        for (const [one, other] of texts) {
            const ratio = contrast(colours[one], colours[other]);
            assert.ok(ratio >= 4.5, `${one} on ${other}: ${ratio.toFixed(2)}`);
        }
        for (const [one, other] of shapes) {
            const ratio = contrast(colours[one], colours[other]);
            assert.ok(ratio >= 3, `${one} beside ${other}: ${ratio.toFixed(2)}`);
        }
    });
}

test("nothing in the page's files makes markup of text, or needs a looser policy", () => {
    const files = ["shared/", "viewer/", "viewer/strings/"].flatMap((name) =>
        readdirSync(new URL(name, folder)).map((file) => `${name}${file}`))
        .filter((file) => /\.(js|html|css|json)$/.test(file));
    assert.ok(files.length > 20);
    for (const file of files) {
        const source = readFileSync(new URL(file, folder), "utf8");
        for (const word of ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
            "eval(",
            "new Function", "javascript:", " style=\"", "onclick=", "onload=", "srcdoc"]) {
            assert.ok(!source.includes(word), `${file} has ${word}`);
        }
        const asks = file.endsWith(".css") && /@import|url\(/.test(source);
        assert.ok(!asks, `${file} asks for something`);
        for (const [index, line] of source.split("\n").entries()) {
            // JSON has no way to break a sentence.
            assert.ok(line.length <= 100 || file.endsWith(".json"),
                `${file}:${index + 1} is too long`);
        }
        if (file.endsWith(".js")) {
            assert.ok(source.startsWith("// "), `${file} doesn't say what it is for`);
            assert.ok(source.split("\n").length <= 400, `${file} is asking to be two`);
        }
    }
});
