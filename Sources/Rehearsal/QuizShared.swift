// What the players of all rings share with each other and with the rehearsal's owner.

import Synchronization

/// One for all rings of a rehearsal with answers.
final class QuizShared: Sendable {
    /// When any player had a cue first, by its hash.
    private let firsts = Mutex<[UInt64: Int64]>([:])
    /// Why nobody can play.
    let obstacle = Mutex<RehearsalObstacle?>(nil)
    /// When the show was over, ns; 0 before.
    let overNs = Atomic<Int64>(0)
    /// Whether the answers are to be looked for in the ledger now.
    let isChecking = Atomic<Bool>(false)

    /// When any player of any ring had a cue first.
    func firstNs(ofCue hash: UInt64, nowNs: Int64) -> Int64 {
        firsts.withLock { firsts in
            if let first = firsts[hash] { return first }
            firsts[hash] = nowNs
            return nowNs
        }
    }

    /// Notes why nobody can play; the first reason stays.
    func stop(_ reason: RehearsalObstacle) {
        obstacle.withLock { $0 = $0 ?? reason }
    }
}
