// The one table of settings and everything that must agree with it.

import FoundationEssentials
import Testing

@testable import Settings

@Suite struct CatalogTests {
    @Test func namesFollowFromTheKey() {
        #expect(SettingsCatalog.shared.mergeMinMs.flag == "merge-min-ms")
        #expect(SettingsCatalog.shared.mergeMinMs.environmentVariable == "FANFARE_MERGE_MIN_MS")
        #expect(SettingsCatalog.shared.waitForStreamMs.flag == "wait-for-stream-ms")
        #expect(SettingsCatalog.shared.http.environmentVariable == "FANFARE_HTTP")
    }

    @Test func whatIsDeclaredIsAmongAllInItsOrder() {
        let keys = SettingsCatalog.all.map(\.key)
        #expect(keys.first == "http" && keys.count > 20)
        #expect(
            keys.firstIndex(of: "merge.minMs") == keys.firstIndex(of: "merge.maxMs").map { $0 - 1 })
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
            #expect(throws: Never.self, "\(setting.key)") {
                _ = try setting.value(of: setting.defaultText)
            }
            #expect(!setting.help.isEmpty && !setting.help.hasSuffix("."), "\(setting.key)")
        }
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
        for setting in SettingsCatalog.all where setting.reload != .restart {
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
