"""Recorded files of PubMed through the scan: the records that `read_file` reads, and none of what it refuses."""

from __future__ import annotations

import shutil

import pytest

from ketalit.errors import InputError
from ketalit.records.files import read_file
from ketalit.records.model import Record, from_json
from ketalit.records.problems import Kind
from ketalit.scan import Wanted
from tests.shared import SHARED, needs_shared


@pytest.mark.long
@needs_shared
def test_recorded_files_give_the_records_that_read_file_gives(baseline):
    counts: dict[object, Record] = {}  # by PMID and version; what has no PMID by its hash
    refused = set()
    recorded = sorted((SHARED / "recorded" / "pubmed_xml").rglob("*.xml*"))
    assert recorded
    for number, path in enumerate(path for path in recorded if path.stat().st_size < 2_000_000):
        copy = baseline.files / f"pubmed25n{number:04}.xml{'.gz' if path.suffix == '.gz' else ''}"
        shutil.copy(path, copy)
        try:
            result = read_file(copy)
        except InputError:
            result = None
        if result is None or any(problem.kind is Kind.TRUNCATED for problem in result.problems):
            refused.add(copy.name)
            continue
        for record in result.records:
            counts[(record.pmid, record.version) if record.pmid else record.sha256] = record
        for problem in result.problems:
            for pmid in problem.pmids if problem.kind is Kind.DELETED else ():
                counts.pop((pmid, 1), None)
    newest: dict[str, int] = {}
    for record in counts.values():
        newest[record.pmid] = max(record.version, newest.get(record.pmid, 0))
    expected = [record for record in counts.values() if not record.pmid or record.version == newest[record.pmid]]
    report = baseline.scan(Wanted())
    assert {failed.file for failed in report.failed} <= refused
    found = [from_json(row["record"]) for row in baseline.current()]
    assert sorted(found, key=lambda one: one.sha256) == sorted(expected, key=lambda one: one.sha256)
