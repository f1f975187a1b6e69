// Shows that nobody would plan: random players, lags, pauses, voids and late-comers from a seed.

import TestSupport
import Testing
import Trivia

/// Plays a whole show by a seed. The order within commit groups comes from a seed of its own.
struct RandomShow {
    let seed: UInt64
    private(set) var game: Game
    private var random: SeededRandom
    private var shuffle: SeededRandom
    private var joinedCount = 0
    /// So many had joined when the newest question was opened.
    private var askedCountMax = 0

    init(seed: UInt64, shuffleSeed: UInt64 = 1) throws {
        self.seed = seed
        shuffle = SeededRandom(seed: shuffleSeed)
        var random = SeededRandom(seed: seed)
        let mode = ShowMode.allCases.randomElement(using: &random) ?? .knockout
        let rule: WinnerRule =
            Bool.random(using: &random) ? .topScore : .best(Int.random(in: 1...5, using: &random))
        let plan = try ShowPlan(
            title: "Random", mode: mode, reviveCount: Int.random(in: 0...2, using: &random),
            entryClosesAtQuestion: Int.random(in: 1...3, using: &random), winnerRule: rule,
            prize: PrizePool(
                minorUnits: Int64.random(in: 0...100_000, using: &random), currency: "EUR",
                remainderRule: RemainderRule.allCases.randomElement(using: &random) ?? .kept))
        game = try Game(questionCount: 0, plan: plan)
        for index in 0..<Int.random(in: 2...8, using: &random) {
            let optionCount = Int.random(in: 2...8, using: &random)
            try game.host(
                .addQuestion(
                    Game.question(
                        "q\(index)", windowMs: Int.random(in: 1...10, using: &random) * 1000,
                        correctOption: Int.random(in: 0..<optionCount, using: &random),
                        optionCount: optionCount,
                        isSpare: Int.random(in: 0..<5, using: &random) == 0)))
        }
        try game.host(
            .orderQuestions(
                ids: game.show.questions.map(\.question.id).shuffled(using: &random)))
        try game.host(.openLobby)
        self.random = random
    }

    /// From the lobby until no question is left. The show is live then.
    mutating func playAll() throws {
        try joinSome(30)
        while !game.show.plannedOrder.isEmpty {
            try joinSome(3)
            if chance(20) { try removeOrReinstateOne() }
            try playOne()
            checkInvariants()
            if chance(30) { try correctOne() }
        }
        if chance(30) { try correctOne() }
    }

    mutating func finishAndSettle() throws {
        if game.show.isPlanDone {
            try game.host(.finish)
        } else {
            game.expectRefusal(.finish, .early(FinishOutlook(game.show)))
            try game.host(.finishEarly)
        }
        checkInvariants()
        if chance(30) { try correctOne() }
        try game.host(.settle)
        checkInvariants()
        let settlement = Settlement(game.show)
        if chance(50) { try correctOne() }
        #expect(Settlement(game.show) == settlement, "settled for good, seed \(seed)")
    }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func joinSome(_ countMax: Int) throws {
        for _ in 0..<Int.random(in: 0...countMax, using: &random) {
            try game.join("p\(joinedCount)")
            joinedCount += 1
        }
    }

    private mutating func removeOrReinstateOne() throws {
        guard joinedCount > 0 else { return }
        let index = Int.random(in: 0..<joinedCount, using: &random)
        let player = PlayerNumber(rawValue: Int32(index))
        switch game.status(index) {
        case .kicked, .banned: try game.host(.reinstate(player))
        default: try game.host(chance(50) ? .kick(player) : .ban(player))
        }
    }

