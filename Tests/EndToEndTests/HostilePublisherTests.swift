// What comes to the RTMP port and is no encoder.

import FLV
import Foundation
import TestSupport
import Testing

@Suite("A hostile publisher", .ownThread)
struct HostilePublisherTests {
    @Test("Garbage instead of a handshake ends its connection only")
    func garbage() throws {
        try GoodCompany.keep { server in
            var random = SeededRandom(seed: 1)
            for first in [UInt8](arrayLiteral: 0, 6, 22, 71, 255) {
                let connection = try Connection(port: server.rtmpPort)
                // The server may hang up before it has taken all of it.
                _ = try? connection.send([first] + random.bytes(8_000))
                #expect(try connection.receiveToEnd(within: 5).isEmpty)
            }
            try server.waitForLog("doesn't speak RTMP as it should")
        }
    }

    @Test("A browser that comes to the wrong port is sent away, and the log says why")
    func browser() throws {
        try GoodCompany.keep { server in
            let connection = try Connection(port: server.rtmpPort)
            try connection.send(HTTPClient.request("GET", "/"))
            #expect(try connection.receiveToEnd(within: 5).isEmpty)
            try server.waitForLog("not HTTP")
        }
    }

    @Test("A handshake of random bytes after the version is taken, what follows it is not")
    func garbageAfterHandshake() throws {
        try GoodCompany.keep { server in
            var random = SeededRandom(seed: 2)
            let connection = try Connection(port: server.rtmpPort)
            try connection.send([3] + random.bytes(3_072))
            _ = try? connection.send([0xC9] + random.bytes(60_000))
            #expect(try connection.receiveToEnd(within: 5).count >= 3_073)
        }
    }

    @Test("Chunk sizes of 0 and 2^31 are an offence", arguments: [0, 0x8000_0000] as [UInt32])
    func chunkSize(_ size: UInt32) throws {
        try GoodCompany.keep { server in
            let client = try RTMPClient(port: server.rtmpPort)
            _ = try client.connect()
            client.send(control: 1, value: size)
            let last = try client.answersToEnd().last
            #expect(last?.level == "error")
            #expect(last?.text.contains("chunk size of \(size)") == true)
        }
    }

    @Test("A message of 16 MB is refused before it is held")
    func hugeMessage() throws {
        try GoodCompany.keep { server in
            let client = try RTMPClient.publishing("huge", port: server.rtmpPort)
            let body = [UInt8](repeating: 0x17, count: 400_000)
            let announced = client.message(
                9, body, chunkStreamId: 6, announcing: 0xFF_FFFF)
            _ = try? client.connection.send(announced)
            let last = try client.answersToEnd().last
            #expect(last?.level == "error")
            #expect(last?.text.contains("announces 16777215 bytes") == true)
        }
    }

    @Test("Many messages that are begun and never finished are not held without end")
    func unfinishedMessages() throws {
        try GoodCompany.keep { server in
            for _ in 0..<5 {
                let client = try RTMPClient.publishing("open", port: server.rtmpPort)
                for chunkStreamId in UInt8(6)..<60 {
                    let piece = client.message(
                        9, [UInt8](repeating: 0x27, count: 4 * RTMPClient.chunkByteCount),
                        chunkStreamId: chunkStreamId, announcing: 8 << 20)
                    _ = try? client.connection.send(piece)
                }
                let last = try client.answersToEnd().last
                #expect(last?.level == "error")
                #expect(last?.text.contains("unfinished") == true)
            }
        }
    }

    @Test("A chunk of a stream that never began is an offence")
    func neverBegun() throws {
        try GoodCompany.keep { server in
            let client = try RTMPClient.publishing("torn", port: server.rtmpPort)
            try client.connection.send([0xC0 | 40] + [UInt8](repeating: 0, count: 100))
            let last = try client.answersToEnd().last
            #expect(last?.level == "error")
            #expect(last?.text.contains("chunk stream 40") == true)
        }
    }

    @Test("AMF that is nested 10 000 deep is an offence in a command, and left out as metadata")
    func nestedAMF() throws {
        // Arrays of one array of one array …
        var nested: [UInt8] = []
        for _ in 0..<10_000 { nested += [0x0A, 0, 0, 0, 1] }
        nested.append(0x05)
        try GoodCompany.keep { server in
            let client = try RTMPClient(port: server.rtmpPort)
            let command = AMF0.encode(.string("connect"), .number(1)) + nested
            client.send(control: 1, value: UInt32(RTMPClient.chunkByteCount))
            try client.connection.send(
                client.message(20, command, chunkStreamId: 3, messageStreamId: 0))
            #expect(try client.answersToEnd().isEmpty)

            let publisher = try RTMPClient.publishing("nested", port: server.rtmpPort)
            let script = AMF0.encode(.string("@setDataFrame"), .string("onMetaData")) + nested
            try publisher.connection.send(publisher.message(18, script, chunkStreamId: 5))
            // The stream itself goes on.
            let source = try Source.clip.get()
            try publisher.send(source.headers + source.frames)
            let viewer = try ViewerClient(port: server.httpPort, stream: "nested")
            let stream = try viewer.wait(forTags: 5)
            #expect(try stream.opening(of: source).metadata["width"] == .number(Source.width))
        }
    }

    @Test("Strings that are longer than their message are an offence, not read past its end")
    func longStrings() throws {
        try GoodCompany.keep { server in
            let client = try RTMPClient(port: server.rtmpPort)
            // A string that says 65 535 bytes and has two.
            try client.connection.send(
                client.message(
                    20, [0x02, 0xFF, 0xFF, 0x61, 0x62], chunkStreamId: 3, messageStreamId: 0))
            #expect(try client.answersToEnd().isEmpty)
        }
    }

    @Test("Media without a body, or with half a header, is left out")
    func emptyMedia() throws {
        try GoodCompany.keep { server in
            let source = try Source.clip.get()
            let client = try RTMPClient.publishing("empty", port: server.rtmpPort)
            try client.send(source.headers + source.frames[..<4])
            for body in [[], [0x17], [0x17, 1], [0x90, 0x68], [0x9F]] as [[UInt8]] {
                try client.send([MediaTag(type: .video, timestampMs: 200, body: body)])
            }
            for body in [[], [0xAF], [0x90, 0x6D], [0x9F]] as [[UInt8]] {
                try client.send([MediaTag(type: .audio, timestampMs: 200, body: body)])
            }
            try client.send(source.frames[4...])
            let viewer = try ViewerClient(port: server.httpPort, stream: "empty")
            let last = try #require(source.frames.last)
            try viewer.wait(forTag: last).verify(against: source)
        }
    }

    @Test("Hundreds of connections that say nothing make room for a publisher")
    func silence() throws {
        try GoodCompany.keep { server in
            let silent = try (0..<400).map { _ in try Connection(port: server.rtmpPort) }
            let publisher = try RTMPClient.publishing("late", port: server.rtmpPort)
            let source = try Source.clip.get()
            try publisher.send(source.headers + source.frames)
            let viewer = try ViewerClient(port: server.httpPort, stream: "late")
            try viewer.wait(forTags: 5)
            // The oldest of them had to go.
            #expect(silent[0].isReadable(within: 5))
        }
    }
}
