// The game of the appliance: its ledger, its desk and what it shows of itself.

import Access
import Broadcast
import ControlRoom
import Delivery
import Game
import Ledger
import Logging
import Settings
import Trivia

/// Everything that the show needs, put together.
struct ShowRoom {
    let game: GameDesk
    let ledger: Ledger
    let audience: Audience
    let stage: LiveCueStage
    let showLog: ShowLog
    /// What players' tokens are signed with.
    let key: PlayerKey

    /// Opens the ledger and goes on with the shows that are in it.
    init(settings: Settings, programs: Programmes, logger: Logger) throws {
        // Where both keys come from elsewhere, nobody has made it yet.
        try DataFolder.create(settings.dataPath)
        if let own = settings.playerKey {
            key = own
        } else {
            let loaded = try PlayerKeyFile(dataPath: settings.dataPath).load()
            if let warning = loaded.warning { logger.warning("\(warning)") }
            key = loaded.key
        }
        ledger = try Ledger(folderPath: settings.dataPath)
        let replies = AudienceReplies()
        stage = LiveCueStage(programs: programs)
        showLog = ShowLog(logger: logger) { [stage] in stage.viewerCount(of: $0) }
        game = try GameDesk(
            ledger: ledger, stage: stage,
            settings: DeskSettings(
                playerKey: key, allowsGuests: settings.allowsGuests,
                outageLimitS: settings.outageLimitS),
            news: { Self.log($0, logger) }, steps: { [showLog] in showLog.note($0) },
            receipts: { batch in LivePlayerService.deliver(batch, by: replies) })
        audience = Audience(
            service: LivePlayerService(game: game, replies: replies), replies: replies)
    }

    /// Leaves the ledger in one file, once nothing writes any more.
    func closeLedger(_ logger: Logger) {
        do throws(LedgerError) { try ledger.checkpoint() } catch {
            logger.warning("what was written last stays beside the ledger: \(error)")
        }
    }

    private static func log(_ news: DeskNews, _ logger: Logger) {
        switch news {
        case .note(let note): logger.warning("show \(note.show): \(note.text)")
        case .ledgerFails(let reason):
            logger.error("the ledger can't be written, and no answer is taken: \(reason)")
        case .setAside(let reason):
            logger.error("a show is set aside, and the others go on: \(reason)")
        case .ledgerWorks: logger.notice("the ledger can be written again")
        }
    }

    /// The game's own numbers.
    func metrics() -> [MetricFamily] {
        let health = game.health
        func one(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ value: Double
        ) -> MetricFamily {
            MetricFamily(name, kind, help: help, samples: [.init(value)])
        }
        return [
            answers(health),
            .histogram(
                "fanfare_answer_receipt_delay_seconds",
                help: "From an answer's last byte to its receipt or refusal on the way back.",
                bounds: DelayHistogram.boundsS, counts: health.receiptDelays.counts,
                sum: Double(health.receiptDelays.sumNs) / 1e9),
            .histogram(
                "fanfare_ledger_commit_seconds",
                help: "How long it took to put a group of answers on disk.",
                bounds: DelayHistogram.boundsS, counts: health.commits.counts,
                sum: Double(health.commits.sumNs) / 1e9),
            one(
                "fanfare_game_overflowed_answers_total", .counter,
                "Answers that found no room before the game and were to be sent again.",
                Double(health.overflowCount)),
            one(
                "fanfare_game_commit_answers_max", .gauge, "Answers of the largest group.",
                Double(health.groupAnswerCountMax)),
            one(
                "fanfare_game_commit_max_seconds", .gauge, "How long one of them took at most.",
                Double(health.commitNsMax) / 1e9),
            one(
                "fanfare_game_failed_commits_total", .counter,
                "Times the ledger could not be written; nothing was acknowledged.",
                Double(health.failureCount)),
            one(
                "fanfare_game_refused_cues_total", .counter,
                "Times a stream could not take what a show had to say; it is tried again.",
                Double(health.cueRefusalCount)),
        ] + showFamilies()
    }

    private func answers(_ health: GameHealth) -> MetricFamily {
        let results =
            [("accepted", health.acceptedCount), ("repeated", health.repeatedCount)]
            + health.refusedCounts.sorted { $0.key < $1.key }
        return MetricFamily(
            "fanfare_answers_total", .counter,
            help: "Players' answers by what became of them: accepted (on disk), repeated, or the "
                + "reason of their refusal.",
            samples: results.map { .init(Double($0.1), labels: [("result", $0.0)]) })
    }

    /// The shows in memory: how far each is, and who plays.
    private func showFamilies() -> [MetricFamily] {
        let shows = game.figures()
        return [
            MetricFamily(
                "fanfare_show_phase", .gauge,
                help: "1 for the phase that the show is in, 0 for the others.",
                samples: shows.flatMap { show in
                    ShowPhase.allCases.map { phase in
                        .init(
                            show.phase == phase ? 1 : 0,
                            labels: [
                                ("show", show.id), ("stream", show.stream),
                                ("phase", phase.rawValue),
                            ])
                    }
                }),
            MetricFamily(
                "fanfare_show_players", .gauge, help: "Players of the show, by how they stand.",
                samples: shows.flatMap { show in
                    [
                        ("playing", show.tally.survivors), ("out", show.tally.eliminated),
                        ("watching", show.tally.spectators),
                    ].map { standing, count in
                        .init(
                            Double(count),
                            labels: [
                                ("show", show.id), ("stream", show.stream),
                                ("standing", standing),
                            ])
                    }
                }),
        ]
    }

    /// What is wrong with it; empty if nothing.
    func problems() -> [String] {
        let health = game.health
        return [health.failure.map { "the ledger can't be written: \($0)" }].compactMap { $0 }
    }
}
