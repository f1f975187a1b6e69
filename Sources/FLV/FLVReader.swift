// Reads an FLV byte stream in any cutting, in bounded memory, without copying what comes whole.

import WireBytes

/// Takes an FLV stream apart into tags.
///
/// A tag that lies whole in one piece of input is handed on where it lies; only tags torn by the
/// edges of reads are put together in a buffer, which grows as bytes really come.
public struct FLVReader: Sendable {
    /// The file header, once it has been seen.
    public private(set) var fileHeader: FLVFileHeader?

    private let limits: FLVLimits
    /// A unit that has begun and isn't complete; empty between units.
    private var pending: [UInt8] = []
    /// Bytes of the tag before, as the PreviousTagSize ahead of the next one must say.
    private var previousTagByteCount: UInt32 = 0
    private var failure: FLVError?

    /// A reader at the start of a stream.
    public init(limits: FLVLimits = .init()) {
        self.limits = limits
    }

    /// Feeds the next bytes and calls `onTag` for every tag that they complete.
    ///
    /// A tag is handed on as soon as its body is complete; the size repeated after it is checked
    /// when the next tag begins. The body is borrowed for the call.
    ///
    /// - Throws: `FLVError`, then and for ever after, if the stream is damaged or a body is larger
    ///   than the limits allow; or what `onTag` throws, after which the reader must not be used.
    public mutating func receive<Failure: Error>(
        _ bytes: RawSpan, _ onTag: (FLVTagHeader, RawSpan) throws(Failure) -> Void
    ) throws {
        if let failure { throw failure }
        do {
            try take(bytes, onTag)
        } catch let error as FLVError {
            failure = error
            throw error
        }
    }

    private mutating func take<Failure: Error>(
        _ bytes: RawSpan, _ onTag: (FLVTagHeader, RawSpan) throws(Failure) -> Void
    ) throws {
        var offset = 0
        while offset < bytes.byteCount {
            if pending.isEmpty {
                let rest = bytes.extracting(offset...)
                let needed = try unitByteCount(rest)
                if rest.byteCount >= needed {
                    try finishUnit(rest.extracting(..<needed), onTag)
                    offset += needed
                    continue
                }
                unsafe rest.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
                return
            }
            // Only what completes the unit, or its header, is copied.
            let needed = unsafe try unitByteCount(pending.span.bytes)
            let end = min(bytes.byteCount, offset + needed - pending.count)
            unsafe bytes.extracting(offset..<end).withUnsafeBytes {
                unsafe pending.append(contentsOf: $0)
            }
            offset = end
            guard pending.count == needed, unsafe try unitByteCount(pending.span.bytes) == needed
            else {
                continue
            }
            var unit: [UInt8] = []
            swap(&unit, &pending)
            unsafe try finishUnit(unit.span.bytes, onTag)
            unit.removeAll(keepingCapacity: true)
            swap(&unit, &pending)
        }
    }

    /// How many bytes the unit that begins here has: the file header, or a PreviousTagSize and the
    /// tag after it. As long as too little is there to know, how many are needed to know it.
    private func unitByteCount(_ bytes: RawSpan) throws(FLVError) -> Int {
        if fileHeader == nil {
            guard bytes.byteCount >= FLVFileHeader.ownByteCount else {
                return FLVFileHeader.ownByteCount
            }
            return try FLVFileHeader.parse(bytes).byteCount
        }
        let headerEnd = FLVTagHeader.previousTagSizeByteCount + FLVTagHeader.byteCount
        guard bytes.byteCount >= headerEnd else { return headerEnd }
        let previous = bytes.uint32(at: 0)
        guard previous == previousTagByteCount else {
            throw .wrongPreviousTagSize(found: previous, expected: previousTagByteCount)
        }
        return headerEnd + (try tagHeader(bytes)).bodyByteCount
    }

    private func tagHeader(_ unit: RawSpan) throws(FLVError) -> FLVTagHeader {
        let header = try FLVTagHeader.parse(
            unit.extracting(FLVTagHeader.previousTagSizeByteCount...))
        guard header.bodyByteCount <= limits.bodyByteCountMax else {
            throw .bodyTooLarge(
                byteCount: header.bodyByteCount, byteCountMax: limits.bodyByteCountMax)
        }
        return header
    }

    private mutating func finishUnit<Failure: Error>(
        _ unit: RawSpan, _ onTag: (FLVTagHeader, RawSpan) throws(Failure) -> Void
    ) throws {
        guard fileHeader != nil else {
            fileHeader = try FLVFileHeader.parse(unit).header
            return
        }
        let header = try tagHeader(unit)
        previousTagByteCount = UInt32(FLVTagHeader.byteCount + header.bodyByteCount)
        let bodyStart = FLVTagHeader.previousTagSizeByteCount + FLVTagHeader.byteCount
        try onTag(header, unit.extracting(bodyStart...))
    }
}
