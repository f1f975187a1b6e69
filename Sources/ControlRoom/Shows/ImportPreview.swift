// What an import would do to the questions that wait, before it does it.

import Trivia
import WireBytes

/// How the questions that wait would change.
public struct ImportPreview: Sendable, Codable, Equatable {
    /// The show's version that was looked at: an import of this `expectedVersion` does just this.
    public var version: Int
    /// How many are waiting.
    public var waitingBefore: Int
    /// How many would be.
    public var waitingAfter: Int
    /// How many questions the file has.
    public var questionCount: Int
    /// Of those that wait, which would go: by their ids.
    public var removed: [String]
    /// Of those that wait, which would be others under the same id.
    public var changed: [String]

    /// A preview.
    public init(
        version: Int, waitingBefore: Int, waitingAfter: Int, questionCount: Int,
        removed: [String], changed: [String]
    ) {
        self.version = version
        self.waitingBefore = waitingBefore
        self.waitingAfter = waitingAfter
        self.questionCount = questionCount
        self.removed = removed
        self.changed = changed
    }

    /// Compares those that wait with those of a file.
    init(version: Int, waiting: [Question], file: [Question], replaces: Bool) {
        var byID: [ByteString: Question] = [:]
        for question in file { byID[ByteString(question.id)] = question }
        var removed: [String] = []
        var changed: [String] = []
        for question in waiting where replaces {
            guard let next = byID[ByteString(question.id)] else {
                removed.append(question.id)
                continue
            }
            if next != question { changed.append(question.id) }
        }
        self.init(
            version: version, waitingBefore: waiting.count,
            waitingAfter: replaces ? file.count : waiting.count + file.count,
            questionCount: file.count, removed: removed, changed: changed)
    }

    /// Whether something that was written would be lost.
    public var losesSomething: Bool { !removed.isEmpty || !changed.isEmpty }
}
