"""Serves the tests' own pages from an origin that isn't Fanfare's."""

import http.server
import threading
from functools import partial
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "pages"


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".html": "text/html; charset=utf-8", ".js": "text/javascript", "": "text/plain"}

    def log_message(self, *_):
        pass


class Pages:
    """The folder pages/ on a port of its own, until close()."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Handler, directory=str(FOLDER)))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
