// The pages as this process serves them: made at the start, and again at a reload.

import Delivery
import Glibc
import HTTPWire
import IORing
import Logging
import Settings
import Synchronization
import Web

/// Makes the pages and gives them to those who serve them: at once and quickly, and then, beside
/// everything else, as small as they can be.
final class LivePages: Sendable {
    /// What pages are made of.
    private struct Parts {
        let files: WebFiles
        let theme: Theme
        let frameAncestors: [String]

        func site(_ packing: WebSite.Packing) throws(WebError) -> WebSite {
            try WebSite(files, theme: theme, frameAncestors: frameAncestors, packing: packing)
        }
    }

    private struct State {
        /// What is served, by both planes: kept whole, so that it can be freed where nobody waits.
        var site: WebSite?
        /// What is still to be made as small as it can be.
        var pending: Parts?
        /// The how manieth pages these are.
        var number = 0
    }

    private let content: PublicContent
    private let logger: Logger
    private let state = Mutex(State())
    private let wakeSignal: WakeSignal

    /// Makes them for the first time.
    ///
    /// - Throws: `WebError` for files that don't fit together, `RingError` where the system has no
    ///   thread or descriptor left.
    init(settings: Settings, content: PublicContent, logger: Logger) throws {
        self.content = content
        self.logger = logger
        wakeSignal = try WakeSignal()
        try make(settings)
        // It ends with the process.
        _ = try PlainThread(name: "pages") { [self] in
            Self.yieldToEverybody()
            while true {
                makeSmall()
                wakeSignal.wait()
            }
        }
    }

    /// Makes them anew, as the theme or the files may be others; where that fails they stay.
    func reload(_ settings: Settings) {
        do throws(WebError) {
            try make(settings)
            wakeSignal.raise()
        } catch {
            logger.error("the pages stay as they were: \(error)")
        }
    }

    /// What the staff's plane serves now, by path.
    var staff: [String: StaticFile] { state.withLock { $0.site?.staff } ?? [:] }

    private func make(_ settings: Settings) throws(WebError) {
        let beganNs = MonotonicClock.nowNs()
        let files: WebFiles
        if let folder = settings.webFiles {
            files = try WebFolder.files(folder)
        } else {
            files = try WebFiles.builtIn()
        }
        let (theme, problems) = WebFolder.theme(dataPath: settings.dataPath)
        for problem in problems { logger.warning("\(problem)") }
        let origins = settings.corsOrigins.filter { $0 != "*" && $0 != "null" }
        let parts = Parts(files: files, theme: theme, frameAncestors: origins)
        let site = try parts.site(.quick)
        var shown: WebSite? = site
        var pending: Parts? = parts
        // What was there before is freed behind the lock.
        state.withLock { state in
            state.number += 1
            swap(&state.pending, &pending)
            content.publish(files: site.audience)
            swap(&state.site, &shown)
        }
        let ms = (MonotonicClock.nowNs() - beganNs) / 1_000_000
        logger.debug("the pages were made in \(ms) ms, of \(files.files.count) files")
    }

    private func makeSmall() {
        let (pending, number) = state.withLock { state in
            defer { state.pending = nil }
            return (state.pending, state.number)
        }
        // What went well quickly goes well slowly.
        guard let site = try? pending?.site(.best) else { return }
        var shown: WebSite? = site
        state.withLock { state in
            guard state.number == number else { return }
            content.publish(files: site.audience)
            swap(&state.site, &shown)
        }
    }

    /// From now on this thread runs only where nobody else wants to.
    private static func yieldToEverybody() {
        // SCHED_IDLE of <sched.h>, which is hidden from Swift.
        let idle: CInt = 5
        var parameters = sched_param()
        // If not, it is done a little sooner, at somebody's expense.
        _ = unsafe sched_setscheduler(0, idle, &parameters)
    }
}
