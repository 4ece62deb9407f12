"""Does anything at all make a reader or `cite` fail in another way than with a sentence? Seeded here, at large in the long run."""

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shared import needs_shared

from . import material, properties

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]

files = st.sampled_from(list(material.seeds().values()))
pages = st.sampled_from(list(material.pages().values()))
archives = st.sampled_from(material.archives())
votes = st.just(b"record,stage,decision,reason,note,when\nPMID:1,title/abstract,include,,,2026-11-22T10:00:00Z\n")

# name: what is fed, what has to hold, share of the examples
TARGETS = {
    "files, damaged": (material.damaged(files), properties.file_holds, 3),
    "files, of a grammar": (
        material.xml() | material.lines() | material.bibtex() | material.tables(), properties.file_holds, 3,
    ),
    "files, of a grammar, damaged": (
        material.damaged(material.xml() | material.lines() | material.bibtex() | material.tables(), 2),
        properties.file_holds,
        2,
    ),
    "files, packed and damaged": (material.damaged(files.map(lambda raw: gzip.compress(raw, mtime=0)), 3), properties.file_holds, 1),
    "files, any bytes": (st.binary(max_size=400), properties.file_holds, 2),
    "pages, damaged": (material.damaged(pages), properties.page_bytes_hold, 3),
    "pages, of a grammar": (material.page_texts(), properties.text_holds, 3),
    "pages, one thing over and over": (material.repeated(), properties.text_holds, 2),
    "identifiers": (material.PROSE | material.page_texts() | material.repeated() | st.text(max_size=60), properties.identifier_holds, 3),
    "audits": (material.page_texts(), properties.audit_holds, 1),
    "reviews, damaged": (
        material.damaged(st.sampled_from(list(material.reviews().values()))), properties.review_holds, 1,
    ),
    "queries": (st.lists(st.sampled_from([*material.QUERIES, *material.QUERY_PARTS]), max_size=12).map(" ".join),
                properties.query_holds, 3),
    "votes, damaged": (material.damaged(votes), properties.votes_hold, 1),
    "packs, damaged": (
        material.damaged(archives).map(lambda raw: gzip.compress(raw, mtime=0)), properties.archive_holds, 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_it_holds(name):
    fed, holds, share = TARGETS[name]

    @settings(max_examples=12 * share, derandomize=True, database=None, deadline=None, suppress_health_check=QUIET)
    @given(fed)
    def check(value):
        holds(value)

    check()


@pytest.mark.long
@pytest.mark.parametrize("name", TARGETS)
def test_it_holds_at_large(name):
    fed, holds, share = TARGETS[name]

    @settings(max_examples=150 * share, deadline=None, suppress_health_check=QUIET)
    @given(fed)
    def check(value):
        holds(value)

    check()


@pytest.mark.long
@needs_shared
def test_recorded_files_damaged():
    @settings(max_examples=300, deadline=None, suppress_health_check=QUIET)
    @given(material.damaged(st.sampled_from(material.recorded())))
    def check(value):
        properties.file_holds(value)
        properties.page_bytes_hold(value, "page")

    check()
