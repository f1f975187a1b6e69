// The staff's server-sent events, read as they come.

import Foundation

/// Somebody who looks on.
final class LiveEvents {
    private let connection: Connection
    private var text = ""
    /// The states that were sent, the oldest first.
    private(set) var states: [[String: Any]] = []

    init(port: UInt16, show: String) throws {
        connection = try Connection(port: port)
        try connection.send(
            HTTPClient.request(
                "GET", "/api/v1/shows/\(show)/events", fields: ["Accept: text/event-stream"]))
    }

    /// Reads until the newest state is as it should be.
    @discardableResult
    func wait(
        for what: String, within seconds: Double = 15, until isReached: ([String: Any]) -> Bool
    ) throws -> [String: Any] {
        let deadline = Deadline(seconds: seconds)
        while true {
            if let newest = states.last, isReached(newest) { return newest }
            guard !deadline.isOver else {
                throw TestFailure.timedOut(waitingFor: "\(what): \(states.last ?? [:])")
            }
            let bytes = try connection.receive(within: Double(deadline.leftMs) / 1_000)
            guard !bytes.isEmpty else { throw TestFailure.ended("no more events: \(text)") }
            text += String(decoding: bytes, as: UTF8.self)
            takeLines()
        }
    }

    /// A line of data is a state, whatever chunks it came in: chunks end at whole events.
    private func takeLines() {
        while let end = text.firstIndex(of: "\n") ?? text.firstIndex(of: "\r\n") {
            let line = text[..<end]
            if line.hasPrefix("data: "),
                let json = try? JSONSerialization.jsonObject(
                    with: Data(line.dropFirst("data: ".count).utf8)) as? [String: Any]
            {
                states.append(json)
            }
            text = String(text[text.index(after: end)...])
        }
    }
}
