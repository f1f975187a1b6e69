// What one RTMP session is allowed, and where its tags go.

import Broadcast
import FLV
import RTMP
import WireBytes

/// The bridge from a session's wishes to a programme.
struct PublishHandler: RTMPServerHandler {
    let admission: PublishAdmission
    /// Where it comes from; another one once a proxy has said so.
    private(set) var address: String
    private(set) var host: HostKey
    /// Whether somebody else is asked about publishers.
    let isAsking: Bool
    /// What is to be asked, until it is taken.
    private var question: PublishQuestion?
    /// What somebody else has said about the publish that waits.
    private var verdict: PublishVerdict?
    /// When the bytes came that are being handled, ms of the monotonic clock.
    var nowMs: Int64 = 0
    private(set) var active: ActivePublisher?
    /// Why the programme takes no more tags from here.
    private(set) var failure: TagRefusal?
    /// Tags for which the programme has no room yet, and the moment when that began.
    private var heldUp = PendingTags()
    /// What there is to tell, in order.
    private(set) var events: [IngestEvent] = []

    init(
        admission: PublishAdmission, address: String, host: HostKey, isAsking: Bool = false
    ) {
        self.isAsking = isAsking
        self.admission = admission
        self.address = address
        self.host = host
    }

    /// A proxy has said whose the connection is.
    mutating func become(_ source: IPEndpoint) {
        address = source.description
        host = source.hostKey
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

    /// What is to be asked now, once.
    mutating func takeQuestion() -> PublishQuestion? {
        defer { question = nil }
        return question
    }

    /// Somebody else has decided; `publish` comes again.
    mutating func take(_ verdict: PublishVerdict) { self.verdict = verdict }

    mutating func publish(_ request: RTMPPublishRequest) -> RTMPDecision {
        do throws(PublishAdmission.Refusal) {
            if isAsking {
                guard let verdict else {
                    // Who hasn't the key is nothing to ask about.
                    try admission.check(request, host: host, nowMs: nowMs)
                    question = PublishQuestion(
                        stream: request.streamName, address: address,
                        encoder: request.flashVersion)
                    return .wait
                }
                // Each publish is asked about anew.
                self.verdict = nil
                if case .refused(let text) = verdict { throw .denied(text) }
            }
            let (active, displaced) = try admission.publish(
                request, from: address, host: host, nowMs: nowMs)
            if let displaced {
                events.append(
                    .takenOver(
                        stream: active.stream, from: displaced.publisher.address, by: address,
                        silentMs: active.publication.displaced?.silentMs ?? 0))
            }
            self.active = active
            failure = nil
            events.append(.published(stream: active.stream, publisher: active.publisher))
            return .accept
        } catch {
            return refuse(code: error.code, error.text)
        }
    }

    mutating func media(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan) {
        guard failure == nil, let active else { return }
        guard heldUp.isEmpty else {
            heldUp.append(type, timestampMs: timestampMs, body: body, arrivalMs: nowMs)
            return
        }
        do throws(TagRefusal) {
            try active.publication.append(
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
        active?.publication.leaveOut(cause)
    }

    /// Whether the programme has no room for what has come: then nothing more is read from the
    /// publisher, and nobody else waits.
    var isHeldUp: Bool { !heldUp.isEmpty && failure == nil }

    /// Appends what was held up, as far as there is room now.
    mutating func retryHeldUp() {
        guard let publication = active?.publication else { return heldUp.removeAll() }
        // It isn't the publisher that is silent.
        publication.mediaCame(nowMs: nowMs)
        do throws(TagRefusal) {
            try heldUp.drain(to: publication)
        } catch {
            let waitedMs = nowMs - heldUp.sinceMs
            if error != .heldUp || waitedMs >= publication.programme.heldUpMsMax { failure = error }
        }
    }

    mutating func refused(reason: String) {
        events.append(.refused(address: address, reason: reason))
    }

    mutating func unpublish(reason: String) {
        guard let active = endPublication() else { return }
        events.append(.unpublished(stream: active.stream, address: address, reason: reason))
    }

    /// The connection is gone; the programme waits for its publisher.
    mutating func disconnected(reason: String) {
        guard let active = endPublication() else { return }
        events.append(.lost(stream: active.stream, address: address, reason: reason))
    }

    /// Somebody else has ended this publication, and has told of it.
    mutating func dismissed() {
        heldUp.removeAll()
        active = nil
    }

    mutating func violated(_ error: RTMPError) {
        if active != nil {
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

    private mutating func endPublication() -> ActivePublisher? {
        guard let active else { return nil }
        retryHeldUp()
        heldUp.removeAll()
        active.publication.end(nowMs: nowMs)
        admission.ended(active)
        self.active = nil
        return active
    }

    private mutating func refuse(code: String, _ text: String) -> RTMPDecision {
        events.append(.refused(address: address, reason: text))
        return .reject(code: code, description: text)
    }
}
