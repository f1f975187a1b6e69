"""A Fanfare with something of everything that has a metric: a feed, TLS, a viewer, a player, a show, and a
receiver of callbacks that is down. Ends with all that it started."""

import base64
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

PATIENCE_S = 60
TOKEN = "a-token-of-the-check-alone"


def wait(words, look):
    """What `look` finds, as soon as it finds anything."""
    until = time.monotonic() + PATIENCE_S
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"waited {PATIENCE_S} s for {words}")
        time.sleep(0.05)


class Scene:
    """Starts at `with`, and is over behind it."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="fanfare-watching-")
        self.processes = []
        self.websocket = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        try:
            self.go_on_air()
            self.play()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.websocket:
            self.websocket.close()
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder)

    def start(self, name, *command, **environment):
        """A process of the scene, whose words are in files of its name."""
        with open(self.path(name + ".out"), "wb") as out, open(self.path(name + ".err"), "wb") as err:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=self.folder,
                env={**os.environ, **environment})
        self.processes.append(process)
        return process

    def said(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    # The server.

    def go_on_air(self):
        subprocess.run(
            [self.program, "certificate", "--self-signed", "localhost"], cwd=self.folder, check=True,
            stdout=subprocess.DEVNULL)
        with socket.socket() as nobody:
            # Bound, and nobody listens: whoever is told there isn't told anything.
            nobody.bind(("127.0.0.1", 0))
            deaf = nobody.getsockname()[1]
            server = self.start(
                "fanfare", self.program, "serve", "--demo", "--demo-quiz", "--guests", "--shards", "1",
                "--data", self.path("data"), "--http", "127.0.0.1:0", "--https", "127.0.0.1:0",
                "--rtmp", "127.0.0.1:0", "--rtmps", "127.0.0.1:0", "--staff", "127.0.0.1:0",
                "--tls-certificate", "fanfare-certificate.pem", "--tls-key", "fanfare-key.pem",
                "--callback-url", f"http://127.0.0.1:{deaf}/", FANFARE_STAFF_TOKEN=TOKEN)

            def banner():
                if server.poll() is not None:
                    raise RuntimeError(f"the server has ended:\n{self.said('fanfare.err')}")
                text = self.said("fanfare.out")
                return text if "The demo quiz" in text else None
            text = wait("the server's banner", banner)
            self.audience = int(re.search(r"watch +https://localhost:(\d+)/", text)[1])
            self.staff = int(re.search(r"staff +http://127\.0\.0\.1:(\d+)/", text)[1])
            self.trust = ssl.create_default_context(cafile=self.path("fanfare-certificate.pem"))

    def ask_staff(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.staff, timeout=PATIENCE_S)
        fields = {
            "Authorization": f"Bearer {TOKEN}", "Idempotency-Key": path.strip("/").replace("/", "-")}
        if body is not None:
            fields["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), fields)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status not in (200, 201, 202):
            raise RuntimeError(f"{method} {path}: {answer.status} {text}")
        return text

    def ask(self, method, path, body=None, token=None):
        connection = http.client.HTTPSConnection(
            "localhost", self.audience, timeout=PATIENCE_S, context=self.trust)
        fields = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, None if body is None else json.dumps(body), fields)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def scrape(self):
        return self.ask_staff("GET", "/metrics")

    # The show.

    def play(self):
        url = f"https://localhost:{self.audience}/live/demo.flv"
        viewer = self.start(
            "viewer", "curl", "--silent", "--fail", "--no-buffer", "--cacert",
            self.path("fanfare-certificate.pem"), "--output", self.path("stream.flv"), url)

        def watches():
            if viewer.poll() is not None:
                raise RuntimeError(f"the viewer has ended with status {viewer.returncode}")
            return os.path.exists(self.path("stream.flv")) and os.path.getsize(self.path("stream.flv"))
        wait("a viewer's first bytes", watches)

        self.ask_staff("POST", "/api/v1/shows/demo/lobby", {})
        status, text = self.ask("POST", "/api/v1/join", {"name": "Ada", "show": "demo"})
        if status != 200:
            raise RuntimeError(f"join: {status} {text}")
        token = json.loads(text)["token"]
        self.connect_player(token)
        self.ask_staff("POST", "/api/v1/shows/demo/open", {"force": True})

        def answered():
            status, text = self.ask(
                "POST", "/api/v1/answers", {"question": "q1", "choice": 1}, token)
            return status == 200 and "accepted" in text
        wait("a receipt", answered)

    def connect_player(self, token):
        """A player on a WebSocket, who says that all is well."""
        plain = socket.create_connection(("localhost", self.audience), PATIENCE_S)
        self.websocket = self.trust.wrap_socket(plain, server_hostname="localhost")
        key = base64.b64encode(os.urandom(16)).decode()
        self.websocket.sendall((
            f"GET /live/demo.flv HTTP/1.1\r\nHost: localhost:{self.audience}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {token}\r\n\r\n").encode())
        head = self.websocket.recv(12)
        if head[9:12] != b"101":
            raise RuntimeError(f"the WebSocket: {head!r}")

    def report(self):
        """What a player says of itself; all of it is claimed."""
        text = json.dumps({
            "type": "report", "state": "playing", "delayMs": 1200, "offsetMs": 5, "stalls": 1,
            "stallMs": 80, "firstFrameMs": 700}).encode()
        assert len(text) < 126, "a longer one has another head"
        # Under a mask of zeros, which is one.
        self.websocket.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)

    def drink(self):
        """Reads what the player's WebSocket has, so that it is no slow viewer."""
        self.websocket.setblocking(False)
        try:
            while self.websocket.recv(1 << 16):
                pass
        except (ssl.SSLWantReadError, BlockingIOError):
            pass
        finally:
            self.websocket.settimeout(PATIENCE_S)
