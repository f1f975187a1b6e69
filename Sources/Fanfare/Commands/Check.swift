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
        abstract: "Check the configuration and the machine: go or no-go.",
        discussion: """
            Says what to mend before the appliance runs well, and before strangers can reach it: \
            limits of the machine, ports, the data folder, the clock; a staff plane that is open to \
            the internet, keys that can be guessed, limits that are off, secrets on the command line. \
            The last line is "go" or "no-go". The exit status is 0 for go, be it with something to \
            look at, and 1 for no-go.
            """)

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
            TerminalText.lines(
                "fanfare \(FanfareCommand.version)\n\n\(CheckResult.table(results))\n"
                    + CheckResult.summary(results)))
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
            let exposure = Exposure(loaded)
            results += SecretChecks.results(loaded, exposure)
            results += ExposureChecks.results(loaded, exposure)
        } catch {
            results.append(.fail("settings", error.description))
        }
        results += MachineChecks.results(
            .gathered(), settings: settings,
            ringFailure: RingProbe.run().failure?.description)
        results.append(ClockCheck.result())
        if let settings {
            let server = RunningServer(dataPath: settings.dataPath)
            results += settings.listeners.map {
                PortCheck.result($0.setting, $0.address, beside: server)
            }
            results += CertificateChecks.results(settings)
            results.append(DataFolderCheck.result(path: settings.dataPath))
        }
        return results
    }
}
