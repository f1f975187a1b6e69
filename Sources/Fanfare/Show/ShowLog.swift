// The log of the show: what a host did and what came of it, and how many were there.

import Game
import Logging
import Synchronization
import Trivia

/// Writes down the steps of shows, each a line, at info. Nothing is said of one viewer, one player or
/// one answer, so that a large audience makes no longer log than a small one.
final class ShowLog: Sendable {
    /// What was said last of who is there.
    private struct Audience: Equatable {
        var phase: ShowPhase
        var viewers: Int
        var players: Int
        var playing: Int
    }

    private let logger: Logger
    private let viewerCount: @Sendable (String) -> Int
    private let said = Mutex<[String: Audience]>([:])

    /// How often it is said how many are there, if that has changed, s.
    private static let audienceSeconds = 60

    /// - Parameter viewerCount: how many watch a stream now.
    init(logger: Logger, viewerCount: @escaping @Sendable (String) -> Int) {
        self.logger = logger
        self.viewerCount = viewerCount
    }

    // MARK: Steps

    /// Writes down what has happened. Waits for nothing.
    func note(_ step: ShowStep) {
        let (words, details) = Self.line(of: step.kind)
        var metadata: Logger.Metadata = [
            "by": "\(step.who)", "stream": "\(step.stream)",
            "viewers": "\(viewerCount(step.stream))", "players": "\(step.tally.players)",
            "playing": "\(step.tally.survivors)",
        ]
        for (name, value) in details { metadata[name] = "\(value)" }
        logger.info("show \(step.show): \(words)", metadata: metadata)
    }

    /// Words of ours, and beside them what others have written, which is shown as values.
    private static func line(
        of kind: ShowStep.Kind
    ) -> (words: String, details: [(String, any CustomStringConvertible & Sendable)]) {
        switch kind {
        case .made(let prize, let isRehearsal):
            (
                isRehearsal ? "a rehearsal was made" : "it was made",
                prize.map { [("prize", $0)] } ?? []
            )
        case .doorsOpened: ("the doors are open", [])
        case .doorsClosed: ("the doors are closed: who comes now watches", [])
        case .questionOpened(let id, let number, let isLast, let asked):
            (
                "question \(number) is open" + (isLast ? ", the last one" : ""),
                [("question", id), ("asked", asked)]
            )
        case .questionLocked(let id, let number, let answers, let asked):
            (
                "question \(number) is closed",
                [("question", id), ("answers", answers), ("asked", asked)]
            )
        case .questionRevealed(
            let id, let number, let right, let wrong, let missing, let revived, let out):
            (
                "question \(number) is revealed",
                [
                    ("question", id), ("right", right), ("wrong", wrong), ("missing", missing),
                    ("revived", revived), ("out", out),
                ]
            )
        case .questionVoided(let id, let reason):
            ("a question was taken back", [("question", id), ("reason", reason)])
        case .keyCorrected(let id, let reason):
            ("the right option was put right", [("question", id), ("reason", reason)])
        case .standingsShown: ("the standings are on", [])
        case .paused: ("it is paused", [])
        case .resumed: ("it goes on", [])
        case .finished(let winners, let share): ("it is finished", end(winners, share))
        case .reopened: ("the finish was taken back", [])
        case .settled(let winners, let share): ("the prize is divided", end(winners, share))
        case .deleted: ("it was deleted", [])
        }
    }

    private static func end(
        _ winners: Int, _ share: String?
    ) -> [(String, any CustomStringConvertible & Sendable)] {
        [("winners", winners)] + (share.map { [("each", $0)] } ?? [])
    }

    // MARK: Who is there

    /// Says of each show that is on how many are there, where that has changed.
    func noteAudience(of shows: [ShowFigures]) {
        let now = shows.filter { $0.phase == .lobby || $0.phase == .live }.map { show in
            (
                show,
                Audience(
                    phase: show.phase, viewers: viewerCount(show.stream),
                    players: show.tally.players, playing: show.tally.survivors)
            )
        }
        let changed = said.withLock { said in
            let changed = now.filter { said[$0.0.id] != $0.1 }
            said = Dictionary(now.map { ($0.0.id, $0.1) }) { first, _ in first }
            return changed
        }
        for (show, audience) in changed {
            logger.info(
                "show \(show.id): who is there",
                metadata: [
                    "phase": "\(audience.phase.rawValue)", "stream": "\(show.stream)",
                    "viewers": "\(audience.viewers)", "players": "\(audience.players)",
                    "playing": "\(audience.playing)",
                ])
        }
    }

    /// Says so now and then, as long as the task runs.
    func tend(_ game: GameDesk) async {
        while !Task.isCancelled {
            noteAudience(of: game.figures())
            // Cancelled, it ends by the loop's condition.
            try? await Task.sleep(for: .seconds(Self.audienceSeconds))
        }
    }
}
