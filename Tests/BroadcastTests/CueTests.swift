// Cues in the timeline: where they stand, what they say, and what is refused.

import FLV
import TestSupport
import Testing

@testable import Broadcast

/// A cue as a viewer reads it.
struct ReadCue: Equatable {
    var name: String?
    var object: AMF0Value
    var timestampMs: UInt32

    var seq: Double? { object["seq"]?.numberValue }
    var pts: Double? { object["pts"]?.numberValue }
    var text: String? { object["text"]?.stringValue }

    /// From a script tag; nil if it isn't a name and one object.
    init?(_ tag: ReadTag) {
        guard tag.type == .script, let values = try? AMF0.decode(tag.body.span.bytes),
            values.count == 2, case .object = values[1]
        else { return nil }
        name = values[0].stringValue
        object = values[1]
        timestampMs = tag.timestampMs
    }
}

extension Cue {
    /// A message with a text.
    static func message(_ text: String, _ keeping: Keeping = .event) -> Cue {
        Cue(.message, [AMF0Property("text", .string(text))], keeping: keeping)
    }
}

extension Stand {
    /// Takes a state down, saying which it was.
    @discardableResult
    func takeDown(_ key: String) throws -> UInt64? {
        try programme.takeDown(key: key, nowNs: 0) { .message("gone: \($0)") }
    }

    /// A stand that is on air, with one keyframe at 0.
    static func onAir(adjust: (inout BroadcastLimits) -> Void = { _ in }) throws -> Stand {
        let stand = try Stand(adjust: adjust)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        return stand
    }

    @discardableResult
    func insert(_ cue: Cue) throws -> CuePlace {
        try programme.insert(cue, nowNs: nowMs * 1_000_000)
    }

    /// The cues of the timeline from a position on.
    func cues(from position: UInt64 = 0) throws -> [ReadCue] {
        try timeline(from: position).compactMap(ReadCue.init)
    }

    /// The cues that a viewer who comes now gets first.
    func snapshot() throws -> [ReadCue] {
        let tags = try opening().headers
        let cues = tags.compactMap(ReadCue.init)
        // After everything else.
        #expect(Array(tags.suffix(cues.count).compactMap(ReadCue.init)) == cues)
        return cues
    }
}

