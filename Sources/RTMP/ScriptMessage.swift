// What a script data message is called, and what of it is handed on.
import WireBytes

/// Script data messages (types 18 and 15) as they are handed on: an FLV script tag's body.
enum ScriptMessage {
    /// The body without the AMF3 format selector and without `@setDataFrame`.
    ///
    /// - Returns: the place in `body`, or nil if there is nothing to hand on: `@clearDataFrame`,
    ///   or nothing after the name.
    static func handedOn(_ body: RawSpan, isAMF3: Bool) -> Range<Int>? {
        var offset = 0
        // Messages of type 15 begin with a format selector, 0 for AMF0 (Enhanced RTMP v2,
        // "Action Message Format"). Some encoders leave it out; a string's marker is 2.
        if isAMF3, body.byteCount > 0, body[0] == 0 { offset = 1 }
        if let name = amf0String(body, at: offset) {
            let content = body.extracting(name)
            if content.equals("@clearDataFrame") { return nil }
            if content.equals("@setDataFrame") { offset = name.upperBound }
        }
        return offset < body.byteCount ? offset..<body.byteCount : nil
    }

    /// Where the characters of the AMF0 string at `offset` lie, if there is one.
    private static func amf0String(_ body: RawSpan, at offset: Int) -> Range<Int>? {
        guard body.byteCount - offset >= 3, body[offset] == 2 else { return nil }
        let start = offset + 3
        let end = start + Int(body.uint16(at: offset + 1))
        return end <= body.byteCount ? start..<end : nil
    }
}
