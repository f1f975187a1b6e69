// Certificates change while everything runs: their files are watched, and nobody is dropped.

import Glibc
public import IORing
import Synchronization
public import TLS

/// What is to be said of certificates.
public enum CertificateNews: Sendable, Equatable, CustomStringConvertible {
    /// Those of the files are in force from now on.
    case replaced(files: [String])
    /// Those of the files are no good, so that those from before stay.
    case kept(CertificateFilesError)
    /// One is good for so many days more.
    case expiring(file: String, daysLeft: Int64)
    /// One isn't good any more.
    case expired(file: String)
    /// The authority's answer isn't handed out.
    case staple(StapleError)

    /// For the log and `/healthz`.
    public var description: String {
        switch self {
        case .replaced(let files):
            "new certificates are in force: \(files.joined(separator: ", "))"
        case .kept(let error):
            "the certificate files have changed and are no good, so that those from before stay in "
                + "force: \(error)"
        case .expiring(let file, let days):
            "the certificate in \(file) is good for \(days) more day\(days == 1 ? "" : "s"): renew it"
        case .expired(let file):
            "the certificate in \(file) has expired, and every client refuses it: renew it"
        case .staple(let error): "no OCSP answer is handed out: \(error)"
        }
    }

    /// Whether it is only to be known.
    public var isGood: Bool {
        if case .replaced = self { return true }
        return false
    }
}

/// Holds the certificates in force, and looks every few seconds whether their files have changed.
public final class CertificateWatch: Sendable {
    /// From so many days before its end on a certificate is talked about.
    public static let warnDays: Int64 = 14

    private struct State {
        var files: CertificateFiles
        /// As they were when they were read last, with or without success.
        var read: [[Int64]]
        /// As they were at the last look.
        var seen: [[Int64]]
        var kept: CertificateFilesError?
        var toldS: Int64 = 0
    }

    /// The certificates in force.
    public let live: LiveContext
    private let tickets: TicketKeys
    private let state: Mutex<State>
    private let wakeSignal: WakeSignal
    private let stopRequested = Atomic<Bool>(false)
    private let thread = Mutex<PlainThread?>(nil)
    private let nowS: @Sendable () -> Int64
    private let onNews: @Sendable (CertificateNews) -> Void

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - nowS: what the time is, s since 1970.
    ///   - onNews: told on the watch's thread, and in `look`.
    public init(
        files: CertificateFiles, nowS: @escaping @Sendable () -> Int64 = { Int64(time(nil)) },
        onNews: @escaping @Sendable (CertificateNews) -> Void
    ) throws(CertificateFilesError) {
        do throws(TLSError) {
            tickets = try TicketKeys(nowS: nowS())
        } catch { throw .tickets(error) }
        let stamps = files.stamps
        let context = try files.load(tickets: tickets, nowS: nowS())
        live = LiveContext(context)
        do throws(RingError) {
            wakeSignal = try WakeSignal()
        } catch { throw .cannotRead(path: "eventfd", reason: error.description) }
        state = Mutex(State(files: files, read: stamps, seen: stamps))
        self.nowS = nowS
        self.onNews = onNews
        if let error = context.stapleError { onNews(.staple(error)) }
    }

    /// Begins to watch, on a thread of its own.
    public func start() throws(RingError) {
        let thread = try PlainThread(name: "certificates") { [self] in
            while !stopRequested.load(ordering: .acquiring) {
                look()
                wakeSignal.wait(ms: SecureDoorSettings.watchMs)
            }
        }
        self.thread.withLock { $0 = thread }
    }

    /// Stops watching, and waits for the thread.
    public func stop() {
        stopRequested.store(true, ordering: .releasing)
        wakeSignal.raise()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    /// How sessions are kept.
    public var ticketCounts: TicketKeys.Counts { tickets.counts }

    /// Makes a context of other files, which is in force once `take` is called with both.
    public func prepare(_ files: CertificateFiles) throws(CertificateFilesError) -> SecureContext {
        try files.load(tickets: tickets, nowS: nowS())
    }

    /// From now on these files, from which that context was made.
    public func take(_ files: CertificateFiles, _ context: SecureContext) {
        let stamps = files.stamps
        state.withLock { state in
            state.files = files
            state.read = stamps
            state.seen = stamps
            state.kept = nil
        }
        live.replace(by: context)
    }

    /// Reads the files again, whether they have changed or not: SIGHUP.
    public func reload() { read(state.withLock { $0.files }) }

    /// What is wrong now, for `/healthz`.
    public var troubles: [CertificateNews] {
        let kept = state.withLock { $0.kept }
        return (kept.map { [.kept($0)] } ?? []) + endings()
    }

    /// One look: new ones when their files have changed and then stayed the same for a while, since
    /// certificate and key are written one after the other; the ends of those in force, once a day.
    public func look() {
        tickets.rotate(nowS: nowS())
        let files = state.withLock { $0.files }
        let stamps = files.stamps
        let isSettled = state.withLock { state in
            defer { state.seen = stamps }
            return stamps != state.read && stamps == state.seen
        }
        if isSettled { read(files) }
        let now = nowS()
        let isDue = state.withLock { state in
            guard now - state.toldS >= 86_400 else { return false }
            state.toldS = now
            return true
        }
        if isDue { for news in endings() { onNews(news) } }
    }

    private func read(_ files: CertificateFiles) {
        let stamps = files.stamps
        state.withLock { state in
            state.read = stamps
            state.seen = stamps
        }
        do throws(CertificateFilesError) {
            let context = try files.load(tickets: tickets, nowS: nowS())
            state.withLock { state in
                state.kept = nil
                state.toldS = 0
            }
            live.replace(by: context)
            onNews(.replaced(files: files.certificates))
            if let error = context.stapleError { onNews(.staple(error)) }
        } catch {
            state.withLock { $0.kept = error }
            onNews(.kept(error))
        }
    }

    private func endings() -> [CertificateNews] {
        let now = nowS()
        return live.current.certificates.compactMap { file, facts in
            let days = facts.daysLeft(nowS: now)
            if facts.notAfterS <= now { return .expired(file: file) }
            return days < Self.warnDays ? .expiring(file: file, daysLeft: days) : nil
        }
    }
}
