"""Does every requested id end somewhere, and does everything that came stand in the library byte for byte?"""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ketalit.entrez.ncbi import Batch
from ketalit.errors import InputError, NcbiError, OfflineError
from ketalit.fetch import deliver, fetch_into, search_into, wanted
from ketalit.library import FILE, Library, RunKind, State
from ketalit.records.files import read_bytes
from ketalit.records.model import Record, to_json
from ketalit.records.pubmed import iter_pubmed
from ketalit.review import new_review
from tests.entrez.client import ncbi
from tests.eutils import Corpus, Fault, Server
from tests.shared import SHARED, needs_shared

NOWHERE = "http://127.0.0.1:9/"
AT = "2026-11-01T00:00:00+00:00"


def record(pmid, title="A synthetic title.", version=1):
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="{version}">{pmid}</PMID><Article><ArticleTitle>{title}'
        f"</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )


def answer(*parts, encoding="utf-8"):
    text = f"<PubmedArticleSet>{''.join(parts)}</PubmedArticleSet>"
    head = "" if encoding == "utf-8" else f'<?xml version="1.0" encoding="{encoding}"?>'
    return (head + text).encode(encoding)


def delivered(asked, body, source="pubmed"):
    return deliver(Batch(tuple(asked), body, AT), source)


def states(result):
    return {name: state.value for name, (state, _) in result.states.items()}


@pytest.fixture
def folder(tmp_path):
    return new_review(tmp_path / "review", empty=True)


def stored(folder):
    with Library.open(folder / FILE) as library:
        return {(item.id, item.source): item for item in library.contents()}


# deliver


def test_each_id_ends_in_one_state():
    gone = '<DeleteCitation><PMID Version="1">4</PMID></DeleteCitation>'
    broken = record(3).replace("</ArticleTitle>", "")
    result = delivered(["1", "02", "3", "4"], answer(record(1), broken, gone))
    assert states(result) == {"PMID:1": "returned", "PMID:2": "absent", "PMID:3": "failed", "PMID:4": "deleted"}
    assert [raw.content.decode() for raw in result.raws] == [record(1)]
    assert "damaged" in result.states["PMID:3"][1]
    assert "deleted, merged" in result.states["PMID:2"][1]


def test_what_was_not_asked_for_is_dropped_with_an_alarm():
    result = delivered(["1"], answer(record(1), record(7)))
    assert [raw.id for raw in result.raws] == ["PMID:1"]
    assert result.alarms == ("PMID:7 came without being asked for, and was dropped",)


def test_cited_pmids_are_not_taken_for_the_record():
    cites = "<CommentsCorrectionsList><CommentsCorrections RefType='Cites'><PMID>9</PMID></CommentsCorrections></CommentsCorrectionsList>"
    result = delivered(["1", "9"], answer(record(1).replace("</MedlineCitation>", f"{cites}</MedlineCitation>")))
    assert states(result) == {"PMID:1": "returned", "PMID:9": "absent"}


def test_both_versions_are_kept():
    result = delivered(["1"], answer(record(1, "First."), record(1, "Second.", version=2)))
    assert [(raw.id, raw.version) for raw in result.raws] == [("PMID:1", 1), ("PMID:1", 2)]
    assert states(result) == {"PMID:1": "returned"}


def test_the_same_record_twice_is_one_and_two_texts_are_an_alarm():
    assert not delivered(["1"], answer(record(1), record(1))).alarms
    result = delivered(["1"], answer(record(1), record(1, "Other.")))
    assert len(result.raws) == 1
    assert "different text" in result.alarms[0]


def test_damage_without_a_number_makes_nothing_absent():
    nameless = "<PubmedArticle><MedlineCitation>&broken;</MedlineCitation></PubmedArticle>"
    assert states(delivered(["1", "2"], answer(record(1), nameless))) == {"PMID:1": "returned", "PMID:2": "failed"}


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"<eFetchResult><ERROR>no</ERROR></eFetchResult>", b"PMID- 1\n"]
)
def test_an_unreadable_answer_fails_all(body):
    result = delivered(["1", "2"], body)
    assert states(result) == {"PMID:1": "failed", "PMID:2": "failed"}
    assert not result.raws


