"""Plays a show for cameras: a picture of each page, in each phase, size and colour."""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from support import case  # noqa: E402
from support.chromium import Watched  # noqa: E402
from support.crowd import Crowd  # noqa: E402
from support.server import HOUSE, Server  # noqa: E402
from support.show import Show, question  # noqa: E402

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
         "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1}
LOOKS = {
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "phone-light": {**PHONE, "color_scheme": "light"},
    "desktop-dark": {**DESKTOP, "color_scheme": "dark"},
    "desktop-light": {**DESKTOP, "color_scheme": "light"},
    "german": {**PHONE, "color_scheme": "dark", "locale": "de-DE"},
    "chinese": {**PHONE, "color_scheme": "light", "locale": "zh-CN"},
}
CONSOLE_LOOKS = {
    "console-dark": {**DESKTOP, "color_scheme": "dark"},
    "console-light": {**DESKTOP, "color_scheme": "light"},
    "console-small": {"viewport": {"width": 1280, "height": 720}, "color_scheme": "dark"},
}
SECTIONS = ("programme", "shows", "viewers", "people", "rehearse")
TABS = ("run", "questions", "players", "plan", "results")
STREAM = "demo"
STEPS = {"locked": ".card[data-phase=locked]", "revealed": ".card[data-phase=revealed]"}
SETTLE_MS = 900  # for what moves to have come to rest
QUESTIONS = [
    question("Which planet has the shortest day?", ("Earth", "Jupiter", "Mars", "Venus"), 2, 60_000,
             explanation="Jupiter turns once in just under ten hours."),
    question("Which of these is the oldest?", ("The Eiffel Tower", "The bicycle", "Basketball"), 2,
             60_000),
    question("How many strings has a violin?", ("Three", "Four", "Five", "Six"), 2, 60_000),
    question("Which city has the most bridges?", ("Venice", "Hamburg", "Amsterdam"), 2, 60_000),
]


class Studio:
    """The pages that are open, and where their pictures go."""

    def __init__(self, folder, only):
        self.folder, self.only = folder, only
        self.folder.mkdir(parents=True, exist_ok=True)
        self.server = Server("--demo")
        self.pages, self.consoles, self.taken = {}, {}, 0

    def wanted(self, look):
        return not self.only or any(word in look for word in self.only) or not any(
            word in name for word in self.only for name in (*LOOKS, *CONSOLE_LOOKS))

    def open(self):
        browser = case.chromium()
        for looks, pages, url in ((LOOKS, self.pages, f"{self.server.audience}/watch/{STREAM}"),
                                  (CONSOLE_LOOKS, self.consoles, self.server.console + "/")):
            for name, look in looks.items():
                if self.wanted(name):
                    context = browser.context(**look)
                    context.add_init_script("localStorage.setItem('fanfare.console.name', 'Eva');"
                                            "localStorage.setItem('fanfare.console.theme', "
                                            f"'{look['color_scheme']}')")
                    pages[name] = Watched(context).goto(url)
        for page in self.pages.values():
            page.wait("() => document.querySelector('video')?.videoWidth > 0")

    def close(self):
        case.close()
        self.server.close()

    def take(self, phase, consoles=True, shows=None):
        """A picture of every page that is open, once each viewer's shows what was done: a selector's
        element. What was done comes with its frame, some time later."""
        for page in self.pages.values() if shows else ():
            page.wait("(selector) => document.querySelector(selector)", shows)
        for name, page in [*self.pages.items(), *(self.consoles.items() if consoles else ())]:
            self.picture(page, f"{phase}-{name}")

    def picture(self, page, name):
        if self.only and not any(word in name for word in self.only):
            return
        page.page.wait_for_timeout(SETTLE_MS / max(1, len(self.pages)))
        page.page.screenshot(path=str(self.folder / f"{name}.png"))
        self.taken += 1

    def sections(self, show):
        """Each section of the console, and at the end the show's run."""
        places = {section: f"/{section}" for section in SECTIONS}
        places |= {f"show-{tab}": f"/show/{show.id}/{tab}" for tab in reversed(TABS)}
        for title, place in places.items():
            for name, page in self.consoles.items():
                page.run("(place) => { location.hash = place; }", place)
                self.picture(page, f"{title}-{name}")


def show_goes_on(studio):
    server = studio.server
    show = Show(server, STREAM, QUESTIONS, "The Friday Final",
                prize={"minorUnits": 100_000, "currency": "EUR"}, guestsMayWin=True)
    studio.open()
    studio.take("nothing", consoles=False)
    studio.sections(show)
    show("lobby")
    crowd = Crowd(server, STREAM)
    studio.take("lobby", shows="body[data-screen=lobby]")
    for page in studio.pages.values():
        page.page.locator("form.join input").fill("Clara")
        page.page.locator("form.join [type=submit]").click()
        page.wait("() => !document.querySelector('form.join')?.checkVisibility()")
    studio.take("joined", consoles=False)

    def ask(pick, tap):
        show("open")
        asked = show.live()["question"]["question"]
        for page in studio.pages.values():
            page.wait("(text) => document.querySelector('.card-text')?.textContent === text",
                      asked["text"])
        yield "asked"
        crowd.answer(asked["id"], pick)
        for page in studio.pages.values():
            if tap is not None:
                page.page.locator(".option").nth(tap).click()
                page.wait("() => document.querySelector('.option[data-answer=kept]')")
        yield "answered"
        show("lock", force=True)
        yield "locked"
        show("reveal")
        yield "revealed"

    for step in ask(lambda place: (1, 1, 0, 2, 1, 3, None)[place % 7], 1):
        studio.take(f"question-1-{step}", shows=STEPS.get(step))
    show("next")
    studio.take("standings", shows="body[data-screen=standings]")
    for step in ask(lambda place: (1, 1, 0, 2, 1)[place % 5], 0):
        if step in ("answered", "revealed"):
            studio.take(f"question-2-wrong-{step}", shows=STEPS.get(step))
    show.announce("We are back in two minutes", "info")
    studio.take("announcement", shows=".notice-info")
    show.announce("Please load the page again", "warning")
    studio.take("warning", consoles=False, shows=".notice-warning")
    show.clear_announcement()
    show("open")
    show("pause")
    studio.take("paused", shows=".timer[data-phase=paused]")
    show("resume")
    show("void", reason="The picture was missing")
    studio.take("void", shows="body[data-screen=void]")
    for step in ask(lambda place: 1, None):
        if step == "revealed":
            studio.take("question-4-out", shows=STEPS[step])
    show("finish", early=True)
    studio.take("finished", shows="body[data-screen=winners]")
    show("settle")
    studio.take("winners")
    studio.sections(show)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=str(HOUSE / ".build" / "screenshots"))
    parser.add_argument("--only", action="append", default=[], metavar="WORD")
    options = parser.parse_args()
    studio = Studio(Path(options.folder), options.only)
    try:
        show_goes_on(studio)
    finally:
        studio.close()
    print(f"{studio.taken} pictures in {studio.folder}")


if __name__ == "__main__":
    main()
