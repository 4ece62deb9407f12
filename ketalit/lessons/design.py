"""Capstone: an infusion study of one pain condition: what is known, what is given, how many people, on one page.

It works on any review folder. Nothing here advises anybody to run such a study, or to take a drug.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets as widgets  # type: ignore[import-untyped]
import numpy as np
import pandas as pd

from ..errors import InputError
from ..escaping import markdown
from ..figures import Axis, Band, Bars, Line, Picture, Points, Region, Rule, Words, draw
from ..figures import Panel as Axes
from ..figures.mechanism.reading import digits, duration
from ..files import write_atomically
from ..mapping import EvidenceMap, Route, Window, evidence_map
from ..mapping.build import KINDS
from ..mapping.regimen import MONTHS, SESSION, WEEK
from ..mapping.wording import caveat_line
from ..models.pharmacokinetics import Schedule, concentrations, regimen
from ..pooling import EffectRow
from ..review import Review, load_review
from ..rows import did_you_mean
from ..synthesis import CAUTION, THRESHOLDS
from ..table import NO_ADVICE
from ..telling import count_of
from ..templates import POLICY, source
from .chain import ADULTS, WEIGHT
from .chosen import chosen_folder
from .control import Choice, Control, Number, Spec, Switch
from .infusion import Doses
from .panel import Panel, Preset, Setting
from .shown import Shown, boxed, plain

Array = np.ndarray[Any, Any]

ALPHA = 0.05  # two-sided
SURE = 0.8  # how sure one wants to be that the true SD is not above the limit that is drawn
OWN_SD = "an SD of your own, without a source"
COMPARATORS = ("saline", "active placebo", "another drug for pain", "no infusion, open")
_WEEK = 7 * 24.0  # h
_MOST = 10  # studies that are listed in the picture
_NOT_FOR_PATIENTS = "Teaching model, not for dosing patients."


# --- how many people --------------------------------------------------------------------------------------------------


def power_of(people: Any, difference: float, sd: float, alpha: float = ALPHA) -> Any:
    """The power of a t-test of two groups: how often it finds a difference that is there.

    Args:
        people: in each group, 2 or more; one or an array.
        difference, sd: true difference of the means, and SD in each group, in the same unit; SD above zero.
        alpha: share of false alarms, two-sided.

    Returns:
        0 to 1, in the shape of `people`, by the noncentral t distribution.

    Source: Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. 1988, chapter 2.

    >>> round(float(power_of(64, 0.5, 1)), 3)
    0.801
    """
    from scipy import special  # heavy, and needed only here

    n = np.asarray(people, float)
    freedom, shift = 2 * n - 2, abs(difference) / sd * np.sqrt(n / 2)
    edge = special.stdtrit(freedom, 1 - alpha / 2)
    found = 1 - special.nctdtr(freedom, shift, edge) + special.nctdtr(freedom, shift, -edge)
    # Far out the distribution is not computed; there the test all but never misses.
    return np.where(np.isnan(found), 1.0, found)


def people_needed(difference: float, sd: float, power: float, alpha: float = ALPHA) -> int:
    """The smallest number of people in each of two groups that gives a t-test this power.

    Args:
        difference, sd, alpha: as of `power_of`.
        power: below 1.

    Raises:
        InputError: no difference: no number of people would find it.

    >>> people_needed(0.5, 1, 0.8), people_needed(0.2, 1, 0.8)
    (64, 394)
    """
    from scipy import special

    if not difference:
        raise InputError("A difference of 0 cannot be found by any number of people.")
    quantiles = special.ndtri(1 - alpha / 2) + special.ndtri(power)
    about = 2 * (quantiles * sd / difference) ** 2  # by the normal distribution; a few too small
    tried = np.arange(max(2, math.floor(about) - 2), math.ceil(about) + 8)
    return int(tried[np.argmax(power_of(tried, difference, sd, alpha) >= power)])


def highest_sd(sd: float, people: float) -> float:
    """The upper limit of a true SD: it is below it with a certainty of 80 %, if values are normal.

    Args:
        sd: measured, pooled over two groups.
        people: in both groups together.

    >>> round(highest_sd(27.1, 60), 1)
    29.5
    """
    from scipy import special

    freedom = people - 2
    return float(sd * math.sqrt(freedom / special.chdtri(freedom, SURE)))


# --- what a review holds ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spread:
    """An SD that a trial reported.

    Attributes:
        name: of it, with trial, comparison and time.
        sd: pooled over the two groups, points of a scale of 100.
        people: in both groups.
        row: where it stands.
        trial: name of the trial; `link`: its address.
    """

    name: str
    sd: float
    people: float
    row: EffectRow
    trial: str
    link: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a review holds for the planning of a study."""

    folder: Path
    review: Review
    found: EvidenceMap
    conditions: tuple[str, ...]
    spreads: Mapping[str, Spread]
    caveat: str


