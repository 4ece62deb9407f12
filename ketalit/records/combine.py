"""Make one record of the several that different sources hold of one work."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .exported import folded
from .model import NLM_SOURCES, Record, Section

# Whose fields win, field by field: NLM's citation, then the full text's own front matter, then what a person entered,
# then what another database exported.
_RANK = {"pubmed": 0, "medline": 1, "pmc": 2, "person": 3}
_EXPORT = 4
# What says who the record is, or is said of it as a whole, and never comes from another one.
_OWN = frozenset({"source", "key", "kind", "version", "sha256", "notes", "unverified", "title_markup", "other_dois"})
_DEFAULTS = {item.name: item.default for item in dataclasses.fields(Record) if item.name not in _OWN}
Pair = frozenset[str]  # ids of two records


@dataclass(frozen=True, slots=True)
class Combined:
    """What came of it.

    Attributes:
        records: one per work, in the order in which the works were first met.
        ids: for each record, the ids of all that went into it, its own first.
        clashes: an entry made by hand, and the record of another work to which its unverified identifier belongs.
        shared: DOIs that belong to several PMIDs, and their records' ids.
    """

    records: tuple[Record, ...]
    ids: tuple[tuple[str, ...], ...]
    clashes: tuple[tuple[Record, Record], ...]
    shared: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class _Work:
    """Records of one work; none once they were joined to those of another."""

    place: int
    records: list[Record] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)


def combine(records: Iterable[Record], *, same: Collection[Pair] = (), different: Collection[Pair] = ()) -> Combined:
    """Records that share an identifier as one; so are those that somebody said are the same.

    Records with different PMIDs are never made one, whatever else they share: a DOI may belong to an article and to
    its update. Where an entry made by hand is matched by an identifier that was entered unverified and the titles do
    not agree, the two are different works.

    Args:
        records: in the order they came; of two from the same source the later one wins, of abstracts in exports the
            longest.
        same, different: pairs of ids on which a decision was made; `different` is the stronger.

    >>> entered = Record(source="person", key="doe2009", pmid="1", volume="7")
    >>> combine([entered, Record(source="pubmed", pmid="1", title="A trial")]).records[0].volume
    '7'
    """
    works: list[_Work] = []
    by_name: dict[str, list[_Work]] = {}
    clashes: list[tuple[Record, Record]] = []
    for record in records:
        alone = _Work(len(works), [record], dict.fromkeys((record.id, *record.identifiers)))
        found = {work.place: work for name in alone.names for work in by_name.get(name, ())}
        mine = alone
        for work in found.values():
            if not _apart(mine, work, different) and (mine is not alone or not _clash(record, work, clashes)):
                mine = _join(work, mine, by_name)
        if mine is alone:
            works.append(alone)
            for name in alone.names:
                by_name.setdefault(name, []).append(alone)
    for pair in same:
        one, other = (next(iter(by_name.get(name, ())), None) for name in sorted(pair))
        if one is not None and other is not None and one is not other and not _apart(one, other, different):
            _join(min(one, other, key=_place), max(one, other, key=_place), by_name)
    whole = [(_merged(work.records), work) for work in works if work.records]
    shared: dict[str, dict[str, None]] = {}
    for record, _ in whole:
        for name in record.identifiers if record.pmid else ():
            if name.startswith("DOI:"):
                shared.setdefault(name, {})[record.id] = None
    return Combined(
        records=tuple(record for record, _ in whole),
        ids=tuple(tuple(dict.fromkeys((record.id, *(one.id for one in work.records)))) for record, work in whole),
        clashes=tuple(clashes),
        shared={name: tuple(ids) for name, ids in shared.items() if len(ids) > 1},
    )


def _place(work: _Work) -> int:
    return work.place


def _apart(one: _Work, other: _Work, different: Collection[Pair]) -> bool:
    """Whether two works cannot be one: different PMIDs, or somebody said so."""
    mine, theirs = _pmids(one), _pmids(other)
    if mine and theirs and not mine & theirs:
        return True
    return bool(different) and any(
        first.id != second.id and frozenset({first.id, second.id}) in different
        for first in one.records
        for second in other.records
    )


def _pmids(work: _Work) -> set[str]:
    return {record.pmid for record in work.records if record.pmid and "pmid" not in record.unverified}


def _clash(record: Record, work: _Work, clashes: list[tuple[Record, Record]]) -> bool:
    """Whether an identifier that was entered from memory is all that joins two works of different titles."""
    for other in work.records:
        unsure, sure = (other, record) if other.unverified else (record, other)
        titled = unsure.title and sure.title
        if unsure.unverified and not sure.unverified and titled and not same_title(unsure.title, sure.title):
            clashes.append((unsure, sure))
            return True
    return False


def _join(first: _Work, second: _Work, by_name: dict[str, list[_Work]]) -> _Work:
    """The first work, with all that the second held."""
    first.records += second.records
    first.names |= second.names
    for name in second.names:
        here = by_name.setdefault(name, [])
        here[:] = [*(work for work in here if work is not second and work is not first), first]
    second.records = []
    return first


def _merged(records: list[Record]) -> Record:
    """One record of several: field by field the best source that says something; an empty field never overwrites."""
    if len(records) == 1:
        return records[0]
    # Of equals the later counts, and the higher version of a PMID before a lower one.
    newest_first = records[::-1]
    order = sorted(newest_first, key=lambda record: (_RANK.get(record.source, _EXPORT), -record.version))
    best = order[0]
    for other in order[1:]:
        best = _completed(best, other)
    notes = tuple(dict.fromkeys(note for record in order for note in record.notes))
    given = next((record.key for record in records if record.key and record.source == "person"), "")
    made = next((record.key for record in records if record.key), "")
    # A key that was made for want of an identifier is no longer wanted.
    return dataclasses.replace(best, notes=notes, key=given or ("" if best.identifiers else made))


def _completed(best: Record, other: Record) -> Record:
    """A record with what only the other one has."""
    kept = {
        name: getattr(other, name)
        for name, default in _DEFAULTS.items()
        if getattr(best, name) == default and getattr(other, name) != default
    }
    if best.source not in NLM_SOURCES and best.title.isupper() and folded(best.title) == folded(other.title):
        kept["title"] = other.title  # some databases print titles in capitals
    if best.source not in _RANK and _length(other.abstract) > _length(best.abstract):
        kept["abstract"] = other.abstract  # and some export the first lines of an abstract only
    if "title" in kept:
        kept["title_markup"] = other.title_markup
    if best.doi and "doi" not in other.unverified:
        known = {doi.lower() for doi in (best.doi, *best.other_dois)}
        more = (doi for doi in (other.doi, *other.other_dois) if doi and doi.lower() not in known)
        kept["other_dois"] = (*best.other_dois, *dict.fromkeys(more))
    elif not best.doi:
        kept["other_dois"] = other.other_dois
    # NLM's own fields are verified by being there; what was filled in from an entry is as unverified as it was.
    unverified = (*best.unverified, *(name for name in other.unverified if name in kept))
    return dataclasses.replace(best, **kept, unverified=tuple(dict.fromkeys(unverified)))


def _length(abstract: Sequence[Section]) -> int:
    return sum(len(section.text) for section in abstract)


def same_title(one: str, other: str) -> bool:
    """Whether two titles, printed a little differently, are of one work.

    >>> same_title("A trial of ketamine", "A Trial of Ketamine."), same_title("A trial", "Another thing")
    (True, False)
    """
    return SequenceMatcher(None, folded(one), folded(other)).ratio() > 0.8
