"""Questions: does every ink stand out from its ground (WCAG 2.2), on light and dark; are series told apart without colour?"""

import pytest

from ketalit.figures.cells import SEQUENTIAL
from ketalit.figures.style import INKS, SERIES, STYLE, contrast, luminance, series_dash, series_ink, series_shape


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "muted"])
def test_letters(ink, place):
    assert contrast(INKS[ink][place], INKS["ground"][place]) >= 4.5


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "least"), [("axis", 3), *((f"s{at}", 4) for at in range(SERIES))])
def test_lines(ink, least, place):
    assert contrast(INKS[ink][place], INKS["ground"][place]) >= least


def test_published_contrasts():
    # examples of WebAIM and of the WCAG text itself
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.01)
    assert contrast("#ffffff", "#ff0000") == pytest.approx(4.0, abs=0.01)


def test_series_differ_without_colour():
    assert len({series_dash(at) for at in range(SERIES)}) == SERIES
    assert len({series_shape(at) for at in range(SERIES)}) == SERIES
    looks = [(series_ink(at), series_dash(at)) for at in range(24)]
    assert len(set(looks)) == len(looks)


def test_shades_of_a_heat_map_only_grow_lighter():
    lights = [luminance(colour) for colour in SEQUENTIAL]
    assert lights == sorted(lights)


def test_dark_inks_are_for_screens_only():
    assert STYLE.count("@media screen") == 2
    assert "@media print" not in STYLE
