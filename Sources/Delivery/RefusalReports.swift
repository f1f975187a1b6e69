// Who is refused, said in few lines: once for each address and minute, the rest in sums.

import Synchronization
public import WireBytes

/// Why somebody of the audience is refused, or given up.
public enum RefusalKind: Int, Sendable, CaseIterable {
    /// No more connections in all.
    case full
    /// Too many connections of one address, or opened too fast.
    case connections
    /// Too many requests or messages of one address or connection.
    case requests
    /// Too many guests of one address.
    case joins
    /// A player's token that is wrong.
    case token
    /// Too many wrong tokens of one address: the next are not looked at for a while.
    case guesses
    /// A request that didn't come whole while others needed its room.
    case unfinished
    /// A WebSocket that doesn't read what it is told, while others needed its room.
    case unread
    /// A stream that isn't on air.
    case noStream
    /// The staff have banned the address.
    case banned
    /// A PROXY header from somebody who isn't a trusted proxy.
    case proxyHeader
    /// Somebody new while the server is being drained.
    case draining
    /// A stream that needs a signed address, and the one that came isn't good.
    case signature
    /// A stream that another system lets this one not watch.
    case backend

    /// The label in the metrics.
    public var label: String {
        switch self {
        case .full: "full"
        case .connections: "too_many_connections"
        case .requests: "too_many_requests"
        case .joins: "too_many_joins"
        case .token: "wrong_token"
        case .guesses: "too_many_wrong_tokens"
        case .unfinished: "unfinished_request"
        case .unread: "unread_messages"
        case .noStream: "no_such_stream"
        case .banned: "banned"
        case .proxyHeader: "untrusted_proxy"
        case .draining: "draining"
        case .signature: "wrong_signature"
        case .backend: "refused_by_backend"
        }
    }

    /// What it is, for the log: behind "refused: ".
    var words: String {
        switch self {
        case .full: "all places are taken (503); see viewers.max and fanfare check"
        case .connections:
            "too many connections from one address (429); if it is a school or a company, raise "
                + "limits.perAddress"
        case .requests: "too many requests or messages from one address (429)"
        case .joins: "too many guests from one address join (429)"
        case .token: "a player's token that isn't good (401); compare the player key and the show"
        case .guesses: "too many wrong tokens from one address (429); they wait for a minute"
        case .unfinished: "a request that didn't come whole, as others needed its room (503)"
        case .unread: "a WebSocket that doesn't read its messages, as others needed its room"
        case .noStream:
            "a stream that isn't on air, or that nobody can watch yet (404); compare the address"
        case .banned: "the address is banned (403); see fanfare bans"
        case .proxyHeader:
            "a PROXY line, which is taken from trusted proxies only (400); if it is your proxy, name "
                + "its address in --trusted-proxies"
        case .draining: "nobody new is let in while the server is drained (503)"
        case .signature:
            "a URL that isn't signed, or not well (403); they are made by fanfare url play"
        case .backend: "the system that callback.askPlay names says no (403)"
        }
    }
}

/// A line for the log.
public struct RefusalNews: Sendable, Equatable, CustomStringConvertible {
    /// Whom it is about; nil for all those that no line was said of.
    public let host: HostKey?
    /// Why it was refused; of several the newest.
    public let kind: RefusalKind
    /// How often, since the last line about the same.
    public let count: Int

    /// In words.
    public var description: String {
        let times = count == 1 ? "" : " (\(count) times since the last line)"
        guard let host else { return "\(count) more of the audience were refused: \(kind.words)" }
        return "\(host) was refused\(times): \(kind.words)"
    }
}

/// Counts refusals by address, and says a line when one is due.
final class RefusalReports: Sendable {
    private struct Entry {
        var saidMs: Int64
        var heldBackCount = 0
    }

    private struct State {
        var entries: [HostKey: Entry] = [:]
        var secondMs: Int64 = 0
        var sweptMs: Int64 = 0
        var lineCount = 0
        /// Of those that no line of their own was said of, by kind, and since when.
        var others = [Int](repeating: 0, count: RefusalKind.allCases.count)
        var othersSinceMs: Int64?
    }

    private let onNews: @Sendable (RefusalNews) -> Void
    private let state = Mutex(State())

    init(onNews: @escaping @Sendable (RefusalNews) -> Void) { self.onNews = onNews }

    /// One more was refused.
    func note(_ host: HostKey, _ kind: RefusalKind, nowMs: Int64) {
        let news: RefusalNews? = state.withLock { state in
            if var entry = state.entries[host] {
                entry.heldBackCount += 1
                defer { state.entries[host] = entry }
                guard nowMs - entry.saidMs >= DeliverySettings.refusalLineMs,
                    Self.mayTell(nowMs, &state)
                else { return nil }
                defer { entry = Entry(saidMs: nowMs) }
                return RefusalNews(host: host, kind: kind, count: entry.heldBackCount)
            }
            // Not for each of very many: to look through all takes its time.
            if state.entries.count >= DeliverySettings.refusalHostCountMax,
                nowMs - state.sweptMs >= 1_000
            {
                state.sweptMs = nowMs
                state.entries = state.entries.filter {
                    nowMs - $0.value.saidMs < DeliverySettings.refusalLineMs
                }
            }
            guard state.entries.count < DeliverySettings.refusalHostCountMax,
                Self.mayTell(nowMs, &state)
            else {
                state.others[kind.rawValue] += 1
                state.othersSinceMs = state.othersSinceMs ?? nowMs
                return nil
            }
            state.entries[host] = Entry(saidMs: nowMs)
            return RefusalNews(host: host, kind: kind, count: 1)
        }
        if let news { onNews(news) }
    }

    /// Says what has been summed up for long enough.
    func tend(nowMs: Int64) {
        let news: [RefusalNews] = state.withLock { state in
            guard let sinceMs = state.othersSinceMs,
                nowMs - sinceMs >= DeliverySettings.refusalLineMs
            else { return [] }
            defer {
                state.othersSinceMs = nil
                for index in state.others.indices { state.others[index] = 0 }
            }
            return RefusalKind.allCases.compactMap { kind in
                let count = state.others[kind.rawValue]
                return count == 0 ? nil : RefusalNews(host: nil, kind: kind, count: count)
            }
        }
        for line in news { onNews(line) }
    }

    private static func mayTell(_ nowMs: Int64, _ state: inout State) -> Bool {
        if nowMs - state.secondMs >= 1_000 {
            state.secondMs = nowMs
            state.lineCount = 0
        }
        guard state.lineCount < DeliverySettings.refusalLinesPerSecondMax else { return false }
        state.lineCount += 1
        return true
    }
}
