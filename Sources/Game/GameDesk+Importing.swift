// What an import of questions does to a show.

import Trivia
import WireBytes

extension GameDesk {
    /// What an import does to a show: the same ids are changed in place, so that bringing a corrected
    /// list again and again uses up no numbers.
    static func events(
        bringing questions: [Question], isWhole: Bool, into show: Show
    ) throws(HostRefusal) -> [ShowEvent] {
        var scratch = show
        var events: [ShowEvent] = []
        func add(_ command: ShowCommand) throws(HostRefusal) {
            do throws(ShowRefusal) {
                events.append(try scratch.perform(command, atNs: 0))
            } catch { throw .rules(error) }
        }
        let ids = Set(questions.map { ByteString($0.id) })
        if isWhole {
            for number in show.plannedOrder {
                guard let id = show.question(number)?.question.id,
                    !ids.contains(ByteString(id))
                else { continue }
                try add(.withdrawQuestion(id: id))
            }
        }
        var brought: Set<ByteString> = []
        for question in questions {
            guard brought.insert(ByteString(question.id)).inserted else {
                throw .rules(.sameQuestionID(question.id))
            }
            if let number = scratch.questionNumber(forID: question.id) {
                guard scratch.question(number)?.question != question else { continue }
                try add(.editQuestion(id: question.id, question))
            } else {
                try add(.addQuestion(question))
            }
        }
        if isWhole {
            let order = scratch.plannedOrder.compactMap { scratch.question($0)?.question.id }
            let wanted = questions.map(\.id)
            if order != wanted { try add(.orderQuestions(ids: wanted)) }
        }
        return events
    }
}
