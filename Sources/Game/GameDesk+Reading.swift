// Looking at the shows, from any thread.

public import Ledger
import TextWire
public import Trivia

/// A show as its host sees it: with the right options.
public struct ShowReport: Sendable {
    /// What is on disk of it, for the list.
    public let id: String
    /// The stream it plays on.
    public let stream: String
    /// When it was made, ms since 1970.
    public let createdMs: Int64
    /// Its title, rules and prize.
    public let plan: ShowPlan
    /// How far it is.
    public let phase: ShowPhase
    /// What is on.
    public let stage: ShowStage
    /// Whether it is paused.
    public let isPaused: Bool
    /// What a command's `expectedRevision` is held against.
    public let revision: Int
    /// All questions by number, those taken out or voided included.
    public let questions: [QuestionEntry]
    /// The questions that are waiting, in the order of asking.
    public let plannedOrder: [QuestionNumber]
    /// How many players are what.
    public let tally: PlayerTally
    /// How the answers to the question that is on come in.
    public let numbers: LiveNumbers?
    /// What came out of the question that is on, or of the last; nil before its reveal.
    public let reveal: Reveal?
    /// How long answers can still be in time, ms; nil where no question is open, and in a pause.
    public let leftMs: Int64?
    /// Whether a lock waits for that.
    public let isLockPending: Bool
    /// How long the first viewers' window is still open, ms; in a pause, what was left as it began.
    /// nil where no question is open.
    public let windowLeftMs: Int64?
    /// Who can see its stream; nil for one that is settled.
    public let sight: SightReport?
    /// How it ended, once it has.
    public let settlement: Settlement?
    /// The addresses that most players came from, where many did.
    public let crowdedAddresses: [AddressCount]
    /// Where its players came from, by number; empty where they were not asked for. For staff only.
    public let origins: [PlayerOrigin]
    /// All of it; without its players where only the rest was asked for. Let go of one with players
    /// soon: while it is kept, the next answers copy what they change.
    public let show: Show
}

extension GameDesk {
    /// A show; nil where there is none of this id. One that is settled may have to be read from
    /// disk.
    public func report(show id: String) throws(LedgerError) -> ShowReport? {
        if let held = heldReport(show: id) { return held }
        guard try ledger.entry(ofShow: id) != nil else { return nil }
        let stored = try ledger.load(show: id)
        var slot = ShowSlot(
            key: stored.entry.key, stream: stored.entry.stream, show: stored.show,
            createdMs: stored.entry.createdMs)
        slot.addOrigins(stored.origins)
        return Self.report(slot, nowNs: clock.nowNs)
    }

    /// A show that is in memory, without a look at the disk; nil where there is none of this id, and
    /// for most that are settled.
    ///
    /// - Parameter withPlayers: whether its `show` is to have its players. Without them it costs the
    ///   same however many there are, and the next answers have nothing to copy.
    public func heldReport(show id: String, withPlayers: Bool = true) -> ShowReport? {
        let nowNs = clock.nowNs
        return state.withLock { state in
            state.slot(ofShow: id).map { slot in
                Self.report(
                    state.slots[slot], nowNs: nowNs, withPlayers: withPlayers,
                    sight: state.sights[state.slots[slot].stream])
            }
        }
    }

    private static func report(
        _ slot: ShowSlot, nowNs: Int64, withPlayers: Bool = true, sight: SightReport? = nil
    ) -> ShowReport {
        let show = withPlayers ? slot.show : slot.show.withoutPlayers
        var reveal: Reveal?
        if case .question(let number) = show.stage { reveal = show.reveal(of: number) }
        return ShowReport(
            id: show.id, stream: slot.stream, createdMs: slot.createdMs, plan: show.plan,
            phase: show.phase, stage: show.stage, isPaused: show.isPaused,
            revision: show.revision, questions: show.questions, plannedOrder: show.plannedOrder,
            tally: show.tally, numbers: show.liveNumbers, reveal: reveal,
            leftMs: show.latestPossibleDeadlineNs.map { max(0, ($0 - nowNs) / 1_000_000) },
            isLockPending: slot.pendingLock != nil,
            windowLeftMs: show.windowLeftMs(atNs: nowNs),
            sight: show.phase == .settled ? nil : sight, settlement: slot.settlement,
            crowdedAddresses: slot.crowd.largest(GameLimits.crowdListCountMax),
            origins: withPlayers ? slot.crowd.origins : [], show: show)
    }

    /// What came of answers of a show that is in memory; nil where it isn't. For a page of them: no
    /// answer is judged meanwhile.
    public func judged(_ records: [AnswerRecord], show id: String) -> [JudgedAnswer]? {
        state.withLock { state in
            state.slot(ofShow: id).map { slot in
                records.map { state.slots[slot].show.judged($0) }
            }
        }
    }

    /// All shows, settled ones too, in the order in which they were made.
    public func shows() throws(LedgerError) -> [ShowEntry] { try ledger.shows() }

    /// Plays a show's log through again and compares (`Ledger.audit`). Takes its time.
    public func audit(show id: String) throws(LedgerError) -> ShowAudit {
        try ledger.audit(show: id)
    }

