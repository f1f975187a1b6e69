"""What tests of the player on somebody else's page share."""

from .case import BrowserCase


class PlayerCase(BrowserCase):
    def wait_state(self, page, state, timeout_s=30):
        page.wait("(state) => window.said?.state.at(-1)?.state === state", state, timeout_s)

    def wait_in_step(self, page, timeout_s=30, within_ms=80):
        """Until the player itself says that it is where it should be, three times running."""
        page.wait("""(within) => {
            const last = window.said?.stats.slice(-3) ?? [];
            return last.length === 3 && last.every((one) => Math.abs(one.offsetMs) <= within);
        }""", within_ms, timeout_s)

    def wait_number(self, page, test, timeout_s=30):
        """Until a frame is on the screen whose number passes a test of the page's own."""
        page.wait(f"() => __probe.frames.length && ({test})(__probe.lastNumber)", None, timeout_s)
