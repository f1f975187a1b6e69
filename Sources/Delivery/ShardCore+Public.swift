// What is the same for everybody who asks: pages and their parts, documents, the clock.

import AudienceProtocol
import Broadcast
import HTTPWire

extension ShardCore where Kernel: ~Copyable {
    /// Answers with bytes that are the same for all who ask, or says that they are known already.
    mutating func serve(
        _ shared: SharedBytes, _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int
    ) {
        let origin = settings.cors.allowedOrigin(for: head, in: bytes)
        let known = head.fieldValue(named: "if-none-match", in: bytes)
        let isKnown = EntityTag.isKnown(shared.entityTag, known, in: bytes)
        if isKnown || head.method == .head {
            let fields = settings.cors.fields(for: head, in: bytes)
            reply(
                slot, head,
                SharedResponses.response(
                    isKnown ? .notModified : .ok, shared, fields, keepAlive: head.keepAlive))
            return
        }
        send(
            sharedResponses.bytes(
                shared, origin: origin, variesByOrigin: settings.cors.variesByOrigin,
                keepAlive: head.keepAlive), isShared: true, to: slot)
        if !head.keepAlive { finishAnswering(slot, counted: .left) }
    }

    /// Answers a request for a file.
    ///
    /// - Returns: the bytes it took.
    mutating func answer(
        with file: StaticFile, _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int
    ) -> Int {
        guard head.method == .get || head.method == .head else {
            let allow = "GET, HEAD, OPTIONS"
            return refuse(
                slot, head, bytes, .methodNotAllowed, "Only \(allow) are answered here.",
                fields: [.init("Allow", allow)])
        }
        guard !head.hasBody else { return refuseBody(slot, head, bytes) }
        let codings = AcceptedCodings(
            head.fieldValue(named: "accept-encoding", in: bytes), in: bytes)
        let chosen = file.preferred(codings)
        let known = head.fieldValue(named: "if-none-match", in: bytes)
        if EntityTag.isKnown(chosen.entityTag, known, in: bytes) {
            reply(slot, head, file.notModified(chosen, keepAlive: head.keepAlive))
        } else if head.method == .head {
            send(file.head(chosen, keepAlive: head.keepAlive), to: slot)
            if !head.keepAlive { finishAnswering(slot, counted: .left) }
        } else {
            // The array is the file's own: however slowly it is read, it costs this connection nothing.
            send(head.keepAlive ? chosen.keptAlive : chosen.closing, isShared: true, to: slot)
            if !head.keepAlive { finishAnswering(slot, counted: .left) }
        }
        return head.headByteCount
    }

    // MARK: The clock

    /// The clocks at this turn.
    func clockReading(of programme: Programme?) -> ClockReading {
        ClockReading(
            serverMs: (nowNs + settings.serverOffsetNs) / 1_000_000,
            programmeMs: programme?.timeMs(nowNs: nowNs), targetDelayMs: settings.targetDelayMs)
    }

    /// Answers what time it is.
    mutating func tellTime(
        _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer, of slot: Int
    ) {
        let bytes = unsafe buffer.bytes
        let wanted = head.query.flatMap { Query.value(named: "stream", in: $0, of: bytes) }
        let programmes = (0..<programs.limits.programmeCountMax).compactMap { index in
            channels[Channel.index(program: index, .plain)].programme
        }
        let programme: Programme?
        if let wanted {
            programme = unsafe programmes.first { $0.name.utf8.elementsEqual(buffer[wanted]) }
        } else {
            programme = programmes.count == 1 ? programmes[0] : nil
        }
        let fields: [HTTPResponse.Field] = [
            .init("Content-Type", "application/json"), .init("Cache-Control", "no-store"),
        ]
        reply(
            slot, head,
            HTTPResponse(
                .ok, fields: fields + settings.cors.fields(for: head, in: bytes),
                body: clockReading(of: programme).json, keepAlive: head.keepAlive))
    }
}
