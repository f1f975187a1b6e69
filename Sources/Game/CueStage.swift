// Where cues go, and what they say.

import AudienceProtocol
public import Broadcast
import FLV
import TextWire
import Trivia

/// The programme of a stream at a moment.
public struct StageView: Equatable, Sendable {
    /// Another number for each programme: a new one knows nothing of the cues of the last.
    public var programme: UInt64
    /// Programme time, ms.
    public var ptsMs: UInt32

    /// A view.
    public init(programme: UInt64, ptsMs: UInt32) {
        self.programme = programme
        self.ptsMs = ptsMs
    }
}

/// Who can see a stream at a moment.
public struct StageSight: Equatable, Sendable {
    /// What comes from its publisher.
    public enum Feed: Equatable, Sendable {
        /// Picture or sound.
        case live
        /// Nothing, for `GameLimits.mediaSilenceMs` at least.
        case silent
        /// It isn't there.
        case off
    }

    /// What comes from its publisher.
    public var feed: Feed
    /// How many watch it.
    public var viewerCount: Int
    /// What is wrong with the feed so that viewers miss something, a sentence each.
    public var warnings: [String]

    /// A sight.
    public init(feed: Feed, viewerCount: Int, warnings: [String] = []) {
        self.feed = feed
        self.viewerCount = viewerCount
        self.warnings = warnings
    }

    /// Whether anybody sees what is said now.
    public var isSeen: Bool { feed == .live && viewerCount > 0 }
}

/// What puts cues into the streams. Called by the desk's thread alone.
public protocol CueStage: Sendable {
    /// The programme that is on air on a stream; nil where none is.
    func view(of stream: String) -> StageView?
    /// Who can see a stream.
    ///
    /// - Parameter nowNs: CLOCK_MONOTONIC.
    func sight(of stream: String, nowNs: Int64) -> StageSight
    /// Inserts a cue: it is on disk that what it says is so.
    ///
    /// - Parameter nowNs: CLOCK_MONOTONIC.
    /// - Returns: Where it stands; nil where there is no programme.
    func insert(_ cue: Cue, into stream: String, nowNs: Int64) throws(CueRefusal) -> CuePlace?
}

/// The words of `onQuiz`, for the stream and the state alike.
enum CueText {
    /// The key under which a programme keeps the newest.
    static let key = "quiz"

    static func cue(_ cue: ShowCue, show: Show, ptsMs: UInt32, nowNs: Int64) -> Cue {
        var question: String?
        if case .question(let cue) = cue { question = cue.question }
        var keeping = Cue.Keeping.state(key: key, isRepeated: question != nil)
        if case .correction = cue { keeping = .event }
        let told = properties(cue, show: show, ptsMs: ptsMs, nowNs: nowNs)
        assert(cue.quizPhase.allows(told.map(\.name)), "clients are promised something else")
        return Cue(.quiz, told, keeping: keeping, question: question)
    }

    /// - Parameters:
    ///   - ptsMs: programme time at `nowNs`; nil leaves out what needs one.
    ///   - nowNs: on the shows' clock.
    static func properties(
        _ cue: ShowCue, show: Show, ptsMs: UInt32?, nowNs: Int64
    ) -> [AMF0Property] {
        var head = [
            AMF0Property(.show, .string(show.id)),
            AMF0Property(.phase, .string(cue.quizPhase.rawValue)),
        ]
        if show.plan.isRehearsal { head.append(AMF0Property(.rehearsal, .boolean(true))) }
        return head + body(cue, ptsMs: ptsMs, nowNs: nowNs)
    }

