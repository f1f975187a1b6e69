// One player among many: watches its own stream, reads it late if told so, answers, keeps a log.

import FLV
import Foundation
import HTTPWire

/// A player without a thread; `PlayerCrowd` gives it turns.
final class SimulatedPlayer {
    /// How its answers go.
    enum Way: CaseIterable {
        /// Up the WebSocket that brings the stream.
        case webSocket
        /// By POST, beside a stream over plain HTTP that is watched under the same token.
        case postBesideStream
        /// By POST, beside a stream that is watched by nobody in particular.
        case postAlone
    }

    let id: String
    let token: String
    let way: Way
    /// How late it reads its socket, ms: on purpose, its network is quick.
    let lagMs: Double
    /// What it has in mind when it has read a question.
    private let plan: (QuestionSeen) -> [PlannedAnswer]

    /// The address its stream's connection comes from; nil for the system's choice.
    var source: String?

    /// Whether it goes on when a connection breaks, until every answer has its receipt.
    var isPersistent = false

    private(set) var walker = StreamWalker()
    private(set) var sent: [SentAnswer] = []

    /// When and how its connections ended.
    private(set) var endings: [String] = []

    private var port: UInt16 = 0
    private var stream: LooseSocket?
    private var reconnectMs = 0.0
    private var posts: [Post] = []
    private var due: [(atMs: Double, Deed)] = []
    private var asked: Set<String> = []
    private var readCueCount = 0
    private var readTextCount = 0
    private var newestSeq = 0

    private enum Deed {
        case send(question: String, choice: Int)
        /// Once more what got no receipt.
        case repeated(index: Int)
    }

    private struct Post {
        let index: Int
        let socket: LooseSocket
        var bytes: [UInt8] = []
    }

    init(
        id: String, token: String, way: Way, lagMs: Double = 0,
        plan: @escaping (QuestionSeen) -> [PlannedAnswer]
    ) {
        self.id = id
        self.token = token
        self.way = way
        self.lagMs = lagMs
        self.plan = plan
    }

    /// How late it is with what it has read, ms, where the stream's newest tag is this old.
    func latenessMs(nowMs: Double, originMs: Double) -> Double? {
        walker.newestMs.map { nowMs - originMs - Double($0) }
    }

    /// The newest cue it has read.
    var newestCue: SeenCue? { walker.cues.last }

    /// Whether everything it sent was replied to, and nothing is still to be sent.
    var isSettled: Bool {
        due.isEmpty && posts.isEmpty && sent.allSatisfy { $0.receipt != nil }
    }

    /// Whether it has met a question and has had all receipts since.
    func isDone(with question: String) -> Bool { asked.contains(question) && isSettled }

    /// The descriptors to wait for, when it reads as soon as it can.
    var descriptors: [CInt] {
        posts.map(\.socket.descriptor) + (lagMs == 0 ? stream.map { [$0.descriptor] } ?? [] : [])
    }

    /// For whoever has to find out why it isn't where it should be.
    var whereabouts: String {
        "\(way), \(Int(lagMs)) ms late, \(stream == nil ? "gone" : "there"), status "
            + "\(walker.statusCode ?? 0), \(walker.tags.count) tags to \(walker.newestMs ?? 0) ms, "
            + "cue \(newestCue.map { "\($0.seq) \($0.phase)" } ?? "none"), "
            + "endings \(endings), texts "
            + "\(walker.texts.map(\.text)), \(sent.filter { $0.receipt == nil }.count) receipts missing"
    }

    // MARK: Watching

    func connect(port: UInt16) throws {
        self.port = port
        // Whoever reads late has a small buffer, so that the server sees it.
        let socket = try LooseSocket(
            port: port, receiveBufferByteCount: lagMs > 0 ? 16 << 10 : nil, source: source)
        let query = way == .webSocket || way == .postBesideStream ? "?token=\(token)" : ""
        let fields =
            way == .webSocket
            ? [
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: fanfare",
            ] : []
        socket.send(HTTPClient.request("GET", "/live/show.flv\(query)", fields: fields))
        stream = socket
        readCueCount = 0
        readTextCount = 0
        newestSeq = 0
    }

    func leave() {
        stream = nil
        posts = []
    }

    /// Does what there is to do.
    ///
    /// - Parameter originMs: when the programme's time 0 was, as those who read at once see it.
    func turn(nowMs: Double, originMs: Double?, _ buffer: inout [UInt8]) {
        read(nowMs, originMs, &buffer)
        readPosts(nowMs, &buffer)
        while let first = due.first, first.atMs <= nowMs {
            due.removeFirst()
            switch first.1 {
            case .send(let question, let choice):
                let sentMs = MachineClock.nowMs
                sent.append(SentAnswer(question: question, choice: choice, sentMs: sentMs))
                transmit(sent.count - 1)
            case .repeated(let index): transmit(index)
            }
        }
    }

