// A show that can't be read is set aside, and the others go on.

import Foundation
import GRDB
import Game
import Ledger
import Testing
import Trivia

@Suite("The desk on a damaged ledger")
struct DamageTests {
    /// Two shows, each with an open question, after somebody has changed the file.
    private func damaged(
        _ sql: String, _ news: Heard<DeskNews>
    ) throws -> DeskStand {
        let stand = try DeskStand()
        try stand.open()
        try stand.host(
            .create(ShowPlan(title: "Other"), stream: "second"), show: "other")
        try stand.host(.replaceQuestions(DeskStand.questions(2)), show: "other")
        try stand.host(.openLobby, show: "other")
        _ = try stand.admit("a")
        try stand.play(.open(question: nil))
        let copy = try stand.folder.crashCopy()
        let queue = try DatabaseQueue(path: copy.path + "/ledger.sqlite")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        let now = stand.clock.nowMs.withLock { $0 } + 1000
        return try DeskStand(folder: copy, clock: HandClock(bootMs: now - 5000, nowMs: now)) {
            news.add($0)
        }
    }

    @Test(
        "one show is set aside, which the host is told",
        arguments: [
            "UPDATE events SET json = '{' WHERE show = 1 AND revision = 2",
            "DELETE FROM events WHERE show = 1 AND revision = 1",
            "UPDATE players SET number = 9223372036854775807 WHERE show = 1",
            "UPDATE shows SET phase = 'lost' WHERE key = 1",
            """
            UPDATE events SET json = '{"atNs":4611686018427387904,"number":0}' WHERE kind = 'opened'
            """,
        ])
    func setAside(sql: String) throws {
        let news = Heard<DeskNews>()
        let next = try damaged(sql, news)
        #expect(next.desk.setAside.map(\.id) == ["show"])
        let told = news.all.filter { if case .setAside = $0 { true } else { false } }
        #expect(told.count == 1)
        #expect("\(told)".contains("“show”"))
        #expect(throws: HostRefusal.self) { try next.play(.lock(isForced: true)) }
        #expect(throws: LedgerError.self) { try next.desk.report(show: "show") }
        try next.host(.open(question: nil), show: "other")
        #expect(next.desk.heldReport(show: "other")?.numbers != nil)
    }

    @Test(
        "the clock's own row may have any number",
        arguments: [Int64.max, .min, -1, 0, 1 << 62, 4_200_000_000_000_000_000])
    func clock(atNs: Int64) throws {
        let news = Heard<DeskNews>()
        let next = try damaged("UPDATE alive SET at_ns = \(atNs)", news)
        #expect(next.desk.setAside.isEmpty)
        next.clock.pass(ms: 1000)
        next.desk.turn()
        try next.play(.lock(isForced: true))
        try next.play(.reveal)
        #expect(try next.desk.audit(show: "show").isSound)
    }

    @Test("a start that no calendar has is shown to nobody, and the show goes on")
    func startsAt() throws {
        let news = Heard<DeskNews>()
        let next = try damaged(
            """
            UPDATE events SET json = json_set(json, '$.plan.startsAtMs', 9223372036854775807)
            WHERE kind = 'created'
            """, news)
        #expect(next.desk.setAside.isEmpty)
        #expect(next.desk.heldReport(show: "other")?.plan.startsAtMs == nil)
        for ms in [Int64.min, -1, .max] {
            #expect(throws: PlanFault.startsAtMs(ms)) {
                try ShowPlan(title: "Quiz", startsAtMs: ms)
            }
        }
    }
}
