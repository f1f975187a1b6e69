// The host's orders: made the game's requests, and their receipts given back.

import ControlRoom
import Game
import Ledger
import Trivia
import WireBytes

extension LiveShowDesk {
    func perform(
        _ order: ShowOrder, on show: String, under ticket: OrderTicket
    ) async throws(ShowDeskRefusal) -> OrderReceipt {
        let action: HostAction
        if case .correct(let question, let correct, let reason) = order {
            if question == nil, let receipt = try await correctionDone(on: show, under: ticket) {
                return receipt
            }
            action = try await correction(of: question, on: show, to: correct, reason: reason)
        } else {
            action = try HostAction(order)
        }
        let request = HostRequest(
            commandID: ticket.id, who: ticket.by, show: show,
            expectedRevision: ticket.expectedVersion, action: action,
            isForced: order.isForced, file: ticket.file)
        let receipt: CommandReceipt
        if case .addQuestions(let questions) = order {
            receipt = try await add(questions, request)
        } else {
            do throws(HostRefusal) {
                receipt = try await game.perform(request)
            } catch { throw ShowDeskRefusal(error) }
        }
        return OrderReceipt(
            id: receipt.commandID, show: receipt.show, version: receipt.revision,
            isPending: receipt.isPending)
    }

    /// The receipt of a correction that named no question, sent again: what was on when it was
    /// carried out may be on no more.
    private func correctionDone(
        on show: String, under ticket: OrderTicket
    ) async throws(ShowDeskRefusal) -> OrderReceipt? {
        let line = try await reader.read { ledger throws(LedgerError) in
            try ledger.line(ofCommand: ticket.id)
        }
        guard let line, line.show.hasSameBytes(as: show), line.action == "correct" else {
            return nil
        }
        return OrderReceipt(id: ticket.id, show: show, version: line.revision, isPending: false)
    }

    /// What is to be put right: the question, by its id from here on, and which of its options is meant.
    private func correction(
        of question: String?, on show: String, to correct: String, reason: String
    ) async throws(ShowDeskRefusal) -> HostAction {
        let report = try await report(show)
        var number = question.flatMap { report.show.questionNumber(forID: $0) }
        if question == nil, case .question(let on) = report.stage { number = on }
        guard let number, let entry = report.show.question(number) else {
            guard let question else {
                throw .notNow("No question is on; name the one that is to be put right.")
            }
            throw .unknown("This show has no question “\(question)”.")
        }
        do throws(QuestionRefusal) {
            let option = try ShowQuestion(entry.question).option(correct)
            return .play(
                .correct(question: entry.question.id, option: option - 1, reason: reason))
        } catch { throw .invalid(error.sentence) }
    }

    func receipt(
        ofImport ticket: OrderTicket, replaces: Bool, on show: String
    ) async throws(ShowDeskRefusal) -> OrderReceipt? {
        let line = try await reader.read { ledger throws(LedgerError) in
            try ledger.line(ofCommand: ticket.id)
        }
        guard let line else { return nil }
        let digest = HostRequest.digest(ofImport: ticket.file ?? [], isWhole: replaces, show: show)
        guard line.show.hasSameBytes(as: show), line.action == HostAction.importWord,
            line.digest == nil || line.digest == digest
        else { throw .idTaken }
        return OrderReceipt(
            id: ticket.id, show: show, version: line.revision, isPending: line.isPending)
    }

    /// How often questions are added anew when somebody has changed the show meanwhile.
    private static let attemptCountMax = 8

    /// Adds questions whose ids are all new. The game's import would change those that wait under
    /// the same ids, so it is asked for the very revision that was looked at.
    private func add(
        _ questions: [ShowQuestion], _ request: HostRequest
    ) async throws(ShowDeskRefusal) -> CommandReceipt {
        let expected = request.expectedRevision
        var request = request
        for _ in 0..<Self.attemptCountMax {
            let report = game.heldReport(show: request.show, withPlayers: false)
            if let report {
                let taken = questions.first { report.show.questionNumber(forID: $0.id) != nil }
                if let taken, try await !isKnown(request.commandID) {
                    throw ShowDeskRefusal(.rules(.sameQuestionID(taken.id)))
                }
                request.expectedRevision = expected ?? report.revision
            }
            do throws(HostRefusal) {
                return try await game.perform(request)
            } catch {
                guard expected == nil, case .rules(.stale) = error else {
                    throw ShowDeskRefusal(error)
                }
                request.expectedRevision = nil
            }
        }
        throw .notNow("The show changes all the time; try again.")
    }

    private func isKnown(_ commandID: String) async throws(ShowDeskRefusal) -> Bool {
        try await reader.read { ledger throws(LedgerError) in
            try ledger.line(ofCommand: commandID)
        } != nil
    }
}

extension ShowOrder {
    /// Whether a question is to be opened though nobody sees it.
    fileprivate var isForced: Bool {
        if case .open(_, let isForced, _) = self { isForced } else { false }
    }
}

extension HostAction {
    /// What the game is asked for.
    ///
    /// - Throws: `ShowDeskRefusal.invalid` where a plan or a question can't be.
    fileprivate init(_ order: ShowOrder) throws(ShowDeskRefusal) {
        self =
            switch order {
            case .create(let plan, let stream):
                .create(plan: try ShowPlan(checking: plan), stream: stream)
            case .delete: .delete
            case .addQuestions(let questions):
                .bring(try Self.questions(questions), isWhole: false)
            case .replaceQuestions(let questions):
                .bring(try Self.questions(questions), isWhole: true)
            case .shuffle: .shuffle
            case .kick(let player): .kick(playerID: player)
            case .ban(let player): .ban(playerID: player)
            case .reinstate(let player): .reinstate(playerID: player)
            case .banAddress(let address): .banAddress(address)
            case .unbanAddress(let address): .unbanAddress(address)
            case .edit(let plan): .play(.edit(try ShowPlan(checking: plan)))
            case .editQuestion(let id, let question):
                .play(.editQuestion(id: id, try Self.question(question)))
            case .withdrawQuestion(let id): .play(.withdrawQuestion(id: id))
            case .orderQuestions(let ids): .play(.orderQuestions(ids: ids))
            case .openLobby: .play(.openLobby)
            case .open(let question, _, let isLast):
                .play(.open(question: question, isLast: isLast))
            case .planLast(let number): .play(.planLast(number: number))
            case .correct:
                preconditionFailure("made where the show's questions are at hand")
            case .lock(let isForced): .play(.lock(isForced: isForced))
            case .reveal: .play(.reveal)
            case .void(let question, let reason): .play(.void(question: question, reason: reason))
            case .next: .play(.next)
            case .pause: .play(.pause)
            case .resume: .play(.resume)
            case .finish: .play(.finish)
            case .finishEarly: .play(.finishEarly)
            case .reopen: .play(.reopen)
            case .settle: .play(.settle)
            }
    }

    private static func questions(
        _ questions: [ShowQuestion]
    ) throws(ShowDeskRefusal) -> [Question] {
        var checked: [Question] = []
        for question in questions { checked.append(try Self.question(question)) }
        return checked
    }

    private static func question(
        _ question: ShowQuestion
    ) throws(ShowDeskRefusal) -> Question {
        do throws(QuestionRefusal) {
            return try Question(checking: question)
        } catch { throw .invalid(error.sentence) }
    }
}
