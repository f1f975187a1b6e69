// What the control room needs to have the settings read again: one small protocol.

/// What a reload has done.
public struct ReloadReport: Sendable, Codable, Equatable {
    /// Where the settings were read from, in words.
    public var source: String
    /// Keys of the settings whose new value is in force.
    public var taken: [String]
    /// Keys of those that have changed and are in force only after a restart.
    public var waiting: [String]
    /// What deserves a look, a sentence each.
    public var warnings: [String]

    /// A report.
    public init(source: String, taken: [String], waiting: [String], warnings: [String] = []) {
        self.source = source
        self.taken = taken
        self.waiting = waiting
        self.warnings = warnings
    }
}

/// Why everything stays as it was.
public enum ReloadRefusal: Error, Sendable, Equatable {
    /// What was read can't be used; the sentence says where it is wrong.
    case unusable(String)
    /// Not at this moment; the sentence says why.
    case notNow(String)
}

/// Where settings are read again.
public protocol ReloadDesk: Sendable {
    /// Reads them, and puts into force what can be. All of it or nothing.
    ///
    /// - Parameter name: who asks for it, for the log.
    func reload(by name: String) async throws(ReloadRefusal) -> ReloadReport
}
