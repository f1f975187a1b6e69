// What the audience is told: in the stream, and in the state that anybody can ask for.

import Broadcast
import FLV
import Ledger
import TextWire
import Trivia

extension GameDesk {
    /// Tells a show's audience how it stands, by its stream and by its state.
    func tell(_ slot: Int, _ work: inout DeskWork) {
        let (show, stream) = state.withLock { ($0.slots[slot].show, $0.slots[slot].stream) }
        guard let cue = show.cue else { return }
        let view = stage.view(of: stream)
        var place: CuePlace?
        if let view {
            place = insert(
                CueText.cue(cue, show: show.id, ptsMs: view.ptsMs, nowNs: clock.nowNs),
                isPaused: show.isPaused, into: stream)
        }
        state.withLock { state in
            state.slots[slot].cue = cue
            state.slots[slot].toldPlayerCount = show.tally.players
            state.slots[slot].toldAtNs = clock.nowNs
            if let view, place != nil { state.slots[slot].stagedProgramme = view.programme }
            guard case .question = cue, case .question(let number) = show.stage else { return }
            if state.slots[slot].questionOn != number {
                state.slots[slot].questionOn = number
                state.slots[slot].questionName = show.question(number).flatMap {
                    QuestionName($0.question.id)
                }
            }
        }
        publish(cue, show, stream, place, &work)
    }

    /// Tells the audience of a show that was taken away that nothing more comes.
    func tellEnd(of slot: Int, _ work: inout DeskWork) {
        let (show, stream, wasOn) = state.withLock { state in
            let slot = state.slots[slot]
            return (slot.show, slot.stream, slot.cue != nil)
        }
        guard wasOn else { return }
        var place: CuePlace?
        if let view = stage.view(of: stream) {
            let cue = CueText.cue(.over, show: show.id, ptsMs: view.ptsMs, nowNs: clock.nowNs)
            place = insert(cue, isPaused: false, into: stream)
        }
        publish(.over, show, stream, place, &work)
    }

    private func insert(_ cue: Cue, isPaused: Bool, into stream: String) -> CuePlace? {
        var cue = cue
        if isPaused { cue.properties.append(AMF0Property("paused", .boolean(true))) }
        do throws(CueRefusal) {
            return try stage.insert(cue, into: stream, nowNs: clock.monotonicNs)
        } catch {
            state.withLock { state in
                state.health.cueRefusalCount += 1
                state.health.cueRefusal = error.description
            }
            return nil
        }
    }

    private func publish(
        _ cue: ShowCue, _ show: Show, _ stream: String, _ place: CuePlace?, _ work: inout DeskWork
    ) {
        var properties = CueText.properties(cue, show: show.id, ptsMs: nil, nowNs: clock.nowNs)
        if let place {
            properties.append(AMF0Property("seq", .number(Double(place.seq))))
            properties.append(AMF0Property("pts", .number(Double(place.ptsMs))))
        }
        let tally = show.tally
        if !properties.contains(where: { $0.name == "players" }) {
            properties.append(AMF0Property("players", .number(Double(tally.players))))
        }
        if !properties.contains(where: { $0.name == "survivors" }) {
            properties.append(AMF0Property("survivors", .number(Double(tally.survivors))))
        }
        properties.append(AMF0Property("paused", .boolean(show.isPaused)))
        var bytes: [UInt8] = []
        ScriptJSON.append(properties, to: &bytes)
        work.stateVersion += 1
        let text = StateText(version: work.stateVersion, bytes: bytes)
        states.withLock { $0[stream] = text }
    }
}
