// Fuzzes a whole server session: in any cutting the same calls, answers and error, within bounds.

import FLV
import RTMP

private enum Event: Equatable {
    case connect(String, String)
    case publish(RTMPPublishRequest)
    case media(FLVTagType, UInt32, [UInt8])
    case leftOut(RTMPLeftOut)
    case refused(String)
    case unpublish(String)
}

private struct Recorder: RTMPServerHandler {
    var events: [Event] = []
    let accepts: Bool

    mutating func connect(app: String, tcUrl: String) -> RTMPDecision {
        events.append(.connect(app, tcUrl))
        return app == "no"
            ? .reject(code: "NetConnection.Connect.InvalidApp", description: "No.") : .accept
    }

    mutating func publish(_ request: RTMPPublishRequest) -> RTMPDecision {
        events.append(.publish(request))
        // Of a second publish the name decides, so that both kinds come after one that was taken.
        return accepts && request.streamName != "no"
            ? .accept : .reject(code: "NetStream.Publish.BadName", description: "No.")
    }

    mutating func media(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan) {
        precondition(body.byteCount > 0, "an empty body was handed on")
        events.append(.media(type, timestampMs, unsafe body.withUnsafeBytes { unsafe Array($0) }))
    }

    mutating func leftOut(_ what: RTMPLeftOut) {
        events.append(.leftOut(what))
    }

    mutating func refused(reason: String) {
        precondition(!reason.isEmpty)
        events.append(.refused(reason))
    }

    mutating func unpublish(reason: String) {
        events.append(.unpublish(reason))
    }
}

private struct Outcome: Equatable {
    var events: [Event] = []
    var outbox: [UInt8] = []
    var failure: RTMPError?
    var isClosing = false
    var isPublishing = false
    var hasEnded = false
}

private let limits: RTMPLimits = {
    var limits = RTMPLimits()
    limits.messageByteCountMax = 4000
    limits.reassemblyByteCountMax = 6000
    limits.chunkStreamCountMax = 8
    limits.outboxByteCountMax = 6000
    limits.messageByteCountMaxBeforePublish = 800
    limits.reassemblyByteCountMaxBeforePublish = 1200
    limits.outboxByteCountMaxBeforePublish = 5000
    // Acknowledgements go out at the end of an input, so they differ with the cutting.
    limits.acknowledgementWindowByteCountMin = 1 << 30
    limits.acknowledgementWindowByteCount = 1 << 30
    return limits
}()

/// libFuzzer's entry: the first byte chooses what comes before the rest of the input, which the
/// peer sends: nothing, a handshake, or all up to a publish, its end, or another publish; and whether a publish is accepted.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRTMPSession(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let beginning: [UInt8] =
        switch input[0] % 5 {
        case 0: []
        case 1: handshake
        case 2: handshake + messages(untilPublished)
        case 3: handshake + messages(untilPublished + ended)
        default: handshake + messages(untilPublished + ended + again)
        }
    let accepts = input[0] & 0x80 == 0
    let bytes = Array(input[1...])
    let whole = outcome(of: bytes, after: beginning, accepts: accepts) { _ in bytes.count }
    check(whole)
    precondition(
        whole == outcome(of: bytes, after: beginning, accepts: accepts) { _ in 1 },
        "byte by byte it differs")
    precondition(
        whole == outcome(of: bytes, after: beginning, accepts: accepts) { Int(bytes[$0] % 61) + 1 },
        "in pieces it differs")
    return 0
}

private func outcome(
    of input: [UInt8], after beginning: [UInt8], accepts: Bool, pieceByteCount: (Int) -> Int
) -> Outcome {
    var session = RTMPServerSession(limits: limits, handshakeSeed: 1)
    var recorder = Recorder(accepts: accepts)
    var outcome = Outcome()
    do throws(RTMPError) {
        try session.receive(beginning.span.bytes, handler: &recorder)
        var start = 0
        while start < input.count {
            let end = min(input.count, start + max(1, pieceByteCount(start)))
            let piece = Array(input[start..<end])
            try session.receive(piece.span.bytes, handler: &recorder)
            precondition(session.heldByteCount < 64 << 10, "memory grows")
            if !session.isPublishing, !session.hasEnded {
                precondition(session.heldByteCount < 4 << 10, "memory before a publish grows")
            }
            start = end
        }
    } catch {
        outcome.failure = error
        precondition(session.isClosing && !error.description.isEmpty)
    }
    outcome.events = recorder.events
    outcome.isClosing = session.isClosing
    outcome.isPublishing = session.isPublishing
    outcome.hasEnded = session.hasEnded
    outcome.outbox = session.takeOutbox()
    precondition(session.takeOutbox().isEmpty)
    return outcome
}

/// What holds of every session: media only between an accepted publish and its end, one publish at
/// a time, and an end for each that was accepted and ended in order.
private func check(_ outcome: Outcome) {
    var isPublished = false
    var hasPublished = false
    for (index, event) in outcome.events.enumerated() {
        switch event {
        case .connect: precondition(index == 0, "connected twice")
        case .publish(let request):
            precondition(!isPublished, "two publishes at a time")
            precondition(request.flashVersion.map { $0.utf8.count <= 64 } ?? true)
            // A rejected one is the last that the handler hears of.
            isPublished = index + 1 < outcome.events.count || outcome.isPublishing
            hasPublished = hasPublished || isPublished
        case .media: precondition(isPublished, "media outside of a publish")
        case .leftOut(.otherMessageStream):
            precondition(isPublished, "media of another stream outside of a publish")
        case .leftOut: break
        case .refused: break
        case .unpublish:
            precondition(isPublished, "ended twice")
            isPublished = false
        }
    }
    precondition(outcome.isPublishing == isPublished)
    precondition(outcome.hasEnded == (hasPublished && !isPublished))
    precondition(outcome.outbox.count < limits.outboxByteCountMax + 8192)
}

// MARK: What a peer sends first

private let handshake = [3] + [UInt8](repeating: 0, count: 2 * HandshakeDigest.packetByteCount)

private typealias Command = (stream: UInt32, values: [AMF0Value])

private let untilPublished: [Command] = [
    (0, [.string("connect"), .number(1), .object([AMF0Property("app", .string("live"))])]),
    (0, [.string("createStream"), .number(2), .null]),
    (1, [.string("publish"), .number(3), .null, .string("show?key=k")]),
]

private let ended: [Command] = [
    (0, [.string("FCUnpublish"), .number(4), .null, .string("show")]),
    (0, [.string("deleteStream"), .number(5), .null, .number(1)]),
]

private let again: [Command] = [
    (0, [.string("createStream"), .number(6), .null]),
    (1, [.string("publish"), .number(7), .null, .string("show/k")]),
]

private func messages(_ commands: [Command]) -> [UInt8] {
    var bytes: [UInt8] = []
    for command in commands {
        let body = AMF0.encode(command.values)
        ChunkWriter().write(
            .command, chunkStreamId: 3, messageStreamId: command.stream, body: body.span.bytes,
            to: &bytes)
    }
    return bytes
}
