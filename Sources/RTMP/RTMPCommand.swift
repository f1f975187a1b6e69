// A command message: a name, a transaction number and values (RTMP 1.0, section 7.2).
import FLV
import WireBytes

/// A command as it came, decoded.
struct RTMPCommand {
    /// What is called: `connect`, `publish`.
    var name: String
    /// The number an answer has to carry; 0 if none is wanted.
    var transactionId: Double
    /// What follows: the command object, then the arguments.
    var values: [AMF0Value]

    /// Decodes a message of type 20 or, with `isAMF3`, 17.
    init(_ body: RawSpan, isAMF3: Bool, limits: AMF0Limits) throws(RTMPError) {
        // Messages of type 17 begin with a format selector, 0 for AMF0; a string's marker is 2.
        let hasSelector = isAMF3 && body.byteCount > 0 && body[0] == 0
        let decoded: [AMF0Value]
        do {
            decoded = try AMF0.decode(
                body.extracting(droppingFirst: hasSelector ? 1 : 0), limits: limits)
        } catch {
            throw .commandMalformed(reason: error.description)
        }
        guard let name = decoded.first?.stringValue else {
            throw .commandMalformed(reason: "it doesn't begin with a name")
        }
        self.name = name
        // Some encoders leave the transaction out of commands that want no answer.
        let transactionId = decoded.count > 1 ? decoded[1].numberValue : nil
        self.transactionId = transactionId ?? 0
        values = Array(decoded.dropFirst(transactionId == nil ? 1 : 2))
    }

    /// The command object: null, or an object for `connect`.
    var object: AMF0Value? { values.first }

    /// An argument after the command object, counted from 0.
    func argument(_ index: Int) -> AMF0Value? {
        index + 1 < values.count ? values[index + 1] : nil
    }

    /// Whether the peer waits for an answer.
    var wantsAnswer: Bool { transactionId > 0 }
}

/// The `level` of a status information object.
enum RTMPStatusLevel: String {
    case status
    case error
}

/// Builds the information object of `onStatus`, `_result` and `_error`.
func statusInformation(
    _ level: RTMPStatusLevel, code: String, description: String,
    extra: [AMF0Property] = []
) -> AMF0Value {
    .object(
        [
            AMF0Property("level", .string(level.rawValue)),
            AMF0Property("code", .string(code)),
            AMF0Property("description", .string(description)),
        ] + extra)
}
