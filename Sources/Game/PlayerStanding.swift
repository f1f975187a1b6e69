// How a player stands, for the player's own eyes; and the queries that only the desk's thread answers.

import Ledger
import TextWire
import Trivia

/// What a player is told who asks how things stand.
public enum PlayerStanding: Equatable, Sendable {
    /// The player's own view of the game as JSON: `{"show":…,"player":…,"name":…,"status":…,
    /// "revivesLeft":…,"score":…,"receipts":[{"question":…,"choice":…}]}`, and `"rehearsal":true`
    /// behind the show where it is one. Of its answers it has those that are on disk. Once the show is
    /// finished there is a `"hasWon":…` before the receipts, for winners a `"place":…`, and for winners
    /// of a prize `"payout":{"minorUnits":…,"amount":"…","currency":…}`.
    case known(json: [UInt8])
    /// The show takes no players yet. This one is in when it does.
    case early
    /// The show is over and held no more. Its players have to come in anew for the next.
    case over
    /// The ticket is nobody's, or only good to watch.
    case unseated
}

/// A player with a place in a show.
public struct SeatedPlayer: Sendable, Equatable {
    /// As the shards know the player.
    public let ticket: PlayerTicket
    /// The show's id.
    public let show: String
    /// The player's id in it.
    public let id: String
    /// The name that the audience sees.
    public let name: String
}

extension DeskCore {
    /// Answers somebody who wants to look.
    func answer(_ query: DeskQuery) {
        switch query {
        case .standing(let ticket, let reply): reply(standing(of: ticket))
        case .report(let id, let reply):
            reply(
                shows.slot(ofShow: id).map { slot in
                    ShowReport(
                        shows.slots[slot], nowNs: clock.nowNs,
                        sight: sights.report(of: shows.slots[slot].stream))
                })
        case .judged(let records, let id, let reply):
            reply(
                shows.slot(ofShow: id).map { slot in
                    records.map { shows.slots[slot].show.judged($0) }
                })
        case .seats(let tickets, let reply): reply(tickets.compactMap { seated($0) })
        case .turn(let reply): reply()
        }
    }

    private func seated(_ ticket: PlayerTicket) -> SeatedPlayer? {
        guard let seat = shows.seat(ticket) else { return nil }
        let show = shows.slots[Int(seat.slot)].show
        return show.standing(of: PlayerNumber(rawValue: seat.player)).map {
            SeatedPlayer(ticket: ticket, show: show.id, id: $0.id, name: $0.name)
        }
    }

    private func standing(of ticket: PlayerTicket) -> PlayerStanding {
        guard let seat = shows.seat(ticket),
            let json = shows.slots[Int(seat.slot)].standing(
                of: PlayerNumber(rawValue: seat.player))
        else {
            return shows.isOver(ticket) ? .over : shows.isEarly(ticket) ? .early : .unseated
        }
        return .known(json: json)
    }
}

extension ShowSlot {
    /// A player's own view as JSON; nil where there is no such player.
    func standing(of player: PlayerNumber) -> [UInt8]? {
        guard let standing = show.standing(of: player) else { return nil }
        var bytes = Array(#"{"show":"#.utf8)
        JSONText.append(show.id, to: &bytes)
        if show.plan.isRehearsal { bytes += #","rehearsal":true"#.utf8 }
        bytes.append(contentsOf: #","player":"#.utf8)
        JSONText.append(standing.id, to: &bytes)
        bytes.append(contentsOf: #","name":"#.utf8)
        JSONText.append(standing.name, to: &bytes)
        bytes.append(
            contentsOf: #","status":"\#(Self.word(standing.status))","revivesLeft":"#.utf8)
        bytes.append(
            contentsOf: #"\#(standing.revivesLeft),"score":\#(standing.score)"#.utf8)
        Self.append(settlement, gain: gains[player.rawValue], to: &bytes)
        bytes.append(contentsOf: #","receipts":["#.utf8)
        var needsComma = false
        for receipt in show.receipts(of: player)
        where receipt.number <= durableReceipt {
            guard let entry = show.question(receipt.question) else { continue }
            if needsComma { bytes.append(UInt8(ascii: ",")) }
            needsComma = true
            bytes.append(contentsOf: #"{"question":"#.utf8)
            JSONText.append(entry.question.id, to: &bytes)
            bytes.append(contentsOf: #","choice":\#(receipt.choice)}"#.utf8)
        }
        bytes.append(contentsOf: "]}".utf8)
        return bytes
    }

    private static func append(
        _ settlement: Settlement?, gain: Payout?, to bytes: inout [UInt8]
    ) {
        guard let settlement else { return }
        bytes.append(contentsOf: #","hasWon":\#(gain != nil)"#.utf8)
        guard let gain else { return }
        bytes.append(contentsOf: #","place":\#(gain.place)"#.utf8)
        guard let currency = settlement.currency else { return }
        bytes.append(contentsOf: #","payout":{"minorUnits":\#(gain.minorUnits),"amount":"#.utf8)
        JSONText.append(Money.amount(gain.minorUnits, currency: currency), to: &bytes)
        bytes.append(contentsOf: #","currency":"#.utf8)
        JSONText.append(currency, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    private static func word(_ status: PlayerStatus) -> String {
        switch status {
        case .playing: "playing"
        case .eliminated: "eliminated"
        case .watching: "watching"
        case .kicked: "kicked"
        case .banned: "banned"
        }
    }
}
