// A server of the tests' own that speaks the audience's wire and can be told to misbehave: clips as the
// source, tags in real time, WebSocket and HTTP-FLV, pongs with the clock, receipts. Run by itself it
// serves a folder of pages, too: node fake-fanfare.mjs PORT PAGES_DIR CLIP…; POST /control {"do":…}.
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { readFLV, readMP4, writeTag, scriptTag, flvHead, isConfig, isKeyframe } from "./flv-files.mjs";
import { join } from "./join.mjs";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };

export class FakeFanfare {
    clips = [];
    viewers = new Set();
    answers = [];
    reports = [];
    /** What is wrong on purpose. */
    faults = { blockWebSocket: false, isLegacy: false, noAudio: false, noVideo: false, silent: false,
        onAir: true, loseReceipts: 0, noMetadata: false, promiseAudio: true, noPong: false };
    targetDelayMs = 1200;
    #clip = 0;
    #index = 0;
    #anchorMs = 0;
    #startedMs = 0;
    #offsetMs;
    #gop = [];
    #configs = new Map();
    #standing = [];
    #timer = null;
    #server = null;
    #seq = 1000;
    #jumpMs = 0;

    /** @param {string[]} files @param {{firstMs?: number, pages?: string}} [options] */
    constructor(files, { firstMs = 61_000, pages } = {}) {
        this.clips = files.map((file) => file.endsWith(".mp4") ? readMP4(file) : readFLV(file))
            .map((tags) => tags.filter(({ type }) => type !== 18));
        this.#offsetMs = firstMs;
        this.pages = pages;
    }

    get programmeMs() {
        return performance.now() - this.#startedMs + this.#offsetMs;
    }

