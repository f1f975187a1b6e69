// One question of a show, and how it is called in the log.

/// A question's number in its show, from 0 in the order in which they were written.
///
/// It stays the same when the order of asking changes or other questions are taken out.
public struct QuestionNumber: Hashable, Sendable {
    /// The number itself.
    public let rawValue: UInt16

    /// A number, whether or not a show has such a question.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    var index: Int { Int(rawValue) }
}

/// As the number alone.
extension QuestionNumber: Codable {
    /// Reads the number.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(UInt16.self)
    }

    /// Writes the number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// A question of a show. Any value there may be; a show takes only one that keeps to the limits
/// (`check`).
public struct Question: Equatable, Sendable {
    /// Its name in the API, the stream and the log; unique in its show.
    public var id: String
    /// What is asked. It may have several lines.
    public var text: String
    /// What can be answered: 2 to 8 texts, no two the same.
    public var options: [String]
    /// Which option is right, counted from 0. No cue before the reveal has it.
    public var correctOption: Int
    /// How long a viewer has from when the question reached it, ms.
    public var windowMs: Int
    /// What is said at the reveal.
    public var explanation: String?
    /// A picture or sound that goes with it.
    public var mediaURL: String?
    /// Whether it is only asked when another one fails: it isn't one of those that are planned.
    public var isSpare: Bool

    /// The window of a question that doesn't say another, ms.
    public static let windowMsStandard = 10_000

    /// A question as somebody wrote it, not looked at yet.
    ///
    /// - Parameter correct: the right option, counted from 1 as people count.
    public init(
        id: String, text: String, options: [String], correct: Int,
        windowMs: Int = Question.windowMsStandard, explanation: String? = nil,
        mediaURL: String? = nil, isSpare: Bool = false
    ) {
        self.id = id
        self.text = text
        self.options = options
        correctOption = correct &- 1
        self.windowMs = windowMs
        self.explanation = explanation
        self.mediaURL = mediaURL
        self.isSpare = isSpare
    }

    /// A question after a look at each part of it.
    ///
    /// - Parameter source: where its texts come from.
    /// - Throws: `QuestionFault` telling which part is to be changed.
    public init(
        id: String, text: String, options: [String], correctOption: Int, windowMs: Int,
        explanation: String? = nil, mediaURL: String? = nil, isSpare: Bool = false,
        from source: TextSource = .people
    ) throws(QuestionFault) {
        self.init(
            id: id, text: text, options: options, correct: correctOption &+ 1, windowMs: windowMs,
            explanation: explanation, mediaURL: mediaURL, isSpare: isSpare)
        try check(from: source)
    }

    /// The right option, counted from 1 as people count.
    public var correct: Int {
        get { correctOption &+ 1 }
        set { correctOption = newValue &- 1 }
    }

    /// Looks at each part of it.
    ///
    /// - Parameter source: where its texts come from.
    /// - Throws: `QuestionFault` telling which part is to be changed.
    public func check(from source: TextSource = .people) throws(QuestionFault) {
        do { try TextRule.checkID(id) } catch { throw .id(error) }
        do {
            try TextRule.check(
                text, byteCountMax: TriviaLimits.questionByteCountMax, allowsLines: true,
                from: source)
        } catch { throw .text(error) }
        try checkOptions(from: source)
        guard TriviaLimits.windowMs.contains(windowMs) else { throw .windowMs(windowMs) }
        if let explanation {
            do {
                try TextRule.check(
                    explanation, byteCountMax: TriviaLimits.explanationByteCountMax,
                    allowsLines: true, from: source)
            } catch { throw .explanation(error) }
        }
        if let mediaURL {
            do {
                try TextRule.checkAddress(mediaURL, from: source)
            } catch { throw .mediaURL(error) }
        }
    }

    private func checkOptions(from source: TextSource) throws(QuestionFault) {
        guard TriviaLimits.optionCount.contains(options.count) else {
            throw .optionCount(options.count)
        }
        for (index, option) in options.enumerated() {
            do {
                try TextRule.check(
                    option, byteCountMax: TriviaLimits.optionByteCountMax, from: source)
            } catch { throw .option(number: index + 1, error) }
            let looks = source == .people ? TextRule.shown(option) : option
            let same = options[..<index].firstIndex {
                (source == .people ? TextRule.shown($0) : $0) == looks
            }
            if let first = same {
                throw .sameOptions(first + 1, index + 1)
            }
        }
        guard options.indices.contains(correctOption) else {
            throw .correctOption(number: correct, optionCount: options.count)
        }
    }
}

