// Failures name their cause and their cure.

import Glibc
import IORing
import Testing
import WireBytes

@Suite struct RingErrorTests {
    @Test(arguments: [
        (RingError.setup(errno: EPERM, disabledSetting: 2), "sysctl -w kernel.io_uring_disabled=0"),
        (.setup(errno: EPERM, disabledSetting: 1), "kernel.io_uring_group"),
        (.setup(errno: EPERM, disabledSetting: 0), "seccomp"),
        (.setup(errno: EACCES, disabledSetting: nil), "seccomp"),
        (.setup(errno: ENOSYS, disabledSetting: nil), "6.1 or newer"),
        (.setup(errno: EINVAL, disabledSetting: nil), "too old"),
        (.setup(errno: ENOMEM, disabledSetting: nil), "ulimit -l"),
        (.setup(errno: EMFILE, disabledSetting: nil), "ulimit -n"),
        (.setup(errno: EIO, disabledSetting: nil), "6.1 or newer"),
        (.directDescriptors(count: 30_000, errno: EMFILE), "ulimit -n 30000"),
        (.directDescriptors(count: 8, errno: EINVAL), "6.1 or newer"),
        (.buffers(byteCount: 4_096, errno: ENOMEM), "LimitMEMLOCK=infinity"),
        (.enter(errno: EBADF), "io_uring_enter"),
    ])
    func namesTheCure(error: RingError, cure: String) {
        #expect(error.description.contains(cure), "\(error)")
    }

    @Test func namesTheErrorNumberWhereItIsAUsualOne() {
        #expect(errorText(EADDRINUSE).hasPrefix("EADDRINUSE ("))
        #expect(!errorText(EIO).isEmpty)
    }

    @Test(
        .enabled(if: Kernel.hasRing, Kernel.reason),
        .enabled(if: Kernel.descriptorCountMax < 1 << 20, "RLIMIT_NOFILE is a million here"))
    func aTableBeyondTheDescriptorLimitIsRefusedWithTheCure() {
        let count = Kernel.descriptorCountMax + 1
        #expect(throws: RingError.directDescriptors(count: count, errno: EMFILE)) {
            _ = try Ring(entries: 8, completions: 16, slots: count)
        }
    }

    @Test(.enabled(if: Kernel.hasRing, Kernel.reason))
    func aPortThatIsTakenIsRefusedInWords() throws {
        let address = try #require(IPEndpoint(host: "127.0.0.1", port: 0))
        let first = try Listener(address: address, options: ListenerOptions())
        #expect(first.address.port != 0)
        do {
            let second = try Listener(address: first.address, options: ListenerOptions())
            Issue.record("a second listener on \(second.address)")
        } catch {
            #expect(error.errno == EADDRINUSE)
            #expect(error.description.contains("another program listens there"))
            #expect(error.description.contains("\(first.address)"))
        }
    }

    @Test func shardsShareAPort() throws {
        let address = try #require(IPEndpoint(host: "127.0.0.1", port: 0))
        var options = ListenerOptions()
        options.sharesPort = true
        let first = try Listener(address: address, options: options)
        let second = try Listener(address: first.address, options: options)
        #expect(second.address == first.address)
        #expect(second.descriptor != first.descriptor)
    }

    @Test func anAddressThatIsNotOursIsRefusedInWords() throws {
        let address = try #require(IPEndpoint(host: "192.0.2.1", port: 0))
        do {
            let listener = try Listener(address: address, options: ListenerOptions())
            Issue.record("a listener on \(listener.address)")
        } catch {
            #expect(error.errno == EADDRNOTAVAIL)
            #expect(error.description.contains("no such address"))
        }
    }

    @Test func aTokenKeepsItsThreeParts() {
        let token = Token(operation: 200, generation: 0xABCD_EF12, slot: 4_000_000_000)
        #expect(token.operation == 200)
        #expect(token.generation == 0xCD_EF12)
        #expect(token.slot == 4_000_000_000)
        #expect(Token(rawValue: token.rawValue) == token)
    }
}
