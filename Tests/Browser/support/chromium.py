"""Debian's Chromium by Playwright, and what a test reads from its pages."""

import json
import os
from pathlib import Path

from playwright.sync_api import sync_playwright

PROBE = (Path(__file__).parent / "probe.js").read_text()
EXECUTABLE = os.environ.get("FANFARE_CHROMIUM", "/usr/bin/chromium")
TIMEOUT_MS = 60_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
         "device_scale_factor": 1}
DESKTOP = {"viewport": {"width": 1280, "height": 720}}


class Chromium:
    """One browser for all tests; contexts are the tests' own."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=["--no-sandbox", "--mute-audio", "--js-flags=--expose-gc",
                  "--autoplay-policy=document-user-activation-required"])

    def context(self, **options):
        """A context with the probe in each of its pages; English unless said otherwise."""
        context = self.browser.new_context(**{"locale": "en-GB", **DESKTOP, **options})
        context.set_default_timeout(TIMEOUT_MS)
        context.add_init_script(PROBE)
        return context

    def close(self):
        self.browser.close()
        self.playwright.stop()


class Watched:
    """A page with the probe in it, and the questions tests ask of it."""

    def __init__(self, context):
        self.page = context.new_page()
        self.console = []
        self.page.on("console", lambda message: self.console.append(
            f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))

    def goto(self, url):
        self.page.goto(url, wait_until="commit")
        return self

    def run(self, script, argument=None):
        return self.page.evaluate(script, argument)

    def wait(self, script, argument=None, timeout_s=60):
        """Until a function of the page returns something; its value."""
        return self.page.wait_for_function(
            script, arg=argument, timeout=timeout_s * 1000, polling=50).json_value()

    def frames(self, since=0):
        """[number, epoch ms, mediaTime] of each frame presented, from the since-th on."""
        return self.run("(since) => __probe.frames.slice(since)", since)

    def frame_count(self):
        return self.run("() => __probe.frames.length")

    def wait_for_frames(self, count, timeout_s=90):
        """Until so many more frames than now have been presented."""
        goal = self.frame_count() + count
        self.wait("(goal) => __probe.frames.length >= goal", goal, timeout_s)

    def wait_for_picture(self, timeout_s=60):
        """Until a frame has been presented since the page began."""
        self.wait("() => __probe.frames.length > 0", None, timeout_s)

    def note(self, name, expression):
        """Has an expression of the page looked at with each frame, for seen()."""
        self.run(f"() => {{ __probe.readers[{json.dumps(name)}] = () => String({expression}); }}")

    def seen(self, name):
        """[{value, number, atMs}]: how it changed, and with which frame."""
        return self.run("(name) => __probe.seen[name] ?? []", name)

    def faults(self):
        """What no page may have: policy violations and uncaught errors."""
        found = self.run("() => [...__probe.violations, ...__probe.errors]")
        return found + [line for line in self.console if line.startswith("uncaught:")]

    def heap_bytes(self, session):
        """The JavaScript heap after everything that can go has gone."""
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"]

    def close(self):
        self.page.close()
