// A client's WebSocket messages: what is taken, what is refused and how, in every cutting.

import HTTPWire
import TestSupport
import Testing

@Suite struct WebSocketReaderTests {
    @Test func theRFCsExamplesAreRead() {
        // RFC 6455, section 5.7, the masked ones.
        let hello = [UInt8](hex: "81 85 37 fa 21 3d 7f 9f 4d 51 58")
        #expect(webSocketEvents(of: hello) == [WebSocketEvent(.text, "Hello")])
        let pong = [UInt8](hex: "8a 85 37 fa 21 3d 7f 9f 4d 51 58")
        #expect(webSocketEvents(of: pong) == [WebSocketEvent(.pong, "Hello")])
    }

    @Test(arguments: [0, 1, 2, 7, 8, 9, 125, 126, 127, 255, 256, 4095, 4096])
    func messagesOfAllLengthsAreRead(byteCount: Int) {
        var random = SeededRandom(seed: UInt64(byteCount))
        let payload = random.bytes(byteCount)
        let events = webSocketEvents(of: clientFrame(0x82, payload, mask: random.bytes(4)))
        #expect(events == [WebSocketEvent(.binary, payload)])
    }

    @Test func fragmentsBecomeOneMessage() {
        let bytes =
            clientFrame(0x01, "caf") + clientFrame(0x00, [0xC3]) + clientFrame(0x00, "")
            + clientFrame(0x89, "are you there?") + clientFrame(0x00, [0xA9, 0x20])
            + clientFrame(0x8A, "") + clientFrame(0x80, "\u{1F389}") + clientFrame(0x81, "next")
        #expect(
            webSocketEvents(of: bytes) == [
                WebSocketEvent(.ping, "are you there?"), WebSocketEvent(.pong),
                WebSocketEvent(.text, "caf\u{e9} \u{1F389}"), WebSocketEvent(.text, "next"),
            ])
    }

    @Test func aMessageOfEmptyFragmentsIsEmpty() {
        let bytes = clientFrame(0x02, "") + clientFrame(0x00, "") + clientFrame(0x80, "")
        #expect(webSocketEvents(of: bytes) == [WebSocketEvent(.binary)])
    }

    @Test func whatIsThereInFullNeedsNoStorage() throws {
        var connection = WebSocketConnection()
        let message = clientFrame(0x81, #"{"type":"answer"}"#)
        try connection.feed((message + message + clientFrame(0x89, "x")).span.bytes) { _ in }
        #expect(connection.lendingCount == 0)
        // A head in part needs none either.
        try connection.feed(Array(message[..<6]).span.bytes) { _ in }
        #expect(connection.lendingCount == 0)
        try connection.feed(Array(message[6..<9]).span.bytes) { _ in }
        #expect(connection.lendingCount == 1 && connection.reader.holdsStorage)
        try connection.feed(Array(message[9...]).span.bytes) { _ in }
        #expect(connection.lendingCount == 1 && !connection.reader.holdsStorage)
    }

    @Test func aConnectionsStateIsSmall() {
        #expect(MemoryLayout<WebSocketReader>.stride <= 28)
        #expect(MemoryLayout<WebSocketFrameReader>.stride <= 16)
    }

    @Test(
        arguments: [
            ([], WebSocketEvent(.close(nil))), ([0x03, 0xE8], WebSocketEvent(.close(.normal))),
            ([0x03, 0xE9] + Array("bye é".utf8), WebSocketEvent(.close(.goingAway), "bye é")),
            ([0x0F, 0xA0], WebSocketEvent(.close(WebSocketCloseCode(rawValue: 4000)))),
        ] as [([UInt8], WebSocketEvent)])
    func closesAreRead(payload: [UInt8], event: WebSocketEvent) {
        let bytes = clientFrame(0x88, payload)
        // Whatever comes behind a close is passed over, good or bad.
        #expect(webSocketEvents(of: bytes + clientFrame(0x81, "late") + [0xFF]) == [event])
        // It may come in the middle of a message.
        #expect(webSocketEvents(of: clientFrame(0x01, "half") + bytes) == [event])
    }

    @Test(
        arguments: [
            ([0x03], WebSocketError.badClose), ([0x00, 0x00], .badClose),
            ([0x03, 0xE7], .badClose),
            ([0x03, 0xEC], .badClose), ([0x03, 0xED], .badClose), ([0x03, 0xEE], .badClose),
            ([0x03, 0xF7], .badClose), ([0x0B, 0xB7], .badClose), ([0x13, 0x88], .badClose),
            ([0xFF, 0xFF], .badClose), ([0x03, 0xE8, 0xFF], .notUTF8),
            ([0x03, 0xE8, 0x61, 0xC3], .notUTF8),
        ] as [([UInt8], WebSocketError)])
    func badClosesAreRefused(payload: [UInt8], error: WebSocketError) {
        let bytes = clientFrame(0x88, payload)
        #expect(webSocketRefusal(of: bytes) == error)
        #expect(webSocketEvents(of: bytes).isEmpty)
    }

    @Test(arguments: [
        ("C1", WebSocketError.reservedBits), ("A1", .reservedBits), ("91", .reservedBits),
        ("83", .unknownOpcode), ("87", .unknownOpcode), ("8B", .unknownOpcode),
        ("8F", .unknownOpcode), ("81 05", .unmasked), ("81 00", .unmasked), ("89 00", .unmasked),
        ("09", .fragmentedControl), ("08", .fragmentedControl), ("0A", .fragmentedControl),
        ("89 FE", .controlTooLong), ("88 FF", .controlTooLong), ("8A FE 00 7E", .controlTooLong),
        ("81 FE 00 7D", .badLength), ("81 FE 00 00", .badLength),
        ("81 FF 80 00 00 00 00 00 00 00", .badLength),
        ("81 FF FF FF FF FF FF FF FF FF", .badLength),
        ("81 FF 00 00 00 00 00 00 FF FF", .badLength),
        ("81 FF 7F FF FF FF FF FF FF FF", .messageTooBig),
        ("81 FF 00 00 00 01 00 00 00 00", .messageTooBig),
        ("81 FF 00 00 00 00 00 01 00 00", .messageTooBig), ("81 FE 10 01", .messageTooBig),
        ("00 80", .unexpectedContinuation), ("80", .unexpectedContinuation),
    ])
    func badHeadsAreRefused(hex: String, error: WebSocketError) {
        let bytes = [UInt8](hex: hex)
        #expect(webSocketRefusal(of: bytes) == error)
        #expect(webSocketEvents(of: bytes + [1, 2, 3, 4, 5, 6]).isEmpty)
        // Good messages before it still come out.
        let hello = clientFrame(0x81, "Hello")
        #expect(webSocketEvents(of: hello + bytes) == [WebSocketEvent(.text, "Hello")])
    }

    @Test func fragmentsKeepTheirOrder() {
        let begun = clientFrame(0x01, "a")
        #expect(webSocketRefusal(of: begun + clientFrame(0x81, "b")) == .unfinishedMessage)
        #expect(webSocketRefusal(of: begun + clientFrame(0x02, "b")) == .unfinishedMessage)
        let ended = begun + clientFrame(0x80, "b")
        #expect(webSocketRefusal(of: ended + clientFrame(0x80, "c")) == .unexpectedContinuation)
        #expect(webSocketEvents(of: ended + clientFrame(0x00, "c")).count == 1)
    }

    @Test func messagesHaveTheirBounds() {
        let limits = WebSocketLimits(messageByteCountMax: 10, messageFrameCountMax: 3)
        func events(_ frames: [UInt8]...) -> [WebSocketEvent] {
            webSocketEvents(of: frames.flatMap { $0 }, limits: limits)
        }
        func refusal(_ frames: [UInt8]...) -> WebSocketError? {
            webSocketRefusal(of: frames.flatMap { $0 }, limits: limits)
        }
        #expect(events(clientFrame(0x81, "0123456789")).count == 1)
        #expect(refusal(clientFrame(0x81, "0123456789a")) == .messageTooBig)
        let five = clientFrame(0x01, "01234")
        #expect(events(five, clientFrame(0x80, "56789")).count == 1)
        #expect(refusal(five, clientFrame(0x80, "56789a")) == .messageTooBig)
        // The bound is of one message: the next has all of it again.
        #expect(events(five, clientFrame(0x80, "5"), clientFrame(0x81, "0123456789")).count == 2)
        // A control frame between has its own.
        let ping = clientFrame(0x89, [UInt8](repeating: 7, count: 125))
        #expect(events(five, ping, clientFrame(0x80, "56789"), ping).count == 3)

        let (first, middle, last) = (
            clientFrame(0x01, ""), clientFrame(0x00, ""), clientFrame(0x80, "")
        )
        #expect(events(first, middle, last, first, middle, last).count == 2)
        #expect(refusal(first, middle, middle) == .tooManyFrames)
        #expect(events(first, middle, middle, last).isEmpty)
    }

    @Test(arguments: ["FF", "C0 80", "ED A0 80", "F4 90 80 80", "C3", "61 E2 82", "80"])
    func textsAreUTF8(hex: String) {
        let bad = [UInt8](hex: hex)
        #expect(webSocketRefusal(of: clientFrame(0x81, bad)) == .notUTF8)
        #expect(webSocketEvents(of: clientFrame(0x81, bad)).isEmpty)
        for cut in 0...bad.count {
            let bytes =
                clientFrame(0x01, Array(bad[..<cut])) + clientFrame(0x89, [0xFF])
                + clientFrame(0x80, Array(bad[cut...]))
            #expect(webSocketRefusal(of: bytes) == .notUTF8)
            _ = webSocketEvents(of: bytes)
        }
        // Binary may be anything, and so may what follows it.
        let fine = clientFrame(0x82, bad) + clientFrame(0x81, "text")
        #expect(webSocketEvents(of: fine).count == 2)
    }

    @Test func randomTrafficIsReadTheSame() {
        for seed in UInt64(1)...150 {
            var random = SeededRandom(seed: seed)
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let first: UInt8 =
                    [0x01, 0x81, 0x82, 0x02, 0x00, 0x80, 0x89, 0x8A, 0x88]
                    .randomElement(using: &random) ?? 0
                let count = Int.random(in: 0...150, using: &random)
                bytes += clientFrame(first, random.bytes(count), mask: random.bytes(4))
            }
            if Bool.random(using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] ^= 0x10
            }
            _ = webSocketEvents(
                of: bytes, limits: WebSocketLimits(messageByteCountMax: 300), seed: seed)
        }
    }

    @Test func errorsFitIntoACloseFrame() {
        let errors: [WebSocketError] = [
            .reservedBits, .unknownOpcode, .unmasked, .masked, .fragmentedControl,
            .controlTooLong, .badLength, .unexpectedContinuation, .unfinishedMessage, .badClose,
            .notUTF8, .messageTooBig, .tooManyFrames,
        ]
        for error in errors {
            #expect(error.description.utf8.count <= 123)
            let frame = WebSocketFrame.close(error.closeCode, reason: error.description, mask: 9)
            let event = WebSocketEvent(.close(error.closeCode), error.description)
            #expect(webSocketEvents(of: frame) == [event])
        }
    }
}
