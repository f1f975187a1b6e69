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
    /// Of TLS: sends cut in mid-record, skips and ends then, and ends at a record's end.
    var recordsInFlight = 0
    var skipsInRecord = 0
    var endsInRecord = 0
    var closeNotifies = 0
    /// Changes of our keys, asked for and by ourselves, and such messages that were cut.
    var keyUpdates = 0
    var spentKeys = 0
    var shortKeyUpdates = 0
    /// Records told again, alerts of ours, and clients who sent what is no record.
    var retold: UInt64 = 0
    var alerts = 0
    /// Of those that the kernel seals for: short sends, and orderly ends.
    var kernelShortSends = 0
    var kernelCloseNotifies = 0

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
        recordsInFlight += other.recordsInFlight
        skipsInRecord += other.skipsInRecord
        endsInRecord += other.endsInRecord
        closeNotifies += other.closeNotifies
        keyUpdates += other.keyUpdates
        spentKeys += other.spentKeys
        shortKeyUpdates += other.shortKeyUpdates
        retold += other.retold
        alerts += other.alerts
        kernelShortSends += other.kernelShortSends
        kernelCloseNotifies += other.kernelCloseNotifies
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
            ("a short send in mid-record", recordsInFlight),
            ("a skip in mid-record", skipsInRecord),
            ("an end in mid-record", endsInRecord), ("a close_notify", closeNotifies),
            ("a change of keys that was asked for", keyUpdates),
            ("a change of keys that were spent", spentKeys),
            ("a short send of a KeyUpdate", shortKeyUpdates),
            ("a record told again", Int(clamping: retold)), ("an alert", alerts),
            ("a short send of what the kernel seals", kernelShortSends),
            ("a close_notify that the kernel seals", kernelCloseNotifies),
        ]
        return all.filter { $0.1 == 0 }.map(\.0)
    }
}

extension Simulation {
    /// Looks after a turn what has become of a connection's records.
    func noteRecords(_ slot: Int, _ viewer: Viewer) {
        guard let index = viewer.sealed else { return }
        let flight = core.sealed[index].flight
        if viewer.state == .closing, flight == .data { road.endsInRecord += 1 }
        guard viewer.flags.contains(.polling) else { return }
        if viewer.flags.areSealedByKernel { road.kernelShortSends += 1 }
        if flight == .keyUpdate { road.shortKeyUpdates += 1 }
        guard flight == .data else { return }
        road.recordsInFlight += 1
        if viewer.outbound >= 0, core.outbound.isSkipping(viewer.outbound) {
            road.skipsInRecord += 1
        }
    }

    /// Looks at the end how a connection's TLS ended.
    func noteEnd(of client: FakeConnection) {
        guard let tls = client.tls else { return }
        if tls.isClosed { road.closeNotifies += 1 }
        if tls.isClosed, client.kernelTLS != nil { road.kernelCloseNotifies += 1 }
        if tls.alert != nil { road.alerts += 1 }
        if tls.askedCount > 0 { road.keyUpdates += tls.keyUpdateCount }
        if tls.askedCount == 0 { road.spentKeys += tls.keyUpdateCount }
        if tls.keyUpdateCount > tls.askedCount + 1 {
            fail("client \(client.id) got more keys than it asked for")
        }
    }

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
