"""Entries from memory held against NCBI. Records of the server are synthetic: no real work or person is meant."""

from __future__ import annotations

import dataclasses
import json
from types import MappingProxyType

import pytest
from rich.console import Console

from ketalit.entrez.ncbi import Ncbi
from ketalit.entrez.settings import load_settings
from ketalit.entrez.transport import Transport
from ketalit.errors import InputError, KetalitError, OfflineError
from ketalit.records.model import Author, Date, Journal, Record, to_json
from ketalit.review import Review, load_review, new_review
from ketalit.verify import (
    LIKE,
    Compared,
    Outcome,
    Verification,
    accept,
    as_json,
    citation_queries,
    compare,
    decide,
    likeness,
    matched,
    same_author,
    to_rich,
    verify,
)
from tests.eutils import Corpus, Fault, Server

from .records.synthetic import article, jats

# --- comparing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ketamine for invented pain: a trial", "Ketamine for Invented Pain: A Trial."),
        ("A study of kétamine", "[A study of ketamine]."),
        ("Effects of S(+)-ketamine on pain", "Effects of S(+)‐ketamine on pain"),
        ("Ketamine in invented pain of the left knee", "Ketamine in invented pain of the left knee: a synthetic trial"),
        ("Ketamine in invented pain of teh left knee", "Ketamine in invented pain of the left knee"),
        ("Randomised trial of ketamine in invented pain", "Randomized trial of ketamine in invented pain"),
        ("Post-operative TNF-α & ketamine vs. placebo", "Postoperative TNF-alpha and ketamine versus placebo"),
    ],
)
def test_titles_of_one_work(one, other):
    assert likeness(one, other) >= LIKE
    assert likeness(other, one) == likeness(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ketamine for invented pain", "Gabapentin for invented itch"),
        ("Ketamine for invented pain: part 1", "Ketamine for invented pain: part 2"),
        ("Ketamine for invented pain I", "Ketamine for invented pain II"),
        ("Ketamine for invented pain", "Correction to: Ketamine for invented pain"),
        ("Ketamine for invented pain", "Retraction: Ketamine for invented pain"),
        ("Ketamine for invented pain", "Reply: Ketamine for invented pain"),
        ("Pain", "Pain: a history of everything"),
        (
            "A synthetic survey of aspects of disease: nervous system",
            "A synthetic survey of aspects of disease: digestive system",
        ),
        ("", "Ketamine"),
        ("", ""),
    ],
)
def test_titles_of_different_works(one, other):
    assert likeness(one, other) < LIKE
    assert likeness(other, one) < LIKE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Author(last="Doe", initials="J"), Author(last="Doe", initials="JQ"), True),
        (Author(last="Doe", initials="J"), Author(last="Doe", initials="K"), False),
        (Author(last="Doe"), Author(last="Doe", initials="K"), True),
        (Author(last="Dœ"), Author(last="Roe"), False),
        (Author(last="García-Invented"), Author(last="Garcia Invented"), True),
        (Author(last="van der Made"), Author(last="Made"), True),
        (Author(collective="Synthetic Group"), Author(collective="The Synthetic Group"), True),
        (Author(), Author(last="Doe"), False),
    ],
)
def test_first_authors(one, other, same):
    assert same_author(one, other) is same
    assert same_author(other, one) is same


def entry(**facts) -> Record:
    return Record(
        source="person",
        **{
            "key": "doe2009",
            "title": "Ketamine for invented pain of the knee",
            "authors": (Author(last="Doe", initials="J"),),
            "published": Date(iso="2009", precision="year"),
            **facts,
        },
    )


def ncbi_record(**facts) -> Record:
    return dataclasses.replace(entry(), source="pubmed", key="", pmid="1001", **facts)


def agreement(here, theirs) -> dict:
    return {fact.fact: fact.agrees for fact in compare(here, theirs)}


