"""Proves that alerts, dashboard and pages fit the metrics that a running Fanfare has; see Ops/prometheus/check."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import yaml

from metrics import Scrape, TARGET, faults, selectors, written
from scene import TOKEN, Scene, wait

HERE = os.path.dirname(os.path.realpath(__file__))
HOUSE = os.path.realpath(os.path.join(HERE, "../.."))
INTERVAL_S = 15
# What Grafana puts in the place of its variables.
VARIABLES = {"$__rate_interval": "1m", "$instance": ".+", "$stream": ".+", "$show": ".+"}

failures = []


def fail(words):
    failures.append(words)
    print(f"Ops/prometheus/check: {words}", file=sys.stderr)


def read(name):
    with open(os.path.join(HOUSE, name), encoding="utf-8") as file:
        return file.read()


def promtool(*arguments, stdin=None):
    done = subprocess.run(
        ["promtool", *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    if done.returncode != 0:
        fail(f"promtool {' '.join(arguments[:2])}:\n{done.stdout[:6000]}")
    return done.returncode == 0


# Rules, as they stand.

def rules():
    groups = yaml.safe_load(read("Ops/prometheus/alerts.yml"))["groups"]
    all_rules = [rule for group in groups for rule in group["rules"]]
    return [r for r in all_rules if "record" in r], [r for r in all_rules if "alert" in r]


def check_rules(recordings, alerts, scrape):
    recorded = {rule["record"] for rule in recordings}
    for rule in recordings + alerts:
        for fault in faults(rule["expr"], scrape, recorded, {"le"}):
            fail(f"{rule.get('alert', rule.get('record'))}: {fault}")
    names = [rule["alert"] for rule in alerts]
    for name in {name for name in names if names.count(name) > 1}:
        fail(f"there are two alerts {name}")
    for rule in alerts:
        name, notes = rule["alert"], rule["annotations"]
        if set(notes) != {"summary", "description", "runbook"}:
            fail(f"{name}: has {sorted(notes)} instead of a summary, a description and a runbook")
        if rule["labels"].get("severity") not in ("critical", "warning"):
            fail(f"{name}: its severity is critical or warning")
        if notes.get("runbook") != f"Ops/ALERTS.md#{name.lower()}":
            fail(f"{name}: its page is Ops/ALERTS.md#{name.lower()}, not {notes.get('runbook')}")
    pages = re.findall(r"(?m)^### (Fanfare\w+)$", read("Ops/ALERTS.md"))
    for name in sorted(set(names) - set(pages)):
        fail(f"Ops/ALERTS.md has no page of {name}")
    for name in sorted(set(pages) - set(names)):
        fail(f"Ops/ALERTS.md has a page of {name}, and there is no such alert")


# Alerts, played through.

def series(values, minutes):
    """What goes on to the end, x999, goes on to the end that is looked at: more costs time alone."""
    count = minutes * 60 // INTERVAL_S + 1
    return [
        {"series": name, "values": re.sub(r"x999\b", f"x{count}", text)} for name, text in values.items()]


def applied(changes, scrape, words):
    """Series and values that a case sets."""
    values = {}
    for selector, text in changes.items():
        if selector == "up":
            values[written(("up", ()))] = text
            continue
        keys = scrape.matching(selector)
        if not keys:
            fail(f"{words}: the server has no {selector}")
        for key in keys:
            values[written(key)] = text
    return values


def labels_of(rule):
    """The labels that an alert's words make use of."""
    return set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))


def play_alerts(recordings, alerts, scrape, folder):
    script = yaml.safe_load(read("Ops/prometheus/alerts.cases.yml"))
    used = {name for rule in recordings + alerts for name, _ in selectors(rule["expr"])}
    base = {
        written(key): f"{value:.17g}+0x999" for key, value in scrape.series.items() if key[0] in used}
    quiet = {**base, **applied(script["quiet"], scrape, "the quiet night")}
    tests = []

    def test(name, values, minutes, *expectations):
        tests.append({
            "name": name, "interval": f"{INTERVAL_S}s", "input_series": series(values, minutes),
            "promql_expr_test": [
                {"expr": expression, "eval_time": f"{minutes}m", "exp_samples": samples}
                for expression, samples in expectations]})

    test("a quiet night", quiet, 60, ('ALERTS{alertstate="firing"}', []))
    known = {rule["alert"]: rule for rule in alerts}
    for case in script["cases"]:
        name, minutes = case["alert"], case.get("minutes", 12)
        if name not in known:
            fail(f"alerts.cases.yml: there is no alert {name}")
            continue
        # With each label that its words make use of.
        needed = "".join(f',{label}!=""' for label in sorted(labels_of(known[name])))
        firing = f'ALERTS{{alertname="{name}",alertstate="firing"'
        test(
            f"{name} fires", {**quiet, **applied(case["fires"], scrape, name)}, minutes,
            (f"count({firing}{needed}}}) > bool 0", [{"labels": "{}", "value": 1}]))
        test(
            f"{name} stays away", {**quiet, **applied(case["stays"], scrape, name)}, minutes,
            (f"{firing}}}", []))
    for name in sorted(set(known) - {case["alert"] for case in script["cases"]}):
        fail(f"alerts.cases.yml has no case of {name}")
    return run_tests("alerts", tests, folder)


