// Hosts over the staff API: order ids, two hosts at once, live numbers, taking back, files.

import Foundation
import Testing

@Suite("Hosts", .ownThread)
struct HostTests {
    private static func question(_ state: [String: Any]) -> [String: Any] {
        state["question"] as? [String: Any] ?? [:]
    }

    private static func tally(_ state: [String: Any]) -> [String: Int] {
        state["tally"] as? [String: Int] ?? [:]
    }

    @Test("An order that is sent again is not done twice, and has the same receipt")
    func repeatedOrders() throws {
        try ShowStage.run { stage in
            let first = try stage.host.order("open", id: "open-1")
            let again = try stage.host.order("open", id: "open-1")
            #expect(first.statusCode == 200)
            #expect(again.statusCode == 200)
            #expect(first.json["version"] as? Int == again.json["version"] as? Int)
            let records = try stage.host.report("/questions")["questions"] as? [[String: Any]]
            #expect(
                records?.map { $0["state"] as? String } == [
                    "open", "waiting", "waiting", "waiting",
                ])
            let none = try stage.host.ask("POST", "/quiz/lock", body: Array("{}".utf8))
            #expect(none.statusCode == 400)
            #expect((none.json["error"] as? String)?.contains("Idempotency-Key") == true)
            // A file that was imported, too.
            let file = "text,option1,option2,correct\nOne more?,Yes,No,Yes\n"
            let imported = try stage.host.importQuestions(file, id: "import-1")
            let repeated = try stage.host.importQuestions(file, id: "import-1")
            #expect(imported.json["version"] as? Int == repeated.json["version"] as? Int)
            let all = try stage.host.report("/questions")["questions"] as? [[String: Any]]
            #expect(all?.count == 5)
        }
    }

    @Test("What the phase doesn't allow is a 409 with a sentence and the show as it is")
    func wrongPhase() throws {
        try ShowStage.run { stage in
            let hasty = ["reveal", "lock", "finish", "settle", "lobby", "resume"]
            for command in hasty + ["void"] {
                let answer = try stage.host.order(
                    command, command == "void" ? ["reason": "A test"] : [:])
                #expect(answer.statusCode == 409, "\(command): \(answer.text)")
                let sentence = answer.json["error"] as? String ?? ""
                #expect(sentence.count > 10 && sentence.hasSuffix("."), "\(command): \(sentence)")
                let state = answer.json["state"] as? [String: Any]
                #expect(state?["phase"] as? String == "lobby", "\(command): \(answer.text)")
            }
            #expect(try stage.host.order("void").statusCode == 400)
            #expect(try stage.host.order("dance").statusCode == 404)
            try stage.host.perform("open")
            #expect(try stage.host.order("open").statusCode == 409)
            #expect(try stage.host.order("reveal").statusCode == 409)
            #expect(try stage.host.order("settle").statusCode == 409)
            let other = ShowHost(port: stage.server.staffPort, show: "none")
            #expect(try other.order("open").statusCode == 404)
        }
    }

    @Test("Of two hosts the second sees what the first did, and its stale order is refused")
    func twoHosts() throws {
        try ShowStage.run { stage in
            let second = ShowHost(port: stage.server.staffPort, show: "quiz", name: "second")
            let events = try LiveEvents(port: stage.server.staffPort, show: "quiz")
            let seen = try events.wait(for: "the show") { $0["phase"] as? String == "lobby" }
            let version = try #require(seen["version"] as? Int)
            let first = try stage.host.order("open", ["expectedVersion": version])
            #expect(first.statusCode == 200)
            let stale = try second.order("open", ["expectedVersion": version])
            #expect(stale.statusCode == 409)
            #expect((stale.json["error"] as? String)?.contains("changed") == true)
            let now = stale.json["state"] as? [String: Any] ?? [:]
            #expect(Self.question(now)["state"] as? String == "open")
            try events.wait(for: "what the first did") {
                Self.question($0)["state"] as? String == "open"
            }
            let fresh = try second.order(
                "lock", ["force": true, "expectedVersion": first.json["version"] as? Int ?? 0])
            #expect(fresh.statusCode == 200, "\(fresh.text)")
            let entries = try stage.host.report("/audit")["entries"] as? [[String: Any]] ?? []
            #expect(entries.contains { $0["by"] as? String == "second" })
        }
    }

    @Test("Onlookers are told how the answers come in, and players are not")
    func liveNumbers() throws {
        try ShowStage.run { stage in
            let players = try ["ann", "bob", "cleo"].map(stage.player)
            let events = try LiveEvents(port: stage.server.staffPort, show: "quiz")
            try events.wait(for: "three players") { Self.tally($0)["players"] == 3 }
            try stage.open("q1", for: players)
            for (index, player) in players.enumerated() {
                #expect(try player.rule("q1", index == 0 ? 0 : 2) == .accepted)
                try events.wait(for: "\(index + 1) answers") {
                    Self.question($0)["answeredCount"] as? Int == index + 1
                }
            }
            let state = try stage.host.report("/live")
            #expect(Self.question(state)["counts"] as? [Int] == [1, 0, 2, 0])
            #expect(Self.question(state)["askedCount"] as? Int == 3)
            let told = try HTTPClient.ask(port: stage.server.httpPort, "/api/v1/state").text
            #expect(!told.contains("counts") && !told.contains("answered"), "\(told)")
            try stage.reveal()
            try events.wait(for: "the reveal") {
                Self.question($0)["state"] as? String == "revealed"
                    && Self.question($0)["revivedCount"] as? Int == 2
            }
        }
    }

    @Test("A void gives back what its question took, revives and players alike")
    func void() throws {
        try ShowStage.run { stage in
            let players = try ["right", "wrong"].map(stage.player)
            let tokens = try ["right", "wrong"].map { try PlayerTokens.mint($0, show: "quiz") }
            func standings() throws -> [String] {
                try tokens.map { token in
                    let me = try stage.door.enter(token)
                    return "\(me["status"] ?? "") \(me["revivesLeft"] ?? "") \(me["score"] ?? "")"
                }
            }
            #expect(try standings() == ["playing 1 0", "playing 1 0"])
            // The right options are 0, 1, 2 and 3.
            for number in 1...2 {
                try stage.open("q\(number)", for: players)
                #expect(try players[0].rule("q\(number)", number - 1) == .accepted)
                #expect(try players[1].rule("q\(number)", 3) == .accepted)
                try stage.reveal()
            }
            #expect(try standings() == ["playing 1 2", "eliminated 0 0"])
            let newest = try stage.host.order("void", ["reason": "Ambiguous", "question": "q1"])
            #expect(newest.statusCode == 409)
            try stage.host.perform("void", ["reason": "Ambiguous"])
            #expect(try standings() == ["playing 1 1", "playing 0 0"])
            try stage.host.perform("void", ["reason": "Both", "question": "q1"])
            #expect(try standings() == ["playing 1 0", "playing 1 0"])
            try players[0].wait(for: "the second void") { walker in
                walker.cues.filter { $0.phase == "void" }.map(\.question) == ["q2", "q1"]
            }
            try stage.open("q3", for: players)
            #expect(try players[1].rule("q3", 2) == .accepted)
            try stage.reveal()
            #expect(try standings() == ["playing 0 0", "playing 1 1"])
            // One of three that were planned, and only one has answered it: the void ones don't count.
            let hasty = try stage.host.order("finish")
            #expect(hasty.statusCode == 409 && hasty.json["confirm"] as? String == "early")
            #expect((hasty.json["error"] as? String)?.contains("1 player wins") == true)
            try stage.host.perform("finish", ["early": true])
            try stage.host.perform("settle")
            let winners = try stage.host.report("/winners.json")["winners"] as? [[String: Any]]
            #expect(winners?.map { $0["id"] as? String } == ["wrong"])
            #expect(try stage.host.report("/audit")["agrees"] as? Bool == true)
        }
    }

    @Test("Who is kicked watches on, who is banned stays out, and both can be taken back")
    func removal() throws {
        try ShowStage.run { stage in
            let players = try ["ann", "bob"].map(stage.player)
            let token = try PlayerTokens.mint("bob", show: "quiz")
            try stage.open("q1", for: players)
            try stage.host.perform("kick", ["player": "ann"])
            try stage.host.perform("ban", ["player": "bob"])
            #expect(try players[0].rule("q1", 0) == .refused("kicked"))
            #expect(try players[1].rule("q1", 0) == .refused("banned"))
            #expect(try stage.door.me(token).statusCode == 403)
            let door = try HTTPClient.ask(
                port: stage.server.httpPort, "/live/show.flv?token=\(token)")
            #expect(door.statusCode == 403)
            let tagCount = players[0].walker.tags.count
            try players[0].wait(for: "the stream") { $0.tags.count > tagCount + 20 }
            #expect(try stage.host.order("kick", ["player": "ann"]).statusCode == 409)
            let unknown = try stage.host.order("kick", ["player": "nobody"])
            #expect(unknown.statusCode == 404 || unknown.statusCode == 409, "\(unknown.text)")
            let found = try stage.host.report("/players?match=ann")["players"] as? [[String: Any]]
            #expect(found?.map { $0["status"] as? String } == ["kicked"])
            for id in ["ann", "bob"] { try stage.host.perform("reinstate", ["player": id]) }
            #expect(try players[0].rule("q1", 0) == .accepted)
            #expect(try stage.door.answer("q1", 0, token: token).statusCode == 200)
        }
    }

    @Test("A file of questions is taken whole, or every wrong row of it is named")
    func files() throws {
        try ShowStage.run { stage in
            let bad = """
                text,option1,option2,option3,correct,windowMs
                Good?,Yes,No,,Yes,5000
                No options,,,,1,
                What is right?,A,B,C,D,
                How long?,A,B,,1,soon
                """
            let answer = try stage.host.importQuestions(bad)
            #expect(answer.statusCode == 422 || answer.statusCode == 400, "\(answer.text)")
            let rows = answer.json["rows"] as? [[String: Any]] ?? []
            #expect(Set(rows.compactMap { $0["row"] as? Int }) == [3, 4, 5], "\(answer.text)")
            #expect(rows.allSatisfy { ($0["error"] as? String)?.isEmpty == false })
            let json =
                #"{"questions":[{"text":"A","options":["1","2"],"correct":9},{"options":[]}]}"#
            let other = try stage.host.importQuestions(json, type: "application/json")
            let jsonRows = other.json["rows"] as? [[String: Any]] ?? []
            #expect(Set(jsonRows.compactMap { $0["row"] as? Int }) == [1, 2], "\(other.text)")
            let before = try stage.host.report("/questions")["questions"] as? [[String: Any]]
            #expect(before?.count == 4)

            // What goes out comes in again as it was, by the shell.
            let staff = ["--staff", "http://127.0.0.1:\(stage.server.staffPort)"]
            for format in ["csv", "json"] {
                let path = stage.server.dataFolder.appending(path: "questions.\(format)").path
                let questions = try stage.host.ask("GET", "/quiz/questions.\(format)").body
                try Tool.succeed(
                    ServerProcess.binary,
                    ["show", "export", "quiz", "questions", "--output", path] + staff)
                #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == questions)
                try Tool.succeed(ServerProcess.binary, ["show", "import", "quiz", path] + staff)
                let again = try stage.host.ask("GET", "/quiz/questions.\(format)")
                #expect(again.body == questions, "\(again.text)")
            }
            let badPath = stage.server.dataFolder.appending(path: "bad.csv").path
            try Data(bad.utf8).write(to: URL(filePath: badPath))
            let refused = try Tool.run(
                ServerProcess.binary, ["show", "import", "quiz", badPath] + staff)
            #expect(refused.end == .exit(code: 65))
            for row in 3...5 { #expect(refused.errors.contains("\(row)"), "\(refused.errors)") }
        }
    }
}
