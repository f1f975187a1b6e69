// Players' tokens: what is let in, and everything that must not be.

import Access
import COpenSSL
import TestSupport
import Testing
import WireBytes

private let keyText = "0123456789abcdef0123456789abcdef"
private let now = 1_700_000_000

private func base64(_ text: String) -> String {
    String(decoding: Base64.encode(Array(text.utf8).span.bytes, .url), as: UTF8.self)
}

/// A token of any header and claims, signed by libcrypto.
private func sign(header: String, claims: String, key: String = keyText) -> String {
    let message = base64(header) + "." + base64(claims)
    var code = [UInt8](repeating: 0, count: 32)
    var byteCount = UInt32(0)
    let keyBytes = Array(key.utf8)
    let input = Array(message.utf8)
    _ = HMAC(EVP_sha256(), keyBytes, Int32(keyBytes.count), input, input.count, &code, &byteCount)
    let signature = Base64.encode(code.span.bytes, .url)
    return message + "." + String(decoding: signature, as: UTF8.self)
}

private let goodHeader = #"{"alg":"HS256","typ":"JWT"}"#

private func claims(
    sub: String = #""p1""#, name: String = #""Ann""#, show: String = #""s1""#,
    exp: String = "1700003600", more: String = ""
) -> String {
    #"{"sub":\#(sub),"name":\#(name),"show":\#(show),"exp":\#(exp)\#(more)}"#
}

private func verify(
    _ token: String, show: String? = "s1", nowUnixS: Int = now
) throws -> PlayerToken {
    try PlayerToken.verify(
        Array(token.utf8).span.bytes, key: PlayerKey(validating: keyText), show: show,
        nowUnixS: nowUnixS)
}

@Suite struct PlayerTokenTests {
    @Test func aTokenOfAnotherLibraryIsRead() throws {
        // Made by Python's hmac, with a fraction in `exp`, escapes and claims of no interest.
        let token =
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiAicGxheWVyLTciLCAibmFtZSI6ICJab1x"
            + "1MDBlYiBcdWQ4M2NcdWRmODkiLCAic2hvdyI6ICJmcmlkYXkiLCAiaWF0IjogMTcwMDAwMDAwMCwgImV"
            + "4cCI6IDE3MDAwMDM2MDAuNSwgImF1ZCI6IFsiYSIsIHsiYiI6IG51bGx9XX0.1XHbjdc71r6ndZ6lcaV"
            + "LDel_XQpmhbOL4ULdscXW-R0"
        let player = try verify(token, show: "friday")
        #expect(player.subject == "player-7")
        #expect(player.name == "Zo\u{eb} \u{1F389}")
        #expect(player.show == "friday")
        #expect(player.expiresAtUnixS == 1_700_003_600)
    }

    @Test func whatIsMintedIsVerified() throws {
        let key = try PlayerKey.random()
        for name in ["Ann", "\"quoted\" <b>&\\", "Zo\u{eb}", "\u{1F468}\u{200D}\u{1F469}", "名前"] {
            let player = try PlayerToken(
                subject: "guest:\(name)", name: name, show: "s1", expiresAtUnixS: now + 60)
            let token = Array(try player.mint(key: key).utf8)
            let read = try PlayerToken.verify(
                token.span.bytes, key: key, show: "s1", nowUnixS: now)
            #expect(read == player)
        }
    }

    @Test func theLongestIdentityFits() throws {
        let key = try PlayerKey(validating: keyText)
        let longest = String(repeating: "<", count: 64)
        let player = try PlayerToken(
            subject: longest, name: longest, show: longest,
            expiresAtUnixS: PlayerTokenLimits.unixSMax)
        let token = try player.mint(key: key)
        #expect(token.utf8.count <= PlayerTokenLimits.characterCountMax)
        #expect(try verify(token, show: nil) == player)
    }

    @Test(arguments: [
        goodHeader, #"{"alg":"HS256"}"#, #"{"typ":"jwt","kid":"7","alg":"HS256"}"#,
        #" { "alg" : "\u0048S256" } "#,
    ])
    func headersOfHS256AreTaken(header: String) throws {
        #expect(try verify(sign(header: header, claims: claims())).subject == "p1")
    }

