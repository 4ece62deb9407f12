"""Are references read as their publishers tagged them, and footnote numbers told from other numbers?

Truth: the tagged parts (surname, year, volume, …) of reference lists of real articles in ../shared/labelled/jats, from
which the references are printed here in two styles.
"""

import re
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ketalit.citations import CitationKind, find_citations
from ketalit.citations.footnotes import Mark, footnote_marks, marks_by_entry
from ketalit.citations.references import Entry, read_reference, reference_lists
from tests.shared import SHARED, needs_shared

ARTICLES = 60


def _text(element):
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _tagged_references():
    """Parts of every fully tagged reference: names, year, title, journal, volume, first page."""
    for path in islice(sorted((SHARED / "labelled" / "jats").glob("*.nxml")), ARTICLES):
        for reference in etree.parse(path).iter("element-citation", "mixed-citation", "citation"):
            tagged = [(n.find("surname"), n.find("given-names")) for n in reference.iter("name")]
            names = [(_text(last), re.sub("[^A-Z]", "", _text(given))) for last, given in tagged]
            names = [name for name in names if all(name)]
            parts = [_text(reference.find(tag)) for tag in ("year", "article-title", "source", "volume", "fpage")]
            if names and all(parts) and re.fullmatch(r"(19|20)\d\d", parts[0]):
                yield names, *parts


def _vancouver(names, year, title, journal, volume, page):
    who = ", ".join(f"{last} {initials}" for last, initials in names)
    return f"{who}. {title.rstrip('.')}. {journal.rstrip('.')}. {year};{volume}:{page}."


def _apa(names, year, title, journal, volume, page):
    who = ", ".join(f"{last}, {' '.join(f'{letter}.' for letter in initials)}" for last, initials in names)
    return f"{who} ({year}). {title.rstrip('.')}. {journal}, {volume}(2), {page}–9."


@needs_shared
@pytest.mark.parametrize("style", [_vancouver, _apa])
def test_references_of_real_articles(style):
    right: Counter[str] = Counter()
    total = 0
    for names, *parts in _tagged_references():
        year, title, _, volume, page = parts
        read = read_reference(style(names, *parts))
        total += 1
        right["year"] += read.year == int(year)
        right["first author"] += bool(read.names) and read.names[0] == " ".join(names[0])
        right["volume"] += read.volume == volume
        right["first page"] += read.first_page == page
        right["title"] += re.sub(r"\W+", "", read.title) == re.sub(r"\W+", "", title)
    assert total > 1000
    # Seen: year 1.00, volume and page 0.99, first author 0.99, title 0.94 (titles that hold a full stop or a question).
    for part, least in {"year": 0.99, "first author": 0.97, "volume": 0.97, "first page": 0.97, "title": 0.9}.items():
        assert right[part] / total > least, (part, right[part], total)


@needs_shared
def test_every_entry_of_a_long_list_is_one_citation():
    lines = [_vancouver(names, *parts) for names, *parts in islice(_tagged_references(), 300)]
    text = "Seen [1].\n\nReferences\n" + "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    found = [item for item in find_citations(text) if item.kind is CitationKind.REFERENCE]
    assert [item.label for item in found] == [str(number) for number in range(1, len(lines) + 1)]
    assert found[0].sentences[0].text == "Seen [1]."


def test_a_list_needs_a_heading_or_entries_that_read_like_references():
    steps = "1. Call us in 2020.\n2. Come by.\n3. Feel better.\n"
    assert reference_lists(steps, []) == []
    entries = "1. Able A. Nothing. Invent. 2009;1:2-3.\n2. Baker B, et al. Something. 2010.\n"
    assert [len(block) for block in reference_lists(entries, [])] == [2]
    assert [len(block) for block in reference_lists(f"Sources:\n\n{entries}\nContact\nus", [])] == [2]


def test_numbers_mean_the_next_list_that_has_them():
    one, two = Entry(10, 20, "1", False), Entry(40, 50, "1", False)
    before, between, after = (Mark(place, place + 3, ("1",), True) for place in (0, 30, 60))
    assert marks_by_entry([(one,), (two,)], [before, between, after]) == {one: [before], two: [between, after]}


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Seen [1].", ["1"]),
        ("Seen [1, 2–3].", ["1", "2", "3"]),
        ("Seen (1,2).", ["1", "2"]),
        ("Seen.1 Next", ["1"]),
        ("Seen.” 1", []),
        ("Seen.”2,3 Next", ["2", "3"]),
        ("Rated on a scale (1-3).", []),
        ("95% CI [1, 3]", []),
        ("Three: (1) this, (2) that and (3) more", []),
        ("In all (n = 3) of 3.", []),
    ],
)
def test_numbers_in_text(text, labels):
    block = tuple(Entry(100 + number, 101 + number, str(number), False) for number in (1, 2, 3))
    padded = text.ljust(120)
    assert [label for mark in footnote_marks(padded, [block]) for label in mark.labels] == labels


@settings(deadline=None)
@given(st.text(alphabet="[]()^123,;–- \nAa.”¹\x00", max_size=80))
def test_any_text_has_lists_and_marks_inside_it(text):
    blocks = reference_lists(text, [0])
    for mark in footnote_marks(text, blocks):
        assert 0 <= mark.start < mark.end <= len(text)
    assert all(0 <= entry.start <= entry.end <= len(text) for block in blocks for entry in block)
