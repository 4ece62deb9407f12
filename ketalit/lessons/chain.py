"""Lesson 5: from drip to dorsal horn: what each link holds, which guess matters most, and what no link explains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ..errors import InputError
from ..figures import Axis, Band, Bars, ErrorBars, Line, Picture, Points, Region, Rule, draw
from ..figures import Panel as Axes
from ..figures.mechanism.reading import digits, duration
from ..models.chain import Chain, drip_to_dorsal_horn
from ..models.edge import SHARE
from ..models.parameters import parameters_of
from ..models.pharmacokinetics import MODELS, PRESETS, Kinetics, Route, Schedule, concentrations, regimen
from ..models.quantity import micromolar
from ..models.receptor import half_block, mixture_occupancy
from ..models.receptor.pore import RECEPTORS
from ..models.response import SlowRelief, Trial, acute_pain, crps_trial, slow_relief
from ..models.targets import Family, Free, Occupied, free_from_total, occupancy, rank
from ..models.windup import wind_up
from .control import Choice, Number, Spec, Switch
from .gate import minus, percent
from .infusion import Doses
from .panel import Panel, Preset, Setting

Array = np.ndarray[Any, Any]

WEIGHT = 70.0  # kg
ADULTS = tuple(key for key, model in MODELS.items() if not model.for_children)
_KEYS = {MODELS[key].label: key for key in ADULTS}
_FIRST = MODELS["otto2021"].label
_DAY = 24.0
_SCARCE = 12  # more infusions than this are not shaded


def _model() -> Choice:
    return Choice(
        key="model", label="Kinetics by", value=_FIRST, options=tuple(_KEYS), about="The published model of plasma"
    )


def _receptor() -> Choice:
    about = "Which NMDA receptor; the human one and the rat's four were measured in different laboratories"
    return Choice(key="receptor", label="Receptor", value="GluN2B", options=RECEPTORS, about=about)


def _between(low: float, high: float, count: int = 2) -> str:
    """A range, or the number that both ends are.

    >>> _between(0.233, 0.511), _between(1, 1)
    ('0.23 to 0.51', '1')
    """
    one, two = digits(low, count), digits(high, count)
    return one if one == two else f"{one} to {two}"


def _percents(low: float, high: float) -> str:
    """Two shares as one range of per cent.

    >>> _percents(0.0438, 0.0917), _percents(0.5, 0.5)
    ('4.4 to 9.2 %', '50 %')
    """
    return f"{_between(100 * low, 100 * high)} %"


def _cm(value: float) -> str:
    """A change of pain, with its sign.

    >>> _cm(-3.52), _cm(0.55), _cm(-0.01)
    ('−3.5', '+0.6', '0.0')
    """
    text = f"{value:+.1f}"
    return "0.0" if float(text) == 0 else minus(text)


def _on_scale(value: float) -> str:
    """A change of pain in cm, or that the line of its model has left the scale.

    >>> _on_scale(-3.7), _on_scale(-48.3)
    ('−3.7 cm', 'off its scale')
    """
    scale: float = parameters_of().value("response.linear.scale")
    return f"{_cm(value)} cm" if abs(value) <= scale else "off its scale"


# --- the whole chain -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one infusion.

    Attributes:
        schedule: the doses.
        receptor: whose block is read.
        found: the chain, by one kinetic model.
        looked: place of the cursor, h.
        said: the doses in words.
    """

    schedule: Schedule
    receptor: str
    found: Chain
    looked: float
    said: str

    def at(self, values: Array) -> float:
        """What a course holds at the cursor."""
        return float(np.interp(self.looked, self.found.courses[0].times_h, values))


def _window(schedule: Schedule) -> float:
    end = max(dose.end_h for dose in schedule)
    return end + max(end / 2, 3.0)


@lru_cache(maxsize=16)
def _chain(schedule: Schedule, model: str, voltage: float, magnesium: float) -> Chain:
    end = _window(schedule)
    turns = [moment + np.array([0, 0.02, 0.06, 0.15, 0.4]) for dose in schedule for moment in (dose.at_h, dose.end_h)]
    times = np.unique(np.concatenate([np.linspace(0, end, 91), *turns]).clip(0, end))
    return drip_to_dorsal_horn(
        schedule, times, WEIGHT, models=[_KEYS[model]], voltage=voltage, magnesium=magnesium
    )  # fmt: skip


def _infusions() -> tuple[Preset, ...]:
    """The published infusions of lesson 4 that go into a vein, each with its source."""
    return tuple(
        Preset(one.name, {key: one.settings[key] for key in ("rate", "length", "days")}, one.source, one.url)
        for one in Doses.presets
        if one.settings["route"] == Route.INTRAVENOUS
    )


def _given(rate: float, length: float, days: int) -> Schedule:
    if days > 1 and length > _DAY:
        raise InputError(f"Infusions of {duration(length)} would overlap when one begins every day.")
    return regimen(f"{rate} mg/kg/h", length, every="24 h", times=days)


