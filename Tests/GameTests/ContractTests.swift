// What the audience is told has the properties of the contract, and refusals the words of WIRE.md.

import AudienceProtocol
import Broadcast
import FLV
import Foundation
import Game
import Testing
import Trivia

@Suite("The contract with clients")
struct ContractTests {
    /// What a value is in the contract's words; nil for what cues don't have.
    private static func kind(of value: AMF0Value) -> CueValueKind? {
        switch value {
        case .number(let number): number == number.rounded() ? .number : nil
        case .boolean: .boolean
        case .string: .string
        case .object: .object
        case .strictArray(let values):
            switch Set(values.map { kind(of: $0) }) {
            case []: nil
            case [.number]: .numbers
            case [.string]: .strings
            case [.object]: .objects
            default: nil
            }
        default: nil
        }
    }

    private static func check(_ cue: Cue) {
        guard let phase = cue["phase"]?.stringValue.flatMap(QuizPhase.init(rawValue:)) else {
            Issue.record("no phase: \(cue.properties)")
            return
        }
        // The programme adds the numbers.
        let common = Set(QuizPhase.common.required).subtracting([.seq, .pts])
        let required = common.union(phase.fields.required)
        let known = required.union(QuizPhase.common.optional).union(phase.fields.optional)
        let names = Set(cue.properties.map(\.name))
        #expect(names.count == cue.properties.count, "a property twice in \(phase)")
        #expect(names.isSubset(of: known.map(\.rawValue)), "unknown in \(phase): \(names)")
        #expect(names.isSuperset(of: required.map(\.rawValue)), "missing in \(phase): \(names)")
        for field in known {
            guard let value = cue[field.rawValue] else { continue }
            let isEmpty = value.elements?.isEmpty == true
            #expect(isEmpty || kind(of: value) == field.valueKind, "\(phase): \(field) is \(value)")
            let objects = value.elements ?? [value]
            for object in objects where !field.members.isEmpty {
                for member in field.members {
                    let found = object[member.rawValue].flatMap { kind(of: $0) }
                    #expect(found == member.valueKind, "\(phase): \(member)")
                }
            }
        }
    }

    @Test("holds for the cues of a whole show")
    func cues() throws {
        let stand = try DeskStand()
        let prize = try PrizePool(minorUnits: 1000, currency: "EUR")
        try stand.open(
            questionCount: 4,
            plan: ShowPlan(
                title: "Quiz", prize: prize, startsAtMs: 1_700_000_000_000, isRehearsal: true))
        let tickets = try ["a", "b"].map { try stand.admit($0) }
        stand.desk.turn()
        for index in 0..<2 {
            try stand.play(.open(question: nil))
            try stand.play(.pause)
            try stand.play(.resume)
            for (player, ticket) in tickets.enumerated() {
                try stand.answer(ticket, "q\(index)", 1, address: UInt64(player))
            }
            stand.desk.turn()
            try stand.play(.lock(isForced: true))
            try stand.play(.reveal)
            try stand.play(.next)
        }
        try stand.play(.open(question: nil))
        try stand.play(.void(question: nil, reason: "A test"))
        try stand.play(.open(question: nil))
        try stand.play(.correct(question: "q0", option: 0, reason: "A typo"))
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
        try stand.play(.correct(question: nil, option: 0, reason: "A typo"))
        try stand.play(.finishEarly)
        try stand.play(.settle)
        let cues = stand.stage.content.withLock { $0.cues }
        let phases = Set(stand.stage.phases)
        #expect(phases == Set(QuizPhase.allCases.map(\.rawValue)), "all were played")
        for cue in cues { Self.check(cue) }
    }

    @Test("has every word for a refusal, with its status")
    func codes() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let document = try String(
            contentsOf: folder.appending(path: "../../Sources/WIRE.md"), encoding: .utf8)
        let others = [ReceiptRefusal.notKept, .undecided, .unknownPlayer, .showOver]
        let refusals = AnswerRefusal.allCases.map { ReceiptRefusal.rules($0) } + others
        let told = Set(refusals.map(\.code))
        let again = Set([ReceiptRefusal.notKept, .undecided].map(\.code))
        let rows = document.split(separator: "\n").compactMap { line in
            line.wholeMatch(of: /\| `([a-z_]+)` \| (\d+) \|.*/).map { (String($0.1), $0.2) }
        }
        #expect(Set(rows.map(\.0)) == told)
        for (code, status) in rows { #expect(status == (again.contains(code) ? "503" : "409")) }
    }
}
