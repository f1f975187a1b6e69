// Server-sent events as they come over a connection.

import HTTPWire

@testable import ControlRoom

/// Reads the events of one answer.
final class EventReader {
    /// One event; a comment has only that.
    struct Event: Equatable {
        var name: String?
        var id: String?
        var data = ""
        var isComment = false
    }

    private let connection: StaffConnection
    private var chunks = ChunkedBodyReader()
    private var bytes: [UInt8] = []
    private var offset = 0
    private var text = ""
    private(set) var head = ""
    /// Whether the body came to its proper end, and wasn't cut off.
    var isFinished: Bool { chunks.isFinished }

    init(port: Int, target: String, fields: [String] = []) async throws {
        connection = try StaffConnection(port: port)
        try await connection.begin(target, fields: fields)
        while true {
            let more = try await connection.more()
            guard !more.isEmpty else { throw StaffConnectionFailure.endedTooSoon }
            bytes += more
            let answer = String(decoding: bytes, as: UTF8.self)
            guard let end = answer.firstRange(of: "\r\n\r\n") else { continue }
            head = String(answer[..<end.lowerBound])
            bytes = Array(answer[end.upperBound...].utf8)
            return
        }
    }

    /// The next event; nil at the end.
    func next() async throws -> Event? {
        while true {
            if let end = text.firstRange(of: "\n\n") {
                let block = text[..<end.lowerBound]
                text = String(text[end.upperBound...])
                guard let event = Self.event(block) else { continue }
                return event
            }
            let bytes = bytes
            while let body = try chunks.nextBody(in: bytes.span.bytes, from: &offset) {
                text += String(decoding: bytes[body], as: UTF8.self)
            }
            if text.contains("\n\n") { continue }
            if chunks.isFinished { return nil }
            self.bytes = try await connection.more()
            offset = 0
            if self.bytes.isEmpty { return nil }
        }
    }

    private static func event(_ block: Substring) -> Event? {
        var event = Event()
        for line in block.split(separator: "\n", omittingEmptySubsequences: false) {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            switch parts.first {
            case "event": event.name = parts.last
            case "id": event.id = parts.last
            case "data": event.data += parts.last ?? ""
            case "retry": return nil
            default: event.isComment = line.hasPrefix(":")
            }
        }
        return event
    }
}
