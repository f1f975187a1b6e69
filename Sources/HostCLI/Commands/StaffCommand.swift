// `fanfare staff …`: who the staff are, on a running server or in the data folder of one that is
// stopped.

import Access
import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings

/// The commands about people.
struct StaffGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Give people tokens of their own, and take them back.",
        discussion: """
            A director may do everything, a host leads the shows, a monitor looks on. Each logs in \
            to the console with the own token, and the audit says who did what.

            These ask a running server; with --data, or where none runs, they write the data \
            folder. The token of a director, where one is needed, is read from --staff-token-file or \
            from \(SettingsCatalog.shared.staffToken.environmentVariable).

              fanfare staff add anna --role director
              fanfare staff add ben
              fanfare staff list
            """,
        subcommands: [StaffAdd.self, StaffListing.self, StaffRemove.self])
}

/// Where the people are that a command is about.
struct StaffPeoplePlace: ParsableArguments {
    @OptionGroup var plane: StaffPlace

    @Option(
        help: ArgumentHelp(
            "The data folder of a server that doesn't run, instead of asking one.",
            valueName: "DIR"))
    var data: String?

    /// Asks the server, or does it in the folder.
    func run<Value>(
        asking: (StaffClient) throws -> Value, writing: (inout StaffPeople) throws -> Value
    ) throws -> Value {
        if let data { return try write(data, writing) }
        do {
            return try asking(try plane.client())
        } catch let error as StaffCallError {
            guard case .unreachable = error, plane.staff == nil, let path = Self.usualFolder()
            else {
                throw error
            }
            StandardError.write("no server runs, so this is about the data folder \(path)\n")
            return try write(path, writing)
        }
    }

    /// The data folder that the settings name, if it is there.
    private static func usualFolder() -> String? {
        let environment = ProcessInfo.processInfo.environment
        // Settings that can't be read name no folder; that no server answers is what is said then.
        let path = try? loadSettings(
            flags: [:], environment: environment,
            configPath: environment[SettingsCatalog.configVariable]
        ).dataPath
        return path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }

    private func write<Value>(
        _ path: String, _ body: (inout StaffPeople) throws -> Value
    ) throws -> Value {
        let lock = try StaffFileLock(dataPath: path)
        defer { withExtendedLifetime(lock) {} }
        let file = StaffFile(dataPath: path)
        let former = try file.people()
        var people = former
        let value = try body(&people)
        if people != former { try file.keep(people) }
        return value
    }
}

/// Somebody by name, whom a command is about.
struct StaffName: ParsableArguments {
    @Argument(help: "Who: letters, digits and - . _ ~")
    var name: String

    func validate() throws {
        guard StaffPerson.isName(name) else {
            throw ValidationError(StaffPeopleError.badName.description)
        }
    }
}

/// A new person.
struct StaffAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Give somebody a token, which is shown this once.",
        discussion: "From the first person on everybody needs a token; so the first is a director.")

    @OptionGroup var person: StaffName

    @Option(help: "What the person may do: director, host or monitor.")
    var role = StaffRole.host

    @OptionGroup var place: StaffPeoplePlace

    func run() async throws {
        let name = person.name
        do {
            let token = try place.run { client in
                struct Order: Encodable {
                    var name: String
                    var role: StaffRole
                }
                struct Answer: Decodable { let token: String }
                let bytes = try client.ask(
                    "POST", "/api/v1/staff", json: ShowClient.json(Order(name: name, role: role)))
                guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
                    throw StaffCallError.notOurs(client.address)
                }
                return answer.token
            } writing: { people in
                let token = try TokenDigest.newToken()
                guard let digest = TokenDigest(of: token) else { throw SecretError.noDigest }
                // Whether the server is started with a token of its own is not known here.
                try people.add(
                    try StaffPerson(
                        name: name, role: role, token: digest,
                        createdAtMs: Int64(Date().timeIntervalSince1970 * 1_000)),
                    hasMaster: false)
                return token
            }
            StandardError.write(
                "\(name) is a \(role.rawValue) and logs in with this token, which nobody can show "
                    + "again:\n")
            StandardOutput.write(token + "\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

/// One line a person.
struct StaffListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Who the staff are, and when each was last seen.")

    @OptionGroup var place: StaffPeoplePlace

    func run() async throws {
        do {
            let people = try place.run { client in
                let bytes = try client.ask("GET", "/api/v1/staff")
                guard
                    let list = try? JSONDecoder().decode(
                        [String: [StaffRecord]].self, from: Data(bytes))["staff"]
                else { throw StaffCallError.notOurs(client.address) }
                return list
            } writing: { people in
                people.all.map {
                    StaffRecord(name: $0.name, role: $0.role, createdAtMs: $0.createdAtMs)
                }
            }
            StandardOutput.write(Self.text(of: people))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    static func text(of people: [StaffRecord]) -> String {
        guard !people.isEmpty else { return "nobody has a token of the own\n" }
        return people.map { person in
            let seen = person.lastSeenAtMs.map { ", last seen \(WallClock.text(ms: $0))" } ?? ""
            return "\(person.name): \(person.role.rawValue), since "
                + "\(WallClock.text(ms: person.createdAtMs))\(seen)\n"
        }.joined()
    }
}

/// Somebody less.
struct StaffRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take somebody's token back, and log the person out.")

    @OptionGroup var person: StaffName

    @Flag(
        help: """
            Even if nobody is left, of a server that is stopped: whoever is on its machine leads shows \
            without a token then.
            """)
    var leaveOpen = false

    @OptionGroup var place: StaffPeoplePlace

    func run() async throws {
        let name = person.name
        do {
            try place.run { client in
                _ = try client.ask("DELETE", "/api/v1/staff/\(name)")
            } writing: { people in
                // As above: what the server is started with is not known here.
                try people.remove(named: name, hasMaster: false, leavesOpen: leaveOpen)
            }
            StandardOutput.write("\(name) is not of the staff any more\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

extension StaffRole: ExpressibleByArgument {}
