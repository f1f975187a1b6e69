// Go or no-go: what has to be right before a show, looked at on the running appliance.

import ControlRoom
import IORing
import Settings

/// Looks at the machine, the feed, keys, disk, clock, and the last crowd. Rings, folders and the clock
/// are the kernel's to wait for, so that it has a thread of its own.
actor LiveReadiness: ReadinessDesk {
    private let lane = SlowLane("readiness")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    private let settings: Settings
    private let directory: LiveDirectory
    private let shows: LiveShowDesk
    private let people: LiveStaff

    init(settings: Settings, directory: LiveDirectory, shows: LiveShowDesk, people: LiveStaff) {
        self.settings = settings
        self.directory = directory
        self.shows = shows
        self.people = people
    }

    func checks(
        of show: String?, crowds: [RehearsalRecord]
    ) async throws(ShowDeskRefusal) -> [ReadinessCheck] {
        guard let show else {
            let feeds = directory.streams().map { feed($0.name) }
            return [machine(), disk(), Self.clock(), keys()] + feeds
                + [Self.crowd(crowds, stream: nil)]
        }
        let state = try await shows.state(of: show)
        return [
            machine(), disk(), Self.clock(), keys(), feed(state.stream), Self.questions(state),
            guests(state), Self.crowd(crowds, stream: state.stream),
        ]
    }

    private func machine() -> ReadinessCheck {
        let results =
            MachineChecks.results(
                .gathered(), settings: settings, ringFailure: RingProbe.run().failure?.description)
        let problems = directory.health().problems
        let bad = results.filter { $0.verdict != .ok }
        let words =
            problems + bad.map { "\($0.name): \($0.found)" + ($0.advice.map { "; \($0)" } ?? "") }
        let isBroken = !problems.isEmpty || results.contains { $0.verdict == .fail }
        return ReadinessCheck(
            id: "machine", title: "Machine",
            verdict: isBroken ? .noGo : words.isEmpty ? .go : .warn,
            text: words.isEmpty ? "This machine will do." : words.joined(separator: ". "))
    }

    private func disk() -> ReadinessCheck {
        let result = DataFolderCheck.result(path: settings.dataPath)
        return ReadinessCheck(
            id: "disk", title: "Disk", verdict: .init(result.verdict),
            text: result.found + (result.advice.map { "; \($0)" } ?? ""))
    }

    private static func clock() -> ReadinessCheck {
        let result = ClockCheck.result()
        return ReadinessCheck(
            id: "clock", title: "Clock", verdict: .init(result.verdict),
            text: "The clock: \(result.found)" + (result.advice.map { "; \($0)" } ?? "") + ".")
    }

    private func keys() -> ReadinessCheck {
        var words = settings.secretWarnings
        if people.isOpen {
            words.append(
                "Nobody of the staff needs a token: whoever is on this machine can lead the show. "
                    + "Give tokens by: fanfare staff add NAME --role director")
        }
        if settings.settleNeedsSecond, people.settlerCount < 2 {
            words.append(
                "The prize is divided by two people, and there aren't two who may. Add one by: "
                    + "fanfare staff add NAME --role host")
        }
        return ReadinessCheck(
            id: "keys", title: "Keys", verdict: words.isEmpty ? .go : .warn,
            text: words.isEmpty ? "Keys and tokens are long enough." : words.joined(separator: " "))
    }

    private func feed(_ stream: String) -> ReadinessCheck {
        func check(_ verdict: ReadinessCheck.Verdict, _ text: String) -> ReadinessCheck {
            ReadinessCheck(id: "feed", title: "Feed of \(stream)", verdict: verdict, text: text)
        }
        guard let status = directory.stream(named: stream), status.state != .waiting else {
            return check(.noGo, "Nobody publishes \(stream). Start the encoder.")
        }
        guard status.state == .live else {
            return check(.noGo, "The encoder has sent nothing for a while. See to its network.")
        }
        let words = status.warnings.map(\.text)
        if status.warnings.contains(where: { $0.level == "trouble" }) {
            return check(.noGo, words.joined(separator: " "))
        }
        if !words.isEmpty { return check(.warn, words.joined(separator: " ")) }
        let size = status.video.flatMap { video in
            video.width.flatMap { width in video.height.map { "\(width) × \($0)" } }
        }
        return check(
            .go,
            [
                status.video?.codec, size, status.audio?.codec,
                "\(Int(status.bitrateKbps)) kbit/s",
            ].compactMap { $0 }.joined(separator: ", ") + ".")
    }

    private static func questions(_ state: ShowState) -> ReadinessCheck {
        let waiting = state.waitingCount - state.spareCount
        let words = "\(waiting) to be asked, \(state.spareCount) spare."
        let isOver = state.phase == .finished || state.phase == .settled
        return ReadinessCheck(
            id: "questions", title: "Questions",
            verdict: isOver || waiting > 0 ? state.spareCount > 0 || isOver ? .go : .warn : .noGo,
            text: isOver
                ? "The show is over."
                : waiting == 0
                    ? "No question is waiting. Import some."
                    : state.spareCount > 0
                        ? words : words + " A spare can take the place of one that goes wrong.")
    }

    private func guests(_ state: ShowState) -> ReadinessCheck {
        func check(_ verdict: ReadinessCheck.Verdict, _ text: String) -> ReadinessCheck {
            ReadinessCheck(id: "guests", title: "Players", verdict: verdict, text: text)
        }
        guard settings.allowsGuests else {
            return check(.go, "Players come with tokens of your own backend.")
        }
        guard state.plan.prize != nil, !state.plan.isRehearsal else {
            return check(.go, "Anybody may play under a name.")
        }
        return state.plan.guestsMayWin
            ? check(
                .warn,
                "Anybody may play under a name, for money: one person can be many. Look at the "
                    + "addresses before you settle.")
            : check(
                .noGo,
                "Guests may play on this server, and the show doesn't let them win: its doors stay "
                    + "closed. Start without --guests, or set guestsMayWin.")
    }

    /// What the newest of the crowds has met.
    ///
    /// - Parameters:
    ///   - crowds: those that are over, the newest first.
    ///   - stream: the only one that matters; nil for all.
    static func crowd(_ crowds: [RehearsalRecord], stream: String?) -> ReadinessCheck {
        func check(_ verdict: ReadinessCheck.Verdict, _ text: String) -> ReadinessCheck {
            ReadinessCheck(id: "crowd", title: "Crowd", verdict: verdict, text: text)
        }
        guard let record = crowds.first(where: { stream == nil || $0.stream == stream }) else {
            return check(.warn, "No simulated crowd was there yet. Send one from Rehearse.")
        }
        guard let report = record.report else {
            return check(.warn, "The last crowd has no report: \(record.error ?? "it failed").")
        }
        guard !report.isClean else {
            return check(.go, "\(report.joined) were served, and nobody missed anything.")
        }
        let troubles = [
            (report.refused, "were refused"), (report.lost, "lost the stream"),
            (report.stalled, "stalled"), (report.wrongBytes, "got wrong bytes"),
            (report.players?.lostReceipts ?? 0, "answers were lost"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        // What is rarer than these stands in the report alone.
        let words = troubles.isEmpty ? "something was wrong" : troubles.joined(separator: ", ")
        return check(
            .noGo, "With the last crowd of \(report.joined), \(words). See its report.")
    }
}

extension ReadinessCheck.Verdict {
    fileprivate init(_ verdict: CheckResult.Verdict) {
        self =
            switch verdict {
            case .ok: .go
            case .warn: .warn
            case .fail: .noGo
            }
    }
}
