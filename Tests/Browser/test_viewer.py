"""The viewer's page: a whole show, by touch and by keys, in every phase."""

from support.chromium import PHONE
from support.measure import frames_off
from support.relay import Relay
from support.show import question
from support.viewer import WORDS, ViewerCase

QUESTION_TEXT = "document.querySelector('.card-text')?.textContent ?? ''"


class ShowTests(ViewerCase):
    def test_a_whole_show_by_touch(self):
        show = self.show([question(f"Question {n}?", window_ms=20_000) for n in (1, 2)],
                         title="The Big One", prize={"minorUnits": 10000, "currency": "EUR"},
                         guestsMayWin=True)
        show("lobby")
        page = self.viewer(**PHONE)
        self.wait_words(page, "The Big One")
        self.wait_words(page, "100")
        self.join(page)

        show("open")
        self.wait_words(page, "Question 1?")
        self.assertEqual(page.page.locator(".option").count(), 3)
        self.option(page, 1).tap()
        self.wait_kept(page)
        self.assertEqual(self.option(page, 1).get_attribute("aria-pressed"), "true")
        # Another tap changes nothing: the first answer stands.
        self.option(page, 2).tap(force=True)
        self.assertEqual(self.option(page, 2).get_attribute("aria-pressed"), "false")

        show("lock", force=True)
        self.wait_words(page, "Closed")
        show("reveal")
        self.wait_words(page, "Right!")
        self.wait_words(page, "You’re still in")
        self.check_distribution(page, [1, 0, 0])

        show("next")
        self.wait_words(page, "Standings")
        self.wait_words(page, "Ada")
        show("open")
        self.wait_words(page, "Question 2?")
        self.option(page, 1).tap()
        self.wait_kept(page)
        show("lock", force=True)
        show("reveal")
        self.wait_words(page, "Right!")
        show("finish")
        self.wait_words(page, "winner")
        show("settle")
        self.wait_words(page, "100")
        self.wait_words(page, "You have won")
        self.assert_clean(page)

    def check_distribution(self, page, counts):
        """The numbers on the options are those of the reveal, and their shares make 100 %."""
        shares = page.page.locator(".option-share").all_inner_texts()
        numbers = [[int(part.strip("% ").split()[0]) for part in text.split("\n")] for text in shares]
        self.assertEqual([count for _, count in numbers], counts)
        self.assertEqual(sum(percent for percent, _ in numbers), 100 if sum(counts) else 0)

    def test_keys_revive_out_and_watching_on(self):
        show = self.show([question(f"Q{n}?", window_ms=20_000) for n in (1, 2, 3, 4)])
        show("lobby")
        page = self.viewer()
        self.join(page)
        show("open")
        self.wait_words(page, "Q1?")
        page.page.keyboard.press("7")
        page.page.keyboard.press("2")
        self.wait_kept(page)
        self.assertEqual(self.option(page, 2).get_attribute("aria-pressed"), "true")
        show("lock", force=True)
        show("reveal")
        self.wait_words(page, "Wrong")
        self.wait_words(page, "revive saved you")
        self.check_distribution(page, [0, 1, 0])
        show("open")
        self.wait_words(page, "Q2?")
        show("lock", force=True)
        show("reveal")
        self.wait_words(page, "No answer")
        self.wait_words(page, "You’re out")
        self.check_distribution(page, [0, 0, 0])
        show("open")
        self.wait_words(page, "Q3?")
        self.wait_words(page, "out of the game")
        page.page.keyboard.press("1")
        self.assertEqual(self.option(page, 1).get_attribute("aria-pressed"), "false")
        self.assert_clean(page)

    def test_keys_go_to_the_name_while_it_is_typed(self):
        show = self.show()
        show("lobby")
        page = self.viewer()
        show("open")
        self.wait_words(page, "Which is it?")
        field = self.name_field(page)
        field.focus()
        page.page.keyboard.type("R2D2")
        self.assertEqual(field.input_value(), "R2D2")

    def test_void_correction_pause_and_late_comers(self):
        show = self.show([question(f"Q{n}?", window_ms=20_000) for n in (1, 2, 3)])
        show("lobby")
        page = self.viewer()
        self.join(page)
        show("open")
        self.wait_words(page, "Q1?")
        show("pause")
        self.wait_words(page, "Paused")
        show("resume")
        self.wait_without(page, "Paused")
        self.option(page, 2).click()
        self.wait_kept(page)
        show("void", reason="The picture was missing")
        self.wait_words(page, "taken back")
        self.wait_words(page, "The picture was missing")

        show("open")
        self.wait_words(page, "Q2?")
        self.option(page, 2).click()
        self.wait_kept(page)
        show("lock", force=True)
        show("reveal")
        self.wait_words(page, "Wrong")
        show("correct", correct=2, reason="A typo")
        self.wait_words(page, "Right!")
        self.wait_words(page, "A typo")

        late = self.viewer()
        show("open")
        self.wait_words(late, "Q3?")
        self.join(late, "Bob", "Watching")
        for one in (page, late):
            self.assert_clean(one)

    def test_a_kicked_player_is_told_and_watches_on(self):
        show = self.show()
        show("lobby")
        page = self.viewer()
        self.join(page)
        player = show.players()[0]
        show("kick", player=player.get("id") or player.get("player"))
        show("open")
        self.wait_words(page, "Which is it?")
        self.option(page, 1).click()
        self.wait_words(page, "taken you out")
        self.assertEqual(self.option(page, 1).get_attribute("aria-pressed"), "false")
        page.wait_for_frames(10)

    def test_announcements_come_and_go(self):
        page = self.viewer()
        show = self.show()
        show.announce("We begin in five minutes")
        self.wait_words(page, "We begin in five minutes", anywhere=True)
        show.announce("Please refresh", "warning")
        self.wait_words(page, "Please refresh", anywhere=True)
        later = self.viewer()
        self.wait_words(later, "Please refresh", anywhere=True)
        show.clear_announcement()
        for one in (page, later):
            self.wait_without(one, "Please refresh")

    def test_a_rehearsal_says_so(self):
        show = self.show(isRehearsal=True)
        show("lobby")
        self.wait_words(self.viewer(), "Rehearsal", anywhere=True)

    def test_points_are_told(self):
        show = self.show(mode="points")
        show("lobby")
        page = self.viewer()
        self.join(page)
        show("open")
        self.wait_words(page, "Which is it?")
        self.option(page, 1).click()
        self.wait_kept(page)
        show("lock", force=True)
        show("reveal")
        self.wait_words(page, "Right!")
        self.wait_words(page, "point")


