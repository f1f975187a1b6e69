// What hosts ask for, and what they are told.

public import Ledger
public import Trivia

/// A host's command.
public struct HostRequest: Equatable, Sendable {
    /// Given by the client: a command that comes again under its id is not done again.
    public var commandID: String
    /// Who gives it.
    public var who: String
    /// The show's id.
    public var show: String
    /// The revision the host has seen; nil for whatever it is.
    public var expectedRevision: Int?
    /// What is to be done. A lock that isn't forced waits for the last answer that can be in time.
    public var command: ShowCommand
    /// The file that an import was made of: if it comes again it is the same command, whatever ids its
    /// questions are given then.
    public var file: [UInt8]?

    /// A command.
    public init(
        commandID: String, who: String, show: String, expectedRevision: Int? = nil,
        command: ShowCommand, file: [UInt8]? = nil
    ) {
        self.commandID = commandID
        self.who = who
        self.show = show
        self.expectedRevision = expectedRevision
        self.command = command
        self.file = file
    }
}

/// A command that was carried out, and is on disk.
public struct CommandReceipt: Equatable, Sendable {
    /// The command's id.
    public let commandID: String
    /// The show's id.
    public let show: String
    /// The show's revision right after it.
    public let revision: Int
    /// Whether it is still to be done: a lock that waits for the last answers.
    public let isPending: Bool
    /// Whether it was carried out before, and came again.
    public let isRepeat: Bool

    init(_ line: LogLine, commandID: String, isRepeat: Bool) {
        self.commandID = commandID
        show = line.show
        revision = line.revision
        isPending = line.isPending
        self.isRepeat = isRepeat
    }
}

/// Why a command wasn't carried out. Then nothing has changed, and its id may be used again.
public enum HostRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The show's rules or its phase don't allow it.
    case rules(ShowRefusal)
    /// It could not be written down.
    case ledger(LedgerError)
    /// There is no such show.
    case unknownShow(String)
    /// The show is settled and closed.
    case closed(String)
    /// The command's id is empty, too long, or has more than letters, digits and `- . _ ~ :`.
    case badCommandID
    /// The command's id was another command's, or the same one's with other contents.
    case commandIDReused(action: String, show: String)
    /// Who gives the command has no name, or too long a one.
    case badHost
    /// The stream's name can't be one.
    case badStream
    /// Another show is on, on this stream.
    case streamTaken(stream: String, by: String)
    /// Nobody would see the question.
    case unseen(UnseenReason)
    /// Not an address that can be banned.
    case badAddress
    /// Guests may play on this server, and nobody has said that they may win the show's prize.
    case guestsMightWin(String)
    /// As many shows as there may be.
    case tooManyShows
    /// Too many commands wait, or the server is stopping.
    case busy

    /// What is the matter, and what to do.
    public var description: String {
        switch self {
        case .rules(let refusal): refusal.description
        case .ledger(let error): error.description
        case .unknownShow(let id): "There is no show “\(id)”. Look at the list of shows."
        case .closed(let id): "Show “\(id)” is settled. Nothing can be changed any more."
        case .badCommandID:
            "A command's id has 1 to \(LedgerLimits.commandIDByteCountMax) letters (a-z, A-Z), "
                + "digits and - . _ ~ : only. Make a new one for each command."
        case .commandIDReused(let action, let show):
            "This id was that of another command, “\(action)” for show “\(show)”. Make a new one "
                + "for each command."
        case .badHost:
            "Say who gives the command, in 1 to \(LedgerLimits.hostByteCountMax) bytes."
        case .badStream: "A show needs the name of its stream: 1 to 64 letters, digits, - and _."
        case .streamTaken(let stream, let id):
            "Show “\(id)” is on, on stream “\(stream)”. Settle or delete it first."
        case .unseen(let reason):
            "Nobody would see the question: \(reason), and its clock would run. Wait until it is "
                + "seen, or force it."
        case .badAddress:
            "Name an IPv4 address, or an IPv6 address with or without /64 or /48, as fanfare show "
                + "addresses has it."
        case .guestsMightWin(let id):
            "Guests may play on this server (--guests), and one person can be many of them: whoever "
                + "comes under a hundred names would share the prize of show “\(id)” a hundred times. "
                + "Start the server without --guests and give players tokens, or say that you want it: "
                + "fanfare show edit \(id) --guests-may-win."
        case .tooManyShows:
            "There are \(GameLimits.showCountMax) shows that aren't settled. Delete some first."
        case .busy: "The server has too much to do, or is stopping. Try again."
        }
    }
}