def test_an_error_is_the_reason_of_each():
    result = deliver(Batch(("1",), b"", AT, NcbiError("no usable answer", where="efetch")))
    assert result.states == {"PMID:1": (State.FAILED, "efetch: no usable answer.")}


def test_another_encoding_is_readable_alone():
    result = delivered(["1"], answer(record(1, "Schmerz für Tübingen."), encoding="iso-8859-1"))
    assert read_bytes(result.raws[0].content, "x").records[0].title == "Schmerz für Tübingen."
    assert record(1, "Schmerz für Tübingen.").encode("iso-8859-1") in result.raws[0].content


def test_an_empty_set_means_absent():
    assert states(delivered(["1"], b"<PubmedArticleSet></PubmedArticleSet>")) == {"PMID:1": "absent"}


def article(pmcid, body="<body><p>Text.</p></body>", comment=""):
    return (
        f'<article>{comment}<front><article-meta><article-id pub-id-type="pmc">{pmcid}</article-id></article-meta>'
        f"</front>{body}</article>"
    )


def articles(*parts):
    return f"<pmc-articleset>{''.join(parts)}</pmc-articleset>".encode()


def test_closed_full_text_is_said():
    comment = "<!--The publisher of this article does not allow downloading of the full text in XML form.-->"
    restricted = "<processing-meta><restricted-by>pmc</restricted-by></processing-meta>"
    missing = '<error id="14">The following PMCID is not available: 14</error>'
    body = articles(article("PMC11"), article("12", "", comment), article("PMC13", "", restricted), missing)
    result = delivered(["11", "12", "PMC13", "14", "15"], body, "pmc")
    reasons = {name: reason for name, (_, reason) in result.states.items()}
    assert states(result) == {
        "PMCID:PMC11": "returned",
        "PMCID:PMC12": "returned",
        "PMCID:PMC13": "returned",
        "PMCID:PMC14": "absent",
        "PMCID:PMC15": "absent",
    }
    assert reasons["PMCID:PMC11"] == ""
    assert reasons["PMCID:PMC12"] == reasons["PMCID:PMC13"]
    assert "not open" in reasons["PMCID:PMC12"]
    assert "not available" in reasons["PMCID:PMC14"]
    assert [raw.source for raw in result.raws] == ["JATS XML"] * 3


@needs_shared
def test_recorded_answers_are_cut_without_loss():
    paths = [
        path for path in sorted((SHARED / "recorded" / "pubmed_xml").rglob("*.xml")) if path.stat().st_size < 300_000
    ]
    assert len(paths) > 100
    returned = 0
    for path in paths[::4]:
        body, problems = path.read_bytes(), []
        try:
            records = list(iter_pubmed(body, problems=problems))
        except InputError:
            continue
        pmids = {record.pmid for record in records}
        result = delivered(sorted(pmids), body)
        assert {name.removeprefix("PMID:") for name in states(result)} == pmids
        for raw in result.raws:
            (again,) = read_bytes(raw.content, path.name).records
            assert f"PMID:{again.pmid}" == raw.id
            known = [record for record in records if (record.pmid, record.version) == (again.pmid, again.version)]
            assert replace(again, sha256="") == replace(known[0], sha256="")
        returned += len(result.raws)
    assert returned > 50


# fetch_into


def test_records_are_stored_byte_for_byte(eutils, folder):
    pmids = list(eutils.view.pubmed)
    report = fetch_into(folder, [", ".join(pmids)], ncbi(eutils))
    assert report.complete
    assert (report.requested, len(report.returned), report.new, report.changed) == (
        len(pmids),
        len(pmids),
        len(pmids),
        0,
    )
    assert report.requests == len(eutils.log) == 1
    held = stored(folder)
    for pmid, entry in eutils.view.pubmed.items():
        assert held[f"PMID:{pmid}", "PubMed XML"].content == entry.content.strip()
    with Library.open(folder / FILE) as library:
        (run,) = library.runs()
        assert (run.kind, bool(run.finished)) == (RunKind.FETCH, True)
        assert json.loads(run.report)["returned"] == len(pmids)


@pytest.mark.parametrize("count", [1, 500, 501])
def test_a_fetch_is_as_few_requests_as_can_be(folder, count):
    corpus = Corpus.generated(count)
    with Server(corpus, limit=False) as server:
        report = fetch_into(folder, corpus.pmids, ncbi(server))
        assert len(server.log) == report.requests == math.ceil(count / 500)
    assert report.complete


