"""A pooled result, and how it reads: in a terminal and as Markdown."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from ... import escaping
from ...figures.synthesis.of_pooling import changer, columns_of
from ...figures.synthesis.telling import Telling
from ...pooling import Pooled, pool
from ...pooling.quantiles import normal
from .further import Section, caution_of, p_value
from .reading import Material

if TYPE_CHECKING:
    import pandas as pd

    from ...pooling import Multiverse, Subgroups

OPTIONS = (  # what others would have chosen; the first is Cochrane's way until 2024
    ("DL", "wald"),
    ("FE", "wald"),
    ("REML", "wald"),
    ("PM", "wald"),
    ("REML", "knapp-hartung"),
    ("REML", "never-narrower"),
)
GROUP = ("n", "mean", "sd", "events")  # what is known of a group, as it went into the effect
FEW = 5  # studies; below it the other options are shown unasked


@dataclass(frozen=True, slots=True, kw_only=True)
class Mcid:
    """A difference that matters to a reader, in units of the effect, and whose it is."""

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A result and what stands beside it; None: not asked for.

    Attributes:
        material, result: what was pooled, and what it gave.
        mcid: a reader's threshold.
        steps: whether conversions are told.
        leave_one_out, cumulative: tables of `ketalit.pooling`.
        order: how the cumulative result is ordered.
        multiverse: all defensible choices.
        subgroups: results by section.
        sections: what else was asked, such as Egger's test.
        groups: whether the numbers of both groups stand beside the studies.
    """

    material: Material
    result: Pooled
    mcid: Mcid | None = None
    steps: bool = False
    leave_one_out: pd.DataFrame | None = None
    cumulative: pd.DataFrame | None = None
    order: str = ""
    multiverse: Multiverse | None = None
    subgroups: Subgroups | None = None
    sections: tuple[Section, ...] = ()
    groups: bool = True
    rows: list[dict[str, Any]] = field(init=False)
    tell: Telling = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", _rows(self))
        widths = [] if self.ratio else [row["ci_high"] - row["ci_low"] for row in self.rows]
        object.__setattr__(self, "tell", Telling.of(widths, ratio=self.ratio))

    @property
    def ratio(self) -> bool:
        """Whether effects are shown as ratios."""
        return self.result.ratio is not None

    @property
    def measure(self) -> str:
        """What the effects are."""
        return self.result.measure or "effect"

    @property
    def sides(self) -> tuple[str, str]:
        """What the two groups are called."""
        one, _, two = self.material.comparison.partition(" vs ")
        return (one, two) if two else ("Group 1", "Group 2")

    @property
    def of_groups(self) -> str:
        """What stands in the columns of both groups, in words; empty where they are not shown."""
        heads, _, _ = columns_of(self.material.effects if self.groups else ())
        return f"; of both groups {', '.join(heads[: len(heads) // 2])}" if heads else ""

    @property
    def unit(self) -> str:
        """The measure with its unit, where the scale is known."""
        scales = {effect.scale for effect in self.material.effects if effect.scale}
        if len(scales) != 1:
            return self.measure
        low, high = next(iter(scales))
        return f"{self.measure}, points of {low:g} to {high:g}"

    def shown(self, value: float) -> float:
        """A number of the result as it is shown: a ratio out of its logarithm."""
        return changer(self.result)(value)

    def number(self, value: float) -> str:
        """An effect as text, with a plain minus sign that can be copied."""
        return self.tell.tell(self.shown(value)).replace("−", "-")

    def between(self, low: float, high: float) -> str:
        """An interval as text."""
        return f"{self.number(low)} to {self.number(high)}"

    @property
    def percent(self) -> str:
        """The level of confidence."""
        return f"{100 * self.result.level:g} % CI"

    @property
    def method(self) -> str:
        """How it was pooled."""
        result = self.result
        if result.k == 1:
            return "one study, nothing is pooled"
        used = "Wald" if math.isinf(result.df) else f"Knapp-Hartung, t with {result.df:g} df"
        asked = f"{result.interval} interval: {used}" if result.interval == "never-narrower" else f"{used} interval"
        return f"{result.method}, {asked}"


