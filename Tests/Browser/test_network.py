"""The player in bad networks and behind servers that come and go."""

from support import feed as feeds
from support.feed import Feed
from support.measure import apart, behind, extent, share, spread
from support.player import PlayerCase
from support.relay import Relay
from support.tabs import Tabs
from support.case import own_pages

RECOVERY_S = 20
ROUNDS_MAX = 5
STEADY_MS = 300
PAUSE_MS = 3_000


class NetworkTests(PlayerCase):
    def through(self, **options):
        relay = Relay(self.server.http_port, **options)
        self.addCleanup(relay.close)
        return relay

    def while_steady(self, witness, measure):
        """What measure() returned of a time in which the feed came steadily.

        One that stands still, as its encoder gets no processor, says nothing of players.
        """
        for _ in range(ROUNDS_MAX):
            came = len(witness.arrivals)
            result = measure()
            if extent(witness.arrivals[came:]) < STEADY_MS:
                break
        return result

    def test_lockstep_of_a_near_and_a_far_viewer(self):
        near, far = self.through(), self.through(delay_ms=200, bytes_per_s=60_000)
        # Each in a window of its own: of two tabs of one, the first is in the background.
        pages = [self.embed(self.context(), origin=one.origin) for one in (near, far)]
        witness = self.witness()

        def measure():
            for page in pages:
                self.wait_in_step(page)
            starts = [page.frame_count() for page in pages]
            pages[0].wait_for_frames(200)
            return apart(*(page.frames(start) for page, start in zip(pages, starts)))

        errors = self.while_steady(witness, measure)
        self.assertGreater(len(errors), 100)
        self.assertGreaterEqual(share(errors, 100), 0.95, f"ms apart: {spread(errors)}")

    def test_the_picture_is_as_old_as_the_server_wants(self):
        witness, page = self.witness(), self.embed()
        clock_ms, target_ms = self.clock(witness)

        def measure():
            self.wait_in_step(page)
            start = page.frame_count()
            page.wait_for_frames(100)
            return behind(page.frames(start), witness, clock_ms)

        ages = self.while_steady(witness, measure)
        self.assertGreater(len(ages), 50)
        off = [age - target_ms for age in ages]
        self.assertGreaterEqual(share(off, 200), 0.95, f"ms from the target: {spread(off)}")

    def test_a_cut_is_mended(self):
        relay = self.through()
        page = self.embed(origin=relay.origin)
        page.wait_for_frames(25)
        taken = relay.accepted
        relay.cut()
        page.wait_for_frames(75, RECOVERY_S)
        self.assertGreater(relay.accepted, taken)
        self.wait_state(page, "playing")
        self.assert_clean(page)

    def test_a_pause_of_the_network_is_not_kept_as_delay(self):
        relay = self.through()
        page = self.embed(origin=relay.origin)
        self.wait_in_step(page)
        relay.stall()
        page.run("(ms) => new Promise((done) => setTimeout(done, ms))", PAUSE_MS)
        page.run("() => { said.stats.length = 0; }")
        relay.resume()
        # Somewhat behind the others it may stay, where the network could not hold it.
        self.wait_in_step(page, RECOVERY_S, 400)

    def test_a_network_that_is_not_there_at_first_is_waited_for(self):
        relay = self.through()
        relay.refuse()
        page = self.embed(origin=relay.origin, module=self.server.audience)
        page.wait("() => window.said?.error.some((one) => one.code === 'unreachable')")
        relay.refuse(False)
        page.wait_for_picture(RECOVERY_S)

    def test_without_websockets_the_stream_comes_by_http(self):
        relay = self.through(blocks_upgrades=True)
        page = self.embed(origin=relay.origin)
        page.wait_for_frames(50)
        page.wait("() => said.stats.at(-1)?.transport === 'http'")

    def test_a_hidden_tab_is_at_the_live_edge_when_it_comes_back(self):
        tabs = Tabs()
        self.addCleanup(tabs.close)
        tab = tabs.open(f"{own_pages().origin}/embed.html?from={self.server.audience}"
                        f"&url={self.server.audience}/live/{self.stream}.flv")
        tabs.wait(tab, "window.said?.stats.length >= 5")
        other = tabs.open("about:blank")
        tabs.show(other)
        tabs.wait(tab, "document.visibilityState === 'hidden'")
        tabs.run(tab, "new Promise((done) => setTimeout(done, 8000))")
        tabs.run(tab, "(said.stats.length = 0, __probe.frames.length = 0, 1)")
        tabs.show(tab)
        tabs.wait(tab, "__probe.frames.length > 5")
        tabs.wait(tab, "said.stats.at(-1) && Math.abs(said.stats.at(-1).offsetMs) <= 300")


class RestartTests(PlayerCase):
    """Each of these ends a server or a feed, so each has its own."""

    has_feed = False

    def setUp(self):
        super().setUp()
        self.start_feed()

    def tearDown(self):
        self.feed.close()
        super().tearDown()

    def test_a_publisher_comes_back_larger(self):
        page = self.embed()
        page.wait_for_frames(50)
        self.start_feed(feeds.large())
        self.wait_number(page, "(number) => number >= 20000", RECOVERY_S)
        page.wait_for_frames(75)
        self.assertEqual(page.run("() => document.querySelector('video').videoWidth"), 1280)
        self.start_feed()
        self.wait_number(page, "(number) => number < 20000", RECOVERY_S)
        page.wait_for_frames(75)
        self.assert_clean(page)

    def test_a_server_that_was_killed_is_found_again(self):
        page = self.embed()
        page.wait_for_frames(50)
        self.server.kill()
        page.wait("() => ['connecting', 'waiting', 'buffering'].includes(said.state.at(-1).state)")
        self.server.start()
        self.start_feed()
        page.wait_for_frames(75, RECOVERY_S + 10)
        self.wait_state(page, "playing")

    def test_a_page_that_was_there_before_the_stream(self):
        self.feed.close()
        page = self.embed(stream="later")
        # Longer than a request waits at the server, so that the player has been told 404 as well.
        page.wait("() => window.said?.state.at(-1)?.state === 'waiting'")
        page.run("() => new Promise((done) => setTimeout(done, 6000))")
        feed = Feed(self.server, "later")
        self.addCleanup(feed.close)
        page.wait_for_frames(50, RECOVERY_S)