def test_what_is_held_is_not_asked_for_again(eutils, folder):
    fetch_into(folder, ["99000001"], ncbi(eutils))
    eutils.forget()
    doi = eutils.view.pubmed["99000001"].facts.identifier("doi")
    report = fetch_into(folder, ["99000001", doi], ncbi(eutils))
    assert (report.run, report.requested) == (0, 0)
    assert report.held == ("PMID:99000001", f"DOI:{doi.lower()}")
    assert "2 records held already" in str(report)
    assert not eutils.log


def test_force_tells_what_changed(eutils, folder):
    eutils.today = "2026-05-15"
    fetch_into(folder, ["99000005", "99000001"], ncbi(eutils))
    eutils.today = "2026-11-01"
    report = fetch_into(folder, ["99000005", "99000001"], ncbi(eutils), force=True)
    assert (report.new, report.changed, len(report.returned)) == (0, 1, 2)
    with Library.open(folder / FILE) as library:
        assert len(library.versions("PMID:99000005")) == 2


def test_versions_deleted_absent_and_books(eutils, folder):
    report = fetch_into(folder, ["99000008", "99000041", "5"], ncbi(eutils))
    assert [line.id for line in report.absent] == ["PMID:99000008", "PMID:5"]
    assert [line.id for line in report.returned] == ["PMID:99000041"]
    assert report.complete
    eutils.faults = [Fault("delete_citation", endpoint="efetch")]
    report = fetch_into(folder, ["99000001", "99000002"], ncbi(eutils))
    assert [line.id for line in report.deleted] == ["PMID:99000001"]
    assert "deleted: PMID:99000001: withdrawn" in str(report)
    with Library.open(folder / FILE) as library:
        assert set(library.gone()) == {"PMID:99000008", "PMID:5", "PMID:99000001"}


def test_an_absent_pmid_whose_doi_is_known_points_to_it(eutils, folder):
    known = Record(source="person", key="gone2020", pmid="5", doi="10.1000/gone", title="Gone")
    (folder / "records.jsonl").write_bytes(to_json(known) + b"\n")
    report = fetch_into(folder, ["5"], ncbi(eutils))
    assert "`ketalit fetch 10.1000/gone`" in report.absent[0].reason


def test_an_unasked_record_is_not_stored(eutils, folder):
    eutils.faults = [Fault("extra_id", endpoint="efetch")]
    report = fetch_into(folder, ["99000001"], ncbi(eutils))
    assert set(stored(folder)) == {("PMID:99000001", "PubMed XML")}
    assert "without being asked for" in report.alarms[0]


def test_texts_that_are_no_identifier_are_told(eutils, folder):
    report = fetch_into(folder, ["99000001 nonsense", "S0304-3959(09)00381-1"], ncbi(eutils))
    assert [item.text for item in report.rejected] == ["nonsense", "PII:S0304395909003811"]
    assert report.requested == 1
    assert "“nonsense” rejected" in str(report)
    assert fetch_into(folder, ["nonsense"], ncbi(NOWHERE)).rejected


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        fetch_into(tmp_path / "nowhere", ["1"], ncbi(NOWHERE))


# PMCIDs, DOIs, full texts


def _with_doi(eutils, pmc):
    for entry in eutils.view.pubmed.values():
        doi = entry.facts.identifier("doi").lower()
        if doi and bool(entry.facts.identifier("pmc")) == pmc:
            yield f"DOI:{doi}", entry.id


def test_dois_in_pmc_are_converted_and_others_searched_for(eutils, folder):
    converted, searched = dict(_with_doi(eutils, True)), dict(_with_doi(eutils, False))
    assert converted
    assert len(searched) > 20
    report = fetch_into(folder, [*converted, *searched, "10.1000/nothing"], ncbi(eutils))
    assert report.complete
    ends = {line.id: line.reason for line in report.returned}
    assert ends == {name: f"as PMID:{pmid}" for name, pmid in (converted | searched).items()}
    assert [line.id for line in report.absent] == ["DOI:10.1000/nothing"]
    assert "no record of PubMed carries it" in report.absent[0].reason
    searches = math.ceil((len(searched) + 1) / 20)
    requests = {endpoint: len(eutils.asked(endpoint)) for endpoint in ("idconv", "einfo", "esearch", "efetch")}
    assert requests == {"idconv": 1, "einfo": 1, "esearch": searches, "efetch": 2}


