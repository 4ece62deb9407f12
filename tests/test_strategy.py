"""Strategies held against what is included: their lines, and what each loses. Records of the server are synthetic."""

from __future__ import annotations

import dataclasses
import json
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from ketalit.entrez.ncbi import Ncbi
from ketalit.entrez.settings import load_settings
from ketalit.entrez.transport import Transport
from ketalit.errors import InputError, KetalitError, OfflineError
from ketalit.records.model import Record
from ketalit.review import Review, Screening, Search, load_review
from ketalit.strategy import Line, as_json, check_strategy, lines_of, to_rich, uids
from ketalit.vocabulary import Decision
from tests.eutils import Corpus, Fault, Server
from tests.eutils.query import Search as StandIn

from .records.synthetic import abstract, article, text

# --- lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("a", ["AND a"]),
        ("chronic pain AND ketamine", ["AND chronic pain", "AND ketamine"]),
        ("(a OR b) AND c NOT (d OR e)", ["AND a OR b", "AND c", "NOT d OR e"]),
        ("((a AND b) NOT c)", ["AND a", "AND b", "NOT c"]),
        ("x AND (y NOT z)", ["AND x", "AND y", "NOT z"]),
        ("a AND b OR c AND d NOT e", ["AND a AND b OR c", "AND d", "NOT e"]),
        ("(a) OR (b)", ["AND (a) OR (b)"]),
        ("a NOT (b AND c)", ["AND a", "NOT b AND c"]),
        ("a AND NOT b", ["AND a", "NOT b"]),
        ('"salt AND pepper"[ti] AND c[All Fields AND more]', ['AND "salt AND pepper"[ti]', "AND c[All Fields AND more]"]),
        ("(ANDROID OR NORTH) AND NOTES", ["AND ANDROID OR NORTH", "AND NOTES"]),
        ('"2010"[dp] : "2012"[dp] AND b', ['AND "2010"[dp] : "2012"[dp]', "AND b"]),
        ("“curly AND quoted” AND b", ["AND “curly AND quoted”", "AND b"]),
        ("a\n  AND\tb\n", ["AND a", "AND b"]),
        ("(a)AND(b)", ["AND a", "AND b"]),
    ],
)  # fmt: skip
def test_lines(query, lines):
    assert [f"{line.operator} {line.text}" for line in lines_of(query)] == lines


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("(a AND b", "opening bracket has no closing one"),
        ("a)", "closing bracket has no opening one"),
        ('"a AND b', "quotation mark has no other half"),
        ("a[ti AND b", "bracket has no other half"),
        ("a AND", "nothing follows AND"),
        ("AND a", "begins with AND"),
        ("a OR AND b", "AND follows OR"),
        ("a AND ()", "no term between brackets"),
        ("#1 AND #2", "search history"),
    ],
)
def test_what_is_no_strategy_is_refused(query, says):
    with pytest.raises(InputError, match=says):
        lines_of(query)


def test_the_lines_of_the_bundled_strategies():
    for search in load_review().searches:
        *positive, animals = lines_of(search.query)
        assert [line.operator for line in positive] == ["AND"] * len(positive)
        assert (animals.operator, animals.text) == ("NOT", "Animals[mh] NOT Humans[mh]")
    assert [len(lines_of(search.query)) for search in load_review().searches] == [3, 4]


_terms = st.sampled_from(["ketamine[ti]", "pain[tiab]", '"chronic pain"[tiab]', "rats[tiab]", "trial[tiab]"])
_queries = st.recursive(
    _terms,
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR", "NOT"]), inner, st.booleans()).map(
        lambda parts: f"({' '.join(parts[:3])})" if parts[3] else " ".join(parts[:3])
    ),
    max_leaves=8,
)
_WORDS = ["ketamine", "chronic pain", "rats", "trial", "trial of ketamine", "rats in pain", "ketamine pain trial", "x"]
_CORPUS = Corpus.of(
    article(str(number), title=f"<ArticleTitle>{title}</ArticleTitle>", article=abstract(text("pain" * (number % 2))))
    for number, title in enumerate(_WORDS, 1001)
)


@given(query=_queries)
@settings(deadline=None, max_examples=60)
def test_the_lines_together_are_the_strategy(query):
    def found(query):
        return StandIn("pubmed", _CORPUS.on("2026-11-01").pubmed).find(query).ids

    lines = lines_of(query)
    assert lines[0].operator == "AND"
    joined = " ".join(f"{line.operator} ({line.text})" for line in lines).removeprefix("AND ")
    assert found(joined) == found(query)


# --- against the server ----------------------------------------------------------------------------------------------


def trial(pmid: str, title: str, words: str, kind: str = "") -> bytes:
    types = f"<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList>" if kind else ""
    body = abstract(text(words)) + types
    return article(pmid, title=f"<ArticleTitle>{title}</ArticleTitle>", article=body)


