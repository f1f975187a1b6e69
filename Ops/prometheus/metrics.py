"""What a scrape has, and what expressions name of it."""

import re

# What Prometheus adds to everything that it scrapes.
TARGET = {"job": "fanfare", "instance": "show:9090"}
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SERIES = re.compile(rf"({NAME})(?:{{(.*)}})? (\S+)$")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"')
PARTS = ("_bucket", "_sum", "_count")


class Scrape:
    """Families by name, series by name and labels, in the order of the text."""

    def __init__(self, text):
        self.kinds, self.helped, self.series = {}, set(), {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.kinds[name] = kind
            elif line.startswith("# HELP "):
                self.helped.add(line.split(" ")[2])
            elif line and not line.startswith("#"):
                name, labels, value = SERIES.match(line).groups()
                pairs = {one[0]: one[2] for one in LABEL.findall(labels or "")}
                self.series[(name, tuple(pairs.items()))] = float(value)

    def family(self, name):
        """The family that a name of a series belongs to; None where there is none."""
        if name in self.kinds:
            return name
        for part in PARTS:
            whole = name.removesuffix(part)
            if whole != name and self.kinds.get(whole) == "histogram":
                return whole
        return None

    def kind(self, name):
        return self.kinds[self.family(name)]

    def labels(self, name):
        """The labels of a name's series, each with its values."""
        found = {name: {value} for name, value in TARGET.items()}
        for (one, pairs) in self.series:
            if one == name:
                for label, value in pairs:
                    found.setdefault(label, set()).add(value)
        return found

    def has_series(self, name):
        return any(one == name for one, _ in self.series)

    def matching(self, selector):
        """The series that a selector means, such as `fanfare_viewers{stream="demo"}`."""
        name, rest = re.fullmatch(rf"({NAME})(?:{{(.*)}})?", selector).groups()
        wanted = [(label, value) for label, _, value in LABEL.findall(rest or "")]
        return [
            key for key in self.series
            if key[0] == name and all(pair in key[1] or TARGET.get(pair[0]) == pair[1] for pair in wanted)]


def written(key):
    """A series with its target's labels, as promtool takes it."""
    name, pairs = key
    labels = {**TARGET, **dict(pairs)}
    inner = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{inner}}}"


def selectors(expression):
    """The metrics that an expression names, each with its matchers."""
    found = re.findall(
        r"\b((?:fanfare_|process_|instance:)[a-zA-Z0-9_:]+|up)\b(?:\{([^}]*)\})?", expression)
    return [(name, LABEL.findall(inner)) for name, inner in found]


def faults(expression, scrape, recorded, further=("le",)):
    """What an expression names and isn't there, a sentence each."""
    found, labels = [], set(further) | set(TARGET)
    for name, matchers in selectors(expression):
        if name == "up" or name in recorded:
            continue
        family = scrape.family(name)
        if family is None:
            found.append(f"there is no metric {name}")
            continue
        if family not in scrape.helped:
            found.append(f"{family} has no HELP")
        if not scrape.has_series(name):
            found.append(f"{name} has no series")
        known = scrape.labels(name)
        labels |= set(known)
        for label, operator, value in matchers:
            if label not in known:
                found.append(f"{name} has no label {label}")
            elif operator in ("=", "=~") and re.fullmatch(r"[\w|+]+", value) and label not in TARGET:
                for one in value.split("|") if operator == "=~" else [value]:
                    if one not in known[label]:
                        found.append(f'{name} has no {label}="{one}"')
    for function, name in re.findall(
            rf"\b(rate|increase|irate|delta|deriv|\w+_over_time)\(\s*({NAME})", expression):
        if scrape.family(name):
            grows = scrape.kind(name) in ("counter", "histogram")
            if grows != (function in ("rate", "increase", "irate")):
                found.append(f"{function} of {name}, which is a {scrape.kind(name)}")
    for group in re.findall(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)", expression):
        for label in re.findall(r"\w+", group):
            if label not in labels:
                found.append(f"no metric of it has a label {label}")
    return found
