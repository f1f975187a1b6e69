// "Did you mean …?" for mistyped names.

/// Finds the name that was probably meant.
enum Similarity {
    /// The closest of the candidates, nil if none is close: at most a third of the letters wrong.
    static func closest(to name: String, among candidates: [String]) -> String? {
        let lowered = Array(name.lowercased().utf8.prefix(nameByteCountMax))
        let ranked = candidates.map { ($0, distance(lowered, Array($0.lowercased().utf8))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }) else { return nil }
        return best.1 <= max(lowered.count / 3, 1) ? best.0 : nil
    }

    private static let nameByteCountMax = 64

    /// Levenshtein's distance: how many letters to insert, delete or replace.
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
