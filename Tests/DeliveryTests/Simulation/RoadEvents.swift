// Which of the road's rare events a run has come by.

@testable import Delivery

/// How often something happened that must not be missed.
struct RoadEvents {
    /// Sends that were cut, by the kind of segment.
    var shortAnswers = 0
    var shortFiles = 0
    var shortFrames = 0
    var shortBlocks = 0
    var shortRestsOfTags = 0
    var shortTimelines = 0
    /// Sockets that took nothing.
    var refusals = 0
    /// Connections that were closed while something was queued for them.
    var closesWhileQueued = 0
    /// Skips that had to wait for a frame's second half.
    var skipsBehindHalfFrames = 0
    var skips = 0
    /// Requests that waited for an answer to go.
    var heldRequests = 0
    /// Completions that came after their connections had ended.
    var late: UInt64 = 0

    mutating func add(_ other: RoadEvents) {
        shortAnswers += other.shortAnswers
        shortFiles += other.shortFiles
        shortFrames += other.shortFrames
        shortBlocks += other.shortBlocks
        shortRestsOfTags += other.shortRestsOfTags
        shortTimelines += other.shortTimelines
        refusals += other.refusals
        closesWhileQueued += other.closesWhileQueued
        skipsBehindHalfFrames += other.skipsBehindHalfFrames
        skips += other.skips
        heldRequests += other.heldRequests
        late += other.late
    }

    /// The names of those that never happened.
    var missing: [String] {
        let all: [(String, Int)] = [
            ("a short send of an answer", shortAnswers), ("of a file", shortFiles),
            ("of a frame", shortFrames),
            ("of a block", shortBlocks), ("of the rest of a tag", shortRestsOfTags),
            ("of the timeline", shortTimelines), ("a socket that takes nothing", refusals),
            ("a close while something is queued", closesWhileQueued), ("a skip", skips),
            ("a skip behind half a frame", skipsBehindHalfFrames),
            ("a request that waits for an answer", heldRequests),
            ("a late completion", Int(clamping: late)),
        ]
        return all.filter { $0.1 == 0 }.map(\.0)
    }
}

extension Simulation {
    /// Looks after a turn what a connection's queue has come to.
    func note(_ slot: Int, _ viewer: Viewer) {
        let isQueued = viewer.outbound >= 0
        if queued[slot] == viewer.generation &- 1, viewer.state == .closing {
            road.closesWhileQueued += 1
        }
        queued[slot] = isQueued ? viewer.generation : nil
        guard viewer.flags.contains(.polling) else { return }
        guard isQueued else {
            if viewer.cursor > viewer.sendStart { road.shortTimelines += 1 }
            if viewer.cursor == viewer.sendStart { road.refusals += 1 }
            return
        }
        let hasBegun = core.outbound.hasBegun(viewer.outbound)
        if core.outbound.isSkipping(viewer.outbound) {
            road.skips += 1
            if hasBegun, case .frame = core.outbound.first(viewer.outbound) {
                road.skipsBehindHalfFrames += 1
            }
        }
        if viewer.flags.contains(.hasRequests) { road.heldRequests += 1 }
        switch core.outbound.first(viewer.outbound) {
        case .bytes(let bytes, let isShared):
            if hasBegun { road.shortAnswers += 1 }
            if hasBegun, isShared, bytes.count > FilePlan.byteCountMin { road.shortFiles += 1 }
        case .frame: if hasBegun { road.shortFrames += 1 }
        case .block: if hasBegun { road.shortBlocks += 1 }
        case .tags: if viewer.cursor > viewer.sendStart { road.shortRestsOfTags += 1 }
        case .skip, nil: break
        }
    }
}
