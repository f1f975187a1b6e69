"""Breaks the player in a real Chromium, against fake-fanfare.mjs: each scenario says what went wrong.

Run: PYTHON browser_check.py [SCENARIO…] with CLIPS set to a folder that support/make-clips.sh filled.
"""
import json, os, statistics, subprocess, sys, tempfile, time, urllib.request
from playwright.sync_api import sync_playwright

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "../../..")
CLIPS = os.environ.get("CLIPS", "/tmp/fanfare-player-clips")
PORT = int(os.environ.get("PORT", "18110"))
NAMES = ["720.flv", "1080.flv", "bframes-mp3.flv", "audio.flv", "video.flv", "hevc-opus.mp4", "av1-opus.mp4"]
FILES = [os.path.join(CLIPS, name) for name in NAMES] + [os.path.join(ROOT, "Sources/CDemoClip/demo.flv")]
P720, P1080, BFRAMES, AUDIO, VIDEO, HEVC, AV1, DEMO = range(8)

PAGE = """<!doctype html><html><head><meta charset="utf-8">
<script type="module" src="/try.js"></script></head><body><video id="v" width="640"></video></body></html>"""
SCRIPT = """
import { FanfarePlayer } from "/fanfare-player.js";
const video = document.getElementById("v");
const options = JSON.parse(decodeURIComponent(location.hash.slice(1) || "{}"));
const player = window.player = new FanfarePlayer(video, { url: "/live/demo.flv", ...options });
window.log = []; window.lastStats = {}; window.cues = []; window.offsets = [];
for (const type of ["state", "error", "text"]) {
    player.addEventListener(type, (event) =>
        window.log.push([Math.round(performance.now()), type, event.detail.state ?? event.detail.code ?? event.detail]));
}
player.addEventListener("error", (event) => window.log.push(event.detail.text));
player.addEventListener("stats", (event) => {
    window.lastStats = event.detail;
    if (event.detail.offsetMs !== null) window.offsets.push(event.detail.offsetMs);
});
player.addEventListener("cue", (event) => {
    window.cues.push({ ...event.detail, at: performance.now(), programmeMs: player.programmeMs,
        frameMs: window.frameMs });
});
const watch = () => video.requestVideoFrameCallback((now, metadata) => {
    window.firstFrame ??= performance.now();
    window.frameMs = metadata.mediaTime * 1000;
    window.frameCount = (window.frameCount ?? 0) + 1;
    watch();
});
watch();
player.start();
"""


class Lab:
    open_labs = []

    def __init__(self, play, clips=P720, faults=None, options=None, query="", start=True, extra_args=(), init=None):
        Lab.open_labs.append(self)
        self.pages = tempfile.mkdtemp()
        open(os.path.join(self.pages, "index.html"), "w").write(PAGE)
        open(os.path.join(self.pages, "try.js"), "w").write(SCRIPT)
        home = f"http://127.0.0.1:{PORT}"
        open(os.path.join(self.pages, "embed.html"), "w").write(PAGE.replace("/try.js", "/embed.js"))
        open(os.path.join(self.pages, "embed.js"), "w").write(
            SCRIPT.replace("/fanfare-player.js", home + "/fanfare-player.js").replace('"/live', f'"{home}/live'))
        self.server = None
        self.start_server()
        if faults:
            self.control(do="faults", faults=faults)
        if clips != P720:
            self.control(do="play", clip=clips)
        self.browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", *extra_args])
        self.context = self.browser.new_context()
        if init:
            self.context.add_init_script(init)
        self.options = {"url": "/live/demo.flv" + query, **(options or {})}
        if start:
            time.sleep(2.2)
            self.page = self.open()

    def start_server(self):
        self.server = subprocess.Popen(
            ["node", os.path.join(HERE, "support/fake-fanfare.mjs"), str(PORT), self.pages, *FILES],
            stdout=subprocess.PIPE, text=True)
        self.server.stdout.readline()

    def open(self, options=None):
        page = self.context.new_page()
        page.on("pageerror", lambda error: print("   page error:", error))
        page.goto(f"http://127.0.0.1:{PORT}/index.html#" + json.dumps({**self.options, **(options or {})}))
        return page

    def control(self, **order):
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}/control", json.dumps(order).encode())
        return json.load(urllib.request.urlopen(request, timeout=5))

    def stats(self, page=None):
        return (page or self.page).evaluate("window.lastStats")

    def log(self, page=None):
        return (page or self.page).evaluate("window.log")

    def until(self, what, seconds, page=None):
        """Waits until an expression is true; returns how long it took, or None."""
        began = time.time()
        while time.time() - began < seconds:
            if (page or self.page).evaluate(f"!!({what})"):
                return round(time.time() - began, 2)
            (page or self.page).wait_for_timeout(50)
        return None

    def wait(self, seconds):
        self.page.wait_for_timeout(seconds * 1000)

    def moves(self, seconds=1.0, page=None):
        """How many frames come to the screen in a second or so."""
        page = page or self.page
        before = page.evaluate("[window.frameCount, document.getElementById('v').currentTime]")
        page.wait_for_timeout(seconds * 1000)
        after = page.evaluate("[window.frameCount, document.getElementById('v').currentTime]")
        return ((after[0] or 0) - (before[0] or 0), round(after[1] - before[1], 2))

    def close(self):
        self.browser.close()
        self.server.kill()
        self.server.wait()


