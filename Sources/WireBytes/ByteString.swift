// Texts that name something: the same only if they have the same bytes.

/// An id that somebody else chose, as a key and to compare by.
///
/// Swift takes two texts for equal if they look the same: "é" as one character and as a letter with
/// an accent behind it, or "K" and the Kelvin sign. A database, a signature and the other side of a
/// connection compare bytes. So whatever names a player, a show, a stream or a question is compared
/// by this, and `==` and the hash agree with those.
public struct ByteString: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The text.
    public let text: String

    /// A text to be compared by its bytes.
    public init(_ text: String) { self.text = text }

    /// A text that stands in the program.
    public init(stringLiteral text: String) { self.text = text }

    /// The text.
    public var description: String { text }

    /// The same bytes.
    public static func == (left: ByteString, right: ByteString) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    /// Of the bytes, and of where they end.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension String {
    /// Whether two texts are the same byte for byte, which `==` doesn't ask.
    public func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
