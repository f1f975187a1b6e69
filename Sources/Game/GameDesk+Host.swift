// Hosts' commands: checked, put on disk, applied, and then told to the audience.

import Broadcast
import IORing
import Ledger
import Trivia
import WireBytes

extension GameDesk {
    func carryOut(
        _ request: HostRequest, _ work: inout DeskWork
    ) -> Result<CommandReceipt, HostRefusal> {
        do throws(HostRefusal) {
            return .success(try obey(request, &work))
        } catch { return .failure(error) }
    }

    private func obey(
        _ request: HostRequest, _ work: inout DeskWork
    ) throws(HostRefusal) -> CommandReceipt {
        try Self.check(request)
        if let line = try asking({ () throws(LedgerError) in
            try ledger.line(ofCommand: request.commandID)
        }) {
            let isSame = line.digest == nil || line.digest == request.digest
            guard line.show.hasSameBytes(as: request.show), line.action == request.action.word,
                isSame
            else {
                throw .commandIDReused(action: line.action, show: line.show)
            }
            return CommandReceipt(line, commandID: request.commandID, isRepeat: true)
        }
        if case .create(let plan, let stream) = request.action {
            return try create(request, plan, stream, &work)
        }
        if let damaged = setAside.first(where: { $0.id == request.show }) {
            throw .ledger(damaged.error)
        }
        guard let slot = state.withLock({ $0.slot(ofShow: request.show) }) else {
            let entry = try asking { () throws(LedgerError) in
                try ledger.entry(ofShow: request.show)
            }
            guard entry != nil else { throw .unknownShow(request.show) }
            guard case .play(let command) = request.action, case .correct = command else {
                throw .closed(request.show)
            }
            return try correctClosed(request, command, &work)
        }
        let show = state.withLock { $0.slots[slot].show }
        if let expected = request.expectedRevision, expected != show.revision {
            throw .rules(.stale(expected: expected, revision: show.revision))
        }
        switch request.action {
        case .create: preconditionFailure("made above")
        case .delete: return try delete(request, slot, show, &work)
        case .bring(let questions, let isWhole):
            let events = try Self.events(bringing: questions, isWhole: isWhole, into: show)
            let detail =
                "\(questions.count) questions: " + QuestionWords.changes(by: events, in: show)
            return try commit(request, slot, events, detail, &work)
        case .shuffle:
            let ids = show.plannedOrder.compactMap { show.question($0)?.question.id }
            return try play(.orderQuestions(ids: ids.shuffled()), request, slot, show, &work)
        case .kick(let id):
            return try play(.kick(try player(id, show)), request, slot, show, &work, detail: id)
        case .ban(let id):
            return try play(.ban(try player(id, show)), request, slot, show, &work, detail: id)
        case .reinstate(let id):
            let player = try player(id, show)
            return try play(.reinstate(player), request, slot, show, &work, detail: id)
        case .banAddress(let text):
            let host = try Self.host(text)
            let players = players(from: host, slot, show)
            return try play(
                .banAddress(host.description, players), request, slot, show, &work,
                detail: "\(host), \(players.count) players")
        case .unbanAddress(let text):
            let host = try Self.host(text)
            let events = try eventsUnbanning(host, slot, show)
            return try commit(request, slot, events, host.description, &work)
        case .play(let command): return try play(command, request, slot, show, &work)
        }
    }

    private static func check(_ request: HostRequest) throws(HostRefusal) {
        let id = request.commandID.utf8
        let isFit = id.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        guard isFit, 1...LedgerLimits.commandIDByteCountMax ~= id.count else {
            throw .badCommandID
        }
        guard 1...LedgerLimits.hostByteCountMax ~= request.who.utf8.count else { throw .badHost }
    }

    func asking<Value>(
        _ body: () throws(LedgerError) -> Value
    ) throws(HostRefusal) -> Value {
        do throws(LedgerError) { return try body() } catch { throw .ledger(error) }
    }

    private func player(_ id: String, _ show: Show) throws(HostRefusal) -> PlayerNumber {
        guard let number = show.playerNumber(forID: id) else { throw .unknownPlayer(id) }
        return number
    }

    // MARK: Shows come and go

    private func create(
        _ request: HostRequest, _ plan: ShowPlan, _ stream: String, _ work: inout DeskWork
    ) throws(HostRefusal) -> CommandReceipt {
        guard Programmes.isValid(name: stream) else { throw .badStream }
        guard state.withLock({ $0.unsettledCount }) < GameLimits.showCountMax else {
            throw .tooManyShows
        }
        let show: Show
        do throws(ShowRefusal) { show = try Show(id: request.show, plan: plan) } catch {
            throw .rules(error)
        }
        let prize = plan.prize == nil ? "" : "; prize \(PlanWords.words(plan.prize))"
        let line = line(request, detail: plan.title + prize, revision: 0)
        let write = HostWrite(
            show: nil, stream: stream, events: [.created(id: show.id, plan: plan)], after: show,
            line: line)
        let key = try book(write, &work)
        let (slot, serial) = state.withLock { state in
            let slot = state.place(
                ShowSlot(key: key, stream: stream, show: show, createdMs: line.atMs))
            return (slot, state.slots[slot].serial)
        }
        roster.withLock {
            $0.add(
                show: show.id, slot: slot, serial: serial, stream: stream,
                refusesGuests: plan.refusesGuests)
        }
        return CommandReceipt(line, commandID: request.commandID, isRepeat: false)
    }

