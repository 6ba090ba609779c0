"""Ratios, their targets, and the tables of the page."""

import re
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass
class Target:
    low: float = float("-inf")
    high: float = float("inf")
    unit: str = "×"

    def text(self):
        match self.low, self.high:
            case low, high if low > float("-inf") and high < float("inf"):
                return f"{show(low)} to {show(high)} {self.unit}"
            case low, float(high) if high == float("inf"):
                return f"≥ {show(low)} {self.unit}"
        return f"≤ {show(self.high)} {self.unit}"


def at_least(low, unit="×"):
    return Target(low=low, unit=unit)


def at_most(high, unit="×"):
    return Target(high=high, unit=unit)


def show(x):
    """Three significant digits, or all digits before the decimal point."""
    if abs(x) >= 100:
        return f"{x:,.0f}"
    return f"{x:.3g}" if abs(x) >= 0.1 or x == 0 else f"{x:.2f}"


class Figures:
    """The rows of one part's table."""

    def __init__(self):
        self.rows = []

    def add(self, what, values, target=None, unit="×"):
        """Adds the measurements of all turns; the median is compared with the target."""
        unit = target.unit if target else unit
        value = median(values)
        verdict = "" if target is None else "reached" if target.low <= value <= target.high else "**missed**"
        ends = quantiles(values, n=4)[::2] if len(values) > 3 else [min(values), max(values)]
        spread = " to ".join(map(show, ends)) if len(values) > 1 else ""
        self.rows.append((what, f"{show(value)} {unit}", spread, target.text() if target else "", verdict))

    def table(self):
        head = ("what", "median", "spread", "target", "")
        return "\n".join("| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *self.rows))


def replace_part(page, part, text):
    """The page with the text of one part between its markers."""
    begin, end = f"<!-- results: {part} -->\n", f"<!-- end of {part} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise ValueError(f"the page must contain this exactly once: {begin}")
    return pattern.sub(lambda _: begin + text + "\n" + end, page)
