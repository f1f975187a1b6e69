// The command line's root: what `fanfare` can do.

import ArgumentParser
import HostCLI

/// `fanfare`. Without a subcommand it serves, so that the first try needs no reading.
@main
struct FanfareCommand: AsyncParsableCommand {
    /// Rises with the changelog.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "fanfare",
        abstract: "A live broadcast appliance: one feed in, a large audience out.",
        discussion: """
            Each option can also be set in the configuration file (by its key) and in the \
            environment. What is said on the command line wins over the environment, the \
            environment over the file, and the file over the default.
            """,
        version: "fanfare \(version)",
        subcommands: [Serve.self, Check.self, Rehearse.self] + HostCommands.all
            + [Backup.self, CertificateCommand.self],
        defaultSubcommand: Serve.self)
}
