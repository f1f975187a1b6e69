// A viewer that reads only when the test says so, so that the test decides how slow it is.

import FLV
import Glibc
import HTTPWire

/// One viewer without a thread: what it doesn't read stays in its socket.
final class PacedViewer {
    /// What its socket may hold that nobody reads, bytes; the kernel doubles it.
    static let receiveBufferByteCount: CInt = 32 << 10

    private let connection: Connection
    private var reader = FLVReader()
    private var pendingHead: [UInt8] = []
    private var scanned = 0
    /// What it has read up to now.
    private(set) var stream = ViewedStream()

    /// Asks for `/live/<stream>.flv` and reads nothing.
    init(port: UInt16, stream: String = "show") throws {
        connection = try Connection(
            port: port, receiveBufferByteCount: Self.receiveBufferByteCount)
        try connection.send(HTTPClient.request("GET", "/live/\(stream).flv"))
    }

    /// Reads so many bytes of the stream and what comes with them, or to the stream's end.
    func read(byteCount: Int) throws {
        let wanted = stream.bytes.count + byteCount
        while stream.bytes.count < wanted, stream.end == nil { try readOnce() }
    }

    /// Reads until a tag with this body has come.
    func read(untilTag tag: MediaTag) throws {
        while stream.tags.last?.body != tag.body {
            guard stream.end == nil else {
                throw TestFailure.ended("the stream ended before a tag of its source")
            }
            try readOnce()
        }
    }

    /// Reads what is left, to the end that the server made.
    func readToEnd() throws {
        while stream.end == nil { try readOnce() }
    }

    private func readOnce() throws {
        var bytes: [UInt8]
        do {
            bytes = try connection.receive()
        } catch TestFailure.system(let call, ECONNRESET) {
            stream.end = .broken(call)
            return
        }
        guard !bytes.isEmpty else {
            stream.end = .orderly
            return
        }
        if stream.statusCode == nil {
            pendingHead += bytes
            let pendingHead = pendingHead
            let parsed = try HTTPResponseHead.parse(pendingHead.span.bytes, scanned: &scanned)
            guard let head = parsed else { return }
            stream.head = String(decoding: pendingHead[..<head.headByteCount], as: UTF8.self)
            stream.statusCode = head.statusCode
            guard head.statusCode == 200 else { throw TestFailure.unexpected(stream.head) }
            bytes = Array(pendingHead[head.headByteCount...])
        }
        stream.bytes += bytes
        stream.tags += try reader.tags(in: bytes)
        stream.fileHeader = reader.fileHeader
    }
}
