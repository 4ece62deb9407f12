"""All pictures of the models with ordinary settings, for a page of them.

>>> "occupancy" in gallery()
True
"""

from __future__ import annotations

import numpy as np

from ...models.edge import one_of
from ..page import page
from ..picture import Picture
from . import acute, body, receptor, targets, windup

_TITLE = "How ketamine acts, in pictures"
_INTRODUCTION = (
    "Drawn from published models, with the numbers that ketalit parameters lists. They describe; they advise nothing."
)


def gallery() -> dict[str, Picture]:
    """Every picture of the models, by name. The settings are examples, not recommendations.

    >>> from ketalit.figures.mechanism import gallery
    >>> gallery()["wind-up"].title
    'Wind-up, with and without block of NMDA receptors'
    """
    return _receptor() | _dorsal_horn() | _body()


def picture(name: str) -> Picture:
    """The picture called `name`.

    Raises:
        InputError: none is called so.

    >>> picture("acute-pain").title
    'Relief within minutes, and how it lags behind plasma'
    """
    pictures = gallery()
    return pictures[one_of(name, pictures, "picture")]


def gallery_page() -> str:
    """The pictures as one HTML page."""
    return page(gallery().values(), title=_TITLE, introduction=_INTRODUCTION)


def _receptor() -> dict[str, Picture]:
    from ...models import receptor as models
    from ...models.parameters import parameters_of
    from ...models.targets import free_from_total

    doses = np.geomspace(0.01, 100, 121)
    left = {}
    for name in ("GluN2A", "GluN2C"):
        for magnesium, words in ((0, "no magnesium"), (1, "1 mM magnesium")):
            left[f"{name}, {words}"] = models.dose_response(doses, receptor=name, voltage=-66, magnesium=magnesium)
    plasma = parameters_of(None).array("clinical.analgesia")
    least, most = (free_from_total(f"{value} ng/mL") for value in plasma)
    voltage = np.linspace(-100, 60, 161)
    current = {
        "no magnesium": models.current_voltage(voltage, magnesium=0),
        "1 mM magnesium": models.current_voltage(voltage, magnesium=1),
        "1 mM magnesium, 5 µM ketamine": models.current_voltage(voltage, magnesium=1, concentration=5),
    }
    trains = [
        models.pulse_train(frequency, int(2000 * frequency) + 1, concentration=0.5, voltage=-60, magnesium=1)
        for frequency in (0.1, 1, 10)
    ]
    times = np.linspace(0, 120, 241)
    kept = {}
    for drug, concentration in (("ketamine", 10), ("memantine", 10)):
        after = models.washout(
            times, concentration=concentration, voltage=-70, magnesium=0, glutamate=[0, 1000], drug=drug, leak=True
        )
        kept[f"{drug}, no agonist"], kept[f"{drug}, with agonist"] = after.blocked
    settled = models.scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=5)
    return {
        "dose-response": receptor.dose_response(
            doses, left, reached=(float(least.low), float(most.high)), subtitle="Ketamine at −66 mV"
        ),
        "current-voltage": receptor.current_voltage(
            voltage, current, subtitle="Steady current with saturating glutamate"
        ),
        "use-dependence": receptor.use_dependence(
            trains, subtitle="0.5 µM ketamine, −60 mV, 1 mM magnesium; pulses of 1 mM glutamate for 1 ms"
        ),
        "recovery": receptor.recovery(times, kept, subtitle="10 µM of drug, −70 mV, no magnesium"),
        "states": receptor.states(settled, subtitle="5 µM ketamine, 1 mM glutamate, −60 mV, 1 mM magnesium; settled"),
        "stories": receptor.stories(models.contrasts(concentration=1, voltage=40), subtitle="1 µM of drug"),
    }


def _dorsal_horn() -> dict[str, Picture]:
    from ...models.windup import reference_curve, wind_up

    conditions = {1: "1Hz", 0.95: "nmda_everywhere_0.95", 0.9: "nmda_everywhere_0.9", 0.8: "nmda_everywhere_0.8"}
    spikes = {f"{100 * left:g} % of NMDA left": wind_up(left, frequency=1, stimuli=15) for left in conditions}
    runs = {name: reference_curve(run).spikes.tolist() for name, run in zip(spikes, conditions.values(), strict=True)}
    frequencies, left = (0.1, 0.3, 0.5, 1, 1.5, 2), (1, 0.98, 0.95, 0.92, 0.9, 0.85, 0.8)
    growth = []
    for share in left:
        trains = [np.asarray(wind_up(share, frequency=frequency, stimuli=15)) for frequency in frequencies]
        growth.append([float(train[-1] - train[0]) for train in trains])
    return {
        "wind-up": windup.wind_up(
            spikes, points=runs, subtitle="One stimulus a second; a fast map fitted to a published model"
        ),
        "wind-up-map": windup.wind_up_map(
            frequencies, left, growth, subtitle="15 stimuli; a fast map fitted to a published model"
        ),
    }


def _body() -> dict[str, Picture]:
    from ...models import drip_to_dorsal_horn
    from ...models.pharmacokinetics import CAUTION, PRESETS, band, concentrations
    from ...models.response import NOT_ADVICE, acute_pain, psychotomimetic, slow_relief
    from ...models.targets import rank

    hours = np.linspace(0, 4, 241)
    schedule = PRESETS["depression infusion"].schedule
    found = concentrations(schedule, hours)
    one = found.models[0]
    infusion = PRESETS["fibromyalgia, 30 min"]  # of S-ketamine, for which pain was modelled
    pain = concentrations(infusion.schedule, hours, models=["otto2021"]).models[0]
    weeks = np.linspace(0, 12 * 7 * 24, 400)
    course = concentrations(PRESETS["CRPS, 4.2 days"].schedule, weeks, models=["otto2021"]).models[0]  # of S-ketamine
    return {
        "kinetics": body.kinetics(found),
        "bands": body.bands(band(schedule, hours)),
        "occupancy": targets.occupancy(rank("0.5 µM"), subtitle="0.5 µM, free to bind"),
        "acute-pain": acute.acute_pain(
            acute_pain(hours, pain.ketamine, pain.norketamine),
            pain.ketamine,
            subtitle=", ".join(map(str, infusion.schedule)),
            note=f"Experimental pain of volunteers, 70 kg; plasma by {pain.label} alone.",
        ),
        "perception": acute.response(
            psychotomimetic(hours, one.ketamine),
            title="Perception, by every published model",
            note=f"0.5 mg/kg over 40 min, 70 kg; plasma by {one.label} alone. {NOT_ADVICE}",
        ),
        "slow-relief": body.slow_relief(
            slow_relief(weeks, course.ketamine),
            subtitle="After 4.2 days of S-ketamine",
            note=f"Estimated in people with CRPS; plasma by {course.label} alone. {CAUTION}",
        ),
        "chain": body.chain(drip_to_dorsal_horn("depression infusion", hours), subtitle=", ".join(map(str, schedule))),
    }
