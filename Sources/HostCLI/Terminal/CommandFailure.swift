// How a command says that it cannot go on.

import ArgumentParser

/// The end of a command that failed.
public enum CommandFailure {
    /// Says what is wrong in one line, without a trace: it is the operator's to mend. An error that
    /// only carries an exit code is passed on in silence.
    ///
    /// - Returns: what is to be thrown.
    public static func report(_ error: any Error, exitCode: ExitCode) -> ExitCode {
        if let error = error as? ExitCode { return error }
        StandardError.write(TerminalText.lines("fanfare: \(error)\n"))
        return exitCode
    }
}
