// A question that nobody would see isn't opened, unless the host says so.

import Game
import Ledger
import Testing
import Trivia

@Suite("Who sees it")
struct SightTests {
    private func set(_ stand: DeskStand, _ feed: StageSight.Feed, viewers: Int) {
        stand.stage.content.withLock { content in
            content.programme = feed == .off ? nil : 1
            content.isSilent = feed == .silent
            content.viewerCount = viewers
        }
    }

    private func open(_ stand: DeskStand, isForced: Bool, id: String) throws -> CommandReceipt {
        try stand.send(
            HostRequest(
                commandID: id, who: "anna", show: "show",
                command: .open(question: nil, isForced: isForced))
        ).get()
    }

    @Test(
        "opened to nobody is refused with the reason, and forced it is in the log",
        arguments: [(StageSight.Feed.off, 3), (.silent, 3), (.live, 0)], [0, 5])
    func refused(unseen: (feed: StageSight.Feed, viewers: Int), afterS: Int64) throws {
        let stand = try DeskStand()
        try stand.open()
        set(stand, unseen.feed, viewers: unseen.viewers)
        stand.clock.pass(ms: 50)
        stand.desk.turn()
        stand.clock.pass(ms: afterS * 1000)
        stand.desk.turn()
        let reason = UnseenReason(stream: "main", feed: unseen.feed, forS: afterS)
        #expect(throws: HostRefusal.unseen(reason)) {
            try open(stand, isForced: false, id: "open")
        }
        #expect(stand.report?.phase == .lobby)
        #expect(stand.report?.sight?.sight.isSeen == false)
        // The same order once more, and forced: a refused one has used up no id.
        let receipt = try open(stand, isForced: true, id: "open")
        #expect(stand.report?.leftMs != nil)
        let line = try stand.desk.log(show: "show").last
        #expect(line?.detail == "q0, forced: \(reason)")
        #expect(try open(stand, isForced: false, id: "open").revision == receipt.revision)
        #expect(try stand.desk.audit(show: "show").isSound)
    }

    @Test("the report has the stream's state, its viewers and since when")
    func report() throws {
        let stand = try DeskStand(isOnAir: false)
        try stand.open()
        let startMs = stand.clock.nowMs.withLock { $0 }
        #expect(stand.report?.sight?.sight.feed == .off)
        stand.clock.pass(ms: 3000)
        set(stand, .live, viewers: 0)
        stand.desk.turn()
        #expect(stand.report?.sight?.feedSinceMs == startMs + 3000)
        #expect(stand.report?.sight?.seenSinceMs == startMs)
        stand.clock.pass(ms: 3000)
        set(stand, .live, viewers: 7)
        stand.desk.turn()
        let sight = try #require(stand.report?.sight)
        #expect(sight.sight == StageSight(feed: .live, viewerCount: 7))
        #expect(sight.feedSinceMs == startMs + 3000 && sight.seenSinceMs == startMs + 6000)
        try stand.play(.open(question: nil))
        #expect(stand.report?.leftMs != nil)
    }

    @Test("what the rules refuse is told first")
    func rulesFirst() throws {
        let stand = try DeskStand(isOnAir: false)
        try stand.open()
        _ = try open(stand, isForced: true, id: "first")
        #expect {
            try open(stand, isForced: false, id: "second")
        } throws: { error in
            if case .rules = error as? HostRefusal { true } else { false }
        }
    }
}
