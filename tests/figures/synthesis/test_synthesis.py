"""Questions: do the pictures show the numbers they were given, wherever these lie, and refuse what they cannot show?

Studies are synthetic, unless they are those of Cochrane's review CD015373 (analysis 1.1), whose result was published.
"""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit import pooling
from ketalit.errors import InputError
from ketalit.figures import synthesis
from ketalit.figures.synthesis import Study, Threshold, Total
from ketalit.figures.synthesis.telling import Telling
from tests.figures.svg import SVG, coordinates, parsed, paths, texts

NAMES = ["Lumanauw 2019", "Noppers 2011", "Sigtermans 2009"]
YI, VI = [-1.266102, -18.0, -27.7], [60.156656, 90.0, 49.05]
CLASSIC = pooling.pool(YI, VI, "DL", "wald", measure="MD")
finite = st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.lists(st.tuples(finite, finite, finite, st.floats(0, 1)), min_size=1, max_size=8)


def inside(picture):
    return all(
        -1 <= x <= picture.width + 1 and -1 <= y <= picture.height + 1 and math.isfinite(x + y)
        for x, y in coordinates(picture)
    )


def spoken(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_published_result_of_cochrane_is_what_the_forest_plot_says():
    # CD015373.pub2, analysis 1.1: MD -15.79 (-32.09 to 0.51)
    said = synthesis.forest_of(CLASSIC, NAMES).description
    found = re.search(r"Pooled \(DL, Wald\): (\S+) \(95 % CI (\S+) to (\S+)\)", said)
    assert found
    assert [spoken(one) for one in found.groups()] == pytest.approx([-15.79, -32.09, 0.51], abs=0.05)
    weights = [float(one) for one in re.findall(r"weight ([\d.]+) %", said)]
    assert sum(weights) == pytest.approx(100, abs=0.15)
    assert weights == pytest.approx([100 * one for one in CLASSIC.weights], abs=0.05)


def test_every_number_of_the_description_can_be_read_in_the_picture():
    picture = synthesis.forest_of(CLASSIC, NAMES, measure="MD, points of 0 to 100")
    words = texts(picture)
    for name, effect, interval, weight in re.findall(
        r"^(.+?): (\S+) \(95 % CI ([^)]*)\), weight (\S+ %)\.", picture.description, re.MULTILINE
    ):
        assert {name, effect, interval, weight} <= set(words)
    narrow = " ".join(texts(picture.at(360))).replace("\u00a0", " ")
    assert "−15.8 (−32.1 to 0.5)" in narrow


def groups(**more):
    """The three trials with the numbers of their groups, as Cochrane's analysis 1.1 prints them."""
    printed = [(59, 60.033898, 38.030326, 30, 61.3, 32.7), (12, 56, 31.176915, 12, 74, 10.392305)]
    printed.append((30, 26.8, 27.93385, 30, 54.5, 26.290683))
    names = ("n1", "mean1", "sd1", "n2", "mean2", "sd2")
    effects = [
        pooling.Effect(study=study, yi=y, vi=v, measure="MD", **dict(zip(names, numbers, strict=True)))
        for study, y, v, numbers in zip(NAMES, YI, VI, printed, strict=True)
    ]
    return [*effects[:2], replace(effects[2], **more)]


@pytest.mark.parametrize("width", [760, 1200])
def test_the_numbers_of_both_groups_stand_left_of_the_axis(width):
    """As RevMan has them: people, mean and SD of both groups, and how many people there are in all."""
    picture = synthesis.forest_of(CLASSIC, NAMES, effects=groups(), sides=("ketamine", "placebo"), width=width)
    shown = {one.text: float(one.get("x")) for one in parsed(picture).iter(f"{SVG}text") if one.get("x")}
    for cell in ("59", "60.0 (38.0)", "12", "74.0 (10.4)", "54.5 (26.3)", "101", "72", "ketamine", "mean (SD)"):
        assert shown[cell] < shown["0"], cell
    assert shown["59"] < shown["60.0 (38.0)"] < shown["61.3 (32.7)"] < shown["Weight"]
    said = picture.description.splitlines()
    assert said[0].endswith("; ketamine n 59, mean (SD) 60.0 (38.0); placebo n 30, mean (SD) 61.3 (32.7).")
    assert said[3].endswith("0.5); ketamine n 101; placebo n 72.")
    narrow = " ".join(texts(picture.at(360))).replace("\u00a0", " ")
    assert "ketamine n 12, mean (SD) 56.0 (31.2)" in narrow


def test_what_a_group_lacks_is_not_reported():
    some = groups(mean1=None, sd1=None, mean2=None, sd2=None, n2=None)
    picture = synthesis.forest_of(CLASSIC, NAMES, effects=some)
    assert texts(picture).count("not reported") == 2
    assert "72" not in texts(picture)  # of one group nobody knows how many there were
    assert "Group 1 n 30, mean (SD) not reported; Group 2 mean (SD) not reported." in picture.description
    none = synthesis.forest_of(CLASSIC, NAMES, effects=[pooling.Effect(study="A", yi=0.0, vi=1.0)] * 3)
    assert none.svg == synthesis.forest_of(CLASSIC, NAMES).svg


def test_names_of_groups_cannot_break_the_picture():
    picture = synthesis.forest_of(CLASSIC, NAMES, effects=groups(), sides=("<b>\x1b[31m & co", "x\u202ey" * 60))
    assert inside(picture)
    assert "\x1b" not in picture.svg + picture.description
    assert "\u202e" not in picture.svg + picture.description
    assert any("<b>" in one for one in texts(picture))  # as words, in XML that can be read


def test_events_of_groups():
    some = [pooling.Effect(study="A", yi=0.1, vi=1.0, n1=30, events1=0, n2=15, events2=2.5)] * 3
    picture = synthesis.forest_of(CLASSIC, NAMES, effects=some)
    assert {"0 / 30", "2.5 / 15", "0 / 90", "7.5 / 45", "events / n"} <= set(texts(picture))


def test_squares_lie_where_the_axis_says():
    """Places on the axis follow from two ticks; squares, the diamond and the line of no effect have to agree."""
    picture = synthesis.forest([Study("A", 2, 1, 3, 0.5), Study("B", 6, 5, 7, 0.5)], Total("All", 4, 2, 8))
    ticks = {
        spoken(one.text): float(one.get("x"))
        for one in parsed(picture).iter(f"{SVG}text")
        if one.text in {"0", "4", "8"}
    }
    scale = (ticks[8] - ticks[0]) / 8
    squares = [points for points in paths(picture, "s0") if len(points) == 4]
    middles = [sum(x for x, _ in points) / 4 for points in squares]
    assert middles == pytest.approx([ticks[0] + 2 * scale, ticks[0] + 6 * scale], abs=0.1)
    (diamond,) = [points for points in paths(picture, "s1") if len(points) == 4]
    assert [x for x, _ in diamond] == pytest.approx([ticks[0] + v * scale for v in (2, 4, 8, 4)], abs=0.1)


def test_areas_of_squares_are_as_their_weights():
    picture = synthesis.forest([Study("A", 0, -1, 1, 0.8), Study("B", 0, -2, 2, 0.2)])
    sides = [points[1][0] - points[0][0] for points in paths(picture, "s0") if len(points) == 4]
    assert (sides[0] / sides[1]) ** 2 == pytest.approx(4, rel=0.01)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.integers(300, 1300), st.booleans())
