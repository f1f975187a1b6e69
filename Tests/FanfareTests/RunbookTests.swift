// The runbook has everything that an operator can meet and look up by name.

import Delivery
import FoundationEssentials
import Ingest
import Settings
import Testing

@testable import Fanfare

@Suite struct RunbookTests {
    private func runbook() throws -> String {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Ops/RUNBOOK.md").standardized
        return try String(contentsOf: path, encoding: .utf8)
    }

    @Test func everyWarningOfAFeedIsInIt() throws {
        let text = try runbook()
        for code in FeedWarning.Code.allCases {
            #expect(text.contains("`\(code.rawValue)`"), "\(code)")
        }
    }

    @Test func everyReasonOfARefusalOrAnEndIsInIt() throws {
        let text = try runbook()
        for kind in RefusalKind.allCases {
            #expect(text.contains("| `\(kind.label)` |"), "\(kind)")
        }
        for reason in DropReason.allCases {
            #expect(text.contains("`\(reason.label)`"), "\(reason)")
        }
    }

    @Test func everyResultOfTheCheckIsInIt() throws {
        let text = try runbook()
        let settings = try Startup.settings(SettingsOptions.parse([]))
        let results =
            MachineChecks.results(.gathered(), settings: settings, ringFailure: nil)
            + [
                PortCheck.result(SettingsCatalog.shared.http, settings.http),
                PortCheck.result(SettingsCatalog.shared.rtmp, settings.rtmp),
                PortCheck.result(SettingsCatalog.shared.staff, settings.staff),
                DataFolderCheck.result(path: settings.dataPath), ClockCheck.result(),
            ] + ExposureChecks.results(settings, Exposure(settings))
        #expect(results.count > 8)
        for result in results {
            #expect(text.contains("`\(result.name)`"), "\(result.name)")
        }
    }
}
