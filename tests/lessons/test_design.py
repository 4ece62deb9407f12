"""Capstone: are the counts those of the review, and does the page hold what its codes say, on any review?"""

import math
import shutil
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from xml.etree import ElementTree

import pytest

from ketalit import lessons
from ketalit.errors import InputError
from ketalit.lessons.chosen import REVIEW
from ketalit.lessons.design import (
    CHECK_LIST,
    OWN_SD,
    Design,
    StudyPage,
    panel_of,
    panels_by_name,
    window_of,
)
from ketalit.lessons.panel import Panel
from ketalit.lessons.question import Check, Predict, bank
from ketalit.mapping import evidence_map
from ketalit.pooling import people_needed
from ketalit.review import BUNDLED, load_review


def panel_with_a_name(one):
    return isinstance(one, type) and issubclass(one, Panel) and "name" in vars(one)


def described(panel):
    root = ElementTree.fromstring(panel.view.svg)
    return root.findtext("{http://www.w3.org/2000/svg}desc")


# --- the panel -------------------------------------------------------------------------------------------------------


def test_the_sd_is_that_of_the_row_in_effects_csv():
    panel = Design()
    row = next(one for one in load_review(BUNDLED).effects if one.study == "sigtermans2009" and one.mean1 == 26.8)
    pooled = math.sqrt((row.sd1**2 + row.sd2**2) / 2)  # both groups have 30 people
    assert panel._result.sd == pytest.approx(pooled)
    assert "PMID:40819842" in panel.twin() or any("PMID:40819842" in words for words, _ in panel.sources)


def test_the_counts_are_those_of_the_map():
    panel = Design()
    counts = evidence_map(load_review(BUNDLED)).cells("condition")
    for condition in panel.held.conditions:
        panel.condition.value = condition
        row = counts.loc[(condition,)] if (condition,) in counts.index else counts.loc[condition]
        known = panel._result.known
        assert (known.counted, len(known.randomised)) == (int(row.studies), int(row.randomised))


def test_half_the_difference_takes_four_times_the_people():
    panel = Design(difference=10)
    ten = panel._result.people
    panel.difference.value = 5
    assert panel._result.people / ten == pytest.approx(4, rel=0.02)


def test_lost_people_are_made_up_for():
    panel = Design(lost=20)
    assert panel._result.enrolled == math.ceil(2 * panel._result.people / 0.8)


def test_an_sd_without_a_source_is_called_that():
    panel = Design(spread=OWN_SD)
    assert "SD 25, no source" in panel.seen()
    assert panel._result.careful is None


def test_milligrams_are_rate_times_time_times_weight():
    assert Design(rate=0.35, length=4, days=10)._result.milligrams == pytest.approx(0.35 * 70 * 4 * 10)


@pytest.mark.parametrize(
    ("weeks", "window"), [(1, "Up to 1 week"), (2, "1 week to 3 months"), (13, "1 week to 3 months"),
                          (14, "Beyond 3 months")]
)  # fmt: skip
def test_weeks_lie_in_the_windows_of_the_map(weeks, window):
    assert window_of(weeks) == window


@pytest.mark.parametrize(
    "settings",
    [
        {"difference": 50, "power": 50, "lost": 0},
        {"difference": 1, "power": 99, "lost": 50},
        {"rate": 0, "days": 1, "length": 0.1},
        {"rate": 2, "days": 1, "length": 168, "weeks": 52},
        {"spread": OWN_SD, "own": 60, "condition": "Headache and migraine"},
    ],
)
def test_extremes_draw_and_stay_short(settings):
    panel = Design()
    panel.set(**settings)
    assert described(panel) == panel.seen()
    assert "nan" not in panel.view.svg
    assert len(panel.seen().split()) <= 45


def test_infusions_that_overlap_are_refused_in_words():
    panel = Design()
    panel.set(days=5, length=30)
    assert "overlap" in panel.seen()


@pytest.mark.parametrize("preset", [one.name for one in Design.presets])
def test_every_example_draws_and_has_a_source(preset):
    panel = Design()
    panel.example.value = preset
    assert described(panel) in panel.seen()
    assert next(one.source for one in Design.presets if one.name == preset)


def test_codes_bring_a_plan_back():
    first, second = Design(), Design()
    first.set(condition="Fibromyalgia", comparator="active placebo", weeks=12, difference=15, spread=OWN_SD)
    second.restore(first.code)
    assert second.seen() == first.seen()


# --- another review --------------------------------------------------------------------------------------------------


def test_a_review_without_effects_asks_for_an_sd_of_ones_own(monkeypatch):
    monkeypatch.setenv(REVIEW, str(BUNDLED.parent / "synthetic-refresh"))
    panel = Design()
    assert panel.spread.value == OWN_SD
    assert "0 studies" in panel.seen()
    assert "no study of this condition" in " ".join(panel.view.svg.split())
    assert "No study of this condition" in StudyPage(["design"]).html()