def test_any_finite_effects_draw(rows, width, ratio):
    ordered = [(sorted(row[:3]), row[3]) for row in rows]
    if ratio:
        ordered = [([abs(one) or 1.0 for one in ends], weight) for ends, weight in ordered]
        ordered = [(sorted(ends), weight) for ends, weight in ordered]
    studies = [Study(f"Toy {at}", ends[1], ends[0], ends[2], weight) for at, (ends, weight) in enumerate(ordered)]
    total = Total("All", *(studies[0].estimate, studies[0].low, studies[0].high), (studies[0].low, studies[0].high))
    assert inside(synthesis.forest(studies, total, width=width, ratio=ratio))
    assert inside(synthesis.leave_one_out(studies, total, width=width, ratio=ratio))
    assert inside(synthesis.cumulative(studies, width=width, ratio=ratio))
    columns = [[getattr(one, name) for one in studies] for name in ("estimate", "low", "high")]
    choices = {"estimator": ["FE" if at % 2 else "REML" for at in range(len(studies))]}
    assert inside(synthesis.multiverse(*columns, choices, width=width))
    errors = [abs(one.high) / 10 or 1.0 for one in studies]
    assert inside(synthesis.funnel(columns[0], errors, width=width, ratio=ratio, pooled=columns[0][0]))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1e-6, 1e6)), min_size=1, max_size=12))
def test_whatever_pooling_gives_is_said_as_it_is(data):
    yi, vi = zip(*data, strict=True)
    result = pooling.pool(yi, vi)
    picture = synthesis.forest_of(result, [f"Toy {at}" for at in range(len(yi))])
    assert inside(picture)
    half = 1.959963984540054
    tell = Telling.of([2 * half * math.sqrt(v) for v in vi])
    for at, (y, v) in enumerate(data):
        low, high = tell.tell(y - half * math.sqrt(v)), tell.tell(y + half * math.sqrt(v))
        assert f"Toy {at}: {tell.tell(y)} (95 % CI {low} to {high})" in picture.description


