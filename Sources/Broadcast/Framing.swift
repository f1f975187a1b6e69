// In what a programme's tags stand in its arenas.

import FLV
import HTTPWire

/// How the tags of a timeline are framed. All framings of a programme have the same tags, each
/// in an arena of its own.
public enum Framing: Int, Sendable, CaseIterable {
    /// Tag after tag, as in a file: what HTTP-FLV carries.
    case plain = 0
    /// Every tag in an unmasked, final binary WebSocket frame of its own (RFC 6455, section 5.2).
    case webSocket = 1

    /// What a tag has more than its own bytes at most.
    static let headByteCountMax = WebSocketFrameHead.byteCountMax

    /// The bytes of a tag of so many in this framing.
    func byteCount(ofTag tagByteCount: Int) -> Int {
        switch self {
        case .plain: tagByteCount
        case .webSocket:
            WebSocketFrameHead(.binary, payloadByteCount: tagByteCount).byteCount + tagByteCount
        }
    }

    /// Writes what comes before a tag of so many bytes.
    ///
    /// - Returns: where the tag goes.
    func writeHead(
        ofTag tagByteCount: Int, into place: UnsafeMutableRawBufferPointer
    ) -> UnsafeMutableRawBufferPointer {
        guard self == .webSocket else { return unsafe place }
        let head = WebSocketFrameHead(.binary, payloadByteCount: tagByteCount)
        let count = head.byteCount
        let bytes = unsafe place.bindMemory(to: UInt8.self)
        var output = unsafe OutputSpan(buffer: bytes, initializedCount: 0)
        head.append(to: &output)
        _ = unsafe output.finalize(for: bytes)
        return unsafe UnsafeMutableRawBufferPointer(rebasing: place[count...])
    }

    /// Some bytes that are more than a tag, framed as one.
    func framed(_ bytes: [UInt8]) -> [UInt8] {
        guard self == .webSocket, !bytes.isEmpty else { return bytes }
        return unsafe WebSocketFrame.bytes(.binary, bytes.span.bytes)
    }

    /// How long the head is of the frame that begins here; nil where none of ours does.
    func headByteCount(at address: UnsafeRawPointer) -> Int? {
        guard self == .webSocket else { return 0 }
        let first = unsafe address.load(as: UInt8.self)
        guard first == 0x80 | WebSocketOpcode.binary.rawValue else { return nil }
        switch unsafe address.load(fromByteOffset: 1, as: UInt8.self) {
        case ..<126: return 2
        case 126: return 4
        case 127: return 10
        default: return nil
        }
    }
}
