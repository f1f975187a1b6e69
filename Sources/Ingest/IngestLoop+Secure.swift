// Publishers over TLS: taken in after their handshake, and their records opened.

import TLS
import WireBytes

extension IngestLoop {
    /// Takes in those who have come through the door.
    mutating func takeIn(_ publishers: SecurePublishers) {
        var arrivals = publishers.take()
        guard !arrivals.isEmpty else { return }
        for index in arrivals.indices { takeIn(&arrivals[index]) }
        Wiping.wipeStack()
    }

    /// Has a frame of its own, which is wiped behind it.
    @inline(never)
    private mutating func takeIn(_ publisher: inout SecurePublisher) {
        guard !isStopping, let slot = freeSlot else { return publisher.drop() }
        let stream: SecureStream
        do {
            stream = try SecureStream(publisher.keys)
            try ring.install(descriptor: publisher.descriptor, into: slot)
        } catch {
            return publisher.drop()
        }
        // The slot has the socket from here on.
        publisher.drop()
        let connection = makeConnection(slot, publisher.peer)
        connection.secure = SecureTransport(stream)
        // A PROXY header comes before the handshake, and has been taken.
        connection.beginning = nil
        guard connection.isProxy || isWelcome(slot, connection) else { return }
        unsafe take(publisher.pending.span.bytes, slot, connection)
        makeRoom(for: connection.isProxy ? nil : connection.handler.host)
    }
}

/// The TLS of a publisher's connection.
final class SecureTransport {
    private let stream: SecureStream
    /// The last record, once nothing follows it.
    private var lastWord: [UInt8]?
    private var hasSaidLast = false

    init(_ stream: SecureStream) { self.stream = stream }

    /// Whether the publisher has said that nothing follows.
    var isClosed: Bool { stream.isClosed }

    /// Whether the publisher has broken TLS.
    var hasFailed: Bool { lastWord != nil }

    /// Opens what came; nothing more once it has failed.
    func open(_ bytes: RawSpan) throws(TLSError) -> [UInt8] {
        var plaintext: [UInt8] = []
        guard lastWord == nil else { return plaintext }
        do throws(TLSError) {
            try stream.open(bytes, into: &plaintext)
        } catch {
            lastWord = stream.sealFailure(error)
            throw error
        }
        return plaintext
    }

    /// What goes over the wire for bytes of the session.
    ///
    /// - Parameter isLast: nothing follows them.
    func seal(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        var records: [UInt8] = []
        guard !hasSaidLast else { return records }
        if lastWord == nil {
            do throws(TLSError) {
                try unsafe stream.seal(bytes.span.bytes, into: &records)
            } catch {
                // Its keys are spent after 16 million records of ours, which RTMP never sends.
                lastWord = []
            }
        }
        if isLast {
            hasSaidLast = true
            records += lastWord ?? stream.sealClose()
        }
        return records
    }
}
