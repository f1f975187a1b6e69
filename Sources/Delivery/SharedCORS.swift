// The policy of all shards about other origins, which the operator may change during the show.

import HTTPWire
import Synchronization

/// A policy that is read once or twice a request and written hardly ever.
final class SharedCORS: Sendable {
    private let state = Mutex(CORSPolicy.anyOrigin)

    var policy: CORSPolicy {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