@given(st.text(), st.text())
@settings(deadline=None, max_examples=40)
def test_text_is_text_wherever_it_stands(name, title):
    picture = synthesis.forest(
        [Study(name, 1, 0, 2, 1.0, (name,), group=title)], headers=(title,), title=title, note=name
    )
    parsed(picture)
    parsed(synthesis.traffic_light([(name, {})], title=title))
    parsed(synthesis.multiverse([1, 2], [0, 1], [2, 3], {title: [name, "other"]}, measure=name))


def test_ratios_stand_on_a_logarithmic_axis_and_are_said_as_ratios():
    result = pooling.pool([math.log(0.5), math.log(2)], [0.04, 0.04], "FE", "wald", measure="RR")
    picture = synthesis.forest_of(result, ["A", "B"])
    assert "A: 0.50 (95 % CI 0.34 to 0.74)" in picture.description
    left, right = [points for points in paths(picture, "s0") if len(points) == 4]
    one = next(float(text.get("x")) for text in parsed(picture).iter(f"{SVG}text") if text.text in {"1", "1.0"})
    assert one - left[0][0] == pytest.approx(right[1][0] - one, abs=0.2)  # half and double are as far from 1


def test_what_runs_out_of_the_axis_ends_in_an_arrow():
    rows = [Study("wide", 0, -50, 50, 0.5), Study("beyond", 90, 80, 95, 0.5)]
    picture = synthesis.forest(rows, limits=(-10, 10))
    heads = [points for points in paths(picture, "ink") if len(points) == 3]
    assert len(heads) == 3  # both ends of the first, the side the second lies on


def test_nothing_estimable_is_said_and_not_drawn():
    picture = synthesis.forest([Study("none", math.nan, math.nan, math.nan, 0.0), Study("A", 0, -1, 1, 1.0)])
    assert "none: not estimable (95 % CI not estimable)" in picture.description
    assert len([points for points in paths(picture, "s0") if len(points) == 4]) == 1


def test_the_prediction_interval_has_a_row_of_its_own():
    yi, vi = [0.1, 0.4, -0.2, 0.6, 0.3], [0.02] * 5
    result = pooling.pool(yi, vi)
    low, high = result.prediction_interval
    said = synthesis.forest_of(result, list("ABCDE")).description
    found = re.search(r"Prediction interval: (\S+) to (\S+)\.\n", said)
    assert [spoken(one) for one in found.groups()] == pytest.approx([low, high], abs=0.005)


def test_sections_keep_their_studies_and_their_result():
    yi, vi, groups = [0.1, 0.2, 0.6, 0.7], [0.01] * 4, ["oral", "IV", "oral", "IV"]
    found = pooling.subgroups(yi, vi, groups, "FE", "wald")
    picture = synthesis.forest_of(
        pooling.pool(yi, vi, "FE", "wald"), list("ABCD"), groups=groups, of_groups=found.groups
    )
    lines = [line.split(":")[0].rstrip(".") for line in picture.description.splitlines()]
    assert lines[:3] == ["oral", "A", "C"]
    assert lines.index("IV") < lines.index("B") < lines.index("D") < lines.index("IV, pooled")
    assert "IV, pooled: 0.45" in picture.description  # (0.2 + 0.7) / 2


def test_a_threshold_is_shaded_and_its_source_printed():
    picture = synthesis.forest([Study("A", 0, -1, 1)], threshold=Threshold(-0.5, 0.5, "Toy source 2004"))
    assert "Toy source 2004" in " ".join(texts(picture))
    assert "Toy source 2004" in picture.description
    shaded = [one for one in parsed(picture).iter(f"{SVG}rect") if "f-s4" in one.get("class", "")]
    assert len(shaded) == 1


def test_judgements_have_a_shape_and_a_name_each():
    picture = synthesis.traffic_light([("Toy A", dict.fromkeys(["D1"], "low") | {"D2": "some concerns", "D3": "high"})])
    tips = [one.text for one in parsed(picture).iter(f"{SVG}title")][1:]
    assert tips[:4] == [
        "Toy A, D1: low risk",
        "Toy A, D2: some concerns",
        "Toy A, D3: high risk",
        "Toy A, D4: not assessed",
    ]
    signs = {one.get("d") for one in parsed(picture).iter(f"{SVG}path") if one.get("transform")}
    rings = [one for one in parsed(picture).iter(f"{SVG}circle") if one.get("stroke-dasharray")]
    assert len(signs) == 3
    assert len([one for one in rings if one.find(f"{SVG}title").text.startswith("Toy A")]) == 3


