"""From effects and what was asked for to a report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ... import pooling
from ...errors import InputError
from ...pooling import EffectRow, Multiverse, Pooled
from ...telling import count_of
from . import further
from .further import Section
from .reading import Material, listed
from .report import Mcid, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options of the command say; None: not said."""

    method: str | None = None
    interval: str | None = None
    classic: bool = False
    level: float = 0.95
    leave_one_out: bool = False
    cumulative: bool = False
    multiverse: bool = False
    steps: bool = False
    egger: bool = False
    peters: bool = False
    trim_and_fill: bool = False
    robust: bool = False
    or_measure: tuple[str, ...] = ()
    mcid: str | None = None
    mcid_source: str = ""
    groups: bool = True


def make(material: Material, asked: Asked) -> Report:
    """Pool, and do what else was asked for.

    Raises:
        InputError: options that contradict each other, effects that cannot be pooled together, or too few of them.
    """
    if asked.classic and (asked.method or asked.interval):
        raise InputError("--classic says method and interval already", expected="either it, or --method and --interval")
    method, interval = asked.method or "REML", asked.interval or "never-narrower"
    if asked.classic:
        method, interval = "DL", "wald"
    method = method.upper()
    result = pooling.pool_effects(material.effects, method, interval, level=asked.level)
    ways = (method, interval)
    without = None
    if asked.leave_one_out:
        without = pooling.leave_one_out(result.yi, result.vi, *ways, labels=material.names, level=asked.level)
    order, words = _order(material)
    onwards = None
    if asked.cumulative:
        onwards = pooling.cumulative(result.yi, result.vi, order, *ways, labels=material.names, level=asked.level)
    several = len(set(material.groups)) > 1
    report = Report(
        material=material,
        result=result,
        mcid=_mcid(asked, material, result),
        steps=asked.steps,
        groups=asked.groups,
        leave_one_out=without,
        cumulative=onwards,
        order=words,
        multiverse=_multiverse(material, asked) if asked.multiverse else None,
        subgroups=(
            pooling.subgroups(result.yi, result.vi, material.groups, *ways, level=asked.level) if several else None
        ),
    )
    return replace(report, sections=tuple(_sections(report, asked)))


def _sections(report: Report, asked: Asked) -> Iterator[Section]:
    """What else was asked, in the order of the help."""
    material, result = report.material, report.result
    if len(set(material.groups)) == 1:
        yield further.one_group(material)
    if asked.egger:
        yield further.egger(material, result)
    if asked.peters:
        yield further.peters(material, result)
    if asked.trim_and_fill:
        yield further.trim_and_fill(material, result, report.number)
    if asked.robust:
        yield further.robust(material, result, report.number)
    if material.traits:
        yield further.explained(material, result, material.traits)


def _multiverse(material: Material, asked: Asked) -> Multiverse:
    """All defensible choices, on the scale that the effects are on; trials are called as elsewhere in the report."""
    pairs = zip((*material.names, *material.of_others), (*material.effects, *material.others), strict=True)
    effects = [replace(effect, study=name) for name, effect in pairs]
    scales = {effect.scale for effect in effects} - {None}
    measures = None
    if asked.or_measure:
        measures = list(dict.fromkeys([*(effect.measure for effect in material.effects), *asked.or_measure]))
    return pooling.multiverse(
        effects,
        measures=measures,
        windows=material.times or None,
        level=asked.level,
        scale=scales.pop() if len(scales) == 1 else None,
    )


def list_of(rows: Iterable[EffectRow]) -> str:
    """What can be pooled, as text."""
    lines = []
    last = None
    found = listed(rows)
    for comparison, outcome, time, trials in found:
        if comparison != last:
            lines.append(comparison or "(no comparison named)")
            last = comparison
        name = ", ".join(filter(None, (outcome, time))) or "(no outcome named)"
        lines.append(f"  {name}: {count_of(trials, 'trial')}")
    if not lines:
        return (
            "There are no effects yet: one row of effects.csv is one comparison, one outcome, one time.\n"
            "`ketalit effects add --as INITIALS` enters one"
        )
    comparison, outcome, time, _ = max(found, key=lambda one: one[3])  # of those with most trials the first
    options = [("comparison", comparison), ("outcome", outcome), ("time", time)]
    chosen = "".join(f' --{name} "{said}"' for name, said in options if said and len(found) > 1)
    lines.append(f"`ketalit pool{chosen}` pools {'the largest of them' if chosen else 'it'}; --to forest.svg draws it")
    return "\n".join(lines)


def _order(material: Material) -> tuple[list[float], str]:
    """In which order studies came in, and how it is known."""
    if any(map(math.isnan, material.years)):
        return [float(at) for at in range(len(material.years))], "As studies came in, in the order given"
    return list(material.years), "As studies came in, by year"


def _mcid(asked: Asked, material: Material, result: Pooled) -> Mcid | None:
    from ...synthesis import THRESHOLDS

    if asked.mcid is None:
        if asked.mcid_source:
            raise InputError("a source without a threshold", where="--mcid-source", expected="--mcid too")
        return None
    if asked.mcid in THRESHOLDS:
        known = THRESHOLDS[asked.mcid]
        scales = {effect.scale for effect in material.effects if effect.scale}
        if result.measure != "MD" or len(scales) != 1:
            what = f"“{asked.mcid}” is in points of a scale"
            raise InputError(what, where="--mcid", expected="differences of means, with the ends of their scale")
        source = "; ".join(filter(None, (known.meaning, known.source, asked.mcid_source)))
        return Mcid(value=abs(known.line(next(iter(scales)))), source=source)
    expected = f"a number, or one of: {', '.join(THRESHOLDS)}"
    try:
        value = float(asked.mcid)
    except ValueError:
        raise InputError(f"“{asked.mcid}” is no threshold", where="--mcid", expected=expected) from None
    ratio = result.ratio is not None
    if not math.isfinite(value) or value <= 0 or (ratio and value == 1):
        more = "a ratio other than 1" if ratio else "a number above 0"
        raise InputError(f"a threshold of {value:g}", where="--mcid", expected=more)
    if not asked.mcid_source.strip():
        expected = "--mcid-source: whose threshold it is, your own reasons included"
        raise InputError("a threshold without a source", where="--mcid", expected=expected)
    return Mcid(value=value, source=asked.mcid_source.strip())
