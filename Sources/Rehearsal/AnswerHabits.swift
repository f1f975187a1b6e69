// When and what a simulated player answers: by chance, and the same again under the same seed.

import WireBytes

/// What one player does with one question.
struct AnswerDecision: Equatable {
    /// Whether it answers at all.
    let answers: Bool
    /// The option, counted from 0.
    let choice: Int
    /// How much of its window it lets pass, 0 to 1.
    let patience: Double

    /// When it answers, ms after it got the question.
    ///
    /// - Parameter windowMs: how long it has.
    func delayMs(windowMs: Int64) -> Int64 {
        let margin = min(
            QuizLimits.marginMs, Int64(Double(windowMs) * QuizLimits.marginShare))
        return max(0, min(Int64(patience * Double(windowMs)), windowMs - margin))
    }
}

/// How people answer: most of them in the last third of their time, and by guessing.
struct AnswerHabits {
    /// The share that answers a question, 0 to 1.
    let answeringShare: Double
    /// Makes the same choices again.
    let seed: UInt64

    /// The shares that answer in the first third of their window, and in the first two.
    private static let firstThirdShare = 0.08
    private static let secondThirdShare = 0.25
    /// The share of the window that it takes to read a question.
    private static let readingShare = 0.05

    /// What a player does with a question. It depends on nothing else.
    ///
    /// - Parameters:
    ///   - player: its number in the whole audience.
    ///   - question: a number made of the question's id.
    func decision(player: Int, question: UInt64, optionCount: Int) -> AnswerDecision {
        var chance = SplitMix64(
            seed: seed &+ SplitMix64.mix(question) ^ SplitMix64.mix(UInt64(player)))
        let answers = chance.nextShare() < answeringShare
        let choice = Int(chance.nextShare() * Double(optionCount))
        let third = chance.nextShare()
        let within = chance.nextShare()
        let patience: Double
        if third < Self.firstThirdShare {
            patience = Self.readingShare + within * (1.0 / 3 - Self.readingShare)
        } else if third < Self.secondThirdShare {
            patience = (1 + within) / 3
        } else {
            patience = (2 + within) / 3
        }
        return AnswerDecision(
            answers: answers, choice: min(choice, optionCount - 1), patience: patience)
    }

    /// A player's share of a spread of time, 0 to 1, for what isn't to happen all at once.
    static func spread(player: Int, salt: UInt64) -> Double {
        var chance = SplitMix64(seed: SplitMix64.mix(UInt64(player)) ^ salt)
        return chance.nextShare()
    }
}
