// However a request's bytes are cut, the same comes out, at the same price.

import HTTPWire
import TestSupport
import Testing

@Suite struct RequestChunkingTests {
    private func heads(of bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> [HTTPRequestHead] {
        verifyChunking(
            of: bytes, makeParser: { RequestStream(limits: limits) },
            feed: { (stream: inout RequestStream, chunk, emit: (HTTPRequestHead) -> Void) in
                try stream.feed(chunk, emit)
            })
    }

    @Test(arguments: goodRequests)
    func goodRequestsComeOutTheSame(request: WireText) {
        #expect(heads(of: wire(request.text)).count == 1)
    }

    @Test(arguments: badRequests)
    func badRequestsAreRefusedTheSame(request: BadRequest) {
        #expect(heads(of: request.bytes).isEmpty)
    }

    @Test func pipelinedRequestsComeOutOneByOne() {
        let bytes = goodRequests.flatMap { wire($0.text) }
        #expect(heads(of: bytes).count == goodRequests.count)
    }

    @Test func tooLargeHeadsAreRefusedTheSame() {
        let limits = HTTPLimits(headByteCountMax: 64, targetByteCountMax: 16, headerCountMax: 2)
        let line = "GET / HTTP/1.1\nHost: a\n"
        for request in [
            "GET /" + String(repeating: "a", count: 80), line + String(repeating: "x", count: 80),
            "GET /0123456789abcdef HTTP/1.1\nHost: a\n\n", line + "X: y\nX: y\n\n",
            line + "X: y\n\n" + line + "X: y\nX: y\n\n",
        ] {
            #expect(heads(of: wire(request), limits: limits).count <= 1)
        }
    }

    @Test func heapsOfRandomBytesAreRefusedTheSame() {
        for seed in UInt64(1)...200 {
            var random = SeededRandom(seed: seed)
            // A good request with some bytes changed gets further than noise does.
            var bytes = wire(goodRequests[Int(seed) % goodRequests.count].text)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let offset = Int.random(in: 0..<bytes.count, using: &random)
                bytes[offset] = UInt8.random(in: 0...255, using: &random)
            }
            let found = verifyChunking(
                of: bytes, seed: seed, randomCuttingCount: 4, makeParser: { RequestStream() },
                feed: { (stream: inout RequestStream, chunk, emit: (HTTPRequestHead) -> Void) in
                    try stream.feed(chunk, emit)
                })
            #expect(found.count <= 1, "seed \(seed)")
        }
    }

    @Test func aDripFedHeadIsSearchedOnce() throws {
        let bytes = wire("GET / HTTP/1.1\nHost: a\nX: \(String(repeating: "y", count: 8000))\n\n")
        var scanned = 0
        for count in 1..<bytes.count {
            let part = Array(bytes[..<count])
            let before = scanned
            #expect(try HTTPRequestHead.parse(part.span.bytes, scanned: &scanned) == nil)
            // All but the new byte was left alone.
            #expect(before == count - 1 && scanned == count)
        }
        let head = try HTTPRequestHead.parse(bytes.span.bytes, scanned: &scanned)
        #expect(head?.headByteCount == bytes.count)
        #expect(scanned == 0)
    }
}
