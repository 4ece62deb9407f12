"""Every model against the equations of its paper, written out here and integrated by another solver."""

import json
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ketalit.models.parameters import parameters_of
from ketalit.models.pharmacokinetics import MODELS, Dose, concentrations, regimen
from tests.shared import SHARED, needs_shared

KE0 = np.log(2) / (6.1 / 60)  # 1/h
MW, MW_NK, MW_HNK = 237.73, 223.70, 239.70


def integrate(slopes, size, breaks, times):
    """LSODA from break to break, so that no step jumps over the end of an infusion."""
    state, found = np.zeros(size), np.empty((len(times), size))
    edges = sorted({0.0, *breaks, times[-1] + 1e-9})
    for start, end in pairwise(edges):
        inside = (times >= start) & (times < end)
        solved = solve_ivp(
            lambda t, x, at=0.5 * (start + end): slopes(t, x, at),
            (start, end),
            state,
            method="LSODA",
            t_eval=[*times[inside], end],
            rtol=1e-11,
            atol=1e-13,
        )
        assert solved.success
        found[inside], state = solved.y.T[:-1], solved.y[:, -1]
    return found


def within(moment, start, duration):
    return 1 / duration if start <= moment < start + duration else 0.0


TIMES = np.linspace(0, 12, 145)


def agree(course, expected, rel=1e-7):
    # Absolute part: a tail of 1e-6 ng/mL is below all assays.
    assert course == pytest.approx(expected, rel=rel, abs=1e-6)


def test_domino():
    def slopes(t, x, at):
        c, p1, p2, ce = x
        return [
            60 * (-(0.438 + 0.592 + 0.590) * c + 0.247 * p1 + 0.0146 * p2) + 35 * within(at, 0.5, 2 / 3),
            60 * (0.592 * c - 0.247 * p1),
            60 * (0.590 * c - 0.0146 * p2),
            KE0 * (c / (0.063 * 70) * 1000 - ce),
        ]

    expected = integrate(slopes, 4, [0.5, 0.5 + 2 / 3], TIMES)
    found = concentrations(Dose("0.5 mg/kg", "40 min", at="30 min"), TIMES).of("domino1984")
    agree(found.ketamine, expected[:, 0] / (0.063 * 70) * 1000)
    agree(found.effect_site, expected[:, 3])
    assert found.norketamine is None


def test_fanta_and_otto():
    weight = 90
    v1, cl = 133 * weight / 70, 95.2 * (weight / 70) ** 0.75
    vn, cln = 98.638 * weight / 70, 57.72 * (weight / 70) ** 0.75

    def slopes(t, x, at):
        c, p1, p2, n, f = x
        return [
            -(cl + 23.2 + 157) / v1 * c + 23.2 / 187 * p1 + 157 / 98.8 * p2 + 0.5 * weight * within(at, 0, 2 / 3),
            23.2 / v1 * c - 23.2 / 187 * p1,
            157 / v1 * c - 157 / 98.8 * p2,
            cl / v1 * c - (cln + 42.778) / vn * n + 42.778 / 160.04 * f,
            42.778 / vn * n - 42.778 / 160.04 * f,
        ]

    expected = integrate(slopes, 5, [2 / 3], TIMES)
    found = concentrations(Dose("0.5 mg/kg", "40 min"), TIMES, "90 kg").of("otto2021")
    agree(found.ketamine, expected[:, 0] / v1 * 1000)
    agree(found.norketamine, expected[:, 3] / vn * 1000)


