// The log of the show: a line for each step, of bounded length and rate.

import Logging
import Settings
import Synchronization
import Testing
import Trivia

@testable import Fanfare
@testable import Game

@Suite struct ShowLogTests {
    private final class Stand: Sendable {
        let lines = Mutex<[String]>([])
        let viewerCount = Mutex(12)

        func log(level: Logger.Level = .info, format: LogFormat = .text) -> ShowLog {
            let sink = LogSink(level: level, format: format) { line in
                self.lines.withLock { $0.append(line) }
            }
            return ShowLog(logger: Logger(label: "fanfare", factory: sink.factory)) { _ in
                self.viewerCount.withLock { $0 }
            }
        }

        /// What was logged, without its times.
        var words: [Substring] { lines.withLock { $0.map { $0.dropFirst(25).dropLast() } } }
    }

    private static func step(_ kind: ShowStep.Kind) -> ShowStep {
        ShowStep(
            show: "final", stream: "live", who: "Ann\na", kind: kind,
            tally: PlayerTally(players: 9, survivors: 4, eliminated: 5))
    }

    private static func figures(_ phase: ShowPhase, players: Int) -> ShowFigures {
        ShowFigures(
            id: "final", stream: "live", phase: phase,
            tally: PlayerTally(players: players, survivors: players))
    }

    @Test func aStepIsALineWithWhoWasThere() {
        let stand = Stand()
        stand.log().note(
            Self.step(.questionLocked(id: "q3", number: 3, answers: 7, asked: 9)))
        #expect(
            stand.words == [
                #"info fanfare: show final: question 3 is closed answers=7 asked=9 by="Ann\na" "#
                    + "players=9 playing=4 question=q3 stream=live viewers=12"
            ])
    }

    @Test func othersWordsAreValuesAndCantForgeALine() {
        let stand = Stand()
        stand.log(format: .json).note(
            Self.step(.questionVoided(id: "q3", reason: "x\"}\n{\"level\":\"error\"")))
        let line = stand.lines.withLock { $0.joined() }
        #expect(line.split(separator: "\n").count == 1)
        #expect(line.contains(#""reason":"x\"}\n{\"level\":\"error\"""#))
    }

    @Test func theEndSaysHowManyHaveWonAndWhatEachGets() {
        let stand = Stand()
        stand.log().note(Self.step(.settled(winners: 4, share: "250.00 EUR")))
        #expect(stand.words.first?.contains("the prize is divided") == true)
        #expect(stand.words.first?.contains(#"each="250.00 EUR""#) == true)
        #expect(stand.words.first?.contains("winners=4") == true)
    }

    @Test func howManyAreThereIsSaidWhereItHasChanged() {
        let stand = Stand()
        let log = stand.log()
        log.noteAudience(of: [Self.figures(.draft, players: 0)])
        #expect(stand.words == [], "nobody is there before the doors open")
        for _ in 0..<3 { log.noteAudience(of: [Self.figures(.lobby, players: 5)]) }
        #expect(
            stand.words == [
                "info fanfare: show final: who is there phase=lobby players=5 playing=5 "
                    + "stream=live viewers=12"
            ])
        stand.viewerCount.withLock { $0 = 13 }
        log.noteAudience(of: [Self.figures(.live, players: 5)])
        log.noteAudience(of: [Self.figures(.settled, players: 5)])
        #expect(stand.words.count == 2)
    }

    @Test func aLogOfWarningsHasNothingOfIt() {
        let stand = Stand()
        stand.log(level: .warning).note(Self.step(.doorsOpened))
        #expect(stand.words == [])
    }
}
