// The command line's options are the catalog's settings.

import ArgumentParser
import Settings
import Testing

@testable import Fanfare

@Suite struct SettingsOptionsTests {
    @Test func everySettingHasAWorkingFlag() throws {
        for setting in SettingsCatalog.all {
            let arguments =
                setting.isSwitch ? ["--\(setting.flag)"] : ["--\(setting.flag)", "some-text"]
            let options = try SettingsOptions.parse(arguments)
            #expect(options.texts == [setting.key: setting.isSwitch ? "true" : "some-text"])
        }
        #expect(try SettingsOptions.parse([]).texts.isEmpty)
        #expect(try SettingsOptions.parse(["--no-demo"]).texts == ["demo": "false"])
        #expect(try SettingsOptions.parse(["--config", "f.json"]).configPath == "f.json")
    }

    @Test func helpNamesKeyVariableAndDefaultOfEverySetting() {
        let help = Serve.helpMessage(columns: 10_000)
        for setting in SettingsCatalog.all {
            #expect(
                help.contains(
                    "\(setting.help). (key: \(setting.key), environment: "
                        + "\(setting.environmentVariable), default: \(setting.defaultShown))"))
        }
    }

    @Test func withoutASubcommandItServes() throws {
        let command = try FanfareCommand.parseAsRoot(["--http", "127.0.0.1:9000"])
        let serve = try #require(command as? Serve)
        #expect(serve.options.texts == ["http": "127.0.0.1:9000"])
        #expect(try FanfareCommand.parseAsRoot(["check", "--demo"]) is Check)
    }

    @Test func whatIsMistypedIsRefused() {
        for arguments in [["--htpp", "127.0.0.1:9000"], ["--http"], ["--demo", "yes"]] {
            #expect(throws: (any Error).self) { try SettingsOptions.parse(arguments) }
        }
    }

    @Test func theLastOfTwoCounts() throws {
        #expect(try SettingsOptions.parse(["--demo", "--no-demo"]).texts == ["demo": "false"])
        let twice = ["--shards", "1", "--shards", "2", "--merge-min-ms", "7"]
        #expect(try SettingsOptions.parse(twice).texts == ["shards": "2", "merge.minMs": "7"])
    }

    @Test func whatIsDeclaredAsReloadedIsPutIntoForce() {
        let declared = Set(SettingsCatalog.all.filter { $0.reload != .restart }.map(\.key))
        let done = Set(Reloading.steps.keys).union([SettingsCatalog.shared.publishKey.key])
        #expect(declared == done)
    }
}
