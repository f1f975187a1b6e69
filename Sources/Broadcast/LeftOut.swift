// What of a publisher's media is no part of the programme, and why.

/// Why a tag was left out.
public enum LeftOutCause: Int, Sendable, CaseIterable {
    /// Its body is too short for its header, or of a kind nobody knows.
    case malformed
    /// A picture before the first keyframe, or of parameters that are no more.
    case beforeKeyframe
    /// A frame of a codec whose sequence header has not come.
    case noHeader
    /// A sequence header that is empty, too long or can't be read.
    case badHeader
    /// Another track than the first of a multitrack stream.
    case furtherTrack
    /// An end or a command of the publisher's that isn't one of the programme.
    case notOfProgramme
    /// Script data that is not passed on.
    case script
    /// Script data that is too long.
    case scriptTooLong
    /// A command or other message that is too long.
    case commandTooLong
    /// Media on another message stream than the one that is published on.
    case otherMessageStream
}

/// How many tags were left out, by cause.
public struct LeftOutCounts: Sendable, Equatable {
    private var counts = [UInt64](repeating: 0, count: LeftOutCause.allCases.count)

    /// None.
    public init() {}

    /// Of one cause.
    public subscript(cause: LeftOutCause) -> UInt64 { counts[cause.rawValue] }

    /// Of all causes.
    public var total: UInt64 { counts.reduce(0, +) }

    mutating func add(_ cause: LeftOutCause) { counts[cause.rawValue] += 1 }
}
