// What a cue of the quiz says, as far as a player acts on it.

import AudienceProtocol
import FLV

/// An `onQuiz` tag, read.
struct ReceivedCue: Equatable {
    var phase: QuizPhase
    var show: String
    /// The id of the question it is about.
    var question: String?
    var optionCount = 0
    var windowMs: Int64 = 0
    /// When the window ends for whoever got the question at once, programme time.
    var deadlineMs: Int64?
    var isPaused = false
    /// Of a reveal: how many chose each option, and the right one.
    var counts: [Int] = []
    var correct: Int?

    /// The largest whole number that script data has exactly.
    private static let wholeMax = Int64(1) << 53

    /// AMF0's marker of a string, its length, and the name.
    private static let start: [UInt8] = {
        let name = Array(CueName.quiz.rawValue.utf8)
        return [2, 0, UInt8(name.count)] + name
    }()

    /// Whether a script tag's body may be a cue of the quiz.
    static func isCue(_ body: RawSpan) -> Bool {
        guard body.byteCount > start.count else { return false }
        for index in start.indices
        where unsafe body.unsafeLoad(fromByteOffset: index, as: UInt8.self) != start[index] {
            return false
        }
        return true
    }

    /// - Returns: nil for what is no cue that players know.
    init?(_ body: RawSpan) {
        guard Self.isCue(body), let values = try? AMF0.decode(body), values.count > 1,
            let phase = values[1][.phase]?.stringValue.flatMap(QuizPhase.init),
            let show = values[1][.show]?.stringValue,
            // An event, which those who come later aren't told: no player acts on it.
            phase != .correction
        else { return nil }
        let object = values[1]
        self.phase = phase
        self.show = show
        question = object[.question]?.stringValue
        optionCount = object[.options]?.elements?.count ?? 0
        windowMs = Self.whole(object[.windowMs]) ?? 0
        deadlineMs = Self.whole(object[.deadlinePts])
        isPaused = object[.paused]?.boolValue ?? false
        counts = (object[.counts]?.elements ?? []).map { Int(Self.whole($0) ?? 0) }
        correct = Self.whole(object[.correct]).map { Int($0) }
    }

    private static func whole(_ value: AMF0Value?) -> Int64? {
        // What a server says is a claim: sums and differences of these stay numbers.
        value?.numberValue.flatMap { Int64(exactly: $0.rounded()) }.flatMap {
            Self.wholeMax.magnitude >= $0.magnitude ? $0 : nil
        }
    }
}

extension AMF0Value {
    fileprivate subscript(field: CueField) -> AMF0Value? { self[field.rawValue] }
}
