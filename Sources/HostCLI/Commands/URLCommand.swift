// `fanfare url push|play NAME`: a signed address, in every form that somebody may want, from a shell.

import Access
import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings
import WireBytes

/// Asks the staff plane of a running appliance for a signed address.
struct URLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "url", abstract: "Make a URL to push or to watch a stream, good for a while.",
        discussion: """
            It is signed with \(SettingsCatalog.shared.pushKey.key) or \
            \(SettingsCatalog.shared.playKey.key) of the running appliance. The staff token, where \
            one is needed, is read from --staff-token-file or from \
            \(SettingsCatalog.shared.staffToken.environmentVariable).

              fanfare url push show --valid 4h --host live.example.com
            """)

    @Argument(help: "push or play.")
    var role: String

    @Argument(help: "The stream's name.")
    var stream: String

    @Option(
        help: ArgumentHelp(
            "How long it is good: 90s, 30m, 2h or 7d, at most "
                + "\(SignedURLLimits.validSMax / 86_400)d.", valueName: "TIME"),
        transform: { text in
            guard let seconds = URLCommand.seconds(text) else {
                throw ValidationError(
                    "--valid is a whole number and s, m, h or d, such as 2h, and at most "
                        + "\(SignedURLLimits.validSMax / 86_400)d")
            }
            return seconds
        })
    var valid = 7_200

    @Option(help: "The only address it is good from.")
    var address: String?

    @Option(help: "How the server is called in the URL, if not as this machine calls itself.")
    var host: String?

    @Flag(help: "In Tencent's form (txSecret, txTime), for apps that make and know that one.")
    var tencent = false

    @Flag(help: "Show it as a QR code, too: to watch, the page; to push, the whole URL.")
    var qr = false

    @OptionGroup var place: StaffPlace

    func validate() throws {
        guard URLRole(rawValue: role) != nil else {
            throw ValidationError("say push or play, and then the stream's name")
        }
        guard StreamArgument.isName(stream) else {
            throw ValidationError("a stream's name is 1 to 64 letters, digits, - and _")
        }
        if let address {
            guard IPAddress(address) != nil else {
                throw ValidationError("--address is one such as 192.0.2.7 or 2001:db8::1")
            }
            guard !tencent else {
                throw ValidationError(
                    "a URL in Tencent's form can't be bound to an address: leave out one")
            }
        }
    }

    func run() async throws {
        do {
            let client = try place.client()
            var body = WishBody(role: role, stream: stream, validS: valid)
            body.address = address
            body.host = host
            if tencent { body.form = URLForm.tencent.rawValue }
            let bytes = try client.ask(
                "POST", "/api/v1/urls", json: Array(try JSONEncoder().encode(body)))
            guard
                let answer = try? JSONDecoder().decode(SignedURLAnswer.self, from: Data(bytes))
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write(Self.text(of: answer))
            if qr { StandardOutput.write(try Self.picture(of: answer)) }
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    private struct WishBody: Encodable {
        var role: String
        var stream: String
        var validS: Int
        var address: String?
        var host: String?
        var form: String?
    }

    /// "2h" in seconds; nil for what isn't a time that an address may be good.
    static func seconds(_ text: String) -> Int? {
        let units = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last, let factor = units[String(unit)],
            let number = Int(text.dropLast()), number > 0,
            number <= SignedURLLimits.validSMax / factor
        else { return nil }
        return number * factor
    }

    /// An answer as lines.
    static func text(of answer: SignedURLAnswer) -> String {
        let names = ["server": "OBS server", "streamKey": "OBS stream key", "flv": "HTTP-FLV"]
        let until = WallClock.text(ms: answer.expiresAtMs) + " UTC"
        let lines = SignedURLAnswer.order.compactMap { key in
            answer.urls[key].map { url in
                let name = names[key] ?? key
                let gap = String(repeating: " ", count: max(1, 16 - name.count))
                return TerminalText.plain("  \(name)\(gap)\(url)") + "\n"
            }
        }
        return "\(answer.role) \(answer.stream), good until \(until)\n" + lines.joined()
    }

    private static func picture(of answer: SignedURLAnswer) throws(QRCodeError) -> String {
        let url = answer.urls["page"] ?? answer.urls["rtmp"] ?? ""
        return try QRCode(url).terminalText
    }
}
