"""Questions: what counts as news, what does not, and is nothing lost between two refreshes?"""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ketalit.entrez.search import SearchNote
from ketalit.errors import InputError, NcbiError
from ketalit.library import FILE, Library, Raw, RunKind, State
from ketalit.refresh import Kind, refresh
from ketalit.review import load_review
from tests.refresh.shelf import WORDS, Shelf, decide, record, review

ENTRY = '{"source":"person","key":"doe2009","pmid":"1001","title":"Synthetic trial of ketamine"}\n'


def told(report):
    return [(str(change.kind), change.record) for change in report.changes]


@pytest.fixture
def shelf():
    shelf = Shelf(q=["1001", "1002"])
    shelf.put("1001", "1002", "1003")
    return shelf


@pytest.fixture
def folder(tmp_path, shelf):
    """A review with one entered record, included, and one search, after its first refresh."""
    folder = review(tmp_path / "r", "q", entries=ENTRY)
    decide(folder, "doe2009", "include")
    refresh(folder, shelf)
    return folder


def again(folder, shelf):
    """The next refresh; the one after it has nothing to add."""
    report = refresh(folder, shelf)
    assert not refresh(folder, shelf).needs_attention
    return report


def test_first_refresh_an_entered_record_is_no_news_and_the_other_hits_are_to_be_screened(tmp_path, shelf):
    report = refresh(review(tmp_path / "r", "q", entries=ENTRY), shelf)
    assert told(report) == [("new to screen", "PMID:1002")]
    assert report.searches[0].count_before is None
    assert report.since == ""


def test_first_refresh_that_an_entered_record_is_retracted_is_news(tmp_path, shelf):
    shelf.put("1001", types=["Retracted Publication"])
    folder = review(tmp_path / "r", entries=ENTRY)
    assert told(again(folder, shelf)) == [("retracted", "doe2009")]


def test_an_unverified_pmid_of_another_work(tmp_path, shelf):
    entry = ENTRY.replace('"title":"Synthetic trial of ketamine"', '"title":"Cats and dogs","unverified":["pmid"]')
    folder = review(tmp_path / "r", entries=entry)
    report = again(folder, shelf)
    assert told(report) == [("identifier of another work", "doe2009")]
    assert "Synthetic trial of ketamine" in report.changes[0].what


def test_an_unverified_pmid_that_fits_is_no_news(tmp_path, shelf):
    folder = review(tmp_path / "r", entries=ENTRY.replace('"}', '","unverified":["pmid"]}'))
    assert told(again(folder, shelf)) == []


def test_an_entered_pmid_that_ncbi_does_not_hold(tmp_path, shelf):
    del shelf.records["1001"]
    report = again(review(tmp_path / "r", entries=ENTRY), shelf)
    assert told(report) == [("gone", "doe2009")]
    assert "under which this work was entered" in report.changes[0].what


def test_a_retraction_marked_by_publication_type_alone(folder, shelf):
    shelf.put("1001", types=["Retracted Publication"])
    report = again(folder, shelf)
    assert told(report) == [("retracted", "doe2009")]
    assert report.consequences.rows[0].stops_counting


def test_a_notice_is_not_a_retraction(folder, shelf):
    shelf.put("1003", types=["Retraction Notice"], links=[("RetractionOf", "J", "1001")])
    shelf.searches["q"].append("1003")
    report = again(folder, shelf)
    assert told(report) == [("new to screen", "PMID:1003")]
    assert report.changes[0].what == f"is the retraction notice of {load_review(folder).records['doe2009'].short}"


def test_a_study_that_turns_out_to_be_a_notice(folder, shelf):
    shelf.put("1001", types=["Retraction Notice"])
    assert told(again(folder, shelf)) == [("is itself a notice", "doe2009")]


def test_several_flags_at_once_most_important_first(folder, shelf):
    links = [("UpdateIn", "c"), ("ErratumIn", "b"), ("ExpressionOfConcernIn", "a"), ("RetractionIn", "d")]
    shelf.put("1001", links=links)
    assert [kind for kind, _ in told(again(folder, shelf))] == [
        "retracted",
        "expression of concern",
        "corrected",
        "superseded",
    ]


@pytest.mark.parametrize(
    ("kind", "wanted", "word"),
    [
        ("RetractedandRepublishedIn", "retracted", "republished"),
        ("CorrectedandRepublishedIn", "corrected", "republished"),
    ],
)
def test_republished(folder, shelf, kind, wanted, word):
    shelf.put("1001", links=[(kind, "J Synth Res. 2027", "1009")])
    report = again(folder, shelf)
    assert told(report) == [(wanted, "doe2009")]
    assert word in report.changes[0].what


def test_a_second_erratum_is_news_and_the_first_is_not_told_again(folder, shelf):
    shelf.put("1001", links=[("ErratumIn", "Erratum one")])
    again(folder, shelf)
    shelf.put("1001", links=[("ErratumIn", "Erratum two", "1010"), ("ErratumIn", "Erratum one")])
    report = again(folder, shelf)
    assert [link.citation for link in report.changes[0].links] == ["Erratum two"]


