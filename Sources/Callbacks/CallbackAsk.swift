// Questions to another system that is to decide: a few at a time, and never waited for by whoever
// sends media.

public import Access
import Digests
public import HTTPWire
public import IORing
import Synchronization
import TextWire

/// What another system has decided.
public enum CallbackVerdict: Sendable, Equatable {
    /// Let in.
    case allowed
    /// Not let in; the reason is the system's, if it gave one.
    case refused(reason: String?)
    /// It couldn't be asked; why.
    case unanswered(reason: String)
}

/// Asks one place, on threads of its own.
public final class CallbackAsk: Sendable {
    /// A question, and what becomes of the answer.
    private struct Question: Sendable {
        let event: CallbackEvent
        let answer: @Sendable (CallbackVerdict) -> Void
    }

    private let url: HTTPURL
    private let hmac: HMACSHA256
    private let timeoutMs: Int64
    private let wallMs: @Sendable () -> Int64
    private let state = Mutex([Question]())
    private let signals: [WakeSignal]
    private let questionCountMax: Int
    private let isStopping = Atomic<Bool>(false)

    /// How many there may be.
    public enum Load: Sendable {
        /// Publishers.
        case few
        /// An audience.
        case many

        /// Questions that are asked at the same time.
        var threadCount: Int { self == .few ? 4 : 16 }
        /// Those that wait for it.
        var questionCountMax: Int {
            self == .few ? CallbackLimits.questionCountMax : CallbackLimits.playQuestionCountMax
        }
    }

    /// - Parameters:
    ///   - url: whom to ask.
    ///   - timeoutMs: how long an answer may take.
    ///   - wallMs: the time, ms since 1970.
    public init(
        _ url: HTTPURL, secret: CallbackSecret, timeoutMs: Int, load: Load = .few,
        wallMs: @escaping @Sendable () -> Int64
    ) throws(RingError) {
        precondition(CallbackLimits.askMs.contains(timeoutMs))
        self.url = url
        hmac = secret.signer
        self.timeoutMs = Int64(timeoutMs)
        self.wallMs = wallMs
        var signals: [WakeSignal] = []
        for _ in 0..<load.threadCount { signals.append(try WakeSignal()) }
        self.signals = signals
        questionCountMax = load.questionCountMax
    }

    /// Begins to ask.
    public func start() throws(RingError) {
        for index in signals.indices {
            _ = try PlainThread(name: "asker-\(index)") { [self] in run(signals[index]) }
        }
    }

    /// Asks no more; who waits is answered that nobody could be asked.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        let waiting = state.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for question in waiting { question.answer(.unanswered(reason: "\(CallError.stopped)")) }
        for signal in signals { signal.raise() }
    }

    /// Asks whether something may be.
    ///
    /// - Parameter answer: called once, on a thread of its own or at once.
    public func ask(
        _ event: CallbackEvent, answer: @escaping @Sendable (CallbackVerdict) -> Void
    ) {
        let isTaken = state.withLock { state in
            guard !isStopping.load(ordering: .acquiring),
                state.count < questionCountMax
            else { return false }
            state.append(Question(event: event, answer: answer))
            return true
        }
        guard isTaken else {
            return answer(.unanswered(reason: "too many questions wait for an answer already"))
        }
        for signal in signals { signal.raise() }
    }

    private func run(_ signal: WakeSignal) {
        while !isStopping.load(ordering: .acquiring) {
            let question = state.withLock { state in
                state.isEmpty ? nil : state.removeFirst()
            }
            guard let question else {
                signal.wait()
                continue
            }
            question.answer(verdict(on: question.event))
        }
    }

    private func verdict(on event: CallbackEvent) -> CallbackVerdict {
        let id = CallbackID.random()
        let request = CallbackRequest(
            url: url, event: event.kind.rawValue, id: id, body: event.json(id: id))
        guard let bytes = request.bytes(hmac: hmac, nowUnixS: wallMs() / 1_000) else {
            return .unanswered(reason: CallError.noDigest.description)
        }
        do throws(CallError) {
            let deadline = CallDeadline(ms: timeoutMs) { [self] in
                isStopping.load(ordering: .acquiring)
            }
            let answer = try HTTPCall.perform(
                bytes, to: url, deadline: deadline, alsoGood: [403], readsBody: true)
            return Self.verdict(of: answer)
        } catch {
            return .unanswered(reason: error.description)
        }
    }

    /// 403 refuses. 2xx lets in, unless a JSON body says `"allow": false`.
    static func verdict(of answer: CallAnswer) -> CallbackVerdict {
        var isAllowed = answer.status != 403
        var reason: String?
        do throws(JSONError) {
            let bytes = unsafe answer.body.span.bytes
            var reader = try JSONReader(
                bytes, limits: JSONLimits(byteCountMax: CallbackLimits.answerByteCountMax))
            while let name = try reader.nextName(in: bytes) {
                if name.equals("allow", in: bytes) {
                    let says = try reader.boolean(in: bytes)
                    isAllowed = isAllowed && says
                } else if name.equals("reason", in: bytes) {
                    reason = try reader.string(in: bytes).text(in: bytes)
                }
            }
        } catch {
            // A body that isn't a JSON object says nothing: the status has said all.
            reason = nil
        }
        guard !isAllowed else { return .allowed }
        return .refused(reason: reason.flatMap(shown))
    }

    /// A reason as it may be told on: short, and in one line.
    private static func shown(_ text: String) -> String? {
        let line = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
            .prefix(CallbackLimits.reasonCharacterCountMax)
        return line.isEmpty ? nil : String(String.UnicodeScalarView(line))
    }
}
