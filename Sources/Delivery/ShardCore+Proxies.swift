// Connections of trusted proxies: whose they are, said by a PROXY header or with each request.

import HTTPWire
import WireBytes

/// What came of looking for a PROXY header.
enum ProxyHeaderStep {
    /// There is none.
    case none
    /// More bytes are needed, or the connection was refused.
    case refusedOrIncomplete
    /// It was so long.
    case taken(Int)
}

extension ShardCore where Kernel: ~Copyable {
    /// A trusted proxy has connected.
    mutating func expectProxyHeader(_ slot: Int, from host: HostKey) {
        table[slot].flags.insert(.viaProxy)
        // Over TLS it comes before the handshake, and has been taken.
        if table[slot].sealed == nil { table[slot].flags.insert(.beforeProxyHeader) }
        proxies[slot] = host
    }

    /// Takes the header that a proxy's connection begins with, if it does.
    mutating func takeProxyHeader(_ bytes: RawSpan, of slot: Int) -> ProxyHeaderStep {
        let beginning: ProxyHeader.Beginning
        do throws(ProxyHeaderError) {
            beginning = try ProxyHeader.parse(bytes)
        } catch {
            refuse(
                slot,
                .error(.badRequest, "Your proxy's words can't be read: \(error).", keepAlive: false)
            )
            return .refusedOrIncomplete
        }
        switch beginning {
        case .incomplete: return .refusedOrIncomplete
        case .other:
            table[slot].flags.remove(.beforeProxyHeader)
            return .none
        case .header(let header):
            table[slot].flags.remove(.beforeProxyHeader)
            if header.byteCount == bytes.byteCount { table[slot].flags.remove(.hasHeadBytes) }
            guard let client = header.client else { return .taken(header.byteCount) }
            guard become(slot, client.address, isNew: true) else { return .refusedOrIncomplete }
            return .taken(header.byteCount)
        }
    }

    /// The connection is that of an address for good, as its proxy has said. Where that is a trusted
    /// proxy as well, its requests say whose they are.
    private mutating func become(_ slot: Int, _ address: IPAddress, isNew: Bool) -> Bool {
        let host = HostKey(address)
        let isProxy = addresses.trusted.contains(address)
        if let proxy = proxies[slot] { addresses.noteNamed(by: proxy) }
        guard move(slot, to: host, isProxy: isProxy, isNew: isNew) else { return false }
        if isProxy {
            proxies[slot] = host
        } else {
            table[slot].flags.remove(.viaProxy)
            proxies[slot] = nil
        }
        return true
    }

    /// Finds out whose a request is that came over a proxy's connection.
    ///
    /// - Returns: false if it can't be answered, and that was said.
    mutating func identify(_ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan) -> Bool {
        let trusted = addresses.trusted
        let address: IPAddress?
        do throws(ForwardedForError) {
            address = try ForwardedFor.address(of: head, in: bytes, trusted: trusted)
        } catch {
            refuse(slot, .error(.badRequest, error.description, keepAlive: false))
            return false
        }
        guard let address else {
            // The proxy asks for itself, as it does to see whether all is well.
            returnToProxy(slot)
            return true
        }
        if let proxy = proxies[slot] { addresses.noteNamed(by: proxy) }
        return move(
            slot, to: HostKey(address), isProxy: trusted.contains(address), isNew: false)
    }

    /// Somebody watches over a connection that is still its proxy's own.
    mutating func noteUnnamed(_ slot: Int) {
        guard table[slot].flags.contains(.viaProxy), let proxy = proxies[slot],
            peers.host(table[slot].peer) == proxy
        else { return }
        addresses.noteUnnamed(by: proxy)
    }

    /// A connection over which nothing is asked at the moment is the proxy's again: it counts for
    /// nobody else.
    mutating func returnToProxy(_ slot: Int) {
        guard let host = proxies[slot], peers.host(table[slot].peer) != host else { return }
        _ = move(slot, to: host, isProxy: true, isNew: false)
    }

    private mutating func move(
        _ slot: Int, to host: HostKey, isProxy: Bool, isNew: Bool
    ) -> Bool {
        let verdict = addresses.move(
            table[slot].peer, to: host, isProxy: isProxy, isNew: isNew, nowMs: nowMs)
        switch verdict {
        case .admitted(let peer):
            table[slot].peer = peer
            peers.note(peer, host, isProxy: isProxy)
            return true
        case .banned:
            refuseAsBanned(slot, host)
            return false
        case .tooMany, .full:
            note(.connections, of: host)
            refuse(
                slot,
                .error(
                    .tooManyRequests, "Too many connections from your address.",
                    fields: [retryAfter], keepAlive: false))
            return false
        }
    }

    /// The answer to a PROXY header of somebody who isn't trusted, or to a second one; nil where there
    /// is none.
    mutating func strangersProxyHeader(_ bytes: RawSpan, of slot: Int) -> HTTPResponse? {
        guard ProxyHeader.begins(bytes) else { return nil }
        let host = peers.host(table[slot].peer)
        if table[slot].flags.contains(.viaProxy) {
            return .error(
                .badRequest,
                "This begins with a second PROXY line. Only the proxy that connects here may send "
                    + "one: let those behind it say in X-Forwarded-For whose a request is.",
                keepAlive: false)
        }
        note(.proxyHeader, of: host)
        return .error(
            .badRequest,
            "This begins with a PROXY line, which is taken from trusted proxies only. If \(host) is "
                + "your proxy, start the server with --trusted-proxies \(host).", keepAlive: false)
    }

    /// Says no to an address that the staff have banned.
    mutating func refuseAsBanned(_ slot: Int, _ host: HostKey) {
        note(.banned, of: host)
        refuse(
            slot,
            .error(
                .forbidden, "Your address is banned here. Ask the organiser if that is a mistake.",
                keepAlive: false))
    }
}
