"""Lesson 0: how to use a panel, and how strong a claim is. A curve, four kinds of answer, and the card of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ..claims import CheckedClaim, checked_claims, claims_frame, count_verdicts
from ..figures import Axis, Band, Bars, ErrorBars, Line, Picture, Points, Words, draw
from ..figures import Panel as Axes
from ..models import parameters_of
from ..models.receptor import dose_response
from ..models.response import SlowRelief, slow_relief
from ..pooling import Pooled
from ..review import Review, load_review
from ..synthesis import choose
from ..vocabulary import Checked, Verdict
from .control import Choice, Number, Switch
from .gate import minus, percent
from .panel import Panel, Preset, Setting

Array = np.ndarray[Any, Any]

_HALF_BLOCK = "ketamine.half_block.human_GluN2A"
_CONCENTRATION = np.linspace(0, 10, 201)  # µM
_GILLING = "Gilling KE et al. Neuropharmacology 2009;56:866–75, PMID 19371579 (abstract seen)"
_RECALLED = "Kotermanski SE, Johnson JW. J Neurosci 2009;29:2774–9, PMID 19261873 (recalled: not looked up)"


@dataclass(frozen=True, slots=True)
class Curve:
    """What a half block makes of every concentration: shares of the current that are left."""

    concentration: float
    half: float
    measured: bool
    left: Array
    here: float


class FirstCurve(Panel):
    """A smooth curve to practise on, and the one number under it."""

    name = "first"
    title = "A smooth curve"
    notice = (
        "Move a slider, type into its box, press Reset. Then switch on what was measured: under the whole curve there "
        "is one point."
    )
    find = "the ketamine that leaves 10 % of the current, at the half block that was measured."
    limits = (
        "One site in each channel, so a curve with a Hill slope of 1. The slope that was measured is 0.84 ± 0.02: the "
        "true curve is flatter, and the further from the middle, the more wrong this one is. There is no magnesium "
        "here, and none of this is a dose."
    )
    parameters = (_HALF_BLOCK, "ketamine.half_block.GluN2A")
    controls = (
        Number(
            key="concentration", label="Ketamine", unit="µM", value=1.0, low=0, high=10, step=0.1,
            about="Free ketamine around the channel, in a dish",
        ),
        Number(
            key="half", label="Half block", unit="µM", value=0.71, low=0.1, high=10, log=True,
            about="The concentration that takes half of the current: the one number of this curve",
        ),
        Switch(key="measured", label="Show what was measured", value=False, about="The number with its standard error"),
    )  # fmt: skip
    presets = (
        Preset("human GluN2A in cells (seen)", {"half": 0.71}, _GILLING, "https://pubmed.ncbi.nlm.nih.gov/19371579/"),
        Preset(
            "rat GluN2A in cells (recalled)", {"half": 0.33}, _RECALLED, "https://pubmed.ncbi.nlm.nih.gov/19261873/"
        ),
    )

    def compute(self, now: Setting) -> Curve:
        chosen = parameters_of({_HALF_BLOCK: f"{now.half} µM"})
        left = dose_response([*_CONCENTRATION, now.concentration], voltage=-70, magnesium=0, parameters=chosen)
        return Curve(now.concentration, now.half, now.measured, left[:-1], float(left[-1]))

    def words(self, result: Curve) -> str:
        measured = "Measured was one number, {:g} ± {:g} µM (standard error).".format(*_measured())
        return (
            f"At {result.concentration:g} µM ketamine the model leaves {percent(result.here)} of the current, with a "
            f"half block of {result.half:g} µM. "
            + (measured if result.measured else "Every point of this curve is computed.")
        )

    def draw(self, result: Curve, before: Curve | None, words: str) -> Picture:
        marks: list[Any] = []
        if before and before.half != result.half:
            marks.append(
                Line(_CONCENTRATION, before.left, label=f"before: {before.half:g} µM", ink="muted", dash="5 3")
            )
        marks.append(Line(_CONCENTRATION, result.left, label="model"))
        marks.append(
            Points([result.concentration], [result.here], label=f"at {result.concentration:g} µM", series=1, sizes=5)
        )
        if result.measured:
            known, error = _measured()
            name = "measured: half block ± standard error"
            marks += [
                ErrorBars([0.5], [known - error], [known + error], flat=True, cap=8, width=2.4, ink="s2", label=name),
                Points([known], [0.5], series=2, sizes=2.5, shape="circle"),
            ]
        return draw(
            Axes(
                marks,
                Axis("Ketamine (µM)", limits=(0, 10)),
                Axis("Current left (%)", limits=(0, 1), percent=True),
            ),
            title="Current through NMDA receptors that ketamine leaves",
            subtitle="Human GluN2A, −70 mV, no magnesium; a model",
            description=words,
        )

    def data(self, result: Curve) -> pd.DataFrame:
        return pd.DataFrame({"ketamine_uM": _CONCENTRATION, "current_left_share": result.left})


def _measured() -> tuple[float, float]:
    """The half block that was measured, and its standard error, µM."""
    known = parameters_of()[_HALF_BLOCK]
    return float(np.asarray(known.value)), float(np.asarray(known.se))


MEASURED, MODELLED, POOLED, OPINION = "one trial: measured", "a model", "three trials: pooled", "a statement: opinion"
_TRIAL = "sigtermans2009"
_STATEMENT = "K59"
_DURING, _AFTER = 61, 68  # times that are looked at
_PLASMA = 230.0  # ng/mL, inside the 192 to 277 that the kinetic models give for the last rate of the trial


@dataclass(frozen=True, slots=True)
class Answer:
    """One kind of answer, and all that any kind is drawn from."""

    kind: str
    spread: bool
    names: tuple[str, ...]
    people: tuple[int, ...]
    pooled: Pooled
    courses: tuple[SlowRelief, ...]
    statement: str

    @property
    def weeks(self) -> Array:
        """Times of the model, from the start of the infusion."""
        return self.courses[0].times_h / (7 * 24)

    def row(self, name: str) -> tuple[float, float, float]:
        """Difference in pain of one trial with its 95 % interval."""
        at = self.names.index(name)
        middle, half = float(self.pooled.yi[at]), 1.96 * float(np.sqrt(self.pooled.vi[at]))
        return middle, middle - half, middle + half


class FourAnswers(Panel):
    """The same question answered by a measurement, a model, a pooled estimate and an opinion."""

    name = "answers"
    title = "Does pain get better after a ketamine infusion? Four kinds of answer"
    notice = (
        "Only two of the four pictures hold patients. Switch the uncertainty off, and all of them look equally sure. "
        "The two curves of the model come from the same two published numbers."
    )
    find = "how wide the pooled interval is, in points of 100, and whether zero lies in it."
    limits = (
        "The trial is of people with complex regional pain syndrome (CRPS) after a multi-day infusion; the other two "
        "that are pooled with it are of other conditions. Intervals of single trials are ± 1.96 standard errors; "
        "the pooled one is Knapp and Hartung's, wide for three trials (lesson 7). "
        "“Immediate term” is the Cochrane review's word. The model is of an average and was fitted to the trial shown; "
        "the concentration that drives it (230 ng/mL, then none) is ours, inside what kinetic models give for it."
    )
    parameters = ("response.crps.c50", "response.crps.half_life")
    sources = (
        ("Sigtermans MJ et al. Pain 2009;145(3):304–11, PMID 19604642", "https://pubmed.ncbi.nlm.nih.gov/19604642/"),
        ("Ferraro MC et al. 2025, Cochrane review, PMID 40819842", "https://pubmed.ncbi.nlm.nih.gov/40819842/"),
    )
    controls = (
        Choice(
            key="kind", label="Kind of answer", value=MEASURED, options=(MEASURED, MODELLED, POOLED, OPINION),
            about="Where the picture comes from",
        ),
        Switch(key="spread", label="Show the uncertainty", value=True, about="Intervals and bands"),
    )  # fmt: skip

    def compute(self, now: Setting) -> Answer:
        return Answer(now.kind, now.spread, *_evidence())

    def words(self, result: Answer) -> str:
        if result.kind == MEASURED:
            middle, low, high = result.row(_short(_TRIAL))
            spread = f"; 95 % interval {_between(low, high)}" if result.spread else ""
            people = result.people[result.names.index(_short(_TRIAL))]
            return minus(
                f"Measured: {people} people with CRPS. At the end of the first week pain was {abs(middle):.0f} points "
                f"of 100 lower with ketamine than with placebo{spread}."
            )
        if result.kind == POOLED:
            pooled = result.pooled
            spread = f"; 95 % interval {_between(pooled.ci_low, pooled.ci_high)}" if result.spread else ""
            return minus(
                f"Pooled: three trials of different conditions. On average pain was {abs(pooled.estimate):.0f} points "
                f"of 100 lower with ketamine than with placebo{spread}."
            )
        if result.kind == MODELLED:
            peaks = [float(one.median.max()) for one in result.courses]
            return (
                f"Modelled: two equations with the same published numbers. One reaches {percent(peaks[0])} of the "
                f"largest relief, the other {percent(peaks[1])}. No person is in this picture."
            )
        return (
            f"Opinion: a clinic's page says, in our words, “{result.statement}”. The sentence names no people, no "
            "comparison, no time and no interval, so there is nothing to draw."
        )

    def draw(self, result: Answer, before: Answer | None, words: str) -> Picture:
        if result.kind == MODELLED:
            marks: list[Any] = []
            for series, one in enumerate(result.courses):
                if result.spread:
                    marks.append(Band(result.weeks, one.low, one.high, series=series))
                marks.append(Line(result.weeks, one.median, label=one.label, series=series))
            panel = Axes(
                marks,
                Axis("Weeks from the start of the infusion", limits=(0, 14)),
                Axis("Relief (% of the largest)", limits=(0, 1), percent=True),
                height=200,
            )
            told = "A model: two readings of one pair of published numbers"
        else:
            panel, told = _rows(result)
        return draw(panel, title="Pain after a ketamine infusion", subtitle=told, description=words)

    def data(self, result: Answer) -> pd.DataFrame:
        if result.kind == MODELLED:
            return pd.DataFrame(
                {"weeks": result.weeks} | {f"relief_share_{one.model}": one.median for one in result.courses}
            )
        shown = {MEASURED: [_short(_TRIAL)], POOLED: list(result.names), OPINION: []}[result.kind]
        rows = [(name, *result.row(name)) for name in shown]
        if result.kind == POOLED:
            rows.append(("pooled", result.pooled.estimate, result.pooled.ci_low, result.pooled.ci_high))
        columns = ["study", "difference_points_of_100", "low_95_points", "high_95_points"]
        return pd.DataFrame(rows, columns=columns)


def _between(low: float, high: float) -> str:
    """An interval of differences in words.

    >>> _between(-41.4, -14), _between(-49.8, 18.2)
    ('from 41 to 14 lower', 'from 50 lower to 18 higher')
    """
    return f"from {-low:.0f} to {-high:.0f} lower" if high < 0 else f"from {-low:.0f} lower to {high:.0f} higher"


def _rows(result: Answer) -> tuple[Axes, str]:
    """Trials, and what they come to, as points with intervals; none for an opinion."""
    marks: list[Any] = []
    shown = {MEASURED: (_short(_TRIAL),), POOLED: result.names, OPINION: ()}[result.kind]
    for name in shown:
        middle, low, high = result.row(name)
        if result.spread:
            marks.append(ErrorBars([name], [low], [high], flat=True))
        marks.append(Points([middle], [name], sizes=6))
    names = list(shown)
    if result.kind == POOLED:
        names.append("all three, pooled")
        pooled = result.pooled
        if result.spread:
            marks.append(ErrorBars(names[-1:], [pooled.ci_low], [pooled.ci_high], flat=True, series=1))
        marks.append(Points([pooled.estimate], names[-1:], sizes=7, series=1, shape="diamond"))
    if result.kind == OPINION:
        names.append("the statement")
        marks.append(Words(-30, "the statement", "no people, no comparison: nothing to draw", anchor="middle", dy=4))
    told = {
        MEASURED: "One randomised trial: people with CRPS, end of week 1",
        POOLED: f"{len(result.names)} randomised trials, {sum(result.people)} people, “immediate term”",
        OPINION: "A statement on a clinic's page",
    }[result.kind]
    axis = Axis("Difference in pain, ketamine less placebo (points of 100; below zero: less pain)", limits=(-60, 30))
    return Axes(marks, axis, Axis(kind="names", names=tuple(names)), height=max(90, 34 * len(names))), told


CLAIMS = {
    "It works in CRPS": "K57",
    "It makes the brain reboot": "K17",
    "It improves functioning": "K60",
    "It closes the channel": "K22",
    "It acts at glutamine receptors": "K02",
    "It carries no risk of addiction": "K36",
    "People respond differently": "K13",
}
_LOOKS = {Checked.NONE: "by nobody yet", Checked.ONE: "once", Checked.TWO: "twice"}


class ClaimCard(Panel):
    """A statement made in public, with the verdict of the bundled review and what it rests on."""

    name = "card"
    title = "The card of a claim"
    notice = (
        "The bars count the verdicts on all statements of the review; that of this one stands out. Under them: the "
        "works it rests on and where in them it was read, what speaks against leaning on it, what would change it."
    )
    find = (
        "a claim that trials have looked for and not found; and one that is a matter of wrong words, not of evidence."
    )
    limits = (
        "A verdict is on a statement, not on a clinic or a person, and is no advice. It was given by people reading "
        "abstracts for the most part; “checked” says how many looked at the sources. The claims are put in our words."
    )
    controls = (
        Choice(
            key="claim", label="Claim", value="It works in CRPS", options=tuple(CLAIMS),
            about="Statements from pages of clinics, put shortly",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> CheckedClaim:
        return _claims()[CLAIMS[now.claim]]

    def words(self, result: CheckedClaim) -> str:
        claim = result.claim
        return f"Verdict: {claim.verdict}. {claim.explanation}. Checked {_LOOKS[claim.checked or Checked.NONE]}."

    def draw(self, result: CheckedClaim, before: CheckedClaim | None, words: str) -> Picture:
        counts = count_verdicts(list(_claims().values()))
        names = tuple(str(verdict) for verdict in Verdict)
        rest = [counts.get(verdict, 0) if verdict is not result.claim.verdict else 0 for verdict in Verdict]
        this = [counts.get(verdict, 0) if verdict is result.claim.verdict else 0 for verdict in Verdict]
        marks = [
            Bars(names, rest, flat=True, ink="muted", label="statements of the review, by verdict"),
            Bars(names, this, flat=True, series=1, label="those with the same verdict as this one"),
        ]
        basis = "; ".join(map(str, result.basis)) or "no record of this review"
        notes = [f"Rests on: {basis}."]
        notes += [f"Caution: {caveat}." for caveat in result.caveats]
        notes.append(f"Would change it: {result.claim.would_change}.")
        return draw(
            Axes(marks, Axis("Number of statements", zero=True), Axis(kind="names", names=names), height=150),
            title=f"“{result.claim.claim}”",
            subtitle=f"{result.claim.verdict}; checked {_LOOKS[result.claim.checked or Checked.NONE]}",
            description=words,
            note=" ".join(notes),
        )

    def data(self, result: CheckedClaim) -> pd.DataFrame:
        return claims_frame([result]).reset_index()


@cache
def _review() -> Review:
    return load_review()


@cache
def _claims() -> dict[str, CheckedClaim]:
    return {one.claim.id: one for one in checked_claims(_review())}


@cache
def _short(study: str) -> str:
    return _review().records[_review().names.get(study, study)].short


@cache
def _evidence() -> tuple[tuple[str, ...], tuple[int, ...], Pooled, tuple[SlowRelief, ...], str]:
    """Names and sizes of the trials, what they come to, the two courses of the model, and the statement."""
    chosen = choose(_review(), comparison="IV ketamine vs placebo", outcome="pain intensity", time="immediate")
    ends = 24 * float(np.asarray(parameters_of().value("response.crps_trial.duration")))
    hours = np.concatenate([np.linspace(0, ends, _DURING), np.linspace(ends, 14 * 7 * 24, _AFTER)])
    courses = slow_relief(hours, np.repeat([_PLASMA, 0.0], [_DURING, _AFTER]))
    names = tuple(_short(effect.study) for effect in chosen.effects)
    people = tuple(int((effect.n1 or 0) + (effect.n2 or 0)) for effect in chosen.effects)
    return names, people, chosen.pool(), courses, _claims()[_STATEMENT].claim.claim
