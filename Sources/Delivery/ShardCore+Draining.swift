// A server that is taken out of service: who is here stays, who comes goes elsewhere.

import HTTPWire

extension ShardCore where Kernel: ~Copyable {
    /// Whether a request brings a player's token. Players are this server's until their show is over:
    /// no other has them.
    func isPlayers(_ head: HTTPRequestHead, _ bytes: RawSpan) -> Bool {
        audience != nil && PlayerCredential.find(in: head, of: bytes) != nil
    }

    /// Sends a newcomer elsewhere.
    ///
    /// - Returns: the bytes the request took.
    mutating func refuseAsDraining(
        _ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan
    ) -> Int {
        note(.draining, slot)
        return refuse(
            slot, head, bytes, .serviceUnavailable,
            "This server is about to be taken out of service and lets nobody new in. Please try "
                + "again in a moment.",
            fields: [.init("Retry-After", "\(DeliverySettings.drainRetryAfterS)")])
    }

    /// Answers a load balancer.
    mutating func tellHealth(_ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan) {
        let isWelcome = !addresses.isDraining && !isStopping
        let json: StaticString = isWelcome ? #"{"status":"ok"}"# : #"{"status":"draining"}"#
        let fields: [HTTPResponse.Field] = [
            .init("Content-Type", "application/json"), .init("Cache-Control", "no-store"),
        ]
        reply(
            slot, head,
            HTTPResponse(
                isWelcome ? .ok : .serviceUnavailable,
                fields: fields + settings.cors.fields(for: head, in: bytes),
                body: Array(json.description.utf8), keepAlive: head.keepAlive))
    }
}
