// The programme's monitor: the viewers' own player on the audience's side, moved from page to page.
import { FanfarePlayer } from "../player/fanfare-player.js";
import { element, setText } from "../shared/dom.js";
import { streamPath } from "../shared/stream-name.js";
import { button } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";
import { durationText } from "./units.js";

/** One for the console; it plays only while it is on the screen. */
export class Monitor {
    constructor() {
        const text = consoleText.monitor;
        this.video = /** @type {HTMLVideoElement} */ (element("video", {
            class: "monitor-video", attributes: { playsinline: true, "aria-label": text.title },
        }));
        this.video.muted = true;
        this.lamp = element("span", { class: "lamp" });
        this.state = element("span", { class: "monitor-state", text: text.states.stopped });
        this.figures = element("span", { class: "monitor-figures" });
        this.mute = button(text.unmute, () => this.toggleMute(), { class: "button-small" });
        this.veil = element("p", { class: "monitor-veil", dir: "auto" });
        this.element = element("div", { class: "monitor" },
            element("div", { class: "monitor-screen" }, this.video, this.veil),
            element("div", { class: "monitor-bar" }, this.lamp, this.state, this.figures,
                this.mute));
        /** @type {any} */
        this.player = null;
        this.url = "";
        /** Whether its address is being signed, or couldn't be. */
        this.isSigning = false;
        /** Gives what a stream's address needs besides; null where it needs nothing.
         * @type {((stream: string) => Promise<string>) | null} */
        this.sign = null;
        this.audienceURL = "";
        this.stream = "";
    }

    /**
     * Puts it into a page's slot, or takes it off the screen.
     * @param {HTMLElement | undefined} slot
     * @param {string} stream
     */
    show(slot, stream) {
        if (!slot || !stream) {
            this.stop();
            this.element.remove();
            return;
        }
        if (this.element.parentElement !== slot) slot.append(this.element);
        this.stream = stream;
        const base = this.audienceURL.replace(/\/$/, "");
        const url = base ? base + streamPath(stream) : "";
        if (url === this.url && (this.player || this.isSigning)) return;
        this.stop();
        this.url = url;
        if (!url) {
            this.tell("failed", consoleText.monitor.noAudience);
            return;
        }
        if (this.sign) this.startSigned(this.sign);
        else this.start(url);
    }

    /** @param {(stream: string) => Promise<string>} sign */
    async startSigned(sign) {
        const { url } = this;
        this.isSigning = true;
        let query = "";
        try {
            query = await sign(this.stream);
        } catch (error) {
            if (url === this.url) this.tell("failed", String(/** @type {any} */ (error)?.message));
            return;
        }
        // Another stream, or none, may be wanted by now.
        if (url !== this.url || !this.isSigning) return;
        this.isSigning = false;
        this.start(query ? `${url}?${query}` : url);
    }

    /** @param {string} url */
    start(url) {
        const player = new FanfarePlayer(this.video, { url });
        this.player = player;
        player.addEventListener("state", (/** @type {any} */ event) => {
            if (player === this.player) this.tell(event.detail?.state ?? "", "");
        });
        player.addEventListener("error", (/** @type {any} */ event) => {
            if (player === this.player) this.tell("", String(event.detail?.text ?? ""));
        });
        player.addEventListener("stats", (/** @type {any} */ event) => {
            if (player === this.player) this.tellStats(event.detail ?? {});
        });
        player.setMuted(true);
        this.tellMute();
        player.start();
    }

    stop() {
        this.player?.destroy();
        this.player = null;
        this.url = "";
        this.isSigning = false;
        setText(this.figures, "");
        this.tell("stopped", "");
    }

    toggleMute() {
        if (!this.player) return;
        this.player.setMuted(!this.player.isMuted);
        this.tellMute();
    }

    tellMute() {
        const isMuted = this.player?.isMuted !== false;
        setText(this.mute, isMuted ? consoleText.monitor.unmute : consoleText.monitor.mute);
        this.mute.setAttribute("aria-pressed", String(!isMuted));
    }

    /** @param {string} state @param {string} words */
    tell(state, words) {
        const names = /** @type {Record<string, string>} */ (consoleText.monitor.states);
        if (state) {
            this.element.dataset.state = state;
            setText(this.state, names[state] ?? state);
        }
        const isVeiled = words !== "" || (state !== "" && state !== "playing");
        if (state === "playing" || isVeiled) {
            setText(this.veil, words || (state === "playing" ? "" : names[state] ?? ""));
        }
    }

    /** @param {any} stats */
    tellStats(stats) {
        const parts = [];
        const text = consoleText.monitor;
        if (Number.isFinite(stats.delayMs)) parts.push(text.behind(durationText(stats.delayMs)));
        if (Number.isFinite(stats.offsetMs)) parts.push(text.off(durationText(stats.offsetMs)));
        if (stats.videoWidth) parts.push(`${stats.videoWidth} × ${stats.videoHeight}`);
        setText(this.figures, parts.join(" · "));
    }
}
