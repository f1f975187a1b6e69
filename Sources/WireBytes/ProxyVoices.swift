// Which trusted proxies say who is behind them, and which never do.

/// Notices a trusted proxy that brings people and names none of them. What it asks for itself, such as
/// whether all is well, is no sign of that.
public struct ProxyVoices: Sendable {
    /// The most proxies that are told apart; of more nothing is said.
    public static let proxyCountMax = 256

    private var hasNamed: [HostKey: Bool] = [:]

    /// Nobody has said anything.
    public init() {}

    /// A proxy has said whose a connection or a request is.
    public mutating func named(by proxy: HostKey) {
        guard hasNamed[proxy] != nil || hasNamed.count < Self.proxyCountMax else { return }
        hasNamed[proxy] = true
    }

    /// Somebody watches, or publishes, of whom the proxy has said nothing.
    ///
    /// - Returns: whether that is to be told: once of each that has named nobody so far.
    public mutating func unnamed(by proxy: HostKey) -> Bool {
        guard hasNamed[proxy] == nil, hasNamed.count < Self.proxyCountMax else { return false }
        hasNamed[proxy] = false
        return true
    }
}