/// One form for the API, for files and for the ledger.
extension Question: Codable {
    /// Its members in JSON; `correct` is counted from 1.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case id, text, options, correct, windowMs, explanation, mediaURL
        case isSpare = "spare"
    }

    /// Reads what `encode` writes.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try members.decode(String.self, forKey: .id),
            text: try members.decode(String.self, forKey: .text),
            options: try members.decode([String].self, forKey: .options),
            correct: try members.decode(Int.self, forKey: .correct),
            windowMs: try members.decode(Int.self, forKey: .windowMs),
            explanation: try members.decodeIfPresent(String.self, forKey: .explanation),
            mediaURL: try members.decodeIfPresent(String.self, forKey: .mediaURL),
            isSpare: try members.decodeIfPresent(Bool.self, forKey: .isSpare) ?? false)
    }

    /// Writes all of it, the right option included: for staff and the ledger.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(id, forKey: .id)
        try members.encode(text, forKey: .text)
        try members.encode(options, forKey: .options)
        try members.encode(correct, forKey: .correct)
        try members.encode(windowMs, forKey: .windowMs)
        try members.encodeIfPresent(explanation, forKey: .explanation)
        try members.encodeIfPresent(mediaURL, forKey: .mediaURL)
        try members.encode(isSpare, forKey: .isSpare)
    }
}

/// What makes a question one that can't be asked.
public enum QuestionFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The id isn't one.
    case id(TextFault)
    /// The text can't be shown.
    case text(TextFault)
    /// Not 2 to 8 options.
    case optionCount(Int)
    /// An option can't be shown; options are counted from 1 here, as people do.
    case option(number: Int, TextFault)
    /// Two options, counted from 1, say the same.
    case sameOptions(Int, Int)
    /// The right option, counted from 1, isn't among them.
    case correctOption(number: Int, optionCount: Int)
    /// The window is too short or too long, ms.
    case windowMs(Int)
    /// The explanation can't be shown.
    case explanation(TextFault)
    /// The address of the picture or sound isn't one.
    case mediaURL(TextFault)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .id(let fault): return "The question's id \(fault)."
        case .text(let fault): return "The question's text \(fault)."
        case .optionCount(let count):
            let range = TriviaLimits.optionCount
            return "The question has \(count) \(count == 1 ? "option" : "options"); give it "
                + "\(range.lowerBound) to \(range.upperBound)."
        case .option(let number, let fault): return "Option \(number) \(fault)."
        case .sameOptions(let first, let second):
            return "Options \(first) and \(second) say the same; change one of them."
        case .correctOption(let number, let optionCount):
            return "The correct option is \(number); "
                + "with \(optionCount) options it is one of 1 to \(optionCount)."
        case .windowMs(let windowMs):
            let range = TriviaLimits.windowMs
            return "The window is \(windowMs) ms; give it "
                + "\(range.lowerBound) to \(range.upperBound) ms."
        case .explanation(let fault): return "The explanation \(fault)."
        case .mediaURL(let fault): return "The media URL \(fault)."
        }
    }
}

/// How far a question is.
public enum QuestionState: String, Equatable, Sendable, Codable, CaseIterable {
    /// Not asked yet.
    case waiting
    /// Answers are taken.
    case open
    /// No more answers are taken.
    case locked
    /// The right answer is out.
    case revealed
    /// Taken back after it was opened: as if it had never been asked.
    case void
    /// Taken out before it was asked.
    case withdrawn
}

/// A question as a show's list has it.
public struct QuestionEntry: Equatable, Sendable {
    /// What the log calls it.
    public let number: QuestionNumber
    /// The question itself, with its right option: for staff only.
    public internal(set) var question: Question
    /// How far it is.
    public internal(set) var state: QuestionState

    /// Which of the show's rounds asked it; -1 where none has, or where that was voided.
    var round = -1
}