    private func delete(
        _ request: HostRequest, _ slot: Int, _ show: Show, _ work: inout DeskWork
    ) throws(HostRefusal) -> CommandReceipt {
        guard show.plan.isRehearsal || show.phase == .draft || show.phase == .lobby else {
            throw .kept(show.id)
        }
        let line = line(request, detail: show.plan.title, revision: show.revision)
        let key = state.withLock { $0.slots[slot].key }
        do throws(LedgerError) { try writer.remove(key, line: line) } catch {
            throw failed(error)
        }
        tellEnd(of: slot, &work)
        release(slot, isOver: false)
        return CommandReceipt(line, commandID: request.commandID, isRepeat: false)
    }

    // MARK: Playing

    private func play(
        _ command: ShowCommand, _ request: HostRequest, _ slot: Int, _ show: Show,
        _ work: inout DeskWork, detail: String? = nil
    ) throws(HostRefusal) -> CommandReceipt {
        if case .openLobby = command {
            try checkStream(slot, show)
            guard !settings.allowsGuests || !show.plan.refusesGuests else {
                throw .guestsMightWin(show.id)
            }
        }
        // Who couldn't see the question is still owed time.
        if case .lock(isForced: false) = command, show.latestPossibleDeadlineNs != nil,
            state.withLock({ $0.slots[slot].outage != nil })
        {
            return try wait(request, slot, show, &work)
        }
        let event: ShowEvent
        do throws(ShowRefusal) {
            event = try show.event(for: command, atNs: clock.nowNs)
        } catch {
            if case .answersStillInTime = error { return try wait(request, slot, show, &work) }
            throw .rules(error)
        }
        var forced = ""
        if case .opened = event, let reason = unseenReason(slot) {
            guard request.isForced else { throw .unseen(reason) }
            forced = ", forced: \(reason)"
        }
        var events = [event]
        if case .paused(let atNs) = event {
            events = eventsBeforePause(slot, show, atNs: atNs) + events
        }
        let words = detail ?? Self.detail(of: command, event, in: show)
        return try commit(request, slot, events, words + forced, &work)
    }

    /// What the log says besides the word: of each step of a question, which one it was.
    private static func detail(
        of command: ShowCommand, _ event: ShowEvent, in show: Show
    ) -> String {
        if let words = QuestionWords.change(by: event, in: show) { return words }
        func id(_ number: QuestionNumber) -> String { show.question(number)?.question.id ?? "" }
        switch (event, show.stage) {
        case (.edited(let plan), _): return PlanWords.words(from: show.plan, to: plan)
        case (.settled(let split, _), _):
            guard let split, let currency = show.plan.prize?.currency else {
                return "\(show.winners.count) winners, no prize"
            }
            return split.sentence(currency: currency)
                + (show.plan.isRehearsal ? " A rehearsal: nothing is paid." : "")
        case (.opened(let number, _, let isLast), _):
            return id(number) + (isLast == true ? ", the last" : "")
        case (.voided(let number, let reason), _): return "\(id(number)): \(reason)"
        case (.locked(_, let isForced), .question(let number)):
            return id(number) + (isForced ? ", forced" : "")
        case (.revealed, .question(let number)): return id(number)
        case (.lobbyOpened, _) where show.plan.guestsMayWin && show.plan.prize != nil:
            return "guests may win the prize"
        case (.keyCorrected, _): return detail(ofCorrection: event, in: show)
        case (.lastPlanned(let number), _): return "question \(number)"
        case (.finished, _) where !show.isPlanDone:
            return "early: " + FinishOutlook(show).meaning
        default: return command.detail
        }
    }

    private func checkStream(_ slot: Int, _ show: Show) throws(HostRefusal) {
        let taken = state.withLock { state in
            let stream = state.slots[slot].stream
            let other = state.slots.indices.first { index in
                index != slot && state.slots[index].isOn && state.slots[index].stream == stream
            }
            return other.map { (stream, state.slots[$0].show.id) }
        }
        if let (stream, id) = taken { throw .streamTaken(stream: stream, by: id) }
    }

    /// A lock that has to wait for the last answer that can be in time is noted, and carried out
    /// by the clock.
    private func wait(
        _ request: HostRequest, _ slot: Int, _ show: Show, _ work: inout DeskWork
    ) throws(HostRefusal) -> CommandReceipt {
        guard case .question(let number) = show.stage, let entry = show.question(number) else {
            preconditionFailure("only an open question can be waited for")
        }
        var line = line(request, detail: entry.question.id, revision: show.revision)
        line.isPending = true
        let nowNs = clock.nowNs
        do throws(LedgerError) { try writer.note(line, aliveNs: aliveNs(nowNs)) } catch {
            throw failed(error)
        }
        work.aliveNs = nowNs
        state.withLock {
            $0.slots[slot].pendingLock = PendingLock(who: request.who, question: number)
        }
        return CommandReceipt(line, commandID: request.commandID, isRepeat: false)
    }

