"""Does a dossier say what each value is, what speaks against it, and nothing twice?"""

import io
import re

import pytest
from rich.console import Console

from ketalit.review import load_review
from ketalit.show import dossier, to_rich


@pytest.fixture(scope="module")
def review():
    return load_review()


def shown(review, name, width=100):
    console = Console(width=width, file=io.StringIO())
    console.print(to_rich(dossier(review, review.find(name))))
    return " ".join(console.file.getvalue().split())


def test_numbers_of_a_dose_stand_with_their_unit(review):
    """The heading has the unit, as that of the table's column; "0.317" alone says nothing."""
    assert "Rate (mg/kg/h) 0.317" in shown(review, "sigtermans2009")


def test_a_direction_is_not_shown_as_if_it_held_at_every_time(review):
    """The trial favours ketamine over twelve weeks; in week 12 the difference was gone."""
    text = shown(review, "sigtermans2009")
    assert "favours intervention (of the primary outcome as the report states it; that need not hold at every" in text
    assert "12 weeks (the latest at which the primary outcome was measured)" in text


def test_what_another_report_of_the_study_gives_stands_below_a_conflict(review):
    text = shown(review, "sigtermans2009")
    assert re.search(r"0\.317 ≠ another value is given too .* Rate \(mg/kg/h\) 0\.286 in dahan2011 ", text)
    for name in review.records:
        values = dossier(review, review.records[name]).values
        for value in values:
            rivals = [one for one in values if one["field"] == value["field"] and one["origin"]]
            assert not value["conflict"] or len(rivals) > 1, (name, value["field"])


def test_what_does_not_apply_is_told_in_a_line_for_each_reason(review):
    text = shown(review, "morgan2012")
    assert text.count("does not apply to this design, narrative review") == 1
    for title in ("Randomised", "Washout", "Follow-up", "How harms were asked for"):
        assert text.count(title) == 1
    held = {value["field"] for value in dossier(review, review.find("morgan2012")).values}
    assert {"randomised", "washout"} <= held, "the data keep every field"


def test_the_claims_on_it_lead_to_their_reasons(review):
    assert "`ketalit claims K36` tells why." in shown(review, "morgan2012")
