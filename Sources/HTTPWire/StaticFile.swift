// A file that is the same for everybody, as HTTP has it: every answer made once, for all who ask.

import WireBytes

/// A file in the codings there are of it, each with its whole answer as it goes over the wire.
///
/// Whoever serves it sends these arrays themselves, so that an answer costs a connection nothing.
public struct StaticFile: Sendable {
    /// The file in one coding.
    public struct Representation: Sendable {
        /// Which.
        public let coding: ContentCoding
        /// Its entity tag, quotes included; another one for each coding.
        public let entityTag: String
        /// The answer of a connection that goes on: head and body.
        public let keptAlive: [UInt8]
        /// The answer of a connection that ends with it.
        public let closing: [UInt8]
        /// How many bytes of `keptAlive` are its head.
        let headByteCount: Int

        /// The body.
        public var body: ArraySlice<UInt8> { keptAlive[headByteCount...] }
    }

    /// What is in it: `text/html; charset=utf-8`.
    public let contentType: String
    /// Header fields of every answer, `Cache-Control` and the like; `Content-Type`, `Content-Encoding`,
    /// `ETag` and `Vary` are the file's own.
    public let fields: [HTTPResponse.Field]
    /// As it is; and packed, where that is shorter.
    public let representations: [Representation]

    /// A file.
    ///
    /// - Parameters:
    ///   - tag: what tells its content from any other, without quotes.
    ///   - packed: the same in other codings; left out where it isn't shorter.
    public init(
        contentType: String, tag: String, fields: [HTTPResponse.Field], body: [UInt8],
        packed: [(coding: ContentCoding, body: [UInt8])] = []
    ) {
        self.contentType = contentType
        self.fields = fields
        let useful = packed.filter { $0.body.count < body.count }
        var representations: [Representation] = []
        for (coding, body) in useful + [(ContentCoding.identity, body)] {
            let isPacked = coding != .identity
            // Packed otherwise it is another form of the same.
            let mark = isPacked ? "-\(coding.name)\(body.count)" : ""
            let entityTag = "\"\(tag)\(mark)\""
            var own = [
                HTTPResponse.Field("Content-Type", contentType), .init("ETag", entityTag),
            ]
            if isPacked { own.append(.init("Content-Encoding", "\(coding.name)")) }
            if !useful.isEmpty { own.append(.init("Vary", "Accept-Encoding")) }
            let keptAlive = HTTPResponse(.ok, fields: own + fields, body: body, keepAlive: true)
                .bytes()
            representations.append(
                Representation(
                    coding: coding, entityTag: entityTag, keptAlive: keptAlive,
                    closing: HTTPResponse(.ok, fields: own + fields, body: body, keepAlive: false)
                        .bytes(), headByteCount: keptAlive.count - body.count))
        }
        self.representations = representations
    }

    /// The one that a client likes best, the smallest of those it likes as much; as it is where
    /// nothing there is would be welcome.
    public func preferred(_ accepted: AcceptedCodings) -> Representation {
        var best = representations[representations.count - 1]
        for candidate in representations.dropLast().reversed()
        where accepted.weight(of: candidate.coding) > 0
            && accepted.weight(of: candidate.coding) >= accepted.weight(of: best.coding)
        {
            best = candidate
        }
        return best
    }

    /// The answer to who has it already.
    public func notModified(_ representation: Representation, keepAlive: Bool) -> HTTPResponse {
        var own = [HTTPResponse.Field("ETag", representation.entityTag)]
        if representations.count > 1 { own.append(.init("Vary", "Accept-Encoding")) }
        return HTTPResponse(.notModified, fields: own + fields, keepAlive: keepAlive)
    }

    /// The answer to HEAD: the head alone.
    public func head(_ representation: Representation, keepAlive: Bool) -> [UInt8] {
        let whole = keepAlive ? representation.keptAlive : representation.closing
        return Array(whole.dropLast(representation.body.count))
    }
}