def test_an_erratum_that_is_given_its_pmid_is_minor(folder, shelf):
    shelf.put("1001", links=[("ErratumIn", "Erratum one")])
    again(folder, shelf)
    shelf.put("1001", links=[("ErratumIn", "Erratum one. J Synth Res", "1010")])
    report = again(folder, shelf)
    assert told(report) == [("minor", "doe2009")]
    assert report.changes[0].what == "links to other records"


def test_a_retraction_that_is_taken_back(folder, shelf):
    shelf.put("1001", types=["Retracted Publication"])
    again(folder, shelf)
    shelf.put("1001")
    report = again(folder, shelf)
    assert told(report) == [("no longer flagged", "doe2009")]
    assert report.consequences.rows[0].what.startswith("counts again")


def test_included_before_others(folder, shelf):
    shelf.put("1001", "1002", types=["Retracted Publication"])
    assert [change.decision for change in again(folder, shelf).changes] == ["include", "unscreened"]


def test_white_space_and_metadata_are_minor(folder, shelf):
    shelf.put("1001", words=WORDS.replace(" ", "  "))
    shelf.put("1002", mesh="Ketamine", status="In-Process")
    report = refresh(folder, shelf)
    assert not report.needs_attention
    assert [(change.kind, change.what) for change in report.changes] == [
        (Kind.MINOR, "white space or markup only"),
        (Kind.MINOR, "MeSH headings, indexing status"),
    ]


def test_a_text_on_which_no_checked_value_rests(folder, shelf):
    shelf.put("1001", words=WORDS.replace("60", "54"))
    report = again(folder, shelf)
    assert told(report) == [("text changed", "doe2009")]
    assert ("n_total", "60", "54") in [(cell.field, cell.before, cell.after) for cell in report.consequences.cells]


def test_the_text_of_a_record_left_out_calls_nobody(folder, shelf):
    decide(folder, "PMID:1002", "exclude")
    shelf.put("1002", words=WORDS.replace("60", "54"))
    report = refresh(folder, shelf)
    assert told(report) == [("minor", "PMID:1002")]
    assert not report.needs_attention


def test_an_abstract_that_disappears(folder, shelf):
    shelf.put("1001", words="")
    report = again(folder, shelf)
    assert told(report) == [("text changed", "doe2009")]
    assert report.changes[0].what == "Abstract changed"


def test_gone_is_told_once_and_coming_back_is_minor(folder, shelf):
    kept = shelf.records.pop("1002")
    assert told(again(folder, shelf)) == [("gone", "PMID:1002")]
    shelf.records["1002"] = kept
    report = again(folder, shelf)
    assert told(report) == [("minor", "PMID:1002")]
    assert report.changes[0].what == "NCBI holds it again"


def test_a_hit_that_pubmed_does_not_return_yet_is_new_when_it_does(folder, shelf):
    shelf.searches["q"].append("1009")
    report = again(folder, shelf)
    assert told(report) == [("gone", "PMID:1009")]
    assert "does not return its record" in report.changes[0].what
    shelf.put("1009")
    assert told(again(folder, shelf)) == [("new to screen", "PMID:1009")]


def test_a_screened_record_is_not_new(folder, shelf):
    shelf.searches["q"].append("1003")
    fetched(folder, "1003")
    decide(folder, "PMID:1003", "exclude")
    assert told(again(folder, shelf)) == []


def fetched(folder, pmid, **what):
    """What `ketalit fetch` leaves behind."""
    with Library.open(folder / FILE, write=True) as library:
        run = library.begin(RunKind.FETCH)
        states = {f"PMID:{pmid}": (State.RETURNED, "")}
        library.store(run, [Raw(f"PMID:{pmid}", "PubMed XML", record(pmid, **what))], states)
        library.finish(run)


def test_a_record_fetched_in_between_is_compared_with_what_was_fetched(folder, shelf):
    fetched(folder, "1003")
    decide(folder, "PMID:1003", "include")
    shelf.put("1003", words=WORDS.replace("60", "54"))
    report = again(folder, shelf)
    assert told(report) == [("text changed", "PMID:1003")]
    cells = [(cell.study, cell.field, cell.before, cell.after) for cell in report.consequences.cells]
    assert ("PMID:1003", "n_total", "60", "54") in cells


def test_a_record_fetched_again_in_between_is_compared_with_the_last_refresh(folder, shelf):
    shelf.put("1001", types=["Retracted Publication"])
    fetched(folder, "1001", types=["Retracted Publication"])
    assert told(again(folder, shelf)) == [("retracted", "doe2009")]


def test_a_record_retracted_when_it_was_fetched_is_told(folder, shelf):
    shelf.put("1003", types=["Retracted Publication"])
    fetched(folder, "1003", types=["Retracted Publication"])
    assert told(again(folder, shelf)) == [("retracted", "PMID:1003")]