def as_text(report: Report, width: int = 100) -> str:
    """The result for a terminal.

    Tables are not wrapped, sentences are.
    """
    material, result = report.material, report.result
    parts = [escaping.terminal(material.title)] if material.title else []
    better = f"; {material.better} is better" if material.better else ""
    below = " (below 1: less in the first group)" if report.ratio else ""
    studies, groups = _table(_studies(report, groups=True)), report.of_groups
    if groups and max(map(cell_len, studies.splitlines())) > width:  # a narrow terminal has no room for them
        studies, groups = _table(_studies(report)), ""
    parts += _wrapped(f"{report.unit}{below}{better}{groups}", width)
    parts += ["", f"{studies}\n"]
    parts.append(f"{report.method}; p {p_value(result.p)}")
    parts += _differ(report)
    if report.subgroups:
        shown, *sentences = _of_subgroups(report)
        parts += ["", shown, *(line for one in sentences for line in _wrapped(one, width))]
    if 1 < result.k < FEW:
        parts += ["", f"The same {result.k} studies, pooled otherwise:", _table(_options(report)), _how_many(report)]
    if report.mcid:
        parts += ["", *_wrapped(_against(report), width)]
    for name, table in (("Without each study in turn", report.leave_one_out), (report.order, report.cumulative)):
        if table is not None:
            parts += ["", f"{name}:", _table(_of_table(report, table))]
    for section in report.sections:
        parts += ["", *_wrapped(section.title, width)]
        parts += [_table(section.table)] if section.table else []
        parts += [line for one in section.said for line in _wrapped(escaping.one_line(one), width)]
    if report.multiverse:
        parts += ["", "All defensible choices together:", *_wrapped(repr(report.multiverse), width)]
    if report.steps:
        parts += ["", "Where the numbers are from, and what was done to them:", *_steps(report, width)]
    said = [*result.warnings, *(f"Left out: {one}" for one in material.left_out)]
    if said:
        parts += ["", *(line for one in said for line in _wrapped(f"! {escaping.one_line(one)}", width, "  "))]
    return "\n".join(parts)


def as_markdown(report: Report) -> str:
    """The result as Markdown: the table of studies, the pooled result, warnings."""
    title = escaping.markdown(report.material.title or "Pooled result")
    lines = [f"# {title}", "", f"{report.unit}{report.of_groups}. {report.method}; p {p_value(report.result.p)}.", ""]
    lines += [*_markdown_table(_studies(report, groups=True)), ""]
    lines += [f"{one}  " for one in _differ(report)]
    if 1 < report.result.k < FEW:
        lines += ["", f"The same {report.result.k} studies, pooled otherwise:", "", *_markdown_table(_options(report))]
        lines += ["", _how_many(report)]
    if report.mcid:
        lines += ["", escaping.markdown(_against(report))]
    for name, table in (("Without each study in turn", report.leave_one_out), (report.order, report.cumulative)):
        if table is not None:
            lines += ["", f"## {name}", "", *_markdown_table(_of_table(report, table))]
    for section in report.sections:
        lines += ["", f"## {section.title}", ""]
        lines += [*_markdown_table(section.table), ""] if section.table else []
        lines += [f"{escaping.markdown(one)}  " for one in section.said]
    if report.multiverse:
        lines += ["", "## All defensible choices together", "", *repr(report.multiverse).splitlines()]
    if report.steps:
        lines += ["", "## Where the numbers are from", ""]
        lines += [f"- {escaping.markdown(line.strip())}" for line in _steps(report, 10_000)]
    said = [*report.result.warnings, *(f"Left out: {one}" for one in report.material.left_out)]
    if said:
        lines += ["", "## To be kept in mind", "", *(f"- {escaping.markdown(one)}" for one in said)]
    return "\n".join(lines) + "\n"


