// What a connection asks for, and what it gets.

import AudienceProtocol
import Glibc
import HTTPWire
import IORing
import WireBytes

extension ShardCore where Kernel: ~Copyable {
    mutating func received(_ slot: Int, _ completion: Completion) {
        table[slot].flags.remove(.receiving)
        defer { if let id = completion.bufferId { ring.giveBack(id) } }
        if completion.result == -ENOBUFS {
            // All buffers are in use by completions before this one: they come back this turn.
            receive(slot)
            return
        }
        guard completion.result > 0 else {
            end(slot, .left)
            return
        }
        let bytes = unsafe ring.received(completion)
        if let index = table[slot].sealed {
            unsafe open(bytes, of: slot, index)
        } else {
            unsafe read(bytes, of: slot)
        }
    }

    /// Reads what a connection says.
    mutating func read(_ bytes: UnsafeRawBufferPointer, of slot: Int) {
        switch table[slot].state {
        case .readingHead where table[slot].outbound >= 0: unsafe hold(bytes, of: slot)
        case .readingHead: unsafe take(bytes, of: slot)
        case .lingering: receive(slot)
        default:
            guard let session = table[slot].session, sessions[session].flags.contains(.webSocket)
            else { break }
            unsafe receiveFrames(bytes, on: session, of: slot)
        }
    }

