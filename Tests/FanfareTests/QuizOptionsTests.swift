// `fanfare rehearse --answers`: what may be said together, and what it becomes.

import Access
import ArgumentParser
import FoundationEssentials
import Testing

@testable import Fanfare

@Suite struct QuizOptionsTests {
    private func parse(_ arguments: [String]) throws -> Rehearse {
        let all = ["rehearse", "--url", "http://127.0.0.1:8080/live/show.flv"] + arguments
        return try #require(try FanfareCommand.parseAsRoot(all) as? Rehearse)
    }

    @Test func withoutAnswersNobodyPlays() throws {
        #expect(try parse([]).quiz.plan() == nil)
        for option in [["--post", "5%"], ["--show", "final"], ["--seed", "2"]] {
            #expect(throws: (any Error).self) { try parse(option) }
        }
    }

    @Test func guestsHaveDefaults() throws {
        let plan = try #require(try parse(["--answers", "80%"]).quiz.plan())
        #expect(plan.answeringShare == 0.8 && plan.postingShare == 0.2)
        #expect(plan.show == nil && plan.seed == 1)
        guard case .guests = plan.identity else {
            Issue.record("not guests")
            return
        }
        let other = try #require(
            try parse(["--answers", "1", "--post", "0", "--show", "final", "--seed", "9"])
                .quiz.plan())
        #expect(other.answeringShare == 1 && other.postingShare == 0)
        #expect(other.show == "final" && other.seed == 9)
    }

    @Test func playersStay() {
        #expect(throws: (any Error).self) { try parse(["--answers", "80%", "--churn", "5/s"]) }
    }

    @Test func tokensAreMadeForAShow() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "quiz-options-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "player-key").path
        let text = String(repeating: "k3-", count: 12)
        try Data("\(text)\n".utf8).write(to: URL(filePath: path))
        #expect(throws: (any Error).self) {
            try parse(["--answers", "80%", "--player-key", path])
        }
        let arguments = ["--answers", "80%", "--show", "final", "--player-key"]
        let plan = try #require(try parse(arguments + [path]).quiz.plan())
        guard case .minted(let mint) = plan.identity else {
            Issue.record("no tokens")
            return
        }
        let key = try PlayerKey(validating: text)
        let tokens = try (0..<3).map { number in
            let token = Array(try #require(mint(number)).utf8)
            return try PlayerToken.verify(
                token.span.bytes, key: key, show: "final",
                nowUnixS: Int(Date().timeIntervalSince1970))
        }
        #expect(Set(tokens.map(\.subject)).count == 3)
        #expect(throws: QuizOptionsError.self) {
            try parse(arguments + [folder.path + "/none"]).quiz.plan()
        }
        try Data("short\n".utf8).write(to: URL(filePath: path))
        #expect(throws: QuizOptionsError.self) { try parse(arguments + [path]).quiz.plan() }
    }
}
