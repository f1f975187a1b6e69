// What an operator sees at start-up: where everything is, ready to be pasted.

import Access
import AudienceProtocol
import HostCLI
import Logging
import Settings
import WireBytes

/// The start-up banner. A pure function of what it shows.
struct Banner: Sendable {
    /// The stream of the built-in clip: `live/demo`.
    static let demoStreamName = "demo"

    /// The real addresses, with the ports the system chose where the settings said 0.
    var http: IPEndpoint
    var rtmp: IPEndpoint
    var staff: IPEndpoint
    /// How other machines reach this one, for listeners on all addresses.
    var reachableHost: String
    /// Nil with open ingest.
    var publishKey: StreamKey?
    /// Where the key is kept; nil if the operator chose it.
    var publishKeyPath: String?
    /// Whether the key itself is shown: to a terminal, and not where what is said is kept.
    var showsKey: Bool
    var hasStaffToken: Bool
    var isDemo: Bool
    var hasDemoQuiz: Bool
    /// Nobody watches without a signed URL.
    var needsPlayURL = false
    /// Nil without TLS.
    var https: IPEndpoint?
    var rtmps: IPEndpoint?
    /// The host that the first certificate is for; nil where it names none.
    var secureHost: String?
    var isStaffSecure = false

    /// The push URL without the stream.
    var pushServer: String { "rtmp://\(host(rtmp, standardPort: 1935))/live" }

    /// What comes after the server: OBS calls it the stream key.
    var pushStream: String {
        let query = publishKey.map { "?key=\(showsKey ? $0.text : Self.hiddenKey)" } ?? ""
        return StreamArgument.exampleName + query
    }

    /// What stands for a key that isn't shown.
    static let hiddenKey = "…"

    /// Where a stream is watched.
    func playURL(_ stream: String) -> String { audience + StreamPath.path(of: stream) }

    /// The viewer's page.
    var pageURL: String { audience + "/" }

    /// The audience's origin: over TLS where there is.
    private var audience: String {
        guard let https else { return "http://\(host(http, standardPort: 80))" }
        return "https://\(secured(https, standardPort: 443))"
    }

    /// The push URL over TLS without the stream.
    var securePushServer: String? {
        rtmps.map { "rtmps://\(secured($0, standardPort: 443))/live" }
    }

    /// The banner's lines, each ended by a line feed. What a person clicks comes last.
    var text: String {
        var text = "Fanfare \(FanfareCommand.version) is up\n\n"
        text += "  OBS       server      \(pushServer)\n"
        if let securePushServer { text += "            or by TLS   \(securePushServer)\n" }
        text += "            stream key  \(pushStream)\n"
        text += "  ffmpeg    ffmpeg -re -i film.mp4 -c copy -f flv '\(pushServer)/\(pushStream)'\n"
        text += "  player    ffplay "
        text += "\(playURL(isDemo ? Self.demoStreamName : StreamArgument.exampleName))\n"
        let staffScheme = isStaffSecure ? "https" : "http"
        text += "  staff     \(staffScheme)://\(staff)/healthz, /metrics, /api/v1/streams\n\n"
        if let publishKeyPath {
            text += "The stream key is kept in \(publishKeyPath); "
            text += "delete the file to get a new one.\n\n"
        } else if publishKey == nil {
            text += "Publishers need no stream key: ingest is open to this machine.\n\n"
        } else if !showsKey {
            text += "The stream key is that of the settings (publishKey).\n\n"
        }
        if needsPlayURL {
            text += "Nobody watches without a signed URL: fanfare url play "
            text += "\(isDemo ? Self.demoStreamName : StreamArgument.exampleName)\n\n"
        }
        text += "  watch     \(pageURL)\n"
        text += "  console   \(console)"
        text += hasStaffToken ? "  (log in with a staff token)\n" : "\n"
        if hasDemoQuiz {
            text += "\nThe demo quiz is a rehearsal: open its doors in the console, and play it"
            text += " on the page.\n"
        }
        return text
    }

    /// The same for programs: where everything is, without the key.
    var record: LogRecord {
        var places: Logger.Metadata = [
            "push": "\(pushServer)", "watch": "\(pageURL)", "console": "\(console)",
            "streams": "\(isStaffSecure ? "https" : "http")://\(staff)/api/v1/streams",
        ]
        if let securePushServer { places["securePush"] = "\(securePushServer)" }
        if let publishKeyPath { places["publishKeyPath"] = "\(publishKeyPath)" }
        return LogRecord(
            level: .notice, label: "fanfare", message: "Fanfare \(FanfareCommand.version) is up",
            metadata: places)
    }

    private var console: String {
        isStaffSecure
            ? "https://\(secured(staff, standardPort: 443))/"
            : "http://\(host(staff, standardPort: 80))/"
    }

    /// By the name that the certificate is for, so that it fits.
    private func secured(_ address: IPEndpoint, standardPort: UInt16) -> String {
        guard let secureHost else { return host(address, standardPort: standardPort) }
        return address.port == standardPort ? secureHost : "\(secureHost):\(address.port)"
    }

    private func host(_ address: IPEndpoint, standardPort: UInt16) -> String {
        let shown = address.address.isWildcard ? reachableHost : address.host
        let host = shown.contains(":") ? "[\(shown)]" : shown
        return address.port == standardPort ? host : "\(host):\(address.port)"
    }
}
