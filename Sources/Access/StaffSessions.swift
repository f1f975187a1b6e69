// Who has logged in: sessions that a browser's cookie names.

import WireBytes

/// A session that is open. Its id is known to the browser alone.
public struct StaffSession: Sendable, Equatable {
    /// What is kept of its id.
    public let id: TokenDigest
    /// By which token it was opened: when that is worth nothing any more, neither is this.
    public let token: TokenDigest
    /// When it ends, ms since 1970.
    public let expiresAtMs: Int64

    /// A session.
    public init(id: TokenDigest, token: TokenDigest, expiresAtMs: Int64) {
        self.id = id
        self.token = token
        self.expiresAtMs = expiresAtMs
    }
}

/// All open sessions, the oldest first. A plain value, and bounded: whoever opens one too many loses
/// the oldest.
public struct StaffSessions: Sendable, Equatable {
    /// Each of them.
    public private(set) var all: [StaffSession] = []

    /// None.
    public init() {}

    /// Those that were kept, as far as they are still good.
    public init(_ sessions: [StaffSession], nowMs: Int64) {
        let latestMs = nowMs + StaffLimits.sessionMsMax
        all = Array(
            sessions.filter { nowMs..<latestMs + 1 ~= $0.expiresAtMs }
                .suffix(StaffLimits.sessionCountMax))
    }

    /// Opens one.
    ///
    /// - Parameters:
    ///   - id: by chance, as `TokenDigest.newToken` makes it.
    ///   - token: what was brought for it.
    public mutating func open(_ id: TokenDigest, token: TokenDigest, nowMs: Int64) {
        all.removeAll { $0.expiresAtMs < nowMs }
        let own = all.filter { $0.token == token }
        if own.count >= StaffLimits.sessionsPerTokenMax, let oldest = own.first {
            all.removeAll { $0.id == oldest.id }
        }
        if all.count >= StaffLimits.sessionCountMax { all.removeFirst() }
        all.append(
            StaffSession(id: id, token: token, expiresAtMs: nowMs + StaffLimits.sessionMsMax))
    }

    /// A session that is still open, by its id.
    public func session(_ id: TokenDigest, nowMs: Int64) -> StaffSession? {
        all.first { $0.id.isSame(as: id) && $0.expiresAtMs >= nowMs }
    }

    /// Ends one; there needn't be any.
    public mutating func close(_ id: TokenDigest) { all.removeAll { $0.id == id } }

    /// Ends all that were opened by a token.
    public mutating func closeAll(openedBy token: TokenDigest) {
        all.removeAll { $0.token == token }
    }
}
