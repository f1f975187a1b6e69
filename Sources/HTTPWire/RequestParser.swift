// The lines of a complete request head, read into an HTTPRequestHead.

import WireBytes

/// One pass over the request line, one over each field line.
struct RequestParser {
    private let limits: HTTPLimits
    private var head = HTTPRequestHead()
    private var connection = ConnectionTokens()
    private var transfer = TransferCodings()
    private var hasHostField = false
    private var upgradeHasWebSocket = false

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    mutating func parse(
        _ extent: HeadScanner.Extent, in bytes: RawSpan
    ) throws(HTTPRequestError) -> HTTPRequestHead {
        head.headByteCount = extent.end
        let fieldsStart = try parseRequestLine(at: extent.start, in: bytes)
        head.fields = fieldsStart..<(extent.end - 2)
        // An absolute target's authority wins over Host (RFC 9112, section 3.2.2).
        let targetHost = head.host
        head.host = nil
        try parseFields(in: bytes)
        if let targetHost { head.host = targetHost }
        try finish()
        return head
    }

    // MARK: Request line

    /// RFC 9112, section 3. Returns the offset of the line that follows.
    private mutating func parseRequestLine(
        at start: Int, in bytes: RawSpan
    ) throws(HTTPRequestError) -> Int {
        var index = start
        while bytes[index].isTokenCharacter { index += 1 }
        guard index > start, bytes[index] == UInt8(ascii: " ") else { throw .badRequestLine }
        let methodName = start..<index
        index += 1
        let targetStart = index
        while bytes[index] != UInt8(ascii: " ") {
            guard bytes[index] != 0x0D else { throw .badRequestLine }
            index += 1
        }
        head.target = targetStart..<index
        let lineEnd = try parseVersion(at: index + 1, in: bytes)
        guard !head.target.isEmpty else { throw .badRequestLine }
        guard head.target.count <= limits.targetByteCountMax else { throw .targetTooLong }
        for offset in head.target where !bytes[offset].isTargetCharacter { throw .badTarget }
        head.method = Self.method(named: methodName, in: bytes)
        try parseTarget(isConnect: bytes.equals("CONNECT", in: methodName), in: bytes)
        return lineEnd + 2
    }

