// Asking whoever sits at the terminal before something is done that can't be taken back.

import ArgumentParser
import Glibc

/// Why something wasn't done.
enum ConfirmationError: Error, Equatable, CustomStringConvertible {
    case notATerminal(String)
    case declined

    var description: String {
        switch self {
        case .notATerminal(let question):
            "\(question) Nothing was done: there is nobody to ask, so say --yes if that is meant"
        case .declined: "nothing was done"
        }
    }
}

/// The switch that answers beforehand.
struct ConfirmationOptions: ParsableArguments {
    @Flag(name: .customLong("yes"), help: "Do it without asking.")
    var isSure = false

    /// Says what would be done and asks whether it is meant.
    ///
    /// - Parameter question: a sentence with a question mark.
    func ask(_ question: String) throws(ConfirmationError) {
        if isSure { return }
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            throw .notATerminal(question)
        }
        StandardError.write(TerminalText.lines("\(question) [y/N] "))
        let answer = readLine()?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else { throw .declined }
    }
}
