// Who may connect: so many in all, so many from one address, and not too fast.

import Synchronization
public import WireBytes

/// The bounds of connections, counted across all shards.
public struct AdmissionLimits: Sendable {
    /// Connections in all.
    public var countMax = Int.max
    /// Connections from one address elsewhere: an IPv4 address, or an IPv6 /64.
    public var perAddressMax = 200
    /// Connections from one address of this machine, which is where rehearsals come from.
    public var perLoopbackAddressMax = 10_000
    /// New connections a second from one address elsewhere, over a while.
    public var perAddressPerSecondMax = 100.0
    /// Guests who join from one address elsewhere a minute, and at once.
    public var joinsPerAddressPerMinuteMax = 120.0
    /// How many times of that an IPv6 /48 may have, all its /64 together: mobile carriers give each
    /// telephone one, and an attacker has them all.
    public var siteShare = 16
    /// How many times as many guests may join from a /48.
    public var siteJoinShare = 4.0

    /// Limits with their defaults.
    public init() {}

    /// New connections from one address at once, in seconds of its rate.
    static let burstS = 2.0
    /// When so many addresses are known, those without connections are forgotten first.
    static let addressCountMax = 100_000
}

/// The number of an address in the book: the same as long as it has a connection.
typealias PeerNumber = UInt32

/// Counts connections by address across all shards.
public final class Admission: Sendable {
    /// What a newcomer is told.
    enum Verdict: Equatable {
        /// Its address has this number until it has left.
        case admitted(PeerNumber)
        /// There are as many connections as there may be.
        case full
        /// Its address has as many as it may, or opens them too fast.
        case tooMany
        /// The staff have banned its address.
        case banned
    }

    private struct Entry {
        var host: HostKey
        var count = 0
        /// New connections it may still open now.
        var credit: Double
        var seenMs: Int64
        /// Guests who may still join from it now, as of then; nil before the first.
        var joins: (credit: Double, atMs: Int64)?
    }

    private struct State {
        var limits: AdmissionLimits
        var entries: [Entry] = []
        var numbers: [HostKey: PeerNumber] = [:]
        var free: [PeerNumber] = []
        var count = 0
        var trusted = AddressRanges()
        /// Which of the trusted say who is behind them.
        var voices = ProxyVoices()
        var bans = AddressRanges()
    }

    private let state: Mutex<State>
    private let draining = Atomic<Bool>(false)
    /// What is told of those who were refused.
    let refusals: RefusalReports
    private let onSilentProxy: @Sendable (HostKey) -> Void

    /// An empty book with these limits.
    ///
    /// - Parameter onRefusals: is told of those who are refused, a few times a second at most, on the
    ///   threads that refuse them.
    /// - Parameter onSilentProxy: is told once of a trusted proxy that brings viewers and names nobody.
    public init(
        limits: AdmissionLimits, onRefusals: @escaping @Sendable (RefusalNews) -> Void = { _ in },
        onSilentProxy: @escaping @Sendable (HostKey) -> Void = { _ in }
    ) {
        self.onSilentProxy = onSilentProxy
        state = Mutex(State(limits: limits))
        refusals = RefusalReports(onNews: onRefusals)
    }

    /// Other limits from now on. Who is in already stays.
    public func change(limits: AdmissionLimits) { state.withLock { $0.limits = limits } }

    /// The proxies that are believed when they say whose a connection is, from now on.
    public func change(trusted: AddressRanges) {
        state.withLock {
            $0.trusted = trusted
            $0.voices = ProxyVoices()
        }
    }

    /// A proxy has said whose a connection or a request is.
    func noteNamed(by proxy: HostKey) { state.withLock { $0.voices.named(by: proxy) } }

    /// Somebody watches of whom the proxy has said nothing.
    func noteUnnamed(by proxy: HostKey) {
        if state.withLock({ $0.voices.unnamed(by: proxy) }) { onSilentProxy(proxy) }
    }

