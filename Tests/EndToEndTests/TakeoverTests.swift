// A publisher gives way: to its own return, or at the staff's word.

import Foundation
import Testing

@Suite("A publisher gives way", .ownThread)
struct TakeoverTests {
    /// Publishes as soon as it is let, and says what it was told before that.
    private func publishWhenLet(
        _ name: String, port: UInt16
    ) throws -> (client: RTMPClient, refusals: [String]) {
        var refusals: [String] = []
        let deadline = Deadline(seconds: 30)
        while deadline.leftMs > 0 {
            let client = try RTMPClient(port: port)
            let answer = try client.publish(name)
            if answer.code == "NetStream.Publish.Start" { return (client, refusals) }
            refusals.append(answer.text)
        }
        throw TestFailure.unexpected("not let in after 30 s: \(refusals.last ?? "")")
    }

    @Test("An encoder that lost its network comes back at once, though its old connection stands")
    func ghost() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--ingest-takeover-ms", "2000"]) { server in
            // It never hangs up: nothing tells the server that its network is gone.
            let ghost = try RTMPClient.publishing(port: server.rtmpPort)
            try ghost.send(source.headers + source.frames[..<30])
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 4)
            let (back, refusals) = try publishWhenLet("show", port: server.rtmpPort)
            for text in refusals {
                #expect(text.contains("has a publisher already"), "\(text)")
                #expect(text.contains("fanfare stream off show"), "\(text)")
            }
            #expect(try ghost.answersToEnd().last?.text.contains("taken the stream over") == true)
            try server.waitForLog("takes live/show over")

            try back.send(source.headers + source.frames)
            let stream = try viewer.wait(forTag: try #require(source.frames.last))
            #expect(stream.end == nil)
            try verifyNeverStepsBack(stream.tags)
            let frames = try stream.opening(of: source).frames
            try source.verify(frames.suffix(source.frames.count), from: 0)
        }
    }

    @Test("The staff take a publisher off, and whoever publishes next has the stream")
    func takenOff() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--demo"]) { server in
            let first = try RTMPClient.publishing(port: server.rtmpPort)
            try first.send(source.headers + source.frames[..<30])
            let off = try Tool.succeed(
                ServerProcess.binary,
                ["stream", "off", "show", "--staff", "http://127.0.0.1:\(server.staffPort)"])
            #expect(off.contains("is off show"))
            #expect(try first.answersToEnd().last?.text.contains("staff") == true)
            try server.waitForLog("was taken off live/show by the staff")
            #expect(try server.streamStatus()["state"] as? String == "waiting")

            for (stream, status) in [("show", 409), ("demo", 409), ("nosuch", 404)] {
                let answer = try server.staff(
                    "/api/v1/streams/\(stream)/publisher", method: "DELETE")
                #expect(answer.statusCode == status)
            }
            let second = try RTMPClient.publishing(port: server.rtmpPort)
            try second.send(source.headers + source.frames[..<30])
            try server.wait(for: "the second publisher") {
                try server.streamStatus()["state"] as? String == "live"
            }
        }
    }

    @Test("An encoder stops and starts on one connection, and its programme goes on")
    func stopsAndStarts() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let client = try RTMPClient.publishing(port: server.rtmpPort)
            try client.send(source.headers + source.frames[..<4])
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 7)
            // Sent twice, as some do: it is one publish.
            try client.command("publish", 4, .null, .string("show"), messageStreamId: 1)
            _ = try client.answer { $0.code == "NetStream.Publish.Start" }
            try client.send(source.frames[4..<30])
            try client.command("FCUnpublish", 5, .null, .string("show"))
            try client.command("deleteStream", 6, .null, .number(1))
            _ = try client.answer { $0.code == "NetStream.Unpublish.Success" }
            try client.command("createStream", 7, .null)
            try client.command("publish", 8, .null, .string("show"), messageStreamId: 1)
            _ = try client.answer { $0.code == "NetStream.Publish.Start" }
            try client.send(source.headers + source.frames)
            let count = 1 + source.headers.count + 30 + source.frames.count
            let stream = try viewer.wait(forTags: count)
            let frames = try stream.opening(of: source).frames
            try source.verify(frames[..<30], from: 0)
            try source.verify(frames[30...], from: 0)
            try verifyNeverStepsBack(stream.tags)
        }
    }
}