@pytest.mark.parametrize(
    ("year", "printed", "online", "agrees"),
    [
        ("2009", "2009", "", True),
        ("2009", "2010", "2009", True),
        ("2009", "2011", "2010", True),
        ("2009", "2010", "", False),
        ("2009", "2012", "2011", False),
        ("2009", "", "2009", True),
        ("", "2009", "", None),
    ],
)
def test_years_agree_with_either_date(year, printed, online, agrees):
    theirs = ncbi_record(published=Date(iso=printed), published_online=Date(iso=online))
    assert agreement(entry(published=Date(iso=year)), theirs)["year"] is agrees


def test_all_that_both_give_is_compared():
    here = entry(
        doi="10.1/A", pmcid="PMC1", pii="S0304-3959(97)00140-X", volume="7", issue="2", pages="450-467",
        journal=Journal(abbreviation="J Synth Res"),
    )  # fmt: skip
    theirs = ncbi_record(
        doi="10.1/b", other_dois=("10.1/a",), pmcid="PMC1", pii="0304-3959(97)00140-x", volume="8", issue="2",
        pages="450-67", journal=Journal(title="Journal of Synthetic Research"),
    )  # fmt: skip
    assert agreement(here, theirs) == {
        "title": True, "first author": True, "year": True, "doi": True, "pmcid": True, "pii": True, "journal": True,
        "volume": False, "issue": True, "pages": True,
    }  # fmt: skip


def test_what_one_side_does_not_say_is_not_compared():
    described = entry(notes=("the title is a description: the printed title was not seen",), authors=())
    facts = agreement(described, ncbi_record(doi="10.1/a"))
    assert (facts["title"], facts["first author"], facts["doi"]) == (None, None, None)


def test_a_translated_title_is_held_against_the_printed_one_too():
    theirs = ncbi_record(title="[Ketamine for everything].", vernacular_title="La kétamine pour tout")
    assert agreement(entry(title="La ketamine pour tout"), theirs)["title"]


def facts(**agree) -> list[Compared]:
    return [Compared(name.replace("_", " "), "a", "b", value) for name, value in agree.items()]


@pytest.mark.parametrize(
    ("name", "agree", "trusted", "outcome"),
    [
        ("pmid", {"title": True, "first_author": True, "year": True}, (), Outcome.MATCH),
        ("pmid", {"title": True, "first_author": None, "year": True}, (), Outcome.MATCH),
        ("pmid", {"title": True, "first_author": True, "year": False}, (), Outcome.MISMATCH),
        ("pmid", {"title": False, "first_author": True, "year": True}, (), Outcome.MISMATCH),
        ("pmid", {"title": True, "first_author": False, "year": True}, (), Outcome.MISMATCH),
        ("pmid", {"title": True}, (), Outcome.UNKNOWN),
        ("pmid", {"title": None, "first_author": True, "year": True}, (), Outcome.UNKNOWN),
        ("pmid", {"title": None, "first_author": True, "year": True, "doi": True}, ("doi",), Outcome.MATCH),
        ("pmid", {"title": None, "first_author": True, "year": True, "doi": True}, (), Outcome.UNKNOWN),
        ("pmid", {"title": True, "year": True, "volume": False, "doi": False}, (), Outcome.MATCH),
        ("doi", {"title": True, "year": True, "doi": True}, (), Outcome.MATCH),
        ("doi", {"title": True, "year": True, "doi": None}, (), Outcome.UNKNOWN),
        ("doi", {"title": True, "year": True, "doi": False}, (), Outcome.MISMATCH),
        ("doi", {"title": False, "year": True, "doi": True}, (), Outcome.MISMATCH),
        ("pii", {"title": True, "year": True, "pii": True}, (), Outcome.MATCH),
        ("bibliography", {"title": True, "year": True, "volume": False}, (), Outcome.MISMATCH),
        ("bibliography", {"title": True, "year": True, "volume": True, "doi": False}, (), Outcome.MATCH),
        ("bibliography", {}, (), Outcome.UNKNOWN),
    ],
)
def test_what_a_comparison_means(name, agree, trusted, outcome):
    assert decide(name, facts(**agree), trusted)[0] is outcome