    private mutating func playOne() throws {
        if chance(10) {
            try game.host(
                .planLast(number: game.show.askedCount + Int.random(in: 1...3, using: &random)))
        }
        // Spares and what is beyond the plan are opened by their names.
        let next = game.show.plannedOrder.randomElement(using: &random)
        let id = next.flatMap { game.show.question($0)?.question.id }
        let isByName = game.show.isPlanDone || chance(20)
        let wasNextTheLast = game.show.askedCount + 1 >= game.show.plannedCount
        let isLast = chance(10)
        try game.host(.open(question: isByName ? id : nil, isLast: isLast))
        #expect(game.show.isPlanDone == (isLast || wasNextTheLast), "seed \(seed)")
        let openedMs = game.nowMs
        askedCountMax = joinedCount
        for _ in 0..<Int.random(in: 3...14, using: &random) {
            try answerForASecond(openedMs: openedMs)
            if chance(5) { try joinSome(2) }
            if chance(15) { try removeOrReinstateOne() }
            if chance(5) { try pauseForAWhile() }
            if chance(5) { try correctOne() }
            if chance(5) {
                game.nowMs += 7000
                try game.host(.makeUpOutage(ms: 7000))
            }
            checkInvariants()
        }
        if chance(10) { return try void() }
        if chance(50) {
            try game.host(.lock(isForced: true))
        } else if let lastNs = game.show.latestPossibleDeadlineNs {
            game.nowMs = max(game.nowMs, lastNs / 1_000_000 + 1)
            try game.host(.lock(isForced: false))
        }
        if chance(10) { return try void() }
        if chance(10) { try correctOne() }
        try game.host(.reveal)
        checkInvariants()
        if chance(50) { try game.host(.next) }
        while game.show.askedCount > 0 && chance(20) { try void() }
    }

    private mutating func void() throws {
        let asked = game.show.questions.filter { [.open, .locked, .revealed].contains($0.state) }
        // Only the newest can be voided, and the show knows which that is.
        for entry in asked {
            var copy = game.show
            let command = ShowCommand.void(question: entry.question.id, reason: "by lot")
            let event = try? copy.perform(command, atNs: game.nowMs * 1_000_000)
            if event != nil { return try game.host(command) }
        }
        Issue.record("none of the questions could be voided, seed \(seed)")
    }

    /// Puts the right option of one question into another: nobody in the game is worse off by it.
    private mutating func correctOne() throws {
        let entries = game.show.questions.filter { entry in
            entry.state == .revealed || entry.state == .open || entry.state == .locked
        }
        let isOver = game.show.phase == .finished || game.show.phase == .settled
        guard let entry = entries.randomElement(using: &random),
            !isOver || entry.state == .revealed
        else { return }
        let options = entry.question.options.indices
        let option = options.randomElement(using: &random) ?? 0
        let known =
            game.show.corrections(of: entry.number).last?.option
            ?? entry.question.correctOption
        guard option != known else {
            return game.expectRefusal(
                .correct(question: entry.question.id, option: option, reason: "r"),
                .sameKey(entry.question.id))
        }
        let before = game.standings
        try game.host(.correct(question: entry.question.id, option: option, reason: "by lot"))
        for (old, new) in zip(before, game.standings) {
            #expect(new.status == .playing || new.status == old.status, "seed \(seed)")
            if old.status == .playing {
                #expect(new.revivesLeft >= old.revivesLeft, "seed \(seed)")
            }
        }
        checkInvariants()
    }

    private mutating func pauseForAWhile() throws {
        try game.host(.pause)
        game.nowMs += Int64.random(in: 0...20_000, using: &random)
        try game.host(.resume)
    }

    private mutating func answerForASecond(openedMs: Int64) throws {
        var group: [Answer] = []
        for _ in 0..<Int.random(in: 0...20, using: &random) where joinedCount > 0 {
            let receivedNs =
                game.nowMs * 1_000_000 + Int64.random(in: 0..<1_000_000_000, using: &random)
            var answer = game.make(
                Int.random(in: 0..<joinedCount + 1, using: &random),
                chance(60) ? rightOption() : Int.random(in: -1...8, using: &random))
            answer.receivedAtNs = receivedNs
            let lagNs = Int64.random(in: 0...6_000_000_000, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: answer.handover = .unknown
            case 1: answer.handover = .notYet
            case 2: answer.handover = .at(ns: openedMs * 1_000_000 + lagNs)
            default:
                answer.handover = .at(
                    ns: openedMs * 1_000_000 + lagNs,
                    lagNsMax: Int64.random(in: 0...6_000_000_000, using: &random))
            }
            group.append(answer)
        }
        game.nowMs += 1000
        let before = game.show
        game.send(group: group.shuffled(using: &shuffle))
        #expect(game.show.tally == before.tally, "an answer alone puts nobody out, seed \(seed)")
        checkThatTheFirstStands(group, before)
    }