def test_a_kill_and_then_a_fetch_lose_no_news(folder, shelf, monkeypatch):
    shelf.put("1001", types=["Retracted Publication"])
    shelf.searches["q"].append("1009")
    shelf.put("1009")
    with monkeypatch.context() as patch:
        patch.setattr(Library, "finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(folder, shelf)
    fetched(folder, "1003")
    report = again(folder, shelf)
    assert told(report) == [("retracted", "doe2009"), ("new to screen", "PMID:1009")]
    assert report.consequences.rows[0].stops_counting


STATES = st.fixed_dictionaries(
    {
        "words": st.sampled_from([WORDS, WORDS.replace("60", "54"), WORDS.replace(" ", "  "), ""]),
        "types": st.sampled_from([[], ["Retracted Publication"], ["Retraction Notice"]]),
        "links": st.lists(
            st.sampled_from([("ErratumIn", "a", ""), ("ErratumIn", "b", "1010"), ("UpdateIn", "c", "")]), max_size=3
        ),
        "mesh": st.sampled_from(["", "Ketamine"]),
    }
)
DAYS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["1001", "1002", "1003", "1009"]), st.none() | STATES),
        st.sets(st.sampled_from(["1001", "1002", "1003", "1009"])),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(DAYS)
def test_whatever_happens_it_is_told_once(tmp_path_factory, days):
    shelf = Shelf(q=["1001", "1002"])
    shelf.put("1001", "1002")
    folder = review(tmp_path_factory.mktemp("r") / "r", "q", entries=ENTRY)
    decide(folder, "doe2009", "include")
    refresh(folder, shelf)
    for changes, found, killed in days:
        for pmid, state in changes.items():
            if state is None:
                shelf.records.pop(pmid, None)
            else:
                shelf.put(pmid, **state)
        shelf.searches["q"] = sorted(found)
        dry = refresh(folder, shelf, dry_run=True)
        if killed:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Library, "finish", lambda *_: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    refresh(folder, shelf)
        wet = refresh(folder, shelf)
        assert (wet.changes, wet.searches, wet.counts) == (dry.changes, dry.searches, dry.counts)
        assert (wet.consequences.cells, wet.consequences.rows) == (dry.consequences.cells, dry.consequences.rows)
        silent = refresh(folder, shelf)
        assert (silent.changes, silent.needs_attention, silent.consequences.cells) == ((), False, ())


def test_drift(folder, shelf):
    shelf.translation, shelf.notes = "otherwise", (SearchNote("phrase not found", "ketamin"),)
    shelf.searches["q"].remove("1002")
    report = again(folder, shelf)
    (search,) = report.searches
    assert [(drift.what, drift.after) for drift in search.drift] == [
        ("NCBI reads the query in another way", "otherwise"),
        ("NCBI says", "phrase not found: ketamin"),
    ]
    assert [(lost.record, lost.why) for lost in search.lost] == [("PMID:1002", "still in PubMed, and kept here")]
    assert search.notes == ("phrase not found: ketamin",)


def test_another_build_of_the_database_alone_calls_nobody(folder, shelf):
    shelf.day = 2
    report = refresh(folder, shelf)
    assert not report.needs_attention
    assert (report.searches[0].build_before, report.searches[0].build) == ("Build1", "Build2")


def test_an_edited_query(folder, shelf):
    path = folder / "review.toml"
    path.write_text(path.read_text().replace('query = "q"', 'query = "p"'), encoding="utf-8")
    shelf.searches["p"] = ["1001", "1003"]
    report = again(folder, shelf)
    assert [drift.what for drift in report.searches[0].drift] == ["query edited"]
    assert [lost.why for lost in report.searches[0].lost] == ["the query was edited"]
    assert told(report) == [("new to screen", "PMID:1003")]


def test_a_wrong_query_stops_the_refresh_before_anything_is_stored(folder, shelf, monkeypatch):
    before = (folder / FILE).read_bytes()

    def refuse(query, *, database="pubmed"):
        raise InputError("pubmed has no search field [tiabb]")

    monkeypatch.setattr(shelf, "search", refuse)
    with pytest.raises(InputError, match="tiabb"):
        refresh(folder, shelf)
    assert (folder / FILE).read_bytes() == before


def test_a_search_that_fails_does_not_hide_the_rest(folder, shelf, monkeypatch):
    shelf.put("1001", types=["Retracted Publication"])

    def fail(query, *, database="pubmed"):
        raise NcbiError("NCBI counts 3 hits and gives out 2 ids")

    with monkeypatch.context() as patch:
        patch.setattr(shelf, "search", fail)
        report = refresh(folder, shelf)
    assert told(report) == [("retracted", "doe2009")]
    assert "“q” could not be run" in report.trouble[0]
    assert told(again(folder, shelf)) == [("retracted", "doe2009")]


def test_requests_of_an_unchanged_review(tmp_path):
    pmids = [str(number) for number in range(1001, 2202)]
    shelf = Shelf(q=pmids)
    shelf.put(*pmids)
    folder = review(tmp_path / "r", "q")
    refresh(folder, shelf)
    report = refresh(folder, shelf)
    assert not report.needs_attention
    assert report.counts.requests == 1 + 3  # this shelf has no einfo
    assert report.counts.returned == 1201


def test_a_review_without_anything_to_ask(tmp_path):
    report = refresh(review(tmp_path / "r"), Shelf())
    assert str(report) == "Nothing changed in this first refresh: 0 searches, 0 records, 0 requests."
