// Lists of questions become events: written anew, or put in the place of those that wait.

import WireBytes

extension Show {
    /// What adding questions does. Ids that are taken are refused where the events are checked.
    func events(adding questions: [Question]) -> [ShowEvent] {
        questions.map(ShowEvent.questionAdded)
    }

    /// What putting questions in the place of those that wait does: the same ids are changed in place,
    /// so that bringing a corrected list again and again uses up no numbers.
    func events(replacingBy questions: [Question]) throws(ShowRefusal) -> [ShowEvent] {
        var scratch = withoutPlayers
        var events: [ShowEvent] = []
        func add(_ event: ShowEvent) throws(ShowRefusal) {
            try scratch.apply(event)
            events.append(event)
        }
        let ids = Set(questions.map { ByteString($0.id) })
        for number in plannedOrder where !ids.contains(ByteString(id(of: number))) {
            try add(.questionWithdrawn(number))
        }
        var brought: Set<ByteString> = []
        var wanted: [QuestionNumber] = []
        for question in questions {
            guard brought.insert(ByteString(question.id)).inserted else {
                throw .sameQuestionID(question.id)
            }
            if let number = scratch.questionNumber(forID: question.id) {
                wanted.append(number)
                guard scratch.question(number)?.question != question else { continue }
                try add(.questionEdited(number, question))
            } else {
                wanted.append(QuestionNumber(rawValue: UInt16(scratch.questions.count)))
                try add(.questionAdded(question))
            }
        }
        if scratch.plannedOrder != wanted { try add(.questionsOrdered(wanted)) }
        return events
    }

    private func id(of number: QuestionNumber) -> String { questions[number.index].question.id }
}
