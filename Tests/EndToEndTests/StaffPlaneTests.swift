// What the staff plane says of a running show is true.

import Foundation
import Testing

@Suite("The staff plane", .ownThread)
struct StaffPlaneTests {
    @Test("Health, stream and metrics tell what goes on")
    func truth() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--ingest-grace-ms", "500"]) { server in
            let health = try server.staff("/healthz")
            #expect(health.statusCode == 200)
            #expect(health.json["status"] as? String == "ok")
            #expect(
                (try server.staff("/api/v1/streams").json["streams"] as? [Any])?.isEmpty == true)
            #expect(try server.staff("/api/v1/streams/show").statusCode == 404)

            let viewers = try (0..<3).map { _ in try ViewerClient(port: server.httpPort) }
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            for viewer in viewers { try viewer.wait(forTags: 200) }

            let status = try server.streamStatus()
            #expect(status["name"] as? String == "show")
            #expect(status["state"] as? String == "live")
            #expect(status["viewers"] as? Int == 3)
            #expect((status["publisherAddress"] as? String)?.hasPrefix("127.0.0.1:") == true)
            #expect((status["encoder"] as? String)?.hasPrefix("Lavf") == true)
            #expect(status["keyframeIntervalMs"] as? Int == 1_000)
            #expect(((status["uptimeMs"] as? Int) ?? 0) > 1_000)
            #expect((100...2_000).contains(status["bitrateKbps"] as? Double ?? 0))
            #expect((15...35).contains(status["framesPerSecond"] as? Double ?? 0))
            let video = status["video"] as? [String: Any]
            #expect(video?["codec"] as? String == "H.264")
            #expect(video?["width"] as? Int == 320)
            #expect(video?["height"] as? Int == 180)
            let audio = status["audio"] as? [String: Any]
            #expect(audio?["codec"] as? String == "AAC")
            #expect(audio?["sampleRateHz"] as? Int == 48_000)
            #expect(audio?["channels"] as? Int == 2)

            #expect(try server.metric("fanfare_viewers{stream=\"show\"}") == 3)
            #expect(try server.metric("fanfare_ingest_up{stream=\"show\"}") == 1)
            #expect(try server.metric("fanfare_ingest_gop_seconds{stream=\"show\"}") == 1)
            #expect(try server.sum(of: "fanfare_joins_total") == 3)
            #expect(try server.metric("fanfare_viewer_ends_total{reason=\"left\"}") == 0)

            try publisher.waitForSuccess()
            let streams = try viewers.map { try $0.waitForEnd() }
            try server.wait(for: "all connections to be closed") {
                try server.sum(of: "fanfare_connections") == 0
            }
            // Each got one start and the whole rest; the sockets took what the viewers got.
            let byteCount = streams.map { $0.head.utf8.count + $0.bytes.count }.reduce(0, +)
            #expect(try server.sum(of: "fanfare_sent_bytes_total") == Double(byteCount))
            #expect(try server.metric("fanfare_viewer_ends_total{reason=\"ended\"}") == 3)
            // An alert on a stream that has gone must have something to look at.
            let tagCount = try #require(
                try server.metric("fanfare_ingest_tags_total{stream=\"show\"}"))
            try server.wait(for: "the programme to be over") {
                try server.staff("/api/v1/streams/show").statusCode == 404
            }
            #expect(try server.metric("fanfare_ingest_up{stream=\"show\"}") == 0)
            #expect(try server.metric("fanfare_viewers{stream=\"show\"}") == 0)
            #expect(try server.metric("fanfare_ingest_tags_total{stream=\"show\"}") == tagCount)
            #expect(try server.metric("fanfare_http_responses_total{code=\"200\"}") != nil)
            #expect(try server.metric("fanfare_answers_total{result=\"accepted\"}") == 0)
            #expect(
                try server.metric("fanfare_answer_receipt_delay_seconds_bucket{le=\"+Inf\"}") == 0)
            let startS = try #require(try server.metric("process_start_time_seconds"))
            #expect(abs(startS - Date.now.timeIntervalSince1970) < 3_600)
            for name in [
                "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                "process_max_fds", "fanfare_build_info{version=\"0.1.0\"}",
            ] {
                #expect(try #require(try server.metric(name)) > 0, "\(name)")
            }
        }
    }

    @Test("With a token, only who has it is answered")
    func token() throws {
        try ServerProcess.run(["--staff-token", "a-token-of-some-length"]) { server in
            #expect(try server.staff("/metrics").statusCode == 401)
            let answer = try HTTPClient.ask(
                port: server.staffPort, "/metrics",
                fields: ["Authorization: Bearer a-token-of-some-length"])
            #expect(answer.statusCode == 200)
            #expect(answer.text.contains("fanfare_connections"))
        }
    }
}
