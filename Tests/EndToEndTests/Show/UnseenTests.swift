// A question that nobody could see or answer: not opened, or given its time back.

import Foundation
import Testing

@Suite("Questions nobody sees", .ownThread)
struct UnseenTests {
    private static func onAir(_ state: [String: Any]) -> [String: Any] {
        state["onAir"] as? [String: Any] ?? [:]
    }

    @Test("Without a viewer or a picture a question isn't opened, unless it is forced")
    func refused() throws {
        try ShowStage.run { stage in
            try stage.host.wait(for: "the stream") { Self.onAir($0)["feed"] as? String == "live" }
            let nobody = try stage.host.order("open", ["force": false])
            #expect(nobody.statusCode == 409 && nobody.json["code"] as? String == "unseen")
            #expect((nobody.json["error"] as? String)?.contains("no viewers") == true)
            let watcher = try stage.player("a")
            let live = try stage.host.wait(for: "a viewer") {
                Self.onAir($0)["isSeen"] as? Bool == true
            }
            #expect(Self.onAir(live)["feed"] as? String == "live")
            #expect(Self.onAir(live)["viewers"] as? Int == 1)
            #expect(try stage.host.order("open", ["force": false]).statusCode == 200)
            try stage.reveal()
            stage.publisher.stop()
            let silent = try stage.host.wait(for: "silence") {
                Self.onAir($0)["isSeen"] as? Bool == false
            }
            #expect(["silent", "off"].contains(Self.onAir(silent)["feed"] as? String))
            let lost = try stage.host.order("open", ["force": false])
            #expect(lost.statusCode == 409 && lost.json["code"] as? String == "unseen")
            #expect(try stage.host.order("open", ["force": true]).statusCode == 200)
            withExtendedLifetime(watcher) {}
        }
    }

    @Test("A process that stood still for longer than the window eliminates nobody")
    func standstill() throws {
        try ShowStage.run(windowMs: 2000) { stage in
            let player = try stage.player("a")
            try stage.open("q1", for: [player])
            try stage.host.perform("lock")
            stage.server.process.signal(SIGSTOP)
            // The time of the window passes while nobody can answer.
            usleep(4_000_000)
            // On its way before the process runs again.
            try player.answer("q1", 0)
            stage.server.process.signal(SIGCONT)
            #expect(Ruling(try player.nextText()) == .accepted)
            try stage.host.waitForLock()
            try stage.host.perform("reveal")
            let tally = try stage.host.state()["tally"] as? [String: Int]
            #expect(tally?["survivors"] == 1)
            let notes = try stage.host.state()["notes"] as? [[String: Any]]
            #expect((notes?.last?["text"] as? String)?.contains("stood still") == true)
            let audit = try stage.host.report("/audit")
            #expect(audit["agrees"] as? Bool == true)
        }
    }

    @Test("A backup is made while the show goes on, and a server goes on with it")
    func backup() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "backup.sqlite").path
        try ShowStage.run { stage in
            let player = try stage.player("a")
            try stage.open("q1", for: [player])
            #expect(try player.rule("q1", 0) == .accepted)
            let data = stage.server.dataFolder.appending(path: "data").path
            let said = try Tool.succeed(
                ServerProcess.binary, ["backup", file, "--data", data])
            #expect(said.contains("1 shows, 1 answers; read through and sound"))
            let again = try Tool.run(ServerProcess.binary, ["backup", file, "--data", data])
            #expect(again.end == .exit(code: 1) && again.errors.contains("--force"))
            #expect(try stage.host.order("lock", ["force": true]).statusCode == 200)
        }
        let data = folder.appending(path: "data").path
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: file, toPath: data + "/ledger.sqlite")
        try ServerProcess.run(["--data", data]) { server in
            let state = try ShowHost(port: server.staffPort, show: "quiz").state()
            let question = state["question"] as? [String: Any]
            #expect(question?["state"] as? String == "open")
            #expect(question?["answeredCount"] as? Int == 1)
        }
    }
}
