// Where a head ends, and its field lines one after the other: shared by requests and responses.

import WireBytes

/// The lines of a head (RFC 9112, sections 2.2 and 5), found without copying.
enum HeadScanner {
    /// A head's extent: where its start line begins, and where the byte after the blank line is.
    struct Extent {
        var start: Int
        var end: Int
    }

    /// Goes on looking for the blank line at `scanned`. Every byte is looked at once, in order, so
    /// however the bytes arrive, the same fault is found first.
    ///
    /// Strict on purpose: a bare CR or LF that two parsers read differently is what request
    /// smuggling lives on.
    /// - Returns: nil while the blank line is still to come.
    static func extent(
        of bytes: RawSpan, scanned: inout Int, byteCountMax: Int
    ) throws(HTTPHeadError) -> Extent? {
        // RFC 9112, section 2.2: one blank line before the first line is to be ignored. It is
        // there or not by the first two bytes, so this needs no memory between calls.
        let stop = min(bytes.byteCount, byteCountMax)
        var index = max(0, scanned)
        var isAfterReturn = index > 0 && index <= stop && bytes[index - 1] == 0x0D
        while index < stop {
            if isAfterReturn {
                guard bytes[index] == 0x0A else { throw .bareCarriageReturn }
                isAfterReturn = false
                // A line feed right behind another line's end ends a blank line: all of the head,
                // unless it is the one leading blank line that is allowed.
                if index > 1, bytes[index - 2] == 0x0A {
                    let start = bytes[0] == 0x0D ? 2 : 0
                    guard index - 1 > start else { throw .missingStartLine }
                    return Extent(start: start, end: index + 1)
                }
                index += 1
            }
            index = bytes.firstControl(from: index, to: stop)
            guard index < stop else { break }
            switch bytes[index] {
            case 0x0D: isAfterReturn = true
            case 0x0A: throw .bareLineFeed
            case 0x09: break
            default: throw .controlCharacter
            }
            index += 1
        }
        scanned = index
        guard index < byteCountMax else {
            // A line feed past the leading blank line is the start line's.
            let hasStartLine = bytes.firstIndex(of: 0x0A, in: min(2, stop)..<stop) != nil
            throw hasStartLine ? .headTooLarge : .startLineTooLong
        }
        return nil
    }
}

/// One `name: value` of a head.
struct FieldLine {
    var name: Range<Int>
    /// Without the white space around it; may be empty.
    var value: Range<Int>
}

/// The field lines of a complete head.
struct FieldLines {
    private var offset: Int
    private let end: Int

    /// - Parameter range: from the first field line to the end of the last one's CR LF.
    init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    mutating func next(in bytes: RawSpan) throws(HTTPHeadError) -> FieldLine? {
        guard offset < end else { return nil }
        let start = offset
        guard !bytes[start].isBlank else { throw .foldedField }
        var colon = start
        while bytes[colon].isTokenCharacter { colon += 1 }
        guard bytes[colon] == UInt8(ascii: ":") else {
            // The scanner has seen to it that every line ends with CR LF.
            throw bytes[colon] == 0x0D ? .missingColon : .badFieldName
        }
        guard colon > start else { throw .badFieldName }
        var lineEnd = colon + 1
        while bytes[lineEnd] != 0x0D {
            // Past a tab; the next line end is there for certain.
            lineEnd = bytes.firstControl(from: lineEnd + 1, to: bytes.byteCount)
        }
        offset = lineEnd + 2
        return FieldLine(name: start..<colon, value: bytes.trimmed(colon + 1..<lineEnd))
    }
}
