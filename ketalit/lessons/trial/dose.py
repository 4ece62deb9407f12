"""One unit for all doses, where that can be done, beside the doses of the review."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ...figures import Axis, Picture, Points, Rule, draw
from ...figures import Panel as Axes
from ..chosen import chosen_folder
from ..control import Choice, Number
from ..panel import Panel, Preset, Setting
from ..telling import minus
from .common import table_of
from .units import Dose, dose_of

_UNITS = ("mg/kg/h", "µg/kg/min", "mg/h", "mg/h per 70 kg", "mg/kg", "mg", "mg/day", "%", "ng/ml")
_SIGTERMANS = ("Sigtermans 2009, PMID 19604642 (rate at the end of the infusion)", "19604642")
_AXES = (("rate", "Infusion rate (mg/kg/h)"), ("total", "Given as one amount (mg/kg)"))


class DoseNormaliser(Panel):
    """A dose in the report's terms, brought to mg/kg and mg/kg/h where that can be done, beside those of the review.

    >>> DoseNormaliser(amount=25, unit="mg/h", weight=0).seen()
    '25 mg/h cannot be compared: body weight is not given, so mg/h cannot be put per kg.'
    """

    name = "dose"
    title = "One unit for all doses, where that can be done"
    notice = (
        "Each dot is a study of this review for which the dose could be brought to that unit; many could not. The line "
        "is the dose that you set. The lower picture holds amounts, given at once or as one short "
        "infusion; what is printed as a rate stands in the upper one only. A length or a weight of 0 means that the "
        "report does not give it."
    )
    find = "a dose that needs a number which the report does not give; and one that no arithmetic can place."
    limits = (
        "Arithmetic only. It does not know the form of the drug (the two mirror images differ in potency), the route, "
        "the fluid it was in, steps in the rate, or whether weight was actual or ideal. Amounts of up to 10 minutes "
        "count as injections: that border is ours. The dots are values of the review's table, with its errors."
    )
    dosing = True
    controls = (
        Number(
            key="amount", label="Amount as printed", value=0.35, low=0.01, high=500, log=True,
            about="The number in the report",
        ),
        Choice(
            key="unit", label="Unit as printed", value="mg/kg/h", options=_UNITS,
            about="The unit in the report",
        ),
        Number(
            key="minutes", label="Length of giving", unit="min", value=240, low=0, high=7200, step=5,
            about="0: the report does not say",
        ),
        Number(
            key="weight", label="Body weight", unit="kg", value=0, low=0, high=200, step=1,
            about="Mean of the trial, as reported; 0: the report does not say",
        ),
    )  # fmt: skip
    presets = (
        Preset(
            "22.2 mg/h per 70 kg for 4.2 days", {"amount": 22.2, "unit": "mg/h per 70 kg", "minutes": 6048},
            _SIGTERMANS[0], f"https://pubmed.ncbi.nlm.nih.gov/{_SIGTERMANS[1]}/",
        ),
        Preset("5 µg/kg/min, length not said", {"amount": 5, "unit": "µg/kg/min", "minutes": 0}),
        Preset("25 mg/h, weight not said", {"amount": 25, "unit": "mg/h", "minutes": 240}),
        Preset(
            "0.45 mg/kg within 5 min", {"amount": 0.45, "unit": "mg/kg", "minutes": 5},
            "Persson 1998, as in the bundled review (persson1998)",
        ),
        Preset("a 10 % cream", {"amount": 10, "unit": "%", "minutes": 0}),
        Preset("a target of 150 ng/ml in plasma", {"amount": 150, "unit": "ng/ml", "minutes": 60}),
    )  # fmt: skip

    def compute(self, now: Setting) -> Dose:
        return dose_of(now.amount, now.unit, now.minutes / 60, now.weight)

    def words(self, result: Dose) -> str:
        studies = placed()
        if result.how_rate == result.how_total:
            return minus(f"{result.given} cannot be compared: {result.how_rate}.")
        rate = f"Rate: {result.how_rate}." if result.rate is not None else f"No rate: {result.how_rate}."
        total = f" Total: {result.how_total}." if result.total is not None else f" No total: {result.how_total}."
        if result.rate is not None and len(rates := studies["rate"].dropna()):
            lower = int((rates < result.rate).sum())
            total += f" Lower in this review: {lower} of {len(rates)} known rates."
        return minus(rate + total)

    def draw(self, result: Dose, before: Dose | None, words: str) -> Picture:
        studies = placed()
        panels = []
        for key, label in _AXES:
            known = studies[[key, "study"]].dropna().sort_values(key)
            places = list(range(1, len(known) + 1))
            marks: list[Any] = [
                Points(list(known[key]), places, label="a study of this review", tips=list(known["study"]), sizes=3.5)
            ]
            for dose, name, ink, dash in ((before, "before", "muted", "4 3"), (result, "yours", "s1", "")):
                # What a rate comes to over days has no place among amounts: the table keeps such studies by their rate.
                value = getattr(dose, key) if dose and not (key == "total" and dose.as_rate) else None
                if value and (dose is result or value != getattr(result, key)):
                    marks.append(Rule(x=value, name=name, ink=ink, dash=dash))
            drawn = [*known[key], *(mark.x for mark in marks if isinstance(mark, Rule)), 0.1, 1]
            # whole decades, so that the dots stand still while the line moves among them
            limits = (10.0 ** _floor(min(drawn)), 10.0 ** -_floor(1 / max(drawn)))
            panels.append(
                Axes(
                    marks,
                    Axis(label, "log", limits=limits),
                    Axis("Studies, lowest first", limits=(0, len(known) + 1)),
                    height=110,
                )
            )
        return draw(panels, title="A dose among those of the review", description=words, columns=1)

    def data(self, result: Dose) -> pd.DataFrame:
        mine = pd.DataFrame([{"study": f"yours: {result.given}", "rate": result.rate, "total": result.total}])
        rows = pd.concat([mine.astype({"rate": "Float64", "total": "Float64"}), placed()], ignore_index=True)
        return rows.rename(columns={"rate": "rate_mg_per_kg_per_h", "total": "total_mg_per_kg"})


def _floor(value: float) -> int:
    """The power of ten at or below a value."""
    return int(f"{value:e}".split("e")[1])


def placed(folder: Path | None = None) -> pd.DataFrame:
    """Studies of a review whose dose could be brought to the table's units: study, rate (mg/kg/h), total (mg/kg)."""
    return _placed(folder or chosen_folder())


@cache
def _placed(folder: Path) -> pd.DataFrame:
    frame = table_of(folder).frame
    frame = frame[frame["counted"].astype(bool)]
    found = pd.DataFrame(
        {"study": frame["citation"], "rate": frame["dose_mg_per_kg_per_h"], "total": frame["dose_mg_per_kg"]}
    )
    found = found.where(found[["rate", "total"]].gt(0).fillna(False).assign(study=True)[found.columns])
    return found.dropna(subset=["rate", "total"], how="all").reset_index(drop=True)