    /// Of a player's answers in a group that would count by themselves, the earliest is the one.
    private func checkThatTheFirstStands(_ group: [Answer], _ before: Show) {
        var first: [PlayerNumber: Answer] = [:]
        for answer in group where before.judge(answer).isAccepted {
            if let other = first[answer.player], other.receivedAtNs <= answer.receivedAtNs {
                continue
            }
            first[answer.player] = answer
        }
        for (player, answer) in first {
            let receipt = game.show.receipts(of: player).last
            #expect(receipt?.question == answer.question, "seed \(seed)")
            #expect(receipt.map { Int($0.choice) } == answer.choice, "seed \(seed)")
        }
    }

    private func rightOption() -> Int {
        guard case .question(let number) = game.show.stage else { return 0 }
        return game.show.question(number)?.question.correctOption ?? 0
    }

    private mutating func checkInvariants() {
        let tally = game.show.tally
        #expect(
            tally.survivors + tally.eliminated + tally.spectators == tally.players, "seed \(seed)")
        let statuses = game.standings.map(\.status)
        #expect(tally.players == statuses.count, "seed \(seed)")
        #expect(tally.survivors == statuses.count { $0 == .playing }, "seed \(seed)")
        checkNumbers()
        refuseAtRandom()
    }

    /// The numbers that are kept as the answers come are those that a look at everybody gives.
    private func checkNumbers() {
        guard case .question(let number) = game.show.stage,
            let entry = game.show.question(number), entry.state != .revealed
        else {
            #expect(game.show.liveNumbers == nil, "seed \(seed)")
            return
        }
        var askedCount = 0
        var counts = [Int](repeating: 0, count: entry.question.options.count)
        for index in 0..<askedCountMax where game.status(index) == .playing {
            askedCount += 1
            let receipts = game.show.receipts(of: PlayerNumber(rawValue: Int32(index)))
            guard let receipt = receipts.last, receipt.question == number else { continue }
            counts[Int(receipt.choice)] += 1
        }
        let numbers = game.show.liveNumbers
        #expect(numbers?.question == number && numbers?.askedCount == askedCount, "seed \(seed)")
        #expect(numbers?.counts == counts, "seed \(seed)")
        #expect(numbers?.answeredCount == counts.reduce(0, +), "seed \(seed)")
    }

    /// Whatever a host might press now either is done or changes nothing.
    private mutating func refuseAtRandom() {
        let player = PlayerNumber(rawValue: Int32.random(in: -1...40, using: &random))
        let commands: [ShowCommand] = [
            .openLobby, .open(question: nil), .open(question: "q1"), .lock(isForced: false),
            .lock(isForced: true), .reveal, .void(question: nil, reason: "r"),
            .void(question: "q0", reason: ""), .next, .pause, .resume, .makeUpOutage(ms: -1),
            .makeUpOutage(ms: 1), .finish, .finishEarly, .planLast(), .planLast(number: 300),
            .correct(question: nil, option: 1, reason: "r"),
            .correct(question: "q1", option: 9, reason: "r"),
            .correct(question: "q0", option: 0, reason: ""), .open(question: nil, isLast: true),
            .reopen, .settle, .kick(player), .ban(player),
            .reinstate(player), .withdrawQuestion(id: "q0"), .edit(game.show.plan),
        ]
        for command in commands where chance(30) {
            var copy = game.show
            do throws(ShowRefusal) {
                _ = try copy.perform(command, atNs: game.nowMs * 1_000_000)
            } catch {
                #expect(copy == game.show, "\(command) was refused, seed \(seed)")
            }
        }
    }
}
