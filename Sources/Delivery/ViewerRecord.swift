// Who watches, as the staff see it.

public import WireBytes

/// The name of a viewer's connection: never another's, as long as the server runs.
public struct ViewerID: Sendable, Hashable, CustomStringConvertible {
    let shard: Int
    let slot: Int
    let generation: UInt32

    init(shard: Int, slot: Int, generation: UInt32) {
        self.shard = shard
        self.slot = slot
        self.generation = generation
    }

    /// `0-153-7`.
    public var description: String { "\(shard)-\(slot)-\(generation)" }

    /// Reads one; nil for what is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.count <= 32,
            parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }), let shard = Int(parts[0]),
            let slot = Int(parts[1]), let generation = UInt32(parts[2])
        else { return nil }
        self.init(shard: shard, slot: slot, generation: generation)
    }
}

/// Which viewers are asked for.
public struct ViewerQuery: Sendable {
    /// Only those of these addresses; nil for all.
    public var range: AddressRange?
    /// Only those of this stream; nil for all.
    public var stream: String?
    /// Only the one of this name; nil for all.
    public var id: ViewerID?
    /// How many at most.
    public var countMax: Int

    /// A query.
    public init(range: AddressRange? = nil, stream: String? = nil, countMax: Int = 100) {
        self.range = range
        self.stream = stream
        self.countMax = min(max(1, countMax), DeliverySettings.viewerSampleCountMax)
    }
}

/// A viewer.
public struct ViewerRecord: Sendable {
    /// Its connection.
    public let id: ViewerID
    /// Where it comes from.
    public let host: HostKey
    /// What it watches.
    public let stream: String
    /// Whether by a WebSocket.
    public let isWebSocket: Bool
    /// What its software calls itself; empty where it doesn't.
    public let agent: String
    /// The player it is, if it is one.
    public let player: PlayerTicket?
    /// For how long it has watched, ms.
    public let watchedMs: Int64
    /// How far what it was sent is behind the newest, ms; about.
    public let behindMs: Int64
    /// How much of the stream its socket took, bytes.
    public let byteCount: UInt64
}

/// Some of the viewers, by chance where there are more.
public struct ViewerSample: Sendable {
    /// How many there are that were asked for.
    public var count = 0
    /// Those that are shown.
    public var viewers: [ViewerRecord] = []

    /// None.
    public init() {}
}

/// What is kept of a viewer for the staff only: 24 bytes beside its slot.
struct ViewerNote {
    /// When it joined, ms of the shard's clock.
    var joinedMs: Int64 = 0
    /// What is added to its cursor to get the bytes of the stream that it was sent.
    private var offset: UInt64 = 0
    /// The number of its software.
    var agent: UInt16 = 0

    /// Its stream goes on at a position, be it its first or another one after a skip.
    mutating func standing(at position: UInt64, from cursor: UInt64) {
        offset = offset &+ cursor &- position
    }

    func byteCount(cursor: UInt64) -> UInt64 { cursor &+ offset }
}
