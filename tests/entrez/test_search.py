"""Is a query checked before it is sent, an answer read as it stands, and a large search cut without loss?"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.entrez.search import (
    FIRST,
    LAST,
    WHOLE,
    DatabaseInfo,
    Found,
    SearchNote,
    Span,
    check_fields,
    check_query,
    check_tags,
    halves,
    latest_day,
    read_info,
    read_search,
    read_spelling,
    tags_in,
    with_dates,
)
from ketalit.errors import InputError
from ketalit.review import load_review
from tests.shared import SHARED, needs_shared

RECORDED = SHARED / "recorded" / "eutils"
BIOPYTHON = RECORDED / "biopython-sdist-1.88" / "Tests" / "Entrez"
PUBMED = DatabaseInfo(
    "pubmed",
    fields=(("TIAB", "Title/Abstract"), ("MESH", "MeSH Terms"), ("PTYP", "Publication Type"), ("EDAT", "Date - Entry")),
)


@pytest.mark.parametrize("query", ["", "   ", "()", '""', "[]", "\n\t", "*"])
def test_an_empty_query_is_refused(query):
    with pytest.raises(InputError, match="the query is empty"):
        check_query(query)


@pytest.mark.parametrize(
    ("query", "position", "what"),
    [
        ("(pain", 1, "not closed"),
        ("pain)", 5, "does not belong"),
        ('pain AND "ketamine', 10, "not closed"),
        ("pain[tiab AND x", 5, "not closed"),
        ("(pain]", 6, "does not belong"),
        ("((a) AND (b)", 1, "not closed"),
    ],
)
def test_what_has_no_partner_is_refused_with_its_place(query, position, what):
    with pytest.raises(InputError, match=what) as caught:
        check_query(query)
    assert f"character {position}:" in str(caught.value)


def test_signs_in_quotes_need_no_partner():
    assert check_query('"1) pain ["[tiab]\n AND  x') == '"1) pain ["[tiab] AND x'


@pytest.mark.parametrize(
    "tag",
    [
        *("mh", "MeSH:NoExp", "tiab:~3", "pt", "majr", "dp", "edat", "crdt", "lr", "uid", "sb", "la", "au", "TIAB"),
        *("ptyp", "pmid", "doi", "1au", "mesh terms", "title/abstract", "Publication Type", "Publication Types"),
        *("Date - Entry", "MeSH  Term"),
    ],
)
def test_known_fields_pass(tag):
    check_tags(f"ketamine[{tag}]", PUBMED)


@pytest.mark.parametrize(("tag", "meant"), [("tiabb", "tiab"), ("mehs terms", "mesh terms"), ("abstrct", "abstract")])
def test_misspelt_fields_stop_the_search(tag, meant):
    with pytest.raises(InputError, match=rf"\[{tag}\].*Did you mean \[{meant}\]"):
        check_tags(f"ketamine[{tag}] AND pain[tiab]", PUBMED)


def test_what_the_list_cannot_settle_is_left_to_ncbi():
    check_tags("benzo[a]pyrene AND ketamine[NoSuchField]", PUBMED)
    check_tags("ketamine[tiabb]", DatabaseInfo("pubmed"))  # no list, no verdict
    found = Found(870, ("1",), notes=(SearchNote("field not found", "NoSuchField"),))
    with pytest.raises(InputError, match=r"no search field \[NoSuchField\].*discarded"):
        check_fields(found, PUBMED)


def test_all_saved_searches_of_the_bundled_review_pass():
    searches = load_review().searches
    assert searches
    for search in searches:
        check_tags(check_query(search.query), PUBMED)
        assert tags_in(search.query)


@pytest.mark.parametrize(
    ("mindate", "maxdate", "datetype", "expected"),
    [
        ("2024", "", "", '"2024/01/01"[edat] : "3000/12/31"[edat]'),
        ("", "2024/02", "pdat", '"1000/01/01"[dp] : "2024/02/29"[dp]'),
        ("2024/02/29", "2024/12", "crdt", '"2024/02/29"[crdt] : "2024/12/31"[crdt]'),
        ("2023", "2023", "mdat", '"2023/01/01"[lr] : "2023/12/31"[lr]'),
    ],
)
def test_dates_are_completed_and_part_of_the_query(mindate, maxdate, datetype, expected):
    assert with_dates("a OR b", mindate, maxdate, datetype) == f"(a OR b) AND ({expected})"
    assert with_dates("a OR b") == "a OR b"


@pytest.mark.parametrize(
    ("mindate", "maxdate", "datetype", "what"),
    [
        ("2024-01-01", "", "", "is no date"),
        ("2023/02/29", "", "", "not in the calendar"),
        ("", "2024/13", "", "not in the calendar"),
        ("2025", "2024", "", "wrong order"),
        ("2024", "", "birthday", "no kind of date"),
        ("0000", "", "", "not in the calendar"),
        ("last week", "", "", "is no date"),
    ],
)
def test_wrong_dates_are_refused(mindate, maxdate, datetype, what):
    with pytest.raises(InputError, match=what):
        with_dates("x", mindate, maxdate, datetype)


@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
@settings(deadline=None)
def test_halves_tile_and_shrink(one, other, latest):
    span = Span(min(one, other), max(one, other))
    if span.first == span.last:
        with pytest.raises(InputError, match=f"on one day, {span.first:%Y/%m/%d}"):
            halves(span, latest)
        return
    earlier, later = halves(span, latest)
    assert (earlier.first, later.last) == (span.first, span.last)
    assert earlier.last + timedelta(days=1) == later.first
    assert earlier.first <= earlier.last
    assert later.first <= later.last


@given(st.dates(date(1966, 1, 1), date(2026, 11, 1)))
def test_any_day_is_reached_in_few_cuts(day):
    span, cuts = WHOLE, 0
    while span.first != span.last:
        earlier, later = halves(span, date(2026, 11, 1))
        span = earlier if day <= earlier.last else later
        cuts += 1
    assert span.first == day
    assert cuts <= 40


def test_latest_day():
    assert latest_day(DatabaseInfo("pubmed", updated="2025/11/27 06:33")) == date(2025, 11, 27)
    assert latest_day(DatabaseInfo("pubmed", updated="soon")) == latest_day(DatabaseInfo("pubmed")) == LAST


@needs_shared
def test_recorded_einfo():
    info = read_info((BIOPYTHON / "einfo2.xml").read_bytes())
    assert (info.name, info.build, info.updated) == ("pubmed", "Build-2025.11.27.06.33", "2025/11/27 06:33")
    assert info.count == 39_730_388
    assert ("TIAB", "Title/Abstract") in info.fields
    assert len(info.fields) == 50
    for search in load_review().searches:
        check_tags(search.query, info)
    with pytest.raises(InputError, match="does not describe a database"):
        read_info((BIOPYTHON / "einfo1.xml").read_bytes())


def _answers(root):
    return [path for path in sorted(RECORDED.rglob("*.xml")) if f"<{root}>".encode() in path.read_bytes()]


@needs_shared
def test_all_recorded_searches_are_read_or_refused_with_a_reason():
    read, refused = 0, []
    for path in _answers("eSearchResult"):
        try:
            found = read_search(path.read_bytes())
        except InputError as error:
            refused.append(str(error))
        else:
            read += 1
            assert len(found.ids) <= found.count
    assert read >= 12
    assert all("NCBI" in reason for reason in refused)


@needs_shared
def test_recorded_notes():
    found = read_search((BIOPYTHON / "esearch8.xml").read_bytes())
    assert (found.count, found.ids, found.translation) == (0, (), "(abcXYZ[All Fields])")
    assert found.notes == (SearchNote("phrase not found", "abcXYZ"),)


@needs_shared
def test_recorded_spelling():
    for path in _answers("eSpellResult"):
        assert isinstance(read_spelling(path.read_bytes()), str)
    assert read_spelling((BIOPYTHON / "espell.xml").read_bytes()) == "biopython"


def test_every_kind_of_note():
    xml = (
        "<eSearchResult><Count>1</Count><IdList><Id>7</Id></IdList><QueryTranslation>q</QueryTranslation>"
        "<ErrorList><PhraseNotFound>a</PhraseNotFound><FieldNotFound>b</FieldNotFound></ErrorList><WarningList>"
        '<PhraseIgnored>the</PhraseIgnored><QuotedPhraseNotFound>"c d"</QuotedPhraseNotFound>'
        "<OutputMessage>No items found.</OutputMessage><OutputMessage>Wildcard ignored</OutputMessage></WarningList>"
        "</eSearchResult>"
    )
    assert [str(note) for note in read_search(xml.encode()).notes] == [
        "phrase not found: a",
        "field not found: b",
        "phrase ignored: the",
        'quoted phrase not found: "c d"',
        "output message: Wildcard ignored",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<eSearchResult>",
        b"<eSearchResult/>",
        b"<eSearchResult><Count>many</Count></eSearchResult>",
        b"<eSearchResult><ERROR>Search Backend failed</ERROR></eSearchResult>",
        b"<html/>",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><eSearchResult><Count>&a;</Count></eSearchResult>',
    ],
)
def test_other_answers_are_no_search_result(body):
    with pytest.raises(InputError):
        read_search(body)