def test_a_hit_that_does_not_carry_the_doi_is_not_taken(eutils, folder, monkeypatch):
    source = ncbi(eutils)
    search = source.search

    def astray(query, **more):
        return search("99000001[uid]", **more)

    monkeypatch.setattr(source, "search", astray)
    report = fetch_into(folder, ["10.1000/astray"], source)
    assert [line.id for line in report.absent] == ["DOI:10.1000/astray"]
    assert not stored(folder)


def test_two_records_with_one_doi_are_named(folder):
    entries = Corpus.synthetic().entries
    doi = b"10.1000/shared"
    twins = [each for each in entries if each.id in ("99000012", "99000013")]
    changed = []
    for each in twins:
        own = each.facts.identifier("doi").encode()
        changed.append(each.content.replace(own, doi) if own else each.content)
    with Server(Corpus.of(changed), limit=False) as server:
        if not all(entry.facts.identifier("doi") for entry in server.view.pubmed.values()):
            pytest.fail("the records chosen for this test have no DOI")
        report = fetch_into(folder, [doi.decode()], ncbi(server))
    assert "several records carry it: PMID:99000012, PMID:99000013" in report.absent[0].reason
    assert not stored(folder)


def test_without_the_converter_dois_are_searched_for_and_pmcids_fail(eutils, folder):
    eutils.faults = [Fault("503", endpoint="idconv")]
    (name, pmid), *_ = _with_doi(eutils, True)
    report = fetch_into(folder, [name, "PMC99100001"], ncbi(eutils))
    assert [(line.id, line.reason) for line in report.returned] == [(name, f"as PMID:{pmid}")]
    assert [line.id for line in report.failed] == ["PMCID:PMC99100001"]
    assert not report.complete
    assert not report.offline


def _pmcids(eutils):
    found = {entry.facts.identifier("pmc"): entry.id for entry in eutils.view.pubmed.values()}
    return {pmcid: pmid for pmcid, pmid in found.items() if pmcid}


def test_pmcids_bring_the_record_and_with_full_text_the_article(eutils, folder):
    pmcids = _pmcids(eutils)
    report = fetch_into(folder, [*pmcids, "PMC5"], ncbi(eutils))
    assert {line.id: line.reason for line in report.returned} == {
        f"PMCID:{pmcid}": f"as PMID:{pmid}" for pmcid, pmid in pmcids.items()
    }
    assert "not found" in report.absent[0].reason.lower()
    assert all(source == "PubMed XML" for _, source in stored(folder))

    eutils.forget()
    report = fetch_into(folder, list(pmcids.values()), ncbi(eutils), full_text=True)
    assert len(eutils.log) == 1
    assert report.complete
    closed = [line for line in report.returned if "not open" in line.reason]
    assert len(closed) == 1
    assert closed[0].id in str(report)
    held = stored(folder)
    for pmcid in pmcids:
        content = eutils.view.pmc[pmcid.removeprefix("PMC")].content.strip()
        if f"PMCID:{pmcid}" != closed[0].id:
            assert held[f"PMCID:{pmcid}", "JATS XML"].content == content

    eutils.forget()
    assert fetch_into(folder, list(pmcids), ncbi(eutils), full_text=True).requested == 0
    assert not eutils.log


def test_full_texts_that_pmc_does_not_give_out_are_told(eutils, folder):
    eutils.faults = [Fault("lower_error", endpoint="efetch", nth={2})]
    pmcid = next(iter(_pmcids(eutils)))
    report = fetch_into(folder, [pmcid], ncbi(eutils), full_text=True)
    (line,) = report.returned
    assert "without the full text" in line.reason
    assert {source for _, source in stored(folder)} == {"PubMed XML"}


# Interruptions, outages, no network


def interrupted(source, nth):
    """NCBI, until somebody presses Ctrl-C while the nth batch is awaited."""
    ask, batches = source.transport.ask, iter(range(1, nth))

    def until_then(endpoint, *args, **kwargs):
        if endpoint == "efetch" and next(batches, None) is None:
            raise KeyboardInterrupt
        return ask(endpoint, *args, **kwargs)

    source.transport.ask = until_then
    return source


