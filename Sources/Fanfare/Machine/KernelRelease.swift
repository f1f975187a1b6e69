// The running kernel's version, and the one we need.

import Glibc

/// The first two numbers of a kernel's release.
struct KernelRelease: Sendable, Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int

    /// The first with DEFER_TASKRUN, multishot receive and all that our rings use.
    static let required = KernelRelease(major: 6, minor: 1)

    /// The first that tells what a ring's sockets wait for (IORING_OP_FIXED_FD_INSTALL).
    static let withWaitReasons = KernelRelease(major: 6, minor: 8)

    /// Of this machine; 0.0 if `uname` says nothing we understand.
    static var running: KernelRelease {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return KernelRelease(major: 0, minor: 0) }
        let text = unsafe withUnsafeBytes(of: &name.release) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return KernelRelease(parsing: text) ?? KernelRelease(major: 0, minor: 0)
    }

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// "6.1.0-25-amd64" is 6.1.
    init?(parsing release: String) {
        let parts = release.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let major = Int(parts[0]),
            let minor = Int(parts[1].prefix { $0.isNumber })
        else { return nil }
        self.init(major: major, minor: minor)
    }

    static func < (one: KernelRelease, other: KernelRelease) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    var description: String { "\(major).\(minor)" }
}
