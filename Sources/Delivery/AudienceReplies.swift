// The way back from the service to the shards.

import IORing
import Synchronization

/// Takes replies on any thread, and has each shard send its own.
public final class AudienceReplies: Sendable {
    private let inboxes = Mutex<[ReplyInbox]>([])

    /// For one crowd, which is yet to be started.
    public init() {}

    /// Has these sent. Who has left in the meantime gets nothing.
    public func deliver(_ replies: [AudienceReply]) {
        let inboxes = inboxes.withLock { $0 }
        guard inboxes.count > 1 else {
            inboxes.first?.add(replies)
            return
        }
        for (index, inbox) in inboxes.enumerated() {
            let own = replies.filter { Int($0.address.shard) == index }
            if !own.isEmpty { inbox.add(own) }
        }
    }

    /// The next shard's inbox.
    func makeInbox() -> ReplyInbox {
        inboxes.withLock { inboxes in
            let inbox = ReplyInbox(shard: UInt16(inboxes.count))
            inboxes.append(inbox)
            return inbox
        }
    }
}

/// What one shard has to send.
final class ReplyInbox: Sendable {
    let shard: UInt16
    private let replies = Mutex<[AudienceReply]>([])
    private let isFilled = Atomic<Bool>(false)
    private let wakeSignal = Mutex<WakeSignal?>(nil)

    init(shard: UInt16) { self.shard = shard }

    /// From now on somebody is woken when there is something.
    func attach(_ wakeSignal: WakeSignal) { self.wakeSignal.withLock { $0 = wakeSignal } }

    func add(_ more: [AudienceReply]) {
        replies.withLock { $0 += more }
        // The exchange makes many batches one wake-up.
        if !isFilled.exchange(true, ordering: .acquiringAndReleasing) {
            wakeSignal.withLock { $0?.raise() }
        }
    }

    /// Takes all there is.
    func takeAll() -> [AudienceReply] {
        guard isFilled.load(ordering: .relaxed) else { return [] }
        // Before the replies are taken, so that none is added without a wake-up.
        isFilled.store(false, ordering: .sequentiallyConsistent)
        return replies.withLock { replies in
            defer { replies = [] }
            return replies
        }
    }
}
