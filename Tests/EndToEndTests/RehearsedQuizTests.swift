// A simulated audience plays a show, and what it reports is true.

import Foundation
import Testing

@Suite("A rehearsed quiz", .ownThread)
struct RehearsedQuizTests {
    private static let questions = """
        id,text,option1,option2,option3,correct,windowMs
        capital,Which is Australia's capital?,Sydney,Canberra,Perth,2,1500
        legs,How many legs has a spider?,six,eight,ten,2,1500

        """

    @Test("every answer of a WebSocket's or a POST's player has a receipt, and is in the ledger")
    func playsAShow() throws {
        try ServerProcess.run(["--demo", "--guests"]) { server in
            try prepare(server, "--mode", "points")
            let (rehearsal, report) = try rehearse(
                server, "--answers", "75%", "--post", "25%", "--for", "120s")
            defer { rehearsal.end() }
            for _ in 0..<2 {
                try order(server, "open", "trial")
                try lockAndReveal(server)
            }
            try order(server, "finish", "trial")
            let end = rehearsal.waitForEnd(within: 45)
            #expect(end == .exit(code: 0), "\(rehearsal.output.text)\(rehearsal.errors.text)")
            let quiz = try #require(try read(report)["quiz"] as? [String: Any])
            #expect(quiz["players"] as? Int == 40 && quiz["byPost"] as? Int == 10)
            let accepted = quiz["accepted"] as? Int ?? 0
            #expect((40...79).contains(accepted))
            #expect(quiz["answers"] as? Int == accepted && quiz["refused"] as? Int == 0)
            #expect(quiz["answersChecked"] as? Int == accepted && quiz["missing"] as? Int == 0)
            #expect(quiz["withoutReceipt"] as? Int == 0)
            let told = try #require(quiz["questions"] as? [[String: Any]])
            // Nobody else plays.
            for question in told {
                let options = question["acceptedByOption"] as? [Int]
                #expect(options == question["revealedByOption"] as? [Int] && options?.count == 3)
            }
            let cues = try #require(quiz["cues"] as? [[String: Any]])
            let delays = cues.filter { $0["phase"] as? String == "question" }
                .compactMap { $0["delay"] as? [String: Any] }
            #expect(delays.map { $0["count"] as? Int } == [40, 40])
            // The ledger has them all: what came out of it is computed anew from the record.
            try order(server, "settle", "trial", "--yes")
            let audit = try run(server, "audit", "trial")
            #expect(audit.contains("40 players, \(accepted) answers"), "\(audit)")
        }
    }

    @Test("in a knockout, those who are out go on watching and answer no more")
    func knocksOut() throws {
        try ServerProcess.run(["--demo"]) { server in
            try prepare(server, "--mode", "knockout", "--revives", "0")
            let key = server.dataFolder.appending(path: "data/player-key").path
            let (rehearsal, report) = try rehearse(
                server, "--answers", "100%", "--player-key", key, "--show", "trial", "--for",
                "120s")
            defer { rehearsal.end() }
            try order(server, "open", "trial")
            try lockAndReveal(server)
            // Those who were wrong ask how they stand, within a few seconds.
            let survivors = try tally(server)["survivors"] ?? 0
            #expect((1..<40).contains(survivors))
            try rehearsal.errors.wait(for: ", \(40 - survivors) out", within: 15)
            try order(server, "open", "trial")
            try lockAndReveal(server)
            try order(server, "finish", "trial")
            let end = rehearsal.waitForEnd(within: 45)
            #expect(end == .exit(code: 0), "\(rehearsal.output.text)\(rehearsal.errors.text)")
            let all = try read(report)
            let quiz = try #require(all["quiz"] as? [String: Any])
            #expect(all["watching"] as? Int == 40 && quiz["refused"] as? Int == 0)
            #expect(quiz["answers"] as? Int == 40 + survivors)
            #expect(quiz["accepted"] as? Int == 40 + survivors && quiz["missing"] as? Int == 0)
        }
    }

