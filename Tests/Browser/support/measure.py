"""What is worked out of frames that were seen: distances in time, and where a cue fell."""

from .feed import FRAME_MS

ROUND = 3000  # frames of a feed's clip, after which its numbers begin again


def ahead(number, other):
    """How many frames a number is ahead of another, the shorter way round."""
    return (number - other + ROUND // 2) % ROUND - ROUND // 2


def apart(first, second):
    """How many ms the first page is ahead of the second, at each frame of the first."""
    errors, at = [], 0
    for number, shown_ms, _ in first:
        while at + 1 < len(second) and second[at + 1][1] <= shown_ms:
            at += 1
        if at + 1 >= len(second) or second[at][1] > shown_ms:
            continue
        # The second is somewhere within the frame that it shows; frozen, it is at its end.
        within_ms = min(shown_ms - second[at][1], FRAME_MS)
        errors.append(ahead(number, second[at][0]) * FRAME_MS - within_ms)
    return errors


def behind(frames, witness, clock_ms):
    """How old each frame was when it was shown: programme time then less its own, ms.

    clock_ms is programme time less wall time. Frames whose time isn't known are left out.
    """
    ages = []
    for number, shown_ms, _ in frames:
        time = witness.programme_ms(number)
        if time is not None:
            ages.append(shown_ms + clock_ms - time)
    return ages


def spread(values):
    """Least, 5 %, median, 95 % and greatest, rounded."""
    ranked = sorted(values)
    last = len(ranked) - 1
    return [round(ranked[round(last * part)]) for part in (0, 0.05, 0.5, 0.95, 1)] if ranked else []


def extent(values):
    """How far the values are apart."""
    return max(values) - min(values) if values else 0


def share(values, limit):
    """The part of the values that are no farther from 0 than a limit."""
    return sum(abs(value) <= limit for value in values) / max(1, len(values))


def frames_off(presented, number, expected):
    """How many presented frames from where it belongs a thing was that was seen with a number.

    A frame that a busy machine never presented can't be hit: the next one is where it belongs.
    """
    target = next((place for place, one in enumerate(presented) if ahead(one, expected) >= 0),
                  len(presented))
    return presented.index(number) - target
