// One simulated viewer.

/// Where a simulated viewer is in its life.
enum MemberState: UInt8 {
    case free
    /// A player who hasn't a token yet.
    case joining
    case connecting
    /// Sent its request; the head of the answer is expected.
    case asking
    case watching
    /// Slow, and resting before it reads on.
    case resting
    /// Reads no more.
    case stuck
    case closing
    /// A player whose stream was lost, and who will come back.
    case away
}

/// How a simulated viewer behaves.
enum MemberKind: UInt8 {
    case plain
    case verified
    case slow
    case stuck
}

/// A slot of the audience's table.
struct AudienceMember {
    var state = MemberState.free
    var kind = MemberKind.plain
    var generation: UInt32 = 0
    /// When it began to connect, ns.
    var startedNs: Int64 = 0
    /// When bytes came last, ms; 0 before the first of the stream.
    var receivedMs: Int64 = 0
    /// When a slow one reads on, or a player comes back, ms.
    var restsUntilMs: Int64 = 0
    var hasStalled = false
    /// It plays, in the slot of the same number of `AudienceThread.players`.
    var isPlayer = false
    /// The index of its verifier; -1 for none.
    var verifier: Int32 = -1
}
