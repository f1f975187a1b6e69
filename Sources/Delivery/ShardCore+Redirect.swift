// Plain HTTP that is sent on to HTTPS.

import HTTPWire
import WireBytes

extension ShardCore where Kernel: ~Copyable {
    /// Sends a request that came without TLS on to where there is TLS, if that is asked for.
    ///
    /// What load balancers ask stays: they want an answer, and no other place to ask at.
    ///
    /// - Returns: the bytes it took; nil if the request is to be answered here.
    mutating func redirect(
        _ slot: Int, _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer
    ) -> Int? {
        guard let port = settings.redirectPort, !table[slot].flags.contains(.secure),
            head.method == .get || head.method == .head, !head.hasBody,
            unsafe !buffer[head.path].elementsEqual("/healthz".utf8)
        else { return nil }
        let bytes = unsafe buffer.bytes
        guard let place = head.host, let host = unsafe Self.hostName(buffer[place]) else {
            return refuse(
                slot, head, bytes, .badRequest,
                "This server answers on HTTPS only; say by a Host field which name is yours.")
        }
        var location = "https://" + host
        if port != 443 { location += ":\(port)" }
        unsafe location += String(decoding: buffer[head.path], as: UTF8.self)
        if head.path.isEmpty { location += "/" }
        if let query = head.query {
            unsafe location += "?" + String(decoding: buffer[query], as: UTF8.self)
        }
        reply(
            slot, head,
            HTTPResponse(
                .permanentRedirect,
                fields: [.init("Location", location), .init("Cache-Control", "no-store")],
                body: [], keepAlive: head.keepAlive))
        return head.headByteCount
    }

    /// A Host field without its port; nil if it names nothing that may stand in a URL.
    private static func hostName(_ bytes: Slice<UnsafeRawBufferPointer>) -> String? {
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        let end: String.Index?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            end = text.index(after: bracket)
        } else {
            end = text.firstIndex(of: ":")
        }
        let name = text[..<(end ?? text.endIndex)]
        let isGood = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        return isGood && !name.isEmpty ? String(name) : nil
    }
}
