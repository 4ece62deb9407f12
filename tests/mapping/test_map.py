"""Questions: do the counts agree with what a person counts in extraction.csv, and is nothing lost or counted twice?"""

import csv

import pytest

from ketalit.errors import InputError
from ketalit.mapping import evidence_map
from ketalit.mapping.build import COUNTS
from ketalit.mapping.groups import AXES, REST, Condition, Route, Window
from ketalit.review import BUNDLED, load_review
from ketalit.table import evidence_table
from tests.synthetic_review import synthetic_review


@pytest.fixture(scope="module")
def bundled():
    return evidence_map(load_review())


@pytest.fixture(scope="module")
def synthetic():
    return evidence_map(synthetic_review())


# Counted by hand in extraction.csv and screening.csv: studies, randomised, people, harms told, not counted.
HAND = {
    ("CRPS", "IV, repeated or over days"): (6, 2, 60 + 26 + 33 + 48 + 16 + 6, 5, 1),
    ("CRPS", "IV, once"): (0, 0, 0, 0, 0),
    ("Cancer pain", "Oral"): (2, 2, 214 + 30, 0, 0),
    ("Cancer pain", "IM or SC"): (1, 1, 185, 1, 0),
    ("Chronic neuropathic pain", "Topical"): (4, 3, 462 + 208 + 92 + 28, 3, 0),
    ("Fibromyalgia", "IV, once"): (3, 2, 15 + 24 + 34, 2, 0),
    ("Headache and migraine", "Intranasal"): (2, 0, 169 + 23, 2, 0),
    ("Headache and migraine", "IV, once"): (0, 0, 0, 0, 1),
    ("Ischaemic pain", "IV, once"): (2, 2, 8 + 35, 1, 0),
    ("Depression and PTSD", "IV, once"): (0, 0, 0, 0, 4),
}


@pytest.mark.parametrize("place", HAND, ids=" x ".join)
def test_cells_counted_by_hand(bundled, place):
    cell = bundled.cells("condition", "route").loc[place]
    assert (cell.studies, cell.randomised, cell.people, cell.harms_reported, cell.beside) == HAND[place]


def test_directions_counted_by_hand(bundled):
    cell = bundled.cells("condition", "route").loc["Cancer pain", "Oral"]
    assert (cell.no_significant_difference, cell.favours_intervention, cell.no_direction) == (2, 0, 0)
    cell = bundled.cells("condition", "route").loc["CRPS", "IV, repeated or over days"]
    assert (cell.favours_intervention, cell.no_direction) == (2, 4)


def test_crps_is_the_studies_whose_condition_says_so(bundled):
    """Against the file itself, read without this package."""
    with (BUNDLED / "extraction.csv").open(encoding="utf-8") as file:
        named = {
            row["record"]
            for row in csv.DictReader(file)
            if row["field"] == "condition" and ("CRPS" in row["value"] or "complex regional" in row["value"].lower())
        }
    on_map = bundled.studies[bundled.studies.condition == "CRPS"].index
    reviews = set(bundled.left_out.index)
    second_report = {"dahan2011"}  # of sigtermans2009, says screening.csv
    assert second_report < named
    assert set(on_map) == named - reviews - second_report


def test_counts_agree_with_the_evidence_table(bundled):
    table = evidence_table(load_review())
    assert bundled.totals()["studies"] == table.totals.studies
    assert bundled.totals()["people"] == table.totals.people
    assert set(bundled.studies[bundled.studies.counted].index) == set(table.frame.index)


def test_every_study_of_the_review_is_on_the_map_or_named_with_a_reason(bundled):
    everything = evidence_table(load_review(), screened="all").frame.index
    assert sorted([*bundled.studies.index, *bundled.left_out.index]) == sorted(everything)
    assert (bundled.left_out.reason != "").all()


def test_gaps_counted_one_by_one(bundled):
    gaps = bundled.gaps("route")
    rows = [row for row in Condition if row not in REST and row not in bundled.background]
    columns = [column for column in Route if column not in REST]
    assert gaps.cells == len(rows) * len(columns) == 64
    with_trial = {
        (study.condition, study.route)
        for study in bundled.studies.itertuples()
        if study.counted and study.kind == "randomised" and study.condition in rows and study.route in columns
    }
    assert gaps.without_trial == 64 - len(with_trial) == 49


