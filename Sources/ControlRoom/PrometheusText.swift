// Writes metric families as Prometheus text exposition format 0.0.4.

/// The writer of `/metrics`.
public enum PrometheusText {
    /// The value of Content-Type for this format.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The families as text, in the order given. A family without samples still says what it is, so
    /// that a dashboard can be built before the first event.
    public static func text(of families: [MetricFamily]) -> String {
        var text = ""
        for family in families { append(family, to: &text) }
        return text
    }

    private static func append(_ family: MetricFamily, to text: inout String) {
        precondition(isMetricName(family.name), "bad metric name \(family.name)")
        text += "# HELP \(family.name) \(escapedHelp(family.help))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        for sample in family.samples {
            text += family.name + sample.suffix
            if !sample.labels.isEmpty { text += labelBlock(sample.labels) }
            text += " \(number(sample.value))\n"
        }
    }

    private static func labelBlock(_ labels: [(name: String, value: String)]) -> String {
        let pairs = labels.map { label in
            precondition(isLabelName(label.name), "bad label name \(label.name)")
            return "\(label.name)=\"\(escapedLabelValue(label.value))\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    /// Whole numbers without a fraction, as counters are read by people too.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
        return "\(value)"
    }

    /// In help texts a backslash and a line feed are escaped.
    static func escapedHelp(_ text: String) -> String {
        escaped(text, quote: false)
    }

    /// In label values a double quote is escaped as well.
    static func escapedLabelValue(_ text: String) -> String {
        escaped(text, quote: true)
    }

    private static func escaped(_ text: String, quote: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quote: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func isMetricName(_ name: String) -> Bool {
        isName(name) { $0 == UInt8(ascii: ":") }
    }

    static func isLabelName(_ name: String) -> Bool {
        isName(name) { _ in false }
    }

    private static func isName(_ name: String, orExtra extra: (UInt8) -> Bool) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: extra(byte)
            }
        }
    }
}
