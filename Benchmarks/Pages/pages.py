"""The browser's part of Benchmarks/pages: first frame, weight, spread and overlay error."""

import argparse
import re
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests" / "Browser"))
sys.dont_write_bytecode = True

from support import case, feed  # noqa: E402
from support.chromium import Watched  # noqa: E402
from support.measure import apart, frames_off, share, spread  # noqa: E402
from support.relay import Relay  # noqa: E402
from support.server import Server, request  # noqa: E402
from support.show import Show, question  # noqa: E402
from support.witness import Witness  # noqa: E402

STREAM = "show"
FIRST_FRAME_MS = 350
WEIGHT_BYTES = 60 * 1024
# When the first frame is on the screen, counted from the navigation.
FIRST = """(() => {
    const look = () => {
        const video = document.querySelector("video");
        if (!video || look.done) return;
        look.done = true;
        video.requestVideoFrameCallback(() => { window.firstFrameMs = performance.now(); });
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
})();"""


def result(name, value, unit, ratio="-"):
    print(f"RESULT {name} {value} {unit} {ratio}", flush=True)


def histogram(values, step, unit):
    """Lines of a histogram, for people."""
    counts = {}
    for value in values:
        counts[round(value / step)] = counts.get(round(value / step), 0) + 1
    most = max(counts.values())
    for place in range(min(counts), max(counts) + 1):
        count = counts.get(place, 0)
        print(f"{place * step:8} {unit} {count:6}  {'#' * round(50 * count / most)}")


class Bench:
    def __init__(self, options):
        self.options = options
        self.server = Server()
        self.feed = feed.Feed(self.server, STREAM)
        self.witness = Witness(self.server, STREAM, self.feed.path)
        self.witness.wait(lambda: len(self.witness.numbers) > 100)
        self.browser = case.chromium()

    def close(self):
        self.witness.close()
        self.feed.close()
        case.close()
        self.server.close()

    def watch(self, origin=None):
        page = Watched(self.browser.context())
        return page.goto(f"{origin or self.server.audience}/watch/{STREAM}")

    def weight(self):
        """What the page and the player weigh on the way, by gzip and by brotli."""
        for coding in ("gzip", "br"):
            total, waiting, seen = 0, ["/"], set()
            while waiting:
                path = waiting.pop()
                if path in seen:
                    continue
                seen.add(path)
                headers = {"Accept-Encoding": coding}
                total += len(request(self.server.http_port, "GET", path, headers=headers)[2])
                if path == "/" or path.endswith(".js"):
                    text = self.server.get(path)[2].decode()
                    # Of the languages a page loads one.
                    text = re.sub(r'<link rel="strings" hreflang="(?!en")[^>]*>', "", text)
                    waiting += re.findall(r'(?:src|href|from|import\()\s*=?\s*"(/[^"]+)"', text)
            print(f"weight by {coding}: {total} bytes in {len(seen)} files: {', '.join(sorted(seen))}")
            if coding == "br":
                result("pages.weight", total, "bytes", f"{total / WEIGHT_BYTES:.3f}")

    def first_frame(self):
        """Medians of as many navigations of both pages, in turns."""
        bare = self.bare_file()
        ours, least = [], []
        # One navigation each before, which nobody counts: the browser's own first time.
        for place in range(self.options.navigations + 1):
            ours.append(self.navigate(f"{self.server.audience}/watch/{STREAM}"))
            least.append(self.navigate(
                f"{case.own_pages().origin}/bare.html?file=clip.mp4"
                "&type=video/mp4; codecs=%22avc1.640028%22", bare))
        one, other = statistics.median(ours[1:]), statistics.median(least[1:])
        print(f"first frame after the navigation, {len(ours) - 1} each: {one:.0f} ms "
              f"(from {min(ours[1:]):.0f} to {max(ours[1:]):.0f}; to reach: {FIRST_FRAME_MS}); a bare page "
              f"with the same frames in a file: {other:.0f} ms; ratio {one / other:.2f}")
        result("pages.first-frame", f"{one:.1f}", "ms", f"{one / other:.3f}")

    def bare_file(self):
        """The same frames in a file that MediaSource takes as it is."""
        path = feed.clip().with_suffix(".bare.mp4")
        if not path.exists():
            subprocess.run(
                ["ffmpeg", "-v", "error", "-y", "-i", str(feed.clip()), "-t", "2", "-an", "-c", "copy",
                 "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", str(path)],
                check=True)
        return path.read_bytes()

    def navigate(self, url, file=None):
        context = self.browser.browser.new_context()
        try:
            context.add_init_script(FIRST)
            if file:
                context.route("**/clip.mp4", lambda route: route.fulfill(
                    body=file, content_type="video/mp4"))
            page = context.new_page()
            page.goto(url, wait_until="commit")
            return page.wait_for_function("() => window.firstFrameMs", polling=20).json_value()
        finally:
            context.close()

    def spread(self):
        """How far a viewer behind a slow network is from one beside the server."""
        relay = Relay(self.server.http_port, delay_ms=200, bytes_per_s=60_000)
        near, far = self.watch(), self.watch(relay.origin)
        for page in (near, far):
            page.wait_for_frames(250)
        starts = [page.frame_count() for page in (near, far)]
        near.wait_for_frames(self.options.spread_seconds * 25, self.options.spread_seconds * 3)
        errors = apart(*(page.frames(start) for page, start in zip((near, far), starts)))
        print(f"two viewers, one of them 200 ms and 0.5 Mbit/s away, {len(errors)} frames: "
              f"within 100 ms {share(errors, 100):.1%}; ms apart {spread(errors)}")
        histogram(errors, 20, "ms")
        result("pages.spread-95", sorted(map(abs, errors))[int(len(errors) * 0.95)].__round__(), "ms")
        for page in (near, far):
            page.page.context.close()
        relay.close()

    def overlay(self):
        """How many presented frames from its own each question appeared."""
        show = Show(self.server, STREAM, [question(f"Overlay {n}?", window_ms=5_000)
                                          for n in range(self.options.questions)], isRehearsal=True)
        show("lobby")
        page = self.watch()
        page.wait_for_frames(50)
        page.note("question", "document.querySelector('.card-text')?.textContent ?? ''")
        off = []
        for n in range(self.options.questions):
            text = f"Overlay {n}?"
            show("open")
            _, _, at = self.witness.wait_for_cue(lambda _, value: value.get("text") == text)
            page.wait("(text) => document.querySelector('.card-text')?.textContent === text", text)
            page.wait_for_frames(2)
            seen = next(one for one in page.seen("question") if one["value"] == text)
            frames = [number for number, _, _ in page.frames()][-400:]
            off.append(frames_off(frames, seen["number"], self.witness.number_at(at)))
            show("lock", force=True)
            show("reveal")
        print(f"{len(off)} questions, frames from their own: {spread(off)}")
        histogram(off, 1, "frames")
        result("pages.overlay", max(map(abs, off)), "frames")
        page.page.context.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default="weight,first-frame,spread,overlay")
    parser.add_argument("--navigations", type=int, default=20)
    parser.add_argument("--spread-seconds", type=int, default=60)
    parser.add_argument("--questions", type=int, default=20)
    bench = Bench(parser.parse_args())
    try:
        for part in bench.options.parts.split(","):
            getattr(bench, part.replace("-", "_"))()
    finally:
        bench.close()


if __name__ == "__main__":
    main()
