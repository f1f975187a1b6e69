// JSON strings written, without Foundation.

import WireBytes

/// Writing JSON strings (RFC 8259, section 7).
public enum JSONText {
    /// Appends `text` as a JSON string, quotes included.
    ///
    /// `<`, `>` and `&` are escaped too, so that the text is harmless wherever it ends up in HTML.
    public static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            let escape = escape(of: byte)
            if escape.count == 0 {
                bytes.append(byte)
            } else {
                for index in 0..<escape.count { bytes.append(escape.bytes[index]) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// How a byte is written within a string: its escape, or a count of 0 for as it is.
    static func escape(of byte: UInt8) -> (count: Int, bytes: InlineArray<6, UInt8>) {
        let short: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): short = byte
        case 0x0A: short = UInt8(ascii: "n")
        case 0x0D: short = UInt8(ascii: "r")
        case 0x09: short = UInt8(ascii: "t")
        case 0..<0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            let zero = UInt8(ascii: "0")
            return (
                6,
                [
                    UInt8(ascii: "\\"), UInt8(ascii: "u"), zero, zero, Hex.digit(byte >> 4),
                    Hex.digit(byte),
                ]
            )
        default: return (0, [0, 0, 0, 0, 0, 0])
        }
        return (2, [UInt8(ascii: "\\"), short, 0, 0, 0, 0])
    }
}
