"""Which records are of one work, and what was decided of them. All records are invented."""

import dataclasses
import random
import time

import pytest

from ketalit.duplicates import find_duplicates, record_decisions, undo
from ketalit.errors import InputError
from ketalit.records.combine import combine
from ketalit.records.model import Author, Date, Journal, Record
from ketalit.review import DUPLICATES, Duplicate, Likeness, load_review, new_review

PUBMED = Record(
    source="pubmed",
    pmid="1000001",
    doi="10.1000/a",
    title="Invented infusions of ketamine in invented pain: a randomised trial.",
    authors=(Author(last="van der Alpha", fore="Anna", initials="A"),),
    journal=Journal(title="Journal of invented trials", abbreviation="J Inv Trials", issn="1872-6623"),
    published=Date(iso="2009-11", precision="month"),
    volume="12",
    pages="101-10",
)


def export(**facts):
    facts = {"doi": "", "key": "alpha2009-1", **facts}
    return dataclasses.replace(PUBMED, source="ris", pmid="", **facts)


def year(iso):
    return Date(iso=iso, precision="year")


def decision(*new, known=(PUBMED,), decided=()):
    found = find_duplicates(new, known, decided)
    return found[0].decision if found else None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Likeness.SAME),
        ({"title": "INVENTED INFUSIONS OF KETAMINE IN INVENTED PAIN – A RANDOMISED TRIAL"}, Likeness.SAME),
        ({"title": "Invented infusion of ketamine in invented pain: a randomized trial"}, Likeness.SAME),
        ({"title": "Invénted infusions of ketamine in invented pain: a randomised trial"}, Likeness.SAME),
        ({"authors": (Author(last="Alpha"),)}, Likeness.SAME),
        ({"authors": (), "pages": "", "journal": Journal(title="J. Inv. Trials")}, Likeness.SAME),
        ({"authors": (), "journal": Journal(), "published": Date()}, Likeness.SAME),
        ({"published": year("2010")}, Likeness.SAME),
        ({"published": year("2011")}, Likeness.PROPOSED),
        ({"published": year("2014")}, None),
        ({"pages": "S77"}, Likeness.PROPOSED),
        ({"doi": "10.1000/preprint"}, Likeness.PROPOSED),
        ({"volume": "99"}, Likeness.PROPOSED),
        ({"authors": (Author(last="Omega"),)}, Likeness.PROPOSED),
        ({"authors": (Author(last="Omega"),), "pages": "1", "journal": Journal(title="Pain")}, None),
        ({"title": "Invented infusions of ketamine in invented pain: a protocol"}, None),
        ({"title": "Erratum: Invented infusions of ketamine in invented pain: a randomised trial"}, None),
        ({"title": "Invented infusions of ketamine in invented pain: a randomised trial 2"}, None),
        ({"title": "Something else altogether, of the same people in the same place"}, None),
        ({"title": "Ketamine"}, None),
        ({"doi": "10.1000/A", "key": ""}, None),  # shares an identifier: one record already
    ],
)
def test_what_is_of_one_work(facts, expected):
    assert decision(export(**facts)) is expected


def test_two_pmids_are_two_records():
    assert decision(dataclasses.replace(PUBMED, pmid="1000002", doi="")) is None


def test_new_records_are_compared_with_each_other_and_the_reason_is_said():
    [line] = find_duplicates([export(), export(key="alpha2009-2", pages="")], [])
    assert (line.record, line.same_as, line.who) == ("alpha2009-2", "alpha2009-1", "ketalit")
    assert line.reason == "same title, same first author, same journal"


def test_what_was_decided_is_not_decided_again():
    assert decision(export(), decided={frozenset({"alpha2009-1", PUBMED.id})}) is None


def test_like_two_that_were_told_apart_is_for_a_person():
    other = export(key="alpha2009-2", pages="101")
    decided = {frozenset({other.id, PUBMED.id})}
    assert decision(export(), known=(PUBMED, other), decided=decided) is Likeness.PROPOSED


