// The command line's options: one for each setting of the catalog, with its names and help.

import ArgumentParser
import Settings

/// All options that set something; shared by the commands that need settings.
struct SettingsOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "A JSON file with settings; // comments are allowed. (environment: "
                + "\(SettingsCatalog.configVariable))", valueName: "FILE"))
    var configPath: String?

    @Option(SettingsCatalog.http) var http: String?
    @Option(SettingsCatalog.rtmp) var rtmp: String?
    @Option(SettingsCatalog.staff) var staff: String?
    @Option(SettingsCatalog.staffToken) var staffToken: String?
    @Option(SettingsCatalog.data) var data: String?
    @Flag(SettingsCatalog.demo) var demo: Bool?
    @Option(SettingsCatalog.publishKey) var publishKey: String?
    @Option(SettingsCatalog.playerKey) var playerKey: String?
    @Flag(SettingsCatalog.guests) var guests: Bool?
    @Option(SettingsCatalog.outageLimitS) var outageLimitS: String?
    @Flag(SettingsCatalog.openIngest) var openIngest: Bool?
    @Option(SettingsCatalog.shards) var shards: String?
    @Flag(SettingsCatalog.pin) var pin: Bool?
    @Option(SettingsCatalog.mergeMinMs) var mergeMinMs: String?
    @Option(SettingsCatalog.mergeMaxMs) var mergeMaxMs: String?
    @Option(SettingsCatalog.zeroCopy) var zeroCopy: String?
    @Option(SettingsCatalog.logLevel) var logLevel: String?
    @Option(SettingsCatalog.ingestGraceMs) var ingestGraceMs: String?
    @Option(SettingsCatalog.ingestTakeoverMs) var ingestTakeoverMs: String?
    @Flag(SettingsCatalog.passScriptData) var passScriptData: Bool?
    @Option(SettingsCatalog.waitForStreamMs) var waitForStreamMs: String?
    @Option(SettingsCatalog.streamsMax) var streamsMax: String?
    @Option(SettingsCatalog.timelineMegabytes) var timelineMegabytes: String?
    @Option(SettingsCatalog.timelineSeconds) var timelineSeconds: String?
    @Option(SettingsCatalog.viewersMax) var viewersMax: String?
    @Option(SettingsCatalog.perAddress) var perAddress: String?
    @Option(SettingsCatalog.lagSkipMs) var lagSkipMs: String?
    @Option(SettingsCatalog.lagDropMs) var lagDropMs: String?
    @Option(SettingsCatalog.corsOrigins) var corsOrigins: String?

    /// What was given, as text by key.
    var texts: [String: String] {
        let given: [(any SettingEntry, String?)] = [
            (SettingsCatalog.http, http), (SettingsCatalog.rtmp, rtmp),
            (SettingsCatalog.staff, staff), (SettingsCatalog.staffToken, staffToken),
            (SettingsCatalog.data, data), (SettingsCatalog.demo, demo.map(String.init)),
            (SettingsCatalog.publishKey, publishKey), (SettingsCatalog.playerKey, playerKey),
            (SettingsCatalog.guests, guests.map(String.init)),
            (SettingsCatalog.outageLimitS, outageLimitS),
            (SettingsCatalog.openIngest, openIngest.map(String.init)),
            (SettingsCatalog.shards, shards), (SettingsCatalog.pin, pin.map(String.init)),
            (SettingsCatalog.mergeMinMs, mergeMinMs),
            (SettingsCatalog.mergeMaxMs, mergeMaxMs), (SettingsCatalog.zeroCopy, zeroCopy),
            (SettingsCatalog.logLevel, logLevel),
            (SettingsCatalog.ingestGraceMs, ingestGraceMs),
            (SettingsCatalog.ingestTakeoverMs, ingestTakeoverMs),
            (SettingsCatalog.passScriptData, passScriptData.map(String.init)),
            (SettingsCatalog.waitForStreamMs, waitForStreamMs),
            (SettingsCatalog.streamsMax, streamsMax),
            (SettingsCatalog.timelineMegabytes, timelineMegabytes),
            (SettingsCatalog.timelineSeconds, timelineSeconds),
            (SettingsCatalog.viewersMax, viewersMax), (SettingsCatalog.perAddress, perAddress),
            (SettingsCatalog.lagSkipMs, lagSkipMs), (SettingsCatalog.lagDropMs, lagDropMs),
            (SettingsCatalog.corsOrigins, corsOrigins),
        ]
        var texts: [String: String] = [:]
        for (setting, text) in given { texts[setting.key] = text }
        return texts
    }
}

extension Option where Value == String? {
    /// The option of a setting.
    fileprivate init(_ setting: some SettingEntry) {
        self.init(
            name: .customLong(setting.flag),
            help: setting.argumentHelp(valueName: setting.placeholder))
    }
}

extension Flag where Value == Bool? {
    /// The pair `--name` and `--no-name` of a switch, so that a flag can also turn off what the
    /// environment or the file turns on.
    fileprivate init(_ setting: some SettingEntry) {
        self.init(
            name: .customLong(setting.flag), inversion: .prefixedNo, exclusivity: .chooseLast,
            help: setting.argumentHelp(valueName: nil))
    }
}

extension SettingEntry {
    fileprivate func argumentHelp(valueName: String?) -> ArgumentHelp {
        ArgumentHelp(
            "\(help). (key: \(key), environment: \(environmentVariable), default: "
                + "\(defaultShown))", valueName: valueName)
    }
}
