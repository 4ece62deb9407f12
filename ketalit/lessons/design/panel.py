"""Plan an infusion study on paper, beside what a review holds of its condition."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ...figures import Picture, draw
from ...figures.mechanism.reading import digits
from ...pooling import highest_sd, people_needed
from ...synthesis import CAUTION, THRESHOLDS
from ...telling import count_of
from ..chain.common import infusions
from ..chosen import chosen_folder
from ..panel import Panel, Setting
from . import pictures
from .controls import offered
from .held import held_in, known_of
from .plan import NOT_FOR_PATIENTS, Plan, plasma


class Design(Panel):
    """An infusion study on paper: condition, doses, comparison, follow-up, people, beside what the review holds.

    >>> plan = Design()
    >>> plan.set(difference=20)
    >>> "in each group" in plan.seen()
    True
    """

    name = "design"
    title = "Plan a study"
    notice = (
        "Above, what the doses would do to plasma; in the middle, how many people it takes; below, what others have "
        "done in this condition. Halve the difference that you want to find, and watch the number of people."
    )
    find = "the difference in points that a trial as large as the largest one of this condition could find."
    limits = (
        "Two groups alike in size, a t-test of means at one time, 5 % false alarms, values near normal; a crossover, a "
        "baseline in the model, clusters or looks in between need other sums. An SD of a small trial is itself "
        "uncertain: the dashed curve takes its upper limit (80 %). A difference worth finding is a judgement; "
        f"{CAUTION[0].lower()}{CAUTION[1:]} Plasma is that of typical adults of 70 kg by five published models, and no "
        "level is known to relieve chronic pain. The map is of one review: an empty cell says that it holds nothing."
    )
    parameters = (
        "pharmacokinetics.otto2021.clearance", "pharmacokinetics.perezruixo2021.central_volume",
        "pharmacokinetics.simons2022.clearance",
    )  # fmt: skip
    dosing = True
    presets = infusions()

    def __init__(self, **settings: Any) -> None:
        self.held = held_in(chosen_folder())
        # The class has no controls of its own: what they offer depends on the review.
        vars(self)["controls"] = offered(self.held)
        vars(self)["sources"] = tuple(
            (f"{one.name} ({one.row.source}, {one.row.locator})", one.link) for one in self.held.spreads.values()
        ) + tuple(
            (
                f"What matters: {one.points:g} of 10 points, {one.meaning}: {one.source}",
                f"https://pubmed.ncbi.nlm.nih.gov/{one.source.rpartition('PMID:')[2]}/",
            )
            for one in THRESHOLDS.values()
        )
        super().__init__(**settings)

    def compute(self, now: Setting) -> Plan:
        schedule, times, low, high = plasma(float(now.rate), float(now.length), round(now.days))
        spread = self.held.spreads.get(now.spread)
        sd = spread.sd if spread else float(now.own)
        people = people_needed(now.difference, sd, now.power / 100)
        careful = None
        if spread:
            careful = people_needed(now.difference, highest_sd(sd, spread.people), now.power / 100)
        known = known_of(self.held.folder, now.condition)
        return Plan(
            now, self.held, known, schedule, times, low, high, spread, sd, people,
            math.ceil(2 * people / (1 - now.lost / 100)), careful,
        )  # fmt: skip

    def words(self, result: Plan) -> str:
        known = result.known
        size = f", the largest of {count_of(known.largest, 'person', 'people')}" if known.largest else ""
        source = "" if result.spread else ", no source"
        careful = f" ({result.careful} by the SD’s upper limit)" if result.careful else ""
        return (
            f"{result.now.condition}: {count_of(known.counted, 'study', 'studies')}, {len(known.randomised)} "
            f"randomised{size}. {result.now.difference:g} points, SD {digits(result.sd)}{source}, "
            f"{result.now.power:g} % power: {result.people} in each group{careful}, {result.enrolled} enrolled. "
            f"{digits(result.milligrams)} mg in all; plasma at most {digits(float(result.low.max()), 2)} to "
            f"{digits(float(result.high.max()), 2)} ng/mL."
        )

    def draw(self, result: Plan, before: Plan | None, words: str) -> Picture:
        return draw(
            [pictures.doses(result, before), pictures.people(result, before), pictures.others(result)],
            title=f"{result.now.condition}: {result.doses}, against {result.now.comparator}",
            subtitle=f"Primary outcome in week {result.now.weeks:g}; {self._cell(result)}",
            description=words,
            note=f"{result.held.caveat} {NOT_FOR_PATIENTS}",
            width=760,
            columns=1,
        )

    @staticmethod
    def _cell(result: Plan) -> str:
        there = count_of(result.in_cell, "randomised trial") if result.in_cell else "no randomised trial"
        return f"the map holds {there} with this route and follow-up"

    def data(self, result: Plan) -> pd.DataFrame:
        columns = ["Index", "citation", "year", "design", "people", "route", "dose_text", "duration_text", "followup",
                   "direction", "harms", "counted", "link"]  # fmt: skip
        rows = [[getattr(one, name) for name in columns] for one in result.known.studies]
        return pd.DataFrame(rows, columns=["study", *columns[1:]])
