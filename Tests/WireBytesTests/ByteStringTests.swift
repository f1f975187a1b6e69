// Texts that look the same and are not.

import Testing
import WireBytes

@Suite struct ByteStringTests {
    private static let pairs = [
        ("jos\u{E9}", "jose\u{301}"), ("K", "\u{212A}"), ("\u{C5}", "\u{212B}"), (";", "\u{37E}"),
        ("\u{AC00}", "\u{1100}\u{1161}"),
    ]

    @Test(arguments: pairs) func whatOnlyLooksTheSameIsAnother(one: String, other: String) {
        #expect(one == other, "else it shows nothing")
        #expect(ByteString(one) != ByteString(other))
        #expect(!one.hasSameBytes(as: other))
        #expect(Set([ByteString(one), ByteString(other), ByteString(one)]).count == 2)
        #expect([ByteString(one): 1][ByteString(other)] == nil)
    }

    @Test func theSameBytesAreTheSame() {
        for text in ["", "a", "josé", String(repeating: "x", count: 100)] {
            let copy = String(decoding: Array(text.utf8), as: UTF8.self)
            #expect(ByteString(text) == ByteString(copy))
            #expect(ByteString(text).hashValue == ByteString(copy).hashValue)
            #expect(text.hasSameBytes(as: copy))
        }
    }
}
