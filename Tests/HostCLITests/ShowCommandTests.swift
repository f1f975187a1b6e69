// `fanfare show`: what each command takes, and what it asks of the staff plane.

import ArgumentParser
import Testing
import Trivia

@testable import ControlRoom
@testable import HostCLI

@Suite struct ShowCommandTests {
    private func parse<Command: ParsableCommand>(
        _ arguments: [String], as _: Command.Type = Command.self
    ) throws -> Command {
        try #require(try ShowGroup.parseAsRoot(arguments) as? Command)
    }

    @Test func ordersAreParsed() throws {
        let lobby: ShowOrderCommand<LobbyArguments> = try parse(["lobby", "final"])
        #expect(lobby.target.show == "final" && lobby.arguments.body == ShowCommandBody())
        let next: ShowOrderCommand<OpenArguments> = try parse(["open", "final"])
        #expect(next.arguments.body == ShowCommandBody())
        let open: ShowOrderCommand<OpenArguments> = try parse([
            "open", "final", "q7", "--id", "x-1", "--expect-version", "7", "--by", "Ada",
            "--staff", "http://127.0.0.1:9091",
        ])
        #expect(open.arguments.body == ShowCommandBody(question: "q7"))
        #expect(open.order.id == "x-1" && open.order.expectVersion == 7)
        #expect(open.staff.by == "Ada" && open.staff.place.staff?.address.port == 9091)
        let lock: ShowOrderCommand<LockArguments> = try parse(["lock", "final", "--force"])
        #expect(lock.arguments.body == ShowCommandBody(force: true))
        let void: ShowOrderCommand<VoidArguments> = try parse([
            "void", "final", "--reason", "No sound",
        ])
        #expect(void.arguments.body == ShowCommandBody(reason: "No sound"))
        let ban: ShowOrderCommand<BanArguments> = try parse(["ban", "final", "u-1"])
        #expect(ban.arguments.body == ShowCommandBody(player: "u-1"))
        let order: ShowOrderCommand<OrderArguments> = try parse(["order", "final", "q2", "q1"])
        #expect(order.arguments.body == ShowCommandBody(questions: ["q2", "q1"]))
    }

    @Test func eachOrderIsOneOfTheAPI() {
        let commands = ShowGroup.configuration.subcommands
        let names = Set(commands.compactMap { $0.configuration.commandName })
        for form in ShowCommandForm.all {
            #expect(names.contains(form.name), "no fanfare show \(form.name)")
        }
    }

    @Test func showsAreDescribed() throws {
        let create: ShowCreate = try parse([
            "create", "Friday Final", "--show", "final", "--mode", "points", "--best", "3",
            "--prize-minor-units", "100000", "--currency", "EUR", "--remainder", "toTheFirst",
            "--starts-at", "2026-11-23T20:15:00+01:00", "--revives", "0", "--rehearsal",
        ])
        var plan = ShowPlan(title: "Friday Final")
        plan.mode = .points
        plan.bestCount = 3
        plan.reviveCount = 0
        plan.prize = try? PrizePool(
            minorUnits: 100_000, currency: "EUR", remainderRule: .toTheFirst)
        plan.startsAtMs = 1_795_461_300_000
        plan.isRehearsal = true
        #expect(create.plan == plan && create.show == "final" && create.stream == "show")
        let body = String(
            decoding: ShowClient.json(ShowCreation(id: "final", stream: "show", plan: plan)),
            as: UTF8.self)
        #expect(body.contains("\"id\":\"final\"") && body.contains("\"title\":\"Friday Final\""))
    }

