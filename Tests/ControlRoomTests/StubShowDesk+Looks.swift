// Who follows the shows of a desk for tests, and looks that take as long as a test wants.

import Synchronization

@testable import ControlRoom

extension StubShowDesk {
    func state(of show: String) async throws(ShowDeskRefusal) -> ShowState {
        let state = try look(at: show)
        await passThrough()
        return state
    }

    /// The id of each show that changes.
    func changes() -> AsyncStream<String> {
        let (changes, follower) = AsyncStream<String>.makeStream()
        let number = book.withLock { book in
            book.followerNumber += 1
            book.followers[book.followerNumber] = follower
            return book.followerNumber
        }
        follower.onTermination = { [weak self] _ in
            self?.book.withLock { $0.followers[number] = nil }
        }
        return changes
    }

    /// How many take the changes of all shows, and the same as if more changed than they take.
    var followerCount: Int { book.withLock { $0.followers.count } }
    func loseFollowers() {
        for follower in book.withLock({ $0.followers.values }) { follower.finish() }
    }

    /// Whether the list can't be read.
    func breakList(_ isBroken: Bool) { book.withLock { $0.isListBroken = isBroken } }

    /// From now on looks at a show see it as it is, and come to their end when they are let through.
    func holdLooks() { book.withLock { $0.heldLooks = [] } }
    var heldLookCount: Int { book.withLock { $0.heldLooks?.count ?? 0 } }
    /// Lets them through, the newest first.
    func letLooksThrough() {
        let held = book.withLock { book in
            defer { book.heldLooks = nil }
            return book.heldLooks ?? []
        }
        for look in held.reversed() { look.resume() }
    }

    private func passThrough() async {
        await withCheckedContinuation { look in
            let isHeld = book.withLock { book in
                guard book.heldLooks != nil else { return false }
                book.heldLooks?.append(look)
                return true
            }
            if !isHeld { look.resume() }
        }
    }
}
