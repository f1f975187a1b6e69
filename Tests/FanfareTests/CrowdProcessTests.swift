// A crowd's process: what it says, how it ends, and what is left where there is none.

import FoundationEssentials
import Glibc
import Testing

@testable import Fanfare

@Suite(.timeLimit(.minutes(5))) struct CrowdProcessTests {
    private func run(
        _ script: String, meanwhile: (CrowdProcess) -> Void = { _ in }
    ) async throws -> CrowdProcess.Output {
        let (outputs, continuation) = AsyncStream<CrowdProcess.Output>.makeStream()
        let crowd = try CrowdProcess(path: "/bin/sh", arguments: ["-c", script]) {
            continuation.yield($0)
            continuation.finish()
        }
        meanwhile(crowd)
        return try #require(await outputs.first { _ in true })
    }

    @Test func bothThatItSaysAreReadToTheEnd() async throws {
        let output = try await run("echo going >&2; echo report; exit 3")
        #expect(output.report == Array("report\n".utf8))
        #expect(output.log == Array("going\n".utf8))
        #expect(output.status.map { ($0 >> 8) & 0xFF } == 3)
    }

    @Test func aLongLogKeepsItsNewest() async throws {
        let output = try await run("seq 1 20000 >&2; echo end >&2")
        #expect(output.log.count == CrowdProcess.logByteCountMax)
        #expect(output.log.suffix(4) == Array("end\n".utf8)[...])
    }

    @Test func itIsEndedWhenItIsStopped() async throws {
        // It would wait for a line that never comes.
        let output = try await run("read line") { $0.stop() }
        #expect(output.status.map { $0 & 0x7F } == SIGKILL)
    }

    @Test func ofAProgramThatIsntThereNothingIsLeft() throws {
        func descriptorCount() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        }
        let former = try descriptorCount()
        let tries = 200
        for _ in 0..<tries {
            #expect(throws: CrowdProcessError.self) {
                try CrowdProcess(path: "/nowhere/fanfare", arguments: []) { _ in }
            }
        }
        // Other tests open some meanwhile; these would have left one each at the least.
        #expect(try descriptorCount() < former + tries)
    }
}
