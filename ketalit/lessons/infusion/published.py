"""Published schedules as examples for the panels of lesson 4."""

from __future__ import annotations

from typing import Any

from ...identifiers import source_link
from ...models.pharmacokinetics import PRESETS, Form, Schedule
from ...review import BUNDLED
from ..kept import review_in
from ..panel import Preset
from .common import ALL, FASTEST, WEIGHT


def source_of(key: str) -> tuple[str, str]:
    """Identifier and address of a record of the bundled review; empty where there is no such record, or it has none.

    >>> source_of("sigtermans2009")
    ('PMID 19604642', 'https://pubmed.ncbi.nlm.nih.gov/19604642/')
    """
    record = review_in(BUNDLED).records.get(key)
    if record and record.pmid:
        return f"PMID {record.pmid}", source_link(f"PMID:{record.pmid}")
    if record and record.doi:
        return f"DOI {record.doi}", source_link(f"DOI:{record.doi}")
    return "", ""


def expressible(schedule: Schedule) -> dict[str, Any] | None:
    """The controls of `Doses` for a schedule, for 70 kg; None where they cannot say it.

    They say equal infusions, one a day: a rate that is stepped up, or several sprays in a row, they do not.

    >>> expressible(PRESETS["depression infusion"].schedule)["rate"]
    0.75
    """
    first = schedule[0]
    daily = all(later.at_h == 24 * at and later.amount == first.amount for at, later in enumerate(schedule))
    if not first.over_h or not daily:
        return None
    rate = first.amount_mg(WEIGHT) / WEIGHT / first.over_h
    return {
        "bolus": 0.0, "rate": round(rate, 4), "length": round(first.over_h, 4), "days": len(schedule),
        "route": str(first.route), "model": ALL, "time": 50,
    }  # fmt: skip


def published() -> tuple[Preset, ...]:
    """The published schedules that the controls can say, with their sources."""
    found = []
    for one in PRESETS.values():
        settings = expressible(one.schedule)
        if settings is None or settings["rate"] > FASTEST or settings["length"] * settings["days"] > 240:
            continue
        words, url = source_of(one.record)
        form = (
            "" if one.schedule[0].form is Form.NOT_STATED else f"{one.schedule[0].form} ketamine".replace("S k", "S-k")
        )
        source = "; ".join(filter(None, [one.source, words, form, one.note, f"standing: {one.status}"]))
        found.append(Preset(one.name, settings, source, url))
    return tuple(found)


def long_and_short() -> tuple[Preset, ...]:
    """Three published infusions of very different lengths."""
    return tuple(
        Preset(one.name, {key: one.settings[key] for key in ("length", "rate")}, one.source, one.url)
        for one in published()
        if one.name in ("depression infusion", "CRPS, 4.2 days", "CRPS, 5 days")
    )
