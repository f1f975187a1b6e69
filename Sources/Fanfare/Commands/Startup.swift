// What every command does first, and how it says that it cannot go on.

import ArgumentParser
import FoundationEssentials
import Glibc
import HostCLI
import IORing
import Settings

/// The steps before an appliance exists.
enum Startup {
    /// The validated settings, or a message on standard error and exit code 64 (EX_USAGE).
    static func settings(_ options: SettingsOptions) throws -> Settings {
        do {
            return try loadSettings(
                flags: options.texts, environment: ProcessInfo.processInfo.environment,
                configPath: options.configPath)
        } catch {
            throw CommandFailure.report(error, exitCode: ExitCode(EX_USAGE))
        }
    }

    /// - Throws: `KernelError` on a kernel that cannot run the rings.
    static func checkKernel() throws(KernelError) {
        let release = KernelRelease.running
        guard release >= KernelRelease.required else { throw .tooOld(release) }
    }

    /// Our listeners share their ports among shards (SO_REUSEPORT), and so would a second fanfare of
    /// the same user: it would take half of the audience in silence. Hence this look beforehand.
    ///
    /// A fanfare that was killed a moment ago may still hold a port: the kernel takes its rings
    /// down after the process has gone. So a taken port gets a little time.
    ///
    /// - Throws: `PortError` if another program listens where we want to.
    static func checkPorts(_ settings: Settings) throws(PortError) {
        let deadlineMs = MonotonicClock.nowMs() + portPatienceMs
        for (setting, address) in settings.listeners {
            var result = PortCheck.result(setting, address)
            while result.verdict == .fail, MonotonicClock.nowMs() < deadlineMs {
                MonotonicClock.sleep(ms: 50)
                result = PortCheck.result(setting, address)
            }
            if result.verdict == .fail { throw PortError(result: result) }
        }
    }

    private static let portPatienceMs: Int64 = 2_000
}

/// Why a listener cannot listen, as `fanfare check` has it.
struct PortError: Error, CustomStringConvertible {
    var result: CheckResult

    var description: String {
        "\(result.name): \(result.found)" + (result.advice.map { "; \($0)" } ?? "")
    }
}

/// Why this machine's kernel won't do.
enum KernelError: Error, Equatable, CustomStringConvertible {
    case tooOld(KernelRelease)

    var description: String {
        switch self {
        case .tooOld(let release):
            "this kernel is Linux \(release); Fanfare needs \(KernelRelease.required) or newer "
                + "with io_uring enabled, as Debian 12 has it. Update the kernel and start again"
        }
    }
}
