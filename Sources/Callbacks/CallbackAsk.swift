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
        /// From when it is asked: whoever asks waits as long, however many are before it.
        let deadline: CallDeadline
        let answer: @Sendable (CallbackVerdict) -> Void
    }

    /// What belongs in a log: there is no answer. Once in a while, with those since the last time.
    public struct Trouble: Sendable, Equatable {
        /// Who was asked, without path and query.
        public var place: String
        /// The question's name.
        public var event: String
        /// Questions without an answer since this was said last.
        public var count: Int
        /// Why the newest has none.
        public var reason: String
    }

    /// What came of the questions so far.
    public struct Counters: Sendable, Equatable {
        /// Let in.
        public var allowed = 0
        /// Not let in.
        public var refused = 0
        /// Nobody has decided.
        public var unanswered = 0
    }

    private struct State {
        var waiting: [Question] = []
        var counters = Counters()
        var saidMs: Int64?
        var unsaidCount = 0
        var unanswered: (atMs: Int64, reason: String)?
    }

    private let url: HTTPURL
    private let hmac: HMACSHA256
    private let timeoutMs: Int64
    private let wallMs: @Sendable () -> Int64
    private let onTrouble: @Sendable (Trouble) -> Void
    private let state = Mutex(State())
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
    ///   - onTrouble: called on threads of its own, and by whoever asks.
    public init(
        _ url: HTTPURL, secret: CallbackSecret, timeoutMs: Int, load: Load = .few,
        wallMs: @escaping @Sendable () -> Int64,
        onTrouble: @escaping @Sendable (Trouble) -> Void = { _ in }
    ) throws(RingError) {
        precondition(CallbackLimits.askMs.contains(timeoutMs))
        self.url = url
        hmac = secret.signer
        self.timeoutMs = Int64(timeoutMs)
        self.wallMs = wallMs
        self.onTrouble = onTrouble
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
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for question in waiting { question.answer(.unanswered(reason: "\(CallError.stopped)")) }
        for signal in signals { signal.raise() }
    }

    /// Asks whether something may be.
    ///
    /// - Parameter answer: called once, on a thread of its own or at once; after `timeoutMs` at the
    ///   latest, whoever else is asked about.
    public func ask(
        _ event: CallbackEvent, answer: @escaping @Sendable (CallbackVerdict) -> Void
    ) {
        let deadline = CallDeadline(ms: timeoutMs) { [self] in
            isStopping.load(ordering: .acquiring)
        }
        let question = Question(event: event, deadline: deadline, answer: answer)
        let isTaken = state.withLock { state in
            guard !isStopping.load(ordering: .acquiring),
                state.waiting.count < questionCountMax
            else { return false }
            state.waiting.append(question)
            return true
        }
        guard isTaken else {
            return settle(
                question, .unanswered(reason: "too many questions wait for an answer already"))
        }
        for signal in signals { signal.raise() }
    }

    /// What came of the questions so far.
    public var counters: Counters { state.withLock { $0.counters } }

    /// Why nobody has decided about something lately; nil if all was decided in the last minute.
    public var unansweredReason: String? {
        let nowMs = MonotonicClock.nowMs()
        return state.withLock { state in
            state.unanswered.flatMap { unanswered in
                nowMs - unanswered.atMs < CallbackLimits.lineMs ? unanswered.reason : nil
            }
        }
    }

    private func run(_ signal: WakeSignal) {
        while !isStopping.load(ordering: .acquiring) {
            let question = state.withLock { state in
                state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            }
            guard let question else {
                signal.wait()
                continue
            }
            settle(question, verdict(on: question))
        }
    }

    /// Counts what came of a question, says so where it is trouble, and answers.
    private func settle(_ question: Question, _ verdict: CallbackVerdict) {
        let nowMs = MonotonicClock.nowMs()
        let isStopping = isStopping.load(ordering: .acquiring)
        let trouble: Trouble? = state.withLock { state in
            switch verdict {
            case .allowed: state.counters.allowed += 1
            case .refused: state.counters.refused += 1
            case .unanswered(let reason):
                // The end is no trouble of the receiver's.
                guard !isStopping else { return nil }
                state.counters.unanswered += 1
                state.unanswered = (nowMs, reason)
                state.unsaidCount += 1
                guard state.saidMs.map({ nowMs - $0 >= CallbackLimits.lineMs }) ?? true else {
                    return nil
                }
                defer {
                    state.saidMs = nowMs
                    state.unsaidCount = 0
                }
                return Trouble(
                    place: url.origin, event: question.event.kind.rawValue,
                    count: state.unsaidCount, reason: reason)
            }
            return nil
        }
        if let trouble { onTrouble(trouble) }
        question.answer(verdict)
    }

    private func verdict(on question: Question) -> CallbackVerdict {
        let event = question.event
        // A receiver that is behind isn't asked what can't be waited for.
        guard question.deadline.leftMs > timeoutMs / CallbackLimits.askShare else {
            return .unanswered(reason: CallError.tooLate(ms: timeoutMs).description)
        }
        let id = CallbackID.random()
        let request = CallbackRequest(
            url: url, event: event.kind.rawValue, id: id, body: event.json(id: id))
        guard let bytes = request.bytes(hmac: hmac, nowUnixS: wallMs() / 1_000) else {
            return .unanswered(reason: CallError.noDigest.description)
        }
        do throws(CallError) {
            let answer = try HTTPCall.perform(
                bytes, to: url, deadline: question.deadline, alsoGood: [403], readsBody: true)
            return Self.verdict(of: answer)
        } catch {
            return .unanswered(reason: error.description)
        }
    }

    /// 403 refuses. 2xx lets in, unless a JSON body says `"allow": false`; a body that begins as an
    /// object and can't be read as one may be just that, and so is no answer.
    static func verdict(of answer: CallAnswer) -> CallbackVerdict {
        let body = answer.body.starts(with: byteOrderMark) ? answer.body[3...] : answer.body[...]
        let isObject = body.first { !isSpace($0) } == UInt8(ascii: "{")
        var says = Says()
        do throws(JSONError) {
            if isObject { try says.read(Array(body)) }
        } catch {
            guard answer.status == 403 || says.isRefused else {
                let reason = CallError.clause(error.description)
                return .unanswered(reason: CallError.unreadable(reason).description)
            }
        }
        guard answer.status == 403 || says.isRefused else { return .allowed }
        return .refused(reason: says.reason.flatMap(shown))
    }

    /// What an answer's object says, as far as it was read.
    private struct Says {
        var isRefused = false
        var reason: String?

        mutating func read(_ body: [UInt8]) throws(JSONError) {
            let bytes = unsafe body.span.bytes
            var reader = try JSONReader(
                bytes, limits: JSONLimits(byteCountMax: CallbackLimits.answerByteCountMax))
            while let name = try reader.nextName(in: bytes) {
                if name.equals("allow", in: bytes) {
                    if try !reader.boolean(in: bytes) { isRefused = true }
                } else if name.equals("reason", in: bytes) {
                    // What isn't a text is no reason, and takes nothing from the rest.
                    var ahead = reader
                    let place = try ahead.valueRange(in: bytes)
                    guard body[place.lowerBound] == UInt8(ascii: "\"") else { continue }
                    reason = try reader.string(in: bytes).text(in: bytes)
                }
            }
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// A reason as it may be told on: short, in one line, and in the direction of that line.
    private static func shown(_ text: String) -> String? {
        let line = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate,
                .unassigned:
                false
            default: true
            }
        }
        .prefix(CallbackLimits.reasonCharacterCountMax)
        return line.isEmpty ? nil : String(String.UnicodeScalarView(line))
    }
}
