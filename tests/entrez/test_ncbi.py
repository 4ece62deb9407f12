"""Does a search bring all its hits or an error, does every id asked for come back in a batch, in as few requests as can be?"""

import math

import pytest

from ketalit.entrez import Ncbi, SearchNote
from ketalit.entrez.ncbi import BATCH, BATCH_PMC, SMALLEST
from ketalit.errors import InputError, KetalitError, NcbiError, OfflineError
from ketalit.identifiers import parse_identifier
from tests.entrez.client import ncbi
from tests.eutils import Corpus, Entry, Fault, Server

QUERY = "ketamine[tiab]"


@pytest.fixture(scope="module")
def many():
    """Three hundred records of which PubMed gives out forty per search."""
    with Server(Corpus.generated(300), limit=False, cap=40) as server:
        yield server


@pytest.fixture
def fresh(many):
    many.faults = []
    many.forget()
    return many


# Searches


def test_a_search_is_one_request_and_einfo_once(eutils):
    source = ncbi(eutils)
    result = source.search("  ketamine[tiab]\n AND pain[tiab] ")
    assert result.query == "ketamine[tiab] AND pain[tiab]"
    assert result.count == len(result.ids) == len(set(result.ids)) > 10
    assert list(result.ids) == sorted(result.ids, key=int)
    assert result.translation == '"ketamine"[Title/Abstract] AND "pain"[Title/Abstract]'
    assert (result.build, result.updated[:10]) == ("Build-2026.11.01.02.36", "2026/11/01")
    assert result.at.endswith("+00:00")
    assert result.requests == 2
    source.search(QUERY)
    assert [request.endpoint for request in eutils.log] == ["einfo", "esearch", "esearch"]
    sent = eutils.log[1].parameters
    assert (sent["sort"], sent["retmax"], sent["tool"]) == ("pub_date", "9999", "ketalit")
    assert "usehistory" not in sent


def test_long_queries_are_posted(eutils):
    ncbi(eutils).search(" OR ".join(["ketamine[tiab]"] * 120))
    assert eutils.log[-1].method == "POST"


def test_nothing_is_sent_of_a_query_that_cannot_be_used(eutils):
    source = ncbi(eutils)
    for query in ("", "(ketamine"):
        with pytest.raises(InputError):
            source.search(query)
    with pytest.raises(InputError, match="wrong order"):
        source.search("ketamine", mindate="2025", maxdate="2024")
    assert not eutils.log
    with pytest.raises(InputError, match=r"Did you mean \[tiab\]"):
        source.search("ketamine[tiabb]")
    assert not eutils.asked("esearch")


def test_a_field_that_ncbi_does_not_know_stops_the_search(eutils):
    with pytest.raises(InputError, match=r"no search field \[NoSuchField\]"):
        ncbi(eutils).search("ketamine[NoSuchField]")


def test_what_ncbi_ignored_is_in_the_result(eutils):
    source = ncbi(eutils)
    nothing = source.search("qqzzxy[tiab]")
    assert (nothing.count, nothing.ids) == (0, ())
    assert nothing.notes == (SearchNote("phrase not found", "qqzzxy[tiab]"),)
    assert "quoted phrase not found" in {note.kind for note in source.search('"pain ketamine chronic"[tiab]').notes}
    assert "phrase ignored" in {note.kind for note in source.search("the ketamine").notes}


def test_dates_limit_the_search_also_from_one_side(eutils):
    source = ncbi(eutils)
    everything = source.search(QUERY)
    before = source.search(QUERY, maxdate="2025/12/31")
    after = source.search(QUERY, mindate="2026", datetype="edat")
    assert 0 < after.count < everything.count
    assert set(before.ids) | set(after.ids) == set(everything.ids)
    assert '"3000/12/31"[edat]' in after.query


def test_a_large_search_is_split_without_loss(fresh):
    lines = []
    source = Ncbi(ncbi(fresh).transport, most=40, say=lines.append)
    result = source.search(QUERY)
    assert len(lines) == len(result.slices) + 1
    assert result.ids == tuple(str(pmid) for pmid in range(98_000_001, 98_000_301))
    assert sum(part.count for part in result.slices) == result.count == 300
    assert all(part.count <= 40 for part in result.slices)
    cuts = len(result.slices) - 1
    assert len(fresh.asked("esearch")) == 1 + 2 * cuts == result.requests - 1
    assert len(fresh.log) <= 40


