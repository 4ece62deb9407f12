"""What cannot be used is refused in one sentence, and text with units stands wherever a number does.

Every call here once ended in a traceback of Python or numpy, in a number that cannot be, or in words that did not help.
"""

import warnings

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.models import drip_to_dorsal_horn, parameters_of, response, targets, windup
from ketalit.models import pharmacokinetics as pk
from ketalit.models import receptor as nmda
from ketalit.models.edge import CONCENTRATION, SHARE, Kind, count, yes

REST = {"voltage": -60, "magnesium": 1}
DOSE = pk.Dose("0.5 mg/kg", over="40 min")


def train(**given):
    return nmda.pulse_train(**({"frequency": 1, "pulses": 3, "concentration": 0.5} | REST | given))


def scheme(**given):
    return nmda.scheme(**({"glutamate": 10, "concentration": 1} | REST | given))


def changed(name, number):
    return parameters_of({name: number})


REFUSED = {
    "impossible": [
        (lambda: nmda.mixture_occupancy(S_ketamine=-1), "S_ketamine: -1 is below zero"),
        (lambda: targets.free_from_total(-1), "concentration in plasma: -1 is below zero"),
        (lambda: targets.free_from_total([-5, 1]), "-5 is below zero"),
        (lambda: targets.free_from_total(np.nan), "not a number"),
        (lambda: nmda.settling_rate(1, 2, **REST), "open probability: 2 is above 1"),
        (lambda: nmda.settling_rate(1, -0.1, **REST), "open probability: -0.1 is below zero"),
        (lambda: response.delayed([0, 1], [-1, 1], 1), "below zero"),
        (lambda: changed("ketamine.trapped", 1.5), "ketamine.trapped: 1.5 is no share"),
        (lambda: changed("ketamine.trapped", 0), "not above zero"),
        (lambda: changed("magnesium.half_block", 0), "not above zero"),
        (lambda: windup.wind_up(stimuli=2.5), "stimuli: 2.5 is given"),
        (lambda: train(start=np.eye(len(scheme().states))[:2]), "start: numbers of shape"),
        (lambda: scheme(leak="no"), "leak: 'no' is given. Expected: True or False"),
        (lambda: scheme(second_site="no"), "second_site"),
        (lambda: nmda.steady_block(np.inf, **REST), "concentration: inf is not finite"),
        (lambda: nmda.site_effect(np.inf), "not finite"),
        (lambda: targets.occupancy(np.inf, 1), "not finite"),
        (lambda: drip_to_dorsal_horn(DOSE, voltage=5000), "voltage: 5000 is above 500"),
        (lambda: drip_to_dorsal_horn(DOSE, voltage=-5000), "voltage: -5000 is below -500"),
        (lambda: drip_to_dorsal_horn(DOSE, magnesium=-1), "magnesium: -1 is below zero"),
        (lambda: drip_to_dorsal_horn(DOSE, frequency=0), "frequency: zero is given"),
        (lambda: drip_to_dorsal_horn(DOSE, frequency=-0.5), "frequency: -0.5 is below zero"),
        (lambda: scheme(magnesium=-0.5), "magnesium: -0.5 is below zero"),
        (lambda: targets.occupancy(1, -0.5), "constant: -0.5 is below zero"),
        (lambda: nmda.steady_block(True, **REST), "concentration"),
    ],
    "traceback": [
        (lambda: pk.concentrations(None), "schedule: None is given"),
        (lambda: pk.concentrations(35), "schedule: 35 is given"),
        (lambda: pk.concentrations(DOSE, times_h=[]), "times: nothing is given"),
        (lambda: pk.concentrations(DOSE, interactions=5), "interactions: 5 is given"),
        (lambda: pk.concentrations(DOSE, models=[]), "models: no model is named"),
        (lambda: pk.concentrations(DOSE, models=[["otto2021"]]), "no model is called"),
        (lambda: pk.concentrations(DOSE, weight_kg=[70, 80]), "body weight"),
        (lambda: pk.Dose([1, 2]), r"dose: \[1, 2\] is given"),
        (lambda: pk.Dose("1 mg", over=["1 h"]), "duration"),
        (lambda: pk.regimen("1 mg", every="1 h", times=np.nan), "times: nan is given"),
        (lambda: pk.regimen("1 mg", every=[1], times=2), "every"),
        (lambda: scheme(glutamate=[]), "glutamate: nothing is given"),
        (lambda: scheme(parameters=[1]), r"parameters: \[1\] is given"),
        (lambda: scheme(voltage=[1, 2], concentration=[1, 2, 3]), "do not fit together"),
        (lambda: pk.bioavailability("otto2021", "intravenous", 0), "dose: 0 is given"),
        (lambda: train(concentration=[1, 2]), r"concentration: \[1, 2\] is given"),
        (lambda: train(start=[1, 0]), "start: numbers of shape"),
        (lambda: train(pulses=2.5), "pulses: 2.5 is given"),
        (lambda: train(pulses="5"), "pulses: '5' is given"),
        (lambda: nmda.profile([1, 2], **REST), r"concentration: \[1, 2\] is given"),
        (lambda: nmda.course([], [0]), "steps"),
        (lambda: nmda.course([1], [0]), "steps"),
        (lambda: nmda.deactivation(None), "no subunit is called"),
        (lambda: nmda.blocker(["ketamine"]), "no drug is called"),
        (lambda: pk.exposure([], []), "times: nothing is given"),
        (lambda: pk.exposure([0, 1], [1]), "one value for each time"),
        (lambda: pk.terminal_half_life("otto2021", DOSE, window="4 h"), "window"),
        (lambda: pk.terminal_half_life("otto2021", DOSE, points=2.5), "points"),
        (lambda: response.acute_pain([], []), "times: nothing is given"),
        (lambda: response.acute_pain([0, 1], [1, 1], [1, 1, 1]), "one value for each time"),
        (lambda: response.slow_relief([], []), "times: nothing is given"),
        (lambda: response.slow_relief([0, 1], [1, 1], draws=-1), "draws: -1 is given"),
        (lambda: response.slow_relief([0, 1], [1, 1], draws=2.5), "draws: 2.5 is given"),
        (
            lambda: response.delayed([0, 1], [1, 1], "6 mg"),
            'half-life of the effect site: "mg" cannot be turned into h',
        ),
        (lambda: pk.band(DOSE, seed=-1), "seed: -1 is given"),
        (lambda: pk.band(DOSE, seed=None), "seed: None is given"),
        (lambda: pk.band(DOSE, people="many"), "people"),
        (lambda: windup.fit([]), "curves: nothing is given"),
        (lambda: windup.errors([1]), "something is no curve"),
        (lambda: targets.site_named(None), "no target is called"),
        (lambda: nmda.unblocked([1, 2], [1, 2, 3]), "voltage of shape .* do not fit together"),
        (lambda: nmda.steady_block([1, 2], voltage=[1, 2, 3], magnesium=0), "do not fit together"),
        (lambda: windup.wind_up([1, 0.5], frequency=[1, 1, 1]), "do not fit together"),
        (lambda: targets.occupancy([1, 2], [1, 2, 3]), "do not fit together"),
        (lambda: targets.at_site("opioid_mu", None), "free concentration: None is given"),
        (lambda: nmda.unblocked([[-60], [1, 2]], 1), "voltage"),
    ],
    "unhelpful": [
        (lambda: scheme(glutamate=np.inf), "glutamate: inf is not finite"),
        (lambda: scheme(glycine=0).steady(), "channels never open"),
        (lambda: pk.steady_state("otto2021", "soon"), "rate of infusion"),
        (lambda: targets.needed("opioid_mu", np.nan), "share: something is not a number"),
        (lambda: targets.needed("opioid_mu", [0.5]), r"share: \[0.5\] is given. Expected: one number from 0 to 1"),
        (lambda: pk.clearance("flint2017"), "was fitted to children"),
    ],
}


