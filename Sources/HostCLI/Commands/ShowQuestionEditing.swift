// `fanfare show question add`, `edit`, `remove`: questions that are waiting, one by one.

import ArgumentParser
import Trivia
import WireBytes

/// `fanfare show question …`.
struct ShowQuestionGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "question",
        abstract: "Add, change or take out a question that is waiting, also while the show is on.",
        subcommands: [ShowQuestionAdd.self, ShowQuestionEdit.self, ShowQuestionRemove.self])
}

/// What can be said of a question. What isn't named stays as it is.
struct QuestionOptions: ParsableArguments {
    @Option(help: "What is asked.")
    var text: String?

    @Option(name: .customLong("option"), help: "What can be answered; once for each, 2 to 8.")
    var options: [String] = []

    @Option(help: "The right option: its number from 1, or its text.")
    var correct: String?

    @Option(help: ArgumentHelp("How long each viewer has; by default 10000.", valueName: "MS"))
    var windowMs: Int?

    @Option(help: "What is said at the reveal.")
    var explanation: String?

    @Option(name: .customLong("media-url"), help: "A picture or sound that goes with it.")
    var mediaURL: String?

    @Flag(inversion: .prefixedNo, help: "It is asked only in another one's place.")
    var spare: Bool?

    /// - Throws: `QuestionOptionsError` where the right option isn't one.
    func apply(to question: inout Question) throws(QuestionOptionsError) {
        if let text { question.text = text }
        if !options.isEmpty {
            let old = question.options
            question.options = options
            if correct == nil, old.indices.contains(question.correct - 1) {
                let right = old[question.correct - 1]
                guard let place = options.firstIndex(where: { $0.hasSameBytes(as: right) }) else {
                    throw QuestionOptionsError(
                        "“\(right)” was the right option and is none of these; say with --correct "
                            + "which is.")
                }
                question.correct = place + 1
            }
        }
        if let correct {
            do throws(OptionFault) { question.correct = try question.option(named: correct) } catch
            {
                throw QuestionOptionsError(error.description)
            }
        }
        if let windowMs { question.windowMs = windowMs }
        if let explanation { question.explanation = explanation }
        if let mediaURL { question.mediaURL = mediaURL }
        if let spare { question.isSpare = spare }
    }
}

/// Why what was said of a question makes none.
struct QuestionOptionsError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// `fanfare show question add`.
struct ShowQuestionAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a question, to be asked last.")

    @OptionGroup var target: ShowArgument

    @Option(name: .customLong("as"), help: "Its id; by default the next that is free.")
    var question: String?

    @OptionGroup var options: QuestionOptions
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard options.text != nil, options.options.count >= 2, options.correct != nil else {
            throw ValidationError("a question needs --text, --option twice or more, and --correct")
        }
    }

    func run() async throws {
        try ShowCall.run {
            var asked = Question(id: "", text: "", options: [], correct: 1)
            try options.apply(to: &asked)
            let client = try staff.client()
            let receipt = try client.write(
                "POST", ShowClient.path(target.show, "questions"),
                content: (
                    "application/json",
                    ShowClient.json(["questions": [NewQuestion(question: asked, id: question)]])
                ), id: order.id, expectedVersion: order.expectVersion)
            ShowCall.report(receipt, client)
        }
    }

    /// A question that may leave its id to the appliance.
    private struct NewQuestion: Encodable {
        let question: Question
        let id: String?

        private enum Key: CodingKey {
            case id, text, options, correct, windowMs, explanation, mediaURL, spare
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encodeIfPresent(id, forKey: .id)
            try container.encode(question.text, forKey: .text)
            try container.encode(question.options, forKey: .options)
            try container.encode(question.correct, forKey: .correct)
            try container.encode(question.windowMs, forKey: .windowMs)
            try container.encodeIfPresent(question.explanation, forKey: .explanation)
            try container.encodeIfPresent(question.mediaURL, forKey: .mediaURL)
            try container.encode(question.isSpare, forKey: .spare)
        }
    }
}

/// Which question.
struct QuestionArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The question's id.", valueName: "question"))
    var id: String

    func validate() throws {
        guard ShowArgument.isID(id) else {
            throw ValidationError("a question's id is 1 to 64 letters, digits and - . _ ~")
        }
    }
}

/// `fanfare show question edit`.
struct ShowQuestionEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a question that is waiting.",
        discussion: """
            What isn't named stays as it is. The right option of one that was asked is put right by \
            fanfare show correct.
            """)

    @OptionGroup var target: ShowArgument
    @OptionGroup var question: QuestionArgument
    @OptionGroup var options: QuestionOptions
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            let version = try client.state(target.show).version
            let records = try client.questions(target.show)
            guard var changed = records.first(where: { $0.question.id == question.id })?.question
            else {
                throw QuestionOptionsError("there is no question \(question.id) in \(target.show)")
            }
            try options.apply(to: &changed)
            // What was read must still be so, or another host's change would be undone unseen.
            let receipt = try client.write(
                "PUT", ShowClient.path(target.show, "questions/\(question.id)"),
                content: ("application/json", ShowClient.json(changed)), id: order.id,
                expectedVersion: order.expectVersion ?? version)
            ShowCall.report(receipt, client)
        }
    }
}

/// `fanfare show question remove`.
struct ShowQuestionRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take out a question that is waiting.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var question: QuestionArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            let receipt = try client.write(
                "DELETE", ShowClient.path(target.show, "questions/\(question.id)"),
                id: order.id, expectedVersion: order.expectVersion)
            ShowCall.report(receipt, client)
        }
    }
}