    /// Takes bytes of requests: one whole request, in place where possible. Those behind it wait.
    private mutating func take(_ bytes: UnsafeRawBufferPointer, of slot: Int) {
        if !table[slot].flags.contains(.hasHeadBytes) {
            table[slot].flags.insert(.hasHeadBytes)
            // The peer has begun: from now on the clock of the whole head runs.
            if table[slot].flags.contains(.keptAlive) { table[slot].sinceMs = nowMs }
        }
        if table[slot].headBuffer >= 0 {
            let buffer = table[slot].headBuffer
            unsafe heads.append(bytes, to: buffer)
            takeBuffered(slot)
            return
        }
        var scanned = 0
        let consumed = unsafe takeRequest(bytes, scanned: &scanned, of: slot)
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[(consumed ?? 0)...])
        switch table[slot].state {
        case .readingHead where consumed == nil:
            guard let buffer = takeBuffer(slot) else {
                refuse(slot, .error(.serviceUnavailable, "This server is busy.", keepAlive: false))
                return
            }
            table[slot].headBuffer = buffer
            unsafe heads.append(rest, to: buffer)
            heads[scannedOf: buffer] = scanned
            receive(slot)
        case .readingHead where unsafe rest.isEmpty:
            receive(slot)
        case .readingHead:
            guard let buffer = takeBuffer(slot) else {
                // Without the rest nothing can follow.
                finishAnswering(slot, counted: .refused)
                return
            }
            table[slot].headBuffer = buffer
            unsafe heads.append(rest, to: buffer)
            takeNextTurn(slot)
        case .awaitingReply: unsafe keep(rest, of: slot)
        default: break
        }
    }

    /// Keeps what comes while an answer is on its way: the next request is read when that has gone,
    /// and nothing more is received till then. Who asks for much and reads nothing holds up itself.
    private mutating func hold(_ bytes: UnsafeRawBufferPointer, of slot: Int) {
        if table[slot].headBuffer < 0 {
            guard let buffer = takeBuffer(slot) else {
                // Without it nothing can follow.
                finishAnswering(slot, counted: .refused)
                return
            }
            table[slot].headBuffer = buffer
        }
        unsafe heads.append(bytes, to: table[slot].headBuffer)
        table[slot].flags.formUnion([.hasRequests, .hasHeadBytes])
    }

    /// Takes a whole request out of the slot's head buffer, if there is one.
    mutating func takeBuffered(_ slot: Int) {
        let buffer = table[slot].headBuffer
        var scanned = heads[scannedOf: buffer]
        let consumed = unsafe takeRequest(heads.bytes(buffer), scanned: &scanned, of: slot)
        guard let consumed else {
            guard table[slot].state == .readingHead else { return }
            heads[scannedOf: buffer] = scanned
            table[slot].flags.insert(.hasHeadBytes)
            receive(slot)
            return
        }
        heads.removeFirst(consumed, of: buffer)
        let isEmpty = unsafe heads.bytes(buffer).isEmpty
        if table[slot].state == .awaitingReply, let session = table[slot].session {
            guard isEmpty else { return }
            heads.give(buffer)
            sessions[session].storage = -1
        } else if isEmpty {
            heads.give(buffer)
            table[slot].headBuffer = -1
            receive(slot)
        } else {
            takeNextTurn(slot)
        }
    }

    /// Leaves what is in the head buffer for the next turn.
    ///
    /// By then the answer before has gone, unless it fell short: then it waits for that.
    mutating func takeNextTurn(_ slot: Int) {
        table[slot].flags.formUnion([.hasRequests, .hasHeadBytes, .receiving])
        dueReceives.append(token(Operation.receive, slot))
    }

    /// Answers the request that the bytes begin with.
    ///
    /// - Returns: the bytes it took; nil if it is incomplete, or the connection has gone on to
    ///   something else than requests.
    private mutating func takeRequest(
        _ bytes: UnsafeRawBufferPointer, scanned: inout Int, of slot: Int
    ) -> Int? {
        if table[slot].flags.contains(.beforeProxyHeader) {
            switch unsafe takeProxyHeader(bytes.bytes, of: slot) {
            case .none: break
            case .refusedOrIncomplete: return nil
            case .taken(let byteCount): return byteCount
            }
        }
        let head: HTTPRequestHead
        do throws(HTTPRequestError) {
            let parsed = try unsafe HTTPRequestHead.parse(
                bytes.bytes, scanned: &scanned, limits: settings.http)
            guard let parsed else { return nil }
            head = parsed
        } catch {
            refuse(slot, unsafe strangersProxyHeader(bytes.bytes, of: slot) ?? .error(error))
            return nil
        }
        inputThisTurn += 1
        if table[slot].flags.contains(.viaProxy) {
            guard unsafe identify(slot, head, bytes.bytes) else { return nil }
        }
        guard mayAsk(slot) else {
            let cors = unsafe settings.cors.fields(for: head, in: bytes.bytes)
            refuse(
                slot,
                .error(
                    .tooManyRequests, AudienceRefusal.tooManyRequests.sentence,
                    fields: cors + [retryAfter], keepAlive: false))
            return nil
        }
        guard let byteCount = unsafe answer(head, bytes, of: slot) else { return nil }
        if table[slot].state == .awaitingReply { return byteCount }
        guard table[slot].state == .readingHead else { return nil }
        table[slot].flags.insert(.keptAlive)
        table[slot].flags.remove(.hasHeadBytes)
        table[slot].sinceMs = nowMs
        return byteCount
    }

    /// Answers a request as the table of routes has it.
    ///
    /// - Returns: the bytes it took, body included; nil while the body is incomplete.
    private mutating func answer(
        _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer, of slot: Int
    ) -> Int? {
        if let byteCount = unsafe redirect(slot, head, buffer) { return byteCount }
        let bytes = unsafe buffer.bytes
        let path = AudiencePath.find(head.path, in: bytes)
        if head.method == .options, !head.hasBody {
            let methods = path.map { AudienceRoutes.methods(of: $0) } ?? [.get, .head]
            reply(slot, head, settings.cors.optionsResponse(for: head, in: bytes, methods: methods))
            return head.headByteCount
        }
        if path == nil, let file = settings.content.files.find(head.path, in: bytes) {
            guard !addresses.isDraining else { return refuseAsDraining(slot, head, bytes) }
            return answer(with: file, head, bytes, of: slot)
        }
        guard let path else {
            let sentence = "There is nothing here. Streams are at \(AudiencePath.stream.template)."
            return refuse(slot, head, bytes, .notFound, sentence)
        }
        guard let route = AudienceRoutes.find(head.method, path) else {
            let allow = AudienceRoutes.allow(of: path)
            return refuse(
                slot, head, bytes, .methodNotAllowed, "Only \(allow) are answered here.",
                fields: [.init("Allow", allow)])
        }
        guard route.bodyByteCountMax > 0 || !head.hasBody else {
            return refuseBody(slot, head, bytes)
        }
        switch route.handler {
        case .stream where addresses.isDraining && !isPlayers(head, bytes),
            .join where addresses.isDraining:
            return refuseAsDraining(slot, head, bytes)
        case .stream: unsafe beginStream(head, buffer, of: slot)
        case .health: tellHealth(slot, head, bytes)
        case .document: serve(.document, head, bytes, of: slot)
        case .streams: serve(settings.content.streams, head, bytes, of: slot)
        case .clock: tellTime(head, bytes, of: slot)
        case .join, .answers, .me, .state:
            guard let audience else {
                return refuse(slot, head, bytes, .notFound, "There is no game here.")
            }
            return answer(route, head, bytes, of: slot, audience)
        }
        return head.headByteCount
    }

    /// Says no to a request that nobody answers. Where a body follows that nobody reads, the
    /// connection ends.
    ///
    /// - Returns: the bytes it took.
    mutating func refuse(
        _ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan, _ status: HTTPStatus,
        _ sentence: String, fields: [HTTPResponse.Field] = []
    ) -> Int {
        let cors = settings.cors.fields(for: head, in: bytes)
        let response = HTTPResponse.error(
            status, sentence, fields: cors + fields, keepAlive: head.keepAlive && !head.hasBody)
        send(response.bytes(isHead: head.method == .head), to: slot)
        if !response.keepAlive {
            finishAnswering(slot, counted: head.hasBody ? .refused : .left)
        }
        return head.headByteCount
    }

    /// Says no to a body where there is to be none.
    mutating func refuseBody(_ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan) -> Int {
        refuse(slot, head, bytes, .badRequest, "This request has no body; send none.")
    }

    /// Begins the stream that is asked for, or waits for it.
    private mutating func beginStream(
        _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer, of slot: Int
    ) {
        let bytes = unsafe buffer.bytes
        guard let place = StreamPath.name(in: head.path, of: bytes) else {
            preconditionFailure("the path was found to be a stream's")
        }
        let name = unsafe UnsafeRawBufferPointer(rebasing: buffer[place])
        switch unsafe verdictAtGate(slot, head, bytes, name) {
        case .refused(let sentence, let refuser):
            note(refuser.kind, slot)
            _ = refuse(slot, head, bytes, .forbidden, sentence)
            return
        case .undecided where head.method != .head:
            unsafe wait(slot, request: buffer, byteCount: head.headByteCount)
            if table[slot].state == .waitingForStream { table[slot].flags.insert(.undecided) }
            return
        case .allowed, .undecided: break
        }
        let found = unsafe findStream(name)
        if head.method == .head, found != nil {
            send(flvHead(settings.cors.allowedOrigin(for: head, in: bytes)), to: slot)
            finishAnswering(slot, counted: .left)
            return
        }
        if found == nil, head.method == .head || settings.waitForStreamMs == 0 {
            let cors = settings.cors.fields(for: head, in: bytes)
            note(.noStream, slot)
            reply(slot, head, unsafe notFound(name, fields: cors, keepAlive: head.keepAlive))
            return
        }
        // Looked at even while there is no stream: who can't have it is told so at once.
        guard let wish = unsafe wish(slot, head, buffer, name) else { return }
        if let found {
            start(slot, found, wish)
        } else {
            unsafe wait(slot, request: buffer, byteCount: head.headByteCount)
        }
    }

    /// Whether this request may have its stream, be that on air or not.
    func verdictAtGate(
        _ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan, _ name: UnsafeRawBufferPointer
    ) -> PlayVerdict {
        guard let gate = settings.playGate, gate.isShut else { return .allowed }
        let stream = unsafe String(decoding: name, as: UTF8.self)
        return gate.verdict(stream: stream, host: peers.host(table[slot].peer)) { item in
            guard let query = head.query,
                let place = Query.value(named: item, in: query, of: bytes)
            else { return nil }
            return PercentEncoding.decode(place, in: bytes) ?? ""
        }
    }

    mutating func reply(_ slot: Int, _ head: HTTPRequestHead, _ response: HTTPResponse) {
        send(response.bytes(isHead: head.method == .head), to: slot)
        if !response.keepAlive { finishAnswering(slot, counted: .left) }
    }

    /// Counts a request or a message; false where its address has sent too many.
    mutating func mayAsk(_ slot: Int) -> Bool {
        guard
            peers.mayAsk(
                table[slot].peer, nowMs: nowMs,
                perSecondMax: settings.requestsPerAddressPerSecondMax)
        else {
            note(.requests, slot)
            return false
        }
        return true
    }

    func notFound(
        _ name: UnsafeRawBufferPointer, fields: [HTTPResponse.Field], keepAlive: Bool
    ) -> HTTPResponse {
        .error(
            .notFound, "There is no such stream on air.",
            stream: unsafe String(decoding: name, as: UTF8.self), fields: fields,
            keepAlive: keepAlive)
    }
}
