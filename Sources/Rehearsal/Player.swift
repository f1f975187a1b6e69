// One simulated player: its stream, as far as it listens, and the answer it is about.

import HTTPWire

/// How far a player is with the question it received last.
enum Attempt: UInt8 {
    /// It doesn't answer, or has its receipt.
    case settled
    /// It will answer when its time has come.
    case planned
    /// It would have answered, but the connection or the show stood still.
    case unsent
    /// It waits for the receipt.
    case sent
    /// The connection went before the receipt came.
    case lost
    /// The receipt didn't come in time.
    case overdue
}

/// A player, by its slot; it keeps the slot when it loses its stream and comes back.
struct Player {
    /// Its token; empty before it has one.
    var token: [UInt8] = []
    var isPosting = false
    /// It was told that it is out, or too late.
    var isOut = false
    /// When it watched first, and when this connection's stream began, ns; 0 before.
    var playsSinceNs: Int64 = 0
    var watchesSinceNs: Int64 = 0

    var frames = WebSocketFrameReader(of: .server)
    var follower = CueFollower()
    /// A text message that came in pieces.
    var text: [UInt8] = []
    /// The hash and the number of the cue it received last.
    var cueHash: UInt64 = 0
    var cue: Int32 = -1

    /// The number of the question it received last; -1 before.
    var question: Int32 = -1
    var attempt = Attempt.settled
    var choice: UInt8 = 0
    /// Counts the tasks it has planned: only the newest is done.
    var stamp: UInt32 = 0
    /// When it sent the answer, ns.
    var sentNs: Int64 = 0

    /// A new connection begins.
    mutating func beginStream() {
        frames = WebSocketFrameReader(of: .server)
        follower = CueFollower()
        text.removeAll(keepingCapacity: true)
        cueHash = 0
        cue = -1
        watchesSinceNs = 0
    }
}
