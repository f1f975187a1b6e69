// UTF-8: the borders of RFC 3629, in every cutting, against the standard library.

import TestSupport
import Testing
import TextWire

@Suite struct UTF8CheckerTests {
    private struct Refusal: Error {}

    private func isUTF8(_ bytes: [UInt8]) -> Bool {
        var checker = UTF8Checker()
        return checker.take(bytes.span.bytes) && checker.isAtEnd
    }

    @Test(arguments: [
        "", "plain ASCII, more than eight bytes", "\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}",
        "\u{FFFF}\u{10000}\u{10FFFF}", "κόσμε", "1234567\u{e9}12345678\u{1F389}", "\u{0}",
    ])
    func textIsTaken(text: String) {
        #expect(isUTF8(Array(text.utf8)))
    }

    @Test(arguments: [
        "80", "BF", "C0 80", "C1 BF", "C2", "C2 C2", "E0 80 80", "E0 9F BF", "E1 80", "ED A0 80",
        "ED BF BF", "EF BF", "F0 80 80 80", "F0 8F BF BF", "F4 90 80 80", "F5 80 80 80", "FE",
        "FF", "61 62 63 64 65 66 67 68 FF", "F0 9F 8E", "E2 82 41",
    ])
    func whatIsNoTextIsRefused(hex: String) {
        #expect(!isUTF8([UInt8](hex: hex)))
    }

    @Test func theCuttingMakesNoDifference() {
        for bytes in [Array("12345678é€\u{1F389}12345678é".utf8), [0x61, 0xE2, 0x82, 0x41, 0x61]] {
            verifyChunking(
                of: bytes, makeParser: { UTF8Checker() },
                feed: { (checker: inout UTF8Checker, chunk, emit: (Int) -> Void) in
                    guard checker.take(chunk) else { throw Refusal() }
                })
        }
    }

    @Test func itAgreesWithTheStandardLibrary() {
        for seed in UInt64(1)...5000 {
            var random = SeededRandom(seed: seed)
            var bytes = Array("a\u{e9}\u{20AC}\u{1F389}bcdefgh".utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            #expect(isUTF8(bytes) == expected, "seed \(seed)")
        }
    }

    @Test func onceBrokenItStaysSo() {
        var checker = UTF8Checker()
        let results = [[0xFF], [0x61]].map { (bytes: [UInt8]) in checker.take(bytes.span.bytes) }
        #expect(results == [false, false])
        #expect(!checker.isAtEnd)
        #expect(MemoryLayout<UTF8Checker>.size == 4)
    }
}
