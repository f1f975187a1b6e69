// Streams and cues for the tests of simulated players.

import FLV

@testable import Rehearsal

enum Samples {
    /// A tag of a stream, and the size that is repeated after it.
    static func tag(_ type: FLVTagType, _ timestampMs: UInt32, _ body: [UInt8]) -> [UInt8] {
        FLVTagHeader.tag(type, timestampMs: timestampMs, body: body.span.bytes)
    }

    /// The body of an `onQuiz` tag.
    static func cue(
        _ phase: String, show: String = "final", _ properties: [AMF0Property] = []
    ) -> [UInt8] {
        let head = [
            AMF0Property("seq", .number(1)), AMF0Property("pts", .number(1_000)),
            AMF0Property("show", .string(show)), AMF0Property("phase", .string(phase)),
        ]
        return AMF0.encode(.string("onQuiz"), .object(head + properties))
    }

    static func question(_ id: String, options: Int = 3, windowMs: Int = 8_000) -> [UInt8] {
        cue(
            "question",
            [
                AMF0Property("question", .string(id)),
                AMF0Property("options", .strictArray((0..<options).map { .string("\($0)") })),
                AMF0Property("windowMs", .number(Double(windowMs))),
                AMF0Property("deadlinePts", .number(1_000 + Double(windowMs))),
            ])
    }

    static func reveal(_ id: String, correct: Int, counts: [Int]) -> [UInt8] {
        cue(
            "reveal",
            [
                AMF0Property("question", .string(id)),
                AMF0Property("correct", .number(Double(correct))),
                AMF0Property("counts", .strictArray(counts.map { .number(Double($0)) })),
            ])
    }

    static func void(_ id: String) -> [UInt8] {
        cue(
            "void",
            [
                AMF0Property("question", .string(id)),
                AMF0Property("reason", .string("no sound")),
            ])
    }

    /// A cue as a player reads it.
    static func read(_ body: [UInt8]) -> ReceivedCue? { ReceivedCue(body.span.bytes) }
}