def test_queries_by_citation():
    wide, narrow = citation_queries(entry(title="The effects of ketamine on invented neuropathic pain in patients"))
    assert wide == (
        'ketamine[ti] AND invented[ti] AND neuropathic[ti] AND pain[ti] AND Doe[au] AND ("2008"[dp] : "2010"[dp])'
    )
    assert narrow.startswith("ketamine[ti] AND invented[ti] AND neuropathic[ti] AND Doe[au]")
    assert citation_queries(entry(title="")) == citation_queries(entry(title="Pain")) == ()
    evil = citation_queries(entry(title='Ketamine" OR [x] pain', authors=(Author(last='Doe"[au] OR (x'),)))
    assert all(query.count('"') == 4 and query.count("(") == query.count(")") for query in evil)


# --- against the server ----------------------------------------------------------------------------------------------


def work(pmid: str, title: str, author: str = "Doe", year: int = 2009, *, doi="", pmc="", more="", online=0) -> bytes:
    people = (
        f'<AuthorList><Author ValidYN="Y"><LastName>{author}</LastName><Initials>J</Initials></Author></AuthorList>'
    )
    epub = f'<ArticleDate DateType="Electronic"><Year>{online}</Year></ArticleDate>' if online else ""
    ids = "".join(
        f'<ArticleId IdType="{kind}">{value}</ArticleId>'
        for kind, value in (("pubmed", pmid), ("doi", doi), ("pmc", pmc))
        if value
    )
    return article(
        pmid,
        title=f"<ArticleTitle>{title}</ArticleTitle>",
        date=f"<PubDate><Year>{year}</Year></PubDate>",
        article=people + epub,
        citation=more,
        data=f"<ArticleIdList>{ids}</ArticleIdList>",
    )


