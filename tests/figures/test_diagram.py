"""Questions: are boxes and arrows where they belong, and wrong ones refused?"""

import pytest

from ketalit.errors import InputError
from ketalit.figures import Arrow, Box, diagram
from ketalit.figures.diagram import percent
from tests.figures.svg import SVG, coordinates, parsed, texts

BOXES = [Box("C", 0, 0, 0.7), Box("O", 1, 0, 0.25), Box("OK", 1, 1, 0.05, series=1)]
ARROWS = [Arrow("C", "O", "46.5"), Arrow("O", "C", "73.8"), Arrow("O", "OK", "0.6"), Arrow("OK", "O", "1.4")]


def drawn(boxes=BOXES, arrows=ARROWS, **more):
    return diagram(boxes, arrows, title="Toy scheme", description="Synthetic.", **more)


def test_everything_is_named():
    assert {"C", "O", "OK", "70 %", "25 %", "5.0 %", "46.5", "73.8", "0.6", "1.4"} <= set(texts(drawn()))


@pytest.mark.parametrize("width", [280, 400, 900])
def test_everything_is_inside(width):
    picture = drawn(width=width)
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in coordinates(picture))


def test_bars_are_as_long_as_shares():
    bars = [one for one in parsed(drawn()).iter(f"{SVG}rect") if one.get("height") == "5"]
    whole, filled = float(bars[0].get("width")), float(bars[1].get("width"))
    assert filled / whole == pytest.approx(0.7, abs=0.01)


def test_arrows_of_a_pair_run_beside_each_other():
    lines = [one.get("d") for one in parsed(drawn(arrows=ARROWS[:2])).iter(f"{SVG}path") if one.get("fill") == "none"]
    forth, back = (float(line.split()[1].partition("L")[0]) for line in lines)
    assert abs(forth - back) > 5


def test_an_arrow_to_nowhere():
    with pytest.raises(InputError, match="D"):
        drawn(arrows=[Arrow("C", "D")])


def test_no_boxes():
    with pytest.raises(InputError, match="without boxes"):
        drawn(boxes=[], arrows=[])


@pytest.mark.parametrize(("share", "text"), [(1, "100 %"), (0.0996, "10 %"), (0.0994, "9.9 %"), (0.0004, "<0.1 %")])
def test_shares(share, text):
    assert percent(share) == text
