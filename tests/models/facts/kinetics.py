"""What the kinetic models say, asked as the studies asked: the numbers behind `pharmacokinetics.py`."""

from functools import cache
from typing import Any

import numpy as np

from ketalit.models.pharmacokinetics import (
    MODELS,
    Dose,
    Exposure,
    against_meta_analysis,
    area,
    bioavailability,
    clearance,
    concentrations,
    context_sensitive_half_time,
    enantiomer_clearances,
    exposure,
    half_lives,
    regimen,
    steady_state,
    terminal_half_life,
    volume_at_steady_state,
)

from .fact import Array

ADULTS = [key for key, model in MODELS.items() if not model.for_children]
ARTERIAL, VENOUS = ["simons2022"], ["otto2021", "perezruixo2021"]
S_KETAMINE = [*ARTERIAL, *VENOUS]
SWALLOWED = Dose("0.2 mg/kg", route="oral", form="S")  # as in the studies of interactions
INFUSED = Dose("20 mg/h per 70 kg", "2 h", form="S")  # Noppers 2011

# stanpumpR (R) and mpmath at 40 digits, 18.2 mg at once, then 17.5 mg/h from minute 1 to 241: minutes and ng/mL.
STANPUMPR = {
    0: 4126.98, 1: 924.42, 2: 364.01, 5: 193.60, 10: 143.07, 30: 105.89, 60: 111.57, 120: 123.55, 240: 137.71,
    241: 137.79, 242: 104.36, 245: 88.80, 260: 70.04, 300: 53.89, 400: 29.44, 500: 16.08, 600: 8.78, 720: 4.25,
}  # fmt: skip


def exposed(dose: Any, model: str, hours: float = 24.0, analyte: str = "ketamine", **rest: Any) -> Exposure:
    """Peak and area of one model after a dose, sampled every six seconds of a day."""
    times = np.linspace(0, hours, 14401)
    return exposure(times, getattr(concentrations(dose, times, models=[model], **rest).models[0], analyte), analyte)


