// A good publisher and a good viewer, who must not notice what others do to the server.

import Foundation
import Testing

/// Runs a server on which all is well, lets somebody misbehave, and checks that all is still well.
enum GoodCompany {
    /// What the server may have grown by, bytes. Its own buffers and the stream are a few MB; what
    /// is feared would be hundreds.
    static let growthByteCountMax = 64 << 20

    /// - Parameter misbehave: what happens in the middle of the good stream.
    static func keep(
        _ arguments: [String] = [], while misbehave: (ServerProcess) throws -> Void
    ) throws {
        let source = try Source.clip.get()
        try ServerProcess.run(arguments) { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<4])
            try viewer.wait(forTags: 5)
            let half = source.frames.count / 2
            try publisher.send(source.frames[4..<half])
            try viewer.wait(forTags: 1 + source.headers.count + half)
            let before = try server.residentByteCount()

            try misbehave(server)

            let after = try server.residentByteCount()
            #expect(after - before < growthByteCountMax, "from \(before) to \(after) bytes")
            // Somebody new is let in as if nothing had happened.
            let late = try ViewerClient(port: server.httpPort)
            try late.wait(forTags: 4)
            try publisher.send(source.frames[half...])
            let count = 1 + source.headers.count + source.frames.count
            try viewer.wait(forTags: count).verify(against: source)
            guard let last = source.frames.last else { return }
            try late.wait(forTag: last).verify(against: source)
            #expect(try server.staff("/healthz").statusCode == 200)
        }
    }
}