def test_a_large_search_can_be_refused(fresh):
    with pytest.raises(InputError, match="300 hits, and NCBI gives out 40 at most"):
        ncbi(fresh, most=40).search(QUERY, split=False)


@pytest.mark.parametrize("count", [39, 40, 41])
def test_at_the_border_nothing_is_lost(count):
    with Server(Corpus.generated(count), limit=False, cap=40) as server:
        result = ncbi(server, most=40).search(QUERY)
    assert len(result.ids) == result.count == count
    assert bool(result.slices) == (count > 40)


def test_a_day_with_too_many_is_refused_by_name():
    entries = [
        Entry(each.id, each.content, edat="2020-05-05", crdt="2020-05-05", lr="2020-05-05")
        for each in Corpus.generated(12).entries
    ]
    with (
        Server(Corpus(tuple(entries)), limit=False, cap=10) as server,
        pytest.raises(InputError, match=r"on one day, 2020/05/05"),
    ):
        ncbi(server, most=10).search(QUERY)


@pytest.mark.parametrize("fault", ["missing_ids", "extra_id", "count_drift"])
def test_numbers_that_do_not_agree_are_asked_for_again(eutils, fault):
    eutils.faults = [Fault(fault, endpoint="esearch", times=1)]
    result = ncbi(eutils).search(QUERY)
    assert result.count == len(result.ids)
    assert len(eutils.asked("esearch")) == 2
    eutils.faults = [Fault(fault, endpoint="esearch")]
    with pytest.raises(NcbiError, match=r"hits and gives out") as caught:
        ncbi(eutils).search(QUERY)
    assert caught.value.verdict == "incomplete"


def test_parts_that_do_not_add_up_are_an_error(fresh):
    fresh.faults = [Fault("count_drift", endpoint="esearch")]
    with pytest.raises(NcbiError, match="hits and gives out"):
        ncbi(fresh, most=40).search(QUERY)


@pytest.mark.parametrize(
    "fault", ["empty_body", "empty_set", "html200", "prolog_only", "error_elem", "503", "disconnect"]
)
def test_no_answer_is_never_no_result(eutils, fault):
    eutils.faults = [Fault(fault, endpoint="esearch")]
    with pytest.raises(NcbiError):
        ncbi(eutils).search(QUERY)


def test_unknown_database(eutils):
    with pytest.raises(KetalitError, match="nonsense"):
        ncbi(eutils).info("nonsense")


def test_spelling(eutils):
    assert isinstance(ncbi(eutils).spell("ketamin"), str)


# Records


def _ids(count, first=98_000_001):
    return [str(pmid) for pmid in range(first, first + count)]


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1200])
def test_records_come_in_as_few_posts_as_can_be(fresh, count):
    batches = list(ncbi(fresh).fetch(_ids(count)))
    assert [pmid for batch in batches for pmid in batch.requested] == _ids(count)
    assert len(fresh.log) == len(batches) == math.ceil(count / BATCH)
    assert {request.method for request in fresh.log} <= {"POST"}
    assert all(batch.error is None for batch in batches)


def test_each_id_is_asked_for_once(fresh):
    batches = list(ncbi(fresh).fetch(["98000001", "98000002", "98000001"]))
    assert [batch.requested for batch in batches] == [("98000001", "98000002")]


def test_full_texts_come_in_smaller_batches(eutils):
    batches = list(ncbi(eutils).fetch(_ids(120, 99_000_001), database="pmc"))
    assert [len(batch.requested) for batch in batches] == [50, 50, 20]
    assert len(eutils.log) == math.ceil(120 / BATCH_PMC)


def test_ids_of_which_none_exists_are_an_empty_answer(eutils):
    for database, root in (("pubmed", b"PubmedArticleSet"), ("pmc", b"pmc-articleset")):
        eutils.faults = [Fault("400_ids", endpoint="efetch")]
        (batch,) = ncbi(eutils).fetch(["5"], database=database)
        assert batch.error is None
        assert batch.body == b"<%b></%b>" % (root, root)


