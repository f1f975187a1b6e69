// One RTMP connection with its session and its bytes on the way out.

import RTMP

/// The state of a connection; there are at most a few hundred.
@safe final class IngestConnection {
    var session = RTMPServerSession()
    var handler: PublishHandler
    /// Nil in the clear.
    var secure: SecureTransport?
    let generation: UInt32
    let acceptedMs: Int64
    /// Since when it hasn't published.
    var idleSinceMs: Int64
    /// When our last word went out and we began to wait for the peer to hang up.
    var lingersSinceMs: Int64?
    /// What has come of a PROXY header; nil once it is known whether there is one.
    var beginning: [UInt8]? = []
    /// Whether it is a trusted proxy's, which brings everybody.
    var isProxy: Bool
    var isReceiving = false
    /// The kernel is yet to end our direction; the slot can't be closed before.
    var isShuttingDown = false
    /// What the kernel is sending; it stays where it is until that is done.
    private(set) var sending: UnsafeMutableRawBufferPointer?

    init(handler: PublishHandler, isProxy: Bool = false, generation: UInt32, nowMs: Int64) {
        self.isProxy = isProxy
        self.handler = handler
        self.generation = generation
        acceptedMs = nowMs
        idleSinceMs = nowMs
    }

    deinit { unsafe sending?.deallocate() }

    /// Whether nothing of ours follows what is in the outbox.
    var isEnding: Bool { session.isClosing || secure?.hasFailed == true }

    var isPublishing: Bool { handler.active != nil }

    /// Takes bytes off the session to be sent; nil if there are none, or some are on the way.
    func beginSend() -> UnsafeRawBufferPointer? {
        guard unsafe sending == nil else { return nil }
        var bytes = session.takeOutbox()
        if let secure { bytes = secure.seal(bytes, isLast: isEnding) }
        guard !bytes.isEmpty else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        unsafe buffer.copyBytes(from: bytes)
        unsafe sending = buffer
        return UnsafeRawBufferPointer(buffer)
    }

    /// How many bytes are on the way.
    var sendingByteCount: Int { unsafe sending?.count ?? 0 }

    func endSend() {
        unsafe sending?.deallocate()
        unsafe sending = nil
    }
}
