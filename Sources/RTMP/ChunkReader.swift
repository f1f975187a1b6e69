// Puts messages together from chunks that arrive in any cutting (RTMP 1.0, section 5.3).

import WireBytes

/// Takes a connection's bytes after the handshake and gives whole messages, one a call.
///
/// A message that lies in one piece in the input is handed on in place; any other is put together
/// in a buffer that grows only with bytes that are really there. Nothing is copied twice.
package struct ChunkReader: ~Copyable {
    /// Where the body of a whole message is.
    package enum BodyPlace: Equatable {
        /// In the input, from this offset; its length is in the message's header.
        case input(offset: Int)
        /// Put together: ``ChunkReader/takeBody()`` gives it.
        case assembled
        /// Nowhere: the message was too long and was passed over.
        case skipped
    }

    private var limits: RTMPLimits
    /// The peer's chunk size, in bytes (5.4.1).
    private(set) var chunkSize = 128
    private var streams: [ChunkStream] = []
    /// The stream whose chunk is being read, and how much of the chunk is missing.
    private var current = 0
    private var chunkByteCountMissing = 0
    /// The beginning of a chunk header that the input's end cut off.
    private var carried: [UInt8] = []
    /// Bytes of unfinished messages over all streams.
    private(set) var unfinishedByteCount = 0
    private var spareBodies: [[UInt8]] = []
    private var assembledBody: [UInt8] = []

    package init(limits: RTMPLimits) {
        self.limits = limits
    }

    /// From now on these bounds hold.
    mutating func setLimits(_ limits: RTMPLimits) { self.limits = limits }

    /// Bytes of memory held for messages, whole or not; for tests and metrics.
    package var heldByteCount: Int {
        var total = assembledBody.capacity + carried.capacity
        for stream in streams { total += stream.body.capacity }
        for body in spareBodies { total += body.capacity }
        return total
    }

    /// Reads on from `offset` and moves it.
    /// - Returns: the next whole message, or nil when the input is used up.
    package mutating func next(
        _ bytes: RawSpan, at offset: inout Int
    ) throws(RTMPError) -> (message: RTMPMessageHeader, body: BodyPlace)? {
        while true {
            if chunkByteCountMissing == 0 {
                guard try readHeader(bytes, at: &offset) else { return nil }
            }
            if let message = messageInPlace(byteCountAvailable: bytes.byteCount - offset) {
                let place = offset
                offset += message.bodyByteCount
                return (message, .input(offset: place))
            }
            if chunkByteCountMissing > 0 {
                let byteCount = min(chunkByteCountMissing, bytes.byteCount - offset)
                guard byteCount > 0 else { return nil }
                try append(bytes.extracting(offset..<(offset + byteCount)))
                offset += byteCount
            }
            if let message = finishedMessage() {
                return (message, streams[current].isSkipped ? .skipped : .assembled)
            }
        }
    }

    /// The body of the message for which ``next(_:at:)`` last gave ``BodyPlace/assembled``.
    package mutating func takeBody() -> [UInt8] {
        var body: [UInt8] = []
        swap(&body, &assembledBody)
        return body
    }

    /// Gives a body's memory back for later messages.
    package mutating func recycle(_ body: consuming [UInt8]) {
        guard spareBodies.count < limits.spareBufferCountMax,
            body.capacity <= limits.spareBufferByteCountMax
        else { return }
        body.removeAll(keepingCapacity: true)
        spareBodies.append(body)
    }

    /// Set Chunk Size (5.4.1).
    package mutating func setChunkSize(_ size: UInt32) throws(RTMPError) {
        guard size > 0, Int(size) <= min(limits.chunkSizeMax, 0x7FFF_FFFF) else {
            throw .chunkSizeInvalid(size)
        }
        chunkSize = Int(size)
    }

    /// Abort Message (5.4.2): forgets what has come of a message. Other ids are no offence.
    package mutating func abort(chunkStreamId: UInt32) {
        guard let index = streams.firstIndex(where: { $0.id == Int(chunkStreamId) }),
            streams[index].isInMessage
        else { return }
        streams[index].isInMessage = false
        var body: [UInt8] = []
        swap(&body, &streams[index].body)
        unfinishedByteCount -= body.count
        if body.capacity > 0 { recycle(body) }
    }

    // MARK: Chunk headers

    /// Reads the next chunk's header, or keeps the beginning of one that is cut off.
    /// - Returns: false if the input is used up.
    private mutating func readHeader(
        _ bytes: RawSpan, at offset: inout Int
    ) throws(RTMPError) -> Bool {
        guard carried.isEmpty else { return try readCarriedHeader(bytes, at: &offset) }
        guard let headerByteCount = try beginChunk(bytes, at: offset) else {
            let rest = bytes.byteCount - offset
            carried.append(copying: bytes.extracting(offset..<(offset + rest)))
            offset += rest
            return false
        }
        offset += headerByteCount
        return true
    }

    /// Reads a header that began in earlier input.
    /// - Returns: false if this input doesn't end it either.
    private mutating func readCarriedHeader(
        _ bytes: RawSpan, at offset: inout Int
    ) throws(RTMPError) -> Bool {
        var header: [UInt8] = []
        swap(&header, &carried)
        let oldByteCount = header.count
        let added = min(ChunkHeader.byteCountMax - oldByteCount, bytes.byteCount - offset)
        header.append(copying: bytes.extracting(offset..<(offset + added)))
        guard let headerByteCount = unsafe try beginChunk(header.span.bytes, at: 0) else {
            offset += added
            swap(&header, &carried)
            return false
        }
        if headerByteCount >= oldByteCount {
            offset += headerByteCount - oldByteCount
        } else {
            // What looked like the beginning of an extended timestamp was the body's beginning,
            // and perhaps more than that.
            let bodyEnd = min(oldByteCount, headerByteCount + chunkByteCountMissing)
            unsafe try append(header.span.bytes.extracting(headerByteCount..<bodyEnd))
            carried = Array(header[bodyEnd..<oldByteCount])
        }
        return true
    }

    /// Reads the header at `offset` and makes its chunk the current one.
    /// - Returns: the header's length, or nil if it isn't wholly there.
    private mutating func beginChunk(
        _ bytes: RawSpan, at offset: Int
    ) throws(RTMPError) -> Int? {
        guard let header = ChunkHeader.parse(bytes, at: offset) else { return nil }
        let index = try streamIndex(for: header)
        let field = ExtendedTimestamp(
            of: header, repeated: streams[index].repeatedTimestamp, bytes,
            at: offset + header.byteCount)
        let extendedTimestamp: UInt32?
        switch field {
        case .cutOff: return nil
        case .absent: extendedTimestamp = nil
        case .present(let value): extendedTimestamp = value
        }

        if streams[index].isInMessage {
            guard header.format == 3 else {
                throw .messageInterrupted(chunkStreamId: header.chunkStreamId)
            }
        } else {
            streams[index].begin(header, extendedTimestamp: extendedTimestamp)
            let limit = limits.bodyByteCountMax(ofType: streams[index].type)
            if streams[index].bodyByteCount > limit {
                guard limits.isSkippable(type: streams[index].type) else {
                    throw .messageTooLong(
                        type: streams[index].type, byteCount: streams[index].bodyByteCount,
                        limit: limit)
                }
                streams[index].isSkipped = true
            }
        }
        current = index
        chunkByteCountMissing = min(
            chunkSize, streams[index].bodyByteCount - streams[index].receivedByteCount)
        return header.byteCount + (extendedTimestamp == nil ? 0 : 4)
    }

    /// The stream a header belongs to; a full header begins a new one.
    private mutating func streamIndex(for header: ChunkHeader) throws(RTMPError) -> Int {
        if current < streams.count, streams[current].id == header.chunkStreamId { return current }
        if let index = streams.firstIndex(where: { $0.id == header.chunkStreamId }) { return index }
        // librtmp (OBS) begins chunk stream 2 with format 1 when its first message there is a ping
        // response: only the message stream id is missing, and on that one it is always 0.
        guard header.format == 0 || (header.format == 1 && header.chunkStreamId == 2) else {
            throw .chunkStreamNeverBegun(chunkStreamId: header.chunkStreamId)
        }
        guard streams.count < limits.chunkStreamCountMax else {
            throw .chunkStreamsTooMany(limit: limits.chunkStreamCountMax)
        }
        streams.append(ChunkStream(id: header.chunkStreamId))
        return streams.count - 1
    }

    // MARK: Bodies

    /// The current message, if its whole body is one chunk that lies in the input.
    private mutating func messageInPlace(byteCountAvailable: Int) -> RTMPMessageHeader? {
        guard !streams[current].isSkipped, chunkByteCountMissing > 0,
            chunkByteCountMissing == streams[current].bodyByteCount,
            chunkByteCountMissing <= byteCountAvailable
        else { return nil }
        chunkByteCountMissing = 0
        streams[current].isInMessage = false
        return streams[current].messageHeader
    }

    /// The current message, if its last byte is here; its body is then in `assembledBody`.
    private mutating func finishedMessage() -> RTMPMessageHeader? {
        guard streams[current].isInMessage,
            streams[current].receivedByteCount == streams[current].bodyByteCount
        else { return nil }
        streams[current].isInMessage = false
        guard !streams[current].isSkipped else { return streams[current].messageHeader }
        unfinishedByteCount -= streams[current].body.count
        assembledBody = []
        swap(&assembledBody, &streams[current].body)
        return streams[current].messageHeader
    }

    /// Adds bytes of the current chunk to the current message.
    private mutating func append(_ bytes: RawSpan) throws(RTMPError) {
        if streams[current].isSkipped {
            streams[current].skippedByteCount += bytes.byteCount
            chunkByteCountMissing -= bytes.byteCount
            return
        }
        guard unfinishedByteCount + bytes.byteCount <= limits.reassemblyByteCountMax else {
            throw .reassemblyTooLarge(limit: limits.reassemblyByteCountMax)
        }
        var body: [UInt8] = []
        swap(&body, &streams[current].body)
        if body.capacity == 0, let spare = spareBodies.popLast() { body = spare }
        let needed = body.count + bytes.byteCount
        if body.capacity < needed {
            // Doubling, but never past the message's end.
            body.reserveCapacity(
                max(needed, min(2 * body.capacity, streams[current].bodyByteCount)))
        }
        body.append(copying: bytes)
        swap(&body, &streams[current].body)
        unfinishedByteCount += bytes.byteCount
        chunkByteCountMissing -= bytes.byteCount
    }
}
