// What happens at the ingest, for the log.

public import Broadcast

/// Something the engineer on duty may want to know.
public enum IngestEvent: Sendable, CustomStringConvertible {
    /// Somebody began to publish.
    case published(stream: String, publisher: Publisher)
    /// What a publisher sends, once that is known.
    case described(stream: String, description: String)
    /// Something about a feed that somebody should look at.
    case warned(stream: String, warning: FeedWarning)
    /// A publisher ended in order.
    case unpublished(stream: String, address: String, reason: String)
    /// A publisher's connection broke or fell silent.
    case lost(stream: String, address: String, reason: String)
    /// A publisher took over from one that had fallen silent.
    case takenOver(stream: String, from: String, by: String, silentMs: Int64)
    /// The staff ended a publisher.
    case takenOff(stream: String, address: String)
    /// A connection was closed that did nothing.
    case idled(address: String, reason: String)
    /// Connections that didn't publish were closed, as there were too many.
    case crowded(address: String, count: Int)
    /// Somebody was not let in.
    case refused(address: String, reason: String)
    /// A peer broke the protocol before it published anything.
    case violated(address: String, reason: String)
    /// A banned address was not let in.
    case banned(address: String)
    /// A PROXY header came from somebody who isn't a trusted proxy.
    case untrustedProxy(address: String)
    /// A trusted proxy brings publishers and has named none of them.
    case silentProxy(address: String)
    /// A programme's publisher didn't come back in time.
    case expired(stream: String)
    /// The ingest itself had to give up.
    case failed(reason: String)

    /// A sentence for the log.
    public var description: String {
        switch self {
        case .published(let stream, let publisher):
            "\(publisher.address) publishes live/\(stream)"
                + (publisher.encoder.map { " with \($0)" } ?? "")
        case .described(let stream, let description):
            "live/\(stream) is \(description)"
        case .warned(let stream, let warning):
            "live/\(stream): \(warning.text)"
        case .unpublished(let stream, let address, let reason):
            "\(address) ended live/\(stream): \(reason)"
        case .lost(let stream, let address, let reason):
            "\(address) was lost on live/\(stream): \(reason)"
        case .takenOver(let stream, let from, let by, let silentMs):
            "\(by) takes live/\(stream) over from \(from), which had been silent for "
                + "\(Double(silentMs / 100) / 10) s"
        case .takenOff(let stream, let address):
            "\(address) was taken off live/\(stream) by the staff"
        case .idled(let address, let reason):
            "\(address) was let go: \(reason)"
        case .crowded(let address, let count):
            "\(address) was let go to make room: its address has \(count) connections that don't "
                + "publish"
        case .refused(let address, let reason):
            "\(address) may not publish: \(reason)"
        case .violated(let address, let reason):
            "\(address) doesn't speak RTMP as it should: \(reason)"
        case .banned(let address):
            "\(address) was not let in: its address is banned (fanfare bans)"
        case .untrustedProxy(let address):
            "\(address) begins with a PROXY line, which is taken from trusted proxies only: if it is "
                + "your proxy, name its address in --trusted-proxies"
        case .silentProxy(let address):
            "\(address) is trusted as a proxy and says of no publisher who it is, so that bans, limits "
                + "and this log are of the proxy: if it is one, have it send a PROXY header"
        case .expired(let stream):
            "live/\(stream) is off air: its publisher did not come back"
        case .failed(let reason):
            "the ingest has stopped: \(reason)"
        }
    }
}
