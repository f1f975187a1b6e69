// Zero copy: when it is used, what it holds on to, and how that comes back in time.

import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct ZeroCopyTests {
    private static let get = "GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n"

    private func stage(_ policy: ZeroCopyPolicy) -> Stage {
        Stage { settings in
            settings.zeroCopy = policy
            settings.mergeMsMin = 40
            settings.mergeMsMax = 40
        }
    }

    /// Frames of 12 KB at 25 a second for a while.
    private func air(
        _ stage: Stage, _ publication: Publication, frames: Int, byteCount: Int = 12_000
    ) throws {
        for number in 0..<frames {
            try stage.frame(
                isKeyframe: number % 25 == 0, byteCount: byteCount, to: publication)
            try stage.pass(ms: 40)
        }
    }

    @Test func staysOffWhereTheKernelCopiesAfterAll() throws {
        let stage = stage(.auto)
        stage.world.loans.isReal = false
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        _ = stage.connect(ZeroCopyTests.get)
        try air(stage, publication, frames: 350)
        let counters = stage.core.counters
        #expect(!counters.isZeroCopy)
        #expect(counters.zeroCopyProbeCount == 1)
        #expect(counters.zeroCopySendCount == UInt64(DeliverySettings.zeroCopyProbeCount))
        #expect(counters.zeroCopyCopiedCount == counters.zeroCopySendCount)
    }

    @Test func triesAgainAfterAMinute() throws {
        let stage = stage(.auto)
        stage.world.loans.isReal = false
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        _ = stage.connect(ZeroCopyTests.get)
        try air(stage, publication, frames: 25 * 75)
        #expect(stage.core.counters.zeroCopyProbeCount == 2)
        // The network has changed: now the pages are really taken.
        stage.world.loans.isReal = true
        stage.world.loans.durationNsMax = 20_000_000
        try air(stage, publication, frames: 25 * 80)
        #expect(stage.core.counters.isZeroCopy)
    }

    @Test func goesOnWhereTheKernelTakesThePages() throws {
        let stage = stage(.auto)
        stage.world.loans.durationNsMax = 20_000_000
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        let client = stage.connect(ZeroCopyTests.get)
        try air(stage, publication, frames: 400)
        let counters = stage.core.counters
        #expect(counters.isZeroCopy)
        #expect(counters.zeroCopySendCount > 80)
        #expect(stage.world.loans.spoiltCount == 0)
        // Every byte arrived all the same.
        let program = publication.programme
        let sent = stage.timeline(program, from: program.timeline.tail)
        #expect(client.received.suffix(5_000).elementsEqual(sent.suffix(5_000)))
    }

    @Test func givesUpWhenTheKernelBeginsToCopy() throws {
        let stage = stage(.auto)
        stage.world.loans.durationNsMax = 20_000_000
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        for _ in 0..<40 { _ = stage.connect(ZeroCopyTests.get) }
        try air(stage, publication, frames: 200)
        #expect(stage.core.counters.isZeroCopy)
        stage.world.loans.isReal = false
        try air(stage, publication, frames: 250)
        #expect(!stage.core.counters.isZeroCopy)
    }

    @Test func smallSendsAreCopied() throws {
        let stage = stage(.auto)
        let publication = try stage.publish()
        try air(stage, publication, frames: 1, byteCount: 500)
        _ = stage.connect(ZeroCopyTests.get)
        try air(stage, publication, frames: 100, byteCount: 500)
        #expect(stage.core.counters.zeroCopySendCount == 0)
    }

    @Test func offMeansOff() throws {
        let stage = stage(.off)
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        _ = stage.connect(ZeroCopyTests.get)
        try air(stage, publication, frames: 100)
        #expect(stage.core.counters.zeroCopySendCount == 0)
        #expect(stage.core.counters.zeroCopyProbeCount == 0)
    }

    /// A peer that acknowledges nothing must not make the writer wait, nor its bytes change.
    @Test func whoHoldsUpTheWriterIsDropped() throws {
        let stage = stage(.on)
        stage.world.loans.durationNsMax = 10_000_000
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        // The first client, number 0, is the silent one.
        stage.world.loans.silentPerCent = 1
        let silent = stage.connect(ZeroCopyTests.get)
        let other = stage.connect(ZeroCopyTests.get)
        // Twice around the arena of 1 MB.
        try air(stage, publication, frames: 200)
        #expect(silent.isResetByServer)
        #expect(!other.isClosedByServer)
        #expect(stage.world.loans.spoiltCount == 0)
        #expect(stage.core.counters.viewerEndCounts[DropReason.overrun.rawValue] == 1)
    }

    /// A shard that hung for a moment has not heard yet what came back meanwhile, and the kernel
    /// tells of so many a call. What it sends then is old already, so it is not lent.
    @Test func nobodyIsDroppedForWhatHasComeBack() throws {
        let stage = stage(.on)
        stage.world.loans.durationNsMax = 10_000_000
        stage.world.notificationsPerSubmitMax = 20
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        for _ in 0..<90 { _ = stage.connect(ZeroCopyTests.get) }
        try air(stage, publication, frames: 3)
        stage.world.loans.durationNsMax = 500_000_000
        try air(stage, publication, frames: 1)
        let owedCount = stage.core.zeroCopy.owedCount
        #expect(owedCount > 20)
        for _ in 0..<72 { try stage.frame(byteCount: 12_000, to: publication) }
        // A second later.
        try stage.pass(ms: 1_000, stepMs: 1_000)
        try stage.pass(ms: 200)
        #expect(stage.core.counters.viewerCount == 90)
        #expect(stage.core.counters.viewerEndCounts.reduce(0, +) == 0)
        #expect(stage.world.loans.spoiltCount == 0)
    }

    /// Even if the shard hangs, nothing that is lent is written over: the publisher is told.
    @Test func aShardThatHangsHoldsTheWriterUp() throws {
        let stage = stage(.on)
        stage.world.loans.silentPerCent = 1
        let publication = try stage.publish()
        try air(stage, publication, frames: 1)
        _ = stage.connect(ZeroCopyTests.get)
        try air(stage, publication, frames: 3)
        #expect(throws: TagRefusal.heldUp) {
            for number in 0..<200 {
                try stage.frame(isKeyframe: number % 25 == 0, byteCount: 12_000, to: publication)
            }
        }
        stage.world.loans.check()
        #expect(stage.world.loans.spoiltCount == 0)
        // It comes back to itself, and the show goes on.
        try stage.pass(ms: 200)
        try air(stage, publication, frames: 30)
    }
}