def test_perez_ruixo_by_nose_mouth_and_vein():
    fraction = 0.54 * (28 + 0.62 * 28) / 56  # two devices

    def slopes(t, x, at):
        nose, swallowed, gut, c, p1, p2, h, n, f = x
        return [
            56 * fraction * within(at, 0, 1e-4) - 2.93 * nose,
            56 * (1 - fraction) * 0.64 * within(at, 0, 0.53) - 1.45 * swallowed,
            84 * 0.64 * within(at, 3, 0.32) - 0.97 * gut,
            2.93 * nose - (84.3 + 37.6 + 151) / 192 * c + 84.3 / 143 * p1 + 37.6 / 417 * p2 + 151 / 101 * h
            + 28 * within(at, 6, 2 / 3),
            84.3 / 192 * c - 84.3 / 143 * p1,
            37.6 / 192 * c - 37.6 / 417 * p2,
            1.45 * swallowed + 0.97 * gut + 151 / 192 * c - (151 / 101 + 1.11 + 2.77) * h,
            2.77 * h - (38.0 + 26.1) / 70 * n + 26.1 / 115 * f,
            26.1 / 70 * n - 26.1 / 115 * f,
        ]  # fmt: skip

    expected = integrate(slopes, 9, [1e-4, 0.53, 3, 3.32, 6, 6 + 2 / 3], TIMES)
    schedule = (
        Dose("28 mg", "40 min", at="6 h"),
        Dose("56 mg", route="intranasal"),
        Dose("84 mg", at="3 h", route="oral"),
    )
    found = concentrations(schedule, TIMES).of("perezruixo2021")
    # The nose is filled in a third of a second above and at once by ours: 1.5e-4 of its contents.
    agree(found.ketamine, expected[:, 3] / 192 * 1000, rel=3e-3)
    agree(found.norketamine, expected[:, 7] / 70 * 1000, rel=3e-3)


def test_simons_film_then_infusion():
    weight = 80
    v, c = weight / 70, (weight / 70) ** 0.75 * 60
    v1, vh = 11.6 * v, 4.4 * v

    def slopes(t, x, at):
        mouth, gut, portal, k, p1, p2, a, b, n, f, d, e, h, g = x
        return [
            100 * 0.263 * within(at, 0, 13.1 / 60) - 2.4 * mouth,
            100 * 1.16 * within(at, 0, 29.9 / 60) - 2.94 * gut,
            2.94 * gut - 60 / 10.7 * portal,
            2.4 * mouth - (1.48 + 2.43 + 1.21) * c / v1 * k + 2.43 * c / (39 * v) * p1 + 1.21 * c / (174 * v) * p2
            + 20 * within(at, 6, 1 / 3),
            2.43 * c / v1 * k - 2.43 * c / (39 * v) * p1,
            1.21 * c / v1 * k - 1.21 * c / (174 * v) * p2,
            1.48 * c / v1 * k + 60 / 10.7 * portal - 120 / 20.1 * a,
            120 / 20.1 * (a - b),
            0.8 * 120 / 20.1 * b - (1.00 + 2.63) * c / v1 * n + 2.63 * c / (221 * v) * f,
            2.63 * c / v1 * n - 2.63 * c / (221 * v) * f,
            1.00 * c / v1 * n - 120 / 1.12 * d,
            120 / 1.12 * (d - e),
            0.7 * 120 / 1.12 * e - (0.933 + 1.70) * c / vh * h + 1.70 * c / (87.5 * v) * g,
            1.70 * c / vh * h - 1.70 * c / (87.5 * v) * g,
        ]  # fmt: skip

    expected = integrate(slopes, 14, [13.1 / 60, 29.9 / 60, 6, 6 + 1 / 3], TIMES)
    schedule = (Dose("100 mg", route="sublingual"), Dose("20 mg", "20 min", at="6 h"))
    found = concentrations(schedule, TIMES, weight).of("simons2022")
    agree(found.ketamine, expected[:, 3] / v1 * 1000)
    # Equal rates of the delays are split by 1e-5, which moves concentrations by its square.
    agree(found.norketamine, expected[:, 8] / v1 * 1000 * MW_NK / MW)
    agree(found.hydroxynorketamine, expected[:, 12] / vh * 1000 * MW_HNK / MW)


