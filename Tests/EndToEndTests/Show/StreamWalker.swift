// Walks through a stream as it comes, over plain HTTP or a WebSocket, and keeps little of it.

import FLV

/// A tag that went by.
struct SeenTag: Equatable, Sendable {
    var type: UInt8
    var timestampMs: UInt32
    var byteCount: UInt32

    var isScript: Bool { type == FLVTagType.script.rawValue }
}

/// A cue as it was read.
struct SeenCue: Sendable {
    /// Its place among the tags.
    let tagIndex: Int
    /// When its last byte was read, ms.
    let readMs: Double
    /// How many bytes of the connection had been read then.
    let byteCount: Int
    /// The body of its tag.
    let body: [UInt8]
    let object: AMF0Value

    var seq: Int { Int(object["seq"]?.numberValue ?? -1) }
    var phase: String { object["phase"]?.stringValue ?? "" }
    var question: String? { object["question"]?.stringValue }
}

/// A text message of a WebSocket.
struct SeenText: Sendable {
    let text: String
    let readMs: Double
}

/// Takes a connection's bytes in any pieces.
struct StreamWalker {
    private enum Wire { case head, plain, webSocket }

    private(set) var statusCode: Int?
    private(set) var head = ""
    private(set) var tags: [SeenTag] = []
    private(set) var cues: [SeenCue] = []
    private(set) var texts: [SeenText] = []
    private(set) var closeCode: Int?
    private(set) var byteCount = 0
    /// The newest tag's timestamp; nil before the first of the media.
    private(set) var newestMs: UInt32?

    private var wire = Wire.head
    private var nowMs = 0.0
    private var pending: [UInt8] = []
    // A WebSocket frame.
    private var frameHead: [UInt8] = []
    private var opcode: UInt8 = 0
    private var frameLeft = 0
    private var message: [UInt8] = []
    // An FLV tag.
    private var hasFileHeader = false
    private var tagHead: [UInt8] = []
    private var tagLeft = 0
    private var tag = SeenTag(type: 0, timestampMs: 0, byteCount: 0)
    private var body: [UInt8] = []

    /// Takes the first `count` bytes of a buffer.
    mutating func take(_ buffer: [UInt8], _ count: Int, nowMs: Double) {
        self.nowMs = nowMs
        byteCount += count
        switch wire {
        case .head: takeHead(Array(buffer[..<count]))
        case .plain: walk(buffer, 0..<count)
        case .webSocket: unwrap(buffer, 0..<count)
        }
    }

    private mutating func takeHead(_ bytes: [UInt8]) {
        pending += bytes
        let end = Array("\r\n\r\n".utf8)
        guard pending.count >= 4,
            let start = (0...pending.count - 4).first(where: {
                pending[$0..<$0 + 4].elementsEqual(end)
            })
        else { return }
        head = String(decoding: pending[..<start], as: UTF8.self)
        let code = Int(head.split(separator: " ").dropFirst().first ?? "")
        statusCode = code
        wire = code == 101 ? .webSocket : .plain
        let rest = Array(pending[(start + 4)...])
        pending = []
        // What isn't a stream has no tags: an error's text.
        guard code == 101 || code == 200 else { return }
        if wire == .webSocket {
            unwrap(rest, 0..<rest.count)
        } else {
            walk(rest, 0..<rest.count)
        }
    }

    // MARK: WebSocket frames

    private mutating func unwrap(_ bytes: [UInt8], _ range: Range<Int>) {
        var offset = range.lowerBound
        while offset < range.upperBound || frameIsEmpty {
            if frameHead.count < frameHeadByteCount {
                frameHead.append(bytes[offset])
                offset += 1
                if frameHead.count == frameHeadByteCount { beginFrame() }
                continue
            }
            let end = min(range.upperBound, offset + frameLeft)
            let part = offset..<end
            if opcode == 2 { walk(bytes, part) } else { message += bytes[part] }
            frameLeft -= part.count
            offset = end
            if frameLeft == 0 { endFrame() }
        }
    }

    /// A frame without a payload ends with its head.
    private var frameIsEmpty: Bool {
        frameHead.count == frameHeadByteCount && frameLeft == 0
    }

    private var frameHeadByteCount: Int {
        guard frameHead.count >= 2 else { return 2 }
        switch frameHead[1] & 0x7F {
        case 126: return 4
        case 127: return 10
        default: return 2
        }
    }

    private mutating func beginFrame() {
        let kind = frameHead[0] & 0x0F
        if kind != 0 { opcode = kind }
        let length = frameHead.dropFirst(2).reduce(0) { $0 << 8 | Int($1) }
        frameLeft = frameHead.count == 2 ? Int(frameHead[1] & 0x7F) : length
    }

    private mutating func endFrame() {
        let isFinal = frameHead[0] & 0x80 != 0
        frameHead.removeAll(keepingCapacity: true)
        guard isFinal, opcode != 2 else { return }
        if opcode == 1 {
            texts.append(
                SeenText(text: String(decoding: message, as: UTF8.self), readMs: nowMs))
        } else if opcode == 8 {
            closeCode = message.count >= 2 ? Int(message[0]) << 8 | Int(message[1]) : 1005
        }
        message = []
    }

    // MARK: FLV tags

    private mutating func walk(_ bytes: [UInt8], _ range: Range<Int>) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if tagLeft > 0 {
                let end = min(range.upperBound, offset + tagLeft)
                if tag.isScript { body += bytes[offset..<end] }
                tagLeft -= end - offset
                offset = end
                if tagLeft == 0 { endTag() }
                continue
            }
            // The file's header has 9 bytes, and the first of the sizes behind tags follows.
            let wanted = hasFileHeader ? 11 : 13
            let end = min(range.upperBound, offset + wanted - tagHead.count)
            tagHead += bytes[offset..<end]
            offset = end
            guard tagHead.count == wanted else { return }
            if hasFileHeader { beginTag() } else { hasFileHeader = true }
            tagHead.removeAll(keepingCapacity: true)
        }
    }

    private mutating func beginTag() {
        let head = tagHead.map(UInt32.init)
        let byteCount = head[1] << 16 | head[2] << 8 | head[3]
        tag = SeenTag(
            type: tagHead[0], timestampMs: head[7] << 24 | head[4] << 16 | head[5] << 8 | head[6],
            byteCount: byteCount)
        tagLeft = Int(byteCount) + 4
        body.removeAll(keepingCapacity: true)
    }

    private mutating func endTag() {
        if tag.isScript {
            let script = Array(body.dropLast(4))
            let values = (try? AMF0.decode(script.span.bytes)) ?? []
            let name = values.first?.stringValue
            if values.count == 2, name == "onQuiz" || name == "onMessage" {
                cues.append(
                    SeenCue(
                        tagIndex: tags.count, readMs: nowMs, byteCount: byteCount, body: script,
                        object: values[1]))
            }
        } else {
            newestMs = tag.timestampMs
        }
        tags.append(tag)
    }
}
