"""A report as a file: pictures, tables, and a script for metafor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ...errors import InputError
from ...escaping import json_in_terminal
from ...figures import synthesis
from ...files import write_atomically
from ...pooling import r_script
from .data import as_csv, as_data
from .further import p_value
from .report import Report, as_markdown

if TYPE_CHECKING:
    from ...figures import Picture

_PICTURES = (".svg", ".png", ".pdf")
_KINDS = (*_PICTURES, ".csv", ".json", ".md", ".R")
_WITH_JUDGEMENTS = 960.0  # px; so wide that groups, effects and judgements stand in columns
_OVERALL = {"overall": "All"}  # names of domains that are too long for the head of a column


def write(report: Report, path: Path, figure: str) -> Path:
    """Write a report; the ending of the name says what: a picture, a table, or a script.

    Raises:
        InputError: another ending, a picture that these effects do not give, or the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind in _PICTURES:
        return picture(report, figure).save(path)
    if kind == ".csv":
        text = as_csv(report)
    elif kind == ".json":
        text = json_in_terminal(msgspec.json.format(msgspec.json.encode(as_data(report)), indent=2).decode()) + "\n"
    elif kind == ".md":
        text = as_markdown(report)
    elif kind == ".r":
        text = r_script(report.result, report.material.names, report.material.title)
    else:
        raise InputError(f"“{path.suffix}” is no kind of report", where=str(path), expected=", ".join(_KINDS))
    return write_atomically(path, text.encode())


def picture(report: Report, figure: str) -> Picture:
    """One of the pictures: forest, funnel, leave-one-out, cumulative, multiverse, traffic-light.

    Raises:
        InputError: what it shows was not computed.
    """
    material, result = report.material, report.result
    title = material.title or "Pooled result"
    title = title[:1].upper() + title[1:]
    threshold = None
    if report.mcid:
        threshold = synthesis.threshold_of(report.mcid.value, report.mcid.source, ratio=report.ratio)
    common: dict[str, Any] = {"title": title, "subtitle": report.method}
    few = " ".join(one for one in result.warnings if _belongs_to_the_picture(one, result.k))
    shown = {**common, "measure": report.unit, "threshold": threshold}
    if figure == "funnel":
        return synthesis.funnel_of(result, material.names, measure=report.unit, **common)
    if figure == "traffic-light":
        judged = material.judgements or tuple({} for _ in material.names)
        return synthesis.traffic_light(
            [
                (name, {_OVERALL.get(domain, domain): said for domain, said in one.items()})
                for name, one in zip(material.names, judged, strict=True)
            ],
            title=f"Risk of bias. {title}",
        )
    if figure == "leave-one-out" and report.leave_one_out is not None:
        shown["title"] = f"{title}, without each study in turn"
        return synthesis.leave_one_out_of(report.leave_one_out, result, note=few, **shown)
    if figure == "cumulative" and report.cumulative is not None:
        shown["title"] = f"{title}, {report.order[:1].lower()}{report.order[1:]}"
        return synthesis.cumulative_of(report.cumulative, result, **shown)
    if figure == "multiverse" and report.multiverse is not None:
        if report.ratio:  # its axis is that of logarithms
            threshold = None
        if material.times:  # the time is one of the choices
            title = ": ".join(filter(None, (material.comparison, material.outcome))) or title
        choices = f"{title}, all defensible choices"
        return synthesis.multiverse_of(report.multiverse, title=choices, own=result.estimate, threshold=threshold)
    if figure != "forest":
        raise InputError(f"{figure} was not computed", where="picture", expected="forest")
    favours = _favours(report)
    domains, judgements = _judgements(report)
    notes = [few]
    if report.subgroups:
        found = report.subgroups
        test = f"Q {found.q_between:.2f}, df {found.df}, p {p_value(found.p)}"
        notes.append(f"Test of the difference between groups: {test}.")
    pairs = zip(material.names, material.effects, strict=True)
    twice = [name for name, one in pairs if one.row and one.row.design == "crossover" and one.mean1 is not None]
    if report.groups and twice:
        notes.append(f"The same people in both groups: {', '.join(twice)}.")
    if material.judgements is not None and not domains:
        notes.append("Risk of bias: not assessed.")
    return synthesis.forest_of(
        result,
        material.names,
        groups=material.groups,
        of_groups=report.subgroups.groups if report.subgroups else None,
        effects=material.effects if report.groups else (),
        sides=report.sides,
        favours=favours,
        domains=domains,
        judgements=judgements,
        note=" ".join(filter(None, notes)),
        width=_WITH_JUDGEMENTS if domains and report.groups else 760.0,
        **shown,
    )


def _belongs_to_the_picture(warning: str, k: int) -> bool:
    """Whether a warning is about how many studies there are, or about one that stands in it twice."""
    return warning.startswith(("Only ", "One study", f"{k} studies,")) or "It is one trial, not" in warning


def _favours(report: Report) -> tuple[str, str]:
    """What the sides mean, where the comparison names two groups and it is said what is better."""
    if " vs " not in report.material.comparison or report.material.better not in {"lower", "higher"}:
        return "", ""
    one, two = (f"favours {side}" for side in report.sides)
    return (one, two) if report.material.better == "lower" else (two, one)


def _judgements(report: Report) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Domains and judgements, where anybody has judged any of these results."""
    judged = report.material.judgements or ()
    if not any(said != synthesis.NOT_ASSESSED for one in judged for said in one.values()):
        return (), ()
    domains = tuple(dict.fromkeys(domain for one in judged for domain in one))
    short = tuple(_OVERALL.get(domain, domain) for domain in domains)
    return short, tuple(tuple(one.get(domain, "") for domain in domains) for one in judged)
