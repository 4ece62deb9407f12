"""Resolve citations: find the record of each identifier, and say on what that rests and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..citations import Citation, CitationKind
from ..identifiers import Identifier, IdentifierKind
from ..records.model import Record
from ..vocabulary import FLAGGED
from .candidates import Ranker, share_of_words
from .model import Library, Outcome, Resolution
from .same_work import names_of, with_same_work

LookUp = Callable[[Identifier], Record | None]
_WITHOUT_IDENTIFIER = {CitationKind.WEB_ARTICLE: Outcome.WEB_ARTICLE, CitationKind.FOOTNOTE: Outcome.NO_ENTRY}


def resolve(
    citations: Sequence[Citation], library: Library, *, look_up: LookUp | None = None
) -> tuple[Resolution, ...]:
    """Resolve citations, of one page or several, against a library.

    Args:
        citations: as `find_citations` gives them.
        library: a review, or anything with `records`.
        look_up: asked for identifiers that the library lacks, e.g. NCBI; without it, all is done offline.

    >>> from types import SimpleNamespace
    >>> from ketalit.citations import find_citations
    >>> library = SimpleNamespace(records={"a1": Record(source="person", key="a1", pmid="123456")})
    >>> [(str(r.outcome), str(r.status)) for r in resolve(find_citations("See PMID 123456."), library)]
    [('in the library', 'not checked')]
    """
    by_identifier: dict[str, Record] = {}
    for record in library.records.values():
        for name in names_of(record):
            by_identifier.setdefault(name, record)
    first = [_resolve_one(number, one, by_identifier, look_up) for number, one in enumerate(citations, start=1)]
    ranker = Ranker(library, first)
    return with_same_work([replace(found, candidates=ranker.candidates(found.citation)) for found in first])


def _resolve_one(
    number: int, citation: Citation, by_identifier: Mapping[str, Record], look_up: LookUp | None
) -> Resolution:
    if not citation.identifiers:
        outcome = _WITHOUT_IDENTIFIER.get(citation.kind, Outcome.UNRESOLVED)
        return Resolution(number=number, citation=citation, outcome=outcome)
    here = {name: by_identifier[str(name)] for name in citation.identifiers if str(name) in by_identifier}
    outcome = Outcome.FOUND
    if not here and look_up:
        here = {name: record for name in citation.identifiers if (record := look_up(name))}
        outcome = Outcome.LOOKED_UP
    if not here:
        outcome = Outcome.NOT_FOUND if look_up else Outcome.NOT_HERE
        notes = tuple(_pii_note(name) for name in citation.identifiers if name.kind is IdentifierKind.PII)
        return Resolution(number=number, citation=citation, outcome=outcome, notes=notes)
    record = next(iter(here.values()))
    return Resolution(
        number=number,
        citation=citation,
        outcome=outcome,
        record=record,
        status=record.status,
        rests_on=_rests_on(record, [name for name, other in here.items() if other is record]),
        notes=tuple(_notes(citation, record, here)),
    )


def _rests_on(record: Record, matched: Sequence[Identifier]) -> tuple[str, ...]:
    """Unverified facts of the record on which the match depends: none where a verified identifier matched too."""
    kinds = [str(name.kind).lower() for name in matched]
    unsure = [kind for kind in kinds if kind in record.unverified] if all(k in record.unverified for k in kinds) else []
    return (*unsure, *(["bibliography"] if "bibliography" in record.unverified else []))


def _notes(citation: Citation, record: Record, here: Mapping[Identifier, Record]) -> Iterator[str]:
    others = {other.id for other in here.values()} - {record.id}
    if others:
        yield f"its identifiers lead to different works: {', '.join([record.id, *sorted(others)])}"
    own = {name.kind: name for name in citation.identifiers}
    for kind, value in ((IdentifierKind.PMID, record.pmid), (IdentifierKind.PMCID, record.pmcid)):
        if kind in own and value and own[kind].value != value and own[kind] not in here:
            yield f"the page gives {kind} {own[kind].value}, the library {value}"
    if citation.title and record.title and share_of_words(citation.title, record.title) < 0.3:
        yield "the title on the page is another than that of the record: the identifier may be wrong"
    if citation.year and record.year and abs(citation.year - record.year) > 1:
        yield f"the page gives the year {citation.year}, the record {record.year}"
    if record.status in FLAGGED:
        links = [link.citation or link.pmid for link in record.corrections if link.citation or link.pmid]
        yield f"{record.status}" + (f": see {'; '.join(links)}" if links else "")
    if not record.pmid:
        asked = "; it was entered by hand, and PubMed was not asked" if record.source == "person" else ""
        yield f"no PMID in this library{asked}"


def _pii_note(name: Identifier) -> str:
    digits = name.value.removeprefix("S")
    return f"the PII itself names the journal with ISSN {digits[:4]}-{digits[4:8]} and the year ’{digits[8:10]}"