def test_nobody_has_judged_is_said():
    assert "Nobody has assessed these results yet." in synthesis.traffic_light([("A", {}), ("B", {})]).description


def test_a_funnel_of_few_says_that_nothing_can_be_read_from_it():
    few = synthesis.funnel([0.1] * 9, [0.1] * 9)
    enough = synthesis.funnel([0.1] * 10, [0.1] * 10)
    assert "fewer than 10" in few.description
    assert "fewer than 10" in " ".join(texts(few))
    assert "fewer than 10" not in enough.description


def test_contours_pass_where_p_is_what_they_say():
    picture = synthesis.funnel([0.0], [1.0])
    middles = [one for one in parsed(picture).iter(f"{SVG}text") if one.get("text-anchor") == "middle"]
    ticks = {spoken(one.text): float(one.get("x")) for one in middles if re.fullmatch(r"−?[\d.]+", one.text)}
    slivers = [points for points in paths(picture, "muted") if len(points) == 3]
    depth = max(y for points in slivers for _, y in points)
    last = max(ticks)
    scale = (ticks[last] - ticks[0]) / last
    ends = sorted({round((x - ticks[0]) / scale / 1.06, 3) for points in slivers for x, y in points if y == depth})
    # two-sided p of 0.10, 0.05 and 0.01
    assert [one for one in ends if one > 0] == pytest.approx([1.645, 1.960, 2.576], abs=0.01)


def test_a_multiverse_counts_as_pooling_does():
    effects = [pooling.Effect(study=name, yi=y, vi=v, measure="MD") for name, y, v in zip(NAMES, YI, VI, strict=True)]
    found = pooling.multiverse(effects)
    picture = synthesis.multiverse_of(found)
    assert picture.description.startswith(f"{len(found.table)} universes")
    share = 100 * found.table["excludes_zero"].mean()
    assert f"excludes 0 in {share:.0f} % of them" in picture.description
    assert "left out: Noppers 2011" in texts(picture)
    ticks = [one.get("d").count("M") for one in parsed(picture).iter(f"{SVG}path") if "l-s1" in one.get("class", "")]
    assert sum(ticks) == len(found.table)  # one interval was chosen in each universe


def test_of_very_many_universes_as_many_as_can_be_seen_are_drawn():
    values = np.linspace(-1, 1, 10_000)
    choice = {"estimator": ["FE", "REML"] * 5000}
    picture = synthesis.multiverse(values, values - 1, values + 1, choice)
    assert "10,000 universes, estimates from −1.00 to 1.00" in picture.description
    assert "400 of 10,000 universes are drawn" in " ".join(texts(picture))
    assert len(picture.svg) < 200_000


def test_sets_of_trials_become_a_row_for_each_trial():
    effects = [pooling.Effect(study=f"T{at}", yi=at, vi=1.0, measure="MD") for at in range(5)]
    picture = synthesis.multiverse_of(pooling.multiverse(effects, inclusion="subsets"))
    assert {f"left out: T{at}" for at in range(5)} <= set(texts(picture))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: synthesis.forest([]), "without rows"),
        (lambda: synthesis.forest([Study("A", 5, 0, 1)]), "does not hold the estimate"),
        (lambda: synthesis.forest([Study("A", 0, -1, 1, cells=("1",))]), "1 cells"),
        (lambda: synthesis.forest([Study("A", 0, -1, 1, judgements=("fine",))], domains=("D1",)), "no judgement"),
        (lambda: synthesis.forest([Study("A", 0, -1, 1)], groups=[Total("B", 0, -1, 1)]), "no study is in the group"),
        (lambda: synthesis.funnel([], []), "without studies"),
        (lambda: synthesis.funnel([1], [0]), "standard error is 0"),
        (lambda: synthesis.funnel([1], [1, 2]), "2 standard errors"),
        (lambda: synthesis.multiverse([], [], [], {}), "without universes"),
        (lambda: synthesis.multiverse([1], [0], [2], {"a": []}), "different length"),
        (lambda: synthesis.traffic_light([]), "without results"),
        (lambda: synthesis.traffic_light([("A", {"D9": "low"})]), "no domain is"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, what):
    with pytest.raises(InputError, match=re.escape(what)):
        make()


def test_the_same_data_give_the_same_bytes():
    assert synthesis.forest_of(CLASSIC, NAMES).svg == synthesis.forest_of(CLASSIC, NAMES).svg
