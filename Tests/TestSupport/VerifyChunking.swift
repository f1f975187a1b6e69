// Proves that a parser doesn't care how its bytes are cut. Used for every parser of the network.

import Testing

/// Feeds `input` to fresh parsers in many cuttings and records an issue if the events differ.
///
/// The cuttings are: all at once, byte by byte, every split in two (of long input: 256 of them,
/// spread and at the ends), and `randomCuttingCount` seeded random ones. An error is part of the
/// outcome: the same events must come before it, and it must be the same error.
///
/// - Parameters:
///   - input: what the peer sends.
///   - seed: of the random cuttings; printed when they fail.
///   - makeParser: makes a parser in its initial state.
///   - feed: hands one chunk to the parser and calls the closure for each event, in order. Events
///     that came before an error must be reported before it is thrown.
///   - normalise: joins what a parser may rightly hand on in pieces, such as parts of a body.
/// - Returns: the events of the whole input at once, for the test to compare with what it expects.
@discardableResult
public func verifyChunking<Parser: ~Copyable, Event: Equatable>(
    of input: [UInt8],
    seed: UInt64 = 0xFA9FA4E,
    randomCuttingCount: Int = 64,
    sourceLocation: SourceLocation = #_sourceLocation,
    makeParser: () -> Parser,
    feed: (inout Parser, RawSpan, (Event) -> Void) throws -> Void,
    normalise: ([Event]) -> [Event] = { $0 }
) -> [Event] {
    func outcome(_ cuts: [Int]) -> Outcome<Event> {
        var parser = makeParser()
        var events: [Event] = []
        var failure: String?
        var start = 0
        for end in cuts + [input.count] {
            let chunk = Array(input[start..<end])
            do {
                try feed(&parser, chunk.span.bytes) { events.append($0) }
            } catch {
                failure = "\(error)"
                break
            }
            start = end
        }
        return Outcome(events: normalise(events), failure: failure)
    }

    let whole = outcome([])
    for cutting in Cutting.all(of: input.count, seed: seed, randomCount: randomCuttingCount) {
        let pieces = outcome(cutting.cuts)
        guard pieces != whole else { continue }
        Issue.record(
            "\(cutting.name): \(pieces.firstDifference(from: whole))",
            sourceLocation: sourceLocation)
        break
    }
    return whole.events
}

/// What came of one run: equal for all cuttings, or the parser is wrong.
private struct Outcome<Event: Equatable>: Equatable {
    var events: [Event]
    var failure: String?

    func firstDifference(from whole: Self) -> String {
        let index = zip(events, whole.events).enumerated().first { $1.0 != $1.1 }?.offset
        let shared = index ?? min(events.count, whole.events.count)
        if shared < max(events.count, whole.events.count) {
            let mine = shared < events.count ? "\(events[shared])" : "missing"
            let expected = shared < whole.events.count ? "\(whole.events[shared])" : "missing"
            return "event \(shared) is \(mine.prefix(400)), in one piece \(expected.prefix(400))"
        }
        return "ends with \(failure ?? "no error"), in one piece \(whole.failure ?? "no error")"
    }
}

/// One way to cut the input: the offsets at which a new chunk begins.
private struct Cutting {
    var name: String
    var cuts: [Int]

    static func all(of count: Int, seed: UInt64, randomCount: Int) -> [Cutting] {
        guard count > 1 else { return [] }
        var cuttings = [Cutting(name: "byte by byte", cuts: Array(1..<count))]
        for cut in splits(of: count) {
            cuttings.append(Cutting(name: "cut at \(cut)", cuts: [cut]))
        }
        var random = SeededRandom(seed: seed)
        for index in 0..<randomCount {
            // Small and large pieces both: the bound of a piece's size is itself random.
            let pieceMax = Int.random(
                in: 1...max(2, count / Int.random(in: 1...16, using: &random)),
                using: &random)
            var cuts: [Int] = []
            var offset = Int.random(in: 1...pieceMax, using: &random)
            while offset < count {
                cuts.append(offset)
                offset += Int.random(in: 1...pieceMax, using: &random)
            }
            cuttings.append(Cutting(name: "random cutting \(index) of seed \(seed)", cuts: cuts))
        }
        return cuttings
    }

    /// Every split in two, or of long input the first and last 64 and 128 between them.
    private static func splits(of count: Int) -> [Int] {
        guard count > 257 else { return Array(1..<count) }
        let middle = (1...128).map { 64 + $0 * (count - 129) / 129 }
        return Array(1...64) + middle + Array((count - 64)..<count)
    }
}
