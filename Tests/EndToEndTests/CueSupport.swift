// Cues as viewers get them, and as the staff send them.

import FLV
import Foundation

/// A cue among a viewer's tags.
struct ViewedCue {
    /// Where it stands among the tags.
    let index: Int
    let timestampMs: UInt32
    private let object: AMF0Value

    /// Nil if the tag isn't one.
    init?(_ tag: MediaTag, at index: Int) {
        let values = tag.type == .script ? tag.scriptValues : []
        guard values.count == 2, case .object = values[1],
            values[0] == .string("onMessage") || values[0] == .string("onQuiz")
        else { return nil }
        self.index = index
        timestampMs = tag.timestampMs
        object = values[1]
    }

    var seq: Double? { object["seq"]?.numberValue }
    var pts: Double? { object["pts"]?.numberValue }
    var text: String? { object["text"]?.stringValue }
    var level: String? { object["level"]?.stringValue }
    var kind: String? { object["kind"]?.stringValue }
    /// What a retraction takes back.
    var ids: AMF0Value? { object["ids"] }
    /// How many watch.
    var viewers: Double? { object["viewers"]?.numberValue }
}

extension ViewedStream {
    /// The cues in their order.
    var cues: [ViewedCue] {
        tags.enumerated().compactMap { ViewedCue($0.element, at: $0.offset) }
    }

    /// The stream as it would be if nothing had been said.
    var withoutCues: ViewedStream {
        var copy = self
        copy.tags = tags.enumerated()
            .filter { ViewedCue($0.element, at: $0.offset) == nil }.map(\.element)
        copy.bytes =
            Array(bytes.prefix(FLVFileHeader.byteCount))
            + copy.tags.flatMap { tag in
                FLVTagHeader.tag(
                    tag.type, timestampMs: tag.timestampMs, body: tag.body.span.bytes)
            }
        return copy
    }

    /// Checks that each cue's time is that of the newest tag before it.
    func checkCuesStandInTime() throws {
        let indices = Set(cues.map(\.index))
        var newestMs: UInt32 = 0
        for (index, tag) in tags.enumerated() {
            if indices.contains(index), tag.timestampMs < newestMs {
                throw StreamFault(
                    "a cue at \(tag.timestampMs) ms stands after a tag at \(newestMs) ms")
            }
            newestMs = max(newestMs, tag.timestampMs)
        }
    }

    /// The kinds of ffprobe's streams by their numbers.
    func kindsInOrder() throws -> [String] {
        try tool(
            "ffprobe",
            ["-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0"])
    }

    /// What ffmpeg decodes of the picture, frame by frame; each as often as it is there. Its times
    /// are left out: ffmpeg counts them from the first packet of any stream, cues included.
    func frameHashes() throws -> [Substring] {
        let passing = ["-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-"]
        return try tool("ffmpeg", ["-v", "error", "-i"], then: passing)
            .filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").last }
    }

    private func tool(
        _ name: String, _ arguments: [String], then more: [String] = []
    ) throws -> [String] {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "viewed.flv")
        try Data(bytes).write(to: file)
        return try Tool.succeed(name, arguments + [file.path] + more)
            .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}

extension ServerProcess {
    /// Asks the staff plane to announce something on the stream `show`.
    func announce(_ json: String) throws -> HTTPAnswer {
        try staffRequest("POST", json: json)
    }

    /// A request about the announcement on the stream `show`.
    func staffRequest(_ method: String, json: String? = nil) throws -> HTTPAnswer {
        let client = try HTTPClient(port: staffPort)
        let body = Array((json ?? "").utf8)
        var fields = ["Connection: close"]
        if json != nil {
            fields += ["Content-Type: application/json", "Content-Length: \(body.count)"]
        }
        try client.connection.send(
            HTTPClient.request(method, "/api/v1/streams/show/announcements", fields: fields) + body)
        return try client.answer(to: method)
    }
}
