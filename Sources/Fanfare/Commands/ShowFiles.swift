// `fanfare show import`, `export`, `audit`: what goes in and out as files.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Glibc

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
            The questions take the place of all that are waiting, or go behind them with \
            --append. All rows are taken or none; every row that won't do is named.

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
            let receipt = try client.write(
                append ? "POST" : "PUT", path,
                query: ignoreUnknownColumns ? ["ignoreUnknownColumns=true"] : [],
                content: (format.mediaType, bytes), id: order.id,
                expectedVersion: order.expectVersion)
            let questions = try client.questions(target.show)
            let waiting = questions.filter { $0.state == .waiting }.count
            StandardOutput.write(
                "imported; \(waiting) questions are waiting (version \(receipt.version))\n")
        }
    }
}

/// `fanfare show export`.
struct ShowExport: AsyncParsableCommand {
    /// What can be had.
    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case questions, results, winners
    }

    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write questions, results or winners to a file.")

    @OptionGroup var target: ShowArgument

    @Argument(help: "questions, results or winners.")
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
            let bytes = try staff.client().bytes(path)
            if let output {
                try WholeFile.write(bytes, to: output)
            } else {
                try WholeFile.writeToStandardOutput(bytes)
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
            return try TextFile.bytes(path, byteCountMax: byteCountMax)
        } catch {
            throw .cannotRead(path: path, error)
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws(WholeFileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw .cannotWrite(path: path, reason: systemErrorText(errno))
        }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path: path)
    }

    /// Writes what is worth as much as a file: where it can't be written whole, that is an error.
    static func writeToStandardOutput(_ bytes: [UInt8]) throws(WholeFileError) {
        try write(bytes, to: STDOUT_FILENO, path: "standard output")
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: CInt, path: String
    ) throws(WholeFileError) {
        var rest = bytes[...]
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
