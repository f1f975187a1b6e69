// A rehearsal that a server has started: its report as the console wants it, and its end with the server.

import ControlRoom
import FoundationEssentials
import Glibc
import IORing

/// What holds a rehearsal to the server that has started it.
enum ConsoleLeash {
    /// From now on the process ends when its standard input does: the server holds the other end, and
    /// lets go of it however it ends. A rehearsal that can't be held so must not begin.
    static func tie() throws(RingError) {
        _ = try PlainThread(name: "leash") {
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(STDIN_FILENO, &byte, 1)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { _exit(1) }
            }
        }
    }
}

extension CrowdReport.Delay {
    init(_ delays: RehearsalReport.Delays) {
        func rounded(_ ms: Double) -> Double { ms.isFinite ? (ms * 10).rounded() / 10 : 0 }
        self.init(
            p50: rounded(delays.p50Ms), p99: rounded(delays.p99Ms), max: rounded(delays.maxMs))
    }
}

extension CrowdReport {
    init(_ report: RehearsalReport) {
        self.init(
            isClean: report.isClean, joined: report.joined, watchingAtEnd: report.watching,
            refused: report.refused, lost: report.lost, stalled: report.stalled,
            wrongBytes: report.wrong,
            gigabitsPerSecond: (report.gigabitsPerSecond * 1_000).rounded() / 1_000,
            startUpMs: Delay(report.startUp), delayMs: Delay(report.delay),
            players: report.quiz.map { quiz in
                Players(
                    count: quiz.players, answered: quiz.answers, receipts: quiz.accepted,
                    lostReceipts: quiz.withoutReceipt + quiz.missing, refused: quiz.refused,
                    receiptMs: Delay(quiz.receipts))
            }, text: report.text)
    }

    /// For the server; one line.
    var json: String {
        // Nothing in it can refuse to be encoded.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
