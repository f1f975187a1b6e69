// A server that is killed and started again, at the same ports and with the same data.

import Foundation

/// One appliance through several lives.
final class RestartingServer: Sendable {
    let httpPort: UInt16
    let rtmpPort: UInt16
    let staffPort: UInt16
    private let folder: URL
    private let arguments: [String]
    private let state = Monitor<ServerProcess?>(nil)

    /// Starts it for the first time.
    init(_ arguments: [String]) throws {
        folder = try TemporaryFolder.make()
        httpPort = try Self.freePort()
        rtmpPort = try Self.freePort()
        staffPort = try Self.freePort()
        self.arguments = arguments
        try start()
    }

    func start() throws {
        let process = try ChildProcess(
            ServerProcess.binary,
            [
                "serve", "--http", "127.0.0.1:\(httpPort)", "--rtmp", "127.0.0.1:\(rtmpPort)",
                "--staff", "127.0.0.1:\(staffPort)", "--data",
                folder.appending(path: "data").path, "--open-ingest",
            ] + arguments)
        do {
            let server = try ServerProcess(process, dataFolder: folder)
            state.withLock { $0 = server }
        } catch {
            process.end()
            throw error
        }
    }

    /// kill -9.
    func kill() { state.withLock { $0?.process.end() } }

    /// Ends it in order, and removes its data.
    func stop() {
        state.withLock { $0?.stopIfRunning() }
        state.withLock { $0?.process.end() }
        try? FileManager.default.removeItem(at: folder)
    }

    var log: String { state.withLock { $0?.log ?? "" } }

    /// A port that nobody has, below those from which the kernel takes the callers': a client that
    /// tries again and again while nobody listens would connect to itself one day.
    private static func freePort() throws -> UInt16 {
        for _ in 0..<200 {
            let port = UInt16.random(in: 12_000..<30_000)
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { break }
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let code = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if code == 0 { return port }
        }
        throw TestFailure.unexpected("no port is free")
    }
}
