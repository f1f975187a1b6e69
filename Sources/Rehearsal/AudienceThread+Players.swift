// How simulated viewers become players, and what they receive in their streams.

import AudienceProtocol
import HTTPWire
import IORing

extension AudienceThread {
    /// The key of all handshakes: a server can't tell, and it need not be secret.
    private static let webSocketKey = "ZmFuZmFyZS1yZWhlYXJzZQ=="
    private static let webSocketAccept = Array(
        unsafe WebSocketUpgrade.accept(for: Array(webSocketKey.utf8).span.bytes).utf8)

    static func players(_ count: Int, _ quiz: QuizPlan) -> [Player] {
        (0..<count).map { number in
            var player = Player()
            player.isPosting = isDue(quiz.postingShare, number, offset: 0.5)
            return player
        }
    }

    /// A player's number in the whole audience.
    func number(_ slot: Int) -> Int { slot * plan.ringCount + index }

    /// What players do beside reading, at every tick.
    mutating func playOn() throws(RingError) {
        while let slot = admitted.popLast() {
            guard members[slot].state == .joining else { continue }
            try makeRoom()
            try openStream(slot)
        }
        while let task = due.next(nowNs: nowNs) {
            try makeRoom()
            perform(task)
        }
        if quizTally.checkingRingCount == 0, shared.quiz.isChecking.load(ordering: .acquiring) {
            beginCheck()
        }
        try beginSideRequests()
    }

    // MARK: Coming in

    /// Whether a player can ask for its stream at once; if not, it has begun to see to that.
    mutating func hasToken(_ slot: Int) -> Bool {
        guard players[slot].token.isEmpty else { return true }
        members[slot].state = .joining
        switch quiz?.identity {
        case .minted(let mint):
            guard let token = mint(number(slot)) else {
                shared.quiz.stop(.noToken)
                return false
            }
            players[slot].token = Array(token.utf8)
            return true
        case .guests:
            sideRequests.add(SideRequest(kind: .join, slot: Int32(slot)))
        case nil: break
        }
        return false
    }

    /// The request for a player's stream: plain, or to become a WebSocket as a page would.
    func streamRequest(_ slot: Int) -> [UInt8] {
        let token = String(decoding: players[slot].token, as: UTF8.self)
        var text = "GET \(plan.target) HTTP/1.1\r\nHost: \(plan.host)\r\n"
        text += "User-Agent: fanfare-rehearse\r\n"
        if players[slot].isPosting {
            text += "Authorization: Bearer \(token)\r\nConnection: close\r\n\r\n"
        } else {
            text += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            text += "Sec-WebSocket-Key: \(Self.webSocketKey)\r\n"
            text += "Sec-WebSocket-Protocol: \(AudienceSubprotocol.name), "
            text += "\(TokenPlace.subprotocolPrefix)\(token)\r\n\r\n"
        }
        return Array(text.utf8)
    }

    /// Whether a player's connection has become a WebSocket.
    func isSwitched(_ slot: Int, _ head: HTTPResponseHead, _ bytes: [UInt8]) -> Bool {
        guard members[slot].isPlayer, !players[slot].isPosting, head.statusCode == 101,
            let accept = unsafe head.fieldValue(
                named: "sec-websocket-accept", in: bytes.span.bytes)
        else { return false }
        return bytes[accept].elementsEqual(Self.webSocketAccept)
    }

    /// A player didn't get its stream. If none ever will, there is no use in going on.
    mutating func noteRefusal(_ slot: Int, _ head: HTTPResponseHead, _ bytes: [UInt8]) {
        guard players[slot].playsSinceNs == 0 else { return }
        let body = bytes[min(head.headByteCount, bytes.count)...]
        let sentence = unsafe ErrorText.sentence(in: Array(body).span.bytes)
        switch head.statusCode {
        case 401: shared.quiz.stop(.badToken(sentence ?? "401"))
        case 409: shared.quiz.stop(.noShow(sentence ?? "409"))
        default: break
        }
    }

    /// A player's stream begins.
    mutating func beginListening(_ slot: Int) {
        players[slot].beginStream()
        players[slot].watchesSinceNs = MonotonicClock.nowNs()
        guard players[slot].playsSinceNs == 0 else {
            quizTally.returnCount += 1
            return
        }
        players[slot].playsSinceNs = players[slot].watchesSinceNs
        quizTally.playerCount += 1
        if players[slot].isPosting { quizTally.postingCount += 1 }
    }

    /// A player's connection is given up.
    mutating func loseStream(_ slot: Int) {
        switch players[slot].attempt {
        case .planned: players[slot].attempt = .unsent
        case .sent where !players[slot].isPosting:
            players[slot].attempt = .lost
            quizTally.pendingCount -= 1
        default: break
        }
        players[slot].stamp &+= 1
    }

