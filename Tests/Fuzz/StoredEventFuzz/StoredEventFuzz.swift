// Fuzzes the ledger's rows: whatever JSON they have, they become events that a show takes or refuses.

import Trivia

@testable import StoredRows

private let kinds = [
    "created", "edited", "questionAdded", "questionEdited", "questionWithdrawn",
    "questionsOrdered", "lobbyOpened", "opened", "paused", "resumed", "outageMadeUp", "locked",
    "revealed", "voided", "stageCleared", "finished", "reopened", "settled", "kicked", "banned",
    "reinstated", "lastPlanned", "keyCorrected", "addressBanned", "addressUnbanned", "renamed",
    "nameHidden", "nameShown",
]

/// libFuzzer's entry: rows with zeros between, each a byte for its kind and its JSON. Between them
/// players join and answer, so that there is something to judge.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStoredEvent(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard var show = try? started() else { preconditionFailure("the show to begin with is one") }
    for (index, row) in input.split(separator: 0).enumerated() {
        guard let first = row.first else { continue }
        let kind = kinds[Int(first) % kinds.count]
        // Bytes from 128 on are rows of now, the others those of older versions.
        let format = first < 128 ? 1 : StoredEvent.format
        let json = String(decoding: row.dropFirst(), as: UTF8.self)
        guard let event = try? StoredEvent.decode(kind: kind, format: format, json: json) else {
            continue
        }
        // What is read is written as the same.
        if event.isByHost {
            guard let (again, text) = try? StoredEvent.encode(event) else {
                preconditionFailure("what is read can be written")
            }
            precondition(
                (try? StoredEvent.decode(kind: again, format: StoredEvent.format, json: text))
                    == event)
        }
        try? show.apply(event)
        _ = try? show.join(id: "p\(index)", name: "P")
        answer(&show, index)
        _ = show.cue
        _ = show.latestPossibleDeadlineNs
        _ = show.windowLeftMs(atNs: .max >> 1)
        _ = Settlement(show)
    }
    return 0
}

/// A show that has a question and its doors open.
private func started() throws -> Show {
    var show = try Show(id: "show", plan: ShowPlan(title: "Quiz"))
    for number in 0..<3 {
        let question = try Question(
            id: "q\(number)", text: "What?", options: ["a", "b"], correctOption: 1,
            windowMs: 10_000)
        _ = try show.perform(.addQuestions([question]), atNs: 0)
    }
    _ = try show.perform(.openLobby, atNs: 0)
    _ = try show.join(id: "a", name: "A")
    return show
}

private func answer(_ show: inout Show, _ index: Int) {
    guard case .question(let question) = show.stage else { return }
    for instant in [show.newestNs, .max, .min] {
        let answer = Answer(
            player: PlayerNumber(rawValue: 0), question: question, choice: index % 2,
            receivedAtNs: instant, handover: .at(ns: index % 3 == 0 ? .min : instant))
        _ = show.answer(answer)
    }
}
