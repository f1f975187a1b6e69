// SHA-1, SHA-256 and HMAC by their standards' vectors.

import Digests
import TestSupport
import Testing
import WireBytes

@Suite struct DigestTests {
    @Test(arguments: [
        // RFC 3174, section 7.3, and FIPS 180's empty message.
        ("abc", 1, "A9993E364706816ABA3E25717850C26C9CD0D89D"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "84983E441C3BD26EBAAE4AA1F95129E5E54670F1"
        ),
        ("a", 1_000_000, "34AA973CD4C4DAA4F61EEB2BDBAD27316534016F"),
        ("", 1, "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"),
    ])
    func sha1IsTheStandards(text: String, count: Int, hex: String) {
        let message = Array(String(repeating: text, count: count).utf8)
        let digest = SHA1.digest(of: message.span.bytes)
        #expect(digest == [UInt8](hex: hex))
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func sha256IsTheStandards(text: String, hex: String) {
        let message = Array(text.utf8)
        let digest = SHA256.digest(of: message.span.bytes)
        #expect(digest == [UInt8](hex: hex))
    }

    @Test(arguments: [
        // RFC 4231, test cases 1, 2 and 6: a short key, a text for a key, a key of over a block.
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func hmacIsTheStandards(key: [UInt8], text: String, hex: String) throws {
        let hmac = try #require(HMACSHA256(key: key))
        let message = Array(text.utf8)
        // A key is used more than once.
        for _ in 0..<2 {
            let code = hmac.code(of: message.span.bytes).map { code in
                Hex.text(of: code.indices.map { code[$0] })
            }
            #expect(code == hex)
        }
    }

    @Test func sameIsSameToTheLastByte() {
        let one: [UInt8] = [1, 2, 3]
        func isSame(_ other: [UInt8]) -> Bool {
            ConstantTime.isSame(one.span.bytes, as: other.span.bytes)
        }
        #expect(isSame([1, 2, 3]))
        for other: [UInt8] in [[], [1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 0]] {
            #expect(!isSame(other), "\(other)")
        }
    }
}
