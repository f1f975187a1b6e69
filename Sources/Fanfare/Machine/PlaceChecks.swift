// Checks of what the settings name on this machine: ports and the data folder.

import Glibc
import IORing
import Settings
import WireBytes

/// Whether a listener could listen.
enum PortCheck {
    /// Binds and listens for a moment.
    /// - Parameter server: one that runs with the same data folder, and may have it.
    static func result(
        _ setting: any SettingEntry, _ address: IPEndpoint, beside server: RunningServer? = nil
    ) -> CheckResult {
        let name = "port \(setting.key)"
        guard address.port != 0 else { return .ok(name, "\(address), the system chooses") }
        switch listenError(address) {
        case 0:
            return .ok(name, "\(address) is free")
        case EADDRINUSE:
            if let server, server.listens(onPort: address.port) {
                return .ok(
                    name, "\(address), in use by the running server (process \(server.process))")
            }
            return .fail(
                name, "\(address) is taken by another program",
                advice: "find it with: ss -ltnp 'sport = :\(address.port)'; or choose another "
                    + "with --\(setting.flag)")
        case EADDRNOTAVAIL:
            return .fail(
                name, "\(address) is no address of this machine",
                advice: "see: ip address; choose another with --\(setting.flag)")
        case EACCES:
            return .fail(
                name, "\(address) is not permitted",
                advice: "ports below 1024 need CAP_NET_BIND_SERVICE; or choose another with "
                    + "--\(setting.flag)")
        case let code:
            return .fail(name, "\(address): \(systemErrorText(code))")
        }
    }

    /// 0 or the error number.
    private static func listenError(_ address: IPEndpoint) -> CInt {
        let descriptor = socket(
            address.family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        // As the listeners have it: connections of the last run in TIME_WAIT are no hindrance.
        var yes: CInt = 1
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        let code = unsafe address.withSocketName { unsafe bind(descriptor, $0, $1) }
        guard code == 0, listen(descriptor, 1) == 0 else {
            return errno
        }
        return 0
    }
}

/// Whether the data folder can be written, or made. Changes nothing.
enum DataFolderCheck {
    static func result(path: String) -> CheckResult {
        let (existing, isComplete) = nearestExisting(path)
        guard unsafe access(existing, W_OK | X_OK) == 0 else {
            return .fail(
                "data folder", "\(path): \(existing) is not writable",
                advice: "give this user the right (chown), or choose another folder with --data")
        }
        var status = Glibc.stat()
        guard unsafe stat(existing, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return .fail(
                "data folder", "\(existing) is not a folder", advice: "choose another with --data")
        }
        if isComplete, status.st_mode & 0o007 != 0 {
            return .warn(
                "data folder", "\(path) is open to every user of this machine",
                advice: "names, addresses and keys are in it: chmod o-rwx \(path)")
        }
        let words = isComplete ? path : "\(path), will be created"
        guard let free = DiskSpace(of: existing)?.freeByteCount else {
            return .ok("data folder", words)
        }
        let found = "\(words), \(ByteText.of(free)) free"
        return free >= freeByteCountWanted
            ? .ok("data folder", found)
            : .warn("data folder", found, advice: "make room; little is left to keep things in")
    }

    /// The folder itself, or the nearest one above it that exists.
    private static func nearestExisting(_ path: String) -> (path: String, isComplete: Bool) {
        var candidate = path
        var isComplete = true
        while unsafe access(candidate, F_OK) != 0 {
            isComplete = false
            guard let slash = candidate.lastIndex(of: "/") else { return (".", false) }
            candidate = String(candidate[..<slash])
            if candidate.isEmpty { return ("/", false) }
        }
        return (candidate, isComplete)
    }

    private static let freeByteCountWanted: UInt64 = 256 << 20
}