RETRACTED = (
    '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J Synth Res. 2011</RefSource>'
    "</CommentsCorrections></CommentsCorrectionsList>"
)
CORPUS = Corpus.of(
    [
        work("1001", "Ketamine for invented pain of the knee", doi="10.1000/knee", pmc="PMC501"),
        work("1002", "Gabapentin for invented itch", "Roe"),
        work("1003", "Ketamine for invented pain of the elbow", doi="10.1000/elbow", online=2008),
        work("1004", "Ketamine for invented pain of the hip", year=2012, more=RETRACTED),
        work("1005", "Reply: Ketamine for invented pain of the hip", year=2012),
        work("1006", "Erratum of a synthetic work", doi="10.1000/elbow", year=2010),
        work("1007", "Twins of invented pain study", doi="10.1000/twin"),
        work("1008", "Twins of invented pain study", "Roe"),
        jats().replace(b">1001<", b">1001<").replace(b">2002<", b">501<"),
    ]
)


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setenv("KETALIT_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("ketalit.entrez.limiter.RESERVE", 0.01)  # the pace is not what is tested here
    monkeypatch.setattr("ketalit.entrez.settings.config_file", lambda: tmp_path / "config.toml")
    with Server(CORPUS, today="2026-11-01", limit=False) as server:
        monkeypatch.setenv("KETALIT_EUTILS", server.url)
        yield server


@pytest.fixture
def ncbi(server):
    return client()


def client() -> Ncbi:
    return Ncbi(Transport(dataclasses.replace(load_settings(), attempts=2, backoff=0.01)))


def review(*records: Record) -> Review:
    return Review(path=None, title="Synthetic", records=MappingProxyType({record.id: record for record in records}))


def one(ncbi, record: Record, name: str | None = None) -> Verification:
    found = verify(review(record), ncbi)
    return next(each for each in found if name in (None, each.name))


KNEE = "Ketamine for invented pain of the knee"


def test_a_pmid_that_leads_to_the_work(ncbi):
    found = one(ncbi, entry(pmid="1001", unverified=("pmid", "bibliography")), "pmid")
    assert (found.outcome, found.how, found.why) == (Outcome.MATCH, "PMID", "title, first author and year agree")
    assert found.found == {"doi": "10.1000/knee", "pmcid": "PMC501"}


def test_a_pmid_of_another_work_shows_both_and_what_may_be_meant(ncbi):
    found = one(ncbi, entry(pmid="1002", unverified=("pmid",)))
    assert (found.outcome, found.why) == (Outcome.MISMATCH, "title and first author differ")
    assert Compared("title", KNEE, "Gabapentin for invented itch", False) in found.compared
    assert found.candidates == (f"PMID 1001, by its citation: {KNEE}",)
    assert found.found == {}


def test_a_wrong_pmid_beside_a_doi_that_leads_on(ncbi):
    found = {
        each.name: each
        for each in verify(review(entry(pmid="1002", doi="10.1000/knee", unverified=("pmid", "doi"))), ncbi)
    }
    assert found["pmid"].outcome is Outcome.MISMATCH
    assert "PMID 1001, by its DOI" in found["pmid"].candidates[0]
    assert (found["doi"].outcome, found["doi"].how) == (Outcome.MATCH, "DOI")


def test_a_pmid_that_pubmed_does_not_hold(ncbi):
    found = one(ncbi, entry(pmid="99999", doi="10.1000/knee", unverified=("pmid",)))
    assert found.outcome is Outcome.UNKNOWN
    assert "PubMed holds no record 99999" in found.why
    assert "PMID 1001" in found.candidates[0]


def test_a_doi_resolves_to_a_pmid(ncbi):
    found = one(ncbi, entry(doi="10.1000/KNEE", unverified=("doi",)))
    assert (found.outcome, found.how, found.found) == (
        Outcome.MATCH,
        "DOI",
        {"pmid": "1001", "pmcid": "PMC501"},
    )


def test_of_two_records_with_one_doi_the_nearer_counts(ncbi):
    title = "Ketamine for invented pain of the elbow"
    found = one(ncbi, entry(title=title, doi="10.1000/elbow", unverified=("doi",)))
    assert (found.outcome, found.ncbi) == (Outcome.MATCH, "1003")


def test_a_doi_of_another_work(ncbi):
    found = one(ncbi, entry(title="Something else altogether", doi="10.1000/knee", unverified=("doi",)))
    assert (found.outcome, found.ncbi) == (Outcome.MISMATCH, "1001")


def test_a_doi_that_pubmed_does_not_know(ncbi):
    found = one(ncbi, entry(title="Zzz of nothing known", doi="10.1000/none", unverified=("doi",)))
    assert found.outcome is Outcome.UNKNOWN
    assert "no record of PubMed carries the DOI 10.1000/none" in found.why


def test_another_doi_in_ncbis_record(ncbi):
    found = one(ncbi, entry(pmid="1001", doi="10.1000/other", unverified=("doi",)))
    assert (found.outcome, found.why) == (Outcome.MISMATCH, "doi differs")
    found = one(
        ncbi, entry(pmid="1002", title="Gabapentin for invented itch", doi="10.1000/x", authors=(), unverified=("doi",))
    )
    assert (found.outcome, found.why) == (Outcome.UNKNOWN, "NCBI's record carries no DOI")


def test_a_pmcid_leads_to_a_pmid(ncbi):
    found = one(ncbi, entry(pmcid="PMC501", unverified=("bibliography",)))
    assert (found.outcome, found.how, found.found["pmid"]) == (Outcome.MATCH, "PMCID", "1001")
    found = one(ncbi, entry(title="Zzz of nothing known", pmcid="PMC999", unverified=("pmcid",)))
    assert found.outcome is Outcome.UNKNOWN
    assert "PMC999 leads to no PMID" in found.why


def test_a_pmcid_of_a_record_with_a_pmid(ncbi):
    assert one(ncbi, entry(pmid="1001", pmcid="PMC501", unverified=("pmcid",))).outcome is Outcome.MATCH
    wrong = one(ncbi, entry(pmid="1001", pmcid="PMC777", unverified=("pmcid",)))
    assert (wrong.outcome, wrong.why) == (Outcome.MISMATCH, "pmcid differs")
    elbow = entry(title="Ketamine for invented pain of the elbow", pmid="1003", pmcid="PMC501", unverified=("pmcid",))
    assert one(ncbi, elbow).outcome is Outcome.MISMATCH
    assert Compared("pmcid", "PMC501", "leads to PMID 1001", False) in one(ncbi, elbow).compared


def test_identifiers_that_are_none_are_said(ncbi):
    record = entry(
        title="Zzz of nothing known", pmid="10O1", pmcid="PMCx", doi='10.1000/a"b', unverified=("pmid", "pmcid", "doi")
    )
    for found in verify(review(record), ncbi):
        assert found.outcome is Outcome.UNKNOWN
        assert "“10O1” is no PMID" in found.why
        assert "“PMCx” is no PMCID" in found.why
    assert one(ncbi, entry(pmid="0001001", unverified=("pmid",))).outcome is Outcome.MATCH


def test_found_by_citation_only_when_title_author_and_year_agree(ncbi):
    found = one(ncbi, entry(unverified=("bibliography",)))
    assert (found.outcome, found.how, found.found["pmid"]) == (Outcome.MATCH, "citation", "1001")
    other_year = one(ncbi, entry(published=Date(iso="2010", precision="year"), unverified=("bibliography",)))
    assert other_year.outcome is Outcome.UNKNOWN
    assert other_year.candidates == (f"PMID 1001: {KNEE}",)
    assert "none for certain" in other_year.why
    no_author = one(ncbi, entry(authors=(), unverified=("bibliography",)))
    assert no_author.outcome is Outcome.UNKNOWN
    assert no_author.candidates == (f"PMID 1001: {KNEE}",)


def test_two_works_that_agree_are_no_match(ncbi, server):
    twins = entry(title="Twins of invented pain study", authors=(), unverified=("bibliography",))
    found = one(ncbi, twins)
    assert found.outcome is Outcome.UNKNOWN
    assert len(found.candidates) == 2


def test_a_reply_is_not_the_work_and_a_retraction_is_said(ncbi):
    hip = entry(title="Ketamine for invented pain of the hip", published=Date(iso="2012"), unverified=("bibliography",))
    found = one(ncbi, hip)
    assert (found.outcome, found.ncbi) == (Outcome.MATCH, "1004")
    assert "NCBI's record: retracted" in found.why


def test_nothing_found_says_what_was_tried(ncbi):
    found = one(ncbi, entry(title="Zzz of nothing known to anybody", unverified=("bibliography",)))
    assert found.outcome is Outcome.UNKNOWN
    assert found.why == "no record of PubMed fits its title words, first author and year"
    found = one(ncbi, entry(title="Pain", unverified=("bibliography",)))
    assert "too few words" in found.why


def test_all_pmids_go_in_one_request(ncbi, server):
    records = [entry(key=f"r{n}", pmid=str(1001 + n), unverified=("pmid",), doi="10.1000/knee") for n in range(8)]
    assert len(verify(review(*records), ncbi)) == 8
    fetches = [request for request in server.log if request.endpoint == "efetch"]
    assert len(fetches) == 1
    searches = [request for request in server.log if request.endpoint == "esearch"]
    assert len(searches) == 1  # all DOIs of those whose PMID leads elsewhere


def test_everything_looks_at_verified_names_too(ncbi):
    record = entry(pmid="1001", doi="10.1000/knee")
    assert verify(review(record), ncbi) == []
    assert {each.name: each.outcome for each in verify(review(record), ncbi, everything=True)} == {
        "pmid": Outcome.MATCH,
        "doi": Outcome.MATCH,
        "bibliography": Outcome.MATCH,
    }


def test_nothing_unverified_asks_nothing(ncbi, server):
    assert verify(review(entry(pmid="1001")), ncbi) == []
    assert not server.log


def test_without_a_network_nothing_is_guessed(monkeypatch, tmp_path):
    monkeypatch.setenv("KETALIT_STATE", str(tmp_path))
    monkeypatch.setenv("KETALIT_EUTILS", "http://127.0.0.1:9/")
    with pytest.raises(OfflineError):
        verify(review(entry(pmid="1001", unverified=("pmid",))), client())


def test_a_failure_after_the_first_answer_becomes_unknown(ncbi, server):
    server.faults.append(Fault("500", "esearch"))
    known = entry(pmid="1001", unverified=("pmid",))
    lost = entry(key="roe2009", title="Some other invented work", unverified=("bibliography",))
    first, second = verify(review(known, lost), ncbi)
    assert (first.outcome, second.outcome) == (Outcome.MATCH, Outcome.UNKNOWN)
    assert second.why


@pytest.mark.parametrize("doi", ["10.1000/elbow", ""])
def test_a_failed_fetch_of_what_was_found_is_said(ncbi, server, doi):
    server.faults.append(Fault("trunc_between", "efetch", nth={2, 3}))
    known = entry(pmid="1001", unverified=("pmid",))
    title = "Ketamine for invented pain of the elbow"
    lost = entry(key="lost2009", title=title, doi=doi, unverified=("bibliography",))
    first, second = verify(review(known, lost), ncbi)
    assert (first.outcome, second.outcome) == (Outcome.MATCH, Outcome.UNKNOWN)
    assert "the answer ends before" in second.why
    assert "no record of PubMed" not in second.why


def test_a_failed_fetch_is_never_absence(ncbi, server):
    server.faults.append(Fault("trunc_between", "efetch"))
    with pytest.raises(KetalitError):
        verify(review(entry(pmid="1001", unverified=("pmid",))), ncbi)


def test_the_bundled_review_ends_with_every_name(ncbi):
    bundled = load_review()
    found = verify(bundled, ncbi)
    wanted = [(record.id, name) for record in bundled.records.values() for name in record.unverified]
    assert sorted((each.record, each.name) for each in found) == sorted(wanted)
    # This corpus holds none of the real works.
    assert {each.outcome for each in found} == {Outcome.UNKNOWN}
    assert all(each.why for each in found)


# --- accepting -------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    path = new_review(tmp_path / "review", empty=True)
    lines = [
        to_json(entry(pmid="1001", unverified=("pmid", "doi", "bibliography"))),
        b'  {"source": "person", "key" : "spaced2001", "title": "Kept  as it is"}  ',
        b"",
        to_json(entry(key="roe2010", title="Gabapentin", unverified=("bibliography",))),
    ]
    (path / "records.jsonl").write_bytes(b"\r\n".join(lines) + b"\n")
    return path


def verified(name="pmid", record="doe2009", outcome=Outcome.MATCH, **more) -> Verification:
    value = {"pmid": "1001"}.get(name, "") if record == "doe2009" else ""
    return Verification(record=record, short="", name=name, value=value, outcome=outcome, why="so", **more)


def test_only_what_was_named_changes(folder):
    before = (folder / "records.jsonl").read_bytes().split(b"\n")
    path = accept(
        folder,
        [verified(), verified("bibliography"), verified(record="roe2010", name="bibliography")],
        ["doe2009/pmid"],
    )
    after = path.read_bytes().split(b"\n")
    assert after[1:] == before[1:]
    assert after[0].endswith(b"\r")
    assert load_review(folder).records["doe2009"].unverified == ("doi", "bibliography")


def test_all_matches_of_a_record_and_what_was_found(folder):
    found = {"pmid": "1001", "pmcid": "PMC501", "doi": "10.1000/knee"}
    accept(
        folder, [verified(found=found), verified("bibliography"), verified("doi", outcome=Outcome.UNKNOWN)], ["doe2009"]
    )
    record = load_review(folder).records["doe2009"]
    assert (record.unverified, record.pmcid, record.doi) == (("doi",), "PMC501", "10.1000/knee")


def test_the_last_name_takes_the_list_with_it(folder):
    path = accept(folder, [verified("bibliography", "roe2010", found={"pmid": "1002"})], ["roe2010"])
    line = json.loads(path.read_bytes().splitlines()[3])
    assert "unverified" not in line
    assert list(line)[:3] == ["source", "key", "pmid"]


@pytest.mark.parametrize(
    ("verifications", "named", "says"),
    [
        ([verified(outcome=Outcome.MISMATCH)], "doe2009", "does not agree with NCBI"),
        ([verified(outcome=Outcome.MISMATCH)], "doe2009/pmid", "does not agree with NCBI"),
        ([verified(), verified("doi", outcome=Outcome.MISMATCH)], "doe2009", "accept doe2009/pmid alone"),
        ([verified(outcome=Outcome.UNKNOWN)], "doe2009/pmid", "is unknown"),
        ([verified()], "nobody2000", "nothing of that name was verified"),
        ([verified(record="library1")], "library1", "library1 is not there"),
        ([dataclasses.replace(verified(), value="77")], "doe2009", "changed since"),
        ([verified(found={"pmid": "1005"})], "doe2009", "has another PMID by now, 1001"),
    ],
)
def test_what_is_not_a_match_is_refused_and_nothing_is_written(folder, verifications, named, says):
    before = (folder / "records.jsonl").read_bytes()
    with pytest.raises(InputError, match=says):
        accept(folder, [verified("bibliography", "roe2010"), *verifications], ["roe2010", named])
    assert (folder / "records.jsonl").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir() if path.name.endswith(".part")) == []


