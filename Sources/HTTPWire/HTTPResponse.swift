// Small whole answers, built as bytes.

import TextWire

/// An answer with a status, header fields and a body known in full.
public struct HTTPResponse: Sendable, Equatable {
    /// A header field.
    public struct Field: Sendable, Equatable {
        /// The field's name.
        public var name: String
        /// The field's value. Line ends in it become spaces when it is written.
        public var value: String

        /// Makes a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The answer's status.
    public var status: HTTPStatus
    /// Fields of the caller's. Content-Length and Connection are written by `bytes`.
    public var fields: [Field]
    /// The body; never sent with 101, 204 and 304.
    public var body: [UInt8]
    /// Whether the connection stays open after this answer.
    public var keepAlive: Bool

    /// Makes an answer.
    public init(
        _ status: HTTPStatus, fields: [Field] = [], body: [UInt8] = [], keepAlive: Bool
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.keepAlive = keepAlive
    }

    /// An error answer with a JSON body: `{"type":"error","status":404,"error":"…"}`,
    /// and `"stream":"…"` behind it where the error is about one.
    ///
    /// - Parameters:
    ///   - message: what is wrong and what to do, in plain language.
    ///   - stream: the stream's name, where the error is about one.
    ///   - fields: further fields, such as `Retry-After` or `Allow`.
    public static func error(
        _ status: HTTPStatus, _ message: String, stream: String? = nil, fields: [Field] = [],
        keepAlive: Bool
    ) -> HTTPResponse {
        var body = Array(#"{"type":"error","status":\#(status.rawValue),"error":"#.utf8)
        JSONText.append(message, to: &body)
        if let stream {
            body.append(contentsOf: #","stream":"#.utf8)
            JSONText.append(stream, to: &body)
        }
        body.append(contentsOf: "}\n".utf8)
        var allFields = [
            Field("Content-Type", "application/json"), Field("Cache-Control", "no-store"),
        ]
        allFields.append(contentsOf: fields)
        return HTTPResponse(status, fields: allFields, body: body, keepAlive: keepAlive)
    }

    /// The answer to a request that couldn't be read: its status and description, then close.
    public static func error(_ error: HTTPRequestError) -> HTTPResponse {
        .error(error.status, error.description, keepAlive: false)
    }

    /// The whole answer as it goes over the wire, in HTTP/1.1.
    ///
    /// - Parameter isHead: whether it answers a HEAD request: the same head, without the body.
    public func bytes(isHead: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + body.count)
        Self.appendStatusLine(status, to: &bytes)
        for field in fields { Self.append(field.name, field.value, to: &bytes) }
        if !status.isBodyless { Self.append("Content-Length", "\(body.count)", to: &bytes) }
        if status != .switchingProtocols {
            Self.append("Connection", keepAlive ? "keep-alive" : "close", to: &bytes)
        }
        bytes.append(contentsOf: [0x0D, 0x0A])
        if !isHead && !status.isBodyless { bytes.append(contentsOf: body) }
        return bytes
    }

    /// The head of an endless FLV stream: no Content-Length, no chunks, closed at its end, so that
    /// every viewer's bytes after it are the same.
    ///
    /// - Parameters:
    ///   - allowOrigin: what `CORSPolicy.allowedOrigin` gave for the request.
    ///   - variesByOrigin: `CORSPolicy.variesByOrigin`.
    public static func flvHead(
        allowOrigin: String?, variesByOrigin: Bool = false
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        appendStatusLine(.ok, to: &bytes)
        append("Content-Type", "video/x-flv", to: &bytes)
        append("Cache-Control", "no-store", to: &bytes)
        append("X-Content-Type-Options", "nosniff", to: &bytes)
        for field in CORSPolicy.fields(allowOrigin: allowOrigin, variesByOrigin: variesByOrigin) {
            append(field.name, field.value, to: &bytes)
        }
        append("Connection", "close", to: &bytes)
        bytes.append(contentsOf: [0x0D, 0x0A])
        return bytes
    }

    /// The interim answer to `Expect: 100-continue` (RFC 9110, section 15.2.1).
    public static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private static func appendStatusLine(_ status: HTTPStatus, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "HTTP/1.1 \(status.rawValue) \(status.reasonPhrase)\r\n".utf8)
    }

    /// A value may carry what a client sent: no control character of it becomes a line of ours.
    private static func append(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        appendWithoutControls(name, to: &bytes)
        bytes.append(contentsOf: ": ".utf8)
        appendWithoutControls(value, to: &bytes)
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    private static func appendWithoutControls(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            bytes.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte)
        }
    }
}

extension HTTPResponse {
    /// 401 with the challenge that RFC 9110, section 11.6.1, wants.
    ///
    /// - Parameters:
    ///   - message: what is wrong with the token and what to do, in plain language.
    ///   - isInvalid: whether there was a token, and not a good one (RFC 6750, section 3.1).
    ///   - fields: further fields, such as CORS's.
    ///   - keepAlive: whether the connection stays open after this answer.
    public static func unauthorized(
        _ message: String, isInvalid: Bool, fields: [Field] = [], keepAlive: Bool
    ) -> HTTPResponse {
        let challenge = isInvalid ? #"Bearer error="invalid_token""# : "Bearer"
        return .error(
            .unauthorized, message, fields: fields + [Field("WWW-Authenticate", challenge)],
            keepAlive: keepAlive)
    }
}
