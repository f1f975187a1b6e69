// The rules of the fields that frame a message: Connection, Transfer-Encoding and Host.

import WireBytes

/// The options of all Connection fields together (RFC 9110, section 7.6.1).
struct ConnectionTokens {
    private(set) var hasClose = false
    private(set) var hasKeepAlive = false
    private(set) var hasUpgrade = false

    mutating func take(_ value: Range<Int>, in bytes: RawSpan) {
        var members = ListMembers(value)
        while let member = members.next(in: bytes) {
            if bytes.equalsIgnoringCase("close", in: member) {
                hasClose = true
            } else if bytes.equalsIgnoringCase("keep-alive", in: member) {
                hasKeepAlive = true
            } else if bytes.equalsIgnoringCase("upgrade", in: member) {
                hasUpgrade = true
            }
        }
    }

    /// RFC 9112, section 9.3: HTTP/1.1 stays open unless told otherwise, HTTP/1.0 closes.
    func keepsAlive(minorVersion: UInt8) -> Bool {
        !hasClose && (minorVersion > 0 || hasKeepAlive)
    }
}

/// The codings of all Transfer-Encoding fields together (RFC 9112, section 6.1).
struct TransferCodings {
    private(set) var isPresent = false
    private(set) var hasUnknown = false
    private var hasChunked = false
    private var hasCodingAfterChunked = false

    /// Whether nobody can tell where the body ends: nothing is named, or something comes after
    /// `chunked`.
    var isAmbiguous: Bool { hasCodingAfterChunked || (!hasChunked && !hasUnknown) }
    /// Whether the body comes in chunks and in no other coding.
    var isChunkedOnly: Bool { !isAmbiguous && !hasUnknown }

    mutating func take(_ value: Range<Int>, in bytes: RawSpan) {
        isPresent = true
        var members = ListMembers(value)
        while let member = members.next(in: bytes) {
            if hasChunked { hasCodingAfterChunked = true }
            if bytes.equalsIgnoringCase("chunked", in: member) {
                hasChunked = true
            } else {
                hasUnknown = true
            }
        }
    }
}

/// Whether `range` is a host with an optional port (RFC 9110, section 7.2), or empty.
func isHostAndPort(_ range: Range<Int>, in bytes: RawSpan) -> Bool {
    var index = range.lowerBound
    let end = range.upperBound
    if index < end, bytes[index] == UInt8(ascii: "[") {
        // An IPv6 address in brackets.
        index += 1
        let start = index
        while index < end,
            bytes[index].hexDigitValue != nil || bytes[index] == UInt8(ascii: ":")
                || bytes[index] == UInt8(ascii: ".")
        {
            index += 1
        }
        guard index > start, index < end, bytes[index] == UInt8(ascii: "]") else { return false }
        index += 1
    } else {
        while index < end, bytes[index].isHostNameCharacter { index += 1 }
    }
    guard index < end else { return true }
    guard bytes[index] == UInt8(ascii: ":") else { return false }
    index += 1
    guard end - index <= 5 else { return false }
    while index < end, bytes[index].isDigit { index += 1 }
    return index == end
}
