// `fanfare show import`, `export`, `audit`: what goes in and out as files.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Glibc
import Settings

/// How a file is written.
enum ShowFileFormat: String, CaseIterable, ExpressibleByArgument {
    case csv, json

    /// By the name's ending; nil if it says nothing.
    init?(path: String) {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        self.init(rawValue: path[path.index(after: dot)...].lowercased())
    }

    var mediaType: String { self == .csv ? "text/csv" : "application/json" }
}

/// `fanfare show import`.
struct ShowImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import questions from a CSV or JSON file.",
        discussion: """
            The questions take the place of all that are waiting, which is asked first where \
            something is lost by it, or go behind them with --append. All rows are taken or none; every row that won't do is named.

            CSV: the first row has the columns' names: text, option1, option2, up to option8, \
            correct, windowMs, explanation, mediaURL, id. Needed are text, option1, option2 and \
            correct, which is the right option's number counted from 1, or its text. A comma, a \
            semicolon or a tab separates. JSON: {"questions": [{"text": "…", "options": ["…", "…"], \
            "correct": 1}]}.
            """)

    @OptionGroup var target: ShowArgument

    @Argument(help: "The file; - is standard input.")
    var file: String

    @Option(help: "csv or json; by default by the file's name.")
    var format: ShowFileFormat?

    @Flag(help: "Behind the questions there are.")
    var append = false

    @Flag(help: "Leave out columns of a CSV file that no question has.")
    var ignoreUnknownColumns = false

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard format ?? ShowFileFormat(path: file) != nil else {
            throw ValidationError("say --format csv or --format json: the name doesn't tell")
        }
    }

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            let bytes = try WholeFile.read(file, byteCountMax: 2 << 20)
            let format = format ?? ShowFileFormat(path: file) ?? .json
            let path = ShowClient.path(target.show, "questions")
            let method = append ? "POST" : "PUT"
            let query = ignoreUnknownColumns ? ["ignoreUnknownColumns=true"] : []
            let preview: ImportPreview = try client.value(
                method, path, query: query + ["preview=true"], content: (format.mediaType, bytes))
            if preview.losesSomething { try confirmation.ask(Self.question(preview)) }
            let receipt = try client.write(
                method, path, query: query, content: (format.mediaType, bytes), id: order.id,
                expectedVersion: order.expectVersion ?? (append ? nil : preview.version))
            StandardOutput.write(Self.report(preview, receipt, isAppended: append))
        }
    }

    /// What would be lost.
    static func question(_ preview: ImportPreview) -> String {
        func named(_ ids: [String]) -> String {
            ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? ", …" : "")
        }
        var losses: [String] = []
        if !preview.removed.isEmpty {
            losses.append("\(preview.removed.count) go (\(named(preview.removed)))")
        }
        if !preview.changed.isEmpty {
            losses.append("\(preview.changed.count) are changed (\(named(preview.changed)))")
        }
        return "\(preview.waitingBefore) waiting questions are replaced by "
            + "\(preview.questionCount): \(losses.joined(separator: ", ")). Go on?"
    }

    private static func report(
        _ preview: ImportPreview, _ receipt: OrderReceipt, isAppended: Bool
    ) -> String {
        let what =
            isAppended || preview.waitingBefore == 0
            ? "\(preview.questionCount) questions imported"
            : "\(preview.waitingBefore) waiting questions replaced by \(preview.questionCount)"
        return "\(what); \(preview.waitingAfter) are waiting (version \(receipt.version))\n"
    }
}

/// `fanfare show export`.
struct ShowExport: AsyncParsableCommand {
    /// What can be had.
    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case questions, results, winners, answers
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write questions, results, winners or all answers to a file.")

    @OptionGroup var target: ShowArgument

    @Argument(help: "questions, results, winners or answers.")
    var subject: Subject

    @Option(help: "csv or json.")
    var format: ShowFileFormat?

    @Option(help: "The file; without it, standard output.")
    var output: String?

    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            let format = format ?? output.flatMap(ShowFileFormat.init(path:)) ?? .csv
            let path = ShowClient.path(target.show, "\(subject.rawValue).\(format.rawValue)")
            let client = try staff.client()
            guard let output else {
                return try client.staff.download(path) { piece in
                    try WholeFile.writeToStandardOutput(piece)
                }
            }
            try WholeFile.write(to: output) { write in
                try client.staff.download(path) { try write($0) }
            }
        }
    }
}

/// `fanfare show audit`.
struct ShowAuditing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show what the host did, and whether the record agrees with itself.",
        discussion: "Exit status 1 if it doesn't.")

    @OptionGroup var target: ShowArgument

    @Flag(help: "As JSON.")
    var json = false

    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            let bytes = try client.bytes(ShowClient.path(target.show, "audit"))
            guard let audit = try? JSONDecoder().decode(ShowAudit.self, from: Data(bytes)) else {
                throw StaffCallError.notOurs(client.staff.address)
            }
            try WholeFile.writeToStandardOutput(
                json ? bytes + [UInt8(ascii: "\n")] : Array(ShowTables.audit(audit).utf8))
            if !audit.agrees { throw ExitCode.failure }
        }
    }
}

/// Why a file that was named can't be used.
enum WholeFileError: Error, Equatable, CustomStringConvertible {
    case cannotRead(path: String, TextFileError)
    case cannotWrite(path: String, reason: String)

    var description: String {
        switch self {
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        }
    }
}

/// Files as a whole.
enum WholeFile {
    /// - Parameter path: "-" is standard input.
    static func read(_ path: String, byteCountMax: Int) throws(WholeFileError) -> [UInt8] {
        let path = path == "-" ? "/dev/stdin" : path
        do throws(TextFileError) {
            return try TextFile.bytes(path, byteCountMax: byteCountMax, from: .anything)
        } catch {
            throw .cannotRead(path: path, error)
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws(WholeFileError) {
        let descriptor = try open(path)
        defer { close(descriptor) }
        try write(bytes[...], to: descriptor, path: path)
    }

    /// Writes a file piece by piece.
    static func write(
        to path: String, _ body: ((ArraySlice<UInt8>) throws -> Void) throws -> Void
    ) throws {
        let descriptor = try open(path)
        defer { close(descriptor) }
        try body { try write($0, to: descriptor, path: path) }
    }

    private static func open(_ path: String) throws(WholeFileError) -> CInt {
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw .cannotWrite(path: path, reason: systemErrorText(errno))
        }
        return descriptor
    }

    /// Writes what is worth as much as a file: where it can't be written whole, that is an error.
    static func writeToStandardOutput(_ bytes: [UInt8]) throws(WholeFileError) {
        try writeToStandardOutput(bytes[...])
    }

    static func writeToStandardOutput(_ bytes: ArraySlice<UInt8>) throws(WholeFileError) {
        try write(bytes, to: STDOUT_FILENO, path: "standard output")
    }

    private static func write(
        _ bytes: ArraySlice<UInt8>, to descriptor: CInt, path: String
    ) throws(WholeFileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .cannotWrite(path: path, reason: systemErrorText(errno))
            }
            rest = rest.dropFirst(count)
        }
    }
}
