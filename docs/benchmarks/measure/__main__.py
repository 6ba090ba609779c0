"""measure TOOLS SIZE PAGE PART... measures the parts, prints their tables, and writes them
to the page, if one is given. run.sh calls it."""

import sys
import time
import traceback

from clients import Bench
from figures import replace_part
from parts import PARTS
from process import Failed, place

SIZES = {
    "full": {
        "starts": 41, "pace": 1, "turns": 5, "slow turns": 3, "steady turns": 2, "rows": 100_000, "waits": 1200, "check": 1_000_000, "memory": (10_000, 100_000, 1_000_000),
        "records": (10_000, 100_000), "benchtime": "3x", "curl": 1000, "newman": 500,
    },
    "small": {
        "starts": 15, "pace": 0.5, "turns": 3, "slow turns": 2, "steady turns": 2, "rows": 10_000, "waits": 100, "check": 100_000, "memory": (1000, 10_000, 100_000),
        "records": (1000, 10_000), "benchtime": "1x", "curl": 200, "newman": 100,
    },
    "smoke": {
        "starts": 2, "pace": 0.02, "turns": 1, "slow turns": 1, "steady turns": 1, "rows": 1000, "waits": 10, "check": 1000, "memory": (100, 1000, 2000),
        "records": (100, 1000), "benchtime": "1x", "curl": 20, "newman": 10,
    },
}
NOTES = {"full": "", "small": "In small sizes:\n\n", "smoke": "In the smallest sizes, only to check that it runs:\n\n"}


def main(tools, size, page, names):
    """Measures all parts, even after a failure, and returns the failed ones."""
    failed = []
    for name in names:
        write(page, name, "Being measured.")  # so that an old result is not mistaken for a new one
    for name in names:
        began = time.monotonic()
        try:
            with place(tools) as where:
                text = NOTES[size] + PARTS[name](Bench(where, tools, SIZES[size])).table()
        except Exception as why:  # continue with the other parts after any error
            if not isinstance(why, Failed):
                traceback.print_exc()
            print(f"benchmark {name} failed: {why}", file=sys.stderr)
            failed.append(name)
            text = "Not measured: the run failed."
        print(f"{name}\n\n{text}\n", flush=True)
        print(f"{name} took {time.monotonic() - began:.0f} s", file=sys.stderr)
        write(page, name, text)
    return failed


def write(page, name, text):
    if not page:
        return
    with open(page, encoding="utf-8") as f:
        was = f.read()
    with open(page, "w", encoding="utf-8") as f:
        f.write(replace_part(was, name, text))


if __name__ == "__main__":
    if failures := main(*sys.argv[1:4], sys.argv[4:]):
        sys.exit("failed: " + ", ".join(failures))
