// Whoever guesses the staff token is slowed, and nobody else.

import Access
import ControlRoom
import Synchronization
import Testing
import WireBytes

@testable import Fanfare

@Suite struct StaffGuessesTests {
    private final class Clock: Sendable {
        let ms = Atomic<Int64>(1_000_000)
    }

    @Test func anAddressWaitsOnceItHasUsedUpItsGuesses() {
        let clock = Clock()
        let guesses = StaffGuesses { clock.ms.load(ordering: .relaxed) }
        let guesser = HostKey(v4: 0xC000_0207)
        let neighbour = HostKey(v4: 0xC000_0208)
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
        let proxy = HostKey(.loopback)
        for _ in 0..<1_000 { guesses.noteWrong(from: proxy) }
        #expect(guesses.waitS(for: proxy) == 0)
    }
}