def summary(lab, page=None):
    stats = lab.stats(page)
    return {name: stats.get(name) for name in
            ["offsetMs", "stalls", "stallMs", "firstFrameMs", "bufferedMs", "videoWidth", "playbackRate",
             "videoCodec", "audioCodec", "transport", "isInWorker", "roundTripMs"]}


def check(name, good, told):
    print(f"   {'ok  ' if good else 'FAIL'} {name}: {told}", flush=True)
    return good


def plain(play):
    """It plays in lockstep, and stays there."""
    lab = Lab(play)
    check("plays", lab.until("window.lastStats.offsetMs !== undefined && window.frameCount > 5", 8), summary(lab))
    lab.wait(10)
    offsets = lab.page.evaluate("window.offsets")
    check("offset", max(abs(one) for one in offsets[2:]) < 60, offsets)
    check("no stall", lab.stats()["stalls"] == 0, summary(lab))
    lab.close()


def main_thread(play):
    """The same without a worker."""
    lab = Lab(play, options={"worker": "off"})
    lab.wait(6)
    check("plays", lab.moves()[0] > 20, summary(lab))
    check("offset", abs(lab.stats()["offsetMs"]) < 60, lab.page.evaluate("window.offsets"))
    lab.close()


def http_fallback(play):
    """WebSockets are blocked."""
    lab = Lab(play, faults={"blockWebSocket": True})
    lab.wait(6)
    check("plays over HTTP", lab.moves()[0] > 20 and lab.stats()["transport"] == "http", summary(lab))
    receipt = lab.page.evaluate("player.answer('q1', 2)")
    check("answer by POST", receipt.get("status") == "accepted", receipt)
    lab.close()


def legacy(play):
    """A server that tells nothing about clocks."""
    lab = Lab(play, faults={"isLegacy": True, "noMetadata": True})
    lab.wait(6)
    check("plays", lab.moves()[0] > 20 and abs(lab.stats()["offsetMs"]) < 80, summary(lab))
    lab.close()


def resolution(play):
    """The publisher comes back with another size, twice, and with another codec of sound and B-frames."""
    lab = Lab(play)
    lab.until("window.frameCount > 30", 8)
    for clip, width in ((P1080, 1920), (P720, 1280), (BFRAMES, 640), (P1080, 1920)):
        lab.control(do="play", clip=clip, pauseMs=700)
        took = lab.until(f"document.getElementById('v').videoWidth === {width}", 8)
        lab.wait(2.5)
        frames, moved = lab.moves()
        check(f"{NAMES[clip]}", took and frames > 15 and moved > 0.8, (took, frames, moved, summary(lab)))
    print("   ", lab.log())
    lab.close()


def drop(play):
    """The connection breaks; it resumes."""
    lab = Lab(play)
    lab.until("window.frameCount > 30", 8)
    for _ in range(3):
        lab.control(do="drop")
        lab.wait(2)
    frames, moved = lab.moves()
    check("plays on", frames > 20 and abs(lab.stats()["offsetMs"]) < 100, (frames, moved, summary(lab)))
    lab.control(do="drop", code=1001)
    lab.wait(3)
    frames, moved = lab.moves()
    check("plays on after 1001", frames > 20, (frames, summary(lab), lab.log()))
    lab.close()


