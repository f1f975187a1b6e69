// Orders over a bad connection: sent again under the same id, and errors in words.

import ControlRoom
import FoundationEssentials
import Settings
import Testing
import Trivia
import WireBytes

@testable import HostCLI

@Suite(.timeLimit(.minutes(5))) struct ShowClientTests {
    private static func answer(_ status: String, _ body: String) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let receipt = answer(
        "200 OK", #"{"id":"x","isPending":false,"show":"f","version":3}"#)

    private func client(_ server: OneShotServer) -> ShowClient {
        ShowClient(
            staff: StaffClient(
                address: IPEndpoint(.loopback, port: server.port), token: nil),
            by: "ada")
    }

    private func ids(_ requests: [String]) -> [String] {
        requests.compactMap { request in
            request.firstMatch(of: /(?:"id":"|Idempotency-Key: )([\w-]+)/).map { String($0.1) }
        }
    }

    @Test func aBrokenOrderIsSentAgainUnderItsID() throws {
        let server = OneShotServer(answers: ["", Self.receipt])
        let receipt = try client(server).command("open", on: "f")
        #expect(receipt == OrderReceipt(id: "x", show: "f", version: 3))
        let asked = server.asked
        #expect(asked.count == 2 && asked[0] == asked[1])
        #expect(asked[0].hasPrefix("POST /api/v1/shows/f/open HTTP/1.1\r\n"))
        #expect(asked[0].contains("\r\nFanfare-By: ada\r\n"))
        #expect(ids(asked).count == 2 && UUID(uuidString: ids(asked)[0]) != nil)
    }

    @Test func aHalfAnswerIsABrokenConnectionToo() throws {
        let server = OneShotServer(answers: [String(Self.receipt.dropLast(5)), Self.receipt])
        _ = try client(server).write("DELETE", "/api/v1/shows/f", expectedVersion: 2)
        let asked = server.asked
        #expect(asked.count == 2 && asked[0] == asked[1])
        #expect(asked[0].hasPrefix("DELETE /api/v1/shows/f?expectedVersion=2 HTTP/1.1\r\n"))
    }

    @Test func aPrizeThatWaitsForASecondPersonSaysUntilWhen() {
        let server = OneShotServer(answers: [
            Self.answer(
                "202 Accepted",
                #"{"by":"hans","confirm":"second-person","expiresAtMs":1795464900000,"version":3}"#)
        ])
        let error = #expect(throws: StaffCallError.self) {
            try client(server).command("settle", on: "f")
        }
        let words = error?.description ?? ""
        #expect(words.contains("hans") && words.contains("until 2026-11-23 20:15:00"), "\(words)")
    }

    @Test func twiceIsEnough() {
        let server = OneShotServer(answers: ["", ""])
        let error = #expect(throws: StaffCallError.self) {
            try client(server).command("open", on: "f")
        }
        #expect(error?.isPassing == true)
        #expect(server.asked.count == 2)
    }

    @Test func twoOrdersHaveTwoIDs() throws {
        let server = OneShotServer(answers: [Self.receipt, Self.receipt])
        for _ in 0..<2 { _ = try client(server).command("next", on: "f") }
        #expect(Set(ids(server.asked)).count == 2)
    }

    @Test func aRefusalIsNotRepeatedAndSaysWhatTheApplianceSaid() {
        let server = OneShotServer(answers: [
            Self.answer(
                "409 Conflict", #"{"error":"The show is paused; resume it first.","status":409}"#)
        ])
        let error = #expect(throws: StaffCallError.self) {
            try client(server).command("open", on: "f")
        }
        #expect(error?.description == "The show is paused; resume it first.")
        #expect(server.asked.count == 1)
    }

    @Test func wrongRowsAreListed() {
        let rows = #"[{"row":0,"error":"a"},{"row":3,"error":"b"}]"#
        let server = OneShotServer(answers: [
            Self.answer("400 Bad Request", "{\"error\":\"2 rows\",\"rows\":\(rows),\"status\":400}")
        ])
        let error = #expect(throws: StaffCallError.self) {
            try client(server).write("PUT", "/x", content: ("text/csv", []))
        }
        #expect(error?.description == "2 rows:\n  a\n  row 3: b")
    }

    @Test func anotherKindOfServerIsToldApart() {
        let server = OneShotServer(answers: [Self.answer("200 OK", "<html>")])
        let error = #expect(throws: StaffCallError.self) { try client(server).state("f") }
        #expect(error?.description.contains("not as a staff plane") == true)
    }
}
