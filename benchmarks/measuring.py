"""What all benchmarks share: contestants in turns, ratios with their spread, the machine, and how results are written.

A ratio is ours divided by theirs, of the same round, so that below 1 is better for us, whatever is measured. Its value
is the median of the rounds; its spread goes from the 10th to the 90th percentile. Absolute figures are only there to be
compared with a limit that was set for them.
"""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
RESULTS = HERE / "results"
SHARED = HERE.parents[1] / "shared"  # recorded and labelled material, where it is beside the project


class Spread(NamedTuple):
    """Rounds of one measurement: median, 10th and 90th percentile, and how many there were."""

    median: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.median:.3g}" + (f" ({self.low:.3g} to {self.high:.3g})" if self.n > 1 else "")


def spread(values: Iterable[float]) -> Spread:
    """
    >>> spread([1, 2, 3, 4, 100])
    Spread(median=3, low=1.4, high=61.6, n=5)
    """
    all_of_them = list(values)
    if len(all_of_them) == 1:
        return Spread(*all_of_them * 3, 1)
    tenths = statistics.quantiles(all_of_them, n=10, method="inclusive")
    return Spread(statistics.median(all_of_them), tenths[0], tenths[-1], len(all_of_them))


def turns(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
    fill: float = 0.0,
) -> dict[str, list[float]]:
    """Seconds of one run of each contestant, round after round, each in its turn.

    Args:
        contestants: what is run.
        rounds: how often each has its turn.
        clock: CPU time of this process, unless another is asked for.
        fill: seconds of a turn; what is shorter runs several times in it, after two turns of warming up.
    """
    spent: dict[str, list[float]] = {name: [] for name in contestants}
    repeats = dict.fromkeys(contestants, 1)
    for number in range(-2 if fill else 0, rounds):
        for name, run in contestants.items():
            start = clock()
            for _ in range(repeats[name]):
                run()
            one = (clock() - start) / repeats[name]
            if number >= 0:
                spent[name].append(one)
            elif fill:
                repeats[name] = max(1, int(fill / max(one, 1e-9)))
    return spent


CLOCK = "time by the clock"
TURN = 0.02  # s


