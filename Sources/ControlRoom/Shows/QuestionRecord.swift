// A question as the staff see it in a show.

public import Trivia

/// A question and how far it is.
public struct QuestionRecord: Sendable, Codable, Equatable {
    /// The question.
    public var question: Question
    /// How far it is; never `withdrawn`: what was taken out before it was asked isn't seen again.
    public var state: QuestionState

    /// A record.
    public init(question: Question, state: QuestionState) {
        self.question = question
        self.state = state
    }
}
