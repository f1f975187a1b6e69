// One connection on its way through the door.

import TLS
import WireBytes

/// A connection whose handshake isn't over.
final class DoorVisitor {
    enum Stage {
        /// A proxy has connected, and is to say for whom.
        case awaitingProxyHeader([UInt8])
        case shaking(Handshake)
        /// All is said when the rest has gone: it is handed over then.
        case arriving
        /// It was refused, and may read why.
        case leaving
    }

    let descriptor: Int32
    /// Who has connected: a proxy, perhaps.
    let connected: IPEndpoint
    /// Who it really is.
    var peer: IPEndpoint
    /// As whose it is counted; nil for a proxy that hasn't said for whom it comes.
    var countedHost: HostKey?
    var stage: Stage
    /// What it has come to; wiped here when it has been handed over.
    private var finished: FinishedHandshake?
    /// What the socket hasn't taken yet.
    var unsent: [UInt8] = []
    let acceptedMs: Int64
    var deadlineMs: Int64
    /// Whether it is told when the socket takes more.
    var waitsToSend = false

    init(
        descriptor: Int32, connected: IPEndpoint, stage: Stage, nowMs: Int64, deadlineMs: Int64
    ) {
        self.descriptor = descriptor
        self.connected = connected
        peer = connected
        self.stage = stage
        acceptedMs = nowMs
        self.deadlineMs = deadlineMs
    }

    deinit { wipe() }

    /// The handshake is over.
    func arrive(_ finished: FinishedHandshake) {
        self.finished = finished
        stage = .arriving
    }

    /// Gives away what there is to hand over, and keeps nothing of it.
    func arrival() -> SecureArrival? {
        guard let finished else { return nil }
        defer { wipe() }
        return SecureArrival(
            descriptor: descriptor, peer: peer, serverName: finished.serverName,
            keys: finished.keys, pending: finished.pending)
    }

    private func wipe() {
        finished?.keys.wipe()
        finished = nil
    }
}
