// What one RTMP session is allowed, and where its tags go.

import Broadcast
import FLV
import RTMP

/// The bridge from a session's wishes to a programme.
struct PublishHandler: RTMPServerHandler {
    let programs: Programs
    let keyCheck: @Sendable (String?) -> Bool
    let address: String
    /// When the bytes came that are being handled, ms of the monotonic clock.
    var nowMs: Int64 = 0
    private(set) var publication: Publication?
    private(set) var stream = ""
    /// Why the programme takes no more tags from here.
    private(set) var failure: TagRefusal?
    /// What there is to tell, in order.
    private(set) var events: [IngestEvent] = []

    init(programs: Programs, keyCheck: @escaping @Sendable (String?) -> Bool, address: String) {
        self.programs = programs
        self.keyCheck = keyCheck
        self.address = address
    }

    mutating func connect(app: String, tcUrl: String) -> RTMPDecision {
        guard app == IngestSettings.app else {
            let text =
                "There is no application \"\(app.prefix(64))\" here. Push to "
                + "rtmp://HOST/\(IngestSettings.app)/NAME?key=KEY."
            return refuse(code: "NetConnection.Connect.InvalidApp", text)
        }
        return .accept
    }

    mutating func publish(_ request: RTMPPublishRequest) -> RTMPDecision {
        guard keyCheck(request.key) else {
            let text =
                request.key == nil
                ? "The stream key is missing. Push to rtmp://HOST/live/NAME?key=KEY."
                : "The stream key is wrong. Take the one from the server's banner or its data folder."
            return refuse(code: "NetStream.Publish.Denied", text)
        }
        do {
            let publisher = Publisher(address: address, encoder: request.flashVersion)
            publication = try programs.publish(
                name: request.streamName, publisher: publisher, nowMs: nowMs)
            stream = request.streamName
            events.append(.published(stream: stream, publisher: publisher))
            return .accept
        } catch {
            return refuse(code: "NetStream.Publish.BadName", error.description)
        }
    }

    mutating func media(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan) {
        guard failure == nil, let publication else { return }
        do {
            try publication.append(
                type, timestampMs: timestampMs, body: body, arrivalMs: nowMs)
        } catch {
            failure = error
        }
    }

    mutating func unpublish(reason: String) {
        guard let publication else { return }
        publication.end(nowMs: nowMs)
        self.publication = nil
        events.append(.unpublished(stream: stream, address: address, reason: reason))
    }

    /// The connection is gone; the programme waits for its publisher.
    mutating func disconnected(reason: String) {
        guard let publication else { return }
        publication.end(nowMs: nowMs)
        self.publication = nil
        events.append(.lost(stream: stream, address: address, reason: reason))
    }

    mutating func violated(_ error: RTMPError) {
        if publication != nil {
            disconnected(reason: error.description)
        } else {
            events.append(.violated(address: address, reason: error.description))
        }
    }

    mutating func takeEvents() -> [IngestEvent] {
        defer { events = [] }
        return events
    }

    private mutating func refuse(code: String, _ text: String) -> RTMPDecision {
        events.append(.refused(address: address, reason: text))
        return .reject(code: code, description: text)
    }
}