CORPUS = Corpus.of(
    [
        trial("1001", "Ketamine infusion in invented pain", "We randomised people with chronic pain."),
        trial("1002", "An NMDA antagonist in invented pain", "We randomised people with chronic pain."),
        trial("1003", "Ketamine cream", "We randomised people with sore knees."),
        trial("1004", "Ketamine drops", "A series of people with chronic pain, and of rats."),
        trial("1005", "A gel", "A series of people with sore knees."),
        trial("1006", "Ketamine and more", "Chronic pain was randomised too; nobody included this."),
    ]
)
QUERY = '(ketamine[ti] OR esketamine[ti]) AND "chronic pain"[tiab] AND randomised[tiab] NOT rats[tiab]'


def review(*included: tuple[str, str], searches=(), **more) -> Review:
    records = {
        key: Record(source="person", key=key, pmid=pmid, title=key, unverified=("pmid",) if key == "gel" else ())
        for key, pmid in included
    }
    return Review(
        path=None,
        title="Synthetic",
        records=MappingProxyType(records),
        searches=searches,
        screening=tuple(Screening(record=key, decision=Decision.INCLUDE, **more.get(key, {})) for key in records),
    )


ALL = (("infusion", "1001"), ("nmda", "1002"), ("cream", "1003"), ("drops", "1004"), ("gel", "1005"), ("none", ""))


@pytest.fixture
def ncbi(monkeypatch, tmp_path):
    monkeypatch.setenv("KETALIT_STATE", str(tmp_path))
    monkeypatch.setattr("ketalit.entrez.limiter.RESERVE", 0.01)  # the pace is not what is tested here
    monkeypatch.setattr("ketalit.entrez.settings.config_file", lambda: tmp_path / "config.toml")
    with Server(CORPUS, today="2026-11-01", limit=False) as server:
        monkeypatch.setenv("KETALIT_EUTILS", server.url)
        client = Ncbi(Transport(dataclasses.replace(load_settings(), attempts=2, backoff=0.01)))
        client.server = server
        yield client


def searches(server) -> list[str]:
    return [request.parameters["term"] for request in server.log if request.endpoint == "esearch"]


def test_each_missed_record_with_the_lines_that_lose_it(ncbi):
    seen: list[str] = []
    report = check_strategy(review(*ALL), QUERY, ncbi, say=seen.append)
    assert report.lines[0] == Line(1, "AND", "ketamine[ti] OR esketamine[ti]")
    assert report.found == ("infusion",)
    assert {missed.record: missed.lines for missed in report.missed} == {
        "nmda": (1,),
        "cream": (2,),
        "drops": (3, 4),
        "gel": (1, 2, 3),
    }
    assert [(entry.record, entry.reason) for entry in report.unchecked] == [
        ("none", "no PMID is known; `ketalit verify --all` looks for one")
    ]
    assert (report.hits, report.checked, report.recall) == (2, 5, 0.2)
    assert [report.lost_by(number) for number in (1, 2, 3, 4)] == [(2, 1), (2, 1), (2, 0), (1, 0)]
    assert next(missed for missed in report.missed if missed.record == "gel").note == "its PMID is unverified"
    # the whole, the missed, and one search for each of four lines
    assert report.requests == len(searches(ncbi.server)) == 6
    assert len(seen) == 6


def test_a_strategy_that_misses_nothing_costs_one_search(ncbi):
    report = check_strategy(review(("infusion", "1001")), QUERY, ncbi)
    assert (report.recall, report.missed, report.requests) == (1.0, (), 1)
    assert len(searches(ncbi.server)) == 1


def test_of_one_line_nothing_more_is_asked(ncbi):
    report = check_strategy(review(("infusion", "1001"), ("gel", "1005")), "ketamine[ti]", ncbi)
    assert [missed.lines for missed in report.missed] == [(1,)]
    assert report.requests == 2


def test_a_record_that_pubmed_does_not_hold_is_not_missed(ncbi):
    report = check_strategy(review(("infusion", "1001"), ("gone", "77777")), QUERY, ncbi)
    assert report.recall == 1.0
    assert [entry.record for entry in report.unchecked] == ["gone"]
    assert "holds no record 77777" in report.unchecked[0].reason


def test_a_pmid_that_is_none_is_said(ncbi):
    report = check_strategy(review(("padded", "0001001"), ("typo", "10O1")), QUERY, ncbi)
    assert report.found == ("padded",)
    assert [entry.reason for entry in report.unchecked] == ["“10O1” is no PMID"]


def test_only_included_records_count_and_studies_are_counted_once(ncbi):
    made = review(*ALL[:3], infusion={"study": "ONE"}, nmda={"study": "ONE"})
    excluded = Screening(record="cream", decision=Decision.EXCLUDE)
    made = dataclasses.replace(made, screening=(*made.screening[:2], excluded))
    report = check_strategy(made, QUERY, ncbi)
    assert (report.checked, report.studies, report.studies_found) == (2, 1, 1)
    assert [missed.study for missed in report.missed] == ["ONE"]


def test_a_saved_search_by_its_name(ncbi):
    saved = Search(name="trials", query=QUERY)
    report = check_strategy(review(*ALL, searches=(saved,)), "trials", ncbi)
    assert (report.name, report.query) == ("trials", QUERY)
    with pytest.raises(InputError, match="for pmc"):
        check_strategy(review(*ALL), dataclasses.replace(saved, database="pmc"), ncbi)


