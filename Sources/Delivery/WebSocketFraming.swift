// A programme's tags in WebSocket frames.

import Broadcast
import FLV
import HTTPWire

extension Framing {
    /// Every tag in an unmasked, final binary WebSocket frame of its own.
    static let webSocket = Framing(id: 1, WebSocketFraming())
}

/// RFC 6455, section 5.2: the head of a frame before each tag.
struct WebSocketFraming: TagFraming {
    private func head(tagByteCount: Int) -> WebSocketFrameHead {
        WebSocketFrameHead(.binary, payloadByteCount: tagByteCount)
    }

    func byteCount(ofBody bodyByteCount: Int) -> Int {
        let tagByteCount = FLVTagHeader.tagByteCount(bodyByteCount: bodyByteCount)
        return head(tagByteCount: tagByteCount).byteCount + tagByteCount
    }

    func write(
        _ header: FLVTagHeader, _ body: RawSpan, into place: UnsafeMutableRawBufferPointer
    ) {
        let head = head(
            tagByteCount: FLVTagHeader.tagByteCount(bodyByteCount: header.bodyByteCount))
        let bytes = unsafe place.bindMemory(to: UInt8.self)
        var output = unsafe OutputSpan(buffer: bytes, initializedCount: 0)
        head.append(to: &output)
        _ = unsafe output.finalize(for: bytes)
        unsafe header.writeTag(
            body: body, into: UnsafeMutableRawBufferPointer(rebasing: place[head.byteCount...]))
    }

    func byteCount(at address: UnsafeRawPointer) -> Int? {
        let first = unsafe address.load(as: UInt8.self)
        guard first == 0x80 | WebSocketOpcode.binary.rawValue else { return nil }
        let headByteCount: Int
        switch unsafe address.load(fromByteOffset: 1, as: UInt8.self) {
        case ..<126: headByteCount = 2
        case 126: headByteCount = 4
        case 127: headByteCount = 10
        default: return nil
        }
        let tag = unsafe UnsafeRawBufferPointer(
            start: address + headByteCount, count: FLVTagHeader.byteCount)
        guard let header = unsafe try? FLVTagHeader.parse(tag.bytes) else { return nil }
        return headByteCount + FLVTagHeader.tagByteCount(bodyByteCount: header.bodyByteCount)
    }

    func bytes(of part: PreamblePart) -> [UInt8] {
        let bytes = part.flv
        return bytes.isEmpty ? [] : unsafe WebSocketFrame.bytes(.binary, bytes.span.bytes)
    }
}
