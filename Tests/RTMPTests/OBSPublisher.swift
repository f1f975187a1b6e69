// What OBS Studio 30 sends, written down from its protocol library's behaviour.
import FLV
import TestSupport

/// The bytes of an OBS session up to its end, in the order and chunk streams OBS uses.
enum OBSPublisher {
    static let metadata = AMF0.encode(
        .string("onMetaData"),
        .ecmaArray([
            AMF0Property("duration", .number(0)), AMF0Property("fileSize", .number(0)),
            AMF0Property("width", .number(1920)), AMF0Property("height", .number(1080)),
            AMF0Property("videocodecid", .number(7)), AMF0Property("framerate", .number(60)),
            AMF0Property("audiocodecid", .number(10)), AMF0Property("stereo", .boolean(true)),
            AMF0Property("encoder", .string("obs-output module (libobs version 30.0.2)")),
        ]))
    /// Audio, video and their times as they are published.
    static let media: [(type: FLVTagType, timestampMs: UInt32, body: [UInt8])] = {
        var random = SeededRandom(seed: 71)
        var media: [(type: FLVTagType, timestampMs: UInt32, body: [UInt8])] = [
            (.audio, 0, [0xAF, 0, 0x11, 0x90]),
            (.video, 0, [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F]),
        ]
        for frame in 0..<20 {
            let count = frame % 10 == 0 ? 9000 : 1200
            let head: [UInt8] = [frame % 10 == 0 ? 0x17 : 0x27, 1, 0, 0, 0]
            media.append((.video, UInt32(frame * 1000 / 60), head + random.bytes(count)))
            media.append((.audio, UInt32(frame * 1000 / 60), [0xAF, 1] + random.bytes(300)))
        }
        return media
    }()

    /// The whole session. Set Chunk Size comes before connect; the publish and all media go by
    /// chunk stream 4; a first ping response has a short header.
    static let session: [UInt8] = {
        var client = RTMPTestClient()
        let list: [AMF0Value] = ["av01", "hvc1"].map { .string($0) }
        var bytes = RTMPTestClient.handshake
        bytes += client.setChunkSize(4096)
        bytes += client.command(
            "connect", 1,
            .object([
                AMF0Property("app", .string("live")),
                AMF0Property("type", .string("nonprivate")),
                AMF0Property("flashVer", .string("FMLE/3.0 (compatible; FMSc/1.0)")),
                AMF0Property("swfUrl", .string("rtmp://127.0.0.1/live")),
                AMF0Property("tcUrl", .string("rtmp://127.0.0.1/live")),
                AMF0Property("fourCcList", .strictArray(list)),
            ]))
        bytes += client.command("releaseStream", 2, .null, .string("show?key=k"))
        bytes += client.command("FCPublish", 3, .null, .string("show?key=k"))
        bytes += client.command("createStream", 4, .null)
        bytes += client.message(
            20,
            AMF0.encode(
                .string("publish"), .number(5), .null, .string("show?key=k"), .string("live")))
        bytes += client.message(18, AMF0.encode(.string("@setDataFrame")) + metadata)
        for tag in media {
            bytes += client.message(tag.type.rawValue, tag.body, timestampMs: tag.timestampMs)
        }
        bytes += client.command("FCUnpublish", 6, .null, .string("show?key=k"))
        bytes += client.command("deleteStream", 7, .null, .number(1))
        return bytes
    }()
}
