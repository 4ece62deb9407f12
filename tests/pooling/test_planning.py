"""Are the numbers of people those of the tables, and do the limits hold in simulated trials?"""

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.pooling import highest_sd, people_needed, power_of


@pytest.mark.parametrize(
    ("effect", "power", "people"), [(0.2, 0.8, 394), (0.5, 0.8, 64), (0.8, 0.8, 26), (0.5, 0.9, 86), (1, 0.8, 17)]
)
def test_numbers_of_people_are_those_of_the_tables(effect, power, people):
    """Cohen 1988 and G*Power, two-sided 5 %, two equal groups."""
    assert people_needed(effect, 1, power) == people
    assert power_of(people, effect, 1) >= power > power_of(people - 1, effect, 1)


def test_power_is_how_often_simulated_trials_find_the_difference():
    """4,000 trials of 20 people a group; the error of the share is below 0.8 %."""
    from scipy.stats import ttest_ind

    drawn = np.random.default_rng(1)
    found = ttest_ind(drawn.normal(20, 27, (4000, 20)), drawn.normal(0, 27, (4000, 20)), axis=1).pvalue < 0.05
    assert found.mean() == pytest.approx(float(power_of(20, 20, 27)), abs=0.03)


def test_no_difference_is_found_as_often_as_a_false_alarm():
    assert float(power_of(50, 0, 1)) == pytest.approx(0.05)
    with pytest.raises(InputError, match="difference of 0"):
        people_needed(0, 1, 0.8)


def test_extremes_of_the_sum_are_numbers():
    assert people_needed(50, 1, 0.99) == 2
    assert pytest.approx(people_needed(1, 60, 0.8), rel=0.01) == 2 * (1.96 + 0.84) ** 2 * 60**2


def test_the_upper_limit_of_an_sd_holds_in_four_of_five_samples():
    drawn = np.random.default_rng(2)
    sds = drawn.normal(0, 10, (4000, 60)).std(axis=1, ddof=2)
    limit = highest_sd(1, 60) * sds
    assert (limit > 10).mean() == pytest.approx(0.8, abs=0.03)
