// Behind real proxies, with the configurations of Ops/proxy: everybody keeps the own address.

import Foundation
import Testing

@Suite("Behind a proxy", .ownThread)
struct ProxyTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Ops/proxy")

    /// A proxy that runs with a file of Ops/proxy, other ports in it.
    struct Proxy {
        let process: ChildProcess
        let httpPort: UInt16
        let tcpPort: UInt16
        let rtmpPort: UInt16
    }

    enum Kind: String, CaseIterable {
        case nginx, haproxy

        func run<Result>(_ server: ServerProcess, _ body: (Proxy) throws -> Result) throws -> Result
        {
            // Free ports, as far as anybody can tell beforehand; who else takes one meanwhile makes
            // the proxy say so and end.
            let ports = try FreePorts.find(count: 3)
            let folder = try TemporaryFolder.make()
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appending(path: "proxy.conf")
            try text(server, ports, folder).write(to: file, atomically: true, encoding: .utf8)
            let process: ChildProcess
            switch self {
            case .nginx:
                process = try ChildProcess(
                    "/usr/sbin/nginx",
                    [
                        "-c", file.path, "-e",
                        folder.appending(path: "error.log").path, "-g", "daemon off;",
                    ])
            case .haproxy:
                process = try ChildProcess("/usr/sbin/haproxy", ["-db", "-f", file.path])
            }
            // In order, so that its workers end with it.
            defer {
                process.signal(SIGTERM)
                _ = process.waitForEnd(within: 10)
                process.end()
            }
            let deadline = Deadline(seconds: 20)
            while (try? HTTPClient.ask(port: ports[0], "/healthz").statusCode) != 200 {
                guard !deadline.isOver, process.waitForEnd(within: 0.02) == nil else {
                    throw TestFailure.unexpected("\(rawValue): \(process.errors.text)")
                }
            }
            return try body(
                Proxy(
                    process: process, httpPort: ports[0], tcpPort: ports[1], rtmpPort: ports[2]))
        }

        /// The file with the test's ports, and without what needs root.
        private func text(
            _ server: ServerProcess, _ ports: [UInt16], _ folder: URL
        ) throws -> String {
            let name = self == .nginx ? "nginx.conf" : "haproxy.cfg"
            var text = try String(
                contentsOf: ProxyTests.folder.appending(path: name), encoding: .utf8)
            func put(_ new: String, for old: String) throws {
                guard text.contains(old) else {
                    throw TestFailure.unexpected("\(name) has no \"\(old)\" any more")
                }
                text = text.replacingOccurrences(of: old, with: new)
            }
            try put("127.0.0.1:\(server.httpPort)", for: "127.0.0.1:8080")
            try put("127.0.0.1:\(server.rtmpPort)", for: "127.0.0.1:11935")
            switch self {
            case .nginx:
                try put("listen 127.0.0.1:\(ports[0]);", for: "listen 80;")
                try put("listen 127.0.0.1:\(ports[2]);", for: "listen 1935;")
                try put("pid \(folder.path)/nginx.pid;", for: "pid /run/nginx.pid;")
                // The test's processes may not have so many descriptors.
                try put("", for: "worker_rlimit_nofile 65536;")
                try put("worker_connections 512;", for: "worker_connections 32768;")
                // Debian's folders for what doesn't fit into memory are root's.
                let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
                    "\($0)_temp_path \(folder.path)/\($0);"
                }
                try put("access_log off;" + places.joined(), for: "access_log off;")
            case .haproxy:
                try put("bind 127.0.0.1:\(ports[0])", for: "bind :80")
                try put("bind 127.0.0.1:\(ports[1])", for: "bind :81")
                try put("bind 127.0.0.1:\(ports[2])", for: "bind :1935")
                try put("maxconn 500", for: "maxconn 60000")
            }
            return text
        }
    }

    /// Starts a server that believes proxies on this machine and a proxy before it.
    private func run(
        _ kind: Kind, _ arguments: [String] = [],
        _ body: (ServerProcess, Proxy) throws -> Void
    ) throws {
        try ServerProcess.run(["--trusted-proxies", "127.0.0.1"] + arguments) { server in
            try kind.run(server) { try body(server, $0) }
        }
    }

    private static func viewers(_ server: ServerProcess) throws -> [[String: Any]] {
        try server.staff("/api/v1/viewers").json["viewers"] as? [[String: Any]] ?? []
    }

    @Test(
        "A stream and a WebSocket come through, with the viewer's address", arguments: Kind.allCases
    )
    func streamsComeThrough(_ kind: Kind) throws {
        let source = try Source.clip.get()
        try run(kind) { server, proxy in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let feed = try LiveFeed(source, by: publisher)
            try feed.send(until: 10)
            // What a client claims stands to the left of what the proxy saw.
            let claim = ["X-Forwarded-For: 203.0.113.7"]
            let viewer = try ViewerClient(port: proxy.httpPort, fields: claim)
            let socket = try HTTPClient(port: proxy.httpPort)
            try socket.connection.send(
                HTTPClient.request(
                    "GET", "/live/show.flv",
                    fields: claim + [
                        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Protocol: fanfare",
                    ]))
            try viewer.wait(forTags: 8)
            try feed.send(until: 20)
            try viewer.wait(forTags: 18)
            // It answers at once, and goes on as a WebSocket.
            let head = try socket.connection.receive(within: 15)
            #expect(String(decoding: head, as: UTF8.self).hasPrefix("HTTP/1.1 101 "))
            let seen = try Self.viewers(server)
            // This machine is trusted itself; so the list was read to its end, where the claim is.
            #expect(seen.map { $0["address"] as? String } == ["203.0.113.7", "203.0.113.7"])
            #expect(Set(seen.map { $0["isWebSocket"] as? Bool ?? false }) == [true, false])
        }
    }

    @Test("Who is limited or banned behind a proxy is one, and not all", arguments: Kind.allCases)
    func oneIsLimited(_ kind: Kind) throws {
        let source = try Source.clip.get()
        try run(kind, ["--limits-per-address", "3"]) { server, proxy in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let feed = try LiveFeed(source, by: publisher)
            try feed.send(until: 10)
            func viewer(_ address: String) throws -> ViewerClient {
                try ViewerClient(
                    port: proxy.httpPort, fields: ["X-Forwarded-For: \(address)"])
            }
            func status(_ viewer: ViewerClient) throws -> Int? {
                try viewer.wait(for: "an answer") { $0.statusCode != nil }.statusCode
            }
            let abuser = try (0..<3).map { _ in try viewer("203.0.113.7") }
            for each in abuser { #expect(try status(each) == 200) }
            #expect(try status(try viewer("203.0.113.7")) == 429)
            let others = try (8..<12).map { try viewer("203.0.113.\($0)") }
            for each in others { #expect(try status(each) == 200) }
            try server.waitForLog("203.0.113.7 was refused")

            let order = Array(#"{"address": "203.0.113.7", "reason": "floods"}"#.utf8)
            let client = try HTTPClient(port: server.staffPort)
            try client.connection.send(
                HTTPClient.request(
                    "POST", "/api/v1/bans",
                    fields: [
                        "Content-Type: application/json", "Content-Length: \(order.count)",
                    ]) + order)
            let receipt = try client.answer()
            #expect(receipt.statusCode == 201 && receipt.json["endedCount"] as? Int == 3)
            for each in abuser { try each.wait(for: "its end") { $0.end != nil } }
            #expect(try status(try viewer("203.0.113.7")) == 403)
            #expect(others.allSatisfy { $0.stream.end == nil })
        }
    }

    @Test("Publishers keep their address", arguments: Kind.allCases)
    func publishersComeThrough(_ kind: Kind) throws {
        let source = try Source.clip.get()
        try run(kind) { server, proxy in
            let publisher = try RTMPClient.publishing(port: proxy.rtmpPort)
            let feed = try LiveFeed(source, by: publisher)
            try feed.send(until: 10)
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 8)
            let address = try #require(
                try server.streamStatus()["publisherAddress"] as? String)
            // The port is our own, and not that of the proxy's connection.
            #expect(address == "127.0.0.1:\(publisher.connection.localPort)")
        }
    }

    @Test("HAProxy as TCP says with PROXY v2 who is there, and takes a drained server out")
    func tcpWithProxyHeader() throws {
        let source = try Source.clip.get()
        try run(.haproxy) { server, proxy in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let feed = try LiveFeed(source, by: publisher)
            try feed.send(until: 10)
            let viewer = try ViewerClient(port: proxy.tcpPort)
            try viewer.wait(forTags: 8)
            #expect(try Self.viewers(server).map { $0["address"] as? String } == ["127.0.0.1"])
            #expect(try server.staff("/api/v1/drain", method: "POST").statusCode == 200)
            #expect(try HTTPClient.ask(port: server.httpPort, "/healthz").statusCode == 503)
            // HAProxy has seen it, and sends newcomers nowhere; who watches goes on watching.
            try server.wait(for: "HAProxy to take the server out") {
                let answer = try HTTPClient.ask(port: proxy.httpPort, "/api/v1/clock")
                return answer.statusCode == 503
            }
            try feed.send(until: 20)
            try viewer.wait(forTags: 18)
            #expect(try server.staff("/api/v1/drain", method: "DELETE").statusCode == 200)
            try server.wait(for: "HAProxy to take it in again") {
                try HTTPClient.ask(port: proxy.httpPort, "/api/v1/clock").statusCode == 200
            }
        }
    }

    @Test("A trusted proxy that names nobody is told of")
    func silentProxy() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--trusted-proxies", "127.0.0.1"]) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try server.waitForLog("127.0.0.1 is trusted as a proxy and says of no publisher")
            let feed = try LiveFeed(source, by: publisher)
            try feed.send(until: 10)
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 8)
            try server.waitForLog("127.0.0.1 is trusted as a proxy and says of no viewer")
        }
    }

    @Test("Without --trusted-proxies a PROXY header is refused in words")
    func strangersAreRefused() throws {
        try ServerProcess.run { server in
            let line = Array("PROXY TCP4 203.0.113.7 192.0.2.1 1 2\r\n".utf8)
            let client = try HTTPClient(port: server.httpPort)
            try client.connection.send(line + HTTPClient.request("GET", "/healthz"))
            let answer = try client.answer()
            #expect(answer.statusCode == 400 && answer.text.contains("--trusted-proxies"))
            let publisher = try Connection(port: server.rtmpPort)
            try publisher.send(line + [3])
            #expect(try publisher.receiveToEnd(within: 15) == [])
            try server.waitForLog("begins with a PROXY line")
        }
    }

    @Test("A ban ends publishers, and is kept over a restart")
    func bansReachPublishers() throws {
        let source = try Source.clip.get()
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = ["--data", folder.appending(path: "data").path]
        let line = Array("PROXY TCP4 203.0.113.7 192.0.2.1 1 2\r\n".utf8)
        try run(.haproxy, data) { server, proxy in
            let banned = try Connection(port: server.rtmpPort)
            try banned.send(line)
            let other = try RTMPClient.publishing(port: proxy.rtmpPort)
            let feed = try LiveFeed(source, by: other)
            try feed.send(until: 10)
            let viewer = try ViewerClient(port: proxy.httpPort)
            try viewer.wait(forTags: 8)
            let id = try #require(try Self.viewers(server).first?["id"] as? String)
            _ = try Self.fanfare(server, "kick", "viewer", id)
            let said = try Self.fanfare(server, "ban", "203.0.113.0/24", "--for", "1h")
            #expect(said.hasPrefix("203.0.113.0/24 is banned until "))
            #expect(try banned.receiveToEnd(within: 15) == [])
            #expect(try server.streamStatus()["state"] as? String == "live")
        }
        try ServerProcess.run(["--trusted-proxies", "127.0.0.1"] + data) { server in
            let publisher = try Connection(port: server.rtmpPort)
            try publisher.send(line)
            #expect(try publisher.receiveToEnd(within: 15) == [])
            try server.waitForLog("its address is banned")
            let kept = try Self.fanfare(server, "bans")
            #expect(kept.hasPrefix("203.0.113.0/24: by staff, since "))
            #expect(
                try Self.fanfare(server, "unban", "203.0.113.0/24")
                    == "203.0.113.0/24 is let in again\n")
            #expect(try Self.fanfare(server, "bans") == "no address is banned\n")
            // Both processes' deeds, in their order.
            let audit = try Self.fanfare(server, "audit").split(separator: "\n")
            #expect(audit.count == 3)
            #expect(audit.first?.contains("staff: ended the viewer ") == true)
            #expect(audit.first?.hasSuffix(" from 127.0.0.1") == true)
            #expect(
                audit.dropFirst().first?.hasSuffix("staff: banned 203.0.113.0/24 for 3600 s")
                    == true)
            #expect(audit.last?.hasSuffix("staff: lifted the ban of 203.0.113.0/24") == true)
        }
    }

    /// What a command says.
    private static func fanfare(
        _ server: ServerProcess, _ arguments: String...
    ) throws -> String {
        try Tool.succeed(
            ServerProcess.binary, arguments + ["--staff", "127.0.0.1:\(server.staffPort)"])
    }
}

/// Ports that nobody listens on.
enum FreePorts {
    static func find(count: Int) throws -> [UInt16] {
        var descriptors: [CInt] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        return try (0..<count).map { _ in
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            descriptors.append(descriptor)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
                }
            }
            guard code == 0 else { throw TestFailure.system(call: "bind", errno: errno) }
            return UInt16(bigEndian: address.sin_port)
        }
    }
}
