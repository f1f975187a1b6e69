// Tags that wait for room in the programme's arena.

import Broadcast
import FLV

/// What one publisher sent before it was no longer read from: a receive buffer's worth and the
/// message that ended in it, since nothing is received while there are any.
struct PendingTags {
    private struct Tag {
        let type: FLVTagType
        let timestampMs: UInt32
        let arrivalMs: Int64
        let body: [UInt8]
    }

    private var tags: [Tag] = []
    private var next = 0
    /// When the first of them was refused, or the last one of those before was taken, ms.
    private(set) var sinceMs: Int64 = 0

    var isEmpty: Bool { tags.isEmpty }

    mutating func append(
        _ type: FLVTagType, timestampMs: UInt32, body: RawSpan, arrivalMs: Int64
    ) {
        if tags.isEmpty { sinceMs = arrivalMs }
        let bytes = unsafe body.withUnsafeBytes { unsafe [UInt8]($0) }
        tags.append(Tag(type: type, timestampMs: timestampMs, arrivalMs: arrivalMs, body: bytes))
    }

    /// Appends them in their order until one is refused.
    mutating func drain(to publication: Publication) throws(TagRefusal) {
        while next < tags.count {
            let tag = tags[next]
            try publication.append(
                tag.type, timestampMs: tag.timestampMs, body: unsafe tag.body.span.bytes,
                arrivalMs: tag.arrivalMs)
            next += 1
        }
        removeAll()
    }

    mutating func removeAll() {
        tags = []
        next = 0
    }
}
