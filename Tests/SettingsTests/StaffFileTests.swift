// What is kept of the staff in the data folder.

import Access
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Settings

@Suite struct StaffFileTests {
    private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try body(folder.path)
        withExtendedLifetime(folder) {}
    }

    private func people() throws -> StaffPeople {
        let token = try #require(TokenDigest(of: "x"))
        return try StaffPeople([
            try StaffPerson(name: "anna", role: .director, token: token, createdAtMs: 7)
        ])
    }

    @Test func peopleAndSessionsComeBack() throws {
        try withTemporaryFolder { folder in
            let file = StaffFile(dataPath: folder + "/")
            #expect(try file.people() == StaffPeople())
            try file.keep(try people())
            #expect(try file.people() == people())
            var status = stat()
            #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let text = try TextFile.read(file.path)
            #expect(text.contains(#""role" : "director""#) && !text.contains("token"))

            var sessions = StaffSessions()
            let digest = try #require(TokenDigest(of: "id"))
            sessions.open(digest, token: digest, nowMs: 1_000)
            try file.keep(sessions)
            #expect(try file.sessions(nowMs: 1_000) == sessions)
            #expect(try file.sessions(nowMs: 1_001 + StaffLimits.sessionMsMax) == StaffSessions())
        }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"version": 2, "staff": []}"#,
        #"{"version": 1, "staff": [{"name": "a", "role": "host", "sha256": "00", "createdAtMs": 1}]}"#,
        #"{"version": 1, "staff": [{"name": "a b", "role": "host", "sha256": "DIGEST", "createdAtMs": 1}]}"#,
        #"{"version": 1, "staff": [{"name": "a", "role": "king", "sha256": "DIGEST", "createdAtMs": 1}]}"#,
        #"{"version": 1, "staff": [{"name": "a", "role": "host", "sha256": "DIGEST", "createdAtMs": 1}, {"name": "A", "role": "host", "sha256": "DIGEST", "createdAtMs": 1}]}"#,
    ])
    func aFileThatCantBeIsRefused(text: String) throws {
        try withTemporaryFolder { folder in
            let file = StaffFile(dataPath: folder)
            let digest = try #require(TokenDigest(of: "x")).hex
            let text = text.split(separator: "DIGEST", omittingEmptySubsequences: false)
                .joined(separator: digest)
            try Data(text.utf8).write(to: URL(filePath: file.path))
            #expect(throws: StaffFileError.self) { try file.people() }
            // Of sessions an empty list is one.
            let sessions = text == "[]" ? "[{}]" : text
            try Data(sessions.utf8).write(to: URL(filePath: folder + "/staff-sessions.json"))
            let error = #expect(throws: StaffFileError.self) { try file.sessions(nowMs: 0) }
            #expect(error?.description.contains("log in again") == true)
        }
    }

    @Test func aFileThatOthersCanWriteIsNotBelieved() throws {
        try withTemporaryFolder { folder in
            let file = StaffFile(dataPath: folder)
            try file.keep(try people())
            chmod(file.path, 0o620)
            let error = #expect(throws: StaffFileError.self) { try file.people() }
            #expect(error?.description.contains("chmod 600 \(file.path)") == true)

            let path = folder + "/staff-sessions.json"
            let digest = try #require(TokenDigest(of: "id"))
            var sessions = StaffSessions()
            sessions.open(digest, token: digest, nowMs: 1_000)
            try file.keep(sessions)
            for mode: mode_t in [0o620, 0o602] {
                chmod(path, mode)
                let error = #expect(throws: StaffFileError.self) {
                    try file.sessions(nowMs: 1_000)
                }
                #expect(error?.description.contains("chmod 600 \(path)") == true)
            }
            chmod(path, 0o600)
            #expect(try file.sessions(nowMs: 1_000) == sessions)
        }
    }

    @Test func oneProcessWrites() throws {
        try withTemporaryFolder { folder in
            let first = try StaffFileLock(dataPath: folder)
            #expect(throws: StaffFileError.inUse(path: folder)) {
                try StaffFileLock(dataPath: folder)
            }
            withExtendedLifetime(first) {}
        }
        #expect(throws: StaffFileError.self) { try StaffFileLock(dataPath: "/nowhere") }
    }
}
