// What one RTMP session is allowed, and where its tags go.

import Broadcast
import FLV
import IORing
import RTMP

/// The bridge from a session's wishes to a programme.
struct PublishHandler: RTMPServerHandler {
    let desk: PublishDesk
    let address: String
    let host: HostKey
    /// When the bytes came that are being handled, ms of the monotonic clock.
    var nowMs: Int64 = 0
    private(set) var turn: PublisherTurn?
    /// Why the programme takes no more tags from here.
    private(set) var failure: TagRefusal?
    /// Tags for which the programme has no room yet, and the moment when that began.
    private var heldUp = HeldUpTags()
    /// What there is to tell, in order.
    private(set) var events: [IngestEvent] = []

    init(desk: PublishDesk, address: String, host: HostKey) {
        self.desk = desk
        self.address = address
        self.host = host
    }

    mutating func connect(app: String, tcUrl: String) -> RTMPDecision {
        // Without one, the stream's name may begin with it.
        guard app == IngestSettings.app || app.isEmpty else {
            let text =
                "There is no application \"\(app.printable)\" here. Push to "
                + "rtmp://HOST/\(IngestSettings.app)/NAME?key=KEY."
            return refuse(code: "NetConnection.Connect.InvalidApp", text)
        }
        return .accept
    }

    mutating func publish(_ request: RTMPPublishRequest) -> RTMPDecision {
        do throws(PublishDesk.Refusal) {
            let (turn, displaced) = try desk.publish(
                request, from: address, host: host, nowMs: nowMs)
            if let displaced {
                events.append(
                    .takenOver(
                        stream: turn.stream, from: displaced.publisher.address, by: address,
                        silentMs: displaced.silentMs(nowMs: nowMs)))
            }
            self.turn = turn
            failure = nil
            events.append(.published(stream: turn.stream, publisher: turn.publisher))
            return .accept
        } catch {
            return refuse(code: error.code, error.text)
        }
    }

    mutating func media(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan) {
        guard failure == nil, let turn else { return }
        // Script data alone shows nobody anything: it is silence.
        if type != .script { turn.mediaMs = nowMs }
        turn.meter.media(type, timestampMs: timestampMs, body: body, nowMs: nowMs)
        guard heldUp.isEmpty else {
            heldUp.append(type, timestampMs: timestampMs, body: body, arrivalMs: nowMs)
            return
        }
        do throws(TagRefusal) {
            try turn.publication.append(
                type, timestampMs: timestampMs, body: body, arrivalMs: nowMs)
        } catch {
            if error == .heldUp {
                heldUp.append(type, timestampMs: timestampMs, body: body, arrivalMs: nowMs)
            } else {
                failure = error
            }
        }
    }

    mutating func leftOut(_ what: RTMPLeftOut) {
        let cause: LeftOutCause
        switch what {
        case .otherMessageStream: cause = .otherMessageStream
        case .tooLong: cause = what.isScript ? .scriptTooLong : .commandTooLong
        }
        turn?.publication.leaveOut(cause, nowMs: nowMs)
    }

    /// Whether the programme has no room for what has come: then nothing more is read from the
    /// publisher, and nobody else waits.
    var isHeldUp: Bool { !heldUp.isEmpty && failure == nil }

    /// Appends what was held up, as far as there is room now.
    mutating func retryHeldUp() {
        guard let publication = turn?.publication else { return heldUp.removeAll() }
        turn?.mediaMs = nowMs
        do throws(TagRefusal) {
            try heldUp.drain(to: publication)
        } catch {
            let waitedMs = nowMs - heldUp.sinceMs
            if error != .heldUp || waitedMs >= publication.program.heldUpMsMax { failure = error }
        }
    }

    mutating func refused(reason: String) {
        events.append(.refused(address: address, reason: reason))
    }

    mutating func unpublish(reason: String) {
        guard let turn = endTurn() else { return }
        events.append(.unpublished(stream: turn.stream, address: address, reason: reason))
    }

    /// The connection is gone; the programme waits for its publisher.
    mutating func disconnected(reason: String) {
        guard let turn = endTurn() else { return }
        events.append(.lost(stream: turn.stream, address: address, reason: reason))
    }

    /// Somebody else has ended this turn, and has told of it.
    mutating func dismissed() {
        heldUp.removeAll()
        turn = nil
    }

    mutating func violated(_ error: RTMPError) {
        if turn != nil {
            disconnected(reason: error.description)
        } else {
            events.append(.violated(address: address, reason: error.description))
        }
    }

    mutating func takeEvents() -> [IngestEvent] {
        guard !events.isEmpty else { return [] }
        defer { events = [] }
        return events
    }

    private mutating func endTurn() -> PublisherTurn? {
        guard let turn else { return nil }
        retryHeldUp()
        heldUp.removeAll()
        turn.publication.end(nowMs: nowMs)
        desk.ended(turn)
        self.turn = nil
        return turn
    }

    private mutating func refuse(code: String, _ text: String) -> RTMPDecision {
        events.append(.refused(address: address, reason: text))
        return .reject(code: code, description: text)
    }
}
