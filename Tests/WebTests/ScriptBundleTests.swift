// Joining modules: what comes out, in which order, and what is refused with which words.

import Testing

@testable import Web

@Suite("Script bundles") struct ScriptBundleTests {
    private func join(
        _ texts: [String: String], entry: String = "viewer/viewer.js", playerURL: String? = "/p.js",
        playerExports: Set<String> = ["FanfarePlayer"]
    ) throws -> String {
        let files = try WebFiles(texts.mapValues { Array($0.utf8) })
        let bundle = try ScriptBundle(
            entry, in: files, playerURL: entry == ScriptBundle.playerEntry ? nil : playerURL,
            playerExports: playerExports)
        return String(decoding: bundle.bytes, as: UTF8.self)
    }

    private func problem(_ texts: [String: String], entry: String = "viewer/viewer.js") -> String {
        do {
            return "none: \(try join(texts, entry: entry))"
        } catch {
            return "\(error)"
        }
    }

    @Test("what is imported comes first, once, and as it would run")
    func order() throws {
        let joined = try join([
            "viewer/viewer.js": """
            // The page.
            import { a } from "./a.js";
            import {
                b,
                c,
            } from "../shared/b.js";

            /** Says it. */
            export function say() {
                // in passing
                return a + b + c; // kept
            }
            say();
            """,
            "viewer/a.js": "import { b } from '../shared/b.js';\nexport const a = b;\n",
            "shared/b.js": "/* one\n two */ export let b = 1;\nexport async function c() {}\n",
        ])
        #expect(
            joined == """
                let b = 1;
                async function c() {}
                const a = b;
                function say() {
                return a + b + c; // kept
                }
                say();

                """)
    }

    @Test("a comment before code on a line goes, the code stays")
    func comments() throws {
        let joined = try join([
            "viewer/viewer.js": """
            const a = /** @type {import("./x.js").X} */ (1);
            const b =
                /** @type {number} */ (a);
            const url = "http://x//y"; /* kept */
            /** @typedef {import("./x.js").X} X
             *  import { no } from "./no.js";
             */
            const c = 2;\r
            class D {
                async import(file) {
                    this.#import(1).reimport(2).import(3);
                }
            }
            """
        ])
        #expect(
            joined == """
                const a = /** @type {import("./x.js").X} */ (1);
                const b =
                (a);
                const url = "http://x//y"; /* kept */
                const c = 2;
                class D {
                async import(file) {
                this.#import(1).reimport(2).import(3);
                }
                }

                """)
    }

    @Test("between backquotes nothing is taken off")
    func templates() throws {
        let text = """
            const a = `one

                two \\` ${a} three
            four`;
            """
        #expect(try join(["viewer/viewer.js": text + "\n\n    a;\n"]) == text + "\na;\n")
    }

    @Test("the player stays another module, imported once")
    func player() throws {
        let joined = try join([
            "viewer/viewer.js":
                "import { FanfarePlayer } from \"../player/fanfare-player.js\";\n"
                + "import { one } from \"./one.js\";\nnew FanfarePlayer(one);\n",
            "viewer/one.js":
                "import { FanfarePlayer } from \"../player/fanfare-player.js\";\n"
                + "export const one = FanfarePlayer;\n",
        ])
        #expect(
            joined
                == "import { FanfarePlayer } from \"/p.js\";\nconst one = FanfarePlayer;\nnew FanfarePlayer(one);\n"
        )
    }

    @Test("the player's bundle exports what its entry does")
    func exports() throws {
        let joined = try join(
            [
                "player/fanfare-player.js":
                    "import { B } from \"./b.js\";\nexport class A {}\nexport { B };\n",
                "player/b.js": "export const B = 1;\nexport const C = 2;\n",
            ], entry: "player/fanfare-player.js")
        #expect(joined == "const B = 1;\nconst C = 2;\nclass A {}\nexport { A, B };\n")
    }

    @Test("modules may need each other")
    func cycles() throws {
        let joined = try join([
            "viewer/viewer.js": "import { b } from \"./b.js\";\nexport function a() { b(); }\n",
            "viewer/b.js": "import { a } from \"./viewer.js\";\nexport function b() { a(); }\n",
        ])
        #expect(joined == "function b() { a(); }\nfunction a() { b(); }\n")
    }

    @Test(
        "what a matter of text can't join is refused, with its place",
        arguments: [
            ("import a from \"./a.js\";", "write import { a, b }"),
            ("import * as a from \"./a.js\";", "write import { a, b }"),
            ("import \"./a.js\";", "write import { a, b }"),
            ("import { a as b } from \"./a.js\";", "no \"as\""),
            ("import { } from \"./a.js\";", "names nothing"),
            ("import { a } from \"a\";", "begin it with ./"),
            ("import { a } from \"/viewer/a.js\";", "begin it with ./"),
            ("import { a } from \"../../a.js\";", "begin it with ./"),
            ("import { a } from \"./none.js\";", "there is no viewer/none.js"),
            ("import { none } from \"./a.js\";", "viewer/a.js exports no \"none\""),
            ("import { a } from \"../console/a.js\";", "belongs to another bundle"),
            ("import { a } from \"../player/a.js\";", "belongs to another bundle"),
            (
                "import { Other } from \"../player/fanfare-player.js\";",
                "exports no \"Other\""
            ),
            ("import { a } from \"./a.js\"", "has no \";\""),
            ("const b = import(\"./a.js\");", "can't be joined"),
            ("export default 1;", "write export function"),
            ("export * from \"./a.js\";", "write export function"),
            ("export { a };", "export where it is declared"),
            ("export var a = 1;", "write export function"),
            ("const { a } = {};", "declare one name a line"),
            ("/* never closed", "has no end"),
        ])
    func refusals(_ line: String, _ words: String) {
        let found = problem([
            "viewer/viewer.js": "// The page.\n\(line)\n", "viewer/a.js": "export const a = 1;\n",
            "console/a.js": "export const a = 1;\n", "player/a.js": "export const a = 1;\n",
        ])
        #expect(found.hasPrefix("viewer/viewer.js, line 2: ") && found.contains(words), "\(found)")
    }

    @Test("one name twice is refused, and both places are named")
    func doubles() {
        let found = problem([
            "viewer/viewer.js": "import { a } from \"./a.js\";\nconst b = a;\n",
            "viewer/a.js": "export const a = 1;\nfunction* b() {}\n",
        ])
        #expect(
            found
                == "viewer/viewer.js, line 2: \"b\" is declared in viewer/a.js, line 2, too, and both "
                + "are in one bundle; give one another name")
    }

    @Test("what isn't text is refused")
    func notText() throws {
        let files = try WebFiles(["viewer/viewer.js": [0xFF, 0xFE]])
        #expect(throws: WebError.file(path: "viewer/viewer.js", problem: "it isn't UTF-8 text")) {
            try ScriptBundle("viewer/viewer.js", in: files, playerURL: nil)
        }
    }
}
