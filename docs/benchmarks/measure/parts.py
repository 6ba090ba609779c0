"""The parts of the run. Each measures in several turns and returns its results."""

import json
import math
import re

from figures import Figures, Target, at_least, at_most
from process import demand

MB = 1e6


def alike(one, other):
    """The bodies of two clients must have the same length, within a few bytes."""
    demand(abs(one.body / other.body - 1) < 0.05, f"the bodies differ: {one.body:.0f} and {other.body:.0f} bytes")


def start(b):
    commands = {"version": "stockctl ", "--help": "Usage:", "completion bash": "bash completion", "inventory list": "prod_"}
    figures = Figures()
    with b.server(records=50) as server:
        for where, run in (("", b.place.run), (" on a silent terminal", b.place.run_on_terminal)):
            ratios = {command: [] for command in commands}
            for _ in range(b.sizes["starts"]):
                bare = run([b.tool("bare")], url=server.url)
                for command, shows in commands.items():
                    took = run([b.tool("stockctl"), *command.split()], url=server.url)
                    demand(shows in took.text(), f"{command} shows {took.text()[:200]!r}")
                    demand("\x1b]11;?" not in took.text(), f"{command} asks the terminal for its colour")
                    ratios[command].append(took.seconds / bare.seconds)
            for command, values in ratios.items():
                figures.add(f"`{command}`{where} ÷ a bare Go program", values, at_most(4) if command == "version" else None)
    return figures


