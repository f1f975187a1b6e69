// Whoever guesses the staff token is slowed, and nobody else.

import Access
import ControlRoom
import Synchronization
import Testing

@testable import Fanfare

@Suite struct StaffGuessesTests {
    private final class Clock: Sendable {
        let ms = Atomic<Int64>(1_000_000)
    }

    @Test func anAddressWaitsOnceItHasUsedUpItsGuesses() {
        let clock = Clock()
        let guesses = StaffGuesses { clock.ms.load(ordering: .relaxed) }
        let guesser = StaffPeer(address: "192.0.2.7", isLoopback: false)
        let neighbour = StaffPeer(address: "192.0.2.8", isLoopback: false)
        for _ in 0..<SecretLimits.wrongCountMax {
            #expect(guesses.waitS(for: guesser) == 0)
            guesses.noteWrong(from: guesser)
        }
        let waitS = guesses.waitS(for: guesser)
        #expect(waitS > 0)
        #expect(guesses.waitS(for: neighbour) == 0)
        clock.ms.add(Int64(waitS) * 1_000, ordering: .relaxed)
        #expect(guesses.waitS(for: guesser) == 0)
    }

    @Test func behindAProxyOfThisMachineNobodyKeepsTheStaffOut() {
        let guesses = StaffGuesses { 0 }
        let proxy = StaffPeer(address: "127.0.0.1", isLoopback: true)
        for _ in 0..<1_000 { guesses.noteWrong(from: proxy) }
        #expect(guesses.waitS(for: proxy) == 0)
    }
}
