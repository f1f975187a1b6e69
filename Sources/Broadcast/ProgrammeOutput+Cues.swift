// Cues among a programme's tags: inserted, kept for those who come, said again at keyframes.

extension ProgrammeOutput {
    /// Writes a cue behind the newest tag.
    mutating func insert(_ cue: Cue, nowNs: Int64) throws(CueRefusal) -> CuePlace {
        let ptsMs = latestMs
        let seq = cues.latestSeq + 1
        let body = try cue.body(seq: seq, ptsMs: ptsMs)
        guard makeRoom(bodyByteCount: body.count) else { throw .heldUp }
        var isKept = false
        if case .state(let key, let isRepeated, _) = cue.keeping {
            try cues.checkRoom(key: key, byteCount: body.count)
            cues.keep(key: key, seq: seq, body: body, isRepeated: isRepeated, atMs: ptsMs)
            forgetStarts()
            isKept = true
        }
        // Nobody watches yet: without a place in the timeline the number is spent on states only.
        guard hasStarted || isKept else { throw .nothingShown(isKept: false) }
        cues.advance()
        let positions = timelines.map(\.timeline.head)
        if hasStarted { write(.script, ptsMs, body) }
        let places = positions.enumerated().map { index, position in
            CuePlace(
                seq: seq, ptsMs: ptsMs, position: position,
                endPosition: timelines[index].timeline.head, isKept: isKept, insertedNs: nowNs,
                question: cue.question)
        }
        for (index, place) in places.enumerated() {
            if hasStarted, !cue.isQuiet { timelines[index].latestCue = place }
            if cue.question != nil { timelines[index].latestQuestion = place }
        }
        guard hasStarted else {
            // Those who come get it with what comes first, and have then been asked.
            if cue.question != nil { noteCuesChanged() }
            throw .nothingShown(isKept: true)
        }
        // What is quiet goes as the media go: nobody looks for it, and it hurries nobody.
        if !cue.isQuiet { noteCuesChanged() }
        if isKept { noteStartsMoved() }
        return places[0]
    }

    /// Takes a state down and says so to those who watch; nobody who comes from now on is told.
    ///
    /// - Parameter farewell: what is said of the state of this number.
    /// - Returns: that number; nil if there was none.
    mutating func takeDown(
        key: String, nowNs: Int64, publishing farewell: (UInt64) -> Cue
    ) throws(CueRefusal) -> UInt64? {
        guard let seq = cues.seq(key: key) else { return nil }
        if hasStarted {
            let cue = farewell(seq)
            try cue.check()
            _ = try insert(cue, nowNs: nowNs)
        }
        cues.clear(key: key)
        forgetStarts()
        noteStartsMoved()
        noteCuesChanged()
        return seq
    }

    /// Says again what is due, right before a join point: who begins there has it from the
    /// preamble.
    ///
    /// - Parameters:
    ///   - ms: the join point's programme time.
    ///   - previousMs: that of the newest tag before it.
    mutating func repeatCues(joinPointAt ms: UInt32, after previousMs: UInt32) {
        guard hasStarted else { return }
        for body in cues.takeDue(atMs: ms) { write(.script, previousMs, body) }
    }
}
