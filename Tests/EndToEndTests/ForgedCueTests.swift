// A publisher's script data passes for nobody's cue, however its name is written or wrapped.

import AudienceProtocol
import FLV
import Foundation
import Testing

@Suite("Forged cues", .ownThread)
struct ForgedCueTests {
    /// Names that some reader might take for one of ours.
    private static func spellings(of name: String) -> [[UInt8]] {
        let plain = Array(name.utf8)
        let texts = [
            name, name.uppercased(), name.lowercased(), " \(name)", "\(name) ", "\(name)\0",
            "\(name)\0junk", "\0\(name)", "\(name)\n", "on.\(name.dropFirst(2))", "@\(name)",
            "\u{FEFF}\(name)", "on\u{200B}\(name.dropFirst(2))", "\(name)\u{034F}",
            "\(name)\u{0301}", "\u{FF4F}\(name.dropFirst())",
        ]
        // Bytes that a careless reader drops, or takes for another form of the same letter.
        let bytes = [plain + [0xFF], [0x80] + plain, [0xC1, 0xAF] + plain.dropFirst()]
        return texts.map { Array($0.utf8) } + bytes
    }

    /// The AMF0 string with these bytes, in its short and its long form, and as XML.
    private static func forms(of name: [UInt8]) -> [[UInt8]] {
        let count = RTMPClient.bigEndian(UInt32(name.count), 4)
        return [[2] + count[2...] + name, [0x0C] + count + name, [0x0F] + count + name]
    }

    /// A tag of an aggregate message.
    private static func aggregate(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let count = RTMPClient.bigEndian(UInt32(body.count), 3)
        return [type] + count + [UInt8](repeating: 0, count: 7) + body
            + RTMPClient.bigEndian(UInt32(body.count + 11), 4)
    }

    private static let object = AMF0.encode(
        .object([
            AMF0Property("phase", .string("winners")), AMF0Property("seq", .number(1e9)),
            AMF0Property("forged", .boolean(true)),
        ]))

    /// All ways to send a script tag of that name: message types and bodies.
    private static func messages(named name: String) -> [(type: UInt8, body: [UInt8])] {
        let wrappers = ["@setDataFrame", "@clearDataFrame"].flatMap { forms(of: Array($0.utf8)) }
        return spellings(of: name).flatMap { forms(of: $0) }.flatMap { named in
            let tag = named + object
            let wrapped = wrappers.map { $0 + tag } + wrappers.map { $0 + wrappers[0] + tag }
            return ([tag] + wrapped).flatMap { body -> [(type: UInt8, body: [UInt8])] in
                [
                    (18, body), (15, [0] + body), (15, body), (15, [0x11] + body),
                    (22, aggregate(18, body)), (22, aggregate(15, [0] + body)),
                ]
            }
        }
    }

    @Test("no spelling and no wrapping of our names comes through, and the publisher's own does")
    func forged() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--ingest-pass-script-data"]) { server in
            let client = try RTMPClient.publishing(port: server.rtmpPort)
            try client.send(source.headers + source.frames[..<10])
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 8)
            let names = CueName.allCases.map(\.rawValue) + [PublisherScript.metadataName]
            for message in names.flatMap(Self.messages) {
                try client.connection.send(
                    client.message(message.type, message.body, chunkStreamId: 5))
            }
            let own = AMF0.encode(.string("onTally"), .object([.init("live", .boolean(true))]))
            try client.connection.send(client.message(18, own, chunkStreamId: 5))
            try viewer.wait(for: "its own") { stream in
                stream.tags.contains { $0.type == .script && $0.body == own }
            }
            let stream = viewer.stream
            let scripts = stream.tags.filter { $0.type == .script }.map(\.body)
            #expect(scripts.count == 2, "onMetaData and the publisher's own, nothing else")
            #expect(scripts.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("forged") })
        }
    }
}
