"""The tests' own means are right: the pattern is read, and a bad network is bad."""

import socket
import subprocess
import time
import unittest

from support import feed as feeds
from support import pattern
from support.case import BrowserCase, own_pages
from support.relay import Relay

TYPE = 'video/mp4; codecs="avc1.640028"'


class PatternTests(unittest.TestCase):
    def test_a_number_comes_back_and_a_damaged_one_does_not(self):
        for value in (0, 1, 2, 999, 40_000, 65_535):
            blocks = pattern.bits(value)
            self.assertEqual(pattern.number(blocks), value)
            for place in range(pattern.BLOCKS):
                damaged = blocks[:place] + [1 - blocks[place]] + blocks[place + 1:]
                self.assertIsNone(pattern.number(damaged))

    def test_frames_of_a_clip_can_be_told_apart(self):
        known = feeds.frames(str(feeds.clip()))
        self.assertGreater(len(known), 2900)
        self.assertLess(sum(place is None for place in known.values()), 30)


class ReadingTests(BrowserCase):
    has_feed = False

    def test_each_frame_on_the_screen_is_read(self):
        path = feeds.clip().with_suffix(".mp4")
        if not path.exists():
            subprocess.run(
                ["ffmpeg", "-v", "error", "-y", "-i", str(feeds.clip()), "-t", "10", "-an", "-c",
                 "copy", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4",
                 str(path)], check=True)
        context = self.context()
        context.route("**/clip.mp4", lambda route: route.fulfill(
            body=path.read_bytes(), content_type="video/mp4"))
        page = self.open(f"{own_pages().origin}/bare.html?file=clip.mp4&type={TYPE}", context)
        page.wait_for_frames(100)
        frames = page.frames()
        self.assertEqual(page.run("() => __probe.unread"), 0)
        for number, _, media_time in frames:
            self.assertAlmostEqual(number * feeds.FRAME_MS / 1000, media_time, delta=0.021)
        self.assertGreater(len({number for number, _, _ in frames}), 90)


class RelayTests(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.relay = Relay(self.listener.getsockname()[1], delay_ms=100, bytes_per_s=200_000)
        self.addCleanup(self.relay.close)
        self.near = socket.create_connection(("127.0.0.1", self.relay.port), timeout=10)
        self.addCleanup(self.near.close)
        self.far = self.listener.accept()[0]
        self.far.settimeout(10)
        self.addCleanup(self.far.close)

    def read(self, end, count):
        data = b""
        while len(data) < count:
            data += end.recv(count - len(data)) or self.fail("the relay ended")
        return data

    def test_bytes_come_later_and_no_faster_than_the_network_gives(self):
        began = time.monotonic()
        self.near.sendall(b"up")
        self.assertEqual(self.read(self.far, 2), b"up")
        self.assertGreaterEqual(time.monotonic() - began, 0.1)
        began = time.monotonic()
        self.far.sendall(bytes(60_000))
        self.read(self.near, 60_000)
        self.assertGreaterEqual(time.monotonic() - began, 0.3)

    def test_a_stall_holds_and_a_cut_ends(self):
        self.relay.stall()
        self.far.sendall(b"down")
        self.near.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            self.near.recv(4)
        self.near.settimeout(10)
        self.relay.resume()
        self.assertEqual(self.read(self.near, 4), b"down")
        self.relay.cut()
        try:
            self.assertEqual(self.near.recv(1), b"")
        except ConnectionError:
            pass
