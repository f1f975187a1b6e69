// Which files are read, and that nothing keeps a reader waiting.

import Glibc
import TestSupport
import Testing

@testable import Settings

@Suite struct TextFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aPipeIsNoFile() throws {
        let path = folder.path + "/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: TextFileError.notAFile) { try TextFile.read(path) }
        // Neither is one that somebody holds open and never writes to.
        let held = open(path, O_RDWR | O_CLOEXEC)
        try #require(held >= 0)
        defer { close(held) }
        #expect(throws: TextFileError.notAFile) { try TextFile.read(path) }
        #expect(throws: TextFileError.notAFile) { try TextFile.read("/dev/zero") }
        #expect(throws: TextFileError.system(errno: EISDIR)) { try TextFile.read(folder.path) }
    }

    @Test func asSettingsItIsNamed() throws {
        let path = folder.path + "/fanfare.json"
        try #require(mkfifo(path, 0o600) == 0)
        let error = #expect(throws: SettingsError.self) {
            try loadSettings(flags: [:], environment: [:], configPath: path)
        }
        #expect(error?.description.contains("a pipe, a socket or a device") == true)
    }

    @Test func commandsReadWhatAShellGivesThem() throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        try #require(write(ends[1], "given", 5) == 5)
        close(ends[1])
        let path = "/proc/self/fd/\(ends[0])"
        #expect(throws: TextFileError.notAFile) { try TextFile.read(path) }
        #expect(try TextFile.read(path, from: .anything) == "given")
    }

    @Test func linksLeadToFiles() throws {
        let file = try folder.write("text", to: "file")
        try #require(symlink(file, folder.path + "/link") == 0)
        #expect(try TextFile.read(folder.path + "/link") == "text")
        #expect(try !TextFile.read("/proc/self/stat").isEmpty)
    }
}