def test_flint_with_a_clearance_that_grows():
    weight = 7.0
    v, c = weight / 70, (weight / 70) ** 0.75
    v1, v2, cl, q, cln, start = 7.73 * v, 545 * v, 112 * c, 196 * c, 53.2 * c, 2.0

    def slopes(t, x, at):
        k, p, n = x
        return [
            -(cl + q) / v1 * k + q / v2 * p + weight * 1.0 * within(at, start, 48) * 48,
            q / v1 * k - q / v2 * p,
            cl / v1 * k - cln * (1 + 0.0087 * max(t - start, 0)) / v * n,
        ]

    times = np.linspace(0, 72, 145)
    expected = integrate(slopes, 3, [start, start + 48], times)
    found = concentrations(Dose("1 mg/kg/h", "48 h", at="2 h"), times, weight)
    assert [one.model for one in found.models] == ["flint2017"]
    agree(found.models[0].ketamine, expected[:, 0] / v1 * 1000)
    # Norketamine is taken to stand at its balance at every moment: its clearance changes in days, it in a minute.
    agree(found.models[0].norketamine, expected[:, 2] / v * 1000, rel=2e-3)


def test_nasal_devices_one_after_another_share_a_session():
    def late(schedule):
        return concentrations(schedule, [23.0]).of("perezruixo2021").ketamine[0]

    together = late(Dose("84 mg", route="intranasal"))
    near = late(regimen("28 mg", every="5 min", times=3, route="intranasal"))
    assert near == pytest.approx(together, rel=0.02)  # hours later the minutes between devices hardly count
    # Devices hours apart are each a first one, and more is taken up.
    apart = sum(
        concentrations(Dose("28 mg", at=f"{hours} h", route="intranasal"), [23.0]).of("perezruixo2021").ketamine[0]
        for hours in (0, 4, 8)
    )
    assert late(regimen("28 mg", every="4 h", times=3, route="intranasal")) == pytest.approx(apart, rel=1e-9)


@needs_shared
@pytest.mark.parametrize(
    ("ours", "theirs", "keys"),
    [
        ("domino1984", "domino1984_racemic", {"central_volume": "V1_L_per_kg", "elimination": "k10"}),
        ("otto2021", "fanta2015_S_iv", {"central_volume": "V1", "clearance": "CL"}),
        (
            "otto2021",
            "otto2021_S_norketamine",
            {
                "norketamine_volume": "V",
                "norketamine_clearance": "CL",
                "norketamine_peripheral_volume": "Vp",
                "norketamine_exchange": "Q",
            },
        ),
        (
            "perezruixo2021",
            "perezruixo2021_esketamine",
            {
                "nasal_fraction": "FRn",
                "nasal_later_devices": "FRn_factor_later_sprays",
                "nasal_absorption": "ka_nasal",
                "swallowed_duration": "Dsw_h",
                "swallowed_absorption": "ka_swallowed",
                "oral_duration": "Dpo_h",
                "oral_absorption": "ka_po",
                "gut_fraction": "Fgut",
                "central_volume": "Vc",
                "shallow_volume": "Vp1",
                "deep_volume": "Vp2",
                "liver_flow": "Qh",
                "liver_volume": "Vh",
                "liver_elimination": "kel",
                "liver_to_norketamine": "kmet",
            },
        ),
        (
            "simons2022",
            "simons2022_S_arterial",
            {
                "central_volume": "VK1",
                "clearance": "CLK1",
                "shallow_exchange": "CLK2",
                "deep_exchange": "CLK3",
                "norketamine_delay": "MTT_K_NK",
                "norketamine_fraction": "fm_NK",
                "norketamine_peripheral_volume": "VN2",
                "norketamine_clearance": "CLN1",
                "norketamine_exchange": "CLN2",
                "hydroxynorketamine_delay": "MTT_NK_HNK",
                "hydroxynorketamine_fraction": "fm_HNK",
                "hydroxynorketamine_volume": "VH1",
                "hydroxynorketamine_peripheral_volume": "VH2",
                "hydroxynorketamine_clearance": "CLH1",
                "hydroxynorketamine_exchange": "CLH2",
            },
        ),
        (
            "flint2017",
            "flint2017_S_children",
            {
                "clearance": "CL",
                "central_volume": "V1",
                "exchange": "Q",
                "peripheral_volume": "V2",
                "norketamine_clearance": "CLnk_F",
                "norketamine_volume": "Vnk_F",
            },
        ),
    ],
)
def test_declared_numbers_are_the_recorded_ones(ours, theirs, keys):
    recorded = json.loads((SHARED / "mechanism" / "model_parameters.json").read_text())["pk"][theirs]
    chosen = parameters_of(None)
    assert {name: chosen.value(f"pharmacokinetics.{ours}.{name}") for name in keys} == {
        name: recorded[key] for name, key in keys.items()
    }


