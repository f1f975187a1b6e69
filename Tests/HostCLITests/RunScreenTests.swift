// The live view of `fanfare show run`: its keys and its lines, without a terminal.

import ControlRoom
import Testing
import Trivia

@testable import HostCLI

@Suite struct RunScreenTests {
    private static func questions(_ count: Int) -> [QuestionRecord] {
        (1...count).map { number in
            QuestionRecord(
                question: Question(
                    id: "id-\(number)", text: "Question \(number)?", options: ["yes", "no"],
                    correct: 2), state: .waiting)
        }
    }

    private static func state(
        _ phase: ShowPhase = .live, version: Int = 7, question: QuestionOn? = nil
    ) -> ShowState {
        ShowState(
            id: "final", stream: "show", plan: ShowPlan(title: "Friday\u{1B}[31m Final"),
            phase: phase,
            version: version,
            tally: PlayerTally(players: 120, survivors: 80, eliminated: 30, spectators: 10),
            question: question, waitingCount: 3, nextQuestion: "id-1")
    }

    private static func screen(_ count: Int = 3, _ state: ShowState = state()) -> RunScreen {
        var screen = RunScreen(state: state, nowMs: 0)
        screen.show(questions(count))
        return screen
    }

    private func press(_ keys: String, _ screen: inout RunScreen) -> [RunAction] {
        var reader = TerminalKeyReader()
        return reader.keys(in: Array(keys.utf8)).compactMap { screen.press($0) }
    }

    private func order(
        _ name: String, question: String? = nil, force: Bool? = nil,
        reason: String? = nil
    ) -> RunAction {
        .order(
            name: name,
            body: ShowCommandBody(
                question: question, force: force, reason: reason, expectedVersion: 7))
    }

