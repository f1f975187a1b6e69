// A desk that takes publishers off, for the control room's tests.

import Synchronization

@testable import ControlRoom

/// Knows the stream `show`, which somebody publishes, and `backup`, which nobody does.
final class StubPublishers: PublisherDesk {
    private let list = Mutex<[String]>([])

    /// The streams whose publisher was taken off.
    var takenOff: [String] { list.withLock { $0 } }

    static let reason = "nobody publishes this stream now"

    func takeOff(stream: String) async throws(PublisherRefusal) -> TakenOffPublisher {
        if stream == "backup" { throw .notNow(Self.reason) }
        guard stream == "show" else { throw .unknownStream }
        list.withLock { $0.append(stream) }
        return TakenOffPublisher(address: "192.0.2.7:50312", encoder: "OBS")
    }
}
