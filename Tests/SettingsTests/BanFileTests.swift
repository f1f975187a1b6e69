// What is kept of bans in the data folder.

import Access
import Foundation
import Glibc
import TestSupport
import Testing
import WireBytes

@testable import Settings

@Suite struct BanFileTests {
    private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try body(folder.path)
        withExtendedLifetime(folder) {}
    }

    @Test func bansComeBack() throws {
        try withTemporaryFolder { folder in
            let file = BanFile(dataPath: folder + "/")
            #expect(try file.bans() == HostBans())
            var bans = HostBans()
            for (address, untilMs) in [("203.0.113.0/24", 9 as Int64?), ("2001:db8::/64", nil)] {
                try bans.add(
                    HostBan(
                        range: try #require(AddressRange(address)), reason: "a \"reason\"",
                        by: "di", atMs: 7, untilMs: untilMs))
            }
            try file.keep(bans)
            #expect(try file.bans() == bans)
            var status = stat()
            #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            _ = bans.forgetOver(nowMs: 9)
            try file.keep(bans)
            #expect(try file.bans().all.map(\.range.description) == ["2001:db8::/64"])
        }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"version": 2, "bans": []}"#,
        #"{"version": 1, "bans": [{"address": "x", "reason": "", "by": "", "atMs": 1}]}"#,
        #"{"version": 1, "bans": [{"address": "1.2.3.4"}]}"#,
    ])
    func aFileThatCantBeIsRefused(text: String) throws {
        try withTemporaryFolder { folder in
            let file = BanFile(dataPath: folder)
            try Data(text.utf8).write(to: URL(filePath: file.path))
            #expect(throws: BanFileError.self) { try file.bans() }
        }
    }

    @Test func aFolderThatIsNotThereIsSaid() throws {
        #expect(throws: BanFileError.cannotWrite(path: "/nowhere/x/bans.json", errno: ENOENT)) {
            try BanFile(dataPath: "/nowhere/x").keep(HostBans())
        }
    }
}
