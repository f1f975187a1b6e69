// Announcements over the staff API: what is taken, and why the rest isn't.

import FoundationEssentials
import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct AnnouncementTests {
    private static let path = "/api/v1/streams/show/announcements"

    private func post(
        _ body: String, to path: String = path, type: String? = "application/json",
        fields: [String] = [], desk: StubDesk = StubDesk(),
        tokenCheck: (@Sendable (String) -> Bool)? = nil
    ) async throws -> StaffAnswer {
        try await RunningServer.use(announcements: desk, tokenCheck: tokenCheck) { server in
            let fields = fields + (type.map { ["Content-Type: \($0)"] } ?? [])
            return try await server.ask(
                path, method: "POST", fields: fields, body: Array(body.utf8))
        }
    }

    private func error(_ answer: StaffAnswer) throws -> String {
        let object = try JSONDecoder().decode([String: JSONValue].self, from: Data(answer.body))
        #expect(object["status"] == .number(Double(answer.status)))
        guard case .string(let words) = object["error"] else { return "" }
        return words
    }

    @Test(arguments: [
        (#"{"text": "Five minutes to go"}"#, Announcement(text: "Five minutes to go")),
        (
            #"{"level": "warning", "text": "Caf\u00e9 \"closed\"\n"}"#,
            Announcement(text: "Café \"closed\"\n", level: .warning)
        ),
        (#"{"text": " 🎺 ", "level": "info"}"#, Announcement(text: " 🎺 ")),
    ])
    func anAnnouncementIsMade(body: String, announcement: Announcement) async throws {
        let desk = StubDesk()
        let answer = try await post(body, desk: desk)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"isPending":false,"pts":61000,"seq":1}"#)
        #expect(desk.announcements == [announcement])
    }

    @Test func itIsTakenDownHoweverOften() async throws {
        let desk = StubDesk()
        try await RunningServer.use(announcements: desk) { server in
            _ = try await server.ask(
                Self.path, method: "POST", fields: ["Content-Type: application/json"],
                body: Array(#"{"text": "x"}"#.utf8))
            #expect(desk.announcements.count == 1)
            for _ in 0..<2 {
                let answer = try await server.ask(Self.path, method: "DELETE")
                #expect(answer.status == 204)
                #expect(answer.body.isEmpty)
                #expect(desk.announcements.isEmpty)
            }
            let unknown = try await server.ask(
                "/api/v1/streams/other/announcements", method: "DELETE")
            #expect(unknown.status == 404)
            #expect(try error(unknown).contains("no such stream"))
        }
    }

    @Test(arguments: [
        ("", "not a JSON object"), ("{", "not a JSON object"), ("[]", "not a JSON object"),
        (#""text""#, "not a JSON object"), ("{}", "no \"text\""),
        (#"{"text": 5}"#, "must be a string"), (#"{"text": null}"#, "must be a string"),
        (#"{"text": ""}"#, "is empty"), (#"{"text": " \n "}"#, "is empty"),
        (#"{"text": "a\u0000b"}"#, "control character"),
        (#"{"text": "x", "level": "loud"}"#, "\"info\" or \"warning\""),
        (#"{"text": "x", "level": null}"#, "\"info\" or \"warning\""),
        (#"{"text": "x", "levle": "info"}"#, "no \"levle\""),
    ])
    func whatMakesNoSenseIs400(body: String, words: String) async throws {
        let desk = StubDesk()
        let answer = try await post(body, desk: desk)
        #expect(answer.status == 400)
        #expect(try error(answer).contains(words))
        #expect(desk.announcements.isEmpty)
    }

    @Test func whatIsTooLongIs413() async throws {
        func body(_ count: Int) -> String {
            #"{"text": "\#(String(repeating: "x", count: count))"}"#
        }
        #expect(try await post(body(2_000)).status == 200)
        let long = try await post(body(2_001))
        #expect(long.status == 413)
        #expect(try error(long).contains("2001 bytes"))
        let tooLong = try await post(body(20_000))
        #expect(tooLong.status == 413)
        #expect(try error(tooLong).contains("16384 bytes"))
    }

    @Test(arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
    func whatIsNotJSONIs415(type: String?) async throws {
        let answer = try await post(#"{"text": "x"}"#, type: type)
        #expect(answer.status == 415)
        #expect(try error(answer).contains("Content-Type: application/json"))
    }

    @Test(arguments: ["application/json; charset=utf-8", "Application/JSON ;x=y"])
    func jsonMayHaveParameters(type: String) async throws {
        #expect(try await post(#"{"text": "x"}"#, type: type).status == 200)
    }

    @Test func anUnknownStreamIs404AndOneWithoutAPicture409() async throws {
        let unknown = try await post(
            #"{"text": "x"}"#, to: "/api/v1/streams/other/announcements")
        #expect(unknown.status == 404)
        #expect(try error(unknown).contains("no such stream"))
        let early = try await post(#"{"text": "x"}"#, to: "/api/v1/streams/backup/announcements")
        #expect(early.status == 409)
        #expect(try error(early) == StubDesk.reason)
        let kept = try await post(#"{"text": "x"}"#, to: "/api/v1/streams/early/announcements")
        #expect(kept.status == 202 && kept.text == #"{"isPending":true}"#)
    }

    @Test func withoutTheTokenNobodyAnnouncesAnything() async throws {
        let desk = StubDesk()
        let isRight: @Sendable (String) -> Bool = { $0 == "correct-horse" }
        let refused = try await post(#"{"text": "x"}"#, desk: desk, tokenCheck: isRight)
        #expect(refused.status == 401)
        #expect(desk.announcements.isEmpty)
        let taken = try await post(
            #"{"text": "x"}"#, fields: ["Authorization: Bearer correct-horse"], desk: desk,
            tokenCheck: isRight)
        #expect(taken.status == 200)
        #expect(desk.announcements.count == 1)
    }
}
