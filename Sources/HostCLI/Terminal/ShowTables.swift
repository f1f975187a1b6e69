// Shows, questions and winners as text for a terminal.

import ControlRoom
import Trivia

/// Tables and lines for people.
enum ShowTables {
    /// Columns side by side, numbers to the right.
    static func table(_ head: [String], _ rows: [[String]], numbers: Set<Int> = []) -> String {
        let rows = ([head] + rows).map { $0.map(plain) }
        var widths = [Int](repeating: 0, count: head.count)
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
        }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                let spare = String(repeating: " ", count: widths[index] - cell.count)
                return numbers.contains(index) ? spare + cell : cell + spare
            }
            return trimmedEnd(cells.joined(separator: "  ")) + "\n"
        }.joined()
    }

    static func list(_ shows: [ShowSummary]) -> String {
        guard !shows.isEmpty else { return "no shows yet; fanfare show create makes one\n" }
        let problems = shows.compactMap(\.problem).map { "! \(plain($0))\n" }.joined()
        return problems
            + table(
                ["show", "stream", "phase", "mode", "questions", "players", "prize", "title"],
                shows.map { show in
                    [
                        show.id, show.stream,
                        show.problem == nil ? show.phase.rawValue : "damaged", show.mode.rawValue,
                        String(show.questionCount),
                        String(show.playerCount), show.prize?.money ?? "",
                        show.title + (show.isRehearsal ? " (rehearsal)" : ""),
                    ]
                }, numbers: [4, 5, 6])
    }

    /// The show in one line: where it is and who is in.
    static func headline(_ state: ShowState) -> String {
        var parts = [phase(of: state)]
        let tally = state.tally
        parts.append(
            "\(tally.players) players, \(tally.survivors) in, \(tally.eliminated) out, "
                + "\(tally.spectators) watching")
        if let prize = state.plan.prize { parts.append("prize \(prize.money)") }
        if let onAir = state.onAir, !onAir.isSeen, state.phase == .lobby || state.phase == .live {
            parts.append("NOBODY SEES IT")
        }
        parts.append("version \(state.version)")
        return plain("\(state.id): " + parts.joined(separator: "; "))
    }

    private static func phase(of state: ShowState) -> String {
        var words = state.phase.rawValue
        if let on = state.question {
            words += ", question \(on.question.id) \(on.state.rawValue)"
            if on.state == .open || on.state == .locked {
                words += " (\(on.answeredCount) of \(on.askedCount) answered)"
            }
            if on.isLockPending { words += ", locks by itself" }
        } else if state.waitingCount > 0, state.phase != .finished, state.phase != .settled {
            words += ", \(state.waitingCount) questions waiting"
        }
        return state.isPaused ? words + ", paused" : words
    }

    /// Who can see it, and since when.
    static func onAir(_ state: ShowState) -> String? {
        guard let onAir = state.onAir else { return nil }
        let since = WallClock.text(ms: onAir.feedSinceMs)
        let feed =
            switch onAir.feed {
            case .live: "live"
            case .silent: "SILENT, no picture or sound,"
            case .off: "OFF AIR"
            }
        var line = "stream \(plain(state.stream)) \(feed) since \(since) UTC"
        line += ", \(onAir.viewers) viewers"
        if onAir.feed == .live, !onAir.isSeen {
            line += ": NOBODY WATCHES since \(WallClock.text(ms: onAir.isSeenSinceMs)) UTC"
        }
        return line
    }

    /// The whole of it, as `live` prints it.
    static func live(_ state: ShowState) -> String {
        var text = "\(plain(state.plan.title))\n\(headline(state))\n"
        if let onAir = onAir(state) { text += onAir + "\n" }
        for warning in state.onAir?.warnings ?? [] { text += "! feed: \(plain(warning))\n" }
        if let on = state.question {
            text += "\n\(plain(on.question.text))\n" + options(on)
            if let reason = on.voidReason { text += "void: \(plain(reason))\n" }
        }
        if let settlement = state.settlement { text += "\(plain(settlement.sentence))\n" }
        if let next = state.nextQuestion { text += "next: \(plain(next))\n" }
        for note in state.notes { text += "note: \(plain(note.text))\n" }
        return text
    }

    /// Each option with its answers, the right one marked.
    static func options(_ on: QuestionOn) -> String {
        // Of numbers that no show has, only the share would be wrong.
        let sum = max(1, on.counts.reduce(0) { $0.addingReportingOverflow($1).partialValue })
        return table(
            ["", "option", "answers", "share"],
            on.question.options.enumerated().map { index, option in
                let count = on.counts.indices.contains(index) ? on.counts[index] : 0
                let mark = index + 1 == on.question.correct ? "*" : " "
                return [
                    "\(mark)\(index + 1)", option, String(count),
                    "\(count.multipliedReportingOverflow(by: 100).partialValue / sum) %",
                ]
            }, numbers: [2, 3])
    }

    static func players(_ players: [PlayerRecord]) -> String {
        table(
            ["id", "name", "status", "score", "revives", "address"],
            players.map {
                [
                    $0.id, $0.name, $0.status.rawValue, String($0.score), String($0.revivesLeft),
                    $0.address ?? "",
                ]
            }, numbers: [3, 4])
    }

    static func addresses(_ addresses: [AddressRecord]) -> String {
        guard !addresses.isEmpty else { return "no players yet\n" }
        return table(
            ["address", "players", "in", "within 10 s", "same answers", ""],
            addresses.map { record in
                [
                    record.address ?? "not known", String(record.playerCount),
                    String(record.survivorCount), String(record.sameInstantCount),
                    String(record.samePatternCount),
                    record.isBanned ? "banned" : record.isSuspicious ? "one person?" : "",
                ]
            }, numbers: [1, 2, 3, 4])
    }

    static func audit(_ audit: ShowAudit) -> String {
        let rows = audit.entries.map { entry in
            [
                String(entry.number), WallClock.text(ms: entry.atMs), entry.by, entry.what,
                entry.detail,
            ]
        }
        var text = table(["no", "at (UTC)", "by", "what", ""], rows, numbers: [0])
        text += "\n\(audit.playerCount) players, \(audit.answerCount) answers\n"
        if audit.agrees {
            text += "computed anew from the record, the outcome is the one that is stored\n"
        } else {
            text += "THE RECORD DOESN'T AGREE WITH ITSELF: don't pay before you know why\n"
        }
        if !audit.winnerLags.isEmpty { text += "\n" + lags(audit.winnerLags) }
        for finding in audit.findings { text += "  \(plain(finding))\n" }
        return text
    }

    /// What was counted of each winner's lags.
    private static func lags(_ winners: [WinnerLags]) -> String {
        let rows = winners.flatMap { winner in
            winner.lags.map { lag in
                [
                    winner.name, lag.question, lag.measuredMs.map(String.init) ?? "",
                    String(lag.windowMs), String(lag.speedMs),
                ]
            }
        }
        return table(
            ["winner", "question", "lag ms", "counted", "for speed"], rows, numbers: [2, 3, 4])
    }

    /// Players choose their names, and a terminal obeys.
    static func plain(_ text: String) -> String { TerminalText.plain(text) }

    private static func trimmedEnd(_ text: String) -> Substring {
        var rest = text[...]
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
