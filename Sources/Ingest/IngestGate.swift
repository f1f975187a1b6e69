// Whom the ingest trusts and whom it doesn't let in, as others change it.

import Synchronization
import WireBytes

/// Trusted proxies and banned addresses. Written by anybody, read on the ingest's thread.
final class IngestGate: Sendable {
    private struct State {
        var trusted: AddressRanges
        var bans: AddressRanges
        /// Which of the trusted say who is behind them.
        var voices = ProxyVoices()
    }

    private let state: Mutex<State>
    private let changed = Atomic<Bool>(false)

    init(_ settings: IngestSettings) {
        state = Mutex(State(trusted: settings.trusted, bans: settings.bans))
    }

    func change(trusted: AddressRanges) {
        state.withLock {
            $0.trusted = trusted
            $0.voices = ProxyVoices()
        }
    }

    /// A proxy has said whose a connection is.
    func noteNamed(by proxy: HostKey) { state.withLock { $0.voices.named(by: proxy) } }

    /// Somebody publishes of whom the proxy has said nothing.
    ///
    /// - Returns: whether that is to be told.
    func noteUnnamed(by proxy: HostKey) -> Bool {
        state.withLock { $0.voices.unnamed(by: proxy) }
    }

    func change(bans: AddressRanges) {
        state.withLock { $0.bans = bans }
        changed.store(true, ordering: .releasing)
    }

    func isTrusted(_ address: IPAddress) -> Bool {
        state.withLock { $0.trusted.contains(address) }
    }

    func isBanned(_ host: HostKey) -> Bool { state.withLock { $0.bans.contains(host) } }

    /// The bans, if they have changed since they were last taken.
    func takeChangedBans() -> AddressRanges? {
        guard changed.exchange(false, ordering: .acquiringAndReleasing) else { return nil }
        return state.withLock { $0.bans }
    }
}
