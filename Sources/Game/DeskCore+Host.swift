// Hosts' commands: checked, put on disk, applied, and then told to the audience.

import Broadcast
import Ledger
import Trivia
import WireBytes

extension DeskCore {
    mutating func carryOut(
        _ request: HostRequest
    ) -> Result<CommandReceipt, HostRefusal> {
        do throws(HostRefusal) {
            return .success(try obey(request))
        } catch { return .failure(error) }
    }

    private mutating func obey(
        _ request: HostRequest
    ) throws(HostRefusal) -> CommandReceipt {
        try Self.check(request)
        if let line = try asking({ () throws(LedgerError) in
            try ledger.line(ofCommand: request.commandID)
        }) {
            guard request.isRepeat(of: line) else {
                throw .commandIDReused(action: line.action, show: line.show)
            }
            return CommandReceipt(line, commandID: request.commandID, isRepeat: true)
        }
        if case .create(let plan, let stream) = request.command {
            return try create(request, plan, stream)
        }
        if let damaged = parts.setAside.first(where: { $0.id == request.show }) {
            throw .ledger(damaged.error)
        }
        guard let slot = shows.slot(ofShow: request.show) else {
            let entry = try asking { () throws(LedgerError) in
                try ledger.entry(ofShow: request.show)
            }
            guard entry != nil else { throw .unknownShow(request.show) }
            guard case .correct = request.command else { throw .closed(request.show) }
            return try correctClosed(request)
        }
        let show = shows.slots[slot].show
        if let expected = request.expectedRevision, expected != show.revision {
            throw .rules(.stale(expected: expected, revision: show.revision))
        }
        switch request.command {
        case .delete: return try delete(request, slot, show)
        case .banAddress(let text):
            let host = try Self.host(text)
            let players = players(from: host, slot, show)
            return try play(
                .banAddress(host.description), request, slot, show, cameFrom: players)
        case .unbanAddress(let text):
            let host = try Self.host(text)
            let events = try eventsUnbanning(host, slot, show)
            return try commit(request, slot, events, host.description)
        default: return try play(request.command, request, slot, show)
        }
    }

    private static func check(_ request: HostRequest) throws(HostRefusal) {
        let isFit = request.commandID.isID(
            byteCountMax: LedgerLimits.commandIDByteCountMax, colons: true)
        guard isFit else { throw .badCommandID }
        guard 1...LedgerLimits.hostByteCountMax ~= request.who.utf8.count else { throw .badHost }
    }

    func asking<Value>(
        _ body: () throws(LedgerError) -> Value
    ) throws(HostRefusal) -> Value {
        do throws(LedgerError) { return try body() } catch { throw .ledger(error) }
    }

    // MARK: Shows come and go

    private mutating func create(
        _ request: HostRequest, _ plan: ShowPlan, _ stream: String
    ) throws(HostRefusal) -> CommandReceipt {
        guard Programmes.isValid(name: stream) else { throw .badStream }
        guard shows.unsettledCount < GameLimits.showCountMax else {
            throw .tooManyShows
        }
        let show: Show
        do throws(PlanFault) { try plan.check() } catch { throw .rules(.badPlan(error)) }
        do throws(ShowRefusal) { show = try Show(id: request.show, plan: plan) } catch {
            throw .rules(error)
        }
        let prize = plan.prize == nil ? "" : "; prize \(PlanWords.words(plan.prize))"
        let line = line(request, detail: plan.title + prize, revision: 0)
        let write = HostWrite(
            show: nil, stream: stream, events: [.created(id: show.id, plan: plan)], after: show,
            line: line)
        let key = try book(write)
        let slot = shows.place(
            ShowSlot(key: key, stream: stream, show: show, createdMs: line.atMs))
        admission.add(
            show, slot: slot, serial: shows.slots[slot].serial, stream: stream)
        changed(slot, .step)
        tellSteps(
            ShowStep.Kind.steps(of: write.events, from: show, to: show, settlement: nil),
            of: show, on: stream, by: request.who)
        return CommandReceipt(line, commandID: request.commandID, isRepeat: false)
    }

