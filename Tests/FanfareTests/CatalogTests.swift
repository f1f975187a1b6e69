// The one table of settings and everything that must agree with it.

import ArgumentParser
import FoundationEssentials
import Testing

@testable import Fanfare

@Suite struct CatalogTests {
    @Test func namesFollowFromTheKey() {
        #expect(SettingsCatalog.mergeMinMs.flag == "merge-min-ms")
        #expect(SettingsCatalog.mergeMinMs.environmentVariable == "FANFARE_MERGE_MIN_MS")
        #expect(SettingsCatalog.waitForStreamMs.flag == "wait-for-stream-ms")
        #expect(SettingsCatalog.http.environmentVariable == "FANFARE_HTTP")
    }

    @Test func everyKeyIsThereOnce() {
        let keys = SettingsCatalog.all.map(\.key)
        #expect(Set(keys).count == keys.count)
        for key in keys {
            // A key may not also be a group: {"staff": "…"} and {"staff": {"token": "…"}}.
            #expect(!keys.contains { $0.hasPrefix(key + ".") }, "\(key)")
        }
    }

    @Test func everyDefaultIsValidAndEverySettingHasHelp() throws {
        for setting in SettingsCatalog.all {
            #expect(throws: Never.self, "\(setting.key)") { try setting.check(setting.defaultText) }
            #expect(!setting.help.isEmpty && !setting.help.hasSuffix("."), "\(setting.key)")
        }
    }

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
        #expect(serve.options.http == "127.0.0.1:9000")
        #expect(try FanfareCommand.parseAsRoot(["check", "--demo"]) is Check)
    }

    private func document() throws -> String {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Ops/CONFIGURATION.md").standardized
        return try String(contentsOf: path, encoding: .utf8)
    }

    @Test func theDocumentedTableIsTheCatalogs() throws {
        #expect(
            try document().contains(SettingsTable.markdown()),
            "put the output of: fanfare check --print-settings markdown into Ops/CONFIGURATION.md")
    }

    @Test func theDocumentNamesWhatIsReloaded() throws {
        let document = try document()
        let start = try #require(document.range(of: "`kill -HUP`")).lowerBound
        let paragraph = document[start...].prefix(600)
        for setting in SettingsCatalog.reloadable {
            #expect(paragraph.contains("`\(setting.key)`"), "\(setting.key)")
        }
    }

    @Test func mistypedNamesFindTheirLikeness() {
        #expect(Similarity.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
        #expect(Similarity.distance([], Array("abc".utf8)) == 3)
        #expect(Similarity.closest(to: "mergeMinMs", among: ["merge.minMs", "shards"]) != nil)
        #expect(Similarity.closest(to: "x", among: []) == nil)
    }
}