class OverlayTests(ViewerCase):
    def test_a_question_is_laid_over_its_frame(self):
        show = self.show([question(f"On its frame {n}?", window_ms=5000) for n in range(5)])
        show("lobby")
        witness, page = self.witness(), self.viewer()
        page.note("question", QUESTION_TEXT)
        page.wait_for_frames(25)
        off = []
        for n in range(4):
            show("open")
            text = f"On its frame {n}?"
            _, _, at = witness.wait_for_cue(lambda _, value: value.get("text") == text)
            self.wait_words(page, text)
            page.wait_for_frames(2)
            seen = next(one for one in page.seen("question") if one["value"] == text)
            presented = [number for number, _, _ in page.frames()]
            off.append(frames_off(presented, seen["number"], witness.number_at(at)))
            show("lock", force=True)
            show("reveal")
        self.assertLessEqual(max(map(abs, off)), 1, f"frames from where they belong: {off}")


class ReturnTests(ViewerCase):
    """In each phase: a reload, a lost connection, and a player who comes on another device."""

    def phases(self, show):
        """(name, what is done to come there, what the page says then)."""
        yield "lobby", lambda: show("lobby"), "The browser's show"
        yield "question", lambda: show("open"), "Q1?"
        yield "locked", lambda: show("lock", force=True), "Closed"
        yield "reveal", lambda: show("reveal"), "Right!"
        yield "standings", lambda: show("next"), "Standings"
        yield "void", lambda: (show("open"), show("void", reason="Noise")), "taken back"
        yield "winners", lambda: show("finish", early=True), "winner"
        yield "over", lambda: show("settle"), "That was the show"

    def walk(self, come_back):
        show = self.show([question(f"Q{n}?", window_ms=60_000) for n in (1, 2, 3)])
        page = None
        for phase, come_there, words in self.phases(show):
            come_there()
            if page is None:
                page = self.prepare()
                self.join(page)
            self.wait_words(page, words)
            if phase == "question":
                self.option(page, 1).click()
                self.wait_kept(page)
            page.wait_for_frames(3)
            before = self.settled(page)
            with self.subTest(phase):
                page = come_back(page)
                self.wait_words(page, words)
                if phase == "over":  # the names of the winners aren't told any more
                    self.wait_words(page, "You have won")
                else:
                    page.wait(f"(words) => ({WORDS})() === words", before, 10)
        self.assert_clean(page)

    def settled(self, page):
        """What the page says once it says it for some frames."""
        words = self.words(page)
        while True:
            page.wait_for_frames(12)
            if (now := self.words(page)) == words:
                return words
            words = now

    def test_a_reload(self):
        self.prepare = self.viewer

        def reload(page):
            page.page.reload(wait_until="commit")
            page.wait_for_picture()
            return page
        self.walk(reload)

    def test_a_lost_connection(self):
        relay = Relay(self.server.http_port)
        self.addCleanup(relay.close)
        self.prepare = lambda: self.viewer(origin=relay.origin)

        def cut(page):
            relay.cut()
            page.wait_for_frames(25)
            return page
        self.walk(cut)
