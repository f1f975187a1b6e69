// What the audience is told: in the stream, and in the state that anybody can ask for.

import AudienceProtocol
import Broadcast
import FLV
import Ledger
import Trivia

extension DeskCore {
    /// Publishes how a show stands: in its stream what isn't said there yet, and as its state.
    mutating func publishCue(_ slot: Int) {
        let (show, stream) = (shows.slots[slot].show, shows.slots[slot].stream)
        guard let cue = show.cue else { return }
        let nowNs = clock.nowNs
        var published = PublishedCue(cue: cue, isPaused: show.isPaused, atNs: nowNs)
        published.playerCount = show.tally.players
        if let view = stage.view(of: stream) {
            published.programme = view.programme
            if let former = shows.slots[slot].told, former.says(published),
                let place = former.place
            {
                published.place = place
            } else {
                let text = CueText.cue(cue, show: show, ptsMs: view.ptsMs, nowNs: nowNs)
                do throws(CueRefusal) {
                    published.place = try insert(text, isPaused: show.isPaused, into: stream)
                } catch {
                    published.retryAtNs =
                        nowNs + (error == .heldUp ? 0 : GameLimits.retellMs * 1_000_000)
                }
            }
        }
        assert(published.canFollow(shows.slots[slot].told), "cues only go forward in a programme")
        shows.slots[slot].told = published
        if case .question = cue, case .question(let number) = show.stage,
            shows.slots[slot].questionOn != number
        {
            shows.slots[slot].questionOn = number
            shows.slots[slot].questionName = show.question(number).flatMap {
                QuestionName($0.question.id)
            }
        }
        setState(cue, show, stream, published.place)
    }

    /// Tells the audience of a show that was taken away that nothing more comes. Where it was over
    /// before, it was told, and may be another show's by now.
    mutating func publishEnd(of slot: Int) {
        guard shows.slots[slot].isOn else { return }
        let (show, stream) = (shows.slots[slot].show, shows.slots[slot].stream)
        var place: CuePlace?
        if let view = stage.view(of: stream) {
            let cue = CueText.cue(.over, show: show, ptsMs: view.ptsMs, nowNs: clock.nowNs)
            // Whoever comes later asks for a show that isn't there.
            place = try? insert(cue, isPaused: false, into: stream)
        }
        setState(.over, show, stream, place)
    }

    mutating func insert(
        _ cue: Cue, isPaused: Bool, into stream: String
    ) throws(CueRefusal) -> CuePlace? {
        var cue = cue
        if isPaused { cue.properties.append(AMF0Property(.paused, .boolean(true))) }
        do throws(CueRefusal) {
            return try stage.insert(cue, into: stream, nowNs: clock.monotonicNs)
        } catch {
            health.cueRefusalCount += 1
            throw error
        }
    }

    /// What whoever asks is told from now on.
    private mutating func setState(
        _ cue: ShowCue, _ show: Show, _ stream: String, _ place: CuePlace?
    ) {
        var properties = CueText.properties(cue, show: show, ptsMs: nil, nowNs: clock.nowNs)
        if let place {
            properties.append(AMF0Property(.seq, .number(Double(place.seq))))
            properties.append(AMF0Property(.pts, .number(Double(place.ptsMs))))
        }
        let tally = show.tally
        if !properties.contains(where: { $0.name == CueField.players.rawValue }) {
            properties.append(AMF0Property(.players, .number(Double(tally.players))))
        }
        if !properties.contains(where: { $0.name == CueField.survivors.rawValue }) {
            properties.append(AMF0Property(.survivors, .number(Double(tally.survivors))))
        }
        properties.append(AMF0Property(.paused, .boolean(show.isPaused)))
        var bytes: [UInt8] = []
        ScriptJSON.append(properties, to: &bytes)
        // Above all versions of before a restart, too: pages keep what they have by its version.
        stateVersion = max(stateVersion + 1, UInt64(max(0, clock.wallMs)))
        let text = StateText(version: stateVersion, bytes: bytes)
        states.set(text, of: stream, isOver: cue == .over)
        hasNews = true
    }
}
