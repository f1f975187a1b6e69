// Sessions recorded from real encoders, replayed in every cutting.
import FLV
import Foundation
import RTMP
import TestSupport
import Testing

/// The recordings hold all that the encoder sent, from the handshake to the end. They publish
/// `source.flv` (made with ffmpeg's test sources, x264 and AAC) to `rtmp://127.0.0.1/live/show`.
@Suite struct RecordedPublisherTests {
    private struct Replay: ~Copyable {
        var session = RTMPServerSession(handshakeSeed: 1)
        var handler = RecordingHandler()
    }

    private func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: folder.appending(path: "Fixtures/\(name)")))
    }

    private func replay(_ input: [UInt8]) -> [SessionEvent] {
        verifyChunking(
            of: input, randomCuttingCount: 16,
            makeParser: { Replay() },
            feed: { replay, bytes, emit in
                var thrown: (any Error)?
                do {
                    try replay.session.receive(bytes, handler: &replay.handler)
                } catch {
                    thrown = error
                }
                replay.handler.events.forEach(emit)
                replay.handler.events = []
                emit(.outbox(replay.session.takeOutbox()))
                if let thrown { throw thrown }
            },
            normalise: SessionEvent.gatheringOutbox)
    }

    /// The audio and video tags of the file that was published.
    private func sourceTags() throws -> [SessionEvent] {
        var tags: [SessionEvent] = []
        var reader = FLVReader()
        let bytes = try fixture("source.flv")
        try reader.receive(bytes.span.bytes) { header, body in
            guard header.type != .script else { return }
            tags.append(
                .media(header.type, timestampMs: header.timestampMs, body: Array(copying: body)))
        }
        return tags
    }

    private func mediaTags(_ events: [SessionEvent]) -> [SessionEvent] {
        events.filter {
            if case .media(let type, _, _) = $0 { type != .script } else { false }
        }
    }

    private func scriptNames(_ events: [SessionEvent]) -> Set<String> {
        var names: Set<String> = []
        for case .media(.script, _, let body) in events {
            let values = try? AMF0.decode(body.span.bytes)
            names.insert(values?.first?.stringValue ?? "?")
        }
        return names
    }

    private func bodies(_ events: [SessionEvent], _ wanted: FLVTagType) -> [[UInt8]] {
        events.compactMap {
            if case .media(wanted, _, let body) = $0 { body } else { nil }
        }
    }

    private func publishRequest(_ events: [SessionEvent]) -> RTMPPublishRequest? {
        for case .publish(let request) in events { return request }
        return nil
    }

    @Test func ffmpeg() throws {
        let events = replay(try fixture("ffmpeg-5.1.rtmp"))
        #expect(events.first == .connect(app: "live", tcUrl: "rtmp://127.0.0.1:19350/live"))
        let request = try #require(publishRequest(events))
        #expect(request.streamName == "show" && request.key == "k+1")
        #expect(request.flashVersion == "FMLE/3.0 (compatible; Lavf59.27.100)")
        #expect(mediaTags(events) == (try sourceTags()), "bit for bit and in order")
        #expect(scriptNames(events) == ["onMetaData"])
        #expect(events.filter { $0 == .unpublish(reason: "FCUnpublish") }.count == 1)
    }

    /// The same, published 16 777 s later: timestamps pass the 24 bits on the way.
    @Test func ffmpegWithExtendedTimestamps() throws {
        let events = replay(try fixture("ffmpeg-5.1-extended-timestamps.rtmp"))
        // The sequence headers go out at 0, all frames are shifted alike.
        let isFrame = { (body: [UInt8]) in body[1] != 0 }
        let timestamps = { (events: [SessionEvent], wanted: FLVTagType) -> [UInt32] in
            events.compactMap {
                guard case .media(wanted, let timestampMs, let body) = $0 else { return nil }
                return isFrame(body) ? timestampMs : nil
            }
        }
        let tags = try sourceTags()
        for type in [FLVTagType.video, .audio] {
            #expect(bodies(events, type) == bodies(tags, type))
            #expect(timestamps(events, type) == timestamps(tags, type).map { $0 + 16_776_664 })
        }
        #expect(timestamps(events, .video).first == 16_776_664, "before the 24 bits are used up")
        #expect(timestamps(events, .audio).last ?? 0 > 0xFF_FFFF, "and after")
    }

    @Test func gstreamer() throws {
        let events = replay(try fixture("gstreamer-1.22-rtmp2sink.rtmp"))
        let request = try #require(publishRequest(events))
        #expect(request.streamName == "show" && request.key == "k")
        #expect(request.flashVersion == "LNX 10,0,32,18")
        #expect(bodies(events, .audio) == bodies(try sourceTags(), .audio))
        #expect(bodies(events, .video).count == bodies(try sourceTags(), .video).count)
        #expect(scriptNames(events) == ["onMetaData"])
        #expect(events.filter { $0 == .unpublish(reason: "FCUnpublish") }.count == 1)
    }

    @Test func librtmp() throws {
        let events = replay(try fixture("librtmp-2.4-rtmpsink.rtmp"))
        let request = try #require(publishRequest(events))
        #expect(request.streamName == "show" && request.key == "k")
        #expect(request.flashVersion == "FMLE/3.0")
        #expect(bodies(events, .audio) == bodies(try sourceTags(), .audio))
        #expect(bodies(events, .video).count == bodies(try sourceTags(), .video).count)
        #expect(events.filter { $0 == .unpublish(reason: "FCUnpublish") }.count == 1)
    }

    /// rtmpdump signs its handshake and checks our signature; it found it genuine.
    @Test func librtmpSignedPlayer() throws {
        let input = try fixture("librtmp-2.4-signed-player.rtmp")
        let packet = Array(input[1..<1537])
        let isSigned = HandshakeDigest.find(inClientPacket: packet.span.bytes) != nil
        #expect(isSigned)
        let events = replay(input)
        #expect(events.count == 3, "a connect, a refused play, and the outbox that says so")
        guard case .outbox(let bytes) = events.last else { return }
        #expect(bytes[5..<9] == [4, 5, 0, 1])
        #expect(String(decoding: bytes, as: UTF8.self).contains("NetStream.Play.Failed"))
    }

    @Test func obs() throws {
        let events = replay(OBSPublisher.session)
        let request = try #require(publishRequest(events))
        #expect(request.streamName == "show" && request.key == "k")
        #expect(bodies(events, .script) == [OBSPublisher.metadata])
        #expect(
            mediaTags(events)
                == OBSPublisher.media.map {
                    .media($0.type, timestampMs: $0.timestampMs, body: $0.body)
                })
        #expect(events.filter { $0 == .unpublish(reason: "FCUnpublish") }.count == 1)
        guard case .outbox(let bytes) = events.last else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        for expected in ["fourCcList", "onFCPublish", "NetStream.Publish.Start"] {
            #expect(text.contains(expected))
        }
    }

    /// The handler's calls and the answers are the same in every cutting also where they end early.
    @Test func refusalsInEveryCutting() throws {
        var client = RTMPTestClient()
        let whole = client.untilPublished() + client.message(9, [0x17, 1], chunkStreamId: 6)
        let ends: [[UInt8]] = [
            client.control(1, 0), client.publish("again"), client.connect(),
            [0xFF, 0xFF, 0xFF, 0xFF], client.message(22, [9, 0, 0]),
        ]
        for end in ends {
            let events = replay(whole + end)
            #expect(events.contains(.media(.video, timestampMs: 0, body: [0x17, 1])))
        }
    }
}
