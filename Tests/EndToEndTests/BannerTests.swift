// What an operator sees at the start is true.

import Foundation
import Testing

@Suite("The banner", .ownThread)
struct BannerTests {
    @Test("gives real ports, and the key that is kept for the owner's eyes")
    func isTrue() throws {
        try ServerProcess.run(isOpen: false) { server in
            #expect(server.banner.contains("is up"))
            let path = server.dataFolder.appending(path: "data/publish-key").path
            let key = try String(contentsOfFile: path, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(server.pushURL.hasSuffix("/live/show?key=\(key)"))
            #expect(server.banner.contains("stream key  show?key=\(key)\n"))
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
