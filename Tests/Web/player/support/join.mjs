// Joins the player's modules into one, by the rules of the server's joiner, to measure and to serve.
import fs from "node:fs";
import path from "node:path";

/** @param {string} entry path of the entry module
 * @returns {string} */
export function join(entry) {
    const done = new Set();
    const parts = [];
    const visit = (file) => {
        if (done.has(file)) return;
        done.add(file);
        let text = fs.readFileSync(file, "utf8");
        text = text.replace(/^import \{[^}]*\} from "([^"]+)";$/gm, (_, to) => {
            visit(path.resolve(path.dirname(file), to));
            return "";
        });
        text = text.replace(/^\s*\/\*\*[\s\S]*?\*\/[ ]*\n/gm, "").replace(/^\s*\/\/.*\n/gm, "");
        if (file !== path.resolve(entry)) text = text.replace(/^export (?=async|function|class|const|let)/gm, "");
        parts.push(text.replace(/\n\s*\n+/g, "\n"));
    };
    visit(path.resolve(entry));
    return parts.join("\n");
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
    process.stdout.write(join(process.argv[2]));
}
