// What there is to see without a producer: the built-in clip, and a rehearsal on it.

import Broadcast
import Game
import IORing
import Ingest

extension Appliance {
    /// Plays the built-in clip, if that is wished for.
    func startDemo(_ programs: Programmes) throws -> ClipFeed? {
        guard settings.demo else { return nil }
        let publication = try programs.publish(
            name: Banner.demoStreamName,
            publisher: Publisher(address: "demo", encoder: "the built-in clip"),
            nowMs: MonotonicClock.nowMs())
        let logger = logger
        return try ClipFeed(clip: DemoClip.bytes(), publication: publication) { refusal in
            logger.error("the demo feed has ended: \(refusal)")
        }
    }

    /// Without its show the demo is still a demo.
    func prepareDemoShow(_ game: GameDesk) async {
        do {
            if try await DemoShow.prepare(game) {
                logger.info("show \(DemoShow.id), a rehearsal, is ready to be played")
            }
        } catch {
            logger.warning("the demo show could not be made: \(error)")
        }
    }
}