class Drip(Panel):
    """An infusion, and what becomes of it at every link: plasma, free drug, receptors, dorsal horn, pain, perception.

    >>> Drip().seen()[:61]
    'At most 6 % of GluN2B is blocked. At 40 min: plasma 157 ng/mL'
    """

    name = "drip"
    title = "From drip to dorsal horn"
    notice = (
        "One time cursor runs through six pictures. Watch how each link bends the curve before it: what is large in "
        "plasma is small among the receptors at rest."
    )
    find = "the share of GluN2B that is blocked at 1 mM magnesium, and at none, with all else unchanged."
    limits = (
        "Five models put in a row; no step was tested on the one before it. The shaded range is that of the unbound "
        "share alone. Block is taken to be settled. Pain and perception come straight from plasma, by models of "
        "volunteers given S-ketamine: they do not pass through the receptor. The fast map of wind-up misses the full "
        "model of two rat neurones by up to 2 spikes, and how fewer spikes become less pain has not been measured."
    )
    parameters = (
        "unbound.label", "unbound.csf_to_plasma", "unbound.textbook", "ketamine.half_block.human_GluN2A",
        "ketamine.half_block.GluN2A", "ketamine.half_block.GluN2B", "ketamine.half_block.GluN2C",
        "ketamine.half_block.GluN2D", "ketamine.electrical_distance", "magnesium.half_block", "magnesium.slope",
        "response.effect_site.half_life", "response.linear.ketamine", "response.linear.norketamine",
        "response.emax.c50_antinociception", "response.emax.c50_high", "windup.surrogate.decay",
    )  # fmt: skip
    dosing = True
    controls: ClassVar[Sequence[Spec]] = (
        Number(
            key="rate", label="Infusion rate", unit="mg/kg/h", value=0.75, low=0, high=2, step=0.05,
            about="How fast the infusion runs; 0 is none",
        ),
        Number(
            key="length", label="Infusion lasts", unit="h", value=0.6667, low=0.1, high=168, log=True,
            about="How long one infusion runs",
        ),
        Number(
            key="days", label="Once a day, for", unit="days", value=1, low=1, high=10, step=1,
            about="On how many days the same is given, 24 hours apart",
        ),
        _model(),
        _receptor(),
        Number(
            key="voltage", label="Membrane voltage", unit="mV", value=-66, low=-90, high=0, step=1,
            about="Of the neurone; −66 mV is that of the recordings, near rest",
        ),
        Number(
            key="magnesium", label="Magnesium outside", unit="mM", value=1, low=0, high=2, step=0.1,
            about="It competes with ketamine for the pore; 0 is what many dishes hold",
        ),
        Number(
            key="time", label="Time cursor, along the time axis", unit="%", value=18, low=0, high=100, step=1,
            plays=True, about="Where along the time axis every picture is read; Play walks through it",
        ),
    )  # fmt: skip
    presets = _infusions()

    def compute(self, now: Setting) -> Way:
        days = round(now.days)
        schedule = _given(now.rate, now.length, days)
        said = f"{now.rate:.3g} mg/kg/h for {duration(now.length)}" + (f", on {days} days" if days > 1 else "")
        found = _chain(schedule, now.model, now.voltage, now.magnesium)
        return Way(schedule, now.receptor, found, _window(schedule) * now.time / 100, said)

    def words(self, result: Way) -> str:
        course = result.found.courses[0]
        block, spikes = course.block[result.receptor], course.wind_up[result.receptor]
        linear = " or ".join(dict.fromkeys(_on_scale(result.at(one.middle)) for one in course.pain if one.unit == "cm"))
        emax = next(one for one in course.pain if not one.unit)
        return (
            f"At most {percent(float(block.middle.max()))} of {result.receptor} is blocked. At "
            f"{duration(result.looked)}: plasma {digits(result.at(course.plasma))} ng/mL; free "
            f"{_between(result.at(course.free.low), result.at(course.free.high))} µM; "
            f"{_percents(result.at(block.low), result.at(block.high))} blocked; last response "
            f"{result.at(spikes):.1f} of {result.found.undisturbed:.1f} spikes; pain {linear}, or "
            f"{percent(result.at(emax.middle))} of the largest relief."
        )

    def draw(self, result: Way, before: Way | None, words: str) -> Picture:
        course = result.found.courses[0]
        block = course.block[result.receptor]
        old = before.found.courses[0] if before and before.found is not result.found else None
        if before and old is None and before.receptor != result.receptor:
            old = course
        was = before.receptor if before else ""

        def plot(
            title: str, axis: Axis, lines: Sequence[Any], past: Callable[[Any], Array] | None, band: Any = None
        ) -> Axes:
            marks: list[Any] = []
            if running:
                marks += running
            if band is not None:
                marks.append(Band(course.times_h, band.low, band.high, series=0, label="range of the unbound share"))
            if old is not None and past is not None:
                marks.append(Line(old.times_h, past(old), label="before", ink="muted", dash="2 3", width=1.2))
            marks += lines
            marks.append(Rule(x=result.looked))
            return Axes(marks, time, axis, title)

        doses = [dose for dose in result.schedule if dose.over_h]
        running = [Region((dose.at_h, dose.end_h), fits=False) for dose in doses] if len(doses) <= _SCARCE else []
        time = Axis("Time", "time", limits=(0, _window(result.schedule)))
        share = 1.15 * max(float(block.high.max()), 0.02)

        def one(values: Array, series: int = 0, label: str = "", dash: str | None = None) -> list[Any]:
            line = Line(course.times_h, values, series=series, label=label, dash=dash)
            return [line, Points([result.looked], [result.at(values)], series=series)]

        pain = []
        for at, model in enumerate(course.pain):
            shown = -model.middle / 10 if model.unit == "cm" else model.middle
            pain += one(shown, series=at + 1, label=f"relief: {model.label}")
        high = next(model for model in course.perception if model.model == "emax_high")
        return draw(
            [
                plot("1  In plasma", Axis("Ketamine (ng/mL)", zero=True), one(course.plasma), lambda past: past.plasma),
                plot(
                    "2  Free around the cells", Axis("Ketamine (µM)", zero=True), one(course.free.middle),
                    lambda past: past.free.middle, course.free,
                ),
                plot(
                    f"3  In the pore of {result.receptor}",
                    Axis("Blocked (%)", limits=(0, min(share, 1)), percent=True),
                    one(block.middle), lambda past: past.block[was].middle, block,
                ),
                plot(
                    "4  In the dorsal horn", Axis("Spikes, last response", limits=(0, 17)),
                    one(course.wind_up[result.receptor]), lambda past: past.wind_up[was],
                ),
                plot("5  Pain in an experiment", Axis("Relief (%)", percent=True, zero=True), pain, None),
                plot(
                    "6  Perception", Axis("Drug high (%)", percent=True, limits=(0, 1)), one(high.middle, 4), None,
                ),
            ],
            title=f"{result.said[:1].upper()}{result.said[1:]}",
            subtitle=f"{course.label}; {WEIGHT:g} kg; cursor at {duration(result.looked)}",
            description=words,
            note=(
                "Relief: per cent of a 10 cm scale (Olofsen 2012) or of the largest effect (Simons 2022); below 0 "
                "means more pain. Links 5 and 6 start from plasma, not from link 4."
            ),
            height=104,
        )  # fmt: skip

    def data(self, result: Way) -> pd.DataFrame:
        course = result.found.courses[0]
        block = course.block[result.receptor]
        columns = {
            "time_h": course.times_h,
            "plasma_ng_per_mL": course.plasma,
            "free_low_uM": course.free.low,
            "free_uM": course.free.middle,
            "free_high_uM": course.free.high,
            "blocked_low_share": block.low,
            "blocked_share": block.middle,
            "blocked_high_share": block.high,
            "last_response_spikes": course.wind_up[result.receptor],
        }
        for one in course.pain:
            columns[f"pain_{one.model}_{one.unit or 'share'}"] = one.middle
        return pd.DataFrame(columns)


