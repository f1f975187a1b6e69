// A server with a stream and a show whose doors are open: where most tests of the game begin.

import Foundation
import Testing

/// Everything a test of one show needs.
struct ShowStage {
    let server: ServerProcess
    let host: ShowHost
    let door: PlayerDoor
    let publisher: LoopingPublisher

    /// Runs a server, a publisher and a show `quiz` with questions of a minute.
    ///
    /// - Parameters:
    ///   - plan: the show's plan; by default nothing is made up for any lag.
    ///   - correct: the right options of the questions `q1`, `q2` and so on, of four each.
    static func run(
        _ arguments: [String] = [], plan: [String: Any] = ["lagMsMax": 0],
        correct: [Int] = [0, 1, 2, 3], windowMs: Int = 60_000,
        _ body: (ShowStage) throws -> Void
    ) throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--player-key", PlayerTokens.key] + arguments) { server in
            let publisher = LoopingPublisher(source, port: server.rtmpPort)
            defer { publisher.stop() }
            let host = ShowHost(port: server.staffPort, show: "quiz")
            try host.create(plan)
            let sheet = QuestionSheet(
                entries: correct.enumerated().map { index, option in
                    .init(id: "q\(index + 1)", optionCount: 4, correct: option, windowMs: windowMs)
                })
            #expect(try host.importQuestions(sheet.csv).statusCode == 200)
            try host.perform("lobby")
            try body(
                ShowStage(
                    server: server, host: host, door: PlayerDoor(port: server.httpPort),
                    publisher: publisher))
        }
    }

    /// A player on a WebSocket, who is in the show.
    func player(_ id: String) throws -> WebSocketPlayer {
        let token = try PlayerTokens.mint(id, show: "quiz")
        let player = try WebSocketPlayer(port: server.httpPort, token: token)
        try player.wait(for: "the stream") { $0.tags.count > 4 }
        try door.enter(token)
        return player
    }

    /// A token of a player who is in the show.
    func token(_ id: String) throws -> String {
        let token = try PlayerTokens.mint(id, show: "quiz")
        try door.enter(token)
        return token
    }

    /// Opens the next question, and waits until these have it.
    func open(_ question: String, for players: [WebSocketPlayer]) throws {
        try host.perform("open")
        for player in players {
            try player.wait(for: question) { $0.cues.contains { $0.question == question } }
        }
    }

    /// Locks and reveals the question that is open.
    func reveal() throws {
        try host.perform("lock", ["force": true])
        try host.perform("reveal")
    }
}
