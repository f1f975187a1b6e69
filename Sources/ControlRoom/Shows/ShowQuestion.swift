// A question as the staff write and see it.

/// A question with its right option.
public struct ShowQuestion: Sendable, Codable, Equatable {
    /// Its name in the API and the stream; unique in its show.
    public var id: String
    /// What is asked.
    public var text: String
    /// What can be answered, 2 to 8 texts.
    public var options: [String]
    /// Which option is right, counted from 1 as people count.
    public var correct: Int
    /// How long a viewer has, ms.
    public var windowMs: Int
    /// What is said at the reveal.
    public var explanation: String?
    /// A picture or sound that goes with it.
    public var mediaURL: String?
    /// Whether it is asked only in another one's place.
    public var isSpare: Bool

    private enum CodingKeys: String, CodingKey {
        case id, text, options, correct, windowMs, explanation, mediaURL
        case isSpare = "spare"
    }

    /// A question, not checked yet.
    public init(
        id: String, text: String, options: [String], correct: Int,
        windowMs: Int = ShowQuestion.windowMsDefault, explanation: String? = nil,
        mediaURL: String? = nil, isSpare: Bool = false
    ) {
        self.id = id
        self.text = text
        self.options = options
        self.correct = correct
        self.windowMs = windowMs
        self.explanation = explanation
        self.mediaURL = mediaURL
        self.isSpare = isSpare
    }

    /// The option that people mean by its number from 1, by `#2`, or by its text.
    ///
    /// - Returns: its number, counted from 1.
    public func option(_ text: String) throws(QuestionRefusal) -> Int {
        do throws(Complaint) {
            return try CorrectOption.resolve(text.trimmed, among: options)
        } catch { throw QuestionRefusal(error.sentence) }
    }

    /// The window of a question that doesn't say another, ms.
    public static let windowMsDefault = 10_000
}

/// A question and how far it is.
public struct QuestionRecord: Sendable, Codable, Equatable {
    /// How far a question is.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// Not asked yet.
        case waiting
        /// Answers are taken.
        case open
        /// No more answers are taken.
        case locked
        /// The right answer is out.
        case revealed
        /// Taken back.
        case void
    }

    /// The question.
    public var question: ShowQuestion
    /// How far it is.
    public var state: State

    /// A record.
    public init(question: ShowQuestion, state: State) {
        self.question = question
        self.state = state
    }
}