# --- which guess matters most ----------------------------------------------------------------------------------------

BLOCK, SPIKES = "receptors blocked", "last response of a train"
_TRIED = tuple(one.name for one in _infusions())


@dataclass(frozen=True, slots=True)
class Guess:
    """One assumption through its range, the others in their middle.

    Attributes:
        name: of the assumption, with its range.
        low, high: the end that results, 0 to 1.
    """

    name: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the ends are."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Guesses:
    """Every assumption through its range, at the highest effect-site concentration of a schedule.

    Attributes:
        schedule, receptor, read: as chosen.
        middle: the end with every assumption in its middle, 0 to 1.
        guesses: one at a time, the widest first.
        together: all of them at once, at their worst and best.
        unit: what the shares are of.
    """

    schedule: str
    receptor: str
    read: str
    middle: float
    guesses: tuple[Guess, ...]
    together: Guess


@cache
def _peaks(name: str) -> Array:
    """The highest concentration at the effect site by each kinetic model, ng/mL."""
    schedule = PRESETS[name].schedule
    end = max(dose.end_h for dose in schedule)
    found: Kinetics = concentrations(schedule, np.linspace(0, end + 2, 1201), WEIGHT, ADULTS)
    return np.array([float(one.effect_site.max()) for one in found.models])


class Tornado(Panel):
    """Which assumption moves the end most, one at a time and all at once.

    >>> Tornado().seen()[:57]
    'GluN2B blocked: 7 % with every assumption in its middle. '
    """

    name = "tornado"
    title = "Which guess matters most?"
    notice = (
        "Each bar moves one assumption through its range and leaves the others alone. The longest stand on top. The "
        "last bar moves all of them at once."
    )
    find = "the two assumptions that matter most, and how far all of them together move the answer."
    limits = (
        "Ranges are of different kinds: models and receptors are what was published; the unbound share goes from the "
        "lowest to the highest report; those of K, magnesium and voltage are yours to set, since nobody has measured "
        "them at a patient's synapse. A bar says how much a guess moves the model, not how likely its ends are. For "
        "spikes, the map of wind-up adds an error of up to 2 spikes that no bar shows."
    )
    parameters = (
        "unbound.csf_to_plasma", "unbound.label", "unbound.csf_study", "unbound.textbook",
        "ketamine.half_block.human_GluN2A", "ketamine.half_block.GluN2A", "ketamine.half_block.GluN2B",
        "ketamine.half_block.GluN2C", "ketamine.half_block.GluN2D", "ketamine.electrical_distance",
        "magnesium.half_block", "magnesium.slope", "windup.surrogate.threshold_everywhere",
        "windup.surrogate.threshold_wdr",
    )  # fmt: skip
    dosing = True
    controls: ClassVar[Sequence[Spec]] = (
        Choice(
            key="schedule", label="At the height of", value="depression infusion", options=_TRIED,
            about="A published infusion, for 70 kg",
        ),
        Choice(key="read", label="What is read", value=BLOCK, options=(BLOCK, SPIKES), about="The end of the chain"),
        _receptor(),
        Number(
            key="factor", label="K wrong by a factor of, up to", value=2, low=1, high=5, step=0.5,
            about="Half block of the receptor, divided and multiplied by this; 1: exactly known",
        ),
        Number(
            key="volts", label="Voltage, give or take", unit="mV", value=15, low=0, high=40, step=1,
            about="Around −66 mV; synaptic input depolarises, inhibition hyperpolarises",
        ),
        Number(
            key="millimolar", label="Magnesium, give or take", unit="mM", value=0.3, low=0, high=1, step=0.1,
            about="Around 1 mM outside the cells",
        ),
    )  # fmt: skip
    presets = (
        Preset("as in a dish: K exactly known, −66 mV", {"factor": 1, "volts": 0, "millimolar": 0}),
        Preset("a synapse that depolarises much", {"volts": 40}),
    )

    def compute(self, now: Setting) -> Guesses:
        chosen = parameters_of()
        volt, mg = chosen.value("recording.rat"), chosen.value("recording.magnesium")
        voltages = np.array([volt, volt - now.volts, volt + now.volts])
        magnesium = np.array([mg, max(mg - now.millimolar, 0), mg + now.millimolar])
        half = {
            name: half_block(receptor=name, voltage=voltages[:, None], magnesium=magnesium, parameters=chosen)
            for name in RECEPTORS
        }
        peaks = _peaks(now.schedule)
        typical = float(np.median(peaks))
        free = free_from_total(typical, parameters=chosen)
        mine = half[now.receptor]
        middle = float(mine[0, 0])
        shares = np.array([free.low, free.middle, free.high])
        tried: dict[str, tuple[Any, Any]] = {
            f"kinetic model, {len(peaks)} of them": (free.middle * peaks / typical, middle),
            f"unbound share, {_between(*self._unbound(free))}": (shares, middle),
            f"receptor, {len(RECEPTORS)} of them": (free.middle, np.array([float(one[0, 0]) for one in half.values()])),
            f"K, ÷{now.factor:g} to ×{now.factor:g}": (free.middle, middle * np.array([1 / now.factor, now.factor])),
            f"voltage, {minus(f'{voltages[1]:g}')} to {minus(f'{voltages[2]:g}')} mV": (free.middle, mine[:, 0]),
            f"magnesium, {magnesium[1]:g} to {magnesium[2]:g} mM": (free.middle, mine[0]),
        }
        ends = {name: np.atleast_1d(occupancy(c, k)) for name, (c, k) in tried.items()}
        every = np.concatenate([one.ravel() for one in half.values()])
        extreme = occupancy(
            np.array([free.low * peaks.min(), free.high * peaks.max()]) / typical,
            np.array([every.max() * now.factor, every.min() / now.factor]),
        )
        start = float(occupancy(free.middle, middle))
        if now.read == SPIKES:
            whole = float(wind_up(1.0)[..., -1])

            def last(block: Array, site: str = "everywhere") -> Array:
                return np.asarray(wind_up(1 - block, site=site)[..., -1]) / whole

            ends = {name: last(block) for name, block in ends.items()}
            here = np.array([start])
            ends["where the drug acts: everywhere, or the output cell"] = np.concatenate(
                [last(here), last(here, "wdr")]
            )
            far = np.concatenate([last(extreme), last(extreme, "wdr")])
            start = float(last(here)[0])
        else:
            far = extreme
        guesses = [
            Guess(name, float(min(end.min(), start)), float(max(end.max(), start))) for name, end in ends.items()
        ]
        return Guesses(
            now.schedule, now.receptor, now.read, start,
            tuple(sorted(guesses, key=lambda one: -one.width)),
            Guess("all at once", float(min(far.min(), start)), float(max(far.max(), start))),
        )  # fmt: skip

    @staticmethod
    def _unbound(free: Free) -> tuple[float, float]:
        label = parameters_of().value("unbound.label")
        return SHARE.one(label * free.low / free.middle), SHARE.one(label * free.high / free.middle)

    def words(self, result: Guesses) -> str:
        first, second = result.guesses[:2]
        what = f"{result.receptor} blocked" if result.read == BLOCK else "Last response, of the undisturbed one"
        end = f"All at once: anything from {_percents(result.together.low, result.together.high)}."
        if not first.width:
            return f"{what}: {percent(result.middle)}. No assumption moves it here."
        return (
            f"{what}: {percent(result.middle)} with every assumption in its middle. The widest: "
            f"{self._short(first)} ({_percents(first.low, first.high)}), then {self._short(second)} "
            f"({_percents(second.low, second.high)}). {end}"
        )

    @staticmethod
    def _short(guess: Guess) -> str:
        return guess.name.partition(",")[0].partition(":")[0]

    def draw(self, result: Guesses, before: Guesses | None, words: str) -> Picture:
        rows = [*result.guesses, result.together]
        names = tuple(one.name for one in rows)
        marks: list[Any] = []
        if before and before.read == result.read and before != result:
            old = {self._short(one): one for one in [*before.guesses, before.together]}
            kept = [(at, old[self._short(one)]) for at, one in enumerate(rows) if self._short(one) in old]
            marks.append(
                ErrorBars(
                    [at + 0.34 for at, _ in kept], [one.low for _, one in kept], [one.high for _, one in kept],
                    flat=True, ink="muted", label="before", cap=3, width=1.2,
                )
            )  # fmt: skip
        for at, one in enumerate(rows):
            series = 1 if one is result.together else 0
            marks.append(Line([one.low, one.high], [at, at], series=series, dash="none", width=11))
        marks.append(Rule(x=result.middle))
        reached = max(one.high for one in rows)
        label = f"{result.receptor} blocked (%)" if result.read == BLOCK else "Last response, % of the undisturbed"
        return draw(
            Axes(
                marks,
                Axis(label, limits=(0, min(1.0, max(1.08 * reached, 0.02))), percent=True),
                Axis("", "names", names=names, beside=tuple(_percents(one.low, one.high) for one in rows)),
            ),
            title=f"At the height of: {result.schedule}",
            subtitle=f"One assumption at a time; dashed: all in their middle; {WEIGHT:g} kg, effect site",
            description=words,
            width=700,
        )

    def data(self, result: Guesses) -> pd.DataFrame:
        rows = [*result.guesses, result.together]
        return pd.DataFrame(
            {
                "assumption": [one.name for one in rows],
                "low_share": [one.low for one in rows],
                "high_share": [one.high for one in rows],
                "middle_share": result.middle,
            }
        )


