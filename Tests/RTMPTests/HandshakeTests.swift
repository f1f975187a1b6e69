// The handshake: simple, signed under both schemes, torn, and everything that isn't one.
import RTMP
import TestSupport
import Testing

@Suite struct HandshakeTests {
    /// A C1 signed as a Flash player signs it, under one of the schemes.
    private func signedClientPacket(_ scheme: HandshakeDigest.Scheme) -> [UInt8] {
        var random = SeededRandom(seed: 42)
        var packet: [UInt8] = [0, 0, 0, 9, 10, 0, 32, 2] + random.bytes(1528)
        let offset = HandshakeDigest.offset(in: packet.span.bytes, scheme: scheme)
        let digest = HandshakeDigest.digest(
            of: packet.span.bytes, around: offset, key: HandshakeDigest.playerKey)
        packet.replaceSubrange(offset..<(offset + 32), with: digest)
        return packet
    }

    @Test func plainHandshakeIsEchoed() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let answer = peer.serverHandshake
        #expect(answer.count == 3073)
        #expect(answer[0] == 3)
        #expect(answer[5..<9] == [0, 0, 0, 0], "zero says that S1 isn't signed")
        #expect(answer[1537...] == RTMPTestClient.handshake[1..<1537], "S2 is C1")
    }

    @Test(arguments: HandshakeDigest.Scheme.allCases)
    func signedHandshakeIsAnsweredSigned(scheme: HandshakeDigest.Scheme) throws {
        let packet = signedClientPacket(scheme)
        let peer = TestPeer()
        try peer.send([3] + packet + packet)
        let server = Array(peer.serverHandshake[1..<1537])
        let echo = Array(peer.serverHandshake[1537...])
        #expect(server[4..<8] != [0, 0, 0, 0], "a version says that S1 is signed")

        let offset = HandshakeDigest.offset(in: server.span.bytes, scheme: scheme)
        let digest = HandshakeDigest.digest(
            of: server.span.bytes, around: offset, key: HandshakeDigest.serverKey)
        #expect(Array(server[offset..<(offset + 32)]) == digest)

        let search = HandshakeDigest.find(inClientPacket: packet.span.bytes)
        let found = try #require(search)
        #expect(found.scheme == scheme)
        let key = HandshakeDigest.hmac(
            of: found.digest.span.bytes, key: HandshakeDigest.serverKey + HandshakeDigest.keySuffix)
        let signed = Array(echo[..<1504])
        #expect(Array(echo[1504...]) == HandshakeDigest.hmac(of: signed.span.bytes, key: key))
    }

    @Test func versionWithoutDigestGetsTheSimpleAnswer() throws {
        var packet = signedClientPacket(.firstHalf)
        packet[1000] ^= 1
        let peer = TestPeer()
        try peer.send([3] + packet)
        #expect(Array(peer.serverHandshake[1537...]) == packet)
    }

    @Test func zeroVersionGetsTheSimpleAnswerEvenIfSigned() throws {
        var random = SeededRandom(seed: 3)
        var packet: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0] + random.bytes(1528)
        let offset = HandshakeDigest.offset(in: packet.span.bytes, scheme: .firstHalf)
        let digest = HandshakeDigest.digest(
            of: packet.span.bytes, around: offset, key: HandshakeDigest.playerKey)
        packet.replaceSubrange(offset..<(offset + 32), with: digest)
        let peer = TestPeer()
        try peer.send([3] + packet)
        #expect(Array(peer.serverHandshake[1537...]) == packet)
    }

    /// RFC 4231, test case 2: the HMAC is the standard's.
    @Test func hmacIsTheStandards() {
        let message = [UInt8]("what do ya want for nothing?".utf8)
        let digest = HandshakeDigest.hmac(of: message.span.bytes, key: [UInt8]("Jefe".utf8))
        #expect(
            digest == [
                0x5B, 0xDC, 0xC1, 0x46, 0xBF, 0x60, 0x75, 0x4E, 0x6A, 0x04, 0x24, 0x26, 0x08, 0x95,
                0x75, 0xC7, 0x5A, 0x00, 0x3F, 0x08, 0x9D, 0x27, 0x39, 0x83, 0x9D, 0xEC, 0x58, 0xB9,
                0x64, 0xEC, 0x38, 0x43,
            ])
    }

    @Test func digestsLieWhereThePacketsBytesSay() {
        var packet = [UInt8](repeating: 0, count: 1536)
        packet.replaceSubrange(8..<12, with: [1, 2, 3, 4])
        packet.replaceSubrange(772..<776, with: [255, 255, 255, 255])
        let first = HandshakeDigest.offset(in: packet.span.bytes, scheme: .firstHalf)
        let second = HandshakeDigest.offset(in: packet.span.bytes, scheme: .secondHalf)
        #expect(first == 12 + 10)
        #expect(second == 776 + 1020 % 728)
    }

    @Test func digestsLieInsideThePacketWhateverItHolds() {
        for filling: UInt8 in [0, 1, 181, 182, 183, 255] {
            let packet = [UInt8](repeating: filling, count: 1536)
            for scheme in HandshakeDigest.Scheme.allCases {
                let offset = HandshakeDigest.offset(in: packet.span.bytes, scheme: scheme)
                #expect(offset >= 12 && offset + 32 <= 1536)
            }
        }
    }

    @Test func answersComeWhenC1IsWhole() throws {
        let peer = TestPeer()
        try peer.send(Array(RTMPTestClient.handshake[..<1536]))
        #expect(peer.serverHandshake.isEmpty)
        try peer.send(Array(RTMPTestClient.handshake[1536..<1537]))
        #expect(peer.serverHandshake.count == 3073)
    }

    @Test func sameSeedGivesTheSameAnswer() throws {
        let one = TestPeer(handshakeSeed: 5)
        let same = TestPeer(handshakeSeed: 5)
        let other = TestPeer(handshakeSeed: 6)
        try one.send(RTMPTestClient.handshake)
        try same.send(RTMPTestClient.handshake)
        try other.send(RTMPTestClient.handshake)
        #expect(one.serverHandshake == same.serverHandshake)
        #expect(one.serverHandshake != other.serverHandshake)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", "HTTP"), ("\u{16}\u{3}\u{1}", "TLS"), ("\u{6}", "RTMPE"),
        ("\u{0}", "version 3"), ("\u{4}", "version 3"),
    ])
    func otherProtocolsAreNamed(bytes: String, hint: String) throws {
        let peer = TestPeer()
        let (error, lastWord) = try peer.offend(Array(bytes.utf8))
        let first = try #require(bytes.utf8.first)
        #expect(error == .unsupportedVersion(first))
        #expect(error?.description.contains(hint) == true)
        #expect(lastWord.isEmpty && peer.serverHandshake.isEmpty, "nothing is said to a stranger")
        #expect(peer.isClosing)
    }

    @Test func silenceCostsNothing() {
        let peer = TestPeer()
        #expect(peer.heldByteCount == 0)
        #expect(!peer.isClosing && !peer.isPublishing && !peer.hasEnded)
    }
}
