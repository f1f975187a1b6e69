// Fuzzes everything of HTTPWire that reads from the network.

import AudienceProtocol
import HTTPWire
import WireBytes

/// libFuzzer's entry: the first byte chooses a limit and where the bytes are cut, the rest is what
/// a peer sends. It is read as a request, as a response and as a chunked body.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTPRequest(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let choice = Int(input[0])
    let bytes = Array(input[1...])
    let limits =
        choice & 1 == 0
        ? HTTPLimits()
        : HTTPLimits(headByteCountMax: 96, targetByteCountMax: 24, headerCountMax: 3)
    checkRequest(bytes, firstCut: choice >> 1, limits: limits)
    checkResponse(bytes, firstCut: choice >> 1, limits: limits)
    checkChunkedBody(bytes, pieceByteCount: choice % 7 + 1)
    return 0
}

/// What came of a head: the same however it is cut.
private enum Outcome<Head: Equatable, Failure: Equatable>: Equatable {
    case incomplete
    case head(Head)
    case refused(Failure)
}

private func requestOutcome(
    _ bytes: [UInt8], scanned: inout Int, limits: HTTPLimits
) -> Outcome<HTTPRequestHead, HTTPRequestError> {
    do throws(HTTPRequestError) {
        let head = try HTTPRequestHead.parse(bytes.span.bytes, scanned: &scanned, limits: limits)
        return head.map { .head($0) } ?? .incomplete
    } catch {
        return .refused(error)
    }
}

private func responseOutcome(
    _ bytes: [UInt8], scanned: inout Int, limits: HTTPLimits
) -> Outcome<HTTPResponseHead, HTTPResponseError> {
    do throws(HTTPResponseError) {
        let head = try HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned, limits: limits)
        return head.map { .head($0) } ?? .incomplete
    } catch {
        return .refused(error)
    }
}

private func checkRequest(_ bytes: [UInt8], firstCut: Int, limits: HTTPLimits) {
    var scanned = 0
    let whole = requestOutcome(bytes, scanned: &scanned, limits: limits)
    let pieces = inPieces(bytes, firstCut: firstCut) { part, scanned in
        requestOutcome(part, scanned: &scanned, limits: limits)
    }
    precondition(whole == pieces, "\(whole) in one piece, \(pieces) in several")

    switch whole {
    case .incomplete:
        precondition(bytes.count < limits.headByteCountMax)
    case .refused(let error):
        precondition(error.status.rawValue >= 400)
        let answer = HTTPResponse.error(error).bytes()
        var scanned = 0
        let head = responseOutcome(answer, scanned: &scanned, limits: HTTPLimits())
        guard case .head = head else { preconditionFailure("our own answer gave \(head)") }
    case .head(let head):
        checkHead(head, of: bytes, limits: limits)
    }
}

private func checkHead(_ head: HTTPRequestHead, of bytes: [UInt8], limits: HTTPLimits) {
    precondition(head.headByteCount <= min(bytes.count, limits.headByteCountMax))
    precondition(bytes[..<head.headByteCount].suffix(4).elementsEqual([13, 10, 13, 10]))
    precondition(head.target.count <= limits.targetByteCountMax)
    precondition(head.contentLength <= limits.bodyByteCountMax)
    precondition(!(head.hasContentLength && head.isChunkedBody))
    let ranges = [
        head.target, head.path, head.query, head.fields, head.host, head.origin,
        head.authorization, head.contentType, head.webSocketKey, head.webSocketVersion,
        head.webSocketProtocol, head.bearerToken(in: bytes.span.bytes),
        head.fieldValue(named: "x-none", in: bytes.span.bytes),
    ]
    for range in ranges.compactMap({ $0 }) {
        precondition(range.upperBound <= head.headByteCount)
        precondition(!bytes[range].contains(0))
    }
    if let name = StreamPath.name(in: head.path, of: bytes.span.bytes) {
        let rebuilt = Array("/live/".utf8) + bytes[name] + ".flv".utf8
        precondition(rebuilt == Array(bytes[head.path]))
        precondition(AudiencePath.find(head.path, in: bytes.span.bytes) == .stream)
    }
    checkLists(head, in: bytes)
    if let query = head.query {
        let value = Query.value(named: "token", in: query, of: bytes.span.bytes)
        if let value {
            precondition(query.lowerBound <= value.lowerBound)
            precondition(value.upperBound <= query.upperBound)
            _ = PercentEncoding.decode(value, in: bytes.span.bytes, plusIsSpace: true)
        }
        _ = PercentEncoding.decode(query, in: bytes.span.bytes)
    }
    let options = CORSPolicy.anyOrigin.optionsResponse(for: head, in: bytes.span.bytes)
    precondition(options.status == .noContent)
}

