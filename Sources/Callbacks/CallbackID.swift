// By what receivers know that they have seen something.

import WireBytes

/// Ids of events: nobody has to guess them, and no two are the same.
enum CallbackID {
    /// 128 bits, as 32 hexadecimal digits.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let halves = [generator.next(), generator.next()]
        return Hex.text(
            of: halves.flatMap { half in
                (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
            })
    }
}
