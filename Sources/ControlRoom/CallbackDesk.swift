// What the control room needs to show what other systems haven't been told: one small protocol.

/// Something that is to be told, or was given up.
public struct CallbackRecord: Sendable, Codable, Equatable {
    /// Its number in the queue.
    public var number: Int64
    /// By which its receiver knows it.
    public var id: String
    /// What happened, in a word.
    public var event: String
    /// Whom to tell, without path and query.
    public var url: String
    /// What to tell: JSON.
    public var body: String
    /// When it happened, ms since 1970.
    public var createdAtMs: Int64
    /// How often it was tried.
    public var attempts: Int
    /// Whether it was given up.
    public var isDead: Bool
    /// Why the last try failed; nil before one has.
    public var failure: String?

    /// A record.
    public init(
        number: Int64, id: String, event: String, url: String, body: String, createdAtMs: Int64,
        attempts: Int, isDead: Bool, failure: String? = nil
    ) {
        self.number = number
        self.id = id
        self.event = event
        self.url = url
        self.body = body
        self.createdAtMs = createdAtMs
        self.attempts = attempts
        self.isDead = isDead
        self.failure = failure
    }
}

/// The queue, and a part of what is in it.
public struct CallbackReport: Sendable, Codable, Equatable {
    /// The most that are listed.
    public static let countMax = 100

    /// To be told yet.
    public var waiting: Int
    /// Given up.
    public var dead: Int
    /// The newest first.
    public var callbacks: [CallbackRecord]

    /// A report.
    public init(waiting: Int, dead: Int, callbacks: [CallbackRecord]) {
        self.waiting = waiting
        self.dead = dead
        self.callbacks = callbacks
    }
}

/// How many were done something with.
public struct CallbackCount: Sendable, Codable, Equatable {
    /// So many.
    public var count: Int

    /// So many.
    public init(count: Int) { self.count = count }
}

/// Why nothing was done.
public enum CallbackDeskRefusal: Error, Sendable, Equatable {
    /// The sentence says why.
    case notNow(String)
}

/// Where what other systems are told is looked after. An implementation answers within moments.
public protocol CallbackDesk: Sendable {
    /// What was given up, or what waits.
    func list(dead: Bool) throws(CallbackDeskRefusal) -> CallbackReport
    /// Tells again what was given up.
    ///
    /// - Parameter number: which; nil for all.
    /// - Returns: How many those are.
    func resend(_ number: Int64?) throws(CallbackDeskRefusal) -> Int
    /// Removes what was given up, as `resend` has it.
    func drop(_ number: Int64?) throws(CallbackDeskRefusal) -> Int
}
