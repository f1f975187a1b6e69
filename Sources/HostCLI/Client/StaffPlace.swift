// Which staff plane a command speaks to, and by which token: what all staff commands share.

import Access
import ArgumentParser
import FoundationEssentials
import Settings
import TLS
import WireBytes

/// Why it isn't clear which staff plane is meant.
enum StaffPlaceError: Error, Equatable, CustomStringConvertible {
    case badURL(place: String, text: String, problem: String)
    case badFile(SettingsError)
    case token(StaffTokenError)
    case authorities(String)
    case certificate(String)

    var description: String {
        switch self {
        case .badURL(let place, let text, let problem): "\(place) is “\(text)”: \(problem)"
        case .badFile(let error):
            "\(error); or say where the staff plane is with --staff"
        case .token(let error): error.description
        case .authorities(let reason): "--ca: \(reason)"
        case .certificate(let reason):
            "the staff plane of these settings speaks TLS, but \(reason); or say where it is with "
                + "--staff https://HOST:PORT"
        }
    }
}

/// The options of every command that speaks to a staff plane.
struct StaffPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Where the staff plane listens; by default where \
            \(SettingsCatalog.shared.staff.environmentVariable) or the settings file of \
            \(SettingsCatalog.configVariable) says, or else http://\(StaffURL.usual.address).
            """, valueName: "URL"),
        transform: { text in
            do throws(BadValue) { return try StaffURL(parsing: text) } catch {
                throw ValidationError("--staff: \(error.problem)")
            }
        })
    var staff: StaffURL?

    @Option(help: ArgumentHelp("A file that holds the staff token.", valueName: "FILE"))
    var staffTokenFile: String?

    @Option(
        help: ArgumentHelp(
            "With https: a file of certificates in PEM that are trusted besides this machine's.",
            valueName: "FILE"))
    var ca: String?

    /// The client of the staff plane that is meant.
    func client() throws(StaffPlaceError) -> StaffClient {
        try client(environment: ProcessInfo.processInfo.environment)
    }

    /// - Parameter environment: where the rest is said. What is written there and can't be read is
    ///   an error: else the command would go to another server.
    func client(environment: [String: String]) throws(StaffPlaceError) -> StaffClient {
        let variable = SettingsCatalog.shared.staff.environmentVariable
        var address = staff
        if address == nil, let text = environment[variable], !text.isEmpty {
            address = try Self.address(text, place: variable)
        }
        var token: StaffToken?
        do throws(StaffTokenError) {
            token = try StaffTokenSource.token(path: staffTokenFile, environment: environment)
        } catch { throw .token(error) }
        // A token of the file is for the server of the file.
        if address == nil || token == nil && staff == nil, let file = try Self.file(environment) {
            if address == nil, let entry = file.entry(SettingsCatalog.shared.staff.key) {
                address = try Self.address(entry.text, place: "“staff” in \(file.path)")
            }
            if token == nil, let entry = file.entry(SettingsCatalog.shared.staffToken.key) {
                do throws(StaffTokenError) {
                    token = try StaffTokenSource.token(
                        entry.text, place: "\(file.path), line \(entry.line)")
                } catch { throw .token(error) }
            }
        }
        let url = address ?? StaffURL.usual
        var client = StaffClient(address: url.address, token: token)
        if let server = url.secureServer {
            client.security = StaffSecurity(server: server, authorities: try authorities())
        } else if staff == nil, url.address.isLoopback {
            client.security = try Self.ownSecurity(environment, try Self.file(environment))
        }
        return client
    }

    /// The TLS of the server on this machine whose settings these are: its certificate is at hand.
    private static func ownSecurity(
        _ environment: [String: String], _ file: ConfigFile?
    ) throws(StaffPlaceError) -> StaffSecurity? {
        func text(_ setting: some SettingEntry) -> String? {
            let said = environment[setting.environmentVariable] ?? ""
            return said.isEmpty ? file?.entry(setting.key)?.text : said
        }
        let catalog = SettingsCatalog.shared
        guard let toggle = text(catalog.staffTLS)?.lowercased(),
            ["true", "yes", "on", "1"].contains(toggle), let list = text(catalog.tlsCertificates),
            let path = list.split(separator: ",").first.map({ String($0.drop { $0 == " " }) })
        else { return nil }
        let bytes: [UInt8]
        do throws(TextFileError) {
            bytes = try TextFile.bytes(path, byteCountMax: TLSLimits.fileByteCountMax)
        } catch { throw .certificate("cannot read \(path): \(error)") }
        do throws(IdentityError) {
            let names = try Certificate.all(inPEM: bytes, name: path)[0].facts.names
            // Any host fits a wildcard.
            let name = names.first?.replacing("*.", with: "staff.") ?? ""
            return StaffSecurity(server: name, authorities: bytes)
        } catch { throw .certificate(error.description) }
    }

    private func authorities() throws(StaffPlaceError) -> [UInt8]? {
        guard let ca else { return nil }
        do throws(TextFileError) {
            return try TextFile.bytes(ca, byteCountMax: TLSLimits.fileByteCountMax)
        } catch { throw .authorities("cannot read \(ca): \(error)") }
    }

    private static func address(
        _ text: String, place: String
    ) throws(StaffPlaceError) -> StaffURL {
        do throws(BadValue) { return try StaffURL(parsing: text) } catch {
            throw .badURL(place: place, text: text, problem: error.problem)
        }
    }

    private static func file(
        _ environment: [String: String]
    ) throws(StaffPlaceError) -> ConfigFile? {
        guard let path = environment[SettingsCatalog.configVariable], !path.isEmpty else {
            return nil
        }
        do throws(SettingsError) { return try readConfigFile(at: path) } catch {
            throw .badFile(error)
        }
    }
}

extension ConfigFile {
    /// What stands there for a key, if it says something.
    fileprivate func entry(_ key: String) -> Entry? {
        entries.first { $0.key == key && !$0.text.isEmpty }
    }
}
