// The FLV file header and the header of a tag: FLV 10.1, Annex E.2 to E.4.1.

import WireBytes

/// What a tag carries, E.4.1.
public enum FLVTagType: UInt8, Sendable {
    /// Audio data, E.4.2.
    case audio = 8
    /// Video data, E.4.3.
    case video = 9
    /// A name and a value in AMF0, E.4.4.
    case script = 18
}

/// The beginning of an FLV stream, E.2, with the PreviousTagSize0 that always follows it.
public struct FLVFileHeader: Equatable, Sendable {
    /// Bytes of the header of version 1 and the four of PreviousTagSize0.
    public static let byteCount = 13
    /// Bytes up to PreviousTagSize0.
    static let ownByteCount = 9

    /// Whether audio tags are announced.
    public var hasAudio: Bool
    /// Whether video tags are announced.
    public var hasVideo: Bool

    /// A header that announces these tags.
    public init(hasAudio: Bool, hasVideo: Bool) {
        self.hasAudio = hasAudio
        self.hasVideo = hasVideo
    }

    /// The 13 bytes that begin a stream.
    public static func bytes(hasAudio: Bool, hasVideo: Bool) -> [UInt8] {
        let flags: UInt8 = (hasAudio ? 4 : 0) | (hasVideo ? 1 : 0)
        return [0x46, 0x4C, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0]
    }

    /// Reads the fixed 9 bytes and tells how long the header says it is.
    static func parse(
        _ bytes: RawSpan
    ) throws(FLVError) -> (header: FLVFileHeader, byteCount: Int) {
        guard bytes.uint24(at: 0) == 0x464C56 else { throw .notFLV }
        guard bytes[3] == 1 else { throw .unknownVersion(bytes[3]) }
        let byteCount = bytes.uint32(at: 5)
        guard byteCount >= ownByteCount, byteCount <= FLVLimits.fileHeaderByteCountMax else {
            throw .badFileHeaderLength(byteCount)
        }
        let flags = bytes[4]
        let header = FLVFileHeader(hasAudio: flags & 4 != 0, hasVideo: flags & 1 != 0)
        return (header, Int(byteCount))
    }
}

/// The 11 bytes before a tag's body, E.4.1.
public struct FLVTagHeader: Equatable, Sendable {
    /// Bytes of the header.
    public static let byteCount = 11
    /// Bytes of the size that is repeated after each tag.
    public static let previousTagSizeByteCount = 4

    /// What the body is.
    public var type: FLVTagType
    /// Bytes of the body, at most `FLVLimits.formatBodyByteCountMax`.
    public var bodyByteCount: Int
    /// When it is decoded, in milliseconds. The wire has its upper 8 bits in a place of their own.
    public var timestampMs: UInt32

    /// A header. A body that doesn't fit the 24-bit size field is the caller's mistake.
    public init(type: FLVTagType, bodyByteCount: Int, timestampMs: UInt32) {
        precondition(bodyByteCount >= 0 && bodyByteCount <= FLVLimits.formatBodyByteCountMax)
        self.type = type
        self.bodyByteCount = bodyByteCount
        self.timestampMs = timestampMs
    }

    /// Bytes of a whole tag on the wire: header, body and PreviousTagSize.
    public static func tagByteCount(bodyByteCount: Int) -> Int {
        byteCount + bodyByteCount + previousTagSizeByteCount
    }

    /// Reads the header at the start of `bytes`.
    ///
    /// Throws if there are fewer than 11 bytes, and for what live streams never carry: unknown
    /// types, filtered (encrypted) tags and stream ids other than 0.
    public static func parse(_ bytes: RawSpan) throws(FLVError) -> FLVTagHeader {
        guard bytes.byteCount >= byteCount else { throw .truncatedBody(byteCount: bytes.byteCount) }
        let first = bytes[0]
        guard first & 0x20 == 0 else { throw .filteredTag }
        guard let type = FLVTagType(rawValue: first) else { throw .unknownTagType(first) }
        let streamId = bytes.uint24(at: 8)
        guard streamId == 0 else { throw .nonZeroStreamId(streamId) }
        return FLVTagHeader(
            type: type, bodyByteCount: Int(bytes.uint24(at: 1)),
            timestampMs: bytes.uint24(at: 4) | UInt32(bytes[7]) << 24)
    }

    /// Writes the 11 bytes to the start of `buffer`, which must have room for them.
    @inline(__always)
    public func write(into buffer: UnsafeMutableRawBufferPointer) {
        precondition(buffer.count >= Self.byteCount)
        let typeAndSize = UInt32(type.rawValue) << 24 | UInt32(bodyByteCount)
        // The low 24 bits come first, then the upper 8.
        let time = timestampMs << 8 | timestampMs >> 24
        unsafe buffer.storeBytes(of: typeAndSize.bigEndian, toByteOffset: 0, as: UInt32.self)
        unsafe buffer.storeBytes(of: time.bigEndian, toByteOffset: 4, as: UInt32.self)
        unsafe buffer.storeBytes(of: 0, toByteOffset: 8, as: UInt16.self)
        unsafe buffer.storeBytes(of: 0, toByteOffset: 10, as: UInt8.self)
    }

    /// Writes the whole tag, header, body and PreviousTagSize, and returns its byte count.
    ///
    /// `body` must have `bodyByteCount` bytes and `buffer` room for the tag. Allocates nothing.
    @discardableResult
    public func writeTag(body: RawSpan, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let tagByteCount = Self.tagByteCount(bodyByteCount: bodyByteCount)
        precondition(body.byteCount == bodyByteCount)
        precondition(buffer.count >= tagByteCount)
        unsafe write(into: buffer)
        unsafe body.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[Self.byteCount...])
                .copyMemory(from: source)
        }
        let previousTagSize = UInt32(Self.byteCount + bodyByteCount)
        unsafe buffer.storeBytes(
            of: previousTagSize.bigEndian, toByteOffset: Self.byteCount + bodyByteCount,
            as: UInt32.self)
        return tagByteCount
    }

    /// A whole tag in an array of its own, for what is not on the hot path.
    public static func tag(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan) -> [UInt8] {
        let header = FLVTagHeader(
            type: type, bodyByteCount: body.byteCount, timestampMs: timestampMs)
        let count = tagByteCount(bodyByteCount: body.byteCount)
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe bytes.withUnsafeMutableBytes { unsafe _ = header.writeTag(body: body, into: $0) }
        return bytes
    }
}
