"""A record as people see it, in the terminal and in a notebook: its whole text, with each value named where it stands."""

import io
import re
from html import unescape

import pytest
from rich.console import Console

from ketalit.escaping import terminal
from ketalit.fields import FIELDS
from ketalit.reading import read_record
from ketalit.reading.notebook import KINDS, MarkedText, findings_frame
from ketalit.reading.terminal import to_rich
from ketalit.records.model import FullText, Paragraph, Record, Section
from ketalit.records.text import canonical_text


@pytest.fixture
def record():
    """Synthetic."""
    return Record(
        source="person",
        key="synthetic",
        title="Ketamine <or> placebo for sciatica: a randomised trial\x1b[31m",
        abstract=(
            Section(label="METHODS", text="Thirty patients received ketamine 0.5 mg/kg i.v. or saline, double-blind."),
        ),
        full_text=FullText(
            paragraphs=(
                Paragraph(locator="sec1.p1", text="Nothing to be read stands here.", section_type="intro"),
                Paragraph(
                    locator="sec2.p1", text="Pain was followed for 12 weeks after the infusion.", section_type="methods"
                ),
            )
        ),
    )


def squeezed(text):
    return " ".join(text.split())


def in_terminal(record, findings, **options):
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    console.print(to_rich(record, findings, **options))
    return console.file.getvalue()


def test_the_terminal_shows_title_and_abstract_and_names_every_field_read(record):
    findings = read_record(record)
    shown = squeezed(re.sub(r"\x1b\[[\d;]*m", "", in_terminal(record, findings)))
    unnamed = re.sub(r" \[[a-z_, ]+\]", "", shown)
    assert "Thirty patients received ketamine 0.5 mg/kg i.v. or saline, double-blind." in unnamed
    for finding in findings:
        assert finding.field in shown


def test_what_was_read_is_underlined_and_only_that(record):
    dose = tuple(one for one in read_record(record) if one.field == "dose")
    underlined = re.findall(r"\x1b\[(?:\d+;)*4(?:;\d+)*m([^\x1b]*)", in_terminal(record, dose, values=False))
    assert "".join(underlined) == dose[0].quote


def test_every_field_has_a_kind_and_a_colour(record):
    assert {name for fields in KINDS.values() for name in fields} == set(FIELDS)
    shown = in_terminal(record, read_record(record))
    assert "\x1b[4;32mtreatment\x1b[0m" in shown
    html = MarkedText(record, read_record(record))._repr_html_()
    assert all(f"mark.{kind} {{" in html for kind in KINDS)


def test_a_name_in_the_notebook_is_reached_by_keyboard_and_tells_rule_and_confidence(record):
    (dose,) = (one for one in read_record(record) if one.field == "dose")
    html = MarkedText(record, [dose]).html
    (told,) = re.findall(r'<sub class="treatment" tabindex="0" role="note" title="([^"]*)">Dose as given</sub>', html)
    assert dose.rule in told
    assert dose.confidence in told
    assert f'title="{told}">{dose.quote}</mark>' in html


def test_text_cannot_send_codes_to_the_terminal(record):
    assert "\x1b[31m" not in in_terminal(record, ())


def test_a_paragraph_in_which_nothing_was_read_is_left_out(record):
    shown = in_terminal(record, read_record(record))
    assert "Nothing to be read" not in shown
    assert "sec2.p1" not in in_terminal(record, read_record(record, abstract_only=True), abstract_only=True)


def test_the_notebook_shows_the_same_text_escaped(record):
    html = MarkedText(record, read_record(record))._repr_html_()
    assert "<or>" not in html
    bare = squeezed(unescape(re.sub(r"<style>.*?</style>|<sub.*?</sub>|<[^>]+>", "", html, flags=re.DOTALL)))
    assert bare == squeezed(terminal(canonical_text(record).text).replace("METHODS: ", "METHODS "))


def test_the_frame_says_why_a_value_is_missing(record):
    frame = findings_frame(read_record(record))
    assert frame.loc["n_total", "value"] == "30"
    assert frame.loc["drug_form", "value"] == "not reported"
    assert frame.loc["drug_form", "rule or reason"]