def test_a_poisoned_id_costs_its_neighbours_nothing_but_the_nearest(fresh):
    fresh.faults = [Fault("trunc_close", endpoint="efetch", ids=["98000077"])]
    batches = list(ncbi(fresh, attempts=1).fetch(_ids(300)))
    failed = [pmid for batch in batches if batch.error for pmid in batch.requested]
    assert "98000077" in failed
    assert len(failed) <= SMALLEST
    assert sorted(pmid for batch in batches for pmid in batch.requested) == _ids(300)


def test_an_outage_is_noticed(fresh):
    fresh.faults = [Fault("503")]
    batches = list(ncbi(fresh, attempts=1).fetch(_ids(1200)))
    assert sum(len(batch.requested) for batch in batches) == 1200
    assert all(batch.error and not batch.body for batch in batches)
    assert len(fresh.log) <= 8


@pytest.mark.parametrize(("fault", "kind"), [("html200_blocked", NcbiError), ("400_key", InputError)])
def test_after_what_time_does_not_heal_nothing_more_is_asked(fresh, fault, kind):
    fresh.faults = [Fault(fault, endpoint="efetch", nth={2})]
    batches = list(ncbi(fresh, api_key="0123456789abcdef").fetch(_ids(1600)))
    assert [type(batch.error) for batch in batches] == [type(None), kind, kind, kind]
    assert len(fresh.log) == 2
    assert "0123456789" not in str(batches[-1].error)


def test_offline_is_said_for_every_batch():
    batches = list(ncbi("http://127.0.0.1:9/").fetch(_ids(600)))
    assert [type(batch.error) for batch in batches] == [OfflineError, OfflineError]
    assert [len(batch.requested) for batch in batches] == [500, 100]


# Conversion


def _converted(server, *texts, **settings):
    return ncbi(server, **settings).convert([parse_identifier(text) for text in texts])


def test_identifiers_are_converted_one_kind_per_request(eutils):
    by_pmid = {entry.facts.identifier("pmc"): entry for entry in eutils.view.pubmed.values()}
    pmcid = next(name for name in by_pmid if name)
    entry = by_pmid[pmcid]
    doi = entry.facts.identifier("doi")
    found = _converted(eutils, pmcid, doi, entry.id, "10.1000/nothing", "10.1000/a,b")
    assert {request.parameters["idtype"] for request in eutils.log} == {"pmcid", "doi", "pmid"}
    assert len(eutils.log) == 3
    for name in (f"PMCID:{pmcid}", f"DOI:{doi.lower()}", f"PMID:{entry.id}"):
        assert (found[name].pmid, found[name].pmcid, found[name].problem) == (entry.id, pmcid, "")
    assert "not found" in found["DOI:10.1000/nothing"].problem.lower()
    assert found["DOI:10.1000/a,b"].problem
    assert not eutils.asked("efetch")


def test_no_more_than_200_are_converted_at_once(eutils):
    found = _converted(eutils, *(f"PMC{number}" for number in range(1, 451)))
    assert len(found) == 450
    assert [len(request.ids) for request in eutils.log] == [200, 200, 50]


def test_an_id_that_spoils_the_request_is_found(eutils, monkeypatch):
    source = ncbi(eutils)
    ask = source.transport.ask

    def picky(endpoint, parameters, *, ids=(), post=False):
        if "10.1000/bad" in ids:
            raise InputError("NCBI refuses the request: invalid id", where="idconv")
        return ask(endpoint, parameters, ids=ids, post=post)

    monkeypatch.setattr(type(source.transport), "ask", staticmethod(picky))
    found = source.convert([parse_identifier(f"10.1000/{name}") for name in ("a", "b", "bad", "c")])
    assert "invalid id" in found["DOI:10.1000/bad"].problem
    assert "not found" in found["DOI:10.1000/c"].problem.lower()


def test_a_converter_out_of_order_is_an_error(eutils):
    eutils.faults = [Fault("503", endpoint="idconv")]
    with pytest.raises(NcbiError):
        _converted(eutils, "10.1000/a")


def test_a_lasting_outage_is_given_up_after_a_batch_and_its_halves(eutils):
    eutils.faults = [Fault("500", "efetch")]
    source = ncbi(eutils)
    batches = list(source.fetch([str(number) for number in range(1, 1001)]))
    assert sorted(int(pmid) for batch in batches for pmid in batch.requested) == list(range(1, 1001))
    assert all(batch.error for batch in batches)
    assert len({tuple(request.ids) for request in eutils.asked("efetch")}) == 3
