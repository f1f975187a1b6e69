"""Over minutes (2, or as --soak-minutes says): no delay, memory or dropped frames pile up."""

import os
import statistics

from support.measure import behind, share, spread
from support.show import question
from support.viewer import ViewerCase

STEP_FRAMES = 250
HEAP_GROWTH_BYTES = 2_000_000
BUFFERED_S_MAX = 30
STARVED_MS = 400
BACK_OFF_MS_MAX = 5_000

STATE = """() => {
    const video = document.querySelector('video');
    const quality = video.getVideoPlaybackQuality();
    const { buffered } = video;
    return {
        dropped: quality.droppedVideoFrames,
        total: quality.totalVideoFrames,
        bufferedS: buffered.length ? buffered.end(buffered.length - 1) - buffered.start(0) : 0,
        nodes: document.querySelectorAll('*').length,
    };
}"""


class SoakTests(ViewerCase):
    def test_nothing_piles_up(self):
        minutes = float(os.environ.get("FANFARE_SOAK_MINUTES", "2"))
        rounds = max(4, round(minutes * 60 * 25 / STEP_FRAMES))
        show = self.show([question(f"Question {n}?", window_ms=4_000)
                          for n in range(min(rounds, 200))], mode="points")
        show("lobby")
        witness, page = self.witness(), self.viewer()
        clock_ms, target_ms = self.clock(witness)
        self.join(page)
        session = page.page.context.new_cdp_session(page.page)
        page.wait_for_frames(STEP_FRAMES)
        states, heaps, off = [], [], []
        for place in range(rounds):
            # The probe's own memory is not the page's.
            page.run("() => { __probe.frames.length = 0; }")
            if place < 200 and place < len(show.questions) - 1:
                show("open")
                page.page.keyboard.press("1")
                page.wait_for_frames(STEP_FRAMES, 60)
                show("lock", force=True)
                show("reveal")
            else:
                page.wait_for_frames(STEP_FRAMES, 60)
            ages = behind(page.frames(), witness, clock_ms)
            off += [age - target_ms for age in ages]
            witness.forget_before(max(witness.numbers) - 60_000)
            page.run("() => { __probe.frames.length = 0; }")
            states.append(page.run(STATE))
            heaps.append(page.heap_bytes(session))
        self.assertGreater(len(off), rounds * STEP_FRAMES / 2)
        # On a machine that holds up the stream itself, viewers are to stay back, and not for ever more.
        late_ms = witness.lateness_ms()
        if late_ms < STARVED_MS:
            self.assertGreaterEqual(share(off, 200), 0.95, f"ms from the target: {spread(off)}")
        self.assertLess(max(off[-STEP_FRAMES:]), BACK_OFF_MS_MAX, f"ms late: {spread(off)}")
        third = max(1, len(heaps) // 3)
        growth = statistics.median(heaps[-third:]) - statistics.median(heaps[:third])
        self.assertLess(growth, HEAP_GROWTH_BYTES, f"bytes of heap: {heaps}")
        self.assertLess(max(one["bufferedS"] for one in states), BUFFERED_S_MAX)
        half = len(states) // 2
        before = states[half]["dropped"] - states[0]["dropped"]
        after = states[-1]["dropped"] - states[half]["dropped"]
        self.assertLessEqual(after, 2 * before + 0.05 * STEP_FRAMES * (len(states) - half),
                             f"dropped frames: {[one['dropped'] for one in states]}")
        self.assertLess(states[-1]["nodes"], 2 * states[0]["nodes"] + 100)
        self.assert_clean(page)
        print(f"        soak of {minutes:g} min: ms from the target {spread(off)}, the stream itself "
              f"late by up to {late_ms:.0f} ms, heap "
              f"{heaps[0] / 1e6:.1f} to {heaps[-1] / 1e6:.1f} MB, dropped "
              f"{states[-1]['dropped']} of {states[-1]['total']}", flush=True)