    /// `HTTP/` digit `.` digit, and then the line's end.
    private mutating func parseVersion(
        at start: Int, in bytes: RawSpan
    ) throws(HTTPRequestError) -> Int {
        // The line's CR LF and the blank line's make 4 bytes that are there for certain; a shorter
        // version is found out before reading past them.
        var end = start
        while bytes[end] != 0x0D { end += 1 }
        guard end - start == 8, bytes.equals("HTTP/", in: start..<start + 5),
            bytes[start + 5].isDigit, bytes[start + 6] == UInt8(ascii: "."),
            bytes[start + 7].isDigit
        else { throw .badRequestLine }
        guard bytes[start + 5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        head.minorVersion = bytes[start + 7] - UInt8(ascii: "0")
        return end
    }

    private static func method(named name: Range<Int>, in bytes: RawSpan) -> HTTPMethod {
        if bytes.equals("GET", in: name) { return .get }
        if bytes.equals("POST", in: name) { return .post }
        if bytes.equals("HEAD", in: name) { return .head }
        if bytes.equals("OPTIONS", in: name) { return .options }
        return .other
    }

    /// The four forms of RFC 9112, section 3.2.
    private mutating func parseTarget(
        isConnect: Bool, in bytes: RawSpan
    ) throws(HTTPRequestError) {
        let target = head.target
        if isConnect {
            // Never served; its authority form has no path.
            head.path = target.lowerBound..<target.lowerBound
        } else if bytes[target.lowerBound] == UInt8(ascii: "/") {
            splitPathAndQuery(target, in: bytes)
        } else if bytes.equals("*", in: target), head.method == .options {
            head.path = target
        } else {
            try parseAbsoluteTarget(target, in: bytes)
        }
    }

    private mutating func parseAbsoluteTarget(
        _ target: Range<Int>, in bytes: RawSpan
    ) throws(HTTPRequestError) {
        let rest: Int
        let start = target.lowerBound
        if target.count > 7, bytes.equalsIgnoringCase("http://", in: start..<start + 7) {
            rest = start + 7
        } else if target.count > 8, bytes.equalsIgnoringCase("https://", in: start..<start + 8) {
            rest = start + 8
        } else {
            throw .badTarget
        }
        var end = rest
        while end < target.upperBound, bytes[end] != UInt8(ascii: "/"),
            bytes[end] != UInt8(ascii: "?")
        {
            end += 1
        }
        // RFC 9110, section 4.2.1: an http URL without a host is to be refused.
        guard !(rest..<end).isEmpty, bytes[rest] != UInt8(ascii: ":"),
            isHostAndPort(rest..<end, in: bytes)
        else { throw .badHost }
        head.host = rest..<end
        splitPathAndQuery(end..<target.upperBound, in: bytes)
    }

    private mutating func splitPathAndQuery(_ range: Range<Int>, in bytes: RawSpan) {
        if let mark = bytes.firstIndex(of: UInt8(ascii: "?"), in: range) {
            head.path = range.lowerBound..<mark
            head.query = mark + 1..<range.upperBound
        } else {
            head.path = range
        }
    }

    // MARK: Field lines

    private mutating func parseFields(in bytes: RawSpan) throws(HTTPRequestError) {
        var lines = FieldLines(head.fields)
        var count = 0
        while let line = try Self.nextLine(&lines, in: bytes) {
            count += 1
            guard count <= limits.headerCountMax else { throw .head(.tooManyFields) }
            try take(line, in: bytes)
        }
    }

    private static func nextLine(
        _ lines: inout FieldLines, in bytes: RawSpan
    ) throws(HTTPRequestError) -> FieldLine? {
        do {
            return try lines.next(in: bytes)
        } catch {
            throw .head(error)
        }
    }

    /// Told apart by length first: most fields of a browser's request are of no interest.
    private mutating func take(_ line: FieldLine, in bytes: RawSpan) throws(HTTPRequestError) {
        let name = line.name
        switch name.count {
        case 4 where bytes.equalsIgnoringCase("host", in: name):
            guard !hasHostField else { throw .repeatedField }
            guard isHostAndPort(line.value, in: bytes) else { throw .badHost }
            hasHostField = true
            head.host = line.value
        case 6 where bytes.equalsIgnoringCase("origin", in: name):
            try Self.keepOnly(line.value, in: &head.origin)
        case 6 where bytes.equalsIgnoringCase("expect", in: name):
            guard bytes.equalsIgnoringCase("100-continue", in: line.value) else {
                throw .unsupportedExpectation
            }
            head.expectsContinue = true
        case 7 where bytes.equalsIgnoringCase("upgrade", in: name):
            var members = ListMembers(line.value)
            while let member = members.next(in: bytes) {
                if bytes.equalsIgnoringCase("websocket", in: member) { upgradeHasWebSocket = true }
            }
        case 10 where bytes.equalsIgnoringCase("connection", in: name):
            connection.take(line.value, in: bytes)
        case 12 where bytes.equalsIgnoringCase("content-type", in: name):
            try Self.keepOnly(line.value, in: &head.contentType)
        case 13 where bytes.equalsIgnoringCase("authorization", in: name):
            try Self.keepOnly(line.value, in: &head.authorization)
        case 14 where bytes.equalsIgnoringCase("content-length", in: name):
            guard !head.hasContentLength else { throw .repeatedField }
            guard let length = bytes.decimalNumber(in: line.value) else {
                throw .badContentLength
            }
            head.hasContentLength = true
            head.contentLength = length
        case 17 where bytes.equalsIgnoringCase("transfer-encoding", in: name):
            transfer.take(line.value, in: bytes)
        case 17 where bytes.equalsIgnoringCase("sec-websocket-key", in: name):
            try Self.keepOnly(line.value, in: &head.webSocketKey)
        case 21 where bytes.equalsIgnoringCase("sec-websocket-version", in: name):
            try Self.keepOnly(line.value, in: &head.webSocketVersion)
        case 22 where bytes.equalsIgnoringCase("sec-websocket-protocol", in: name):
            if head.webSocketProtocol == nil { head.webSocketProtocol = line.value }
        default: break
        }
    }

    /// Two values where one is meant would leave it to chance which one is believed.
    private static func keepOnly(
        _ value: Range<Int>, in place: inout Range<Int>?
    ) throws(HTTPRequestError) {
        guard place == nil else { throw .repeatedField }
        place = value
    }

    // MARK: What the fields mean together

    private mutating func finish() throws(HTTPRequestError) {
        let isOldVersion = head.minorVersion == 0
        guard hasHostField || isOldVersion else { throw .missingHost }
        head.keepAlive = connection.keepsAlive(minorVersion: head.minorVersion)

        // RFC 9112, section 6.1: neither together with a length nor in HTTP/1.0.
        if transfer.isPresent {
            guard !head.hasContentLength else { throw .lengthAndTransferEncoding }
            guard !isOldVersion, !transfer.isAmbiguous else { throw .badTransferEncoding }
            guard !transfer.hasUnknown else { throw .unknownTransferCoding }
            head.isChunkedBody = true
        }
        guard head.contentLength <= limits.bodyByteCountMax else { throw .bodyTooLarge }

        // RFC 9110, section 10.1.1: to be ignored in HTTP/1.0 and without a body.
        if isOldVersion || !head.hasBody { head.expectsContinue = false }
        head.upgradesToWebSocket =
            head.method == .get && !isOldVersion && connection.hasUpgrade && upgradeHasWebSocket
    }
}
