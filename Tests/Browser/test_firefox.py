"""The same page in Debian's Firefox: picture, question on its frame, keys, a hidden tab."""

from support.firefox import Firefox
from support.measure import frames_off
from support.show import question
from support.viewer import ViewerCase

PICTURE = "window.__probe?.frames.length > 0"


class FirefoxTests(ViewerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firefox = Firefox()
        cls.addClassCleanup(cls.firefox.close)

    def goto(self, query=""):
        self.firefox.goto(f"{self.server.audience}/watch/{self.stream}{query}")
        self.firefox.wait(PICTURE)

    def wait_words_here(self, words, timeout_s=30):
        self.firefox.wait("window.__probe.words().toLowerCase().includes(a[0].toLowerCase())",
                          words, timeout_s=timeout_s)

    def tearDown(self):
        faults = self.firefox.run(
            "return [...(window.__probe?.violations ?? []), ...(window.__probe?.errors ?? [])]")
        self.firefox.goto("about:blank")
        self.assertEqual(faults, [])
        super().tearDown()

    def evidence(self):
        import base64
        from support.case import EVIDENCE
        EVIDENCE.mkdir(parents=True, exist_ok=True)
        path = EVIDENCE / f"{self.id()}.png"
        try:
            path.write_bytes(base64.b64decode(self.firefox.command("WebDriver:TakeScreenshot")))
        except Exception as error:
            return f"\nno picture: {error}"
        return f"\nseen: {path}\nserver: {self.server.words()[-600:]}"

    def test_a_question_on_its_frame_is_answered_by_key(self):
        show = self.show([question(f"In Firefox {n}?", window_ms=20_000) for n in (1, 2)])
        show("lobby")
        witness = self.witness()
        self.goto()
        self.wait_words_here("The browser's show")
        self.firefox.type("form input", "Ada")
        self.firefox.click("form button")
        self.wait_words_here("In the game")
        self.firefox.run("""window.__probe.readers.question =
            () => document.querySelector('.card-text')?.textContent ?? ''""")
        off = []
        for text, key in (("In Firefox 1?", "1"), ("In Firefox 2?", "1")):
            show("open")
            _, _, at = witness.wait_for_cue(lambda _, value: value.get("text") == text)
            self.wait_words_here(text)
            self.firefox.press(key)
            self.firefox.wait("document.querySelector('.option[data-answer=kept]') !== null")
            seen = next(one for one in self.firefox.run(
                "return window.__probe.seen.question ?? []") if one["value"] == text)
            frames = self.firefox.run("return window.__probe.frames.slice(-2000)")
            off.append(frames_off([number for number, _, _ in frames], seen["number"],
                                  witness.number_at(at)))
            show("lock", force=True)
            show("reveal")
            self.wait_words_here("Right!")
        # What Firefox draws on a canvas may be a frame or two newer than what it calls back for.
        self.assertLessEqual(max(map(abs, off)), 3, f"frames from where they belong: {off}")

    def test_a_reload_and_a_lost_server(self):
        show = self.show()
        show("lobby")
        self.goto()
        self.wait_words_here("The browser's show")
        self.goto("?lang=de")
        self.assertEqual(self.firefox.run("return document.documentElement.lang"), "de")

    def test_a_hidden_tab_is_live_again(self):
        self.goto()
        first = self.firefox.command("WebDriver:GetWindowHandle")
        self.firefox.wait("window.__probe.frames.length > 100")
        other = self.firefox.command("WebDriver:NewWindow", {"type": "tab", "focus": True})
        try:
            self.firefox.command("WebDriver:SwitchToWindow", {"handle": first, "focus": False})
            self.firefox.wait("document.visibilityState === 'hidden'")
            self.firefox.wait("performance.now() > (window.__until ??= performance.now() + 8000)")
            self.firefox.run("window.__probe.frames.length = 0")
            self.firefox.command("WebDriver:SwitchToWindow", {"handle": first, "focus": True})
            witness = self.witness()
            clock_ms, target_ms = self.clock(witness)
            self.firefox.wait("window.__probe.frames.length > 75")
            from support.measure import behind
            frames = self.firefox.run("return window.__probe.frames.slice(50)")
            ages = behind(frames, witness, clock_ms)
            self.assertTrue(ages)
            self.assertLess(sorted(ages)[len(ages) // 2], target_ms + 400)
        finally:
            self.firefox.command("WebDriver:SwitchToWindow", {"handle": other["handle"] if isinstance(
                other, dict) else other, "focus": True})
            self.firefox.command("WebDriver:CloseWindow")
            self.firefox.command("WebDriver:SwitchToWindow", {"handle": first, "focus": True})
