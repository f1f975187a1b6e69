// What has to be true of WebSockets in a simulated run.

@testable import Broadcast
@testable import Delivery
@testable import IORing

extension Simulation {
    /// Begins to note a programme's frames once the shard has them made.
    func follow(_ truth: Truth) {
        guard truth.framed == nil,
            let channel = core.channels.indices.first(where: {
                Channel.framing(of: $0) == .webSocket
                    && core.channels[$0].programme === truth.program
            }), let view = core.channels[channel].view
        else { return }
        truth.framed = FramedTruth(view, nowNs: nowNs)
    }

    /// Reads what a client got, be it plain or in frames.
    func outcome(of bytes: ArraySlice<UInt8>, end: StreamEnd) -> StreamOutcome {
        guard bytes.starts(with: "HTTP/1.1 101 ".utf8) else {
            return StreamChecker.check(bytes, truths: truths, end: end)
        }
        let report = SocketReport(Array(bytes))
        if let problem = report.problem { return .bad("as a WebSocket: \(problem)") }
        if report.tornByteCount > 0, !end.mayBeTorn { return .bad("ends within a frame") }
        guard !report.stream.isEmpty || !report.tornStream.isEmpty else { return .noStream }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\n\r\n"
        let plain = Array(head.utf8) + report.stream + report.tornStream
        var end = end
        if report.closeCode != nil, report.closeReason != "The stream has ended." {
            end.mayEndAtStart = true
        }
        return StreamChecker.check(plain[...], truths: truths, end: end)
    }

    /// Whoever is there and not behind has had every reply.
    func checkReplies() {
        for slot in 0..<core.table.usedEnd {
            guard let session = core.table[slot].session, let client = world.slots[slot],
                core.sessions[session].flags.contains(.webSocket),
                !core.sessions[session].flags.contains(.closing),
                core.table[slot].outbound < 0, client.life == .open
            else { continue }
            let address = core.replyAddress(slot)
            let count = client.socket.texts.count { $0.contains("receipt") }
            let due = service.replyCount(address)
            if count != due { fail("client \(client.id) got \(count) of \(due) replies") }
        }
    }
}

extension FakeConnection {
    /// Whether it has become a WebSocket.
    var isSocket: Bool { received.starts(with: "HTTP/1.1 101 ".utf8) }
}
