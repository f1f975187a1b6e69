"""What tests of the control room share: a host's keys, and what the console says."""

from .show import Refused, staff
from .viewer import ViewerCase


class ConsoleCase(ViewerCase):
    def console(self, place="/programme", origin=None, context=None, by="Eva", **options):
        """The control room, at a section, as soon as it hears from the server; led by somebody."""
        context = context or self.context(**options)
        # The name for the record, which people give where no token is asked for.
        context.add_init_script(f"localStorage.setItem('fanfare.console.name', '{by}')")
        page = self.open(f"{origin or self.server.console}/#{place}", context)
        self.wait_live(page)
        return page

    def desk(self, show, **options):
        """Where a host leads a show."""
        page = self.console(f"/show/{show.id}/run", **options)
        page.wait("() => document.querySelector('.step[data-next]')")
        return page

    def wait_live(self, page, timeout_s=30):
        page.wait("() => document.querySelector('.top-link')?.dataset.tone === 'good'", None, timeout_s)

    def wait_page(self, page, words, timeout_s=30):
        self.wait_words(page, words, anywhere=True, timeout_s=timeout_s)

    def key(self, page, step, key, is_armed=True):
        """A step by its key, once it can be taken: tapped and, where that only arms it, Enter."""
        page.wait("(step) => !document.querySelector(`.step[data-step=${step}]`)?.ariaDisabled", step)
        page.page.keyboard.press(key)
        if is_armed:
            page.wait("""(step) => document.querySelector(`.step[data-step=${step}]`)
                .dataset.safety === 'armed'""", step)
            page.page.keyboard.press("Enter")

    def wait_show(self, show, test, timeout_s=15):
        """Until the server's own view of the show passes a test; asked through a page's waits."""
        import time
        end = time.monotonic() + timeout_s
        while not test(state := show.live()):
            if time.monotonic() > end:
                self.fail(f"the show never came there: {state}")
        return state

    def staff_member(self, name, role, token=None):
        """A new staff token."""
        return staff(self.server, "POST", "/staff", {"name": name, "role": role}, token)["token"]

    def refused(self, *arguments, **options):
        """The status with which a staff request is refused."""
        try:
            staff(self.server, *arguments, **options)
        except Refused as error:
            return error.status
        self.fail(f"{arguments} was not refused")
