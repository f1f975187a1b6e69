// Fuzzes the FLV reader: in any cutting the same tags and the same error, and tags that can be
// written again.

import FLV

private struct Outcome: Equatable {
    var tags: [[UInt8]] = []
    var fileHeader: FLVFileHeader?
    var failure: String?
}

/// libFuzzer's entry: the input is a stream, and its own bytes say where the second run cuts it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFLVReader(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let whole = outcome(of: input) { _ in input.count }
    precondition(whole == outcome(of: input) { _ in 1 }, "byte by byte it differs")
    precondition(whole == outcome(of: input) { Int(input[$0] % 61) + 1 }, "in pieces it differs")

    // Every tag written again is what stands in the input, one right after the other.
    guard !whole.tags.isEmpty else { return 0 }
    let fileHeaderByteCount = input[5..<9].reduce(0) { $0 << 8 | Int($1) }
    var position = fileHeaderByteCount + FLVTagHeader.previousTagSizeByteCount
    for tag in whole.tags {
        let unsized = tag.dropLast(FLVTagHeader.previousTagSizeByteCount)
        precondition(input[position...].starts(with: unsized), "not the tag that came in")
        position += tag.count
    }
    return 0
}

private func outcome(of input: [UInt8], pieceByteCount: (Int) -> Int) -> Outcome {
    // Bodies above this bound are refused, so that small inputs meet it.
    var reader = FLVReader(limits: FLVLimits(bodyByteCountMax: 2048))
    var outcome = Outcome()
    let bytes = input.span.bytes
    var offset = 0
    while offset < input.count, outcome.failure == nil {
        let end = min(input.count, offset + max(1, pieceByteCount(offset)))
        do {
            try reader.receive(bytes.extracting(offset..<end)) { header, body in
                precondition(header.bodyByteCount == body.byteCount)
                outcome.tags.append(
                    FLVTagHeader.tag(header.type, timestampMs: header.timestampMs, body: body))
            }
        } catch {
            outcome.failure = "\(error)"
        }
        offset = end
    }
    outcome.fileHeader = reader.fileHeader
    return outcome
}