def outage(play):
    """A drop of 8 s that the grace doesn't cover, and a server that is killed and comes anew at 0."""
    lab = Lab(play)
    lab.until("window.frameCount > 30", 8)
    lab.server.kill()
    lab.server.wait()
    lab.wait(8)
    lab.start_server()
    took = lab.until("window.frameCount && document.getElementById('v').currentTime > 0 && window.lastStats.bufferedMs > 500", 8)
    lab.wait(4)
    frames, moved = lab.moves()
    check("plays anew", frames > 20 and abs(lab.stats()["offsetMs"]) < 100, (took, frames, summary(lab), lab.log()))
    lab.close()


def restart(play):
    """The programme's clock begins anew at 0 while the page stays open."""
    lab = Lab(play)
    lab.until("window.frameCount > 60", 8)
    lab.control(do="restart", firstMs=0)
    lab.wait(5)
    frames, moved = lab.moves()
    check("plays anew", frames > 20 and abs(lab.stats()["offsetMs"]) < 100, (frames, summary(lab), lab.log()))
    programme = lab.page.evaluate("player.programmeMs")
    check("programme time", programme < 12000, programme)
    lab.close()


def before_air(play):
    """The page is opened before the stream."""
    lab = Lab(play, faults={"onAir": False})
    lab.wait(4)
    check("says that it waits", "not_on_air" in json.dumps(lab.log()) or "waiting" in json.dumps(lab.log()), lab.log())
    lab.control(do="faults", faults={"onAir": True})
    took = lab.until("window.frameCount > 10", 12)
    check("plays", took, (took, summary(lab)))
    check("by WebSocket", lab.stats()["transport"] == "ws", lab.stats()["transport"])
    lab.close()


def tracks(play):
    """Sound vanishes and comes back; then the picture; then neither was there in the first place."""
    lab = Lab(play)
    lab.until("window.frameCount > 60", 8)
    lab.control(do="faults", faults={"noAudio": True})
    lab.wait(3)
    frames, moved = lab.moves(2)
    check("picture without sound", frames > 40, (frames, moved, summary(lab)))
    lab.control(do="faults", faults={"noAudio": False})
    lab.wait(6)
    frames, moved = lab.moves(2)
    check("sound again", frames > 40 and abs(lab.stats()["offsetMs"]) < 100, (frames, moved, summary(lab), lab.log()))
    lab.control(do="faults", faults={"noVideo": True})
    lab.wait(3)
    moved = lab.moves(2)[1]
    check("sound without picture", moved > 1.6, (moved, summary(lab)))
    lab.control(do="faults", faults={"noVideo": False})
    lab.wait(12)
    frames, moved = lab.moves(2)
    check("picture again", frames > 40, (frames, moved, summary(lab), lab.log()))
    lab.close()


def silent_promise(play):
    """A promised sound that brings nothing, and streams of one track."""
    for clip, faults in ((P720, {"noAudio": True}), (VIDEO, {}), (VIDEO, {"noMetadata": True}), (AUDIO, {}),
                         (AUDIO, {"noMetadata": True})):
        lab = Lab(play, clips=clip, faults=faults)
        took = lab.until("document.getElementById('v').currentTime > 0.5 && window.lastStats.offsetMs !== undefined", 6)
        lab.wait(3)
        frames, moved = lab.moves(2)
        check(f"{NAMES[clip]} {faults}", moved > 1.6, (took, frames, moved, summary(lab), lab.log()))
        lab.close()


def codecs(play):
    """B-frames and MP3, AV1 and Opus, HEVC: played, or said in words."""
    for clip in (BFRAMES, AV1, HEVC):
        lab = Lab(play, clips=clip)
        lab.wait(5)
        frames, moved = lab.moves(2)
        errors = [one for one in lab.log() if isinstance(one, str)]
        check(NAMES[clip], frames > 40 or errors and moved > 1.6, (frames, moved, summary(lab), lab.log()))
        lab.close()


def gaps(play):
    """Holes in the timestamps, short and long."""
    lab = Lab(play, faults={"isLegacy": True})
    lab.until("window.frameCount > 60", 8)
    for ms in (300, 1500, 5000, 40000):
        lab.control(do="gap", ms=ms)
        lab.wait(4)
        frames, moved = lab.moves()
        check(f"{ms} ms", frames > 20 and abs(lab.stats()["offsetMs"]) < 300, (frames, moved, summary(lab)))
    lab.close()


