// What was really appended: the yardstick for every byte a simulated viewer gets.

import FLV
import Glibc

@testable import Broadcast

/// One tag of a programme.
struct TrueTag {
    let position: UInt64
    let end: UInt64
    let appendedNs: Int64
    let timestampMs: UInt32
    let isFrame: Bool
    /// Whether a viewer's stream may begin here.
    let isJoinPoint: Bool
    /// The bodies of the sequence headers in force.
    let videoHeader: [UInt8]?
    let audioHeader: [UInt8]?
    /// The sound's headers that a viewer may get instead where the sound is gone or comes later:
    /// none, or what came next.
    var otherAudioHeaders: [[UInt8]?] = []
}

/// All that was ever appended to one programme, copied at once.
final class Truth {
    let program: Programme
    /// The whole timeline, from its first byte.
    private(set) var log: [UInt8] = []
    private(set) var tags: [TrueTag] = []
    /// The same in WebSocket frames, once anybody has asked for it.
    var framed: FramedTruth?
    /// When the programme was taken off the air.
    var endedNs: Int64?
    /// How far programme time may be from the wall clock, ms.
    var clockDistanceMsMax: Int64 = 2_000
    /// When programme time began, ns.
    private var originNs: Int64?
    /// The newest frame's programme time, ms, of the sound and of the picture.
    private var latestMs: [FLVTagType: UInt32] = [:]
    /// The newest keyframe of the publication on air, by its place among the tags.
    private var newestKeyframe: Int?

    init(program: Programme) { self.program = program }

    var head: UInt64 { UInt64(log.count) }

    /// Places to begin at of the publication before get no more headers.
    func beginPublication() { newestKeyframe = nil }

    /// The sound has a header from now on: who begins at the newest keyframe may get it, too.
    func soundHeaderCame(_ header: [UInt8]?) {
        guard let header, let index = newestKeyframe else { return }
        let tag = tags[index]
        guard tag.audioHeader == nil || tag.otherAudioHeaders.contains(nil),
            !tag.otherAudioHeaders.contains(header)
        else { return }
        tags[index].otherAudioHeaders.append(header)
    }

    /// Takes over what the last append added, if it added anything.
    ///
    /// - Returns: what is wrong with it; nil if all is well.
    func record(
        _ type: FLVTagType, body: [UInt8], isFrame: Bool, isJoinPoint: Bool,
        videoHeader: [UInt8]?, audioHeader: [UInt8]?, soundMayBeGone: Bool, nowNs: Int64
    ) -> String? {
        let view = program.timeline.view
        guard view.head > head else { return nil }
        // Headers that those who watch don't have yet come along with the frame that needs them.
        let companion = type == .video ? videoHeader : audioHeader
        if let companion, companion != body, companion == nextBody(view) {
            if let problem = take(
                type, companion, isFrame: false, isJoinPoint: false, nil, nil, nowNs)
            {
                return problem
            }
        }
        let problem = take(
            type, body, isFrame: isFrame, isJoinPoint: isJoinPoint, videoHeader,
            audioHeader, nowNs)
        if problem == nil, type == .video, isJoinPoint {
            newestKeyframe = tags.count - 1
            if soundMayBeGone { tags[tags.count - 1].otherAudioHeaders = [nil] }
        }
        return problem
    }

    /// - Returns: what is wrong with the time of a frame.
    private func checkTime(_ type: FLVTagType, _ timestampMs: UInt32, _ nowNs: Int64) -> String? {
        if let latest = latestMs[type], timestampMs < latest {
            return "\(type) stepped back from \(latest) to \(timestampMs)"
        }
        latestMs[type] = timestampMs
        let origin = originNs ?? nowNs
        originNs = origin
        let nowMs = nowNs / 1_000_000 - origin / 1_000_000
        let programmeMs = Int64(latestMs.values.max() ?? 0)
        guard abs(programmeMs - nowMs) > clockDistanceMsMax else { return nil }
        return "programme time is \(programmeMs) at \(nowMs) ms of the wall clock"
    }

    /// The body of the first tag that isn't in the log yet.
    private func nextBody(_ view: TimelineView) -> [UInt8]? {
        let bytes = unsafe UnsafeRawBufferPointer(
            start: view.address(of: head), count: Int(view.head - head))
        guard let header = try? FLVTagHeader.parse(unsafe bytes.bytes) else { return nil }
        return unsafe Array(bytes.dropFirst(FLVTagHeader.byteCount).prefix(header.bodyByteCount))
    }

