// Something said to the audience in the stream, and where it came to stand.

public import AudienceProtocol
public import FLV

/// A script tag of ours, placed between media tags: a name and one object.
///
/// `Programme.insert` adds `seq` (one counter per programme) and `pts` (programme time, ms) as the
/// object's first properties, since players tell scripts neither. Whoever reads cues leaves out
/// what is not newer, by `seq`, than what it knows of the same kind: the same cue may come again,
/// and one that is already replaced may still come.
public struct Cue: Equatable, Sendable {
    /// What becomes of it when it has been said.
    public enum Keeping: Equatable, Sendable {
        /// Whoever comes later needn't know.
        case event
        /// Whoever comes later is told, until another of the same key takes its place or it is
        /// cleared.
        ///
        /// - Parameters:
        ///   - key: 1 to 64 bytes; not sent.
        ///   - isRepeated: said again at keyframes, at most every 2 s, to those who watch: for what
        ///     nobody may miss, such as an open question.
        ///   - isQuiet: goes with what is sent anyway: for what can wait, and comes often.
        case state(key: String, isRepeated: Bool = false, isQuiet: Bool = false)
    }

    /// What the tag is called.
    public var name: CueName
    /// Numbers, booleans, strings, strict arrays and objects of these, under other names than
    /// `seq` and `pts`.
    public var properties: [AMF0Property]
    /// What becomes of it when it has been said.
    public var keeping: Keeping
    /// The id of the question that it asks: from when on a viewer can answer is then told by when
    /// it got this tag. Nil for everything else that is said. Not sent.
    public var question: String?

    /// Whether it goes with what is sent anyway.
    var isQuiet: Bool {
        if case .state(_, _, let isQuiet) = keeping { isQuiet } else { false }
    }

    /// A cue.
    public init(
        _ name: CueName, _ properties: [AMF0Property], keeping: Keeping, question: String? = nil
    ) {
        self.name = name
        self.properties = properties
        self.keeping = keeping
        self.question = question
    }
}

/// Where a cue stands in its programme.
public struct CuePlace: Equatable, Sendable {
    /// Its number, from 1 on.
    public let seq: UInt64
    /// Its programme time, ms: that of the newest tag before it.
    public let ptsMs: UInt32
    /// Where its tag begins in the timeline.
    public let position: UInt64
    /// Where its tag ends in the timeline: who has this much has all of it.
    public let endPosition: UInt64
    /// Whether it is a state: what nobody should have to wait for.
    public let isKept: Bool
    /// When it was inserted, ns of the caller's monotonic clock.
    public let insertedNs: Int64
    /// The question that it asks, if it asks one.
    public let question: String?

    /// A place, for whoever stands in for a programme.
    public init(
        seq: UInt64, ptsMs: UInt32, position: UInt64, endPosition: UInt64, isKept: Bool,
        insertedNs: Int64, question: String?
    ) {
        self.seq = seq
        self.ptsMs = ptsMs
        self.position = position
        self.endPosition = endPosition
        self.isKept = isKept
        self.insertedNs = insertedNs
        self.question = question
    }
}

/// Why a cue was not inserted.
public enum CueRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing was ever shown: a cue can't be the first thing a viewer gets. A state is kept all
    /// the same, for those who come.
    case nothingShown(isKept: Bool)
    /// A value that players choke on.
    case unfitValue(property: String)
    /// A property without a name, which would look like the object's end.
    case namelessProperty
    /// `seq` or `pts`, which are ours to say.
    case reservedName(String)
    /// Objects and arrays in each other deeper than that.
    case tooDeep(limit: Int)
    /// A tag's body of so many bytes.
    case tooLarge(byteCount: Int, limit: Int)
    /// A key that is empty or too long.
    case badKey(byteCountMax: Int)
    /// So many states stand already.
    case tooManyStates(limit: Int)
    /// All states together would have so many bytes.
    case snapshotTooLarge(byteCount: Int, limit: Int)
    /// The kernel still sends what would be overwritten.
    case heldUp

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .nothingShown(isKept: true):
            "The stream has no picture yet. This is kept and shown to everyone who comes."
        case .nothingShown(isKept: false):
            "The stream has no picture yet, so nobody is there to be told. Try again later."
        case .unfitValue(let property):
            "The property \"\(property)\" of a cue is neither a finite number, a boolean, a string, "
                + "a strict array nor an object. Leave it out or send it as one of these."
        case .namelessProperty: "A property of a cue has no name. Give it one."
        case .reservedName(let name):
            "The property \"\(name)\" of a cue is set by the programme. Use another name."
        case .tooDeep(let limit):
            "A cue's objects and arrays nest deeper than \(limit). Send a flatter one."
        case .tooLarge(let count, let limit):
            "A cue of \(count) bytes is too large; \(limit) is the most. Say less."
        case .badKey(let limit): "A state's key has 1 to \(limit) bytes. Choose another."
        case .tooManyStates(let limit):
            "\(limit) states stand already, which is the most. Clear one first."
        case .snapshotTooLarge(let count, let limit):
            "With this one, all that stands would have \(count) bytes; \(limit) is the most. "
                + "Clear a state first or say less."
        case .heldUp: "The server still sends what this would overwrite. Try again at once."
        }
    }
}
