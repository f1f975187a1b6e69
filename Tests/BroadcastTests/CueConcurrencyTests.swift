// Cues and media from several threads at once.

import Dispatch
import FLV
import Testing

@testable import Broadcast

@Suite struct CueConcurrencyTests {
    @Test func cuesOfTwoThreadsAmongTheTagsOfAThird() throws {
        let frameCount = 3_000
        let cueCount = 500
        let stand = try Stand.onAir { $0.timelineByteCount = 16 << 20 }
        let programme = stand.programme
        let publication = stand.publication
        let places = PlaceList()
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            switch worker {
            case 0:
                for index in 1...frameCount {
                    let body = index % 50 == 0 ? Body.keyframe() : Body.frame()
                    do {
                        try publication.append(
                            .video, timestampMs: UInt32(index), body: body.span.bytes,
                            arrivalMs: 10_000 + Int64(index))
                    } catch {
                        Issue.record(error)
                    }
                }
            case 1, 2:
                for index in 0..<cueCount {
                    let keeping: Cue.Keeping =
                        index % 2 == 0 ? .event : .state(key: "\(worker)", isRepeated: true)
                    do {
                        let cue = Cue.message("\(worker) \(index)", keeping)
                        places.add(try programme.insert(cue, nowNs: Int64(index)))
                    } catch {
                        Issue.record(error)
                    }
                }
            default:
                // Somebody joins all the time.
                for _ in 0..<cueCount {
                    let preamble = programme.startPoint()?.preamble
                    #expect(preamble != nil)
                    _ = programme.latestCue
                }
            }
        }

        let tags = try stand.timeline()
        #expect(tags.count(where: { $0.type == .video }) == frameCount + 1)
        #expect(tags.map(\.timestampMs) == tags.map(\.timestampMs).sorted())
        // Each number once and in order, where its place says; repeats are of frames 2 s apart.
        let cues = tags.compactMap(ReadCue.init)
        var seen: Set<Double> = []
        let firsts = cues.filter { seen.insert($0.seq ?? 0).inserted }
        #expect(firsts.map(\.seq) == (1...2 * cueCount).map(Double.init))
        #expect(cues.count - firsts.count <= 2)
        #expect(Set(firsts.compactMap(\.text)).count == 2 * cueCount)
        var position: UInt64 = 0
        var byPosition: [UInt64: (tag: ReadTag, end: UInt64)] = [:]
        for tag in tags {
            let end = position + UInt64(FLVTagHeader.tagByteCount(bodyByteCount: tag.body.count))
            byPosition[position] = (tag, end)
            position = end
        }
        #expect(places.all.count == 2 * cueCount)
        for place in places.all {
            let found = try #require(byPosition[place.position])
            let cue = try #require(ReadCue(found.tag))
            #expect(cue.seq == Double(place.seq) && cue.pts == Double(place.ptsMs))
            #expect(found.end == place.endPosition)
        }
        #expect(programme.cueVersion.load(ordering: .acquiring) == UInt64(2 * cueCount))
        #expect(programme.latestCue?.seq == UInt64(2 * cueCount))
        // What stands is the last that each said.
        let snapshot = try stand.snapshot().map(\.text)
        #expect(Set(snapshot) == ["1 \(cueCount - 1)", "2 \(cueCount - 1)"])
    }
}

/// Places that threads gather.
private final class PlaceList: @unchecked Sendable {
    private let queue = DispatchQueue(label: "places")
    private var places: [CuePlace] = []

    func add(_ place: CuePlace) { queue.sync { places.append(place) } }
    var all: [CuePlace] { queue.sync { places } }
}
