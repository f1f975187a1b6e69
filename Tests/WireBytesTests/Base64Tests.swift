// base64: RFC 4648's vectors, and everything that is almost base64.

import TestSupport
import Testing
import WireBytes

@Suite struct Base64Tests {
    private func encode(_ bytes: [UInt8], _ variant: Base64.Variant) -> String {
        String(decoding: Base64.encode(bytes.span.bytes, variant), as: UTF8.self)
    }

    /// What a text stands for; nil if it is refused.
    private func decode(
        _ text: String, _ variant: Base64.Variant, capacity: Int = 64
    ) -> [UInt8]? {
        let characters = Array(text.utf8)
        var isGood = false
        let bytes = [UInt8](capacity: capacity) { output in
            isGood = Base64.decode(characters.span.bytes, variant, to: &output)
        }
        return isGood ? bytes : nil
    }

    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
        ("foob", "Zm9vYg==", "Zm9vYg"), ("fooba", "Zm9vYmE=", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy", "Zm9vYmFy"),
    ])
    func theRFCsVectors(plain: String, standard: String, url: String) {
        let bytes = Array(plain.utf8)
        #expect(encode(bytes, .standard) == standard)
        #expect(encode(bytes, .url) == url)
        #expect(decode(standard, .standard) == bytes)
        #expect(decode(url, .url) == bytes)
    }

    @Test func theAlphabetsDifferInTwoCharacters() {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xBF]
        #expect(encode(bytes, .standard) == "+/+/")
        #expect(encode(bytes, .url) == "-_-_")
        #expect(decode("+/+/", .standard) == bytes)
        #expect(decode("-_-_", .url) == bytes)
        #expect(decode("+/+/", .url) == nil)
        #expect(decode("-_-_", .standard) == nil)
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Zg==Zg==", "Z===", "====", "=", "Zh==", "Zm9=", "Zm 8", "Zm8=\n",
        "Zm8\u{0}", "Zm\u{e9}",
    ])
    func almostBase64IsRefused(text: String) {
        #expect(decode(text, .standard) == nil)
    }

    @Test(arguments: ["Z", "Zm9vY", "Zg==", "Zh", "Zm9", "Zm.v", " Zm9v", "Zm9v\n"])
    func almostBase64URLIsRefused(text: String) {
        #expect(decode(text, .url) == nil)
    }

    @Test func whatHasNoRoomIsRefused() {
        #expect(decode("Zm9vYg==", .standard, capacity: 4) == Array("foob".utf8))
        #expect(decode("Zm9vYg==", .standard, capacity: 3) == nil)
        #expect(decode("Zm9vYg", .url, capacity: 3) == nil)
    }

    @Test func everySequenceComesBack() {
        var random = SeededRandom(seed: 4648)
        for count in 0..<200 {
            let bytes = random.bytes(count)
            for variant in [Base64.Variant.standard, .url] {
                let text = encode(bytes, variant)
                #expect(
                    decode(text, variant, capacity: 200) == bytes, "seed \(random.seed): \(text)")
            }
        }
    }
}
