// One request to another system and its answer.

import HTTPWire

/// An answer that was one.
struct CallAnswer: Equatable {
    var status: Int
    var body: [UInt8]
}

/// Sends a request and reads the answer, bounded in time and size. Redirects aren't followed.
enum HTTPCall {
    /// - Parameter alsoGood: statuses that say all by themselves: what is wrong with their bodies is
    ///   passed over, and the body is empty then.
    /// - Throws: `CallError.refused` for a status other than 2xx, unless it is among `alsoGood`.
    static func perform(
        _ request: [UInt8], to url: HTTPURL, deadline: CallDeadline, alsoGood: Set<Int> = [],
        readsBody: Bool = false
    ) throws(CallError) -> CallAnswer {
        let socket = try CallSocket(to: url, deadline: deadline)
        try socket.send(request)
        var bytes: [UInt8] = []
        let head = try readHead(socket, &bytes)
        let isGood = (200...299).contains(head.statusCode) || alsoGood.contains(head.statusCode)
        guard isGood else {
            if (300...399).contains(head.statusCode) { throw .redirect(status: head.statusCode) }
            throw .refused(status: head.statusCode, retryAfterS: head.retryAfterS)
        }
        guard readsBody else { return CallAnswer(status: head.statusCode, body: []) }
        do throws(CallError) {
            let body = try readBody(of: head, socket, &bytes)
            return CallAnswer(status: head.statusCode, body: body)
        } catch {
            guard alsoGood.contains(head.statusCode) else { throw error }
            return CallAnswer(status: head.statusCode, body: [])
        }
    }

    private static func readHead(
        _ socket: borrowing CallSocket, _ bytes: inout [UInt8]
    ) throws(CallError) -> HTTPResponseHead {
        var scanned = 0
        var interimCount = 0
        while true {
            let head: HTTPResponseHead?
            do throws(HTTPResponseError) {
                head = try unsafe HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned)
            } catch {
                throw CallError(error)
            }
            if let head {
                // "100 Continue" and its like come before the answer itself.
                guard head.statusCode < 200 else { return head }
                interimCount += 1
                guard interimCount <= CallbackLimits.interimCountMax else {
                    throw .unreadable("it is nothing but interim answers (\(head.statusCode))")
                }
                bytes.removeFirst(head.headByteCount)
                continue
            }
            guard bytes.count < CallbackLimits.answerByteCountMax else {
                throw .unreadable("its head is too long")
            }
            guard try socket.receive(into: &bytes) else { throw .endedTooSoon }
        }
    }

    private static func readBody(
        of head: HTTPResponseHead, _ socket: borrowing CallSocket, _ bytes: inout [UInt8]
    ) throws(CallError) -> [UInt8] {
        bytes.removeFirst(head.headByteCount)
        func check(_ count: Int) throws(CallError) {
            guard count <= CallbackLimits.answerByteCountMax else {
                throw .unreadable("it is longer than \(CallbackLimits.answerByteCountMax) bytes")
            }
        }
        switch head.bodyFraming(answering: .get) {
        case .none: return []
        case .length(let count):
            try check(count)
            while bytes.count < count {
                guard try socket.receive(into: &bytes) else { throw .endedTooSoon }
            }
            return Array(bytes[..<count])
        case .untilClose:
            while try socket.receive(into: &bytes) { try check(bytes.count) }
            return bytes
        case .chunked:
            var reader = ChunkedBodyReader()
            var body: [UInt8] = []
            while true {
                var offset = 0
                do throws(ChunkedBodyError) {
                    while let part = try unsafe reader.nextBody(
                        in: bytes.span.bytes, from: &offset)
                    {
                        body += bytes[part]
                    }
                } catch {
                    throw .unreadable(CallError.clause(error.description))
                }
                try check(body.count)
                if reader.isFinished { return body }
                bytes.removeAll()
                guard try socket.receive(into: &bytes) else { throw .endedTooSoon }
            }
        }
    }
}
