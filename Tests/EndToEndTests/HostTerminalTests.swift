// `fanfare show run` in a terminal: a host leads a show with single keys.

import Foundation
import Testing

@Suite("Host at a terminal", .ownThread)
struct HostTerminalTests {
    private static let questions = """
        id,text,option1,option2,correct,windowMs
        spider,How many legs has a spider?,six,eight,2,60000
        capital,Which is Australia's capital?,Canberra,Perth,1,60000

        """

    @Test("A show is led with single keys from the doors to the prize")
    func keys() throws {
        try ServerProcess.run(["--demo", "--guests"]) { server in
            try prepare(server)
            let terminal = try PseudoTerminal(rows: 40, columns: 100)
            let host = try ChildProcess(
                ServerProcess.binary, ["show", "run", "final"] + server.staffOption,
                terminal: terminal)
            defer { host.end() }
            func press(_ keys: String, until words: String) throws {
                try terminal.type(keys)
                try host.output.wait(for: words)
            }

            try host.output.wait(for: "Friday Final  [final]  DRAFT")
            #expect(!terminal.isInLineMode)
            try press("r", until: "Open the lobby first.")
            try press("b", until: "Open the doors")
            try press("y", until: "LOBBY")
            let token = try join("Ann", server)
            try host.output.wait(for: "players 1")
            // Nobody watches.
            try press("1", until: "Nobody would see it")
            try press("y", until: "spider, open")
            try host.output.wait(for: "answered 0 of 1")
            #expect(try answer("spider", 1, token, server).statusCode == 200)
            try host.output.wait(for: "answered 1 of 1")
            try press("l", until: "locks by itself")
            try press("L", until: "spider, locked")
            try press("r", until: "spider, revealed")
            try press("oy", until: "capital, open")
            try press("vNo sünd\u{7F}\u{7F}\u{7F}ound\r", until: "void: No sound")
            try press("f", until: "End the game?")
            // The plan isn't done: the newest question was taken back.
            try press("y", until: "finish early")
            try press("y", until: "FINISHED")
            try press("s", until: "Divide the prize")
            try press("y", until: "SETTLED")
            try terminal.type("q")
            #expect(host.waitForEnd(within: 10) == .exit(code: 0))
            #expect(terminal.isInLineMode)

            let winners = try Tool.succeed(
                ServerProcess.binary,
                ["show", "export", "final", "winners"] + server.staffOption)
            #expect(winners.contains("Ann") && winners.contains("100000"), "\(winners)")
            try Tool.succeed(
                ServerProcess.binary, ["show", "audit", "final"] + server.staffOption)
        }
    }

    @Test("The terminal is given back when the view is ended from outside, or the server is gone")
    func givenBack() throws {
        try ServerProcess.run(["--demo", "--guests"]) { server in
            try prepare(server)
            let terminal = try PseudoTerminal()
            let host = try ChildProcess(
                ServerProcess.binary, ["show", "run", "final"] + server.staffOption,
                terminal: terminal)
            defer { host.end() }
            try host.output.wait(for: "DRAFT")
            server.process.signal(SIGTERM)
            #expect(server.process.waitForEnd(within: 30) == .exit(code: 0))
            try host.output.wait(for: "no staff plane at")
            host.signal(SIGTERM)
            #expect(host.waitForEnd(within: 10) == .signal(SIGTERM))
            #expect(terminal.isInLineMode)
        }
    }

    @Test("Without a terminal it says what to use instead")
    func noTerminal() throws {
        try ServerProcess.run(["--demo"]) { server in
            try prepare(server)
            let result = try Tool.run(
                ServerProcess.binary, ["show", "run", "final"] + server.staffOption)
            #expect(result.end == .exit(code: 1))
            #expect(result.errors.contains("fanfare show live --follow"))
        }
    }

    private func prepare(_ server: ServerProcess) throws {
        let file = server.dataFolder.appending(path: "questions.csv")
        try Data(Self.questions.utf8).write(to: file)
        let binary = ServerProcess.binary
        let create = [
            "show", "create", "Friday Final", "--show", "final", "--stream", "demo",
            "--prize-minor-units", "100000", "--currency", "EUR", "--guests-may-win",
        ]
        try Tool.succeed(binary, create + server.staffOption)
        try Tool.succeed(binary, ["show", "import", "final", file.path] + server.staffOption)
    }

    private func join(_ name: String, _ server: ServerProcess) throws -> String {
        let answer = try post("/api/v1/join", #"{"name": "\#(name)"}"#, [], server)
        guard let token = answer.json["token"] as? String else {
            throw TestFailure.unexpected("no token: \(answer.text)")
        }
        // A player's place in the show is taken with the first thing that needs one.
        let me = try HTTPClient.ask(
            port: server.httpPort, "/api/v1/me", fields: ["Authorization: Bearer \(token)"])
        #expect([200, 503].contains(me.statusCode), "\(me.text)")
        return token
    }

    private func answer(
        _ question: String, _ choice: Int, _ token: String, _ server: ServerProcess
    ) throws -> HTTPAnswer {
        try post(
            "/api/v1/answers", #"{"question": "\#(question)", "choice": \#(choice)}"#,
            ["Authorization: Bearer \(token)"], server)
    }

    private func post(
        _ path: String, _ json: String, _ fields: [String], _ server: ServerProcess
    ) throws -> HTTPAnswer {
        let client = try HTTPClient(port: server.httpPort)
        let more = ["Content-Type: application/json", "Content-Length: \(json.utf8.count)"]
        try client.connection.send(
            HTTPClient.request("POST", path, fields: fields + more) + Array(json.utf8))
        return try client.answer(to: "POST")
    }
}

extension ServerProcess {
    /// Where the staff plane is, as commands of the shell are told.
    fileprivate var staffOption: [String] { ["--staff", "http://127.0.0.1:\(staffPort)"] }
}
