// Values as bytes: the same value is always the same bytes.

import FoundationEssentials

/// JSON with its members in order, as rows have it and as digests are made of.
public enum CanonicalJSON {
    /// The bytes of a value.
    ///
    /// - Returns: nil where it has what JSON hasn't, such as a number that is none.
    public static func bytes(of value: some Encodable) -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { Array($0) }
    }
}
