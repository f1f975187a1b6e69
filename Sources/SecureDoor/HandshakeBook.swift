// Handshakes that are done elsewhere, bounded and counted as a door does its own.

import IORing
import Synchronization
public import TLS
public import WireBytes

/// Says whose handshakes may begin and keeps what becomes of them, for a listener that has no door.
public final class HandshakeBook: Sendable {
    private struct State {
        var addresses: DoorAddresses
        var news = DoorNews()
        /// As whose they are counted; nil for those of a proxy, which brings everybody.
        var hosts: [IPEndpoint: HostKey?] = [:]
    }

    private let state: Mutex<State>
    private let counters = DoorCounters()
    private let trusts: @Sendable (IPAddress) -> Bool
    private let onNews: @Sendable (DoorFailure, IPEndpoint) -> Void

    /// An empty one.
    ///
    /// - Parameters:
    ///   - settings: how many from one address, and how fast.
    ///   - trusts: whether an address is a proxy of ours.
    ///   - onNews: is told what goes wrong: the first of its kind, and then at most one a minute.
    public init(
        settings: SecureDoorSettings = SecureDoorSettings(),
        trusts: @escaping @Sendable (IPAddress) -> Bool,
        onNews: @escaping @Sendable (DoorFailure, IPEndpoint) -> Void
    ) {
        state = Mutex(State(addresses: DoorAddresses(settings: settings)))
        self.trusts = trusts
        self.onNews = onNews
    }

    /// What has become of them.
    public var counts: DoorCounts { counters.value }

    /// Begins one.
    ///
    /// - Returns: false if its address has too many, or begins them too fast; that is noted.
    public func begin(_ peer: IPEndpoint) -> Bool {
        let host = trusts(peer.address) ? nil : peer.hostKey
        let mayBegin = state.withLock { state in
            if let host, !state.addresses.admit(host, nowMs: MonotonicClock.nowMs()) {
                return false
            }
            state.hosts.updateValue(host, forKey: peer)
            counters.set(inFlight: state.hosts.count)
            return true
        }
        if !mayBegin { note(.tooMany, peer) }
        return mayBegin
    }

    /// One is over, and its connection open.
    public func finish(
        _ peer: IPEndpoint, version: TLSVersion, suite: CipherSuite, isResumed: Bool
    ) {
        leave(peer)
        counters.note(.init(version: version, suite: suite, isResumed: isResumed))
    }

    /// One has come to nothing.
    public func fail(_ peer: IPEndpoint, _ failure: DoorFailure) {
        leave(peer)
        note(failure, peer)
    }

    private func leave(_ peer: IPEndpoint) {
        state.withLock { state in
            if let host = state.hosts.removeValue(forKey: peer) ?? nil {
                state.addresses.leave(host)
            }
            counters.set(inFlight: state.hosts.count)
        }
    }

    private func note(_ failure: DoorFailure, _ peer: IPEndpoint) {
        counters.note(failure)
        let isDue = state.withLock {
            $0.news.isDue(failure, nowMs: MonotonicClock.nowMs())
        }
        if isDue { onNews(failure, peer) }
    }
}
