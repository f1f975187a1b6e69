// One crowd in a process of its own, from the start to its report.

import CMachine
import Glibc
import IORing
import Settings
import Synchronization

/// A child process: what it says is read to its end, and it ends when this lets go of it.
final class CrowdProcess: Sendable {
    /// What it said so far, and how it ended.
    struct Output: Sendable {
        /// The newest of its progress.
        var log: [UInt8] = []
        /// Its report.
        var report: [UInt8] = []
        /// Nil as long as it runs.
        var status: CInt?
    }

    /// Bytes of progress that are kept, and of a report that is taken.
    static let logByteCountMax = 16 << 10
    static let reportByteCountMax = 1 << 20

    private let child: pid_t
    private let output = Mutex(Output())

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: which.
    ///   - arguments: without the program's name.
    ///   - onEnd: called once, on a thread of its own, when it has ended.
    /// - Throws: `CrowdProcessError`; then nothing of it is left.
    init(
        path: String, arguments: [String], onEnd: @escaping @Sendable (Output) -> Void
    ) throws(CrowdProcessError) {
        let input = try Pipe()
        let standard = try Pipe()
        let errors = try Pipe()
        var started: pid_t = 0
        let texts = unsafe ([path] + arguments).map { unsafe strdup($0) }
        defer { for index in unsafe texts.indices { unsafe free(texts[index]) } }
        let ends = (input.read.number, standard.write.number, errors.write.number)
        let code = unsafe (texts + [nil]).withUnsafeBufferPointer { list in
            unsafe fanfare_spawn(path, list.baseAddress, ends.0, ends.1, ends.2, &started)
        }
        guard code == 0 else { throw .cannotStart(errno: code) }
        child = started
        // A thread can be given numbers only; it closes them.
        let (reportEnd, logEnd) = (standard.read.release(), errors.read.release())
        // The end of its standard input, which ends it wherever we do.
        let leash = input.write.release()
        do throws(RingError) {
            _ = try PlainThread(name: "crowd") { [self] in
                read(reportEnd, logEnd)
                close(leash)
                onEnd(output.withLock { $0 })
            }
        } catch {
            stop()
            waitForEnd()
            for end in [reportEnd, logEnd, leash] { close(end) }
            throw .cannotStart(errno: EAGAIN)
        }
    }

    /// What it said so far.
    var saidSoFar: Output { output.withLock { $0 } }

    /// Ends it, if it hasn't ended.
    func stop() {
        output.withLock { output in
            // Who is waited for is another's number by now.
            if output.status == nil { _ = kill(child, SIGKILL) }
        }
    }

    /// Reads both until both are at their end, and waits for the process.
    private func read(_ standard: CInt, _ errors: CInt) {
        var polled = [
            pollfd(fd: standard, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while polled.contains(where: { $0.fd >= 0 }) {
            guard unsafe poll(&polled, 2, -1) >= 0 || errno == EINTR else { break }
            for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
                let count = unsafe Glibc.read(polled[index].fd, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    close(polled[index].fd)
                    polled[index].fd = -1
                    continue
                }
                take(chunk[..<count], isReport: index == 0)
            }
        }
        for entry in polled where entry.fd >= 0 { close(entry.fd) }
        waitForEnd()
    }

    private func waitForEnd() {
        var status: CInt = 0
        // Its number is ours until it was waited for, so that `stop` never meets another's.
        var info = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        output.withLock { output in
            while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
            output.status = status
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, isReport: Bool) {
        output.withLock { output in
            if isReport {
                let room = Self.reportByteCountMax - output.report.count
                output.report += bytes.prefix(max(0, room))
            } else {
                output.log += bytes
                let surplus = output.log.count - Self.logByteCountMax
                if surplus > 0 { output.log.removeFirst(surplus) }
            }
        }
    }
}

/// A descriptor that is closed with whoever holds it.
private struct Descriptor: ~Copyable {
    let number: CInt

    init(_ number: CInt) { self.number = number }

    deinit { close(number) }

    /// Hands it to somebody else to close.
    consuming func release() -> CInt {
        let number = number
        discard self
        return number
    }
}

/// Two ends, closed in children.
private struct Pipe: ~Copyable {
    let read: Descriptor
    let write: Descriptor

    init() throws(CrowdProcessError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw .cannotStart(errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        read = Descriptor(ends[0])
        write = Descriptor(ends[1])
    }
}

/// Why there is no crowd.
enum CrowdProcessError: Error, CustomStringConvertible {
    case cannotStart(errno: CInt)

    var description: String {
        switch self {
        case .cannotStart(let code):
            "the crowd's process can't be started: \(systemErrorText(code))"
        }
    }
}
