// What encoders and players really send.

import FLV

enum Samples {
    /// `onMetaData` as viewers get it.
    static let metadata: [AMF0Value] = [
        .string("onMetaData"),
        .ecmaArray([
            AMF0Property("hasVideo", .boolean(true)), AMF0Property("hasAudio", .boolean(true)),
            AMF0Property("width", .number(1_920)), AMF0Property("height", .number(1_080)),
            AMF0Property("framerate", .number(50)), AMF0Property("videocodecid", .number(7)),
            AMF0Property("videodatarate", .number(6_000)),
            AMF0Property("audiocodecid", .number(10)),
            AMF0Property("audiosamplerate", .number(48_000)),
            AMF0Property("audiochannels", .number(2)), AMF0Property("stereo", .boolean(true)),
            AMF0Property("audiodatarate", .number(160)),
            AMF0Property("encoder", .string("obs-output module (libobs version 30.2.3)")),
            AMF0Property("server", .string("Fanfare")),
            AMF0Property("programStartPts", .number(1_234_560)),
        ]),
    ]

    /// An encoder's first command.
    static let connect: [AMF0Value] = [
        .string("connect"), .number(1),
        .object([
            AMF0Property("app", .string("live")), AMF0Property("type", .string("nonprivate")),
            AMF0Property("flashVer", .string("FMLE/3.0 (compatible; FMSc/1.0)")),
            AMF0Property("swfUrl", .string("rtmp://192.0.2.1:1935/live")),
            AMF0Property("tcUrl", .string("rtmp://192.0.2.1:1935/live")),
        ]),
    ]

    /// ffplay's request.
    static let shortRequest = head([
        "GET /live/show.flv HTTP/1.1", "User-Agent: Lavf/59.27.100", "Accept: */*",
        "Range: bytes=0-", "Connection: close", "Host: 192.0.2.1:8080", "Icy-MetaData: 1",
    ])

    /// A browser's request.
    static let longRequest = head([
        "GET /live/show.flv?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl HTTP/1.1",
        "Host: stream.example.com", "Connection: keep-alive",
        "sec-ch-ua: \"Chromium\";v=\"128\", \"Not;A=Brand\";v=\"24\"", "sec-ch-ua-mobile: ?0",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            + "Chrome/128.0.0.0 Safari/537.36", "sec-ch-ua-platform: \"Linux\"", "Accept: */*",
        "Origin: https://www.example.com", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Dest: empty", "Referer: https://www.example.com/show/42",
        "Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: de-DE,de;q=0.9,en;q=0.8",
    ])

    private static func head(_ lines: [String]) -> [UInt8] {
        Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
