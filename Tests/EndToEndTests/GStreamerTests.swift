// GStreamer's rtmp2sink publishes, and is watched.

import Foundation
import Testing

@Suite("A feed of GStreamer's", .ownThread)
struct GStreamerTests {
    @Test("is published by rtmp2sink, watched, and decoded without a word")
    func isWatched() throws {
        let arguments = ["--ingest-grace-ms", "300"]
        try ServerProcess.run(isOpen: false, arguments) { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let pipeline = """
                flvmux name=mux streamable=true ! rtmp2sink location=\(server.pushURL) \
                videotestsrc num-buffers=75 ! video/x-raw,width=320,height=240,framerate=25/1 ! \
                x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! \
                video/x-h264,profile=baseline ! h264parse ! mux. \
                audiotestsrc num-buffers=140 samplesperbuffer=1024 ! \
                audio/x-raw,rate=48000,channels=2 ! voaacenc ! aacparse ! mux.
                """
            let result = try Tool.run(
                "gst-launch-1.0",
                ["-q"] + pipeline.split(whereSeparator: \.isWhitespace).map(String.init))
            #expect(result.end == .exit(code: 0), "\(result.errors)")
            let stream = try viewer.waitForEnd()
            #expect(stream.end == .orderly)
            #expect(stream.endsAtTagBoundary)
            try verifyNeverStepsBack(stream.tags)
            let script = stream.tags[0].scriptValues
            #expect(script.last?["width"] == .number(320))
            #expect(script.last?["height"] == .number(240))
            #expect(script.last?["videocodecid"] == .number(7))
            #expect(script.last?["audiocodecid"] == .number(10))
            #expect(stream.tags.filter { $0.type == .video && $0.isFrame }.count >= 50)
            #expect(stream.tags.filter { $0.type == .audio && $0.isFrame }.count >= 80)
            let player = try Player(stream)
            #expect(try player.complaints() == "")
            #expect(try player.codecNames() == ["aac", "h264"])
        }
    }
}
