// A process that a test starts, reads from, and always ends.

import Foundation

/// What a process has written so far.
final class ProcessText: Sendable {
    private let state = Monitor((text: "", isClosed: false))

    /// Reads the descriptor to its end on a thread of its own, then closes it.
    init(readingFrom descriptor: CInt) {
        Thread.detachNewThread { [state] in
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                let piece = String(decoding: buffer[..<count], as: UTF8.self)
                state.withLock { $0.text += piece }
            }
            close(descriptor)
            state.withLock { $0.isClosed = true }
        }
    }

    /// All of it up to now.
    var text: String { state.withLock { $0.text } }

    /// Waits until it contains the words; not longer than the process lives.
    func wait(for words: String, within seconds: Double = 15) throws {
        _ = state.wait(within: seconds) { $0.text.contains(words) || $0.isClosed }
        guard text.contains(words) else {
            throw TestFailure.timedOut(waitingFor: "\"\(words)\" in:\n\(text)")
        }
    }

    /// Waits until the process has closed it.
    func waitForEnd(within seconds: Double = 5) {
        _ = state.wait(within: seconds) { $0.isClosed }
    }
}

/// A running process.
final class ChildProcess: Sendable {
    /// How it ended.
    enum End: Equatable {
        case exit(code: CInt)
        case signal(CInt)
    }

    let name: String
    let pid: pid_t
    let output: ProcessText
    let errors: ProcessText
    private let isAtTerminal: Bool
    private let state = Monitor<End?>(nil)

    /// Starts a program, found by its path or in PATH.
    ///
    /// - Parameter terminal: what it has for keyboard and screen; then `output` is what it draws.
    init(_ program: String, _ arguments: [String], terminal: PseudoTerminal? = nil) throws {
        isAtTerminal = terminal != nil
        name = program.split(separator: "/").last.map(String.init) ?? program
        let outputPipe = try Self.pipe()
        let errorPipe = try Self.pipe()
        defer {
            close(outputPipe.write)
            close(errorPipe.write)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let terminal {
            posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, outputPipe.write, 1)
        }
        posix_spawn_file_actions_adddup2(&actions, errorPipe.write, 2)
        // A new thread of ours may have signals blocked; a shell's children have none.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = Self.environment.map { strdup($0) }
        defer { for word in words + variables { free(word) } }
        words.append(nil)
        variables.append(nil)
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, program, &actions, &attributes, words, variables)
        guard code == 0 else {
            close(outputPipe.read)
            close(errorPipe.read)
            throw TestFailure.system(call: "starting \(program)", errno: code)
        }
        self.pid = pid
        if let terminal {
            close(outputPipe.read)
            output = ProcessText(readingFrom: dup(terminal.descriptor))
        } else {
            output = ProcessText(readingFrom: outputPipe.read)
        }
        errors = ProcessText(readingFrom: errorPipe.read)
        Thread.detachNewThread { [self] in reap() }
    }

    /// Waits for its end, and for all that it has said; nil if it is still running then.
    func waitForEnd(within seconds: Double) -> End? {
        guard state.wait(within: seconds, until: { $0 != nil }) else { return nil }
        // A terminal stays open.
        if !isAtTerminal { output.waitForEnd() }
        errors.waitForEnd()
        return state.withLock { $0 }
    }

    /// Sends it a signal, if it still runs.
    func signal(_ number: CInt) {
        // It isn't reaped while the lock is held, so the pid is still its own.
        state.withLock { if $0 == nil { _ = kill(pid, number) } }
    }

    /// Ends it, if it still runs, and waits until it has.
    func end() {
        signal(SIGKILL)
        _ = waitForEnd(within: 10)
    }

    private func reap() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        state.withLock { end in
            var status: CInt = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let number = status & 0x7F
            end = number == 0 ? .exit(code: (status >> 8) & 0xFF) : .signal(number)
        }
    }

    /// Ours, without settings of Fanfare that would get in a test's way.
    private static let environment = ProcessInfo.processInfo.environment
        .filter { !$0.key.hasPrefix("FANFARE_") }.map { "\($0.key)=\($0.value)" }

    private static func pipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [0, 0]
        // A pipe of Swift's Glibc can't be closed to other children at once; this can.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw TestFailure.system(call: "socketpair", errno: errno)
        }
        return (ends[0], ends[1])
    }
}
