// What a connection asks for, and what it gets.

import Broadcast
import Glibc
import HTTPWire
import IORing

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
        switch table[slot].state {
        case .readingHead: unsafe take(bytes, of: slot)
        case .lingering: receive(slot)
        default: break
        }
    }

    /// Takes bytes of requests: as many whole ones as there are, in place where possible.
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
        var rest = unsafe bytes
        while table[slot].state == .readingHead, unsafe !rest.isEmpty {
            var scanned = 0
            let consumed = unsafe takeRequest(rest, scanned: &scanned, of: slot)
            if let consumed {
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[consumed...])
                continue
            }
            guard table[slot].state == .readingHead else { return }
            guard let buffer = heads.take() else {
                refuse(slot, .error(.serviceUnavailable, "This server is busy.", keepAlive: false))
                return
            }
            table[slot].headBuffer = buffer
            table[slot].flags.insert(.hasHeadBytes)
            unsafe heads.append(rest, to: buffer)
            heads[scannedOf: buffer] = scanned
            unsafe rest = UnsafeRawBufferPointer(start: nil, count: 0)
        }
        if table[slot].state == .readingHead { receive(slot) }
    }

    /// Takes whole requests out of the slot's head buffer.
    private mutating func takeBuffered(_ slot: Int) {
        let buffer = table[slot].headBuffer
        while table[slot].state == .readingHead, unsafe !heads.bytes(buffer).isEmpty {
            var scanned = heads[scannedOf: buffer]
            let consumed = unsafe takeRequest(heads.bytes(buffer), scanned: &scanned, of: slot)
            guard let consumed else {
                if table[slot].headBuffer >= 0 { heads[scannedOf: buffer] = scanned }
                break
            }
            guard table[slot].headBuffer == buffer else { return }
            heads.removeFirst(consumed, of: buffer)
        }
        guard table[slot].state == .readingHead else { return }
        if unsafe heads.bytes(buffer).isEmpty {
            heads.give(buffer)
            table[slot].headBuffer = -1
        } else {
            table[slot].flags.insert(.hasHeadBytes)
        }
        receive(slot)
    }

    /// Answers the request that the bytes begin with.
    ///
    /// - Returns: the bytes it took; nil if it is incomplete, or the connection has gone on to
    ///   something else than requests.
    private mutating func takeRequest(
        _ bytes: UnsafeRawBufferPointer, scanned: inout Int, of slot: Int
    ) -> Int? {
        let head: HTTPRequestHead
        do throws(HTTPRequestError) {
            let parsed = try unsafe HTTPRequestHead.parse(
                bytes.bytes, scanned: &scanned, limits: settings.http)
            guard let parsed else { return nil }
            head = parsed
        } catch {
            refuse(slot, .error(error))
            return nil
        }
        inputThisTurn += 1
        unsafe answer(head, bytes, of: slot)
        guard table[slot].state == .readingHead else { return nil }
        table[slot].flags.insert(.keptAlive)
        table[slot].flags.remove(.hasHeadBytes)
        table[slot].sinceMs = nowMs
        return head.headByteCount
    }

    private mutating func answer(
        _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer, of slot: Int
    ) {
        let bytes = unsafe buffer.bytes
        let cors = settings.cors.fields(for: head, in: bytes)
        let isHead = head.method == .head
        guard !head.hasBody else {
            let text = "This server takes no request bodies here."
            let status: HTTPStatus = head.method == .get ? .badRequest : .methodNotAllowed
            let allow = HTTPResponse.Field("Allow", "GET, HEAD, OPTIONS")
            refuse(slot, .error(status, text, fields: cors + [allow], keepAlive: false))
            return
        }
        if head.method == .options {
            send(settings.cors.optionsResponse(for: head, in: bytes).bytes(), to: slot)
            if !head.keepAlive { finishAnswering(slot, counted: .left) }
            return
        }
        guard head.method == .get || head.method == .head else {
            let allow = HTTPResponse.Field("Allow", "GET, HEAD, OPTIONS")
            reply(
                slot, head,
                .error(
                    .methodNotAllowed, "Only GET, HEAD and OPTIONS are answered here.",
                    fields: cors + [allow], keepAlive: head.keepAlive))
            return
        }
        guard let path = StreamPath.parse(head.path, in: bytes), path.isLive(in: bytes) else {
            reply(
                slot, head,
                .error(
                    .notFound, "There is nothing here. Streams are at /live/<name>.flv.",
                    fields: cors, keepAlive: head.keepAlive))
            return
        }
        let name = unsafe UnsafeRawBufferPointer(rebasing: buffer[path.name])
        let origin = settings.cors.allowedOrigin(for: head, in: bytes)
        if let (program, start) = unsafe findStream(name) {
            if isHead {
                send(flvHead(origin), to: slot)
                finishAnswering(slot, counted: .left)
            } else {
                self.start(slot, program: program, at: start, origin: origin)
            }
        } else if isHead || settings.waitForStreamMs == 0 {
            reply(
                slot, head,
                unsafe notFound(name, fields: cors, keepAlive: head.keepAlive))
        } else {
            unsafe wait(slot, request: buffer, byteCount: head.headByteCount)
        }
    }

    private mutating func reply(_ slot: Int, _ head: HTTPRequestHead, _ response: HTTPResponse) {
        send(response.bytes(isHead: head.method == .head), to: slot)
        if !response.keepAlive { finishAnswering(slot, counted: .left) }
    }

    private func notFound(
        _ name: UnsafeRawBufferPointer, fields: [HTTPResponse.Field], keepAlive: Bool
    ) -> HTTPResponse {
        .error(
            .notFound, "There is no such stream on air.",
            stream: unsafe String(decoding: name, as: UTF8.self), fields: fields,
            keepAlive: keepAlive)
    }

    // MARK: Streams

    /// The programme of that name and where to begin, if it can be joined now.
    private func findStream(_ name: UnsafeRawBufferPointer) -> (Int, StartPoint)? {
        for index in known.indices {
            guard let program = known[index], unsafe program.name.utf8.elementsEqual(name) else {
                continue
            }
            return starts[index].map { (index, $0) }
        }
        return nil
    }

    /// Keeps the request until the stream is there or the time is over.
    private mutating func wait(
        _ slot: Int, request: UnsafeRawBufferPointer, byteCount: Int
    ) {
        if table[slot].headBuffer < 0 {
            guard let buffer = heads.take() else {
                refuse(
                    slot,
                    .error(
                        .serviceUnavailable, "The stream isn't on air yet. Please try again.",
                        fields: [retryAfter], keepAlive: false))
                return
            }
            table[slot].headBuffer = buffer
            let head = unsafe UnsafeRawBufferPointer(rebasing: request[..<byteCount])
            unsafe heads.append(head, to: buffer)
        }
        heads[scannedOf: table[slot].headBuffer] = 0
        table[slot].state = .waitingForStream
        table[slot].sinceMs = nowMs
    }

    /// Looks again for the stream that a connection waits for.
    mutating func checkWaiting(_ slot: Int) {
        unsafe checkWaiting(slot, request: heads.bytes(table[slot].headBuffer))
    }

    private mutating func checkWaiting(_ slot: Int, request: UnsafeRawBufferPointer) {
        let bytes = unsafe request.bytes
        var scanned = 0
        let parsed: HTTPRequestHead?
        do {
            parsed = try HTTPRequestHead.parse(bytes, scanned: &scanned, limits: settings.http)
        } catch {
            parsed = nil
        }
        guard let parsed, let path = StreamPath.parse(parsed.path, in: bytes) else {
            preconditionFailure("a request that was read once can be read again")
        }
        let name = unsafe UnsafeRawBufferPointer(rebasing: request[path.name])
        if let (program, start) = unsafe findStream(name) {
            let origin = settings.cors.allowedOrigin(for: parsed, in: bytes)
            self.start(slot, program: program, at: start, origin: origin)
        } else if nowMs - table[slot].sinceMs >= settings.waitForStreamMs {
            let cors = settings.cors.fields(for: parsed, in: bytes)
            refuse(slot, unsafe notFound(name, fields: cors, keepAlive: false))
        }
    }

    /// Begins a viewer's stream.
    private mutating func start(
        _ slot: Int, program: Int, at start: StartPoint, origin: String?
    ) {
        let head = (views[program]?.head ?? start.position) - start.position
        let getsGOP = rush.admits(
            byteCount: Int(head), nowMs: nowMs, busyShare: clock.busyShare)
        let block =
            getsGOP
            ? blocks.take(
                program: program, start: start, origin: origin,
                variesByOrigin: settings.cors.variesByOrigin) : nil
        if getsGOP, block == nil {
            refuse(
                slot, .error(.serviceUnavailable, "This server is busy.", keepAlive: false),
                counted: .full)
            return
        }
        giveHeadBuffer(slot)
        table[slot].program = UInt8(program)
        table[slot].flags.insert(.joined)
        counters.joinCount += 1
        counters.viewerCounts[program] += 1
        table[slot].sinceMs = nowMs
        if let block {
            begin(slot, block: block, from: 0, at: start.position)
        } else {
            // A rush: the answer now, the stream from the next keyframe on.
            counters.deferredJoinCount += 1
            send(flvHead(origin), to: slot)
            table[slot].state = .awaitingKeyframe
            table[slot].cursor = start.position
        }
    }

    /// Begins the stream of a viewer who waits for a keyframe, once there is a newer one.
    mutating func checkAwaiting(_ slot: Int) {
        let program = Int(table[slot].program)
        let isPatient = nowMs - table[slot].sinceMs < settings.lagSkipMs
        // When no keyframe comes for long, an old one is better than none.
        guard let start = starts[program], start.position > table[slot].cursor || !isPatient
        else { return }
        // Without a block to spare it waits for one more keyframe.
        guard
            let block = blocks.take(
                program: program, start: start, origin: nil,
                variesByOrigin: settings.cors.variesByOrigin)
        else { return }
        table[slot].sinceMs = nowMs
        begin(slot, block: block, from: blocks.flvOffset(block), at: start.position)
    }

    func flvHead(_ origin: String?) -> [UInt8] {
        HTTPResponse.flvHead(allowOrigin: origin, variesByOrigin: settings.cors.variesByOrigin)
    }
}
