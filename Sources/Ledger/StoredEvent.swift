// A host's event as a row has it: a word for its kind, and JSON for what it brings along.

import FoundationEssentials
import Trivia

/// Format 3 of a row in `events`: `kind` and JSON are the two halves of the event's own form
/// (`ShowEvent`'s coding). What formats 1 and 2 have is read by `OlderEvent`.
///
/// Whatever is read is looked at as what a host writes is, so nothing gets into a show from a file that
/// could not have got in from a host.
enum StoredEvent {
    static let format = 3

    /// The kind and the JSON of an event.
    static func encode(_ event: ShowEvent) throws(StoredEventError) -> (kind: String, json: String)
    {
        // {"kind":{…}}
        guard let bytes = CanonicalJSON.bytes(of: event), bytes.starts(with: #"{""#.utf8),
            let quote = bytes.dropFirst(2).firstIndex(of: UInt8(ascii: "\""))
        else { throw .unfit("it can't be written as JSON") }
        return (
            String(decoding: bytes[2..<quote], as: UTF8.self),
            String(decoding: bytes[(quote + 2)..<(bytes.count - 1)], as: UTF8.self)
        )
    }

    /// The event of a row.
    static func decode(
        kind: String, format: Int, json: String
    ) throws(StoredEventError) -> ShowEvent {
        let event: ShowEvent
        switch format {
        case 1..<Self.format: event = try OlderEvent.decode(kind: kind, json: json)
        case Self.format: event = try decode(kind: kind, json: json)
        default: throw .format(format)
        }
        // Players and answers have tables of their own.
        guard event.isByHost else { throw .kind(kind) }
        do throws(ShowRefusal) { try event.checkContents(from: .ledger) } catch {
            throw .unfit(error.description)
        }
        return event
    }

    private static func decode(
        kind: String, json: String
    ) throws(StoredEventError) -> ShowEvent {
        let isWord = kind.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        }
        guard isWord else { throw .kind(kind) }
        do {
            return withPossibleStart(
                try JSONDecoder().decode(
                    ShowEvent.self, from: Data(#"{"\#(kind)":\#(json)}"#.utf8)))
        } catch { throw .notJSON("\(error)") }
    }

    /// A start that no calendar has is only shown, and a show isn't lost for it: it has none then.
    private static func withPossibleStart(_ event: ShowEvent) -> ShowEvent {
        func mended(_ plan: ShowPlan) -> ShowPlan {
            var plan = plan
            plan.startsAtMs = plan.startsAtMs.flatMap {
                TriviaLimits.startsAtMs.contains($0) ? $0 : nil
            }
            return plan
        }
        switch event {
        case .created(let id, let plan): return .created(id: id, plan: mended(plan))
        case .edited(let plan): return .edited(plan: mended(plan))
        default: return event
        }
    }
}

/// Why a row can't be read.
enum StoredEventError: Error, CustomStringConvertible {
    case format(Int)
    case kind(String)
    case notJSON(String)
    case missing(String)
    case unfit(String)

    var description: String {
        switch self {
        case .format(let format):
            "it has format \(format), and this program reads up to "
                + "\(StoredEvent.format)"
        case .kind(let kind): "there is no event of kind \(kind)"
        case .notJSON(let reason): "its JSON is broken (\(reason))"
        case .missing(let member): "its \(member) is missing"
        case .unfit(let reason): "what it has can't be: \(reason)"
        }
    }
}