    /// The proxies that are believed.
    public var trusted: AddressRanges { state.withLock { $0.trusted } }

    /// Who is not let in from now on. Those who are in already have to be ended by their shards.
    public func change(bans: AddressRanges) { state.withLock { $0.bans = bans } }

    /// Whether nobody new is let in, so that the machine can be taken out of service.
    public var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// Counts a connection, if it may come in.
    ///
    /// - Parameter isProxy: whether it is a trusted proxy's, which brings everybody: it has no bounds
    ///   of one address.
    func admit(_ host: HostKey, isProxy: Bool = false, nowMs: Int64) -> Verdict {
        state.withLock { state in
            guard isProxy || !state.bans.contains(host) else { return .banned }
            guard state.count < state.limits.countMax else { return .full }
            let kind = isProxy ? Newcomer.proxy : .connection
            guard let number = count(host, as: kind, nowMs: nowMs, &state) else { return .tooMany }
            state.count += 1
            return .admitted(number)
        }
    }

    /// Counts a connection that was admitted for another address than before: a proxy has said whose
    /// it is.
    ///
    /// - Parameters:
    ///   - isProxy: whether it is the trusted proxy's own again.
    ///   - isNew: whether it has come just now; another request of an old one takes none of what an
    ///     address may open a second.
    /// - Returns: never `full`.
    func move(
        _ number: PeerNumber, to host: HostKey, isProxy: Bool, isNew: Bool, nowMs: Int64
    ) -> Verdict {
        state.withLock { state in
            guard isProxy || !state.bans.contains(host) else { return .banned }
            guard state.entries[Int(number)].host != host else { return .admitted(number) }
            let kind: Newcomer = isProxy ? .proxy : isNew ? .connection : .request
            guard let other = count(host, as: kind, nowMs: nowMs, &state) else { return .tooMany }
            discount(number, &state)
            return .admitted(other)
        }
    }

    /// What is counted.
    private enum Newcomer {
        /// A connection that has just come.
        case connection
        /// A request over a proxy's connection that isn't new.
        case request
        /// A trusted proxy's own connection.
        case proxy
    }

    /// Counts one more connection of an address, and of its site; nil if that is too many.
    private func count(
        _ host: HostKey, as kind: Newcomer, nowMs: Int64, _ state: inout State
    ) -> PeerNumber? {
        // Both are looked at in every case. Who was looked at isn't forgotten for the other.
        let number = entry(of: host, nowMs: nowMs, &state)
        let hasRoom = mayConnect(number, as: kind, nowMs: nowMs, &state)
        let site = host.site.map { entry(of: $0, nowMs: nowMs, &state) }
        let siteHasRoom = site.map { mayConnect($0, as: kind, nowMs: nowMs, &state) } ?? true
        guard hasRoom, siteHasRoom || kind == .proxy else { return nil }
        for number in [number, site].compactMap({ $0 }) {
            state.entries[Int(number)].count += 1
            if kind == .connection { state.entries[Int(number)].credit -= 1 }
        }
        return number
    }

    private func mayConnect(
        _ number: PeerNumber, as kind: Newcomer, nowMs: Int64, _ state: inout State
    ) -> Bool {
        var entry = state.entries[Int(number)]
        let limits = state.limits
        let share = entry.host.kind == .v6Site ? limits.siteShare : 1
        let perSecond = limits.perAddressPerSecondMax * Double(share)
        let elapsedS = Double(max(0, nowMs - entry.seenMs)) / 1_000
        entry.credit = min(
            perSecond * AdmissionLimits.burstS, entry.credit + elapsedS * perSecond)
        entry.seenMs = nowMs
        state.entries[Int(number)] = entry
        let own =
            entry.host.isLoopback ? limits.perLoopbackAddressMax : limits.perAddressMax
        let countMax = own.multipliedReportingOverflow(by: share)
        let hasRoom = countMax.overflow || entry.count < countMax.partialValue
        return switch kind {
        case .proxy: true
        case .request: hasRoom
        case .connection: hasRoom && (entry.host.isLoopback || entry.credit >= 1)
        }
    }

