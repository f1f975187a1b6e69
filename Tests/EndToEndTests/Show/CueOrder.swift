// Whether viewers saw the same cues in the same order at the same place between the media.

/// A viewer whose stream isn't that of the others.
struct CueFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension StreamWalker {
    /// The first appearance of each cue.
    var firstCues: [SeenCue] {
        var seen: Set<Int> = []
        return cues.filter { seen.insert($0.seq).inserted }
    }

    /// Checks that cues come in the order of their numbers.
    func checkCueOrder() throws {
        let numbers = firstCues.map(\.seq)
        guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw CueFault("cues come as \(numbers)")
        }
    }

    /// Checks that a cue that comes again is the same to the last byte.
    func checkRepeats() throws {
        var bodies: [Int: [UInt8]] = [:]
        for cue in cues {
            guard bodies[cue.seq, default: cue.body] == cue.body else {
                throw CueFault("cue \(cue.seq) came again, and was another")
            }
            bodies[cue.seq] = cue.body
        }
    }

    /// Where its media begins: behind the headers and what the start says of the show.
    private var mediaStart: Int? {
        // Sequence headers are smaller than any frame of the clips used here.
        tags.firstIndex { $0.type == 9 && $0.byteCount > 200 }
    }

    /// How many tags, from its first frame on, are another viewer's, one by one and nothing between.
    ///
    /// - Returns: nil where the other never had its first frame.
    func commonTags(with other: StreamWalker) -> (count: Int, of: Int)? {
        guard let start = mediaStart, let place = other.tags.firstIndex(of: tags[start]) else {
            return nil
        }
        let mine = tags[start...]
        let its = other.tags[place...]
        let count = zip(mine, its).prefix { $0 == $1 }.count
        return (count, min(mine.count, its.count))
    }

    /// Checks that all that this viewer has, another one has at the same places: cues too.
    func checkSamePlaces(as other: StreamWalker) throws {
        guard let (count, all) = commonTags(with: other) else {
            throw CueFault("its first frame is nobody else's")
        }
        guard count == all else {
            throw CueFault("after \(count) of \(all) tags it got another one than others")
        }
        let first = firstCues.first?.seq ?? .max
        let numbers = firstCues.map(\.seq)
        let its = other.firstCues.map(\.seq).filter { $0 >= first }
        let common = min(numbers.count, its.count)
        guard numbers.prefix(common) == its.prefix(common) else {
            throw CueFault("it saw the cues \(numbers), others \(its)")
        }
    }
}
