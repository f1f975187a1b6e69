"""Over TLS: the page and the console by https, the stream by wss."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from support.case import BrowserCase
from support.server import binary, free_port


class SecureTests(BrowserCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="fanfare-secure-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        certificate, key = cls.folder / "certificate.pem", cls.folder / "key.pem"
        subprocess.run(
            [binary(), "certificate", "--self-signed", "localhost", "127.0.0.1",
             "--certificate", certificate, "--key", key], check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        cls.origin = f"https://127.0.0.1:{port}"
        cls.server_options = (
            "--https", f"127.0.0.1:{port}", "--tls-certificate", str(certificate),
            "--tls-key", str(key), "--staff-tls")
        super().setUpClass()

    def test_chromium_plays_over_wss(self):
        context = self.context(ignore_https_errors=True)
        sockets = []
        context.on("page", lambda page: page.on(
            "websocket", lambda socket: sockets.append(socket.url)))
        page = self.open(f"{self.origin}/watch/{self.stream}", context=context)
        page.wait_for_picture()
        page.wait_for_frames(100)
        self.assertTrue(sockets, "the stream came by something else than a WebSocket")
        for url in sockets:
            self.assertTrue(url.startswith("wss://"), url)
        self.assert_clean(page)

    def test_the_console_opens_over_tls(self):
        context = self.context(ignore_https_errors=True)
        page = self.open(f"https://127.0.0.1:{self.server.staff_port}/", context=context)
        page.wait("() => document.body?.innerText.includes('show')")
        self.assert_clean(page)
