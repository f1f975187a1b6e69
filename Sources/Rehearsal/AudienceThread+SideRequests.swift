// Players' requests beside their streams, each on a connection of its own.

import AudienceProtocol
import Glibc
import HTTPWire
import IORing

extension AudienceThread {
    /// Has every player with a receipt ask what the ledger has of it.
    mutating func beginCheck() {
        quizTally.checkingRingCount = 1
        for slot in players.indices
        where book.questions.contains(where: { $0.acknowledged[slot] != QuestionBook.none }) {
            quizTally.toCheckCount += 1
            sideRequests.add(SideRequest(kind: .check, slot: Int32(slot)))
        }
    }

    /// Gives requests that wait their connections.
    mutating func beginSideRequests() throws(RingError) {
        while let index = sideRequests.begin(nowNs: nowNs) {
            try makeRoom()
            let slot = sideRequests.firstSlot + index
            try install(slot)
            ring.connect(slot: slot, to: peer, token: sideRequestToken(Operation.connect, index))
        }
    }

    /// Looks for requests that take too long, and tries again what failed.
    mutating func sweepSideRequests() throws(RingError) {
        sideRequests.retryNow()
        for index in sideRequests.connections.indices {
            let connection = sideRequests.connections[index]
            guard connection.state == .connecting || connection.state == .waiting,
                nowNs - connection.startedNs > QuizLimits.requestMsMax * 1_000_000
            else { continue }
            try makeRoom()
            failed(index)
        }
    }

    private func sideRequestToken(_ operation: UInt8, _ index: Int) -> Token {
        Token(
            operation: operation, generation: sideRequests.connections[index].generation,
            slot: sideRequests.firstSlot + index)
    }

    // MARK: Completions

    mutating func handleSideRequest(_ completion: Completion) {
        let index = completion.token.slot - sideRequests.firstSlot
        guard sideRequests.connections[index].generation & 0xFF_FFFF == completion.token.generation
        else { return }
        switch completion.token.operation {
        case Operation.connect:
            guard completion.result == 0 else {
                failed(index)
                return
            }
            sideRequests.connections[index].state = .waiting
            sendQuietly(
                requestBytes(sideRequests.connections[index].request), slot: completion.token.slot,
                token: sideRequestToken(Operation.quietSend, index))
            receiveSideRequest(index)
        case Operation.quietSend: failed(index)
        case Operation.head: responseReceived(index, completion)
        case Operation.close: sideRequests.free(index)
        default: break
        }
    }

    private mutating func receiveSideRequest(_ index: Int) {
        ring.receive(
            slot: sideRequests.firstSlot + index, pool: pool.group,
            token: sideRequestToken(Operation.head, index))
    }

