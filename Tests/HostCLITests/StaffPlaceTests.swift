// Which staff plane a command speaks to: what is said is heeded, or is an error.

import Access
import ArgumentParser
import ControlRoom
import Settings
import TestSupport
import Testing
import Trivia

@testable import HostCLI

@Suite struct StaffPlaceTests {
    private func place(_ arguments: [String] = []) throws -> StaffPlace {
        try StaffPlace.parse(arguments)
    }

    private func address(
        _ environment: [String: String], _ arguments: [String] = []
    ) throws -> String {
        try place(arguments).client(environment: environment).address.description
    }

    private func error(_ environment: [String: String]) throws -> String {
        let place = try place()
        let error = #expect(throws: StaffPlaceError.self) {
            try place.client(environment: environment)
        }
        return error?.description ?? ""
    }

    private static let forms = [
        ("http://127.0.0.1:32090", "127.0.0.1:32090"), ("127.0.0.1:32090", "127.0.0.1:32090"),
        ("http://127.0.0.1:32090/", "127.0.0.1:32090"), ("HTTP://LOCALHOST:9", "127.0.0.1:9"),
        ("localhost:32090", "127.0.0.1:32090"), (":32090", "127.0.0.1:32090"),
        ("http://:32090", "127.0.0.1:32090"), ("[::1]:32090", "[::1]:32090"),
        ("http://[::1]:32090/", "[::1]:32090"), ("0.0.0.0:32090", "127.0.0.1:32090"),
        ("[::]:32090", "[::1]:32090"), ("*:32090", "127.0.0.1:32090"),
        (" 127.0.0.1:1 ", "127.0.0.1:1"),
    ]

    @Test(arguments: forms) func everyFormIsHeardEverywhere(text: String, wanted: String) throws {
        #expect(try address(["FANFARE_STAFF": text]) == wanted)
        #expect(try address([:], ["--staff", text]) == wanted)
        let folder = try TemporaryFolder()
        let path = try folder.write("{\"staff\": \"\(text)\"}", to: "fanfare.json")
        #expect(try address(["FANFARE_CONFIG": path]) == wanted)
    }

    @Test(arguments: [
        ("nonsense", "port is missing"), ("https://127.0.0.1", "port is missing"),
        ("https://no-such-host.invalid:9090", "no address is known"),
        ("ftp://127.0.0.1:9090", "HTTP"), ("127.0.0.1", "port is missing"), ("[::1]", "port"),
        ("http://127.0.0.1:9090/api", "only the host"), ("127.0.0.1:x", "port"),
        ("127.0.0.1:0", "port of 0"), ("127.0.0.1:99999", "port"), ("::1:9090", "expected"),
        ("http://token@127.0.0.1:9090", "only the host"), ("staff.example.com:9090", "IP address"),
        ("127.0.0.1:9090?x", "only the host"), (" ", "port is missing"),
    ])
    func whatCannotBeReadIsAnErrorThatNamesItsPlace(text: String, words: String) throws {
        let variable = try error(["FANFARE_STAFF": text])
        #expect(variable.contains("FANFARE_STAFF") && variable.contains(words), "\(variable)")
        #expect(throws: (any Error).self) { try place(["--staff", text]) }
        let folder = try TemporaryFolder()
        let path = try folder.write("{\"staff\": \"\(text)\"}", to: "fanfare.json")
        let file = try error(["FANFARE_CONFIG": path])
        #expect(file.contains(path) && file.contains(words), "\(file)")
    }

    @Test func theStrongerPlaceCounts() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            #"{"staff": "127.0.0.1:3", "staffToken": "token-of-the-file"}"#, to: "fanfare.json")
        var environment = ["FANFARE_CONFIG": path]
        #expect(try address([:]) == "127.0.0.1:9090")
        #expect(try address(environment) == "127.0.0.1:3")
        #expect(try place().client(environment: environment).token?.text == "token-of-the-file")
        environment["FANFARE_STAFF"] = ""
        #expect(try address(environment) == "127.0.0.1:3", "empty is nothing")
        environment["FANFARE_STAFF"] = "127.0.0.1:2"
        #expect(try address(environment) == "127.0.0.1:2")
        #expect(try address(environment, ["--staff", "127.0.0.1:1"]) == "127.0.0.1:1")
        // A secret goes nowhere but to the server it is for.
        let elsewhere = try place(["--staff", "127.0.0.1:1"]).client(environment: environment)
        #expect(elsewhere.token == nil)
        environment["FANFARE_STAFF_TOKEN"] = "token-of-the-environment"
        #expect(
            try place().client(environment: environment).token?.text == "token-of-the-environment")
    }

    @Test func aBrokenFileOrTokenIsAnErrorThatNamesIt() throws {
        let folder = try TemporaryFolder()
        let broken = try folder.write("{\"staff\": ", to: "broken.json")
        #expect(try error(["FANFARE_CONFIG": broken]).contains(broken))
        #expect(try error(["FANFARE_CONFIG": folder.path + "/none"]).contains("/none"))
        #expect(try error(["FANFARE_STAFF_TOKEN": "a b"]).contains("FANFARE_STAFF_TOKEN"))
        let bad = try folder.write(#"{"staffToken": "x y"}"#, to: "token.json")
        #expect(try error(["FANFARE_CONFIG": bad]).contains(bad))
    }

    @Test(arguments: [
        ("https://127.0.0.1:9090", "127.0.0.1:9090", "127.0.0.1"),
        ("https://localhost:9443/", "127.0.0.1:9443", "localhost"),
        ("HTTPS://[::1]:9090", "[::1]:9090", "::1"),
    ])
    func overTLSTheCertificateHasToBeForTheHost(
        text: String, address: String, server: String
    ) throws {
        let url = try StaffURL(parsing: text)
        #expect(url.secureServer == server)
        #expect(url.address.description == address || url.address.isLoopback)
        #expect(try StaffURL(parsing: "http://127.0.0.1:9090").secureServer == nil)
    }

    @Test func theServerTakesTheSameVariable() throws {
        let settings = try loadSettings(
            flags: [:], environment: ["FANFARE_STAFF": "http://127.0.0.1:32090/"])
        #expect(settings.staff.description == "127.0.0.1:32090")
        let words = #expect(throws: SettingsError.self) {
            try loadSettings(
                flags: [:], environment: ["FANFARE_STAFF": "https://127.0.0.1:32090"])
        }
        #expect(words?.description.contains("FANFARE_STAFF") == true)
    }
}

