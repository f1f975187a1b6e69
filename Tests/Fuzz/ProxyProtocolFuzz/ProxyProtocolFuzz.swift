// Fuzzes what proxies say of who is behind them: PROXY headers, and the fields of requests.

import HTTPWire
import WireBytes

/// libFuzzer's entry: what a connection begins with, and what is written into the two fields.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProxyProtocol(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    checkHeader(bytes)
    checkFields(bytes)
    return 0
}

private enum Outcome: Equatable {
    case beginning(ProxyHeader.Beginning)
    case refused(ProxyHeaderError)
}

private func outcome(_ bytes: [UInt8]) -> Outcome {
    do throws(ProxyHeaderError) {
        return .beginning(try ProxyHeader.parse(bytes.span.bytes))
    } catch {
        return .refused(error)
    }
}

/// The same outcome however the bytes come, and no more of them waited for than there may be.
private func checkHeader(_ bytes: [UInt8]) {
    let whole = outcome(bytes)
    var pieces = outcome([])
    var count = 0
    while pieces == .beginning(.incomplete), count < bytes.count {
        count += 1
        pieces = outcome(Array(bytes[..<count]))
    }
    precondition(whole == pieces, "\(whole) in one piece, \(pieces) in several")
    switch whole {
    case .beginning(.incomplete): precondition(bytes.count < ProxyHeader.byteCountMax)
    case .beginning(.other): precondition(!ProxyHeader.begins(bytes.span.bytes))
    case .beginning(.header(let header)):
        precondition(header.byteCount <= min(bytes.count, ProxyHeader.byteCountMax))
        precondition(ProxyHeader.begins(bytes.span.bytes))
        if let source = header.client { checkLine(source) }
    case .refused: precondition(ProxyHeader.begins(bytes.span.bytes))
    }
}

/// An address that was read says the same as a line of version 1.
private func checkLine(_ source: IPEndpoint) {
    let family = source.address.isV6 ? "TCP6" : "TCP4"
    let line = "PROXY \(family) \(source.host) \(source.host) \(source.port) 1\r\n"
    guard case .beginning(.header(let again)) = outcome(Array(line.utf8)) else {
        preconditionFailure(line)
    }
    precondition(again.client == source)
}

private func checkFields(_ bytes: [UInt8]) {
    let trusted = AddressRanges(
        [AddressRange("10.0.0.0/8"), AddressRange("::/1")].compactMap { $0 })
    let value = bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
    for name in ["X-Forwarded-For", "Forwarded"] {
        // Whatever a client has written, what the proxy appends is what counts.
        let request =
            Array("GET / HTTP/1.0\r\n\(name): ".utf8) + value
            + Array("\r\n\(name): \(name == "Forwarded" ? "for=" : "")203.0.113.7\r\n\r\n".utf8)
        var scanned = 0
        let limits = HTTPLimits(headByteCountMax: 1 << 20)
        guard
            let head = try? HTTPRequestHead.parse(
                request.span.bytes, scanned: &scanned, limits: limits)
        else { continue }
        do throws(ForwardedForError) {
            let found = try ForwardedFor.address(
                of: head, in: request.span.bytes, trusted: trusted)
            precondition(found == IPAddress("203.0.113.7"), "\(String(describing: found))")
        } catch {
            precondition(error == .openQuote && value.contains(UInt8(ascii: "\"")))
        }
    }
    let text = String(decoding: value, as: UTF8.self)
    if let range = AddressRange(text) {
        precondition(AddressRange(range.description) == range)
        precondition(range.contains(range.first))
    }
}
