// The opening handshake of a WebSocket, the server's side.

import Digests
import WireBytes

/// A request that may go on as a WebSocket (RFC 6455, section 4.2).
public struct WebSocketUpgrade: Sendable, Equatable {
    /// The only version there is.
    public static let version = "13"
    /// What Sec-WebSocket-Accept has to say.
    public let accept: String
    /// The subprotocol that is chosen, because the client offers it. A client that offers others
    /// only is answered without one, and closes by itself if it minds.
    public let subprotocol: String?

    /// Checks a request.
    ///
    /// - Parameters:
    ///   - head: the request's.
    ///   - bytes: those the head was parsed from.
    ///   - known: the subprotocol that is spoken here.
    /// - Throws: `WebSocketUpgradeError`; answer its `response`.
    public init(
        _ head: HTTPRequestHead, in bytes: RawSpan, subprotocol known: StaticString
    ) throws(WebSocketUpgradeError) {
        guard head.method == .get else { throw .notGet }
        guard head.upgradesToWebSocket else { throw .notAnUpgrade }
        guard !head.hasBody else { throw .body }
        guard let version = head.webSocketVersion, bytes.equals("13", in: version) else {
            throw .version
        }
        guard let key = head.webSocketKey, Self.isKey(bytes.extracting(key)) else { throw .key }
        accept = Self.accept(for: bytes.extracting(key))
        var protocols = WebSocketSubprotocols(head)
        var subprotocol: String?
        while let offered = protocols.next(in: bytes) {
            if bytes.equals(known, in: offered) { subprotocol = "\(known)" }
        }
        self.subprotocol = subprotocol
    }

    /// The answer: status 101. After its last byte the connection is a WebSocket.
    ///
    /// - Parameter fields: further fields, such as CORS's.
    public func response(fields: [HTTPResponse.Field] = []) -> HTTPResponse {
        var all: [HTTPResponse.Field] = [
            .init("Upgrade", "websocket"), .init("Connection", "Upgrade"),
            .init("Sec-WebSocket-Accept", accept),
        ]
        if let subprotocol { all.append(.init("Sec-WebSocket-Protocol", subprotocol)) }
        return HTTPResponse(.switchingProtocols, fields: all + fields, keepAlive: true)
    }

    /// Sec-WebSocket-Accept for a key: what a client has to compare the answer with
    /// (RFC 6455, section 4.1).
    public static func accept(for key: RawSpan) -> String {
        var message: [UInt8] = []
        message.reserveCapacity(key.byteCount + 36)
        for index in 0..<key.byteCount { message.append(key[index]) }
        message.append(contentsOf: "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
        guard let digest = unsafe SHA1.digest(of: message.span.bytes) else {
            preconditionFailure("libcrypto can't compute SHA-1")
        }
        return unsafe String(decoding: Base64.encode(digest.span.bytes, .standard), as: UTF8.self)
    }

    /// 16 bytes in base64.
    private static func isKey(_ key: RawSpan) -> Bool {
        guard key.byteCount == 24 else { return false }
        var isBase64 = false
        let bytes = [UInt8](capacity: 18) { output in
            isBase64 = Base64.decode(key, .standard, to: &output)
        }
        return isBase64 && bytes.count == 16
    }
}

/// The subprotocols a client offers, over all its Sec-WebSocket-Protocol fields.
public struct WebSocketSubprotocols {
    private var lines: FieldLines
    private var members = ListMembers(0..<0)

    /// Those of a request.
    public init(_ head: HTTPRequestHead) {
        // Most requests have no such field.
        lines = FieldLines(head.webSocketProtocol == nil ? 0..<0 : head.fields)
    }

    /// Where the next one is; nil behind the last.
    ///
    /// - Parameter bytes: those the head was parsed from.
    public mutating func next(in bytes: RawSpan) -> Range<Int>? {
        while true {
            if let member = members.next(in: bytes) { return member }
            // The lines of a head that was parsed are good.
            guard let line = try? lines.next(in: bytes) else { return nil }
            if bytes.equalsIgnoringCase("sec-websocket-protocol", in: line.name) {
                members = ListMembers(line.value)
            }
        }
    }
}

/// A request that can't go on as a WebSocket.
public enum WebSocketUpgradeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The method isn't GET.
    case notGet
    /// Not HTTP/1.1, or without `Upgrade: websocket` and `Connection: Upgrade`.
    case notAnUpgrade
    /// A body came with it.
    case body
    /// Sec-WebSocket-Version is missing or isn't 13.
    case version
    /// Sec-WebSocket-Key is missing or isn't 16 bytes in base64.
    case key

    /// The status to answer with.
    public var status: HTTPStatus {
        switch self {
        case .notGet: .methodNotAllowed
        case .notAnUpgrade, .version: .upgradeRequired
        case .body, .key: .badRequest
        }
    }

    /// What is wrong, and what the client's author has to change.
    public var description: String {
        switch self {
        case .notGet: "A WebSocket begins with GET; use that method."
        case .notAnUpgrade:
            "This address speaks WebSocket; send HTTP/1.1 with \"Connection: Upgrade\" and "
                + "\"Upgrade: websocket\"."
        case .body: "A WebSocket's request has no body; send none."
        case .version:
            "Only version 13 of WebSocket is spoken here; send Sec-WebSocket-Version: 13."
        case .key: "Sec-WebSocket-Key isn't 16 random bytes in base64; have a library make it."
        }
    }

    /// The whole answer. 426 names the protocol and the version to come back with (RFC 9110, section
    /// 15.5.22; RFC 6455, section 4.4).
    ///
    /// - Parameter fields: further fields, such as CORS's.
    public func response(fields: [HTTPResponse.Field] = []) -> HTTPResponse {
        var all = fields
        switch self {
        case .notGet: all.append(.init("Allow", "GET"))
        case .notAnUpgrade, .version:
            all.append(.init("Upgrade", "websocket"))
            all.append(.init("Connection", "Upgrade"))
            all.append(.init("Sec-WebSocket-Version", WebSocketUpgrade.version))
        case .body, .key: break
        }
        return .error(status, description, fields: all, keepAlive: false)
    }
}
