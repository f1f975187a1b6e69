// What a command says in few bytes, so that one that comes again is told from another.

import Access
public import Ledger
import Trivia
import WireBytes

extension HostRequest {
    /// The form of the digests that are made now. It is raised whenever the same command gets other
    /// bytes: with a new member of a plan, of a question or of a command.
    static let digestForm = "2"

    /// The digest of what is asked for: the show, the command and all that belongs to it. Who asks, and
    /// which revision was seen, are no part of it, nor is whether a question is opened by force: who
    /// asks again with it asks for the same.
    var digest: String? {
        if let file, command.word == .importQuestions {
            return Self.digest(ofImport: file, command, show: show)
        }
        var said = command
        if case .open(let question, _, let isLast) = command {
            said = .open(question: question, isLast: isLast)
        }
        return Self.digest(of: CanonicalJSON.bytes(of: Said(show: show, command: said)))
    }

    /// The digest of an import of a file.
    ///
    /// - Parameter command: which import it is; its questions say nothing that the file doesn't.
    private static func digest(
        ofImport file: [UInt8], _ command: ShowCommand, show: String
    ) -> String? {
        var said = ShowCommand.addQuestions([])
        if case .replaceQuestions = command { said = .replaceQuestions([]) }
        return digest(
            of: CanonicalJSON.bytes(of: Said(show: show, command: said)).map { $0 + file })
    }

    private static func digest(of bytes: [UInt8]?) -> String? {
        bytes.flatMap { ContentDigest.text(of: $0) }.map { digestForm + ":" + $0 }
    }

    /// Whether a command under the same id said the same.
    ///
    /// What an older version wrote has another form, or none, and isn't compared: its id, its show and
    /// its word are enough, so that a command that was under way during an upgrade gets its receipt.
    public func isRepeat(of line: LogLine) -> Bool {
        guard line.show.hasSameBytes(as: show), line.action == command.word.rawValue else {
            return false
        }
        guard let known = line.digest, known.hasPrefix(Self.digestForm + ":") else { return true }
        return known == digest
    }

    private struct Said: Encodable {
        let show: String
        let command: ShowCommand
    }
}
