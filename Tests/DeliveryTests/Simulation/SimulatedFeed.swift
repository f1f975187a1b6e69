// A publisher under a seed: frames of all sizes, new headers, absences, timestamps that jump.

import FLV
import TestSupport

@testable import Broadcast

/// How a feed of a run behaves.
struct FeedPlan {
    var name: String
    var hasVideo: Bool
    var hasAudio: Bool
    var frameIntervalNs: Int64
    var framesPerGOP: Int
    var frameByteCountMax: Int
    /// Out of 1000 frames, so many are followed by the publisher's leaving.
    var leavePerMille: Int
    /// How long it stays away at most, ms.
    var awayMsMax: Int
    /// From when on there is little to see.
    var calmsNs = Int64.max
    /// What is odd about its tracks.
    var traits = FeedTraits()

    init(name: String, isLarge: Bool, random: inout SeededRandom) {
        self.name = name
        hasVideo = random.chance(85)
        hasAudio = !hasVideo || random.chance(80)
        frameIntervalNs = Int64(random.within(8...60)) * 1_000_000
        framesPerGOP = random.within(1...15)
        frameByteCountMax = isLarge ? random.within(20_000...200_000) : random.within(40...9_000)
        leavePerMille = random.chance(50) ? 0 : random.within(1...20)
        awayMsMax = random.within(50...4_000)
    }
}

extension FeedPlan {
    /// Takes traits, and what it needs to have them.
    mutating func adopt(_ traits: FeedTraits) {
        self.traits = traits
        if traits.hasAbsence {
            (hasVideo, hasAudio) = (true, true)
            leavePerMille = 0
        } else if traits.changesTracks {
            leavePerMille = max(leavePerMille, 20)
            awayMsMax = min(awayMsMax, 400)
        }
    }
}

/// Appends to its programme whenever its time has come, and keeps the truth about it.
final class SimulatedFeed {
    let plan: FeedPlan
    private let programs: Programmes
    private let truths: Truths
    private var random: SeededRandom
    private var publication: Publication?
    private(set) var truth: Truth?
    private var nextNs: Int64
    private var framesLeft = 0
    private var inputMs: UInt32 = 0
    private var inputNs: Int64 = 0
    private var beganNs: Int64 = 0
    private var video = SentTrack()
    private var audio = SentTrack()
    /// The tracks of the publication before.
    private var tracksBefore: (video: Bool, audio: Bool)?
    private(set) var tally = FeedTally()
    private(set) var failure: String?
    private(set) var heldUpCount = 0

    init(plan: FeedPlan, programs: Programmes, truths: Truths, random: SeededRandom) {
        self.plan = plan
        self.programs = programs
        self.truths = truths
        self.random = random
        nextNs = 0
        nextNs = Int64(self.random.below(300)) * 1_000_000
    }

    /// Everything up to now.
    func advance(toNs: Int64) {
        while nextNs <= toNs, failure == nil { step(nowNs: nextNs) }
    }

    /// Something at once, on the publisher's own thread.
    func burst(nowNs: Int64) {
        for _ in 0..<random.pick([1, 1, 4, 12]) where publication != nil && failure == nil {
            step(nowNs: nowNs)
        }
    }

    /// Bursts are over: goes on from now, not when the time has come up with all they ran ahead.
    func forgetBursts(nowNs: Int64) {
        guard publication != nil else { return }
        nextNs = min(nextNs, nowNs + plan.frameIntervalNs)
    }

    /// The appliance found the programme's publisher gone for too long.
    func noticeEnd(nowNs: Int64) {
        guard let truth, programs.programme(named: plan.name) !== truth.program else { return }
        truth.endedNs = nowNs
        self.truth = nil
        forgetHeaders()
    }

    private func step(nowNs: Int64) {
        nextNs = max(nextNs, nowNs) + plan.frameIntervalNs
        guard let publication else { return begin(nowNs: nowNs) }
        if random.below(1_000) < plan.leavePerMille {
            publication.end(nowMs: nowNs / 1_000_000)
            self.publication = nil
            nextNs = nowNs + Int64(random.below(plan.awayMsMax)) * 1_000_000
            return
        }
        inputMs &+= UInt32((nowNs - inputNs) / 1_000_000)
        inputNs = nowNs
        if random.chance(1) { inputMs &+= UInt32(truncatingIfNeeded: random.next()) }
        let sinceMs = Int((nowNs - beganNs) / 1_000_000)
        if video.plan.isMade(sinceMs) { video.onTheWay.append((due(video, nowNs), inputMs)) }
        if audio.plan.isMade(sinceMs) {
            for _ in 0...random.below(2) { audio.onTheWay.append((due(audio, nowNs), inputMs)) }
        }
        while let atMs = video.takeArrived(nowNs) { appendFrame(atMs, nowNs) }
        while let atMs = audio.takeArrived(nowNs) { appendAudio(atMs, nowNs) }
    }