    /// The newest lines of a show's log, the oldest first.
    public func log(show id: String, countMax: Int = 1000) throws(LedgerError) -> [LogLine] {
        try ledger.log(ofShow: id, countMax: countMax)
    }

    /// The shows in memory and how many play them, for metrics.
    public func figures() -> [ShowFigures] {
        state.withLock { state in
            state.slots.filter { !$0.isGone }.map { slot in
                ShowFigures(
                    id: slot.show.id, stream: slot.stream, phase: slot.show.phase,
                    tally: slot.show.tally)
            }
        }
    }

    /// Whether a question of any show is open, in a pause or not.
    public var hasOpenQuestion: Bool {
        state.withLock { state in
            state.slots.contains { !$0.isGone && $0.hasOpenQuestion }
        }
    }

    /// What the desk counts about itself.
    public var health: GameHealth { state.withLock { $0.health } }

    /// What hosts should know, the oldest first.
    public var notes: [HostNote] { state.withLock { $0.notes } }

    /// What is on, on a stream, for everybody who asks.
    ///
    /// - Parameter stream: nil for the only stream that has a show; where none has, the one whose
    ///   show was over last.
    public func state(of stream: String?) -> StateText {
        states.withLock { $0.state(of: stream) }
    }

    /// The id of the show that a ticket is for; nil where the ticket is nobody's.
    public func show(of ticket: PlayerTicket) -> String? {
        state.withLock { state in
            state.seat(ticket).map { state.slots[Int($0.slot)].show.id }
        }
    }

    /// Whether a ticket's show is over and held no more. Its players have to come in anew for the
    /// next.
    public func isOver(_ ticket: PlayerTicket) -> Bool { state.withLock { $0.isOver(ticket) } }

    /// Whether a ticket is for a show whose doors aren't open yet. Its player is in when they open.
    public func isEarly(_ ticket: PlayerTicket) -> Bool { state.withLock { $0.isEarly(ticket) } }

    /// A player's own view of the game as JSON: `{"show":…,"player":…,"name":…,"status":…,
    /// "revivesLeft":…,"score":…,"receipts":[{"question":…,"choice":…}]}`, and `"rehearsal":true` behind
    /// the show where it is one. Of its answers it has those that are on disk. Once the show is finished
    /// there is a `"hasWon":…` before the receipts, for winners a `"place":…`, and for winners of a prize
    /// `"payout":{"minorUnits":…,"amount":"…","currency":…}`. nil where the ticket is nobody's, was given out a moment
    /// ago, `isEarly` or `isOver`.
    public func standing(of ticket: PlayerTicket) -> [UInt8]? {
        state.withLock { state in
            guard let seat = state.seat(ticket) else { return nil }
            let slot = state.slots[Int(seat.slot)]
            let player = PlayerNumber(rawValue: seat.player)
            guard let standing = slot.show.standing(of: player) else { return nil }
            var bytes = Array(#"{"show":"#.utf8)
            JSONText.append(slot.show.id, to: &bytes)
            if slot.show.plan.isRehearsal { bytes += #","rehearsal":true"#.utf8 }
            bytes.append(contentsOf: #","player":"#.utf8)
            JSONText.append(standing.id, to: &bytes)
            bytes.append(contentsOf: #","name":"#.utf8)
            JSONText.append(standing.name, to: &bytes)
            bytes.append(
                contentsOf: #","status":"\#(Self.word(standing.status))","revivesLeft":"#.utf8)
            bytes.append(
                contentsOf: #"\#(standing.revivesLeft),"score":\#(standing.score)"#.utf8)
            Self.append(slot.settlement, gain: slot.gains[player.rawValue], to: &bytes)
            bytes.append(contentsOf: #","receipts":["#.utf8)
            var needsComma = false
            for receipt in slot.show.receipts(of: player)
            where receipt.number <= slot.durableReceipt {
                guard let entry = slot.show.question(receipt.question) else { continue }
                if needsComma { bytes.append(UInt8(ascii: ",")) }
                needsComma = true
                bytes.append(contentsOf: #"{"question":"#.utf8)
                JSONText.append(entry.question.id, to: &bytes)
                bytes.append(contentsOf: #","choice":\#(receipt.choice)}"#.utf8)
            }
            bytes.append(contentsOf: "]}".utf8)
            return bytes
        }
    }

    private static func append(
        _ settlement: Settlement?, gain: Payout?, to bytes: inout [UInt8]
    ) {
        guard let settlement else { return }
        bytes.append(contentsOf: #","hasWon":\#(gain != nil)"#.utf8)
        guard let gain else { return }
        bytes.append(contentsOf: #","place":\#(gain.place)"#.utf8)
        guard let currency = settlement.currency else { return }
        bytes.append(contentsOf: #","payout":{"minorUnits":\#(gain.minorUnits),"amount":"#.utf8)
        JSONText.append(Money.amount(gain.minorUnits, currency: currency), to: &bytes)
        bytes.append(contentsOf: #","currency":"#.utf8)
        JSONText.append(currency, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    private static func word(_ status: PlayerStatus) -> String {
        switch status {
        case .playing: "playing"
        case .eliminated: "eliminated"
        case .watching: "watching"
        case .kicked: "kicked"
        case .banned: "banned"
        }
    }
}
