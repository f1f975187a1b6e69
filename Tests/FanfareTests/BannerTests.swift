// What an operator sees at start-up.

import Access
import Settings
import Testing
import WireBytes

@testable import Fanfare

@Suite struct BannerTests {
    private func banner() throws -> Banner {
        Banner(
            http: IPEndpoint(.any, port: 8080),
            rtmp: IPEndpoint(.any, port: 1935),
            staff: IPEndpoint(.loopback, port: 9090), reachableHost: "192.0.2.7",
            publishKey: try StreamKey(validating: "correct-horse"),
            publishKeyPath: "./fanfare-data/publish-key", showsKey: true, hasStaffToken: false,
            isDemo: true, hasDemoQuiz: true)
    }

    @Test func itHasWhatIsPastedIntoEncodersAndPlayers() throws {
        #expect(
            try banner().text == """
                Fanfare \(FanfareCommand.version) is up

                  OBS       server      rtmp://192.0.2.7/live
                            stream key  show?key=correct-horse
                  ffmpeg    ffmpeg -re -i film.mp4 -c copy -f flv \
                'rtmp://192.0.2.7/live/show?key=correct-horse'
                  player    ffplay http://192.0.2.7:8080/live/demo.flv
                  staff     http://127.0.0.1:9090/healthz, /metrics, /api/v1/streams

                The stream key is kept in ./fanfare-data/publish-key; delete the file to get a new one.

                  watch     http://192.0.2.7:8080/
                  console   http://127.0.0.1:9090/

                The demo quiz is a rehearsal: open its doors in the console, and play it on the page.

                """)
    }

    @Test func whereItMayBeKeptTheKeyIsNotShown() throws {
        var banner = try banner()
        banner.showsKey = false
        #expect(!banner.text.contains("correct-horse"))
        #expect(banner.text.contains("stream key  show?key=…\n"))
        #expect(banner.text.contains("kept in ./fanfare-data/publish-key"))
        banner.publishKeyPath = nil
        #expect(!banner.text.contains("correct-horse"))
        #expect(banner.text.contains("that of the settings (publishKey)"))
    }

    @Test func forProgramsItIsOneLineWithoutTheKey() throws {
        let line = try banner().record.line(as: .json)
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { !$0.isNewline })
        #expect(!line.contains("correct-horse"))
        for part in [
            "\"message\":\"Fanfare \(FanfareCommand.version) is up\"",
            #""push":"rtmp://192.0.2.7/live""#, #""watch":"http://192.0.2.7:8080/""#,
            #""console":"http://127.0.0.1:9090/""#,
            #""streams":"http://127.0.0.1:9090/api/v1/streams""#,
            #""publishKeyPath":"./fanfare-data/publish-key""#,
        ] { #expect(line.contains(part), "\(part)") }
    }

    @Test func withOpenIngestThereIsNoKey() throws {
        var banner = try banner()
        banner.publishKey = nil
        banner.publishKeyPath = nil
        banner.isDemo = false
        banner.hasDemoQuiz = false
        #expect(banner.pushStream == "show")
        #expect(!banner.text.contains("demo"))
        #expect(banner.text.contains("need no stream key"))
    }

    @Test func whereURLsMustBeSignedItSaysSo() throws {
        var banner = try banner()
        #expect(!banner.text.contains("signed"))
        banner.needsPlayURL = true
        #expect(banner.text.contains("fanfare url play demo\n"))
        banner.isDemo = false
        #expect(banner.text.contains("fanfare url play show\n"))
    }

    @Test func aKeyOfTheOperatorsIsNotSaidToBeKept() throws {
        var banner = try banner()
        banner.publishKeyPath = nil
        #expect(!banner.text.contains("kept in"))
        #expect(banner.text.contains("correct-horse"))
    }

    @Test func addressesAreShownAsTheyAreReached() throws {
        var banner = try banner()
        banner.http = IPEndpoint(.v6(high: 0, low: 0), port: 80)
        banner.rtmp = IPEndpoint(.v6(high: 0, low: 1), port: 2935)
        #expect(banner.playURL("show") == "http://192.0.2.7/live/show.flv")
        #expect(banner.pushServer == "rtmp://[::1]:2935/live")
        banner.reachableHost = "2001:db8::7"
        #expect(banner.playURL("show") == "http://[2001:db8::7]/live/show.flv")
    }
}
