"""Facts about what ketamine does to people (D): within minutes, and over weeks."""

import itertools
from functools import cache

import numpy as np

from ketalit.models.parameters import parameters_of
from ketalit.models.pharmacokinetics import MODELS, Dose, concentrations
from ketalit.models.response import (
    Response,
    SlowRelief,
    acute_pain,
    crps_trial,
    delayed,
    psychotomimetic,
    rebound,
    slow_relief,
)

from .fact import Array, Fact, between, every, near, some

DAY = 24.0
END = 4.2 * DAY  # of the infusion
KINETICS = ("domino1984", "otto2021", "perezruixo2021", "simons2022")
WITH_NORKETAMINE = tuple(model for model in KINETICS if MODELS[model].analytes)


def half_effects() -> list[float]:
    """Plasma at half of the largest effect: pain (most and least sensitive kind), feeling high; and their ratios."""
    plasma = np.geomspace(1, 3000, 601)
    pain = [acute_pain([0, 100], [one, one])[-1] for one in plasma]
    high = [psychotomimetic([0, 100], [one, one])[0].middle[-1] for one in plasma]
    strong, weak, feeling = (
        float(np.interp(0.5, shares, plasma))
        for shares in ([one.high[-1] for one in pain], [one.low[-1] for one in pain], high)
    )
    return [strong, weak, feeling, strong / feeling, weak / feeling]


def effect_site() -> list[float]:
    """The half-life (min); the share there after it; effect site over plasma at rest; worst misfit of dCe/dt."""
    half_life = parameters_of(None)["response.effect_site.half_life"].value
    share = delayed([0, 0, half_life], [0, 1, 1], half_life)[-1]
    rest = concentrations(Dose("1 mg/h", over="1000 h"), [500.0], models=["clements1981"]).models[0]
    rise = concentrations(Dose("1 mg"), np.linspace(0, 0.5, 3001), models=["clements1981"]).models[0]
    slope = np.gradient(rise.effect_site, rise.times_h)[1:-1]
    expected = np.log(2) * 60 / half_life * (rise.ketamine - rise.effect_site)[1:-1]
    misfit = np.max(np.abs(slope - expected) / np.maximum(np.abs(expected), 1))
    return [half_life, share, rest.effect_site[0] / rest.ketamine[0], misfit]


def change_of_pain() -> list[float]:
    found = {one.model: one.middle[-1] for one in acute_pain([0, 100], [100, 100], [50, 50])}
    return [found["linear_ketamine_alone"], found["linear_with_norketamine"]]


@cache
def relief_in_crps(model: str) -> tuple[Array, tuple[SlowRelief, ...]]:
    """Relief by one kinetic model over twelve weeks, 22.2 mg/h per 70 kg for 4.2 days as at the end of the trial."""
    dose = Dose("22.2 mg/h per 70 kg", over="4.2 days", form="S")
    hours = np.concatenate([np.linspace(0, END + 48, 3000), np.linspace(END + 48, 84 * DAY, 2000)[1:]])
    plasma = concentrations(dose, hours, models=[model]).models[0].ketamine
    return hours, slow_relief(hours, plasma)


def relief_after_50_days() -> list[float]:
    """Share of the largest relief 50 days after the infusion: least, most; highest lower bound; how it halves after.

    Last, the declared half-life (days).
    """
    shares, bounds, halving = [], [], []
    for model in KINETICS:
        hours, (compartment, _) = relief_in_crps(model)
        then = np.searchsorted(hours, END + 50 * DAY)
        shares.append(compartment.median[then])
        bounds.append(compartment.low[then])
        late = np.searchsorted(hours, [70 * DAY, (70 + 10.9) * DAY])
        halving.append(compartment.median[late[1]] / compartment.median[late[0]])
    declared = parameters_of(None).value("response.crps.half_life")
    return [100 * min(shares), 100 * max(shares), 100 * max(bounds), min(halving), max(halving), declared]


def other_reading() -> float:
    """The same by the reading in which relief itself is slow: most of any kinetic model, %."""
    found = []
    for model in KINETICS:
        hours, (_, turnover) = relief_in_crps(model)
        found.append(turnover.median[np.searchsorted(hours, END + 50 * DAY)])
    return 100 * float(max(found))


