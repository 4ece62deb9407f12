import numpy as np
import pytest

from ketalit.models.parameters import parameters_of
from ketalit.models.pharmacokinetics import MODELS
from ketalit.models.pharmacokinetics.variability import draw, spread


def test_drawn_people_have_the_published_variances_and_correlations():
    drawn = draw("otto2021", 200_000, 1, parameters_of(None))
    name = "pharmacokinetics.otto2021"
    volume, cleared = drawn[f"{name}.central_volume"], drawn[f"{name}.clearance"]
    # Otto 2021, table 3: ω² 0.084177 and 0.026048, covariance 0.02261.
    assert np.cov(volume, cleared) == pytest.approx(np.array([[0.084177, 0.02261], [0.02261, 0.026048]]), rel=0.02)
    assert abs(np.cov(volume, drawn[f"{name}.norketamine_clearance"])[0, 1]) < 0.002
    assert np.mean(volume) == pytest.approx(0, abs=0.003)


def test_models_without_published_variability_have_none():
    chosen = parameters_of(None)
    assert {key for key in MODELS if not spread(key, chosen)} == {"domino1984", "clements1981"}


def test_the_nasal_fraction_stays_a_fraction():
    drawn = draw("perezruixo2021", 10_000, 1, parameters_of(None))
    odds = np.exp(drawn["pharmacokinetics.perezruixo2021.nasal_fraction_spread"])
    fraction = 0.54 * odds / (0.46 + 0.54 * odds)
    assert fraction.min() > 0
    assert fraction.max() < 1
    assert np.std(np.log(fraction / (1 - fraction))) == pytest.approx(0.708, rel=0.03)
