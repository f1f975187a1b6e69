// Whether a client has a body already: If-None-Match.

import WireBytes

/// Comparing entity tags (RFC 9110, sections 8.8.3 and 13.1.2).
public enum EntityTag {
    /// Whether an If-None-Match field names a tag, so that the body needs not be sent again. Tags are
    /// compared weakly, as that field wants.
    ///
    /// - Parameters:
    ///   - tag: with its quotes, without `W/`.
    ///   - field: the field's value; nil without one.
    ///   - bytes: those it lies in.
    public static func isKnown(_ tag: String, _ field: Range<Int>?, in bytes: RawSpan) -> Bool {
        guard let field else { return false }
        var members = ListMembers(field)
        while let member = members.next(in: bytes) {
            if bytes.equals("*", in: member) { return true }
            let isWeak = member.count > 2 && bytes.hasText("W/", at: member.lowerBound)
            let own = (isWeak ? member.lowerBound + 2 : member.lowerBound)..<member.upperBound
            if bytes.extracting(own).equals(tag.utf8) { return true }
        }
        return false
    }
}
