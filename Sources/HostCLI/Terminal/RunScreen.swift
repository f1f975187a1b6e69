// The live view of `fanfare show run`: what it shows, and what its keys do.

import ControlRoom

/// What a key leads to.
enum RunAction: Equatable {
    case quit
    case order(name: String, body: ShowCommandBody)
}

/// The view as a value: states and keys go in, lines and actions come out.
struct RunScreen {
    /// What the keys mean at this moment.
    enum Prompt: Equatable {
        case none
        /// A question's number that may have more digits.
        case number(String)
        /// Why a question is voided.
        case reason(String)
        /// Something that can't be taken back easily.
        case confirm(String)
        /// A question that nobody would see.
        case unseen(ShowCommandBody)
        /// Which option is right instead.
        case key
        /// Why the right option is another one, counted from 1.
        case keyReason(Int, String)
        /// An order that means more than it seems to: what, and the order that says so.
        case unconfirmed(String, name: String, ShowCommandBody)
    }

    private(set) var state: ShowState
    private(set) var questions: [QuestionRecord] = []
    private(set) var prompt = Prompt.none
    /// What the last order led to, or what is wrong.
    var message = ""
    /// Why what is shown may be old; nil while all is well.
    var problem: String?

    /// Numbers stay with their questions as long as the view is on, whatever is opened or
    /// shuffled: a key must not mean another question than a moment ago.
    private var numbers: [String: Int] = [:]
    private var receivedMs: Int64

    init(state: ShowState, nowMs: Int64) {
        self.state = state
        receivedMs = nowMs
    }

    mutating func show(_ state: ShowState, nowMs: Int64) {
        self.state = state
        receivedMs = nowMs
    }

    mutating func show(_ questions: [QuestionRecord]) {
        self.questions = questions
        for record in questions where numbers[record.question.id] == nil {
            numbers[record.question.id] = numbers.count + 1
        }
    }

    // MARK: Keys

    mutating func press(_ key: TerminalKey) -> RunAction? {
        if key == .end { return .quit }
        switch prompt {
        case .none: return pressCommand(key)
        case .number(let digits): return pressNumber(key, digits)
        case .reason(let text): return pressReason(key, text)
        case .confirm(let name):
            prompt = .none
            message = ""
            return key == .character("y") ? order(name) : nil
        case .unseen(var body):
            prompt = .none
            message = ""
            body.force = true
            return key == .character("y") ? order("open", body) : nil
        case .key: return pressKey(key)
        case .keyReason(let option, let text): return pressKeyReason(key, option, text)
        case .unconfirmed(_, let name, let body):
            prompt = .none
            message = ""
            return key == .character("y") ? .order(name: name, body: body) : nil
        }
    }

    private mutating func pressCommand(_ key: TerminalKey) -> RunAction? {
        guard case .character(let character) = key else { return nil }
        message = ""
        switch character {
        case "1"..."9": return pressNumber(key, "")
        case "o": return open(ShowCommandBody())
        case "l": return order("lock")
        case "L": return order("lock", ShowCommandBody(force: true))
        case "r": return order("reveal")
        case "n": return order("next")
        case "p": return order(state.isPaused ? "resume" : "pause")
        case "v": prompt = .reason("")
        case "c":
            prompt = state.question == nil ? .none : .key
            if prompt == .none { message = "No question is on." }
        case "e": prompt = .confirm("last")
        case "b":
            prompt = state.phase == .draft ? .confirm("lobby") : .none
            if prompt == .none { message = "The doors are open already." }
        case "f": prompt = .confirm("finish")
        case "s":
            guard state.settlement?.isSettled == false else {
                message =
                    state.settlement == nil
                    ? "The prize is divided when the show is finished: f."
                    : "The prize is divided already."
                return nil
            }
            prompt = .confirm("settle")
        case "q": return .quit
        default: message = "There is no key \(ShowTables.plain(String(character)))."
        }
        return nil
    }

    private mutating func pressNumber(_ key: TerminalKey, _ digits: String) -> RunAction? {
        var digits = digits
        switch key {
        case .character(let digit) where "0"..."9" ~= digit: digits.append(digit)
        case .enter: return open(digits)
        case .backspace: digits.removeLast()
        default:
            prompt = .none
            return nil
        }
        prompt = digits.isEmpty ? .none : .number(digits)
        guard let number = Int(digits) else { return nil }
        let hasLonger = numbers.values.contains { $0 != number && String($0).hasPrefix(digits) }
        return hasLonger ? nil : open(digits)
    }

