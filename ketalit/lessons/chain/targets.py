"""What else the same free concentration binds to, with its first metabolite or without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...figures import Axis, Bars, ErrorBars, Picture, Points, Rule, draw
from ...figures import Panel as Axes
from ...figures.mechanism.reading import digits
from ...models.parameters import parameters_of
from ...models.quantity import micromolar
from ...models.receptor import mixture_occupancy
from ...models.response import acute_pain
from ...models.targets import Family, Occupied, free_from_total, rank
from ..control import Choice, Number, Spec, Switch
from ..drawing import share_axis
from ..panel import Panel, Preset, Setting
from ..telling import percent
from .common import on_scale, percents

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
        "Free ketamine meets every target at one concentration. Switch norketamine off and on, and compare what "
        "changes among the bars with what changes in pain."
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
        pain = f"Pain {on_scale(result.pain[0])}"
        if result.metabolite:
            nmda += f", {percent(result.together)} with norketamine"
            if on_scale(result.pain[1]) != on_scale(result.pain[0]):
                pain += f", or {on_scale(result.pain[1])} if norketamine counts against it: studies disagree"
        share = (
            round(100 * parameters_of().value("ketamine.molar_mass") * result.free / result.total)
            if result.total
            else 0
        )
        free = f", {share} % free:" if result.total else ":"
        return (
            f"{result.total:g} ng/mL{free} {digits(result.free, 2)} µM. {nmda}. {pain}. µ-opioid receptors: "
            f"{percents(float(opioid.low), float(opioid.high))} bound."
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
                    share_axis("NMDA pores bound (%), rat membranes, no magnesium"),
                    Axis("", "names", names=names, beside=tuple(percent(one) for one in held)),
                ),
                Axes(
                    [Bars(list(range(len(names))), pain, flat=True, thick=12, series=2), *old_pain],
                    Axis("Pain, change on a scale of 10 cm (Olofsen 2012)", limits=(-10, 10)),
                    Axis("", "names", names=names, beside=tuple(on_scale(one) for one in pain)),
                ),
                Axes(
                    targets,
                    Axis("Bound or affected (%)", "log", limits=(lowest, 1), percent=True),
                    Axis(
                        "", "names", names=tuple(one.site.label for one in result.found),
                        beside=tuple(percents(float(one.low), float(one.high)) for one in result.found),
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
