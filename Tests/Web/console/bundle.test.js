// The console's files hold to what the joiner and the strict content policy need.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const files = join(dirname(fileURLToPath(import.meta.url)), "../../../Sources/Web/Files");
const folder = join(files, "console");

const sources = readdirSync(folder, { recursive: true }).map(String)
    .filter((name) => name.endsWith(".js")).map((name) => join(folder, name));

/** What an entry imports, itself included; the player is a bundle of its own. */
function bundleOf(entry, found = new Set()) {
    if (found.has(entry)) return found;
    found.add(entry);
    for (const [, from] of readFileSync(entry, "utf8").matchAll(
        /^import [^;]*? from "([^"]+)";/gms)) {
        const path = join(dirname(entry), from);
        if (!relative(files, path).startsWith("player")) bundleOf(path, found);
    }
    return found;
}

test("every file says what it is for, and is short", () => {
    for (const path of sources) {
        const text = readFileSync(path, "utf8");
        assert.match(text, /^\/\/ \S/, path);
        const lineCountMax = path.includes("strings") ? 500 : 400;
        assert.ok(text.split("\n").length <= lineCountMax + 1, `${path} is too long`);
        for (const line of text.split("\n")) {
            // A sentence or a drawing is left in one piece.
            const isOneText = /"[^"]{40,}"|`[^`]{40,}`/.test(line);
            assert.ok(line.length <= 100 || isOneText, `${path}: ${line}`);
        };
    }
});

test("nothing makes markup of text, or runs text", () => {
    const forbidden = new RegExp([
        "\\.(innerHTML|outerHTML)\\b", "insertAdjacentHTML", "document\\.write", "\\beval\\(", "new Function",
        "\\.style\\s*=", "setAttribute\\(\"(style|on\\w+)\"", "srcdoc",
    ].join("|"));
    for (const path of sources) {
        assert.doesNotMatch(readFileSync(path, "utf8"), forbidden, path);
    }
    for (const page of ["index.html", "login.html"]) {
        const text = readFileSync(join(folder, page), "utf8");
        assert.doesNotMatch(text, /\sstyle=|\son\w+=|<style|<script(?![^>]*src=)|https?:/, page);
    }
});

test("imports and exports are of the joiner's kinds", () => {
    for (const path of sources) {
        for (const line of readFileSync(path, "utf8").split("\n")) {
            if (/^import\b/.test(line)) assert.doesNotMatch(
                line, /\bas\b|\*|^import "/, `${path}: ${line}`);
            if (/^export\b/.test(line)) {
                assert.match(line, /^export (async function|function|class|const|let) [A-Za-z]\w*/,
                    `${path}: ${line}`);
            }
            assert.doesNotMatch(line, /\bimport\((?!"[^"]*"\)[.<])/, `${path}: ${line}`);
        }
    }
});

test("names at the top level are unique within a bundle", () => {
    for (const entry of ["console.js", "login.js"]) {
        const seen = new Map();
        for (const path of bundleOf(join(folder, entry))) {
            const declared = readFileSync(path, "utf8").matchAll(
                /^(?:export )?(?:async )?(?:function\*?|class|const|let) ([A-Za-z_$][\w$]*)/gm);
            for (const [, name] of declared) {
                assert.ok(!seen.has(name), `${name} is in ${seen.get(name)} and ${path}`);
                seen.set(name, path);
            }
        }
    }
});

test("every file is reached from an entry, and imports what is there", () => {
    const reached = new Set(["console.js", "login.js"].flatMap(
        (entry) => [...bundleOf(join(folder, entry))]));
    for (const path of sources) assert.ok(reached.has(path), `${path} is used by nothing`);
});

test("the sign-in page is small: it takes nothing of the control room's", () => {
    const bundle = [...bundleOf(join(folder, "login.js"))].map((path) => relative(files, path));
    assert.ok(!bundle.some((path) => /view|tab|player/.test(path)), bundle.join(" "));
});
