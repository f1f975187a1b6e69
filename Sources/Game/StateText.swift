// The state of a stream's show as JSON, made once for everybody who asks.

import FLV
import TextWire
import WireBytes

/// The JSON of `GET /api/v1/state`, shared by all who ask until something changes.
public final class StateText: Sendable {
    /// Grows with each change, over all streams.
    public let version: UInt64
    /// The JSON.
    public let bytes: [UInt8]

    init(version: UInt64, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }

    /// What is said where no show is on.
    static let none = StateText(version: 0, bytes: Array(#"{"phase":"none"}"#.utf8))

    /// What is said to whoever names no stream where several have a show.
    static let several = StateText(
        version: .max,
        bytes: Array(
            #"{"phase":"none","error":"Several streams have a show; ask with ?stream=."}"#.utf8))
}

/// What is on, on each stream; and for a while that it is over.
struct PublicStates: Sendable {
    private var shows: [ByteString: StateText] = [:]
    private var ends: [ByteString: StateText] = [:]

    mutating func set(_ text: StateText, of stream: String, isOver: Bool) {
        let stream = ByteString(stream)
        shows[stream] = isOver ? nil : text
        ends[stream] = isOver ? text : nil
        // Whoever still looks hears that it is over; streams of long ago are forgotten.
        guard ends.count > GameLimits.endCountMax,
            let oldest = ends.min(by: { $0.value.version < $1.value.version })
        else { return }
        ends[oldest.key] = nil
    }

    func state(of stream: String?) -> StateText {
        if let stream {
            return shows[ByteString(stream)] ?? ends[ByteString(stream)] ?? .none
        }
        if shows.count > 1 { return .several }
        let newest = ends.values.max { $0.version < $1.version }
        return shows.first?.value ?? newest ?? .none
    }
}

/// Values of script data written as JSON.
enum ScriptJSON {
    static func append(_ properties: [AMF0Property], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, property) in properties.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONText.append(property.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(property.value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func append(_ value: AMF0Value, to bytes: inout [UInt8]) {
        switch value {
        case .number(let number):
            // JSON has no word for what is no number.
            let text = Int64(exactly: number).map { "\($0)" }
            bytes.append(contentsOf: (text ?? (number.isFinite ? "\(number)" : "null")).utf8)
        case .boolean(let isTrue): bytes.append(contentsOf: (isTrue ? "true" : "false").utf8)
        case .string(let text): JSONText.append(text, to: &bytes)
        case .object(let properties): append(properties, to: &bytes)
        case .strictArray(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        default: preconditionFailure("cues have no such values")
        }
    }
}
