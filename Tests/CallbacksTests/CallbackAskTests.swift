// Asking a receiver: one that decides, one that doesn't, and one that takes its time.

import Access
import HTTPWire
import IORing
import Synchronization
import TestSupport
import Testing

@testable import Callbacks

@Suite(.timeLimit(.minutes(5))) struct CallbackAskTests {
    private func verdict(
        _ answer: @escaping @Sendable (CallbackReceiver.Request, Int) -> CallbackReceiver.Answer,
        isDown: Bool = false, timeoutMs: Int = 10_000
    ) throws -> (CallbackVerdict?, [CallbackReceiver.Request]) {
        let receiver = CallbackReceiver(answer: answer)
        if isDown { receiver.stop() }
        let ask = try CallbackAsk(
            try #require(HTTPURL(receiver.url("/may"))),
            secret: try CallbackSecret(validating: "a-secret-of-callbacks"), timeoutMs: timeoutMs,
            wallMs: { 1_700_000_000_000 })
        try ask.start()
        defer { ask.stop() }
        let said = Mutex<CallbackVerdict?>(nil)
        let done = try WakeSignal()
        ask.ask(CallbackEvent(.publishAsked, atMs: 7, [("stream", .text("show"))])) { verdict in
            said.withLock { $0 = verdict }
            done.raise()
        }
        done.wait()
        return (said.withLock { $0 }, receiver.requests)
    }

    @Test func aReceiverDecides() throws {
        let (allowed, requests) = try verdict { _, _ in CallbackReceiver.status(204) }
        #expect(allowed == .allowed)
        #expect(requests.first?.fields["fanfare-event"] == "publish.ask")
        #expect(requests.first?.text("stream") == "show")
        let (refused, _) = try verdict { _, _ in
            CallbackReceiver.json(403, #"{"reason":"Not tonight."}"#)
        }
        #expect(refused == .refused(reason: "Not tonight."))
        let (chunked, _) = try verdict { _, _ in
            .text(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "8\r\n{\"allow\"\r\n7\r\n:false}\r\n0\r\n\r\n")
        }
        #expect(chunked == .refused(reason: nil))
    }

    /// Whatever comes behind a 403, such as the page of a firewall, it is one.
    @Test(arguments: ["long", "cut short", "slow", "bad chunks", "broken JSON"])
    func aNoIsANoWhateverBecomesOfItsBody(how: String) throws {
        let (said, _) = try verdict(
            { _, _ in
                let head = "HTTP/1.1 403 Forbidden\r\n"
                return switch how {
                case "long": CallbackReceiver.json(403, String(repeating: "<p>", count: 9_000))
                case "cut short": .text("\(head)Content-Length: 200\r\n\r\n{\"r")
                case "slow": .unfinished("\(head)Content-Length: 200\r\n\r\n{\"r")
                case "bad chunks": .text("\(head)Transfer-Encoding: chunked\r\n\r\nxyz\r\n")
                default: CallbackReceiver.json(403, #"{"allow":true,"reason""#)
                }
            }, timeoutMs: 2_000)
        #expect(said == .refused(reason: nil))
    }

    @Test func aYesThatIsNotWholeIsNoAnswer() throws {
        let (said, _) = try verdict { _, _ in
            .text("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{\"allow\":true}")
        }
        #expect(said == .unanswered(reason: "it hung up before it had answered"))
    }

    @Test func aFloodOfInterimAnswersEnds() throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let yes = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        let (few, _) = try verdict { _, _ in .text(interim + interim + yes) }
        #expect(few == .allowed)
        let (flood, _) = try verdict { _, _ in
            .text(String(repeating: interim, count: 500) + yes)
        }
        guard case .unanswered(let reason)? = flood else {
            Issue.record("\(String(describing: flood))")
            return
        }
        #expect(reason.contains("interim"), "\(reason)")
    }

    /// The time of a question runs from when it is asked, and not from when its turn comes.
    @Test func whoWaitsBehindASlowReceiverIsAnsweredInTime() throws {
        let receiver = CallbackReceiver { _, _ in .silence }
        let troubles = Mutex([CallbackAsk.Trouble]())
        let ask = try CallbackAsk(
            try #require(HTTPURL(receiver.url("/may?token=hidden"))),
            secret: try CallbackSecret(validating: "a-secret-of-callbacks"), timeoutMs: 2_000,
            wallMs: { 0 }, onTrouble: { trouble in troubles.withLock { $0.append(trouble) } })
        // All are asked before the first has its turn.
        let answers = Mutex([CallbackVerdict]())
        let done = try WakeSignal()
        for _ in 0..<CallbackLimits.questionCountMax {
            ask.ask(CallbackEvent(.playAsked, atMs: 7, [])) { verdict in
                let count = answers.withLock { answers in
                    answers.append(verdict)
                    return answers.count
                }
                if count == CallbackLimits.questionCountMax { done.raise() }
            }
        }
        try ask.start()
        defer { ask.stop() }
        done.wait()
        #expect(
            answers.withLock { $0 }.allSatisfy {
                $0 == .unanswered(reason: "no answer within 2000 ms")
            })
        // Only those were sent that could still be answered.
        #expect(receiver.requests.count < CallbackLimits.questionCountMax)
        #expect(ask.counters == .init(unanswered: CallbackLimits.questionCountMax))
        // All that is one line, without the path.
        #expect(
            troubles.withLock { $0 } == [
                .init(
                    place: "http://127.0.0.1:\(receiver.port)", event: "play.ask", count: 1,
                    reason: "no answer within 2000 ms")
            ])
        #expect(ask.unansweredReason == "no answer within 2000 ms")
    }

    @Test func whatCameOfQuestionsIsCounted() throws {
        let receiver = CallbackReceiver { _, number in
            CallbackReceiver.status([204, 403, 500, 204][number])
        }
        let ask = try CallbackAsk(
            try #require(HTTPURL(receiver.url())),
            secret: try CallbackSecret(validating: "a-secret-of-callbacks"), timeoutMs: 5_000,
            wallMs: { 0 })
        try ask.start()
        defer { ask.stop() }
        let done = try WakeSignal()
        for _ in 0..<4 {
            ask.ask(CallbackEvent(.playAsked, atMs: 7, [])) { _ in done.raise() }
            done.wait()
        }
        #expect(ask.counters == .init(allowed: 2, refused: 1, unanswered: 1))
    }

    @Test func whoCannotBeAskedHasNotDecided() throws {
        for (answer, words) in [
            (CallbackReceiver.status(500), "it answers 500"), (.silence, "within 500 ms"),
            (.hangUp, "hung up"), (CallbackReceiver.status(307), "elsewhere"),
            (
                .text("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"), "longer than"
            ),
        ] as [(CallbackReceiver.Answer, String)] {
            let (said, _) = try verdict({ _, _ in answer }, timeoutMs: 500)
            guard case .unanswered(let reason)? = said else {
                Issue.record("\(String(describing: said)) for \(words)")
                continue
            }
            #expect(reason.contains(words), "\(reason)")
        }
        let (down, _) = try verdict({ _, _ in .hangUp }, isDown: true)
        guard case .unanswered = down else {
            Issue.record("a receiver that is down decides: \(String(describing: down))")
            return
        }
    }

    @Test func moreQuestionsThanFitAreAnsweredAtOnce() throws {
        let receiver = CallbackReceiver { _, _ in .silence }
        let ask = try CallbackAsk(
            try #require(HTTPURL(receiver.url())),
            secret: try CallbackSecret(validating: "a-secret-of-callbacks"), timeoutMs: 10_000,
            wallMs: { 0 })
        try ask.start()
        let answers = Mutex([CallbackVerdict]())
        for _ in 0..<(CallbackLimits.questionCountMax + 50) {
            ask.ask(CallbackEvent(.playAsked, atMs: 7, [])) { verdict in
                answers.withLock { $0.append(verdict) }
            }
        }
        let early = answers.withLock { $0 }
        #expect(early.count >= 40)
        #expect(
            early.allSatisfy {
                $0 == .unanswered(reason: "too many questions wait for an answer already")
            })
        ask.stop()
    }
}
