// A host's event as a row has it: a word for its kind, and JSON for what it brings along.

import FoundationEssentials
import Trivia

/// Format 1 of a row in `events`: `kind` is the case's name, and the JSON has those of these members
/// that the kind needs. A later format adds members; it never gives one another meaning.
///
/// Whatever is read goes through the initialisers of `Trivia`, so nothing gets into a show from a
/// file that could not have got in from a host.
struct StoredEvent: Codable {
    static let format = 1

    var id: String?
    var plan: StoredPlan?
    var question: StoredQuestion?
    var number: UInt16?
    var order: [UInt16]?
    var atNs: Int64?
    var ms: Int?
    var isForced: Bool?
    var reason: String?
    var split: StoredSplit?
    var player: Int32?
    var address: String?
    var players: [Int32]?
}

/// Why a row can't be read.
enum StoredEventError: Error, CustomStringConvertible {
    case format(Int)
    case kind(String)
    case notJSON(String)
    case missing(String)
    case unfit(String)

    var description: String {
        switch self {
        case .format(let format):
            "it has format \(format), and this program reads up to "
                + "\(StoredEvent.format)"
        case .kind(let kind): "there is no event of kind \(kind)"
        case .notJSON(let reason): "its JSON is broken (\(reason))"
        case .missing(let member): "its \(member) is missing"
        case .unfit(let reason): "what it has can't be: \(reason)"
        }
    }
}

extension StoredEvent {
    /// The kind and the JSON of an event by the host.
    ///
    /// - Precondition: `event.isByHost`; players and answers have tables of their own.
    static func encode(_ event: ShowEvent) -> (kind: String, json: String) {
        var stored = StoredEvent()
        let kind = stored.fill(event)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(stored) else {
            preconditionFailure("whole numbers, truth values and texts are always JSON")
        }
        return (kind, String(decoding: data, as: UTF8.self))
    }

    private mutating func fill(_ event: ShowEvent) -> String {
        switch event {
        case .created(let id, let plan):
            self.id = id
            self.plan = StoredPlan(plan)
            return "created"
        case .edited(let plan):
            self.plan = StoredPlan(plan)
            return "edited"
        case .questionAdded(let question):
            self.question = StoredQuestion(question)
            return "questionAdded"
        case .questionEdited(let number, let question):
            self.number = number.rawValue
            self.question = StoredQuestion(question)
            return "questionEdited"
        case .questionWithdrawn(let number):
            self.number = number.rawValue
            return "questionWithdrawn"
        case .questionsOrdered(let order):
            self.order = order.map(\.rawValue)
            return "questionsOrdered"
        case .lobbyOpened: return "lobbyOpened"
        case .opened(let number, let atNs):
            self.number = number.rawValue
            self.atNs = atNs
            return "opened"
        case .paused(let atNs):
            self.atNs = atNs
            return "paused"
        case .resumed(let atNs):
            self.atNs = atNs
            return "resumed"
        case .outageMadeUp(let ms, let atNs):
            self.ms = ms
            self.atNs = atNs
            return "outageMadeUp"
        case .locked(let atNs, let isForced):
            self.atNs = atNs
            self.isForced = isForced
            return "locked"
        case .revealed: return "revealed"
        case .voided(let number, let reason):
            self.number = number.rawValue
            self.reason = reason
            return "voided"
        case .stageCleared: return "stageCleared"
        case .finished: return "finished"
        case .reopened: return "reopened"
        case .settled(let split):
            self.split = split.map(StoredSplit.init)
            return "settled"
        case .kicked(let player):
            self.player = player.rawValue
            return "kicked"
        case .banned(let player):
            self.player = player.rawValue
            return "banned"
        case .reinstated(let player):
            self.player = player.rawValue
            return "reinstated"
        case .addressBanned(let address, let players):
            self.address = address
            self.players = players.map(\.rawValue)
            return "addressBanned"
        case .addressUnbanned(let address):
            self.address = address
            return "addressUnbanned"
        case .joined, .answered: preconditionFailure("not by the host")
        }
    }

    /// The event of a row.
    static func decode(
        kind: String, format: Int, json: String
    ) throws(StoredEventError) -> ShowEvent {
        guard format == Self.format else { throw .format(format) }
        let stored: StoredEvent
        do {
            stored = try JSONDecoder().decode(StoredEvent.self, from: Data(json.utf8))
        } catch { throw .notJSON("\(error)") }
        return try stored.event(kind)
    }

    private func event(_ kind: String) throws(StoredEventError) -> ShowEvent {
        switch kind {
        case "created":
            return .created(id: try Self.need(id, "id"), plan: try Self.need(plan, "plan").value)
        case "edited": return .edited(plan: try Self.need(plan, "plan").value)
        case "questionAdded":
            return .questionAdded(try Self.need(question, "question").value)
        case "questionEdited":
            return .questionEdited(try theNumber, try Self.need(question, "question").value)
        case "questionWithdrawn": return .questionWithdrawn(try theNumber)
        case "questionsOrdered":
            let order = try Self.need(order, "order")
            return .questionsOrdered(order.map(QuestionNumber.init(rawValue:)))
        case "lobbyOpened": return .lobbyOpened
        case "opened": return .opened(try theNumber, atNs: try theInstantNs)
        case "paused": return .paused(atNs: try theInstantNs)
        case "resumed": return .resumed(atNs: try theInstantNs)
        case "outageMadeUp":
            return .outageMadeUp(ms: try Self.need(ms, "ms"), atNs: try theInstantNs)
        case "locked":
            return .locked(atNs: try theInstantNs, isForced: try Self.need(isForced, "isForced"))
        case "revealed": return .revealed
        case "voided": return .voided(try theNumber, reason: try Self.need(reason, "reason"))
        case "stageCleared": return .stageCleared
        case "finished": return .finished
        case "reopened": return .reopened
        case "settled": return .settled(try split?.value)
        case "kicked": return .kicked(try thePlayer)
        case "banned": return .banned(try thePlayer)
        case "reinstated": return .reinstated(try thePlayer)
        case "addressBanned":
            let players = try Self.need(players, "players")
            return .addressBanned(
                try Self.need(address, "address"), players.map(PlayerNumber.init(rawValue:)))
        case "addressUnbanned": return .addressUnbanned(try Self.need(address, "address"))
        default: throw .kind(kind)
        }
    }

    static func need<Value>(
        _ value: Value?, _ member: String
    ) throws(StoredEventError) -> Value {
        guard let value else { throw .missing(member) }
        return value
    }

    private var theNumber: QuestionNumber {
        get throws(StoredEventError) {
            QuestionNumber(rawValue: try Self.need(number, "number"))
        }
    }

    private var theInstantNs: Int64 {
        get throws(StoredEventError) { try Self.need(atNs, "atNs") }
    }

    private var thePlayer: PlayerNumber {
        get throws(StoredEventError) { PlayerNumber(rawValue: try Self.need(player, "player")) }
    }
}
