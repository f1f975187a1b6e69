// Peers who send as fast as they can, on the one thread that serves everybody.

import Foundation
import Testing

@Suite("A flood", .ownThread)
struct FloodTests {
    /// What peers send without an end.
    enum Flood: String, CaseIterable {
        /// A head that never ends.
        case head
        /// Small requests, whose answers are read.
        case requests

        var beginning: [UInt8] {
            self == .head ? Array("GET /live/show.flv HTTP/1.1\r\nX: ".utf8) : []
        }

        var piece: [UInt8] {
            switch self {
            case .head:
                return [UInt8](repeating: UInt8(ascii: "x"), count: 256 << 10)
            case .requests:
                let request = HTTPClient.request("OPTIONS", "/")
                return Array([[UInt8]](repeating: request, count: 500).joined())
            }
        }
    }

    /// A peer that floods on threads of its own until the server ends it, or it is stopped.
    final class Flooder: Sendable {
        private let connection: Connection
        private let isOver = Monitor(false)

        init(_ flood: Flood, port: UInt16) throws {
            let connection = try Connection(port: port)
            self.connection = connection
            let isOver = isOver
            Thread.detachNewThread {
                let piece = flood.piece
                do {
                    try connection.send(flood.beginning)
                    while true { try connection.send(piece, within: 60) }
                } catch {
                    isOver.withLock { $0 = true }
                }
            }
            Thread.detachNewThread {
                while let bytes = try? connection.receive(within: 60), !bytes.isEmpty {}
            }
        }

        func waitForEnd(within seconds: Double) -> Bool { isOver.wait(within: seconds) { $0 } }

        func stop() { connection.hangUp() }
    }

    @Test("Whatever floods the server, viewers get every frame in time", arguments: Flood.allCases)
    func viewersGoOn(_ flood: Flood) throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--shards", "1"]) { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let feed = try LiveFeed(source, by: publisher)
            try feed.send(until: 10)
            try viewer.wait(forTags: 13)
            let before = try server.residentByteCount()
            var flooders: [Flooder] = []
            defer { for flooder in flooders { flooder.stop() } }
            for end in stride(from: 20, through: 200, by: 10) {
                // A head that never ends is over soon; there is always another.
                flooders.append(try Flooder(flood, port: server.httpPort))
                if flooders.count > 3 { flooders.removeFirst().stop() }
                try feed.send(until: end)
                // Seconds, as a debug build on a busy machine is slow; a flood that isn't bounded
                // holds them up for as long as it lasts.
                try viewer.wait(forTags: 3 + end, within: 15)
            }
            #expect(try server.residentByteCount() - before < GoodCompany.growthByteCountMax)
            if flood == .head {
                for flooder in flooders { #expect(flooder.waitForEnd(within: 10)) }
            }
            for flooder in flooders { flooder.stop() }
            try feed.send()
            let last = try #require(source.frames.last)
            try viewer.wait(forTag: last).verify(against: feed.source)
        }
    }
}
