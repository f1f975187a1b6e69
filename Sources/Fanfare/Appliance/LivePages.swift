// The pages as this process serves them: made at the start, and again at a reload.

import Delivery
import HTTPWire
import IORing
import Logging
import Settings
import Synchronization
import Web

/// Makes the pages and gives them to those who serve them.
final class LivePages: Sendable {
    private let content: PublicContent
    private let logger: Logger
    private let staffFiles = Mutex<[String: StaticFile]>([:])

    /// Makes them for the first time.
    ///
    /// - Throws: `WebError` for files that don't fit together.
    init(settings: Settings, content: PublicContent, logger: Logger) throws(WebError) {
        self.content = content
        self.logger = logger
        try make(settings)
    }

    /// Makes them anew, as the theme or the files may be others; where that fails they stay.
    func reload(_ settings: Settings) {
        do throws(WebError) {
            try make(settings)
        } catch {
            logger.error("the pages stay as they were: \(error)")
        }
    }

    /// What the staff's plane serves now, by path.
    var staff: [String: StaticFile] { staffFiles.withLock { $0 } }

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
        let site = try WebSite(files, theme: theme, frameAncestors: origins)
        content.publish(files: site.audience)
        staffFiles.withLock { $0 = site.staff }
        let ms = (MonotonicClock.nowNs() - beganNs) / 1_000_000
        logger.debug("the pages were made in \(ms) ms, of \(files.files.count) files")
    }
}
