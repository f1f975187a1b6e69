// The player as one module: it joins, stays small, and keeps to the rules of pages with a strict policy.
import test from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { execFileSync } from "node:child_process";
import { join } from "./support/join.mjs";

const folder = new URL("../../../Sources/Web/Files/player/", import.meta.url).pathname;
const text = join(path.join(folder, "fanfare-player.js"));

test("names are unique: joined, it is one good module", () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "fanfare-join-")), "player.mjs");
    fs.writeFileSync(file, text);
    execFileSync(process.execPath, ["--check", file]);
    assert.ok(!/^import\b/m.test(text));
    assert.deepEqual(text.match(/^export .*/gm).map((line) => line.split(" ").slice(0, 3).join(" ")),
        ["export class FanfarePlayer"]);
});

test("it takes at most 30 KB compressed", () => {
    const bytes = zlib.brotliCompressSync(text).length;
    assert.ok(bytes <= 30 * 1024, `${bytes} bytes`);
});

test("every file is of one idea: a purpose in its first line, at most 400 lines of 100 columns", () => {
    for (const name of fs.readdirSync(folder).filter((one) => /\.js$/.test(one))) {
        const lines = fs.readFileSync(path.join(folder, name), "utf8").split("\n");
        assert.match(lines[0], /^\/\/ [A-Z]/, name);
        assert.ok(lines.length <= 402, `${name} has ${lines.length} lines`);
        for (const line of lines) assert.ok(line.length <= 100, `${name}: ${line}`);
        assert.ok(!/innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/.test(lines.join("\n")), name);
    }
});
