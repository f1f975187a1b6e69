"""A Chromium whose tabs are hidden as people's are: Playwright's are told to be visible always.

Speaks the browser's own protocol over two pipes (--remote-debugging-pipe): JSON, ended by a NUL.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .chromium import EXECUTABLE, PROBE


class Tabs:
    """One window; open() adds a tab and shows it, close() ends all."""

    def __init__(self):
        self.profile = Path(tempfile.mkdtemp(prefix="fanfare-chromium-"))
        down, self.to = os.pipe()
        self.come, up = os.pipe()
        # The browser reads its descriptor 3 and writes 4: a shell puts them there.
        command = ["bash", "-c", f'exec "$0" "$@" 3<&{down} 4>&{up}', EXECUTABLE,
                   "--headless", "--no-sandbox", "--mute-audio", "--remote-debugging-pipe",
                   "--no-first-run", f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(
            command, pass_fds=(down, up), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(down)
        os.close(up)
        self.rest, self.number = b"", 0

    def command(self, method, session=None, **parameters):
        """One command; its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                data = os.read(self.come, 1 << 16)
                if not data:
                    raise RuntimeError("Chromium has gone")
                self.rest += data
            line, self.rest = self.rest.split(b"\0", 1)
            reply = json.loads(line)
            if reply.get("id") == self.number:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']}")
                return reply["result"]

    def open(self, url):
        """A new tab, shown; its handle for run() and show()."""
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        session = self.command(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.command("Page.enable", session)
        self.command("Page.addScriptToEvaluateOnNewDocument", session, source=PROBE)
        self.command("Page.navigate", session, url=url)
        return target, session

    def show(self, tab):
        """This tab in front, the others behind it."""
        self.command("Target.activateTarget", targetId=tab[0])

    def run(self, tab, expression):
        """The value of an expression, or what a promise of it comes to."""
        reply = self.command("Runtime.evaluate", tab[1], expression=expression,
                             returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in reply:
            raise RuntimeError(f"{expression}: {reply['exceptionDetails']}")
        return reply["result"].get("value")

    def wait(self, tab, expression, timeout_s=30):
        """Until an expression is something, by the page's own clock; its value."""
        found = self.run(tab, f"""new Promise((done) => {{
            const end = Date.now() + {timeout_s * 1000};
            const look = () => {{
                const value = {expression};
                if (value) done({{ value }});
                else if (Date.now() > end) done(null);
                else setTimeout(look, 50);
            }};
            look();
        }})""")
        if not found:
            raise TimeoutError(f"never {expression}")
        return found["value"]

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.come)
        shutil.rmtree(self.profile, ignore_errors=True)