    /// A player whose connection is closed comes back later, not all at once.
    mutating func goAway(_ slot: Int) {
        let spread = AnswerHabits.spread(player: number(slot), salt: UInt64(nowMs))
        members[slot].state = .away
        members[slot].restsUntilMs =
            nowMs + QuizLimits.returnMsMin + Int64(spread * Double(QuizLimits.returnMsSpread))
    }

    // MARK: Listening

    /// Takes what came of a player's stream.
    ///
    /// - Returns: false if it is wrong or over, and the player gone.
    mutating func receive(_ memory: UnsafeMutableRawBufferPointer, of slot: Int) -> Bool {
        guard !players[slot].isPosting else {
            return unsafe hearTags(UnsafeRawBufferPointer(memory), of: slot)
        }
        var bytes = unsafe memory.mutableBytes
        var offset = 0
        while true {
            let piece: WebSocketFrameReader.Piece?
            do throws(WebSocketError) {
                piece = try players[slot].frames.next(
                    in: &bytes, from: &offset,
                    payloadByteCountMax: QuizLimits.frameByteCountMax)
            } catch {
                wrong(slot, error.description)
                return false
            }
            guard let piece else { return true }
            let part = unsafe UnsafeRawBufferPointer(rebasing: memory[piece.range])
            switch piece.opcode {
            case .binary, .continuation:
                guard unsafe hearTags(part, of: slot) else { return false }
            case .text: unsafe hearText(part, isLast: piece.endsFrame, of: slot)
            case .close:
                ended(slot)
                return false
            case .ping, .pong: break
            }
        }
    }

    private mutating func hearTags(_ bytes: UnsafeRawBufferPointer, of slot: Int) -> Bool {
        if members[slot].kind == .verified {
            guard unsafe verify(slot, bytes.bytes) else { return false }
        }
        var offset = 0
        while true {
            let body: CueFollower.Body?
            do throws(CueFollower.Fault) {
                body = try unsafe players[slot].follower.next(in: bytes.bytes, from: &offset)
            } catch {
                wrong(slot, error.description)
                return false
            }
            switch body {
            case nil: return true
            case .here(let range):
                unsafe hearScript(bytes.bytes.extracting(range), of: slot)
            case .kept:
                let kept = players[slot].follower.kept
                unsafe hearScript(kept.span.bytes, of: slot)
            }
        }
    }

    private mutating func wrong(_ slot: Int, _ reason: String) {
        tally.wrongCount += 1
        tally.wrongReason = tally.wrongReason ?? reason
        close(slot)
    }

    /// A script tag: most are known by their bytes, so that reading them costs once a ring.
    private mutating func hearScript(_ body: RawSpan, of slot: Int) {
        guard ReceivedCue.isCue(body) else { return }
        let hash = contentHash(body)
        guard hash != players[slot].cueHash else { return }
        let atNs = MonotonicClock.nowNs()
        guard let number = book.number(ofCue: hash) ?? read(body, hash, atNs) else { return }
        players[slot].cueHash = hash
        guard number > Int(players[slot].cue) else { return }
        players[slot].cue = Int32(number)
        let firstNs = book.cues[number].firstNs
        if players[slot].watchesSinceNs < firstNs {
            quizTally.cues[number].delay.record(us: (atNs - firstNs) / 1_000)
        }
        act(slot, on: book.cues[number], atNs: atNs)
    }

    /// Reads a cue that no player of the ring has had.
    private mutating func read(_ body: RawSpan, _ hash: UInt64, _ atNs: Int64) -> Int? {
        guard let received = ReceivedCue(body) else { return nil }
        // What is told first of all may be the end of a show before.
        let isEnd = received.phase == .winners || received.phase == .over
        if isEnd, book.hasShow { shared.quiz.overNs.store(atNs, ordering: .relaxed) }
        let firstNs = shared.quiz.firstNs(ofCue: hash, nowNs: atNs)
        let number = book.take(received, hash: hash, firstNs: firstNs, tally: &quizTally)
        if let number {
            quizTally.cues[number].watchingCount = players.indices.count { slot in
                members[slot].state == .watching && members[slot].isPlayer
                    && players[slot].watchesSinceNs < firstNs
            }
        }
        return number
    }

    private mutating func hearText(
        _ part: UnsafeRawBufferPointer, isLast: Bool, of slot: Int
    ) {
        guard !isLast || !players[slot].text.isEmpty else {
            if let receipt = unsafe HeardReceipt(part.bytes) { take(receipt, of: slot) }
            return
        }
        guard players[slot].text.count + part.count <= QuizLimits.textByteCountMax else { return }
        unsafe players[slot].text.append(contentsOf: part)
        guard isLast else { return }
        let text = players[slot].text
        players[slot].text.removeAll(keepingCapacity: true)
        if let receipt = unsafe HeardReceipt(text.span.bytes) { take(receipt, of: slot) }
    }
}
