// The game of the appliance: its ledger, its desk and what it shows of itself.

import Access
import Broadcast
import ControlRoom
import Delivery
import Game
import Ledger
import Logging

/// Everything that the show needs, put together.
struct ShowRoom {
    let game: GameDesk
    let ledger: Ledger
    let audience: Audience
    let stage: LiveCueStage

    /// Opens the ledger and goes on with the shows that are in it.
    init(settings: Settings, programs: Programs, logger: Logger) throws {
        // Where both keys come from elsewhere, nobody has made it yet.
        try DataFolder.create(settings.dataPath)
        let key: PlayerKey
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
        game = try GameDesk(
            ledger: ledger, stage: stage,
            settings: DeskSettings(
                playerKey: key, allowsGuests: settings.allowsGuests,
                outageLimitS: settings.outageLimitS),
            news: { Self.log($0, logger) },
            receipts: { batch in LiveAudienceDesk.deliver(batch, by: replies) })
        audience = Audience(
            desk: LiveAudienceDesk(game: game, replies: replies), replies: replies)
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
            one(
                "fanfare_game_accepted_answers_total", .counter,
                "Answers that count; all of them are on disk.", Double(health.acceptedCount)),
            one(
                "fanfare_game_repeated_answers_total", .counter,
                "Answers that were given again.", Double(health.repeatedCount)),
            MetricFamily(
                "fanfare_game_refused_answers_total", .counter,
                help: "Answers that don't count, by reason.",
                samples: health.refusedCounts.sorted { $0.key < $1.key }.map { reason, count in
                    .init(Double(count), labels: [("reason", reason)])
                }),
            one(
                "fanfare_game_overflowed_answers_total", .counter,
                "Answers that found no room before the game and were to be sent again.",
                Double(health.overflowCount)),
            one(
                "fanfare_game_commits_total", .counter, "Groups of answers put on disk.",
                Double(health.groupCount)),
            one(
                "fanfare_game_commit_answers_max", .gauge, "Answers of the largest group.",
                Double(health.groupAnswerCountMax)),
            one(
                "fanfare_game_commit_seconds_total", .counter, "Time spent in putting them there.",
                Double(health.commitNs) / 1e9),
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
        ]
    }

    /// What is wrong with it; empty if nothing.
    func problems() -> [String] {
        let health = game.health
        return [health.failure.map { "the ledger can't be written: \($0)" }].compactMap { $0 }
    }
}