    @Test(arguments: [32, 63, 64, 65, 128])
    func keysOfEveryLengthSignAsOpenSSLDoes(count: Int) throws {
        let text = String(repeating: "abcdefgh", count: 16).prefix(count).description
        let key = try PlayerKey(validating: text)
        let token = try PlayerToken(
            subject: "p1", name: "Ann", show: "s1", expiresAtUnixS: 1_700_003_600
        ).mint(key: key)
        #expect(token == sign(header: goodHeader, claims: claims(), key: text))
    }

    @Test(arguments: ["none", "None", "hs256", "HS384", "HS512", "RS256", "ES256", "", "HS256 "])
    func noOtherAlgorithmIsTaken(algorithm: String) {
        let header = #"{"alg":"\#(algorithm)","typ":"JWT"}"#
        #expect(throws: PlayerTokenError.algorithm) {
            try verify(sign(header: header, claims: claims()))
        }
        // And none with an empty signature, as the old attack has it.
        let unsigned = base64(header) + "." + base64(claims()) + "."
        #expect(throws: PlayerTokenError.malformed) { try verify(unsigned) }
    }

    @Test(arguments: [
        #"{"typ":"JWT"}"#, #"{"alg":"HS256","typ":"JOSE"}"#, #"{"alg":256}"#, "{}", "[]", "",
        #"{"alg":"none","alg":"HS256"}"#, #"{"alg":"HS256","crit":["exp"]}"#,
        #"{"alg":"HS256","b64":false}"#, #"{"alg":"HS256"}x"#, #"{"alg":"HS256""#,
        #"{"alg":"HS256","x":\#(String(repeating: "[", count: 700))"#,
    ])
    func otherHeadersAreMalformed(header: String) {
        #expect(throws: PlayerTokenError.malformed) {
            try verify(sign(header: header, claims: claims()))
        }
    }

    @Test func anotherKeyIsNotTaken() throws {
        let other = sign(
            header: goodHeader, claims: claims(), key: "0123456789abcdef0123456789abcdeF")
        #expect(throws: PlayerTokenError.signature) { try verify(other) }
        let shorter = sign(header: goodHeader, claims: claims(), key: "")
        #expect(throws: PlayerTokenError.signature) { try verify(shorter) }
    }

    @Test func everyChangedCharacterIsNoticed() throws {
        let token = Array(sign(header: goodHeader, claims: claims()).utf8)
        for index in token.indices {
            for replacement in "A-9.=\n".utf8 where replacement != token[index] {
                var changed = token
                changed[index] = replacement
                let text = String(decoding: changed, as: UTF8.self)
                #expect(throws: PlayerTokenError.self, "\(text)") { try verify(text) }
            }
        }
        for count in 0..<token.count {
            let cut = String(decoding: token[..<count], as: UTF8.self)
            #expect(throws: PlayerTokenError.self) { try verify(cut) }
        }
    }

    @Test(arguments: ["", ".", "..", "...", "a.b.c", "a.b.c.d", "\u{0}", "é.é.é"])
    func whatIsNoTokenIsMalformed(text: String) {
        #expect(throws: PlayerTokenError.malformed) { try verify(text) }
    }

    @Test func aTokenHasItsBound() {
        let more = #","x":"\#(String(repeating: "x", count: 1300))""#
        #expect(throws: PlayerTokenError.tooLong) {
            try verify(sign(header: goodHeader, claims: claims(more: more)))
        }
        #expect(throws: PlayerTokenError.tooLong) {
            try verify(String(repeating: "a", count: 1_000_000))
        }
    }

    @Test(arguments: [
        (#"{"name":"Ann","show":"s1","exp":1700003600}"#, PlayerTokenError.claim(.subject)),
        (#"{"sub":"p1","show":"s1","exp":1700003600}"#, .claim(.name)),
        (#"{"sub":"p1","name":"Ann","exp":1700003600}"#, .claim(.show)),
        (#"{"sub":"p1","name":"Ann","show":"s1"}"#, .claim(.expiry)),
        (claims(sub: "7"), .claim(.subject)), (claims(sub: #""""#), .claim(.subject)),
        (claims(sub: #""\#(String(repeating: "s", count: 65))""#), .claim(.subject)),
        (claims(name: "null"), .claim(.name)), (claims(name: #""a\u0000b""#), .claim(.name)),
        (claims(name: #""a\nb""#), .claim(.name)), (claims(name: #"" ""#), .claim(.name)),
        (claims(name: #""\u202Eevil""#), .claim(.name)),
        (claims(name: #""\u3164""#), .claim(.name)), (claims(name: #""\u2800 ""#), .claim(.name)),
        (claims(name: #""\u034f""#), .claim(.name)), (claims(name: #""\u0301""#), .claim(.name)),
        (claims(name: #""\u115f\u1160""#), .claim(.name)),
        (claims(name: #""\uffa0\ufe0f""#), .claim(.name)),
        (claims(name: #""\udb40\udc41""#), .claim(.name)),
        (claims(name: #""\u0378""#), .claim(.name)),
        (claims(show: "[]"), .claim(.show)), (claims(exp: #""1700003600""#), .claim(.expiry)),
        (claims(exp: "1e99"), .claim(.expiry)), (claims(exp: "-1"), .claim(.expiry)),
        (claims(exp: "99999999999999999999"), .claim(.expiry)),
        (claims(more: #","nbf":"now""#), .claim(.notBefore)),
        (claims(more: #","iat":true"#), .claim(.issuedAt)),
        (claims(more: #","exp":9999999999"#), .malformed),
        ("{}x", .malformed), ("", .malformed), ("[]", .malformed),
    ])
    func claimsThatCannotBeUsedAreNamed(claims: String, error: PlayerTokenError) {
        #expect(throws: error) {
            try verify(sign(header: goodHeader, claims: claims))
        }
    }

    @Test func aTokenHasItsTime() throws {
        let token = sign(
            header: goodHeader, claims: claims(exp: "1000", more: #","nbf":500,"iat":99999"#))
        let leewayS = PlayerTokenLimits.leewayS
        #expect(try verify(token, nowUnixS: 500 - leewayS).subject == "p1")
        #expect(try verify(token, nowUnixS: 999 + leewayS).subject == "p1")
        #expect(throws: PlayerTokenError.notYetValid) {
            try verify(token, nowUnixS: 499 - leewayS)
        }
        #expect(throws: PlayerTokenError.expired) { try verify(token, nowUnixS: 1000 + leewayS) }
    }

    @Test func aTokenIsForItsShow() throws {
        let token = sign(header: goodHeader, claims: claims())
        #expect(try verify(token, show: nil).show == "s1")
        for show in ["s2", "S1", "s", "s11", ""] {
            #expect(throws: PlayerTokenError.otherShow) { try verify(token, show: show) }
        }
    }

    @Test func randomTokensAreRefused() {
        for seed in UInt64(1)...300 {
            var random = SeededRandom(seed: seed)
            let bytes = random.bytes(Int.random(in: 0...200, using: &random))
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(throws: PlayerTokenError.self, "seed \(seed)") { try verify(text) }
        }
    }

    @Test func anIdentityThatNobodyMayHaveIsNotMinted() {
        for (subject, name, expiresAtUnixS) in [("", "Ann", 1), ("p", "", 1), ("p", "Ann", -1)] {
            #expect(throws: PlayerTokenError.self) {
                try PlayerToken(
                    subject: subject, name: name, show: "s", expiresAtUnixS: expiresAtUnixS)
            }
        }
    }

    @Test func aPlayerKeyIsLongEnough() throws {
        #expect(
            throws: SecretError.tooShort(
                name: "player key", option: "--player-key", count: 31, countMin: 32)
        ) { try PlayerKey(validating: String(repeating: "k", count: 31)) }
        #expect(!"\(try PlayerKey(validating: keyText))".contains("0123"))
    }

    @Test func errorsAreSentences() {
        let errors: [PlayerTokenError] = [
            .tooLong, .malformed, .algorithm, .signature, .claim(.subject), .expired,
            .notYetValid, .otherShow, .noHMAC,
        ]
        #expect(Set(errors.map(\.description)).count == errors.count)
        for error in errors { #expect(error.description.hasSuffix(".")) }
    }
}
