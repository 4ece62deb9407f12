"""Are quantiles and tails those of the printed tables, for one number of degrees of freedom and for many?"""

import numpy as np
import pytest

from ketalit.pooling.quantiles import chi2, chi2_tail, f_tail, normal, normal_tails, student, student_tails

# Fisher & Yates, Statistical Tables, to their four figures or more
CHI2 = {(0.95, 1): 3.841459, (0.95, 2): 5.991465, (0.975, 1): 5.023886, (0.95, 10): 18.307038, (0.025, 2): 0.050636}
STUDENT = {(0.975, 1): 12.706205, (0.975, 2): 4.302653, (0.975, 30): 2.042272, (0.95, 5): 2.015048}


@pytest.mark.parametrize(("p", "df"), CHI2)
def test_chi_squared(p, df):
    assert float(chi2(p, df)) == pytest.approx(CHI2[p, df], rel=1e-5)
    assert chi2(p, [df, 0]) == pytest.approx([CHI2[p, df], 0], rel=1e-5)
    assert chi2_tail(CHI2[p, df], [df, 0]) == pytest.approx([1 - p, 1], rel=1e-4)


@pytest.mark.parametrize(("p", "df"), STUDENT)
def test_student(p, df):
    assert float(student(p, df)) == pytest.approx(STUDENT[p, df], rel=1e-6)
    many = student(p, [df, 0])
    assert many[0] == pytest.approx(STUDENT[p, df], rel=1e-6)
    assert np.isnan(many[1])
    assert np.isnan(student(p, 0))
    assert student_tails(-STUDENT[p, df], df) == pytest.approx(2 * (1 - p), rel=1e-5)


def test_normal_and_f():
    assert float(normal(0.975)) == pytest.approx(1.959964, rel=1e-6)
    assert float(normal_tails(-1.959964)) == pytest.approx(0.05, rel=1e-5)
    assert float(f_tail(4.102821, 2, 10)) == pytest.approx(0.05, rel=1e-5)  # F 5 % with 2 and 10
