"""Questions: are marks where their values are, does everything stay in the picture, is it the same every time?"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ketalit.errors import InputError
from ketalit.figures import (
    Axis,
    Band,
    Bars,
    Cells,
    ErrorBars,
    Line,
    Panel,
    Points,
    Polygon,
    Region,
    Rule,
    Words,
    draw,
)
from ketalit.figures.axes import fitting_ticks
from ketalit.figures.text import measure
from tests.figures.svg import SVG, coordinates, parsed, paths, texts

value = st.one_of(st.none(), st.floats())  # with nan and infinity
pairs = st.lists(st.tuples(value, value, value), max_size=12)


def picture(*marks, x=None, y=None, **more):
    return draw(Panel(marks, x or Axis("x"), y or Axis("y")), title="Synthetic", description="Made up.", **more)


@settings(deadline=None)
@given(pairs, st.sampled_from(["linear", "log", "time"]), st.sampled_from(["linear", "log"]), st.integers(240, 1200))
def test_whatever_the_data_everything_is_finite_and_inside(data, across, upward, width):
    x, low, high = ([row[at] for row in data] for at in range(3))
    drawn = picture(
        Line(x, low, label="line"),
        Band(x, low, high, label="band"),
        Points(x, high, label="points", sizes=3, tips=["a"] * len(x)),
        ErrorBars(x, low, high, label="upright"),
        ErrorBars(low, x, high, flat=True, label="flat"),
        Bars(x, low, label="bars"),
        Polygon(x, high, label="polygon", outlined=True, strength=0.5),
        *(Rule(x=one, name="rule") for one in x[:2]),
        *(Region((one, None), name="region") for one in x[:1]),
        *(Words(one, two, "words") for one, two in zip(x, low, strict=True)),
        x=Axis("x", across),
        y=Axis("y", upward),
        width=width,
    )
    for one, two in coordinates(drawn):
        assert -1 <= one <= drawn.width + 1
        assert -1 <= two <= drawn.height + 1


@settings(deadline=None)
@given(st.text(), st.text(), st.text(max_size=40))
def test_text_is_text_wherever_it_stands(title, label, name):
    drawn = draw(
        Panel([Line([0, 1], [0, 1], label=label), Rule(x=0.5, name=name)], Axis(label), Axis(name), title),
        title=title,
        description=label,
        subtitle=name,
        note=title,
    )
    allowed = {"svg", "title", "desc", "style", "rect", "text", "tspan", "path"}
    assert {etree.QName(one).localname for one in parsed(drawn).iter()} <= allowed


def test_the_same_data_give_the_same_bytes():
    data = np.random.default_rng(1).normal(size=(2, 50))
    assert picture(Line(*data), Points(*data)).svg == picture(Line(*data.copy()), Points(*data.copy())).svg


def test_lists_and_arrays_give_the_same_picture():
    x = [1, 2, 3]
    assert picture(Line(x, x)).svg == picture(Line(np.array(x), np.array(x, float))).svg


def test_points_are_where_their_values_are():
    drawn = picture(Points([0, 5, 10], [0, 50, 100], shape="circle"), x=Axis(limits=(0, 10)), y=Axis(limits=(0, 100)))
    circles = [(float(one.get("cx")), float(one.get("cy"))) for one in parsed(drawn).iter(f"{SVG}circle")]
    (left, bottom), middle, (right, top) = circles
    assert middle == pytest.approx(((left + right) / 2, (bottom + top) / 2), abs=0.011)
    assert left < right
    assert top < bottom
    ticks = {
        "".join(one.itertext()): float(one.get("x"))
        for one in parsed(drawn).iter(f"{SVG}text")
        if one.get("text-anchor") == "middle"
    }
    assert ticks["0"] == pytest.approx(left, abs=0.011)
    assert ticks["10"] == pytest.approx(right, abs=0.011)


def test_a_logarithmic_axis_puts_equal_ratios_at_equal_distances():
    drawn = picture(Points([1, 10, 100], [1, 1, 1], shape="circle"), x=Axis(kind="log"))
    first, second, third = (float(one.get("cx")) for one in parsed(drawn).iter(f"{SVG}circle"))
    assert second - first == pytest.approx(third - second, abs=0.02)


def test_names_run_from_the_top():
    drawn = picture(Points([1, 1], ["A", "B"], shape="circle"), y=Axis(kind="names", names=("A", "B")))
    first, second = (float(one.get("cy")) for one in parsed(drawn).iter(f"{SVG}circle"))
    assert first < second


def test_a_gap_breaks_a_line():
    drawn = picture(Line([0, 1, 2, 3, 4], [1, 1, math.nan, 1, 1]))
    (line,) = [one.get("d") for one in parsed(drawn).iter(f"{SVG}path") if one.get("class") == "l-s0"]
    assert line.count("M") == 2


def test_a_line_is_cut_at_the_limits_at_the_right_height():
    drawn = picture(Line([0, 10], [0, 100]), x=Axis(limits=(0, 10)), y=Axis(limits=(0, 50)))
    ((start, end),) = paths(drawn, "s0")
    whole = picture(Line([0, 5], [0, 50]), x=Axis(limits=(0, 10)), y=Axis(limits=(0, 50)))
    assert (start, end) == tuple(paths(whole, "s0")[0])


def arrowheads(drawn):
    return [one for one in parsed(drawn).iter(f"{SVG}path") if one.get("class") == "f-s0"]


@pytest.mark.parametrize(
    ("low", "high", "heads"),
    [(0.5, 2, 0), (0.01, 2, 1), (0.01, 50, 2), (0.5, math.inf, 1), (20, 50, 2), (math.nan, 2, 0)],
)
def test_an_error_bar_that_leaves_the_panel_ends_in_an_arrow(low, high, heads):
    drawn = picture(
        ErrorBars(["A"], [low], [high], flat=True),
        x=Axis(kind="log", limits=(0.1, 10)),
        y=Axis(kind="names", names=("A",)),
    )
    assert len(arrowheads(drawn)) == heads


def test_error_bars_of_places_that_are_not_shown_are_not_drawn():
    drawn = picture(ErrorBars([5], [0], [1]), x=Axis(limits=(0, 1)), y=Axis(limits=(0, 1)))
    assert paths(drawn, "s0") == []


def test_points_outside_the_limits_are_not_drawn():
    drawn = picture(Points([5], [5], shape="circle"), x=Axis(limits=(0, 1)), y=Axis(limits=(0, 1)))
    assert not list(parsed(drawn).iter(f"{SVG}circle"))


def test_points_tell_what_they_are():
    drawn = picture(Points([1], [1], tips=["Sigtermans 2009 <n = 60>"]))
    assert [one.text for one in parsed(drawn).iter(f"{SVG}title")] == ["Synthetic", "Sigtermans 2009 <n = 60>"]


@pytest.mark.parametrize("shape", ["circle", "square", "triangle", "down", "diamond", "cross"])
@pytest.mark.parametrize("hollow", [False, True])
def test_every_shape_is_drawn(shape, hollow):
    axes = {"x": Axis(limits=(0, 2)), "y": Axis(limits=(0, 2))}
    plain = parsed(picture(Points([1], [1], shape=shape, hollow=hollow), **axes))
    empty = parsed(picture(Points([], [], shape=shape, hollow=hollow), **axes))
    assert len(list(plain.iter())) == len(list(empty.iter())) + 1


def test_marks_with_one_label_share_an_entry():
    drawn = picture(
        Band([0, 1], [0, 0], [1, 1], label="model"), Line([0, 1], [0, 1], label="model"), Line([0, 1], [1, 0])
    )
    assert texts(drawn).count("model") == 1


def test_cells_have_the_shades_of_their_values():
    drawn = picture(
        Cells(("a", "b"), ("c",), [[0, 1]]), x=Axis(kind="names", names=("a", "b")), y=Axis(kind="names", names=("c",))
    )
    colours = [one.get("fill") for one in parsed(drawn).iter(f"{SVG}rect")]
    assert {"#00224e", "#fee838"} <= set(colours)


def test_a_cell_without_a_value_is_hatched():
    names = {"x": Axis(kind="names", names=("a", "b")), "y": Axis(kind="names", names=("c",))}
    full, holed = (picture(Cells(("a", "b"), ("c",), [[0, last]]), **names) for last in (1, None))
    assert len(paths(holed, "muted")) == len(paths(full, "muted")) + 1


def test_numbers_in_cells():
    names = {"x": Axis(kind="names", names=("a", "b")), "y": Axis(kind="names", names=("c",))}
    assert {"0.3", "12.0"} <= set(texts(picture(Cells(("a", "b"), ("c",), [[0.31, 12]], digits=1), **names)))


def test_panels_stand_below_one_another_where_it_is_narrow():
    panels = [Panel([Line([0, 1], [0, 1])])] * 2
    wide = draw(panels, title="T", description="D", width=700)
    assert wide.at(300).height > 1.7 * wide.height


def test_panels_of_a_column_begin_at_the_same_x():
    wide_labels, narrow_labels = Axis(limits=(0, 100_000)), Axis(limits=(0, 1))
    drawn = draw(
        [Panel([Line([0, 1], [0, 1])], y=y) for y in (wide_labels, narrow_labels)],
        title="T",
        description="D",
        width=300,
    )
    starts = {part[0][0] for part in paths(drawn, "axis")}
    assert len(starts) == 1


@pytest.mark.parametrize("length", [60, 120, 200, 300, 700])
@pytest.mark.parametrize("limits", [(0, 2_000_000), (-0.0003, 0.0004), (0, 100_000), (0, 1), (1.0001, 1.0009)])
def test_labels_of_ticks_have_room(length, limits):
    axis = Axis(limits=limits)
    ticks = fitting_ticks(axis, axis.scale(()), length, upright=False)
    ends = [
        (length * place - measure(tick.label) / 2, length * place + measure(tick.label) / 2)
        for tick, place in zip(ticks, axis.scale(()).fractions([tick.value for tick in ticks]), strict=True)
    ]
    assert all(two[0] - one[1] >= 6 for one, two in pairwise(ends))
    assert ticks


def test_a_picture_says_what_it_is():
    root = parsed(picture(Line([0, 1], [0, 1])))
    assert root.get("role") == "img"
    assert [one.tag.removeprefix(SVG) for one in root][:2] == ["title", "desc"]
    assert [one.text for one in root][:2] == ["Synthetic", "Made up."]
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


def test_no_scripts_no_addresses_no_ids():
    drawn = str(picture(Line([0, 1], [0, 1], label="a"), Points([1], [1]), Region((0, 1), name="r")))
    assert "<script" not in drawn
    assert " id=" not in drawn
    assert "href" not in drawn
    assert drawn.count("http") == 1  # the name of SVG itself


def test_light_colours_are_attributes_too():
    for one in parsed(picture(Line([0, 1], [0, 1], label="a"), Points([1], [1]))).iter():
        names = (one.get("class") or "").split()
        assert not any(name.startswith("f-") for name in names) or one.get("fill", "").startswith("#")
        assert not any(name.startswith("l-") for name in names) or one.get("stroke", "").startswith("#")


def test_a_picture_without_panels():
    with pytest.raises(InputError, match="without panels"):
        draw([], title="T", description="D")


def test_an_axis_of_no_kind():
    with pytest.raises(InputError, match="polar"):
        picture(Line([0], [0]), x=Axis(kind="polar"))


def test_a_forest_plot_can_be_made_of_these_marks():
    # synthetic effects: what later figures need
    names = ("One 2001", "Two 2005", "Pooled")
    drawn = draw(
        Panel(
            [
                Rule(x=0),
                ErrorBars(names[:2], [-2.0, -9], [0.5, 1], flat=True),
                Points([-0.75, -1], names[:2], sizes=[4, 8], shape="square"),
                Polygon([-1.6, -0.9, -0.2, -0.9], [2, 1.7, 2, 2.3]),
            ],
            Axis("Mean difference (0 to 10)", limits=(-3, 2)),
            Axis(
                kind="names", names=names, beside=("−0.75 (−2.0 to 0.5)", "−1.0 (−9.0 to 1.0)", "−0.9 (−1.6 to −0.2)")
            ),
        ),
        title="Forest plot",
        description="Synthetic.",
    )
    assert set(names) <= set(texts(drawn))
    assert "−0.9 (−1.6 to −0.2)" in texts(drawn)
    assert len(arrowheads(drawn)) == 4  # one arrow, two squares, one diamond