/// What a client says of codings and of what it has, in fields of any content.
private func checkLists(_ head: HTTPRequestHead, in bytes: [UInt8]) {
    for field in [head.fields, head.target, head.host, nil] {
        let codings = AcceptedCodings(field, in: bytes.span.bytes)
        for coding in ContentCoding.allCases {
            precondition((0...1_000).contains(codings.weight(of: coding)))
        }
        _ = EntityTag.isKnown("\"a\"", field, in: bytes.span.bytes)
    }
}

private func checkResponse(_ bytes: [UInt8], firstCut: Int, limits: HTTPLimits) {
    var scanned = 0
    let whole = responseOutcome(bytes, scanned: &scanned, limits: limits)
    let pieces = inPieces(bytes, firstCut: firstCut) { part, scanned in
        responseOutcome(part, scanned: &scanned, limits: limits)
    }
    precondition(whole == pieces, "\(whole) in one piece, \(pieces) in several")
    guard case .head(let head) = whole else { return }
    precondition(head.headByteCount <= min(bytes.count, limits.headByteCountMax))
    precondition((100...599).contains(head.statusCode))
    precondition((head.contentType?.upperBound ?? 0) <= head.headByteCount)
    if case .length(let byteCount) = head.bodyFraming(answering: .get) {
        precondition(byteCount >= 0)
    }
}

/// Feeds the first piece, then byte by byte, as a slow peer would.
private func inPieces<Head, Failure>(
    _ bytes: [UInt8], firstCut: Int,
    parse: (_ part: [UInt8], _ scanned: inout Int) -> Outcome<Head, Failure>
) -> Outcome<Head, Failure> {
    var scanned = 0
    // Past 512 bytes in larger steps: an O(n²) here would only slow the fuzzer down.
    var count = min(firstCut, bytes.count)
    while true {
        let outcome = parse(Array(bytes[..<count]), &scanned)
        guard case .incomplete = outcome, count < bytes.count else { return outcome }
        count = min(bytes.count, count + (count < 512 ? 1 : 97))
    }
}

private func checkChunkedBody(_ bytes: [UInt8], pieceByteCount: Int) {
    let limits = ChunkedBodyLimits(bodyByteCountMax: 4096)
    let whole = readChunked(bytes, pieceByteCount: max(1, bytes.count), limits: limits)
    let pieces = readChunked(bytes, pieceByteCount: pieceByteCount, limits: limits)
    precondition(whole == pieces, "\(whole) in one piece, \(pieces) in several")
    precondition(whole.body.count <= limits.bodyByteCountMax)
    // The same body, chunked anew, reads the same.
    var anew: [UInt8] = []
    if !whole.body.isEmpty {
        anew += Array("\(String(whole.body.count, radix: 16))\r\n".utf8) + whole.body + [13, 10]
    }
    anew += Array("0\r\n\r\n".utf8)
    let again = readChunked(anew, pieceByteCount: pieceByteCount, limits: limits)
    precondition(again.body == whole.body && again.isFinished && again.usedByteCount == anew.count)
}

private struct ChunkedOutcome: Equatable {
    var body: [UInt8] = []
    var isFinished = false
    var usedByteCount = 0
    var failure: ChunkedBodyError?
}

private func readChunked(
    _ bytes: [UInt8], pieceByteCount: Int, limits: ChunkedBodyLimits
) -> ChunkedOutcome {
    var reader = ChunkedBodyReader(limits: limits)
    var outcome = ChunkedOutcome()
    var start = 0
    while start < bytes.count, !reader.isFinished, outcome.failure == nil {
        let piece = Array(bytes[start..<min(bytes.count, start + pieceByteCount)])
        var offset = 0
        do throws(ChunkedBodyError) {
            while let range = try reader.nextBody(in: piece.span.bytes, from: &offset) {
                precondition(!range.isEmpty && range.upperBound == offset)
                outcome.body += piece[range]
            }
        } catch {
            outcome.failure = error
        }
        precondition(offset == piece.count || reader.isFinished || outcome.failure != nil)
        outcome.usedByteCount = start + offset
        start += piece.count
    }
    outcome.isFinished = reader.isFinished
    return outcome
}
