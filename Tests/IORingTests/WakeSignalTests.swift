// The wake signal: what was raised is never lost, and many raises are one wake-up.

import Glibc
import IORing
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct WakeSignalTests {
    private func isReadable(_ signal: WakeSignal) -> Bool {
        var wish = pollfd(fd: signal.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&wish, 1, 0) == 1
    }

    private func durationMs(_ body: () -> Void) -> Int64 {
        let startNs = MonotonicClock.nowNs()
        body()
        return (MonotonicClock.nowNs() - startNs) / 1_000_000
    }

    // MARK: Without a ring

    @Test func aSleeperIsWokenByAnotherThread() throws {
        let signal = try WakeSignal()
        let thread = try PlainThread(name: "raiser") { signal.raise() }
        signal.wait()
        thread.join()
    }

    @Test func whatWasRaisedBeforeCountsOnce() throws {
        let signal = try WakeSignal()
        for _ in 0..<5 { signal.raise() }
        #expect(durationMs { signal.wait(ms: 20_000) } < 10_000)
        #expect(durationMs { signal.wait(ms: 30) } >= 30)
    }

    @Test func aWaitEndsWhenItsTimeIsOver() throws {
        let signal = try WakeSignal()
        #expect(durationMs { signal.wait(ms: 30) } >= 30)
        #expect(durationMs { signal.wait(ms: 0) } < 10_000)
        // It is as good as new.
        signal.raise()
        #expect(durationMs { signal.wait(ms: 20_000) } < 10_000)
    }

    @Test func whoIsAwakeIsRaisedWithoutASystemCall() throws {
        let signal = try WakeSignal()
        signal.raise()
        #expect(!isReadable(signal))
    }

    @Test func aSignalHandlersWriteWakesToo() throws {
        let signal = try WakeSignal()
        var one: UInt64 = 1
        #expect(unsafe write(signal.descriptor, &one, 8) == 8)
        signal.wait()
        #expect(!isReadable(signal))
    }

    /// Two threads that hand a number to and fro: one lost wake-up, and both sleep for ever.
    @Test func noWakeUpIsLost() throws {
        let roundCount = 20_000
        let (there, back) = (try WakeSignal(), try WakeSignal())
        let sent = Atomic<Int>(0)
        let returned = Atomic<Int>(0)
        let thread = try PlainThread(name: "echo") {
            for round in 1...roundCount {
                while sent.load(ordering: .acquiring) < round { there.wait() }
                returned.store(round, ordering: .releasing)
                back.raise()
            }
        }
        for round in 1...roundCount {
            sent.store(round, ordering: .releasing)
            there.raise()
            while returned.load(ordering: .acquiring) < round { back.wait() }
        }
        thread.join()
        #expect(returned.load(ordering: .relaxed) == roundCount)
    }

    // MARK: With a ring

    @Test(.enabled(if: Kernel.hasRing, Kernel.reason))
    func aRingIsWokenOnceForManyAndAgainAfterItHasWatchedAgain() throws {
        let stand = try RingStand()
        let signal = try WakeSignal()
        stand.ring.watch(signal, token: stand.token(9))
        try stand.ring.submit()
        #expect(stand.ring.nextCompletion() == nil)
        for round in 0..<3 {
            let thread = try PlainThread(name: "raiser") { for _ in 0..<5 { signal.raise() } }
            thread.join()
            #expect(try stand.next()?.token == stand.token(9), "in round \(round)")
            // Raised before it watches again: it looks by itself then, and isn't woken for it.
            signal.raise()
            stand.ring.watch(signal, token: stand.token(9))
            try stand.ring.submit()
            #expect(stand.ring.nextCompletion() == nil)
        }
        withExtendedLifetime(signal) {}
    }
}
