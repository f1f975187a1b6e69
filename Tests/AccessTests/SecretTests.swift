// Stream keys and staff tokens.

import Access
import Testing

@Suite struct SecretTests {
    @Test func randomKeysAreLongDifferentAndFitForURLs() throws {
        var seen: Set<String> = []
        for _ in 0..<200 {
            let key = try StreamKey.random()
            #expect(key.text.utf8.count == 32)
            #expect(
                key.text.utf8.allSatisfy {
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
                        .contains($0)
                })
            #expect(try StreamKey(validating: key.text).matches(key.text))
            seen.insert(key.text)
        }
        #expect(seen.count == 200)
        // All 64 characters turn up among 6400: the bits are spread over the whole alphabet.
        #expect(Set(seen.joined()).count == 64)
    }

    @Test func onlyTheKeyItselfMatches() throws {
        let key = try StreamKey(validating: "correct-horse.battery_staple~9")
        #expect(key.matches("correct-horse.battery_staple~9"))
        for candidate in [
            "", "c", "correct-horse.battery_staple~", "correct-horse.battery_staple~99",
            "Correct-horse.battery_staple~9", "correct-horse.battery_staple~9\u{0}",
            " correct-horse.battery_staple~9", "dorrect-horse.battery_staple~9",
            String(repeating: "x", count: 100_000),
        ] {
            #expect(!key.matches(candidate))
        }
    }

    @Test func bytesFromTheNetworkMatchToo() throws {
        let token = try StaffToken(validating: "letmein-please")
        for (candidate, isSame) in [
            ("letmein-please", true), ("letmein-pleasf", false), ("", false),
        ] {
            let bytes = Array(candidate.utf8)
            let result = token.matches(bytes.span.bytes)
            #expect(result == isSame)
        }
    }

    @Test func everyAllowedCharacterIsTaken() throws {
        let all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        #expect(try StreamKey(validating: all).matches(all))
    }

    @Test func aShortSecretIsTakenWithAWarningThatDoesNotShowIt() throws {
        let short = try StaffToken(validating: "abcdefghijklmno")
        let warning = try #require(short.warning)
        #expect(warning.contains("15 characters") && warning.contains("--staff-token"))
        #expect(!warning.contains("abcdef"))
        #expect(try StaffToken(validating: "abcdefghijklmnop").warning == nil)
        #expect(try StreamKey(validating: "live1234").warning != nil)
        #expect(try StreamKey.random().warning == nil)
        #expect(try PlayerKey.random().warning == nil)
    }

    @Test func aKeyHasItsBounds() throws {
        let shortest = String(repeating: "k", count: 8)
        let longest = String(repeating: "k", count: 128)
        #expect(try StreamKey(validating: shortest).text == shortest)
        #expect(try StreamKey(validating: longest).matches(longest))
        #expect(
            throws: SecretError.tooShort(
                name: "stream key", option: "--publish-key", count: 7, countMin: 8)
        ) { try StreamKey(validating: String(repeating: "k", count: 7)) }
        #expect(
            throws: SecretError.tooLong(name: "staff token", option: "--staff-token", count: 129)
        ) { try StaffToken(validating: longest + "k") }
    }

    @Test(arguments: [" ", "/", "?", "&", "=", "%", "+", "#", "\u{e9}", "\n", "\u{0}", "\"", "*"])
    func charactersThatURLsChangeAreRefused(character: String) {
        let error = SecretError.badCharacter(
            name: "stream key", option: "--publish-key", position: 9)
        #expect(throws: error) { try StreamKey(validating: "goodkey8" + character + "x") }
    }

    @Test func errorsSayWhatToDoAndKeepTheSecret() {
        do throws(SecretError) {
            _ = try StaffToken(validating: "hush hush hush")
            Issue.record("a space was taken")
        } catch {
            #expect(error.description.contains("--staff-token"))
            #expect(error.description.contains("character 5"))
            #expect(!"\(error)".contains("hush"))
        }
    }

    @Test func logsDoNotShowTheSecret() throws {
        let key = try StreamKey(validating: "very-secret-key")
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), String(describing: [key]), dumped] {
            #expect(!text.contains("very-secret-key"))
            #expect(text.contains("stream key"))
        }
    }
}
