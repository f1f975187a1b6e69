// All settings as a table: for the operator, and for Ops/CONFIGURATION.md.

/// Tables made from the catalog.
public enum SettingsTable {
    /// The table in Ops/CONFIGURATION.md: names, default and help of every setting.
    public static func markdown() -> String {
        var text = "| option | key in the file | environment | default | what it does |\n"
        text += "|---|---|---|---|---|\n"
        for setting in SettingsCatalog.all {
            let value = setting.isSwitch ? "" : " \(setting.placeholder)"
            let cells = [
                "`--\(setting.flag)\(value)`", "`\(setting.key)`",
                "`\(setting.environmentVariable)`", "`\(setting.defaultShown)`", setting.help,
            ]
            text += "| \(cells.joined(separator: " | ")) |\n"
        }
        return text
    }

    /// The values in force and who said so; secrets stay hidden.
    public static func text(_ readings: [SettingReading]) -> String {
        let keyWidth = readings.map(\.key.count).max() ?? 0
        let valueWidth = readings.map(\.text.count).max() ?? 0
        return readings.map { reading in
            let key = reading.key + spaces(keyWidth - reading.key.count)
            let value = reading.text + spaces(valueWidth - reading.text.count)
            return "\(key)  \(value)  \(reading.origin)\n"
        }.joined()
    }

    private static func spaces(_ count: Int) -> String {
        String(repeating: " ", count: max(count, 0))
    }
}
