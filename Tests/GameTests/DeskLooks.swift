// Looks at a desk whose turns a test takes: what others ask the desk's thread for, at once.

import Foundation
import Game
import Ledger
import Synchronization

/// A place for what is called back.
private final class Place<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    func put(_ value: Value) { self.value.withLock { $0 = value } }
    func take() -> Value? { value.withLock { $0 } }
}

extension GameDesk {
    /// A show with its players, from memory or from disk.
    func report(show id: String) throws(LedgerError) -> ShowReport? {
        let place = Place<ShowReport>()
        askReport(show: id) { report in
            if let report { place.put(report) }
        }
        answerQueries()
        if let report = place.take() { return report }
        return try storedReport(show: id)
    }

    /// How a player stands.
    func playerStanding(of ticket: PlayerTicket) -> PlayerStanding? {
        let place = Place<PlayerStanding>()
        guard askStanding(of: ticket, reply: { place.put($0) }) else { return nil }
        answerQueries()
        return place.take()
    }

    /// A player's own view of the game.
    func standing(of ticket: PlayerTicket) -> [UInt8]? {
        guard case .known(let json) = playerStanding(of: ticket) else { return nil }
        return json
    }

    func isOver(_ ticket: PlayerTicket) -> Bool { playerStanding(of: ticket) == .over }

    func isEarly(_ ticket: PlayerTicket) -> Bool { playerStanding(of: ticket) == .early }

    /// The id of the show that a ticket is for; nil where the ticket is nobody's.
    func show(of ticket: PlayerTicket) -> String? {
        struct View: Decodable { let show: String }
        return standing(of: ticket).flatMap {
            try? JSONDecoder().decode(View.self, from: Data($0))
        }?.show
    }
}