    @Test func anEditChangesWhatItNames() throws {
        var plan = ShowPlan(title: "Friday Final")
        plan.reviveCount = 3
        plan.prize = try? PrizePool(minorUnits: 100_000, currency: "EUR")
        plan.startsAtMs = 1_795_461_300_000
        var wanted = plan
        try (parse(["edit", "final"]) as ShowEdit).apply(to: &plan)
        #expect(plan == wanted)

        // What isn't named stays: the remainder's rule, too. What can't stay goes along.
        plan.prize?.remainderRule = .toTheFirst
        let raise: ShowEdit = try parse([
            "edit", "final", "--prize-minor-units", "200000", "--currency", "EUR",
            "--max-lag-ms", "1000",
        ])
        var raised = plan
        raise.apply(to: &raised)
        #expect(raised.prize?.remainderRule == .toTheFirst && raised.prize?.minorUnits == 200_000)
        #expect(raised.timing.lagMsMax == 1_000 && raised.timing.defaultLagMs == 1_000)

        wanted.title = "Saturday Final"
        wanted.timing.graceMs = 250
        wanted.timing.lagMsMax = 3_000
        wanted.timing.defaultLagMs = 1_000
        wanted.timing.speedLagMsMax = 250
        wanted.questionCount = 12
        wanted.locksWhenAllAnswered = true
        wanted.scoring.base = 10
        wanted.scoring.speed = 5
        wanted.entryClosesAtQuestion = 2
        wanted.isRehearsal = true
        wanted.prize = nil
        let edit: ShowEdit = try parse([
            "edit", "final", "--title", "Saturday Final", "--grace-ms", "250", "--max-lag-ms",
            "3000", "--default-lag-ms", "1000", "--max-speed-lag-ms", "250", "--points", "10",
            "--speed-points", "5", "--questions", "12", "--lock-when-all-answered",
            "--entry-closes-at", "2", "--rehearsal", "true", "--no-prize",
        ])
        edit.apply(to: &plan)
        #expect(plan == wanted)
    }

