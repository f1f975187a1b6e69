// Between what a connection is to get and what its socket is given.

/// How a connection's bytes reach its socket.
///
/// The road above knows nothing but plaintext: it offers a range, and is told how much of it is over
/// and done with. So a transport that seals records may put ciphertext into a scratch area for each
/// offer (the kernel has copied it when the submit returns), and after a short send in mid-record is
/// offered the same plaintext from the same place again: nothing of a segment, of a block or of the
/// timeline is let go before `plaintextTaken` has covered it. What it has to remember of a record in
/// flight is where that began and how long it is; `end(of:)` tells the road up to where it can't go
/// back, so that skips and messages come behind it. Where the kernel seals, it is plain again.
enum Transport {
    /// The bytes themselves.
    case plain

    /// What the socket is given for plaintext that is offered.
    @inline(__always)
    func wire(for plaintext: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        switch self {
        case .plain: unsafe plaintext
        }
    }

    /// How much of the plaintext of the last offer is over and done with, now that the socket took so
    /// many bytes of what it was given.
    @inline(__always)
    func plaintextTaken(ofWire byteCount: Int) -> Int {
        switch self {
        case .plain: byteCount
        }
    }

    /// Up to where in the timeline a viewer's bytes are promised whose cursor is there.
    @inline(__always)
    func end(of cursor: UInt64) -> UInt64 {
        switch self {
        case .plain: cursor
        }
    }

    /// Whether the kernel may be lent the plaintext's own memory.
    @inline(__always) var mayLend: Bool {
        switch self {
        case .plain: true
        }
    }
}
