// One viewer's stream, checked tag by tag.

import FLV
import HTTPWire

/// Follows one stream and compares it with what the others got.
struct TagVerifier {
    /// Why a stream is not what it should be.
    enum Fault: Error, CustomStringConvertible {
        case malformed(String)
        case framing(String)
        case startsWithoutKeyframe
        case stepsBack(fromMs: UInt32, toMs: UInt32)
        case differs(atMs: UInt32)
        case skipsWithoutKeyframe(atMs: UInt32)

        var description: String {
            switch self {
            case .malformed(let reason): "not a valid FLV: \(reason)"
            case .framing(let reason): "not a valid chunked body: \(reason)"
            case .startsWithoutKeyframe: "the stream doesn't begin with a keyframe"
            case .stepsBack(let from, let to): "time steps back from \(from) to \(to) ms"
            case .differs(let ms): "the tag at \(ms) ms differs from what others got"
            case .skipsWithoutKeyframe(let ms):
                "tags are missing before \(ms) ms, and it doesn't go on with a keyframe"
            }
        }
    }

    private var reader = FLVReader()
    private var chunks: ChunkedBodyReader?
    /// The number of the next tag; nil before its place in the sequence is known.
    private var nextNumber: Int?
    /// The tags until then.
    private var unplaced: [(mark: TagMark, isEntry: Bool)] = []
    private static let unplacedCountMax = 2_000
    private var firstFrameUs: Int64?
    private static let settledAfterUs: Int64 = 3_000_000
    private var latestMs: [FLVTagType: UInt32] = [:]

    init(isChunked: Bool) { chunks = isChunked ? ChunkedBodyReader() : nil }

    /// Checks the next bytes of the response's body.
    mutating func receive(
        _ bytes: RawSpan, atUs: Int64, reference: inout TagReference, tally: inout RehearsalTally
    ) throws(Fault) {
        guard var chunks else {
            return try check(bytes, atUs, &reference, &tally)
        }
        var offset = 0
        while offset < bytes.byteCount {
            let body: Range<Int>?
            do {
                body = try chunks.nextBody(in: bytes, from: &offset)
            } catch {
                throw .framing(error.description)
            }
            guard let body else { break }
            try check(bytes.extracting(body), atUs, &reference, &tally)
        }
        self.chunks = chunks
    }

    private mutating func check(
        _ bytes: RawSpan, _ atUs: Int64, _ reference: inout TagReference,
        _ tally: inout RehearsalTally
    ) throws(Fault) {
        var reader = reader
        defer { self.reader = reader }
        do {
            try reader.receive(bytes) { (header, body) throws(Fault) in
                try check(header, body, atUs, &reference, &tally)
            }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .malformed("\(error)")
        }
    }

    private mutating func check(
        _ header: FLVTagHeader, _ body: RawSpan, _ atUs: Int64, _ reference: inout TagReference,
        _ tally: inout RehearsalTally
    ) throws(Fault) {
        guard let kind = MediaKind(header.type, body) else { return }
        tally.verifiedTagCount += 1
        if let latest = latestMs[header.type], header.timestampMs < latest {
            throw .stepsBack(fromMs: latest, toMs: header.timestampMs)
        }
        latestMs[header.type] = header.timestampMs
        let mark = TagMark(header, body)
        if nextNumber != nil {
            try follow(mark, isEntry: kind.isEntry, &reference, &tally)
        } else {
            guard kind.isEntry || !unplaced.isEmpty else { throw .startsWithoutKeyframe }
            unplaced.append((mark, kind.isEntry))
            try findPlace(&reference, &tally)
        }
        // What a joiner gets at once is old by nature and says nothing about delay.
        let firstUs = firstFrameUs ?? atUs
        firstFrameUs = firstUs
        tally.delay.note(
            us: atUs - Int64(header.timestampMs) * 1_000,
            counts: atUs - firstUs > TagVerifier.settledAfterUs)
    }

    /// Looks for the first of the tags so far in the sequence that the others follow.
    private mutating func findPlace(
        _ reference: inout TagReference, _ tally: inout RehearsalTally
    ) throws(Fault) {
        guard let first = unplaced.first?.mark else { return }
        let number = reference.number(of: first)
        if number == nil, reference.followerCount > 0 {
            guard unplaced.count <= TagVerifier.unplacedCountMax else {
                throw .differs(atMs: first.timestampMs)
            }
            return
        }
        nextNumber = number ?? reference.endNumber
        reference.followerCount += 1
        let tags = unplaced
        unplaced = []
        for tag in tags { try follow(tag.mark, isEntry: tag.isEntry, &reference, &tally) }
    }

    private mutating func follow(
        _ mark: TagMark, isEntry: Bool, _ reference: inout TagReference,
        _ tally: inout RehearsalTally
    ) throws(Fault) {
        guard let expected = nextNumber else { return }
        if expected == reference.endNumber {
            reference.append(mark)
            nextNumber = expected + 1
            return
        }
        guard reference.mark(expected) != mark else {
            nextNumber = expected + 1
            return
        }
        // Not the next one: only a viewer that fell behind may find itself further on.
        guard let number = reference.number(of: mark), number > expected else {
            throw .differs(atMs: mark.timestampMs)
        }
        guard isEntry else { throw .skipsWithoutKeyframe(atMs: mark.timestampMs) }
        tally.skipCount += 1
        nextNumber = number + 1
    }

    /// The viewer is gone.
    func end(_ reference: inout TagReference) {
        if nextNumber != nil { reference.followerCount -= 1 }
    }
}

/// Whether a tag is a frame, and whether decoding can begin with it.
private struct MediaKind {
    let isEntry: Bool

    /// Nil for what is not a frame: sequence headers and script data come again where a viewer
    /// joins or skips.
    init?(_ type: FLVTagType, _ body: RawSpan) {
        switch type {
        case .video:
            guard let packet = try? VideoPacket.parse(body), packet.kind == .frame else {
                return nil
            }
            isEntry = packet.isKeyframe
        case .audio:
            guard let packet = try? AudioPacket.parse(body), packet.kind == .frame else {
                return nil
            }
            isEntry = true
        case .script:
            return nil
        }
    }
}
