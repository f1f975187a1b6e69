// Rows that older versions wrote, in formats 1 and 2. Nothing here changes any more: a new event, and a
// new member of one, have no old form.

import FoundationEssentials
import Trivia

/// The JSON has those of these members that the kind needs. What format 1 didn't have is optional, and
/// without it a row means what it meant then.
struct OlderEvent: Decodable {
    var id: String?
    var plan: OlderPlan?
    var question: OlderQuestion?
    var number: UInt16?
    var order: [UInt16]?
    var atNs: Int64?
    var ms: Int?
    var isForced: Bool?
    var reason: String?
    var split: PrizeSplit?
    var player: Int32?
    var address: String?
    var players: [Int32]?
    /// Whether the opened question is the last.
    var isLast: Bool?
    /// The right option, counted from 0.
    var option: Int?
    /// Whether it was settled without those who never answered; nothing is not.
    var needsAnswer: Bool?

    /// The event of a row.
    static func decode(kind: String, json: String) throws(StoredEventError) -> ShowEvent {
        let stored: OlderEvent
        do {
            stored = try JSONDecoder().decode(OlderEvent.self, from: Data(json.utf8))
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
        case "opened":
            return .opened(try theNumber, atNs: try theInstantNs, isLast: isLast)
        case "lastPlanned": return .lastPlanned(number: Int(try Self.need(number, "number")))
        case "keyCorrected":
            return .keyCorrected(
                try theNumber, option: try Self.need(option, "option"),
                reason: try Self.need(reason, "reason"))
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
        case "settled":
            return .settled(split, silentWin: needsAnswer != true)
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