    private func commit(
        _ request: HostRequest, _ slot: Int, _ events: [ShowEvent], _ detail: String,
        _ work: inout DeskWork
    ) throws(HostRefusal) -> CommandReceipt {
        let line = line(request, detail: detail, revision: 0)
        let written = try commit(slot, events, line, &work)
        return CommandReceipt(written, commandID: request.commandID, isRepeat: false)
    }

    /// Applies events to a copy, puts them on disk, and then makes the copy the show.
    func commit(
        _ slot: Int, _ events: [ShowEvent], _ line: LogLine, _ work: inout DeskWork
    ) throws(HostRefusal) -> LogLine {
        var line = line
        let old = state.withLock { $0.slots[slot] }
        // Those who wait for the disk come before the event, and it says so.
        guard old.waitingPlayers.isEmpty else {
            throw .ledger(.failed(path: ledger.path, reason: "players could not be written"))
        }
        var show = old.show
        for event in events {
            do throws(ShowRefusal) { try show.apply(event) } catch { throw .rules(error) }
        }
        line.revision = show.revision
        _ = try book(
            HostWrite(
                show: old.key, stream: old.stream, events: events, after: show, line: line), &work)
        let settlement = Settlement(show)
        state.withLock { state in
            state.slots[slot].show = show
            state.slots[slot].settlement = settlement
            Self.follow(events, in: &state.slots[slot].outage)
        }
        let hasUnbanned = events.contains { if case .addressUnbanned = $0 { true } else { false } }
        if old.show.phase == .draft || hasUnbanned { admitEarly(slot, &work) }
        openDoor(of: slot, show, events)
        tellCorrections(events, show, slot)
        tell(slot, &work)
        if show.phase == .settled, old.show.phase != .settled,
            let oldest = state.withLock({ $0.settle(slot) })
        {
            release(oldest, isOver: true)
        }
        return line
    }

    /// Lets go of a show that is deleted, or settled long enough, which is over for its players.
    private func release(_ slot: Int, isOver: Bool) {
        let id = state.withLock { state in
            state.release(slot)
            return state.slots[slot].show.id
        }
        let tickets = roster.withLock { $0.removeDoor(show: id, isOver: isOver) }
        // Of many players that takes its time, in which others come in.
        let places = tickets.all.map(\.value.index)
        roster.withLock { $0.giveBack(places) }
    }

    private func openDoor(of slot: Int, _ show: Show, _ events: [ShowEvent]) {
        let (stream, takesPlayers) = state.withLock { state in
            (state.slots[slot].stream, state.slots[slot].takesPlayers)
        }
        roster.withLock { roster in
            if show.phase != .draft {
                roster.setDoor(show: show.id, stream: stream, isOpen: takesPlayers)
            }
            roster.setRefusesGuests(show.plan.refusesGuests, show: show.id)
            for event in events {
                switch event {
                case .banned(let player):
                    guard let id = show.standing(of: player)?.id else { continue }
                    roster.setBanned(true, id: id, show: show.id)
                case .reinstated(let player):
                    guard let id = show.standing(of: player)?.id else { continue }
                    roster.setBanned(false, id: id, show: show.id)
                case .addressBanned(let address, let players):
                    if let host = HostKey(address) {
                        roster.setBanned(true, host: host, show: show.id)
                    }
                    for player in players {
                        guard let id = show.standing(of: player)?.id else { continue }
                        roster.setBanned(true, id: id, show: show.id)
                    }
                case .addressUnbanned(let address):
                    if let host = HostKey(address) {
                        roster.setBanned(false, host: host, show: show.id)
                    }
                    for id in roster.bannedPlayers(of: show.id) {
                        guard let number = show.playerNumber(forID: id),
                            show.standing(of: number)?.status != .banned
                        else { continue }
                        roster.setBanned(false, id: id, show: show.id)
                    }
                default: continue
                }
            }
        }
    }

    // MARK: Writing

    func book(
        _ write: HostWrite, _ work: inout DeskWork
    ) throws(HostRefusal) -> ShowKey {
        let nowNs = clock.nowNs
        do throws(LedgerError) {
            let key = try writer.write(write, aliveNs: aliveNs(nowNs))
            work.aliveNs = nowNs
            state.withLock { noteSuccess(&$0) }
            return key
        } catch { throw failed(error) }
    }

    func line(_ request: HostRequest, detail: String, revision: Int) -> LogLine {
        LogLine(
            atMs: clock.wallMs, who: request.who, commandID: request.commandID,
            show: request.show, action: request.action.word, detail: detail, revision: revision,
            digest: request.digest)
    }
}
