// What is said to the audience in the stream: the script tags that are ours, and nobody else's.

import WireBytes

/// What a script tag of ours is called.
public enum CueName: String, Sendable, CaseIterable {
    /// Of the quiz.
    case quiz = "onQuiz"
    /// Of everything else that is said.
    case message = "onMessage"
}

/// Which script tags may be a publisher's own.
public enum PublisherScript {
    /// What a publisher says of its own stream.
    public static let metadataName = "onMetaData"

    /// Names that are never a publisher's, as letters and digits in small letters: those of cues, of
    /// what only we may say once, and of RTMP's wrappers, which players take off.
    private static let reserved =
        CueName.allCases.map { key(of: $0.rawValue) }
        + [metadataName, "@setDataFrame", "@clearDataFrame"].map(key)

    /// Whether the audience may get a publisher's script tag of this name.
    ///
    /// Names are judged as the most forgiving reader might take them: what isn't printable ASCII has
    /// no place in one, and neither case nor punctuation makes another name of one of ours.
    public static func mayBePassed(name: String) -> Bool {
        guard name.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else { return false }
        return !reserved.contains(key(of: name))
    }

    private static func key(of name: String) -> [UInt8] {
        name.utf8.filter { $0.isLetter || $0.isDigit }.map { byte in
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
        }
    }
}

/// What an `onQuiz` says: what the show has come to.
public enum QuizPhase: String, Sendable, CaseIterable {
    /// Players can come in; no question has come yet.
    case lobby
    /// A question is open.
    case question
    /// It takes no more answers.
    case locked
    /// The right answer is out.
    case reveal
    /// The question was taken back.
    case void
    /// Who is ahead.
    case standings
    /// Who has won.
    case winners
    /// An earlier question was judged anew. An event: what is on comes again behind it.
    case correction
    /// Nothing more comes.
    case over
}

/// What an `onMessage` says.
public enum MessageKind: String, Sendable, CaseIterable {
    /// The staff tells everybody something.
    case announcement
    /// Messages that were said are to be taken down.
    case retract
    /// How many watch.
    case audience
}
