// Publishers behind proxies, and addresses that are not let in.

import WireBytes

extension IngestLoop {
    /// Whether somebody may come in at all. Who may not is gone then.
    mutating func isWelcome(_ slot: Int, _ connection: IngestConnection) -> Bool {
        guard gate.isBanned(connection.handler.host) else { return true }
        onEvent(.banned(address: connection.handler.address))
        close(slot, connection)
        return false
    }

    /// Takes the PROXY header that a connection begins with, if it does.
    ///
    /// - Returns: where in `bytes` RTMP goes on; nil where that isn't known yet, or the connection is
    ///   gone.
    mutating func skipProxyHeader(
        _ bytes: RawSpan, _ slot: Int, _ connection: IngestConnection
    ) -> Int? {
        guard let kept = connection.beginning else { return 0 }
        let addedCount = min(bytes.byteCount, ProxyHeader.byteCountMax - kept.count)
        let all = kept + (0..<addedCount).map { bytes[$0] }
        do throws(ProxyHeaderError) {
            switch try unsafe ProxyHeader.parse(all.span.bytes) {
            case .other: return 0
            case .incomplete:
                connection.beginning = all
                receive(slot, connection)
                return nil
            case .header(let header):
                connection.beginning = nil
                guard isProxy(slot, connection), become(header.client, slot, connection)
                else { return nil }
                return header.byteCount - kept.count
            }
        } catch {
            guard isProxy(slot, connection) else { return nil }
            onEvent(.violated(address: connection.handler.address, reason: error.description))
            close(slot, connection)
            return nil
        }
    }

    /// Whether a PROXY header may come from there. Who may not send one is gone then.
    private mutating func isProxy(_ slot: Int, _ connection: IngestConnection) -> Bool {
        if connection.isProxy { return true }
        onEvent(.untrustedProxy(address: connection.handler.address))
        close(slot, connection)
        return false
    }

    private mutating func become(
        _ source: IPEndpoint?, _ slot: Int, _ connection: IngestConnection
    ) -> Bool {
        guard let source else { return true }
        gate.noteNamed(by: connection.handler.host)
        connection.handler.become(source)
        connection.isProxy = gate.isTrusted(source.address)
        guard connection.isProxy || isWelcome(slot, connection) else { return false }
        if !connection.isProxy { makeRoom(for: source.hostKey) }
        // Among too many it may itself be the one that has to go.
        return connections[slot] === connection
    }
}
