// Who plays: one seat for each, found by number, so that an answer costs no look-up.

import WireBytes

/// A player's number in its show, from 0 in the order of joining. It never changes.
public struct PlayerNumber: Hashable, Comparable, Sendable {
    /// The number itself.
    public let rawValue: Int32

    /// A number, whether or not a show has such a player.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    var index: Int { Int(rawValue) }

    /// Whoever joined first is the lesser.
    public static func < (left: PlayerNumber, right: PlayerNumber) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// As the number alone.
extension PlayerNumber: Codable {
    /// Reads the number.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(Int32.self)
    }

    /// Writes the number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// How many players are what. `survivors + eliminated + spectators == players`, always.
public struct PlayerTally: Equatable, Sendable, Codable {
    /// Everybody who ever joined.
    public internal(set) var players = 0
    /// Those who are still in.
    public internal(set) var survivors = 0
    /// Those who were in and are out, by an answer or by the host.
    public internal(set) var eliminated = 0
    /// Those who came too late to play.
    public internal(set) var spectators = 0

    /// A tally.
    public init(players: Int = 0, survivors: Int = 0, eliminated: Int = 0, spectators: Int = 0) {
        self.players = players
        self.survivors = survivors
        self.eliminated = eliminated
        self.spectators = spectators
    }
}

/// What the host did to a player. It has nothing to do with questions: no void takes it back.
public enum Removal: UInt8, Equatable, Sendable {
    /// Nothing.
    case none
    /// Out of the game, but may watch.
    case kicked
    /// Out of the game, and may not come back.
    case banned
}

/// One player's place in the game.
struct Seat: Equatable, Sendable {
    enum Place: UInt8 { case playing, eliminated, watching }

    var place: Place
    var removal = Removal.none
    /// The locked question after whose last answer the host put the player out, where it was so.
    var removedAfter = QuestionNumber(rawValue: .max)
    /// The question during which a correction brought the player back: to let it pass is no fault.
    var returnedDuring = QuestionNumber(rawValue: .max)
    var revivesLeft: UInt8
    /// The question that threw the player out, where one did.
    var eliminatedBy = QuestionNumber(rawValue: .max)
    /// Points, or right answers in a knockout show.
    var score: Int32 = 0
    /// Time taken over all questions that were revealed; what was wrong or missing took all of it.
    var timeMs: Int64 = 0

    var isIn: Bool { place == .playing && removal == .none }
}

/// What the host did to a player's name.
struct ChangedName: Equatable, Sendable {
    /// What the audience sees instead of the name that the player brought; nil for that.
    var name: String?
    /// Whether the audience sees neither.
    var isHidden = false
}

/// All seats of a show, in flat arrays.
struct Players: Equatable, Sendable {
    private(set) var seats: [Seat] = []
    private(set) var ids: [String] = []
    private(set) var names: [String] = []
    /// Names that the host has changed or hidden, by the player's number.
    private var changedNames: [Int32: ChangedName] = [:]
    private(set) var tally = PlayerTally()
    private var numbers: [ByteString: PlayerNumber] = [:]

    init(tally: PlayerTally = PlayerTally()) { self.tally = tally }

    func contains(_ number: PlayerNumber) -> Bool { seats.indices.contains(number.index) }

    func number(forID id: String) -> PlayerNumber? { numbers[ByteString(id)] }

    mutating func append(id: String, name: String, seat: Seat) {
        numbers[ByteString(id)] = PlayerNumber(rawValue: Int32(seats.count))
        ids.append(id)
        names.append(name)
        seats.append(seat)
        tally.players += 1
        count(seat, 1)
    }

    /// What the audience sees of a player's name.
    func shownName(of number: PlayerNumber) -> String {
        guard let changed = changedNames[number.rawValue] else { return names[number.index] }
        // The how manieth joined: a name in no language that tells nothing of the player.
        if changed.isHidden { return "#\(number.rawValue + 1)" }
        return changed.name ?? names[number.index]
    }

    func isNameHidden(of number: PlayerNumber) -> Bool {
        changedNames[number.rawValue]?.isHidden ?? false
    }

    mutating func rename(_ number: PlayerNumber, to name: String) {
        changedNames[number.rawValue, default: ChangedName()].name = name
    }

    mutating func setNameHidden(_ isHidden: Bool, of number: PlayerNumber) {
        changedNames[number.rawValue, default: ChangedName()].isHidden = isHidden
    }

    /// Every change of a seat goes through here, so that the tally is always right.
    mutating func change(_ index: Int, _ body: (inout Seat) -> Void) {
        count(seats[index], -1)
        body(&seats[index])
        count(seats[index], 1)
    }

    private mutating func count(_ seat: Seat, _ step: Int) {
        if seat.place == .watching {
            tally.spectators += step
        } else if seat.isIn {
            tally.survivors += step
        } else {
            tally.eliminated += step
        }
    }
}

/// What a player is at this moment.
public enum PlayerStatus: Equatable, Sendable {
    /// Still in.
    case playing
    /// Out by this question.
    case eliminated(by: QuestionNumber)
    /// Came too late to play.
    case watching
    /// Put out of the game by the host.
    case kicked
    /// Put out for good by the host.
    case banned
}

/// One player's standing.
public struct Standing: Equatable, Sendable {
    /// The player's number.
    public let player: PlayerNumber
    /// The id the player joined with.
    public let id: String
    /// The name the audience sees: the player's own, unless the host has changed or hidden it.
    public let name: String
    /// The name the player joined with.
    public let joinedName: String
    /// Whether the host has hidden the name.
    public let isNameHidden: Bool
    /// In, out, or watching.
    public let status: PlayerStatus
    /// How often the player may still be revived.
    public let revivesLeft: Int
    /// Points; in a knockout show the number of right answers.
    public let score: Int
    /// Time taken over all questions that were revealed, ms. What was wrong or missing counts as
    /// the whole window.
    public let timeMs: Int64
}
