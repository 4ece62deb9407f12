"""What all benchmarks measured, put together out of their JSON: results/README.md, results/index.html, README.

Nothing is measured here, and nothing is read out of Markdown. Ratios are ours divided by theirs: below 1 is better for
us. What was measured at another time keeps its date.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from ketalit import __version__
from ketalit.figures import Axis, ErrorBars, Line, Panel, Picture, Points, Rule, draw
from ketalit.figures.page import NARROW, WIDE
from ketalit.files import write_atomically
from ketalit.table.evidence import NO_ADVICE
from ketalit.templates import POLICY

from .measuring import (
    BOUND_HEAD,
    HERE,
    RATIO_HEAD,
    RESULTS,
    Bound,
    Growth,
    Ratio,
    Share,
    bound_row,
    machine_line,
    met,
    ratio_row,
    table,
)

README = HERE.parent / "README.md"
BEGIN, END = "<!-- measured: written by `python -m benchmarks`, not by hand -->", "<!-- /measured -->"
SHARE_HEAD = ("read or found", "written on", "held out", "wanted", "met, held out")
GROWTH_HEAD = ("what", "unit", "records", "measured", "grows as records to the power of")
RUN_HEAD = ("benchmark", "date", "machine", "took")


@dataclass(frozen=True)
class Measured:
    """What one benchmark measured; `date` is "" where it does not say."""

    name: str
    title: str
    date: str = ""
    machine: Mapping[str, Any] | None = None
    seconds: float = 0.0
    ratios: Sequence[Ratio] = ()
    bounds: Sequence[Bound] = ()
    shares: Sequence[Share] = ()
    growth: Sequence[Growth] = ()


def measured(folder: Path = RESULTS) -> list[Measured]:
    """The results in a folder, in the order of their names."""
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> Measured:
    kept = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(kept, list):  # sizes and what each costs, one row each
        return Measured(path.stem, "A review of many records", growth=_growth(kept))
    return Measured(
        path.stem,
        kept["title"],
        kept["date"],
        kept["machine"],
        kept["seconds"],
        [Ratio(**one) for one in kept["ratios"]],
        [Bound(**one) for one in kept["bounds"]],
        [Share(**one) for one in kept["shares"]],
        [Growth(**one) for one in kept["growth"]],
    )


def _growth(rows: Sequence[Mapping[str, Any]]) -> list[Growth]:
    found = []
    for key, unit in (("cpu_s", "CPU s"), ("peak_mb", "MB at most"), ("output_bytes", "bytes written")):
        for what in dict.fromkeys(str(row["what"]) for row in rows):
            some = sorted((row["records"], row[key]) for row in rows if row["what"] == what and row.get(key))
            if len(some) > 1:
                found.append(Growth(what, unit, [n for n, _ in some], [value for _, value in some]))
    return found


def slope(one: Growth) -> float:
    """The power of the number of records that the values grow as: a straight line through their logarithms.

    >>> round(slope(Growth("toy", "s", [10, 100, 1000], [0.2, 2, 20])), 6)
    1.0
    """
    return float(np.polyfit(np.log(one.records), np.log(one.values), 1)[0])


# --- tables ----------------------------------------------------------------------------------------------------------


def percent(share: float) -> str:
    """
    >>> percent(0.977), percent(1.0)
    ('97.7 %', '100 %')
    """
    return f"{100 * share:.3g} %"


def share_row(one: Share) -> list[object]:
    """Its cells under `SHARE_HEAD`."""
    halves = [f"{percent(one.written_on)} of {one.n_written_on}", f"{percent(one.held_out)} of {one.n_held_out}"]
    wanted = "–" if one.wanted is None else f"≥ {percent(one.wanted)}"
    return [one.what, *halves, wanted, met(one.held_out, one.wanted, least=True)]


def growth_row(one: Growth) -> list[object]:
    """Its cells under `GROWTH_HEAD`."""
    sizes = " · ".join(f"{n:,}" for n in one.records)
    return [one.what, one.unit, sizes, " · ".join(f"{value:.3g}" for value in one.values), f"{slope(one):.2f}"]


def run_row(one: Measured) -> list[object]:
    """Its cells under `RUN_HEAD`."""
    where = machine_line(one.machine) if one.machine else "see its page"
    return [f"[{one.title}]({one.name}.md)", one.date or "–", where, f"{one.seconds:.0f} s" if one.seconds else "–"]


def missed(results: Sequence[Measured]) -> list[str]:
    """Everything wanted that was not reached, in words."""
    rows = [ratio_row(ratio) for one in results for ratio in one.ratios]
    told = [
        f"{what} beside {peer}: {ratio}, wanted {limit}" for what, peer, _, ratio, limit, yes, _ in rows if yes == "NO"
    ]
    bounds = [bound_row(bound) for one in results for bound in one.bounds]
    told += [f"{what}: {value} {unit}, wanted {limit}" for what, value, unit, limit, yes in bounds if yes == "NO"]
    shares = [share_row(share) for one in results for share in one.shares]
    return told + [f"{what}: {held} held out, wanted {limit}" for what, _, held, limit, yes in shares if yes == "NO"]


def verdict(results: Sequence[Measured]) -> str:
    """How many limits were kept, in a sentence."""
    limits = [ratio.limit for one in results for ratio in one.ratios]
    limits += [bound.limit for one in results for bound in one.bounds]
    limits += [share.wanted for one in results for share in one.shares]
    count = len([one for one in limits if one is not None])
    return f"Of {count} limits that were set beforehand, {count - len(missed(results))} were kept."


def tables(results: Sequence[Measured]) -> dict[str, tuple[Sequence[str], list[list[object]], int]]:
    """Title to head, rows and how many columns at the end are numbers."""
    every = {
        "Ratios": (RATIO_HEAD, [ratio_row(ratio) for one in results for ratio in one.ratios], 4),
        "Limits that are no ratios": (BOUND_HEAD, [bound_row(bound) for one in results for bound in one.bounds], 0),
        "Right answers": (SHARE_HEAD, [share_row(share) for one in results for share in one.shares], 4),
        "Growth": (GROWTH_HEAD, [growth_row(growth) for one in results for growth in one.growth], 1),
    }
    return {title: one for title, one in every.items() if one[1]}


ABOUT = (
    "Ours and theirs took turns in one run. A ratio is ours divided by theirs, so that below 1 is better for us: the "
    "median of the rounds, and in brackets the 10th and the 90th percentile. What is wanted was set before it was "
    "measured. Times in seconds say more of a machine than of a program; they stand here only where a limit was set "
    "in seconds, or where growth is shown."
)
HALVES = (
    "The rules that read were written on one half of the labelled articles. The errors of the other half were not "
    "read, but its totals were watched, so take both as the better end."
)
PAGE = "For claims of a page, “held out” is one made-up page whose errors were never looked at."


def markdown(results: Sequence[Measured], failed: Mapping[str, str]) -> str:
    """results/README.md."""
    parts = ["# All benchmarks", f"{ABOUT} The same [with plots](index.html).", verdict(results)]
    if told := missed(results):
        parts.append("Missed:\n\n" + "\n".join(f"- {one}" for one in told))
    if failed:
        parts.append("Not run this time:\n\n" + "\n".join(f"- {name}: {why}" for name, why in failed.items()))
    for title, (head, rows, numbers) in tables(results).items():
        parts += [f"## {title}", *([f"{HALVES} {PAGE}"] * (title == "Right answers")), table(head, rows, numbers)]
    parts += ["## Runs", table(RUN_HEAD, map(run_row, results), 1)]
    return "\n\n".join(parts) + "\n"


# --- pictures --------------------------------------------------------------------------------------------------------


def ratios_picture(one: Measured) -> Picture:
    """The ratios of one benchmark with their spread, and the most that is wanted of each."""
    kinds = {ratio.what.partition(", ")[0] + ", " for ratio in one.ratios}
    known = kinds.pop() if len(kinds) == 1 else ""  # what all have in common is in the title
    names = tuple(f"{ratio.what.removeprefix(known)} ÷ {ratio.peer}" for ratio in one.ratios)
    rows = list(zip(names, one.ratios, strict=True))
    marks: list[Any] = [Rule(x=1, label="1: as theirs")]
    marks += _ticks([(name, ratio.limit) for name, ratio in rows], "the most that is wanted")
    spreads = [ratio.low for ratio in one.ratios], [ratio.high for ratio in one.ratios]
    marks.append(ErrorBars(names, *spreads, flat=True, ink="s0", label="10th to 90th percentile"))
    for shape, label, kept in (("circle", "median of the rounds", True), ("cross", "median, limit missed", False)):
        some = [(ratio.ratio, name) for name, ratio in rows if (met(ratio.ratio, ratio.limit) != "NO") is kept]
        if some:
            marks.append(Points(*zip(*some, strict=True), shape=shape, sizes=5, ink="s0", label=label))
    axis = Axis("Ours ÷ theirs, logarithmic: further left is better for us", "log")
    told = [f"{name}: {ratio.ratio:.3g}" + _limit(ratio) for name, ratio in rows]
    words = "; ".join(told) + "."
    return draw(
        Panel(marks, axis, Axis(kind="names", names=names)),
        title=one.title,
        subtitle=f"{one.date}; {known}{', '.join(dict.fromkeys(ratio.unit for ratio in one.ratios))}",
        description=words,
    )


def _ticks(wanted: Sequence[tuple[str, float | None]], label: str) -> list[ErrorBars]:
    """A stroke across the row of each name at what is wanted of it."""
    some = [(name, limit) for name, limit in wanted if limit is not None]
    if not some:
        return []
    names, at = zip(*some, strict=True)
    return [ErrorBars(names, at, at, flat=True, cap=7, width=2.6, ink="s1", label=label)]


def _limit(ratio: Ratio) -> str:
    return "" if ratio.limit is None else f" (wanted: at most {ratio.limit:.3g})"


def growth_pictures(results: Sequence[Measured]) -> list[Picture]:
    """What more records cost: a picture for each benchmark that measured it, and each unit."""
    return [
        _growth_picture(one, unit) for one in results for unit in dict.fromkeys(growth.unit for growth in one.growth)
    ]


def _growth_picture(one: Measured, unit: str) -> Picture:
    marks: list[Any] = []
    told = []
    for at, growth in enumerate(growth for growth in one.growth if growth.unit == unit):
        label = f"{growth.what}: power {slope(growth):.2f}"
        marks += [kind(growth.records, growth.values, series=at, label=label) for kind in (Line, Points)]
        told.append(f"{growth.what} grows as records to the power of {slope(growth):.2f}")
    return draw(
        Panel(marks, Axis("Records", "log"), Axis(unit, "log")),
        title=f"{one.title}: {unit} over records",
        subtitle="Both axes logarithmic: a straight line with power 1 is growth in proportion",
        description="; ".join(told) + ".",
    )


def shares_picture(results: Sequence[Measured]) -> Picture | None:
    """How much was right of what the rules were written on, and of what was held out."""
    shares = [share for one in results for share in one.shares]
    if not shares:
        return None
    names = tuple(share.what for share in shares)
    low = min(min(share.written_on, share.held_out) for share in shares)
    marks = [
        *_ticks([(share.what, share.wanted) for share in shares], "the least that is wanted"),
        Points([share.written_on for share in shares], names, sizes=5, hollow=True, ink="s2", label="written on"),
        Points([share.held_out for share in shares], names, sizes=5, shape="square", ink="s0", label="held out"),
    ]
    told = [
        f"{share.what}: {percent(share.written_on)} written on, {percent(share.held_out)} held out" for share in shares
    ]
    axis = Axis("Right (%): further right is better", limits=(math.floor(10 * low) / 10, 1), percent=True)
    return draw(
        Panel(marks, axis, Axis(kind="names", names=names)),
        title="Right answers, on what the rules were written on and on what was held out",
        description="; ".join(told) + ".",
    )


def page(results: Sequence[Measured], failed: Mapping[str, str]) -> str:
    """results/index.html."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(HERE), PackageLoader("ketalit")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shares = shares_picture(results)
    sections = {
        "Beside others": [ratios_picture(one) for one in results if one.ratios],
        "Right answers": [shares] if shares else [],
        "Growth": growth_pictures(results),
    }
    pictures = {
        title: [(Markup(one.at(WIDE).svg), Markup(one.at(NARROW).svg), one.description) for one in some]
        for title, some in sections.items()
        if some
    }
    return environment.get_template("summary.html").render(
        title="What was measured",
        about=ABOUT,
        halves=f"{HALVES} {PAGE}",
        verdict=verdict(results),
        missed=missed(results),
        failed=failed,
        pictures=pictures,
        tables=tables(results),
        runs=results,
        machine_line=machine_line,
        policy=POLICY,
        version=__version__,
        no_advice=NO_ADVICE,
    )


