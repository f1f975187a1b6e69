// Numbers for people.

/// Numbers with a fixed count of decimals, without Foundation's formatters.
public enum Decimals {
    /// The value with so many digits behind the point; "-" for what is no number.
    public static func text(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "-" }
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int((abs(value) * factor).rounded())
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard digits > 0 else { return sign + "\(scaled)" }
        let whole = scaled / Int(factor)
        let part = String(scaled % Int(factor))
        return "\(sign)\(whole).\(String(repeating: "0", count: digits - part.count))\(part)"
    }
}
