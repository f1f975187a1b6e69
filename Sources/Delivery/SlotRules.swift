// Which combinations of a slot's fields are possible: one table.

/// Whether a slot in a state has something.
enum Presence {
    case never, maybe, always

    func allows(_ isThere: Bool) -> Bool {
        switch self {
        case .never: !isThere
        case .maybe: true
        case .always: isThere
        }
    }
}

/// What is true of a slot in a state once all completions are handled.
struct SlotRule {
    var required: Viewer.Flags = []
    var allowed: Viewer.Flags = []
    var headBuffer = Presence.never
    var session = Presence.never
    var outbound = Presence.never
    /// Whether notifications of zero-copy sends may be owed for it.
    var mayOwe = false
}

extension Viewer.Flags {
    /// What a socket does with what it is sent.
    static let sending: Viewer.Flags = [
        .polling, .lagging, .woken, .refused, .resumed, .hasOutbound,
    ]
    /// What is known of its TLS.
    static let secured: Viewer.Flags = [.secure, .sealing]
    /// What is known of the requests.
    static let asking: Viewer.Flags = [
        .keptAlive, .hasHeadBytes, .receiving, .admitted, .viaProxy, .beforeProxyHeader, .secure,
        .sealing,
    ]
    /// What a connection is that watches.
    static let watching: Viewer.Flags = [.joined, .player, .beginning]
}

extension ViewerState {
    /// The state's row of the table.
    var rule: SlotRule {
        switch self {
        case .free, .accepting: SlotRule()
        case .closing: SlotRule(allowed: .secured)
        case .readingHead:
            SlotRule(
                required: .admitted,
                allowed: .asking.union(.sending).union([.hasRequests, .shuttingDown]),
                headBuffer: .maybe, outbound: .maybe)
        case .waitingForStream:
            SlotRule(
                required: .admitted, allowed: .asking.union(.undecided), headBuffer: .always)
        case .awaitingReply:
            SlotRule(required: .admitted, allowed: .asking, session: .always)
        case .awaitingKeyframe:
            SlotRule(
                required: [.admitted, .joined], allowed: .asking.union(.sending).union(.watching),
                session: .maybe, outbound: .maybe)
        case .starting:
            SlotRule(
                required: [.admitted, .joined], allowed: .asking.union(.sending).union(.watching),
                session: .maybe, outbound: .always, mayOwe: true)
        case .streaming:
            SlotRule(
                required: [.admitted, .joined],
                allowed: .asking.union(.sending).union(.watching).union(.torn),
                session: .maybe, outbound: .maybe, mayOwe: true)
        case .lingering:
            SlotRule(
                allowed: .asking.union(.sending).union([.shuttingDown, .beginning]),
                outbound: .maybe, mayOwe: true)
        }
    }
}

extension Viewer {
    /// What is wrong with a slot, once all completions are handled; nil if it is as its state's row
    /// says.
    var violation: String? {
        let rule = state.rule
        if !flags.isSuperset(of: rule.required) { return "\(state) lacks flags: \(flags)" }
        if !rule.allowed.union(rule.required).isSuperset(of: flags) {
            return "\(state) has flags that it can't have: \(flags)"
        }
        if !rule.headBuffer.allows(headBuffer >= 0) { return "\(state): head buffer \(headBuffer)" }
        if !rule.session.allows(session != nil) { return "\(state): session \(session ?? -1)" }
        if !rule.outbound.allows(outbound >= 0) { return "\(state): queue \(outbound)" }
        if owedCount > 0, !rule.mayOwe { return "\(state) owes \(owedCount)" }
        if flags.contains(.hasOutbound) != (outbound >= 0) { return "\(state): flag without queue" }
        if flags.isSuperset(of: [.polling, .refused]) { return "\(state) waits twice" }
        if !flags.isDisjoint(with: [.polling, .refused]), !flags.contains(.lagging) {
            return "\(state) waits for its socket and is not behind"
        }
        if flags.contains(.player), session == nil { return "a player without a session" }
        if flags.contains(.sealing), !flags.contains(.secure) {
            return "\(state): seals by no keys"
        }
        if flags.contains(.secure), owedCount > 0 { return "\(state): sealed, and lent" }
        if sendStart > cursor { return "a send begins at \(sendStart), after \(cursor)" }
        return nil
    }
}