# --- the block of the README -----------------------------------------------------------------------------------------


def block(results: Sequence[Measured]) -> str:
    """What README quotes, between `BEGIN` and `END`: all for which a limit was set, a line for all sizes of a work."""
    groups: dict[tuple[str, str], list[Ratio]] = {}
    for ratio in (ratio for one in results for ratio in one.ratios if ratio.limit is not None):
        groups.setdefault((ratio.what.partition(", ")[0], ratio.peer), []).append(ratio)
    rows = []
    for (what, peer), some in groups.items():
        values, limit = [ratio.ratio for ratio in some], some[0].limit
        span = " to ".join(dict.fromkeys(f"{end:.2g}" for end in (min(values), max(values))))
        rows.append([what, peer, span, f"≤ {limit:.2g}", met(max(values), limit)])
    shares = [share_row(share) for one in results for share in one.shares if share.wanted is not None]
    dates = sorted({one.date for one in results if one.date})
    machines = dict.fromkeys(machine_line({**one.machine, "load": None}) for one in results if one.machine)
    loads = [one.machine["load"] for one in results if one.machine and one.machine["load"] is not None]
    busy = f"; load {min(loads)} to {max(loads)} at the start" if loads else ""
    when = " to ".join(dict.fromkeys((dates[0], dates[-1])))
    parts = [
        f"Measured {when} on {' and '.join(machines)}{busy}. {verdict(results)}",
        table(["what", "beside", "ours ÷ theirs", "wanted", "met"], rows, 3),
        HALVES,
        table(SHARE_HEAD, shares, 4),
    ]
    return "\n\n".join([BEGIN, *parts, END])


def with_block(text: str, results: Sequence[Measured]) -> str:
    """A README with its block as it has to be."""
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"README has no place for what was measured: {BEGIN} … {END}")
    return before + block(results) + after


def write(failed: Mapping[str, str] | None = None) -> None:
    """Write both pages, and the block of the README; `failed` names what did not run, and why."""
    results = measured()
    write_atomically(RESULTS / "README.md", markdown(results, failed or {}).encode())
    write_atomically(RESULTS / "index.html", page(results, failed or {}).encode())
    write_atomically(README, with_block(README.read_text(encoding="utf-8"), results).encode())
    print(f"\n{verdict(results)}", *missed(results), sep="\n  missed: ")
    print(f"See {RESULTS.relative_to(HERE.parent) / 'index.html'}.")
