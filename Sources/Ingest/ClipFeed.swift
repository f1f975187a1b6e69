// A clip as a master feed, looped without a seam.

public import Broadcast
import FLV
import IORing
import Synchronization

/// Why a clip can't be played.
public enum ClipError: Error, CustomStringConvertible {
    /// It isn't a readable FLV.
    case unreadable(String)
    /// It has no frames, or all of them at one time.
    case empty

    /// What is wrong.
    public var description: String {
        switch self {
        case .unreadable(let reason): "the clip is not a readable FLV: \(reason)"
        case .empty: "the clip has no frames to loop"
        }
    }
}

/// Publishes an FLV clip in real time, over and over, as an encoder would.
public final class ClipFeed: Sendable {
    private struct Tag {
        let header: FLVTagHeader
        let body: [UInt8]
    }

    private let stopRequested = Atomic<Bool>(false)
    private let thread = Mutex<PlainThread?>(nil)

    /// Begins to play.
    ///
    /// - Parameters:
    ///   - clip: an FLV file whose tracks end together, so that it can be put end to end.
    ///   - onEnd: told, on the feed's thread, if the programme takes no more of it.
    /// - Throws: `ClipError`, or `RingError` where there is no thread.
    public init(
        clip: [UInt8], publication: Publication,
        onEnd: @escaping @Sendable (TagRefusal) -> Void
    ) throws {
        let tags = try ClipFeed.tags(of: clip)
        let lengthMs = try ClipFeed.lengthMs(of: tags)
        let thread = try PlainThread(name: "clip-feed") { [self] in
            do throws(TagRefusal) {
                try play(tags, lengthMs: lengthMs, to: publication)
            } catch {
                onEnd(error)
            }
            publication.end(nowMs: MonotonicClock.nowMs())
        }
        self.thread.withLock { $0 = thread }
    }

    /// Ends the publication and waits until the thread has ended.
    public func stop() {
        stopRequested.store(true, ordering: .releasing)
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    private func play(
        _ tags: [Tag], lengthMs: Int64, to publication: Publication
    ) throws(TagRefusal) {
        let startMs = MonotonicClock.nowMs()
        var roundStartMs: Int64 = 0
        while true {
            for tag in tags {
                let timestampMs = roundStartMs + Int64(tag.header.timestampMs)
                guard sleep(untilMs: startMs + timestampMs) else { return }
                try append(
                    tag, timestampMs: UInt32(truncatingIfNeeded: timestampMs), to: publication)
            }
            roundStartMs += lengthMs
        }
    }

    /// Appends a tag, and waits for what the kernel still sends: this thread is the feed's own.
    private func append(
        _ tag: Tag, timestampMs: UInt32, to publication: Publication
    ) throws(TagRefusal) {
        let giveUpMs = MonotonicClock.nowMs() + publication.programme.heldUpMsMax
        while true {
            let nowMs = MonotonicClock.nowMs()
            do throws(TagRefusal) {
                return try publication.append(
                    tag.header.type, timestampMs: timestampMs, body: unsafe tag.body.span.bytes,
                    arrivalMs: nowMs)
            } catch {
                guard error == .heldUp, nowMs < giveUpMs else { throw error }
                MonotonicClock.sleep(ms: IngestSettings.heldUpRetryMs)
            }
        }
    }

    /// False once it is time to stop.
    private func sleep(untilMs: Int64) -> Bool {
        while !stopRequested.load(ordering: .acquiring) {
            let leftMs = untilMs - MonotonicClock.nowMs()
            if leftMs <= 0 { return true }
            MonotonicClock.sleep(ms: min(leftMs, 50))
        }
        return false
    }

    private static func tags(of clip: [UInt8]) throws(ClipError) -> [Tag] {
        var reader = FLVReader()
        var tags: [Tag] = []
        do {
            try unsafe reader.receive(clip.span.bytes) { (header, body) throws(FLVError) in
                tags.append(
                    Tag(
                        header: header,
                        body: unsafe body.withUnsafeBytes { unsafe [UInt8]($0) }))
            }
        } catch {
            throw .unreadable("\(error)")
        }
        return tags
    }

    /// The time from the first frame to where the next round begins: the last frame of video, or
    /// of audio without video, plus one frame's time.
    private static func lengthMs(of tags: [Tag]) throws(ClipError) -> Int64 {
        for type in [FLVTagType.video, .audio] {
            let times = tags.filter { $0.header.type == type && !isHeader($0) }
                .map { Int64($0.header.timestampMs) }
            guard let first = times.first, let last = times.last, last > first else { continue }
            let frameMs = Double(last - first) / Double(times.count - 1)
            return last - first + Int64(frameMs.rounded())
        }
        throw .empty
    }

    private static func isHeader(_ tag: Tag) -> Bool {
        let body = unsafe tag.body.span.bytes
        switch tag.header.type {
        case .video: return (try? VideoPacket.parse(body))?.kind != .frame
        case .audio: return (try? AudioPacket.parse(body))?.kind != .frame
        case .script: return true
        }
    }
}
