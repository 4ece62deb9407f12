"""A refresh without a network: a synthetic review on two days. No work, person or number in it exists."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..entrez.ncbi import BATCH, Batch
from ..entrez.search import SearchResult, in_order
from ..errors import InputError
from ..records.cutting import chunks_of, cut
from ..records.pubmed import iter_pubmed
from ..review import load_review
from .report import Report
from .run import refresh

SYNTHETIC = Path(__file__).parent.parent / "reviews" / "synthetic-refresh"
TIMELINE = "timeline.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    name: str
    translation: str
    ids: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    date: str
    records: str
    build: str
    searches: tuple[_Found, ...]


class Recorded:
    """A day of a recorded timeline, answering searches and requests for records as NCBI would have on that day.

    Args:
        folder: a review that holds a `timeline.toml` and the XML files it names.
        date: one of the days of the timeline, in ISO form.

    `requests` counts what NCBI would have been asked.

    Raises:
        InputError: there is no timeline, or it has no such day.

    >>> day = Recorded(SYNTHETIC, "2026-05-01")
    >>> batch, = day.fetch(["99000002", "99000010"])
    >>> [record.short for record in iter_pubmed(batch.body)], day.requests
    (['Basalt 2016'], 1)
    """

    def __init__(self, folder: Path, date: str):
        try:
            table = tomllib.loads((folder / TIMELINE).read_text(encoding="utf-8"))
            days = msgspec.convert(table["days"], tuple[_Day, ...])
        except (OSError, tomllib.TOMLDecodeError, KeyError, msgspec.ValidationError) as error:
            raise InputError(f"holds no timeline ({error})", where=str(folder), expected=TIMELINE) from None
        self._day = next((day for day in days if day.date == date), None) or _unknown(date, days)
        content = (folder / self._day.records).read_bytes()
        pieces = [piece.raw for piece in cut(chunks_of(content), ("PubmedArticle",)) if piece.kind == "record"]
        self._head = content[: content.index(pieces[0])]
        self._records = {record.pmid: raw for record, raw in zip(iter_pubmed(content), pieces, strict=True)}
        self._names = {search.query: search.name for search in load_review(folder).searches}
        self._asked_info = False
        self.requests = 0

    def search(self, query: str, *, database: str = "pubmed") -> SearchResult:
        """What the saved search with this query found on the day.

        Raises:
            InputError: nothing was recorded for this query.
        """
        found = next((found for found in self._day.searches if found.name == self._names.get(query)), None)
        if found is None or database != "pubmed":
            raise InputError(f"nothing was recorded for the query “{query}”", where=self._day.date)
        sent = 1 if self._asked_info else 2
        self._asked_info = True
        self.requests += sent
        return SearchResult(
            query=query,
            database=database,
            count=len(found.ids),
            ids=in_order(found.ids),
            translation=found.translation,
            build=self._day.build,
            updated=self._day.date,
            at=self._at,
            requests=sent,
        )

    def fetch(self, ids: Sequence[str], *, database: str = "pubmed") -> Iterator[Batch]:
        """The records as they were on the day; those that were not there are left out, as NCBI does."""
        for start in range(0, len(ids), BATCH):
            wanted = tuple(ids[start : start + BATCH])
            self.requests += 1
            body = b"\n".join(self._records[pmid] for pmid in wanted if pmid in self._records)
            yield Batch(wanted, self._head + body + b"\n</PubmedArticleSet>\n", self._at)

    @property
    def _at(self) -> str:
        return f"{self._day.date}T09:00:00+00:00"


def _unknown(date: str, days: Sequence[_Day]) -> _Day:
    raise InputError(f"nothing was recorded for {date}", expected=f"one of {', '.join(day.date for day in days)}")


def refresh_demo(folder: Path | str | None = None, *, say: Callable[[str], None] | None = None) -> Report:
    """Refresh the synthetic review that ships with ketalit, without a network: from 1 May to 1 November 2026.

    Args:
        folder: a new or empty folder to keep the review in; without it, it is made in a temporary one and removed.
        say: gets a line on what is being done.

    Returns:
        The report of November: a retraction, an erratum, an expression of concern, a superseded review, a new trial,
        a changed abstract under a checked value, a deleted record and a search that drifted.

    Raises:
        InputError: the folder is not empty or cannot be written.

    >>> [change.citation for change in refresh_demo().of("retracted")]
    ['Basalt 2016']
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="ketalit-") as temporary:
            return refresh_demo(Path(temporary) / "synthetic-refresh", say=say)
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is not empty", where=str(folder), expected="a new or empty folder")
    try:
        shutil.copytree(SYNTHETIC, folder, dirs_exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", where=str(folder)) from error
    say = say or (lambda line: None)
    first, second = (Recorded(folder, date) for date in ("2026-05-01", "2026-11-01"))
    refresh(folder, first, say=say)
    return refresh(folder, second, say=say)
