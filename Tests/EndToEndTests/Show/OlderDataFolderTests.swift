// A data folder that an older version has left: it is shown as it was, its commands are known again,
// and the show that was under way goes on.

import Foundation
import Testing

/// The folder, and what was said to the server that made it and what it answered.
///
/// `ledger.sqlite` and `said.json` are of the version before commands, questions and plans had one
/// form for API and ledger (commit 3198e07). They are never made anew.
struct OlderDataFolder {
    /// A command as it was sent.
    struct Command: Decodable {
        var method: String
        var path: String
        var body: String?
        var type: String?
        var key: String
        var status: Int
        var answer: String
    }

    private struct Said: Decodable {
        var commands: [Command]
        var answers: [String: String]
    }

    /// What changed something, in order.
    let commands: [Command]
    /// What was answered at its end, by path.
    let answers: [String: String]

    private static let source = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/OlderDataFolder")

    init() throws {
        let said = try JSONDecoder().decode(
            Said.self, from: Data(contentsOf: Self.source.appending(path: "said.json")))
        commands = said.commands
        answers = said.answers
    }

    /// A server of now on a copy of the folder.
    func run(_ body: (ServerProcess) throws -> Void) throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: Self.source.appending(path: "ledger.sqlite"),
            to: folder.appending(path: "ledger.sqlite"))
        try ServerProcess.run(
            ["--data", folder.path, "--player-key", PlayerTokens.key], body)
    }
}

extension OlderDataFolder.Command {
    /// Sends it again.
    func send(to server: ServerProcess, body: String? = nil) throws -> HTTPAnswer {
        let client = try HTTPClient(port: server.staffPort)
        var fields = ["Connection: close", "Idempotency-Key: \(key)", "Fanfare-By: carl"]
        let bytes = Array((body ?? self.body ?? "").utf8)
        if let type { fields += ["Content-Type: \(type)", "Content-Length: \(bytes.count)"] }
        try client.connection.send(HTTPClient.request(method, path, fields: fields) + bytes)
        return try client.answer(to: method)
    }
}

@Suite("A data folder of an older version", .ownThread)
struct OlderDataFolderTests {
    /// What is of this moment, and not of the record.
    private static let momentary = ["onAir", "notes"]

    private static func record(_ text: String) throws -> NSObject {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        guard var object = value as? [String: Any] else {
            throw TestFailure.unexpected("no object: \(text)")
        }
        for key in momentary { object[key] = nil }
        // The list says each show's version since; `isReadAsItWas` compares it with the show's own.
        if let shows = object["shows"] as? [[String: Any]] {
            object["shows"] = shows.map { $0.filter { $0.key != "version" } }
        }
        return object as NSDictionary
    }

    @Test("shows, questions, results, winners, answers and audits are what they were")
    func isReadAsItWas() throws {
        let older = try OlderDataFolder()
        try older.run { server in
            #expect(older.answers.count > 40)
            for (path, before) in older.answers.sorted(by: { $0.key < $1.key }) {
                let now = try server.staff(path)
                #expect(now.statusCode == 200, "\(path)")
                if path.hasSuffix(".csv") {
                    #expect(now.text == before, "\(path)")
                } else {
                    let (before, now) = try (Self.record(before), Self.record(now.text))
                    #expect(now == before, "\(path)")
                }
            }
            let audits = older.answers.filter { $0.key.hasSuffix("/audit") }.values
            #expect(audits.count == 4)
            for audit in audits { #expect(audit.contains(#""agrees":true"#)) }
            let listed = try #require(
                try server.staff("/api/v1/shows").json["shows"] as? [[String: Any]])
            #expect(listed.count > 3)
            for show in listed {
                let id = try #require(show["id"] as? String)
                let own = try server.staff("/api/v1/shows/\(id)").json["version"] as? Int
                #expect(own != nil && show["version"] as? Int == own, "\(id)")
            }
        }
    }

    @Test("each command that comes again under its old id gets its receipt, and changes nothing")
    func commandsAreKnown() throws {
        let older = try OlderDataFolder()
        try older.run { server in
            for command in older.commands {
                let again = try command.send(to: server)
                #expect(
                    (200...202).contains(again.statusCode),
                    "\(command.key) \(command.path): \(again.text)")
                let (now, before) = try (Self.record(again.text), Self.record(command.answer))
                #expect(now == before, "\(command.key) \(command.path)")
            }
            let shows = try server.staff("/api/v1/shows").text
            #expect(try Self.record(shows) == Self.record(older.answers["/api/v1/shows"] ?? ""))
        }
    }

    @Test("an old id with another command, or for another show, is refused")
    func idsAreTaken() throws {
        let older = try OlderDataFolder()
        try older.run { server in
            let others = [
                ("/api/v1/shows/tonight/open", "/api/v1/shows/tonight/next"),
                ("/api/v1/shows/settled/lock", "/api/v1/shows/settled/reveal"),
                ("/api/v1/shows/settled/lobby", "/api/v1/shows/draft/lobby"),
            ]
            for (path, other) in others {
                var command = try #require(older.commands.first { $0.path == path })
                command.path = other
                command.body = nil
                command.type = nil
                let answer = try command.send(to: server)
                #expect(answer.statusCode == 409, "\(other): \(answer.text)")
                #expect(answer.text.contains("this id was used for another order"), "\(other)")
            }
        }
    }

    @Test("the show that was under way goes on to its settlement")
    func goesOn() throws {
        let older = try OlderDataFolder()
        try older.run { server in
            let host = ShowHost(port: server.staffPort, show: "tonight")
            let door = PlayerDoor(port: server.httpPort)
            let players = try #require(
                try host.report("/players?q=Ann")["players"] as? [[String: Any]])
            let ann = try #require(players.first?["id"] as? String)
            let token = try PlayerTokens.mint(ann, name: "Ann", show: "tonight")
            try door.enter(token)
            try host.perform("next")
            try host.perform("open", ["question": "q2", "last": true])
            let answer = try door.answer("q2", 2, token: token, show: "tonight")
            #expect(answer.statusCode == 200, "\(answer.text)")
            try host.perform("lock", ["force": true])
            try host.perform("reveal")
            try host.perform("finish")
            try host.perform("settle")
            let winners = try host.report("/winners.json")["winners"] as? [[String: Any]]
            #expect(winners?.map { $0["name"] as? String } == ["Ann"])
            #expect(winners?.first?["minorUnits"] as? Int == 50_000)
            #expect(try host.report("/audit")["agrees"] as? Bool == true)
        }
    }
}