def odd_starts(play):
    """A first timestamp of many days."""
    lab = Lab(play)
    lab.control(do="restart", firstMs=3_900_000_000)
    lab.wait(5)
    frames, moved = lab.moves()
    check("plays", frames > 20, (frames, moved, summary(lab), lab.page.evaluate("player.programmeMs")))
    lab.close()


def pauses(play):
    """The network says nothing for 3 s, then all at once."""
    lab = Lab(play)
    lab.until("window.frameCount > 60", 8)
    os.kill(lab.server.pid, 19)
    lab.wait(4)
    os.kill(lab.server.pid, 18)
    lab.wait(3)
    check("at the live edge again", abs(lab.stats()["offsetMs"]) < 2000, summary(lab))
    lab.wait(10)
    check("plays", lab.moves()[0] > 20, (lab.page.evaluate("window.offsets"), lab.log()))
    lab.close()


def cues(play):
    """Cues come at their frames, standing ones at once."""
    lab = Lab(play, start=False)
    lab.control(do="cue", name="onQuiz", value={"phase": "lobby", "title": "T"}, isKept=True)
    time.sleep(2.5)
    lab.page = lab.open()
    lab.until("window.frameCount > 60", 8)
    for index in range(20):
        lab.control(do="cue", name="onMessage", value={"kind": "announcement", "text": str(index), "level": "info"})
        lab.wait(0.137)
    lab.wait(2.5)
    told = lab.page.evaluate("window.cues")
    check("standing first", told and told[0]["isStanding"] and told[0]["name"] == "onQuiz", told[:1])
    base = lab.page.evaluate("player.programmeMs - document.getElementById('v').currentTime * 1000")
    late = [round(one["frameMs"] + base - one["pts"]) for one in told if one["name"] == "onMessage"]
    check("at their frames", len(late) == 20 and max(abs(one) for one in late) <= 34, late)
    receipt = lab.page.evaluate("player.answer('q1', 1)")
    check("answer", receipt["status"] == "accepted", receipt)
    lab.control(do="faults", faults={"loseReceipts": 1})
    receipt = lab.page.evaluate("player.answer('q2', 3)")
    check("answer over a reconnect", receipt["status"] == "accepted", (receipt, lab.control(do="")["answers"]))
    lab.control(do="text", value={"type": "error", "status": 400, "error": "nonsense"})
    lab.wait(1)
    check("a text isn't fatal", lab.moves()[0] > 20, lab.log())
    lab.close()


def hidden(play):
    """A page in the background comes back at the live edge."""
    lab = Lab(play)
    lab.until("window.frameCount > 60", 8)
    other = lab.context.new_page()
    other.goto("about:blank")
    other.bring_to_front()
    session = lab.context.new_cdp_session(lab.page)
    session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(12)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    lab.page.bring_to_front()
    lab.wait(2)
    frames, moved = lab.moves()
    check("at the live edge", frames > 20 and abs(lab.stats()["offsetMs"]) < 100, (frames, summary(lab), lab.log()))
    lab.close()


def spread(play):
    """Two viewers with 20 and 220 ms of network, one of them with jitter, are in step."""
    lab = Lab(play, query="?delay=10", extra_args=["--disable-background-timer-throttling"])
    other = lab.open({"url": "/live/demo.flv?delay=200&jitter=60"})
    lab.wait(12)
    differences = []
    for _ in range(20):
        # Both pages' clocks are this machine's: programme time minus it is what must be the same.
        one, two = [page.evaluate("player.programmeMs - performance.timeOrigin - performance.now()") for page in (lab.page, other)]
        differences.append(round(one - two))
        lab.wait(0.3)
    check("spread", max(abs(one) for one in differences) < 100, (differences, lab.page.evaluate("window.offsets"), other.evaluate("window.offsets"), summary(lab), summary(lab, other)))
    lab.close()


def embedded(play):
    """A page of another origin imports the player: its worker comes by way of a blob."""
    lab = Lab(play)
    page = lab.context.new_page()
    page.goto(f"http://localhost:{PORT}/embed.html")
    lab.until("window.lastStats && window.lastStats.offsetMs !== null && window.lastStats.offsetMs !== undefined", 8, page)
    frames = lab.moves(2, page)[0]
    check("plays, in a worker", frames > 40 and lab.stats(page)["isInWorker"], (frames, summary(lab, page), lab.log(page)))
    lab.close()


