// Money over the staff API: prizes as they are typed, answers as a file, and what settling would pay.

import FoundationEssentials
import Testing
import Trivia

@testable import ControlRoom

extension ShowAPITests {
    @Test func moneyIsTakenAndToldAsMoney() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let plan =
                #"{"title": "x", "stream": "s", "prize": {"amount": "1234.5", "currency": "KWD"}}"#
            let wrong = try await server.send(
                "POST", "/api/v1/shows", json: plan, fields: ["Idempotency-Key: a"])
            #expect(wrong.status == 400 && wrong.text.contains("1234.500"), "\(wrong.text)")
            let made = try await server.send(
                "POST", "/api/v1/shows", json: plan.replacing("1234.5", with: "1234.500"),
                fields: ["Idempotency-Key: a"])
            #expect(made.status == 201, "\(made.text)")
            let text = try await server.ask("/api/v1/shows/x").text
            #expect(text.contains(#""amount":"1234.500""#), "\(text)")
            #expect(text.contains(#""minorUnits":1234500"#))
            // What is read can be written back as it is.
            #expect(try await server.ask("/api/v1/shows").text.contains("1234.500"))
        }
    }

    @Test func allAnswersAreAFileThatIsWrittenPageByPage() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let file = try await server.ask(Self.final + "/answers.csv")
            #expect(file.status == 200 && file.field("transfer-encoding") == "chunked")
            let rows = try CSVReader.records(of: file.text).map(\.fields)
            #expect(rows.count == 4)
            #expect(rows[1][..<7] == ["1", "u-1", "Ada", "capital", "2", "Canberra", "right"])
            #expect(rows[2][2].hasPrefix("'\u{FF1D}cmd"))
            #expect(rows[2][9] == "" && rows[2][10] == "2000")
            #expect(rows[3][6] == "void" && rows[3][8] == "")
            struct List: Decodable { let answers: [AnswerLine] }
            let list = try value(try await server.ask(Self.final + "/answers.json"), List.self)
            #expect(list.answers.map(\.receipt) == [1, 2, 3])
            #expect(try await server.ask("/api/v1/shows/none/answers.csv").status == 404)
        }
    }

    @Test func aSettlementIsPreviewedAfterTheFinish() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            #expect(try await server.ask(Self.final + "/settlement").status == 409)
            for name in ["lobby", "open", "finish"] {
                _ = try await server.send(
                    "POST", "\(Self.final)/\(name)", json: "{\"id\": \"\(name)\"}")
            }
            let preview = try value(
                try await server.ask(Self.final + "/settlement"), SettlementPreview.self)
            #expect(preview.shareAmount == "500.00" && !preview.isSettled)
        }
    }
}
