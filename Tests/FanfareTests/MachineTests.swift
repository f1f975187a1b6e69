// What is concluded from a machine's facts, and that this machine's own can be had.

import FoundationEssentials
import Glibc
import Settings
import TestSupport
import Testing
import WireBytes

@testable import Fanfare

@Suite struct MachineTests {
    private let good = MachineFacts(
        kernel: KernelRelease(major: 6, minor: 1), ringsDisabled: 0, isSeccompFiltered: false,
        coreCount: 2, lockedByteCountMax: nil, descriptorCountMax: 65_536,
        memoryByteCount: 8 << 30, tcpByteCountMax: 1 << 30, acceptQueueMax: 4_096)

    private func results(_ facts: MachineFacts, ringFailure: String? = nil) throws -> [CheckResult]
    {
        let settings = try loadSettings(flags: ["shards": "2"], environment: [:])
        return MachineChecks.results(facts, settings: settings, ringFailure: ringFailure)
    }

    @Test func aGoodMachineIsAllWell() throws {
        let results = try results(good)
        #expect(results.allSatisfy { $0.verdict == .ok && $0.advice == nil })
        #expect(CheckResult.summary(results) == "go\n")
    }

    @Test func eachThingThatIsMissingIsFoundWithItsCure() throws {
        var old = good
        old.kernel = KernelRelease(major: 5, minor: 15)
        let kernel = try #require(try results(old).first { $0.verdict == .fail })
        #expect(kernel.found == "Linux 5.15" && kernel.advice?.contains("6.1") == true)

        func said(_ minor: Int) throws -> String? {
            var facts = good
            facts.kernel = KernelRelease(major: 6, minor: minor)
            return try results(facts).first { $0.name == "kernel" }?.found
        }
        #expect(try said(8) == "Linux 6.8")
        #expect(try said(7)?.contains("half a second of lag") == true)

        let ring = try results(good, ringFailure: "io_uring_disabled is 2; run: sysctl")
        #expect(
            ring.first { $0.verdict == .fail }
                == .fail(
                    "io_uring", "not usable", advice: "io_uring_disabled is 2; run: sysctl"))

