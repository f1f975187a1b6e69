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
        let settings = try Startup.settings(options)
        let log: ServerLog
        do {
            log = try ServerLog(level: settings.logLevel, format: settings.logFormat)
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
        LoggingSystem.bootstrap(log.sink.factory)
        let logger = Logger(label: "fanfare")
        for warning in settings.warnings + settings.secretWarnings {
            logger.warning("\(warning)")
        }
        let source = SettingsSource(
            flags: options.texts, environment: ProcessInfo.processInfo.environment,
            configPath: options.configPath)
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
}
