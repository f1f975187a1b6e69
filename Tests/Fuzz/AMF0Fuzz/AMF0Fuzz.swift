// Fuzzes AMF0: whatever can be decoded is encoded and decoded again, and must be the same.

import FLV

/// libFuzzer's entry: the input is a message's AMF0 as a peer sends it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAMF0(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let values = try? decode(input) else { return 0 }

    // Compared as bytes: a number may be NaN, which isn't equal to itself.
    let bytes = AMF0.encode(values)
    guard let again = try? decode(bytes) else {
        preconditionFailure("what was encoded can't be decoded: \(values)")
    }
    precondition(AMF0.encode(again) == bytes, "\(values) came back as \(again)")
    for value in values { precondition(depth(of: value) <= AMF0Limits().depthMax) }

    // The first value alone is the same.
    let prefix = try? AMF0.decodePrefix(input.span.bytes, maxValues: 1)
    if let first = values.first {
        guard let prefix, let only = prefix.values.first, prefix.byteCount <= count else {
            preconditionFailure("the first value alone can't be decoded")
        }
        precondition(AMF0.encode(only) == AMF0.encode(first))
    }
    return 0
}

private func decode(_ bytes: [UInt8]) throws(AMF0Error) -> [AMF0Value] {
    try AMF0.decode(bytes.span.bytes)
}

private func depth(of value: AMF0Value) -> Int {
    if let properties = value.properties {
        return 1 + (properties.map { depth(of: $0.value) }.max() ?? 0)
    }
    return value.elements.map { 1 + ($0.map { depth(of: $0) }.max() ?? 0) } ?? 0
}
