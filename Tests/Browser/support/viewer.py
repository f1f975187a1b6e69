"""What tests of the viewer's page share: how a person joins, answers and reads it."""

import base64
import hashlib
import hmac
import json
import time

from .case import BrowserCase
from .show import Show

# What the page says, without what changes by itself.
WORDS = """() => {
    const copy = document.querySelector('#panel').cloneNode(true);
    for (const one of copy.querySelectorAll('[role=timer], time')) one.remove();
    // How many have joined is told when something is said, not as they come.
    return copy.textContent.replace(/\\s+/g, ' ').replace(/\\d+ players? ha(s|ve) joined/, '').trim();
}"""


class ViewerCase(BrowserCase):
    def show(self, *arguments, **options):
        """A show on the class's stream, which ends with the test."""
        one = Show(self.server, self.stream, *arguments, **options)
        self.addCleanup(one.end)
        return one

    def viewer(self, query="", origin=None, context=None, **options):
        """The viewer's page of the class's stream, as soon as it has a picture."""
        page = self.open(f"{origin or self.server.audience}/watch/{self.stream}{query}",
                         context, **options)
        page.wait_for_picture()
        return page

    def name_field(self, page):
        """The field for a name, unfolded where only a button for it is shown."""
        field = page.page.get_by_label("Your name")
        field.wait_for(state="attached")
        if not field.is_visible():
            page.page.get_by_role("button", name="Play along").click()
        return field

    def join(self, page, name="Ada", role="In the game"):
        self.name_field(page).fill(name)
        page.page.get_by_role("button", name="Join", exact=True).click()
        self.wait_words(page, role, anywhere=True)

    def option(self, page, number):
        """The button of an option, counted from 1."""
        return page.page.locator(".option").nth(number - 1)

    def wait_words(self, page, words, anywhere=False, timeout_s=30):
        """Until the panel (or the page) shows something, whatever its case."""
        page.wait("""([words, place]) => document.querySelector(place)
            && __probe.words(place).toLowerCase().includes(words.toLowerCase())""",
                  [words, "body" if anywhere else "#panel"], timeout_s)

    def wait_without(self, page, words):
        """Until the page doesn't show something any more."""
        page.wait("(words) => !__probe.words().toLowerCase().includes(words.toLowerCase())", words)

    def wait_kept(self, page):
        """Until the receipt of the answer is there."""
        page.wait("() => document.querySelector('.option[data-answer=kept]')")

    def words(self, page):
        return page.run(WORDS)

    def token(self, show, player, name):
        """A player's token, as a producer's own backend signs it."""
        key = (self.server.data / "data" / "player-key").read_text().rstrip("\n").encode()

        def part(value):
            raw = value if isinstance(value, bytes) else json.dumps(value).encode()
            return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

        text = part({"alg": "HS256", "typ": "JWT"}) + "." + part(
            {"sub": player, "name": name, "show": show.id, "exp": int(time.time()) + 3600})
        return text + "." + part(hmac.new(key, text.encode(), hashlib.sha256).digest())
