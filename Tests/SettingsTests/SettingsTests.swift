// Where a setting's value comes from, and what is refused.

import Access
import TestSupport
import Testing
import WireBytes

@testable import Settings

@Suite struct SettingsTests {
    // MARK: Defaults and precedence

    @Test func defaultsAreThoseOfTheDesign() throws {
        let settings = try settings()
        #expect(settings.http == IPEndpoint(.any, port: 8080))
        #expect(settings.rtmp == IPEndpoint(.any, port: 1935))
        #expect(settings.staff == IPEndpoint(.loopback, port: 9090))
        #expect(settings.staffToken == nil)
        #expect(settings.publishKey == nil)
        #expect(settings.dataPath == "./fanfare-data")
        #expect(!settings.demo && !settings.openIngest && !settings.passScriptData)
        #expect(settings.shardCount >= 1)
        #expect(settings.mergeMinMs == 40 && settings.mergeMaxMs == 500)
        #expect(settings.logLevel == .info)
        #expect(settings.ingestGraceMs == 10_000 && settings.waitForStreamMs == 5_000)
        #expect(settings.streamCountMax == 4)
        #expect(settings.timelineMegabytes == 64 && settings.timelineSeconds == 30)
        #expect(settings.viewerCountMax == nil && settings.connectionsPerAddressMax == 200)
        #expect(settings.lagSkipMs == 5_000 && settings.lagDropMs == 20_000)
        #expect(settings.corsOrigins == ["*"])
        #expect(settings.warnings.isEmpty)
        #expect(settings.readings.allSatisfy { $0.origin == .standard })
    }

    @Test func flagBeatsEnvironmentBeatsFileBeatsDefault() throws {
        let file = #"{"merge": {"minMs": 10}, "shards": 3, "waitForStreamMs": 7}"#
        let settings = try settings(
            flags: ["merge.minMs": "30"],
            environment: ["FANFARE_MERGE_MIN_MS": "20", "FANFARE_SHARDS": "2"], file: file)
        #expect(settings.mergeMinMs == 30)
        #expect(settings.shardCount == 2)
        #expect(settings.waitForStreamMs == 7)
        #expect(settings.mergeMaxMs == 500)
    }

    @Test func everySettingCanBeSetByEveryWay() throws {
        for setting in SettingsCatalog.all {
            let text = Self.otherText(for: setting)
            let others = Self.companions(of: setting)
            let byFlag = try settings(flags: others.merging([setting.key: text]) { $1 })
            let byVariable = try settings(
                flags: others, environment: [setting.environmentVariable: text])
            let byFile = try settings(
                flags: others, file: "{\"\(setting.key)\": \"\(text)\"}")
            for (settings, way) in [(byFlag, "flag"), (byVariable, "variable"), (byFile, "file")] {
                let reading = try #require(settings.readings.first { $0.key == setting.key })
                #expect(reading.origin != .standard, "\(setting.key) by \(way)")
                #expect(reading.text == Self.shown(text, of: setting))
            }
        }
    }

    private static func shown(_ text: String, of setting: any SettingEntry) -> String {
        switch setting.hiding {
        case .nothing: text
        case .paths: "https://a.example/(hidden)"
        case .all: "(hidden)"
        }
    }

