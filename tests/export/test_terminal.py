"""Questions: does the table fit, say what it left out, and keep apart what must be kept apart?"""

import io

import pytest
from rich.console import Console
from rich.text import Text

from ketalit.export import to_rich
from ketalit.export.terminal import _spans, fitting
from ketalit.fields import VIEWS
from ketalit.review import load_review
from ketalit.table import evidence_table, view_fields
from tests.synthetic_review import synthetic_review


def printed(review, width, most=0, **asked):
    console = Console(width=width, record=True, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(to_rich(evidence_table(review, **asked), width, most=most))
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


def test_columns_of_ones_own_fit_in_their_order():
    plain, _ = printed(load_review(), 80, columns="study,dose,n_total,followup")
    assert plain.splitlines()[1].split() == ["Study", "Dose", "as", "given", "n", "Follow-up"]
    assert max(map(len, plain.splitlines())) <= 80
    plain, _ = printed(load_review(), 60, columns="design,dose,duration,result")
    assert "Left out at this width: Duration, Result, Adverse events" in " ".join(plain.split())


def test_a_cut_is_told_with_the_way_to_the_rest():
    whole, _ = printed(synthetic_review(), 120)
    few, _ = printed(synthetic_review(), 120, most=2)
    assert "theta2023" in few
    assert "delta2018" in few
    assert "ALPHA" not in few
    assert "First 2 of 6 studies" in few
    assert "--rows 0" in few
    assert "5 studies (6 reports)" in few  # the totals are those of the table
    assert "First" not in whole


def test_a_file_gets_the_lines_of_a_terminal_without_styles():
    table = evidence_table(load_review(), view="full")
    shown = []
    for terminal in (True, False):
        console = Console(width=100, file=io.StringIO(), force_terminal=terminal, highlight=False)
        console.print(to_rich(table, 100))
        shown.append(console.file.getvalue())
    lines = [Text.from_ansi(shown[0]).plain.splitlines(), shown[1].splitlines()]
    assert [line.rstrip() for line in lines[0]] == [line.rstrip() for line in lines[1]]
    assert "\x1b" not in shown[1]


@pytest.mark.parametrize("width", [1, 2, 5, 16, 40])
@pytest.mark.parametrize(
    "text",
    [
        "n = 60",
        "diabetic, post-herpetic or post-traumatic neuralgia",
        "chemotherapy-induced",
        "漢字 とカナ abc",
        "à é ñ",
        "",
    ],
)
def test_texts_break_where_rich_breaks_them(text, width):
    if width == 1 and not text.isascii():
        pytest.skip("a letter of two columns does not fit into one")
    console = Console(width=width)
    lines = [line.plain.rstrip() for line in Text(text, overflow="fold").wrap(console, width)]
    assert [text[start:end].rstrip() for start, end in _spans(text, width)] == [line for line in lines if line]


def test_the_command_cuts_in_a_terminal_only(ketalit, monkeypatch):
    asked = ("table", "-r", "bundled", "--screened", "all", "--columns", "design,n_total")
    _, whole, _ = ketalit(*asked)
    total = len(evidence_table(screened="all"))
    assert "First" not in whole
    assert "First 3 of" in ketalit(*asked, "--rows", "3")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, cut, _ = ketalit(*asked)
    assert f"First 100 of {total} studies" in Text.from_ansi(cut).plain
    assert "First" not in Text.from_ansi(ketalit(*asked, "--rows", "0")[1]).plain


def test_the_command_says_what_is_wrong_with_a_choice_of_columns(ketalit):
    for asked, said in (
        (("--columns", "design,n"), "Did you mean “n_total”?"),
        (("--columns", "design", "--view", "full"), "both a view and columns"),
        (("--sort", "n"), "Did you mean “n_total”?"),
        (("--where", "followup>=12 wk"), '"wk" is not a unit'),
    ):
        code, out, err = ketalit("table", "-r", "bundled", *asked)
        assert (code, out) == (1, "")
        assert said in err
