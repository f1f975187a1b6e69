// The protocol control and user control messages a session writes (RTMP 1.0, sections 5.4 and 7.1.7).

import WireBytes

/// The events of user control messages that matter to a server of publishers.
enum UserControlEvent: UInt16 {
    case streamBegin = 0
    case pingRequest = 6
    case pingResponse = 7
}

extension ChunkWriter {
    /// All of them go by chunk stream 2 and message stream 0.
    private static let controlChunkStreamId = 2

    /// Acknowledgement: how many bytes have come in, modulo 2^32 (5.4.3).
    package func writeAcknowledgement(receivedByteCount: UInt64, to bytes: inout [UInt8]) {
        writeControl(
            .acknowledgement, UInt32(truncatingIfNeeded: receivedByteCount), to: &bytes)
    }

    /// Window Acknowledgement Size: after how many bytes the peer acknowledges ours (5.4.4).
    func writeWindowAcknowledgementSize(_ byteCount: UInt32, to bytes: inout [UInt8]) {
        writeControl(.windowAcknowledgementSize, byteCount, to: &bytes)
    }

    /// Set Peer Bandwidth with the limit type "dynamic" (5.4.5).
    func writeSetPeerBandwidth(_ byteCount: UInt32, to bytes: inout [UInt8]) {
        var body: [UInt8] = []
        body.append(bigEndian: byteCount)
        body.append(2)
        unsafe write(
            .setPeerBandwidth, chunkStreamId: Self.controlChunkStreamId, body: body.span.bytes,
            to: &bytes)
    }

    /// A user control message with one 32-bit value (7.1.7).
    func writeUserControl(_ event: UserControlEvent, _ value: UInt32, to bytes: inout [UInt8]) {
        var body: [UInt8] = []
        body.append(bigEndian: event.rawValue)
        body.append(bigEndian: value)
        unsafe write(
            .userControl, chunkStreamId: Self.controlChunkStreamId, body: body.span.bytes,
            to: &bytes)
    }

    private func writeControl(
        _ type: RTMPMessageType, _ value: UInt32, to bytes: inout [UInt8]
    ) {
        var body: [UInt8] = []
        body.append(bigEndian: value)
        unsafe write(
            type, chunkStreamId: Self.controlChunkStreamId, body: body.span.bytes, to: &bytes)
    }
}
