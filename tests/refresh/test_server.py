"""Questions: over real HTTP, does the timeline from May to November give exactly the expected report, at what cost?"""

import math

import pytest

from ketalit.entrez import Transport, load_settings
from ketalit.entrez.ncbi import Ncbi
from ketalit.errors import OfflineError
from ketalit.refresh import last_report, refresh
from tests.eutils import Corpus, Fault, Server
from tests.refresh.shelf import decide, review

SEARCHES = """
[[searches]]
name = "broad"
query = "(ketamine[tiab] OR esketamine[tiab]) AND pain[tiab]"

[[searches]]
name = "trials"
query = "ketamine[tiab] AND randomized controlled trial[pt]"
"""
EXPECTED = [
    ("retracted", "PMID:99000005"),
    ("expression of concern", "PMID:99000007"),
    ("corrected", "PMID:99000006"),
    ("superseded", "PMID:99000010"),
    ("new to screen", "PMID:99000031"),
    ("new to screen", "PMID:99000032"),
    ("new to screen", "PMID:99000033"),
    ("new to screen", "PMID:99000034"),
    ("new to screen", "PMID:99000035"),
    ("text changed under checked values", "PMID:99000009"),
    ("gone", "PMID:99000008"),
]


def ncbi(server, tmp_path):
    """A client that waits for nothing it need not wait for."""
    settings = load_settings({"KETALIT_EUTILS": server.url, "KETALIT_STATE": str(tmp_path / "state")})
    return Ncbi(Transport(settings))


def told(report):
    return [(str(change.kind), change.record) for change in report.changes]


@pytest.fixture
def folder(tmp_path, eutils):
    """A review as of May: two searches run, some records screened, one value checked."""
    folder = review(tmp_path / "r")
    with (folder / "review.toml").open("a", encoding="utf-8") as file:
        file.write(SEARCHES)
    eutils.today = "2026-05-01"
    refresh(folder, ncbi(eutils, tmp_path))
    for pmid in (99000005, 99000006, 99000007, 99000008, 99000009):
        decide(folder, f"PMID:{pmid}", "include")
    with (folder / "extraction.csv").open("a", encoding="utf-8") as file:
        file.write("PMID:99000009,n_total,185,,,abstract,PMID:99000009,person,,AB,2026-05-02,\n")
    eutils.forget()
    return folder


def test_the_timeline_three_times(folder, eutils, tmp_path):
    eutils.today = "2026-11-01"
    first, second, third = (refresh(folder, ncbi(eutils, tmp_path)) for _ in range(3))
    assert told(first) == EXPECTED
    assert first.complete
    for again in (second, third):
        assert (again.changes, again.needs_attention) == ((), False)


def test_requests_of_an_unchanged_review(folder, eutils, tmp_path):
    report = refresh(folder, ncbi(eutils, tmp_path))
    assert not report.needs_attention
    floor = 1 + 2 + math.ceil(report.counts.asked / 500)
    assert [request.endpoint for request in eutils.log] == ["einfo", "esearch", "esearch", "efetch"]
    assert report.counts.requests == len(eutils.log) == floor
    (records,) = eutils.asked("efetch")
    assert (records.method, len(records.ids)) == ("POST", report.counts.asked)


def test_a_batch_that_cannot_be_had_leaves_the_refresh_incomplete(folder, eutils, tmp_path):
    eutils.today = "2026-11-01"
    eutils.faults = [Fault("400_key", endpoint="efetch")]
    report = refresh(folder, ncbi(eutils, tmp_path))
    assert not report.complete
    assert report.counts.failed == report.counts.asked == len(report.failed)
    assert last_report(folder).at == report.since
    eutils.faults = []
    assert told(refresh(folder, ncbi(eutils, tmp_path))) == EXPECTED


def test_a_record_that_is_left_out_of_an_answer_is_named(folder, eutils, tmp_path):
    eutils.faults = [Fault("missing_ids", endpoint="efetch", value=1)]
    report = refresh(folder, ncbi(eutils, tmp_path))
    assert [kind for kind, _ in told(report)] == ["gone"]
    assert report.counts.absent == 1


def test_without_a_connection_nothing_changes(folder, eutils, tmp_path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    source = ncbi(eutils, tmp_path)
    eutils.close()
    with pytest.raises(OfflineError):
        refresh(folder, source)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_thousand_unchanged_records(tmp_path):
    corpus = Corpus.generated(1000)
    with Server(corpus, limit=False) as server:
        folder = review(
            tmp_path / "r",
            entries="".join(f'{{"source":"person","key":"k{pmid}","pmid":"{pmid}"}}\n' for pmid in corpus.pmids),
        )
        refresh(folder, ncbi(server, tmp_path))
        server.forget()
        report = refresh(folder, ncbi(server, tmp_path))
        assert [request.endpoint for request in server.log] == ["efetch", "efetch"]
        assert (report.changes, report.counts.returned) == ((), 1000)
