// Addresses of names, looked up on threads of their own: the system's resolver waits for a silent
// server as long as it likes, and no deadline ends it.

import Glibc
import IORing
import Synchronization
import WireBytes

/// Looks names up, each once at a time, and remembers them for a while.
///
/// There are as many names as the operator has set places, so nothing here grows.
final class NameLookup: Sendable {
    /// The one that all calls share.
    static let shared = NameLookup()

    /// The addresses of a name; none if it is unknown, or nobody could be asked.
    typealias Resolver = @Sendable (String) -> [IPAddress]

    private struct Entry {
        var addresses: [IPAddress] = []
        var foundMs = Int64.min
        var isLooking = false
        var isUnknown = false
        /// Lookups that have ended.
        var roundCount = 0
        var waiting: [WakeSignal] = []
        var thread: PlainThread?
    }

    private let state = Mutex([String: Entry]())
    private let resolve: Resolver
    private let nowMs: @Sendable () -> Int64

    init(
        resolve: @escaping Resolver = systemAddresses,
        nowMs: @escaping @Sendable () -> Int64 = { MonotonicClock.nowMs() }
    ) {
        self.resolve = resolve
        self.nowMs = nowMs
    }

    /// The addresses of a host, which may be an address itself.
    ///
    /// What was found a while ago is used where asking again takes too long or fails.
    func addresses(of host: String, deadline: CallDeadline) throws(CallError) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        let signal: WakeSignal
        do throws(RingError) { signal = try WakeSignal() } catch {
            throw .unlookable(host: host, reason: "\(error)")
        }
        let nowMs = nowMs()
        let (known, isFresh, round, starts) = state.withLock { state in
            var entry = state[host] ?? Entry()
            defer { state[host] = entry }
            let ageMs = entry.addresses.isEmpty ? Int64.max : nowMs - entry.foundMs
            let known = ageMs < CallbackLimits.nameKeptMs ? entry.addresses : []
            let isFresh = ageMs < CallbackLimits.nameFreshMs
            let starts = !isFresh && !entry.isLooking
            if starts { entry.isLooking = true }
            if !isFresh { entry.waiting.append(signal) }
            return (known, isFresh, entry.roundCount, starts)
        }
        if isFresh { return known }
        defer { state.withLock { $0[host]?.waiting.removeAll { $0 === signal } } }
        if starts { try begin(host) }
        // With something to go by, half of the time is left for the call itself.
        let patience = known.isEmpty ? deadline : deadline.share(among: 2)
        while true {
            let found = state.withLock { state -> [IPAddress]? in
                guard let entry = state[host], entry.roundCount > round else { return nil }
                return entry.isUnknown ? [] : entry.addresses
            }
            if let found {
                let addresses = found.isEmpty ? known : found
                guard !addresses.isEmpty else { throw .unknownName(host: host) }
                return addresses
            }
            do throws(CallError) { try patience.check() } catch {
                guard case .tooLate = error, !known.isEmpty else { throw error }
                return known
            }
            signal.wait(ms: Int(min(max(1, patience.leftMs), Int64(CallbackLimits.sliceMs))))
        }
    }

    private func begin(_ host: String) throws(CallError) {
        let former = state.withLock { state in
            defer { state[host]?.thread = nil }
            return state[host]?.thread
        }
        // It has said all it had to say.
        former?.join()
        do throws(RingError) {
            let thread = try PlainThread(name: "names") { [self] in
                let addresses = resolve(host)
                let waiting = state.withLock { state in
                    var entry = state[host] ?? Entry()
                    defer { state[host] = entry }
                    entry.isLooking = false
                    entry.roundCount += 1
                    entry.isUnknown = addresses.isEmpty
                    if !addresses.isEmpty {
                        entry.addresses = addresses
                        entry.foundMs = nowMs()
                    }
                    return entry.waiting
                }
                for signal in waiting { signal.raise() }
            }
            state.withLock { $0[host]?.thread = thread }
        } catch {
            state.withLock { $0[host]?.isLooking = false }
            throw .unlookable(host: host, reason: "\(error)")
        }
    }
}

/// What the system's resolver says, however long it takes.
@Sendable private func systemAddresses(of host: String) -> [IPAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var found: [IPAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
        if let address = unsafe address(of: entry.pointee) { found.append(address) }
        unsafe next = entry.pointee.ai_next
    }
    return found
}

private func address(of entry: addrinfo) -> IPAddress? {
    guard let name = unsafe entry.ai_addr else { return nil }
    let bytes = unsafe UnsafeRawBufferPointer(start: name, count: Int(entry.ai_addrlen)).bytes
    switch unsafe entry.ai_family {
    case AF_INET where bytes.byteCount >= 8: return .v4(bytes.uint32(at: 4))
    case AF_INET6 where bytes.byteCount >= 24:
        return .v6(high: bytes.uint64(at: 8), low: bytes.uint64(at: 16))
    default: return nil
    }
}
