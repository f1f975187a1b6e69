// Who may publish what: keys, paths, and what those are told who have to give way.

public import Access
import Broadcast
import RTMP
public import WireBytes

/// Whether a signature lets somebody publish a stream from there: nil, or why it doesn't. Called on the
/// ingest's thread.
public typealias SignatureCheck =
    @Sendable (_ signature: URLSignature, _ stream: String, _ host: HostKey) -> SignedURLRefusal?

/// Decides about publishers and knows those who publish. Lives on the ingest's thread.
final class PublishAdmission {
    private let programmes: Programmes
    private let settings: IngestSettings
    private let keyCheck: @Sendable (String?) -> Bool
    private let signatureCheck: SignatureCheck
    private var guesses = GuessLimiter<HostKey>()
    private var byStream: [String: ActivePublisher] = [:]
    /// Who was dismissed and whose connection doesn't know it yet.
    private var dismissed: [ActivePublisher] = []

    /// Why somebody may not publish, with RTMP's code for it.
    struct Refusal: Error {
        let code: String
        let text: String

        static func denied(_ text: String) -> Refusal {
            Refusal(code: "NetStream.Publish.Denied", text: text)
        }

        static func badName(_ text: String) -> Refusal {
            Refusal(code: "NetStream.Publish.BadName", text: text)
        }
    }

    /// Takes no signed address.
    static let noSignature: SignatureCheck = { _, _, _ in .off }

    init(
        programmes: Programmes, settings: IngestSettings,
        keyCheck: @escaping @Sendable (String?) -> Bool,
        signatureCheck: @escaping SignatureCheck = PublishAdmission.noSignature
    ) {
        self.programmes = programmes
        self.settings = settings
        self.keyCheck = keyCheck
        self.signatureCheck = signatureCheck
    }

    // MARK: Coming

    /// Lets somebody publish, or says why not.
    ///
    /// - Parameter from: where it comes from, for words.
    /// - Returns: who publishes now, and whom it has taken the stream over from.
    func publish(
        _ request: RTMPPublishRequest, from address: String, host: HostKey, nowMs: Int64
    ) throws(Refusal) -> (active: ActivePublisher, displaced: ActivePublisher?) {
        try check(request, host: host, nowMs: nowMs)
        let publisher = Publisher(
            address: address, encoder: request.flashVersion, yieldsAfterMs: settings.takeoverMs)
        let previous = byStream[request.streamName]
        do {
            let publication = try programmes.publish(
                name: request.streamName, publisher: publisher, nowMs: nowMs)
            let active = ActivePublisher(
                publication, stream: request.streamName, publisher: publisher, nowMs: nowMs)
            let displaced = publication.displaced == nil ? nil : previous
            if let displaced {
                dismiss(
                    displaced,
                    "\(address) has taken the stream over, since nothing came from here any more.",
                    nowMs: nowMs)
            }
            byStream[request.streamName] = active
            return (active, displaced)
        } catch {
            guard case .busy(let name) = error, let active = byStream[name] else {
                throw .badName(error.description)
            }
            throw .badName(
                "The stream \"\(name)\" has a publisher already: "
                    + "\(active.description(nowMs: nowMs)). Stop that one, or let the staff take it "
                    + "off with \"fanfare stream off \(name)\"; once it has been silent for "
                    + "\(Double(settings.takeoverMs) / 1_000) s, a publish takes its place.")
        }
    }

    /// What can be said of a publish without anybody else: its address and its key.
    func check(
        _ request: RTMPPublishRequest, host: HostKey, nowMs: Int64
    ) throws(Refusal) {
        try checkPath(request)
        try checkKey(request, host: host, nowMs: nowMs)
        guard Programmes.isValid(name: request.streamName) else {
            throw .badName(
                "\(PublishRefusal.badName) \"\(request.streamName.printable)\" is none. "
                    + Self.howToPush)
        }
    }

    private static let howToPush =
        "Push to rtmp://HOST/\(IngestSettings.app)/NAME?key=KEY, or to "
        + "rtmp://HOST/\(IngestSettings.app)/NAME/KEY."

