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

/// Appends to its programme whenever its time has come, and keeps the truth about it.
final class SimulatedFeed {
    let plan: FeedPlan
    private let programs: Programs
    private let truths: Truths
    private var random: SeededRandom
    private var publication: Publication?
    private(set) var truth: Truth?
    private var nextNs: Int64
    private var framesLeft = 0
    private var inputMs: UInt32 = 0
    private var inputNs: Int64 = 0
    private var videoHeader: [UInt8]?
    private var audioHeader: [UInt8]?
    /// Whether this publication has shown any video: its audio is then no place to begin at.
    private var hasShownVideo = false
    private(set) var failure: String?
    private(set) var heldUpCount = 0

    init(plan: FeedPlan, programs: Programs, truths: Truths, random: SeededRandom) {
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
        guard let truth, programs.program(named: plan.name) !== truth.program else { return }
        truth.endedNs = nowNs
        self.truth = nil
        videoHeader = nil
        audioHeader = nil
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
        if plan.hasVideo { appendFrame(nowNs) }
        if plan.hasAudio {
            for _ in 0...random.below(2) { appendAudio(nowNs) }
        }
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
        if truth?.program !== publication.program {
            let truth = Truth(program: publication.program)
            truths.add(truth)
            self.truth = truth
            videoHeader = nil
            audioHeader = nil
        }
        inputMs = UInt32(truncatingIfNeeded: random.next())
        inputNs = nowNs
        framesLeft = random.below(plan.framesPerGOP)
        hasShownVideo = false
        sendHeaders(nowNs)
    }

    private func sendHeaders(_ nowNs: Int64) {
        if plan.hasVideo {
            if videoHeader == nil || random.chance(50) {
                videoHeader =
                    EncoderHeaders.avc + filler(truths.newId(), random.within(4...60))
            }
            hasShownVideo = true
            append(.video, videoHeader ?? [], isFrame: false, isJoinPoint: false, nowNs: nowNs)
        }
        if plan.hasAudio {
            if audioHeader == nil || random.chance(50) {
                audioHeader =
                    EncoderHeaders.aac + filler(truths.newId(), random.within(0...20))
            }
            append(.audio, audioHeader ?? [], isFrame: false, isJoinPoint: false, nowNs: nowNs)
        }
    }

    private func appendFrame(_ nowNs: Int64) {
        let isKeyframe = framesLeft == 0
        if isKeyframe {
            framesLeft = plan.framesPerGOP
            if random.chance(5) { sendHeaders(nowNs) }
        }
        framesLeft -= 1
        hasShownVideo = true
        let id = truths.newId()
        let byteCountMax =
            nowNs < plan.calmsNs ? plan.frameByteCountMax : min(400, plan.frameByteCountMax)
        let byteCount = random.below(isKeyframe ? byteCountMax : 1 + byteCountMax / 4)
        let body = [isKeyframe ? 0x17 : 0x27, 1, 0, 0, 0] + filler(id, byteCount)
        if append(.video, body, isFrame: true, isJoinPoint: isKeyframe, nowNs: nowNs),
            let truth
        {
            truths.placed(id, in: truth)
        }
    }

    private func appendAudio(_ nowNs: Int64) {
        let id = truths.newId()
        let body = [0xAF, 1] + filler(id, random.below(1 + plan.frameByteCountMax / 20))
        if append(.audio, body, isFrame: true, isJoinPoint: !hasShownVideo, nowNs: nowNs),
            let truth
        {
            truths.placed(id, in: truth)
        }
    }

    /// The number twice, and in between what tells one body from another.
    private func filler(_ id: UInt64, _ byteCount: Int) -> [UInt8] {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: id >> (56 - 8 * $0)) }
        return number + [UInt8](repeating: number[7] ^ number[6], count: byteCount) + number
    }

    /// - Returns: whether the tag is in the timeline.
    @discardableResult
    private func append(
        _ type: FLVTagType, _ body: [UInt8], isFrame: Bool, isJoinPoint: Bool, nowNs: Int64
    ) -> Bool {
        guard let publication, let truth else { return false }
        let before = truth.head
        do {
            try publication.append(
                type, timestampMs: inputMs, body: body.span.bytes, arrivalMs: nowNs / 1_000_000)
        } catch .heldUp {
            // The ingest ends such a publisher, and it comes again.
            heldUpCount += 1
            publication.end(nowMs: nowNs / 1_000_000)
            self.publication = nil
            videoHeader = nil
            audioHeader = nil
            nextNs = nowNs + 20_000_000
            return false
        } catch {
            failure = "a tag was refused: \(error)"
            return false
        }
        failure =
            truth.record(
                type, body: body, isFrame: isFrame, isJoinPoint: isJoinPoint,
                videoHeader: videoHeader, audioHeader: audioHeader, nowNs: nowNs) ?? failure
        return truth.head > before
    }
}
