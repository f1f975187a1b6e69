// The properties of cues: their names, what they hold, and in which cues they are.

/// What a property of a cue holds.
public enum CueValueKind: String, Sendable {
    /// A whole number, which a double has exactly.
    case number
    /// True or false.
    case boolean
    /// A text.
    case string
    /// A strict array of whole numbers.
    case numbers = "number[]"
    /// A strict array of texts.
    case strings = "string[]"
    /// An object.
    case object
    /// A strict array of objects.
    case objects = "object[]"
}

/// A property of a cue, or of an object within one, by its name on the wire.
public enum CueField: String, Sendable, CaseIterable {
    // In every cue
    case seq, pts
    // In every onQuiz
    case show, phase, rehearsal, paused
    // A question
    case question, number, of, text, options, windowMs, deadlinePts, deadlineAtMs, media
    // The lobby
    case title, players, startsAt, prize
    // What came out of a question
    case correct, counts, correctCount, wrongCount, missingCount, revived, survivors, explanation
    // A question that was judged anew, or taken back
    case corrected, was, returned, reason
    // Standings and winners
    case top, count, share, shareAmount, currency, names
    // Within `prize` and `top`
    case minorUnits, amount, place, name, score
    // In every onMessage, and what it says
    case kind, level, ids, viewers

    /// What it holds.
    public var valueKind: CueValueKind {
        switch self {
        case .seq, .pts, .number, .of, .windowMs, .deadlinePts, .deadlineAtMs, .players, .startsAt,
            .correct, .correctCount, .wrongCount, .missingCount, .revived, .survivors, .was,
            .returned,
            .count, .share, .minorUnits, .place, .score, .viewers:
            .number
        case .rehearsal, .paused, .corrected: .boolean
        case .show, .phase, .question, .text, .media, .title, .explanation, .reason,
            .shareAmount, .currency, .amount, .name, .kind, .level:
            .string
        case .counts, .ids: .numbers
        case .options, .names: .strings
        case .prize: .object
        case .top: .objects
        }
    }

    /// What the object has, or each object of the array.
    public var members: [CueField] {
        switch self {
        case .prize: [.minorUnits, .amount, .currency]
        case .top: [.place, .name, .score]
        default: []
        }
    }
}

/// The properties that a cue always has, and those that it may have.
public struct CueFields: Sendable {
    /// Always there.
    public let required: [CueField]
    /// There where it applies.
    public let optional: [CueField]
}

extension CueFields {
    /// Whether an object may have just the properties of these names.
    ///
    /// - Parameter common: what it has besides; of these `seq` and `pts` come from the programme.
    fileprivate func fit(_ names: [String], with common: CueFields) -> Bool {
        let needed = Set((common.required + required).map(\.rawValue))
        let known = needed.union((common.optional + optional).map(\.rawValue))
        let own = Set(names).union([CueField.seq, .pts].map(\.rawValue))
        return own.count == names.count + 2 && own.isSuperset(of: needed) && own.isSubset(of: known)
    }
}

extension QuizPhase {
    /// Whether a cue of this phase may have just these properties, before the programme adds `seq`
    /// and `pts`.
    public func allows(_ names: [String]) -> Bool { fields.fit(names, with: Self.common) }

    /// What every `onQuiz` has, whatever its phase.
    public static let common = CueFields(
        required: [.seq, .pts, .show, .phase], optional: [.rehearsal, .paused])

    /// What a cue of this phase has besides.
    public var fields: CueFields {
        switch self {
        case .lobby: CueFields(required: [.title, .players], optional: [.startsAt, .prize])
        case .question:
            CueFields(
                required: [.question, .number, .of, .text, .options, .windowMs, .deadlinePts],
                optional: [.media])
        case .locked: CueFields(required: [.question], optional: [])
        case .reveal:
            CueFields(
                required: [
                    .question, .correct, .counts, .correctCount, .wrongCount, .missingCount,
                    .revived, .survivors,
                ], optional: [.explanation, .corrected, .was, .returned, .reason])
        case .void: CueFields(required: [.question, .reason], optional: [])
        case .standings: CueFields(required: [.top], optional: [])
        case .winners:
            CueFields(required: [.count, .names], optional: [.share, .currency, .shareAmount])
        case .correction:
            CueFields(
                required: [
                    .question, .corrected, .was, .returned, .reason, .correct, .survivors,
                ], optional: [])
        case .over: CueFields(required: [], optional: [])
        }
    }
}

extension MessageKind {
    /// Whether a cue of this kind may have just these properties, before the programme adds `seq`
    /// and `pts`.
    public func allows(_ names: [String]) -> Bool { fields.fit(names, with: Self.common) }

    /// What every `onMessage` has.
    public static let common = CueFields(required: [.seq, .pts, .kind], optional: [])

    /// What a cue of this kind has besides.
    public var fields: CueFields {
        switch self {
        case .announcement: CueFields(required: [.text, .level], optional: [])
        case .retract: CueFields(required: [.ids], optional: [])
        case .audience: CueFields(required: [.viewers], optional: [])
        }
    }
}