def test_nothing_included_says_so(ncbi):
    report = check_strategy(review(("none", "")), QUERY, ncbi)
    assert report.recall is None
    assert "nothing can be said" in shown(report)
    assert len(searches(ncbi.server)) == 1


def test_many_missed_are_asked_for_in_parts(ncbi, monkeypatch):
    monkeypatch.setattr("ketalit.strategy.AT_ONCE", 2)
    report = check_strategy(review(*ALL), QUERY, ncbi)
    assert {missed.record: missed.lines for missed in report.missed}["drops"] == (3, 4)
    assert report.requests == 1 + 5 * 2
    assert uids(["1002", "1003"]) in searches(ncbi.server)[1]


def test_a_long_query_goes_by_post(ncbi):
    padding = " OR ".join(f"invented{number}[ti]" for number in range(150))
    check_strategy(review(*ALL), f"(ketamine[ti] OR {padding}) AND pain[tiab]", ncbi)
    long = [request for request in ncbi.server.asked("esearch") if len(request.parameters["term"]) > 1500]
    assert {request.method for request in long} == {"POST"}
    assert len(long) == 2  # the whole, and the first line


def test_an_unfinished_check_is_no_report(ncbi):
    ncbi.server.faults.append(Fault("500", "esearch", nth={3, 4, 5, 6, 7, 8}))
    with pytest.raises(KetalitError):
        check_strategy(review(*ALL), QUERY, ncbi)


def test_without_a_network(monkeypatch, tmp_path):
    monkeypatch.setenv("KETALIT_STATE", str(tmp_path))
    monkeypatch.setenv("KETALIT_EUTILS", "http://127.0.0.1:9/")
    client = Ncbi(Transport(dataclasses.replace(load_settings(), attempts=1, backoff=0.01)))
    with pytest.raises(OfflineError):
        check_strategy(review(*ALL), QUERY, client)


@pytest.mark.parametrize("name", ["broad", "trials"])
def test_the_bundled_strategies_run_on_the_server(ncbi, name):
    report = check_strategy(load_review(), name, ncbi)
    included = sum(row.decision is Decision.INCLUDE for row in load_review().screening)
    assert len(report.found) + len(report.missed) + len(report.unchecked) == included
    # This corpus holds none of the real records.
    assert not report.missed


# --- shown -----------------------------------------------------------------------------------------------------------


def shown(report, width=100) -> str:
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        console.print(to_rich(report))
    return capture.get()


def test_shown_in_the_terminal(ncbi):
    said = shown(check_strategy(review(*ALL), QUERY, ncbi))
    assert "This strategy finds 2 records in PubMed" in said
    assert "1 of 5 included records (20%), 1 of 5 studies" in said
    assert "lines 3, 4" in said
    assert "no PMID is known" in said
    assert "its PMID is unverified" in said
    assert all(len(line) <= 100 for line in said.splitlines())


def test_text_of_records_is_harmless():
    from ketalit.strategy import Missed, StrategyReport

    evil = "[red]x[/red]\x1b[31m"
    report = StrategyReport(
        name=evil, query=evil, lines=(Line(1, "AND", evil),), hits=1, found=(), unchecked=(), studies=1,
        studies_found=0, missed=(Missed(evil, "s", evil, "1", (1,)),), at="2026-11-01", notes=(evil,),
    )  # fmt: skip
    assert "\x1b" not in shown(report)
    assert "[red]x[/red]" in shown(report)


def test_as_json(ncbi):
    data = json.loads(json.dumps(as_json(check_strategy(review(*ALL), QUERY, ncbi))))
    assert data["recall"] == 0.2
    assert data["lines"][0] | {"text": ""} == {"number": 1, "operator": "AND", "text": "", "loses": 2, "alone": 1}
    assert data["missed"][2]["lines"] == [3, 4]
    assert data["unchecked"][0]["record"] == "none"


SYNTHETIC = (
    ("crps", "99000001"), ("phantom", "99000005"), ("cord", "99000008"), ("rats", "99000014"), ("dogs", "99000015"),
    ("cohort", "99000017"), ("pressure", "99000030"), ("merged", "99000011"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "missed"),
    [
        ("broad", {"rats": (3,), "dogs": (3,), "pressure": (1, 2)}),
        ("trials", {"rats": (4,), "dogs": (4,), "cohort": (3,), "pressure": (1, 2, 3)}),
    ],
)
def test_the_bundled_strategies_on_the_synthetic_corpus(eutils, monkeypatch, tmp_path, name, missed):
    monkeypatch.setenv("KETALIT_STATE", str(tmp_path))
    monkeypatch.setenv("KETALIT_EUTILS", eutils.url)
    report = check_strategy(
        dataclasses.replace(review(*SYNTHETIC), searches=load_review().searches), name, Ncbi(Transport(load_settings()))
    )
    assert {each.record: each.lines for each in report.missed} == missed
    assert {each.record for each in report.unchecked} == {"merged", "cord"}  # one merged, one deleted by this day
