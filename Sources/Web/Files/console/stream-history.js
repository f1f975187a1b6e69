// Gathers a stream's figures of the last 15 minutes: what the server kept, then each second.
import { Series } from "./chart-scale.js";
import { pathPart } from "./staff-api.js";

/** Seconds that charts show. */
export const historyCount = 900;
const seriesNames = ["videoKbps", "audioKbps", "fps", "keyframeMs", "viewers", "joins", "drops"];

/** The series of one stream. */
export class StreamHistory {
    /** @param {string} name */
    constructor(name) {
        this.name = name;
        /** @type {Record<string, Series>} */
        this.series = {};
        for (const each of seriesNames) this.series[each] = new Series(historyCount);
        this.pushedAtMs = -Infinity;
        /** @type {{joins?: number, drops?: number} | null} */
        this.totals = null;
    }

    /** @param {import("./staff-api.js").StaffAPI} api */
    async fetch(api) {
        let reply;
        try {
            reply = await api.get(`/streams/${pathPart(this.name)}/history`);
        } catch {
            // Without a past the charts begin now.
            return;
        }
        const stepMs = Number(reply?.stepMs);
        if (stepMs !== 1000 || typeof reply.series !== "object" || reply.series === null) return;
        for (const each of seriesNames) {
            const values = reply.series[each];
            if (Array.isArray(values)) {
                const since = this.series[each].values;
                this.series[each].fill(values);
                // What came while it was fetched is in the reply, but for the newest.
                if (since.length > 0) this.series[each].push(since[since.length - 1]);
            }
        }
    }

    /**
     * The newest figures; those that come sooner than a second after the last are passed over.
     * @param {import("./staff-types.js").StreamState | undefined} stream
     * @param {number} nowMs
     * @returns {boolean} whether they were taken
     */
    take(stream, nowMs) {
        if (nowMs - this.pushedAtMs < 900) return false;
        this.pushedAtMs = nowMs;
        const feed = stream?.feed;
        const isLive = stream?.state === "live";
        // While nobody publishes the stream's rates are those of whoever did last.
        const isFed = feed !== undefined || isLive;
        const { series } = this;
        series.videoKbps.push(feed?.videoKbps ?? (isLive ? stream?.bitrateKbps : 0));
        series.audioKbps.push(feed?.audioKbps ?? (isLive ? null : 0));
        series.fps.push(isFed ? stream?.framesPerSecond : 0);
        series.keyframeMs.push(isFed ? stream?.keyframeIntervalMs : null);
        series.viewers.push(stream ? stream.viewers : 0);
        series.joins.push(grown(this.totals?.joins, stream?.joins));
        series.drops.push(grown(this.totals?.drops, stream?.drops));
        this.totals = { joins: stream?.joins, drops: stream?.drops };
        return true;
    }

    /**
     * How many came within the last minute.
     * @param {"joins" | "drops"} name
     */
    lastMinute(name) {
        let sum = 0;
        for (const value of this.series[name].values.slice(-60)) sum += Math.max(0, value ?? 0);
        return sum;
    }
}

/**
 * @param {number | undefined} before
 * @param {number | undefined} now
 * @returns {number | null}
 */
function grown(before, now) {
    if (before === undefined || now === undefined) return null;
    // A server that was started anew counts from 0.
    return now >= before ? now - before : now;
}
