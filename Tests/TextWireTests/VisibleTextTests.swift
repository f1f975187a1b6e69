// Texts of which nothing can be seen, and texts that turn their line.

import Testing
import TextWire

@Suite struct VisibleTextTests {
    @Test(arguments: [
        "", " ", "\u{3164}", "\u{2800}", "\u{34F}", "\u{115F}", "\u{1160}", "\u{FFA0}", "\u{200B}",
        "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{202E}", "\u{2066}\u{2069}",
        "\u{E0041}\u{E007F}", "\u{FE0F}", "\u{E0100}", "\u{301}\u{302}", "\u{20DD}", "\u{93E}",
        "\u{E000}", "\u{F0000}", "\u{10FFFF}", "\u{378}", "\u{A0}\u{3000}\u{2003}", "\u{AD}",
        "\u{180E}", "\u{17B4}", "\u{FFFC}", "\u{1D159}", "\u{2028}", "\u{7F}", "\n\t",
        "\u{3164}\u{301}\u{FE0F} ",
    ])
    func thisShowsNothing(text: String) {
        #expect(!VisibleText.showsSomething(text))
    }

    @Test(arguments: [
        "a", "José", "jose\u{301}", "李", "علي", "می\u{200C}خواهم", "👩\u{200D}👩\u{200D}👧",
        "❤\u{FE0F}", "1\u{FE0F}\u{20E3}", "🇩🇪", "हिन्दी", "가", "\u{3164}x", "-", "\u{2801}",
    ])
    func thisShowsSomething(text: String) {
        #expect(VisibleText.showsSomething(text))
    }

    @Test func whatTurnsALineIsFound() {
        for text in ["a\u{202E}b", "\u{202A}a\u{202C}", "\u{2067}a", "a\u{2069}", "\u{202D}"] {
            #expect(VisibleText.turnsItsLine(text))
        }
        for text in ["a", "\u{2067}علي\u{2069} a", "علي\u{200F}", "a\u{200E}"] {
            #expect(!VisibleText.turnsItsLine(text))
        }
    }
}
