// What a publisher asks for, with its address taken apart.

/// A `publish` command, with what `connect` told before it.
public struct RTMPPublishRequest: Equatable, Sendable {
    /// One `name=value` of a query, percent-decoded.
    public struct QueryItem: Equatable, Sendable {
        /// What is before the first `=`.
        public var name: String
        /// What is after it; empty if there is none.
        public var value: String

        /// A query item.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The first part of the address' path: `live`.
    public var app: String
    /// The second, without its query: `show`.
    public var streamName: String
    /// What follows the name in the path, as in `show/KEY`; nil if nothing does.
    public var pathKey: String?
    /// The query of the stream name, of the app or of ``tcUrl``: the first that has a `key`, or else
    /// the first that has a signature, or else the first.
    public var query: [QueryItem]
    /// The address the publisher says it connected to; empty if it doesn't say.
    public var tcUrl: String
    /// The encoder as it names itself in `connect` (`flashVer`).
    public var flashVersion: String?

    /// The first query item `key`; nil if there is none.
    public var queryKey: String? { query.first { $0.name == "key" }?.value }

    /// The stream key: of the query, or else of the path.
    public var key: String? { queryKey ?? pathKey }

    /// A request; for tests of handlers.
    public init(
        app: String, streamName: String, pathKey: String? = nil, query: [QueryItem] = [],
        tcUrl: String = "", flashVersion: String? = nil
    ) {
        self.app = app
        self.streamName = streamName
        self.pathKey = pathKey
        self.query = query
        self.tcUrl = tcUrl
        self.flashVersion = flashVersion
    }
}
