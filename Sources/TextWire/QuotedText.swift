// Texts of people in the sentences that are said about them.

extension String {
    /// Short enough to stand in an error. A letter may have any number of marks, so bytes count too.
    public var quoted: Substring {
        var end = unicodeScalars.startIndex
        var byteCount = 0
        for scalar in unicodeScalars.prefix(QuoteLimits.characterCountMax) {
            byteCount += UTF8.width(scalar)
            guard byteCount <= QuoteLimits.byteCountMax else { break }
            unicodeScalars.formIndex(after: &end)
        }
        return self[..<end]
    }

    /// Whether there is nothing in it but blanks.
    public var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// Without blanks at its ends.
    public var trimmed: String {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
