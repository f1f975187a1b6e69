// Where one publication's timestamps lie on the programme clock.

/// Rebases a publisher's timestamps, whatever they count from and however fast they run.
///
/// Each track is judged against itself, so tracks that are interleaved seconds apart keep their
/// distance, and a jump of the publisher's clock is one jump: the track that jumps second follows
/// the first. Media that parts from the wall clock is put right for both tracks at once, so that
/// sound and picture stay together.
struct SourceClock {
    /// One track's time.
    private struct TrackTime {
        var hasBegun = false
        /// The newest timestamp, as it came and without its wraps.
        var input: UInt32 = 0
        var mediaMs: Int64 = 0
        /// What makes programme time of it.
        var offsetMs: Int64 = 0
        /// Which anchor the offset is from: a greater number is a newer one.
        var anchor = 0
        var arrivalMs: Int64 = 0
        /// How far it is behind the other track while both come: interleaving, no fault of the clock.
        var behindMs: Int64 = 0

        var placeMs: Int64 { mediaMs + offsetMs }

        /// A timestamp near this track's newest one, without its wraps.
        func unwrapped(_ input: UInt32) -> Int64 {
            mediaMs + Int64(Int32(bitPattern: input &- self.input))
        }
    }

    /// How early the earliest tag of a stretch of time came.
    private struct Window {
        var startMs: Int64
        var firstLeadMs: Int64
        var bestLeadMs: Int64
        var worstLeadMs: Int64
        /// The longest time in which nothing came.
        var gapMsMax: Int64 = 0
    }

    private var tracks: [2 of TrackTime] = [TrackTime(), TrackTime()]
    private var anchorCount = 0
    private var window: Window?
    private var comparedMs: Int64 = 0
    /// How early media may be by now that is being slowed down; nil where it isn't.
    private var easedMs: Int64?
    /// How often timestamps jumped and were put right.
    private(set) var jumpCount = 0
    /// How far the publisher's clock has run ahead of the wall clock and was put right, ms;
    /// negative for one that is slow or was stopped.
    private(set) var driftMs: Int64 = 0
    /// By how much it was put right in all, in either direction, ms.
    private(set) var correctedMs: Int64 = 0

    /// The programme time that a tag asks for, ms.
    ///
    /// - Parameters:
    ///   - nowMs: what time it is in the programme.
    ///   - resumeMs: where a publisher goes on whose timestamps say nothing.
    mutating func place(
        _ track: ProgrammeClock.Track, inputMs: UInt32, arrivalMs: Int64, nowMs: Int64,
        resumeMs: Int64
    ) -> Int64 {
        let own = track.rawValue
        let other = 1 - own
        move(own, other, inputMs: inputMs, arrivalMs: arrivalMs, nowMs: nowMs, resumeMs: resumeMs)
        tracks[own].input = inputMs
        tracks[own].arrivalMs = arrivalMs
        let isApart =
            tracks[other].hasBegun
            && tracks[other].placeMs - tracks[own].placeMs > BroadcastLimits.trackDistanceMsMax
        if isApart {
            jumpCount += 1
            anchor(own, inputMs: inputMs, at: resumeMs)
        }
        let behindMs = tracks[other].placeMs - tracks[own].placeMs
        if tracks[other].hasBegun,
            arrivalMs - tracks[other].arrivalMs < BroadcastLimits.clockWindowMs
        {
            tracks[own].behindMs = max(0, behindMs)
        }
        compare(
            leadMs: tracks[own].placeMs - nowMs, behindMs: tracks[own].behindMs,
            arrivalMs: arrivalMs)
        return tracks[own].placeMs
    }

    /// The publisher's own time of a track's newest tag, without wraps, ms.
    func mediaMs(_ track: ProgrammeClock.Track) -> Int64 { tracks[track.rawValue].mediaMs }

    // MARK: Anchors

    private mutating func move(
        _ own: Int, _ other: Int, inputMs: UInt32, arrivalMs: Int64, nowMs: Int64, resumeMs: Int64
    ) {
        guard tracks[own].hasBegun else {
            tracks[own].hasBegun = true
            if !follows(own, other, inputMs: inputMs, nowMs: nowMs) {
                anchor(own, inputMs: inputMs, at: resumeMs)
            }
            return
        }
        let stepMs = Int64(Int32(bitPattern: inputMs &- tracks[own].input))
        let elapsedMs = max(0, arrivalMs - tracks[own].arrivalMs)
        let otherIsNewer = tracks[other].hasBegun && tracks[other].anchor > tracks[own].anchor
        if stepMs > elapsedMs + BroadcastLimits.timestampAheadMsMax
            || stepMs < -BroadcastLimits.timestampBackMsMax
        {
            if otherIsNewer, follows(own, other, inputMs: inputMs, nowMs: nowMs) { return }
            jumpCount += 1
            // Where the other track is far ahead, it stays so: going on in its place would add the
            // distance once more with every jump.
            let isFarAhead = resumeMs - nowMs > BroadcastLimits.clockDistanceMsMax
            anchor(
                own, inputMs: inputMs,
                at: isFarAhead ? min(resumeMs, max(nowMs, tracks[own].placeMs)) : resumeMs)
            return
        }
        tracks[own].mediaMs += stepMs
        guard otherIsNewer else { return }
        // After a jump of the other track: did this one, which was away, jump along?
        let along = tracks[other].unwrapped(inputMs) + tracks[other].offsetMs
        if abs(along - nowMs) < abs(tracks[own].placeMs - nowMs) { join(own, other, inputMs) }
    }

