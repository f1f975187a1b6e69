// The client in WIRE.md plays, as it stands there.

import Foundation
import Testing

@Suite("WIRE.md's client", .ownThread)
struct WireClientTests {
    /// The program, cut out of the document.
    private static func program() throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let text = try String(
            contentsOf: folder.appending(path: "../../../Sources/WIRE.md"), encoding: .utf8)
        let start = try #require(text.range(of: "```python\n"))
        let rest = text[start.upperBound...]
        return String(rest[..<(try #require(rest.range(of: "\n```"))).lowerBound]) + "\n"
    }

    @Test("joins, hears the question, answers, and has its receipt and the reveal")
    func plays() throws {
        let file = try TemporaryFolder.make().appending(path: "client.py")
        try Self.program().write(to: file, atomically: true, encoding: .utf8)
        let plan: [String: Any] = ["lagMsMax": 0, "guestsMayWin": true]
        try ShowStage.run(["--guests"], plan: plan, correct: [0]) { stage in
            let address = "127.0.0.1:\(stage.server.httpPort)"
            let client = try ChildProcess("python3", [file.path, address, "show", "Ada"])
            defer { client.end() }
            try client.output.wait(for: #""phase": "lobby""#)
            try stage.host.wait(forPlayers: 1)
            try stage.host.perform("open")
            try client.output.wait(for: #""status":"accepted""#)
            try stage.reveal()
            try client.output.wait(for: #""phase": "reveal""#)
            let reveal = client.output.text.split(separator: "\n").last { $0.contains("reveal") }
            #expect(reveal?.contains(#""correctCount": 1"#) == true, "\(client.output.text)")
            #expect(client.errors.text.isEmpty)
        }
    }
}