def _rows(report: Report) -> list[dict[str, Any]]:
    """Studies with their Wald intervals, as shown."""
    half = float(normal((1 + report.result.level) / 2))
    found = []
    for name, effect, weight in zip(
        report.material.names, report.material.effects, report.result.weights.tolist(), strict=True
    ):
        reach = half * math.sqrt(effect.vi)
        found.append(
            {
                "study": effect.study,
                "name": name,
                "estimate": report.shown(effect.yi),
                "ci_low": report.shown(effect.yi - reach),
                "ci_high": report.shown(effect.yi + reach),
                "weight": weight,
                "yi": effect.yi,
                "vi": effect.vi,
                **{f"{what}{group}": getattr(effect, f"{what}{group}") for group in (1, 2) for what in GROUP},
                "source": effect.source,
                "locator": effect.locator,
                "checked": str(effect.checked),
            }
        )
    return found


def _studies(report: Report, *, groups: bool = False) -> list[list[str]]:
    """The table of studies, with its head and the pooled line; with the numbers of both groups beside the names."""
    told, result = report.tell, report.result
    heads, cells, sums = columns_of(report.material.effects if groups and report.groups else ())
    half = heads[1 : len(heads) // 2]  # the last column of a group bears its name
    named = [head for side in report.sides if heads for head in (*heads[: len(half)], escaping.one_line(side))]
    lines = [["study", *named, report.measure, report.percent, "weight"]]
    for at, row in enumerate(report.rows):
        ends = told.between(row["ci_low"], row["ci_high"]).replace("−", "-")
        effect = told.tell(row["estimate"]).replace("−", "-")
        numbers = [cell.replace("−", "-") for cell in cells[at]] if heads else []
        lines.append([escaping.one_line(row["name"]), *numbers, effect, ends, f"{100 * row['weight']:.1f} %"])
    if result.k > 1:
        ends = report.between(result.ci_low, result.ci_high)
        lines.append([f"pooled, {result.k} studies", *sums, report.number(result.estimate), ends, "100.0 %"])
    return lines


def _options(report: Report) -> list[list[str]]:
    """The result by other options, and whether each would be called significant."""
    lines = [["estimator, interval", report.measure, report.percent, f"excludes {_null(report)}"]]
    for method, interval, one in others(report):
        name = f"{method}, {interval}" + (" (Cochrane classic)" if (method, interval) == OPTIONS[0] else "")
        out = "yes" if _excludes(one) else "no"
        lines.append([name, report.number(one.estimate), report.between(one.ci_low, one.ci_high), out])
    return lines


def _how_many(report: Report) -> str:
    """How far the conclusion depends on the options, in a sentence."""
    found = others(report)
    out = sum(_excludes(one) for _, _, one in found)
    if out in {0, len(found)}:
        return f"By {'none' if out == 0 else 'all'} of these {len(found)} the interval excludes {_null(report)}."
    return f"By {out} of these {len(found)} the interval excludes {_null(report)}: the conclusion hangs on the choice."


def others(report: Report) -> list[tuple[str, str, Pooled]]:
    """The same studies by other options, each with its method and interval; none where there are enough studies."""
    result = report.result
    if result.k < 2 or result.k >= FEW:
        return []
    return [
        (method, interval, pool(result.yi, result.vi, method, interval, level=result.level, measure=result.measure))
        for method, interval in OPTIONS
    ]


def _of_table(report: Report, table: pd.DataFrame) -> list[list[str]]:
    """A table of leave-one-out or cumulative."""
    with_k = "order" in table
    lines = [["up to" if with_k else "without", report.measure, report.percent, "I² (tau²)"]]
    for name, estimate, low, high, i2 in zip(
        table.index, *(table[one].tolist() for one in ("estimate", "ci_low", "ci_high", "i2")), strict=True
    ):
        called = escaping.one_line(str(name))
        lines.append([called, report.number(estimate), report.between(low, high), f"{i2:.0f} %"])
    return lines


def _differ(report: Report) -> list[str]:
    """How much studies differ: tau and the prediction interval first, I² last."""
    result = report.result
    if result.k < 2:
        return []
    lines = []
    if result.method != "FE":
        of = " (of logarithms)" if report.ratio else ""
        told = Telling.of([3.9 * math.sqrt(max(result.typical_variance, 0.0))])
        ends = f", {report.percent} {told.between(*map(math.sqrt, result.tau2_ci))}" if result.tau2_ci else ""
        if result.tau2_ci and not result.tau2_ci[1]:
            ends = ", no interval: the studies agree more closely than chance would let them"
        lines.append(f"tau {told.tell(result.tau)}{ends}{of}")
    if result.prediction_interval:
        lines.append(f"prediction interval {report.between(*result.prediction_interval)}")
    else:
        why = "FE knows none" if result.method == "FE" else "none below 5 studies"
        lines.append(f"prediction interval: {why}")
    i2 = (
        f"{result.i2_q:.0f} % from Q"
        if result.method == "FE"
        else (f"{result.i2:.0f} % from tau², {result.i2_q:.0f} % from Q")
    )
    lines.append(f"I² {i2}; Q {result.q:.2f}, df {result.q_df}, p {p_value(result.q_p)}")
    return lines


def _of_subgroups(report: Report) -> list[str]:
    found = report.subgroups
    if found is None:
        return []
    lines = [["group", report.measure, report.percent, "studies"]]
    for name, one in found.groups.items():
        ends = report.between(one.ci_low, one.ci_high)
        lines.append([escaping.one_line(name), report.number(one.estimate), ends, str(one.k)])
    test = f"test of the difference: Q {found.q_between:.2f}, df {found.df}, p {p_value(found.p)}"
    return [_table(lines), *filter(None, (test, caution_of(report.result.k)))]


def side(report: Report) -> str:
    """Where the interval lies, seen from a reader's threshold."""
    if report.mcid is None:
        return ""
    size = abs(math.log(report.mcid.value)) if report.ratio else abs(report.mcid.value)
    low, high = report.result.ci_low, report.result.ci_high
    if -size < low and high < size:
        return "the whole interval is smaller than it"
    if low >= size or high <= -size:
        return "the whole interval is beyond it"
    return "the interval lies on both sides of it, so these trials do not settle whether the difference matters"


def _against(report: Report) -> str:
    mcid = report.mcid
    if mcid is None:
        return ""
    from ...synthesis import CAUTION

    caution = "" if report.ratio else f" {CAUTION}"
    return f"Threshold of {mcid.value:g} ({mcid.source}): {side(report)}.{caution}"


def _steps(report: Report, width: int) -> list[str]:
    lines = []
    for name, effect in zip(report.material.names, report.material.effects, strict=True):
        origin = ", ".join(filter(None, (effect.source, effect.locator, f"checked: {effect.checked}")))
        lines += _wrapped(f"{escaping.one_line(name)}: {escaping.one_line(origin)}", width, "    ")
        for step in effect.steps:
            lines += _wrapped(f"  {step}", width, "    ")
        note = effect.row.note if effect.row else ""
        if note:
            lines += _wrapped(f"  note: {escaping.one_line(note)}", width, "    ")
    return lines


def _null(report: Report) -> str:
    return "1" if report.ratio else "0"


def _excludes(one: Pooled) -> bool:
    """Whether the interval leaves no effect out."""
    return one.ci_low > 0 or one.ci_high < 0


def _table(lines: Sequence[Sequence[str]]) -> str:
    """Lines of cells as columns: the first to the left, the others to the right."""
    wide = [max(cell_len(line[at]) for line in lines) for at in range(len(lines[0]))]

    def cell(text: str, at: int) -> str:
        room = " " * (wide[at] - cell_len(text))
        return f"{text}{room}" if at == 0 else f"{room}{text}"

    return "\n".join("  ".join(cell(text, at) for at, text in enumerate(line)).rstrip() for line in lines)


def _markdown_table(lines: Sequence[Sequence[str]]) -> list[str]:
    rows = ["| " + " | ".join(map(escaping.markdown, line)) + " |" for line in lines]
    return [rows[0], "|" + "---|" + "---:|" * (len(lines[0]) - 1), *rows[1:]]


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    room = max(width, 40)
    return [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(line, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    ]
