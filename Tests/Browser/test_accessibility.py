"""What a program can tell of WCAG 2.2 AA on the viewer's page, in each phase, size and colour."""

from support import accessibility
from support.chromium import DESKTOP, PHONE
from support.show import question
from support.viewer import ViewerCase

LOOKS = {
    "phone dark": {**PHONE, "color_scheme": "dark"},
    "phone light": {**PHONE, "color_scheme": "light"},
    "desktop dark": {**DESKTOP, "color_scheme": "dark"},
    "desktop light": {**DESKTOP, "color_scheme": "light"},
}
# What is put into the live regions, in its order, as a screen reader hears it.
LISTEN = """() => {
    window.__heard = [];
    const note = (region) => {
        const words = region.textContent.replace(/\\s+/g, ' ').trim();
        if (words) window.__heard.push(`${region.getAttribute('aria-live')}: ${words}`);
    };
    for (const region of document.querySelectorAll('[aria-live]:not([aria-live=off])')) {
        new MutationObserver(() => note(region)).observe(region, {
            childList: true, characterData: true, subtree: true });
    }
}"""
SHIFTS = """() => {
    window.__shift = 0;
    window.__moved = [];
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) {
            if (!one.hadRecentInput && one.sources.some(({ node }) => node?.nodeType === 1
                && (node.id === 'stage' || node.tagName === 'VIDEO'))) {
                window.__shift += one.value;
                window.__moved.push(one.sources.map(({ node, previousRect, currentRect }) =>
                    `${node?.id || node?.className} ${JSON.stringify([previousRect, currentRect])}`));
            }
        }
    }).observe({ type: 'layout-shift', buffered: true });
}"""


class AccessibilityTests(ViewerCase):
    def test_every_phase_in_every_look(self):
        show = self.show([question(f"Question {n}?", window_ms=60_000) for n in (1, 2, 3)])
        pages = {name: self.viewer(**look) for name, look in LOOKS.items()}

        def check(phase, words):
            for name, page in pages.items():
                self.wait_words(page, words, anywhere=True)
            for name, page in pages.items():
                page.wait("() => document.getAnimations().every((one) => one.playState !== 'running'"
                          " || one.effect.getComputedTiming().iterations === Infinity)")
                with self.subTest(f"{phase}, {name}"):
                    self.assertEqual("\n".join(accessibility.faults(page)), "")
                    self.assertFalse(accessibility.scrolls_sideways(page))

        check("nothing", "show")
        show("lobby")
        check("lobby", "The browser's show")
        for name, page in pages.items():
            self.join(page, name)
        show("open")
        check("question", "Question 1?")
        for place, page in enumerate(pages.values()):
            self.option(page, 1 + place % 2).click()
        for page in pages.values():
            self.wait_kept(page)
        check("answered", "kept")
        show.announce("In a moment", "warning")
        check("announcement", "In a moment")
        show("lock", force=True)
        check("locked", "Closed")
        show("reveal")
        check("reveal", "Question 1?")
        show("next")
        check("standings", "Standings")
        show("open")
        check("question 2", "Question 2?")
        show("void", reason="Noise")
        check("void", "taken back")
        show("finish", early=True)
        check("winners", "winner")

    def test_by_keyboard_alone(self):
        show = self.show()
        show("lobby")
        page = self.viewer()
        names, faults = accessibility.tab_through(page)
        self.assertEqual(faults, [])
        self.assertGreaterEqual(len(names), 4)
        self.name_field(page).focus()
        page.page.keyboard.type("Ada")
        page.page.keyboard.press("Enter")
        self.wait_words(page, "In the game", anywhere=True)
        show("open")
        self.wait_words(page, "Which is it?")
        names, faults = accessibility.tab_through(page)
        self.assertEqual(faults, [])
        self.assertEqual(sum(".option" in name or "option" in name for name in names), 3)
        self.option(page, 3).focus()
        page.page.keyboard.press("Space")
        self.wait_kept(page)

    def test_a_screen_reader_hears_a_whole_question(self):
        show = self.show([question("What is heard?", ("Ding", "Dong"), 1, 12_000)])
        show("lobby")
        page = self.viewer()
        self.join(page)
        page.run(LISTEN)

        def heard(words):
            page.wait("(words) => window.__heard.some((one) => one.includes(words))", words)
        show("open")
        for words in ("What is heard?", "Ding", "Dong"):
            heard(words)
        heard("seconds left")
        page.page.keyboard.press("1")
        heard("kept")
        show("lock", force=True)
        heard("closed")
        show("reveal")
        heard("Right")
        # Sparing: not each second is told, and nothing twice.
        said = page.run("() => window.__heard")
        self.assertLess(sum("seconds left" in one for one in said), 5, said)
        self.assertLess(len(said), 25, said)

    def test_zoomed_to_four_hundred_per_cent(self):
        show = self.show()
        show("lobby")
        page = self.viewer(viewport={"width": 320, "height": 256})
        self.assertFalse(accessibility.scrolls_sideways(page))
        show("open")
        self.wait_words(page, "Which is it?")
        self.assertFalse(accessibility.scrolls_sideways(page))
        self.option(page, 3).scroll_into_view_if_needed()

    def test_buttons_of_answers_are_large(self):
        show = self.show()
        show("lobby")
        page = self.viewer(**PHONE)
        self.join(page)
        show("open")
        self.wait_words(page, "Which is it?")
        for one in page.page.locator("button:visible").all():
            box = one.bounding_box()
            self.assertGreaterEqual(min(box["width"], box["height"]), 44, one.inner_text())

    def test_reduced_motion_moves_nothing(self):
        show = self.show([question(window_ms=5000)])
        show("lobby")
        page = self.viewer(reduced_motion="reduce")
        show("open")
        self.wait_words(page, "Which is it?")
        moving = page.run("""() => document.getAnimations().filter((one) =>
            one.effect.getComputedTiming().duration > 50
            || one.effect.getComputedTiming().iterations === Infinity)
            .map((one) => one.animationName ?? one.transitionProperty)""")
        self.assertEqual(moving, [])

    def test_the_picture_does_not_jump(self):
        for look in (PHONE, DESKTOP):
            page = self.open(f"/watch/{self.stream}", **look)
            page.run(SHIFTS)
            page.wait_for_picture()
            show = self.show()
            show("lobby")
            self.wait_words(page, "The browser's show")
            show("open")
            self.wait_words(page, "Which is it?")
            show.end()
            page.wait_for_frames(10)
            self.assertLess(page.run("() => window.__shift"), 0.02,
                            page.run("() => window.__moved"))