def test_a_line_that_is_no_record_is_named(folder):
    path = folder / "records.jsonl"
    path.write_bytes(b"{not a record}\n" + path.read_bytes())
    with pytest.raises(InputError, match="records.jsonl, line 1: is not a record"):
        accept(folder, [verified()], ["doe2009"])


def test_all_that_matched(folder):
    found = [verified(), verified("bibliography", "roe2010"), verified("doi", outcome=Outcome.MISMATCH)]
    assert matched(found) == ["doe2009/pmid", "roe2010/bibliography"]
    accept(folder, found, matched(found))
    assert load_review(folder).records["roe2010"].unverified == ()


def test_a_folder_without_records(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        accept(tmp_path, [verified()], ["doe2009"])


def test_from_the_server_into_the_folder(ncbi, folder):
    found = verify(load_review(folder), ncbi)
    accept(folder, found, ["doe2009/pmid"])
    record = load_review(folder).records["doe2009"]
    assert record.unverified == ("doi", "bibliography")
    assert record.pmcid == "PMC501"


# --- shown -----------------------------------------------------------------------------------------------------------


def shown(verifications) -> str:
    console = Console(width=100, highlight=False)
    with console.capture() as capture:
        console.print(to_rich(verifications))
    return capture.get()


def test_mismatches_come_first_with_both_values(ncbi):
    records = [
        entry(pmid="1001", unverified=("pmid",)),
        entry(key="wrong2009", pmid="1002", unverified=("pmid",)),
        entry(key="zzz2009", title="Zzz of nothing known", unverified=("bibliography",)),
    ]
    said = shown(verify(review(*records), ncbi))
    assert said.index("wrong2009") < said.index("zzz2009") < said.index("doe2009")
    assert "Gabapentin for invented itch" in said
    assert "may be meant: PMID 1001" in said
    assert "3 names of 3 records: 1 match, 1 mismatch, 1 unknown. Nothing was changed." in " ".join(said.split())
    assert "Nothing here is unverified" in shown([])


def test_text_of_others_is_harmless():
    evil = "[red]x[/red]\x1b[31m"
    fact = Compared("title", evil, evil, False)
    said = shown([verified(outcome=Outcome.MISMATCH, compared=(fact,), candidates=(evil,))])
    assert "\x1b" not in said
    assert "[red]x[/red]" in said


def test_as_json(ncbi):
    data = json.loads(json.dumps(as_json(verify(review(entry(pmid="1001", unverified=("pmid",))), ncbi))))
    assert data[0]["outcome"] == "match"
    assert data[0]["compared"][0] == {"fact": "title", "here": KNEE, "ncbi": KNEE, "agrees": True}


def test_of_very_many_the_terminal_shows_some_and_says_how_many_more(monkeypatch):
    from rich.console import Console

    from ketalit.verify import Outcome, to_rich
    from ketalit.verify.model import Verification

    def one(number):
        return Verification(
            record=f"r{number}", short="A 2000", name="pmid", value="1", outcome=Outcome.UNKNOWN, why="w", how=""
        )

    def lines(count):
        console = Console(width=100)
        with console.capture() as captured:
            console.print(to_rich([one(number) for number in range(count)]))
        return captured.get().splitlines()

    few, many = lines(100), lines(12_345)
    assert "more" not in "".join(few)
    assert len(many) == len(few) + 1
    assert "… and 12,245 more; --json gives all of them" in "".join(many)
    assert "12345 unknown" in many[-1].replace(",", "")
