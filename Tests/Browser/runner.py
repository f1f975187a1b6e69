"""Finds and runs the tests, prints each with its time, and ends with "N passed, N failed"."""

import argparse
import os
import sys
import time
import unittest
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filter", action="append", default=[], metavar="WORD")
    parser.add_argument("--soak-minutes", type=float, default=2, metavar="N")
    parser.add_argument("--counts", metavar="FILE", help="where to write the two numbers")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    os.environ["FANFARE_SOAK_MINUTES"] = str(options.soak_minutes)

    found = list(cases(unittest.defaultTestLoader.discover(
        str(HERE), pattern="test_*.py", top_level_dir=str(HERE))))
    wanted = [test for test in found
              if not options.filter or any(word in test.id() for word in options.filter)]
    if options.list:
        print("\n".join(title(test) for test in wanted))
        return 0
    from support import case
    report = Report()
    try:
        unittest.TestSuite(wanted).run(report)
    finally:
        case.close()
    failed = len({title(test).split(" ")[0] for test, _ in report.failures + report.errors})
    passed = getattr(report, "passed", 0)
    if options.counts:
        Path(options.counts).write_text(f"{passed} {failed}\n")
    skipped = f", {len(report.skipped)} skipped" if report.skipped else ""
    print(f"{passed} passed, {failed} failed{skipped}")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