def run_tests(name, tests, folder):
    path = os.path.join(folder, f"{name}.test.yml")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({
            "rule_files": [os.path.join(HERE, "alerts.yml")],
            "evaluation_interval": f"{INTERVAL_S}s", "tests": tests}, file)
    promtool("test", "rules", path)
    return len(tests)


# The dashboard.

def check_dashboard(first, second, folder):
    board = json.loads(read("Ops/grafana/fanfare.json"))
    rows = [panel["title"] for panel in board["panels"] if panel["type"] == "row"]
    if [row.lower() for row in rows] != ["audience", "delivery", "ingest", "show", "machine"]:
        fail(f"the dashboard's rows are {rows}")
    if board["id"] is not None or board["schemaVersion"] < 38:
        fail("the dashboard has an id of somebody's Grafana, or an old schema")
    names = {one["name"]: one for one in board["templating"]["list"]}
    if names.get("datasource", {}).get("type") != "datasource":
        fail("the dashboard's data source is no variable")
    for one in names.values():
        if one["type"] == "query":
            metric, label = re.fullmatch(
                r"label_values\((\w+)(?:\{[^}]*\})?, (\w+)\)", one["query"]["query"]).groups()
            if label not in second.labels(metric) or not second.has_series(metric):
                fail(f"the dashboard's variable {one['name']}: {metric} has no {label}")
    places, numbers, tests = set(), set(), []
    # What only grows goes on as it did from one scrape to the next; all else stays.
    values = {
        written(key): f"{first.series.get(key, value):.17g}+{step(key, first, second):.17g}x999"
        for key, value in second.series.items()}
    script = yaml.safe_load(read("Ops/prometheus/alerts.cases.yml"))
    values.update(applied(script["dashboard"], second, "the dashboard"))
    for panel in (panel for panel in board["panels"] if panel["type"] != "row"):
        title = panel["title"]
        if not title or not panel.get("description", "").endswith("."):
            fail(f"the dashboard's panel {title!r} has no title, or no description")
        if not panel["fieldConfig"]["defaults"].get("unit"):
            fail(f"the dashboard's panel {title!r} has no unit")
        if panel["id"] in numbers:
            fail(f"the dashboard has two panels of the number {panel['id']}")
        numbers.add(panel["id"])
        place = panel["gridPos"]
        squares = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        if place["x"] + place["w"] > 24 or squares & places:
            fail(f"the dashboard's panel {title!r} lies upon another, or outside")
        places |= squares
        for target in panel["targets"]:
            if {panel["datasource"]["uid"], target["datasource"]["uid"]} != {"${datasource}"}:
                fail(f"the dashboard's panel {title!r} has a data source of its own")
            expression = target["expr"]
            for name, value in VARIABLES.items():
                expression = expression.replace(name, value)
            for fault in faults(expression, second, set()):
                fail(f"the dashboard's panel {title!r}: {fault}")
            if "$" in expression:
                fail(f"the dashboard's panel {title!r} has a variable that isn't known: {expression}")
            check_legend(title, expression, target["legendFormat"], second)
            tests.append({
                "expr": f"count({expression}) > bool 0", "eval_time": "5m",
                "exp_samples": [{"labels": "{}", "value": 1}]})
    run_tests("dashboard", [{
        "name": "the dashboard", "interval": f"{INTERVAL_S}s", "input_series": series(values, 6),
        "promql_expr_test": tests}], folder)
    return len(tests)


def step(key, first, second):
    grows = second.kind(key[0]) in ("counter", "histogram")
    return second.series[key] - first.series.get(key, 0) if grows else 0


