// Connections that have to go: silent, idle, too many, or at somebody's word.

import Broadcast
import RTMP
import WireBytes

extension IngestLoop {
    mutating func follow(_ orders: IngestOrders) {
        for order in orders.take() {
            let answer = admission.takeOff(order.stream, nowMs: nowMs)
            if case .takenOff(let address, _) = answer {
                onEvent(.takenOff(stream: order.stream, address: address))
            }
            order.answer(answer)
        }
        endDismissed()
        for verdict in orders.takeVerdicts() { decide(verdict) }
    }

    /// Goes on with a publish that somebody else has decided on.
    private mutating func decide(_ verdict: IngestOrders.Verdict) {
        guard let connection = connections[verdict.slot],
            connection.generation == verdict.generation, connection.session.isUndecided
        else { return }
        connection.handler.nowMs = nowMs
        connection.handler.take(verdict.verdict)
        do throws(RTMPError) {
            try connection.session.decide(handler: &connection.handler)
        } catch {
            connection.handler.violated(error)
        }
        if connection.handler.active != nil { connection.idleSinceMs = nowMs }
        finishInput(verdict.slot, connection)
    }

    /// Tells those whose stream others have ended.
    mutating func endDismissed() {
        for active in admission.takeDismissed() {
            guard
                let slot = connections.indices.first(where: {
                    connections[$0]?.handler.active === active
                }),
                let connection = connections[slot]
            else { continue }
            connection.handler.dismissed()
            end(slot, connection, active.dismissal ?? "")
        }
    }

    /// Ends a connection with words.
    private mutating func end(_ slot: Int, _ connection: IngestConnection, _ words: String) {
        connection.session.endPublish(code: "NetStream.Publish.Failed", description: words)
        connection.idleSinceMs = nowMs
        afterInput(slot, connection)
    }

    /// Ends those whose address has been banned since.
    mutating func endBanned() {
        guard let bans = gate.takeChangedBans() else { return }
        for slot in connections.indices {
            guard let connection = connections[slot], bans.contains(connection.handler.host)
            else { continue }
            connection.handler.nowMs = nowMs
            connection.handler.disconnected(reason: "the staff have banned its address")
            end(slot, connection, "The staff have banned your address.")
            if connection.session.progress < .connected { close(slot, connection) }
        }
    }

    mutating func tick() {
        for slot in connections.indices {
            guard let connection = connections[slot] else { continue }
            if let since = connection.lingersSinceMs {
                if nowMs - since > IngestSettings.lingerMsMax { close(slot, connection) }
            } else if let active = connection.handler.active {
                guard active.silentMs(nowMs: nowMs) > settings.silenceMsMax else { continue }
                let words = "nothing came for \(settings.silenceMsMax / 1_000) s"
                connection.handler.nowMs = nowMs
                connection.handler.disconnected(reason: words)
                end(slot, connection, "The server has given this publisher up: \(words).")
            } else if nowMs - connection.idleSinceMs > settings.idleMsMax {
                letGo(slot, connection)
            }
        }
        advise()
        for name in programmes.expire(nowMs: nowMs) { onEvent(.expired(stream: name)) }
    }

    /// Ends a connection that has published nothing for too long.
    private mutating func letGo(_ slot: Int, _ connection: IngestConnection) {
        guard !connection.session.isClosing else { return close(slot, connection) }
        let seconds = settings.idleMsMax / 1_000
        let words =
            switch connection.session.progress {
            case .silent: "it said nothing for \(seconds) s"
            case .speaking: "its handshake wasn't done after \(seconds) s"
            case .shakenHands: "no connect came for \(seconds) s"
            case .connected: "it published nothing for \(seconds) s"
            }
        onEvent(.idled(address: connection.handler.address, reason: words))
        end(slot, connection, "The server has closed this connection, since \(words).")
        if connection.session.progress < .connected { close(slot, connection) }
    }

    /// Lets one go that doesn't publish, when its address or all together have too many.
    ///
    /// - Parameter host: nil for a proxy, which brings those of many.
    mutating func makeRoom(for host: HostKey?) {
        let open = connections.indices.filter { connections[$0] != nil }
        let eviction = ConnectionEviction(
            open.compactMap { slot in
                guard let connection = connections[slot], !connection.isPublishing
                else { return nil }
                return ConnectionEviction.Guest(
                    slot: slot, host: connection.handler.host,
                    progress: connection.session.progress, acceptedMs: connection.acceptedMs)
            }, nowMs: nowMs)
        var victim = open.count > settings.connectionCountMax ? eviction.victim : nil
        if let host, eviction.count(of: host) > settings.idleCountPerAddressMax {
            victim = eviction.victim(of: host)
        }
        guard let victim,
            let connection = connections[victim]
        else { return }
        onEvent(
            .crowded(
                address: connection.handler.address,
                count: eviction.count(of: connection.handler.host)))
        close(victim, connection)
    }
}
