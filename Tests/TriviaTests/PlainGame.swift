// The rules once more, written plainly from the design and slowly, to compare the real ones with.

import Trivia

/// Reads a log and works out who is in, with sets and without undoing anything: at each reveal it
/// notes who was judged, and who is in is always worked out anew from the first question on.
struct PlainGame {
    private struct Asked {
        let question: Question
        let number: QuestionNumber
        let openedNs: Int64
        let isLast: Bool
        let joinedBefore: Int
        var lost: [(atNs: Int64, ns: Int64)] = []
        var answers: [Int: AnswerRecord] = [:]
        var key: Int
        /// Options that were right when they were told, and aren't any more.
        var formerKeys: Set<Int> = []
        /// Whom the host had out at the lock; nil before it.
        var outAtLock: Set<Int>?
        /// Who came back while it was on.
        var returned: Set<Int> = []
        /// Who was judged; nil before the reveal.
        var judged: Set<Int>?
    }

    private(set) var survivors: Set<Int> = []
    private(set) var scores: [Int: Int] = [:]
    /// Who has answered a question that counts.
    private(set) var answered: Set<Int> = []

    private let plan: ShowPlan
    private var questions: [Question] = []
    private var asked: [Asked] = []
    /// For each player which questions had been asked, by what was known then.
    private var askedAtJoin: [[QuestionNumber]] = []
    private var removed: Set<Int> = []

    init(_ log: [ShowEvent], plan: ShowPlan) {
        self.plan = plan
        var pausedNs: Int64 = 0
        var isOpen = false
        for event in log {
            switch event {
            case .questionAdded(let question): questions.append(question)
            case .joined: askedAtJoin.append(asked.map(\.number))
            case .opened(let number, let atNs, let isLast):
                let question = questions[Int(number.rawValue)]
                asked.append(
                    Asked(
                        question: question, number: number, openedNs: atNs,
                        isLast: isLast == true, joinedBefore: askedAtJoin.count,
                        key: question.correctOption))
                isOpen = true
            case .answered(let record):
                asked[asked.count - 1].answers[Int(record.player.rawValue)] = record
            case .paused(let atNs): pausedNs = atNs
            case .resumed(let atNs) where isOpen:
                asked[asked.count - 1].lost.append((atNs, atNs - pausedNs))
            case .outageMadeUp(let ms, let atNs):
                asked[asked.count - 1].lost.append((atNs, Int64(ms) * 1_000_000))
            case .locked:
                asked[asked.count - 1].outAtLock = removed
                isOpen = false
            case .revealed:
                let judged = (0..<askedAtJoin.count).filter(isJudged)
                asked[asked.count - 1].judged = Set(judged)
            case .keyCorrected(let number, let option, _): correct(number, option)
            case .voided:
                asked.removeLast()
                isOpen = false
            case .kicked(let player), .banned(let player): removed.insert(Int(player.rawValue))
            case .reinstated(let player): removed.remove(Int(player.rawValue))
            default: break
            }
        }
        for player in 0..<askedAtJoin.count where !isWatching(player) {
            let (isIn, score) = standing(player)
            if isIn && !removed.contains(player) { survivors.insert(player) }
            scores[player] = score
        }
        for round in asked where round.judged != nil { answered.formUnion(round.answers.keys) }
    }

    private mutating func correct(_ number: QuestionNumber, _ option: Int) {
        let players = 0..<askedAtJoin.count
        let inBefore = Set(players.filter { standing($0).isIn })
        let old = questions[Int(number.rawValue)]
        if let corrected = try? Question(
            id: old.id, text: old.text, options: old.options, correctOption: option,
            windowMs: old.windowMs, isSpare: old.isSpare)
        {
            questions[Int(number.rawValue)] = corrected
        }
        guard let round = asked.firstIndex(where: { $0.number == number }) else { return }
        if asked[round].judged != nil { asked[round].formerKeys.insert(asked[round].key) }
        asked[round].key = option
        guard let last = asked.indices.last, asked[last].judged == nil else { return }
        let returned = players.filter { !inBefore.contains($0) && standing($0).isIn }
        asked[last].returned.formUnion(returned)
    }

    private func isWatching(_ player: Int) -> Bool {
        let standing = Set(asked.map(\.number))
        return askedAtJoin[player].filter(standing.contains).count >= plan.entryClosesAtQuestion
    }

    /// Whether the newest question is held against a player, or for it.
    private func isJudged(_ player: Int) -> Bool {
        guard let round = asked.last, player < round.joinedBefore, !isWatching(player),
            standing(player).isIn
        else { return false }
        if round.answers[player] != nil { return true }
        if round.returned.contains(player) { return false }
        // Put out without an answer while there was still time for one: not asked.
        return round.outAtLock?.contains(player) == false
    }

    private func standing(_ player: Int) -> (isIn: Bool, score: Int) {
        var revives = plan.reviveCount
        var score = 0
        for round in asked where round.judged?.contains(player) == true {
            let answer = round.answers[player]
            if let answer, Int(answer.choice) == round.key {
                score += plan.mode == .knockout ? 1 : Self.points(answer, round, plan)
            } else if plan.mode == .knockout {
                if let answer, round.formerKeys.contains(Int(answer.choice)) { continue }
                guard revives > 0 && !round.isLast else { return (false, score) }
                revives -= 1
            }
        }
        return (true, score)
    }

    private static func points(_ answer: AnswerRecord, _ round: Asked, _ plan: ShowPlan) -> Int {
        var fromNs = round.openedNs
        switch answer.handover {
        case .at(let ns, let claimNs):
            let capMs = claimNs == nil ? .max : plan.timing.speedLagMsMax
            let countedMs = Int64(min(capMs, plan.timing.lagMsMax))
            fromNs += min(max(0, ns - fromNs), max(0, claimNs ?? .max), countedMs * 1_000_000)
        default: break
        }
        let lostNs = round.lost.filter { $0.atNs <= answer.receivedAtNs }.map(\.ns).reduce(0, +)
        let tookMs = max(0, answer.receivedAtNs - fromNs - lostNs) / 1_000_000
        let leftMs = max(0, Int64(round.question.windowMs) - tookMs)
        return plan.scoring.base + plan.scoring.speed * Int(leftMs) / round.question.windowMs
    }
}
