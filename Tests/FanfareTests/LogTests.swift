// A record is one line, whatever is in it.

import Logging
import Synchronization
import Testing

@testable import Fanfare

@Suite struct LogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func logged(
        level: Logger.Level = .info, _ log: (Logger) -> Void
    ) -> [String] {
        let lines = Lines()
        let logger = Logger(label: "ingest") { label in
            StandardErrorLogHandler(label: label, level: level) { line in
                lines.all.withLock { $0.append(line) }
            }
        }
        log(logger)
        return lines.all.withLock { $0 }
    }

    @Test func aRecordHasTimeLevelLabelWordsAndMetadata() throws {
        let lines = logged { logger in
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

    @Test func nothingFromOutsideCanForgeALine() throws {
        let lines = logged { logger in
            logger.error(
                "bad app\nerror forged", metadata: ["name": "x\r\n\u{1B}[2J\u{2028}\u{85} \"y\""])
        }
        let line = try #require(lines.first)
        #expect(line.hasSuffix("bad app error forged name=\"x   [2J   \\\"y\\\"\"\n"))
        #expect(line.count { $0.isNewline } == 1)
    }

    @Test func theLevelDecides() {
        let lines = logged(level: .warning) { logger in
            logger.info("no")
            logger.error("yes")
        }
        #expect(lines.count == 1)
    }
}
