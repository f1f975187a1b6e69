// Words and figures: what is said of a feed, of errors, and of the place in the console.
import test from "node:test";
import assert from "node:assert/strict";
import { announcementExcess } from "../../../Sources/Web/Files/console/announcement-text.js";
import { feedWords, pictureWords, soundWords,
    unseenWords } from "../../../Sources/Web/Files/console/feed-words.js";
import { readRoute, writeRoute } from "../../../Sources/Web/Files/console/hash-route.js";
import { StaffAPI, StaffError, asciiName,
    errorOf } from "../../../Sources/Web/Files/console/staff-api.js";
import { mayDirect, mayHost } from "../../../Sources/Web/Files/console/staff-roles.js";
import { bytesText, clockLengthText, countText, durationText,
    kbpsText } from "../../../Sources/Web/Files/console/units.js";

const stream = (more = {}) => ({ name: "demo", state: "live", viewers: 12, bitrateKbps: 416,
    framesPerSecond: 30,
    uptimeMs: 1000, bytesSent: 5, warnings: [], video: { codec: "H.264", profile: "Main",
        width: 640, height: 360 },
    audio: { codec: "AAC", channels: 2, sampleRateHz: 48000 }, ...more });

test("a feed in words", () => {
    assert.equal(feedWords(stream()).tone, "good");
    assert.equal(feedWords(stream({ warnings: [{ code: "x", level: "advice", text: "" }] })).tone,
        "good");
    assert.equal(feedWords(stream({ warnings: [{ code: "x", level: "trouble", text: "" }] })).tone,
        "look");
    assert.deepEqual(feedWords(stream({ state: "stalled", silentMs: 7300 })),
        { tone: "bad", text: "Nothing has come for 7.3 s" });
    assert.equal(feedWords(undefined).tone, "idle");
    assert.equal(pictureWords(stream()), "H.264 Main, 640 × 360, 30 per s");
    assert.equal(soundWords(stream()), "AAC, 48 kHz, stereo");
    assert.equal(soundWords(stream({ audio: undefined })), "There is no sound.");
});

test("it is red when nobody can see anything, and only then", () => {
    const programme = (streams) => ({ streams });
    const quiet = { isExpected: false, isPlayed: false };
    const expected = { isExpected: true, isPlayed: false };
    const played = { isExpected: true, isPlayed: true };
    assert.equal(unseenWords(programme([stream()]), "demo", played), null);
    for (const state of ["stalled", "waiting"]) {
        const words = unseenWords(programme([stream({ state })]), "demo", expected);
        assert.equal(words.tone, "bad", state);
    }
    const empty = [stream({ viewers: 0 })];
    assert.equal(unseenWords(programme(empty), "demo", expected), null);
    assert.equal(unseenWords(programme(empty), "demo", played).tone, "bad");
    assert.equal(unseenWords(programme([]), "demo", expected).tone, "bad");
    assert.equal(unseenWords(programme([]), "demo", quiet).tone, "idle",
        "before the first encoder it is quiet");
    assert.equal(unseenWords(null, "demo", played), null);
});

test("routes are read as they are written, and nonsense is the programme", () => {
    for (const route of [{ section: "programme" }, { section: "shows" }, { section: "people" },
        { section: "rehearse" }, { section: "viewers" },
        { section: "show", show: "a/b c", tab: "players" }]) {
        assert.deepEqual(readRoute(writeRoute(route)), route);
    }
    assert.deepEqual(readRoute("#/show/final/what"),
        { section: "show", show: "final", tab: "run" });
    for (const hash of ["", "#", "#/x", "#/%zz", "#/__proto__"]) assert.deepEqual(
        readRoute(hash), { section: "programme" });
    assert.deepEqual(readRoute("#/show/%zz"), { section: "shows" });
});

test("figures are short and have their units", () => {
    assert.deepEqual([countText(12345), countText(undefined)], ["12,345", "–"]);
    assert.deepEqual([kbpsText(416.9), kbpsText(12_400)], ["417 kbit/s", "12.4 Mbit/s"]);
    assert.deepEqual([bytesText(900), bytesText(1_500_000), bytesText(72.2e9), bytesText(271e9)],
        ["900 B", "1.5 MB", "72.2 GB", "271 GB"]);
    assert.deepEqual([340, 2400, 45_000, 200_000, 7_500_000, -38].map(durationText),
        ["340 ms", "2.4 s", "45 s", "3 min 20 s", "2 h 5 min", "−38 ms"]);
    assert.deepEqual([clockLengthText(245_000), clockLengthText(3_723_000)], ["4:05", "1:02:03"]);
});

test("roles", () => {
    const session = (role) => ({ name: "x", role });
    assert.deepEqual(["director", "host", "monitor"].map((role) => mayHost(session(role))),
        [true, true, false]);
    assert.deepEqual(["director", "host", "monitor"].map((role) => mayDirect(session(role))),
        [true, false, false]);
    assert.equal(mayHost(null), false);
});

test("errors keep the server's sentence, or say that there was none", () => {
    const error = errorOf({ error: "No.", code: "unseen", confirm: "early",
        rows: [{ row: 2, error: "x" }, { row: "y" }] }, 409);
    assert.deepEqual([error.message, error.code, error.confirm, error.rows, error.isPassing],
        ["No.", "unseen", "early", [{ row: 2, error: "x" }], false]);
    for (const body of [undefined, null, 5, {}, { error: {} }]) assert.match(
        errorOf(body, 500).message, /500/);
    assert.equal(errorOf({ error: "x".repeat(99_999) }, 400).message.length, 2000);
    assert.deepEqual([0, 429, 502, 503, 504, 500, 400, 409]
        .map((status) => new StaffError(status, "").isPassing),
        [true, true, true, true, true, false, false, false]);
});

test("requests carry what the server wants of a console", async () => {
    const sent = [];
    let isOut = false;
    const api = new StaffAPI({ onSignedOut: () => {
        isOut = true;
    }, fetcher: async (url, init) => {
        sent.push({ url, init });
        return { status: url.endsWith("/no") ? 401 : 200, ok: !url.endsWith("/no"),
            text: async () => "{\"a\":1}" };
    } });
    api.by = "Zoë";
    const reply = await api.request("POST", "/shows/final/open",
        { body: { force: true }, key: "k1" });
    assert.deepEqual(reply.data, { a: 1 });
    assert.deepEqual(sent[0].init.headers, { "X-Fanfare": "console",
        "Content-Type": "application/json",
        "Idempotency-Key": "k1", "Fanfare-By": "Zoe" });
    assert.equal(sent[0].init.credentials, "same-origin");
    await api.get("/streams");
    assert.deepEqual(sent[1].init.headers, {});
    await assert.rejects(api.get("/no"));
    assert.equal(isOut, true);
    assert.equal(asciiName("李雷"), "host");
});

test("a reply that never comes is a lost server", async () => {
    const api = new StaffAPI({ timeoutMs: 5, fetcher: (url, { signal }) =>
        new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    }) });
    await assert.rejects(api.get("/x"), (error) => error instanceof StaffError && error.status === 0
        && error.isPassing);
});

test("an announcement is measured in bytes", () => {
    assert.equal(announcementExcess("x".repeat(2000)), 0);
    assert.equal(announcementExcess("é".repeat(1001)), 2);
});
