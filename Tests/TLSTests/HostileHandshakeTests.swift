// Handshakes that come to nothing: plain requests, nonsense, hellos without an end.

import TLS
import TestSupport
import Testing

@Suite struct HostileHandshakeTests {
    private func fail(_ bytes: [UInt8]) throws -> (HandshakeFailure?, [UInt8]) {
        let server = try Handshake(try World.context())
        guard case .failed(let failure) = unsafe server.receive(bytes.span.bytes) else {
            return (nil, server.takeOutbox())
        }
        return (failure, server.takeOutbox())
    }

    @Test("A plain request gets a readable 400", arguments: ["GET / HTTP/1.1\r\n\r\n", "P"])
    func plainHTTP(request: String) throws {
        let (failure, answer) = try fail(Array(request.utf8))
        #expect(failure == .plainHTTP)
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(text.contains("\r\nConnection: close\r\n"))
        #expect(text.contains("https://"))
    }

    @Test("RTMP in the clear is known, and nothing is answered")
    func plainRTMP() throws {
        let (failure, answer) = try fail([3] + [UInt8](repeating: 0, count: 1_536))
        #expect(failure == .plainRTMP && answer.isEmpty)
    }

    @Test("Anything else isn't TLS", arguments: [UInt8(0), 0x80, 23, 0xFF])
    func nonsense(first: UInt8) throws {
        let (failure, _) = try fail([first, 3, 1, 0, 5, 1, 2, 3, 4, 5])
        #expect(failure == .notTLS)
    }

    @Test("A broken hello gets an alert")
    func brokenHello() throws {
        let (failure, answer) = try fail([22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF])
        #expect(failure == .malformed)
        #expect(answer.first == 21)
    }

    @Test("A hello without an end is ended")
    func endlessHello() throws {
        let server = try Handshake(try World.context())
        // The head of a hello of 16 MB, and then record after record of it.
        var bytes: [UInt8] = [22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF]
        var byteCount = 0
        while true {
            byteCount += bytes.count
            try #require(byteCount <= TLSLimits.handshakeByteCountMax + 2 * bytes.count)
            guard case .failed = unsafe server.receive(bytes.span.bytes) else {
                bytes = [22, 3, 1, 0x10, 0] + [UInt8](repeating: 0, count: 4_096)
                continue
            }
            break
        }
        #expect(byteCount <= TLSLimits.handshakeByteCountMax + 5_000)
    }

    @Test("An empty record for ever is ended as well")
    func emptyRecords() throws {
        let server = try Handshake(try World.context())
        let bytes = Array(repeatElement([22, 3, 1, 0, 0] as [UInt8], count: 64).joined())
        var count = 0
        while case .goesOn = unsafe server.receive(bytes.span.bytes) {
            count += bytes.count
            try #require(count <= TLSLimits.handshakeByteCountMax + bytes.count)
        }
        #expect(count <= TLSLimits.handshakeByteCountMax)
    }

    @Test("Any byte of a hello may be another: it ends, or goes on, and never more")
    func flippedBytes() throws {
        let context = try World.context()
        let hello = LibraryClient().take([])
        var random = SeededRandom(seed: 7)
        for _ in 0..<400 {
            var bytes = hello
            let place = Int.random(in: 1..<bytes.count, using: &random)
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            let server = try Handshake(context)
            switch unsafe server.receive(bytes.span.bytes) {
            case .goesOn, .failed: break
            case .finished: Issue.record("finished by a hello alone, byte \(place)")
            }
            _ = server.takeOutbox()
        }
        #expect(hello.count > 100)
    }

    @Test("After its end it takes nothing more")
    func ended() throws {
        let server = try Handshake(try World.context())
        let bytes: [UInt8] = [0]
        guard case .failed(.notTLS) = unsafe server.receive(bytes.span.bytes),
            case .failed(.ended) = unsafe server.receive(bytes.span.bytes)
        else {
            Issue.record("it went on")
            return
        }
    }
}
