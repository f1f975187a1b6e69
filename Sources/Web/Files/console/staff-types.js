// Names the shapes that the staff's API speaks, for the type checker, and says where the API is.

/** Where the staff's API begins, on the console's own origin. */
export const staffBase = "/api/v1";

/**
 * @typedef {"director" | "host" | "monitor"} Role
 * @typedef {{name: string, role: Role, isOpen?: boolean, audienceURL?: string, version?: string,
 *     settleNeedsSecond?: boolean, playIsSigned?: boolean}} Session
 * @typedef {"draft" | "lobby" | "live" | "finished" | "settled"} ShowPhase
 * @typedef {"waiting" | "open" | "locked" | "revealed" | "void"} QuestionState
 * @typedef {{amount?: string, currency: string, minorUnits?: number,
 *     remainderRule?: "kept" | "toTheFirst"}} Prize
 * @typedef {{id: string, text: string, options: string[], correct: number, windowMs: number,
 *     spare: boolean, explanation?: string, mediaURL?: string}} Question
 * @typedef {{question: Question, state: QuestionState}} QuestionRecord
 * @typedef {{question: Question, state: QuestionState, number: number, of: number, isLast: boolean,
 *     counts: number[], answeredCount: number, askedCount: number, isLockPending: boolean,
 *     lockableInMs?: number, remainingMs?: number, revivedCount?: number,
 *     eliminatedCount?: number, voidReason?: string}} QuestionOn
 * @typedef {{title: string, mode: "knockout" | "points", reviveCount: number, graceMs: number,
 *     lagMsMax: number, speedLagMsMax: number, defaultLagMs: number, pointsBase: number,
 *     pointsSpeed: number, entryClosesAtQuestion: number, guestsMayWin: boolean,
 *     isRehearsal: boolean, locksWhenAllAnswered: boolean, bestCount?: number,
 *     questionCount?: number, startsAtMs?: number, prize?: Prize}} ShowPlan
 * @typedef {{feed: "live" | "silent" | "off", feedSinceMs: number, isSeen: boolean,
 *     isSeenSinceMs: number, viewers: number, warnings: string[]}} OnAir
 * @typedef {{isSettled: boolean, sentence: string, winnerCount: number, keptMinorUnits: number,
 *     keptAmount?: string, remainderMinorUnits: number, remainderAmount?: string,
 *     shareMinorUnits: number, shareAmount?: string, prize?: Prize}} Settlement
 * @typedef {{id: string, phase: ShowPhase, stream: string, version: number, plan: ShowPlan,
 *     isPaused: boolean, isPlanDone: boolean, askedCount: number, plannedCount: number,
 *     spareCount: number, waitingCount: number, nextQuestion?: string, question?: QuestionOn,
 *     notes: {atMs: number, text: string}[], onAir?: OnAir, settlement?: Settlement,
 *     crowdedAddresses: {address: string, playerCount: number}[],
 *     tally: {players: number, survivors: number, eliminated: number, spectators: number},
 *     by?: string, command?: string,
 *     settleAsked?: {by: string, expiresAtMs: number}}} ShowState
 * @typedef {{id: string, title: string, phase: ShowPhase, stream: string, isRehearsal: boolean,
 *     mode: "knockout" | "points", playerCount: number, questionCount: number, prize?: Prize,
 *     problem?: string, startsAtMs?: number, version?: number}} ShowSummary
 * @typedef {{code: string, level: "trouble" | "advice", text: string}} StreamWarning
 * @typedef {{p5: number, p50: number, p95: number}} Spread
 * @typedef {{count: number, delayMs?: Spread, offsetMs?: Spread, spreadMs?: number,
 *     stallsPerMinute?: number, states: Record<string, number>}} Reports
 * @typedef {{videoKbps: number, audioKbps: number}} FeedNumbers
 * @typedef {{name: string, state: "live" | "stalled" | "waiting", viewers: number,
 *     bitrateKbps: number, framesPerSecond: number, keyframeIntervalMs?: number,
 *     uptimeMs: number, bytesSent: number, encoder?: string, publisherAddress?: string,
 *     silentMs?: number, warnings: StreamWarning[],
 *     video?: {codec: string, framesPerSecond?: number, height?: number, width?: number,
 *         profile?: string},
 *     audio?: {codec: string, channels?: number, sampleRateHz?: number},
 *     feed?: FeedNumbers, joins?: number, drops?: number, skips?: number,
 *     reports?: Reports}} StreamState
 * @typedef {{diskFreeBytes?: number, diskTotalBytes?: number, memoryBytes: number,
 *     memoryTotalBytes?: number, cpuShare: number, mergeMs: number, uptimeMs: number}} Machine
 * @typedef {{streams: StreamState[], machine?: Machine}} Programme
 * @typedef {{atMs: number, by: string, show?: string, stream?: string, command: string,
 *     text: string}} Deed
 * @typedef {{row: number, error: string}} RowFault
 * @typedef {{id: string, name: string, shownName?: string, isNameHidden?: boolean,
 *     address?: string, joinedAtMs?: number, revivesLeft: number, score: number, timeMs: number,
 *     status: "playing" | "eliminated" | "watching" | "kicked" | "banned"}} Player
 * @typedef {{address?: string, playerCount: number, survivorCount: number, isBanned: boolean,
 *     isSuspicious: boolean, sameInstantCount: number, samePatternCount: number}} AddressCluster
 * @typedef {{id: string, title: string, verdict: "go" | "warn" | "no-go",
 *     text: string}} ReadinessCheck
 */
