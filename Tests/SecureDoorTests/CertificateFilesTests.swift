// Certificates out of files: what is wrong with them, and that new ones are taken on.

import Glibc
import SecureDoor
import Synchronization
import TLS
import TestSupport
import Testing

/// Files of a certificate in a folder of their own.
final class FilesOnDisk {
    static let nowS: Int64 = 1_796_000_000
    let folder: TemporaryFolder
    let files: CertificateFiles

    init() throws {
        folder = try TemporaryFolder()
        files = CertificateFiles(
            certificates: ["\(folder.path)/a.pem"], keys: ["\(folder.path)/a.key"], staple: nil)
        try make()
    }

    /// Another certificate in its place.
    func make(days: Int64 = 90) throws {
        let made = try SelfSigned.make(names: ["example.com"], days: days, nowS: Self.nowS)
        _ = try folder.write(String(decoding: made.certificate, as: UTF8.self), to: "a.pem")
        _ = try folder.write(String(decoding: made.key, as: UTF8.self), to: "a.key")
        try close(0o600)
    }

    func close(_ mode: mode_t) throws {
        try #require(unsafe chmod(files.keys[0], mode) == 0)
    }
}

@Suite struct CertificateFilesTests {
    private func load(_ files: CertificateFiles) throws -> SecureContext {
        try files.load(
            tickets: try TicketKeys(nowS: FilesOnDisk.nowS), nowS: FilesOnDisk.nowS)
    }

    @Test("A file that isn't there, a key that all may read, and too few of them")
    func errors() throws {
        let disk = try FilesOnDisk()
        #expect(try load(disk.files).certificates.first?.facts.names == ["example.com"])
        var missing = disk.files
        missing.certificates = ["/no/such/file.pem"]
        let unread = #expect(throws: CertificateFilesError.self) { try load(missing) }
        #expect(unread?.description.contains("/no/such/file.pem") == true)
        try disk.close(0o644)
        let open = #expect(throws: CertificateFilesError.self) { try load(disk.files) }
        #expect(open?.description.contains("chmod 600") == true)
        #expect(open?.description.hasPrefix("every user of this machine can read or") == true)
        try disk.close(0o660)
        let group = #expect(throws: CertificateFilesError.self) { try load(disk.files) }
        #expect(group?.description.hasPrefix("the group can change the private key in ") == true)
        #expect(group?.description.contains("every user") == false)
        try disk.close(0o640)
        _ = try load(disk.files)
        var unpaired = disk.files
        unpaired.keys = []
        #expect(throws: CertificateFilesError.unpaired(certificates: 1, keys: 0)) {
            try load(unpaired)
        }
        #expect(throws: CertificateFilesError.self) { try CertificateFiles.read("/dev/zero") }
        var folder = disk.files
        folder.certificates = [disk.folder.path]
        #expect(throws: CertificateFilesError.self) { try load(folder) }
    }

    @Test("New files are taken on once they have stayed the same for a look")
    func watching() throws {
        let disk = try FilesOnDisk()
        let heard = Heard()
        let watch = try CertificateWatch(
            files: disk.files, nowS: { FilesOnDisk.nowS }, onNews: heard.add)
        let first = watch.live.current
        watch.look()
        #expect(watch.live.current === first)
        try disk.make()
        watch.look()
        #expect(watch.live.current === first, "they may still be written")
        watch.look()
        #expect(watch.live.current !== first)
        #expect(heard.all == [.replaced(files: disk.files.certificates)])
    }

    @Test("Files that are no good leave those from before in force, and it is said once")
    func keeping() throws {
        let disk = try FilesOnDisk()
        let heard = Heard()
        let watch = try CertificateWatch(
            files: disk.files, nowS: { FilesOnDisk.nowS }, onNews: heard.add)
        let first = watch.live.current
        _ = try disk.folder.write("nonsense", to: "a.pem")
        for _ in 0..<4 { watch.look() }
        #expect(watch.live.current === first)
        #expect(heard.all.count == 1 && heard.all.first?.isGood == false)
        #expect(watch.troubles.count == 1)
        try disk.make()
        watch.reload()
        #expect(watch.live.current !== first && watch.troubles.isEmpty)
    }

    @Test("From fourteen days before its end on it is talked about, once a day")
    func expiry() throws {
        let disk = try FilesOnDisk()
        let nowS = Clock(FilesOnDisk.nowS)
        let heard = Heard()
        let watch = try CertificateWatch(files: disk.files, nowS: { nowS.value }, onNews: heard.add)
        nowS.value += 75 * 86_400
        watch.look()
        #expect(heard.all.isEmpty && watch.troubles.isEmpty)
        nowS.value += 2 * 86_400
        for _ in 0..<3 { watch.look() }
        let file = disk.files.certificates[0]
        #expect(heard.all == [.expiring(file: file, daysLeft: 13)])
        nowS.value += 14 * 86_400
        watch.look()
        #expect(heard.all.last == .expired(file: file))
        #expect(watch.troubles == [.expired(file: file)])
    }
}

/// What was told.
final class Heard: Sendable {
    private let news = Mutex<[CertificateNews]>([])
    func add(_ one: CertificateNews) { news.withLock { $0.append(one) } }
    var all: [CertificateNews] { news.withLock { $0 } }
}

/// The time of a test.
final class Clock: Sendable {
    private let seconds: Mutex<Int64>
    init(_ seconds: Int64) { self.seconds = Mutex(seconds) }
    var value: Int64 {
        get { seconds.withLock { $0 } }
        set { seconds.withLock { $0 = newValue } }
    }
}