def test_ctrl_c_in_batch_7_of_12_leaves_6(folder, monkeypatch):
    corpus = Corpus.generated(60)
    monkeypatch.setattr("ketalit.entrez.ncbi.BATCH", 5)
    with Server(corpus, limit=False) as server:
        with pytest.raises(KeyboardInterrupt):
            fetch_into(folder, corpus.pmids, interrupted(ncbi(server), 7))
        monkeypatch.undo()
        assert {name for name, _ in stored(folder)} == {f"PMID:{pmid}" for pmid in corpus.pmids[:30]}
        with Library.open(folder / FILE) as library:
            (run,) = library.unfinished()
            assert sum(line.state is None for line in library.ledger(run.id)) == 30

        server.forget()
        report = fetch_into(folder, [], ncbi(server))
        assert (report.requested, len(report.returned), report.held) == (30, 30, ())
        assert len(server.log) == 1
        assert set(server.log[0].ids) == set(corpus.pmids[30:])
        with Library.open(folder / FILE) as library:
            assert not library.unfinished()
        assert fetch_into(folder, [], ncbi(NOWHERE)).requested == 0


def test_ctrl_c_before_the_full_texts_does_not_forget_them(eutils, folder):
    pmids = list(_pmcids(eutils).values())
    with pytest.raises(KeyboardInterrupt):
        fetch_into(folder, pmids, interrupted(ncbi(eutils), 2), full_text=True)
    report = fetch_into(folder, [], ncbi(eutils))
    assert {line.id for line in report.returned} == {f"PMCID:{pmcid}" for pmcid in _pmcids(eutils)}
    assert report.complete


def test_a_fetch_that_another_took_for_dead_goes_on(folder, monkeypatch):
    corpus = Corpus.generated(20)
    monkeypatch.setattr("ketalit.entrez.ncbi.BATCH", 5)
    with Server(corpus, limit=False) as server:
        slow = ncbi(server)
        ask = slow.transport.ask
        others = iter([None, lambda: fetch_into(folder, [], ncbi(server))])

        def meanwhile(*args, **kwargs):
            if act := next(others, None):
                act()
            return ask(*args, **kwargs)

        slow.transport.ask = meanwhile
        report = fetch_into(folder, corpus.pmids, slow)
    assert report.complete
    assert len(report.returned) == report.requested == 20
    with Library.open(folder / FILE) as library:
        assert not library.unfinished()
        assert [len(library.ledger(run.id)) for run in library.runs()] == [20, 15, 15]


def test_offline_fails_all_and_the_next_fetch_goes_on(eutils, folder):
    report = fetch_into(folder, ["99000001", "10.1000/x", "PMC99100001"], ncbi(NOWHERE))
    assert report.offline
    assert not report.complete
    assert len(report.failed) == 3
    assert "cannot be reached" in str(report)
    assert not stored(folder)
    report = fetch_into(folder, [], ncbi(eutils))
    assert not report.offline
    assert {line.id for line in report.returned} == {"PMID:99000001", "PMCID:PMC99100001"}
    assert [line.id for line in report.absent] == ["DOI:10.1000/x"]


def test_an_outage_in_the_middle_keeps_what_came(folder):
    corpus = Corpus.generated(700)
    with Server(corpus, limit=False, faults=[Fault("html200_blocked", endpoint="efetch", nth={2})]) as server:
        report = fetch_into(folder, corpus.pmids, ncbi(server))
    assert (len(report.returned), len(report.failed)) == (500, 200)
    assert "and 190 more" in str(report)
    assert len(stored(folder)) == 500


def test_records_in_quarantine_are_fetched_again(eutils, folder, monkeypatch):
    fetch_into(folder, ["99000001"], ncbi(eutils))
    monkeypatch.setattr(Library, "quarantined", lambda self: ["PMID:99000001"])
    monkeypatch.setattr(Library, "contents", lambda self, **more: iter(()))
    assert fetch_into(folder, [], ncbi(eutils)).requested == 1


def test_progress_is_told(eutils, folder):
    lines = []
    fetch_into(folder, ["99000001", "5"], ncbi(eutils), say=lines.append)
    assert lines == ["asking PubMed for 2 records (1 request)", "2 of 2: 1 returned, 1 absent"]