def import_(b):
    figures, rows = Figures(), b.sizes["rows"]
    for mode in ("create", "adjust"):
        for connections in (8, 32, 64):
            sending, whole, cpu = [], [], []
            for _ in range(b.sizes["turns"]):
                with b.server() as server:
                    hey = b.hey(server, mode, rows // 2, connections)
                    ceiling = (hey.cpu + server.cpu()) / hey.requests
                with b.server() as server:
                    run = b.stockctl_import(server, mode, rows, connections)
                    cpu.append((run.cpu + server.cpu()) / rows / ceiling)
                alike(run, hey)
                sending.append(rows / run.sending / hey.rate)
                whole.append(rows / run.seconds / hey.rate)
            case = f"{mode}, {connections} connections"
            figures.add(f"{case}: rows/s ÷ hey's requests/s", sending, at_least(0.6))
            figures.add(f"{case}: the same, including the start and the check pass", whole)
            figures.add(f"{case}: CPU time per row, client and server, ÷ hey's", cpu)
    return figures


def latency(b):
    figures, nominal = Figures(), 0.02
    for mode in ("create", "adjust"):
        for connections in (8, 32, 64):
            ratios, true, ceiling = [], [], []
            rows = b.sizes["waits"] * connections
            for _ in range(b.sizes["steady turns"]):
                with b.server(latency="20ms") as server:
                    ceiling.append(b.hey(server, mode, rows // 4, connections).rate / connections * nominal)
                with b.server(latency="20ms") as server:
                    each = b.stockctl_import(server, mode, rows, connections).sending / rows * connections
                    ratios.append(nominal / each)
                    true.append(server.latency() / each)
            case = f"{mode}, {connections} connections, 20 ms"
            figures.add(f"{case}: rows/s ÷ (connections ÷ latency)", ratios, at_least(0.95))
            figures.add(f"{case}: the same, with the latency measured by the server", true)
            figures.add(f"{case}: hey's requests/s ÷ (connections ÷ latency)", ceiling)
    return figures


def journal(b):
    # Run both at the same time, each once as the long run, because variations of the
    # machine are larger than the difference to measure.
    figures, rows = Figures(), b.sizes["rows"] // 2
    on, off = "stockctl", "stockctl-without-journal"
    for mode in ("create", "adjust"):
        added = []
        for _ in range(b.sizes["turns"]):
            _, with_one, without = b.concurrently(mode, rows, rows // 10, on, off)
            _, without_too, with_too = b.concurrently(mode, rows, rows // 10, off, on)
            added.append((math.sqrt(with_one / without * with_too / without_too) - 1) * 100)
        figures.add(f"{mode}, 32 connections: time added by the journal", added, at_most(5, "%"))
    return figures


def check(b):
    figures, rows = Figures(), b.sizes["check"]
    name = b.file("create", rows, invalid_last=True)
    good = b.file("create", rows)
    ratios, dry = [], []
    with b.server() as server:
        for _ in range(b.sizes["turns"]):
            bare = b.place.run([b.tool("readcsv"), name])
            demand(int(bare.text()) == rows + 2, f"readcsv read {bare.text()} records")
            run = b.place.run([b.tool("stockctl"), "inventory", "import", name, "--yes"], url=server.url, code=2)
            demand(f":{rows + 2}:" in run.errors() and '"many"' in run.errors(), f"the last row was not reported as invalid: {run.errors()[-500:]}")
            ratios.append(run.seconds / bare.seconds)
            run = b.place.run([b.tool("stockctl"), "inventory", "import", good, "--dry-run", "-o", "json"], url=server.url)
            demand(json.loads(run.text())["would"] == {"create": rows}, f"the dry run reports {run.text()}")
            dry.append(run.seconds / bare.seconds)
        demand(server.written()[0] == 0, "something was written")
    figures.add(f"check pass of {rows:,} rows, the last one invalid, ÷ reading the file with encoding/csv", ratios, at_most(8))
    figures.add("`--dry-run`, which also goes through the plan, ÷ the same", dry)
    return figures


def memory(b):
    few, some, many = b.sizes["memory"]
    figures = Figures()
    peaks, shorter, longer = {n: [] for n in (few, some, many)}, [], []
    for _ in range(b.sizes["steady turns"]):
        with b.server() as server:
            peaks[few].append(b.stockctl_import(server, "create", few, 32, memory=True).peak)
        run, of_some, of_few = b.concurrently("create", some, few, memory=True)
        peaks[some].append(run.peak)
        shorter.append(of_few / of_some)
        run, of_many, of_some = b.concurrently("create", many, some, memory=True)
        peaks[many].append(run.peak)
        longer.append(of_many / of_some)
    for rows, peak in peaks.items():
        figures.add(f"create, {rows:,} rows: peak resident memory", [p / MB for p in peak], at_most(150, "MB") if rows == many else None, unit="MB")
    figures.add(f"create, from {some:,} to {many:,} rows: memory per additional row", grown(peaks, some, many), at_most(16, "bytes"))
    for kind in ("adjust", "adjust by product"):
        peaks = {n: [] for n in (some, many)}
        for _ in range(b.sizes["steady turns"]):
            for rows, peak in peaks.items():
                with b.server(records=0 if kind == "adjust" else rows) as server:
                    peak.append(b.stockctl_import(server, kind, rows, 32, memory=True).peak)
        figures.add(f"{kind}, {many:,} rows: peak resident memory", [p / MB for p in peaks[many]], at_most(150, "MB"))
        # Memory must hold the ids of records that rows identify by product.
        target = at_most(16, "bytes") if kind == "adjust" else None
        figures.add(f"{kind}, from {some:,} to {many:,} rows: memory per additional row", grown(peaks, some, many), target, unit="bytes")
    figures.add(f"time per row at {few:,} rows ÷ at {some:,}", shorter, Target(0.9, 1.1))
    figures.add(f"time per row at {many:,} rows ÷ at {some:,}", longer, Target(0.9, 1.1))
    return figures


def grown(peaks, some, many):
    """The memory per additional row of the longer files."""
    return [(much - little) / (many - some) for much, little in zip(peaks[many], peaks[some])]


def list_(b):
    figures, sizes = Figures(), b.sizes["records"]
    few, many = sizes
    forms = [(name, b.place.run) for name in ("jsonl", "csv", "id", "table", "wide", "json", "yaml")] + [("table", b.place.run_on_terminal)]
    for name, run in forms:
        peaks = {n: [] for n in sizes}
        for _ in range(b.sizes["steady turns"]):
            for records in sizes:
                with b.server(records=records) as server:
                    got = run([b.tool("stockctl"), "inventory", "list", "--all", "-o", name], url=server.url, memory=True)
                shown = count(got.out, b"inv_" if name == "id" else b"prod_")
                demand(shown == records, f"{shown} of {records} records are shown in {name}")
                peaks[records].append(got.peak)
        case = name if run == b.place.run else f"{name} on a terminal"
        growth = [much / little for much, little in zip(peaks[many], peaks[few])]
        figures.add(f"{case}: memory at {many:,} records ÷ at {few:,}", growth, at_most(1.1) if name in ("jsonl", "csv") else None)
        figures.add(f"{case}: peak resident memory, {many:,} records", [p / MB for p in peaks[many]], unit="MB")
    return figures


def count(name, word):
    """The number of lines in a file that contain a word."""
    with open(name, "rb") as f:
        return sum(word in line for line in f)


def table(b):
    figures = Figures()
    ratios = {"table": [], "wide": []}
    for _ in range(b.sizes["turns"]):
        run = b.place.run([
            b.tool("output.test"), "-test.run", "^$", "-test.benchtime", b.sizes["benchtime"], "-test.bench", "^BenchmarkTabwriter$|^BenchmarkList$/^(table|wide)$/^terminal=true$",
        ])
        took = {name: float(ns) for name, ns in re.findall(r"^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op", run.text(), re.MULTILINE)}
        demand(len(took) == 3, f"the benchmarks of the tables have other names:\n{run.text()}")
        for name, values in ratios.items():
            values.append(took[f"List/{name}/terminal=true"] / took["Tabwriter"])
    for name, values in ratios.items():
        figures.add(f"`{name}` of 50,000 rows on a terminal ÷ text/tabwriter", values, at_most(5))
    return figures


def others(b):
    figures, rows, connections = Figures(), b.sizes["rows"], 8
    curl, newman, hey, free = [], [], [], []
    for _ in range(b.sizes["slow turns"]):
        with b.server() as server:
            ceiling = b.hey(server, "create", rows, connections)
        with b.server() as server:
            run = b.stockctl_import(server, "create", rows, connections)
        alike(run, ceiling)
        rate = rows / run.sending
        hey.append(rate / ceiling.rate)
        with b.server() as server:
            curl.append(rate / b.xargs_curl(server, b.sizes["curl"], connections))
        with b.server() as server:
            newman.append(rate / b.newman(server, b.sizes["newman"]))
        with b.server() as server:
            free.append(rows / b.stockctl_import(server, "create", rows, None).sending / rate)
    figures.add(f"rows/s over {connections} connections ÷ `xargs -P{connections} curl`", curl, at_least(50))
    figures.add("the same ÷ newman with a data file", newman, at_least(100))
    figures.add("the same ÷ hey", hey, at_least(0.6))
    figures.add("rows/s at the pace that stockctl chooses itself ÷ the same", free)
    return figures


# The limit of a server, how it reports it, its latency, the resulting rows per second,
# the share of them that must be reached, and how many seconds the import takes at that.
LIMITS = (
    ("100 a second, at most 10 at once, `Retry-After: 1`", {"limit": "bucket:100:10", "after": "1", "latency": "20ms"}, 100, 0.9, 40),
    ("the same without `Retry-After`", {"limit": "bucket:100:10", "latency": "20ms"}, 100, 0.9, 20),
    ("200 a second, 1 at once, `Retry-After: 1`", {"limit": "bucket:200:1", "after": "1", "latency": "50ms"}, 200, 0.75, 60),
    ("windows of 100 a second, with `Retry-After`", {"limit": "window:100:1s", "after": "left", "latency": "20ms"}, 100, 0.9, 40),
    ("windows of 100 a second, without `Retry-After`", {"limit": "window:100:1s", "latency": "20ms"}, 100, 0.9, 20),
    ("windows of 300 in 10 s, `Retry-After` as a date", {"limit": "window:300:10s", "after": "date", "latency": "20ms"}, 30, 0.95, 30),
    ("8 requests at a time, `Retry-After: 1`", {"limit": "cap:8", "after": "1", "latency": "50ms"}, 160, 0.9, 30),
    ("the same without `Retry-After`", {"limit": "cap:8", "latency": "50ms"}, 160, 0.9, 20),
    ("16 requests at a time, `Retry-After: 1`", {"limit": "cap:16", "after": "1", "latency": "50ms"}, 320, 0.9, 30),
    ("no limit, of 32 connections ÷ latency", {"latency": "50ms"}, 640, 0.93, 9.375),
    ("200, 50 and 200 a second, a minute each", {"limit": "bucket:200:10,bucket:50:10,bucket:200:10", "latency": "20ms"}, 150, 0.85, 180),
)


def pace(b):
    figures = Figures()
    for what, options, allowed, target, seconds in LIMITS:
        rows = round(allowed * seconds * b.sizes["pace"])
        with b.server(**options) as server:
            took = b.stockctl_import(server, "create", rows, None).sending
            figures.add(what, [rows / took / allowed], at_least(target))
            figures.add("refused requests in this run", [server.refused()], unit="")
    free, chance = [], []
    rows = round(20_000 * b.sizes["pace"])
    for rates, share in ((free, 0), (chance, 0.05)):
        with b.server(latency="1ms", chance=share, after="0") as server:
            rates.append(rows / b.stockctl_import(server, "create", rows, None).sending)
    figures.add("5 % refused at random, `Retry-After: 0` ÷ none refused", [chance[0] / free[0]], at_least(0.5))
    rows, allowed = round(50 * 40 * b.sizes["pace"]), 100
    for what, after, apart in (
        ("two imports under 100 a second, `Retry-After: 1`, together", "1", False),
        ("the same without `Retry-After`", "", False),
        ("with `Retry-After: 1`, as if on two machines", "1", True),
    ):
        with b.server(limit="bucket:100:10", latency="20ms", after=after) as server:
            first, last = sorted(b.two_imports(server, rows, apart))
        figures.add(what, [2 * rows / last / allowed], at_least(0.85))
        behind = max(0, rows - (last - first) * allowed)  # what the slower had at least when the quicker ended
        figures.add("the slower import's share of that (lower bound)", [behind / (rows + behind)], at_least(0.2))
    return figures


def https(b):
    figures, certificate = Figures(), b.place.path("certificate.pem")
    ways = {"HTTPS, HTTP/1.1": {"certificate": certificate}, "HTTPS, HTTP/2": {"certificate": certificate, "http2": True}}
    for latency, rows in (("0s", b.sizes["rows"] // 2), ("20ms", b.sizes["waits"] * 16)):
        ratios = {way: [] for way in ways}
        for _ in range(b.sizes["slow turns"]):
            with b.server(latency=latency) as server:
                plain = b.stockctl_import(server, "create", rows, 32).sending
            for way, options in ways.items():
                with b.server(latency=latency, **options) as server:
                    ratios[way].append(plain / b.stockctl_import(server, "create", rows, 32).sending)
        delay = "no latency" if latency == "0s" else f"{latency} latency"
        for way, values in ratios.items():
            figures.add(f"{way}, {delay}: rows/s ÷ plain HTTP's", values)
    return figures


PARTS = {
    "start": start, "import": import_, "latency": latency, "journal": journal, "check": check,
    "memory": memory, "pace": pace, "https": https, "list": list_, "table": table, "others": others,
}
