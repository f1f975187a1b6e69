// Small files that nobody but their owner reads.

import Glibc
import TestSupport
import Testing

@testable import Settings

@Suite struct PrivateFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/secret"
    }

    private func mode() throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }

    @Test func aFileTakesTheOldOnesPlace() throws {
        _ = try folder.write("old", to: "secret")
        try #require(chmod(path, 0o644) == 0)
        // What a process left behind that was killed.
        _ = try folder.write("half", to: "secret.new")
        try PrivateFile.replace(path, with: Array("new".utf8))
        #expect(try TextFile.read(path) == "new")
        #expect(try mode() == 0o600)
        #expect(try folder.names() == ["secret"])
    }

    @Test func aFileThatIsThereIsNotMadeAgain() throws {
        #expect(try PrivateFile.create(path, with: Array("first".utf8)))
        #expect(try !PrivateFile.create(path, with: Array("second".utf8)))
        #expect(try TextFile.read(path) == "first")
        #expect(try mode() == 0o600)
        #expect(try folder.names() == ["secret"])
    }

    @Test func whatCantBeWrittenSaysWhyAndLeavesNothing() throws {
        let nowhere = folder.path + "/none/secret"
        #expect(throws: PrivateFileError(errno: ENOENT)) {
            try PrivateFile.replace(nowhere, with: [1])
        }
        #expect(throws: PrivateFileError(errno: ENOENT)) {
            _ = try PrivateFile.create(nowhere, with: [1])
        }
        // A folder of that name isn't replaced.
        try #require(mkdir(path, 0o700) == 0)
        #expect(throws: PrivateFileError(errno: EISDIR)) {
            try PrivateFile.replace(path, with: [1])
        }
        #expect(try !PrivateFile.create(path, with: [1]))
        #expect(try folder.names() == ["secret"])
    }
}