    private func requestBytes(_ request: SideRequest) -> [UInt8] {
        let slot = Int(request.slot)
        var body: [UInt8] = []
        let line: String
        switch request.kind {
        case .join:
            line = "POST \(AudiencePath.join.template)"
            body = Array(#"{"name":"Guest \#(number(slot) + 1)""#.utf8)
            // A show's id has no character that JSON would escape.
            if let show = quiz?.show { body += Array(#","show":"\#(show)""#.utf8) }
            body.append(UInt8(ascii: "}"))
        case .answer:
            line = "POST \(AudiencePath.answers.template)"
            body = answerText(slot)
        case .ask, .check: line = "GET \(AudiencePath.me.template)"
        }
        var text = "\(line) HTTP/1.1\r\nHost: \(plan.host)\r\nUser-Agent: fanfare-rehearse\r\n"
        if request.kind != .join {
            let token = String(decoding: players[slot].token, as: UTF8.self)
            text += "Authorization: Bearer \(token)\r\n"
        }
        if !body.isEmpty {
            text += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        }
        text += "Connection: close\r\n\r\n"
        return Array(text.utf8) + body
    }

    private mutating func responseReceived(_ index: Int, _ completion: Completion) {
        if completion.result == -ENOBUFS {
            receiveSideRequest(index)
            return
        }
        guard completion.result > 0, let id = completion.bufferId else {
            failed(index)
            return
        }
        let bytes = unsafe pool.bytes(of: id, count: Int(completion.result))
        unsafe sideRequests.connections[index].bytes.append(contentsOf: bytes)
        let all = sideRequests.connections[index].bytes
        var scanned = 0
        let head: HTTPResponseHead?
        do throws(HTTPResponseError) {
            head = try unsafe HTTPResponseHead.parse(all.span.bytes, scanned: &scanned)
        } catch {
            failed(index)
            return
        }
        guard let head, let length = head.contentLength,
            all.count >= head.headByteCount + length
        else {
            // Without a length it isn't an answer of ours.
            guard head == nil || head?.contentLength != nil,
                all.count < QuizLimits.responseByteCountMax
            else {
                failed(index)
                return
            }
            receiveSideRequest(index)
            return
        }
        let request = sideRequests.connections[index].request
        let body = Array(all[head.headByteCount..<(head.headByteCount + length)])
        end(index)
        unsafe answered(request, head.statusCode, body.span.bytes)
    }

    /// Closes a request's connection.
    private mutating func end(_ index: Int) {
        guard sideRequests.connections[index].state != .closing else { return }
        let ignored = Token(operation: Operation.ignored, generation: 0, slot: 0)
        ring.cancel(sideRequestToken(Operation.head, index), token: ignored)
        sideRequests.connections[index].state = .closing
        sideRequests.connections[index].generation &+= 1
        ring.close(
            slot: sideRequests.firstSlot + index, token: sideRequestToken(Operation.close, index))
    }

    // MARK: Outcomes

    private mutating func answered(_ request: SideRequest, _ status: Int, _ body: RawSpan) {
        let slot = Int(request.slot)
        switch request.kind {
        case .join: joinAnswered(slot, request, status, body)
        case .answer:
            var receipt = HeardReceipt(body)
            if receipt == nil || receipt?.verdict == .refused("error") {
                receipt = HeardReceipt(verdict: .refused("http_\(status)"))
            }
            if let receipt { take(receipt, of: slot) }
        case .ask, .check:
            guard status == 200, let standing = HeardStanding(body) else {
                notAnswered(request)
                return
            }
            setOut(slot, standing.status != "playing")
            if request.kind == .check {
                book.check(slot, against: standing, tally: &quizTally)
                quizTally.checkedCount += 1
            }
        }
    }

    private mutating func joinAnswered(
        _ slot: Int, _ request: SideRequest, _ status: Int, _ body: RawSpan
    ) {
        if status == 200, let token = JoinText.token(in: body) {
            guard token.count <= QuizLimits.tokenByteCountMax else {
                refused(slot, "the token is too long")
                return
            }
            players[slot].token = token
            admitted.append(slot)
            return
        }
        let sentence = ErrorText.sentence(in: body) ?? "\(status)"
        tally.refusalStatus = status
        switch status {
        case 403: shared.quiz.stop(.noGuests)
        case 404, 405: shared.quiz.stop(.noGame)
        case 409: shared.quiz.stop(.noShow(sentence))
        case 429: shared.quiz.stop(.joinsTooFast)
        default: notAnswered(request)
        }
    }

    private mutating func failed(_ index: Int) {
        let request = sideRequests.connections[index].request
        guard sideRequests.connections[index].state != .closing else { return }
        end(index)
        notAnswered(request)
    }

    /// A request came to nothing: most are tried again.
    private mutating func notAnswered(_ request: SideRequest) {
        let slot = Int(request.slot)
        switch request.kind {
        case .join:
            if !sideRequests.retry(request), members[slot].state == .joining {
                refused(slot, "no answer to \(AudiencePath.join.template)")
            }
        case .answer:
            guard players[slot].attempt == .sent else { return }
            players[slot].attempt = .lost
            quizTally.pendingCount -= 1
        case .ask: _ = sideRequests.retry(request)
        case .check: if !sideRequests.retry(request) { quizTally.uncheckedCount += 1 }
        }
    }
}