    private func checkPath(_ request: RTMPPublishRequest) throws(Refusal) {
        guard request.app == IngestSettings.app else {
            let told = request.app.isEmpty ? "no application" : "\"\(request.app.printable)\""
            throw .badName(
                "The address has \(told) where \"\(IngestSettings.app)\" belongs. "
                    + Self.howToPush)
        }
        if request.queryKey != nil, let rest = request.pathKey {
            let whole = "\(request.streamName)/\(rest)".printable
            throw .badName(
                "A stream name has no slashes, and \"\(whole)\" has. " + Self.howToPush)
        }
    }

    private func checkKey(
        _ request: RTMPPublishRequest, host: HostKey, nowMs: Int64
    ) throws(Refusal) {
        guard let key = request.key else {
            if !keyCheck(nil) { try checkSignature(request, host: host, nowMs: nowMs) }
            return
        }
        // Proxies on this machine bring everybody: there the right key doesn't wait for strangers.
        guard guesses.mayTry(host, nowMs: nowMs) || host.isLoopback && keyCheck(key) else {
            throw .denied(
                "Too many wrong stream keys came from this address. Wait "
                    + "\(guesses.waitS(host, nowMs: nowMs)) s, then try again.")
        }
        // Whoever adds a query of his own adds it with another "?".
        let beforeQuery = key.prefix { $0 != "?" }
        guard !keyCheck(key), beforeQuery == key || !keyCheck(String(beforeQuery)) else { return }
        guesses.noteWrong(host, nowMs: nowMs)
        let place =
            request.queryKey == nil
            ? " What follows the name in the path was taken for it; names have no slashes." : ""
        throw .denied(
            "The stream key is wrong. Take the one from the server's banner or its data folder."
                + place)
    }

    /// Without a key, a signature may do.
    private func checkSignature(
        _ request: RTMPPublishRequest, host: HostKey, nowMs: Int64
    ) throws(Refusal) {
        let signature = URLSignature { name in
            request.query.first { $0.name == "\(name)" }?.value
        }
        guard let signature else {
            throw .denied("The stream key is missing. " + Self.howToPush)
        }
        let refusal = signatureCheck(signature, request.streamName, host)
        guard let refusal else { return }
        guard !refusal.isGuess || guesses.mayTry(host, nowMs: nowMs) else {
            throw .denied(
                "Too many wrong signatures came from this address. Wait "
                    + "\(guesses.waitS(host, nowMs: nowMs)) s, then try again.")
        }
        if refusal.isGuess { guesses.noteWrong(host, nowMs: nowMs) }
        throw .denied(refusal.description)
    }

    // MARK: Going

    /// A publisher that has ended by itself.
    func ended(_ active: ActivePublisher) {
        if byStream[active.stream] === active { byStream[active.stream] = nil }
    }

    /// Takes a publisher off at the staff's word.
    func takeOff(_ stream: String, nowMs: Int64) -> TakeOffAnswer {
        guard let active = byStream[stream] else {
            let programme = programmes.programme(named: stream)
            guard let programme else { return .noSuchStream }
            return programme.status(nowMs: nowMs).isPublishing ? .builtIn : .nobody
        }
        dismiss(
            active, "The staff have taken this publisher off. Publish again only if they say so.",
            nowMs: nowMs)
        return .takenOff(address: active.publisher.address, encoder: active.publisher.encoder)
    }

    private func dismiss(_ active: ActivePublisher, _ words: String, nowMs: Int64) {
        active.dismiss(words, nowMs: nowMs)
        byStream[active.stream] = nil
        dismissed.append(active)
    }

    /// Those whose connections are still to be ended.
    func takeDismissed() -> [ActivePublisher] {
        guard !dismissed.isEmpty else { return [] }
        defer { dismissed = [] }
        return dismissed
    }
}

/// What came of taking a publisher off.
public enum TakeOffAnswer: Sendable, Equatable {
    /// It is off; it comes back only if its encoder connects again.
    case takenOff(address: String, encoder: String?)
    /// The stream waits for a publisher already.
    case nobody
    /// What publishes there is a part of this process.
    case builtIn
    /// There is no such stream.
    case noSuchStream
}

extension String {
    /// As it may stand in an answer or log: short, and without control characters.
    var printable: String {
        let characters = unicodeScalars.prefix(64).map { scalar in
            scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "?"
        }
        return String(characters)
    }
}
