// Long answers of the staff plane, handed on as they come: a file of a million lines fits no memory.

import HTTPWire

extension StaffClient {
    /// Asks for a file and hands its bytes on, piece by piece.
    ///
    /// - Parameter take: what is done with each piece.
    /// - Throws: `StaffCallError` also where the answer breaks off: what was taken isn't whole then.
    func download(_ path: String, to take: (ArraySlice<UInt8>) throws -> Void) throws {
        let connection = try StaffSocket(
            to: address, security: security, patienceS: patienceS)
        try connection.send(bytes(of: StaffRequest(method: "GET", path: path)))
        var bytes: [UInt8] = []
        var scanned = 0
        var head: HTTPResponseHead?
        while head == nil {
            guard try connection.receive(into: &bytes) else {
                throw StaffCallError.endedTooSoon(address)
            }
            do {
                head = try unsafe HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned)
            } catch {
                throw StaffCallError.unreadable(error)
            }
        }
        guard let head else { throw StaffCallError.notOurs(address) }
        let framing = head.bodyFraming(answering: .get)
        guard (200...299).contains(head.statusCode) else {
            throw try refusal(head, framing, bytes, connection)
        }
        bytes.removeFirst(head.headByteCount)
        switch framing {
        case .none: return
        case .untilClose: throw StaffCallError.notOurs(address)
        case .length(let count):
            var left = count
            while true {
                let piece = bytes.prefix(left)
                try take(piece)
                left -= piece.count
                if left == 0 { return }
                bytes.removeAll(keepingCapacity: true)
                try receive(connection, into: &bytes)
            }
        case .chunked: try takeChunks(connection, &bytes, take)
        }
    }

    private func takeChunks(
        _ connection: borrowing StaffSocket, _ bytes: inout [UInt8],
        _ take: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        var reader = ChunkedBodyReader()
        while true {
            var offset = 0
            while let range = try next(&reader, in: bytes, from: &offset) {
                try take(bytes[range])
            }
            if reader.isFinished { return }
            bytes.removeAll(keepingCapacity: true)
            try receive(connection, into: &bytes)
        }
    }

    private func next(
        _ reader: inout ChunkedBodyReader, in bytes: [UInt8], from offset: inout Int
    ) throws(StaffCallError) -> Range<Int>? {
        do throws(ChunkedBodyError) {
            return try unsafe reader.nextBody(in: bytes.span.bytes, from: &offset)
        } catch { throw .notOurs(address) }
    }

    private func receive(
        _ connection: borrowing StaffSocket, into bytes: inout [UInt8]
    ) throws(StaffCallError) {
        guard try connection.receive(into: &bytes) else { throw .endedTooSoon(address) }
    }

    private func refusal(
        _ head: HTTPResponseHead, _ framing: HTTPResponseHead.BodyFraming, _ bytes: [UInt8],
        _ connection: borrowing StaffSocket
    ) throws(StaffCallError) -> StaffCallError {
        guard case .length(let count) = framing, count <= 1 << 20 else { return .notOurs(address) }
        var bytes = bytes
        while bytes.count < head.headByteCount + count {
            try receive(connection, into: &bytes)
        }
        return refusal(head.statusCode, Array(bytes[head.headByteCount...]))
    }
}