    private func due(_ track: SentTrack, _ nowNs: Int64) -> Int64 {
        nowNs + Int64(track.plan.delayMs) * 1_000_000
    }

    private func forgetHeaders() {
        video.lastHeader = nil
        audio.lastHeader = nil
        video.begin(video.plan)
        audio.begin(audio.plan)
    }

    private func begin(nowNs: Int64) {
        let publisher = Publisher(address: "simulated")
        guard
            let publication = try? programs.publish(
                name: plan.name, publisher: publisher, nowMs: nowNs / 1_000_000)
        else {
            failure = "the publisher was refused"
            return
        }
        self.publication = publication
        if truth?.program !== publication.programme {
            let truth = Truth(program: publication.programme)
            truth.clockDistanceMsMax = plan.traits.clockDistanceMsMax
            truths.add(truth)
            self.truth = truth
            forgetHeaders()
        }
        truth?.beginPublication()
        inputMs = UInt32(truncatingIfNeeded: random.next())
        inputNs = nowNs
        beganNs = nowNs
        framesLeft = random.below(plan.framesPerGOP)
        let tracks = plan.traits.tracks(
            hasVideo: plan.hasVideo, hasAudio: plan.hasAudio, random: &random)
        video.begin(tracks.video)
        audio.begin(tracks.audio)
        if let before = tracksBefore,
            before != (tracks.video.isSent, tracks.audio.isSent)
        {
            tally.changeCount += 1
        }
        tracksBefore = (tracks.video.isSent, tracks.audio.isSent)
        // Some send a track's header long before its first frame.
        let isEarly = random.chance(50)
        if video.plan.isSent, isEarly || video.plan.beginsMs == 0 { sendVideoHeader(nowNs) }
        if audio.plan.isSent, isEarly || audio.plan.beginsMs == 0 { sendAudioHeader(nowNs) }
    }

    private func sendVideoHeader(_ nowNs: Int64) {
        if video.lastHeader == nil || random.chance(50) {
            video.lastHeader = EncoderHeaders.avc + filler(truths.newId(), random.within(4...60))
        }
        video.header = video.lastHeader
        append(
            .video, video.header ?? [], at: inputMs &+ video.shiftMs, isFrame: false,
            isJoinPoint: false, nowNs: nowNs)
    }

    private func sendAudioHeader(_ nowNs: Int64) {
        if audio.lastHeader == nil || random.chance(50) {
            audio.lastHeader = EncoderHeaders.aac + filler(truths.newId(), random.within(0...20))
        }
        audio.header = audio.lastHeader
        truth?.soundHeaderCame(audio.header)
        append(
            .audio, audio.header ?? [], at: inputMs &+ audio.shiftMs, isFrame: false,
            isJoinPoint: false, nowNs: nowNs)
    }

    /// Whether nothing of a track was written for so long that it counts as gone.
    private func isGone(_ track: SentTrack, _ nowNs: Int64) -> Bool {
        let silentMs = nowNs / 1_000_000 - (track.writtenNs ?? beganNs) / 1_000_000
        return silentMs >= programs.limits.trackSilenceMs
    }

    /// The first frame of a track, or the first one after an absence, is to be appended.
    private func prepare(
        _ track: inout SentTrack, _ atMs: UInt32, otherHasCome: Bool, _ nowNs: Int64
    ) {
        guard track.writtenNs == nil else {
            if isGone(track, nowNs) { tally.returnCount += 1 }
            return
        }
        if track.plan.beginsMs > 0, otherHasCome { tally.lateTrackCount += 1 }
        guard plan.traits.countsApart, track.shiftMs == 0 else { return }
        track.shiftMs = 0 &- atMs
        if otherHasCome {
            tally.ownZeroCount += 1
            if random.chance(50) { track.shiftMs = UInt32(truncatingIfNeeded: random.next()) }
        }
    }

