// Whether what a viewer got is what the publisher sent.

import FLV

/// How a viewer's stream begins, checked, and what follows.
struct Opening {
    /// The properties of `onMetaData`.
    var metadata: AMF0Value
    /// Everything after the sequence headers.
    var frames: [MediaTag]
}

/// Where a stream isn't what it should be.
struct StreamFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension ViewedStream {
    /// Checks the beginning: the header's flags, `onMetaData`, the source's sequence headers, a
    /// keyframe at the time that the metadata says.
    func opening(of source: Source) throws -> Opening {
        guard statusCode == 200 else { throw StreamFault("status \(statusCode ?? 0): \(head)") }
        let flags = FLVFileHeader(
            hasAudio: source.frames.contains { $0.type == .audio },
            hasVideo: source.frames.contains { $0.type == .video })
        guard fileHeader == flags else {
            throw StreamFault("the header says \(String(describing: fileHeader)), not \(flags)")
        }
        guard let script = tags.first, script.type == .script, script.timestampMs == 0,
            script.scriptValues.count == 2, script.scriptValues[0] == .string("onMetaData")
        else { throw StreamFault("it doesn't begin with onMetaData") }
        let metadata = script.scriptValues[1]
        let headers = tags.dropFirst().prefix(source.headers.count)
        guard headers.map(\.body) == source.headers.map(\.body),
            headers.map(\.type) == source.headers.map(\.type)
        else { throw StreamFault("the sequence headers aren't the source's") }
        let frames = Array(tags.dropFirst(1 + headers.count))
        guard let first = frames.first else { throw StreamFault("there are no frames") }
        guard !flags.hasVideo || first.isKeyframe else {
            throw StreamFault("the first frame is no keyframe")
        }
        guard metadata["programStartPts"]?.numberValue == Double(first.timestampMs),
            headers.allSatisfy({ $0.timestampMs == first.timestampMs })
        else {
            throw StreamFault(
                "it begins at \(first.timestampMs) ms, but programStartPts is "
                    + "\(String(describing: metadata["programStartPts"]))")
        }
        return Opening(metadata: metadata, frames: frames)
    }

    /// Checks that it is the source from some keyframe on to the source's end, bit for bit, each
    /// frame once, in order, at the source's distances in time.
    @discardableResult
    func verify(against source: Source) throws -> Opening {
        let opening = try opening(of: source)
        let start = try source.index(of: opening.frames[0])
        try source.verify(opening.frames[...], from: start)
        let end = start + opening.frames.count
        guard end == source.frames.count else {
            throw StreamFault("it ends \(source.frames.count - end) frames before the source does")
        }
        return opening
    }
}

extension Source {
    /// Where a frame is.
    func index(of frame: MediaTag) throws -> Int {
        let index = frames.firstIndex { $0.type == frame.type && $0.body == frame.body }
        guard let index else {
            throw StreamFault(
                "a frame of \(frame.body.count) bytes at \(frame.timestampMs) ms isn't the source's"
            )
        }
        return index
    }

    /// How many of the viewer's frames follow the source's from an index on.
    func runLength(_ viewed: ArraySlice<MediaTag>, from start: Int) -> Int {
        zip(viewed, frames[start...]).prefix { $0.type == $1.type && $0.body == $1.body }.count
    }

    /// Checks that these are the source's frames from an index on.
    func verify(_ viewed: ArraySlice<MediaTag>, from start: Int) throws {
        guard let first = viewed.first else { throw StreamFault("there are no frames") }
        let matching = runLength(viewed, from: start)
        guard matching == viewed.count else {
            let wrong = viewed[viewed.startIndex + matching]
            let position = try? index(of: wrong)
            throw StreamFault(
                "after \(matching) frames comes a \(wrong.type) tag of \(wrong.body.count) bytes at "
                    + "\(wrong.timestampMs) ms where the source's frame \(start + matching) is due; "
                    + "it is the source's frame \(position.map(String.init) ?? "none")")
        }
        for (mine, its) in zip(viewed, frames[start...]) {
            let wanted = Int64(its.timestampMs) - Int64(frames[start].timestampMs)
            let found = Int64(mine.timestampMs) - Int64(first.timestampMs)
            guard wanted == found else {
                throw StreamFault(
                    "a \(mine.type) tag is \(found) ms after the first instead of \(wanted) ms")
            }
        }
    }
}

/// Checks that no track ever steps back in time.
func verifyNeverStepsBack(_ tags: some Sequence<MediaTag>) throws {
    var latestMs: [FLVTagType: UInt32] = [:]
    for tag in tags where tag.type != .script {
        if let latest = latestMs[tag.type], tag.timestampMs < latest {
            throw StreamFault("\(tag.type) steps back from \(latest) ms to \(tag.timestampMs) ms")
        }
        latestMs[tag.type] = tag.timestampMs
    }
}
