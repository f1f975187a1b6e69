// What the appliance makes callbacks of, and how long it believes an answer.

import Callbacks
import Ledger
import Settings
import Testing
import Trivia
import WireBytes

@testable import Delivery
@testable import Fanfare
@testable import Game

@Suite struct LiveCallbackTests {
    private func show(_ id: String, _ phase: ShowPhase) -> ShowFigures {
        ShowFigures(
            id: id, stream: "show", phase: phase,
            tally: PlayerTally(players: 5, survivors: 3, eliminated: 2, spectators: 0))
    }

    @Test func settingsAndEventsHaveTheSameWords() {
        let told = CallbackKind.allCases.filter { !$0.isQuestion }.map(\.rawValue)
        #expect(Set(told) == Set(CallbackEventName.allCases.map(\.rawValue)))
    }

    @Test func theFirstAndTheLastViewerAreToldAndThoseBetweenAreNot() {
        var watch = CallbackWatch()
        func told(_ viewers: [String: Int]) -> [String] {
            watch.look(viewers: viewers, [], atMs: 7).map { event in
                "\(event.kind.rawValue) \(event.members.first.map { "\($0.value)" } ?? "")"
            }
        }
        #expect(told(["show": 0]).isEmpty)
        #expect(told(["show": 2, "two": 0]) == [#"audience.first text("show")"#])
        #expect(told(["show": 5, "two": 0]).isEmpty)
        #expect(
            told(["show": 0, "two": 1]) == [
                #"audience.last text("show")"#, #"audience.first text("two")"#,
            ])
        // A stream that is gone has no viewers.
        #expect(told([:]) == [#"audience.last text("two")"#])
        #expect(told([:]).isEmpty)
    }

    @Test func atTheEndNobodyWatchesAnyMore() {
        var watch = CallbackWatch()
        _ = watch.look(viewers: ["show": 2, "two": 0], [show("a", .live)], atMs: 7)
        #expect(
            watch.end(atMs: 8) == [
                CallbackEvent(
                    .lastViewer, atMs: 8, [("stream", .text("show")), ("viewers", .number(0))])
            ])
    }

    @Test func whatGoesWrongIsAWarningOfTheHealth() {
        func warnings(
            longest: Int = 0, dead: Int = 0, lost: Int = 0, reason: String? = nil
        ) -> [String] {
            LiveCallbacks.warnings(
                counts: CallbackCounts(waiting: longest, dead: dead, longest: longest),
                lostCount: lost,
                unanswered: [(.publishAsked, nil), (.playAsked, reason)])
        }
        #expect(warnings(longest: 7_999).isEmpty)
        #expect(warnings(longest: 8_000).map { $0.contains("8000 callbacks wait") } == [true])
        #expect(warnings(dead: 18).map { $0.contains("18 are kept") } == [true])
        #expect(warnings(lost: 3).map { $0.contains("3 so far") } == [true])
        #expect(warnings(reason: "it hung up") == ["play.ask isn't answered: it hung up"])
    }

    @Test func aShowsPhasesAreToldFromTheFirstLookOn() {
        var watch = CallbackWatch()
        func told(_ shows: [ShowFigures]) -> [CallbackEvent] {
            watch.look(viewers: [:], shows, atMs: 7)
        }
        #expect(told([show("old", .live)]).isEmpty)
        #expect(told([show("old", .live)]).isEmpty)
        let events = told([show("old", .finished), show("new", .draft)])
        #expect(
            events == [
                CallbackEvent(
                    .showPhase, atMs: 7,
                    [
                        ("show", .text("old")), ("stream", .text("show")),
                        ("phase", .text("finished")), ("players", .number(5)),
                    ]),
                CallbackEvent(
                    .showPhase, atMs: 7,
                    [
                        ("show", .text("new")), ("stream", .text("show")),
                        ("phase", .text("draft")), ("players", .number(5)),
                    ]),
            ])
        #expect(told([show("old", .finished), show("new", .draft)]).isEmpty)
    }

    @Test func anAnswerHoldsForAWhileAndAQuestionIsAskedOnce() {
        var answers = PlayAnswers()
        let key = PlayAnswers.Key(stream: "show", host: HostKey(v4: 1))
        let other = PlayAnswers.Key(stream: "two", host: HostKey(v4: 1))
        #expect(answers.look(key, nowMs: 0) == .new)
        #expect(answers.look(key, nowMs: 1) == .asked)
        #expect(answers.look(other, nowMs: 1) == .new)
        answers.set(.allowed, for: key, nowMs: 10)
        #expect(answers.look(key, nowMs: 10 + PlayAnswers.allowedMs - 1) == .known(.allowed))
        #expect(answers.look(key, nowMs: 10 + PlayAnswers.allowedMs) == .new)
        answers.set(.refused(reason: "No."), for: other, nowMs: 10)
        #expect(answers.look(other, nowMs: 11) == .known(.refused("No.", by: .backend)))
        #expect(answers.look(other, nowMs: 10 + PlayAnswers.refusedMs) == .new)
        answers.set(.unanswered(reason: "x"), for: other, nowMs: 20_000)
        #expect(answers.look(other, nowMs: 20_001) == .known(.allowed))
        #expect(answers.look(other, nowMs: 20_000 + PlayAnswers.unansweredMs) == .new)
    }

    @Test func soManyAnswersAreKeptAndTheOldMakeRoom() {
        var answers = PlayAnswers()
        func key(_ number: Int) -> PlayAnswers.Key {
            PlayAnswers.Key(stream: "show", host: HostKey(v4: UInt32(number)))
        }
        for number in 0..<PlayAnswers.countMax {
            #expect(answers.look(key(number), nowMs: 0) == .new)
            answers.set(.allowed, for: key(number), nowMs: 0)
        }
        #expect(answers.look(key(0xFFFF_FFFF), nowMs: 1_000) == .full)
        #expect(answers.look(key(0), nowMs: 1_000) == .known(.allowed))
        let laterMs = PlayAnswers.allowedMs + 1_000
        #expect(answers.look(key(0xFFFF_FFFF), nowMs: laterMs) == .new)
    }
}
