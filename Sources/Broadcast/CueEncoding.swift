// A cue's tag body: checked against what players bear, then written.

public import AudienceProtocol
public import FLV

extension AMF0Property {
    /// A property of a cue.
    public init(_ field: CueField, _ value: AMF0Value) { self.init(field.rawValue, value) }

    /// A property of `onMetaData`.
    init(_ field: StreamMetadata, _ value: AMF0Value) { self.init(field.rawValue, value) }
}

extension Cue {
    /// Checks everything but the size.
    func check() throws(CueRefusal) {
        if case .state(let key, _, _) = keeping {
            guard (1...BroadcastLimits.cueKeyByteCountMax).contains(key.utf8.count) else {
                throw .badKey(byteCountMax: BroadcastLimits.cueKeyByteCountMax)
            }
        }
        for property in properties
        where [CueField.seq.rawValue, CueField.pts.rawValue].contains(property.name) {
            throw .reservedName(property.name)
        }
        try Cue.check(properties, depth: 1)
    }

    private static func check(_ properties: [AMF0Property], depth: Int) throws(CueRefusal) {
        for property in properties {
            guard !property.name.isEmpty else { throw .namelessProperty }
            try check(property.value, of: property.name, depth: depth)
        }
    }

    private static func check(
        _ value: AMF0Value, of name: String, depth: Int
    ) throws(CueRefusal) {
        guard depth <= CueLimits.depthMax else {
            throw .tooDeep(limit: CueLimits.depthMax)
        }
        switch value {
        case .boolean, .string: break
        case .number(let number):
            guard number.isFinite else { throw .unfitValue(property: name) }
        case .strictArray(let elements):
            for element in elements { try check(element, of: name, depth: depth + 1) }
        case .object(let properties):
            try check(properties, depth: depth + 1)
        case .null, .undefined, .ecmaArray, .date, .longString, .unsupported, .xml, .typedObject:
            throw .unfitValue(property: name)
        }
    }

    /// The tag's body.
    ///
    /// - Throws: `CueRefusal.tooLarge`; the size depends on neither number.
    func body(seq: UInt64, ptsMs: UInt32) throws(CueRefusal) -> [UInt8] {
        var writer = AMF0Writer()
        writer.string(name.rawValue)
        writer.beginObject()
        writer.property(CueField.seq.rawValue, .number(Double(seq)))
        writer.property(CueField.pts.rawValue, .number(Double(ptsMs)))
        for property in properties { writer.property(property.name, property.value) }
        writer.endObject()
        let body = writer.bytes
        let limit = CueLimits.byteCountMax
        guard body.count <= limit else { throw .tooLarge(byteCount: body.count, limit: limit) }
        // A shorter one is a stream of subtitles to ffmpeg.
        assert(body.count > 18)
        return body
    }
}
