// The server's side of the handshake, simple and signed (RTMP 1.0, section 5.2).

import WireBytes

/// Takes C0, C1 and C2 in any cutting and answers with S0, S1 and S2.
///
/// A C1 that carries a player's digest gets a signed S1 and S2, as Flash players and some hardware
/// encoders demand; every other one gets the simple answer, an echo.
package struct ServerHandshake: ~Copyable {
    private enum Stage {
        case version
        case clientPacket
        case clientEcho
        case done
    }

    private var stage = Stage.version
    /// C1 as far as it is here; empty before and after.
    private var clientPacket: [UInt8] = []
    private var echoByteCountMissing = HandshakeDigest.packetByteCount
    private var random: SplitMix64

    /// - Parameter seed: what the filling of S1 and S2 is made from. It needs to differ from
    ///   session to session, not to be secret.
    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// Whether C2 is here: what follows are chunks.
    package var isDone: Bool { stage == .done }

    /// Takes what belongs to the handshake from the beginning of `bytes`, and appends answers.
    /// - Returns: the number of bytes taken; all of them until ``isDone``.
    package mutating func receive(
        _ bytes: RawSpan, answer: inout [UInt8]
    ) throws(RTMPError) -> Int {
        var offset = 0
        if stage == .version, offset < bytes.byteCount {
            let version = bytes[offset]
            guard version == 3 else { throw .unsupportedVersion(version) }
            offset += 1
            stage = .clientPacket
        }
        if stage == .clientPacket {
            let byteCount = min(
                HandshakeDigest.packetByteCount - clientPacket.count, bytes.byteCount - offset)
            clientPacket.append(copying: bytes.extracting(offset..<(offset + byteCount)))
            offset += byteCount
            if clientPacket.count == HandshakeDigest.packetByteCount {
                respond(into: &answer)
                clientPacket = []
                stage = .clientEcho
            }
        }
        if stage == .clientEcho {
            // C2's content isn't checked: half of the encoders in the field send something else
            // than the echo or the digest they should.
            let byteCount = min(echoByteCountMissing, bytes.byteCount - offset)
            echoByteCountMissing -= byteCount
            offset += byteCount
            if echoByteCountMissing == 0 { stage = .done }
        }
        return offset
    }

    /// Writes S0, S1 and S2.
    private mutating func respond(into answer: inout [UInt8]) {
        answer.reserveCapacity(answer.count + 1 + 2 * HandshakeDigest.packetByteCount)
        answer.append(3)
        // Bytes 4 to 7 are zero in the plain protocol; a signing peer puts its version there.
        let claimsVersion = unsafe clientPacket.span.bytes.uint32(at: 4) != 0
        if claimsVersion,
            let found = unsafe HandshakeDigest.find(inClientPacket: clientPacket.span.bytes)
        {
            respondSigned(scheme: found.scheme, clientDigest: found.digest, into: &answer)
        } else {
            answer.append(contentsOf: [0, 0, 0, 0, 0, 0, 0, 0])
            random.append(byteCount: HandshakeDigest.packetByteCount - 8, to: &answer)
            answer.append(contentsOf: clientPacket)
        }
    }

    private mutating func respondSigned(
        scheme: HandshakeDigest.Scheme, clientDigest: [UInt8], into answer: inout [UInt8]
    ) {
        var packet: [UInt8] = [0, 0, 0, 0]
        // Any non-zero version says that S1 is signed; this is a media server's of that age.
        packet.append(contentsOf: [4, 5, 0, 1])
        random.append(byteCount: HandshakeDigest.packetByteCount - 8, to: &packet)
        let offset = unsafe HandshakeDigest.offset(in: packet.span.bytes, scheme: scheme)
        let digest = unsafe HandshakeDigest.digest(
            of: packet.span.bytes, around: offset, key: HandshakeDigest.serverKey)
        packet.replaceSubrange(offset..<(offset + digest.count), with: digest)
        answer.append(contentsOf: packet)

        var echo: [UInt8] = []
        random.append(
            byteCount: HandshakeDigest.packetByteCount - HandshakeDigest.byteCount, to: &echo)
        let key = unsafe HandshakeDigest.hmac(
            of: clientDigest.span.bytes, key: HandshakeDigest.serverKey + HandshakeDigest.keySuffix)
        answer.append(contentsOf: echo)
        answer.append(contentsOf: unsafe HandshakeDigest.hmac(of: echo.span.bytes, key: key))
    }
}