    async listen(port) {
        this.#startedMs = performance.now();
        this.#anchorMs = this.#offsetMs;
        this.#server = http.createServer((request, response) => this.#request(request, response));
        this.#server.on("upgrade", (request, socket) => this.#upgrade(request, socket));
        await new Promise((resolve) => { this.#server.listen(port, "127.0.0.1", resolve); });
        this.#timer = setInterval(() => this.#advance(), 10);
        return this.#server.address().port;
    }

    close() {
        clearInterval(this.#timer);
        this.dropAll();
        this.#server.close();
        this.#server.closeAllConnections?.();
    }

    /** Ends every viewer's connection. */
    dropAll(code = 0) {
        for (const viewer of [...this.viewers]) viewer.end(code);
    }

    /** A new process: the programme's clock begins anew. */
    restart(firstMs = 0) {
        this.dropAll();
        this.#offsetMs = firstMs;
        this.#startedMs = performance.now();
        this.#anchorMs = firstMs;
        this.#index = 0;
        this.#jumpMs = 0;
        this.#gop = [];
    }

    /** The publisher comes back with another clip, after a pause. */
    play(clip, pauseMs = 0) {
        this.#clip = clip;
        this.#index = 0;
        this.#anchorMs = this.programmeMs + pauseMs;
        this.#configs.clear();
    }

    /** Timestamps jump on, though time doesn't. */
    gap(ms) {
        this.#offsetMs += ms;
        this.#anchorMs += ms;
    }

    cue(name, value, isKept = false) {
        const pts = Math.round(this.#newestMs());
        const cue = scriptTag(name, { seq: ++this.#seq, pts, ...value }, pts);
        if (isKept) this.#standing = [cue];
        this.#gop.push(cue);
        for (const viewer of this.viewers) viewer.send(cue);
        return pts;
    }

    text(value) {
        for (const viewer of this.viewers) viewer.text?.(value);
    }

    #newestMs() {
        return this.#gop.length ? this.#gop[this.#gop.length - 1].timestampMs : this.programmeMs;
    }

    #advance() {
        const tags = this.clips[this.#clip];
        const nowMs = this.programmeMs;
        for (let burst = 0; burst < 2000; burst++) {
            const tag = tags[this.#index];
            const atMs = Math.round(tag.timestampMs + this.#anchorMs);
            if (atMs > nowMs) return;
            this.#index++;
            if (this.#index >= tags.length) {
                this.#index = 0;
                this.#anchorMs = atMs + 33;
            }
            if (this.faults.silent || tag.type === 8 && this.faults.noAudio || tag.type === 9 && this.faults.noVideo) continue;
            const out = { ...tag, timestampMs: atMs };
            if (isConfig(tag)) {
                const known = this.#configs.get(tag.type);
                if (known && Buffer.compare(Buffer.from(known.body), Buffer.from(tag.body)) === 0) continue;
                this.#configs.set(tag.type, out);
            } else {
                if (isKeyframe(tag) || !tags.some(({ type }) => type === 9) && this.#gop.length > 100
                    || this.faults.noVideo && this.#gop.length > 200) this.#gop = [];
                this.#gop.push(out);
            }
            for (const viewer of this.viewers) viewer.send(out);
        }
    }

    #preamble(startMs) {
        const has = (type) => [...this.#configs.keys()].includes(type) || this.clips[this.#clip].some((tag) => tag.type === type);
        const metadata = { hasVideo: has(9), hasAudio: has(8) && this.faults.promiseAudio, server: "Fanfare",
            programStartPts: startMs,
            ...(this.faults.isLegacy ? {} : { serverStartMs: this.#serverMs() - this.programmeMs, targetDelayMs: this.targetDelayMs }) };
        if (this.faults.noMetadata) return [Buffer.from(flvHead)];
        return [Buffer.concat([flvHead, writeTag(scriptTag("onMetaData", metadata, 0))])];
    }

    #serverMs() {
        // A clock that isn't the test's: 1000 s ahead, so that mixing the two up shows.
        return performance.timeOrigin + performance.now() + 1_000_000;
    }

    /** @returns {Buffer[]} what a joining viewer gets at once */
    #welcome() {
        const startMs = this.#gop[0]?.timestampMs ?? Math.round(this.programmeMs);
        const early = [...this.#configs.values()].map((tag) => writeTag({ ...tag, timestampMs: startMs }));
        const standing = this.#standing.map((tag) => writeTag({ ...tag, timestampMs: startMs }));
        return [...this.#preamble(startMs), Buffer.concat([...early, ...standing]),
            ...this.#gop.filter((tag) => !this.#standing.includes(tag)).map(writeTag)];
    }

    #request(request, response) {
        const url = new URL(request.url, "http://x");
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Allow-Headers", "*");
        if (request.method === "OPTIONS") return response.end();
        const body = [];
        request.on("data", (chunk) => body.push(chunk));
        request.on("end", () => {
            const json = (status, value) => {
                response.writeHead(status, { "Content-Type": "application/json" });
                response.end(JSON.stringify(value));
            };
            const said = () => JSON.parse(Buffer.concat(body).toString());
            if (url.pathname.startsWith("/live/")) return this.#stream(url, request, response, json);
            if (url.pathname === "/api/v1/clock") {
                return this.faults.isLegacy ? json(404, {}) : json(200, this.#clock());
            }
            if (url.pathname === "/api/v1/answers") return json(200, this.#receipt(said()));
            if (url.pathname === "/control") return json(200, this.#control(said()));
            return this.#file(url, response);
        });
    }

    #clock() {
        return { serverMs: this.#serverMs(), programmeMs: this.programmeMs, targetDelayMs: this.targetDelayMs };
    }

    #receipt({ question, choice }) {
        this.answers.push({ question, choice });
        return { type: "receipt", question, choice, status: "accepted" };
    }

    #control(order) {
        switch (order.do) {
            case "faults": Object.assign(this.faults, order.faults); break;
            case "play": this.play(order.clip, order.pauseMs); break;
            case "gap": this.gap(order.ms); break;
            case "drop": this.dropAll(order.code); break;
            case "restart": this.restart(order.firstMs); break;
            case "cue": return { pts: this.cue(order.name, order.value, order.isKept) };
            case "text": this.text(order.value); break;
        }
        return { programmeMs: this.programmeMs, viewers: this.viewers.size, answers: this.answers, reports: this.reports };
    }

    #stream(url, request, response, json) {
        if (!this.faults.onAir) return json(404, { type: "error", status: 404, error: "no such stream on air" });
        if (url.searchParams.get("token") === "bad") return json(401, { type: "error", status: 401, error: "bad token" });
        response.writeHead(200, { "Content-Type": "video/x-flv", "Cache-Control": "no-store" });
        const later = this.#later(url);
        const viewer = {
            send: (tag) => later(() => response.write(writeTag(tag))),
            end: () => { this.viewers.delete(viewer); response.destroy(); },
        };
        for (const part of this.#welcome()) later(() => response.write(part));
        this.viewers.add(viewer);
        response.on("close", () => this.viewers.delete(viewer));
    }

    /** What a slow network does: everything by as much later, in order. */
    #later(url) {
        const delayMs = Number(url.searchParams.get("delay") ?? 0);
        const jitterMs = Number(url.searchParams.get("jitter") ?? 0);
        let lastMs = 0;
        return (run) => {
            if (!delayMs && !jitterMs) return run();
            const atMs = Math.max(lastMs, performance.now() + delayMs + Math.random() * jitterMs);
            lastMs = atMs;
            setTimeout(run, atMs - performance.now());
        };
    }

    #upgrade(request, socket) {
        const url = new URL(request.url, "http://x");
        socket.on("error", () => undefined);
        if (this.faults.blockWebSocket) return socket.destroy();
        if (!this.faults.onAir || url.searchParams.get("token") === "bad") {
            return socket.end(`HTTP/1.1 ${this.faults.onAir ? 401 : 404} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
        }
        const accept = crypto.createHash("sha1")
            .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
        const later = this.#later(url);
        later(() => socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: fanfare\r\n\r\n`));
        const put = (opcode, bytes) => later(() => socket.writable && socket.write(frame(opcode, bytes)));
        const viewer = {
            send: (tag) => put(2, writeTag(tag)),
            text: (value) => put(1, Buffer.from(JSON.stringify(value))),
            end: (code) => {
                this.viewers.delete(viewer);
                if (!code) return socket.destroy();
                const body = Buffer.alloc(2);
                body.writeUInt16BE(code);
                put(8, body);
                later(() => socket.end());
            },
        };
        for (const part of this.#welcome()) put(2, part);
        this.viewers.add(viewer);
        socket.on("close", () => this.viewers.delete(viewer));
        let rest = Buffer.alloc(0);
        socket.on("data", (chunk) => {
            rest = Buffer.concat([rest, chunk]);
            for (let found; (found = unframe(rest)); rest = found.rest) {
                const { opcode, body } = found;
                if (opcode === 8) return viewer.end(1000);
                if (opcode === 1) later(() => this.#said(viewer, JSON.parse(body.toString())));
            }
        });
    }

    #said(viewer, message) {
        if (message.type === "ping") {
            if (this.faults.noPong) return;
            const { t } = message;
            viewer.text({ type: "pong", t, ...(this.faults.isLegacy ? {} : this.#clock()) });
        } else if (message.type === "report") this.reports.push(message);
        else if (message.type === "answer") {
            const receipt = this.#receipt(message);
            if (this.faults.loseReceipts > 0) {
                this.faults.loseReceipts--;
                viewer.end(0);
            } else viewer.text(receipt);
        }
    }

    #file(url, response) {
        const name = url.pathname;
        const product = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../../../Sources/Web/Files");
        const send = (text, type) => {
            response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache" });
            response.end(text);
        };
        if (name === "/fanfare-player.js") return send(join(path.join(product, "player/fanfare-player.js")), types[".js"]);
        for (const root of [this.pages, product]) {
            const file = root && path.join(root, path.normalize(name));
            if (file && fs.existsSync(file) && fs.statSync(file).isFile()) {
                return send(fs.readFileSync(file), types[path.extname(file)] ?? "application/octet-stream");
            }
        }
        response.writeHead(404);
        response.end();
    }
}

function frame(opcode, body) {
    const head = body.length < 126 ? Buffer.from([0x80 | opcode, body.length])
        : body.length < 65536 ? Buffer.from([0x80 | opcode, 126, body.length >> 8, body.length & 255])
            : Buffer.concat([Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0]), uint32(body.length)]);
    return Buffer.concat([head, body]);
}

function uint32(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
}

function unframe(bytes) {
    if (bytes.length < 6) return null;
    let length = bytes[1] & 127;
    let at = 2;
    if (length === 126) {
        if (bytes.length < 8) return null;
        length = bytes.readUInt16BE(2);
        at = 4;
    } else if (length === 127) throw new Error("too long for a test");
    if (bytes.length < at + 4 + length) return null;
    const mask = bytes.subarray(at, at + 4);
    const body = Buffer.from(bytes.subarray(at + 4, at + 4 + length)).map((byte, index) => byte ^ mask[index & 3]);
    return { opcode: bytes[0] & 15, body: Buffer.from(body), rest: bytes.subarray(at + 4 + length) };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
    const [port, pages, ...clips] = process.argv.slice(2);
    const server = new FakeFanfare(clips, { pages });
    console.log(`http://127.0.0.1:${await server.listen(Number(port))}/`);
}
