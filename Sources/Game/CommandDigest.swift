// What a command says in a fixed form, so that one that comes again is told from another.

import Access
import Trivia

extension HostRequest {
    /// The digest of what is asked for: the show, the action and all that belongs to it. Who asks,
    /// and which revision was seen, are no part of it.
    var digest: String? {
        if case .bring(_, let isWhole) = action, let file {
            return Self.digest(ofImport: file, isWhole: isWhole, show: show)
        }
        var contents = Contents()
        contents.add(show)
        contents.add(action)
        return ContentDigest.text(of: contents.bytes)
    }

    /// The digest of an import of a file.
    ///
    /// - Parameter isWhole: whether what is not in the file goes.
    public static func digest(ofImport file: [UInt8], isWhole: Bool, show: String) -> String? {
        var contents = Contents()
        contents.add(show)
        contents.add(HostAction.importWord)
        contents.add("file")
        contents.add(isWhole)
        return ContentDigest.text(of: contents.bytes + file)
    }
}

/// Values one behind the other, each with its length in front, so that no two lists of values give
/// the same bytes. The form is kept in ledgers: what is there already must not change.
private struct Contents {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ text: String) {
        bytes += "\(text.utf8.count):".utf8
        bytes += text.utf8
    }

    mutating func add(_ text: String?) {
        add(text == nil ? 0 : 1)
        if let text { add(text) }
    }

    mutating func add(_ number: some BinaryInteger) { add("\(number)") }

    mutating func add(_ number: Int64?) { add(number.map { "\($0)" }) }

    mutating func add(_ isTrue: Bool) { add(isTrue ? 1 : 0) }

    mutating func add(_ texts: [String]) {
        add(texts.count)
        for text in texts { add(text) }
    }

    mutating func add(_ action: HostAction) {
        add(action.word)
        switch action {
        case .create(let plan, let stream):
            add(plan)
            add(stream)
        case .delete, .shuffle: break
        case .bring(let questions, let isWhole):
            add(isWhole)
            add(questions.count)
            for question in questions { add(question) }
        case .kick(let id), .ban(let id), .reinstate(let id): add(id)
        case .banAddress(let address), .unbanAddress(let address): add(address)
        case .play(let command): add(command)
        }
    }

    private mutating func add(_ command: ShowCommand) {
        switch command {
        case .edit(let plan): add(plan)
        case .addQuestion(let question): add(question)
        case .editQuestion(let id, let question):
            add(id)
            add(question)
        case .withdrawQuestion(let id): add(id)
        case .orderQuestions(let ids): add(ids)
        case .open(let id): add(id)
        case .lock(let isForced): add(isForced)
        case .void(let id, let reason):
            add(id)
            add(reason)
        case .makeUpOutage(let ms): add(ms)
        case .kick(let player), .ban(let player), .reinstate(let player): add(player.rawValue)
        case .banAddress(let address, let players):
            add(address)
            add(players.count)
            for player in players { add(player.rawValue) }
        case .unbanAddress(let address): add(address)
        case .openLobby, .reveal, .next, .pause, .resume, .finish, .reopen, .settle: break
        }
    }

    private mutating func add(_ question: Question) {
        add(question.id)
        add(question.text)
        add(question.options)
        add(question.correctOption)
        add(question.windowMs)
        add(question.explanation)
        add(question.mediaURL)
    }

    private mutating func add(_ plan: ShowPlan) {
        add(plan.title)
        add(plan.mode.rawValue)
        add(plan.reviveCount)
        add(plan.entryClosesAtQuestion)
        for ms in [plan.timing.graceMs, plan.timing.lagMsMax, plan.timing.defaultLagMs] { add(ms) }
        // Left out as usual, so that a command of before there was such a bound is still the same.
        if plan.timing.speedLagMsMax != AnswerTiming.standard.speedLagMsMax {
            add("speedLagMsMax")
            add(plan.timing.speedLagMsMax)
        }
        add(plan.scoring.base)
        add(plan.scoring.speed)
        switch plan.winnerRule {
        case .topScore: add("top")
        case .best(let count): add(count)
        }
        add(plan.prize?.minorUnits)
        add(plan.prize?.currency)
        add(plan.prize?.remainderRule.rawValue)
        add(plan.startsAtMs)
        add(plan.isRehearsal)
        if plan.guestsMayWin { add("guestsMayWin") }
    }
}
