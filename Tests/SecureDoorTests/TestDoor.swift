// A door on a port of the system's choice, and clients of it.

import COpenSSL
import Glibc
import IORing
import SecureDoor
import Synchronization
import TLS
import Testing
import WireBytes

final class TestDoor: Sendable {
    let door: SecureDoor
    private let inbox: DoorInbox

    init(
        settings: SecureDoorSettings = SecureDoorSettings(), hasProxies: Bool = false
    ) throws {
        let inbox = try DoorInbox()
        self.inbox = inbox
        let nowS = Int64(time(nil))
        var (certificate, key) = try SelfSigned.make(
            names: ["example.com", "127.0.0.1"], days: 30, nowS: nowS)
        let identity = try CertificateIdentity(
            chain: certificate, key: &key, file: "a.pem", keyFile: "a.key", nowS: nowS)
        let context = try SecureContext(
            identities: [identity], tickets: try TicketKeys(nowS: nowS))
        door = try SecureDoor(
            name: "test-door",
            listener: Listener(
                address: IPEndpoint(.loopback, port: 0), options: ListenerOptions()),
            settings: settings,
            parts: SecureDoor.Parts(
                inside: .http, context: { context }, trusts: { [hasProxies] _ in hasProxies },
                onArrival: { inbox.add($0) }, onNews: { failure, _ in inbox.note(failure) }))
    }

    var address: IPEndpoint { door.address }

    /// The next who has come through.
    func next() -> SecureArrival? { inbox.next() }

    /// What the log was told.
    func news() -> [DoorFailure] { inbox.failures.withLock { $0 } }

    func stop() { door.stop() }
}

/// Who has come through, waited for by the test.
final class DoorInbox: Sendable {
    let failures = Mutex<[DoorFailure]>([])
    private let arrivals = Mutex<[SecureArrival]>([])
    private let signal: WakeSignal

    init() throws { signal = try WakeSignal() }

    func add(_ arrival: SecureArrival) {
        arrivals.withLock { $0.append(arrival) }
        signal.raise()
    }

    func note(_ failure: DoorFailure) { failures.withLock { $0.append(failure) } }

    func next() -> SecureArrival? {
        while true {
            if let first = arrivals.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                return first
            }
            signal.wait()
        }
    }
}

func connected(to address: IPEndpoint) throws -> Int32 {
    let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
    let code = unsafe address.withSocketName { unsafe connect(descriptor, $0, $1) }
    try #require(code == 0)
    return descriptor
}

func receive(_ descriptor: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : []
}

func send(_ descriptor: Int32, _ bytes: [UInt8]) {
    _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
}

/// A client without TLS.
final class PlainClient {
    private let descriptor: Int32

    init(_ address: IPEndpoint) throws { descriptor = try connected(to: address) }
    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) { SecureDoorTests.send(descriptor, bytes) }

    /// All until the end.
    func readAll() -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let more = receive(descriptor)
            if more.isEmpty { return all }
            all += more
        }
    }
}

/// OpenSSL's client on a socket.
@safe final class BlockingClient {
    private let descriptor: Int32
    private let context: OpaquePointer
    private let ssl: OpaquePointer

    init(_ address: IPEndpoint, host: String) throws {
        descriptor = try connected(to: address)
        unsafe context = SSL_CTX_new(TLS_client_method())
        unsafe ssl = SSL_new(context)
        unsafe SSL_set_fd(ssl, descriptor)
        _ = unsafe fanfare_ssl_set_host_name(ssl, host)
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
        close(descriptor)
    }

    var localPort: UInt16 {
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: name.sin_port)
    }

    func sendPlain(_ text: String) { send(descriptor, Array(text.utf8)) }

    func shake() -> Bool { unsafe SSL_connect(ssl) == 1 }

    func write(_ text: String) { unsafe SSL_write(ssl, text, Int32(text.utf8.count)) }

    func readAll() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = unsafe SSL_read(ssl, &buffer, Int32(buffer.count))
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<Int(count)]
        }
    }
}
