// The clock that players follow: along the earliest tags, and slowly once it has found them.

import FLV
import TestSupport
import Testing

@testable import Broadcast

@Suite("Running clock") struct RunningClockTests {
    /// Times of a clock each 10 ms, and how far the newest tag was ahead of it then.
    private struct Run {
        var times: [(nowMs: Int64, timeMs: Int64, newestMs: Int64)] = []

        /// The fastest and the slowest that it ran over any second, in parts of time.
        var speeds: ClosedRange<Double> {
            var low = 1.0
            var high = 1.0
            for index in 100..<times.count {
                let span = Double(times[index].nowMs - times[index - 100].nowMs)
                let speed = Double(times[index].timeMs - times[index - 100].timeMs) / span
                low = min(low, speed)
                high = max(high, speed)
            }
            return low...high
        }

        /// Up to a second before its end, from where on tags may be missing.
        func leads(fromMs: Int64) -> [Int64] {
            times.dropLast(100).filter { $0.nowMs - times[0].nowMs >= fromMs }
                .map { $0.newestMs - $0.timeMs }
        }
    }

    /// Plays pictures of a 25th of a second that arrive as `arrival` has it.
    private func run(
        seconds: Int64, _ arrival: (_ mediaMs: Int64) -> Int64?
    ) throws -> Run {
        let stand = try Stand(header: Body.avc720)
        let startMs = stand.nowMs
        var tags = stride(from: Int64(0), to: seconds * 1_000, by: 40).compactMap { mediaMs in
            arrival(mediaMs).map { (atMs: startMs + $0, mediaMs: mediaMs) }
        }[...]
        var run = Run()
        var isFirst = true
        for nowMs in stride(from: startMs, to: startMs + seconds * 1_000, by: 10) {
            while let tag = tags.first, tag.atMs <= nowMs {
                tags.removeFirst()
                stand.nowMs = tag.atMs
                let body = isFirst ? Body.keyframe(9) : Body.frame(9)
                isFirst = false
                try stand.append(.video, body, at: UInt32(tag.mediaMs))
            }
            guard let timeMs = stand.programme.timeMs(nowNs: nowMs * 1_000_000) else { continue }
            run.times.append((nowMs, timeMs, Int64(stand.programme.latestMs)))
        }
        return run
    }

    @Test("there is no time before the first tag")
    func before() throws {
        let stand = try Stand(header: Body.avc720)
        #expect(stand.programme.timeMs(nowNs: stand.nowMs * 1_000_000) == nil)
        try stand.append(.video, Body.keyframe(9), at: 77)
        #expect(stand.programme.timeMs(nowNs: stand.nowMs * 1_000_000) == 0)
        #expect(stand.programme.timeMs(nowNs: (stand.nowMs + 1_234) * 1_000_000) == 1_234)
    }

    @Test("a steady feed's newest tag is now, and the clock runs as time does")
    func steady() throws {
        let run = try run(seconds: 20) { $0 }
        #expect(run.speeds.lowerBound > 0.999 && run.speeds.upperBound < 1.001)
        #expect(run.leads(fromMs: 0).allSatisfy { (-50...1).contains($0) })
    }

    @Test("jitter doesn't move it: it lies along the tags that come earliest")
    func jitter() throws {
        var random = SeededRandom(seed: 5)
        var latest: Int64 = 0
        let run = try run(seconds: 60) { mediaMs in
            latest = max(latest, mediaMs + Int64(random.next() % 200))
            return latest
        }
        #expect(run.speeds.lowerBound > 0.98 && run.speeds.upperBound < 1.02)
        let steady = run.times.filter { $0.nowMs - run.times[0].nowMs > 5_000 }
        // Its distance to time itself hardly changes.
        let distances = steady.map { $0.timeMs - $0.nowMs }
        let (low, high) = (distances.min() ?? 0, distances.max() ?? 0)
        #expect(high - low < 40)
    }