        var small = good
        small.descriptorCountMax = 1_024
        small.lockedByteCountMax = 64 << 10
        small.acceptQueueMax = 128
        small.tcpByteCountMax = 64 << 20
        small.halfOpenCountMax = 128
        small.hasSynCookies = false
        let warnings = try results(small).filter { $0.verdict == .warn }
        let names = ["memlock", "descriptors", "accept queue", "half-open", "TCP memory"]
        #expect(warnings.map(\.name) == names)
        #expect(warnings.allSatisfy { $0.advice != nil })
    }

    @Test func tooLittleMemoryForTheStreamsFails() throws {
        var tiny = good
        tiny.memoryByteCount = 256 << 20
        #expect(try results(tiny).contains { $0.name == "memory" && $0.verdict == .fail })
        tiny.memoryByteCount = 400 << 20
        #expect(try results(tiny).contains { $0.name == "memory" && $0.verdict == .warn })
    }

    @Test func theLeastLimitDecidesHowManyViewersFit() throws {
        let settings = try loadSettings(flags: ["shards": "2"], environment: [:])
        var facts = good
        #expect(ViewerCost.viewerCountMax(facts, settings).limitedBy == "processors (at 1 Mbit/s)")
        facts.descriptorCountMax = 1_000
        #expect(ViewerCost.viewerCountMax(facts, settings) == (2_000, "descriptors"))
        facts.memoryByteCount = (512 << 20) + (16 << 20)
        #expect(ViewerCost.viewerCountMax(facts, settings) == (1_024, "memory"))
        facts.memoryByteCount = 0
        #expect(ViewerCost.viewerCountMax(facts, settings) == (0, "memory"))
        facts = good
        facts.descriptorCountMax = .max
        #expect(ViewerCost.viewerCountMax(facts, settings).count == 50_000)
    }

    @Test func moreViewersThanTheMachineHoldsIsAWarning() throws {
        let settings = try loadSettings(
            flags: ["shards": "2", "viewers.max": "1000000"], environment: [:])
        let result = MachineChecks.viewers(good, settings)
        #expect(result.verdict == .warn)
        #expect(result.advice?.contains("1000000") == true)
    }

    @Test(arguments: [
        ("6.1.0-25-amd64", 6, 1), ("6.18.44-fc-v595", 6, 18), ("10.0-rc1", 10, 0), ("6.1", 6, 1),
    ])
    func kernelReleasesAreRead(text: String, major: Int, minor: Int) throws {
        let release = try #require(KernelRelease(parsing: text))
        #expect(release == KernelRelease(major: major, minor: minor))
        #expect(release >= .required)
    }

    @Test func oldAndOddReleasesAreNot() throws {
        #expect(try #require(KernelRelease(parsing: "5.19.0")) < .required)
        #expect(KernelRelease(parsing: "linux") == nil)
        #expect(KernelRelease(parsing: "6.") == nil)
    }

    @Test func thisMachineHasFacts() {
        let facts = MachineFacts.gathered()
        #expect(facts.kernel.major >= 5)
        #expect(facts.coreCount >= 1)
        #expect(facts.descriptorCountMax >= 64)
        #expect(facts.memoryByteCount > 64 << 20)
        #expect(!OwnAddress.likely().isEmpty)
    }

    // MARK: Places

    @Test func aTakenPortIsFoundAndAFreeOneToo() throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        try #require(listener >= 0)
        defer { close(listener) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16 = try unsafe withUnsafeMutablePointer(to: &name) { pointer in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(unsafe bind(listener, pointer, byteCount) == 0)
                try #require(listen(listener, 1) == 0)
                try #require(unsafe getsockname(listener, pointer, &byteCount) == 0)
            }
            return unsafe UInt16(bigEndian: pointer.pointee.sin_port)
        }
        let taken = IPEndpoint(.loopback, port: port)
        let result = PortCheck.result(SettingsCatalog.shared.http, taken)
        #expect(result.verdict == .fail)
        #expect(result.found.contains("taken") && result.advice?.contains("--http") == true)

        let flags = ["http": "\(taken)", "rtmp": "127.0.0.1:0", "staff": "127.0.0.1:0"]
        let error = #expect(throws: PortError.self) {
            try Startup.checkPorts(try loadSettings(flags: flags, environment: [:]))
        }
        #expect(error?.description.contains("\(taken) is taken by another program; find") == true)

        let free = try #require(IPEndpoint(host: "127.0.0.2", port: port))
        #expect(PortCheck.result(SettingsCatalog.shared.http, free).verdict == .ok)
        let foreign = try #require(IPEndpoint(host: "192.0.2.1", port: port))
        #expect(PortCheck.result(SettingsCatalog.shared.rtmp, foreign).verdict == .fail)
        let any = IPEndpoint(.any, port: 0)
        #expect(PortCheck.result(SettingsCatalog.shared.rtmp, any).verdict == .ok)
    }

    @Test func theDataFolderIsLookedAtButNotMade() throws {
        let folder = try TemporaryFolder()
        let there = DataFolderCheck.result(path: folder.path)
        #expect(there.verdict != .fail && !there.found.contains("will be created"))
        chmod(folder.path, 0o755)
        #expect(DataFolderCheck.result(path: folder.path).advice?.contains("chmod") == true)
        chmod(folder.path, 0o700)
        let later = DataFolderCheck.result(path: "\(folder.path)/a/b")
        #expect(later.verdict != .fail && later.found.contains("will be created"))
        #expect(try folder.names().isEmpty)
        let file = try folder.write("", to: "file")
        #expect(DataFolderCheck.result(path: file).verdict == .fail)
        #expect(DataFolderCheck.result(path: "\(file)/data").verdict == .fail)
    }

    // MARK: Words

    @Test func theTableIsAligned() {
        let table = CheckResult.table([
            .ok("kernel", "Linux 6.1"), .fail("io_uring", "not usable", advice: "do this"),
        ])
        #expect(
            table == """
                 ok    kernel    Linux 6.1
                 fail  io_uring  not usable
                                 → do this

                """)
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (1_023, "1023 bytes"), (1_536, "1.5 KB"), (64 << 20, "64 MB"),
            (23 << 30, "23 GB"), (UInt64.max, "16777216 TB"),
        ] as [(UInt64, String)])
    func byteCountsAreReadable(count: UInt64, text: String) {
        #expect(ByteText.of(count) == text)
    }
}
