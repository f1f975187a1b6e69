// `fanfare serve`: from the command line to a running appliance.

import ArgumentParser
import FoundationEssentials
import Glibc
import HostCLI
import Logging
import Settings

/// Goes on air.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on air: take a feed in, serve viewers, answer the staff.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        ServerSignals.ignoreStrays()
        let source = SettingsSource(
            flags: options.texts, environment: ProcessInfo.processInfo.environment,
            configPath: options.configPath)
        let settings: Settings
        do {
            settings = try source.load()
        } catch {
            throw Self.failure(error, source.logFormat, ExitCode(EX_USAGE))
        }
        let log: ServerLog
        do {
            log = try ServerLog(level: settings.logLevel, format: settings.logFormat)
        } catch {
            throw Self.failure(error, settings.logFormat, .failure)
        }
        LoggingSystem.bootstrap(log.sink.factory)
        let logger = Logger(label: "fanfare")
        for warning in settings.warnings + settings.secretWarnings {
            logger.warning("\(warning)")
        }
        do {
            try Startup.checkKernel()
            try Startup.checkPorts(settings)
            try await Appliance(settings: settings, source: source, log: log).run()
        } catch {
            if error is ExitCode { throw error }
            log.finish(error)
            throw ExitCode.failure
        }
        log.finish()
    }

    /// Before there is a log: what would be its line.
    private static func failure(
        _ error: any Error, _ format: LogFormat, _ code: ExitCode
    ) -> ExitCode {
        guard format == .json else { return CommandFailure.report(error, exitCode: code) }
        let record = LogRecord(level: .critical, label: "fanfare", message: "\(error)")
        StandardError.write(record.line(as: .json))
        return code
    }
}
