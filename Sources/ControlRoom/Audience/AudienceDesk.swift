// What the control room needs to see who watches and to send somebody away: one small protocol.

public import WireBytes

/// Somebody who watches, as the staff see it.
public struct ViewerLine: Sendable, Codable, Equatable {
    /// The name of the connection, to end it by.
    public var id: String
    /// An IPv4 address or an IPv6 /64.
    public var address: String
    /// What is watched.
    public var stream: String
    /// Whether by a WebSocket.
    public var isWebSocket: Bool
    /// What the software calls itself, where it does.
    public var agent: String?
    /// The player it is, where it is one: the show, the id in it, and the name.
    public var show: String?
    public var player: String?
    public var name: String?
    /// For how long, ms.
    public var watchedMs: Int64
    /// How far what was sent is behind the newest, ms; about.
    public var behindMs: Int64
    /// How much of the stream was taken, bytes.
    public var bytes: UInt64

    /// A viewer.
    public init(
        id: String, address: String, stream: String, isWebSocket: Bool = false,
        agent: String? = nil, show: String? = nil, player: String? = nil, name: String? = nil,
        watchedMs: Int64 = 0, behindMs: Int64 = 0, bytes: UInt64 = 0
    ) {
        self.id = id
        self.address = address
        self.stream = stream
        self.isWebSocket = isWebSocket
        self.agent = agent
        self.show = show
        self.player = player
        self.name = name
        self.watchedMs = watchedMs
        self.behindMs = behindMs
        self.bytes = bytes
    }
}

/// Some of those who watch.
public struct ViewerList: Sendable, Codable, Equatable {
    /// How many there are that were asked for.
    public var count: Int
    /// Those that are shown: where there are more, some by chance.
    public var viewers: [ViewerLine]

    /// A list.
    public init(count: Int, viewers: [ViewerLine]) {
        self.count = count
        self.viewers = viewers
    }
}

/// An address, or a range of them, that nobody is let in from.
public struct AddressBan: Sendable, Codable, Equatable {
    /// As `AddressRange` writes it.
    public var address: String
    /// Why, in the words of whoever did it.
    public var reason: String
    /// Who did it.
    public var by: String
    /// When, and until when; nil for as long as nobody lifts it. Ms since 1970.
    public var atMs: Int64
    public var untilMs: Int64?

    /// A ban.
    public init(
        address: String, reason: String = "", by: String, atMs: Int64, untilMs: Int64? = nil
    ) {
        self.address = address
        self.reason = reason
        self.by = by
        self.atMs = atMs
        self.untilMs = untilMs
    }
}

/// A ban that was put into force.
public struct BanReceipt: Sendable, Codable, Equatable {
    /// The ban.
    public var ban: AddressBan
    /// How many connections of the audience were ended.
    public var endedCount: Int

    /// A receipt.
    public init(ban: AddressBan, endedCount: Int) {
        self.ban = ban
        self.endedCount = endedCount
    }
}

/// Why somebody isn't sent away.
public enum AudienceDeskRefusal: Error, Sendable, Equatable {
    /// There is no such viewer, player or ban; the sentence says which.
    case unknown(String)
    /// It can't be done, whoever asks.
    case invalid(String)
    /// The disk or the like refuses.
    case unavailable(String)
}

/// Whether the server is being taken out of service.
public struct DrainState: Sendable, Codable, Equatable {
    /// Whether nobody new is let in.
    public var isDraining: Bool
    /// Since when, ms since 1970.
    public var sinceMs: Int64?
    /// How many still watch.
    public var viewers: Int

    /// A state.
    public init(isDraining: Bool, sinceMs: Int64? = nil, viewers: Int = 0) {
        self.isDraining = isDraining
        self.sinceMs = sinceMs
        self.viewers = viewers
    }
}

/// Where the audience is looked at, and sent away. An implementation answers within moments.
public protocol AudienceDesk: Sendable {
    /// Some of those who watch.
    func viewers(in range: AddressRange?, stream: String?, countMax: Int) async -> ViewerList

    /// Ends a viewer's connection; gives the address that it came from.
    func end(viewer id: String) async throws(AudienceDeskRefusal) -> String

    /// Ends a player's connections; gives how many those were.
    func end(player id: String, show: String) async throws(AudienceDeskRefusal) -> Int

    /// The bans in force, the newest first.
    func bans() -> [AddressBan]

    /// Bans an address. One that is banned already is banned anew.
    func ban(
        _ range: AddressRange, reason: String, forS: Int?, by: String
    ) async throws(AudienceDeskRefusal) -> BanReceipt

    /// Lifts a ban.
    func lift(_ range: AddressRange) async throws(AudienceDeskRefusal)

    /// Whether nobody new is let in.
    func drainState() -> DrainState

    /// Lets nobody new in, or does so again.
    func setDraining(_ isDraining: Bool, by: String) -> DrainState
}