def check_legend(title, expression, legend, scrape):
    """What a legend shows are labels of what comes out."""
    groups = re.findall(r"\bby\s*\(([^)]*)\)", expression)
    known = set(re.findall(r"\w+", groups[0])) if groups else {
        label for name, _ in selectors(expression) for label in scrape.labels(name)}
    for label in re.findall(r"{{(\w+)}}", legend):
        if label not in known:
            fail(f"the dashboard's panel {title!r}: what it shows has no label {label}")


# Prometheus itself.

def check_configuration(scene, rule_count):
    text = read("Ops/prometheus/prometheus.yml")
    if not promtool("check", "config", "--syntax-only", os.path.join(HERE, "prometheus.yml")):
        return
    config = yaml.safe_load(text)
    token = scene.path("token")
    with open(token, "w", encoding="utf-8") as file:
        file.write(TOKEN)
    job = config["scrape_configs"][0]
    job["authorization"]["credentials_file"] = token
    job["static_configs"][0]["targets"] = [f"127.0.0.1:{scene.staff}"]
    config["rule_files"] = [os.path.join(HERE, name) for name in config["rule_files"]]
    # Sooner than on a night, that the check is short.
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    path = scene.path("prometheus.yml")
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump(config, file)
    if not promtool("check", "config", path):
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = scene.start(
        "prometheus", "prometheus", f"--config.file={path}", f"--storage.tsdb.path={scene.path('tsdb')}",
        f"--web.listen-address=127.0.0.1:{port}")

    def ask(path):
        if process.poll() is not None:
            raise RuntimeError(f"Prometheus has ended:\n{scene.said('prometheus.err')[-3000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}", timeout=20) as answer:
                return json.load(answer)["data"]
        except (urllib.error.URLError, ConnectionError):
            return None

    def scraped():
        data = ask("query?" + urllib.parse.urlencode({"query": 'up{job="fanfare"} == 1'}))
        return data and data["result"]

    def evaluated():
        data = ask("rules")
        found = [rule for group in data["groups"] for rule in group["rules"]] if data else []
        return len(found) == rule_count and all(rule["health"] != "unknown" for rule in found) and found
    try:
        wait("Prometheus' first scrape", scraped)
        for rule in wait("Prometheus' first round of rules", evaluated):
            if rule["health"] != "ok":
                fail(f"{rule['name']}: {rule.get('lastError')}")
    except TimeoutError as error:
        fail(f"{error}: {json.dumps(ask('targets'))[:2000]}")


def ready(scrape):
    """Whether everything that the scene brings about has come into the metrics."""
    def value(selector):
        return sum(scrape.series[key] for key in scrape.matching(selector))
    return (
        value('fanfare_viewers{stream="demo"}') >= 2
        and value('fanfare_answers_total{result="accepted"}') >= 1
        and value('fanfare_reporting_players{state="playing"}') >= 1
        and scrape.has_series("fanfare_player_delay_seconds")
        and value('fanfare_callbacks_total{result="failed"}') >= 1
        and value("fanfare_tls_handshakes_total") >= 1 and scrape.has_series("fanfare_ingest_gop_seconds"))


def main():
    recordings, alerts = rules()
    if not promtool("check", "rules", os.path.join(HERE, "alerts.yml")):
        sys.exit(1)
    with Scene(sys.argv[1]) as scene:
        texts = []

        def look():
            scene.report()
            scene.drink()
            texts.append(scene.scrape())
            return ready(Scrape(texts[-1])) and Scrape(texts[-1])
        first = wait("all metrics", look)

        def later():
            scene.report()
            scene.drink()
            text = scene.scrape()
            scrape = Scrape(text)
            grown = ("fanfare_sent_bytes_total", "fanfare_ingest_bytes_total")
            texts.append(text)
            return scrape.series.keys() >= first.series.keys() and all(
                scrape.series[key] > first.series[key]
                for key in first.series if key[0] in grown) and scrape
        second = wait("a second scrape", later)
        promtool("check", "metrics", stdin=texts[-1])
        check_rules(recordings, alerts, second)
        cases = play_alerts(recordings, alerts, second, scene.folder)
        expressions = check_dashboard(first, second, scene.folder)
        check_configuration(scene, len(recordings) + len(alerts))
    print(
        f"{len(alerts)} alerts in {cases} cases, {expressions} expressions of the dashboard, "
        f"{len(second.kinds)} metrics", file=sys.stderr)
    sys.exit(1 if failures else 0)


main()