# --- other targets, and a metabolite ---------------------------------------------------------------------------------

MOST, NAMED = "the twelve most occupied", "opioid, monoamine, GABA, sodium"
_NAMED = (Family.OPIOID, Family.MONOAMINE, Family.GABA, Family.SODIUM)
_RACEMIC, _S = "racemic", "S-ketamine"


@dataclass(frozen=True, slots=True)
class Bound:
    """What one concentration in plasma binds to.

    Attributes:
        total: in plasma, ng/mL; `free` in µM; `metabolite`: free norketamine, µM, 0 where it is not counted.
        alone, together: share of NMDA pores held without and with norketamine.
        pain: change of pain, cm: ketamine alone, and with norketamine.
        found: targets, the most occupied first.
    """

    total: float
    free: float
    metabolite: float
    alone: float
    together: float
    pain: tuple[float, float]
    found: tuple[Occupied, ...]


class Targets(Panel):
    """Everything that the same free concentration touches, with norketamine or without.

    >>> Targets().seen()[:31]
    '160 ng/mL, 56 % free: 0.38 µM. '
    """

    name = "targets"
    title = "The same drug at other targets, and its metabolite"
    notice = (
        "Free ketamine meets every target at one concentration. Switch norketamine off and on: it adds a little to "
        "what is bound, and in one model takes much away from the relief."
    )
    find = "the concentration in plasma at which a tenth of the µ-opioid receptors is bound."
    limits = (
        "Binding is not effect. Constants come from other cells, species and temperatures; NMDA binding here is to rat "
        "brain membranes without magnesium, so that it stands far above block at rest. Norketamine is taken to be "
        "unbound to the same share as ketamine, which is assumed, and pain to be at steady state. Hydroxynorketamine "
        "is not in these pictures: at NMDA receptors it is weak, and what it does in people with pain is not known."
    )
    parameters = (
        "enantiomer.S_ketamine", "enantiomer.R_ketamine", "enantiomer.S_norketamine", "enantiomer.R_norketamine",
        "unbound.label", "response.linear.ketamine", "response.linear.norketamine", "targets.opioid_mu.binding",
        "targets.opioid_mu.secondary", "targets.nicotinic_a3b4.current", "targets.norketamine_nicotinic_a3b4.current",
    )  # fmt: skip
    sources = (
        ("Zanos P, et al. Pharmacol Rev 2018;70:621-60, a review of ketamine and its metabolites",
         "https://pubmed.ncbi.nlm.nih.gov/29945898/"),
    )  # fmt: skip
    controls: ClassVar[Sequence[Spec]] = (
        Number(
            key="total", label="Ketamine in plasma, all of it", unit="ng/mL", value=160, low=0, high=2400, step=10,
            about="Bound and free together, as a laboratory reports it",
        ),
        Number(
            key="unbound", label="Unbound", unit="%", value=56, low=30, high=100, step=1,
            about="Reported: 40 (fluid of the brain over plasma) to 88; label of esketamine: 56",
        ),
        Choice(key="form", label="Form", value=_RACEMIC, options=(_RACEMIC, _S), about="Half S and half R, or S alone"),
        Switch(key="counted", label="Count norketamine", value=True, about="The first metabolite"),
        Number(
            key="ratio", label="Norketamine for each ketamine", value=0.5, low=0, high=3, step=0.1,
            about="In plasma, by mass; it is low in the first minutes and rises while ketamine falls",
        ),
        Choice(key="shown", label="Targets", value=MOST, options=(MOST, NAMED), about="Which targets are listed"),
    )  # fmt: skip
    presets = tuple(
        Preset(
            name, {"total": value, "ratio": ratio}, f"Zanos 2018: {what}", "https://pubmed.ncbi.nlm.nih.gov/29945898/"
        )
        for name, value, ratio, what in (
            ("relief of pain, lower end", 70, 0.5, "analgesia from 70 ng/mL; the ratio is an illustration"),
            ("after an antidepressant dose", 190, 0.5, "185 ng/mL, rounded; the ratio is an illustration"),
            ("anaesthesia, upper end", 2400, 0.5, "up to 2,400 ng/mL; the ratio is an illustration"),
        )
    )

    def compute(self, now: Setting) -> Bound:
        chosen = parameters_of({"unbound.label": now.unbound / 100})
        free = float(free_from_total(now.total, parameters=chosen).middle)
        norketamine = now.total * now.ratio if now.counted else 0.0
        mass = chosen.value("pharmacokinetics.molar_mass.norketamine")
        metabolite = float(micromolar(norketamine * now.unbound / 100, mass))
        s = 1.0 if now.form == _S else 0.5
        alone = mixture_occupancy(S_ketamine=s * free, R_ketamine=(1 - s) * free)
        together = mixture_occupancy(
            S_ketamine=s * free, R_ketamine=(1 - s) * free,
            S_norketamine=s * metabolite, R_norketamine=(1 - s) * metabolite,
        )  # fmt: skip
        still = np.array([0.0, 1.0])
        pain = acute_pain(
            still, np.full(2, now.total), np.full(2, norketamine), half_life=0, parameters=chosen
        )  # fmt: skip
        counted, by_itself = (float(one.middle[-1]) for one in pain[:2])
        found = list(rank(free, parameters=chosen))
        if now.counted:
            found += rank(metabolite, substance="norketamine", parameters=chosen)
        found.sort(key=lambda one: -float(one.middle))
        if now.shown == NAMED:
            found = [one for one in found if one.site.family in _NAMED]
        return Bound(
            now.total, free, metabolite, float(alone), float(together), (by_itself, counted), tuple(found[:12])
        )

    def words(self, result: Bound) -> str:
        opioid = next(one for one in rank(result.free) if one.site.name == "opioid_mu")
        nmda = f"NMDA pores (rat membranes, no magnesium): {percent(result.alone)} bound"
        pain = f"Pain {_on_scale(result.pain[0])}"
        if result.metabolite:
            nmda += f", {percent(result.together)} with norketamine"
            if _on_scale(result.pain[1]) != _on_scale(result.pain[0]):
                pain += f", or {_on_scale(result.pain[1])} if norketamine counts against it: studies disagree"
        share = (
            round(100 * parameters_of().value("ketamine.molar_mass") * result.free / result.total)
            if result.total
            else 0
        )
        free = f", {share} % free:" if result.total else ":"
        return (
            f"{result.total:g} ng/mL{free} {digits(result.free, 2)} µM. {nmda}. {pain}. µ-opioid receptors: "
            f"{_percents(float(opioid.low), float(opioid.high))} bound."
        )

    def draw(self, result: Bound, before: Bound | None, words: str) -> Picture:
        both = bool(result.metabolite)
        names = ("ketamine alone", "with norketamine") if both else ("ketamine alone",)
        held = [result.alone, result.together][: len(names)]
        pain = list(result.pain)[: len(names)]
        old_held: list[Any] = []
        old_pain: list[Any] = []
        if before and before != result:
            look: dict[str, Any] = {"ink": "muted", "hollow": True, "sizes": 5, "shape": "diamond", "label": "before"}
            count = len(names) if before.metabolite else 1
            old_held.append(Points([before.alone, before.together][:count], list(range(count)), **look))
            old_pain.append(Points(list(before.pain)[:count], list(range(count)), **look))
        places = list(range(len(result.found)))
        mine = [one.site.substance != "ketamine" for one in result.found]
        targets: list[Any] = [Rule(x=0.1, name="10 %")]
        for at, label in enumerate(("ketamine", "norketamine")):
            for seen in (True, False):
                here = [place for place in places if (mine[place], _seen(result.found[place])) == (bool(at), seen)]
                if not here:
                    continue
                rows = [result.found[place] for place in here]
                name = label if seen else f"{label}, number not seen in its paper"
                targets.append(
                    ErrorBars(here, [one.low for one in rows], [one.high for one in rows], flat=True, series=at, cap=3)
                )
                targets.append(Points([one.middle for one in rows], here, series=at, label=name, hollow=not seen))
        lowest = 1e-4
        return draw(
            [
                Axes(
                    [Bars(list(range(len(names))), held, flat=True, thick=12), *old_held],
                    Axis("NMDA pores bound (%), rat membranes, no magnesium", limits=(0, 1), percent=True),
                    Axis("", "names", names=names, beside=tuple(percent(one) for one in held)),
                ),
                Axes(
                    [Bars(list(range(len(names))), pain, flat=True, thick=12, series=2), *old_pain],
                    Axis("Pain, change on a scale of 10 cm (Olofsen 2012)", limits=(-10, 10)),
                    Axis("", "names", names=names, beside=tuple(_on_scale(one) for one in pain)),
                ),
                Axes(
                    targets,
                    Axis("Bound or affected (%)", "log", limits=(lowest, 1), percent=True),
                    Axis(
                        "", "names", names=tuple(one.site.label for one in result.found),
                        beside=tuple(_percents(float(one.low), float(one.high)) for one in result.found),
                    ),
                ),
            ],
            title=f"{result.total:g} ng/mL in plasma, {digits(result.free, 2)} µM free",
            subtitle="Dots: geometric mean of the constants reported; bars: weakest to strongest",
            description=words,
            note="Pain: a line fitted to S-ketamine, drawn here for any form, which says too much for the racemate.",
            columns=1,
        )  # fmt: skip

    def data(self, result: Bound) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "target": [one.site.label for one in result.found],
                "substance": [one.site.substance for one in result.found],
                "low_share": [float(one.low) for one in result.found],
                "middle_share": [float(one.middle) for one in result.found],
                "high_share": [float(one.high) for one in result.found],
                "standing": [str(one.status) for one in result.found],
            }
        )


