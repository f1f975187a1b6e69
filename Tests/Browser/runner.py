"""Finds and runs the tests, prints each with its time, and ends with "N passed, N failed".

Classes run beside each other, each in a process with a browser of its own: most of a test's time is
spent watching.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True


class Report(unittest.TestResult):
    """A line for each test, and what went wrong right below it."""

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        self.passed = getattr(self, "passed", 0)
        self.broken = set()

    def say(self, word, test, words=""):
        took = time.monotonic() - getattr(self, "began", time.monotonic())
        print(f"{word:7} {took:6.1f} s  {title(test)}", flush=True)
        if words:
            print("    " + words.rstrip().replace("\n", "\n    "), flush=True)

    def addSuccess(self, test):
        self.passed += 1
        self.say("passed", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say("skipped", test, reason)

    def _bad(self, test, error, listing):
        words = ours(self._exc_info_to_string(error, test))
        listing.append((test, words))
        if hasattr(test, "evidence"):
            words += test.evidence()
        self.say("FAILED", test, words)

    def addFailure(self, test, error):
        self._bad(test, error, self.failures)

    def addError(self, test, error):
        self._bad(test, error, self.errors)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self._bad(subtest, error, self.failures)
            self.broken.add(test.id())


def ours(words):
    """A traceback without the frames of packages."""
    kept, is_package = [], False
    for line in words.split("\n"):
        if line.startswith("  File "):
            is_package = "site-packages" in line
        elif not line.startswith(" "):
            is_package = False
        if not is_package:
            kept.append(line)
    return "\n".join(kept)


def title(test):
    name = getattr(test, "id", lambda: str(test))()
    return name.removeprefix("test_")


def cases(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from cases(one)
        else:
            yield one


def run(wanted, counts):
    """The tests one after the other, here."""
    from support import case
    report = Report()
    try:
        unittest.TestSuite(wanted).run(report)
    finally:
        case.close()
    failed = len({title(test).split(" ")[0] for test, _ in report.failures + report.errors})
    passed, skipped = getattr(report, "passed", 0), len(report.skipped)
    counts.write_text(f"{passed} {failed} {skipped}\n")


def run_beside(wanted, options):
    """Each class in a process of its own, so many at a time; (passed, failed, skipped) of all."""
    classes = list(dict.fromkeys(type(test).__qualname__ for test in wanted))
    # The longest begins first.
    classes.sort(key=lambda name: name != "SoakTests")
    sums = [0, 0, 0]

    def one(name):
        with tempfile.NamedTemporaryFile("r") as counts:
            command = [sys.executable, "-u", __file__, "--class", name, "--counts", counts.name,
                       "--soak-minutes", str(options.soak_minutes)]
            for word in options.filter:
                command += ["--filter", word]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            numbers = [int(word) for word in counts.read().split()[:3]]
        if len(numbers) != 3 or done.returncode:
            numbers = [0, 1, 0]  # it didn't come to its end
        return done.stdout, numbers

    with ThreadPoolExecutor(options.jobs) as pool:
        for words, numbers in pool.map(one, classes):
            print(words, end="", flush=True)
            sums = [total + number for total, number in zip(sums, numbers)]
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filter", action="append", default=[], metavar="WORD")
    parser.add_argument("--soak-minutes", type=float, default=2, metavar="N")
    parser.add_argument("--counts", metavar="FILE", help="where to write passed, failed, skipped")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="classes at a time")
    parser.add_argument("--class", dest="only", help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    os.environ["FANFARE_SOAK_MINUTES"] = str(options.soak_minutes)

    wanted = [test for test in cases(unittest.defaultTestLoader.discover(
        str(HERE), pattern="test_*.py", top_level_dir=str(HERE)))
        if (not options.filter or any(word in test.id() for word in options.filter))
        and options.only in (None, type(test).__qualname__)]
    if options.list:
        print("\n".join(title(test) for test in wanted))
        return 0
    if options.only:
        run(wanted, Path(options.counts))
        return 0
    passed, failed, skipped = run_beside(wanted, options)
    if options.counts:
        Path(options.counts).write_text(f"{passed} {failed}\n")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