# search_into


def test_a_search_is_kept_with_all_that_ncbi_said(eutils, folder):
    report = search_into(folder, "ketamine[tiab] AND qqzz[tiab]", ncbi(eutils))
    assert (report.search.count, report.search.notes) == (0, ("phrase not found: qqzz[tiab]",))
    report = search_into(folder, "ketamine[tiab] AND pain[tiab]", ncbi(eutils), fetch=True)
    assert report.fetched.complete
    assert report.search.count == len(report.search.ids) == len(report.fetched.returned)
    with Library.open(folder / FILE) as library:
        assert library.searches()[-1] == report.search
        assert [run.kind.value for run in library.runs()] == ["search", "search", "fetch"]
    assert "understood as: " in str(report)
    assert report.search.build
    assert report.previous is None


def test_a_saved_search_goes_by_its_name_and_tells_what_differs(eutils, folder):
    with (folder / "review.toml").open("a") as stream:
        stream.write('\n[[searches]]\nname = "mine"\nquery = "ketamine[tiab]  "\n')
    eutils.today = "2026-05-15"
    first = search_into(folder, "mine", ncbi(eutils)).search
    assert (first.name, first.query) == (
        "mine",
        "ketamine[tiab]  ",
    )  # as the review has it, to be told when it is edited
    eutils.today = "2026-11-01"
    report = search_into(folder, "mine", ncbi(eutils))
    assert report.appeared
    assert "99000008" in report.gone
    assert not report.drift
    assert "gone: 99000008" in str(report)


def test_drift_of_the_translation_is_told(eutils, folder, monkeypatch):
    search_into(folder, "ketamine", ncbi(eutils))
    source = ncbi(eutils)
    search = source.search
    monkeypatch.setattr(source, "search", lambda *args, **more: _other_translation(search(*args, **more)))
    report = search_into(folder, "ketamine", source)
    assert report.drift
    assert "understood on" in str(report)


def _other_translation(result):
    return replace(result, translation="something else")


def test_a_search_that_fails_leaves_nothing_behind(eutils, folder, tmp_path):
    for source, error in ((ncbi(NOWHERE), OfflineError), (ncbi(eutils), InputError)):
        with pytest.raises(error):
            search_into(folder, "ketamine[NoSuchField]", source)
    assert not (folder / FILE).exists()
    with pytest.raises(InputError):
        search_into(tmp_path, "ketamine", ncbi(eutils))


def test_what_a_review_waits_for(eutils, folder):
    assert wanted(folder) == []
    found = search_into(folder, "ketamine[tiab] AND pain[tiab]", ncbi(eutils)).search
    assert wanted(folder) == [f"PMID:{pmid}" for pmid in found.ids]
    fetch_into(folder, found.ids[:3], ncbi(eutils))
    fetch_into(folder, ["99000043", "5"], ncbi(NOWHERE))
    assert wanted(folder) == ["PMID:99000043", "PMID:5", *(f"PMID:{pmid}" for pmid in found.ids[3:])]
    assert fetch_into(folder, wanted(folder), ncbi(eutils)).complete
    assert wanted(folder) == []  # PubMed has said that it does not hold the last one


def test_a_fetch_with_full_text_goes_on_with_it(eutils, folder):
    pmids = list(_pmcids(eutils).values())
    with pytest.raises(KeyboardInterrupt):
        fetch_into(folder, pmids, interrupted(ncbi(eutils), 2), full_text=True)
    assert {line.id for line in fetch_into(folder, wanted(folder), ncbi(eutils)).returned} == {
        f"PMCID:{pmcid}" for pmcid in _pmcids(eutils)
    }


def test_two_fetches_at_once_lose_nothing(folder):
    corpus = Corpus.generated(60)
    with Server(corpus, limit=False) as server, ThreadPoolExecutor(4) as pool:
        lists = [corpus.pmids[:40], corpus.pmids[20:], corpus.pmids, corpus.pmids[::2]]
        reports = list(pool.map(lambda pmids: fetch_into(folder, pmids, ncbi(server)), lists))
    assert all(report.complete and not report.failed for report in reports)
    assert {name for name, _ in stored(folder)} == {f"PMID:{pmid}" for pmid in corpus.pmids}
    with Library.open(folder / FILE) as library:
        assert not library.unfinished()
