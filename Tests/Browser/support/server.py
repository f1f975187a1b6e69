"""A fanfare process of the binary under test, with ports and a data folder of its own."""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[3]
START_S_MAX = 60


def binary():
    """The program under test: FANFARE_BINARY, or what swift build has made."""
    named = os.environ.get("FANFARE_BINARY")
    return Path(named) if named else HOUSE / ".build" / "debug" / "fanfare"


def free_port():
    """A port of the loopback that nobody uses now, and that no outgoing connection is given."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def until(test, what, timeout_s):
    """Returns once something has become so; fails with what was waited for."""
    end = time.monotonic() + timeout_s
    while not test():
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout_s} s for {what}")
        time.sleep(0.2)


class Server:
    """Runs until close(); kill() and start() again keep ports and data, as after a crash."""

    def __init__(self, *options, guests=True):
        self.http_port, self.rtmp_port, self.staff_port = (free_port() for _ in range(3))
        self.data = Path(tempfile.mkdtemp(prefix="fanfare-browser-"))
        self.log = self.data / "server.log"
        self.options = ["--guests", *options] if guests else list(options)
        self.process = None
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.data, ignore_errors=True)
            raise

    @property
    def audience(self):
        """The audience plane's origin, such as http://127.0.0.1:8080."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def console(self):
        """The staff plane's origin."""
        return f"http://127.0.0.1:{self.staff_port}"

    def publish_url(self, stream):
        return f"rtmp://127.0.0.1:{self.rtmp_port}/live/{stream}"

    def start(self):
        """Returns once it says that it is up."""
        command = [
            str(binary()), "serve", "--open-ingest",
            "--http", f"127.0.0.1:{self.http_port}", "--rtmp", f"127.0.0.1:{self.rtmp_port}",
            "--staff", f"127.0.0.1:{self.staff_port}", "--data", str(self.data / "data"),
            "--log-level", "warning", *self.options,
        ]
        # Whoever changes the pages tries them without a build.
        if files := os.environ.get("FANFARE_WEB_FILES"):
            command += ["--web-files", files]
        # What is set for these tests is no setting of the server's.
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("FANFARE_")}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                env=environment)
        is_up = threading.Event()
        threading.Thread(target=self._read, args=(self.process, is_up), daemon=True).start()
        if not is_up.wait(START_S_MAX) or self.process.poll() is not None:
            self.kill()
            raise RuntimeError(f"{command[0]} did not start:\n{self.words()}")

    def _read(self, process, is_up):
        """Its standard output, to the end, so that it never blocks on it."""
        with open(self.log, "ab") as log:
            for line in process.stdout:
                log.write(line)
                log.flush()
                if b"  staff " in line:
                    is_up.set()
        is_up.set()

    def words(self):
        """The end of what it has said."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def kill(self):
        """As by kill -9."""
        self._end(signal.SIGKILL)

    def stop(self):
        """As an operator stops it."""
        self._end(signal.SIGTERM)

    def _end(self, number):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def close(self):
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def cpu_s(self):
        """Processor time it has taken so far, its own and the kernel's for it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def get(self, path):
        """(status, headers, body) of a GET on the audience's plane."""
        return request(self.http_port, "GET", path)

    def json(self, path):
        status, _, body = self.get(path)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {body[:300]!r}")
        return json.loads(body)


def request(port, method, path, body=None, headers=None):
    """(status, headers, body) of one request on the loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        return reply.status, dict((k.lower(), v) for k, v in reply.getheaders()), reply.read()
    finally:
        connection.close()
