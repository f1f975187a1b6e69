// The rules once more, written plainly from the design and slowly, to compare the real ones with.

import Trivia

/// Reads a log and works out who is in, with dictionaries and without undoing anything: it looks
/// only at the questions that were not voided in the end.
struct PlainGame {
    private struct Asked {
        let question: Question
        let number: QuestionNumber
        let openedNs: Int64
        let isLast: Bool
        let joinedBefore: Int
        var lost: [(atNs: Int64, ns: Int64)] = []
        var answers: [Int: AnswerRecord] = [:]
        /// Whom the host had out at the lock and at the reveal; nil before them.
        var outAtLock: Set<Int>?
        var outAtReveal: Set<Int>?
    }

    private(set) var survivors: Set<Int> = []
    private(set) var scores: [Int: Int] = [:]

    init(_ log: [ShowEvent], plan: ShowPlan) {
        var questions: [Question] = []
        var waiting: Set<Int> = []
        var asked: [Asked] = []
        /// For each player how many questions had been asked, by what was known then.
        var askedAtJoin: [Int: [QuestionNumber]] = [:]
        var removed: Set<Int> = []
        var pausedNs: Int64 = 0
        var isOpen = false
        for event in log {
            switch event {
            case .questionAdded(let question):
                waiting.insert(questions.count)
                questions.append(question)
            case .joined: askedAtJoin[askedAtJoin.count] = asked.map(\.number)
            case .opened(let number, let atNs):
                let index = Int(number.rawValue)
                waiting.remove(index)
                asked.append(
                    Asked(
                        question: questions[index], number: number, openedNs: atNs,
                        isLast: waiting.isEmpty, joinedBefore: askedAtJoin.count))
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
            case .revealed: asked[asked.count - 1].outAtReveal = removed
            case .voided:
                asked.removeLast()
                isOpen = false
            case .kicked(let player), .banned(let player): removed.insert(Int(player.rawValue))
            case .reinstated(let player): removed.remove(Int(player.rawValue))
            default: break
            }
        }

        let standing = Set(asked.map(\.number))
        for player in 0..<askedAtJoin.count {
            let before = (askedAtJoin[player] ?? []).filter(standing.contains)
            guard before.count < plan.entryClosesAtQuestion, !removed.contains(player) else {
                continue
            }
            var revives = plan.reviveCount
            var isIn = true
            var score = 0
            for round in asked where isIn && player < round.joinedBefore {
                guard let out = round.outAtReveal, let outBefore = round.outAtLock else { continue }
                let answer = round.answers[player]
                // Put out without an answer while there was still time for one: not asked.
                if out.contains(player), answer == nil, outBefore.contains(player) { continue }
                if let answer, Int(answer.choice) == round.question.correctOption {
                    score += plan.mode == .knockout ? 1 : Self.points(answer, round, plan)
                } else if plan.mode == .knockout {
                    if revives > 0 && !round.isLast { revives -= 1 } else { isIn = false }
                }
            }
            if isIn { survivors.insert(player) }
            scores[player] = score
        }
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