def course_of_the_trial() -> list[float]:
    """Difference in week 1 and its error, p in week 12; relief in week 1 (least), week of most relief (latest).

    Then, scaled to the difference of week 1: week 4 (least), week 12 (most), and whether relief only falls.
    """
    trial = crps_trial()
    weeks = np.array(
        [
            np.interp(np.arange(1, 13) * 7 * DAY, hours, relief[0].median)
            for hours, relief in map(relief_in_crps, KINETICS)
        ]
    )
    scaled = abs(trial.difference) * weeks / weeks[:, :1]
    falls = all(later < earlier for row in weeks for earlier, later in itertools.pairwise(row))
    return [
        trial.pain_ketamine, trial.pain_placebo, trial.difference, trial.standard_error, trial.p_week_12,
        weeks[:, 0].min(), 1 + weeks.argmax(axis=1).max(), scaled[:, 3].min(), scaled[:, 11].max(), falls,
    ]  # fmt: skip


def at_the_threshold() -> list[float]:
    """At 70 ng/mL: share of the high, lowest and highest of ten scales. Then the threshold's answer at 69, 71, 100."""
    high, scales, _ = psychotomimetic([0, 100], [70, 70])
    answers = psychotomimetic([0, 1, 2], [69, 71, 100])[2].middle
    return [100 * high.middle[-1], 100 * scales.low[-1], 100 * scales.high[-1], *answers]


def threshold() -> list[float]:
    value = parameters_of(None).value
    return [value(f"response.psychotomimetic.threshold_{place}") for place in ("plasma", "brain")]


def pain_above_its_start() -> list[float]:
    """Lowest and highest rebound of the kinetic models (cm), its shortest length (h), the same of the other two
    response models, the least relief before it (cm), and whether relief comes first."""
    peaks, lengths, others, relief, first = [], [], [], [], []
    for model in WITH_NORKETAMINE:
        hours = np.linspace(0, 10, 2401)
        course = concentrations(Dose("20 mg/h", over="2 h", form="S"), hours, models=[model]).models[0]
        found: dict[str, Response] = {one.model: one for one in acute_pain(hours, course.ketamine, course.norketamine)}
        counted = found.pop("linear_with_norketamine")
        peak, lasts = rebound(counted)
        peaks.append(peak)
        lengths.append(lasts)
        others += [number for one in found.values() for number in rebound(one)]
        relief.append(counted.middle.min())
        first.append(hours[counted.middle.argmin()] < 2.2 < hours[counted.middle.argmax()])
    return [min(peaks), max(peaks), min(lengths), max(others), len(others), max(relief), all(first)]