def test_five_thousand_against_five_thousand_takes_seconds():
    words = [
        "infusion",
        "chronic",
        "pain",
        "neuropathic",
        "randomised",
        "double",
        "blind",
        "pilot",
        "cancer",
        "oral",
        "topical",
        "sleep",
        "cohort",
    ]

    def record(number, source):
        dice = random.Random(number)
        title = "Effect of ketamine on " + " ".join(dice.choice(words) for _ in range(9))
        return Record(
            source=source,
            pmid=str(number + 1) if source == "pubmed" else "",
            key="" if source == "pubmed" else f"k{number}",
            title=title,
            authors=(Author(last=f"Name{dice.randint(1, 300)}"),),
            published=year(str(dice.randint(1995, 2024))),
            pages=f"{dice.randint(1, 900)}",
        )

    known = [record(number, "pubmed") for number in range(5000)]
    new = [record(number, "ris") for number in range(2500, 7500)]
    start = time.process_time()
    found = find_duplicates(new, known)
    assert time.process_time() - start < 30  # every pair would take minutes
    same = {(line.record, line.same_as) for line in found if line.decision is Likeness.SAME}
    assert {(f"k{number}", f"PMID:{number + 1}") for number in range(2500, 5000)} <= same


def test_thousands_of_one_title_do_not_take_forever():
    many = [export(key=f"k{number}", pages=str(number)) for number in range(2000)]
    start = time.process_time()
    find_duplicates(many, [])
    assert time.process_time() - start < 30  # every pair would take minutes


def test_one_doi_under_two_pmids_is_two_records_that_know_of_each_other(tmp_path):
    twin = dataclasses.replace(PUBMED, pmid="1000002", doi="10.1000/A")
    combined = combine([PUBMED, twin, export(doi="10.1000/a", key="")])
    assert [record.id for record in combined.records] == ["PMID:1000001", "PMID:1000002"]
    folder = new_review(tmp_path / "review", empty=True)
    notes = [record.notes for record in load_review(folder, more=[PUBMED, twin]).records.values()]
    assert "also that of PMID:1000002" in notes[0][0]
    assert "also that of PMID:1000001" in notes[1][0]


def test_the_richer_record_wins_field_by_field():
    poor = dataclasses.replace(PUBMED, volume="", authors=())
    rich = export(volume="13", title="An export’s own title", doi="10.1000/A", key="", keywords=("k",))
    for order in ([poor, rich], [rich, poor]):
        [record] = combine(order).records
        assert (record.source, record.title) == ("pubmed", PUBMED.title)
        assert (record.volume, record.keywords, record.authors) == ("13", ("k",), rich.authors)
        assert record.other_dois == ()


def test_a_title_in_capitals_gives_way():
    loud = export(title=PUBMED.title.upper(), key="", doi="10.1000/a")
    quiet = export(key="", doi="10.1000/a")
    assert combine([quiet, loud]).records[0].title == PUBMED.title


def test_a_bridge_joins_what_had_no_common_identifier():
    one = Record(source="ris", doi="10.1000/a", title="T")
    two = Record(source="ris", pmid="5", title="T")
    bridge = Record(source="spreadsheet", pmid="5", doi="10.1000/A", title="T")
    assert len(combine([one, two]).records) == 2
    [record] = combine([one, two, bridge]).records
    assert record.identifiers == ("PMID:5", "DOI:10.1000/a")


@pytest.fixture
def folder(tmp_path):
    return new_review(tmp_path / "review", empty=True)


LINES = [
    Duplicate(record="a1", same_as="PMID:5", decision=Likeness.SAME, reason="same title, same pages", who="ketalit"),
    Duplicate(record="beta2001-1", same_as="PMID:6", decision=Likeness.PROPOSED, reason="titles 95% alike"),
]


def test_lines_are_added_and_those_of_a_person_stay(folder):
    path = folder / DUPLICATES
    path.write_text("record,same_as,decision,note\nmine,PMID:9,different,checked by hand", encoding="utf-8")
    record_decisions(folder, LINES)
    assert path.read_text(encoding="utf-8").splitlines() == [
        "record,same_as,decision,note",
        "mine,PMID:9,different,checked by hand",
        "a1,PMID:5,same,",
        "beta2001-1,PMID:6,proposed,",
    ]


def test_undoing(folder):
    record_decisions(folder, LINES)
    [line] = undo(folder, "a1", who="me", when="2026-11-23")
    assert (line.decision, line.who, line.reason) == (Likeness.DIFFERENT, "me", LINES[0].reason)
    with pytest.raises(InputError, match="did you mean “beta2001-1”"):
        undo(folder, "beta2001-2")
    with pytest.raises(InputError, match="no record “a1” was merged"):
        undo(folder, "a1")


def test_a_line_that_names_nobody_is_told_but_does_no_harm(folder):
    record_decisions(folder, LINES)
    said = [str(problem) for problem in load_review(folder).problems]
    assert "duplicates.csv, record: unknown record (found “a1”)." in said