def test_what_the_review_left_out_is_background_whatever_is_asked_for(bundled):
    names = {"Postoperative and acute pain", "Opioid-induced hyperalgesia", "Depression and PTSD"}
    assert bundled.background == names
    assert evidence_map(load_review(), where="year=1800", followup="beyond").background == names
    assert evidence_map(load_review(), screened="all").background == frozenset()


def test_no_trial_is_followed_beyond_three_months(bundled):
    later = evidence_map(load_review(), followup="beyond")
    assert later.gaps().without_trial == later.gaps().cells == 64
    assert set(later.studies.followup) == {"Beyond 3 months"}
    assert later.columns("followup") == ["Beyond 3 months"]
    assert len(later.studies) + len(later.left_out) == len(bundled.studies) + len(bundled.left_out)


@pytest.mark.parametrize("by", [("condition",), ("condition", "route"), ("condition", "followup"), ()])
def test_cells_add_up_however_they_are_cut(bundled, by):
    cells = bundled.cells(*by)
    size = 1
    for axis in by or AXES:
        size *= len(AXES[axis])
    assert len(cells) == size
    assert {name: int(cells[name].sum()) for name in COUNTS} == bundled.totals()


def test_parts_add_up_to_studies(bundled):
    counts = bundled.cells()
    assert (counts.randomised + counts.not_randomised + counts.design_other == counts.studies).all()
    assert (counts.filter(like="harms_").sum(axis=1) == counts.studies).all()
    directions = ["favours_intervention", "no_significant_difference", "favours_comparator", "mixed", "no_direction"]
    assert (counts[directions].sum(axis=1) == counts.studies).all()


def test_reports_of_one_study_are_one_entry(synthetic):
    assert list(synthetic.studies.index).count("ALPHA") == 1
    assert not {"alpha2009", "alpha2012"} & set(synthetic.studies.index)
    assert synthetic.studies.loc["ALPHA", "people"] == 60  # randomised; not 58 or 57, and not twice


def test_retracted_is_never_on_the_map():
    for screened in ("include", "all"):
        found = evidence_map(synthetic_review(), screened=screened)
        assert "delta2018" not in found.studies.index
        assert found.left_out.loc["delta2018", "reason"] == "retracted"
        assert found.totals()["people"] < 500


def test_why_others_are_not_on_it(synthetic):
    reasons = synthetic.left_out.reason
    assert reasons["gamma2016"] == "narrative review"
    assert reasons["epsilon2020"] == "animals"
    assert "neither" in reasons["zeta2021"]


def test_what_fits_nothing_is_shown(synthetic):
    row = synthetic.studies.loc["beta2014"]  # its condition is a formula
    assert row.condition == Condition.NOT_PLACED
    assert "no rule fits" in row.condition_why
    assert Condition.NOT_PLACED in synthetic.rows()
    assert Condition.NOT_PLACED not in synthetic.asked("route")[0]


def test_other_decisions_are_shown_and_not_counted():
    found = evidence_map(synthetic_review(), screened="maybe")
    assert found.totals()["studies"] == 0
    assert found.totals()["beside"] == len(found.studies) > 0
    assert evidence_map(synthetic_review(), screened="all").totals()["beside"] == 0


def test_an_empty_map_is_whole_and_typed(bundled):
    empty = evidence_map(load_review(), where="year=1800")
    assert empty.studies.empty
    assert (empty.studies.dtypes == bundled.studies.dtypes).all()
    assert empty.gaps("followup").without_study == empty.gaps("followup").cells == 32
    assert len(empty.cells()) == len(bundled.cells())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"followup": "months"}, "1 week to 3 months"),
        ({"screened": "included"}, "Did you mean “include”"),
        ({"where": "yeer>2000"}, "year"),
    ],
)
def test_unknown_words_are_explained(asked, said):
    with pytest.raises(InputError, match=said):
        evidence_map(load_review(), **asked)


def test_an_unknown_axis_is_explained(bundled):
    for ask in (bundled.cells, bundled.gaps, bundled.columns):
        with pytest.raises(InputError, match="Did you mean “route”"):
            ask("rute")


@pytest.mark.parametrize("followup", ["", *Window])
@pytest.mark.parametrize("where", ["year>=2000", "n_total<50", "design=crossover RCT", "route~oral"])
def test_a_narrower_question_never_fills_a_gap(bundled, followup, where):
    part = evidence_map(load_review(), followup=followup, where=where)
    assert set(part.studies.index) < set(bundled.studies.index)
    assert part.gaps().cells == bundled.gaps().cells
    assert part.gaps().without_trial >= bundled.gaps().without_trial
    assert (part.cells().studies <= bundled.cells().studies).all()
