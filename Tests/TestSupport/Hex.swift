// Bytes written as hexadecimal text, as specifications and dumps show them.

extension Array where Element == UInt8 {
    /// The bytes of hexadecimal digits; white space between them is ignored.
    ///
    /// Anything else in the text is a mistake in the test, and traps.
    public init(hex: String) {
        let digits = hex.filter { !$0.isWhitespace }.map { character -> UInt8 in
            guard let value = character.hexDigitValue else {
                preconditionFailure("\"\(character)\" is no hexadecimal digit")
            }
            return UInt8(value)
        }
        precondition(digits.count % 2 == 0, "an odd number of hexadecimal digits")
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