def test_a_copy_of_a_review_with_less_in_it_is_what_is_shown(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    shutil.copytree(BUNDLED, folder)
    (folder / "effects.csv").unlink()
    monkeypatch.setenv(REVIEW, str(folder))
    panel = Design()
    assert panel.spread.value == OWN_SD
    assert "CRPS: 8 studies" in panel.seen()


# --- the page --------------------------------------------------------------------------------------------------------


def test_every_panel_of_the_lessons_can_go_on_the_page():
    known = panels_by_name()
    assert {"design", "drip", "tornado", "outlasts", "doses", "forest", "gaps"} <= set(known)
    for name, kind in known.items():
        assert isinstance(panel_of(name), kind)


def test_no_panel_of_any_lesson_is_forgotten():
    """Every file is read, also those that a lesson's folder does not show."""
    files = [import_module(one.name) for one in walk_packages(lessons.__path__, "ketalit.lessons.")]
    written = {one.name for file in files for one in vars(file).values() if panel_with_a_name(one)}
    assert written == set(panels_by_name())


def test_the_page_says_what_the_panels_say():
    plan = Design(difference=20, condition="Fibromyalgia")
    page = StudyPage([plan.code, "outlasts~day=30"])
    html = page.html()
    assert plan.seen() in html
    assert plan.code in html
    assert "Day 30:" in html
    assert "Noppers 2011" in html  # a study of fibromyalgia
    assert "Teaching model, not for dosing patients" in html
    assert "<script" not in html


def test_a_code_that_is_none_is_left_out_and_said():
    page = StudyPage(["design", "desing~x=1", "design~nothing=1"])
    assert "1 panel on the page" in page.seen()
    assert "desing~x=1" in page.seen()
    assert "did you mean" in page.seen().lower()


def test_answers_and_ticks_go_on_the_page_and_are_harmless():
    page = StudyPage()
    page.answer("question", "<script>alert(1)</script> [x](javascript:y)")
    page.answer("team", "B & C")
    page.tick("harms", "size")
    assert "<script>" not in page.html()
    assert "&lt;script&gt;" in page.html()
    assert "by B &amp; C" in page.html()
    assert r"\[x\](javascript" in page.markdown()  # its brackets are no link any more
    assert page.markdown().count("- [x]") == 2
    assert f"2 of {len(CHECK_LIST)} ticked" in page.seen()


def test_what_is_not_asked_cannot_be_answered():
    page = StudyPage()
    with pytest.raises(InputError, match="did you mean “question”"):
        page.answer("questoin", "?")
    with pytest.raises(InputError, match="no item"):
        page.tick("nothing")


def test_the_page_is_saved_as_its_ending_says(tmp_path):
    page = StudyPage(["design"])
    assert Path(page.save(tmp_path / "a.html")).read_text(encoding="utf-8") == page.html()
    assert (page.save(tmp_path / "a.md")).read_text(encoding="utf-8") == page.markdown()
    with pytest.raises(InputError, match="cannot be saved"):
        page.save(tmp_path / "a.pdf")


def test_the_button_and_the_links_make_the_same_page():
    page = StudyPage()
    page.codes.value = "design~difference=25"
    page.make.click()
    assert "difference=25" in page.html()
    assert 'download="study-plan.html"' in page.told.value
    assert 'download="study-plan.md"' in page.told.value


def test_without_a_kernel_the_list_can_be_read():
    assert CHECK_LIST["masking"] in StudyPage().twin()


# --- questions -------------------------------------------------------------------------------------------------------


def test_the_prediction_locks_the_panel():
    predict = Predict("10", "how-many", Design())
    assert predict.locked
    right = next(at for at, one in enumerate(bank("10")["how-many"]["answers"]) if one["correct"])
    predict.answer(right, confidence=40)
    predict.compare.click()
    assert "117 by the t-test" in predict.seen()
    assert Design()._result.people == 117


def test_the_key_of_the_check_agrees_with_the_sums():
    assert people_needed(20, Design()._result.sd, 0.8) == 30
    assert 0.51 * math.sqrt(30) * 10 == pytest.approx(27.93385, abs=0.01)  # as in effects.csv
    check = Check("10")
    for item, answer in {"halve": 1, "largest": 20, "which-sd": 1, "masking": [0, 1, 2], "another-study": 1}.items():
        check.questions[item].answer(answer)
    assert "5 of 5 answered rightly" in check.seen()
    assert all(one["feedback"] for asked in check.questions.values() for one in asked.item["answers"])