def _seen(found: Occupied) -> bool:
    """Its numbers were read where they were published, or computed from such."""
    return str(found.status) in {"seen", "computed"}


# --- relief on its own clock -----------------------------------------------------------------------------------------

_SLOW = "CRPS, 100 h"
_AS_PUBLISHED = (10.9, 10.5)  # days, ng/mL; where the sliders stand at the start
_END = 90.0  # days


@dataclass(frozen=True, slots=True)
class Outlasting:
    """Drug and relief over weeks.

    Attributes:
        schedule: name of the infusion.
        days: times, d.
        plasma: ng/mL; `blocked`: share of GluN2B at rest.
        readings: both readings of the published numbers.
        gone: d from the end of the infusion until plasma is below 1 % of its highest.
        half: d until relief is below half of its own highest, in each reading; None: later than shown.
        looked: place of the cursor, d.
        stopped: end of the infusion, d.
    """

    schedule: str
    days: Array
    plasma: Array
    blocked: Array
    readings: tuple[SlowRelief, ...]
    gone: float
    half: Mapping[str, float | None]
    looked: float
    stopped: float

    def at(self, values: Array) -> float:
        """What a course holds at the cursor."""
        return float(np.interp(self.looked, self.days, values))


@cache
def _course(schedule: str, model: str) -> tuple[Array, Array, Array]:
    """Hours, plasma (ng/mL) and share of GluN2B blocked at rest."""
    doses = PRESETS[schedule].schedule
    end = max(dose.end_h for dose in doses)
    edges = [edge for dose in doses for edge in (dose.at_h, dose.end_h)]
    near = np.concatenate([edge + np.geomspace(0.01, 20, 24) for edge in edges])
    hours = np.unique(np.concatenate([edges, near, np.linspace(0, end + 48, 240), np.linspace(end, _END * _DAY, 200)]))
    one = concentrations(doses, hours, WEIGHT, [_KEYS[model]]).models[0]
    chosen = parameters_of()
    half = half_block(
        receptor="GluN2B", voltage=chosen.value("recording.rat"), magnesium=chosen.value("recording.magnesium")
    )
    return hours, one.ketamine, np.asarray(occupancy(free_from_total(one.effect_site).middle, float(half)))


