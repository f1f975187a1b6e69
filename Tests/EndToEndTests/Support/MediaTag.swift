// One FLV tag with its body, and what it is for.

import FLV

/// A tag as a viewer gets it or a source has it.
struct MediaTag: Equatable, Sendable {
    enum Role: Equatable {
        case script
        case sequenceHeader
        case frame(isKeyframe: Bool)
        /// An end of sequence or a command: held back by a server whose programme goes on.
        case other
    }

    var type: FLVTagType
    var timestampMs: UInt32
    var body: [UInt8]

    var role: Role {
        switch type {
        case .script:
            return .script
        case .video:
            guard let packet = try? VideoPacket.parse(body.span.bytes) else { return .other }
            switch packet.kind {
            case .sequenceHeader: return .sequenceHeader
            case .frame: return .frame(isKeyframe: packet.isKeyframe)
            default: return .other
            }
        case .audio:
            guard let packet = try? AudioPacket.parse(body.span.bytes) else { return .other }
            switch packet.kind {
            case .sequenceHeader: return .sequenceHeader
            case .frame: return .frame(isKeyframe: false)
            default: return .other
            }
        }
    }

    var isKeyframe: Bool { role == .frame(isKeyframe: true) }

    var isFrame: Bool {
        if case .frame = role { true } else { false }
    }

    /// The name and the values of a script tag.
    var scriptValues: [AMF0Value] { (try? AMF0.decode(body.span.bytes)) ?? [] }

    /// Bytes on the wire: header, body and the size after it.
    var wireByteCount: Int { FLVTagHeader.tagByteCount(bodyByteCount: body.count) }
}

extension FLVReader {
    /// Feeds bytes and returns the tags they complete.
    mutating func tags(in bytes: [UInt8]) throws -> [MediaTag] {
        var tags: [MediaTag] = []
        try receive(bytes.span.bytes) { header, body in
            tags.append(
                MediaTag(
                    type: header.type, timestampMs: header.timestampMs,
                    body: body.withUnsafeBytes { [UInt8]($0) }))
        }
        return tags
    }
}
