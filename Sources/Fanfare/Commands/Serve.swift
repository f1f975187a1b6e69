// `fanfare serve`: from the command line to a running appliance.

import ArgumentParser
import Glibc
import Logging

/// Goes on air.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on air: take a feed in, serve viewers, answer the staff.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try Startup.settings(options)
        LoggingSystem.bootstrap(StandardErrorLogHandler.factory(level: settings.logLevel))
        let logger = Logger(label: "fanfare")
        for warning in settings.warnings + settings.secretWarnings {
            logger.warning("\(warning)")
        }
        do {
            try Startup.checkKernel()
            try Startup.checkPorts(settings)
            try await Appliance(settings: settings).run()
        } catch {
            throw Startup.failed(error, exitCode: .failure)
        }
    }
}
