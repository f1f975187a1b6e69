// Types of fanfare-player.js, for those who embed it.

/** `connecting`: there is no connection, at first or any more, and one is being made. `waiting`:
 * connected, or the stream isn't on air yet: no picture so far. `playing`. `buffering`: there was a
 * picture, and nothing to go on with. `ended`: the stream has ended; it is waited for again.
 * `failed`: this browser can't play it; cues come all the same. `stopped`: by `stop()`, or not
 * started yet. */
export type PlayerState =
    "connecting" | "waiting" | "playing" | "buffering" | "ended" | "failed" | "stopped";

export interface PlayerOptions {
    /** The stream: a path of this page's server, or an http(s) or ws(s) URL. */
    url: string;
    /** The player's token, brought as a WebSocket subprotocol. */
    token?: string;
    /** How far behind the programme's clock the picture is kept, ms. Default: the server's. */
    targetDelayMs?: number;
    /** Whether media is prepared in a worker where the browser can. Default: "auto". */
    worker?: "auto" | "off";
}

/** What is said in the stream (WIRE.md, section 3), told when its frame is on the screen. */
export interface Cue {
    name: "onQuiz" | "onMessage";
    /** The cue's object: `seq`, `pts` and what belongs to its phase or kind. */
    value: { seq: number; pts: number; [property: string]: unknown };
    /** Programme time at which it was said, ms. */
    pts: number;
    /** It stood already when this viewer came, or was told again after a skip. */
    isStanding: boolean;
}

export interface StateDetail {
    state: PlayerState;
    /** Why, as a code: `stream_ended`, `not_on_air`, `lost`, `unreachable`, `unauthorized`,
     * `forbidden`, `full`, `broken`, `no_mse`. */
    reason?: string;
    isMuted: boolean;
    /** Whether there is sound that `setMuted(false)` would let be heard. */
    canPlaySound: boolean;
}

/** Once a second. */
export interface PlayerStats {
    /** How far behind the programme's clock the picture is, ms. */
    delayMs: number | null;
    /** How far from lockstep, ms; positive is late. */
    offsetMs: number | null;
    targetDelayMs: number;
    /** How often, and how long in all, the picture had to stand. */
    stalls: number;
    stallMs: number;
    /** From `start()` to the first frame. */
    firstFrameMs: number | null;
    droppedFrames: number;
    bufferedMs: number;
    bytes: number;
    videoWidth: number;
    videoHeight: number;
    /** What is played, as RFC 6381 has it; null for what isn't there or can't be played here. */
    videoCodec: string | null;
    audioCodec: string | null;
    transport: "ws" | "http" | null;
    playbackRate: number;
    /** The round trip the clock is known by; null while it is known by arrivals. */
    roundTripMs: number | null;
    isInWorker: boolean;
}

export interface PlayerError {
    /** `codec`, `decode`, `append` (the browser took no more media; it is begun anew), `autoplay`,
     * `video_gone`, `audio_gone`, `config_…` (parameters that can't be read), `no_mse`, or a reason
     * of `StateDetail`. */
    code: string;
    /** A sentence for people, in English. */
    text: string;
    isFatal: boolean;
}

export interface Receipt {
    status: "accepted" | "refused";
    question: string;
    /** The option that counts, from 0. */
    choice: number;
    /** Why it was refused: a code of WIRE.md, or `unreachable`, `unauthorized`, `not_allowed`,
     * `stopped`, `too_many`. */
    code?: string;
    reason?: string;
}

export interface PlayerSupport {
    mse: "mse" | "managed" | "none";
    worker: boolean;
    /** Whether cues are told by the frame (else by the element's clock). */
    frameCallback: boolean;
}

export interface FanfarePlayerEventMap {
    cue: CustomEvent<Cue>;
    state: CustomEvent<StateDetail>;
    stats: CustomEvent<PlayerStats>;
    error: CustomEvent<PlayerError>;
    /** Other JSON texts of the server: `type` is `error`, `token`, … */
    text: CustomEvent<{ type: string; [property: string]: unknown }>;
}

export class FanfarePlayer extends EventTarget {
    static support(): PlayerSupport;
    /** The element is muted until `setMuted(false)`, as browsers demand. */
    constructor(video: HTMLVideoElement, options: PlayerOptions);
    readonly state: PlayerState;
    /** Programme time of what is on the screen, ms. */
    readonly programmeMs: number | null;
    /** The server's clock as known here, ms since 1970. */
    readonly serverNowMs: number;
    readonly isMuted: boolean;
    /** Connects and plays, and connects again for as long as it isn't stopped. */
    start(): void;
    stop(): void;
    /** Stops, and settles the answers that are still on their way as refused. */
    destroy(): void;
    setToken(token: string | undefined): void;
    /** From a tap's handler, with false, to let the sound be heard. */
    setMuted(isMuted: boolean): void;
    /** Answers a question (choices count from 0); sent again until there is a receipt. */
    answer(question: string, choice: number, options?: { show?: string }): Promise<Receipt>;
    addEventListener<Name extends keyof FanfarePlayerEventMap>(
        type: Name, listener: (event: FanfarePlayerEventMap[Name]) => void,
        options?: boolean | AddEventListenerOptions): void;
    addEventListener(
        type: string, listener: EventListenerOrEventListenerObject,
        options?: boolean | AddEventListenerOptions): void;
}
