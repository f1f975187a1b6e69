// The kept stream key: made once, read back, closed to others.

import Access
import Glibc
import Settings
import TestSupport
import Testing

@testable import Fanfare

@Suite struct PublishKeyFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(unsafe stat(path, &status) == 0)
        return status.st_mode & 0o777
    }

    @Test func theFirstStartMakesAKeyAndLaterOnesReadIt() throws {
        let file = PublishKeyFile(dataPath: "\(folder.path)/deep/data")
        let first = try file.load()
        #expect(first.isNew && first.warning == nil)
        #expect(try mode(file.path) == 0o600)
        #expect(try TextFile.read(file.path) == "\(first.key.text)\n")

        let second = try file.load()
        #expect(!second.isNew && second.warning == nil)
        #expect(second.key.matches(first.key.text))
    }

    @Test func noDraftIsLeftBehind() throws {
        _ = try PublishKeyFile(dataPath: folder.path).load()
        #expect(try folder.names() == ["publish-key"])
    }

    @Test func aKeyOpenToOthersIsClosedWithAWarning() throws {
        let path = try folder.write("correct-horse\n", to: "publish-key")
        try #require(unsafe chmod(path, 0o644) == 0)
        let loaded = try PublishKeyFile(dataPath: folder.path).load()
        #expect(loaded.key.matches("correct-horse"))
        #expect(loaded.warning?.contains(path) == true)
        #expect(try mode(path) == 0o600)
    }

    @Test func whoeverIsFasterWins() throws {
        let file = PublishKeyFile(dataPath: folder.path)
        // The other process keeps its key between our look and our own keeping.
        let loaded = try file.load { () throws(SecretError) in
            _ = try? folder.write("the-others-key", to: "publish-key")
            return try StreamKey(validating: "our-own-key")
        }
        #expect(!loaded.isNew)
        #expect(loaded.key.matches("the-others-key"))
        #expect(try folder.names() == ["publish-key"])
    }

    @Test(arguments: ["", "short", "two words and \u{7}", String(repeating: "x", count: 200)])
    func anUnusableKeyIsAnErrorThatNamesTheFile(text: String) throws {
        let path = try folder.write(text, to: "publish-key")
        let error = #expect(throws: SecretFileError<StreamKeyKind>.self) {
            try PublishKeyFile(dataPath: folder.path).load()
        }
        #expect(error?.description.contains(path) == true)
        #expect(error?.description.contains("delete it") == true)
    }

    @Test func aFolderThatIsAFileIsNamed() throws {
        let path = try folder.write("", to: "data")
        let error = #expect(throws: SecretFileError<StreamKeyKind>.self) {
            try PublishKeyFile(dataPath: path).load()
        }
        #expect(error?.description.contains(path) == true)
    }
}

@Suite struct PlayerKeyFileTests {
    @Test func aPlayerKeyIsMadeAndKeptBesideTheStreamKey() throws {
        let folder = try TemporaryFolder()
        let first = try PlayerKeyFile(dataPath: folder.path).load()
        let second = try PlayerKeyFile(dataPath: folder.path).load()
        #expect(first.isNew && !second.isNew)
        #expect(second.key.text == first.key.text)
        #expect(try folder.names() == ["player-key"])
    }
}
