"""A publisher that does what encoders do when they go wrong: tracks that come and go, time that
jumps, promises that are not kept. Speaks RTMP itself, for no encoder can be made to."""

import socket
import struct
import threading
import time

from . import flv
from .feed import clip

CHUNK_BYTES = 60_000
SOUND_PROMISED = {"audiocodecid": 10.0, "audiosamplerate": 48000.0}
PICTURE_PROMISED = {"videocodecid": 7.0, "width": 640.0, "height": 360.0, "framerate": 25.0}


def amf(value):
    """A value as AMF0; a dictionary is an object."""
    if value is None:
        return b"\x05"
    if isinstance(value, bool):
        return b"\x01" + bytes([value])
    if isinstance(value, (int, float)):
        return b"\x00" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"\x02" + _text(value)
    members = b"".join(_text(key) + amf(one) for key, one in value.items())
    return b"\x03" + members + b"\0\0\x09"


def _text(value):
    data = value.encode()
    return struct.pack(">H", len(data)) + data


class TagFeed:
    """Publishes a clip's tags in real time, over and over, until close(). `has_sound` and
    `has_picture` may change meanwhile; HEADER is a track that brings its header and nothing else."""

    HEADER = "header"

    def __init__(self, server, stream, path=None, has_sound=True, has_picture=True, promises=None,
                 first_ms=0):
        self.path = path or clip()
        self.tags = flv.Reader().feed(self.path.read_bytes())
        self.has_sound, self.has_picture = has_sound, has_picture
        self.shift_ms = first_ms
        self.is_closed = threading.Event()
        self.error = None
        self.socket = socket.create_connection(("127.0.0.1", server.rtmp_port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._begin(server, stream)
        if promises is None:
            promises = {**(PICTURE_PROMISED if has_picture else {}),
                        **(SOUND_PROMISED if has_sound else {})}
        self._send(18, 0, amf("@setDataFrame") + amf("onMetaData") + amf(promises))
        threading.Thread(target=self._drain, daemon=True).start()
        self.thread = threading.Thread(target=self._publish, daemon=True)
        self.thread.start()

    def _begin(self, server, stream):
        self.socket.sendall(b"\x03" + bytes(8) + bytes(range(256)) * 5 + bytes(248))
        reply = b""
        while len(reply) < 3073:
            data = self.socket.recv(3073 - len(reply))
            if not data:
                raise RuntimeError("the server ended the RTMP handshake")
            reply += data
        self.socket.sendall(reply[1:1537])
        # Each message's first chunk is told by the size that holds before it.
        self._send(1, 0, struct.pack(">I", CHUNK_BYTES), stream=0)
        self._send(20, 0, amf("connect") + amf(1) + amf({
            "app": "live", "type": "nonprivate", "flashVer": "FMLE/3.0",
            "tcUrl": f"rtmp://127.0.0.1:{server.rtmp_port}/live"}), stream=0)
        self._send(20, 0, amf("createStream") + amf(2) + amf(None), stream=0)
        self._send(20, 0, amf("publish") + amf(3) + amf(None) + amf(stream) + amf("live"))

    def _send(self, kind, timestamp, body, stream=1):
        timestamp &= 0xFFFFFFFF
        stated = min(timestamp, 0xFFFFFF)
        channel = {8: 4, 9: 6}.get(kind, 3)
        longer = struct.pack(">I", timestamp) if stated == 0xFFFFFF else b""
        data = (bytes([channel]) + stated.to_bytes(3, "big") + len(body).to_bytes(3, "big")
                + bytes([kind]) + struct.pack("<I", stream) + longer + body[:CHUNK_BYTES])
        for at in range(CHUNK_BYTES, len(body), CHUNK_BYTES):
            data += bytes([0xC0 | channel]) + longer + body[at:at + CHUNK_BYTES]
        self.socket.sendall(data)

    def _drain(self):
        try:
            while self.socket.recv(1 << 16):
                pass
        except OSError:
            pass

    def _publish(self):
        began, round_ms = time.monotonic(), self.tags[-1][1] + 40
        try:
            for turn in range(10_000):
                for kind, timestamp, body in self.tags:
                    at = timestamp + turn * round_ms
                    if self.is_closed.wait(max(0, began + at / 1000 - time.monotonic())):
                        return
                    has = {flv.AUDIO: self.has_sound, flv.VIDEO: self.has_picture}.get(kind)
                    if has is True or has and body[1] == 0:
                        self._send(kind, at + self.shift_ms, body)
        except OSError as error:
            if not self.is_closed.is_set():
                self.error = error

    def jump(self, ms):
        """From here on all timestamps are so much later (or earlier)."""
        self.shift_ms += ms

    def close(self):
        self.is_closed.set()
        self.thread.join(10)
        self.socket.close()
