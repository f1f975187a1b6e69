// The console's words: each is used somewhere, and each that is used is there.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { consoleText } from "../../../Sources/Web/Files/console/strings/en.js";

const folder = new URL("../../../Sources/Web/Files/console/", import.meta.url);

/** What is chosen by a name that the server or the code makes: groups, and single words of others. */
const CHOSEN = ["account.roles", "audience.states", "bank.columns", "bank.states", "monitor.states",
    "people.columns", "people.roles", "players.columns", "players.status", "rehearse.figures",
    "rehearse.verdicts", "rehearse.verdictText", "results.columns", "results.files", "sections",
    "shows.phases", "tabs",
    ...["encoder", "from", "since", "sent", "trouble", "advice"].map((name) => `feed.${name}`),
    ...["sent", "waiting", "unknown", "cancelled"].map((state) => `outcome.${state}`),
    ...["kickAsk", "kickDetail", "banAsk", "banDetail"].map((name) => `players.${name}`),
    "link.up"];

/** What a path of names leads to, and how many of them it takes to get to words. */
function follow(names) {
    let node = consoleText;
    for (const [index, name] of names.entries()) {
        if (!Object.hasOwn(node, name)) return { node: undefined, path: names.slice(0, index + 1) };
        node = node[name];
        const isGroup = typeof node === "object" && !Array.isArray(node);
        // What comes behind words is of a string's, a function's or an array's own.
        if (!isGroup) return { node, path: names.slice(0, index + 1) };
    }
    return { node, path: names };
}

/** Every place where a file says `consoleText.a.b`, or `text.b` after `const text = consoleText.a`. */
function usesOf(source) {
    const aliases = new Map([["consoleText", []]]);
    const uses = [];
    const pattern = new RegExp([
        // const text = consoleText.a.b;
        String.raw`const (?<alias>\w+) = consoleText(?<to>(?:\.\w+)*);`,
        // const { a, b } = consoleText.c;
        String.raw`const \{ (?<names>[\w, ]+) \} = consoleText(?<of>(?:\.\w+)*);`,
        // text.a.b
        String.raw`(?<!\w|[^.]\.)(?<head>\w+)(?<tail>(?:\.\w+)+)`,
    ].join("|"), "g");
    const split = (dotted) => dotted.split(".").slice(1);
    for (const { groups } of source.matchAll(pattern)) {
        if (groups.alias) aliases.set(groups.alias, split(groups.to));
        else if (groups.names) {
            for (const name of groups.names.split(", ")) {
                aliases.set(name, [...split(groups.of), name]);
            }
        } else if (aliases.has(groups.head)) {
            uses.push([...aliases.get(groups.head), ...split(groups.tail)]);
        }
    }
    return uses;
}

const leaves = [];
const walk = (node, path) => {
    if (typeof node !== "object" || Array.isArray(node)) leaves.push(path.join("."));
    else for (const [name, child] of Object.entries(node)) walk(child, [...path, name]);
};
walk(consoleText, []);

const used = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith(".js"))) {
    for (const names of usesOf(readFileSync(new URL(file, folder), "utf8"))) {
        const { node, path } = follow(names);
        used.set(path.join("."), { file, node });
    }
}

test("all words that are used are there", () => {
    for (const [path, { file, node }] of used) {
        assert.notEqual(node, undefined, `${file} uses ${path}, which has no words`);
    }
});

test("all words that are there are used", () => {
    const isChosen = (leaf) => CHOSEN.some((one) => leaf === one || leaf.startsWith(`${one}.`));
    assert.deepEqual(leaves.filter((leaf) => !used.has(leaf) && !isChosen(leaf)), []);
});

test("what is said to be chosen by a name is there, and isn't used by its own as well", () => {
    for (const one of CHOSEN) {
        const { node, path } = follow(one.split("."));
        assert.ok(node !== undefined && path.join(".") === one, `${one} has no words`);
        const isGroup = typeof node === "object";
        assert.equal(used.has(one), isGroup, one);
    }
});