def sound(play):
    """A tap lets the sound be heard; stop and start."""
    lab = Lab(play)
    lab.until("window.frameCount > 30", 8)
    lab.page.evaluate("document.getElementById('v').addEventListener('click', () => player.setMuted(false))")
    lab.page.click("#v")
    lab.wait(1)
    check("heard", lab.page.evaluate("!player.isMuted && !document.getElementById('v').paused") and lab.moves()[0] > 20, summary(lab))
    lab.page.evaluate("player.stop()")
    check("stopped", lab.page.evaluate("player.state") == "stopped" and lab.control(do="")["viewers"] == 0, lab.log()[-1])
    lab.page.evaluate("player.start()")
    lab.wait(4)
    check("plays again, still heard", lab.moves()[0] > 20 and not lab.page.evaluate("player.isMuted"), (summary(lab), lab.log()))
    reports = lab.control(do="")["reports"]
    check("reports", len(reports) >= 2 and {"state", "firstFrameMs", "offsetMs", "delayMs"} <= set(reports[-1]), reports[-1:])
    lab.page.evaluate("player.destroy()")
    lab.close()


def far(play):
    """A network of 1.6 s each way: lockstep can't be had, playing can."""
    lab = Lab(play, query="?delay=1600")
    lab.wait(25)
    frames, moved = lab.moves(3)
    check("plays", frames > 75, (frames, moved, lab.page.evaluate("window.offsets"), summary(lab)))
    lab.close()


def first_frame(play):
    """The first frame after navigation, with and without a worker."""
    lab = Lab(play, clips=DEMO)
    for worker in ("auto", "off"):
        times = []
        for _ in range(15):
            page = lab.open({"worker": worker})
            lab.until("window.firstFrame", 10, page)
            times.append(round(page.evaluate("window.firstFrame")))
            page.close()
        check(f"worker {worker}", statistics.median(times) <= 350, (statistics.median(times), sorted(times)))
    lab.close()


MANAGED = """
// What an iPhone has instead of MediaSource: it streams when it likes, and takes media away.
(() => {
    const Real = window.MediaSource;
    class ManagedMediaSource extends Real {
        constructor() {
            super();
            this.streaming = false;
            window.managed = this;
            this.addEventListener("sourceopen", () => this.turn(true));
        }
        turn(on) {
            this.streaming = on;
            this.dispatchEvent(new Event(on ? "startstreaming" : "endstreaming"));
        }
    }
    window.ManagedMediaSource = ManagedMediaSource;
    delete window.MediaSource;
    window.MediaSource = undefined;
    const real = URL.createObjectURL;
})();
"""


def managed(play):
    """ManagedMediaSource alone: streaming stops and goes on, buffered media is evicted."""
    lab = Lab(play, init=MANAGED)
    lab.wait(4)
    check("plays", lab.moves()[0] > 20, (summary(lab), lab.page.evaluate("document.getElementById('v').disableRemotePlayback")))
    lab.page.evaluate("managed.turn(false)")
    lab.wait(1)
    lab.page.evaluate("managed.turn(true)")
    lab.wait(3)
    check("goes on", lab.moves()[0] > 20, summary(lab))
    lab.page.evaluate("for (const b of managed.sourceBuffers) if (!b.updating) b.remove(0, Infinity)")
    lab.wait(4)
    check("survives eviction", lab.moves()[0] > 20, (summary(lab), lab.log()))
    lab.close()


def main():
    scenarios = {name: run for name, run in globals().items()
                 if callable(run) and run.__module__ == "__main__" and name not in
                 ("Lab", "summary", "check", "main", "sync_playwright")}
    for name in sys.argv[1:] or scenarios:
        print(name, "-", scenarios[name].__doc__, flush=True)
        try:
            with sync_playwright() as play:
                scenarios[name](play)
        except Exception as error:
            print("   FAIL", type(error).__name__, str(error)[:600], flush=True)
        finally:
            for lab in Lab.open_labs:
                lab.server.kill()
                lab.server.wait()
            Lab.open_labs.clear()


main()
