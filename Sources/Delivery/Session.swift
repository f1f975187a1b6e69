// What a shard knows of a connection that is more than a viewer: a WebSocket, a player, a
// request that waits for its reply.

import HTTPWire

/// A connection's second part, which most have not.
struct Session {
    /// Of a WebSocket: the client's frames.
    var reader = WebSocketReader()
    /// Who it is, if it has said so.
    var ticket: PlayerTicket?
    /// When its next answer is due at the allowed rate, ms.
    var answerDueMs: Int64 = 0
    /// Of a WebSocket: when its next message is due at the allowed rate, ms.
    var messageDueMs: Int64 = 0
    /// Since when it is a player's, ns.
    var playerSinceNs: Int64 = 0
    /// The newest question it was handed, when, and from when on it counts as having it, ns.
    var questionSeq: UInt64 = 0
    var questionNs: Int64 = 0
    var countedNs: Int64 = 0
    /// The question that it is waited for, if it is.
    var wait = QuestionWait()
    /// How far it has been behind.
    var lags = LagHistory()
    /// The head buffer it has: for part of a message, or for requests that have to wait.
    var storage: Int32 = -1
    /// Of the frames it is still to get: those that a newer one of the same kind takes the place of.
    var pong: Int32 = -1
    var textPong: Int32 = -1
    var notice: Int32 = -1
    /// Replies that the service owes it.
    var replyCount: UInt8 = 0
    /// What its player reported last.
    var report = ReportMark()
    var closeReason = DropReason.left
    var flags = Flags()
    /// For the response: the page that may read it.
    var origin: String?

    struct Flags: OptionSet {
        let rawValue: UInt8
        static let webSocket = Flags(rawValue: 1)
        /// A close frame is the last that it gets.
        static let closing = Flags(rawValue: 2)
        /// The connection goes on after the response.
        static let keepAlive = Flags(rawValue: 4)
        /// The response has no body.
        static let isHead = Flags(rawValue: 8)
    }
}

/// The sessions of a shard, taken from the system in blocks as they are needed.
@safe struct Sessions: ~Copyable {
    private var blocks: [UnsafeMutablePointer<Session>] = unsafe []
    private var free: [Int32] = []

    deinit {
        for index in unsafe blocks.indices {
            unsafe blocks[index].deinitialize(count: DeliverySettings.sessionBlockCount)
            unsafe blocks[index].deallocate()
        }
    }

    subscript(index: Int) -> Session {
        @inline(__always) unsafeAddress {
            let block = unsafe blocks[index / DeliverySettings.sessionBlockCount]
            return unsafe UnsafePointer(block + index % DeliverySettings.sessionBlockCount)
        }
        @inline(__always) unsafeMutableAddress {
            let block = unsafe blocks[index / DeliverySettings.sessionBlockCount]
            return unsafe block + index % DeliverySettings.sessionBlockCount
        }
    }

    /// How many blocks are taken from the system.
    var blockCount: Int { unsafe blocks.count }
    /// How many are in use.
    var count: Int { unsafe blocks.count * DeliverySettings.sessionBlockCount - free.count }

    /// A new session.
    mutating func take() -> Int32 {
        if free.isEmpty { grow() }
        let index = free.removeLast()
        self[Int(index)] = Session()
        return index
    }

    mutating func give(_ index: Int32) {
        self[Int(index)].origin = nil
        free.append(index)
    }

    /// Gives the memory back if nobody uses any of it.
    mutating func trim() {
        guard count == 0 else { return }
        for index in unsafe blocks.indices {
            unsafe blocks[index].deinitialize(count: DeliverySettings.sessionBlockCount)
            unsafe blocks[index].deallocate()
        }
        unsafe blocks = []
        free = []
    }

    private mutating func grow() {
        let count = DeliverySettings.sessionBlockCount
        let start = unsafe blocks.count * count
        let block = UnsafeMutablePointer<Session>.allocate(capacity: count)
        unsafe block.initialize(repeating: Session(), count: count)
        unsafe blocks.append(block)
        free += (start..<start + count).reversed().map { Int32($0) }
    }
}
