// Whoever has something to say never waits for whoever reads it.

import Glibc
import Testing

@testable import Fanfare

@Suite(.timeLimit(.minutes(5))) struct OutputQueueTests {
    /// A pipe that nobody reads unless told to.
    private final class Pipe: Sendable {
        let reading: CInt
        let writing: CInt

        init(isNonBlocking: Bool = false) throws {
            var ends: [CInt] = [0, 0]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
            if isNonBlocking { _ = fcntl(writing, F_SETFL, O_NONBLOCK) }
        }

        /// Reads until the words have come.
        func text(upTo words: String) -> String { text { $0.contains(words) } }

        /// Reads until there is enough.
        func text(until isEnough: (String) -> Bool) -> String {
            var text = ""
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while !isEnough(text) {
                let count = read(reading, &buffer, buffer.count)
                guard count > 0 else { break }
                text += String(decoding: buffer[..<count], as: UTF8.self)
            }
            return text
        }
    }

    private func queue(on descriptor: CInt, byteCountMax: Int = 1 << 20) throws -> OutputQueue {
        try OutputQueue(descriptor: descriptor, name: "test", byteCountMax: byteCountMax) {
            "lost \($0)\n"
        }
    }

    @Test func linesComeInOrder() throws {
        let pipe = try Pipe()
        let queue = try queue(on: pipe.writing)
        for index in 0..<1_000 { queue.offer("line \(index)\n") }
        queue.offer("end\n")
        let text = pipe.text(upTo: "end\n")
        #expect(text == (0..<1_000).map { "line \($0)\n" }.joined() + "end\n")
        #expect(queue.flush(withinMs: 60_000))
        #expect(queue.counts == OutputQueue.Counts(writtenCount: 1_001))
    }

    @Test(arguments: [false, true])
    func aPipeThatNobodyReadsHoldsNobodyUpAndItsLossesAreSaid(isNonBlocking: Bool) throws {
        let pipe = try Pipe(isNonBlocking: isNonBlocking)
        let queue = try queue(on: pipe.writing, byteCountMax: 100_000)
        // Far more than the pipe and the queue hold; the test would never end if an offer waited.
        let line = String(repeating: "x", count: 999) + "\n"
        for _ in 0..<1_000 { queue.offer(line) }
        #expect(!queue.flush(withinMs: 0))
        let lostCount = queue.counts.lostCount
        #expect(lostCount >= 1_000 - 300 && queue.counts.lostAtMs != nil)

        // The losses may be said in parts: what the writer has said is no longer owed.
        func saidCount(_ text: String) -> UInt64 {
            text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .filter { $0.hasPrefix("lost ") }.reduce(0) { $0 + (UInt64($1.dropFirst(5)) ?? 0) }
        }
        let text = pipe.text { saidCount($0) >= lostCount }
        #expect(saidCount(text) == lostCount)
        let kept = text.split(separator: "\n").filter { $0.utf8.count == 999 }.count
        #expect(kept + Int(lostCount) == 1_000)
        queue.offer("and on it goes\n")
        #expect(pipe.text(upTo: "goes\n") == "and on it goes\n")
        #expect(queue.flush(withinMs: 60_000))
        #expect(queue.counts.lostCount == lostCount)
    }

    @Test func whatTakesNothingLosesLinesAndEndsNothing() throws {
        // As a terminal that is gone, or a disk that is full.
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        let queue = try queue(on: full)
        for _ in 0..<10 {
            queue.offer("a line\n")
            #expect(queue.flush(withinMs: 60_000))
        }
        #expect(queue.counts.writtenCount == 0 && queue.counts.lostCount == 10)

        // It has room again: what is missing is said where it is missing.
        let pipe = try Pipe()
        try #require(dup2(pipe.writing, full) == full)
        queue.offer("the eleventh\n")
        #expect(pipe.text(upTo: "eleventh\n") == "lost 10\nthe eleventh\n")
        #expect(queue.flush(withinMs: 60_000))
        #expect(queue.counts.writtenCount == 1)
    }
}