    @Test func ofPlacesThatAreCalledNoPathIsShown() throws {
        let good = "https://a.example/hook?token=SEKRET, http://b.example:8000"
        let taken = try settings(flags: ["callback.url": good])
        let reading = try #require(taken.readings.first { $0.key == "callback.url" })
        #expect(reading.text == "https://a.example/(hidden),http://b.example:8000")
        for key in ["callback.url", "callback.askPublish", "callback.askPlay"] {
            for bad in ["http://user:SEKRET@x/y", "ftp://x/SEKRET", "https://a.example/SEKRET#x"] {
                let list = key == "callback.url" ? ["https://a.example/SEKRET,\(bad)"] : []
                for text in [bad] + list {
                    let error = #expect(throws: SettingsError.self) {
                        try settings(flags: [key: text])
                    }
                    let words = try #require(error).description
                    #expect(!words.contains("SEKRET") && words.contains(key), "\(words)")
                }
            }
        }
        let file = #"{"callback.askPlay": ["https://a.example/SEKRET"]}"#
        let error = #expect(throws: SettingsError.self) { try settings(file: file) }
        #expect(try !#require(error).description.contains("SEKRET"))
    }

    /// What a setting is only valid beside.
    private static func companions(of setting: any SettingEntry) -> [String: String] {
        switch setting.key {
        case "https", "rtmps": ["tlsCertificate": "a.pem", "tlsKey": "a.key"]
        case "tlsCertificate": ["tlsKey": "a.key"]
        case "tlsKey": ["tlsCertificate": "a.pem"]
        default: [:]
        }
    }

    /// A text that is valid, with its companions, for the setting.
    private static func otherText(for setting: any SettingEntry) -> String {
        switch setting.key {
        case "http", "rtmp", "staff", "https", "rtmps": "127.0.0.1:7000"
        case "staffToken", "publishKey": "correct-horse"
        case "playerKey": "correct-horse-battery-staple-0123456789"
        case "playKey", "playKeyPrevious", "pushKey", "pushKeyPrevious": "correct-horse-battery"
        case "callback.secret": "correct-horse-battery"
        case "callback.url", "callback.askPublish", "callback.askPlay": "https://a.example/x"
        case "callback.events": "show.phase"
        case "guests", "settleNeedsSecond": "true"
        case "data": "/var/lib/fanfare"
        case "demo", "ingest.passScriptData", "pin", "kernelTLS": "true"
        // True only beside another setting.
        case "openIngest", "demoQuiz", "staffTLS", "redirectHTTP": "false"
        case "tlsOCSP": "/etc/fanfare/ocsp.der"
        case "logLevel": "debug"
        case "cors.origins": "https://show.example.com"
        case "trustedProxies": "10.0.0.0/8"
        case "merge.minMs": "41"
        case "lag.dropMs": "30000"
        case "zeroCopy": "on"
        case "logFormat": "json"
        case "shards", "streams.max", "timeline.megabytes", "timeline.seconds": "7"
        default: "700"
        }
    }

    @Test func anEmptyVariableSaysNothing() throws {
        let settings = try settings(environment: ["FANFARE_HTTP": "", "FANFARE_STAFF_TOKEN": ""])
        #expect(settings.http.port == 8080)
        #expect(settings.staffToken == nil)
    }

    @Test func theLogsFormatIsKnownWhereOtherSettingsAreWrong() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            #"{"shards": "many", "logFormat": "json"}"#, to: "fanfare.json")
        func format(
            _ path: String?, _ environment: [String: String] = [:], flags: [String: String] = [:]
        ) -> LogFormat {
            SettingsSource(flags: flags, environment: environment, configPath: path).logFormat
        }
        #expect(format(path) == .json)
        #expect(format(path, ["FANFARE_LOG_FORMAT": "text"]) == .text)
        #expect(format(nil, ["FANFARE_LOG_FORMAT": "json"]) == .json)
        #expect(format(nil, flags: ["logFormat": "json", "http": "nonsense"]) == .json)
        #expect(format(nil, flags: ["logFormat": "xml"]) == .text)
        #expect(format(folder.path + "/none", ["FANFARE_LOG_FORMAT": "json"]) == .json)
        #expect(format(folder.path + "/none") == .text)
    }

    @Test func theEnvironmentCanNameTheFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(#"{"shards": 5}"#, to: "fanfare.json")
        let settings = try loadSettings(flags: [:], environment: ["FANFARE_CONFIG": path])
        #expect(settings.shardCount == 5)
        let reading = try #require(settings.readings.first { $0.key == "shards" })
        #expect(reading.origin == .file(path: path, line: 1))
    }

    @Test func listsComeAsListsOrWithCommas() throws {
        let file = #"{"cors.origins": ["https://a.example", "http://b.example:8000"]}"#
        let expected = ["https://a.example", "http://b.example:8000"]
        #expect(try settings(file: file).corsOrigins == expected)
        let variable = ["FANFARE_CORS_ORIGINS": "https://a.example, http://b.example:8000"]
        #expect(try settings(environment: variable).corsOrigins == expected)
    }

    @Test func proxiesAreAddressesAndRanges() throws {
        let file = #"{"trustedProxies": ["10.0.0.1", "2001:db8::/48"]}"#
        let settings = try settings(file: file)
        #expect(settings.trustedProxies.all.map(\.description) == ["10.0.0.1", "2001:db8::/48"])
        let error = settingsError(flags: ["trustedProxies": "10.0.0.0/8, 0.0.0.0/0"])
        #expect(error?.description.contains("0.0.0.0/0 is everybody") == true)
    }

    // MARK: Refusals

    @Test func oneKeyIsNotForWatchingAndPublishing() throws {
        for push in ["pushKey", "pushKeyPrevious"] {
            for play in ["playKey", "playKeyPrevious"] {
                let both = [push: "correct-horse-battery", play: "correct-horse-battery"]
                let error = settingsError(flags: both)
                #expect(error?.words.contains("whoever may watch could publish") == true)
                #expect(error?.words.contains("correct-horse") == false)
            }
        }
        let apart = ["pushKey": "correct-horse-battery", "playKey": "another-horse-battery"]
        #expect(try settings(flags: apart).pushKey != nil)
    }

    /// Tencent's form signs key and name side by side: `KEY` + `xshow` is `KEYx` + `show`.
    @Test func noURLKeyBeginsWithAnother() throws {
        let (short, long) = ("correct-horse-battery", "correct-horse-battery-staple")
        let previous = "it begins with the key that follows it"
        for (flags, words) in [
            (["pushKey": short, "playKey": long], "whoever may watch could publish"),
            (["pushKey": long, "playKey": short], "whoever may watch could publish"),
            (["pushKeyPrevious": long, "playKeyPrevious": short], "whoever may watch"),
            (["playKey": short, "playKeyPrevious": long], previous),
            (["pushKey": long, "pushKeyPrevious": short], previous),
        ] {
            let error = settingsError(flags: flags)
            #expect(error?.words.contains(words) == true, "\(error?.words ?? "none")")
            #expect(error?.words.contains(short) == false)
        }
        let same = ["playKey": short, "playKeyPrevious": short]
        #expect(try settings(flags: same).playKey?.matches(short) == true)
    }

    @Test func anUnknownKeyIsNamedWithItsLineAndTheLikelyOne() {
        let error = settingsError(file: "{\n  // comment\n  \"merge\": {\n    \"minMS\": 4\n  }\n}")
        #expect(
            error?.words
                == "fanfare.json, line 4: unknown key \"merge.minMS\"; did you mean "
                + "\"merge.minMs\"?")
    }

    @Test func aKeyLikeNoOtherGetsNoSuggestion() {
        let error = settingsError(file: #"{"zzzzzz": 1}"#)
        #expect(error?.words.contains("unknown key \"zzzzzz\"") == true)
        #expect(error?.words.contains("did you mean") == false)
    }

    @Test(arguments: [
        ("merge.minMs", "soon", "a whole number from 0 to 10000"),
        ("merge.maxMs", "10001", "a whole number from 0 to 10000"),
        ("shards", "0", "a whole number from 1 to 256"),
        ("demo", "maybe", "true or false"),
        ("logLevel", "loud", "one of trace, debug"),
        ("http", "8080", "HOST:PORT"),
        ("http", "example.com:80", "an IP address"),
        ("http", "0.0.0.0:65536", "a number from 0 to 65535"),
        ("cors.origins", "show.example.com", "origins without a path"),
        ("cors.origins", "https://a.example/", "origins without a path"),
        ("viewers.max", "many", "a whole number from 1"),
        ("trustedProxies", "proxy.example.com", "such as 192.0.2.7 or 10.0.0.0/8"),
        ("trustedProxies", "10.0.0.0/33", "such as 192.0.2.7 or 10.0.0.0/8"),
    ])
    func aBadValueIsNamedWithWhereItStands(key: String, text: String, expected: String) throws {
        let setting = try #require(SettingsCatalog.all.first { $0.key == key })
        let byFile = settingsError(file: "{\n\n\"\(key)\": \"\(text)\"}")?.words ?? ""
        #expect(byFile.hasPrefix("fanfare.json, line 3: bad value \"\(text)\" for \(key): "))
        #expect(byFile.contains(expected))
        let byFlag = settingsError(flags: [key: text])?.description ?? ""
        #expect(byFlag.hasPrefix("--\(setting.flag): bad value \"\(text)\""))
        let byVariable = settingsError(environment: [setting.environmentVariable: text])
        #expect(byVariable?.description.hasPrefix("\(setting.environmentVariable): ") == true)
    }

    @Test func aFlagMendsABadFile() throws {
        #expect(try settings(flags: ["shards": "2"], file: #"{"shards": "x"}"#).shardCount == 2)
    }

    @Test func secretsAreNeverShown() throws {
        let error = settingsError(environment: ["FANFARE_PUBLISH_KEY": "sec ret!"])
        #expect(error?.description.contains("sec ret!") == false)
        let settings = try settings(flags: ["staffToken": "correct-horse"])
        #expect(settings.staffToken?.matches("correct-horse") == true)
        #expect(!"\(settings)".contains("correct-horse"))
        #expect(!SettingsTable.text(settings.readings).contains("correct-horse"))
    }

    @Test func aListWhereOneValueBelongsIsRefused() {
        let error = settingsError(file: "{\"http\": [\"0.0.0.0:80\"]}")
        #expect(error?.words.contains("line 1: bad value \"[0.0.0.0:80]\" for http") == true)
    }

    @Test func aMissingFileIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/none.json"
        let error = #expect(throws: SettingsError.self) {
            try loadSettings(flags: [:], environment: [:], configPath: path)
        }
        #expect(
            error?.description
                == "cannot read the configuration file \(path): No such file or directory")
    }

    // MARK: Between settings

    @Test func secureListenersNeedACertificate() throws {
        for flags in [["https": "0.0.0.0:443"], ["rtmps": "0.0.0.0:443"], ["staffTLS": "true"]] {
            let error = settingsError(flags: flags)
            #expect(error?.description.contains("--tls-certificate") == true)
        }
        let unpaired = settingsError(flags: ["tlsCertificate": "a.pem, b.pem", "tlsKey": "a.key"])
        #expect(unpaired?.description.contains("2 certificates and 1") == true)
        let both = try settings(flags: [
            "https": "0.0.0.0:443", "staffTLS": "true", "tlsCertificate": "a.pem, b.pem",
            "tlsKey": "a.key,b.key",
        ])
        #expect(both.tlsCertificates == ["a.pem", "b.pem"])
        #expect(both.https?.port == 443)
    }

    @Test func whoIsSentOnNeedsAPlaceToGo() throws {
        let error = settingsError(flags: ["redirectHTTP": "true"])
        #expect(error?.description.contains("--https") == true)
        let flags = [
            "redirectHTTP": "true", "https": "0.0.0.0:8443", "tlsCertificate": "a.pem",
            "tlsKey": "a.key",
        ]
        #expect(try settings(flags: flags).redirectsHTTP)
    }

    @Test func capitalsInARowAreOneWord() {
        #expect(SettingsCatalog.shared.staffTLS.flag == "staff-tls")
        #expect(SettingsCatalog.shared.tlsOCSP.environmentVariable == "FANFARE_TLS_OCSP")
    }

    @Test func twoListenersHaveNoPortInCommon() {
        let error = settingsError(flags: [
            "https": "0.0.0.0:8080", "tlsCertificate": "a.pem", "tlsKey": "a.key",
        ])
        #expect(error?.description.contains("same port") == true)
    }

    @Test func openIngestNeedsLoopback() throws {
        let error = settingsError(flags: ["openIngest": "true"])
        #expect(error?.description.hasPrefix("--open-ingest: openIngest: ") == true)
        #expect(error?.description.contains("--rtmp 127.0.0.1:1935") == true)
        for rtmp in ["127.0.0.1:1935", "[::1]:1935", "127.8.8.8:1935"] {
            #expect(try settings(flags: ["openIngest": "true", "rtmp": rtmp]).openIngest)
        }
        let withKey = settingsError(flags: [
            "openIngest": "true", "rtmp": "127.0.0.1:1935", "publishKey": "correct-horse",
        ])
        #expect(withKey?.description.contains("keep one of the two") == true)
    }

    @Test func aStaffPlaneForOthersNeedsAToken() throws {
        let error = settingsError(file: "{\n\"staff\": \"[::]:9090\"}")
        #expect(error?.words.hasPrefix("fanfare.json, line 2: staff: ") == true)
        #expect(error?.words.contains("--staff-token") == true)
        let flags = ["staff": "0.0.0.0:9090", "staffToken": "correct-horse"]
        #expect(try settings(flags: flags).staff.address.isWildcard)
    }

    @Test func intervalsMustBeInOrder() {
        let merge = settingsError(flags: ["merge.minMs": "600"])
        #expect(merge?.description.contains("more than merge.maxMs") == true)
        let lag = settingsError(flags: ["lag.skipMs": "20000"])
        #expect(lag?.description.contains("not less than lag.dropMs") == true)
    }

    @Test(arguments: [
        ["http": "0.0.0.0:1935"], ["staff": "127.0.0.1:8080"],
        ["http": "127.0.0.1:5000", "rtmp": "127.0.0.1:5000"],
    ])
    func twoListenersCannotShareAPort(flags: [String: String]) {
        #expect(settingsError(flags: flags)?.description.contains("same port") == true)
    }

    @Test func equalPortsOnDifferentAddressesAreFine() throws {
        let flags = ["http": "127.0.0.1:5000", "rtmp": "127.0.0.2:5000", "staff": "127.0.0.1:0"]
        #expect(try settings(flags: flags).rtmp.port == 5000)
    }

    // MARK: Warnings

    @Test func anUnknownVariableIsOnlyAWarning() throws {
        let settings = try settings(environment: ["FANFARE_HTPP": "x", "FANFARE_CONFIG": ""])
        #expect(
            settings.warnings == [
                "the environment variable FANFARE_HTPP is none of Fanfare's and was ignored; did "
                    + "you mean FANFARE_HTTP?"
            ])
    }
}
