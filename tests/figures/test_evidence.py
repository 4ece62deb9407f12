"""Questions: is every dot drawn once, where it belongs, told apart without colour, and can no words get out?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.figures.evidence import Cell, Dot, Kind, Words, dot_map, radius
from tests.figures.svg import SVG, coordinates, parsed, texts

KINDS = [Kind("better", "s0", "+"), Kind("equal", "s4", "="), Kind("worse", "s1", "−"), Kind("mixed", "s3", "±")]
KINDS.append(Kind("none", "muted"))
PLAIN = Words(sizes=())


def toy(dots, *, rows=2, columns=3, width=900.0, **more):
    return dot_map(
        dots,
        [(f"Row {at}", "") for at in range(rows)],
        [f"Column {at}" for at in range(columns)],
        kinds=more.pop("kinds", [*KINDS]),
        title="Toy",
        description="Synthetic.",
        legend=more.pop("legend", PLAIN),
        width=width,
        **more,
    )


def circles(picture):
    """The dots of the map as elements, without those of the legend (which have no tip)."""
    return [one for one in parsed(picture).iter(f"{SVG}g") if one.find(f"{SVG}title") is not None]


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("filled", [True, False, None])
def test_kinds_and_designs_differ_without_colour(kind, filled):
    looks = set()
    for one in range(5):
        for look in (True, False, None):
            (dot,) = circles(toy([Dot(row=0, column=0, kind=one, filled=look, size=20, tip="a")]))
            circle, *sign = dot.findall(f"{SVG}circle") + dot.findall(f"{SVG}path")
            shape = (
                "filled" if "stroke" not in circle.attrib else "ring",
                circle.get("stroke-dasharray"),
                tuple(part.get("d") for part in sign),
            )
            looks.add(shape)
    assert len(looks) == 15


def test_larger_studies_are_never_smaller():
    sizes = [radius(size) for size in (None, 1, 5, 20, 100, 1000, 10**7)]
    assert sizes == sorted(sizes)
    assert sizes[1] < sizes[4] < sizes[5] <= 21


@given(
    st.lists(
        st.builds(
            Dot,
            row=st.integers(0, 1),
            column=st.integers(0, 2),
            size=st.none() | st.integers(1, 100_000),
            filled=st.sampled_from([True, False, None]),
            kind=st.integers(0, 4),
            faint=st.booleans(),
            tip=st.text(min_size=1).map(lambda text: f"tip {text}"),
        ),
        max_size=40,
    ),
    st.sampled_from([320.0, 640.0, 1100.0]),
)
def test_every_dot_is_drawn_once_inside_the_picture(dots, width):
    picture = toy(dots, width=width)
    assert len(circles(picture)) == len(dots)
    for circle in parsed(picture).iter(f"{SVG}circle"):
        x, y, r = (float(circle.get(name)) for name in ("cx", "cy", "r"))
        assert r <= x <= width - r
        assert r <= y <= picture.height - r
    assert all(0 <= x <= width and 0 <= y <= picture.height for x, y in coordinates(picture))


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=30), st.sampled_from([320.0, 700.0]))
def test_dots_do_not_touch(sizes, width):
    picture = toy([Dot(row=0, column=1, size=size, tip="a") for size in sizes], width=width)
    dots = [tuple(float(one.find(f"{SVG}circle").get(name)) for name in ("cx", "cy", "r")) for one in circles(picture)]
    for at, (x, y, r) in enumerate(dots):
        for left, top, other in dots[at + 1 :]:
            assert ((x - left) ** 2 + (y - top) ** 2) ** 0.5 >= r + other - 0.1


def test_empty_cells_show_their_mark():
    cells = {(0, 0): Cell(empty="0", shaded=True), (0, 1): Cell(empty=""), (1, 2): Cell(empty="nil")}
    shown = texts(toy([], cells=cells))
    assert shown.count("nil") == 1
    assert shown.count("0") == 4  # where nothing is said, and (0, 0)
    narrow = " ".join(texts(toy([], cells=cells, width=320.0)))
    assert "nil: Column 2" in narrow


def test_hostile_words():
    bad = '<script>alert(1)</script>&"\x1b[31m\u202e'
    for width in (320.0, 900.0):
        picture = dot_map(
            [Dot(row=0, column=0, tip=bad)],
            [(bad, bad)],
            [bad],
            kinds=[Kind(bad, "s0", "+")],
            cells={(0, 0): Cell(note=bad)},
            legend=Words(filled=bad, shaded=bad),
            title=bad,
            description=bad,
            subtitle=bad,
            note=bad,
            width=width,
        )
        tree = parsed(picture)
        assert not list(tree.iter(f"{SVG}script"))
        assert "\u202e" not in picture.svg


@pytest.mark.parametrize(
    ("rows", "columns", "dot"),
    [(0, 3, None), (2, 0, None), (2, 3, Dot(row=2, column=0)), (2, 3, Dot(row=0, column=0, kind=9))],
)
def test_what_cannot_be_drawn_is_told(rows, columns, dot):
    with pytest.raises(InputError):
        toy([dot] if dot else [], rows=rows, columns=columns)


def test_it_can_be_laid_out_again():
    wide = toy([Dot(row=0, column=0, tip="a")])
    assert wide.at(320).width == 320
    assert wide.at(900).svg == wide.svg