    /// Counts a guest who joins over a connection that was admitted.
    ///
    /// - Returns: false when there are too many from its address.
    func mayJoin(_ peer: PeerNumber, nowMs: Int64) -> Bool {
        state.withLock { state in
            let host = state.entries[Int(peer)].host
            guard !host.isLoopback else { return true }
            let limits = state.limits
            var counted = [(Int(peer), limits.joinsPerAddressPerMinuteMax)]
            if let site = host.site.flatMap({ state.numbers[$0] }) {
                counted.append(
                    (Int(site), limits.joinsPerAddressPerMinuteMax * limits.siteJoinShare))
            }
            var credits: [Double] = []
            for (number, most) in counted {
                let last = state.entries[number].joins ?? (most, nowMs)
                let elapsedMinutes = Double(max(0, nowMs - last.atMs)) / 60_000
                credits.append(min(most, last.credit + elapsedMinutes * most))
            }
            guard credits.allSatisfy({ $0 >= 1 }) else { return false }
            for ((number, _), credit) in zip(counted, credits) {
                state.entries[number].joins = (credit - 1, nowMs)
            }
            return true
        }
    }

    /// A connection that was admitted has ended.
    func leave(_ peer: PeerNumber) {
        state.withLock { state in
            precondition(state.count > 0)
            state.count -= 1
            discount(peer, &state)
        }
    }

    private func discount(_ number: PeerNumber, _ state: inout State) {
        precondition(state.entries[Int(number)].count > 0)
        state.entries[Int(number)].count -= 1
        guard let site = state.entries[Int(number)].host.site.flatMap({ state.numbers[$0] })
        else { return }
        state.entries[Int(site)].count -= 1
    }

    /// How many addresses are known.
    var addressCount: Int { state.withLock { $0.numbers.count } }

    /// How many connections there are.
    var count: Int { state.withLock { $0.count } }

    // MARK: Numbers

    private func entry(of host: HostKey, nowMs: Int64, _ state: inout State) -> PeerNumber {
        if let number = state.numbers[host] { return number }
        makeRoom(&state, nowMs: nowMs)
        let limits = state.limits
        let share = host.kind == .v6Site ? limits.siteShare : 1
        let entry = Entry(
            host: host,
            credit: limits.perAddressPerSecondMax * AdmissionLimits.burstS * Double(share),
            seenMs: nowMs)
        let number: PeerNumber
        if let free = state.free.popLast() {
            state.entries[Int(free)] = entry
            number = free
        } else {
            number = PeerNumber(state.entries.count)
            state.entries.append(entry)
        }
        state.numbers[host] = number
        return number
    }

    /// An address without connections is kept only for its rate, which it has back after a burst's
    /// time, and that of its joins after a minute; so forgetting it then changes nothing.
    private func makeRoom(_ state: inout State, nowMs: Int64) {
        guard state.numbers.count >= AdmissionLimits.addressCountMax else { return }
        let keepsMs = Int64(AdmissionLimits.burstS * 1_000)
        forget(&state) { entry in
            entry.count == 0 && nowMs - entry.seenMs >= keepsMs
                && entry.joins.map { nowMs - $0.atMs >= 60_000 } ?? true
        }
        guard state.numbers.count >= AdmissionLimits.addressCountMax else { return }
        // One that is just being admitted has seen us now.
        forget(&state) { $0.count == 0 && $0.seenMs < nowMs }
    }

    private func forget(_ state: inout State, _ isOver: (Entry) -> Bool) {
        for (host, number) in state.numbers where isOver(state.entries[Int(number)]) {
            state.numbers[host] = nil
            state.free.append(number)
        }
    }
}