@cache
def _held(folder: Path) -> Held:
    review = load_review(folder)
    found = evidence_map(review)
    conditions = tuple(found.asked("route")[0]) or tuple(found.rows())
    present = [one for one in conditions if (found.studies["condition"] == one).any()]
    spreads = {one.name: one for one in _spreads(review)}
    return Held(folder, review, found, tuple(dict.fromkeys([*present, *conditions])), spreads, caveat_line(found))


@dataclass(frozen=True, slots=True)
class Known:
    """What the map holds of one condition.

    Attributes:
        studies: their rows, those that do not count too.
        counted: how many count.
        randomised: rows of counted randomised trials.
        largest: people in the largest of these; None: not known, or none.
    """

    studies: tuple[Any, ...]
    counted: int
    randomised: tuple[Any, ...]
    largest: int | None


@cache
def _known(folder: Path, condition: str) -> Known:
    table = _held(folder).found.studies
    studies: tuple[Any, ...] = tuple(table[table["condition"] == condition].itertuples())
    counted = [one for one in studies if one.counted]
    randomised = tuple(one for one in counted if one.kind == KINDS[0])
    sizes = [int(one.people) for one in randomised if one.people is not pd.NA]
    return Known(studies, len(counted), randomised, max(sizes, default=None))


def _spreads(review: Review) -> Iterable[Spread]:
    for row in review.effects or ():
        known = (row.sd1, row.sd2, row.n1, row.n2, row.scale_low, row.scale_high)
        if None in known or str(row.measure) != "MD" or str(row.spread) != "SD":
            continue
        sd1, sd2, n1, n2, low, high = (float(one) for one in known if one is not None)
        if n1 + n2 <= 3 or not low < high:
            continue
        pooled = math.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2)) * 100 / (high - low)
        if not pooled > 0:
            continue
        record = review.records.get(review.names.get(row.study, row.study))
        trial = record.short if record else row.study
        what = ", ".join(filter(None, (row.comparison, row.time)))
        link = f"https://pubmed.ncbi.nlm.nih.gov/{row.source[5:]}/" if row.source.startswith("PMID:") else ""
        yield Spread(f"{trial}: {what}; SD {digits(pooled)}", pooled, n1 + n2, row, trial, link)


def window_of(weeks: float) -> Window:
    """The window of the evidence map that a follow-up lies in.

    >>> window_of(1).value, window_of(12).value
    ('Up to 1 week', '1 week to 3 months')
    """
    hours = weeks * _WEEK
    ends = ((SESSION, Window.SESSION), (WEEK, Window.WEEK), (MONTHS, Window.MONTHS))
    return next((window for end, window in ends if hours <= end), Window.LONGER)


