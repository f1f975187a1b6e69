// Fuzzes the signatures of addresses: as they come, and signed by the right key.

import Access
import WireBytes

private let keyText = "0123456789abcdef"
private let nowUnixS = 1_700_000_000

/// libFuzzer's entry: the first byte chooses role and form, the rest is a query, or a stream's name
/// that is then signed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSignedURL(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let key = try? URLKey(validating: keyText),
        let other = try? URLKey(validating: "x" + keyText)
    else { preconditionFailure("the fuzzer's own key is refused") }
    let keys = URLKeys(play: URLKeyPair(main: key), push: URLKeyPair(main: other, previous: nil))
    let role: URLRole = input[0] & 1 == 0 ? .play : .push
    let text = String(decoding: input[1...], as: UTF8.self)
    if input[0] & 2 == 0 {
        _ = outcome(of: text, keys, role, stream: "show")
    } else {
        checkSigned(text, keys, role, isTencent: input[0] & 4 != 0)
    }
    return 0
}

/// Whoever is let in is let in again, and nowhere else.
private func outcome(
    of query: String, _ keys: URLKeys, _ role: URLRole, stream: String
) -> SignedURLRefusal? {
    let signature = URLSignature { name in value(named: "\(name)", in: query) }
    do throws(SignedURLRefusal) {
        try keys.check(
            signature, for: role, stream: stream, from: HostKey(v4: 0xC000_0207),
            nowUnixS: nowUnixS, others: { ["other", stream + "x"] })
        return nil
    } catch {
        precondition(!error.description.isEmpty)
        precondition((error == .missing) == (signature == nil))
        return error
    }
}

private func checkSigned(_ stream: String, _ keys: URLKeys, _ role: URLRole, isTencent: Bool) {
    guard !stream.isEmpty, stream.utf8.count <= 64,
        stream.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "&") }),
        let key = keys.pair(for: role)?.main
    else { return }
    let url = SignedURL(role: role, stream: stream, expiresAtUnixS: nowUnixS + 60)
    guard let query = isTencent ? url.tencentQuery(key: key) : url.query(key: key) else {
        preconditionFailure("libcrypto has neither MD5 nor SHA-256")
    }
    precondition(outcome(of: query, keys, role, stream: stream) == nil, query)
    precondition(
        outcome(of: query, keys, role, stream: stream + "x") == .otherStream
            || isTencent)
    precondition(
        outcome(of: query, keys, role == .play ? .push : .play, stream: stream)
            == .otherRole)
    if isTencent { checkMoved(query, keys, role, stream: stream) }
    var changed = Array(query.utf8)
    guard let last = query.utf8.firstIndex(of: UInt8(ascii: "=")) else { return }
    let place = query.utf8.distance(from: query.utf8.startIndex, to: last) + 1
    changed[place] = changed[place] == UInt8(ascii: "p") ? UInt8(ascii: "q") : UInt8(ascii: "~")
    precondition(
        outcome(of: String(decoding: changed, as: UTF8.self), keys, role, stream: stream) != nil)
}

/// Wherever the cut between name and time is put, only the name that was meant is let in.
private func checkMoved(_ query: String, _ keys: URLKeys, _ role: URLRole, stream: String) {
    guard let time = value(named: "txTime", in: query),
        let secret = value(named: "txSecret", in: query)
    else { preconditionFailure("a signature without its items") }
    let signed = Array(stream + time)
    for cut in 1..<signed.count where cut != stream.utf8.count {
        let moved = "txSecret=\(secret)&txTime=\(String(signed[cut...]))"
        precondition(
            outcome(of: moved, keys, role, stream: String(signed[..<cut])) != nil, moved)
    }
}

private func value(named name: String, in query: String) -> String? {
    for item in query.split(separator: "&") {
        let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.first.map(String.init) == name {
            return parts.count > 1 ? PercentEncoding.decodeLeniently(parts[1]) : ""
        }
    }
    return nil
}
