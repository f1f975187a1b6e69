// People of the staff on a real server: tokens, sessions over a restart, roles, two who settle, names, crowds.

import Foundation
import Testing

@Suite("People of the staff", .ownThread)
struct StaffPeopleTests {
    /// `fanfare ARGUMENTS…` at a server, with somebody's token.
    private func fanfare(
        _ server: ServerProcess, _ arguments: [String], token: String? = nil
    ) throws -> ToolResult {
        var environment = ["FANFARE_STAFF=127.0.0.1:\(server.staffPort)"]
        if let token { environment.append("FANFARE_STAFF_TOKEN=\(token)") }
        return try Tool.run("env", environment + [ServerProcess.binary] + arguments)
    }

    private func add(
        _ name: String, _ role: String, _ server: ServerProcess, by token: String? = nil
    ) throws -> String {
        let result = try fanfare(server, ["staff", "add", name, "--role", role], token: token)
        #expect(result.end == .exit(code: 0), "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func ask(
        _ server: ServerProcess, _ method: String, _ path: String, _ json: String? = nil,
        fields: [String] = []
    ) throws -> HTTPAnswer {
        var fields = fields
        if let json {
            fields += ["Content-Type: application/json", "Content-Length: \(json.utf8.count)"]
        }
        let client = try HTTPClient(port: server.staffPort)
        try client.connection.send(
            HTTPClient.request(method, path, fields: fields + ["Connection: close"])
                + Array((json ?? "").utf8))
        return try client.answer(to: method)
    }

    private func order(
        _ server: ServerProcess, _ name: String, _ cookie: String, _ json: String = "{}"
    ) throws -> HTTPAnswer {
        try ask(
            server, "POST", "/api/v1/shows/final/\(name)", json,
            fields: [cookie, "X-Fanfare: console", "Idempotency-Key: \(UUID().uuidString)"])
    }

    /// Logs somebody in.
    private func cookie(_ server: ServerProcess, _ token: String) throws -> String {
        let answer = try ask(server, "POST", "/api/v1/login", "{\"token\": \"\(token)\"}")
        #expect(answer.statusCode == 200, "\(answer.text)")
        let set = try #require(answer.field("Set-Cookie"))
        #expect(set.contains("HttpOnly; SameSite=Strict"))
        return "Cookie: \(set.prefix { $0 != ";" })"
    }

    @Test("Each does what the role allows, under the own name, and two people divide a prize")
    func rolesAndNames() throws {
        try ServerProcess.run(["--settle-needs-second", "--demo"]) { server in
            #expect(try server.staff("/api/v1/session").json["isOpen"] as? Bool == true)
            let refused = try fanfare(server, ["staff", "add", "ben"])
            #expect(refused.end == .exit(code: 1) && refused.errors.contains("first be a director"))
            let dora = try add("dora", "director", server)
            #expect(try server.staff("/api/v1/streams").statusCode == 401)
            let hans = try add("hans", "host", server, by: dora)
            let mona = try add("mona", "monitor", server, by: dora)
            let kept = try String(
                contentsOf: server.dataFolder.appending(path: "data/staff.json"), encoding: .utf8)
            #expect(!kept.contains(dora) && kept.contains("\"hans\""))

            let (asHans, asMona) = (try cookie(server, hans), try cookie(server, mona))
            let made = try fanfare(
                server,
                [
                    "show", "create", "Final", "--show", "final", "--stream", "demo", "--prize",
                    "10.00", "--currency", "EUR",
                ], token: hans)
            #expect(made.end == .exit(code: 0), "\(made.errors)")
            let asked = try ask(
                server, "POST", "/api/v1/shows/final/questions", "[]", fields: [asHans])
            #expect(asked.statusCode == 403, "a cookie without the header")
            let question = #"[{"text": "A?", "options": ["x", "y"], "correct": 1}]"#
            let imported = try ask(
                server, "POST", "/api/v1/shows/final/questions", question,
                fields: [asHans, "X-Fanfare: console", "Idempotency-Key: q"])
            #expect(imported.statusCode == 200, "\(imported.text)")
            #expect(try order(server, "lobby", asMona).statusCode == 403)
            #expect(try order(server, "lobby", asHans).statusCode == 200)
            let evil = try ask(
                server, "POST", "/api/v1/shows/final/pause", "{}",
                fields: [
                    asHans, "X-Fanfare: console", "Origin: http://evil.example",
                    "Idempotency-Key: e",
                ])
            #expect(evil.statusCode == 403)
            for (name, json) in [
                ("open", #"{"force": true}"#), ("lock", #"{"force": true}"#), ("reveal", "{}"),
                ("next", "{}"), ("finish", "{}"),
            ] {
                let answer = try order(server, name, asHans, json)
                #expect(answer.statusCode == 200, "\(name): \(answer.text)")
            }
            #expect(try order(server, "settle", asHans).statusCode == 202)
            #expect(try order(server, "settle", asHans).statusCode == 202)
            let other = try fanfare(server, ["show", "settle", "final", "--yes"], token: dora)
            #expect(other.end == .exit(code: 0), "\(other.errors)")
            let audit = try ask(
                server, "GET", "/api/v1/shows/final/audit", fields: [asMona])
            let entries = audit.json["entries"] as? [[String: Any]] ?? []
            #expect(entries.last?["by"] as? String == "hans and dora", "\(audit.text)")
            #expect(entries.first { $0["what"] as? String == "opened" }?["by"] as? String == "hans")
            #expect(audit.json["agrees"] as? Bool == true)

            // Struck off, a person is out at once.
            let gone = try fanfare(server, ["staff", "remove", "hans"], token: dora)
            #expect(gone.end == .exit(code: 0), "\(gone.errors)")
            #expect(try ask(server, "GET", "/api/v1/session", fields: [asHans]).statusCode == 401)
            #expect(try ask(server, "GET", "/api/v1/session", fields: [asMona]).statusCode == 200)
            let running = try fanfare(
                server,
                ["staff", "list", "--data", server.dataFolder.appending(path: "data").path])
            #expect(running.errors.contains("a server runs on"), "\(running.errors)")
        }
    }

    @Test("The last of the staff stays, unless it is meant; a second server is told of the ledger")
    func theLastPerson() throws {
        try ServerProcess.run { server in
            let folder = server.dataFolder.appending(path: "data").path
            let dora = try add("dora", "director", server)
            let kept = try fanfare(server, ["staff", "remove", "dora"], token: dora)
            #expect(kept.end == .exit(code: 1) && kept.errors.contains("--leave-open"))
            #expect(try server.staff("/api/v1/streams").statusCode == 401)

            let second = try Tool.run(
                ServerProcess.binary,
                [
                    "serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--staff",
                    "127.0.0.1:0", "--data", folder, "--open-ingest",
                ])
            #expect(second.end != .exit(code: 0))
            #expect(second.errors.contains("is in use by another process"), "\(second.errors)")

            server.stopIfRunning()
            let offline = ["staff", "remove", "dora", "--data", folder]
            let again = try fanfare(server, offline)
            #expect(
                again.end == .exit(code: 1) && again.errors.contains("is the last of the staff"))
            let meant = try fanfare(server, offline + ["--leave-open"])
            #expect(meant.end == .exit(code: 0), "\(meant.errors)")
            let list = try fanfare(server, ["staff", "list", "--data", folder])
            #expect(list.output.contains("nobody has a token"))
        }
    }

