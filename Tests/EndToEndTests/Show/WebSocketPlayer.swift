// A WebSocket for tests that say one thing at a time, right or wrong.

import Foundation
import HTTPWire

/// A connection that does what the test says, and reads when it waits.
final class WebSocketPlayer {
    let connection: Connection
    private(set) var walker = StreamWalker()
    /// All bytes that came.
    private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - token: sent as a browser must, by the subprotocol.
    ///   - query: or by the URL.
    init(port: UInt16, token: String? = nil, query: String = "") throws {
        connection = try Connection(port: port)
        let protocols = ["fanfare"] + (token.map { ["fanfare.token.\($0)"] } ?? [])
        try connection.send(
            HTTPClient.request(
                "GET", "/live/show.flv\(query)",
                fields: [
                    "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Protocol: \(protocols.joined(separator: ", "))",
                ]))
    }

    /// Sends a text message.
    func say(_ text: String) throws {
        try connection.send(
            WebSocketFrame.bytes(.text, Array(text.utf8).span.bytes, mask: 0xA5A5_0F0F))
    }

    /// Sends an answer.
    func answer(_ question: String, _ choice: Int, show: String? = nil) throws {
        let showPart = show.map { #","show":"\#($0)""# } ?? ""
        try say(#"{"type":"answer","question":"\#(question)","choice":\#(choice)\#(showPart)}"#)
    }

    /// Reads until it is as it should be.
    func wait(
        for what: String, within seconds: Double = 15, until isReached: (StreamWalker) -> Bool
    ) throws {
        let deadline = Deadline(seconds: seconds)
        while !isReached(walker) {
            guard !deadline.isOver else {
                throw TestFailure.timedOut(waitingFor: "\(what): \(walker.texts.map(\.text))")
            }
            let bytes = try connection.receive(within: Double(deadline.leftMs) / 1_000)
            guard !bytes.isEmpty else {
                throw TestFailure.ended("the server hung up before \(what): \(walker.head)")
            }
            self.bytes += bytes
            walker.take(bytes, bytes.count, nowMs: MachineClock.nowMs)
        }
    }

    /// Waits for one more text than there are.
    func nextText() throws -> [String: Any] {
        let count = walker.texts.count
        try wait(for: "a text") { $0.texts.count > count }
        let text = walker.texts[count].text
        return (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    /// What becomes of an answer: its status, and the word for why not.
    func rule(_ question: String, _ choice: Int, show: String? = nil) throws -> Ruling {
        try answer(question, choice, show: show)
        return Ruling(try nextText())
    }

    /// Waits for the close frame.
    func closeCode() throws -> Int? {
        try wait(for: "the close") { $0.closeCode != nil }
        return walker.closeCode
    }
}

/// What an answer was told, by whichever way.
struct Ruling: Equatable, CustomStringConvertible {
    var status: String
    var code: String?

    static let accepted = Ruling(status: "accepted")

    static func refused(_ code: String) -> Ruling { Ruling(status: "refused", code: code) }

    init(status: String, code: String? = nil) {
        self.status = status
        self.code = code
    }

    init(_ json: [String: Any]) {
        status = json["status"] as? String ?? "\(json)"
        code = json["code"] as? String
    }

    var description: String { "\(status) \(code ?? "")" }
}
