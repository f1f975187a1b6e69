// Reads what a simulated viewer got and holds it against the truth.

import FLV

@testable import Broadcast

/// What is known about the end of a viewer's stream.
struct StreamEnd {
    /// Whether the connection was broken from outside, so that its last tag may be torn.
    var mayBeTorn: Bool
    /// Whether it may end between what comes before the first frame and that frame: a WebSocket's
    /// close frame goes as soon as it is asked for.
    var mayEndAtStart = false
}

/// What came of reading a stream.
enum StreamOutcome {
    /// It was no stream, or not yet.
    case noStream
    /// All right; where in which timeline it stands.
    case good(Truth?, position: UInt64)
    case bad(String)
}

/// The bytes of one connection, from the first answer on.
struct StreamChecker {
    let truths: Truths
    let bytes: ArraySlice<UInt8>
    let end: StreamEnd
    private var at: Int

    private var truth: Truth?
    /// The last frame read.
    private var last = -1
    /// Where the tags begin that came after it.
    private var pendingStart = 0
    private var pending: [Range<Int>] = []
    /// The newest time of the sounds and of the pictures, ms.
    private var latestMs: [2 of Int64] = [-1, -1]

    static func check(_ bytes: ArraySlice<UInt8>, truths: Truths, end: StreamEnd) -> StreamOutcome {
        var checker = StreamChecker(truths: truths, bytes: bytes, end: end)
        return checker.run()
    }

    private init(truths: Truths, bytes: ArraySlice<UInt8>, end: StreamEnd) {
        self.truths = truths
        self.bytes = bytes
        self.end = end
        at = bytes.startIndex
    }

    private mutating func run() -> StreamOutcome {
        guard skipAnswers() else { return .noStream }
        // The answer to HEAD ends here.
        guard at < bytes.endIndex else { return .noStream }
        let header = bytes[at...].prefix(FLVFileHeader.byteCount)
        guard isPrefix(header.prefix(3), of: [0x46, 0x4C, 0x56]) else {
            return .bad("the stream does not begin with an FLV header")
        }
        at += header.count
        guard header.count == FLVFileHeader.byteCount else { return torn("in the FLV header") }
        let flags = bytes[header.startIndex + 4]
        pendingStart = at
        while at + FLVTagHeader.byteCount <= bytes.endIndex {
            let size =
                Int(bytes[at + 1]) << 16 | Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
            let range = at..<(at + FLVTagHeader.tagByteCount(bodyByteCount: size))
            guard [8, 9, 18].contains(bytes[at]) else { return .bad("no tag at byte \(at)") }
            guard range.upperBound <= bytes.endIndex else { break }
            at = range.upperBound
            guard let id = frameId(range) else {
                pending.append(range)
                continue
            }
            if let problem = place(range, id: id, flags: flags) { return .bad(problem) }
            pending.removeAll(keepingCapacity: true)
            pendingStart = at
        }
        return judgeEnd()
    }

    /// Skips small answers before the stream's head, and that head.
    private mutating func skipAnswers() -> Bool {
        while true {
            let rest = bytes[at...]
            guard let headEnd = endOfHead(rest) else { return false }
            let head = String(decoding: rest[..<headEnd], as: UTF8.self)
            at = headEnd
            if head.hasPrefix("HTTP/1.1 200 "), head.contains("video/x-flv") { return true }
            let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
            let length = field.flatMap { Int($0.dropFirst(16)) } ?? 0
            guard at + length <= bytes.endIndex else { return false }
            at += length
        }
    }

    private func endOfHead(_ rest: ArraySlice<UInt8>) -> Int? {
        var index = rest.startIndex
        while index + 4 <= rest.endIndex {
            if rest[index] == 13, rest[index + 1] == 10, rest[index + 2] == 13,
                rest[index + 3] == 10
            {
                return index + 4
            }
            index += 1
        }
        return nil
    }

