// An alarm tone for when the server is lost, for hosts who look elsewhere; off until it is wanted.
import { setText } from "../shared/dom.js";
import { button } from "./dom-lists.js";
import { readPreference, writePreference } from "./preferences.js";
import { consoleText } from "./strings/en.js";

/** Two short tones every two seconds, while it is set. */
export class Alarm {
    constructor() {
        this.isWanted = readPreference("alarm") === "on";
        this.isSet = false;
        this.button = button("", () => this.toggle(), { class: "button-small" });
        /** @type {AudioContext | null} */
        this.context = null;
        this.timer = 0;
        this.tell();
    }

    toggle() {
        this.isWanted = !this.isWanted;
        writePreference("alarm", this.isWanted ? "on" : "off");
        this.tell();
        this.run();
    }

    /** @param {boolean} isSet */
    set(isSet) {
        if (isSet === this.isSet) return;
        this.isSet = isSet;
        this.run();
    }

    run() {
        window.clearInterval(this.timer);
        this.timer = 0;
        if (!this.isSet || !this.isWanted) return;
        this.beep();
        this.timer = window.setInterval(() => this.beep(), 2000);
    }

    beep() {
        try {
            this.context ??= new AudioContext();
        } catch {
            return;
        }
        const { context } = this;
        for (const [at, pitch] of [[0, 880], [0.22, 660]]) {
            const tone = context.createOscillator();
            const level = context.createGain();
            const from = context.currentTime + at;
            tone.frequency.value = pitch;
            level.gain.setValueAtTime(0.0001, from);
            level.gain.exponentialRampToValueAtTime(0.2, from + 0.02);
            level.gain.exponentialRampToValueAtTime(0.0001, from + 0.18);
            tone.connect(level).connect(context.destination);
            tone.start(from);
            tone.stop(from + 0.2);
        }
    }

    tell() {
        setText(this.button, this.isWanted ? consoleText.link.soundOff : consoleText.link.soundOn);
        this.button.setAttribute("aria-pressed", String(this.isWanted));
    }
}
