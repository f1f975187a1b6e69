// A viewer: asks for a stream over HTTP and keeps every byte and tag that it gets.

import FLV
import Foundation
import HTTPWire

/// What a viewer has got up to a moment.
struct ViewedStream: Sendable {
    enum End: Equatable {
        /// The server ended the stream in order.
        case orderly
        /// The connection broke, or fell silent.
        case broken(String)
    }

    /// The answer's status; nil before its head has come.
    var statusCode: Int?
    /// The answer's head.
    var head = ""
    /// All bytes after it.
    var bytes: [UInt8] = []
    var fileHeader: FLVFileHeader?
    var tags: [MediaTag] = []
    var end: End?

    /// Whether it ends where a tag does.
    var endsAtTagBoundary: Bool {
        bytes.count == FLVFileHeader.byteCount + tags.map(\.wireByteCount).reduce(0, +)
    }
}

/// One viewer, reading on a thread of its own.
final class ViewerClient: Sendable {
    private let connection: Connection
    private let state = Monitor(ViewedStream())

    /// Asks for `/live/<stream>.flv` and begins to read.
    init(
        port: UInt16, stream: String = "show", query: String = "", fields: [String] = []
    ) throws {
        connection = try Connection(port: port)
        try connection.send(
            HTTPClient.request("GET", "/live/\(stream).flv\(query)", fields: fields))
        Thread.detachNewThread { [self] in read() }
    }

    /// What it has got up to now.
    var stream: ViewedStream { state.withLock { $0 } }

    /// Waits for something to come, not longer than the stream lasts.
    @discardableResult
    func wait(
        for what: String, within seconds: Double = 20, until isReached: (ViewedStream) -> Bool
    ) throws -> ViewedStream {
        _ = state.wait(within: seconds) { isReached($0) || $0.end != nil }
        let stream = stream
        guard isReached(stream) else {
            throw TestFailure.timedOut(
                waitingFor: "\(what); status \(stream.statusCode ?? 0), \(stream.tags.count) tags, "
                    + "end \(stream.end.map { "\($0)" } ?? "none")")
        }
        return stream
    }

    /// Waits until it has so many tags.
    @discardableResult
    func wait(forTags count: Int, within seconds: Double = 20) throws -> ViewedStream {
        try wait(for: "\(count) tags", within: seconds) { $0.tags.count >= count }
    }

    /// Waits until a tag with this body has come.
    @discardableResult
    func wait(forTag tag: MediaTag, within seconds: Double = 20) throws -> ViewedStream {
        try wait(for: "a tag", within: seconds) { $0.tags.last?.body == tag.body }
    }

    /// Waits for the server to end the stream.
    func waitForEnd(within seconds: Double = 20) throws -> ViewedStream {
        try wait(for: "the end of the stream", within: seconds) { $0.end != nil }
    }

    /// Says that it will ask for nothing more.
    func finishSending() { connection.finishSending() }

    /// Leaves.
    func leave() { connection.hangUp() }

    private func read() {
        var reader = FLVReader()
        var pendingHead: [UInt8] = []
        var scanned = 0
        do {
            while true {
                var bytes = try connection.receive(within: 60)
                if bytes.isEmpty { break }
                if stream.statusCode == nil {
                    pendingHead += bytes
                    let parsed = try HTTPResponseHead.parse(
                        pendingHead.span.bytes, scanned: &scanned)
                    guard let head = parsed else { continue }
                    let text = String(
                        decoding: pendingHead[..<head.headByteCount], as: UTF8.self)
                    bytes = Array(pendingHead[head.headByteCount...])
                    state.withLock {
                        $0.head = text
                        $0.statusCode = head.statusCode
                    }
                }
                try take(bytes, &reader)
            }
            state.withLock { $0.end = .orderly }
        } catch {
            state.withLock { $0.end = .broken("\(error)") }
        }
    }

    private func take(_ bytes: [UInt8], _ reader: inout FLVReader) throws {
        let isStream = state.withLock { $0.statusCode == 200 }
        let tags = isStream ? try reader.tags(in: bytes) : []
        let header = reader.fileHeader
        state.withLock {
            $0.bytes += bytes
            $0.tags += tags
            $0.fileHeader = header
        }
    }
}