@lru_cache(maxsize=32)
def _relief(schedule: str, model: str, half_life: float, c50: float, draws: int) -> tuple[SlowRelief, ...]:
    hours, plasma, _ = _course(schedule, model)
    given = {"response.crps.half_life": f"{half_life} day", "response.crps.c50": f"{c50} ng/mL"}
    return slow_relief(hours, plasma, draws=draws, parameters=None if draws else given)


def _below(days: Array, values: Array, level: float) -> float | None:
    """When a course is last at a level, d; None where it is above it at the end, or never was."""
    above = np.flatnonzero(values > level)
    if not above.size or above[-1] == values.size - 1:
        return None
    at = int(above[-1])
    return float(np.interp(-level, [-values[at], -values[at + 1]], days[at : at + 2]))


@cache
def _trial() -> Trial:
    return crps_trial()


class Outlasts(Panel):
    """Relief on a clock of days, against drug in plasma on a clock of hours.

    >>> Outlasts(day=30).seen()[:53]
    'Day 30: plasma 0 % of its highest, GluN2B blocked 0 %'
    """

    name = "outlasts"
    title = "Relief outlasts the drug"
    notice = (
        "Plasma and block are gone within days of the stop; the curve of relief comes down over weeks. Make the slow "
        "half-life short, and relief leaves with the drug."
    )
    find = "how long after the stop plasma falls below 1 % of its highest, and on which day relief is down to half."
    limits = (
        "C50 and half-life were fitted to 60 people with CRPS, S-ketamine against placebo (Dahan 2011); no equation "
        "was read, so that two readings are drawn, and the second does not give the published course. That a slow step "
        "exists is what the fit says; what the step is, it does not say. Pain of the placebo group is not in these "
        "curves; the trial found no significant difference in week 12 (p = 0.07). 76 % of the ketamine group "
        "had psychomimetic effects, 18 % of the other, so that many may have guessed their group."
    )
    parameters = (
        "response.crps.c50", "response.crps.half_life", "response.crps.outlasts", "response.crps_trial.pain_ketamine",
        "response.crps_trial.pain_placebo", "response.crps_trial.p_week_12", "response.crps_trial.psychomimetic",
    )  # fmt: skip
    dosing = True
    controls: ClassVar[Sequence[Spec]] = (
        Number(
            key="day", label="Day since the infusion began", unit="d", value=14, low=0, high=90, step=1, plays=True,
            about="Where every curve is read; Play walks through the days",
        ),
        Choice(
            key="schedule", label="Infusion", value=_SLOW,
            options=(_SLOW, "CRPS, 4.2 days", "CRPS, 4 h x 10 days", "depression infusion"),
            about="A published schedule; the fit was made with 100 h of S-ketamine",
        ),
        Number(
            key="half_life", label="Half-life of the slow step", unit="d", value=_AS_PUBLISHED[0], low=0.01, high=30,
            log=True, about="Published: 10.9 ± 4.0 days. 0.01 d is a quarter of an hour: no slow step",
        ),
        Number(
            key="c50", label="C50 of relief", unit="ng/mL", value=_AS_PUBLISHED[1], low=1, high=300, log=True,
            about="Published: 10.5 ± 4.8 ng/mL; C50 of acute pain is some 30 times higher",
        ),
        _model(),
    )  # fmt: skip
    presets = (
        Preset("no slow step", {"half_life": 0.01}),
        Preset("no slow step, and the C50 of acute pain", {"half_life": 0.01, "c50": 300}),
    )

    def compute(self, now: Setting) -> Outlasting:
        hours, plasma, blocked = _course(now.schedule, now.model)
        stopped = max(dose.end_h for dose in PRESETS[now.schedule].schedule) / _DAY
        published = (now.half_life, now.c50) == _AS_PUBLISHED
        readings = _relief(now.schedule, now.model, now.half_life, now.c50, 100 if published else 0)
        days = hours / _DAY
        left = _below(days, plasma, 0.01 * float(plasma.max()))
        half = {one.model: _below(days, one.median, float(one.median.max()) / 2) for one in readings}
        gone = (left if left is not None else _END) - stopped
        return Outlasting(now.schedule, days, plasma, blocked, readings, gone, half, float(now.day), stopped)

    def words(self, result: Outlasting) -> str:
        first, second = result.readings
        half = result.half[first.model]
        when = f"on day {digits(half, 2)}" if half is not None else f"after day {_END:g}"
        share = result.at(result.plasma) / float(result.plasma.max())
        return (
            f"Day {result.looked:g}: plasma {100 * share:.0f} % of its highest, GluN2B blocked "
            f"{100 * result.at(result.blocked):.0f} %, relief {100 * result.at(first.median):.0f} % of the largest "
            f"({100 * result.at(second.median):.0f} % in the other reading). Plasma is below 1 % "
            f"{duration(result.gone * _DAY)} after the stop; relief comes to half of its height {when}."
        )

    def draw(self, result: Outlasting, before: Outlasting | None, words: str) -> Picture:
        first, second = result.readings
        trial = _trial()
        soon = result.days <= result.stopped + 3.5
        peak = float(result.plasma.max())

        def curves(kept: Array, *, banded: bool) -> list[Any]:
            x = result.days[kept]
            marks: list[Any] = []
            if banded and np.any(first.high > first.low):
                label = "5 to 95 % of what the estimates leave open"
                marks.append(Band(x, first.low[kept], first.high[kept], series=2, label=label))
            if before and not np.array_equal(before.readings[0].median, first.median):
                old = before.days <= x[-1]
                label = "relief before"
                marks.append(
                    Line(
                        before.days[old],
                        before.readings[0].median[old],
                        ink="muted",
                        dash="2 3",
                        width=1.2,
                        label=label,
                    )
                )
            marks += [
                Line(x, result.plasma[kept] / peak, series=0, label="plasma, % of its highest"),
                Line(x, result.blocked[kept], series=1, label="GluN2B blocked at rest, %"),
                Line(x, first.median[kept], series=2, label="relief, % of the largest"),
                Line(x, second.median[kept], series=3, label="relief, the other reading"),
            ]
            return marks

        share = Axis("Per cent", limits=(0, 1.02), percent=True)
        cursor = Rule(x=result.looked, name=f"day {result.looked:g}")
        every = np.ones(result.days.size, bool)
        point = Points([result.looked], [result.at(first.median)], series=2)
        weeks = [
            Rule(x=7, name=f"week 1: {minus(f'{trial.difference:.1f}')} points"),
            Rule(x=84, name=f"week 12: p = {trial.p_week_12:g}"),
        ]
        near = [Region((0, result.stopped), name="infusion", fits=False), *curves(soon, banded=False)]
        return draw(
            [
                Axes(near, Axis("Days, the first few", limits=(0, result.stopped + 3.5)), share, height=120),
                Axes(
                    [*curves(every, banded=True), point, *weeks, cursor],
                    Axis("Days since the infusion began", limits=(0, _END)), share, height=170,
                ),
            ],
            title="Drug in hours, relief in weeks",
            subtitle=f"{result.schedule}; {WEIGHT:g} kg; half-life and C50 as set",
            description=words,
            note=(
                "Dashed uprights: what the trial measured (Sigtermans 2009), pain with ketamine less pain with "
                "placebo, on a scale of 0 to 10; they are not on the axis of the curves."
            ),
            columns=1,
        )  # fmt: skip

    def data(self, result: Outlasting) -> pd.DataFrame:
        columns: dict[str, Any] = {
            "day": result.days, "plasma_ng_per_mL": result.plasma, "GluN2B_blocked_share": result.blocked,
        }  # fmt: skip
        for one in result.readings:
            columns[f"relief_{one.model}_share"] = one.median
        return pd.DataFrame(columns)