    private mutating func delete(
        _ request: HostRequest, _ slot: Int, _ show: Show
    ) throws(HostRefusal) -> CommandReceipt {
        do throws(ShowRefusal) { _ = try show.events(for: .delete, atNs: clock.nowNs) } catch {
            throw .rules(error)
        }
        let line = line(request, detail: show.plan.title, revision: show.revision)
        let key = shows.slots[slot].key
        do throws(LedgerError) { try writer.remove(key, line: line) } catch {
            throw failed(error)
        }
        publishEnd(of: slot)
        tellSteps([.deleted], of: show, on: shows.slots[slot].stream, by: request.who)
        release(slot, isOver: false)
        return CommandReceipt(line, commandID: request.commandID, isRepeat: false)
    }

    // MARK: Playing

    private mutating func play(
        _ command: ShowCommand, _ request: HostRequest, _ slot: Int, _ show: Show,
        cameFrom players: [PlayerNumber] = []
    ) throws(HostRefusal) -> CommandReceipt {
        if case .openLobby = command {
            try checkStream(slot)
            guard !settings.allowsGuests || !show.plan.refusesGuests else {
                throw .guestsMightWin(show.id)
            }
        }
        // Who couldn't see the question is still owed time.
        if case .lock(isForced: false) = command, show.latestPossibleDeadlineNs != nil,
            shows.slots[slot].outage != nil
        {
            return try wait(request, slot, show)
        }
        var events: [ShowEvent]
        do throws(ShowRefusal) {
            events = try show.events(for: command, atNs: clock.nowNs, cameFrom: players)
        } catch {
            if case .answersStillInTime = error { return try wait(request, slot, show) }
            throw .rules(error)
        }
        var words = Self.detail(of: command, events, in: show)
        if case .open(_, let isForced, _) = command, let reason = unseenReason(slot) {
            guard isForced else { throw .unseen(reason) }
            words += ", forced: \(reason)"
        }
        if case .paused(let atNs) = events.first {
            events = eventsBeforePause(slot, show, atNs: atNs) + events
        }
        return try commit(request, slot, events, words)
    }

    private func checkStream(_ slot: Int) throws(HostRefusal) {
        let stream = shows.slots[slot].stream
        for index in shows.slots.indices
        where index != slot && shows.slots[index].isOn && shows.slots[index].stream == stream {
            throw .streamTaken(stream: stream, by: shows.slots[index].show.id)
        }
    }

    /// A lock that has to wait for the last answer that can be in time is noted, and carried out
    /// by the clock.
    private mutating func wait(
        _ request: HostRequest, _ slot: Int, _ show: Show
    ) throws(HostRefusal) -> CommandReceipt {
        guard case .question(let number) = show.stage, let entry = show.question(number) else {
            preconditionFailure("only an open question can be waited for")
        }
        var line = line(request, detail: entry.question.id, revision: show.revision)
        line.isPending = true
        let nowNs = clock.nowNs
        do throws(LedgerError) { try writer.note(line, aliveNs: clockToKeep(nowNs)) } catch {
            throw failed(error)
        }
        aliveNs = nowNs
        setPendingLock(PendingLock(who: request.who, question: number), slot)
        return CommandReceipt(line, commandID: request.commandID, isRepeat: false)
    }

    private mutating func commit(
        _ request: HostRequest, _ slot: Int, _ events: [ShowEvent], _ detail: String
    ) throws(HostRefusal) -> CommandReceipt {
        let line = line(request, detail: detail, revision: 0)
        let written = try commit(slot, events, line)
        return CommandReceipt(written, commandID: request.commandID, isRepeat: false)
    }

    func line(_ request: HostRequest, detail: String, revision: Int) -> LogLine {
        LogLine(
            atMs: clock.wallMs, who: request.who, commandID: request.commandID,
            show: request.show, action: request.command.word.rawValue, detail: detail,
            revision: revision,
            digest: request.digest)
    }
}
