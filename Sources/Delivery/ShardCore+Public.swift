// What is the same for everybody who asks: pages and their parts, documents, the clock.

import AudienceProtocol
import Broadcast
import HTTPWire
import Synchronization
import WireBytes

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
        let serverOffsetUs = programs.serverOffsetUs.load(ordering: .relaxed)
        return ClockReading(
            serverMs: (nowNs / 1_000 + serverOffsetUs) / 1_000,
            programmeMs: programme?.timeMs(nowNs: nowNs),
            targetDelayMs: programs.limits.targetDelayMs)
    }

    /// Answers what time it is.
    mutating func tellTime(_ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int) {
        let programme: Programme?
        if let name = wantedStream(head, bytes) {
            programme = plainChannel(named: name.utf8).flatMap { channels[$0].programme }
        } else {
            programme = onlyProgramme
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

    /// The one programme that there is; nil where there are several.
    private var onlyProgramme: Programme? {
        var only: Programme?
        for index in 0..<programs.limits.programmeCountMax {
            guard let programme = channels[Channel.index(program: index, .plain)].programme else {
                continue
            }
            guard only == nil else { return nil }
            only = programme
        }
        return only
    }

    /// The stream that a request names in its query; nil where it names none. What can't be decoded is
    /// a name that no stream has.
    func wantedStream(_ head: HTTPRequestHead, _ bytes: RawSpan) -> String? {
        head.query.flatMap { Query.value(named: "stream", in: $0, of: bytes) }
            .map { PercentEncoding.decode($0, in: bytes) ?? "" }
    }
}
