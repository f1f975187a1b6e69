// A WebSocket's client in tests: what it sends, and what it makes of what it gets.

import HTTPWire
import Testing

/// Bytes that a client of a WebSocket sends.
enum SocketTalk {
    /// The request for a stream.
    static func request(
        _ name: String = "show", token: String? = nil, fields: String = ""
    ) -> String {
        let query = token.map { "?token=\($0)" } ?? ""
        return "GET /live/\(name).flv\(query) HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(fields)\r\n"
    }

    /// A request of a player's.
    static func post(
        _ path: String, _ body: String, token: String? = "p5", fields: String = ""
    ) -> String {
        let bearer = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "POST /api/v1/\(path) HTTP/1.1\r\nHost: a\r\n\(bearer)\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// A masked frame.
    static func frame(
        _ opcode: WebSocketOpcode, _ payload: [UInt8], isFinal: Bool = true
    ) -> [UInt8] {
        WebSocketFrame.bytes(opcode, payload.span.bytes, isFinal: isFinal, mask: 0x1234_5678)
    }

    static func text(_ text: String) -> [UInt8] { frame(.text, Array(text.utf8)) }

    static func answer(_ question: String, _ choice: Int) -> [UInt8] {
        text(#"{"type":"answer","question":"\#(question)","choice":\#(choice)}"#)
    }
}

/// What a WebSocket's client has got.
struct SocketReport {
    /// The answer's head.
    var head = ""
    /// The payloads of the binary frames, back to back.
    var stream: [UInt8] = []
    /// Where in the stream each tag's frame ends.
    var frameEnds: [Int] = []
    var texts: [String] = []
    var pongs: [[UInt8]] = []
    /// The close frame's code, and what it says.
    var closeCode: Int?
    var closeReason = ""
    /// Bytes of a frame that hasn't come whole.
    var tornByteCount = 0
    /// The binary payload of the frame that hasn't come whole.
    var tornStream: [UInt8] = []
    /// What is against the rules; nil if all is well.
    var problem: String?

    init(_ received: [UInt8]) {
        let end = Array("\r\n\r\n".utf8)
        let starts = received.indices.dropLast(3)
        guard let headEnd = starts.first(where: { Array(received[$0..<$0 + 4]) == end }) else {
            return
        }
        head = String(decoding: received[..<headEnd], as: UTF8.self)
        guard head.hasPrefix("HTTP/1.1 101 ") else { return }
        read(received[(headEnd + 4)...])
    }

    private mutating func read(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while rest.count >= 2 {
            let first = rest[rest.startIndex]
            let short = Int(rest[rest.startIndex + 1])
            let lengthCount = short == 127 ? 8 : short == 126 ? 2 : 0
            guard short < 128 else {
                problem = "a masked frame"
                return
            }
            guard rest.count >= 2 + lengthCount else { break }
            let count =
                lengthCount == 0
                ? short : rest.dropFirst(2).prefix(lengthCount).reduce(0) { $0 << 8 | Int($1) }
            let head = 2 + lengthCount
            if lengthCount == 2, count < 126 {
                problem = "a long head"
                return
            }
            if lengthCount == 8, count < 65_536 {
                problem = "a very long head"
                return
            }
            guard closeCode == nil else {
                problem = "a frame after the close"
                return
            }
            guard rest.count >= head + count else {
                if first == 0x82 { tornStream = Array(rest.dropFirst(head)) }
                break
            }
            take(first, Array(rest.dropFirst(head).prefix(count)))
            guard problem == nil else { return }
            rest = rest.dropFirst(head + count)
        }
        tornByteCount = rest.count
    }

    private mutating func take(_ first: UInt8, _ payload: [UInt8]) {
        switch first {
        case 0x82:
            stream += payload
            frameEnds.append(stream.count)
        case 0x81:
            let text = String(decoding: payload, as: UTF8.self)
            if !text.hasPrefix("{") || !text.hasSuffix("}") { problem = "no JSON: \(text)" }
            texts.append(text)
        case 0x8A: pongs.append(payload)
        case 0x88:
            closeCode = payload.prefix(2).reduce(0) { $0 << 8 | Int($1) }
            closeReason = String(decoding: payload.dropFirst(2), as: UTF8.self)
        default: problem = "a frame that begins with \(first)"
        }
    }
}

extension FakeConnection {
    /// What it has got as a WebSocket's client.
    var socket: SocketReport { SocketReport(received) }
}

extension String {
    /// What a pong gives back; nil for every other text. The clocks in it are another matter.
    var pong: Int? {
        let start = #"{"type":"pong","t":"#
        return hasPrefix(start) ? Int(dropFirst(start.count).prefix { $0.isNumber }) : nil
    }
}