    private mutating func open(_ digits: String) -> RunAction? {
        prompt = .none
        guard let id = numbers.first(where: { String($0.value) == digits })?.key else {
            message = "There is no question \(digits)."
            return nil
        }
        return open(ShowCommandBody(question: id))
    }

    private mutating func open(_ body: ShowCommandBody) -> RunAction? {
        guard state.onAir?.isSeen == false else { return order("open", body) }
        prompt = .unseen(body)
        return nil
    }

    private mutating func pressReason(_ key: TerminalKey, _ text: String) -> RunAction? {
        switch key {
        case .character(let character): prompt = .reason(text + String(character))
        case .backspace: prompt = .reason(String(text.dropLast()))
        case .enter:
            prompt = .none
            guard text.contains(where: { !$0.isWhitespace }) else {
                message = "Nothing is voided without a reason."
                return nil
            }
            return order("void", ShowCommandBody(reason: text))
        case .escape, .end: prompt = .none
        }
        return nil
    }

    private mutating func pressKey(_ key: TerminalKey) -> RunAction? {
        prompt = .none
        guard case .character(let digit) = key, let option = Int(String(digit)),
            let question = state.question?.question, 1...question.options.count ~= option
        else { return nil }
        prompt = .keyReason(option, "")
        return nil
    }

    private mutating func pressKeyReason(
        _ key: TerminalKey, _ option: Int, _ text: String
    ) -> RunAction? {
        switch key {
        case .character(let character): prompt = .keyReason(option, text + String(character))
        case .backspace: prompt = .keyReason(option, String(text.dropLast()))
        case .enter:
            prompt = .none
            return order(
                "correct",
                ShowCommandBody(
                    question: state.question?.question.id, correct: "#\(option)",
                    reason: text.isEmpty ? nil : text))
        case .escape, .end: prompt = .none
        }
        return nil
    }

    /// Asks whether an order is meant that means more than it seems to.
    mutating func ask(_ reason: String, name: String, _ body: ShowCommandBody) {
        prompt = .unconfirmed(reason, name: name, body)
    }

    /// An order for the show as the host sees it: refused if somebody else was quicker.
    private func order(
        _ name: String, _ body: ShowCommandBody = ShowCommandBody()
    ) -> RunAction {
        var body = body
        body.expectedVersion = state.version
        return .order(name: name, body: body)
    }

    // MARK: Lines

    /// The view, at most so many lines of at most so many characters.
    func lines(nowMs: Int64, height: Int, width: Int) -> [String] {
        var lines = head(nowMs: nowMs) + questionOn
        let foot = [""] + Self.wrapped(promptLine, width: width) + Self.help(width: width)
        let room = height - lines.count - foot.count - 1
        let list = questionList
        if room > 0, !list.isEmpty {
            // Those to come are what matters: the first that is waiting stays in sight.
            let next = questions.firstIndex { $0.state == .waiting } ?? 0
            let start = max(0, min(next - 2, list.count - room))
            lines += [""] + list[start...].prefix(room)
        }
        return (lines + foot).prefix(max(0, height)).map { String($0.prefix(width)) }
    }

    private static let keys = [
        "1-9 open", "o next question", "l lock", "L at once", "r reveal", "v void", "n standings",
        "p pause", "c correct the key", "e the next is the last", "b doors", "f finish", "s settle",
        "q quit",
    ]

    /// The keys, on as many lines as they need.
    private static func help(width: Int) -> [String] { filled(keys, gap: "  ", width: width) }

    /// A sentence on as many lines as it needs: what is refused ends with what to do.
    private static func wrapped(_ text: String, width: Int) -> [String] {
        filled(
            text.split(separator: " ", omittingEmptySubsequences: false).map(String.init), gap: " ",
            width: width)
    }

    private static func filled(_ pieces: [String], gap: String, width: Int) -> [String] {
        var lines: [String] = []
        for piece in pieces {
            if let last = lines.last, last.count + gap.count + piece.count <= width {
                lines[lines.count - 1] += gap + piece
            } else {
                lines.append(piece)
            }
        }
        return lines
    }

