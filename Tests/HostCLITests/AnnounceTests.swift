// `fanfare announce`: what it takes, and where it finds the token.

import ArgumentParser
import TestSupport
import Testing

@testable import HostCLI

@Suite struct AnnounceTests {
    @Test func aTextIsEnough() throws {
        let command = try Announce.parse(["We begin"])
        #expect(command.text == "We begin")
        #expect(command.stream == "show")
        #expect(command.level == .info)
        #expect(try command.place.client(environment: [:]).address.description == "127.0.0.1:9090")
    }

    @Test func everythingCanBeSaid() throws {
        let command = try Announce.parse([
            "x", "--stream", "demo", "--level", "warning", "--staff", "http://[::1]:9091/",
            "--staff-token-file", "token",
        ])
        #expect(command.stream == "demo" && command.level == .warning)
        #expect(command.place.staff?.address.description == "[::1]:9091")
        #expect(command.place.staffTokenFile == "token")
        #expect(try Announce.parse(["--clear"]).clear)
    }

    @Test(arguments: [
        [], ["x", "--clear"], ["x", "y"], ["x", "--level", "loud"], ["x", "--stream", "a/b"],
        ["x", "--staff", "https://127.0.0.1"], ["x", "--staff", ""],
        ["x", "--staff", "http://example.com:9090"], ["x", "--staff", "http://127.0.0.1"],
        ["x", "--staff", "http://127.0.0.1:0"], ["x", "--staff", "http://127.0.0.1:9090/api"],
    ])
    func theRestIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try Announce.parse(arguments) }
    }

    @Test func theTokenIsInTheFileOrElseInTheEnvironment() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("token-of-the-file\n", to: "token")
        let environment = ["FANFARE_STAFF_TOKEN": "token-of-the-environment"]
        func text(_ path: String?, _ environment: [String: String]) throws -> String? {
            try StaffTokenSource.token(path: path, environment: environment)?.text
        }
        #expect(try text(path, environment) == "token-of-the-file")
        #expect(try text(nil, environment) == "token-of-the-environment")
        #expect(try text(nil, [:]) == nil)
        #expect(try text(nil, ["FANFARE_STAFF_TOKEN": ""]) == nil)
    }

    @Test func aTokenThatIsNoneIsNamedByItsPlace() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/nothing"
        var error = #expect(throws: StaffTokenError.self) {
            try StaffTokenSource.token(path: missing, environment: [:])
        }
        #expect(error?.description.contains(missing) == true)
        // A line feed in it could become a header field.
        for text in ["", "short", "with a space in it"] {
            let path = try folder.write(text, to: "token")
            error = #expect(throws: StaffTokenError.self) {
                try StaffTokenSource.token(path: path, environment: [:])
            }
            #expect(error?.description.contains(path) == true)
        }
        error = #expect(throws: StaffTokenError.self) {
            try StaffTokenSource.token(
                path: nil, environment: ["FANFARE_STAFF_TOKEN": "a\r\nX-Field: y"])
        }
        #expect(error?.description.contains("FANFARE_STAFF_TOKEN") == true)
    }
}
