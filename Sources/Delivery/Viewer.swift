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
    /// Asked what the service is yet to reply to.
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

/// A slot of the viewer table: 64 bytes, no references, and no field that means two things.
struct Viewer {
    /// The next byte of the timeline to offer. An offer moves it at once; `advance` puts it back to
    /// what the socket took. When all completions are handled, it is where the socket is.
    var cursor: UInt64 = 0
    /// Where the last offer of the timeline began: `cursor - sendStart` is how much that was.
    var sendStart: UInt64 = 0
    /// When the state began, or the last progress was made; ms of the shard's clock.
    var sinceMs: Int64 = 0
    /// Of a connection that asks: when its next answer is due at the allowed rate, ms.
    var answerDueMs: Int64 = 0
    /// Which life of the slot this is.
    var generation: UInt32 = 0
    /// The number of its address; of meaning while it is `admitted`.
    var peer: PeerNumber = 0
    /// -1 for none.
    private var headIndex: Int16 = -1
    /// Of meaning while it is one of TLS.
    private var sealedIndex: UInt16 = 0
    /// -1 for none.
    private var sessionIndex: Int32 = -1
    /// The queue of what it is to get besides the timeline; -1 for none.
    var outbound: Int32 = -1
    /// A lower bound of where the bytes begin that the kernel may still read for it, in units of
    /// 64 KB; of no meaning while nothing is owed.
    var owedFrom: UInt32 = 0
    /// Zero-copy sends whose notification is still owed.
    var owedCount: UInt16 = 0
    /// What it watches.
    var channel: UInt8 = 0
    var state = ViewerState.free
    var flags = Flags()

    /// The buffer with the requests that have not been read; -1 for none.
    var headBuffer: Int32 {
        get { Int32(headIndex) }
        set { headIndex = Int16(newValue) }
    }

    /// Where what is kept of its TLS lies, if it is a connection of TLS.
    var sealed: Int? { flags.contains(.secure) ? Int(sealedIndex) : nil }

    /// From now on it is a connection of TLS.
    mutating func seal(at index: UInt16) {
        sealedIndex = index
        flags.insert(.secure)
    }

    /// Its session, if it has one.
    var session: Int? {
        get { sessionIndex < 0 ? nil : Int(sessionIndex) }
        set { sessionIndex = newValue.map { Int32($0) } ?? -1 }
    }

    struct Flags: OptionSet {
        let rawValue: UInt32
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
        /// Waits for a verdict whether it may have its stream.
        static let undecided = Flags(rawValue: 1 << 24)
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
        /// Was sent the timeline when its socket took bytes again, and nothing was heard of that.
        static let resumed = Flags(rawValue: 1_024)
        /// May stand in mid-tag.
        static let torn = Flags(rawValue: 2_048)
        /// There is a queue of what it is to get besides the timeline.
        static let hasOutbound = Flags(rawValue: 4_096)
        /// Is a player who watches.
        static let player = Flags(rawValue: 8_192)
        /// The kernel is yet to end our direction: until then the slot can be nobody else's.
        static let shuttingDown = Flags(rawValue: 16_384)
        /// Its head buffer has requests for the next turn, or for when its answer has gone.
        static let hasRequests = Flags(rawValue: 32_768)
        /// Is a connection of TLS.
        static let secure = Flags(rawValue: 65_536)
        /// A trusted proxy's: each request says whose it is.
        static let viaProxy = Flags(rawValue: 131_072)
        /// Nothing of it was read yet, and it may begin with a PROXY header.
        static let beforeProxyHeader = Flags(rawValue: 262_144)
        /// What goes to it is sealed here, and not by the kernel.
        static let sealing = Flags(rawValue: 524_288)

        /// Is a connection of TLS that the kernel has the key of.
        var areSealedByKernel: Bool { intersection([.secure, .sealing]) == .secure }
    }
}
