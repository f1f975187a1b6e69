// What the running show hands to the ledger, as plain values.

public import Trivia

/// A show's number in the ledger. It is never another show's.
public struct ShowKey: Hashable, Sendable {
    /// The number itself.
    public let rawValue: Int64

    /// A key that a ledger gave.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A player as the ledger has it.
public struct PlayerRow: Equatable, Sendable {
    /// The player's number in its show; the rows of a show come in this order without a gap.
    public let number: PlayerNumber
    /// The id it joined with.
    public let id: String
    /// The name the audience sees.
    public let name: String
    /// Where it came from: an address, or an IPv6 /64. For staff only; nil where it isn't known.
    public let address: String?
    /// When it came, ms since 1970; nil where it isn't known.
    public let joinedMs: Int64?

    /// A row.
    public init(
        number: PlayerNumber, id: String, name: String, address: String? = nil,
        joinedMs: Int64? = nil
    ) {
        self.number = number
        self.id = id
        self.name = name
        self.address = address
        self.joinedMs = joinedMs
    }
}

/// What came from the audience of one show: players first, then their answers.
public struct AudienceWrite: Sendable {
    /// The show.
    public var show: ShowKey
    /// Who joined, by number.
    public var players: [PlayerRow]
    /// What counts, by receipt.
    public var answers: [AnswerRecord]

    /// What came from the audience.
    public init(show: ShowKey, players: [PlayerRow], answers: [AnswerRecord]) {
        self.show = show
        self.players = players
        self.answers = answers
    }
}

/// A line of the host's log. Nobody can change it afterwards.
public struct LogLine: Equatable, Sendable {
    /// When, wall clock, ms since 1970.
    public var atMs: Int64
    /// Who, as the staff plane knows them; `LogLine.appliance` for what nobody pressed a key for.
    public var who: String
    /// The id the client gave the command; nil where there was no command.
    public var commandID: String?
    /// The show's id.
    public var show: String
    /// What: one word.
    public var action: String
    /// What else is to be known, for people.
    public var detail: String
    /// The show's revision afterwards.
    public var revision: Int
    /// Whether it was only noted, and is still to be done: a lock that waits.
    public var isPending: Bool
    /// What the command said, in few bytes: a command that comes again says the same. nil where there
    /// was no command, and in lines that an older version wrote.
    public var digest: String?

    /// Who does what nobody pressed a key for.
    public static let appliance = "fanfare"
    /// The show of what was done to none: no show's id is empty.
    public static let noShow = ""

    /// A line.
    public init(
        atMs: Int64, who: String, commandID: String?, show: String, action: String,
        detail: String = "", revision: Int, isPending: Bool = false, digest: String? = nil
    ) {
        self.atMs = atMs
        self.who = who
        self.commandID = commandID
        self.show = show
        self.action = action
        self.detail = detail
        self.revision = revision
        self.isPending = isPending
        self.digest = digest
    }
}

/// What a host did to one show: events that come behind everything written before.
public struct HostWrite: Sendable {
    /// The show; nil for one that is made by this.
    public var show: ShowKey?
    /// The stream it plays on.
    public var stream: String
    /// Its events in their order.
    public var events: [ShowEvent]
    /// The show after them.
    public var after: Show
    /// The line in the log.
    public var line: LogLine

    /// What a host did.
    ///
    /// - Precondition: `events` are those that led to `after`, and all players and answers that
    ///   came before them are written.
    public init(
        show: ShowKey?, stream: String, events: [ShowEvent], after: Show, line: LogLine
    ) {
        self.show = show
        self.stream = stream
        self.events = events
        self.after = after
        self.line = line
    }
}

/// A show as the ledger's list has it.
public struct ShowEntry: Equatable, Sendable {
    /// Its number in the ledger.
    public let key: ShowKey
    /// Its id.
    public let id: String
    /// The stream it plays on.
    public let stream: String
    /// Its title.
    public let title: String
    /// How far it is.
    public let phase: ShowPhase
    /// Whether it is a rehearsal.
    public let isRehearsal: Bool
    /// Its revision.
    public let revision: Int
    /// When it was made, ms since 1970.
    public let createdMs: Int64
}

/// A show read back.
public struct StoredShow: Sendable {
    /// What the list has.
    public let entry: ShowEntry
    /// The show, made again of its log.
    public let show: Show
    /// Where each player came from, by number.
    public let origins: [StoredOrigin]
    /// A lock that was asked for and waits for the last answers that can be in time.
    public let pendingLock: LogLine?
}

/// Where and when a player came in, as a ledger has it; nil where it hasn't.
public struct StoredOrigin: Equatable, Sendable {
    /// The address's text, as it was written.
    public let address: String?
    /// When, ms since 1970.
    public let joinedMs: Int64?
}

/// What writes shows down. The one way in for the running show, so that tests can let it fail.
///
/// Nothing is half written: after an error the ledger is as it was before. After
/// `LedgerError.undecided` alone it isn't known until the next write goes well, which makes it so.
public protocol ShowWriting: Sendable {
    /// Puts what came from the audience on disk, all of it in one transaction.
    ///
    /// - Parameter aliveNs: now, ns on the shows' clock; the time until a restart counts from here.
    func write(_ writes: [AudienceWrite], aliveNs: Int64) throws(LedgerError)
    /// Puts what a host did on disk.
    ///
    /// - Returns: The show's key.
    func write(_ write: HostWrite, aliveNs: Int64) throws(LedgerError) -> ShowKey
    /// Takes a show out with all it has. The log keeps the line.
    func remove(_ show: ShowKey, line: LogLine) throws(LedgerError)
    /// Adds a line to the log, without anything else.
    func note(_ line: LogLine, aliveNs: Int64) throws(LedgerError)
    /// Notes that the shows' clock was at this instant, ns.
    func stayAlive(atNs: Int64) throws(LedgerError)
}