@Suite struct CueTests {
    @Test func aCueStandsBehindTheNewestTagAtItsTime() throws {
        let stand = try Stand.onAir()
        try stand.append(.video, Body.frame(), at: 40)
        stand.nowMs = 12_345
        let head = stand.programme.timeline.head
        let place = try stand.insert(
            Cue(
                .quiz, [AMF0Property("phase", .string("over"))], keeping: .event))
        #expect(place.seq == 1 && place.ptsMs == 40 && place.insertedNs == 12_345_000_000)
        #expect(place.position == head && place.endPosition == stand.programme.timeline.head)
        try stand.append(.video, Body.frame(), at: 80)

        let tags = try stand.timeline()
        #expect(tags.map(\.type) == [.video, .video, .script, .video])
        #expect(tags.map(\.timestampMs) == [0, 40, 40, 80])
        let body = tags[2].body
        let values = try AMF0.decode(body.span.bytes)
        #expect(
            values == [
                .string("onQuiz"),
                .object([
                    AMF0Property("seq", .number(1)), AMF0Property("pts", .number(40)),
                    AMF0Property("phase", .string("over")),
                ]),
            ])
    }

    @Test func whoWatchesForCuesLearnsOfEach() throws {
        let stand = try Stand.onAir()
        #expect(stand.programme.latestCue == nil)
        #expect(stand.programme.cueVersion.load(ordering: .acquiring) == 0)
        for number in 1...3 {
            let place = try stand.insert(.message("\(number)"))
            #expect(stand.programme.cueVersion.load(ordering: .acquiring) == UInt64(number))
            #expect(stand.programme.latestCue == place)
            #expect(place.seq == UInt64(number))
        }
        #expect(stand.programme.status(nowMs: stand.nowMs).cueCount == 3)
    }

    @Test func theTimeIsNeverBeforeAnyTagThatStandsThere() throws {
        let stand = try Stand.onAir()
        try stand.append(.audio, Body.aacStereo, at: 0)
        // The sound runs ahead of the picture.
        try stand.append(.audio, Body.sound(), at: 500)
        try stand.append(.video, Body.frame(), at: 40)
        #expect(try stand.insert(.message("now")).ptsMs == 500)
    }

    @Test func withNothingButItsNumbersACueIsLongEnough() throws {
        let stand = try Stand.onAir()
        try stand.insert(Cue(.quiz, [], keeping: .event))
        let body = try #require(try stand.timeline().last?.body)
        #expect(body.count > 18)
    }

    @Test func aPublisherGoneForAWhileIsNoHindrance() throws {
        let stand = try Stand.onAir()
        stand.publication.end(nowMs: stand.nowMs)
        #expect(try stand.insert(.message("a moment, please")).seq == 1)
        try stand.reconnect(afterMs: 1_000)
        #expect(try stand.insert(.message("here we are")).seq == 2)
        #expect(try stand.cues().map(\.text) == ["a moment, please", "here we are"])
    }

    @Test func aGOPLongerThanTheArenaIsNoHindrance() throws {
        let stand = try Stand.onAir()
        let big = [UInt8](repeating: 5, count: 100_000)
        for index in 1...12 { try stand.append(.video, Body.frame() + big, at: UInt32(index)) }
        #expect(stand.programme.startPoint() == nil)
        let place = try stand.insert(.message("still here"))
        #expect(try stand.cues(from: place.position).map(\.text) == ["still here"])
    }

    @Test func whatTheKernelStillSendsIsNotOverwritten() throws {
        let stand = try Stand.onAir()
        let mark = try #require(stand.programme.timeline.makeLowWaterMark())
        mark.set(stand.programme.timeline.head)
        let text = String(repeating: "x", count: 8_000)
        var count = 0
        #expect(throws: CueRefusal.heldUp) {
            while count < 1_000 {
                try stand.insert(.message(text, .state(key: "a")))
                count += 1
            }
        }
        // The arena's megabyte is full, and what was refused changed nothing.
        #expect(count > 120 && count < 140)
        #expect(stand.programme.latestCue?.seq == UInt64(count))
        mark.set(LowWaterMark.none)
        #expect(try stand.insert(.message(text)).seq == UInt64(count + 1))
    }

    // MARK: Before anything is shown

    @Test func nothingComesBeforeTheFirstPicture() throws {
        let stand = try Stand()
        func expectRefusal(_ cue: Cue, isKept: Bool) {
            #expect(throws: CueRefusal.nothingShown(isKept: isKept)) { try stand.insert(cue) }
        }
        expectRefusal(.message("event"), isKept: false)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try stand.append(.audio, Body.sound(), at: 0)
        expectRefusal(.message("event"), isKept: false)
        expectRefusal(.message("first", .state(key: "a")), isKept: true)
        expectRefusal(.message("second", .state(key: "a", isRepeated: true)), isKept: true)
        #expect(stand.programme.latestCue == nil)
        #expect(stand.programme.cueVersion.load(ordering: .acquiring) == 0)
        #expect(try stand.cues().isEmpty)

        // Whoever comes is told all the same, once, and before the first frame.
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(try stand.snapshot().map(\.text) == ["second"])
        #expect(try stand.snapshot().map(\.seq) == [2])
        #expect(try stand.cues().isEmpty)
        #expect(try stand.insert(.message("third")).seq == 3)
    }

    // MARK: Refusals

    @Test(arguments: [
        AMF0Value.null, .undefined, .unsupported, .xml("x"), .longString("x"), .ecmaArray([]),
        .date(unixMs: 0, zone: 0), .typedObject(className: "C", []), .number(.nan),
        .number(.infinity), .strictArray([.number(1), .null]),
        .object([AMF0Property("inner", .undefined)]),
    ])
    func valuesThatPlayersChokeOnAreRefused(value: AMF0Value) throws {
        let stand = try Stand.onAir()
        let head = stand.programme.timeline.head
        let cue = Cue(.quiz, [AMF0Property("x", value)], keeping: .state(key: "k"))
        let refusal = #expect(throws: CueRefusal.self) { try stand.insert(cue) }
        guard case .unfitValue = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(stand.programme.timeline.head == head)
        #expect(try stand.snapshot().isEmpty)
        #expect(try stand.insert(.message("next")).seq == 1)
    }

    @Test func whatPlayersBearIsPassedAsItIs() throws {
        let stand = try Stand.onAir()
        let properties = [
            AMF0Property("number", .number(-1.5)), AMF0Property("flag", .boolean(true)),
            AMF0Property("text", .string("Wer weiß es? 🎺")), AMF0Property("none", .string("")),
            AMF0Property(
                "options", .strictArray([.string("a"), .object([AMF0Property("b", .number(1))])])),
            AMF0Property("object", .object([AMF0Property("list", .strictArray([]))])),
        ]
        try stand.insert(Cue(.quiz, properties, keeping: .event))
        let cue = try #require(try stand.cues().first)
        #expect(cue.name == "onQuiz")
        #expect(cue.object.properties.map { Array($0.dropFirst(2)) } == properties)
    }

    @Test func namesThatMisleadAreRefused() throws {
        let stand = try Stand.onAir()
        for name in ["seq", "pts"] {
            #expect(throws: CueRefusal.reservedName(name)) {
                try stand.insert(
                    Cue(.quiz, [AMF0Property(name, .number(1))], keeping: .event))
            }
        }
        #expect(throws: CueRefusal.namelessProperty) {
            let inner = AMF0Value.object([AMF0Property("", .number(1))])
            try stand.insert(Cue(.quiz, [AMF0Property("x", inner)], keeping: .event))
        }
        // Further in, the names are free.
        let inner = AMF0Value.object([AMF0Property("seq", .number(1))])
        try stand.insert(Cue(.quiz, [AMF0Property("x", inner)], keeping: .event))
    }

    @Test func aCueNestsEightDeepAndNoDeeper() throws {
        let stand = try Stand.onAir()
        var value = AMF0Value.number(1)
        for _ in 0..<7 { value = .strictArray([value]) }
        try stand.insert(Cue(.quiz, [AMF0Property("x", value)], keeping: .event))
        value = .object([AMF0Property("y", value)])
        #expect(throws: CueRefusal.tooDeep(limit: 8)) {
            try stand.insert(Cue(.quiz, [AMF0Property("x", value)], keeping: .event))
        }
    }

    @Test func aCueHasEightKilobytesAndNoMore() throws {
        let stand = try Stand.onAir()
        try stand.insert(.message(""))
        let own = try #require(try stand.timeline().last?.body.count)
        try stand.insert(.message(String(repeating: "x", count: 8_192 - own)))
        #expect(try stand.timeline().last?.body.count == 8_192)
        for count in [8_193 - own, 70_000] {
            let refusal = #expect(throws: CueRefusal.self) {
                try stand.insert(.message(String(repeating: "x", count: count)))
            }
            guard case .tooLarge(_, limit: 8_192) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
        }
        #expect(stand.programme.latestCue?.seq == 2)
    }

    @Test func keysAreShortAndThere() throws {
        let stand = try Stand.onAir()
        for key in ["", String(repeating: "k", count: 65)] {
            #expect(throws: CueRefusal.badKey(byteCountMax: 64)) {
                try stand.insert(.message("x", .state(key: key)))
            }
        }
        try stand.insert(.message("x", .state(key: String(repeating: "k", count: 64))))
    }

    @Test func everyRefusalSaysWhatToDo() {
        let refusals: [CueRefusal] = [
            .nothingShown(isKept: true), .nothingShown(isKept: false),
            .unfitValue(property: "x"), .namelessProperty, .reservedName("seq"),
            .tooDeep(limit: 8), .tooLarge(byteCount: 9, limit: 8), .badKey(byteCountMax: 64),
            .tooManyStates(limit: 16), .snapshotTooLarge(byteCount: 9, limit: 8),
            .heldUp,
        ]
        #expect(Set(refusals.map(\.description)).count == refusals.count)
        #expect(refusals.allSatisfy { $0.description.hasSuffix(".") })
    }
}