    @Test("A crowd that the console has sent reports, can be sent home, and goes with the server")
    func crowds() throws {
        try ServerProcess.run(["--demo"]) { server in
            let path = "/api/v1/rehearsals"
            try server.wait(for: "the demo") {
                try server.staff("/api/v1/streams/demo").json["state"] as? String == "live"
            }
            func begin(_ seconds: Int) throws -> String {
                let answer = try ask(
                    server, "POST", path,
                    "{\"stream\": \"demo\", \"viewers\": 5, \"seconds\": \(seconds)}")
                #expect(answer.statusCode == 202, "\(answer.text)")
                return answer.json["id"] as? String ?? ""
            }
            func state(_ id: String) throws -> String {
                try server.staff("\(path)/\(id)").json["state"] as? String ?? ""
            }
            let first = try begin(5)
            try server.wait(for: "the crowd's report", within: 60) { try state(first) == "done" }
            let report = try server.staff("\(path)/\(first)").json["report"] as? [String: Any]
            #expect(report?["joined"] as? Int == 5)
            let second = try begin(600)
            #expect(
                try ask(server, "POST", path, #"{"stream": "demo", "viewers": 1, "seconds": 5}"#)
                    .statusCode == 409)
            #expect(try ask(server, "DELETE", "\(path)/\(second)").statusCode == 204)
            try server.wait(for: "the crowd to be gone") { try state(second) == "failed" }
            let third = try begin(600)
            try server.wait(for: "the third crowd to watch", within: 30) {
                try server.metric("fanfare_viewers{stream=\"demo\"}") == 5
            }
            #expect(try state(third) == "running")
            let child = try #require(Self.children(of: server.process.pid).first)
            server.process.end()
            let deadline = Deadline(seconds: 15)
            while Self.isRunning(child), !deadline.isOver { usleep(10_000) }
            #expect(!Self.isRunning(child), "the crowd outlives the server")
        }
    }

    /// Whether there is such a process, and it isn't one that only waits to be taken note of.
    private static func isRunning(_ pid: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
            return false
        }
        return !text.contains(") Z ")
    }

    private static func children(of parent: pid_t) -> [pid_t] {
        let path = "/proc/\(parent)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return threads.flatMap { thread in
            let text = try? String(contentsOfFile: "\(path)/\(thread)/children", encoding: .utf8)
            return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }
}
