"""Questions: does the table fit, say what it left out, and keep apart what must be kept apart?"""

import io

import pytest
from rich.console import Console

from ketalit.export import to_rich
from ketalit.export.terminal import fitting
from ketalit.fields import VIEWS
from ketalit.review import load_review
from ketalit.table import evidence_table, view_fields
from tests.synthetic_review import synthetic_review


def printed(review, width, **asked):
    console = Console(width=width, record=True, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(to_rich(evidence_table(review, **asked), width))
    return console.export_text(styles=False, clear=False), console.export_text(styles=True)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_fits(view, width):
    plain, _ = printed(load_review(), width, view=view)
    assert max(map(len, plain.splitlines())) <= width


def test_every_column_is_shown_or_named():
    plain, _ = printed(synthetic_review(), 80, view="full")
    words = " ".join(plain.split())
    for field in view_fields("full"):
        assert all(word in words for word in field.title.split()), field.title
    assert "Left out at this width" in words


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", range(20, 240, 7))
def test_no_benefit_without_its_harms_at_any_width(view, width):
    names = {field.name for field in fitting(view_fields(view), view, width)}
    assert "adverse_events" in names or not names & {"result", "primary_direction"}


def test_states_and_marks_are_told_apart():
    plain, styled = printed(synthetic_review(), 600, view="full")
    assert "no events (0/20)" in " ".join(plain.split())
    for state in ("n/r", "n/c", "n/a"):
        assert state in plain
    assert "RETRACTED" in plain
    assert "Beta 2014 ?" in plain
    assert "\x1b[9mDelta 2018" in styled  # SGR 9 is struck through
    assert "57 P" in plain
    assert "≠" in plain


def test_text_of_records_sends_no_codes():
    plain, _ = printed(synthetic_review(), 200, view="full")
    assert not set("\x1b\u202e") & set(plain)


def test_nothing_found_is_said_with_a_way_on():
    plain, _ = printed(synthetic_review(), 80, where="year=1800")
    assert "No study meets these conditions" in plain
    plain, _ = printed(synthetic_review(), 80, screened="maybe")
    assert "“maybe”" in plain
