// What an operator sees at the start is true.

import Foundation
import Testing

@Suite("The banner", .ownThread)
struct BannerTests {
    @Test("to a terminal it has the key, and nowhere else")
    func keyIsForTheTerminal() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let terminal = try PseudoTerminal(columns: 200)
        let process = try ChildProcess(
            ServerProcess.binary,
            [
                "serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--staff",
                "127.0.0.1:0", "--data", folder.appending(path: "data").path,
            ], terminal: terminal)
        defer { process.end() }
        try process.output.wait(for: "console   http", within: 30)
        let path = folder.appending(path: "data/publish-key").path
        let key = try String(contentsOfFile: path, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(process.output.text.contains("stream key  show?key=\(key)"))
        #expect(!process.errors.text.contains(key))
        process.signal(SIGTERM)
        #expect(process.waitForEnd(within: 20) == .exit(code: 0))
    }

    @Test("gives real ports, and keeps the key to itself where it may be kept")
    func isTrue() throws {
        try ServerProcess.run(isOpen: false) { server in
            #expect(server.banner.contains("is up"))
            let path = server.dataFolder.appending(path: "data/publish-key").path
            let key = try String(contentsOfFile: path, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(server.pushURL.hasSuffix("/live/show?key=\(key)"))
            #expect(server.banner.contains("stream key  show?key=…\n"))
            #expect(!server.banner.contains(key) && !server.log.contains(key))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            #expect(Set([server.httpPort, server.rtmpPort, server.staffPort]).count == 3)
            // The push URL, as it stands there, is one that can be pushed to.
            let name = try #require(server.pushURL.split(separator: "/").last)
            let publisher = try RTMPClient(port: server.rtmpPort)
            #expect(try publisher.publish(String(name)).code == "NetStream.Publish.Start")
            #expect(try server.staff("/healthz").statusCode == 200)
            let answer = try HTTPClient.ask(port: server.httpPort, "/")
            #expect(answer.statusCode == 200)
        }
    }
}
