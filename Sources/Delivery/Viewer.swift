// One connection of the audience, as small as it can be.

/// Where a connection is in its life.
enum ViewerState: UInt8 {
    /// Nobody's.
    case free
    /// Handed to the kernel for the next connection.
    case accepting
    /// A request is expected, or has come in part.
    case readingHead
    /// Asked for a stream that isn't there yet.
    case waitingForStream
    /// Asked what the desk is yet to reply to.
    case awaitingReply
    /// Has its answer's head and waits for the next keyframe.
    case awaitingKeyframe
    /// Gets what comes before the first frame.
    case starting
    /// Gets the timeline from its cursor on.
    case streaming
    /// Was told an error; what it still sends is thrown away.
    case lingering
    /// Its socket is being closed.
    case closing
}

/// A slot of the viewer table: 64 bytes, no references.
struct Viewer {
    /// The next byte of the timeline to send.
    var cursor: UInt64 = 0
    /// Where the last send began; after a short one the cursor goes back to what it took.
    var sendStart: UInt64 = 0
    /// Where a viewer that skips has to stop: the end of the tag it stands in; 0 for none. Before
    /// it is a viewer: `answerDueMs`.
    var skipAt: UInt64 = 0
    /// When the state began, or the last progress was made; ms of the shard's clock.
    var sinceMs: Int64 = 0
    /// Which life of the slot this is.
    var generation: UInt32 = 0
    /// The number of its address; of meaning while it is `admitted`.
    var peer: PeerNumber = 0
    /// The index of its session, if it has one, otherwise of the buffer with the incomplete head;
    /// -1 for none.
    private var annex: Int32 = -1
    /// How much of the start block was sent, bytes.
    var blockOffset: UInt32 = 0
    /// A lower bound of where the bytes begin that the kernel may still read for it, in units of
    /// 64 KB; of no meaning while nothing is owed.
    var owedFrom: UInt32 = 0
    /// The start block it is getting.
    var block: UInt16 = 0
    /// Zero-copy sends whose notification is still owed.
    var owedCount: UInt16 = 0
    /// What it watches.
    var channel: UInt8 = 0
    var state = ViewerState.free
    var flags = Flags()

    struct Flags: OptionSet {
        let rawValue: UInt16
        /// The kernel has a receive of ours.
        static let receiving = Flags(rawValue: 1)
        /// The kernel tells us when the socket takes bytes again; until then nothing is sent.
        static let polling = Flags(rawValue: 2)
        /// Has had a whole request before, so silence is its right for a while.
        static let keptAlive = Flags(rawValue: 4)
        /// Some bytes of a head have come.
        static let hasHeadBytes = Flags(rawValue: 8)
        /// Counts as a viewer.
        static let joined = Flags(rawValue: 16)
        /// On the list of addresses.
        static let admitted = Flags(rawValue: 32)
        /// Its last send did not go out whole.
        static let lagging = Flags(rawValue: 64)
        /// Was told that its socket takes bytes, and has not been seen to take any since.
        static let woken = Flags(rawValue: 128)
        /// Took nothing though the kernel said it would: the next visit tries again.
        static let refused = Flags(rawValue: 256)
        /// Has had the start of its stream, and nothing of the first frame.
        static let beginning = Flags(rawValue: 512)
        /// Has a session.
        static let hasSession = Flags(rawValue: 1_024)
        /// May stand in mid-tag.
        static let torn = Flags(rawValue: 2_048)
        /// There are frames for it.
        static let hasFrames = Flags(rawValue: 4_096)
        /// Is a player who watches.
        static let player = Flags(rawValue: 8_192)
        /// The kernel is yet to end our direction: until then the slot can be nobody else's.
        static let shuttingDown = Flags(rawValue: 16_384)
        /// Its head buffer has requests for the next turn.
        static let hasRequests = Flags(rawValue: 32_768)
    }

    /// The buffer with the incomplete head; -1 for none, and while there is a session.
    var headBuffer: Int32 {
        get { flags.contains(.hasSession) ? -1 : annex }
        set {
            precondition(!flags.contains(.hasSession))
            annex = newValue
        }
    }

    /// Its session, if it has one.
    var session: Int? {
        get { flags.contains(.hasSession) ? Int(annex) : nil }
        set {
            annex = newValue.map { Int32($0) } ?? -1
            if newValue == nil { flags.remove(.hasSession) } else { flags.insert(.hasSession) }
        }
    }

    /// Of a connection that asks: when its next answer is due at the allowed rate, ms.
    var answerDueMs: Int64 {
        get { Int64(bitPattern: skipAt) }
        set { skipAt = UInt64(bitPattern: newValue) }
    }
}
