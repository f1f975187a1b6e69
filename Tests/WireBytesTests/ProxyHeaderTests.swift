// The PROXY protocol, both versions, in every cutting.

import TestSupport
import Testing
import WireBytes

@Suite struct ProxyHeaderTests {
    /// Version 2 with these fields; `length` only where it isn't that of the rest.
    static func binary(
        command: UInt8 = 0x21, family: UInt8, addresses: [UInt8], length: Int? = nil
    ) -> [UInt8] {
        let count = length ?? addresses.count
        return [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
            + [command, family, UInt8(count >> 8), UInt8(count & 0xFF)] + addresses
    }

    static let v4: [UInt8] = [203, 0, 113, 7, 192, 0, 2, 1, 0xDE, 0xAD, 0x1F, 0x90]
    static let v6: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [7]
        + [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + [0, 80, 0x1F, 0x90]
    static let mapped: [UInt8] =
        Array(repeating: 0, count: 10) + [0xFF, 0xFF, 203, 0, 113, 7]
        + Array(repeating: 0, count: 15) + [1] + [0, 80, 0x1F, 0x90]

    static let good: [(bytes: [UInt8], source: String?)] = [
        (Array("PROXY TCP4 203.0.113.7 192.0.2.1 57005 8080\r\n".utf8), "203.0.113.7:57005"),
        (Array("PROXY TCP6 2001:db8::7 2001:db8::1 80 8080\r\n".utf8), "[2001:db8::7]:80"),
        (Array("PROXY TCP6 ::ffff:203.0.113.7 ::1 0 65535\r\n".utf8), "203.0.113.7:0"),
        (Array("PROXY UNKNOWN\r\n".utf8), nil),
        (Array("PROXY UNKNOWN ffff::1 what ever 1 2 3\r\n".utf8), nil),
        (binary(family: 0x11, addresses: v4), "203.0.113.7:57005"),
        (binary(family: 0x11, addresses: v4 + [0x04, 0, 2, 1, 1]), "203.0.113.7:57005"),
        (binary(family: 0x21, addresses: v6), "[2001:db8::7]:80"),
        (binary(family: 0x21, addresses: mapped), "203.0.113.7:80"),
        (binary(command: 0x20, family: 0x00, addresses: []), nil),
        (binary(command: 0x20, family: 0x11, addresses: v4), nil),
        (binary(family: 0x00, addresses: [1, 2, 3]), nil),
        (binary(family: 0x31, addresses: Array(repeating: 1, count: 216)), nil),
        (
            binary(family: 0x11, addresses: v4 + Array(repeating: 0, count: 2_020)),
            "203.0.113.7:57005"
        ),
    ]

    /// All that has come, read anew with each piece; the rest is handed on.
    struct Reader {
        var bytes: [UInt8] = []
        var isDone = false
        mutating func feed(
            _ chunk: RawSpan, _ emit: (ProxyHeader.Beginning) -> Void
        ) throws(ProxyHeaderError) {
            for offset in 0..<chunk.byteCount { bytes.append(chunk[offset]) }
            guard !isDone else { return }
            let beginning = try ProxyHeader.parse(bytes.span.bytes)
            guard beginning != .incomplete else { return }
            isDone = true
            emit(beginning)
        }
    }

    private func beginnings(_ bytes: [UInt8]) -> [ProxyHeader.Beginning] {
        verifyChunking(
            of: bytes, makeParser: { Reader() },
            feed: { (reader: inout Reader, chunk, emit: (ProxyHeader.Beginning) -> Void) in
                try reader.feed(chunk, emit)
            })
    }

    private func refuses(_ bytes: [UInt8], _ error: ProxyHeaderError) {
        do throws(ProxyHeaderError) {
            let beginning = try ProxyHeader.parse(bytes.span.bytes)
            Issue.record("was read as \(beginning)")
        } catch let found {
            #expect(found == error)
        }
        #expect(beginnings(bytes).isEmpty)
    }

    @Test(arguments: good.indices)
    func saysWhoIsBehindTheProxy(index: Int) throws {
        let (bytes, source) = Self.good[index]
        let found = beginnings(bytes + Array("GET / HTTP/1.1\r\n".utf8))
        guard case .header(let header) = try #require(found.first) else {
            Issue.record("\(found)")
            return
        }
        #expect(header.client?.description == source)
        #expect(header.byteCount == bytes.count)
        let begins = ProxyHeader.begins(bytes.span.bytes)
        #expect(begins)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n", "PROXIES", "\u{3}rtmp", "\r\nGET /",
        "\r\n\r\n\0\r\nQUIZ", "P ", "proxy TCP4",
    ])
    func leavesAllElseAlone(text: String) {
        #expect(beginnings(Array(text.utf8)) == [.other])
        let begins = ProxyHeader.begins(Array(text.utf8).span.bytes)
        #expect(!begins)
    }

    @Test(arguments: [
        ("PROXY TCP4 203.0.113.7 192.0.2.1 57005\r\n", ProxyHeaderError.badLine),
        ("PROXY TCP4 203.0.113.7 192.0.2.1 57005 8080 \r\n", .badLine),
        ("PROXY TCP4  203.0.113.7 192.0.2.1 57005 8080\r\n", .badLine),
        ("PROXY TCP4 2001:db8::7 192.0.2.1 57005 8080\r\n", .badLine),
        ("PROXY TCP6 203.0.113.7 2001:db8::1 57005 8080\r\n", .badLine),
        ("PROXY TCP4 203.0.113.7 192.0.2.1 65536 8080\r\n", .badLine),
        ("PROXY TCP4 203.0.113.07 192.0.2.1 1 8080\r\n", .badLine),
        ("PROXY UDP4 203.0.113.7 192.0.2.1 1 8080\r\n", .badLine),
        ("PROXY \r\n", .badLine), ("PROXY TCP4 203.0.113.7\n", .badLine),
        ("PROXY UNKNOWN\rX", .badLine), ("PROXY UNKNOWN \u{1}\r\n", .badLine),
        ("PROXY UNKNOWN " + String(repeating: "a", count: 92) + "\r\n", .tooLong),
        ("PROXY UNKNOWN " + String(repeating: "a", count: 200), .tooLong),
    ])
    func refusesABadLine(text: String, error: ProxyHeaderError) {
        refuses(Array(text.utf8), error)
    }

    @Test(arguments: [
        (binary(command: 0x11, family: 0x11, addresses: v4), ProxyHeaderError.unknownVersion),
        (binary(command: 0x22, family: 0x11, addresses: v4), .unknownVersion),
        (binary(family: 0x12, addresses: v4), .notTCP),
        (binary(family: 0x41, addresses: v4), .notTCP),
        (binary(family: 0x11, addresses: [1, 2, 3]), .badLength),
        (binary(family: 0x21, addresses: v4), .badLength),
        (binary(family: 0x31, addresses: v6), .badLength),
        (binary(family: 0x11, addresses: v4, length: 2_033), .badLength),
        (binary(command: 0x20, family: 0, addresses: [], length: 0xFFFF), .badLength),
    ])
    func refusesABadHeader(bytes: [UInt8], error: ProxyHeaderError) {
        refuses(bytes, error)
    }

    @Test func theLongestLineIsTaken() throws {
        let longest = "PROXY UNKNOWN " + String(repeating: "a", count: 91) + "\r\n"
        #expect(longest.utf8.count == 107)
        #expect(beginnings(Array(longest.utf8)).count == 1)
    }
}
