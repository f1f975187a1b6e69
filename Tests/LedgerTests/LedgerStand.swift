// A ledger in a folder of its own, and a show that is written down as it is played.

import Foundation
import Ledger
import TestSupport
import Testing
import Trivia

/// A folder that goes with the test.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fanfare-ledger-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What a crash would leave at this moment: the files as they are, whoever has them open.
    func crashCopy() throws -> Folder {
        let copy = try Folder()
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            let from = path + "/" + name
            guard FileManager.default.fileExists(atPath: from) else { continue }
            try FileManager.default.copyItem(atPath: from, toPath: copy.path + "/" + name)
        }
        return copy
    }
}

/// A show and its ledger, which know the same.
struct Booked {
    var show: Show
    let key: ShowKey
    let ledger: Ledger
    var nowMs: Int64 = 1_000_000

    init(_ ledger: Ledger, id: String = "show", plan: ShowPlan? = nil) throws {
        self.ledger = ledger
        let plan =
            try plan
            ?? ShowPlan(title: "Quiz", prize: PrizePool(minorUnits: 10_000, currency: "EUR"))
        show = try Show(id: id, plan: plan)
        key = try ledger.write(
            HostWrite(
                show: nil, stream: "main", events: [.created(id: id, plan: plan)], after: show,
                line: Self.line("create", id, 0)), aliveNs: 1)
    }

    static func line(_ action: String, _ show: String, _ revision: Int) -> LogLine {
        LogLine(
            atMs: 5, who: "anna", commandID: UUID().uuidString, show: show, action: action,
            revision: revision)
    }

    mutating func host(_ command: ShowCommand) throws {
        for event in try show.events(for: command, atNs: nowMs * 1_000_000) { try write(event) }
    }

    /// An event, whoever could have made it happen.
    mutating func write(_ event: ShowEvent) throws {
        try show.apply(event)
        _ = try ledger.write(
            HostWrite(
                show: key, stream: "main", events: [event], after: show,
                line: Self.line("host", show.id, show.revision)), aliveNs: nowMs * 1_000_000)
    }

    mutating func addQuestions(_ count: Int) throws {
        for index in 0..<count {
            try host(
                .addQuestions([
                    Question(
                        id: "q\(index)", text: "What is \(index)?\n“\u{0041}\\”",
                        options: ["a", "b", "c"], correctOption: index % 3, windowMs: 10_000,
                        explanation: "So.", mediaURL: "/m/\(index).png")
                ]))
        }
    }

    mutating func join(_ names: [String]) throws {
        var rows: [PlayerRow] = []
        for name in names {
            let joining = try show.join(id: name, name: "Player \(name)")
            rows.append(PlayerRow(number: joining.player, id: name, name: "Player \(name)"))
        }
        try ledger.write(
            [AudienceWrite(show: key, players: rows, answers: [])], aliveNs: nowMs * 1_000_000)
    }

    /// Sends answers of the first players to the question that is on, all in one group.
    mutating func answer(_ choices: [Int?], handover: Handover = .unknown) throws {
        guard case .question(let question) = show.stage else { return }
        var records: [AnswerRecord] = []
        for (player, choice) in choices.enumerated() {
            guard let choice else { continue }
            let answer = Answer(
                player: PlayerNumber(rawValue: Int32(player)), question: question,
                choice: choice, receivedAtNs: nowMs * 1_000_000, handover: handover)
            if case .accepted(let receipt) = show.answer(answer) {
                records.append(AnswerRecord(answer, receipt))
            }
        }
        try ledger.write(
            [AudienceWrite(show: key, players: [], answers: records)], aliveNs: nowMs * 1_000_000)
    }
}
