// What comes of a connection: opened where it is sealed, rid of what a proxy says, and understood.

import RTMP
import TLS

extension IngestLoop {
    /// Takes what came of a connection.
    mutating func take(_ bytes: RawSpan, _ slot: Int, _ connection: IngestConnection) {
        guard let secure = connection.secure else {
            return understand(bytes, slot, connection)
        }
        do throws(TLSError) {
            let plaintext = try secure.open(bytes)
            unsafe understand(plaintext.span.bytes, slot, connection)
            guard secure.isClosed, connections[slot] === connection else { return }
            connection.handler.disconnected(reason: "the publisher hung up")
            close(slot, connection)
        } catch {
            connection.handler.disconnected(reason: error.description)
            connection.session.endPublish(
                code: "NetStream.Publish.Failed", description: error.description)
            afterInput(slot, connection)
        }
    }

    private mutating func understand(
        _ bytes: RawSpan, _ slot: Int, _ connection: IngestConnection
    ) {
        guard let start = skipProxyHeader(bytes, slot, connection) else { return }
        do throws(RTMPError) {
            try receive(bytes.extracting(start...), of: connection)
        } catch {
            connection.handler.violated(error)
        }
        if let active = connection.handler.active {
            connection.idleSinceMs = nowMs
            // A long picture on a slow network is no silence.
            if connection.session.isInMessage { active.publication.mediaCame(nowMs: nowMs) }
        }
        finishInput(slot, connection)
    }

    /// Hands bytes to the session, behind those that were kept to see what they are.
    private func receive(_ bytes: RawSpan, of connection: IngestConnection) throws(RTMPError) {
        if let kept = connection.beginning {
            connection.beginning = nil
            try unsafe connection.session.receive(
                kept.span.bytes, handler: &connection.handler)
        }
        try connection.session.receive(bytes, handler: &connection.handler)
    }
}
