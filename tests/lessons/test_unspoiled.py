"""Lessons 1, 4 and 5 do not tell an answer before the learner has given one."""

import re
from pathlib import Path

import jupytext
import pytest

from ketalit.lessons import chain, gate, infusion
from ketalit.lessons.panel import Panel
from ketalit.lessons.question import bank, judge

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

NAMED = {  # what every wrong prediction is told: the right one
    ("01", "halve-magnesium"): "about doubles",
    ("01", "wrong-order"): "more enters",
    ("04", "double-rate"): "stays the same",
    ("04", "longer-run"): "longer after 24 hours",
    ("05", "how-much"): "about 6 %",
    ("05", "which-guess"): "receptor matters most",
    ("05", "which-link"): "relief cannot just follow",
}

TOLD = {  # phrases that would give a prediction away
    "01": ["doubles", "right order", "come first", "each alone", "only together", "forgotten"],
    "04": ["same time", "none comes to rest", "rate changes nothing", "context-sensitive", "more slowly", "gives drug back"],
    "05": [
        "6 %", "5.1 µM", "magnesium sits", "second longest", "receptor’s bar", "factor of twelve", "over weeks",
        "gone within days", "relief goes when", "slow step stands",
    ],
}  # fmt: skip


def prose(lesson: str, until: str) -> str:
    """What a learner reads above a heading without unfolding anything, as one line."""
    (path,) = NOTEBOOKS.glob(f"{lesson}-*.py")
    cells = [
        cell.source
        for cell in jupytext.read(path).cells
        if cell.cell_type == "markdown" and "instructor" not in cell.metadata.get("tags", [])
    ]
    above, found, _ = "\n".join(cells).partition(f"## {until}\n")
    assert found
    return " ".join(re.sub(r"<details>.*?</details>", " ", above, flags=re.DOTALL).split())


def notices(lesson: str) -> str:
    """What the panels of a lesson say above their pictures."""
    module = {"01": gate, "04": infusion, "05": chain}[lesson]
    panels = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Panel)]
    assert len(panels) >= 3
    return " ".join(f"{one.notice} {one.find}" for one in panels)


@pytest.mark.parametrize("lesson", ["01", "04", "05"])
def test_nothing_above_the_explanation_gives_a_prediction_away(lesson):
    read = f"{prose(lesson, 'Explain')} {notices(lesson)}".lower()
    right = [
        one["answer"]
        for item in bank(lesson).values()
        if item["kind"] == "predict"
        for one in item["answers"]
        if one["correct"] and one["answer"] != "which receptor"  # words that anybody would use
    ]
    assert right
    assert [phrase for phrase in [*right, *TOLD[lesson]] if phrase.lower() in read] == []


@pytest.mark.parametrize("lesson", ["01", "04", "05"])
def test_no_number_that_the_check_asks_for_is_printed_above_it(lesson):
    read = prose(lesson, "Check").replace("−", "-")
    asked = [item for item in bank(lesson).values() if item["type"] == "numeric"]
    assert asked
    for item in asked:
        printed = re.findall(rf"(-?\d[\d,.]*) {re.escape(item['unit'])}(?![\w/])", read)
        assert [one for one in printed if judge(item, float(one.replace(",", "").rstrip(".")))[0]] == []


@pytest.mark.parametrize(("lesson", "item"), NAMED)
def test_a_wrong_prediction_is_told_the_right_one(lesson, item):
    wrong = [one for one in bank(lesson)[item]["answers"] if not one["correct"]]
    assert len(wrong) >= 2
    assert [one["feedback"] for one in wrong if NAMED[lesson, item] not in one["feedback"]] == []
