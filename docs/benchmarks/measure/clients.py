"""The programs that write to the server, each compared with what the server received."""

import csv
import json
import os
import re
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from process import PATIENCE, Server, demand

COLUMNS = ["productId", "skuId", "warehouseId", "initialQty", "location", "reorderLevel", "reorderQty"]
KEY, TOKEN = "X-MerchantApiKey: pk_test_1", "Authorization: Bearer a.b.c"


def create_row(i, warehouse="MAIN"):
    return [f"prod_{i:07d}", "sku_red_256gb", warehouse, 100 + i % 900, f"B-{i % 90:02d}-1", 5, 50]


# The header and a row of each kind of file.
FILES = {
    "create": (COLUMNS, create_row),
    "adjust": (["inventoryId", "qty", "action"], lambda i: [f"inv_{i:07d}", 5, "received"]),
    "adjust by product": ([*COLUMNS[:3], "qty", "action"], lambda i: [*create_row(i)[:3], 5, "received"]),
}


def create_body(i):
    return json.dumps(dict(zip(COLUMNS, create_row(i, "wh_1"))), separators=(",", ":"))


ADJUST_BODY = '{"qty":5,"action":"RECEIVED","reference":"sc1-ABCDEF-ABCDEFGHJKMN"}'


class Bench:
    """What every part needs: programs, sizes, a folder and its files."""

    def __init__(self, place, tools, sizes):
        self.place, self.tools, self.sizes = place, tools, sizes

    def tool(self, name):
        return os.path.join(self.tools, name)

    def server(self, **options):
        return Server(self.tool("server"), **options)

    def file(self, kind, rows, invalid_last=False):
        """A CSV file with that many rows, created on first use."""
        name = self.place.path(f"{kind}-{rows}{'-invalid' if invalid_last else ''}.csv")
        header, row = FILES[kind]
        if os.path.exists(name):
            return name
        with open(name, "w", encoding="ascii", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(header)
            out.writerows(map(row, range(rows)))
            if invalid_last:
                out.writerow([*create_row(rows)[:3], "many", *create_row(rows)[4:]])
        return name

    def text(self, name, text):
        name = self.place.path(name)
        with open(name, "w", encoding="ascii") as f:
            f.write(text)
        return name

    def stockctl_import(self, server, kind, rows, connections, program="stockctl", memory=False):
        """Imports rows into a new server, with a state folder without journals.
        Without connections, stockctl finds the pace itself."""
        self.place.forget()
        run = self.place.run(self._import(kind, rows, connections, program), url=server.url, memory=memory, trust=server.certificate)
        run.sending, run.body = self._imported(run.text(), rows, server)
        return run

    def two_imports(self, server, rows, apart=False):
        """Imports as many rows twice at the same time, and returns the seconds of each.
        Apart, they cannot share their pace, as if each had a machine of its own."""
        argv, running = self._import("create", rows, None, "stockctl"), []
        with tempfile.TemporaryDirectory() as state:
            for name in ("one", "other"):
                env = self.place.env | {"STOCKCTL_BASE_URL": server.url, "STOCKCTL_STATE_DIR": os.path.join(state, name)}
                if apart:
                    env["TMPDIR"] = tempfile.mkdtemp(dir=state)
                running.append(subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
            told = [one.communicate(timeout=PATIENCE) for one in running]
        for one, (out, err) in zip(running, told):
            demand(one.returncode == 0, f"exit code {one.returncode}:\n{out[-500:]}\n{err[-500:]}")
        demand(server.written()[0] == 2 * rows, f"2 × {rows} rows were imported, and the server got {server.written()[0]} writes")
        return [json.loads(out)["seconds"] for out, _ in told]

    def _import(self, kind, rows, connections, program):
        argv = [self.tool(program), "inventory", "import", self.file(kind, rows), "--mode", kind.split()[0], "--yes", "-q", "-o", "json"]
        return argv + ["--concurrency", str(connections)] if connections else argv

    def _imported(self, text, rows, server):
        """The time reported by an import, and the size of a body."""
        got = json.loads(text)
        demand(got["rows"] == got["counts"]["applied"] == rows, f"not all of {rows} rows were applied: {got}")
        writes, size = server.written()
        demand(writes == rows, f"{rows} rows were imported, and the server got {writes} writes")
        return got["seconds"], size

    def concurrently(self, mode, long, short, program="stockctl", other="stockctl", memory=False):
        """Imports a long file with a program and, at the same time, a short one repeatedly
        with another, so that variations of the machine affect both. Returns the long run
        and the seconds per row of each."""
        argv, over, took = self._import(mode, short, 32, other), threading.Event(), []

        def repeat():
            while not over.is_set():
                with self.server() as server, tempfile.TemporaryDirectory() as state:
                    began = time.perf_counter()
                    run = subprocess.run(
                        argv, env=self.place.env | {"STOCKCTL_BASE_URL": server.url, "STOCKCTL_STATE_DIR": state},
                        stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=PATIENCE)
                    seconds = time.perf_counter() - began
                    self._imported(run.stdout, short, server)
                if not over.is_set():  # otherwise it had the machine to itself for a while
                    took.append(seconds / short)

        self.file(mode, long)
        with ThreadPoolExecutor() as beside, self.server() as server:
            repeated = beside.submit(repeat)
            try:
                run = self.stockctl_import(server, mode, long, 32, program, memory)
            finally:
                over.set()
            repeated.result()
        demand(took, f"{long} rows were imported before {short} were")
        return run, run.seconds / long, sum(took) / len(took)

    def hey(self, server, mode, requests, connections):
        """Sends one body repeatedly and returns the rate reported by hey."""
        requests -= requests % connections  # hey sends the same number on each connection
        method, path, body = ("POST", "", create_body(1)) if mode == "create" else ("PATCH", "/inv_0000001/adjust", ADJUST_BODY)
        run = self.place.run([
            self.tool("hey"), "-n", str(requests), "-c", str(connections), "-m", method, "-T", "application/json", "-H", KEY, "-H", TOKEN,
            "-d", body, server.url + "/v1/inventory" + path,
        ])
        code = 201 if mode == "create" else 200
        demand(re.search(rf"\[{code}\]\t{requests} responses", run.text()) and "Error distribution" not in run.text(), f"hey failed:\n{run.text()}")
        writes, run.body = server.written()
        demand(writes == requests, f"hey sent {requests} requests, and the server got {writes}")
        run.requests, run.rate = requests, float(re.search(r"Requests/sec:\s+([\d.]+)", run.text())[1])
        return run

    def xargs_curl(self, server, rows, processes):
        """Runs one curl for each row, several at a time."""
        bodies = self.text("bodies", "".join(create_body(i) + "\0" for i in range(rows)))
        run = self.place.run([
            "xargs", "-0", f"-P{processes}", "-I{}", "curl", "-sS", "--fail", "-o", os.devnull, "-H", KEY, "-H", TOKEN,
            "-H", "Content-Type: application/json", "-d", "{}", server.url + "/v1/inventory",
        ], stdin=bodies)
        writes, _ = server.written()
        demand(writes == rows, f"curl ran {rows} times, and the server got {writes} writes")
        return rows / run.seconds

    def newman(self, server, rows):
        """Runs a collection with one request and a data file. The rate is reported by newman, without its start-up."""
        body = re.sub(r'"(productId|initialQty|location)":("[^"]*"|\d+)', r'"\1":"{{\1}}"', create_body(1)).replace('"{{initialQty}}"', "{{initialQty}}")
        headers = [dict(zip(("key", "value"), h.split(": "))) for h in (KEY, TOKEN, "Content-Type: application/json")]
        collection = {
            "info": {"name": "rows", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
            "item": [{"name": "row", "request": {"method": "POST", "header": headers, "url": server.url + "/v1/inventory", "body": {"mode": "raw", "raw": body}}}],
        }
        report = self.place.path("newman.json")
        self.place.run([
            self.tool("node_modules/.bin/newman"), "run", self.text("collection.json", json.dumps(collection)), "--iteration-data", self.file("create", rows),
            "--reporters", "json", "--reporter-json-export", report,
        ])
        with open(report, encoding="utf-8") as f:
            got = json.load(f)["run"]
        codes = {e["response"]["code"] for e in got["executions"]}
        writes, _ = server.written()
        demand(not got["failures"] and codes == {201} and writes == rows, f"newman failed: {codes}, {writes} of {rows} writes arrived")
        return rows / (got["timings"]["completed"] - got["timings"]["started"]) * 1000
