// What is odd about a simulated feed's tracks: when they come, and how they count their time.

import TestSupport

/// One track of a simulated publication.
struct TrackPlan {
    var isSent = true
    /// How long a frame is on its way, ms: the tracks are interleaved by the difference.
    var delayMs = 0
    /// When it begins, ms after its publication.
    var beginsMs = 0
    /// When nothing of it is made, ms after its publication began.
    var absenceMs: Range<Int>?

    func isMade(_ sinceMs: Int) -> Bool {
        isSent && sinceMs >= beginsMs && absenceMs?.contains(sinceMs) != true
    }
}

/// How the tracks of a feed's publications behave.
struct FeedTraits {
    /// By how much the sound comes after the picture of the same time, ms; negative if before.
    var soundLaterMs = 0
    /// Whether each track counts from a zero of its own.
    var countsApart = false
    /// Whether a track begins later than the other one.
    var beginsApart = false
    /// Whether a track is gone for more than three seconds.
    var hasAbsence = false
    /// Whether publications have other tracks than the one before.
    var changesTracks = false

    init() {}

    init(random: inout SeededRandom) {
        if random.chance(25) {
            soundLaterMs = random.within(100...2_500) * (random.chance(70) ? 1 : -1)
        }
        countsApart = random.chance(50)
        beginsApart = random.chance(30)
        hasAbsence = random.chance(8)
        changesTracks = random.chance(20)
    }

    /// How far programme time may be from the wall clock, ms: what the clock allows, until it is
    /// found out, and by how much the tracks are apart.
    var clockDistanceMsMax: Int64 {
        // Zeros that are near each other can't be told from interleaving.
        let zeroDistanceMs: Int64 = countsApart && beginsApart ? 1_500 : 0
        return 2_000 + Int64(abs(soundLaterMs)) + zeroDistanceMs
    }

    /// The tracks of the next publication.
    func tracks(
        hasVideo: Bool, hasAudio: Bool, random: inout SeededRandom
    ) -> (video: TrackPlan, audio: TrackPlan) {
        var video = TrackPlan(isSent: hasVideo, delayMs: max(0, -soundLaterMs))
        var audio = TrackPlan(isSent: hasAudio, delayMs: max(0, soundLaterMs))
        if changesTracks {
            (video.isSent, audio.isSent) = random.pick([
                (true, true), (true, false), (false, true),
            ])
        }
        guard video.isSent, audio.isSent else {
            (video.delayMs, audio.delayMs) = (0, 0)
            return (video, audio)
        }
        let beginsMs = beginsApart ? random.within(50...1_500) : 0
        let startMs = random.within(100...700)
        let absenceMs = hasAbsence ? startMs..<startMs + random.within(3_050...3_600) : nil
        if random.chance(50) {
            video.beginsMs = beginsMs
            audio.absenceMs = absenceMs
        } else {
            audio.beginsMs = beginsMs
            video.absenceMs = absenceMs
        }
        return (video, audio)
    }
}

/// How often a feed did what is rare.
struct FeedTally {
    /// Frames in the timeline that came 100 ms or more after the other track's of the same time.
    var interleavedCount = 0
    /// Publications whose second track began with a zero of its own.
    var ownZeroCount = 0
    /// Tracks that came later than the other one.
    var lateTrackCount = 0
    /// Tracks that came back after more than three seconds.
    var returnCount = 0
    /// Publications that came without a track that the one before had, or with one more.
    var changeCount = 0

    mutating func add(_ other: FeedTally) {
        interleavedCount += other.interleavedCount
        ownZeroCount += other.ownZeroCount
        lateTrackCount += other.lateTrackCount
        returnCount += other.returnCount
        changeCount += other.changeCount
    }
}

/// One track of the publication on air, as its publisher has it.
struct SentTrack {
    var plan = TrackPlan(isSent: false)
    /// The header in force in this publication.
    var header: [UInt8]?
    /// The header before, of whatever publication.
    var lastHeader: [UInt8]?
    /// What is added to the publisher's time.
    var shiftMs: UInt32 = 0
    /// When a frame of it was written last, ns.
    var writtenNs: Int64?
    /// When it is due and what time it is of: frames that are on their way.
    var onTheWay: [(atNs: Int64, inputMs: UInt32)] = []

    /// Begins with a publication.
    mutating func begin(_ plan: TrackPlan) {
        self.plan = plan
        header = nil
        shiftMs = 0
        writtenNs = nil
        onTheWay = []
    }

    /// The next frame that has arrived.
    mutating func takeArrived(_ nowNs: Int64) -> UInt32? {
        guard let next = onTheWay.first, next.atNs <= nowNs else { return nil }
        onTheWay.removeFirst()
        return next.inputMs
    }
}
