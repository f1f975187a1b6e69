// What the audience is told: in the stream, and in the state that anybody can ask for.

import AudienceProtocol
import Broadcast
import FLV
import Ledger
import TextWire
import Trivia

extension GameDesk {
    /// Tells a show's audience how it stands: in its stream what isn't said there yet, and by its
    /// state.
    func tell(_ slot: Int, _ work: inout DeskWork) {
        let (show, stream, told) = state.withLock {
            ($0.slots[slot].show, $0.slots[slot].stream, $0.slots[slot].told)
        }
        guard let cue = show.cue else { return }
        let nowNs = clock.nowNs
        var telling = Telling(cue: cue, isPaused: show.isPaused, atNs: nowNs)
        telling.playerCount = show.tally.players
        if let view = stage.view(of: stream) {
            telling.programme = view.programme
            if let told, told.says(telling), let place = told.place {
                telling.place = place
            } else {
                let text = CueText.cue(cue, show: show, ptsMs: view.ptsMs, nowNs: nowNs)
                do throws(CueRefusal) {
                    telling.place = try insert(text, isPaused: show.isPaused, into: stream)
                } catch {
                    telling.retryAtNs =
                        nowNs + (error == .heldUp ? 0 : GameLimits.retellMs * 1_000_000)
                }
            }
        }
        state.withLock { state in
            state.slots[slot].told = telling
            guard case .question = cue, case .question(let number) = show.stage else { return }
            if state.slots[slot].questionOn != number {
                state.slots[slot].questionOn = number
                state.slots[slot].questionName = show.question(number).flatMap {
                    QuestionName($0.question.id)
                }
            }
        }
        publish(cue, show, stream, telling.place, &work)
    }

    /// Tells the audience of a show that was taken away that nothing more comes. Where it was over
    /// before, it was told, and may be another show's by now.
    func tellEnd(of slot: Int, _ work: inout DeskWork) {
        let (show, stream, isOn) = state.withLock { state in
            let slot = state.slots[slot]
            return (slot.show, slot.stream, slot.isOn)
        }
        guard isOn else { return }
        var place: CuePlace?
        if let view = stage.view(of: stream) {
            let cue = CueText.cue(.over, show: show, ptsMs: view.ptsMs, nowNs: clock.nowNs)
            // Whoever comes later asks for a show that isn't there.
            place = try? insert(cue, isPaused: false, into: stream)
        }
        publish(.over, show, stream, place, &work)
    }

    func insert(
        _ cue: Cue, isPaused: Bool, into stream: String
    ) throws(CueRefusal) -> CuePlace? {
        var cue = cue
        if isPaused { cue.properties.append(AMF0Property(.paused, .boolean(true))) }
        do throws(CueRefusal) {
            return try stage.insert(cue, into: stream, nowNs: clock.monotonicNs)
        } catch {
            state.withLock { state in
                state.health.cueRefusalCount += 1
                state.health.cueRefusal = error.description
            }
            throw error
        }
    }

    private func publish(
        _ cue: ShowCue, _ show: Show, _ stream: String, _ place: CuePlace?, _ work: inout DeskWork
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
        work.stateVersion = max(work.stateVersion + 1, UInt64(max(0, clock.wallMs)))
        let text = StateText(version: work.stateVersion, bytes: bytes)
        states.withLock { $0.say(text, of: stream, isOver: cue == .over) }
    }
}