    private static func body(_ cue: ShowCue, ptsMs: UInt32?, nowNs: Int64) -> [AMF0Property] {
        switch cue {
        case .lobby(let lobby): return self.lobby(lobby)
        case .question(let question): return self.question(question, ptsMs: ptsMs, nowNs: nowNs)
        case .locked(let id): return [AMF0Property(.question, .string(id))]
        case .reveal(let cue): return self.reveal(cue)
        case .void(let id, let reason):
            return [AMF0Property(.question, .string(id)), AMF0Property(.reason, .string(reason))]
        case .standings(let lines):
            let top = lines.map { line in
                AMF0Value.object([
                    number(.place, line.place), AMF0Property(.name, .string(line.name)),
                    number(.score, line.score),
                ])
            }
            return [AMF0Property(.top, .strictArray(top))]
        case .winners(let winners):
            var properties = [number(.count, winners.count)]
            if let share = winners.shareMinorUnits { properties.append(number(.share, share)) }
            if let currency = winners.currency {
                properties.append(AMF0Property(.currency, .string(currency)))
                if let share = winners.shareMinorUnits {
                    properties.append(amount(.shareAmount, share, currency))
                }
            }
            let names = winners.names.map { AMF0Value.string($0) }
            return properties + [AMF0Property(.names, .strictArray(names))]
        case .correction(let cue):
            return [AMF0Property(.question, .string(cue.question))]
                + correction(cue.correction) + [
                    number(.correct, cue.correction.option),
                    number(.survivors, cue.survivorCount),
                ]
        case .over: return []
        }
    }

    private static func correction(_ correction: KeyCorrection) -> [AMF0Property] {
        [
            AMF0Property(.corrected, .boolean(true)), number(.was, correction.formerOption),
            number(.returned, correction.returnedCount),
            AMF0Property(.reason, .string(correction.reason)),
        ]
    }

    private static func lobby(_ lobby: LobbyCue) -> [AMF0Property] {
        var properties = [
            AMF0Property(.title, .string(lobby.title)), number(.players, lobby.playerCount),
        ]
        if let startsAtMs = lobby.startsAtMs { properties.append(number(.startsAt, startsAtMs)) }
        if let prize = lobby.prize {
            properties.append(
                AMF0Property(
                    .prize,
                    .object([
                        number(.minorUnits, prize.minorUnits),
                        amount(.amount, prize.minorUnits, prize.currency),
                        AMF0Property(.currency, .string(prize.currency)),
                    ])))
        }
        return properties
    }

    private static func question(
        _ question: QuestionCue, ptsMs: UInt32?, nowNs: Int64
    ) -> [AMF0Property] {
        var properties = [
            AMF0Property(.question, .string(question.question)),
            number(.number, question.number), number(.of, question.of),
            AMF0Property(.text, .string(question.text)),
            AMF0Property(.options, .strictArray(question.options.map { .string($0) })),
            number(.windowMs, question.windowMs),
        ]
        let openedMs = question.openedNs / 1_000_000
        if let ptsMs {
            let leftMs = openedMs + question.deadlineMsAfterOpening - nowNs / 1_000_000
            properties.append(number(.deadlinePts, max(0, Int64(ptsMs) + leftMs)))
        } else {
            properties.append(number(.deadlineAtMs, openedMs + question.deadlineMsAfterOpening))
        }
        if let url = question.mediaURL { properties.append(AMF0Property(.media, .string(url))) }
        return properties
    }

    private static func reveal(_ cue: RevealCue) -> [AMF0Property] {
        let reveal = cue.reveal
        var properties = [
            AMF0Property(.question, .string(cue.question)),
            number(.correct, reveal.correctOption),
            AMF0Property(.counts, .strictArray(reveal.counts.map { .number(Double($0)) })),
            number(.correctCount, reveal.correctCount), number(.wrongCount, reveal.wrongCount),
            number(.missingCount, reveal.missingCount), number(.revived, reveal.revivedCount),
            number(.survivors, reveal.survivorCount),
        ]
        if let text = cue.explanation {
            properties.append(AMF0Property(.explanation, .string(text)))
        }
        if let correction = cue.correction { properties += self.correction(correction) }
        return properties
    }

    /// As people read it, for pages that know nothing of ISO 4217.
    private static func amount(
        _ field: CueField, _ minorUnits: Int64, _ currency: String
    ) -> AMF0Property {
        AMF0Property(field, .string(Money.amount(minorUnits, currency: currency)))
    }

    private static func number(_ field: CueField, _ value: some BinaryInteger) -> AMF0Property {
        AMF0Property(field, .number(Double(value)))
    }
}

extension ShowCue {
    /// The word for it in the stream.
    fileprivate var quizPhase: QuizPhase {
        switch self {
        case .lobby: .lobby
        case .question: .question
        case .locked: .locked
        case .reveal: .reveal
        case .void: .void
        case .standings: .standings
        case .winners: .winners
        case .correction: .correction
        case .over: .over
        }
    }
}
