"""What counts now: of every PMID and version the record that came last, unless it was withdrawn after that.

NLM, "Download PubMed data": files apply in the order of their numbers, a later file replaces what an earlier one said.
NLM Technical Bulletin 2012;(384):e6: PMID and version together name a citation, a version may be withdrawn by itself,
and a search finds the most recent version only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .done import Done, output
from .parquet import Writer, arrow, row_groups

TABLES = ("records", "findings")
_DENSE = 1 << 27  # PMIDs below are counted in an array of 2 bytes each, 85 MB for the 42 million of today


@dataclass
class Last:
    """For every PMID and version, the number (from 1) of the file that said the last word; 0 where that was a no."""

    dense: NDArray[np.uint16] = field(default_factory=lambda: np.zeros(1 << 20, dtype=np.uint16))
    others: dict[tuple[int, int], int] = field(default_factory=dict)  # later versions; numbers too large for the array
    newest: dict[int, int] = field(default_factory=dict)  # highest version that is there, of those that have several
    _several: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, number: int, seen: Any) -> None:
        """What a file says, the files in their order."""
        pmids, versions, gone, _ = _columns(seen)
        plain = (versions == 1) & (pmids > 0) & (pmids < _DENSE)
        if plain.any():
            self._grow(int(pmids[plain].max()) + 1)
            # In a file withdrawals come last (NLM's DTD), and so do they here.
            self.dense[pmids[plain & ~gone]] = number
            self.dense[pmids[plain & gone]] = 0
        for at in np.flatnonzero(~plain & (pmids > 0)):
            self.others[int(pmids[at]), int(versions[at])] = 0 if gone[at] else number

    def settle(self) -> None:
        """Find out which version is the newest, when all files have been added."""
        for (pmid, version), number in self.others.items():
            if number:
                self.newest[pmid] = max(version, self.newest.get(pmid, 0))
        self._several = np.fromiter(self.newest, dtype=np.int64, count=len(self.newest))

    def current(self, number: int, seen: Any) -> NDArray[np.bool_]:
        """Which of the records of a file count now, by place."""
        pmids, versions, gone, lost = _columns(seen)
        counts = ~gone & ~lost
        # Where a file holds a record twice, the later one counts. A version has four digits at most, a PMID ten.
        _, first_from_behind = np.unique((pmids * 10_000 + versions)[::-1], return_index=True)
        latest = np.zeros(len(pmids), dtype=bool)
        latest[len(pmids) - 1 - first_from_behind] = True
        plain = (versions == 1) & (pmids > 0) & (pmids < _DENSE)
        said = np.zeros(len(pmids), dtype=np.int64)
        said[plain] = self.dense[pmids[plain]]
        for at in np.flatnonzero(~plain & (pmids > 0)):
            said[at] = self.others.get((int(pmids[at]), int(versions[at])), 0)
        for at in np.flatnonzero(np.isin(pmids, self._several)):
            counts[at] &= versions[at] >= self.newest[int(pmids[at])]
        counts &= (pmids == 0) | (latest & (said == number))  # what has no PMID cannot be replaced
        return counts

    def _grow(self, size: int) -> None:
        if size > len(self.dense):
            grown = np.zeros(max(size, min(2 * len(self.dense), _DENSE)), dtype=np.uint16)
            grown[: len(self.dense)] = self.dense
            self.dense = grown


def _columns(seen: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """PMIDs (0 for none), versions, withdrawn and lost; lost records say nothing and count as having no PMID."""
    lost = seen["lost"].to_numpy().astype(bool)
    pmids = seen["pmid"].fill_null(0).to_numpy().astype(np.int64)
    return np.where(lost, 0, pmids), seen["version"].to_numpy().astype(np.int64), _flags(seen["withdrawn"]), lost


def _flags(column: Any) -> NDArray[np.bool_]:
    flags: NDArray[np.bool_] = column.to_numpy().astype(bool)
    return flags


def write_current(folder: Path, all_of: Sequence[Done]) -> tuple[int, int]:
    """Write `current/records.parquet` and `current/findings.parquet` from what is done, one row group at a time.

    Args:
        folder: of the scan.
        all_of: what is done, in the order in which the files apply.

    Returns:
        How many records and findings count now.
    """
    last = Last()
    for number, done in enumerate(all_of, 1):
        last.add(number, _seen(folder, done))
    last.settle()
    (folder / "current").mkdir(exist_ok=True)
    with (
        Writer(folder / "current" / "records.parquet", "records") as records,
        Writer(folder / "current" / "findings.parquet", "findings") as findings,
    ):
        for number, done in enumerate(all_of, 1):
            if done.kept:
                counts = last.current(number, _seen(folder, done))
                for writer in (records, findings):
                    for group in row_groups(output(folder, writer.table, done.name)):
                        kept = counts[group["position"].to_numpy() - 1]
                        writer.write(group.filter(arrow().array(kept)))
        for writer in (records, findings):
            writer.close()
        for writer in (findings, records):
            writer.commit()
    return records.rows, findings.rows


def _seen(folder: Path, done: Done) -> Any:
    return arrow().parquet.read_table(output(folder, "seen", done.name))
