"""Clips whose frames carry their number, made by ffmpeg once, and ffmpeg that publishes them."""

import os
import subprocess
import threading
from functools import lru_cache
from pathlib import Path

from . import flv, pattern
from .server import HOUSE

FPS = 25
FRAME_MS = 1000 / FPS
CLIPS = Path(os.environ.get("FANFARE_CLIPS", HOUSE / ".build" / "browser-clips"))
# A change of how clips are made gives them new names.
EDITION = 1


def clip(name="small", width=640, height=360, seconds=120, kbps=300, b_frames=0, gop=25,
         has_audio=True, first=0):
    """The path of a clip, made if it isn't there. Its frame n shows the number first + n."""
    path = CLIPS / f"{name}-{EDITION}.flv"
    if path.exists():
        return path
    CLIPS.mkdir(parents=True, exist_ok=True)
    # Two classes may make the same clip at a time, each its own file until it is whole.
    part = path.with_suffix(f".{os.getpid()}.part")
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray",
               "-s", f"{width}x{height}", "-r", str(FPS), "-i", "-"]
    if has_audio:
        command += ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=48000:duration={seconds}",
                    "-c:a", "aac", "-b:a", "64k", "-ac", "2"]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", f"{kbps}k",
                "-maxrate", f"{kbps}k", "-bufsize", f"{kbps}k", "-g", str(gop),
                "-keyint_min", str(gop), "-sc_threshold", "0", "-bf", str(b_frames),
                "-f", "flv", str(part)]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        for number in range(seconds * FPS):
            encoder.stdin.write(pattern.frame(first + number, width, height))
    finally:
        encoder.stdin.close()
        if encoder.wait():
            raise RuntimeError("ffmpeg could not make the clip; its words are above")
    part.rename(path)
    return path


def large():
    """The same in another resolution, with other numbers."""
    return clip("large", 1280, 720, seconds=30, kbps=700, first=20_000)


@lru_cache
def frames(path):
    """{digest of a frame's tag: its number's place in the clip} of a clip whose frames differ."""
    reader, found, times = flv.Reader(), {}, []
    for kind, time, body in reader.feed(Path(path).read_bytes()):
        if kind == flv.VIDEO and flv.is_frame(body):
            times.append((time + flv.composition_ms(body), flv.digest(body)))
    start = min(time for time, _ in times)
    for time, key in times:
        found[key] = None if key in found else round((time - start) / FRAME_MS)
    return found


class Feed:
    """An ffmpeg that publishes a clip in real time, over and over, until close()."""

    def __init__(self, server, stream, path=None, options=(), inputs=()):
        self.server, self.stream = server, stream
        self.path = path or clip()
        command = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", *inputs, "-i",
                   str(self.path), "-c", "copy", *options, "-f", "flv", server.publish_url(stream)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.said = b""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stderr:
            self.said = (self.said + line)[-4000:]

    def close(self):
        """Ends as an encoder that loses its power: without a word."""
        self.process.kill()
        self.process.wait()
