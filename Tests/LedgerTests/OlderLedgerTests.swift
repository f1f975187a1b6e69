// A ledger of before there were bounds of lags is read as what it meant.

import Foundation
import GRDB
import Ledger
import Testing
import Trivia

@Suite("An older ledger")
struct OlderLedgerTests {
    /// A points show with one answer of 3 s of lag, revealed and settled, as it was written before.
    private func older() throws -> Folder {
        let folder = try Folder()
        var booked = try Booked(
            Ledger(folderPath: folder.path),
            plan: ShowPlan(
                title: "Quiz", mode: .points,
                prize: PrizePool(minorUnits: 10_000, currency: "EUR")))
        try booked.addQuestions(2)
        try booked.host(.openLobby)
        try booked.join(["slow", "quick"])
        try booked.host(.open(question: nil))
        let openedMs = booked.nowMs
        booked.nowMs = openedMs + 2_500
        try booked.answer([nil, 0], handover: .at(ns: openedMs * 1_000_000))
        booked.nowMs = openedMs + 5_000
        try booked.answer([0], handover: .at(ns: (openedMs + 3_000) * 1_000_000))
        try booked.host(.lock(isForced: true))
        try booked.host(.reveal)
        try booked.host(.finishEarly)
        try booked.host(.settle)
        let copy = try folder.crashCopy()
        let queue = try DatabaseQueue(path: copy.path + "/ledger.sqlite")
        try queue.write { db in
            try db.execute(
                sql: """
                    ALTER TABLE answers DROP COLUMN lag_ns_max;
                    DELETE FROM grdb_migrations WHERE identifier = '3 bounds of lags';
                    UPDATE events SET json = json_remove(json, '$.plan.speedLagMsMax')
                        WHERE kind IN ('created', 'edited');
                    """)
        }
        try queue.close()
        return copy
    }

    @Test("its answers are judged by the rules of then, and its plans have the bound from now on")
    func readBack() throws {
        let folder = try older()
        let ledger = try Ledger(folderPath: folder.path)
        let audit = try ledger.audit(show: "show")
        #expect(audit.differences == [])
        #expect(audit.settlement?.payouts.map(\.id) == ["slow"])
        let show = try ledger.load(show: "show").show
        #expect(show.plan.timing == .standard)
        #expect(show.lags(of: PlayerNumber(rawValue: 0)).map(\.speedMs) == [3_000])
    }

    /// A knockout that was ended early, with a spare waiting and a winner who had never answered.
    private func silentWinner() throws -> Folder {
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(2)
        try booked.host(.openLobby)
        try booked.join(["quick", "silent"])
        try booked.host(.open(question: nil))
        try booked.answer([0])
        try booked.host(.lock(isForced: true))
        try booked.host(.reveal)
        try booked.host(.finishEarly)
        try booked.host(.settle)
        let copy = try folder.crashCopy()
        let queue = try DatabaseQueue(path: copy.path + "/ledger.sqlite")
        try queue.write { db in
            try db.execute(
                sql: """
                    UPDATE events SET json = json_object('id', 'show', 'plan', json(
                        '{"title":"Quiz","mode":"knockout","reviveCount":1,
                        "entryClosesAtQuestion":1,"graceMs":500,"lagMsMax":4000,
                        "defaultLagMs":2000,"basePoints":500,"speedPoints":500,
                        "prizeMinorUnits":10000,"currency":"EUR","remainderRule":"kept",
                        "isRehearsal":false}')) WHERE kind = 'created';
                    UPDATE events SET json = json_remove(json_set(
                            json, '$.question.correctOption',
                            json_extract(json, '$.question.correct') - 1),
                        '$.question.correct', '$.question.spare') WHERE kind = 'questionAdded';
                    UPDATE events SET json = json_remove(json, '$.isLast', '$.silentWin'),
                        format = 1;
                    UPDATE events SET json = json_set(
                            json, '$.split.winnerCount', 2, '$.split.shareMinorUnits', 5000)
                        WHERE kind = 'settled';
                    UPDATE payouts SET minor_units = 5000;
                    INSERT INTO payouts (show, place, player, id, name, minor_units, currency)
                        SELECT show, 2, 1, 'silent', 'Player silent', 5000, currency FROM payouts;
                    """)
        }
        try queue.close()
        return copy
    }

    @Test("a show that is settled stays as it was settled, whoever wins by the rules of now")
    func settledByTheRulesOfThen() throws {
        let folder = try silentWinner()
        let ledger = try Ledger(folderPath: folder.path)
        let audit = try ledger.audit(show: "show")
        #expect(audit.differences == [])
        #expect(audit.settlement?.payouts.map(\.id) == ["quick", "silent"])
        #expect(audit.settlement?.payouts.map(\.minorUnits) == [5000, 5000])
        let show = try ledger.load(show: "show").show
        #expect(!show.isOnTheLast && show.winners.count == 2)
    }

    @Test("what is written now keeps its bound")
    func newer() throws {
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(1)
        try booked.host(.openLobby)
        try booked.join(["a", "b", "c"])
        try booked.host(.open(question: nil))
        let openedNs = booked.nowMs * 1_000_000
        booked.nowMs += 4_000
        try booked.answer([0], handover: .at(ns: openedNs + 3_900_000_000, lagNsMax: 0))
        try booked.answer([nil, 0], handover: .at(ns: openedNs + 3_900_000_000, lagNsMax: 700))
        let stored = try booked.ledger.load(show: "show").show
        #expect(stored == booked.show)
        #expect(stored.lags(of: PlayerNumber(rawValue: 0)).map(\.windowMs) == [0])
        #expect(stored.lags(of: PlayerNumber(rawValue: 0)).map(\.measuredMs) == [3_900])
    }
}
