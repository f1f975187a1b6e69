// A show for tests: easy to set up, with a log of all that happened to it and a clock in ms.

import Testing
import Trivia

/// A show together with its log.
struct Game {
    var show: Show
    private(set) var log: [ShowEvent]
    /// Now, ms.
    var nowMs: Int64 = 1_000_000

    /// A draft with so many questions `q0`, `q1`, … of four options; option 1 is right.
    init(
        questionCount: Int = 3, windowMs: Int = 10_000, plan: ShowPlan? = nil
    ) throws {
        let plan = try plan ?? ShowPlan(title: "Quiz night")
        show = try Show(id: "show", plan: plan)
        log = [.created(id: "show", plan: plan)]
        for index in 0..<questionCount {
            try host(.addQuestion(Self.question("q\(index)", windowMs: windowMs)))
        }
    }

    /// A show in its lobby with players `p0`, `p1`, ….
    init(
        playerCount: Int, questionCount: Int = 3, windowMs: Int = 10_000, plan: ShowPlan? = nil
    ) throws {
        try self.init(questionCount: questionCount, windowMs: windowMs, plan: plan)
        try host(.openLobby)
        for index in 0..<playerCount { try join("p\(index)") }
    }

    static func question(
        _ id: String, windowMs: Int = 10_000, correctOption: Int = 1, optionCount: Int = 4,
        isSpare: Bool = false
    ) throws -> Question {
        try Question(
            id: id, text: "What is \(id)?", options: (0..<optionCount).map { "Option \($0)" },
            correctOption: correctOption, windowMs: windowMs, explanation: "Because.",
            isSpare: isSpare)
    }

    mutating func host(_ command: ShowCommand) throws {
        log += try show.perform(command, atNs: nowMs * 1_000_000)
    }

    @discardableResult
    mutating func join(_ id: String) throws -> PlayerNumber {
        let joining = try show.join(id: id, name: "Player \(id)")
        if let event = joining.event { log.append(event) }
        return joining.player
    }

    /// An answer to the question that was opened last, received now.
    func make(
        _ player: Int, _ choice: Int, question: Int? = nil, handover: Handover = .unknown,
        receivedAtMs: Int64? = nil
    ) -> Answer {
        let onStage: QuestionNumber
        if case .question(let number) = show.stage {
            onStage = number
        } else {
            onStage = QuestionNumber(rawValue: 0)
        }
        return Answer(
            player: PlayerNumber(rawValue: Int32(player)),
            question: question.map { QuestionNumber(rawValue: UInt16($0)) } ?? onStage,
            choice: choice, receivedAtNs: (receivedAtMs ?? nowMs) * 1_000_000, handover: handover)
    }

    @discardableResult
    mutating func send(_ answer: Answer) -> AnswerRuling {
        let ruling = show.answer(answer)
        if case .accepted(let receipt) = ruling {
            log.append(.answered(AnswerRecord(answer, receipt)))
        }
        return ruling
    }

    @discardableResult
    mutating func answer(_ player: Int, _ choice: Int, handover: Handover = .unknown)
        -> AnswerRuling
    {
        send(make(player, choice, handover: handover))
    }

    mutating func send(group: [Answer]) {
        var group = group
        var rulings: [AnswerRuling] = []
        show.answer(group: &group, rulings: &rulings)
        for (answer, ruling) in zip(group, rulings) {
            if case .accepted(let receipt) = ruling {
                log.append(.answered(AnswerRecord(answer, receipt)))
            }
        }
    }

    /// Opens the next question, takes these choices of players 0, 1, … (nil says nothing), and
    /// reveals.
    mutating func play(_ choices: [Int?]) throws {
        try host(.open(question: nil))
        nowMs += 1000
        for (player, choice) in choices.enumerated() {
            if let choice { answer(player, choice) }
        }
        try host(.lock(isForced: true))
        try host(.reveal)
    }

    func status(_ player: Int) -> PlayerStatus? { standing(player)?.status }

    func standing(_ player: Int) -> Standing? {
        show.standing(of: PlayerNumber(rawValue: Int32(player)))
    }

    /// Everybody's standing.
    var standings: [Standing] { (0..<show.tally.players).compactMap { standing($0) } }

    /// Expects that a command is refused and changes nothing.
    func expectRefusal(
        _ command: ShowCommand, _ expected: ShowRefusal? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) {
        var copy = show
        do throws(ShowRefusal) {
            _ = try copy.perform(command, atNs: nowMs * 1_000_000)
            Issue.record("\(command) was done", sourceLocation: location)
        } catch {
            if let expected { #expect(error == expected, sourceLocation: location) }
            #expect(error.description.hasSuffix("."), sourceLocation: location)
            #expect(copy == show, sourceLocation: location)
        }
    }
}

extension AnswerRuling {
    var refusal: AnswerRefusal? {
        if case .refused(let refusal) = self { return refusal }
        return nil
    }

    var isAccepted: Bool {
        if case .accepted = self { return true }
        return false
    }

    var receipt: Receipt? {
        switch self {
        case .accepted(let receipt), .repeated(let receipt): return receipt
        case .refused: return nil
        }
    }
}

/// Commands as these tests say them: options counted from 0, players by the number of their joining.
extension ShowCommand {
    static func addQuestion(_ question: Question) -> ShowCommand { .addQuestions([question]) }

    /// - Parameter option: counted from 0.
    static func correct(question: String?, option: Int, reason: String) -> ShowCommand {
        .correct(question: question, correct: "#\(option &+ 1)", reason: reason)
    }

    static func kick(_ player: PlayerNumber) -> ShowCommand { .kick(player: "p\(player.rawValue)") }
    static func ban(_ player: PlayerNumber) -> ShowCommand { .ban(player: "p\(player.rawValue)") }
    static func reinstate(_ player: PlayerNumber) -> ShowCommand {
        .reinstate(player: "p\(player.rawValue)")
    }
}
