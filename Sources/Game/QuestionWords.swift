// What changed about questions, in words: the old value and the new one, for the record.

import Trivia
import WireBytes

/// The details of a host's changes to questions.
enum QuestionWords {
    /// What an event changes.
    ///
    /// - Parameter show: the show before it. nil for events that don't change questions.
    static func change(by event: ShowEvent, in show: Show) -> String? {
        switch event {
        case .questionAdded(let question): "added \(whole(question))"
        case .questionEdited(let number, let new):
            show.question(number).map { edit(from: $0.question, to: new) }
        case .questionWithdrawn(let number):
            show.question(number).map { "removed \(whole($0.question))" }
        case .questionsOrdered(let order):
            order == show.plannedOrder
                ? nil : "order: \(ids(show.plannedOrder, show)) → \(ids(order, show))"
        default: nil
        }
    }

    /// What several events change, one after the other; cut where it becomes too long, since the
    /// log has each event itself.
    static func changes(by events: [ShowEvent], in show: Show) -> String {
        var show = show
        var words: [String] = []
        for event in events {
            if let word = change(by: event, in: show) { words.append(word) }
            guard (try? show.apply(event)) != nil else { break }
        }
        guard !words.isEmpty else { return "nothing changes" }
        var text = ""
        for (index, word) in words.enumerated() {
            guard text.utf8.count + word.utf8.count <= GameLimits.detailByteCountMax else {
                return text + "; and \(words.count - index) more changes"
            }
            text += (text.isEmpty ? "" : "; ") + word
        }
        return text
    }

    private static func ids(_ order: [QuestionNumber], _ show: Show) -> String {
        order.compactMap { show.question($0)?.question.id }.joined(separator: " ")
    }

    private static func whole(_ question: Question) -> String {
        var text = "\(question.id): “\(question.text)” "
        text += question.options.map { "“\($0)”" }.joined(separator: " ")
        text += ", right is \(right(question)), \(question.windowMs) ms"
        return question.isSpare ? text + ", spare" : text
    }

    private static func right(_ question: Question) -> String {
        "\(question.correctOption + 1) “\(question.options[question.correctOption])”"
    }

    private static func edit(from old: Question, to new: Question) -> String {
        func options(_ question: Question) -> String {
            question.options.map { "“\($0)”" }.joined(separator: " ")
        }
        func quoted(_ text: String?) -> String { text.map { "“\($0)”" } ?? "none" }
        let parts: [(String, String, String)] = [
            ("id", old.id, new.id), ("text", quoted(old.text), quoted(new.text)),
            ("options", options(old), options(new)), ("right option", right(old), right(new)),
            ("window", "\(old.windowMs) ms", "\(new.windowMs) ms"),
            ("explanation", quoted(old.explanation), quoted(new.explanation)),
            ("media", quoted(old.mediaURL), quoted(new.mediaURL)),
            ("spare", old.isSpare ? "yes" : "no", new.isSpare ? "yes" : "no"),
        ]
        let changed = parts.filter { !$0.1.hasSameBytes(as: $0.2) }.map {
            "\($0.0) \($0.1) → \($0.2)"
        }
        return "\(old.id): " + (changed.isEmpty ? "as it was" : changed.joined(separator: ", "))
    }
}