    @Test("a server that lets nobody play is told of at once")
    func obstacles() throws {
        try ServerProcess.run(["--demo"]) { server in
            let url = "http://127.0.0.1:\(server.httpPort)/live/demo.flv"
            let guests = try ChildProcess(
                ServerProcess.binary, ["rehearse", "--url", url, "--answers", "80%"])
            defer { guests.end() }
            #expect(guests.waitForEnd(within: 20) == .exit(code: 1))
            #expect(guests.errors.text.contains("start the server with --guests"))
            let key = server.dataFolder.appending(path: "other-key").path
            try String(repeating: "x", count: 32).write(
                toFile: key, atomically: true, encoding: .utf8)
            let strangers = try ChildProcess(
                ServerProcess.binary,
                [
                    "rehearse", "--url", url, "--answers", "80%", "--show", "trial",
                    "--player-key", key,
                ])
            defer { strangers.end() }
            #expect(strangers.waitForEnd(within: 20) == .exit(code: 1))
            #expect(strangers.errors.text.contains("doesn't take the players' tokens"))
        }
    }

    // MARK: The host's side

    private func run(_ server: ServerProcess, _ arguments: String...) throws -> String {
        try run(server, arguments)
    }

    private func run(_ server: ServerProcess, _ arguments: [String]) throws -> String {
        let process = try ChildProcess(
            ServerProcess.binary,
            ["show"] + arguments + ["--staff", "http://127.0.0.1:\(server.staffPort)"])
        defer { process.end() }
        guard process.waitForEnd(within: 20) == .exit(code: 0) else {
            throw TestFailure.unexpected(process.errors.text)
        }
        return process.output.text
    }

    private func order(_ server: ServerProcess, _ arguments: String...) throws {
        _ = try run(server, arguments)
    }

    /// Asks for a question's lock, waits until the last viewer's time is over, and reveals it.
    private func lockAndReveal(_ server: ServerProcess) throws {
        try order(server, "lock", "trial")
        try server.wait(for: "the lock", within: 40) {
            let live = try server.staff("/api/v1/shows/trial/live").json
            return (live["question"] as? [String: Any])?["state"] as? String == "locked"
        }
        try order(server, "reveal", "trial")
    }

    private func prepare(_ server: ServerProcess, _ rules: String...) throws {
        let file = server.dataFolder.appending(path: "questions.csv")
        try Self.questions.write(to: file, atomically: true, encoding: .utf8)
        _ = try run(
            server,
            ["create", "Trial", "--show", "trial", "--stream", "demo", "--grace-ms", "5000"] + rules
        )
        try order(server, "import", "trial", file.path)
        try order(server, "lobby", "trial")
    }

    /// Starts 40 players, and waits until all of them are in the show and seen to watch.
    private func rehearse(
        _ server: ServerProcess, _ arguments: String...
    ) throws -> (ChildProcess, URL) {
        let report = server.dataFolder.appending(path: "report.json")
        let process = try ChildProcess(
            ServerProcess.binary,
            [
                "rehearse", "--url", "http://127.0.0.1:\(server.httpPort)/live/demo.flv",
                "--viewers", "40", "--json", report.path,
            ] + arguments)
        try server.wait(for: "40 players", within: 30) { try tally(server)["players"] == 40 }
        try server.wait(for: "40 viewers", within: 30) {
            let live = try server.staff("/api/v1/shows/trial/live").json
            return (live["onAir"] as? [String: Any])?["viewers"] as? Int == 40
        }
        return (process, report)
    }

    private func tally(_ server: ServerProcess) throws -> [String: Int] {
        try server.staff("/api/v1/shows/trial/live").json["tally"] as? [String: Int] ?? [:]
    }

    private func read(_ report: URL) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: report)) as? [String: Any])
    }
}
