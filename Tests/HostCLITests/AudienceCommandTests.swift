// What the commands about the audience take and say.

import ArgumentParser
import ControlRoom
import Testing

@testable import HostCLI

@Suite struct AudienceCommandTests {
    @Test(arguments: [
        ("90s", 90), ("30m", 1_800), ("2h", 7_200), ("7d", 604_800), ("", nil), ("h", nil),
        ("2", nil), ("0s", nil), ("-1h", nil), ("9223372036854775807d", nil), ("1.5h", nil),
    ])
    func timesAreReadAsPeopleWriteThem(text: String, seconds: Int?) {
        #expect(SpanArgument(argument: text)?.seconds == seconds)
    }

    @Test func aBanIsUnderstood() throws {
        let ban = try Ban.parse(["203.0.113.9/24", "--for", "2h", "--reason", "floods"])
        #expect(ban.address.range.description == "203.0.113.0/24")
        #expect(ban.span?.seconds == 7_200 && ban.reason == "floods")
        #expect(throws: (any Error).self) { try Ban.parse(["somewhere.example"]) }
        #expect(throws: (any Error).self) { try Ban.parse(["203.0.113.7", "--for", "soon"]) }
    }

    @Test func aPublisherIsKickedAsStreamOffDoes() throws {
        let kick = try KickPublisher.parse(["show"])
        #expect(kick.stream == "show")
        #expect(throws: (any Error).self) { try KickPublisher.parse(["a stream"]) }
    }

    @Test func viewersAreLines() {
        let viewers = [
            ViewerLine(
                id: "0-1-2", address: "203.0.113.7", stream: "show", agent: "VLC",
                show: "final", player: "ada", name: "Ada", watchedMs: 5_000, behindMs: 120,
                bytes: 123_456)
        ]
        let text = Viewers.text(of: ViewerList(count: 9, viewers: viewers))
        #expect(
            text == """
                0-1-2: 203.0.113.7 watches show, for 5 s, 120 ms behind, 123 kB, \
                plays final as Ada (ada), VLC
                1 of 9 are shown

                """)
        #expect(Viewers.text(of: ViewerList(count: 0, viewers: [])) == "nobody watches\n")
    }

    @Test func bansAreLines() {
        let ban = AddressBan(
            address: "203.0.113.7", reason: "floods", by: "di", atMs: 1_764_000_000_000,
            untilMs: 1_764_007_200_000)
        #expect(
            Bans.text(of: [ban])
                == "203.0.113.7: by di, since 2025-11-24 16:00:00 until 2025-11-24 18:00:00: floods\n"
        )
        #expect(Bans.text(of: []) == "no address is banned\n")
    }

    @Test func whatOthersWriteSteersNoTerminal() {
        let text = "a\u{1B}[2Jb\0c\nd\u{202E}e\u{9B}f\u{2028}g"
        let shown = #"a [2Jb c d\u{202E}e f\u{2028}g"#
        let ban = AddressBan(
            address: "203.0.113.7", reason: text, by: text, atMs: 0, untilMs: nil)
        let callback = CallbackRecord(
            number: 1, id: "", event: text, url: text, body: "", createdAtMs: 0, attempts: 2,
            isDead: true, failure: text)
        let viewer = ViewerLine(
            id: "0-1-2", address: "203.0.113.7", stream: "show", agent: text,
            show: "final", player: text, name: text, watchedMs: 0, behindMs: 0, bytes: 0)
        let lists = [
            Bans.text(of: [ban]),
            Audit.text(of: [AuditLine(atMs: 0, by: text, command: "ban", text: text)]),
            CallbackList.text(
                of: CallbackReport(waiting: 0, dead: 0, callbacks: [callback])
            ).replacing("0 to be told, 0 given up\n", with: ""),
            Viewers.text(of: ViewerList(count: 1, viewers: [viewer])),
            Reload.text(of: ReloadReport(source: "f", taken: [], waiting: [], warnings: [text]))
                .replacing("read again: f\n  nothing has changed\n", with: ""),
        ]
        for list in lists {
            #expect(list.contains(shown) && list.dropLast().allSatisfy { !$0.isNewline }, "\(list)")
            #expect(list.hasSuffix("\n"))
        }
        #expect(TerminalText.lines("a\nb\u{1B}") == "a\nb ")
        // Joined pictures and accents stay what they are.
        #expect(TerminalText.plain("👩‍👩‍👧 é") == "👩‍👩‍👧 é")
    }
}
