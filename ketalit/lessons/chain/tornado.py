"""Which guess along the chain matters most, one at a time and all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...figures import Axis, ErrorBars, Line, Picture, Rule, draw
from ...figures import Panel as Axes
from ...models.edge import SHARE
from ...models.parameters import parameters_of
from ...models.pharmacokinetics import PRESETS, Kinetics, concentrations
from ...models.receptor import half_block
from ...models.receptor.pore import RECEPTORS
from ...models.targets import Free, free_from_total, occupancy
from ...models.windup import wind_up
from ..control import Choice, Number, Spec
from ..drawing import Array, share_axis
from ..infusion.common import ADULTS, WEIGHT
from ..panel import Panel, Preset, Setting
from ..telling import between, minus, percent
from .common import infusions, percents, receptor_choice, two

BLOCK, SPIKES = "receptors blocked", "last response of a train"
_TRIED = tuple(one.name for one in infusions())


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


Ends = tuple[dict[str, Array], Array, float]
"""What results from each assumption through its range, from all of them at once, and from all in their middle."""


def _blocked(now: Setting) -> Ends:
    """The share of receptors that is blocked."""
    chosen = parameters_of()
    volt, mg = chosen.value("recording.rat"), chosen.value("recording.magnesium")
    voltages = np.array([volt, volt - now.volts, volt + now.volts])
    magnesium = np.array([mg, max(mg - now.millimolar, 0), mg + now.millimolar])
    half = {
        name: half_block(receptor=name, voltage=voltages[:, None], magnesium=magnesium, parameters=chosen)
        for name in RECEPTORS
    }
    mine = half[now.receptor]
    middle = float(mine[0, 0])
    peaks = _peaks(now.schedule)
    typical = float(np.median(peaks))
    free = free_from_total(typical, parameters=chosen)
    shares = np.array([free.low, free.middle, free.high])
    tried: dict[str, tuple[Any, Any]] = {
        f"kinetic model, {len(peaks)} of them": (free.middle * peaks / typical, middle),
        f"unbound share, {between(_unbound(free), two)}": (shares, middle),
        f"receptor, {len(RECEPTORS)} of them": (free.middle, np.array([float(one[0, 0]) for one in half.values()])),
        f"K, ÷{now.factor:g} to ×{now.factor:g}": (free.middle, middle * np.array([1 / now.factor, now.factor])),
        f"voltage, {minus(f'{voltages[1]:g}')} to {minus(f'{voltages[2]:g}')} mV": (free.middle, mine[:, 0]),
        f"magnesium, {magnesium[1]:g} to {magnesium[2]:g} mM": (free.middle, mine[0]),
    }
    every = np.concatenate([one.ravel() for one in half.values()])
    extreme = occupancy(
        np.array([free.low * peaks.min(), free.high * peaks.max()]) / typical,
        np.array([every.max() * now.factor, every.min() / now.factor]),
    )
    ends = {name: np.atleast_1d(occupancy(c, k)) for name, (c, k) in tried.items()}
    return ends, np.asarray(extreme), float(occupancy(free.middle, middle))


def _unbound(free: Free) -> tuple[float, float]:
    label = parameters_of().value("unbound.label")
    return SHARE.one(label * free.low / free.middle), SHARE.one(label * free.high / free.middle)


def _last_responses(ends: Mapping[str, Array], extreme: Array, start: float) -> Ends:
    """The last response of a train, of the undisturbed one, at these shares of receptors blocked."""
    whole = float(wind_up(1.0)[..., -1])

    def last(block: Array, site: str = "everywhere") -> Array:
        return np.asarray(wind_up(1 - block, site=site)[..., -1]) / whole

    here = np.array([start])
    found = {name: last(block) for name, block in ends.items()}
    found["where the drug acts: everywhere, or the output cell"] = np.concatenate([last(here), last(here, "wdr")])
    return found, np.concatenate([last(extreme), last(extreme, "wdr")]), float(last(here)[0])


def _guess(name: str, ends: Array, start: float) -> Guess:
    return Guess(name, float(min(ends.min(), start)), float(max(ends.max(), start)))


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
        receptor_choice(),
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
        ends, far, start = _blocked(now)
        if now.read == SPIKES:
            ends, far, start = _last_responses(ends, far, start)
        guesses = (_guess(name, end, start) for name, end in ends.items())
        return Guesses(
            now.schedule, now.receptor, now.read, start,
            tuple(sorted(guesses, key=lambda one: -one.width)), _guess("all at once", far, start),
        )  # fmt: skip

    def words(self, result: Guesses) -> str:
        first, second = result.guesses[:2]
        what = f"{result.receptor} blocked" if result.read == BLOCK else "Last response, of the undisturbed one"
        end = f"All at once: anything from {percents(result.together.low, result.together.high)}."
        if not first.width:
            return f"{what}: {percent(result.middle)}. No assumption moves it here."
        return (
            f"{what}: {percent(result.middle)} with every assumption in its middle. The widest: "
            f"{self._short(first)} ({percents(first.low, first.high)}), then {self._short(second)} "
            f"({percents(second.low, second.high)}). {end}"
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
                share_axis(label, min(1.0, max(1.08 * reached, 0.02))),
                Axis("", "names", names=names, beside=tuple(percents(one.low, one.high) for one in rows)),
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