    private func read(_ nowMs: Double, _ originMs: Double?, _ buffer: inout [UInt8]) {
        guard let stream else {
            if isPersistent, port > 0, nowMs >= reconnectMs { reconnect(nowMs) }
            return
        }
        stream.flush()
        while mayRead(nowMs, originMs) {
            switch stream.receive(into: &buffer) {
            case .nothing: return
            case .end(let code):
                lose(nowMs, errno: code)
                return
            case .bytes(let count):
                // Times are those of the deed: a turn of many players can be a long one.
                let readMs = MachineClock.nowMs
                walker.take(buffer, count, nowMs: readMs)
                react(readMs)
            }
        }
    }

    private func mayRead(_ nowMs: Double, _ originMs: Double?) -> Bool {
        guard lagMs > 0, let originMs, let newestMs = walker.newestMs else { return true }
        return originMs + Double(newestMs) + lagMs <= nowMs
    }

    private func react(_ nowMs: Double) {
        while readCueCount < walker.cues.count {
            let cue = walker.cues[readCueCount]
            readCueCount += 1
            // As a page does: what is older than what it shows is over.
            guard cue.seq >= newestSeq else { continue }
            newestSeq = cue.seq
            guard cue.phase == "question", let id = cue.question else { continue }
            meet(cue, id, nowMs)
        }
        while readTextCount < walker.texts.count {
            let text = walker.texts[readTextCount]
            readTextCount += 1
            guard
                let (question, choice, receipt) = PlayerReceipt.parse(
                    text.text, readMs: text.readMs)
            else { continue }
            let index = sent.firstIndex {
                $0.question == question && $0.choice == choice && $0.receipt == nil
            }
            if let index { sent[index].receipt = receipt }
        }
    }

    private func meet(_ cue: SeenCue, _ id: String, _ nowMs: Double) {
        guard asked.insert(id).inserted else {
            if isPersistent { sendAgain(id, nowMs) }
            return
        }
        let seen = QuestionSeen(
            id: id, index: Int(cue.object["number"]?.numberValue ?? 1) - 1,
            optionCount: cue.object["options"]?.elements?.count ?? 0,
            windowMs: cue.object["windowMs"]?.numberValue ?? 0)
        due += plan(seen).map { (nowMs + $0.delayMs, .send(question: id, choice: $0.choice)) }
        due.sort { $0.atMs < $1.atMs }
    }

    // MARK: Answering

    /// Answers at that time, whatever it has read.
    func answer(_ question: String, _ choice: Int, atMs: Double) {
        due.append((atMs, .send(question: question, choice: choice)))
        due.sort { $0.atMs < $1.atMs }
    }

    /// What has no receipt yet, on a new connection.
    private func sendAgain(_ question: String, _ nowMs: Double) {
        let isWaiting = posts.contains { sent[$0.index].question == question }
        guard !isWaiting,
            let index = sent.firstIndex(where: { $0.question == question && $0.receipt == nil })
        else { return }
        transmit(index)
    }

    private func transmit(_ index: Int) {
        let answer = sent[index]
        let json = #""question":"\#(answer.question)","choice":\#(answer.choice)}"#
        if way == .webSocket {
            let text = Array((#"{"type":"answer","# + json).utf8)
            stream?.send(WebSocketFrame.bytes(.text, text.span.bytes, mask: 0x1234_5678))
            return
        }
        let body = "{" + json
        guard let socket = try? LooseSocket(port: port) else { return }
        socket.send(
            HTTPClient.request(
                "POST", "/api/v1/answers",
                fields: [
                    "Authorization: Bearer \(token)", "Content-Type: application/json",
                    "Content-Length: \(body.utf8.count)", "Connection: close",
                ]) + Array(body.utf8))
        posts.append(Post(index: index, socket: socket))
    }

    private func readPosts(_ nowMs: Double, _ buffer: inout [UInt8]) {
        for number in posts.indices.reversed() {
            posts[number].socket.flush()
            reading: while true {
                switch posts[number].socket.receive(into: &buffer) {
                case .nothing: break reading
                case .bytes(let count): posts[number].bytes += buffer[..<count]
                case .end:
                    finish(posts.remove(at: number), MachineClock.nowMs)
                    break reading
                }
            }
        }
    }

    private func finish(_ post: Post, _ nowMs: Double) {
        let text = String(decoding: post.bytes, as: UTF8.self)
        let body = text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
        if let (_, _, receipt) = PlayerReceipt.parse(body, readMs: nowMs) {
            sent[post.index].receipt = receipt
        } else if isPersistent {
            due.insert((nowMs + 50, .repeated(index: post.index)), at: 0)
        } else {
            sent[post.index].receipt = PlayerReceipt(status: "error", code: text, readMs: nowMs)
        }
    }

    // MARK: When the server is gone

    private func lose(_ nowMs: Double, errno code: CInt) {
        endings.append("\(Int(nowMs)) ms: \(TestFailure.system(call: "recv", errno: code))")
        stream = nil
        reconnectMs = nowMs + 50
    }

    private func reconnect(_ nowMs: Double) {
        reconnectMs = nowMs + 50
        walker = StreamWalker()
        do { try connect(port: port) } catch { stream = nil }
    }
}
