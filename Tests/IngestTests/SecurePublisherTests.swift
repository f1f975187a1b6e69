// Publishers over TLS at the real ingest: what they send is opened, and who breaks TLS is ended.

import Broadcast
import Glibc
import IORing
import TLS
import Testing
import WireBytes

@testable import Ingest

@Suite struct SecurePublisherTests {
    /// Both ends' keys of a connection whose handshake is over.
    private func keys() throws -> (server: SessionKeys, client: SessionKeys) {
        let (one, other) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        let server = try unsafe SessionKeys.tls13(
            suite: .aes128GCM, clientSecret: one.span.bytes, serverSecret: other.span.bytes,
            readSequence: 0, writeSequence: 0)
        var client = server
        swap(&client.read, &client.write)
        return (server, client)
    }

    /// - Parameter pending: what came with the handshake's end, in the clear.
    private func running(
        pending: [UInt8] = [], _ body: (_ descriptor: Int32, SecureStream) throws -> Void
    ) throws {
        let ingest = try Ingest(
            listener: Listener(
                address: IPEndpoint(.loopback, port: 0), options: ListenerOptions()),
            settings: IngestSettings(), programmes: Programmes(limits: BroadcastLimits()),
            keyCheck: { _ in true }, onEvent: { _ in })
        defer { ingest.stop() }
        var ends: [Int32] = [0, 0]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { close(ends[1]) }
        let keys = try keys()
        let stream = try SecureStream(keys.client)
        var records: [UInt8] = []
        try unsafe stream.seal(pending.span.bytes, into: &records)
        ingest.adopt(
            SecurePublisher(
                descriptor: ends[0], peer: IPEndpoint(.loopback, port: 7), keys: keys.server,
                pending: records))
        try body(ends[1], stream)
    }

    /// What a publisher begins with.
    private static let hello = [3] + [UInt8](repeating: 0, count: 1_536)

    /// Takes the server's answer to it.
    private func takeAnswer(_ descriptor: Int32, _ stream: SecureStream) throws {
        var plaintext: [UInt8] = []
        while plaintext.count < 1 + 2 * 1_536 {
            let bytes = receive(descriptor)
            try #require(!bytes.isEmpty)
            try unsafe stream.open(bytes.span.bytes, into: &plaintext)
        }
        #expect(plaintext[0] == 3)
    }

    private func receive(_ descriptor: Int32) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : []
    }

    private func send(_ descriptor: Int32, _ bytes: [UInt8]) {
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    @Test("RTMP's handshake goes both ways in records")
    func handshake() throws {
        try running { descriptor, stream in
            var records: [UInt8] = []
            try unsafe stream.seal(Self.hello.span.bytes, into: &records)
            send(descriptor, records)
            try takeAnswer(descriptor, stream)
        }
    }

    @Test("Who sends what can't be opened is told by an alert, and ended")
    func broken() throws {
        try running { descriptor, stream in
            send(descriptor, [23, 3, 3, 0, 32] + [UInt8](repeating: 7, count: 32))
            var plaintext: [UInt8] = []
            let error = #expect(throws: TLSError.self) {
                while true {
                    let bytes = receive(descriptor)
                    try #require(!bytes.isEmpty)
                    try unsafe stream.open(bytes.span.bytes, into: &plaintext)
                }
            }
            #expect(error == .toldOff(TLSAlert.badRecordMAC.rawValue))
        }
    }

    @Test("What came with the handshake's end isn't lost, and a farewell is understood")
    func pending() throws {
        try running(pending: Self.hello) { descriptor, stream in
            try takeAnswer(descriptor, stream)
            send(descriptor, stream.sealClose())
            #expect(receive(descriptor).isEmpty)
        }
    }
}
