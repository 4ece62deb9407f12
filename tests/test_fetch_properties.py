"""Whatever goes wrong on the way: every id ends in one state, and the library holds nothing that NCBI does not.

Random plans of the local server's faults, random lists of ids; then the same without faults, for the rest.
"""

import dataclasses
import functools
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ketalit.errors import KetalitError
from ketalit.fetch import FetchReport, fetch_into, search_into
from ketalit.library import FILE, Library, State
from ketalit.records.files import read_bytes
from ketalit.review import new_review
from tests.entrez.client import ncbi
from tests.eutils import FAULTS, Corpus, Fault, Server

# These make the client wait for its time limits; `long` tests have them too.
SLOW = {"hang", "hang_body", "slow_drip", "delay"}
# Faults that no client can see through: the answer is whole and well-formed, and leaves out or takes back what exists.
# Answers that say of an id that there is no such record; the ID converter refuses an id as it refuses anything else.
LIES = {"empty_set", "missing_ids", "delete_citation", "400_ids", "lower_error", "webenv_gone"}
VALUES = {"gzip_bomb": 8, "deep_nesting": 2_000, "slow_drip": 0.2, "delay": 0.1}
QUERIES = ["ketamine[tiab]", "ketamine[tiab] AND randomized controlled trial[pt]", "qqzzxy[tiab]"]
NAMES = sorted(FAULTS)


def plans(names):
    """Up to four faults, each at some endpoint, in some requests, a few times or for ever."""
    fault = st.builds(
        lambda name, endpoint, nth, times: Fault(name, endpoint, nth, (), times, VALUES.get(name)),
        st.sampled_from(names),
        st.sampled_from(["efetch", "efetch", "esearch", "idconv", "einfo", ""]),
        st.one_of(st.none(), st.sets(st.integers(1, 6), min_size=1, max_size=3)),
        st.one_of(st.none(), st.integers(1, 3)),
    )
    return st.lists(fault, max_size=4)


VIEW = Corpus.synthetic().on("2026-11-01")
DOIS = [doi for entry in VIEW.pubmed.values() if (doi := entry.facts.identifier("doi").lower())]
IDS = [
    *VIEW.pubmed,
    *(f"PMC{number}" for number in VIEW.pmc),
    *DOIS,
    "5",
    "99000008",
    "PMC5",
    "10.1000/none",
    "rubbish",
]


@functools.cache
def source(url, patience=5.0):
    """One client for all: what is fetched must not depend on what went wrong before. (It also saves the time of TLS.)"""
    limits = {"read_timeout": patience, "total_timeout": 3 * patience, "longest_pause": 0, "largest_answer": 4 << 20}
    return ncbi(url, api_key="0123456789abcdef", **limits)


@pytest.fixture(scope="module")
def server():
    with Server(Corpus.synthetic(), limit=False) as server:
        yield server


def same_record(content, entry):
    """Whether stored bytes hold the record of the corpus, field by field."""
    (here,), (there,) = read_bytes(content, "library").records, read_bytes(entry.content, "corpus").records
    if there.source == "pmc" and not entry.open:  # the server sends it without its body
        return (here.pmcid, here.title, here.full_text) == (there.pmcid, there.title, None)
    return dataclasses.replace(here, sha256="") == dataclasses.replace(there, sha256="")


def check(report: FetchReport, folder, altered=frozenset()):
    """What holds after any fetch."""
    assert report.requested == sum(len(getattr(report, state.value)) for state in State)
    with Library.open(folder / FILE) as library:
        lines = library.ledger(report.run) if report.run else []
        held = {(item.id, item.source): item.content for item in library.contents()}
        assert not library.unfinished()
    counts = Counter(line.id for line in lines)
    assert set(counts.values()) <= {1}
    assert len(counts) == report.requested
    for line in lines:
        assert line.state is not None
        assert line.reason or line.state is State.RETURNED
    for (name, form), content in held.items():
        kind, _, value = name.partition(":")
        entry = VIEW.pubmed.get(value) if kind == "PMID" else VIEW.pmc.get(value.removeprefix("PMC"))
        assert entry, f"{name} is not in the corpus"
        assert same_record(content, entry), f"{name} is not what the corpus holds"
        assert content == entry.content.strip() or not entry.open or altered, f"{name}: {form}"
    shown = {name for name, _ in held}
    for line in report.returned:
        elsewhere = re.match(r"as ((?:PMID|PMCID):\w+)", line.reason)
        assert line.id in shown or (elsewhere and elsewhere[1] in shown), f"{line} and nothing stored"
    secrets = repr(report) + str(report)
    assert "0123456789abcdef" not in secrets
    assert len(str(report)) > 10