@needs_shared
def test_declared_spreads_are_the_recorded_variances():
    recorded = json.loads((SHARED / "mechanism" / "model_parameters.json").read_text())["pk"]
    chosen = parameters_of(None)

    def variance(name):
        return np.log1p(chosen[f"pharmacokinetics.{name}"].between ** 2)

    simons = recorded["simons2022_S_arterial"]["omega2"]
    for name, key in {
        "central_volume": "VK1",
        "clearance": "CLK1",
        "deep_exchange": "CLK3",
        "norketamine_clearance": "CLN1",
        "norketamine_delay": "MTT",
        "hydroxynorketamine_volume": "VH1",
        "hydroxynorketamine_clearance": "CLH1",
        "hydroxynorketamine_exchange": "CLH2",
    }.items():
        assert variance(f"simons2022.{name}") == pytest.approx(simons[key], rel=1e-4)
    otto = recorded["otto2021_S_norketamine"]["omega2"]
    for name, key in {
        "central_volume": "V1",
        "clearance": "CL",
        "norketamine_volume": "Vnk",
        "norketamine_clearance": "CLnk",
    }.items():
        assert variance(f"otto2021.{name}") == pytest.approx(otto[key], rel=1e-4)
    for first, second, key in (
        ("central_volume", "clearance", "cov_V1_CL"),
        ("norketamine_volume", "norketamine_clearance", "cov_nk"),
    ):
        correlation = chosen[f"pharmacokinetics.otto2021.{first}"].correlated[f"pharmacokinetics.otto2021.{second}"]
        covariance = correlation * np.sqrt(variance(f"otto2021.{first}") * variance(f"otto2021.{second}"))
        assert covariance == pytest.approx(otto[key], rel=1e-4)


def test_every_number_of_the_models_has_a_source_and_a_preparation():
    for name, one in parameters_of(None).under("pharmacokinetics").items():
        assert one.source or one.note, name
        assert one.preparation, name


@pytest.mark.parametrize("key", list(MODELS))
def test_doubling_the_dose_doubles_and_doses_add_up(key):
    weight = 10 if key == "flint2017" else 70
    times = np.linspace(0, 30, 61)
    first, second = Dose("10 mg", "40 min"), Dose("5 mg", at="7 h")

    def found(*schedule):
        one = concentrations(schedule, times, weight, [key]).models[0]
        return np.stack([one.ketamine, one.effect_site, *([one.norketamine] if one.norketamine is not None else [])])

    both = found(first, second)
    alone = found(first)
    assert found(Dose("20 mg", "40 min")) == pytest.approx(2 * alone, rel=1e-9)
    # Norketamine of Flint depends on the time since the first dose, so that the second alone is another course.
    kept = slice(0, 2) if key == "flint2017" else slice(None)
    assert both[kept] == pytest.approx((alone + found(second))[kept], rel=1e-7, abs=1e-9)
    assert (both >= -1e-9).all()