@pytest.mark.parametrize(
    ("call", "says"), [pytest.param(*row, id=f"{kind}-{row[1]}") for kind, rows in REFUSED.items() for row in rows]
)
def test_bad_input_is_refused_in_one_sentence(call, says):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError, match=says) as told:
            call()
    assert "\n" not in str(told.value)


SAME = [
    (lambda q: train(frequency=q).blocked, "1 Hz", 1),
    (lambda q: train(concentration=q).blocked, "237.73 ng/mL", 1),
    (lambda q: windup.wind_up(frequency=q), "1 Hz", 1),
    (windup.wind_up, "50 %", 0.5),
    (lambda q: nmda.washout(q, concentration=1, **REST).blocked, ["0 s", "2 min"], [0, 120]),
    (lambda q: nmda.course([("0 s", scheme())], q).blocked, ["0 s", "20 ms"], [0, 0.02]),
    (lambda q: pk.concentrations(DOSE, q).models[0].ketamine, ["0 h", "30 min"], [0, 0.5]),
    (lambda q: nmda.contrasts(concentration=q, voltage="0.04 V")[1].outcome["trapped"], "1 µM", 1),
    (lambda q: nmda.profile(q, voltage="-66 mV", magnesium="1 mM")[2].blocked, "500 nM", 0.5),
    (lambda q: targets.occupancy(q, 2), "1 µM", 1),
    (lambda q: targets.free_from_total(q).middle, ["100 ng/mL", "0.1 mg/L"], [100, 100]),
    (lambda q: response.acute_pain([0, 1], q)[0].middle, ["100 ng/mL", "237.73 ng/mL"], [100, 237.73]),
    (lambda q: response.acute_pain(q, [100, 100])[0].middle, ["0 h", "30 min"], [0, 0.5]),
    (lambda q: nmda.unblocked(q, "1 mM"), ["-60 mV", "-0.06 V"], [-60, -60]),
    (lambda q: nmda.settling_rate(1, q, **REST), "20 %", 0.2),
    (lambda q: nmda.mixture_occupancy(S_norketamine=q), "1 µM", 1),
]


