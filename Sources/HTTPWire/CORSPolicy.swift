// Which web pages may read the streams: CORS.

import WireBytes

/// The origins whose pages may read our answers (Fetch standard, "CORS protocol").
///
/// No credentials are ever allowed: tokens travel in the URL or in Authorization, never in cookies.
public struct CORSPolicy: Sendable, Equatable {
    /// The configured origins; nil for every origin.
    private let origins: [String]?
    /// How long a browser may remember a preflight's answer, in seconds.
    public static let preflightMaxAgeS = 86_400
    /// How many origins a policy may list.
    public static let originCountMax = 256

    /// Every page may read.
    public static let anyOrigin = CORSPolicy(origins: nil)

    private init(origins: [String]?) {
        self.origins = origins
    }

    /// A policy from the configuration's list.
    ///
    /// - Parameter origins: `*`, or origins such as `https://show.example.com:8443`. An empty list
    ///   allows none.
    /// - Throws: `CORSPolicyError` naming the entry that is no origin.
    public init(origins: [String]) throws(CORSPolicyError) {
        guard origins.count <= Self.originCountMax else {
            throw .tooManyOrigins(count: origins.count)
        }
        if origins.contains("*") {
            self.origins = nil
            return
        }
        for origin in origins where !Self.isOrigin(origin) { throw .notAnOrigin(origin) }
        self.origins = origins.map { $0.lowercased() }
    }

    /// Whether answers differ by the asking origin, so that caches must keep them apart
    /// (`Vary: Origin`).
    public var variesByOrigin: Bool { origins != nil }

    /// The value for Access-Control-Allow-Origin, or nil where the page may not read the answer
    /// (or where it isn't a page that asks). Allocates nothing.
    ///
    /// - Parameters:
    ///   - head: the request's head.
    ///   - bytes: those the head was parsed from.
    public func allowedOrigin(for head: HTTPRequestHead, in bytes: RawSpan) -> String? {
        guard let origins else { return "*" }
        guard let origin = head.origin else { return nil }
        return origins.first { Self.isSame($0, bytes, origin) }
    }

    /// The header fields that tell a browser so.
    public static func fields(
        allowOrigin: String?, variesByOrigin: Bool
    ) -> [HTTPResponse.Field] {
        var fields: [HTTPResponse.Field] = []
        if let allowOrigin { fields.append(.init("Access-Control-Allow-Origin", allowOrigin)) }
        if variesByOrigin { fields.append(.init("Vary", "Origin")) }
        return fields
    }

    /// The header fields for the answer to this request.
    public func fields(for head: HTTPRequestHead, in bytes: RawSpan) -> [HTTPResponse.Field] {
        Self.fields(
            allowOrigin: allowedOrigin(for: head, in: bytes), variesByOrigin: variesByOrigin)
    }

    /// The answer to OPTIONS, be it a browser's preflight or a plain question.
    ///
    /// - Parameters:
    ///   - head: the request's head.
    ///   - bytes: those the head was parsed from.
    ///   - methods: what the path allows besides OPTIONS.
    public func optionsResponse(
        for head: HTTPRequestHead, in bytes: RawSpan, methods: [HTTPMethod] = [.get, .head]
    ) -> HTTPResponse {
        let allow = (methods + [.options]).map(\.name).joined(separator: ", ")
        var fields = [HTTPResponse.Field("Allow", allow)]
        let corsFields = self.fields(for: head, in: bytes)
        fields.append(contentsOf: corsFields)
        if allowedOrigin(for: head, in: bytes) != nil {
            fields.append(.init("Access-Control-Allow-Methods", allow))
            fields.append(
                .init("Access-Control-Allow-Headers", "Authorization, Content-Type, Range"))
            fields.append(.init("Access-Control-Max-Age", "\(Self.preflightMaxAgeS)"))
        }
        return HTTPResponse(.noContent, fields: fields, keepAlive: head.keepAlive)
    }

    /// Scheme, `://`, host and port, and no path; or the `null` of local files.
    public static func isOrigin(_ text: String) -> Bool {
        if text == "null" { return true }
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[..<colon].allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }),
            bytes[colon...].starts(with: "://".utf8), bytes.count > colon + 3
        else { return false }
        return unsafe isHostAndPort(colon + 3..<bytes.count, in: bytes.span.bytes)
    }

    private static func isSame(
        _ lowercased: String, _ bytes: RawSpan, _ range: Range<Int>
    ) -> Bool {
        guard lowercased.utf8.count == range.count else { return false }
        var index = range.lowerBound
        for byte in lowercased.utf8 {
            guard bytes[index].asciiLowercased == byte else { return false }
            index += 1
        }
        return true
    }
}

/// A list of origins that can't be used.
public enum CORSPolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An entry that is neither `*`, `null` nor an origin.
    case notAnOrigin(String)
    /// More origins than `CORSPolicy.originCountMax`.
    case tooManyOrigins(count: Int)

    /// What is wrong, and what to write instead.
    public var description: String {
        switch self {
        case .notAnOrigin(let text):
            "\"\(text)\" isn't an origin; write scheme, host and port without a path, such as "
                + "https://show.example.com, or * for all."
        case .tooManyOrigins(let count):
            "\(count) origins are too many; list at most \(CORSPolicy.originCountMax), or * for all."
        }
    }
}
