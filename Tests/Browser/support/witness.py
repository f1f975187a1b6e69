"""A viewer without a browser: which frame is at which programme time, and where the cues lie."""

import http.client
import threading
import time

from . import flv
from .feed import FRAME_MS, frames


class Witness:
    """Watches a stream over HTTP-FLV in a thread, and keeps its times until close()."""

    def __init__(self, server, stream, path, first=0):
        self.known = frames(str(path))
        self.first = first
        self.arrivals = []  # (wall time less programme time, ms) of each frame as it came
        self.numbers = {}  # presentation time (programme time, ms): frame number
        self.cues = []  # (name, value, the tag's timestamp)
        self.metadata = None
        self.changed = threading.Condition()
        self.is_closed = False
        self.connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=30)
        self.path = f"/live/{stream}.flv"
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self):
        try:
            self.connection.request("GET", self.path)
            reply, reader = self.connection.getresponse(), flv.Reader()
            while not self.is_closed:
                data = reply.read1(1 << 16)
                if not data:
                    break
                with self.changed:
                    for tag in reader.feed(data):
                        self._take(*tag)
                    self.changed.notify_all()
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            if not self.is_closed:
                raise

    def _take(self, kind, timestamp, body):
        if kind == flv.VIDEO and flv.is_frame(body):
            place = self.known.get(flv.digest(body))
            self.arrivals.append(time.time() * 1000 - timestamp)
            if place is not None:
                self.numbers[timestamp + flv.composition_ms(body)] = self.first + place
        elif kind == flv.SCRIPT and (said := flv.script(body)):
            if said[0] == "onMetaData":
                self.metadata = said[1]
            else:
                self.cues.append((*said, timestamp))

    def wait(self, condition, timeout_s=30):
        """What the condition returns once that is something; it is asked at each arrival."""
        end = time.monotonic() + timeout_s
        with self.changed:
            while not (found := condition()):
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the stream did not bring what was waited for")
                self.changed.wait(left)
            return found

    def wait_for_cue(self, test, timeout_s=30):
        """(name, value, timestamp) of the first cue that passes test(name, value)."""
        return self.wait(
            lambda: next((cue for cue in self.cues if test(cue[0], cue[1])), None), timeout_s)

    def number_at(self, programme_ms):
        """The number of the frame that is on at a programme time, once it is known."""
        # The frames after it have to be here, or a later one might be nearer.
        self.wait(lambda: self.numbers and max(self.numbers) > programme_ms + 4 * FRAME_MS)
        with self.changed:
            return self.numbers[max(time for time in self.numbers if time <= programme_ms)]

    def programme_ms(self, number):
        """The newest programme time at which a frame was put on, or None."""
        with self.changed:
            return max((time for time, one in self.numbers.items() if one == number), default=None)

    def lateness_ms(self, part=0.99):
        """How late frames came, such a part of them, beside the quickest: a machine that starves
        everybody is no fault of a player's."""
        with self.changed:
            ranked = sorted(self.arrivals)
        return ranked[round((len(ranked) - 1) * part)] - ranked[0] if ranked else 0

    def forget_before(self, programme_ms):
        """Lets go of old frames, in a long run."""
        with self.changed:
            self.numbers = {time: number for time, number in self.numbers.items()
                            if time >= programme_ms}

    def close(self):
        self.is_closed = True
        if self.connection.sock:
            try:
                self.connection.sock.shutdown(2)
            except OSError:
                pass
        self.thread.join(10)
        self.connection.close()
