// Where the game's cues go: into the programmes on air.

import Broadcast
import Game

/// Puts the game's cues into the streams.
struct LiveCueStage: CueStage {
    let programs: Programs

    func view(of stream: String) -> StageView? {
        programs.program(named: stream).map { program in
            StageView(programme: program.id, ptsMs: program.latestMs)
        }
    }

    func insert(_ cue: Cue, into stream: String, nowNs: Int64) throws(CueRefusal) -> CuePlace? {
        try programs.program(named: stream)?.insert(cue, nowNs: nowNs)
    }
}