@pytest.mark.parametrize(("act", "text", "number"), SAME)
def test_text_with_a_unit_is_the_number_it_says(act, text, number):
    assert np.asarray(act(text)) == pytest.approx(np.asarray(act(number)), rel=1e-12)


def test_a_million_pulses_end_where_block_settles():
    # Mᵏ x converges to the fixed point of M: the limit is computed apart from the powers
    many = train(pulses=1_000_000)
    assert many.blocked[-1] == pytest.approx(many.settled, rel=1e-9)


def test_percentiles_may_be_one_number():
    assert pk.band(DOSE, [1], people=5, percentiles=50).models[0].ketamine.shape == (1, 1)


def test_a_kind_reads_numbers_text_and_quantities_of_pint():
    pint = pytest.importorskip("pint")
    given = pint.application_registry.Quantity([1, 2], "nmol/L")
    assert CONCENTRATION.many(given).tolist() == pytest.approx([0.001, 0.002])
    assert CONCENTRATION.many([[1, "2 µM"]]).shape == (1, 2)
    assert SHARE.many(np.array([0, 1])).dtype == float
    assert Kind("rest", trace=0.1, least=0).many([-0.05, 1.0]).tolist() == [0, 1]
    assert count(np.int64(3), "n") == 3
    assert yes(np.bool_(True), "on") is True


def test_arrays_pass_without_a_copy():
    numbers = np.linspace(0, 1, 5)
    assert SHARE.many(numbers) is numbers


def test_a_share_may_be_all_of_it():
    assert changed("ketamine.trapped", 1).value("ketamine.trapped") == 1


@pytest.mark.parametrize("shared", [targets.SITES[0], windup.reference_curves()[0]])
def test_what_all_callers_share_cannot_be_changed(shared):
    with pytest.raises(AttributeError):
        setattr(shared, "site" if hasattr(shared, "site") else "name", "another")
