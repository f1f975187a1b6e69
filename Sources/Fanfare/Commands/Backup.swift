// `fanfare backup`: the ledger in one file, while the show goes on.

import ArgumentParser
import FoundationEssentials
import HostCLI
import Ledger
import Settings

/// Writes a backup of the ledger of a data folder.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a backup of the ledger, whether or not the server runs.",
        discussion: """
            Copying ledger.sqlite alone is no backup: the newest of it is in the file beside it. This \
            one is a single file that opens by itself, and was read through. To go back to it, stop \
            the server, take ledger.sqlite, ledger.sqlite-wal and ledger.sqlite-shm out of the data \
            folder, and put the backup there as ledger.sqlite. Keys are not in it.
            """)

    @Argument(help: "The file to write.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "The data folder; by default the one that the settings name.", valueName: "DIR"))
    var data: String?

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("A JSON file with settings.", valueName: "FILE"))
    var configPath: String?

    @Flag(help: "Replace the file if it is there.")
    var force = false

    func run() async throws {
        do {
            let settings = try loadSettings(
                flags: data.map { [SettingsCatalog.shared.dataPath.key: $0] } ?? [:],
                environment: ProcessInfo.processInfo.environment, configPath: configPath)
            let backup = try LedgerBackup.make(of: settings.dataPath, to: file, replaces: force)
            StandardOutput.write(
                "\(backup.path): \(backup.byteCount) bytes, \(backup.showCount) shows, "
                    + "\(backup.answerCount) answers; read through and sound\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}
