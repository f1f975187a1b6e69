// How long a cue takes from its insertion to the last viewer's socket.

import Broadcast
import IORing

/// A channel's newest cue, on its way to this shard's viewers.
struct CueWatch {
    var version: UInt64 = 0
    /// Nil when everyone has it.
    var pending: CuePlace?
    /// The newest question, and the cohorts of whose players all have it, one bit each.
    var question: CuePlace?
    var askedCohorts: UInt16 = 0
}

extension ShardCore where Kernel: ~Copyable {
    /// Notes the cues that have come since the last look.
    mutating func noticeCues() {
        for index in channels.indices {
            guard let program = channels[index].programme else { continue }
            let version = program.cueVersion.load(ordering: .acquiring)
            guard version != channels[index].cues.version else { continue }
            channels[index].cues.version = version
            let framing = Channel.framing(of: index)
            if framing == .plain { channels[index].cues.pending = program.latestCue }
            let question = program.latestQuestion(framing)
            guard question?.seq != channels[index].cues.question?.seq else { continue }
            channels[index].cues.question = question
            channels[index].cues.askedCohorts = 0
        }
    }

    /// Sends a new state to everyone at once, whatever cohort they are in: a question shouldn't
    /// reach some half a second after others. It costs a send a viewer, so not for what is said
    /// in passing, and at most once a second. The cohorts keep their times.
    mutating func hurryCues(nowNs: Int64) throws(RingError) {
        guard nowNs >= hurryDueNs else { return }
        for index in channels.indices {
            guard let cue = channels[index].cues.pending, cue.isKept else { continue }
            hurryDueNs = nowNs + DeliverySettings.hurryIntervalNs
            for cohort in 0..<DeliverySettings.cohortCount
            where channels[index].visitedHeads[cohort] < cue.endPosition {
                try visit(cohort: cohort)
            }
        }
    }

    /// After a turn: which cues have now been offered to every socket. Viewers that lag behind
    /// are left out: theirs wait for them in the timeline.
    mutating func finishCues(nowNs: Int64) {
        for index in channels.indices {
            guard let cue = channels[index].cues.pending else { continue }
            let isDone = (0..<DeliverySettings.cohortCount).allSatisfy { cohort in
                channels[index].visitedHeads[cohort] >= cue.endPosition
            }
            guard isDone else { continue }
            channels[index].cues.pending = nil
            counters.cueCount += 1
            counters.cueHandoverNsLast = max(0, nowNs - cue.insertedNs)
            counters.cueHandoverNsMax = max(counters.cueHandoverNsMax, counters.cueHandoverNsLast)
        }
    }
}