    /// Takes over the other track's anchor, if the timestamp makes sense by it.
    private mutating func follows(
        _ own: Int, _ other: Int, inputMs: UInt32, nowMs: Int64
    ) -> Bool {
        guard tracks[other].hasBegun else { return false }
        let placeMs = tracks[other].unwrapped(inputMs) + tracks[other].offsetMs
        // The other may be late itself after a stall, or early in a burst.
        let (earlierMs, laterMs) = (
            min(nowMs, tracks[other].placeMs), max(nowMs, tracks[other].placeMs)
        )
        guard placeMs >= earlierMs - BroadcastLimits.trackDistanceMsMax,
            placeMs <= laterMs + BroadcastLimits.trackDistanceMsMax
        else { return false }
        join(own, other, inputMs)
        return true
    }

    private mutating func join(_ own: Int, _ other: Int, _ inputMs: UInt32) {
        tracks[own].mediaMs = tracks[other].unwrapped(inputMs)
        tracks[own].offsetMs = tracks[other].offsetMs
        tracks[own].anchor = tracks[other].anchor
    }

    private mutating func anchor(_ own: Int, inputMs: UInt32, at placeMs: Int64) {
        anchorCount += 1
        tracks[own].anchor = anchorCount
        tracks[own].mediaMs = Int64(inputMs)
        tracks[own].offsetMs = placeMs - Int64(inputMs)
        window = nil
        easedMs = nil
    }

    // MARK: The wall clock

    /// Compares the time a tag asks for with the time it is.
    ///
    /// A burst may be what was held up, or an encoder's buffer, and keeps its times as long as it
    /// isn't endless. What comes steadily and is early, or late without catching up, has another
    /// clock than ours, or was stopped. A late publisher goes on after a gap; an early one is
    /// slowed down until it is in time again.
    ///
    /// Slowed down means to half its speed. So a burst at the beginning (a relay's GOP, an encoder's
    /// buffer) that steady media follows is put right over twice its length: players have the burst
    /// and play on from it meanwhile, so none of them runs dry before it is in time, which it would
    /// if the time were made up for at once. The price is that pictures pass at double speed for that
    /// time. Bursts up to `clockDistanceMsMax` are left alone.
    private mutating func compare(leadMs rawLeadMs: Int64, behindMs: Int64, arrivalMs: Int64) {
        let gapMs = max(0, arrivalMs - comparedMs)
        comparedMs = arrivalMs
        if rawLeadMs > BroadcastLimits.burstMsMax {
            shift(byMs: BroadcastLimits.burstMsMax - rawLeadMs)
            window = nil
            return
        }
        let leadMs = rawLeadMs + behindMs
        if let easedMs {
            let wantedMs = max(0, easedMs - gapMs / 2)
            if leadMs > wantedMs { shift(byMs: wantedMs - leadMs) }
            self.easedMs = wantedMs > 0 ? wantedMs : nil
            window = nil
            return
        }
        guard var window, arrivalMs - window.startMs < BroadcastLimits.clockWindowMs else {
            judge(leadMs: leadMs, gapMs: gapMs, arrivalMs: arrivalMs)
            self.window = Window(
                startMs: arrivalMs, firstLeadMs: leadMs, bestLeadMs: leadMs, worstLeadMs: leadMs)
            return
        }
        window.bestLeadMs = max(window.bestLeadMs, leadMs)
        window.worstLeadMs = min(window.worstLeadMs, leadMs)
        window.gapMsMax = max(window.gapMsMax, gapMs)
        self.window = window
    }

    /// Looks at a stretch of time that is over.
    private mutating func judge(leadMs: Int64, gapMs: Int64, arrivalMs: Int64) {
        guard let window else { return }
        let limitMs = BroadcastLimits.clockDistanceMsMax
        let elapsedMs = arrivalMs - window.startMs
        let changeMs = window.bestLeadMs - window.worstLeadMs
        let isSteady =
            max(window.gapMsMax, gapMs) <= BroadcastLimits.steadyGapMsMax
            && changeMs <= elapsedMs * 3 / 5
        // A tag after a silence begins a stretch of its own: what is behind it isn't known yet.
        let isCatchingUp = max(window.bestLeadMs, leadMs) - window.firstLeadMs > elapsedMs / 5
        if window.worstLeadMs > limitMs, leadMs > limitMs, isSteady {
            easedMs = leadMs
        } else if window.bestLeadMs < -limitMs, leadMs < -limitMs, !isCatchingUp {
            shift(byMs: -max(window.bestLeadMs, leadMs))
        }
    }

    private mutating func shift(byMs shiftMs: Int64) {
        for track in tracks.indices { tracks[track].offsetMs += shiftMs }
        driftMs -= shiftMs
        correctedMs += abs(shiftMs)
    }
}
