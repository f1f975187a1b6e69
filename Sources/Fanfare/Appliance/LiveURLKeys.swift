// Signed addresses as the running appliance knows them: keys that can be changed in mid-show.

import Access
import ControlRoom
import Game
import Settings
import Synchronization
import WireBytes

/// The keys in force, for those who watch, those who publish and the staff.
final class LiveURLKeys: URLDesk {
    private let keys: Mutex<URLKeys>
    /// Whether nobody watches without a signature; looked at for each request for a stream.
    private let needsPlay: Atomic<Bool>
    /// The streams a wrong signature may be for.
    private let streams: @Sendable () -> [String]

    init(_ settings: Settings, streams: @escaping @Sendable () -> [String]) {
        let keys = URLKeys(settings)
        self.keys = Mutex(keys)
        needsPlay = Atomic(keys.play != nil)
        self.streams = streams
    }

    /// Puts others in force, for all who come from now on.
    func replace(by keys: URLKeys) {
        self.keys.withLock { $0 = keys }
        needsPlay.store(keys.play != nil, ordering: .releasing)
    }

    /// Whether a signature lets somebody in: nil, or why it doesn't.
    func refusal(
        _ signature: URLSignature?, for role: URLRole, stream: String, host: HostKey
    ) -> SignedURLRefusal? {
        let keys = keys.withLock { $0 }
        do throws(SignedURLRefusal) {
            try keys.check(
                signature, for: role, stream: stream, from: host, nowUnixS: Self.nowUnixS,
                others: streams)
            return nil
        } catch {
            return error
        }
    }

    private static var nowUnixS: Int { Int(GameClock.system.wallMs() / 1_000) }

    /// Why somebody may not watch; nil who may.
    func playRefusal(
        stream: String, host: HostKey, item: (StaticString) -> String?
    ) -> String? {
        guard isPlaySigned else { return nil }
        let refusal = refusal(URLSignature(item: item), for: .play, stream: stream, host: host)
        // The key went just now: then everybody may watch.
        return refusal == .off ? nil : refusal?.description
    }

    // MARK: URLDesk

    var isPlaySigned: Bool { needsPlay.load(ordering: .relaxed) }

    func query(for url: SignedURL, form: URLForm) throws(URLRefusal) -> String {
        guard let key = keys.withLock({ $0.pair(for: url.role)?.main }) else {
            throw .noKey(
                url.role == .play
                    ? "everybody may watch here: there is no playKey, so that nothing is signed"
                    : "there is no pushKey to sign with: set one (openssl rand -hex 16), and send "
                        + "SIGHUP")
        }
        let query = form == .own ? url.query(key: key) : url.tencentQuery(key: key)
        guard let query else { throw .noKey(SignedURLRefusal.noDigest.description) }
        return query
    }

    /// What is added to a stream's path for somebody of this machine's own; empty where nothing is
    /// needed.
    func ownQuery(_ stream: String, forS seconds: Int) -> String {
        let url = SignedURL(role: .play, stream: stream, expiresAtUnixS: Self.nowUnixS + seconds)
        let query = keys.withLock { $0.play?.main }.flatMap { url.query(key: $0) }
        return query.map { "?\($0)" } ?? ""
    }
}

extension URLKeys {
    /// As the operator has them. Where only a key before is left, it is the key: nobody is let in
    /// who needed one until now.
    init(_ settings: Settings) {
        self.init(
            play: (settings.playKey ?? settings.playKeyPrevious).map {
                URLKeyPair(main: $0, previous: settings.playKeyPrevious)
            },
            push: (settings.pushKey ?? settings.pushKeyPrevious).map {
                URLKeyPair(main: $0, previous: settings.pushKeyPrevious)
            })
    }
}