# A table: what belongs together shares a line.
# fmt: off
FACTS = (
    Fact(
        "D2", "I", "plasma at half of the largest effect: pain, and feeling high",
        "1.2–1.7 vs 0.3 nmol/mL (285–404 vs 71 ng/mL)", "high more sensitive by 4–6×", ("SIMONS2022PD",),
        ours=half_effects, shown="{:.0f}–{:.0f} vs {:.0f} ng/mL: {:.1f}–{:.1f}×",
        holds=every(some(near(285, 404, 71, rel=0.01), 0, 1, 2), some(between(4 * 0.99, 6 * 1.01), 3, 4)),
        given={"response.emax.c50_antinociception": (1.2, 1.7), "response.emax.c50_high": 0.3},
        remark="comes back out of the response to a constant concentration",
    ),
    Fact(
        "D3", "I", "half-life with which the effect site follows plasma", "0–11.8 min, mean 6.1", "3–12 min",
        ("OLOFSEN2012",), ours=effect_site, shown="{0:.1f} min",
        holds=every(
            some(between(3, 12), 0), some(near(0.5, rel=1e-7), 1), some(near(1, rel=1e-6), 2), some(between(0, 2e-3), 3)
        ),
        given={"response.effect_site.half_life": 6.1, "response.effect_site.half_life_pain": 11.8},
        remark="half is there after it, all of it in the end, and dCe/dt = ke0 (C - Ce) holds on the curve",
    ),
    Fact(
        "D4", "C", "change of pain at 100 ng/mL ketamine and 50 ng/mL norketamine", "-3.8 + 1.5 = -2.3 cm",
        "±0.1 cm (if this model selected)", ("OLOFSEN2012",), ours=change_of_pain,
        shown="{:.1f} cm by ketamine, {:.1f} cm in all", holds=near(-3.8, -2.3, within=0.1),
        given={"response.linear.ketamine": -3.8, "response.linear.norketamine": 1.5},
        remark="the slopes were taken from this very example",
    ),
    Fact(
        "D5", "I", "slow relief in CRPS", "C50 10.5±4.8 ng/mL; t½ 10.9±4.0 d; relief outlasts 100-h infusion ~50 d",
        "t½ 5–20 d", ("DAHAN2011",), ours=relief_after_50_days,
        shown="t½ {5:.1f} d; {0:.0f} to {1:.0f} % of the largest relief after 50 d",
        holds=every(
            some(between(10, 30), 0, 1), some(between(0, 10), 2), some(near(0.5, 0.5, within=0.06), 3, 4),
            some(between(5, 20), 5),
        ),
        given={"response.crps.c50": 10.5, "response.crps.half_life": 10.9},
        remark="C50 and half-life are given. That relief then lasts some 50 d follows, by four kinetic models: by the"
        " lower bound of its band nearly nothing may be left then. No equation was read, and the other reading fails"
        " (D+1)",
    ),
    Fact(
        "D+1", "C", "the same where relief, not the concentration, is slow", "outlasts 100-h infusion ~50 d",
        "10 % of the largest relief or more after 50 d", ("DAHAN2011",), ours=other_reading, shown="{:.1f} %",
        holds=lambda found: bool(found[0] > 10),
        miss="after four days such a response is at 23 % of its largest value, and after 50 days it has gone. The"
        " reading is shown beside the other for that reason, and called by its name.",
    ),
    Fact(
        "D6", "H", "course of the CRPS trial: pain in week 1; the difference in week 12", "2.68 vs 5.45; p=0.07 lost",
        "sign and loss by wk 12", ("SIGTERMANS2009", "DAHAN2011"), ours=course_of_the_trial,
        shown="{0:.2f} vs {1:.2f} (as published); scaled to that, at most {8:.1f} in week 12, against twice the error"
        " {3:.2f}",
        holds=every(
            some(near(2.68, 5.45, within=0), 0, 1),
            lambda found: bool(found[2] < 0 and abs(found[2]) > 2 * found[3] and found[4] > 0.05),
            lambda found: bool(found[5] > 0.7 and found[6] == 1 and found[9]),
            lambda found: bool(found[7] > 2 * found[3] > found[8]),
        ),
        remark="the trial's numbers are given; that most relief falls in week 1, is not lost in week 4 and is lost in"
        " week 12 follows by four kinetic models. The slow model was fitted to the same patients",
    ),
    Fact(
        "D8", "H", "concentration above which psychotomimetic effects were always seen", "plasma >70, brain >500 ng/mL",
        "50–100 plasma", ("HARTVIG1995",), ours=threshold, shown="plasma {:.0f}, brain {:.0f} ng/mL",
        holds=every(some(between(50, 100), 0), some(near(500, within=0), 1)),
        given={"response.psychotomimetic.threshold_plasma": 70.0, "response.psychotomimetic.threshold_brain": 500.0},
    ),
    Fact(
        "D+2", "H", "at this threshold the relations of two other laboratories are well under way",
        "always effects above 70 ng/mL", "a half of feeling high (±2 points); scales between 10 and 40 %",
        ("HARTVIG1995", "SIMONS2022PD", "BOWDLE1998"), ours=at_the_threshold,
        shown="{0:.0f} % of the high; scales {1:.0f} to {2:.0f} %",
        holds=every(
            some(near(50, within=2), 0), some(between(10, 40), 1, 2), lambda found: bool(found[1] < found[2]),
            some(near(0, 1, 1, within=0), 3, 4, 5),
        ),
    ),
    Fact(
        "D9", "H", "heat pain rises above where it began after an infusion", "present", "qualitative", ("SIGT2009A",),
        ours=pain_above_its_start, shown="{0:.1f} to {1:.1f} cm in one model; {3:.0f} in the other two",
        holds=every(
            some(between(0.2, 2), 0, 1), lambda found: bool(found[2] > 1 and found[3] == 0 and found[4] == 12),
            lambda found: bool(found[5] < -1 and found[6]),
        ),
        remark="only the linear model with norketamine can show it, and two studies of the same group found no part of"
        " norketamine in pain",
    ),
)
# fmt: on