    /// Takes over the next tag, which has to be this one.
    private func take(
        _ type: FLVTagType, _ body: [UInt8], isFrame: Bool, isJoinPoint: Bool,
        _ videoHeader: [UInt8]?, _ audioHeader: [UInt8]?, _ nowNs: Int64
    ) -> String? {
        let view = program.timeline.view
        let count = FLVTagHeader.tagByteCount(bodyByteCount: body.count)
        guard view.head - head >= UInt64(count) else { return "the tag at \(head) is too short" }
        let bytes = unsafe UnsafeRawBufferPointer(start: view.address(of: head), count: count)
        guard let header = try? FLVTagHeader.parse(unsafe bytes.bytes) else {
            return "no tag at \(head)"
        }
        let expected = FLVTagHeader.tag(
            type, timestampMs: header.timestampMs, body: body.span.bytes)
        guard isEqual(unsafe Array(bytes)[...], expected[...]) else {
            return "the tag at \(head) is not what was appended"
        }
        if isFrame, let problem = checkTime(type, header.timestampMs, nowNs) { return problem }
        tags.append(
            TrueTag(
                position: head, end: head + UInt64(count), appendedNs: nowNs,
                timestampMs: header.timestampMs, isFrame: isFrame, isJoinPoint: isJoinPoint,
                videoHeader: videoHeader, audioHeader: audioHeader))
        log += expected
        framed?.record(nowNs: nowNs)
        return nil
    }

    /// What a viewer that begins at or skips to a join point may get before it.
    func resumeParts(_ index: Int) -> [[UInt8]] {
        let tag = tags[index]
        return ([tag.audioHeader] + tag.otherAudioHeaders).map { audioHeader in
            var bytes: [UInt8] = []
            if let body = tag.videoHeader {
                bytes += FLVTagHeader.tag(
                    .video, timestampMs: tag.timestampMs, body: body.span.bytes)
            }
            if let body = audioHeader {
                bytes += FLVTagHeader.tag(
                    .audio, timestampMs: tag.timestampMs, body: body.span.bytes)
            }
            return bytes
        }
    }

    /// The tag that has the byte at a position; nil at the head.
    func index(at position: UInt64) -> Int? {
        var low = 0
        var high = tags.count
        while low < high {
            let middle = (low + high) / 2
            if tags[middle].end <= position { low = middle + 1 } else { high = middle }
        }
        return low < tags.count ? low : nil
    }
}

/// A programme's timeline in WebSocket frames, as far as it was seen.
struct FramedTruth {
    private let view: TimelineView
    /// The position of the log's first byte.
    private let start: UInt64
    private var log: [UInt8] = []
    /// Where what was appended ends, and when that was.
    private var ends: [(position: UInt64, appendedNs: Int64)] = []

    init(_ view: TimelineView, nowNs: Int64) {
        self.view = view
        start = view.tail
        record(nowNs: nowNs)
    }

    /// Takes over what was added.
    mutating func record(nowNs: Int64) {
        let seen = start + UInt64(log.count)
        guard view.head > seen else { return }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: view.address(of: seen), count: Int(view.head - seen))
        unsafe log.append(contentsOf: bytes)
        ends.append((view.head, nowNs))
    }

    /// The bytes before a position, as many as were seen and are asked for.
    func bytes(before position: UInt64, count: Int) -> ArraySlice<UInt8> {
        guard position >= start, position <= start + UInt64(log.count) else { return [] }
        let end = Int(position - start)
        return log[max(0, end - count)..<end]
    }

    /// When the byte at a position was there; nil at the head.
    func appendedNs(at position: UInt64) -> Int64? {
        ends.first { $0.position > position }?.appendedNs
    }
}

/// The truths of a run, and which frame is whose.
final class Truths {
    private(set) var all: [Truth] = []
    private var frames: [(truth: Int, index: Int)?] = []

    func add(_ truth: Truth) { all.append(truth) }

    /// A number for the next body.
    func newId() -> UInt64 {
        frames.append(nil)
        return UInt64(frames.count - 1)
    }

    func placed(_ id: UInt64, in truth: Truth) {
        guard let number = all.firstIndex(where: { $0 === truth }) else { return }
        frames[Int(id)] = (number, truth.tags.count - 1)
    }

    /// Where the frame with that number is.
    func find(_ id: UInt64) -> (truth: Truth, index: Int)? {
        guard id < frames.count, let place = frames[Int(id)] else { return nil }
        return (all[place.truth], place.index)
    }

    func truth(of program: Programme) -> Truth? { all.last { $0.program === program } }
}

/// Whether two stretches of bytes are equal, quickly even in debug builds.
func isEqual(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            guard let first = left.baseAddress, let second = right.baseAddress else { return true }
            return unsafe memcmp(first, second, left.count) == 0
        }
    }
}

/// Whether bytes begin as others do.
func isPrefix(_ left: ArraySlice<UInt8>, of right: ArraySlice<UInt8>) -> Bool {
    left.count <= right.count && isEqual(left, right.prefix(left.count))
}
