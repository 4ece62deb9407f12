"""What the stand-in holds: records as bytes, each revision with the day it appeared, and who sees what on which day."""

from __future__ import annotations

import csv
import datetime
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ketalit.errors import InputError
from ketalit.records.cutting import chunks_of, cut, encoding_of

from ..shared import SHARED
from .facts import Facts, jats_facts, pubmed_facts

ALWAYS = "0001-01-01"


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision of a record.

    Attributes:
        id: digits of the PMID or, in `pmc`, of the PMCID.
        content: the element as it is sent: PubmedArticle, PubmedBookArticle, or a JATS article.
        version: of the PMID, as in `<PMID Version="2">`.
        shown: ISO day from which this revision is what the database answers.
        edat, crdt, lr: ISO days of entry, creation and last revision, as the search fields use them.
        deleted, merged_into: ISO day from which the record is gone, and the PMID it became part of, if any; both
            look the same from outside.
        open: of a PMC article, whether its text is given out.
    """

    id: str
    content: bytes = field(repr=False)
    database: str = "pubmed"
    version: int = 1
    shown: str = ALWAYS
    edat: str = ALWAYS
    crdt: str = ALWAYS
    lr: str = ALWAYS
    deleted: str = ""
    merged_into: str = ""
    open: bool = True
    origin: str = "synthetic"

    @property
    def facts(self) -> Facts:
        """What the record says, read once per content."""
        return _facts(self.content, self.database)


@functools.lru_cache(maxsize=1 << 16)
def _facts(content: bytes, database: str) -> Facts:
    return pubmed_facts(content) if database == "pubmed" else jats_facts(content)


def entry(content: bytes, **changes: Any) -> Entry:
    """The entry of one element, its id and dates read from it; `changes` overrules them."""
    database = "pubmed" if content.lstrip().startswith((b"<PubmedArticle", b"<PubmedBookArticle")) else "pmc"
    facts = _facts(content, database)
    values: dict[str, Any] = {"version": facts.version, "edat": facts.edat, "crdt": facts.crdt, "lr": facts.lr}
    values = {name: value for name, value in values.items() if value} | changes
    return Entry(facts.id, content, database, **values)


@dataclass(frozen=True)
class View:
    """What the databases answer on one day: id to entry, newest revision and highest version of each."""

    today: str
    pubmed: Mapping[str, Entry]
    pmc: Mapping[str, Entry]
    versions: Mapping[str, tuple[Entry, ...]]

    def database(self, name: str) -> Mapping[str, Entry]:
        return self.pubmed if name == "pubmed" else self.pmc

    @functools.cached_property
    def in_pmc(self) -> Mapping[tuple[str, str], Entry]:
        """The PubMed records with a PMCID, by kind and value of each identifier in small letters."""
        found: dict[tuple[str, str], Entry] = {}
        for each in self.pubmed.values():
            pmcid, doi = each.facts.identifier("pmc"), each.facts.identifier("doi")
            if pmcid:
                found |= {("pmid", each.id): each, ("pmcid", pmcid.lower()): each, ("doi", doi.lower()): each}
        return found


@dataclass(frozen=True, slots=True)
class Corpus:
    """Revisions of records. Corpora add up; of two revisions shown on the same day the later one counts."""

    entries: tuple[Entry, ...]

    def __add__(self, other: Corpus) -> Corpus:
        return Corpus(self.entries + other.entries)

    def __len__(self) -> int:
        return len({(each.database, each.id) for each in self.entries})

    @property
    def pmids(self) -> list[str]:
        """Every PMID that occurs, in the order of numbers, whether it exists on a given day or not."""
        return sorted({each.id for each in self.entries if each.database == "pubmed"}, key=int)

    def on(self, today: str) -> View:
        """The databases on that ISO day."""
        newest: dict[tuple[str, str, int], Entry] = {}
        for each in self.entries:
            if each.shown > today:
                continue
            key = (each.database, each.id, each.version)
            if key not in newest or newest[key].shown <= each.shown:
                newest[key] = each
        tables: dict[str, dict[str, Entry]] = {"pubmed": {}, "pmc": {}}
        versions: dict[str, list[Entry]] = {}
        gone = {(each.database, each.id) for each in newest.values() if each.deleted and each.deleted <= today}
        for (database, identifier, _version), each in sorted(newest.items(), key=lambda item: item[0][2]):
            if (database, identifier) in gone:
                continue
            tables[database][identifier] = each
            if database == "pubmed":
                versions.setdefault(identifier, []).append(each)
        return View(today, tables["pubmed"], tables["pmc"], {key: tuple(value) for key, value in versions.items()})

    @classmethod
    def of(cls, contents: Iterable[bytes]) -> Corpus:
        """A corpus of elements as they are; ids and dates are read from them."""
        return cls(tuple(entry(content) for content in contents))

    @classmethod
    def synthetic(cls) -> Corpus:
        """About forty records written for the tests, with a timeline from May to November 2026."""
        from .synthetic import entries

        return cls(entries())

    @classmethod
    def generated(cls, count: int, *, first: int = 98_000_001) -> Corpus:
        """That many uniform synthetic records with consecutive PMIDs, entered between 2005 and 2025."""
        from .synthetic import generated

        return cls(tuple(generated(count, first)))

    @classmethod
    def recorded(cls) -> Corpus:
        """Real PubMed records from `../shared/recorded`, read where they are; empty where that folder is absent."""
        return cls(_recorded())


@functools.cache
def _recorded() -> tuple[Entry, ...]:
    manifest = SHARED / "recorded" / "manifest.csv"
    if not manifest.is_file():
        return ()
    found: dict[tuple[str, int], Entry] = {}
    with manifest.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["kind"].startswith("pubmed_xml"):
                continue
            path = SHARED / "recorded" / row["group"] / row["repository"].replace("/", "__") / row["path"]
            try:
                pieces = list(cut(chunks_of(path), ("PubmedArticle", "PubmedBookArticle")))
            except InputError:
                continue
            if not pieces or encoding_of(pieces[0].raw) != "utf-8":
                continue
            for piece in pieces:
                if piece.kind != "record":
                    continue
                try:
                    each = entry(piece.raw, origin="recorded")
                except ValueError:  # a record damaged on purpose, or without a PMID
                    continue
                old = found.get((each.id, each.version))
                if old is None or old.lr <= each.lr:
                    found[each.id, each.version] = each
    return tuple(replace(each, shown=ALWAYS) for each in found.values())


_DAY = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?")


def first_and_last(text: str) -> tuple[str, str] | None:
    """First and last ISO day of a year, month or day as the search writes it; None for anything else.

    >>> first_and_last("2010/02")
    ('2010-02-01', '2010-02-28')
    """
    match = _DAY.fullmatch(text.strip())
    if not match or "-" in text:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        first = datetime.date(year, month or 1, day or 1)
        if day:
            return first.isoformat(), first.isoformat()
        last = datetime.date(year, 12, 31) if not month else _end_of_month(year, month)
    except ValueError:
        return None
    return first.isoformat(), last.isoformat()


def _end_of_month(year: int, month: int) -> datetime.date:
    following = datetime.date(year + month // 12, month % 12 + 1, 1) if year < 9999 else datetime.date(9999, 12, 31)
    return following - datetime.timedelta(days=1) if year < 9999 or month < 12 else following