# --- the plan ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """A study as planned, beside what is known.

    Attributes:
        now: where the controls stand.
        held: what the review holds.
        known: what it holds of the condition.
        schedule: the doses of one person, 70 kg.
        times_h, low, high: plasma over time: lowest and highest of the models, ng/mL.
        spread: where the SD is from; None: nowhere.
        sd: points of 100. people: in each group; enrolled: in all, with those who will be lost.
        careful: in each group, if the SD is as high as its upper limit; None without a source.
    """

    now: Setting
    held: Held
    known: Known
    schedule: Schedule
    times_h: Array
    low: Array
    high: Array
    spread: Spread | None
    sd: float
    people: int
    enrolled: int
    careful: int | None

    @property
    def route(self) -> Route:
        """Column of the map."""
        over_days = len(self.schedule) > 1 or self.schedule[0].over_h > 24
        return Route.IV_REPEATED if over_days else Route.IV_ONCE

    @property
    def in_cell(self) -> int:
        """Randomised trials of this condition, route and follow-up."""
        cell = str(self.route), str(window_of(self.now.weeks))
        return sum((one.route, one.followup) == cell for one in self.known.randomised)

    @property
    def milligrams(self) -> float:
        """Given to a person of 70 kg in all, mg."""
        return sum(dose.amount_mg(WEIGHT) for dose in self.schedule)

    @property
    def doses(self) -> str:
        """The doses in a few words."""
        days = round(self.now.days)
        again = f" on each of {days} days" if days > 1 else ""
        return f"{self.now.rate:.3g} mg/kg/h for {duration(self.now.length)}{again}"


@cache
def _plasma(rate: float, length: float, days: int) -> tuple[Schedule, Array, Array, Array]:
    if days > 1 and length > 24:
        raise InputError(f"Infusions of {duration(length)} would overlap when one begins every day.")
    schedule = regimen(f"{rate} mg/kg/h", length, every="24 h", times=days)
    end = max(dose.end_h for dose in schedule)
    until = end + max(end / 4, 12.0)
    turns = [edge + np.geomspace(0.02, 6, 10) for dose in schedule for edge in (dose.at_h, dose.end_h)]
    edges = [edge for dose in schedule for edge in (dose.at_h, dose.end_h)]
    times = np.unique(np.concatenate([np.linspace(0, until, 81), edges, *turns]).clip(0, until))
    found = concentrations(schedule, times, WEIGHT, ADULTS)
    courses = np.stack([one.ketamine for one in found.models])
    return schedule, times, courses.min(axis=0), courses.max(axis=0)


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
    presets = tuple(
        Preset(one.name, {key: one.settings[key] for key in ("rate", "length", "days")}, one.source, one.url)
        for one in Doses.presets
        if one.settings["route"] == "intravenous"
    )

    def __init__(self, **settings: Any) -> None:
        self.held = _held(chosen_folder())
        # The class has no controls of its own: what they offer depends on the review.
        vars(self)["controls"] = self._offered()
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

    def _offered(self) -> tuple[Spec, ...]:
        conditions, spreads = self.held.conditions, (*self.held.spreads, OWN_SD)
        randomised = self.held.found.studies.query(
            "counted and kind == @KINDS[0] and route == @Route.IV_REPEATED.value"
        )
        most = randomised["condition"].mode()
        start = "CRPS" if "CRPS" in set(randomised["condition"]) else (most.iloc[0] if len(most) else conditions[0])
        first = max(self.held.spreads.values(), key=lambda one: one.people, default=None)
        sources = [one for one in self.held.spreads.values() if one.row.study == "sigtermans2009"]
        chosen = sources[0].name if sources else first.name if first else OWN_SD
        return (
            Choice(
                key="condition", label="Condition", value=str(start), options=conditions,
                about="A row of the review's evidence map",
            ),
            Number(
                key="rate", label="Infusion rate", unit="mg/kg/h", value=0.35, low=0, high=2, step=0.05,
                about="How fast the infusion runs; 0 is none",
            ),
            Number(
                key="length", label="Infusion lasts", unit="h", value=4, low=0.1, high=168, log=True,
                about="How long one infusion runs",
            ),
            Number(
                key="days", label="Once a day, for", unit="days", value=10, low=1, high=10, step=1,
                about="On how many days the same is given",
            ),
            Choice(
                key="comparator", label="Compared with", value=COMPARATORS[0], options=COMPARATORS,
                about="What the other group gets",
            ),
            Number(
                key="weeks", label="Primary outcome in week", value=4, low=1, high=52, step=1,
                about="When the one outcome that decides is measured, counted from the start",
            ),
            Choice(key="spread", label="SD from", value=chosen, options=spreads,
                about="A trial of the review's effects.csv",
            ),
            Number(
                key="own", label="Your own SD, where no trial is taken", unit="points of 100", value=25, low=5, high=60,
                step=1, about="Say on your page where it is from",
            ),
            Number(
                key="difference", label="Difference worth finding", unit="points of 100", value=10, low=1, high=50,
                step=1,
                about="Between the means of the two groups, on a scale of pain from 0 to 100",
            ),
            Number(
                key="power", label="Power", unit="%", value=80, low=50, high=99, step=1,
                about="How often the trial finds that difference, if it is there",
            ),
            Number(
                key="lost", label="Lost before the outcome", unit="%", value=10, low=0, high=50, step=5,
                about="People who will not be there when the outcome is measured",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Plan:
        schedule, times, low, high = _plasma(float(now.rate), float(now.length), round(now.days))
        spread = self.held.spreads.get(now.spread)
        sd = spread.sd if spread else float(now.own)
        people = people_needed(now.difference, sd, now.power / 100)
        careful = None
        if spread:
            careful = people_needed(now.difference, highest_sd(sd, spread.people), now.power / 100)
        known = _known(self.held.folder, now.condition)
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
            [self._doses(result, before), self._people(result, before), self._others(result)],
            title=f"{result.now.condition}: {result.doses}, against {result.now.comparator}",
            subtitle=f"Primary outcome in week {result.now.weeks:g}; {self._cell(result)}",
            description=words,
            note=f"{result.held.caveat} {_NOT_FOR_PATIENTS}",
            width=760,
            columns=1,
        )

    @staticmethod
    def _cell(result: Plan) -> str:
        there = count_of(result.in_cell, "randomised trial") if result.in_cell else "no randomised trial"
        return f"the map holds {there} with this route and follow-up"

    @staticmethod
    def _doses(result: Plan, before: Plan | None) -> Axes:
        marks: list[Any] = []
        if len(result.schedule) == 1:
            marks.append(Region((0, result.schedule[0].end_h), name="runs", fits=False))
        if before and before.schedule != result.schedule:
            look: dict[str, Any] = {"ink": "muted", "dash": "2 3", "width": 1.2, "label": "before"}
            marks += [Line(before.times_h, values, **look) for values in (before.low, before.high)]
        marks.append(
            Band(result.times_h, result.low, result.high, label=f"plasma, lowest to highest of {len(ADULTS)} models")
        )
        marks += [Line(result.times_h, values, width=1.2, dash="") for values in (result.low, result.high)]
        end = float(result.times_h[-1])
        top = max(1.08 * float(result.high.max()), 1.0)
        return Axes(
            marks, Axis("Time", "time", limits=(0, end)), Axis("Ketamine (ng/mL)", limits=(0, top)), "What is given", 90
        )

    @staticmethod
    def _people(result: Plan, before: Plan | None) -> Axes:
        until = max(2.2 * (result.careful or result.people), 20)
        groups = np.unique(np.geomspace(2, until, 60).round())
        difference = float(result.now.difference)
        marks: list[Any] = []
        if before and (before.sd, before.now.difference) != (result.sd, result.now.difference):
            power = power_of(groups, before.now.difference, before.sd)
            marks.append(Line(groups, power, ink="muted", dash="2 3", width=1.2, label="before"))
        marks.append(Line(groups, power_of(groups, difference, result.sd), series=2, label=f"{difference:g} points"))
        if result.spread:
            high = highest_sd(result.sd, result.spread.people)
            marks.append(
                Line(
                    groups, power_of(groups, difference, high), series=2, dash="6 3", width=1.4,
                    label=f"the same, SD at its upper limit, {digits(high)}",
                )
            )  # fmt: skip
        half = difference / 2
        marks.append(Line(groups, power_of(groups, half, result.sd), series=3, label=f"half of it, {half:g} points"))
        marks.append(Rule(y=result.now.power / 100, name=f"{result.now.power:g} %"))
        if result.known.largest and result.known.largest / 2 < until:
            group = result.known.largest / 2
            marks += [Rule(x=group), Words(group, 0.03, "a group of the largest trial so far", dx=5)]
        marks.append(Points([result.people], [result.now.power / 100], series=2, sizes=5))
        x = Axis("People in each group", limits=(0, float(until)))
        return Axes(marks, x, Axis("Power (%)", limits=(0, 1), percent=True), "How many people", 130)

    @staticmethod
    def _others(result: Plan) -> Axes:
        sized = [one for one in result.known.studies if one.people is not pd.NA]
        shown = sorted(sized, key=lambda one: -int(one.people))[:_MOST]
        if not shown:
            nothing = Words(0, "none", "The map holds no study of this condition with a known size.", dx=10, dy=4)
            return Axes([nothing], Axis("People", limits=(0, 1)), Axis("", "names", names=("none",)))
        sizes = [float(result.enrolled), *(float(one.people) for one in shown)]
        marks: list[Any] = [Bars([0], sizes[:1], flat=True, series=2, thick=11, label="planned")]
        for ink, (label, kinds) in enumerate((("randomised", KINDS[:1]), ("other designs", KINDS[1:]))):
            at = [place for place, one in enumerate(shown, start=1) if one.kind in kinds]
            if at:
                marks.append(Bars(at, [sizes[place] for place in at], flat=True, series=ink, thick=11, label=label))
        names = ("this plan", *(f"{one.citation}{'' if one.counted else ' (not counted)'}" for one in shown))
        beside = (
            f"{result.enrolled}, {window_of(result.now.weeks).value.lower()}",
            *(f"{int(one.people)}, {one.followup.lower()}" for one in shown),
        )
        left = f"; the {_MOST} largest of {len(sized)}" if len(sized) > _MOST else ""
        x = Axis(f"People in the study{left}", limits=(0, 1.05 * max(sizes)))
        return Axes(marks, x, Axis("", "names", names=names, beside=beside), "What others did")

    def data(self, result: Plan) -> pd.DataFrame:
        columns = ["Index", "citation", "year", "design", "people", "route", "dose_text", "duration_text", "followup",
                   "direction", "harms", "counted", "link"]  # fmt: skip
        rows = [[getattr(one, name) for name in columns] for one in result.known.studies]
        return pd.DataFrame(rows, columns=["study", *columns[1:]])


# --- the page ---------------------------------------------------------------------------------------------------------

CHECK_LIST = {
    "question": "One question: which people, which dose, against what, which outcome, when",
    "known": "What is known, and which cell of the map the study would fill",
    "eligibility": "Who takes part, and who is not asked, for their safety",
    "random": "How people are allotted, and how the order stays hidden",
    "masking": "How the treatment stays hidden, and how that is tested: everybody is asked to guess",
    "dose": "Form, dose, body weight used, ceiling, and when an infusion is stopped",
    "outcome": "One primary outcome: which scale, whose rating, which week",
    "harms": "Harms: asked for actively, by whom, until when; liver, bladder, misuse, blood pressure, perception",
    "size": "Number of people: from which difference, which SD, whose",
    "analysis": "Who is analysed, and what is done about missing values, decided beforehand",
    "ethics": "Approval, consent, registration before the first person, sharing of data",
    "patients": "What people who live with the condition said to the plan",
}
"""What a protocol has to say, in our words and much abridged, after SPIRIT 2025 and the consensus on infusions."""

_REFERENCES = (
    ("SPIRIT 2025: Chan AW, et al., what a protocol of a randomised trial should hold", "https://pubmed.ncbi.nlm.nih.gov/40294521/"),
    ("Cohen SP, et al. 2018: consensus on intravenous ketamine for chronic pain", "https://pubmed.ncbi.nlm.nih.gov/29870458/"),
    ("Turk DC, et al. 2003: which outcomes trials of chronic pain should have", "https://doi.org/10.1016/j.pain.2003.08.001"),
)  # fmt: skip

ASKS = {
    "team": ("Team", 1),
    "question": ("Our question, in one sentence", 2),
    "dose": ("Why this dose and this form", 3),
    "link": ("The link of lesson 5 that our study hangs on, and what we measure of it", 3),
    "outcome": ("Primary outcome, why in that week, and what difference is worth finding", 3),
    "harm": ("What could harm people, and what makes us stop", 3),
    "doubt": ("What our study cannot show", 2),
}

_LESSONS = ("orientation", "gate", "trap", "windup", "infusion", "chain", "trial", "forest", "clinic", "design")
_STYLE = (
    "<style>.ket-panel textarea, .ket-panel .widget-text input { font: inherit; color: var(--ket-ink); background:"
    " var(--ket-ground); border: 1px solid var(--ket-edge); border-radius: 4px; padding: 4px 8px; box-sizing:"
    " border-box; width: 100%; height: auto; } .ket-panel textarea:focus-visible { outline: 3px solid #0072b2;"
    " outline-offset: 2px; } .ket-panel :is(.widget-textarea, .widget-text) { display: block; height: auto; margin:"
    " 6px 2px; } .ket-panel :is(.widget-textarea, .widget-text) > label { display: block; width: auto; text-align:"
    " left; font-weight: 600; color: inherit; } .ket-panel .ket-sheet { border: 1px solid var(--ket-edge);"
    " border-radius: 6px; padding: 4px 18px; max-width: 84ch; }</style>"
)
_PAGE_STYLE = (
    "main { max-width: 60rem; } table { border-collapse: collapse; font-size: .85rem; } th, td { text-align: left;"
    " vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); } figure { margin: .5rem"
    " 0; break-inside: avoid; } figure img { max-width: 100%; height: auto; } figcaption { font-size: .9rem; max-width:"
    " 75ch; } .half { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; } code {"
    " font-size: .8rem; overflow-wrap: anywhere; }"
)


def panels_by_name() -> Mapping[str, type[Panel]]:
    """The panels of the lessons, by the name that their state codes begin with.

    >>> panels_by_name()["drip"].title
    'From drip to dorsal horn'
    """
    for name in _LESSONS:
        import_module(f".{name}", __package__)

    def below(kind: type[Panel]) -> Iterable[type[Panel]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return {
        one.name: one for one in below(Panel) if "name" in vars(one) and one.__module__.startswith(f"{__package__}.")
    }


def panel_of(code: str) -> Panel:
    """The panel that a state code describes.

    Raises:
        InputError: no panel has such a code, or it cannot stand so.

    >>> panel_of("drip~rate=0.2").seen()[:7]
    'At most'
    """
    known = panels_by_name()
    name = code.strip().split("~")[0]
    if name not in known:
        raise InputError(f"no panel has the code “{code.strip()[:60]}”{did_you_mean(name, known)}", expected="design~…")
    panel = known[name]()
    panel.restore(code)
    return known[name](**panel.now)  # without a setting before it to compare with


class StudyPage(Shown):
    """One page of a plan, made of state codes of panels, answers and a check list; saved as HTML or Markdown.

    Args:
        codes: state codes to begin with, one a panel.

    In code: `page.codes.value = "design~…"`, `page.answer("question", "…")`, `page.tick("harms")`,
    `page.make.click()`, `page.seen()`, `page.html()`, `page.markdown()`, `page.save("plan.html")`.

    >>> page = StudyPage(["design~difference=20", "tornado"])
    >>> page.tick("size")
    >>> "1 of 12" in page.seen()
    True
    """

    def __init__(self, codes: Sequence[str] = ("design",)) -> None:
        self.codes = widgets.Textarea(
            value="\n".join(codes), description="State codes of your panels, one a line (“Copy code”)", rows=4
        )
        self.asks: dict[str, Any] = {
            key: widgets.Text(description=label) if rows == 1 else widgets.Textarea(description=label, rows=rows)
            for key, (label, rows) in ASKS.items()
        }
        self.list = {key: Control(Switch(key=key, label=label, value=False)) for key, label in CHECK_LIST.items()}
        self.make = widgets.Button(description="Make the page", tooltip="From all that stands above")
        self.told = widgets.HTML()
        self.box: Any = None
        self.panels: list[Panel] = []
        self.wrong: list[str] = []
        self._read: str | None = None
        self.make.on_click(lambda _: self._make())
        for control in self.list.values():
            control.observe(lambda _: self._make(), "value")
        self._make()

    def answer(self, ask: str, words: str) -> None:
        """Write an answer.

        Raises:
            InputError: nothing of that name is asked.
        """
        if ask not in self.asks:
            raise InputError(f"nothing called “{ask}” is asked{did_you_mean(ask, self.asks)}", expected=", ".join(ASKS))
        self.asks[ask].value = words
        self._make()

    def tick(self, *items: str) -> None:
        """Tick items of the check list.

        Raises:
            InputError: there is no such item.
        """
        for item in items:
            if item not in self.list:
                raise InputError(f"no item “{item}”{did_you_mean(item, self.list)}", expected=", ".join(CHECK_LIST))
            self.list[item].value = True

    @property
    def open(self) -> list[str]:
        """Items of the check list that are not ticked."""
        return [CHECK_LIST[key] for key, control in self.list.items() if not control.value]

    @property
    def unanswered(self) -> list[str]:
        """What is asked and not answered."""
        return [ASKS[key][0] for key, box in self.asks.items() if not box.value.strip()]

    def seen(self) -> str:
        """What the learner reads under the button."""
        return plain(self.told.value.partition("<!--page-->")[0])

    def _make(self) -> None:
        if self._read != self.codes.value:
            self._restore()
        done = len(CHECK_LIST) - len(self.open)
        told = [f"{count_of(len(self.panels), 'panel')} on the page. Check list: {done} of {len(CHECK_LIST)} ticked."]
        told += [f"Not answered yet: {'; '.join(self.unanswered)}."] if self.unanswered else []
        told += [f"Left out: {one.rstrip('.')}." for one in self.wrong]
        links = " ".join(
            f'<a download="study-plan.{suffix}" href="data:text/{kind};charset=utf-8;base64,'
            f'{base64.b64encode(text.encode()).decode()}">Save as {name}</a>'
            for suffix, kind, name, text in (
                ("html", "html", "HTML", self.html()),
                ("md", "markdown", "Markdown", self.markdown()),
            )
        )
        self.told.value = (
            f'<p role="status">{escape(" ".join(told))}</p><p>{links}</p><!--page-->'
            f"<details><summary>Look at the page</summary><div class='ket-sheet'>{self._body()}</div></details>"
        )

    def _restore(self) -> None:
        """The panels of the codes, and what is wrong with codes that are none."""
        self._read, self.panels, self.wrong = self.codes.value, [], []
        for line in filter(str.strip, self._read.splitlines()):
            try:
                self.panels.append(panel_of(line))
            except InputError as error:
                self.wrong.append(str(error))

    def html(self) -> str:
        """The page as one HTML file that needs nothing else."""
        title = self._title()
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<title>{escape(title)}</title>\n'
            f"<style>{source('base.css')}{_PAGE_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
            f"{self._body()}\n</main>\n<footer><p>{_NOT_FOR_PATIENTS} {NO_ADVICE.replace('table', 'page')}</p>"
            "</footer>\n"
            "</body>\n</html>\n"
        )

    def markdown(self) -> str:
        """The page as Markdown, without its pictures."""
        lines = [f"# {markdown(self._title())}", "", f"**{_NOT_FOR_PATIENTS}** An exercise, not a protocol.", ""]
        for key, box in self.asks.items():
            if key != "team":
                lines += [f"**{ASKS[key][0]}.** {markdown(box.value.strip()) or '*not answered*'}", ""]
        for panel in self.panels:
            lines += [f"## {markdown(panel.title)}", "", markdown(panel.seen()), "", f"`{panel.code}`", ""]
            if isinstance(panel, Design):
                lines += [*self._table_lines(panel), ""]
        lines += ["## Check list", ""]
        lines += [f"- [{'x' if control.value else ' '}] {CHECK_LIST[key]}" for key, control in self.list.items()]
        lines += ["", "## References", "", *(f"- [{markdown(words)}]({url})" for words, url in self._works())]
        return "\n".join(lines) + "\n"

    def save(self, path: Path | str) -> Path:
        """Write the page to a file; its ending, .html or .md, says how.

        Raises:
            InputError: another ending.
        """
        path = Path(path)
        if path.suffix not in {".html", ".md"}:
            raise InputError(f"a page cannot be saved as “{path.name}”", expected="a name that ends in .html or .md")
        return write_atomically(path, (self.html() if path.suffix == ".html" else self.markdown()).encode())

    def _title(self) -> str:
        team = self.asks["team"].value.strip()
        return "A study on paper" + (f", by {team}" if team else "")

    def _works(self) -> list[tuple[str, str]]:
        """What the page rests on: the check list's sources, the SD's, and those of the panels."""
        works = list(_REFERENCES)
        for panel in self.panels:
            if isinstance(panel, Design):
                spread = panel._result.spread
                works += (
                    [(f"SD: {spread.name}, {spread.row.source}, {spread.row.locator}", spread.link)] if spread else []
                )
            else:
                works += [(words, url) for words, url in panel.sources if url]
        return list(dict.fromkeys(works))

    @staticmethod
    def _studies(panel: Design) -> list[tuple[str, str, list[str]]]:
        """Studies of the condition: name, address, cells."""
        rows = []
        row: Any
        for row in panel._result.known.studies:
            dose = ", ".join(filter(None, (_text(row.dose_text), _text(row.duration_text))))
            people = "" if row.people is pd.NA else str(int(row.people))
            cells = [
                _text(row.design),
                people,
                dose,
                _text(row.followup),
                _text(row.direction),
                f"harms {_text(row.harms)}",
            ]
            rows.append((f"{row.citation}{'' if row.counted else ' (not counted)'}", _text(row.link), cells))
        return rows

    _HEADS: ClassVar[tuple[str, ...]] = ("Study", "Design", "People", "Dose", "Follow-up", "Direction", "Harms")

    def _table_lines(self, panel: Design) -> list[str]:
        lines = [f"| {' | '.join(self._HEADS)} |", f"|{' --- |' * len(self._HEADS)}"]
        for name, link, cells in self._studies(panel):
            first = f"[{markdown(name)}]({link})" if link else markdown(name)
            lines.append(f"| {' | '.join([first, *(markdown(cell) for cell in cells)])} |")
        return lines

    def _body(self) -> str:
        parts = [f"<p><strong>{_NOT_FOR_PATIENTS}</strong> An exercise on paper, not a protocol, and no advice.</p>"]
        for key, box in self.asks.items():
            if key != "team":
                said = escape(box.value.strip()) or "<em>not answered</em>"
                parts.append(f"<p><strong>{ASKS[key][0]}.</strong> {said}</p>")
        plans = [panel for panel in self.panels if isinstance(panel, Design)]
        for plan in plans:
            parts.append(
                f"<h2>{escape(plan.title)}</h2>{_figure(plan)}<h2>What the review holds</h2>{self._table(plan)}"
            )
            parts.append(f"<p>{escape(self._how(plan))}</p>")
        others = [panel for panel in self.panels if not isinstance(panel, Design)]
        if others:
            figures = "".join(f"<div><h3>{escape(one.title)}</h3>{_figure(one)}</div>" for one in others)
            parts.append(f"<h2>What it rests on</h2><div class='half'>{figures}</div>")
        items = "".join(
            f"<li>{'☑' if control.value else '☐'} {escape(CHECK_LIST[key])}</li>" for key, control in self.list.items()
        )
        works = "".join(
            f'<li><a href="{escape(url)}">{escape(words)}</a></li>' if url else f"<li>{escape(words)}</li>"
            for words, url in self._works()
        )
        parts.append(f"<h2>Check list</h2><ul>{items}</ul><h2>References</h2><ul>{works}</ul>")
        return "".join(parts)

    @staticmethod
    def _how(panel: Design) -> str:
        found = panel.held.found
        how = found.how_found.rstrip(".")
        return f"How the studies were found: {how}." if how else "How the studies were found is not said by the review."

    def _table(self, panel: Design) -> str:
        rows = "".join(
            "<tr><th scope='row'>"
            + (f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name))
            + "</th>"
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for name, link, cells in self._studies(panel)
        )
        if not rows:
            return "<p>No study of this condition.</p>"
        heads = "".join(f"<th scope='col'>{head}</th>" for head in self._HEADS)
        return f"<table><tr>{heads}</tr>{rows}</table>"

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            listed = widgets.VBox([*self.list.values()])
            heading = widgets.HTML("<p><strong>Check list.</strong> Tick what your page or your talk says.</p>")
            self.codes.layout.width = "min(100%, 84ch)"
            for box in self.asks.values():
                box.layout.width = "min(100%, 84ch)"
            self.box = boxed(
                [
                    widgets.HTML(_STYLE + self._head()),
                    *self.asks.values(),
                    self.codes,
                    heading,
                    listed,
                    self.make,
                    self.told,
                ]
            )
        return self.box

    @staticmethod
    def _head() -> str:
        return (
            "<h3>Your study on one page</h3><p>Answer, paste the codes of your panels, tick, and make the page. What "
            f"you write stays in this kernel. <strong>{_NOT_FOR_PATIENTS}</strong></p>"
        )

    def twin(self) -> str:
        """What is asked and the check list, HTML."""
        asks = "".join(f"<li>{label}</li>" for label, _ in ASKS.values())
        items = "".join(f"<li>☐ {escape(label)}</li>" for label in CHECK_LIST.values())
        return (
            f"{self._head()}<p>What is asked:</p><ul>{asks}</ul><p>Check list:</p><ul>{items}</ul>"
            "<p>Run this cell to make your page.</p>"
        )

    def __repr__(self) -> str:
        return f"A page of a study plan. {self.seen()} (Run this cell to write it.)"


def _figure(panel: Panel) -> str:
    return (
        f"<figure>{panel.picture._repr_html_()}<figcaption>{panel.view.words}<br><code>{escape(panel.code)}</code>"
        "</figcaption></figure>"
    )


def _text(value: Any) -> str:
    return "" if value is None or value is pd.NA else str(value)
