// The fair deadline on real connections: late on purpose is no gain.

import Foundation
import Testing

@Suite("A fair deadline", .ownMachine)
struct FairnessTests {
    private static let windowMs = 3_000
    private static let timing = TimingJudge(graceMs: 500, lagMsMax: 4_000, defaultLagMs: 1_500)

    /// A kind of player, and an answer of its that is well in time or well too late.
    private struct Case {
        let name: String
        let way: SimulatedPlayer.Way
        var lagMs = 0.0
        /// After it has read the question, ms.
        let delayMs: Double
        let isInTime: Bool
    }

    // Open at 0, with a window of 3 s and half a second of grace.
    private static let cases = [
        Case(name: "socket-in-time", way: .webSocket, delayMs: 2_800, isInTime: true),
        Case(name: "socket-too-late", way: .webSocket, delayMs: 4_200, isInTime: false),
        Case(name: "beside-in-time", way: .postBesideStream, delayMs: 2_800, isInTime: true),
        Case(name: "beside-too-late", way: .postBesideStream, delayMs: 4_200, isInTime: false),
        // Without a stream the window begins 1.5 s after the opening.
        Case(name: "alone-in-time", way: .postAlone, delayMs: 4_300, isInTime: true),
        Case(name: "alone-too-late", way: .postAlone, delayMs: 5_700, isInTime: false),
        // Who doesn't read has no longer for it: at 3.5 s it is over, with the margin at 4. Its
        // receipt, too, is read late where it comes down the WebSocket.
        Case(
            name: "socket-unread-in-time", way: .webSocket, lagMs: 800, delayMs: 800,
            isInTime: true),
        Case(
            name: "socket-unread-too-late", way: .webSocket, lagMs: 3_000, delayMs: 2_500,
            isInTime: false),
        Case(
            name: "beside-unread-in-time", way: .postBesideStream, lagMs: 1_500, delayMs: 1_200,
            isInTime: true),
        Case(
            name: "beside-unread-too-late", way: .postBesideStream, lagMs: 3_000,
            delayMs: 2_500, isInTime: false),
        Case(
            name: "socket-long-unread-too-late", way: .webSocket, lagMs: 5_000, delayMs: 1_000,
            isInTime: false),
    ]

    @Test("Each has its whole window from when it could have read the question, and no more")
    func windows() throws {
        // More than a megabyte a second: who doesn't read is soon behind in the server, too.
        let source = try SlowStage.source(gopCount: 24)
        let arguments = [
            "--player-key", PlayerTokens.key, "--lag-skip-ms", "30000", "--lag-drop-ms", "60000",
        ]
        try ServerProcess.run(arguments) { server in
            let publisher = LoopingPublisher(source, port: server.rtmpPort)
            defer { publisher.stop() }
            let host = ShowHost(port: server.staffPort, show: "fair")
            try host.create(["graceMs": 500, "lagMsMax": 4_000, "defaultLagMs": 1_500])
            let sheet = QuestionSheet(
                entries: (1...4).map {
                    .init(id: "q\($0)", optionCount: 4, correct: 0, windowMs: Self.windowMs)
                })
            #expect(try host.importQuestions(sheet.csv).statusCode == 200)
            try host.perform("lobby")
            let crowd = PlayerCrowd(try Self.players())
            defer { crowd.stop() }
            let door = PlayerDoor(port: server.httpPort)
            for (way, token) in crowd.look({ $0.map { ($0.way, $0.token) } })
            where way == .postAlone {
                try door.enter(token)
            }
            try crowd.connect(port: server.httpPort)
            try host.wait(forPlayers: Self.cases.count + 1)
            // On a machine that stood still meanwhile, an answer can be too near to an edge to be
            // demanded anything of: then the next question tells.
            var isTold = false
            for question in sheet.entries where !isTold {
                isTold = try ask(question, host, crowd)
            }
            #expect(isTold, "the machine stood still during each question")
        }
    }

    private static func players() throws -> [SimulatedPlayer] {
        var players = try cases.map { entry in
            SimulatedPlayer(
                id: entry.name, token: try PlayerTokens.mint(entry.name, show: "fair"),
                way: entry.way, lagMs: entry.lagMs
            ) { _ in [PlannedAnswer(delayMs: entry.delayMs, choice: 0)] }
        }
        // Reads the beginning, and then nothing any more.
        players.append(
            SimulatedPlayer(
                id: "stopped", token: try PlayerTokens.mint("stopped", show: "fair"),
                way: .postBesideStream, lagMs: 50_000
            ) { _ in [] })
        return players
    }

    /// Asks a question, and looks at what became of the answers.
    ///
    /// - Returns: whether every answer came as far from its deadline as it was to.
    private func ask(
        _ question: QuestionSheet.Entry, _ host: ShowHost, _ crowd: PlayerCrowd
    ) throws -> Bool {
        try crowd.waitForLateness { $0.id != "stopped" }
        var times = QuestionTimes(windowMs: Double(Self.windowMs))
        times.openAskedMs = MachineClock.nowMs
        try host.perform("open")
        times.openDoneMs = MachineClock.nowMs
        let latestMs = times.openDoneMs + Self.timing.lagMsMax + times.windowMs + 500
        crowd.look { players in
            players.last?.answer(question.id, 0, atMs: latestMs + 500)
        }
        try crowd.wait(for: "the answers to \(question.id)", within: 30) {
            $0.id == "stopped" ? $0.isSettled : $0.isDone(with: question.id)
        }
        let offeredByMs = crowd.look { TimingJudge.offeredByMs(question.id, $0) }
        let isTold = crowd.look { players in
            zip(players, Self.cases).allSatisfy { player, entry in
                guard let answer = player.sent.last else { return false }
                let demand = Self.timing.demand(
                    answer, of: player, times, offeredByMs: offeredByMs)
                return demand == (entry.isInTime ? .accepted : .tooLate)
            }
        }
        crowd.look { players in
            for (player, entry) in zip(players, Self.cases) {
                guard let answer = player.sent.last,
                    Self.timing.demand(answer, of: player, times, offeredByMs: offeredByMs)
                        != .either
                else { continue }
                #expect(answer.receipt?.code == (entry.isInTime ? nil : "too_late"), "\(entry)")
            }
            #expect(players.last?.sent.last?.receipt?.code == "too_late")
        }
        try host.perform("void", ["reason": "The next one, please"])
        return isTold
    }
}
