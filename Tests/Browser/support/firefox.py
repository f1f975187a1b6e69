"""Debian's Firefox by Marionette, the protocol that it speaks itself: JSON with a length before it."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .server import free_port

EXECUTABLE = os.environ.get("FANFARE_FIREFOX", "/usr/bin/firefox-esr")
PROBE = (Path(__file__).parent / "probe.js").read_text()
START_S_MAX = 60
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "services.settings.server": "data:,",
    "media.gmp-manager.updateEnabled": False,
    "media.autoplay.default": 1,  # sound only after a tap, as people have it
    "intl.accept_languages": "en-GB",
    "intl.locale.requested": "en-GB",
}


class FirefoxError(Exception):
    """What Firefox answered instead of a value."""


class Firefox:
    """One Firefox with one window and a profile of its own, until close()."""

    def __init__(self):
        self.profile = Path(tempfile.mkdtemp(prefix="fanfare-firefox-"))
        port = free_port()
        lines = {**PREFERENCES, "marionette.port": port}
        (self.profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in lines.items()))
        self.log = open(self.profile / "log", "wb")
        self.process = subprocess.Popen(
            [EXECUTABLE, "--headless", "--marionette", "--no-remote", "--profile",
             str(self.profile), "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env={**os.environ, "HOME": str(self.profile), "MOZ_HEADLESS_WIDTH": "1280",
                 "MOZ_HEADLESS_HEIGHT": "800"})
        self.number = 0
        try:
            self.socket = self._connect(port)
            self.stream = self.socket.makefile("rb")
            self._read()
            self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {
                "acceptInsecureCerts": True}}})
            self.command("WebDriver:SetTimeouts", {"script": 120_000, "pageLoad": 60_000})
        except BaseException:
            self.close()
            raise

    def _connect(self, port):
        end = time.monotonic() + START_S_MAX
        while self.process.poll() is None and time.monotonic() < end:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=130)
            except ConnectionRefusedError:
                # It can't tell when it listens; to wait for its end is to wait a moment.
                try:
                    self.process.wait(0.05)
                except subprocess.TimeoutExpired:
                    pass
        words = (self.profile / "log").read_text(errors="replace")[-1000:]
        raise FirefoxError(f"{EXECUTABLE} does not listen: {words}")

    def _read(self):
        length = b""
        while (one := self.stream.read(1)) != b":":
            if not one:
                raise FirefoxError("Firefox has gone")
            length += one
        return json.loads(self.stream.read(int(length)))

    def command(self, name, arguments=None):
        """One command of WebDriver; its value, or FirefoxError."""
        self.number += 1
        text = json.dumps([0, self.number, name, arguments or {}]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        while True:
            kind, number, error, value = self._read()
            if kind == 1 and number == self.number:
                break
        if error:
            raise FirefoxError(f"{name}: {error.get('message')}")
        return value.get("value", value) if isinstance(value, dict) else value

    def goto(self, url):
        """Returns as the document is there; the probe begins then."""
        self.command("WebDriver:Navigate", {"url": url})
        self.run(PROBE + "; return true")

    def run(self, body, *arguments):
        """What a function's body returns, in the page's own scope."""
        return self.command("WebDriver:ExecuteScript", {
            "script": body, "args": list(arguments), "sandbox": None, "newSandbox": False})

    def wait(self, expression, *arguments, timeout_s=30):
        """Until an expression of the page is something; its value. a[0], a[1] … are arguments."""
        body = f"""
            const [done, a] = [arguments[arguments.length - 1], arguments];
            const end = performance.now() + {timeout_s * 1000};
            const look = () => {{
                const value = (() => {expression})();
                if (value) done({{ value }});
                else if (performance.now() > end) done(null);
                else setTimeout(look, 50);
            }};
            look();"""
        found = self.command("WebDriver:ExecuteAsyncScript", {
            "script": body, "args": list(arguments), "sandbox": None, "newSandbox": False})
        if not found:
            raise TimeoutError(f"Firefox: never {expression}")
        return found["value"]

    def press(self, key):
        """A key, pressed and let go."""
        self.command("WebDriver:PerformActions", {"actions": [{
            "type": "key", "id": "keys", "actions": [
                {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def find(self, css):
        found = self.command("WebDriver:FindElement", {"using": "css selector", "value": css})
        return next(iter(found.values()))

    def click(self, css):
        self.command("WebDriver:ElementClick", {"id": self.find(css)})

    def type(self, css, text):
        self.command("WebDriver:ElementSendKeys", {"id": self.find(css), "text": text})

    def close(self):
        for one in ("stream", "socket"):
            if hasattr(self, one):
                getattr(self, one).close()
        # The launcher may have started the browser as its child: both are ours to end.
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)
