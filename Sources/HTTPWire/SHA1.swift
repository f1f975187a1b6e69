// SHA-1, for the WebSocket handshake and for nothing else.

/// SHA-1 (RFC 3174). Broken as a signature; the WebSocket handshake only uses it to show that both
/// sides speak WebSocket.
public enum SHA1 {
    /// The digest's 20 bytes.
    public static func digest(of message: RawSpan) -> [UInt8] {
        var state: InlineArray<5, UInt32> = [
            0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0,
        ]
        // RFC 3174, section 4: a 1 bit, zeroes, and the length in bits fill the last block.
        let byteCount = message.byteCount
        let blockCount = (byteCount + 9 + 63) / 64
        let lengthStart = blockCount * 64 - 8
        func byte(_ index: Int) -> UInt32 {
            if index < byteCount { return UInt32(message[index]) }
            if index == byteCount { return 0x80 }
            guard index >= lengthStart else { return 0 }
            return UInt32(truncatingIfNeeded: (byteCount * 8) >> (8 * (7 - (index - lengthStart))))
                & 0xFF
        }
        var words = InlineArray<80, UInt32>(repeating: 0)
        for block in 0..<blockCount {
            for index in 0..<16 {
                let start = block * 64 + index * 4
                words[index] =
                    byte(start) << 24 | byte(start + 1) << 16 | byte(start + 2) << 8
                    | byte(start + 3)
            }
            take(&words, into: &state)
        }
        var digest: [UInt8] = []
        digest.reserveCapacity(20)
        for index in 0..<20 {
            digest.append(UInt8(truncatingIfNeeded: state[index / 4] >> (24 - 8 * (index % 4))))
        }
        return digest
    }

    /// One block (RFC 3174, section 6.1); its 16 words become 80.
    private static func take(
        _ words: inout InlineArray<80, UInt32>, into state: inout InlineArray<5, UInt32>
    ) {
        for index in 16..<80 {
            words[index] = rotate(
                words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1)
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for index in 0..<80 {
            let (mixed, constant): (UInt32, UInt32) =
                switch index / 20 {
                case 0: (b & c | ~b & d, 0x5A82_7999)
                case 1: (b ^ c ^ d, 0x6ED9_EBA1)
                case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotate(a, 5) &+ mixed &+ e &+ words[index] &+ constant
            (a, b, c, d, e) = (next, a, rotate(b, 30), c, d)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
    }

    private static func rotate(_ word: UInt32, _ bitCount: UInt32) -> UInt32 {
        word << bitCount | word >> (32 - bitCount)
    }
}
