// `fanfare check`: is this configuration right, and will this machine do?

import ArgumentParser
import FoundationEssentials
import HostCLI
import IORing
import Settings

/// Validates the settings and looks at the machine, changing nothing.
struct Check: AsyncParsableCommand {
    /// What `--print-settings` prints.
    enum SettingsFormat: String, ExpressibleByArgument, CaseIterable {
        /// The values in force and where each comes from.
        case text
        /// The table of Ops/CONFIGURATION.md, which knows only the defaults.
        case markdown
    }

    static let configuration = CommandConfiguration(
        abstract: "Check the configuration and the machine, and say what to mend.",
        discussion: "Exits with 0 if the appliance would run, with 1 if something must be mended.")

    @OptionGroup var options: SettingsOptions

    @Option(help: "Print all settings instead of checking.")
    var printSettings: SettingsFormat?

    func run() async throws {
        if printSettings == .markdown {
            StandardOutput.write(SettingsTable.markdown())
            return
        }
        if printSettings == .text {
            StandardOutput.write(SettingsTable.text(try Startup.settings(options).readings))
            return
        }
        let results = results()
        StandardOutput.write(
            "fanfare \(FanfareCommand.version)\n\n\(CheckResult.table(results))\n"
                + CheckResult.summary(results))
        if results.contains(where: { $0.verdict == .fail }) { throw ExitCode.failure }
    }

    private func results() -> [CheckResult] {
        var results: [CheckResult] = []
        var settings: Settings?
        do {
            let loaded = try loadSettings(
                flags: options.texts, environment: ProcessInfo.processInfo.environment,
                configPath: options.configPath)
            settings = loaded
            let setCount = loaded.readings.count { $0.origin != .standard }
            results.append(.ok("settings", "\(setCount) of \(loaded.readings.count) set"))
            for warning in loaded.warnings {
                results.append(.warn("settings", warning, advice: "unset it, or mend its name"))
            }
            results += SecretChecks.results(loaded)
        } catch {
            results.append(.fail("settings", error.description))
        }
        results += MachineChecks.results(
            .gathered(), settings: settings,
            ringFailure: RingProbe.run().failure?.description)
        if let settings {
            results += settings.listeners.map { PortCheck.result($0.setting, $0.address) }
            results += CertificateChecks.results(settings)
            results.append(DataFolderCheck.result(path: settings.dataPath))
        }
        return results
    }
}
