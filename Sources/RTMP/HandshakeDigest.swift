// The digests by which Flash-age peers sign their handshake packets (not in RTMP 1.0; field practice).
import Digests
import WireBytes

/// Where a packet of the handshake carries its digest, and how the digests are computed.
///
/// A signed C1 or S1 hides a 32-byte HMAC-SHA256 of the rest of the packet at a place computed from
/// four of its own bytes. There are two schemes, which differ in the half of the packet they use.
package enum HandshakeDigest {
    /// The length of C1, C2, S1 and S2, in bytes.
    package static let packetByteCount = 1536
    /// The length of a digest, in bytes.
    package static let byteCount = 32

    /// The half of the packet that holds the digest.
    package enum Scheme: CaseIterable, Sendable {
        case firstHalf
        case secondHalf

        /// Where the four bytes lie whose sum gives the digest's place.
        var pointerOffset: Int {
            switch self {
            case .firstHalf: 8
            case .secondHalf: 772
            }
        }
    }

    /// The key of signatures by a Flash player, 30 bytes; C1.
    package static let playerKey = [UInt8]("Genuine Adobe Flash Player 001".utf8)
    /// The key of signatures by a media server, 36 bytes; S1.
    package static let serverKey = [UInt8]("Genuine Adobe Flash Media Server 001".utf8)
    /// What follows both keys where they sign the second packet (C2, S2).
    package static let keySuffix: [UInt8] = [
        0xF0, 0xEE, 0xC2, 0x4A, 0x80, 0x68, 0xBE, 0xE8, 0x2E, 0x00, 0xD0, 0xD1, 0x02, 0x9E, 0x7E,
        0x57, 0x6E, 0xEC, 0x5D, 0x2D, 0x29, 0x80, 0x6F, 0xAB, 0x93, 0xB8, 0xE6, 0x36, 0xCF, 0xEB,
        0x31, 0xAE,
    ]

    /// Where the digest of this packet lies under a scheme: always inside the packet.
    package static func offset(in packet: RawSpan, scheme: Scheme) -> Int {
        let pointer = scheme.pointerOffset
        var sum = 0
        for index in pointer..<(pointer + 4) { sum += Int(packet[index]) }
        return pointer + 4 + sum % 728
    }

    /// The digest of a packet, computed over all of it but the digest's own place.
    package static func digest(of packet: RawSpan, around offset: Int, key: [UInt8]) -> [UInt8] {
        let rest = offset + byteCount
        var signed: [UInt8] = []
        signed.reserveCapacity(packet.byteCount - byteCount)
        signed.append(copying: packet.extracting(0..<offset))
        signed.append(copying: packet.extracting(rest..<packet.byteCount))
        return unsafe hmac(of: signed.span.bytes, key: key)
    }

    /// The scheme under which a C1 is signed by a player, and its digest; nil for an unsigned one.
    package static func find(inClientPacket packet: RawSpan) -> (scheme: Scheme, digest: [UInt8])? {
        for scheme in Scheme.allCases {
            let offset = offset(in: packet, scheme: scheme)
            let expected = digest(of: packet, around: offset, key: playerKey)
            let given = packet.extracting(offset..<(offset + byteCount))
            if unsafe ConstantTime.isSame(given, as: expected.span.bytes) {
                return (scheme, expected)
            }
        }
        return nil
    }

    /// HMAC-SHA256.
    package static func hmac(of bytes: RawSpan, key: [UInt8]) -> [UInt8] {
        guard let code = HMACSHA256(key: key)?.code(of: bytes) else {
            // libcrypto refuses only when it can't allocate or has no SHA-256 at all.
            preconditionFailure("libcrypto can't compute HMAC-SHA256")
        }
        var digest: [UInt8] = []
        unsafe digest.append(copying: code.span.bytes)
        return digest
    }
}
