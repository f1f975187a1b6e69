// What systemd is told of this process, by datagrams to the socket that it names (sd_notify(3)).

import Glibc
import Settings

/// Why the service manager can't be told anything.
enum ServiceNotifierError: Error, Equatable, CustomStringConvertible {
    /// `NOTIFY_SOCKET` is no address of ours.
    case badAddress(String)
    /// The system refuses.
    case system(call: String, errno: CInt)

    var description: String {
        switch self {
        case .badAddress(let text):
            "NOTIFY_SOCKET is \(LogText.quoted(text, byteCountMax: 200)), and only a path or an "
                + "abstract name (@…) of up to \(ServiceNotifier.nameByteCountMax) bytes is known; "
                + "the service manager is told nothing"
        case .system(let call, let code):
            "the service manager could not be told (\(call)): \(systemErrorText(code)). If the unit "
                + "is Type=notify, it may take this server for one that has failed"
        }
    }
}

/// One end of the service manager's socket. Nothing that is told waits for long.
final class ServiceNotifier: Sendable {
    /// Bytes of the socket's name, as the kernel has room for (unix(7)), its end not counted.
    static let nameByteCountMax = 107
    /// How long a datagram waits for a manager that doesn't read, s.
    private static let patienceS = 1

    private let descriptor: CInt
    private let address: [UInt8]

    /// - Parameter name: a path, or `@` and an abstract name.
    /// - Throws: `ServiceNotifierError`.
    init(name: String) throws(ServiceNotifierError) {
        var bytes = Array(name.utf8)
        guard let first = bytes.first, 2...Self.nameByteCountMax ~= bytes.count,
            !bytes.contains(0), first == UInt8(ascii: "/") || first == UInt8(ascii: "@")
        else { throw .badAddress(name) }
        // An abstract name begins with a zero; a path ends with one.
        if first == UInt8(ascii: "@") { bytes[0] = 0 } else { bytes.append(0) }
        address = bytes
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
        var patience = timeval(tv_sec: Self.patienceS, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends one state, whose lines are `NAME=VALUE`.
    func send(_ lines: [String]) throws(ServiceNotifierError) {
        let text = Array(lines.joined(separator: "\n").utf8)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { path in
            for (index, byte) in address.enumerated() { unsafe path[index] = byte }
        }
        let offset = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2
        let length = socklen_t(offset + address.count)
        var count = -1
        repeat {
            count = unsafe withUnsafePointer(to: &name) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe sendto(
                        descriptor, text, text.count, CInt(MSG_NOSIGNAL), pointer, length)
                }
            }
        } while count < 0 && errno == EINTR
        guard count == text.count else { throw .system(call: "sendto", errno: errno) }
    }
}
