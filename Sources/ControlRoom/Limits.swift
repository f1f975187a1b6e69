// Every bound of the staff plane's listener, with its unit.

import WireBytes

enum Limits {
    /// Connections at once. The staff are few; scrapers and dashboards are counted in.
    static let connectionCountMax = 256

    /// Connections at once from one other address; this machine, where proxies are, may have all.
    static let connectionsPerAddressMax = 64

    /// How long a request's head may take, from the connection or its first byte on, and how long its
    /// body may keep us waiting for its next byte, ms.
    static let requestMsMax: Int64 = 10_000

    /// How long a body may take in all, ms.
    static let bodyMsMax: Int64 = 60_000

    /// How long a connection may stay open between two requests, ms.
    static let idleMsMax: Int64 = 60_000

    /// A socket that takes nothing of its answer for so long is closed, ms.
    static let stuckMsMax: Int64 = 30_000

    /// How long a wrong token waits for its answer, ms.
    static let wrongTokenMs = 1_000

    /// How long somebody who was refused has for reading why, ms.
    static let refusedMsMax: Int64 = 2_000 + Int64(wrongTokenMs)

    /// How often connections are looked at for it, ms.
    static let sweepMs = 250

    /// What running requests get when the appliance shuts down.
    static let shutdownMs = 500

    /// Problems, and warnings, that `/healthz` says; of more only how many there are.
    static let healthSentenceCountMax = 32

    /// Viewers that one look shows, and how many unless it says otherwise.
    static let viewerCountMax = 500
    static let viewerCountUsual = 100

    /// A ban's reason, bytes of UTF-8, and how long one with an end may last, s.
    static let banReasonByteCountMax = 200
    static let banSecondsMax = 10 * 366 * 86_400

    /// A stream's name (`[A-Za-z0-9_-]`); anything longer cannot exist and is not quoted back.
    static let streamNameByteCountMax = NameLimits.idByteCountMax

    /// How much of an unknown path is quoted back in its error.
    static let quotedPathCharacterCountMax = 128

    /// A request's body, bytes: an announcement with every character escaped fits.
    static let bodyByteCountMax = 16 << 10

    /// How long the console may watch a stream that needs a signed address, s: as long as a session.
    static let consoleWatchS = 12 * 3_600

    /// An announcement's text, bytes of UTF-8.
    static let announcementByteCountMax = 2_000

    /// A file of questions, bytes: two hundred with every text as long as it may be, escaped.
    static let questionFileByteCountMax = 2 << 20

    /// Questions of one file.
    static let questionRowCountMax = 200

    /// Options of a question, as far as a file has columns for them.
    static let optionCount = 2...8

    /// Wrong rows that are named in one answer.
    static let rowFaultCountMax = 500

    /// Values in one body of JSON, those within others included: two hundred questions have 3000.
    static let jsonValueCountMax = 20_000

    /// How deeply values in a body of JSON may be nested.
    static let jsonDepthMax = 32

    /// A number in JSON, bytes.
    static let jsonNumberByteCountMax = 64

    /// Columns of a CSV file.
    static let csvColumnCountMax = 100

    /// An order's id and a show's, bytes.
    static let orderIDByteCountMax = NameLimits.commandIDByteCountMax

    /// The name a client gives for the audit, bytes of visible ASCII and spaces.
    static let staffNameByteCountMax = NameLimits.staffNameByteCountMax

    /// Players in one answer.
    static let playerCountMax = 1_000

    /// Staff who look on by server-sent events at once.
    static let onlookerCountMax = 64

    /// A comment goes to them when nothing else has for so long, ms.
    static let heartbeatMs = 10_000

    /// A session's id, bytes.
    static let sessionIDByteCountMax = 64

    /// A token that somebody brings, bytes; a longer one is none.
    static let tokenByteCountMax = 128

    /// How long a first person's word to settle waits for a second's, ms.
    static let secondPersonMs: Int64 = 300_000

    /// The host by which a browser has reached the plane, bytes; a longer one isn't quoted back.
    static let hostByteCountMax = 255

    /// Shows whose settling waits for a second person.
    static let wordCountMax = 64

    /// Seconds of a stream that are kept.
    static let historySecondCountMax = 900

    /// Streams whose seconds are kept, those that are gone included.
    static let historyStreamCountMax = 64

    /// Events that wait for an onlooker who doesn't read.
    static let eventCountMax = 128

    /// Deeds that whoever comes later is told.
    static let deedCountMax = 200

    /// What is said of a deed, characters.
    static let deedCharacterCountMax = 200

    /// Lines of the audit that are shown.
    static let auditLineCountMax = 1_000

    /// Ids of orders that are known to have been done.
    static let orderIDCountMax = 256

    /// A simulated crowd: viewers, and how long they watch, s.
    static let crowdViewerCount = 1...10_000
    static let crowdSeconds = 5...3_600
}
