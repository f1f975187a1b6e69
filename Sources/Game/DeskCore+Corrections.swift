// Wrong right options put right: published, and recorded for shows that are closed.

import Ledger
import TextWire
import Trivia

extension DeskCore {
    /// Tells the audience of questions that were judged anew after they had gone off, as soon as there
    /// is a programme. What is on is to be told again behind it, so that whoever keeps the newest has the
    /// right one.
    ///
    /// The question that is on needs none of this: its reveal is said anew.
    mutating func publishCorrections(_ slot: Int) {
        guard !shows.slots[slot].untoldCorrections.isEmpty else { return }
        let (show, stream) = (shows.slots[slot].show, shows.slots[slot].stream)
        guard show.phase == .live || show.phase == .finished else {
            shows.slots[slot].untoldCorrections = []
            return
        }
        guard let view = stage.view(of: stream) else { return }
        let numbers = shows.slots[slot].untoldCorrections
        shows.slots[slot].untoldCorrections = []
        for number in numbers where show.stage != .question(number) {
            guard let cue = show.correctionCue(of: number) else { continue }
            let text = CueText.cue(cue, show: show, ptsMs: view.ptsMs, nowNs: clock.nowNs)
            // One that is refused is counted, and what is on has the new numbers all the same.
            _ = try? insert(text, isPaused: show.isPaused, into: stream)
            shows.slots[slot].told = nil
        }
    }

    /// Records a correction of a show that is settled and held no more.
    mutating func correctClosed(
        _ request: HostRequest
    ) throws(HostRefusal) -> CommandReceipt {
        let stored = try asking { () throws(LedgerError) in try ledger.load(show: request.show) }
        if let expected = request.expectedRevision, expected != stored.show.revision {
            throw .rules(.stale(expected: expected, revision: stored.show.revision))
        }
        let events: [ShowEvent]
        var show = stored.show
        do throws(ShowRefusal) {
            events = try show.perform(request.command, atNs: clock.nowNs)
        } catch { throw .rules(error) }
        let line = line(
            request, detail: Self.detail(of: request.command, events, in: stored.show),
            revision: show.revision)
        let write = HostWrite(
            show: stored.entry.key, stream: stored.entry.stream, events: events, after: show,
            line: line)
        _ = try book(write)
        parts.publication.notify(show: request.show)
        tellSteps(
            ShowStep.Kind.steps(
                of: events, from: stored.show, to: show, settlement: nil),
            of: show, on: stored.entry.stream, by: request.who)
        return CommandReceipt(line, commandID: request.commandID, isRepeat: false)
    }

    /// Both keys, why, and what it did, for the record.
    static func detail(ofCorrection event: ShowEvent, in show: Show) -> String {
        guard case .keyCorrected(let number, let option, let reason) = event,
            let question = show.question(number)?.question
        else { return "" }
        func named(_ option: Int) -> String { "\(option + 1) “\(question.options[option])”" }
        let former = show.corrections(of: number).last?.option ?? question.correctOption
        var text = "\(question.id): \(named(option)) is right instead of \(named(former))"
        if !reason.isEmpty { text += ", because: \(reason)" }
        var after = show
        guard (try? after.apply(event)) != nil, show.reveal(of: number) != nil else { return text }
        if let due = after.correctedAfterSettling.flatMap(Settlement.init) {
            return text + ". Nothing is paid; due would have been: " + Self.words(due)
        }
        let count = after.corrections(of: number).last?.returnedCount ?? 0
        return text + (count == 1 ? ". 1 player is back" : ". \(count) players are back")
    }

    private static func words(_ due: Settlement) -> String {
        guard !due.payouts.isEmpty else { return "no winner" }
        var text = due.payouts.count == 1 ? "1 winner" : "\(due.payouts.count) winners"
        if let split = due.split, let currency = due.currency {
            text += ", " + Money.text(split.shareMinorUnits, currency: currency) + " each"
        }
        let ids = due.payouts.prefix(TriviaLimits.winnerNameCountMax).map(\.id)
        text += ": " + ids.joined(separator: ", ")
        return text + (ids.count < due.payouts.count ? " and more" : "")
    }
}
