"""What each browser test begins from: a server and a feed of its class, pages of its own."""

import re
import unittest
from pathlib import Path

from . import feed as feeds
from .chromium import Chromium, Watched
from .pages import Pages
from .server import HOUSE, Server
from .witness import Witness

EVIDENCE = HOUSE / ".build" / "browser-failures"
_shared = {}


def chromium():
    """The browser that all tests share; started when the first needs it."""
    if "chromium" not in _shared:
        _shared["chromium"] = Chromium()
    return _shared["chromium"]


def own_pages():
    """The tests' own pages, on an origin of their own."""
    if "pages" not in _shared:
        _shared["pages"] = Pages()
    return _shared["pages"]


def close():
    """Ends what all tests shared."""
    for one in reversed(list(_shared.values())):
        one.close()
    _shared.clear()


class BrowserCase(unittest.TestCase):
    """`self.server` with `self.feed` on `stream`, both of the class; what a test opens is closed
    after it."""

    stream = "show"
    server_options = ()
    has_feed = True

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.server_options)
        cls.addClassCleanup(cls.server.close)
        cls.feed = None
        cls.addClassCleanup(lambda: cls.feed and cls.feed.close())
        if cls.has_feed:
            cls.start_feed()

    @classmethod
    def start_feed(cls, path=None, **options):
        """Publishes (another clip), and returns once the server has frames of it."""
        if cls.feed:
            cls.feed.close()
        cls.feed = feeds.Feed(cls.server, cls.stream, path, **options)
        return cls.feed

    def setUp(self):
        self.opened = []

    def open(self, url="/", context=None, **options):
        """A watched page in a context of its own; a path is the viewer page's server's."""
        context = context or self.context(**options)
        page = Watched(context)
        self.opened.append(page)
        return page.goto(self.server.audience + url if url.startswith("/") else url)

    def context(self, **options):
        context = chromium().context(**options)
        self.addCleanup(context.close)
        return context

    def embed(self, context=None, stream=None, origin=None, module=None):
        """A page of somebody else's that embeds the player, served from another origin.

        The stream comes from `origin`, and the player's own file from there too, or `module`.
        """
        origin = origin or self.server.audience
        url = f"{origin}/live/{stream or self.stream}.flv"
        place = f"{own_pages().origin}/embed.html?from={module or origin}&url={url}"
        return self.open(place, context)

    def witness(self, path=None, first=0, stream=None):
        """A viewer that knows which frame is at which programme time."""
        one = Witness(self.server, stream or self.stream, path or self.feed.path, first)
        self.addCleanup(one.close)
        return one

    def clock(self, witness):
        """(programme time less wall time, the delay all viewers are to have), ms."""
        witness.wait(lambda: witness.numbers)
        told = self.server.json(f"/api/v1/clock?stream={self.stream}")
        return told["programmeMs"] - told["serverMs"], told["targetDelayMs"]

    def assert_clean(self, page):
        """No policy violation, no uncaught error."""
        self.assertEqual(page.faults(), [])

    def evidence(self):
        """Pictures and words of the pages that were open when the test failed."""
        words = ""
        EVIDENCE.mkdir(parents=True, exist_ok=True)
        for place, page in enumerate(getattr(self, "opened", [])):
            path = EVIDENCE / (re.sub(r"\W+", "-", self.id()) + f"-{place}.png")
            try:
                page.page.screenshot(path=str(path), timeout=5_000)
                words += f"\nseen: {path}"
            except Exception as error:  # the page may be what is broken
                words += f"\nno picture of page {place}: {error}"
            words += "".join(f"\nconsole: {line}" for line in page.console[-10:])
        return words + "\nserver: " + self.server.words()[-600:]