@Suite struct ShowWaitingTests {
    private static func state(_ on: QuestionOn?) -> ShowState {
        ShowState(
            id: "final", stream: "show", plan: ShowPlan(title: "Final"), phase: .live,
            version: 3, question: on)
    }

    private static func on(
        _ state: QuestionState, id: String = "q1", isPending: Bool = false
    ) -> QuestionOn {
        var on = QuestionOn(
            question: Question(id: id, text: "?", options: ["a", "b"], correct: 1),
            state: state, number: 1, of: 2, lockableInMs: 20, isLockPending: isPending)
        if state == .void { on.voidReason = "No sound" }
        return on
    }

    /// Goes through these states and says what came of it.
    private func wait(_ states: [QuestionOn?]) -> (error: (any Error)?, looks: Int) {
        var looks = 0
        let waiting = ShowWaiting(
            show: "final",
            look: { () throws(StaffCallError) in
                guard looks < states.count else { throw .refused(status: 404, reason: "gone") }
                looks += 1
                return Self.state(states[looks - 1])
            }, sleep: { _ in })
        do {
            try waiting.untilLocked()
            return (nil, looks)
        } catch { return (error, looks) }
    }

    @Test func itWaitsForTheLock() {
        let open = Self.on(.open, isPending: true)
        let done = wait([open, open, open, Self.on(.locked), nil])
        #expect(done.error == nil && done.looks == 4)
        #expect(wait([open, Self.on(.revealed), nil]).looks == 2)
    }

    @Test func whereNothingIsOpenThereIsNothingToWaitFor() {
        for on in [nil, Self.on(.locked), Self.on(.void), Self.on(.revealed)] {
            let done = wait([on, nil])
            #expect(done.error == nil && done.looks == 1)
        }
    }

    @Test func whatCannotGetBetterEndsIt() {
        let open = Self.on(.open, isPending: true)
        #expect(
            wait([Self.on(.open)]).error as? ShowWaitError
                == .notLocked(question: "q1", show: "final"))
        #expect(
            wait([open, Self.on(.open)]).error as? ShowWaitError == .lockTakenBack(question: "q1"))
        #expect(
            wait([open, Self.on(.void)]).error as? ShowWaitError
                == .voided(question: "q1", reason: "No sound"))
        #expect(wait([open, nil]).error as? ShowWaitError == .gone(question: "q1"))
        #expect(
            wait([open, Self.on(.open, id: "q2", isPending: true)]).error as? ShowWaitError
                == .gone(question: "q1"))
        let refused = wait([open])
        #expect(refused.error as? StaffCallError == .refused(status: 404, reason: "gone"))
        #expect(refused.looks == 1, "an error isn't asked again")
    }
}
