// A check beside a server that runs: its ports are its own, and nobody else's are.

import FoundationEssentials
import Glibc
import Settings
import TestSupport
import Testing
import WireBytes

@testable import Fanfare

@Suite struct RunningServerTests {
    private func listening() throws -> (descriptor: CInt, address: IPEndpoint) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16 = try withUnsafeMutablePointer(to: &name) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(listener, pointer, byteCount) == 0)
                try #require(listen(listener, 1) == 0)
                try #require(getsockname(listener, pointer, &byteCount) == 0)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        return (listener, IPEndpoint(.loopback, port: port))
    }

    private func verdict(_ address: IPEndpoint, beside server: RunningServer?) -> CheckResult {
        PortCheck.result(SettingsCatalog.shared.http, address, beside: server)
    }

    @Test func itsPortsAreInUseByIt() throws {
        let (listener, address) = try listening()
        defer { close(listener) }
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "ledger.lock")
        #expect(RunningServer(dataPath: folder.path) == nil, "a lock that nobody holds")

        let lock = open(path, O_RDWR | O_CLOEXEC)
        try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
        defer { close(lock) }
        let server = try #require(RunningServer(dataPath: folder.path))
        #expect(server.process == Int(getpid()))
        let own = verdict(address, beside: server)
        #expect(own.verdict == .ok)
        #expect(own.found == "\(address), in use by the running server (process \(getpid()))")
        #expect(verdict(address, beside: nil).verdict == .fail)
    }

    @Test func whatAnotherProgramHasIsTaken() throws {
        let (listener, address) = try listening()
        defer { close(listener) }
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "ledger.lock")
        // The lock is another process's, and so the port isn't its.
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        var words: [CInt] = [0, 0]
        try #require(pipe(&words) == 0)
        for end in ends + words { try #require(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
        // It keeps the lock itself while its own child waits.
        let script = "exec flock -n '\(path)' sh -c 'echo held; exec cat >/dev/null'"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_adddup2(&actions, words[1], 1)
        let arguments = ["/bin/sh", "-c", script]
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var holder: pid_t = 0
        try #require(
            posix_spawn(&holder, "/bin/sh", &actions, nil, &pointers, environ) == 0)
        close(ends[0])
        close(words[1])
        defer {
            close(ends[1])
            close(words[0])
            var status: CInt = 0
            waitpid(holder, &status, 0)
        }
        var said = [UInt8](repeating: 0, count: 16)
        let count = read(words[0], &said, said.count)
        try #require(String(decoding: said.prefix(max(count, 0)), as: UTF8.self) == "held\n")

        let server = try #require(RunningServer(dataPath: folder.path))
        #expect(server.process != Int(getpid()))
        let result = verdict(address, beside: server)
        #expect(result.verdict == .fail && result.found.contains("taken by another program"))
    }
}
