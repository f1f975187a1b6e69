// Where the engine runs: in a worker made of this very file, or beside the page.

import { Engine } from "./engine.js";

/** What the worker is called; the file knows by it that it is one. */
export const engineWorkerName = "fanfare-player";

/** @typedef {{send: (message: any) => void, close: () => void, isWorker: boolean}} EnginePort */

/** Whether MediaSource can be fed from a worker here.
 * @returns {boolean} */
export function canUseWorker() {
    const scope = /** @type {any} */ (globalThis);
    return typeof Worker === "function"
        && scope.MediaSource?.canConstructInDedicatedWorker === true;
}

/** Runs the engine in this scope, which is a worker. */
export function serveEngine() {
    const scope = /** @type {any} */ (globalThis);
    const engine = new Engine((message, transfer) => scope.postMessage(message, transfer ?? []));
    scope.onmessage = (/** @type {MessageEvent} */ event) => engine.receive(event.data);
    scope.postMessage({ type: "ready" });
}

/** An engine beside the page.
 * @param {(message: any) => void} onMessage
 * @returns {EnginePort} */
export function openDirectEngine(onMessage) {
    const engine = new Engine(onMessage);
    return {
        send: (message) => engine.receive(message),
        close: () => engine.receive({ type: "stop" }),
        isWorker: false,
    };
}

/** An engine in a worker.
 * @param {string} moduleURL of the player's entry
 * @param {(message: any) => void} onMessage
 * @param {() => void} onFailure the worker could not be started: use the other kind
 * @returns {EnginePort} */
export function openWorkerEngine(moduleURL, onMessage, onFailure) {
    const isForeign = new URL(moduleURL).origin !== location.origin;
    // A worker's script must be of the page's origin; what that imports need not.
    const script = `import ${JSON.stringify(moduleURL)};`;
    const url = isForeign
        ? URL.createObjectURL(new Blob([script], { type: "text/javascript" })) : moduleURL;
    const worker = new Worker(url, { type: "module", name: engineWorkerName });
    // A script that is still on its way would fail: it is let go when it runs, or never will.
    const letGo = () => {
        if (isForeign) URL.revokeObjectURL(url);
    };
    let isReady = false;
    worker.onmessage = (event) => {
        isReady = true;
        if (event.data.type === "ready") letGo();
        else onMessage(event.data);
    };
    worker.onerror = (event) => {
        event.preventDefault();
        if (isReady) return;
        worker.terminate();
        letGo();
        onFailure();
    };
    return {
        send: (message) => worker.postMessage(message),
        close: () => {
            worker.terminate();
            letGo();
        },
        isWorker: true,
    };
}
