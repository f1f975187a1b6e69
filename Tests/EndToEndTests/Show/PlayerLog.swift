// What a player saw, sent and was told: all that a test may judge by.

import Foundation

/// What the server said to an answer.
struct PlayerReceipt: Sendable {
    /// `accepted`, `refused`, or `error` where there was none.
    let status: String
    /// Why not, in the API's word.
    let code: String?
    let readMs: Double

    var isAccepted: Bool { status == "accepted" }

    /// From a receipt's JSON; nil if it is none.
    static func parse(_ text: String, readMs: Double) -> (
        question: String, choice: Int, PlayerReceipt
    )? {
        let json = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
        guard let json, json["type"] as? String == "receipt",
            let question = json["question"] as? String, let choice = json["choice"] as? Int,
            let status = json["status"] as? String
        else { return nil }
        let receipt = PlayerReceipt(status: status, code: json["code"] as? String, readMs: readMs)
        return (question, choice, receipt)
    }
}

/// An answer that a player sent.
struct SentAnswer: Sendable {
    let question: String
    let choice: Int
    let sentMs: Double
    var receipt: PlayerReceipt?
}

/// A question as one player met it.
struct QuestionSeen: Sendable {
    let id: String
    /// From 0.
    let index: Int
    let optionCount: Int
    let windowMs: Double
}

/// An answer that a player has in mind.
struct PlannedAnswer: Sendable {
    /// After the player has read the question, ms.
    let delayMs: Double
    let choice: Int
}
