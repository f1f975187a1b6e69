# Gathers what Benchmarks/all measured into one JSON, and says what moved since another.
"""Commands, each used by Benchmarks/all:

add OUT.json NAME STATUS SECONDS OUTPUT   puts a benchmark's figures into the JSON
compare OLD.json NEW.json                 says what moved by more than 5 %
check FILE.json                           whether a file can be compared with
self-check                                tries all of it on canned files
"""

import json
import math
import os
import sys
import tempfile

MOVED_SHARE = 0.05
OUTPUT_BYTES_MAX = 20_000


def results(text):
    """The figures of an output, and what of it can't be read: RESULT NAME VALUE UNIT RATIO."""
    found, faults = [], []
    for line in text.splitlines():
        words = line.split()
        if not words or words[0] != "RESULT":
            continue
        try:
            _, name, value, unit, ratio = words
            value = number(value)
            ratio = None if ratio == "-" else number(ratio)
        except ValueError:
            faults.append("no figure: " + line)
            continue
        if any(one["name"] == name for one in found):
            faults.append("a figure twice: " + line)
            continue
        found.append({"name": name, "value": value, "unit": unit, "ratio": ratio})
    return found, faults


def number(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def entry(exit_code, seconds, text):
    """One benchmark of the JSON. Failed is also one that measured nothing, or nonsense."""
    found, faults = results(text)
    if exit_code == 0 and not found and not faults:
        faults.append("it printed no figure")
    failed = exit_code != 0 or bool(faults)
    one = {
        "status": "failed" if failed else "ok",
        "exit": exit_code,
        "seconds": seconds,
        "results": found,
    }
    if faults:
        one["faults"] = faults
    if failed:
        one["output"] = text[-OUTPUT_BYTES_MAX:]
    return one


def load(path):
    """A JSON of Benchmarks/all, or an end with words."""
    try:
        with open(path) as file:
            whole = json.load(file)
    except (OSError, ValueError) as error:
        sys.exit(f"{path} can't be read: {error}")
    if not isinstance(whole, dict) or not isinstance(whole.get("benchmarks"), dict):
        sys.exit(f"{path} is no JSON of Benchmarks/all")
    return whole


def save(path, whole):
    """Whole or not at all: an interrupted run keeps what it had."""
    draft = path + ".new"
    with open(draft, "w") as file:
        json.dump(whole, file, indent=2)
        file.write("\n")
    os.replace(draft, path)


def figures(whole):
    """What is compared, by name: the ratio where there is one, since it was measured beside its
    reference in the same minutes, and else the value. With each its unit."""
    compared = {}
    for benchmark in whole["benchmarks"].values():
        for one in benchmark["results"]:
            if one["ratio"] is not None:
                compared[one["name"]] = (one["ratio"], "ratio")
            else:
                compared[one["name"]] = (one["value"], one["unit"])
    return compared


def change(old, new):
    """By which share of the old the new is more; infinite from nothing to something."""
    if old == new:
        return 0.0
    return math.inf if old == 0 else (new - old) / abs(old)


def comparison(old, new):
    """Lines for people: what moved, what is gone, what is new, and what makes it doubtful."""
    lines = []
    for key, words in [
        ("machine", "another machine"),
        ("kernel", "another kernel"),
        ("quick", "one of the two was quick"),
    ]:
        if old.get(key) != new.get(key):
            lines.append(f"with care: {words} ({old.get(key)} and {new.get(key)})")
    before, after = figures(old), figures(new)
    moved = []
    for name in sorted(before.keys() & after.keys()):
        (was, unit), (now, now_unit) = before[name], after[name]
        if unit != now_unit:
            lines.append(f"{name}: was in {unit} and is in {now_unit}")
            continue
        share = change(was, now)
        if abs(share) > MOVED_SHARE:
            sign = "from nothing" if math.isinf(share) else f"{share:+.1%}"
            moved.append((abs(share), f"{name}: {was:g} -> {now:g} {unit} ({sign})"))
    lines += [line for _, line in sorted(moved, key=lambda pair: -pair[0])]
    run = new["benchmarks"].keys()
    for benchmark, one in old["benchmarks"].items():
        if benchmark not in run:
            continue  # left out by --only
        gone = [each["name"] for each in one["results"] if each["name"] not in after]
        lines += [f"{name}: is gone" for name in sorted(gone)]
    lines += [f"{name}: is new" for name in sorted(after.keys() - before.keys())]
    failed = [name for name, one in new["benchmarks"].items() if one["status"] != "ok"]
    lines += [f"{name} failed: its output is in the JSON" for name in failed]
    if not moved:
        lines.append(f"nothing moved by more than {MOVED_SHARE:.0%}")
    return lines


def add(path, name, exit_code, seconds, output):
    whole = load(path)
    with open(output, errors="replace") as file:
        one = entry(int(exit_code), int(seconds), file.read())
    whole["benchmarks"][name] = one
    save(path, whole)
    sys.exit(0 if one["status"] == "ok" else 1)


def self_check():
    """The comparing, on two canned files, and the reading, on canned outputs."""
    good = "words\nRESULT a.cost 1.50 CPU-s/GB 1.02\nRESULT a.memory 33 MB -\n"
    assert entry(0, 3, good)["status"] == "ok"
    assert [one["ratio"] for one in entry(0, 3, good)["results"]] == [1.02, None]
    assert "output" not in entry(0, 3, good)
    broken = entry(1, 3, good + "it broke")
    assert broken["status"] == "failed" and broken["output"].endswith("it broke")
    assert len(broken["results"]) == 2, "what was measured before the end is kept"
    for text in ["no figure", "RESULT a nan s -", "RESULT a s -", "RESULT a 1 s x", good + good]:
        assert entry(0, 3, text)["status"] == "failed", text
    assert len(entry(1, 3, "x" * 50_000)["output"]) == OUTPUT_BYTES_MAX

    def canned(rows, **others):
        text = "".join("RESULT %s\n" % row for row in rows)
        return dict({"machine": "m", "benchmarks": {"a": entry(0, 1, text)}}, **others)

    old = canned(["a 10 s 1.00", "b 10 s -", "c 10 s -", "d 0 n -", "e 5 s -", "z 1 s -"])
    new = canned(["a 99 s 1.04", "b 10.6 s -", "c 8 s -", "d 3 n -", "e 5 s 2", "f 1 s -"])
    lines = comparison(old, new)
    assert lines == [
        "e: was in s and is in ratio",
        "d: 0 -> 3 n (from nothing)",
        "c: 10 -> 8 s (-20.0%)",
        "b: 10 -> 10.6 s (+6.0%)",
        "z: is gone",
        "f: is new",
    ], lines
    assert comparison(old, old) == ["nothing moved by more than 5%"]
    assert comparison(old, dict(old, machine="n"))[0].startswith("with care: another machine")
    left_out = {"machine": "m", "benchmarks": {}}
    assert comparison(old, left_out) == ["nothing moved by more than 5%"], "--only is no loss"
    fell = dict(old, benchmarks={"a": entry(2, 1, "RESULT a 10 s 1.00\n")})
    assert comparison(old, fell)[-2] == "a failed: its output is in the JSON"

    with tempfile.TemporaryDirectory() as folder:
        path, output = folder + "/new.json", folder + "/output"
        save(path, {"benchmarks": {}})
        with open(output, "w") as file:
            file.write("it broke")
        try:
            add(path, "a", "1", "3", output)
        except SystemExit as end:
            assert end.code == 1
        assert load(path)["benchmarks"]["a"]["output"] == "it broke"
        for text in ["", "[]", '{"benchmarks": 1}']:
            with open(output, "w") as file:
                file.write(text)
            try:
                load(output)
                raise AssertionError("taken: " + text)
            except SystemExit as end:
                assert output in end.code
    print("the report checks itself: well")


def main(words):
    match words:
        case ["add", *rest] if len(rest) == 5:
            add(*rest)
        case ["compare", old, new]:
            print("\n".join(comparison(load(old), load(new))))
        case ["check", path]:
            load(path)
        case ["self-check"]:
            self_check()
        case _:
            sys.exit(__doc__)


main(sys.argv[1:])
