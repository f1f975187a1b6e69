// What time it is, as a client is told.

import TextWire

/// The server's clocks at one moment.
public struct ClockReading: Sendable, Equatable, BitwiseCopyable {
    /// Server time, ms since 1970.
    public let serverMs: Int64
    /// Programme time as it runs, ms: of the stream that was named, or that the connection watches, or
    /// else of the only one; nil where that isn't on air, or there isn't just one to be meant.
    public let programmeMs: Int64?
    /// How far behind the programme players are to show it, ms.
    public let targetDelayMs: Int64

    /// A reading.
    public init(serverMs: Int64, programmeMs: Int64?, targetDelayMs: Int64) {
        self.serverMs = serverMs
        self.programmeMs = programmeMs
        self.targetDelayMs = targetDelayMs
    }

    /// What it takes as JSON at most, bytes.
    public static let jsonByteCountMax = 128

    /// Its members, within an object.
    func append(to output: inout OutputSpan<UInt8>, by writer: inout JSONWriter) {
        writer.member("serverMs", Int(serverMs), to: &output)
        if let programmeMs { writer.member("programmeMs", Int(programmeMs), to: &output) }
        writer.member("targetDelayMs", Int(targetDelayMs), to: &output)
    }

    /// What `GET /api/v1/clock` answers.
    public var json: [UInt8] {
        [UInt8](capacity: Self.jsonByteCountMax) { output in
            var writer = JSONWriter()
            writer.begin(to: &output)
            append(to: &output, by: &writer)
            writer.end(to: &output)
        }
    }
}
