// What a check found, and the table of all of them.

/// One line of `fanfare check`.
struct CheckResult: Sendable, Equatable {
    enum Verdict: String, Sendable {
        case ok
        /// It runs, but less well than it could.
        case warn
        /// It won't run, or must not.
        case fail
    }

    var verdict: Verdict
    /// A word or two: "descriptors".
    var name: String
    /// What is there.
    var found: String
    /// What to do; nil if nothing is to be done.
    var advice: String?

    static func ok(_ name: String, _ found: String) -> CheckResult {
        CheckResult(verdict: .ok, name: name, found: found)
    }

    static func warn(_ name: String, _ found: String, advice: String) -> CheckResult {
        CheckResult(verdict: .warn, name: name, found: found, advice: advice)
    }

    static func fail(_ name: String, _ found: String, advice: String? = nil) -> CheckResult {
        CheckResult(verdict: .fail, name: name, found: found, advice: advice)
    }

    /// A table for people: verdict, name, what was found; advice below, indented.
    static func table(_ results: [CheckResult]) -> String {
        let nameWidth = results.map(\.name.count).max() ?? 0
        let indent = String(repeating: " ", count: 8 + nameWidth)
        var text = ""
        for result in results {
            text += " \(padded(result.verdict.rawValue, 4))  "
            text += "\(padded(result.name, nameWidth))  \(result.found)\n"
            if let advice = result.advice { text += "\(indent) → \(advice)\n" }
        }
        return text
    }

    /// "go" or "no-go", and how many are not as they should be.
    static func summary(_ results: [CheckResult]) -> String {
        let failures = results.count { $0.verdict == .fail }
        let warnings = results.count { $0.verdict == .warn }
        let words =
            (failures > 0 ? ["\(failures) to mend"] : [])
            + (warnings > 0 ? ["\(warnings) to look at"] : [])
        return ([failures > 0 ? "no-go" : "go"] + words).joined(separator: ", ") + "\n"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}