    @Test("what an encoder sends at once at its beginning moves it at once, and nothing after")
    func burst() throws {
        let run = try run(seconds: 30) { max(300, $0 - 400) }
        #expect(run.leads(fromMs: 3_000).allSatisfy { (-50...1).contains($0) })
        let later = Run(times: run.times.filter { $0.nowMs - run.times[0].nowMs > 2_500 })
        #expect(later.speeds.lowerBound > 0.99 && later.speeds.upperBound < 1.01)
    }

    @Test("a stall that is made up for leaves it alone")
    func stall() throws {
        let run = try run(seconds: 30) { mediaMs in
            (10_000..<12_000).contains(mediaMs) ? 12_000 : mediaMs
        }
        #expect(run.speeds.lowerBound > 0.99 && run.speeds.upperBound < 1.01)
        #expect(run.leads(fromMs: 13_000).allSatisfy { (-50...1).contains($0) })
    }

    @Test("a feed that stays late is followed, no faster than players can")
    func late() throws {
        let run = try run(seconds: 90) { $0 < 10_000 ? $0 : $0 + 600 }
        #expect(run.speeds.lowerBound > 0.96 && run.speeds.upperBound < 1.001)
        #expect(run.leads(fromMs: 70_000).allSatisfy { (-70...1).contains($0) })
    }

    @Test("a clock that is slow is followed all the time")
    func drift() throws {
        let run = try run(seconds: 120) { $0 + $0 / 1_000 }
        #expect(run.speeds.lowerBound > 0.99)
        #expect(run.leads(fromMs: 20_000).allSatisfy { (-60...1).contains($0) })
    }

    @Test("while nobody publishes it runs on, and who comes back finds it there")
    func absence() throws {
        let run = try run(seconds: 40) { (10_000..<25_000).contains($0) ? nil : $0 }
        #expect(run.speeds.lowerBound > 0.999 && run.speeds.upperBound < 1.001)
        #expect(run.leads(fromMs: 26_000).allSatisfy { (-50...1).contains($0) })
    }

    @Test("after a gap it makes up at once for what it would have moved in 4 s of it, and no more")
    func gap() throws {
        let run = try run(seconds: 60) { mediaMs in
            mediaMs < 10_000 ? mediaMs : mediaMs < 30_000 ? nil : mediaMs + 600
        }
        let moves = zip(run.times, run.times.dropFirst()).map { before, after in
            (atMs: after.nowMs, ms: after.timeMs - before.timeMs - (after.nowMs - before.nowMs))
        }
        #expect(moves.map(\.ms).min() == -120)
        #expect(moves.filter { abs($0.ms) > 2 }.count == 1)
    }

    @Test("viewers are told when programme time began, and how far behind all are to be")
    func told() throws {
        var limits = BroadcastLimits()
        limits.timelineByteCount = 1 << 20
        limits.targetDelayMs = 900
        let programmes = Programmes(limits: limits)
        programmes.serverOffsetUs.store(1_700_000_000_000_000, ordering: .relaxed)
        let publication = try programmes.publish(
            name: "show", publisher: Publisher(address: "a"), nowMs: 50_000)
        for (body, ms) in [(Body.avc720, 0), (Body.keyframe(9), 0), (Body.frame(9), 40)] {
            try publication.append(
                .video, timestampMs: UInt32(ms), body: body.span.bytes,
                arrivalMs: 50_000 + Int64(ms))
        }
        try publication.append(
            .video, timestampMs: 2_000, body: Body.keyframe(9).span.bytes, arrivalMs: 52_000)
        let preamble = try #require(publication.programme.startPoint()?.preamble)
        let body = preamble.beginning.tags[0].body
        let values = try AMF0.decode(body.span.bytes)
        let properties = values.last?.properties ?? []
        func number(_ name: String) -> Double? {
            properties.first { $0.name == name }?.value.numberValue
        }
        #expect(number("serverStartMs") == 1_700_000_050_000)
        #expect(number("targetDelayMs") == 900)
    }
}
