// What must be right before strangers can reach a server, and what isn't.

import Settings
import Testing
import WireBytes

@testable import Fanfare

@Suite struct ExposureTests {
    private func settings(_ flags: [String: String]) throws -> Settings {
        try loadSettings(flags: flags, environment: [:])
    }

    /// The verdict on one thing.
    private func verdict(
        _ name: String, _ flags: [String: String],
        _ change: (inout Exposure) -> Void = { _ in }
    ) throws -> CheckResult.Verdict? {
        let settings = try settings(flags)
        var exposure = Exposure(settings)
        change(&exposure)
        let results =
            ExposureChecks.results(settings, exposure) + SecretChecks.results(settings, exposure)
        // Of several of one name the worst.
        let verdicts = results.filter { $0.name == name }.map(\.verdict)
        return [.fail, .warn, .ok].first { verdicts.contains($0) }
    }

    @Test(arguments: [
        ("callback.url", "https://a.example/x", CheckResult.Verdict.ok),
        ("callback.url", "http://127.0.0.1:8000/x,http://backend/,http://a.lan/", .ok),
        ("callback.askPlay", "http://10.0.0.7/x", .ok),
        ("callback.url", "https://a.example/x,http://a.example/SEKRET", .warn),
        ("callback.askPublish", "http://8.8.8.8/SEKRET", .warn),
    ])
    func placesThatAreCalledInTheClearAreToBeNear(
        _ key: String, _ text: String, _ expected: CheckResult.Verdict
    ) throws {
        #expect(try verdict("callbacks", [key: text]) == expected)
        let results = ExposureChecks.callbacks(try settings([key: text]))
        #expect(results.allSatisfy { !"\($0)".contains("SEKRET") })
        #expect(try verdict("callbacks", [:]) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", Reach.machine), ("127.8.8.8", .machine), ("::1", .machine),
        ("10.1.2.3", .privateNetwork), ("172.16.0.1", .privateNetwork),
        ("172.31.255.255", .privateNetwork), ("192.168.0.1", .privateNetwork),
        ("169.254.1.1", .privateNetwork), ("100.64.0.1", .privateNetwork),
        ("fd00::1", .privateNetwork), ("fe80::1", .privateNetwork),
        ("172.32.0.1", .internet), ("100.128.0.1", .internet), ("192.0.2.7", .internet),
        ("2001:db8::1", .internet), ("0.0.0.0", .internet), ("::", .internet),
    ])
    func addressesAreReachedFromWhereTheySay(_ text: String, _ reach: Reach) throws {
        let host = text.contains(":") ? "[\(text)]" : text
        #expect(Reach(try IPEndpoint(parsing: "\(host):80").address) == reach)
    }

    @Test func aStaffPlaneIsForThisMachineOrBehindTLS() throws {
        let token = "correct-horse-battery"
        func verdict(
            _ staff: String, _ change: (inout Exposure) -> Void = { _ in }
        ) throws -> CheckResult.Verdict? {
            try self.verdict("staff plane", ["staff": staff, "staffToken": token], change)
        }
        #expect(try verdict("127.0.0.1:9090") == .ok)
        #expect(try verdict("10.0.0.1:9090") == .warn)
        #expect(try verdict("192.0.2.7:9090") == .fail)
        #expect(try verdict("0.0.0.0:9090") == .fail)
        #expect(try verdict("0.0.0.0:9090") { $0.staff.isEncrypted = true } == .ok)
    }

    @Test func whatStrangersReachIsToBeEncrypted() throws {
        #expect(try verdict("audience", [:]) == .warn)
        #expect(try verdict("audience", ["http": "127.0.0.1:8080"]) == .ok)
        #expect(try verdict("audience", [:]) { $0.audience.isEncrypted = true } == .ok)
        #expect(try verdict("audience", [:]) { $0.hasTrustedProxies = true } == .ok)
        #expect(try verdict("ingest", [:]) == .warn)
        #expect(try verdict("ingest", ["rtmp": "127.0.0.1:1935"]) == .ok)
        #expect(try verdict("ingest", [:]) { $0.ingest.isEncrypted = true } == .ok)
        let open = ["rtmp": "127.0.0.1:1935", "openIngest": "true"]
        #expect(try verdict("ingest", open) == .warn)
    }

    @Test func oneMachineMustNotTakeAllPlaces() throws {
        #expect(try verdict("limits", [:]) == .ok)
        #expect(try verdict("limits", ["limits.perAddress": "0"]) == .fail)
        #expect(try verdict("limits", ["limits.perAddress": "100000"]) == .warn)
        let own = ["limits.perAddress": "0", "http": "127.0.0.1:8080"]
        #expect(try verdict("limits", own) == .ok)
    }

    @Test func guestsAreLookedAt() throws {
        #expect(try verdict("guests", [:]) == .ok)
        #expect(try verdict("guests", ["guests": "true"]) == .warn)
    }

    @Test func aKeyThatCanBeGuessedIsNoGoWhereStrangersComeIn() throws {
        func verdict(_ flags: [String: String]) throws -> CheckResult.Verdict? {
            // By the environment: a flag is a warning of its own.
            let environment = Dictionary(
                uniqueKeysWithValues: flags.map { key, text in
                    (SettingsCatalog.all.first { $0.key == key }?.environmentVariable ?? "", text)
                })
            let settings = try loadSettings(flags: [:], environment: environment)
            return SecretChecks.results(settings, Exposure(settings)).first?.verdict
        }
        #expect(try verdict(["publishKey": "shortkey"]) == .fail)
        #expect(try verdict(["publishKey": "shortkey", "rtmp": "127.0.0.1:1935"]) == .warn)
        #expect(try verdict(["publishKey": "correct-horse-battery"]) == nil)
        #expect(try verdict(["staffToken": "shortkey"]) == .warn)
        // Long enough, and with nothing in it.
        let same = String(repeating: "a", count: 16)
        let word = String(repeating: "password", count: 4)
        let few = "abbaabababbbaabaabba"
        for key in [same, word, few] {
            #expect(try verdict(["publishKey": key]) == .fail, "\(key)")
            #expect(try verdict(["playKey": key]) == .fail, "\(key)")
            #expect(try verdict(["playKey": key, "http": "127.0.0.1:8080"]) == .warn, "\(key)")
            #expect(try verdict(["pushKey": key]) == .fail, "\(key)")
        }
        #expect(try verdict(["playKey": "correct-horse-battery"]) == nil)
        #expect(try verdict(["pushKey": "5f1d7a84c09be326"]) == nil)
        let previous = ["playKey": "5f1d7a84c09be326", "playKeyPrevious": word]
        #expect(try verdict(previous) == .fail)
    }

    @Test func aSecretOnTheCommandLineIsSeenByEverybody() throws {
        #expect(try verdict("secrets", ["publishKey": "correct-horse-battery"]) == .warn)
        #expect(try verdict("secrets", ["http": "127.0.0.1:8080"]) == nil)
        let both = try settings([
            "publishKey": "correct-horse-battery", "staffToken": "another-of-16-chars",
        ])
        #expect(both.secretFlags == ["--staff-token", "--publish-key"])
    }

    @Test func theLastLineIsGoOrNoGo() {
        #expect(CheckResult.summary([.ok("a", "b")]) == "go\n")
        let warning = CheckResult.warn("a", "b", advice: "c")
        #expect(CheckResult.summary([warning]) == "go, 1 to look at\n")
        #expect(
            CheckResult.summary([warning, .fail("a", "b")]) == "no-go, 1 to mend, 1 to look at\n")
    }
}
