"""The player on somebody else's page: frames, cues on them, and feeds that go wrong."""

from support import feed as feeds
from support.feed import FRAME_MS
from support.measure import frames_off
from support.player import PlayerCase
from support.rtmp import TagFeed
from support.show import Show, staff


def is_question(name, value):
    return name == "onQuiz" and value.get("phase") == "question"


class PlayerTests(PlayerCase):
    def test_starts_muted_by_itself_and_sounds_at_a_tap(self):
        page = self.embed()
        page.wait_for_picture()
        self.wait_state(page, "playing")
        self.assertTrue(page.run("() => document.querySelector('video').muted"))
        page.run("() => addEventListener('click', () => player.setMuted(false))")
        page.page.mouse.click(300, 200)
        page.wait("() => !document.querySelector('video').muted")
        page.wait_for_frames(10)
        self.assertFalse(page.run("() => document.querySelector('video').paused"))
        self.assert_clean(page)

    def test_a_cue_comes_with_its_frame(self):
        self.check_cues(self.embed(), self.witness())

    def check_cues(self, page, witness):
        self.wait_state(page, "playing")
        page.wait_for_frames(25)
        show = Show(self.server, self.stream)
        self.addCleanup(show.end)
        show("lobby")
        for count in range(8):
            text = f"Announcement {count}"
            show.announce(text)
            witness.wait_for_cue(lambda _, value: value.get("text") == text)
            page.wait_for_frames(7 + count % 3)
        show("open")
        witness.wait_for_cue(is_question)
        page.wait("() => said.cue.some((one) => one.value.phase === 'question')")
        heard = {one["value"]["seq"]: one for one in page.run("() => said.cue")}
        presented = [number for number, _, _ in page.frames()]
        late = []
        with witness.changed:
            said = [(value, at) for _, value, at in witness.cues if value["pts"] <= at + FRAME_MS]
        for value, at in said:
            if (one := heard.get(value["seq"])) is None or one["isStanding"]:
                continue
            self.assertEqual(one["value"]["pts"], value["pts"])
            late.append(frames_off(presented, one["number"], witness.number_at(at)))
        self.assertGreaterEqual(len(late), 9, "cues that were heard live")
        self.assertLessEqual(max(map(abs, late)), 1, f"frames from where they belong: {late}")

    def test_a_cue_that_stands_comes_at_once(self):
        show = Show(self.server, self.stream)
        self.addCleanup(show.end)
        show("lobby")
        page = self.embed()
        page.wait("() => window.said?.cue.some((one) => one.isStanding && one.value.phase === 'lobby')")

    def test_a_track_that_brings_only_its_header_is_gone_without(self):
        feed = TagFeed(self.server, "silent", has_sound=TagFeed.HEADER)
        self.addCleanup(feed.close)
        page = self.embed(stream="silent")
        page.wait_for_frames(50)
        self.assertIsNone(feed.error)

    def test_sound_that_vanishes_and_comes_back_takes_no_picture_with_it(self):
        feed = TagFeed(self.server, "half")
        self.addCleanup(feed.close)
        page = self.embed(stream="half")
        page.wait_for_frames(25)
        feed.has_sound = False
        page.wait_for_frames(200)
        feed.has_sound = True
        page.wait_for_frames(100)

    def test_picture_that_vanishes_comes_back(self):
        feed = TagFeed(self.server, "dark")
        self.addCleanup(feed.close)
        page = self.embed(stream="dark")
        page.wait_for_frames(25)
        feed.has_picture = False
        began = page.run("() => document.querySelector('video').currentTime")
        page.wait("(t) => document.querySelector('video').currentTime > t + 4", began)
        feed.has_picture = True
        page.wait_for_frames(75)

    def test_time_that_jumps_and_begins_anywhere_is_played_on(self):
        feed = TagFeed(self.server, "odd", first_ms=0xFFFFFFFF - 4_000)
        self.addCleanup(feed.close)
        page = self.embed(stream="odd")
        page.wait_for_frames(150)
        feed.jump(3_600_000)
        page.wait_for_frames(50)
        feed.jump(-7_200_000)
        page.wait_for_frames(50)

    def test_it_works_in_a_worker_or_beside_the_page(self):
        page = self.embed()
        page.wait("() => window.said?.stats.at(-1)?.isInWorker === true")
        page.wait_for_frames(25)
        context = self.context()
        context.add_init_script("delete window.Worker;")
        page = self.embed(context)
        page.wait("() => window.said?.stats.at(-1)?.isInWorker === false")
        page.wait_for_frames(50)
        self.wait_in_step(page)
        self.assert_clean(page)

    def test_stopped_it_lets_go_and_begins_anew(self):
        page = self.embed()
        page.wait_for_frames(25)
        page.run("() => player.stop()")
        self.wait_state(page, "stopped")
        self.assertTrue(page.run("""() => { const video = document.querySelector('video');
            return !video.srcObject && !video.getAttribute('src'); }"""))
        page.run("() => player.start()")
        self.wait_state(page, "playing")
        page.wait_for_frames(25)

    def test_b_frames_are_shown_in_their_order(self):
        clip = feeds.clip("b-frames", seconds=30, b_frames=3)
        self.addCleanup(feeds.Feed(self.server, "b", clip).close)
        page, witness = self.embed(stream="b"), self.witness(clip, stream="b")
        page.wait_for_frames(100)
        staff(self.server, "POST", "/streams/b/announcements", {"text": "B", "level": "info"})
        _, _, at = witness.wait_for_cue(lambda _, value: value.get("text") == "B")
        page.wait("() => said.cue.some((one) => one.value.text === 'B')")
        heard = page.run("() => said.cue.find((one) => one.value.text === 'B')")
        presented = [number for number, _, _ in page.frames()]
        self.assertLessEqual(
            abs(frames_off(presented, heard["number"], witness.number_at(at))), 1)
        steps = [after - before for before, after in zip(presented, presented[1:])]
        self.assertEqual([step for step in steps if -600 < step < 0], [])


class FormatTests(PlayerCase):
    has_feed = False

    def test_sound_alone_is_played(self):
        feed = TagFeed(self.server, "radio", has_picture=False)
        self.addCleanup(feed.close)
        page = self.embed(stream="radio")
        page.wait("() => document.querySelector('video').currentTime > 4")
        page.wait("() => { const { videoCodec, audioCodec } = said.stats.at(-1);"
                  "return videoCodec === null && audioCodec.startsWith('mp4a'); }")

    def test_mp3_is_played(self):
        self.addCleanup(feeds.Feed(self.server, "mp3", options=("-c:a", "libmp3lame")).close)
        page = self.embed(stream="mp3")
        page.wait_for_frames(50)
        page.wait("() => said.stats.at(-1)?.audioCodec === 'mp3'")
        began = page.run("() => document.querySelector('video').currentTime")
        page.wait("(t) => document.querySelector('video').currentTime > t + 3", began)

    def test_slides_are_shown(self):
        options = ("-c:v", "libx264", "-preset", "ultrafast", "-r", "4/5", "-g", "1")
        self.addCleanup(feeds.Feed(self.server, "slides", options=options).close)
        page = self.embed(stream="slides")
        page.wait_for_frames(8)
        self.assertEqual(page.run("() => said.error.map((one) => one.code)"), [])
