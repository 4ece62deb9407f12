"""Questions, in a real browser: do words collide or leave the picture, whatever its width and however long the names?

Studies are synthetic.
"""

from dataclasses import replace

import pytest

from ketalit import pooling
from ketalit.figures import synthesis
from ketalit.figures.synthesis import ROB2, Study, Threshold, Total
from tests.figures.test_browser import collisions, page  # noqa: F401 - a fixture

LONG = "The multicentre collaborative double-blind placebo-controlled study group of Llanfairpwllgwyngyll"
JUDGED = ("low", "some concerns", "high", "", "low", "high")
THRESHOLD = Threshold(-10, 10, "a reader's threshold, with a source that is quite long and has to be wrapped")


def rows(count, *, long=False, judged=False):
    return [
        Study(
            f"{LONG if long and at % 3 == 0 else 'Author'} {1990 + at}",
            -20 + 3 * (at % 13),
            -40 + 3 * (at % 13),
            0 + 3 * (at % 13) + (500 if at == 4 else 0),
            1 / count,
            (str(at + 10), str(at + 11)) if judged else (),
            JUDGED if judged else (),
            ("oral", f"intravenous, {LONG}")[at % 2] if judged else "",
        )
        for at in range(count)
    ]


def pictures():
    total = Total("Pooled (REML, Knapp-Hartung)", -8, -20, 4, (-30, 14), "tau 11.5 (95 % CI 0.0 to 83.7); I² 67 %.")
    judged = {"headers": ("n ketamine", "n placebo"), "domains": tuple(ROB2)}
    parts = [Total("oral", -9, -30, 12, None, "tau 3; I² 10 %.")]
    favours = ("favours IV ketamine", "favours placebo")
    common = {"threshold": THRESHOLD, "favours": favours, "measure": "MD, points of 0 to 100", "title": LONG}
    yi, vi = [-1.3, -18.0, -27.7, 4.0], [60.0, 90.0, 49.0, 30.0]
    result = pooling.pool(yi, vi, measure="MD")
    names = ["A 2001", LONG, "C 2005", "D 2007"]
    effects = [pooling.Effect(study=n, yi=y, vi=v, measure="MD") for n, y, v in zip(names, yi, vi, strict=True)]
    means = {"n1": 1234.0, "mean1": -41.5, "sd1": 20.25, "n2": 30.0, "mean2": 148.0, "sd2": 122.0}
    with_means = [replace(effects[0], **means), *(replace(one, **means) for one in effects[1:3]), effects[3]]
    events = {"n1": 1234.0, "events1": 120.0, "n2": 30.0, "events2": 0.0}
    with_events = [replace(one, **events) for one in effects]
    lights = {"domains": tuple(ROB2), "judgements": [JUDGED] * 4}
    sides = ("intravenous racemic ketamine", LONG)
    return {
        "forest": synthesis.forest(rows(6), total, **common),
        "long names": synthesis.forest(rows(9, long=True, judged=True), total, groups=parts, **judged, **common),
        "means of groups": synthesis.forest_of(result, names, effects=with_means, favours=favours),
        "means, judged": synthesis.forest_of(result, names, effects=with_means, sides=sides, **lights),
        "events of groups": synthesis.forest_of(result, names, effects=with_events, sides=sides),
        "one": synthesis.forest(rows(1)),
        "sixty": synthesis.forest(rows(60, long=True), total, **common),
        "leave-one-out": synthesis.leave_one_out_of(pooling.leave_one_out(yi, vi, labels=names), result),
        "cumulative": synthesis.cumulative_of(pooling.cumulative(yi, vi, range(4), labels=names), result),
        "funnel": synthesis.funnel_of(result, names, filled=([10], [5.0])),
        "multiverse": synthesis.multiverse_of(pooling.multiverse(effects), own=-10.0, threshold=THRESHOLD),
        "traffic light": synthesis.traffic_light([(name, {"D1": "low", "All": "high"}) for name in names], title=LONG),
    }


@pytest.mark.parametrize("width", [340, 400, 640, 760, 1200])
def test_no_words_collide(page, width):  # noqa: F811 - the fixture
    found = {name: collisions(page, one.at(width)) for name, one in pictures().items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_judgements_stay_in_the_picture(page):  # noqa: F811 - the fixture
    for width in (340, 640, 1200):
        one = pictures()["long names"].at(width)
        page.set_content(f"<!doctype html><body>{one.svg}")
        edges = page.eval_on_selector(
            "svg",
            """svg => [...svg.querySelectorAll('circle')].map(one => {
                const box = one.getBoundingClientRect(), all = svg.getBoundingClientRect();
                return [box.left - all.left, all.right - box.right]; })""",
        )
        assert edges
        assert min(min(pair) for pair in edges) >= 0
