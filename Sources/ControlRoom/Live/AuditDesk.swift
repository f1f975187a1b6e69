// What the control room needs to write down what the staff have done to the server: one small protocol.

/// Something that somebody of the staff has done, and that is no show's: the record of a show has those.
public struct AuditLine: Sendable, Codable, Equatable {
    /// When, ms since 1970.
    public var atMs: Int64
    /// Who.
    public var by: String
    /// What, in a word for programs: "ban".
    public var command: String
    /// What and to whom, for people.
    public var text: String

    /// A line.
    public init(atMs: Int64, by: String, command: String, text: String) {
        self.atMs = atMs
        self.by = by
        self.command = command
        self.text = text
    }
}

/// Where it is kept. Nobody can change it afterwards.
public protocol AuditDesk: Sendable {
    /// Writes a line down, on disk when it returns. What can't be written is for the desk to say: it
    /// was done.
    func note(_ line: AuditLine) async

    /// The newest lines, the oldest of them first.
    ///
    /// - Throws: `AuditRefusal` where they can't be read.
    func lines(countMax: Int) async throws(AuditRefusal) -> [AuditLine]
}

/// Why the audit can't be read, in a sentence.
public struct AuditRefusal: Error, Sendable, Equatable {
    /// Why.
    public let reason: String

    /// A refusal.
    public init(reason: String) { self.reason = reason }
}
