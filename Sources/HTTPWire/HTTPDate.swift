// The date format of HTTP header fields.

/// Dates as HTTP writes them (RFC 9110, section 5.6.7).
public enum HTTPDate {
    private static let dayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// An IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter unixS: seconds since 1970; held within the years 1970 to 9999.
    public static func text(unixS: Int) -> String {
        let secondsUntilYear10000 = 253_402_300_800
        let unixS = min(max(unixS, 0), secondsUntilYear10000 - 1)
        let dayCount = unixS / 86_400
        let secondOfDay = unixS % 86_400
        let date = gregorianDate(dayCount: dayCount)
        let dayName = dayNames[dayCount % 7]
        let monthName = monthNames[date.month - 1]
        let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
            .map(twoDigits).joined(separator: ":")
        return "\(dayName), \(twoDigits(date.day)) \(monthName) \(year(date.year)) \(clock) GMT"
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    private static func year(_ value: Int) -> String {
        String(repeating: "0", count: max(0, 4 - String(value).count)) + String(value)
    }

    /// The Gregorian date that many days after 1970-01-01.
    private static func gregorianDate(dayCount: Int) -> (year: Int, month: Int, day: Int) {
        // Years counted from March, so that the leap day is a year's last; 719 468 days lie
        // between 0000-03-01 and 1970-01-01, 146 097 in 400 years.
        let days = dayCount + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }
}
