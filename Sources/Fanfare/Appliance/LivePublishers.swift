// Publishers as the staff take them off air.

import ControlRoom
import Ingest

/// Hands the staff's word on to the ingest.
struct LivePublishers: PublisherDesk {
    let ingest: Ingest

    func takeOff(stream: String) async throws(PublisherRefusal) -> TakenOffPublisher {
        switch await ingest.takeOff(stream: stream) {
        case .takenOff(let address, let encoder):
            return TakenOffPublisher(address: address, encoder: encoder)
        case .noSuchStream: throw .unknownStream
        case .nobody:
            throw .notNow("nobody publishes this stream now; it waits for its publisher")
        case .builtIn:
            throw .notNow(
                "the built-in clip plays here, which is no publisher; start without --demo")
        }
    }
}