    private func head(nowMs: Int64) -> [String] {
        let tally = state.tally
        var phase = state.phase.rawValue.uppercased()
        if state.isPaused { phase += "  PAUSED" }
        if state.plan.isRehearsal { phase += "  rehearsal" }
        if state.phase != .settled {
            phase += "   asked \(state.askedCount) of \(state.plannedCount)"
            if state.spareCount > 0 { phase += ", \(state.spareCount) to spare" }
        }
        var lines = [
            "\(ShowTables.plain(state.plan.title))  [\(state.id)]  \(phase)",
            "players \(tally.players)   in \(tally.survivors)   out \(tally.eliminated)   "
                + "watching \(tally.spectators)",
        ]
        if let prize = state.plan.prize { lines[1] += "   prize \(prize.money)" }
        if let settlement = state.settlement { lines.append(ShowTables.plain(settlement.sentence)) }
        if let onAir = ShowTables.onAir(state) { lines.append(onAir) }
        if let warning = state.onAir?.warnings.first {
            lines.append("! feed: " + ShowTables.plain(warning))
        }
        if !state.crowdedAddresses.isEmpty {
            let crowds = state.crowdedAddresses.prefix(3)
                .map { "\($0.playerCount) of \($0.address)" }
            lines.append("many from one address: " + crowds.joined(separator: ", "))
        }
        if let note = state.notes.last { lines.append("! " + ShowTables.plain(note.text)) }
        if let on = state.question { lines += ["", countdown(on, nowMs: nowMs)] }
        return lines
    }

    private func countdown(_ on: QuestionOn, nowMs: Int64) -> String {
        var line = on.number > 0 ? "question \(on.number) of \(on.of)" : "question taken back"
        if on.isLast { line += ", THE LAST" }
        line += ": \(on.question.id), \(on.state.rawValue)"
        if on.state == .open, !state.isPaused {
            let elapsedMs = Int(max(0, nowMs - receivedMs))
            let leftMs = Self.left(of: on.remainingMs, elapsedMs)
            let lockMs = Self.left(of: on.lockableInMs, elapsedMs)
            if leftMs > 0 {
                line += "   \(Self.seconds(leftMs)) s left"
            } else if lockMs > 0 {
                line += "   time over; the last answers for \(Self.seconds(lockMs)) s"
            } else {
                line += "   time over"
            }
        }
        if on.isLockPending { line += "   locks by itself" }
        if on.state != .void { line += "   answered \(on.answeredCount) of \(on.askedCount)" }
        return line
    }

    /// What the server says is a claim; a countdown of more than a year is none.
    private static func left(of ms: Int?, _ elapsedMs: Int) -> Int {
        max(0, min(max(ms ?? 0, 0), 31_536_000_000) - elapsedMs)
    }

    private static func seconds(_ ms: Int) -> String {
        "\((ms + 99) / 1_000).\((ms + 99) % 1_000 / 100)"
    }

    private var questionOn: [String] {
        guard let on = state.question else { return [] }
        var lines = [ShowTables.plain(on.question.text)]
        lines += ShowTables.options(on).split(separator: "\n").map(String.init)
        if let reason = on.voidReason { lines.append("void: " + ShowTables.plain(reason)) }
        if let out = on.eliminatedCount {
            lines.append("out \(out), revived \(on.revivedCount ?? 0)")
        }
        return lines
    }

    private var questionList: [String] {
        questions.map { record in
            let number = numbers[record.question.id].map(String.init) ?? "?"
            let padded = String(repeating: " ", count: max(0, 3 - number.count)) + number
            let isNext = record.question.id == state.nextQuestion
            let mark = isNext ? ">" : " "
            let text = ShowTables.plain(record.question.text)
            let spare = record.question.isSpare ? "spare: " : ""
            return "\(mark)\(padded)  \(record.state.rawValue)  \(spare)\(text)"
        }
    }

    private var promptLine: String {
        switch prompt {
        case .none: ShowTables.plain(problem ?? message)
        case .number(let digits): "open question \(digits)_  (Enter, or another digit)"
        case .reason(let text): "void, because: \(ShowTables.plain(text))_  (Enter; Esc goes back)"
        case .confirm(let name): "\(question(name)) y: yes, any other key: no"
        case .unseen:
            "Nobody would see it, and its clock would run. Open it all the same? y: yes, any "
                + "other key: no"
        case .key: "which option is right? Its number, any other key: none"
        case .keyReason(let option, let text):
            "option \(option) is right, because: \(ShowTables.plain(text))_  (Enter; Esc goes back)"
        case .unconfirmed(let reason, _, _):
            "\(ShowTables.plain(reason)) Do it? y: yes, any other key: no"
        }
    }

    private func question(_ order: String) -> String {
        switch order {
        case "lobby": "Open the doors, so that players can join?"
        case "finish": "End the game?"
        case "last": "Is the next question the last?"
        default:
            (state.settlement.map { ShowTables.plain($0.sentence) + " " } ?? "")
                + "Divide the prize so, for good?"
        }
    }
}
