// Why a ring could not be had, in words that name the cure.

import Glibc

/// A failure to set up a ring or one of its parts.
public enum RingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `io_uring_setup` failed.
    case setup(errno: Int32, disabledSetting: Int?)
    /// The table of direct descriptors could not be had.
    case directDescriptors(count: Int, errno: Int32)
    /// The pool of receive buffers could not be had.
    case buffers(byteCount: Int, errno: Int32)
    /// Entering the ring failed.
    case enter(errno: Int32)
    /// The system has no thread for what is to run on one of its own.
    case thread(name: String, errno: Int32)

    /// What went wrong, why that is likely, and what to do.
    public var description: String {
        switch self {
        case .setup(let code, let disabled):
            return "io_uring_setup: \(errorText(code)). \(setupCure(code, disabled))"
        case .directDescriptors(let count, let code):
            return "io_uring: no table of \(count) direct descriptors: \(errorText(code)). "
                + (code == EMFILE
                    ? "Raise the descriptor limit: ulimit -n \(count), or LimitNOFILE in the unit."
                    : "Is the kernel 6.1 or newer?")
        case .buffers(let byteCount, let code):
            return "io_uring: no receive buffers of \(byteCount) bytes: \(errorText(code)). "
                + memlockCure
        case .enter(let code):
            return "io_uring_enter: \(errorText(code))"
        case .thread(let name, let code):
            return "no thread for “\(name)”: \(errorText(code)). Raise the limit of this user's "
                + "processes (ulimit -u), or TasksMax in the unit."
        }
    }
}

private let memlockCure =
    "Raise the locked-memory limit: ulimit -l unlimited, or LimitMEMLOCK=infinity in the unit."

private func setupCure(_ code: Int32, _ disabled: Int?) -> String {
    switch code {
    case EPERM where disabled == 2:
        "kernel.io_uring_disabled is 2; run: sysctl -w kernel.io_uring_disabled=0"
    case EPERM where disabled == 1:
        "kernel.io_uring_disabled is 1 and this user is not in kernel.io_uring_group; "
            + "run: sysctl -w kernel.io_uring_disabled=0"
    case EPERM, EACCES:
        "A seccomp filter forbids it, as containers do by default; run the container with "
            + "--security-opt seccomp=unconfined or a profile that allows io_uring_*."
    case ENOSYS:
        "This kernel has no io_uring, or a seccomp filter hides it; Linux 6.1 or newer is needed."
    case EINVAL:
        "This kernel is too old for the ring's flags; Linux 6.1 or newer is needed."
    case ENOMEM:
        memlockCure
    case EMFILE:
        "Raise the descriptor limit: ulimit -n, or LimitNOFILE in the unit."
    default:
        "Linux 6.1 or newer with io_uring enabled is needed."
    }
}

/// The system's text for an errno, with its name where it is a usual one.
public func errorText(_ code: Int32) -> String {
    let names: [Int32: String] = [
        EPERM: "EPERM", EACCES: "EACCES", ENOSYS: "ENOSYS", EINVAL: "EINVAL", ENOMEM: "ENOMEM",
        EMFILE: "EMFILE", ENFILE: "ENFILE", EADDRINUSE: "EADDRINUSE",
        EADDRNOTAVAIL: "EADDRNOTAVAIL",
    ]
    let text = unsafe String(cString: strerror(code))
    return names[code].map { "\($0) (\(text))" } ?? text
}