    private func appendFrame(_ atMs: UInt32, _ nowNs: Int64) {
        guard publication != nil else { return }
        let wasGone = video.writtenNs != nil && isGone(video, nowNs)
        prepare(&video, atMs, otherHasCome: audio.writtenNs != nil, nowNs)
        if wasGone, random.chance(70) { framesLeft = 0 }
        let isKeyframe = framesLeft == 0
        if isKeyframe { framesLeft = plan.framesPerGOP }
        if video.header == nil || isKeyframe && random.chance(5) { sendVideoHeader(nowNs) }
        if isKeyframe, audio.header != nil, random.chance(3) { sendAudioHeader(nowNs) }
        framesLeft -= 1
        let id = truths.newId()
        let byteCountMax =
            nowNs < plan.calmsNs ? plan.frameByteCountMax : min(400, plan.frameByteCountMax)
        let byteCount = random.below(isKeyframe ? byteCountMax : 1 + byteCountMax / 4)
        let body = [isKeyframe ? 0x17 : 0x27, 1, 0, 0, 0] + filler(id, byteCount)
        if append(
            .video, body, at: atMs &+ video.shiftMs, isFrame: true, isJoinPoint: isKeyframe,
            nowNs: nowNs), let truth
        {
            video.writtenNs = nowNs
            if video.plan.delayMs >= 100 { tally.interleavedCount += 1 }
            truths.placed(id, in: truth)
        }
    }

    private func appendAudio(_ atMs: UInt32, _ nowNs: Int64) {
        guard publication != nil else { return }
        let wasGone = audio.writtenNs != nil && isGone(audio, nowNs)
        prepare(&audio, atMs, otherHasCome: video.writtenNs != nil, nowNs)
        if audio.header == nil || wasGone && random.chance(50) { sendAudioHeader(nowNs) }
        truth?.soundHeaderCame(audio.header)
        let id = truths.newId()
        let body = [0xAF, 1] + filler(id, random.below(1 + plan.frameByteCountMax / 20))
        if append(
            .audio, body, at: atMs &+ audio.shiftMs, isFrame: true,
            isJoinPoint: mayBeginWithSound(nowNs), nowNs: nowNs), let truth
        {
            audio.writtenNs = nowNs
            if audio.plan.delayMs >= 100 { tally.interleavedCount += 1 }
            truths.placed(id, in: truth)
        }
    }

    /// Whether there is no picture, or it is gone.
    private func mayBeginWithSound(_ nowNs: Int64) -> Bool {
        guard video.header != nil else { return true }
        if video.writtenNs != nil { return isGone(video, nowNs) }
        return (nowNs - beganNs) / 1_000_000 >= programs.limits.trackWaitMsMax
    }

    /// The number twice, and in between what tells one body from another.
    private func filler(_ id: UInt64, _ byteCount: Int) -> [UInt8] {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: id >> (56 - 8 * $0)) }
        return number + [UInt8](repeating: number[7] ^ number[6], count: byteCount) + number
    }

    /// - Returns: whether the tag is in the timeline.
    @discardableResult
    private func append(
        _ type: FLVTagType, _ body: [UInt8], at timestampMs: UInt32, isFrame: Bool,
        isJoinPoint: Bool, nowNs: Int64
    ) -> Bool {
        guard let publication, let truth else { return false }
        let before = truth.head
        do {
            try publication.append(
                type, timestampMs: timestampMs, body: body.span.bytes, arrivalMs: nowNs / 1_000_000)
        } catch .heldUp {
            // The ingest ends such a publisher, and it comes again.
            heldUpCount += 1
            publication.end(nowMs: nowNs / 1_000_000)
            self.publication = nil
            forgetHeaders()
            nextNs = nowNs + 20_000_000
            return false
        } catch {
            failure = "a tag was refused: \(error)"
            return false
        }
        // Who begins with sound is told nothing of the picture.
        failure =
            truth.record(
                type, body: body, isFrame: isFrame, isJoinPoint: isJoinPoint,
                videoHeader: type == .video ? video.header : nil, audioHeader: audio.header,
                soundMayBeGone: isGone(audio, nowNs), nowNs: nowNs) ?? failure
        return truth.head > before
    }
}
