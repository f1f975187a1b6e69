// A record is one line of bounded length, whatever is in it.

import FoundationEssentials
import Logging
import Settings
import Synchronization
import Testing

@testable import Fanfare

@Suite struct LogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func logged(
        level: Logger.Level = .info, format: LogFormat = .text, _ log: (Logger, LogSink) -> Void
    ) -> [String] {
        let lines = Lines()
        let sink = LogSink(level: level, format: format) { line in
            lines.all.withLock { $0.append(line) }
        }
        log(Logger(label: "ingest", factory: sink.factory), sink)
        return lines.all.withLock { $0 }
    }

    @Test func aRecordHasTimeLevelLabelWordsAndMetadata() throws {
        let lines = logged { logger, _ in
            var logger = logger
            logger[metadataKey: "stream"] = "show"
            logger.warning("the publisher is gone", metadata: ["after": "3 s", "a": "1"])
        }
        let line = try #require(lines.first)
        let pattern =
            #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning ingest: the publisher is gone (.*)\n/#
        let match = try #require(line.wholeMatch(of: pattern))
        #expect(match.1 == #"a=1 after="3 s" stream=show"#)
        #expect(lines.count == 1)
    }

    @Test func nothingFromOutsideCanForgeALineOrHideInOne() throws {
        let lines = logged { logger, _ in
            logger.error(
                "bad app\nerror forged \u{202E}txet\u{200B}",
                metadata: ["name": "x\r\n\u{1B}[2J\u{2028}\u{85} \"y\" \\", "key\n2": "1"])
        }
        let line = try #require(lines.first)
        let words =
            #"bad app\nerror forged \u{202E}txet\u{200B} key\n2=1 "#
            + #"name="x\r\n\u{1B}[2J\u{2028}\u{85} \"y\" \\"# + "\"\n"
        #expect(line.hasSuffix(words), "\(line)")
        #expect(line.count { $0.isNewline } == 1)
    }

    @Test func textOfOrdinaryPeopleStaysAsItIs() throws {
        let lines = logged { logger, _ in
            logger.info("show finale: Zoë 🎉 joined C:\\temp", metadata: ["name": "日本語"])
        }
        let line = try #require(lines.first)
        #expect(line.hasSuffix("show finale: Zoë 🎉 joined C:\\temp name=日本語\n"))
    }

    @Test(arguments: ["x", "\u{1B}", "é", "\"", "\\", "👩‍👩‍👧"])
    func aLineIsNeverLongAndSaysWhatIsMissing(_ unit: String) throws {
        let text = String(repeating: unit, count: 65_536)
        let lines = logged { logger, _ in
            logger.warning("\(text)", metadata: ["one": "\(text)", "two": "\(text)"])
            logger.warning(
                "many",
                metadata: Dictionary(
                    uniqueKeysWithValues: (0..<100).map { ("key\($0)", "\(text)") }))
        }
        #expect(lines.count == 2)
        for line in lines {
            #expect(line.utf8.count <= LogLimits.lineByteCountMax)
            #expect(line.contains(" bytes more)"))
        }
        #expect(lines[1].hasSuffix(" …\n"))
        let shown = LogText.visible(
            String(repeating: "a", count: 3_000), byteCountMax: LogLimits.messageByteCountMax)
        #expect(shown.hasSuffix("aaa… (952 bytes more)"))
    }

    @Test func theLevelDecidesAndCanChangeWhileLoggersAreInUse() {
        let lines = logged(level: .warning) { logger, sink in
            logger.info("no")
            logger.error("yes")
            sink.level = .debug
            logger.debug("now")
            var own = logger
            own.logLevel = .critical
            own.error("not by its own level")
        }
        #expect(lines.count == 2)
    }

    /// A line as programs read it.
    private struct Record: Decodable {
        var time: String
        var level: String
        var label: String
        var message: String
        var metadata: [String: String]?
        var metadataLeftOut: Int?
    }

    private func records(_ lines: [String]) throws -> [Record] {
        try lines.map { line in
            #expect(line.hasSuffix("}\n") && line.count { $0.isNewline } == 1)
            #expect(line.utf8.count <= LogLimits.lineByteCountMax)
            return try JSONDecoder().decode(Record.self, from: Data(line.utf8))
        }
    }

    @Test func programsGetAnObjectALine() throws {
        let hostile = "bad \"app\"\n\\ \u{202E}txet\u{200B}\u{1B}[2J é 🎉 \u{E0001}\t"
        let lines = logged(format: .json) { logger, _ in
            logger.info("plain")
            logger.error("\(hostile)", metadata: ["name": "\(hostile)", "a\nb": "1"])
        }
        let records = try records(lines)
        #expect(records[0].message == "plain" && records[0].metadata == nil)
        #expect(records[0].time.contains(#/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/#))
        #expect(records[1].level == "error" && records[1].label == "ingest")
        #expect(records[1].message == hostile)
        #expect(records[1].metadata == ["name": hostile, "a\nb": "1"])
        // Nor does it steer a terminal where eyes look at it.
        let unseen = lines[1].dropLast().unicodeScalars.filter {
            [.control, .format].contains($0.properties.generalCategory)
        }
        #expect(unseen.isEmpty)
    }

    @Test(arguments: ["x", "\u{1B}", "é", "\"", "\\", "\u{E0001}"])
    func anObjectStaysOneHoweverMuchIsInIt(_ unit: String) throws {
        let text = String(repeating: unit, count: 65_536)
        let lines = logged(format: .json) { logger, _ in
            logger.warning("\(text)", metadata: ["one": "\(text)", "two": "\(text)"])
            logger.warning(
                "many",
                metadata: Dictionary(
                    uniqueKeysWithValues: (0..<100).map { ("\(unit)key\($0)", "\(text)") }))
        }
        let records = try records(lines)
        #expect(records[0].message.contains(" bytes more)"))
        let shown = try #require(records[1].metadata).count
        #expect(shown > 3 && shown + (records[1].metadataLeftOut ?? 0) == 100)
    }
}