def sprays(milligrams: int) -> Any:
    """Devices of 28 mg, five minutes apart."""
    return regimen("28 mg", every="5 min", times=milligrams // 28, route="intranasal", form="S")


@cache
def sprayed(analyte: str) -> tuple[Exposure, ...]:
    return tuple(exposed(sprays(mg), "perezruixo2021", analyte=analyte) for mg in (28, 56, 84))


@cache
def influenced(interaction: str, dose: Dose = SWALLOWED, model: str = "perezruixo2021", hours: float = 24.0) -> Array:
    """With over without: AUC and peak of ketamine, then of norketamine."""
    ratios = []
    for analyte in ("ketamine", "norketamine"):
        with_, without = (exposed(dose, model, hours, analyte, interactions=one) for one in ([interaction], []))
        ratios += [with_.area / without.area, with_.peak / without.peak]
    return np.array(ratios)


def domino() -> list[float]:
    return [*half_lives("domino1984"), clearance("domino1984"), volume_at_steady_state("domino1984")]


def bolus_and_infusion() -> Array:
    schedule = (Dose("18.2 mg"), Dose("17.5 mg/h", over="240 min", at="1 min"))
    times = np.array(list(STANPUMPR)) / 60
    return concentrations(schedule, times, models=["domino1984"]).models[0].ketamine


def plateaus() -> tuple[float, ...]:
    """Lowest and highest plateau at both rates, of clearance, and the worst relative misfits: rate / CL; 20 days."""
    tenth, third = (np.array([steady_state(model, f"{rate} mg/kg/h") for model in ADULTS]) for rate in (0.1, 0.3))
    cleared = np.array([clearance(model) for model in ADULTS])
    long = concentrations(Dose("0.1 mg/kg/h", over="20 days"), [20 * 24], models=ADULTS).models
    run = np.array([float(one.ketamine[0]) for one in long])
    misfits = max(abs(tenth * cleared / 7000 - 1)), max(abs(third / tenth - 3)), max(abs(run / tenth - 1))
    return min(tenth), max(tenth), min(third), max(third), min(cleared), max(cleared), *misfits


def beside_meta_analysis() -> list[float]:
    """Clearance and volume of every model, clearances first."""
    found = against_meta_analysis()
    return [one.clearance for one in found] + [one.volume for one in found]


def inside_both() -> list[float]:
    """Clearance and volume of a racemic and an S-ketamine model; how many models lie inside both, and by clearance."""
    found = {one.model: one for one in against_meta_analysis()}
    chosen = [found["clements1981"], found["simons2022"]]
    inside = sum(one.clearance_within and one.volume_within for one in found.values())
    cleared = sum(one.clearance_within for one in found.values())
    return [one.clearance for one in chosen] + [one.volume for one in chosen] + [inside, cleared]


def terminal_half_lives() -> list[float]:
    """Two venous models by three windows; then the slowest mode of the fastest and of the slowest model."""
    windows = ("2 h", "8 h"), ("8 h", "24 h"), ("24 h", "48 h")
    dose = Dose("20 mg", over="20 min")
    read = [terminal_half_life(model, dose, window).hours for window in windows for model in VENOUS]
    slowest = [half_lives(model)[-1] / 60 for model in ADULTS]
    return [*read, min(slowest), max(slowest)]


def nasal() -> list[float]:
    return [100 * bioavailability("perezruixo2021", "intranasal", dose) for dose in (28, 56, 84)]


def nasal_peak() -> tuple[float, ...]:
    last = sprayed("ketamine")[2]
    at_once = exposed(Dose("84 mg", route="intranasal"), "perezruixo2021")
    return last.peak_h * 60 - 10, at_once.peak, at_once.peak_h * 60


def enantiomers() -> list[float]:
    s, r = enantiomer_clearances("70 kg")
    cleared = np.array([clearance(model) for model in S_KETAMINE])
    return [s / r, cleared.mean() / s, cleared.min() / r]


def grapefruit() -> list[float]:
    """Fold changes of AUC, peak and half-life, and of the ratio of norketamine to ketamine."""
    fold = area("perezruixo2021", "oral", 14, interactions=["grapefruit"]) / area("perezruixo2021", "oral", 14)
    auc, peak, norketamine, _ = influenced("grapefruit")
    half = [
        terminal_half_life("perezruixo2021", SWALLOWED, ("4 h", "12 h"), interactions=one).hours
        for one in (["grapefruit"], [])
    ]
    return [fold, peak, half[0] / half[1], norketamine / auc]


def rifampicin_infused() -> list[float]:
    ratios = np.array([influenced("rifampicin", INFUSED, model, 5.0) for model in VENOUS + ARTERIAL])
    norketamine, ketamine = ratios[:, 2], ratios[:, 0]
    return [norketamine.min(), norketamine.max(), ketamine.min(), ketamine.max()]


def film() -> list[float]:
    """AUC over 6 h, ng min/mL, of three analytes after 50 and 100 mg."""
    return [
        60 * exposed(Dose(mg, route="sublingual", form="S"), "simons2022", 6, analyte).area
        for analyte in ("ketamine", "norketamine", "hydroxynorketamine")
        for mg in (50, 100)
    ]


def depression_infusion() -> list[float]:
    """Concentration at the end of 0.5 mg/kg over 40 min: lowest, geometric mean, highest model."""
    ends = [
        float(one.ketamine[0]) for one in concentrations(Dose("0.5 mg/kg", "40 min"), [40 / 60], models=ADULTS).models
    ]
    return [min(ends), float(np.exp(np.mean(np.log(ends)))), max(ends)]


def half_times() -> Array:
    order = ("domino1984", "otto2021", "perezruixo2021", "simons2022")
    return np.array([[context_sensitive_half_time(model, hours) for hours in (1, 4, 24)] for model in order])


def venous_over_arterial() -> list[float]:
    """The shortest venous half-time over the longest arterial one, after 1, 4 and 24 h."""
    return [
        min(context_sensitive_half_time(model, hours) for model in VENOUS)
        / max(context_sensitive_half_time(model, hours) for model in ARTERIAL)
        for hours in (1, 4, 24)
    ]


def sedation() -> list[float]:
    found = [steady_state(model, "1.2 mg/kg/h") / 1000 for model in ADULTS]
    return [min(found), max(found)]


def rifampicin_areas() -> list[float]:
    return [
        area(model, route, 1, interactions=["rifampicin"]) / area(model, route, 1)
        for model, route in (("perezruixo2021", "oral"), ("perezruixo2021", "intravenous"), ("otto2021", "intravenous"))
    ]


def nasal_racemate() -> list[float]:
    """Peaks, then areas, after 10, 30 and 50 mg through the nose."""
    found = [exposed(Dose(f"{mg} mg", route="intranasal"), "perezruixo2021") for mg in (10, 30, 50)]
    return [one.peak for one in found] + [one.area for one in found]


def metabolite_ratio(model: str, route: str, analyte: str) -> float:
    return area(model, route, 1.0, analyte) / area(model, route, 1.0)
