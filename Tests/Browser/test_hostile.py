"""Whatever players and hosts type is text on the viewer's page: no script, no markup, no broken page."""

import json

from support.chromium import PHONE
from support.crowd import CONTENT
from support.hostile import NAMES, TEXTS, cut, harm
from support.server import request
from support.show import Refused, question
from support.viewer import ViewerCase


class HostileTests(ViewerCase):
    def check(self, *pages):
        for page in pages:
            page.wait_for_frames(3)
            self.assertEqual(harm(page), [])

    def test_texts_of_a_show(self):
        """Titles, questions, options, explanations, reasons: each text in each place."""
        asked = [question(cut(text, 280), (cut(text, 150), cut(f"2 {text}", 150), cut(f"3 {text}", 150)), 1, 60_000,
                          explanation=cut(text, 280)) for text in TEXTS]
        show = self.show(asked, title=TEXTS[0], mode="points")
        show("lobby")
        phone, desktop = self.viewer(**PHONE), self.viewer()
        self.join(phone, "Mallory")
        for place, text in enumerate(TEXTS):
            with self.subTest(text[:40]):
                show("open")
                for page in (phone, desktop):
                    page.wait("""(text) => document.querySelector('.card-text')?.textContent
                        .normalize().includes(text.normalize())""", text[:30].strip())
                self.check(phone, desktop)
                if place == len(TEXTS) - 1:
                    show("void", reason=cut(text, 100))
                else:
                    show("lock", force=True)
                    show("reveal")
                self.check(phone, desktop)

    def test_announcements(self):
        show = self.show()
        phone, desktop = self.viewer(**PHONE), self.viewer()
        for text in TEXTS:
            with self.subTest(text[:40]):
                show.announce(text)
                for page in (phone, desktop):
                    self.wait_words(page, text[:20].split(" ")[0], anywhere=True)
                self.check(phone, desktop)
        # What turns a line around isn't taken at all, nor what can't be seen.
        for text in ("\u202egnp.exe", "a\u0000b", "\u200b"):
            with self.assertRaises(Refused, msg=repr(text)):
                show.announce(text)

    def test_names(self):
        show = self.show(mode="points")
        show("lobby")
        phone, desktop = self.viewer(**PHONE), self.viewer()
        tokens = []
        for name in NAMES:
            status, _, reply = request(
                self.server.http_port, "POST", "/api/v1/join",
                json.dumps({"name": name, "stream": self.stream}).encode(), CONTENT)
            self.assertLess(status, 300, f"{name!r}: {reply!r}")
            tokens.append(json.loads(reply)["token"])
        self.join(phone, NAMES[0])
        show("open")
        for token in tokens:
            request(self.server.http_port, "POST", "/api/v1/answers",
                    json.dumps({"question": "q1", "choice": 0}).encode(),
                    {**CONTENT, "Authorization": f"Bearer {token}"})
        show("lock", force=True)
        show("reveal")
        show("next")
        for page in (phone, desktop):
            self.wait_words(page, "Standings")
        self.check(phone, desktop)
        show("finish", early=True)
        for page in (phone, desktop):
            self.wait_words(page, "winner")
        self.check(phone, desktop)

    def test_what_is_typed_into_the_page_itself(self):
        show = self.show()
        show("lobby")
        for text in [*TEXTS[:2], TEXTS[8], " ", "\u202egnp.exe", "a\u0000b", "x" * 100_000]:
            with self.subTest(text[:40]):
                page = self.viewer()
                field = self.name_field(page)
                field.fill(text)
                page.page.get_by_role("button", name="Join", exact=True).click()
                # It plays now, or says why not: the button doesn't hang.
                page.wait("""() => document.body.innerText.includes('In the game')
                    || [...document.querySelectorAll('[role=alert], [aria-live], [aria-invalid=true]')]
                        .some((one) => one.textContent.trim() || one.matches('input'))""")
                self.check(page)
                page.close()

    def test_addresses(self):
        """Query and fragment are what others send people."""
        for tail in ("?lang=<img class=attack src=x>", "?stream=<b class=attack>", "#token=<i class=attack>",
                     "#token=" + "A" * 5000, "?lang=__proto__", "?stream=../../x", "#token=a.b.c"):
            with self.subTest(tail[:40]):
                page = self.open("/" + tail)
                page.wait("() => document.readyState === 'complete' && document.body.innerText.length > 0")
                page.run("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
                self.assertEqual(harm(page), [])
                self.assertNotIn("token", page.run("() => location.hash"))
                page.close()
