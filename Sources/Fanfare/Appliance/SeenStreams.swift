// The streams that this process has had, on air or not: an alert on one must have something to look at.

import Broadcast
import Synchronization

/// Names of streams and how they were last, for as long as the process lives.
final class SeenStreams: Sendable {
    /// So many names are kept; publishers of more have the stream key and no good reason.
    static let countMax = 256

    private let state = Mutex<[String: ProgrammeStatus?]>([:])

    /// Somebody publishes it, or a show is to play on it.
    func note(_ name: String) {
        state.withLock { streams in
            guard streams[name] == nil, streams.count < Self.countMax else { return }
            streams[name] = .some(nil)
        }
    }

    /// How a stream that is on air is now.
    func note(_ name: String, _ status: ProgrammeStatus) {
        state.withLock { streams in
            guard streams[name] != nil || streams.count < Self.countMax else { return }
            streams[name] = status
        }
    }

    /// Those that are not among the names, with their last status if there was one, by name.
    func others(than names: [String]) -> [(name: String, status: ProgrammeStatus?)] {
        state.withLock { streams in
            streams.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
                .map { ($0.key, $0.value) }
        }
    }
}