    @Test func aQuestionIsWrittenByOptions() throws {
        let add: ShowQuestionAdd = try parse([
            "question", "add", "final", "--text", "Who?", "--option", "A", "--option", "B",
            "--correct", "B", "--spare", "--as", "who",
        ])
        var question = Question(id: "who", text: "", options: [], correct: 1)
        try add.options.apply(to: &question)
        #expect(add.question == "who")
        #expect(
            question
                == Question(
                    id: "who", text: "Who?", options: ["A", "B"], correct: 2, isSpare: true))
        let edit: ShowQuestionEdit = try parse([
            "question", "edit", "final", "who", "--no-spare", "--correct", "1",
        ])
        try edit.options.apply(to: &question)
        #expect(!question.isSpare && question.correct == 1 && question.text == "Who?")
        #expect(throws: QuestionOptionsError.self) {
            let wrong: ShowQuestionEdit = try parse([
                "question", "edit", "final", "who", "--correct", "C",
            ])
            try wrong.options.apply(to: &question)
        }
    }

    @Test func theRightOptionStaysTheSameWhenOptionsAreWrittenAnew() throws {
        var question = Question(id: "q", text: "?", options: ["A", "B", "C"], correct: 2)
        let moved: ShowQuestionEdit = try parse([
            "question", "edit", "final", "q", "--option", "B", "--option", "A",
        ])
        try moved.options.apply(to: &question)
        #expect(question.options == ["B", "A"] && question.correct == 1)
        let lost: ShowQuestionEdit = try parse([
            "question", "edit", "final", "q", "--option", "A", "--option", "C",
        ])
        #expect(throws: QuestionOptionsError.self) { try lost.options.apply(to: &question) }
    }

    @Test func aPrizeIsTypedAsMoney() throws {
        func prize(_ amount: String, _ currency: String) throws -> PrizePool? {
            let create: ShowCreate = try parse([
                "create", "x", "--prize", amount, "--currency", currency,
            ])
            return create.plan.prize
        }
        #expect(try prize("100000.00", "EUR")?.minorUnits == 10_000_000)
        #expect(try prize("100000", "JPY")?.money == "100000 JPY")
        #expect(try prize("1.500", "KWD")?.money == "1.500 KWD")
        for (amount, currency, words) in [
            ("100.000", "EUR", "100000.00 or 100.00"), ("100,000", "EUR", "100000.00"),
            ("1e5", "EUR", "no amount"), ("99999999999999999", "EUR", "the most"),
            ("5", "EURO", "ISO 4217"), ("5.5", "JPY", "no minor units"),
        ] {
            do {
                _ = try prize(amount, currency)
                Issue.record("\(amount) \(currency) was taken")
            } catch {
                let told = ShowGroup.message(for: error)
                #expect(told.contains(words), "\(told)")
            }
        }
    }

    @Test func questionsAreATable() {
        let records = [
            QuestionRecord(
                question: Question(
                    id: "q1", text: "Which\nis it?", options: ["a", "b"], correct: 2,
                    windowMs: 8_000), state: .revealed),
            QuestionRecord(
                question: Question(
                    id: "q2", text: "And?", options: ["x", "y", "z"], correct: 1, windowMs: 2_500),
                state: .waiting),
        ]
        #expect(
            ShowTables.questions(records, next: "q2") == """
                no  id  state          window  question      options
                 1  q1  revealed          8 s  Which is it?  1 a | *2 b
                 2  q2  waiting, next   2.5 s  And?          *1 x | 2 y | 3 z

                """)
        #expect(ShowTables.questions([], next: nil).contains("fanfare show import"))
    }

    @Test func whatIsLostByAnImportIsNamed() throws {
        let preview = ImportPreview(
            version: 3, waitingBefore: 8, waitingAfter: 4, questionCount: 4,
            removed: ["a", "b", "c", "d", "e", "f"], changed: ["g"])
        #expect(
            ShowImport.question(preview)
                == "8 waiting questions are replaced by 4: 6 go (a, b, c, d, e, …), 1 are changed "
                + "(g). Go on?")
        let sure: ShowImport = try parse(["import", "final", "a.csv", "--yes"])
        #expect(sure.confirmation.isSure && !sure.ignoreUnknownColumns)
        let settle: ShowOrderCommand<SettleArguments> = try parse(["settle", "final", "--yes"])
        #expect(settle.arguments.confirmation.isSure)
        let delete: ShowDelete = try parse(["delete", "final"])
        #expect(!delete.confirmation.isSure)
    }

    @Test func filesAreNamed() throws {
        let file: ShowImport = try parse(["import", "final", "a.CSV", "--append"])
        #expect(file.file == "a.CSV" && file.append)
        #expect(ShowFileFormat(path: "a.b/c.json") == .json && ShowFileFormat(path: "csv") == nil)
        let export: ShowExport = try parse(["export", "final", "winners", "--format", "json"])
        #expect(export.subject == .winners && export.format == .json)
    }

    @Test func whatCannotBeWrittenIsSaidInWords() {
        #expect(
            throws: WholeFileError.cannotWrite(
                path: "/proc/none/x", reason: "No such file or directory")
        ) { try WholeFile.write([1], to: "/proc/none/x") }
        #expect(
            throws: WholeFileError.cannotWrite(
                path: "/dev/full", reason: "No space left on device")
        ) { try WholeFile.write([1], to: "/dev/full") }
    }

    @Test(arguments: [
        ["open"], ["open", "a/b"], ["open", "a b"], ["open", ""], ["lobby", "final", "x"],
        ["void", "final"], ["kick", "final"], ["lobby", "final", "--id", "a b"],
        ["lobby", "final", "--id", ""], ["lobby", "final", "--by", "a\nb"],
        ["import", "final", "questions"], ["import", "final"], ["export", "final", "players"],
        ["create", "x", "--mode", "chess"], ["create", "x", "--currency", "EUR"],
        ["create", "x", "--starts-at", "soon"], ["create", "x", "--show", "é"],
        ["create", "x", "--remainder", "kept"], ["order", "final"], ["edit"],
        ["edit", "final", "--no-prize", "--prize-minor-units", "1", "--currency", "EUR"],
        ["question", "add", "final", "--text", "x"], ["question", "edit", "final"],
        ["question", "remove", "final", "a/b"], ["last", "final", "--number", "x"],
        ["correct", "final"], ["players", "final", "--count", "0"],
        ["create", "x", "--prize", "5"],
        ["lock", "final", "--force", "--wait"],
        ["create", "x", "--prize", "5", "--prize-minor-units", "5", "--currency", "EUR"],
        ["dance", "final"],
    ])
    func theRestIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) {
            try ShowGroup.parseAsRoot(arguments)
        }
    }

    @Test func momentsAreInUTC() {
        #expect(WallClock.text(ms: 1_795_461_300_000) == "2026-11-23 19:15:00")
        #expect(WallClock.ms(parsing: "2026-11-23T19:15:00Z") == 1_795_461_300_000)
        #expect(WallClock.ms(parsing: "2026-11-23 19:15") == nil)
    }
}
