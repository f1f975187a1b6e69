// Chunked bodies taken apart in place, in any cutting.

import WireBytes

/// Reads a chunked body (RFC 9112, section 7.1) without copying: it tells which parts of the bytes
/// at hand are body.
///
/// ```
/// var offset = head.headByteCount
/// while let body = try reader.nextBody(in: bytes, from: &offset) { … }
/// // All bytes are used up, or reader.isFinished and the next message begins at offset.
/// ```
public struct ChunkedBodyReader: Sendable {
    private enum State {
        /// At the first digit of a size line.
        case size
        /// Within the digits of a size line.
        case sizeDigits
        /// In the white space or the extensions behind the digits.
        case sizeExtension
        /// At the line feed of a size line.
        case sizeLineFeed
        case data
        /// At the carriage return, then the line feed behind a chunk's data.
        case dataReturn, dataLineFeed
        /// At the beginning of a trailer line, or of the blank line that ends the body.
        case trailerStart
        case trailer
        case trailerLineFeed
        case lastLineFeed
        case finished
    }

    private let limits: ChunkedBodyLimits
    private var state = State.size
    private var chunkByteCountLeft = 0
    private var lineByteCount = 0
    private var trailerByteCount = 0

    /// How many body bytes have been announced so far.
    public private(set) var bodyByteCount = 0

    /// Whether the body has ended; bytes from the offset on belong to the next message.
    public var isFinished: Bool {
        if case .finished = state { return true }
        return false
    }

    /// A reader at the beginning of a body.
    public init(limits: ChunkedBodyLimits = ChunkedBodyLimits()) {
        self.limits = limits
    }

    /// The next stretch of body in `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: what has come; the reader keeps nothing of it.
    ///   - offset: where to go on reading; moved past what was read.
    /// - Returns: nil when all bytes are used up or the body has ended.
    /// - Throws: `ChunkedBodyError`; close the connection, and don't call again.
    public mutating func nextBody(
        in bytes: RawSpan, from offset: inout Int
    ) throws(ChunkedBodyError) -> Range<Int>? {
        while offset < bytes.byteCount {
            switch state {
            case .data:
                let start = offset
                let byteCount = min(chunkByteCountLeft, bytes.byteCount - start)
                offset += byteCount
                chunkByteCountLeft -= byteCount
                if chunkByteCountLeft == 0 { state = .dataReturn }
                return start..<offset
            case .finished:
                return nil
            default:
                try take(bytes[offset])
                offset += 1
            }
        }
        return nil
    }

    /// One byte of the framing.
    private mutating func take(_ byte: UInt8) throws(ChunkedBodyError) {
        switch state {
        case .size, .sizeDigits, .sizeExtension: try takeSizeLine(byte)
        case .sizeLineFeed:
            guard byte == 0x0A else { throw .badLineEnd }
            lineByteCount = 0
            try beginChunk()
        case .dataReturn:
            // The data is longer than its size said.
            guard byte == 0x0D else { throw .badLineEnd }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == 0x0A else { throw .badLineEnd }
            state = .size
        case .trailerStart, .trailer, .trailerLineFeed, .lastLineFeed: try takeTrailer(byte)
        case .data, .finished:
            // `nextBody` hands over neither.
            break
        }
    }

    private mutating func takeSizeLine(_ byte: UInt8) throws(ChunkedBodyError) {
        if byte == 0x0D {
            guard case .size = state else {
                state = .sizeLineFeed
                return
            }
            throw .badSize
        }
        lineByteCount += 1
        guard lineByteCount <= limits.sizeLineByteCountMax else { throw .sizeLineTooLong }
        if case .sizeExtension = state {
            guard byte == 0x09 || (byte >= 0x20 && byte != 0x7F) else { throw .badExtension }
            return
        }
        if let digit = byte.hexDigitValue {
            // A size of more than 60 bits is nobody's; this also keeps the sum from overflowing.
            guard chunkByteCountLeft >> 56 == 0 else { throw .bodyTooLarge }
            chunkByteCountLeft = chunkByteCountLeft << 4 | Int(digit)
            state = .sizeDigits
        } else if case .sizeDigits = state, byte == UInt8(ascii: ";") {
            state = .sizeExtension
        } else {
            throw .badSize
        }
    }

    private mutating func beginChunk() throws(ChunkedBodyError) {
        guard chunkByteCountLeft > 0 else {
            state = .trailerStart
            return
        }
        guard
            chunkByteCountLeft <= limits.bodyByteCountMax
                - min(bodyByteCount, limits.bodyByteCountMax)
        else { throw .bodyTooLarge }
        bodyByteCount += chunkByteCountLeft
        state = .data
    }

    /// Trailer fields are read over: nothing here has a use for them.
    private mutating func takeTrailer(_ byte: UInt8) throws(ChunkedBodyError) {
        switch state {
        case .lastLineFeed:
            guard byte == 0x0A else { throw .badLineEnd }
            state = .finished
            return
        case .trailerStart where byte == 0x0D:
            state = .lastLineFeed
            return
        case .trailerLineFeed:
            guard byte == 0x0A else { throw .badLineEnd }
            state = .trailerStart
        case _ where byte == 0x0D:
            state = .trailerLineFeed
        default:
            guard byte == 0x09 || (byte >= 0x20 && byte != 0x7F) else { throw .badTrailer }
            state = .trailer
        }
        trailerByteCount += 1
        guard trailerByteCount <= limits.trailerByteCountMax else { throw .trailerTooLarge }
    }
}

/// A chunked body that can't be read.
public enum ChunkedBodyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A chunk size that is no hexadecimal number.
    case badSize
    /// A control character in a chunk extension.
    case badExtension
    /// A line that doesn't end with CR LF, or a chunk longer than its size.
    case badLineEnd
    /// A control character in a trailer line.
    case badTrailer
    /// A chunk-size line longer than `ChunkedBodyLimits.sizeLineByteCountMax`.
    case sizeLineTooLong
    /// Trailers larger than `ChunkedBodyLimits.trailerByteCountMax`.
    case trailerTooLarge
    /// More body than `ChunkedBodyLimits.bodyByteCountMax`.
    case bodyTooLarge

    /// The status a server answers with.
    public var status: HTTPStatus {
        switch self {
        case .badSize, .badExtension, .badLineEnd, .badTrailer, .sizeLineTooLong: .badRequest
        case .trailerTooLarge: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        }
    }

    /// What is wrong, and what the sender's author has to change.
    public var description: String {
        switch self {
        case .badSize: "A chunk's size is no hexadecimal number."
        case .badExtension: "A chunk's extension has a control character; leave it out."
        case .badLineEnd: "A chunk doesn't end with CR LF where its size says."
        case .badTrailer: "A trailer field has a control character; leave it out."
        case .sizeLineTooLong: "A chunk's extension is too long; leave it out."
        case .trailerTooLarge: "The trailer fields are too large; leave them out."
        case .bodyTooLarge: "The body is too large; send less."
        }
    }
}
