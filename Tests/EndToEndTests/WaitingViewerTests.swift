// Viewers who come before the publisher does.

import Foundation
import Testing

@Suite("A viewer who is early", .ownThread)
struct WaitingViewerTests {
    @Test("Who asks before the publisher is there waits, and gets the stream from its first frame")
    func waits() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let viewer = try ViewerClient(port: server.httpPort)
            try server.wait(for: "the viewer to be connected") {
                try server.sum(of: "fanfare_connections") == 1
            }
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<10])
            try viewer.wait(forTags: 1 + source.headers.count + 10)
            try publisher.send(source.frames[10...])
            let count = 1 + source.headers.count + source.frames.count
            let stream = try viewer.wait(forTags: count)
            let opening = try stream.verify(against: source)
            #expect(try source.index(of: opening.frames[0]) == 0)
        }
    }

    @Test("Who waits in vain gets its 404 after the time for waiting, with the stream's name")
    func waitsInVain() throws {
        try ServerProcess.run(["--wait-for-stream-ms", "700"]) { server in
            let began = ContinuousClock.now
            let answer = try HTTPClient.ask(port: server.httpPort, "/live/nobody-here.flv")
            let waited = began.duration(to: .now)
            #expect(answer.statusCode == 404)
            #expect(answer.field("Content-Type") == "application/json")
            #expect(answer.json["stream"] as? String == "nobody-here")
            #expect(waited >= .milliseconds(650))
            #expect(waited < .seconds(10))
        }
    }

    @Test("With no time for waiting the 404 comes at once, and the connection stays")
    func doesNotWait() throws {
        try ServerProcess.run(["--wait-for-stream-ms", "0"]) { server in
            let client = try HTTPClient(port: server.httpPort)
            for name in ["one", "two"] {
                try client.connection.send(HTTPClient.request("GET", "/live/\(name).flv"))
                let answer = try client.answer()
                #expect(answer.statusCode == 404)
                #expect(answer.keepsAlive)
                #expect(answer.json["stream"] as? String == name)
            }
        }
    }
}
