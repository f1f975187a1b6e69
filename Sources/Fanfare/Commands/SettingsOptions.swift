// The command line's options: one for each setting of the catalog, with its names and help.

import ArgumentParser
import Settings

/// All options that set something; shared by the commands that need settings. They are made of the
/// catalog: a setting that is declared there has its option here.
///
/// ArgumentParser finds a command's options by looking at its stored properties, and fills them in
/// by decoding; both can be said otherwise.
struct SettingsOptions: ParsableArguments, CustomReflectable {
    /// The configuration file's path.
    let configPath: String?
    /// What was given, as text by key.
    let texts: [String: String]

    init() {
        configPath = nil
        texts = [:]
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        configPath = try container.decode(Option<String?>.self, forKey: Self.config).wrappedValue
        var texts: [String: String] = [:]
        for setting in SettingsCatalog.all {
            let name = Name(setting.flag)
            texts[setting.key] =
                setting.isSwitch
                ? try container.decode(Flag<Bool?>.self, forKey: name).wrappedValue.map(String.init)
                : try container.decode(Option<String?>.self, forKey: name).wrappedValue
        }
        self.texts = texts
    }

    /// The options as the properties that they would be, each named by its flag.
    var customMirror: Mirror {
        let config = Option<String?>(
            name: .customLong("config"),
            help: ArgumentHelp(
                "A JSON file with settings; // comments are allowed. (environment: "
                    + "\(SettingsCatalog.configVariable))", valueName: "FILE"))
        var children: [(label: String?, value: Any)] = [(Self.config.stringValue, config)]
        for setting in SettingsCatalog.all {
            let option: Any =
                setting.isSwitch ? Flag<Bool?>(setting) : Option<String?>(setting)
            children.append((setting.flag, option))
        }
        return Mirror(self, children: children, displayStyle: .struct)
    }

    private static let config = Name("config")

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}

extension Option where Value == String? {
    /// The option of a setting.
    fileprivate init(_ setting: any SettingEntry) {
        self.init(
            name: .customLong(setting.flag),
            help: setting.argumentHelp(valueName: setting.placeholder))
    }
}

extension Flag where Value == Bool? {
    /// The pair `--name` and `--no-name` of a switch, so that a flag can also turn off what the
    /// environment or the file turns on.
    fileprivate init(_ setting: any SettingEntry) {
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