    @Test func whatNobodySeesIsAskedAbout() {
        var state = Self.state()
        state.onAir = OnAir(
            feed: .off, feedSinceMs: 0, viewers: 0, isSeen: false, isSeenSinceMs: 0)
        var screen = Self.screen(3, state)
        let lines = screen.lines(nowMs: 0, height: 40, width: 120).joined(separator: "\n")
        #expect(lines.contains("stream show OFF AIR since 1970-01-01 00:00:00 UTC, 0 viewers"))
        #expect(press("o", &screen) == [])
        let asked = screen.lines(nowMs: 0, height: 40, width: 200).joined(separator: "\n")
        #expect(asked.contains("Nobody would see it"))
        #expect(press("n", &screen) == [], "no")
        #expect(press("oy", &screen) == [order("open", force: true)])
        #expect(press("2y", &screen) == [order("open", question: "id-2", force: true)])
        state.onAir = OnAir(
            feed: .live, feedSinceMs: 0, viewers: 0, isSeen: false, isSeenSinceMs: 60_000)
        screen.show(state, nowMs: 0)
        #expect(
            screen.lines(nowMs: 0, height: 40, width: 120).joined(separator: "\n")
                .contains("0 viewers: NOBODY WATCHES since 1970-01-01 00:01:00 UTC"))
        state.onAir = OnAir(
            feed: .live, feedSinceMs: 0, viewers: 2, isSeen: true, isSeenSinceMs: 60_000,
            warnings: ["No keyframe has come."])
        screen.show(state, nowMs: 0)
        #expect(
            screen.lines(nowMs: 0, height: 40, width: 120).contains {
                $0.contains("! feed: No keyframe has come.")
            })
        #expect(ShowTables.live(state).contains("! feed: No keyframe has come."))
        #expect(press("o", &screen) == [order("open")])
    }

    @Test func keysAreOrdersForTheShowAsItIsSeen() {
        var screen = Self.screen()
        #expect(
            press("olLrnp2", &screen) == [
                order("open"), order("lock"), order("lock", force: true), order("reveal"),
                order("next"), order("pause"), order("open", question: "id-2"),
            ])
        #expect(press("q", &screen) == [.quit])
        #expect(press("\u{3}", &screen) == [.quit])
    }

    @Test func pauseIsResumeWhilePaused() {
        var state = Self.state()
        state.isPaused = true
        var screen = Self.screen(3, state)
        #expect(press("p", &screen) == [order("resume")])
    }

    @Test func aNumberWaitsForItsSecondDigitWhereThereIsOne() {
        var screen = Self.screen(12)
        #expect(press("2", &screen) == [order("open", question: "id-2")])
        #expect(press("1", &screen) == [])
        #expect(screen.prompt == .number("1"))
        #expect(press("2", &screen) == [order("open", question: "id-12")])
        #expect(press("1\r", &screen) == [order("open", question: "id-1")])
        #expect(press("1\u{1B}", &screen) == [])
        #expect(press("1\u{7F}", &screen) == [])
        #expect(screen.prompt == .none)
        var few = Self.screen(3)
        #expect(press("7", &few) == [])
        #expect(few.message == "There is no question 7.")
    }

    @Test func numbersStayWithTheirQuestions() {
        var screen = Self.screen(3)
        screen.show(Array(Self.questions(4).reversed()))
        #expect(press("1", &screen) == [order("open", question: "id-1")])
        #expect(press("4", &screen) == [order("open", question: "id-4")])
    }

    @Test func whatIsGraveIsAskedTwice() {
        var screen = Self.screen()
        #expect(press("f", &screen) == [])
        let lines = screen.lines(nowMs: 0, height: 24, width: 80)
        #expect(lines.contains("End the game? y: yes, any other key: no"))
        #expect(press("n", &screen) == [], "no is no, and not the key n")
        #expect(press("fy", &screen) == [order("finish")])
        #expect(press("s", &screen) == [] && screen.message.contains("finished"))
        var finished = Self.state(.finished)
        finished.plan.prize = try? PrizePool(minorUnits: 100_000, currency: "EUR")
        finished.settlement = SettlementPreview(
            winnerCount: 3, prize: finished.plan.prize, shareMinorUnits: 33_333,
            sentence: "1000.00 EUR among 3 winners: 333.33 EUR each.")
        var end = Self.screen(3, finished)
        #expect(press("s", &end) == [])
        let asked = end.lines(nowMs: 0, height: 40, width: 200).joined(separator: "\n")
        #expect(asked.contains("333.33 EUR each. Divide the prize so, for good?"), "\(asked)")
        #expect(asked.contains("prize 1000.00 EUR"))
        #expect(press("y", &end) == [order("settle")])
        var draft = Self.screen(3, Self.state(.draft))
        #expect(press("by", &draft) == [order("lobby")])
        #expect(press("b", &screen) == [] && screen.prompt == .none)
    }

    @Test func aWrongKeyIsPutRightAndTheLastIsSaid() {
        let question = Question(id: "id-1", text: "?", options: ["yes", "no"], correct: 2)
        let on = QuestionOn(
            question: question, state: .revealed, number: 2, of: 2, counts: [1, 2], isLast: true)
        var screen = Self.screen(3, Self.state(question: on))
        var body = ShowCommandBody(question: "id-1", correct: "#1", reason: "A typo")
        body.expectedVersion = 7
        #expect(press("c1A typo\r", &screen) == [.order(name: "correct", body: body)])
        #expect(press("c3", &screen) == [] && screen.prompt == .none, "there is no option 3")
        #expect(press("c1x\u{1B}", &screen) == [] && screen.prompt == .none)
        #expect(press("ey", &screen) == [order("last")])
        let lines = screen.lines(nowMs: 0, height: 24, width: 100)
        #expect(lines.contains { $0.hasPrefix("question 2 of 2, THE LAST") })
        var none = Self.screen()
        #expect(press("c", &none) == [] && none.message == "No question is on.")
    }

    @Test func whatMeansMoreThanItSeemsIsAskedWithItsReason() {
        var screen = Self.screen()
        let reason = "Only 1 of the 3 planned questions have been asked."
        func ask() {
            guard case .order(let name, let body)? = press("fy", &screen).first else {
                Issue.record("no order")
                return
            }
            screen.ask(reason, name: name, body.confirmed("early"))
        }
        ask()
        let text = screen.lines(nowMs: 0, height: 24, width: 40).joined(separator: " ")
        #expect(text.contains(reason) && text.contains("y: yes"))
        #expect(press("n", &screen) == [] && screen.prompt == .none)
        ask()
        var body = ShowCommandBody(early: true)
        body.expectedVersion = 7
        #expect(press("y", &screen) == [.order(name: "finish", body: body)])
    }

    @Test func voidAsksForTheReason() {
        var screen = Self.screen()
        #expect(
            press("vNo sünd\u{7F}\u{7F}\u{7F}ound q\r", &screen)
                == [order("void", reason: "No sound q")])
        #expect(press("v  \r", &screen) == [])
        #expect(screen.message == "Nothing is voided without a reason.")
        #expect(press("vabc\u{1B}", &screen) == [])
        #expect(screen.prompt == .none)
        #expect(press("v\u{3}", &screen) == [.quit])
    }

    @Test func keysComeInAnyCutting() {
        var reader = TerminalKeyReader()
        #expect(reader.keys(in: [0xC3]) == [])
        #expect(reader.keys(in: [0xBC, 0x6C]) == [.character("ü"), .character("l")])
        #expect(reader.keys(in: Array("\u{1B}[A\u{1B}[1;5Cx\u{1B}OP".utf8)) == [.character("x")])
        #expect(reader.keys(in: [0x1B]) == [.escape])
        #expect(reader.keys(in: Array("\u{1B}[".utf8)) == [], "Insert, and half of it")
        #expect(reader.keys(in: Array("2~y".utf8)) == [.character("y")])
        let endless = reader.keys(in: Array("\u{1B}[".utf8) + [UInt8](repeating: 0x31, count: 99))
        #expect(endless == [] && reader.keys(in: Array("~l".utf8)) == [.character("l")])
        #expect(reader.keys(in: [0xFF, 0x61, 0x00, 0x01]) == [.character("a")])
    }

    @Test func theViewShowsWhatCounts() {
        var on = QuestionOn(
            question: Self.questions(1)[0].question, state: .open, number: 1, of: 3,
            askedCount: 90, answeredCount: 41, counts: [1, 40])
        on.remainingMs = 4_200
        on.lockableInMs = 8_700
        let screen = Self.screen(3, Self.state(question: on))
        let text = screen.lines(nowMs: 1_000, height: 40, width: 200).joined(separator: "\n")
        for words in [
            "LIVE", "players 120   in 80   out 30   watching 10", "3.2 s left",
            "answered 41 of 90", "*2", "97 %", ">  1  waiting  Question 1?", "q quit",
        ] {
            #expect(text.contains(words), "\(words) is not in\n\(text)")
        }
        #expect(!text.contains("\u{1B}"), "a title can't command the terminal")
        let late = screen.lines(nowMs: 5_000, height: 40, width: 200).joined(separator: "\n")
        #expect(late.contains("time over; the last answers for 3.7 s"))
    }

    @Test(arguments: [0, 1, 5, 8, 12, 24], [0, 10, 80])
    func theViewFitsTheTerminal(height: Int, width: Int) {
        let screen = Self.screen(200)
        let lines = screen.lines(nowMs: 0, height: height, width: width)
        #expect(lines.count <= height && lines.allSatisfy { $0.count <= width })
    }

    @Test func whatIsWrongIsSaidInFullOnANarrowTerminal() {
        var screen = Self.screen()
        screen.message = "The show is in phase draft; this needs live. Open the lobby first."
        let lines = screen.lines(nowMs: 0, height: 24, width: 30)
        #expect(lines.joined(separator: " ").contains(screen.message))
    }

    @Test func allKeysAreNamedOnANarrowTerminal() {
        let lines = Self.screen().lines(nowMs: 0, height: 24, width: 40)
        let foot = lines.suffix(5).joined(separator: "  ")
        for key in ["1-9 open", "o next question", "n standings", "s settle", "q quit"] {
            #expect(foot.contains(key), "\(key) is not in\n\(foot)")
        }
    }

    @Test func tablesAreStraight() {
        #expect(
            ShowTables.table(["a", "n"], [["xx", "1"], ["y\u{9B}", "22"]], numbers: [1])
                == "a    n\nxx   1\ny   22\n")
    }
}