    /// The number in a frame's body; nil for headers and script data.
    private func frameId(_ tag: Range<Int>) -> UInt64? {
        let body = tag.lowerBound + FLVTagHeader.byteCount
        let isVideo = bytes[tag.lowerBound] == 9
        guard isVideo || bytes[tag.lowerBound] == 8, bytes[body + 1] == 1 else { return nil }
        let start = body + (isVideo ? 5 : 2)
        guard start + 8 <= tag.upperBound else { return nil }
        return bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// - Returns: what is wrong with a frame at this place.
    private mutating func place(_ tag: Range<Int>, id: UInt64, flags: UInt8) -> String? {
        guard let (truth, index) = truths.find(id) else { return "frame \(id) was never appended" }
        let own = truth.tags[index]
        guard isEqual(bytes[tag], truth.log[Int(own.position)..<Int(own.end)]) else {
            return "frame \(id) is not what was appended"
        }
        let track = bytes[tag.lowerBound] == 9 ? 1 : 0
        guard Int64(own.timestampMs) >= latestMs[track] else {
            return "frame \(id) steps back from \(latestMs[track]) to \(own.timestampMs)"
        }
        latestMs[track] = Int64(own.timestampMs)
        defer {
            self.truth = truth
            last = index
        }
        guard let before = self.truth else {
            guard own.isJoinPoint else { return "begins at frame \(id), which is no keyframe" }
            return checkPreamble(truth, index, flags: flags)
        }
        guard before === truth else { return "frame \(id) is another programme's" }
        for count in 0...pending.count where follows(count, index: index) { return nil }
        return "after frame \(last) of the timeline comes \(index)"
            + " with \(pending.count) tags between"
    }

    /// Whether the first `count` pending tags go on where the last frame was, and the rest lead
    /// to the tag of that index: nothing, or a join point's headers.
    private func follows(_ count: Int, index: Int) -> Bool {
        guard let truth, index > last, goesOn(count) else { return false }
        if count == pending.count, index == last + count + 1 { return true }
        guard truth.tags[index].isJoinPoint, index > last + count else { return false }
        let rest = count == pending.count ? at..<at : pending[count].lowerBound..<at
        let headers = rest.isEmpty ? [] : bytes[rest.lowerBound..<(pending.last?.upperBound ?? 0)]
        return leads(headers, to: index, after: last + count, in: truth)
    }

    /// Whether these are a join point's headers. Before them may be those of earlier ones, of whose
    /// frames nothing had gone when there was a newer one to skip to.
    private func leads(
        _ headers: ArraySlice<UInt8>, to index: Int, after last: Int, in truth: Truth
    ) -> Bool {
        if truth.resumeParts(index).contains(where: { isEqual(headers, $0[...]) }) { return true }
        return (last + 1..<index).contains { former in
            guard truth.tags[former].isJoinPoint else { return false }
            return truth.resumeParts(former).contains { part in
                !part.isEmpty && headers.count > part.count
                    && isEqual(headers.prefix(part.count), part[...])
                    && leads(headers.dropFirst(part.count), to: index, after: former, in: truth)
            }
        }
    }

    private func goesOn(_ count: Int) -> Bool {
        guard let truth, last + count < truth.tags.count else { return false }
        guard count > 0 else { return true }
        let from = Int(truth.tags[last].end)
        let to = Int(truth.tags[last + count].end)
        return isEqual(
            bytes[pending[0].lowerBound..<pending[count - 1].upperBound], truth.log[from..<to])
    }

    private func checkPreamble(_ truth: Truth, _ index: Int, flags: UInt8) -> String? {
        guard let script = pending.first, bytes[script.lowerBound] == 18 else {
            return "no script tag after the FLV header"
        }
        let body = Array(bytes[(script.lowerBound + 11)..<(script.upperBound - 4)])
        guard let values = try? AMF0.decode(body.span.bytes), values.count == 2,
            values[0].stringValue == "onMetaData"
        else { return "the first tag is no onMetaData" }
        let tag = truth.tags[index]
        guard values[1]["programStartPts"]?.numberValue == Double(tag.timestampMs) else {
            return "programStartPts is not the first frame's time"
        }
        guard values[1]["hasVideo"]?.boolValue == (flags & 1 != 0),
            values[1]["hasAudio"]?.boolValue == (flags & 4 != 0)
        else { return "onMetaData and the FLV header differ" }
        if tag.videoHeader != nil, flags & 1 == 0 { return "the FLV header hides the video" }
        if tag.audioHeader != nil, tag.otherAudioHeaders.isEmpty, flags & 4 == 0 {
            return "the FLV header hides the audio"
        }
        let rest = bytes[script.upperBound..<(pending.last?.upperBound ?? script.upperBound)]
        guard truth.resumeParts(index).contains(where: { isEqual(rest, $0[...]) }) else {
            return "other sequence headers than those in force"
        }
        return nil
    }

    private func torn(_ place: String) -> StreamOutcome {
        end.mayBeTorn ? .good(truth, position: 0) : .bad("torn \(place)")
    }

    private func judgeEnd() -> StreamOutcome {
        guard let truth else {
            if at == bytes.endIndex, end.mayEndAtStart { return .good(nil, position: 0) }
            return pendingStart == bytes.endIndex && end.mayBeTorn
                ? .good(nil, position: 0) : torn("before the first frame")
        }
        let position = truth.tags[last].end
        let rest = bytes[pendingStart...]
        if isPrefix(rest, of: truth.log[Int(position)...]) {
            let place = position + UInt64(rest.count)
            if at == bytes.endIndex || end.mayBeTorn { return .good(truth, position: place) }
            return .bad("the last tag is torn")
        }
        // Or it stood in the part before a keyframe it was skipping to.
        for count in 0...pending.count where goesOn(count) {
            let from = count == 0 ? pendingStart : pending[count - 1].upperBound
            for index in truth.tags.indices.dropFirst(last + count + 1)
            where truth.tags[index].isJoinPoint {
                let tag = truth.tags[index]
                let frame = truth.log[Int(tag.position)..<Int(tag.end)]
                let fits = truth.resumeParts(index).contains { part in
                    isPrefix(bytes[from...], of: (part + frame)[...])
                }
                guard fits else { continue }
                if !end.mayBeTorn { return .bad("ends within a skip") }
                return .good(truth, position: tag.position)
            }
        }
        return .bad("the end fits nothing that was appended")
    }
}