def fetch_under_faults(server, plan, texts, full_text, patience=5.0):
    """Fetch under faults, then what is left without them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = new_review(Path(temporary, "review"), empty=True)
        server.faults = plan
        server.forget()
        report = fetch_into(folder, texts, source(server.url, patience), full_text=full_text)
        struck = {fault.name for fault in plan if fault.struck}
        check(report, folder, struck & {"unknown_element", "latin1"})
        server.faults = []
        server.forget()
        rest = fetch_into(folder, [], source(server.url), full_text=full_text)
        check(rest, folder, struck)
        assert not rest.failed
        assert len(server.log) <= len(IDS)
        if not struck & LIES:
            gone = {line.id for line in (*report.absent, *rest.absent, *report.deleted, *rest.deleted)}
            assert gone <= {"PMID:5", "PMID:99000008", "PMCID:PMC5", "DOI:10.1000/none"}
        assert not fetch_into(folder, [], source("http://127.0.0.1:9/")).requested
        return report


def search_under_faults(server, plan, query, patience=5.0):
    """A search has exactly the hits of the corpus, or ends in an error and leaves nothing."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = new_review(Path(temporary, "review"), empty=True)
        server.faults = []
        expected = set(source(server.url).search(query).ids)
        server.faults = plan
        server.forget()
        error = report = None
        try:
            report = search_into(folder, query, source(server.url, patience))
        except KetalitError as raised:
            error = raised
        if report:
            assert set(report.search.ids) == expected
            assert report.search.count == len(report.search.ids) == len(expected)
        else:
            assert len(str(error)) > 10
            assert "0123456789abcdef" not in f"{error}{error!r}"
            assert not (folder / FILE).exists()
        event("found" if report else "error")


CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
QUICK = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=CHECKS)
LONG = settings(max_examples=1_500, deadline=None, suppress_health_check=CHECKS)
lists = st.lists(st.sampled_from(IDS), min_size=1, max_size=12)


@given(plans([name for name in NAMES if name not in SLOW]), lists, st.booleans())
@QUICK
def test_every_id_ends_somewhere_and_nothing_wrong_is_stored(server, plan, texts, full_text):
    report = fetch_under_faults(server, plan, texts, full_text)
    event("some failed" if report.failed else "all came")


@given(plans([name for name in NAMES if name not in SLOW]), st.sampled_from(QUERIES))
@QUICK
def test_a_search_is_whole_or_an_error(server, plan, query):
    search_under_faults(server, plan, query)


@pytest.mark.parametrize("name", NAMES)
def test_each_fault_alone_at_every_record_request(server, name):
    if name in SLOW:
        pytest.skip("waits for time limits; among the long ones")
    some = [*IDS[:5], *IDS[len(VIEW.pubmed) : len(VIEW.pubmed) + 6], *IDS[-5:]]
    fetch_under_faults(server, [Fault(name, "efetch", value=VALUES.get(name))], some, True)


@pytest.mark.long
@given(plans(NAMES), lists, st.booleans())
@LONG
def test_every_id_ends_somewhere_with_all_faults(server, plan, texts, full_text):
    fetch_under_faults(server, plan, texts, full_text, patience=0.2)


@pytest.mark.long
@given(plans(NAMES), st.sampled_from(QUERIES))
@LONG
def test_a_search_is_whole_or_an_error_with_all_faults(server, plan, query):
    search_under_faults(server, plan, query, patience=0.2)