def in_turns(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of what takes milliseconds, in turns of 20 ms."""
    return turns(contestants, rounds, fill=TURN)


def times_table(spent: Mapping[str, Sequence[float]]) -> str:
    """Milliseconds of each, as Markdown."""
    rows = [[name, spread(1000 * one for one in seconds)] for name, seconds in spent.items()]
    return table(["", "ms"], rows, numbers=1)


@dataclass(frozen=True)
class Ratio:
    """Ours divided by theirs.

    Attributes:
        what: is measured.
        peer: what it is measured beside.
        unit: of what: CPU time, time by the clock, memory.
        ratio, low, high: median, 10th and 90th percentile of the rounds.
        limit: the most that is wanted, as it was set beforehand; None where none was.
        n: rounds.
    """

    what: str
    peer: str
    unit: str
    ratio: float
    low: float
    high: float
    limit: float | None
    n: int


@dataclass(frozen=True)
class Bound:
    """An absolute figure with a limit that was set beforehand; `limit` is the most, or with `least` the least."""

    what: str
    value: float
    unit: str
    limit: float
    least: bool = False


@dataclass(frozen=True)
class Share:
    """How many of so many were right: of those the rules were written on, and of those held out."""

    what: str
    written_on: float
    n_written_on: int
    held_out: float
    n_held_out: int
    wanted: float | None = None


@dataclass(frozen=True)
class Growth:
    """What so many records cost: `values` in `unit`, one for each of `records`."""

    what: str
    unit: str
    records: Sequence[float]
    values: Sequence[float]


def met(value: float, limit: float | None, least: bool = False) -> str:
    """
    >>> met(0.6, 0.7), met(0.8, 0.7), met(0.8, 0.7, least=True), met(1, None)
    ('yes', 'NO', 'yes', '–')
    """
    if limit is None:
        return "–"
    return "yes" if (value >= limit if least else value <= limit) else "NO"


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: int = 0) -> str:
    """A Markdown table; the last `numbers` columns are right-aligned.

    >>> print(table(["a", "b"], [["x", 1]], numbers=1))
    | a | b |
    |---|--:|
    | x | 1 |
    """
    line = "|---" * (len(head) - numbers) + "|--:" * numbers + "|"
    first, *others = (f"| {' | '.join(map(str, row))} |" for row in (head, *rows))
    return "\n".join([first, line, *others])


RATIO_HEAD = ("what", "beside", "ratio of", "ours ÷ theirs", "wanted", "met", "rounds")
BOUND_HEAD = ("what", "value", "unit", "wanted", "met")


def ratio_row(one: Ratio) -> list[object]:
    """Its cells under `RATIO_HEAD`."""
    wanted = "–" if one.limit is None else f"≤ {one.limit:.3g}"
    shown = Spread(one.ratio, one.low, one.high, one.n)
    return [one.what, one.peer, one.unit, shown, wanted, met(one.ratio, one.limit), one.n]


def bound_row(one: Bound) -> list[object]:
    """Its cells under `BOUND_HEAD`."""
    wanted = f"{'≥' if one.least else '≤'} {one.limit:.4g}"
    return [one.what, f"{one.value:.3g}", one.unit, wanted, met(one.value, one.limit, one.least)]


def machine() -> dict[str, Any]:
    """The size of the machine, and how busy it is."""
    known = hasattr(os, "sysconf")
    return {
        "cores": os.cpu_count(),
        "gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9) if known else None,
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def machine_line(of: Mapping[str, Any]) -> str:
    """
    >>> machine_line({"cores": 2, "gigabytes": 25, "architecture": "x86_64", "python": "3.11.7", "load": 0.6})
    '2 cores, 25 GB, x86_64, Python 3.11.7, load 0.6 at the start'
    """
    memory = f"{of['gigabytes']} GB, " if of["gigabytes"] else ""
    load = "" if of["load"] is None else f", load {of['load']:.1f} at the start"
    return f"{of['cores']} cores, {memory}{of['architecture']}, Python {of['python']}{load}"


def peak_mb() -> float:
    """Most memory that this process held, MB.

    getrusage counts, on Linux, what the parent held when it started this process; VmHWM does not.
    """
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+)", status.read_text())):
        return int(found[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def unavailable(why: str) -> None:
    """End this benchmark: what it needs is not here."""
    sys.exit(f"not run: {why}")


@dataclass
class Report:
    """What one benchmark measured. `write` makes of it NAME.md for people and NAME.json for the summary.

    Attributes:
        name: of the benchmark and its files.
        title: of the page.
        about: what is compared, and how.
        packages: whose versions are told.
    """

    name: str
    title: str
    about: str = ""
    packages: Sequence[str] = ()
    ratios: list[Ratio] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=machine)
    started: float = field(default_factory=time.monotonic)

    def ratio(
        self,
        what: str,
        peer: str,
        ours: Sequence[float],
        theirs: Sequence[float],
        limit: float | None = None,
        unit: str = "CPU time",
    ) -> Ratio:
        """Note ours divided by theirs, round by round."""
        one, other, more, n = spread([mine / other for mine, other in zip(ours, theirs, strict=True)])
        self.ratios.append(Ratio(what, peer, unit, one, other, more, limit, n))
        return self.ratios[-1]

    def say(self, *parts: str) -> None:
        """Add paragraphs, headings or tables to the page."""
        self.parts += parts
        print("\n\n".join(parts), flush=True)

    def write(self) -> None:
        """Write both files, and print what is new."""
        packages = [f"{name} {_version(name)}" for name in self.packages]
        measured = ", ".join([date.today().isoformat(), machine_line(self.machine), *packages])
        page = [f"# {self.title}", f"{measured}.", *([self.about] if self.about else [])]
        tables = []
        if self.ratios:
            tables += ["## Ratios", table(RATIO_HEAD, map(ratio_row, self.ratios))]
        if self.bounds:
            tables += ["## Limits", table(BOUND_HEAD, map(bound_row, self.bounds))]
        print("\n\n".join(tables), flush=True)
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{self.name}.md").write_text("\n\n".join([*page, *tables, *self.parts]) + "\n", encoding="utf-8")
        kept = {
            "benchmark": self.name,
            "title": self.title,
            "date": date.today().isoformat(),
            "machine": self.machine,
            "seconds": round(time.monotonic() - self.started, 1),
        } | {
            kind: [{key: _short(value) for key, value in asdict(one).items()} for one in getattr(self, kind)]
            for kind in ("ratios", "bounds", "shares", "growth")
        }
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        (RESULTS / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _short(value: Any) -> Any:
    """Numbers with four digits: more would say what no round can."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    return [_short(one) for one in value] if isinstance(value, list | tuple) else value
