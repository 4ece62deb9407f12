"""Say which works the citations of a page are: found in the library, or with candidates and the reasons for them.

An identifier finds its record. Everything else only gets candidates: records ranked by evidence that is shown, point
by point, and never claimed to be the work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .citations import Citation, CitationKind, alike, last_name
from .identifiers import Identifier, IdentifierKind
from .records.model import Record
from .vocabulary import Status

if TYPE_CHECKING:
    from rich.console import Group


class Library(Protocol):
    """What is searched: anything with records by id, such as a `Review`."""

    @property
    def records(self) -> Mapping[str, Record]: ...  # noqa: D102


LookUp = Callable[[Identifier], Record | None]


class Outcome(StrEnum):
    """How far a citation was resolved."""

    FOUND = "in the library"
    LOOKED_UP = "not in the library, looked up"
    NOT_HERE = "not in this library; needs a network to look up"
    WEB_ARTICLE = "magazine or web article, not in PubMed by its link alone"
    UNRESOLVED = "unresolved: its words alone identify no work"
    NO_ENTRY = "the page has no entry for this footnote"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a candidate, with its points (0: something to know that counts for nothing)."""

    reason: str
    points: int
    strong: bool = False  # about this work rather than about its year or topic


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the work; the evidence says why, and nothing more is claimed."""

    record: Record
    evidence: tuple[Evidence, ...]

    @property
    def score(self) -> int:
        """Sum of the points of its evidence."""
        return sum(item.points for item in self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a citation was resolved to.

    Attributes:
        number: its place in the result, from 1; what `same_work` refers to.
        record: the work, where an identifier leads to it.
        status: current, corrected, retracted, …; "not checked" for a record that never came from NLM.
        rests_on: facts of the record that this depends on and that are unverified ("pmid", "bibliography").
        candidates: best first, for what no identifier resolves.
        same_work: numbers of other citations of the same work, with `same_because`.
        notes: what else somebody should know, one sentence each.
    """

    number: int
    citation: Citation
    outcome: Outcome
    record: Record | None = None
    status: str = ""
    rests_on: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    same_work: tuple[int, ...] = ()
    same_because: str = ""
    notes: tuple[str, ...] = ()


NOT_CHECKED = "not checked"


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
    >>> [(str(r.outcome), r.status) for r in resolve(find_citations("See PMID 123456."), library)]
    [('in the library', 'not checked')]
    """
    by_identifier: dict[str, Record] = {}
    for record in library.records.values():
        for name in _names_of(record):
            by_identifier.setdefault(name, record)
    first = [
        _resolve_one(number, citation, by_identifier, look_up) for number, citation in enumerate(citations, start=1)
    ]
    ranker = _Ranker(library, first)
    return tuple(_with_same_work([replace(found, candidates=ranker.candidates(found)) for found in first]))


def _names_of(record: Record) -> tuple[str, ...]:
    pii = re.sub(r"[-()]", "", record.pii).upper()
    return (*record.identifiers, *((f"PII:{pii}", f"PII:S{pii}") if pii else ()))


def _resolve_one(
    number: int, citation: Citation, by_identifier: Mapping[str, Record], look_up: LookUp | None
) -> Resolution:
    if not citation.identifiers:
        outcome = {
            CitationKind.WEB_ARTICLE: Outcome.WEB_ARTICLE,
            CitationKind.FOOTNOTE: Outcome.NO_ENTRY,
        }.get(citation.kind, Outcome.UNRESOLVED)
        return Resolution(number=number, citation=citation, outcome=outcome)
    here = {name: by_identifier[str(name)] for name in citation.identifiers if str(name) in by_identifier}
    outcome = Outcome.FOUND
    if not here and look_up:
        here = {name: record for name in citation.identifiers if (record := look_up(name))}
        outcome = Outcome.LOOKED_UP
    if not here:
        notes = tuple(_pii_note(name) for name in citation.identifiers if name.kind is IdentifierKind.PII)
        return Resolution(number=number, citation=citation, outcome=Outcome.NOT_HERE, notes=notes)
    record = next(iter(here.values()))
    return Resolution(
        number=number,
        citation=citation,
        outcome=outcome,
        record=record,
        status=status_of(record),
        rests_on=_rests_on(record, [name for name, other in here.items() if other is record]),
        notes=tuple(_notes(citation, record, here)),
    )


def status_of(record: Record) -> str:
    """Status of a record; "not checked" where it never came from NLM and so could not say.

    >>> status_of(Record(source="person", key="a1")), status_of(Record(source="pubmed", pmid="1"))
    ('not checked', 'current')
    """
    return NOT_CHECKED if record.status is Status.CURRENT and record.source == "person" else str(record.status)


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
    if citation.title and record.title and _overlap(citation.title, record.title) < 0.3:
        yield "the title on the page is another than that of the record: the identifier may be wrong"
    if citation.year and record.year and abs(citation.year - record.year) > 1:
        yield f"the page gives the year {citation.year}, the record {record.year}"
    if record.status is not Status.CURRENT:
        links = [link.citation or link.pmid for link in record.corrections if link.citation or link.pmid]
        yield f"{record.status}" + (f": see {'; '.join(links)}" if links else "")
    if not record.pmid:
        asked = "; it was entered by hand, and PubMed was not asked" if record.source == "person" else ""
        yield f"no PMID in this library{asked}"


def _pii_note(name: Identifier) -> str:
    digits = name.value.removeprefix("S")
    return f"the PII itself names the journal with ISSN {digits[:4]}-{digits[4:8]} and the year ’{digits[8:10]}"


# --- candidates


MAX_CANDIDATES = 5
MIN_SCORE = 3  # below, a record fits no better than by chance
# Words that tell nothing of a work's topic.
_STOP = frozenset(
    word
    for line in (
        "about according after all also although among and any are article been before being between both but",
        "can could did does during each effective effectively effects few for found from had has have help",
        "helped helps how however into its journal last lasted may meta might more most not one only other",
        "our over paper participants patients people provides published report research results review said",
        "says showed shown significant some still studies study such than that the their them then there",
        "these they this those three through trial two under used using versus very was were what when where",
        "which while who will with within would writes year years you your",
    )
    for word in line.split()
)


class _Ranker:
    """Ranks the records of a library for the citations of one run."""

    def __init__(self, library: Library, resolutions: Sequence[Resolution]) -> None:
        self.records = list(library.records.values())
        self.words = {record.id: _words(record.title) for record in self.records}
        counts = Counter(word for words in self.words.values() for word in words)
        # A word that stands in nearly a third of all titles ("ketamine", "pain") tells nothing here.
        self.common = {
            word for word, count in counts.items() if len(self.records) > 3 and count > 0.3 * len(self.records)
        }
        # What the citations around a mention lead to, by page and sentence.
        self.beside: dict[tuple[str, int], dict[str, str]] = {}
        self.years: dict[str, int] = {}
        for found in resolutions:
            if found.record:
                what = f"footnote {found.citation.label}" if found.citation.label else "a link"
                for sentence in found.citation.sentences:
                    place = (found.citation.page, sentence.start)
                    self.beside.setdefault(place, {}).setdefault(found.record.id, what)
            if found.citation.year:
                for name in found.citation.names:
                    self.years.setdefault(last_name(name), found.citation.year)

    def candidates(self, resolution: Resolution) -> tuple[Candidate, ...]:
        """The best candidates for a citation that no identifier resolves."""
        citation = resolution.citation
        if citation.identifiers or citation.kind is CitationKind.FOOTNOTE:
            return ()
        ranked = []
        for record in self.records:
            evidence = tuple(self._evidence(citation, record))
            counted = [item for item in evidence if item.points]
            if len(counted) > 1 or any(item.strong for item in counted):
                ranked.append(Candidate(record, evidence))
        ranked.sort(key=lambda candidate: (-candidate.score, candidate.record.id))
        # Beside a record of that author, journal or title, one that only fits in year and topic is noise.
        if ranked and any(item.strong for item in ranked[0].evidence):
            ranked = [candidate for candidate in ranked if any(item.strong for item in candidate.evidence)]
        enough = max(MIN_SCORE, ranked[0].score / 2) if ranked else 0
        return tuple([candidate for candidate in ranked if candidate.score >= enough][:MAX_CANDIDATES])

    def _evidence(self, citation: Citation, record: Record) -> Iterator[Evidence]:
        place = (citation.page, citation.sentences[0].start)
        if citation.kind is CitationKind.MENTION and (what := self.beside.get(place, {}).get(record.id)):
            yield Evidence(f"{what} of the same sentence leads to it", 4, True)
        yield from self._title_evidence(citation, record)
        yield from _name_evidence(citation, record)
        yield from self._year_evidence(citation, record)
        yield from _journal_evidence(citation, record)
        first_page = record.pages.split("-")[0]
        if citation.first_page and (citation.volume, citation.first_page) == (record.volume, first_page):
            yield Evidence(f"volume {record.volume}, page {first_page}", 4, True)
        if citation.kind is CitationKind.MENTION:
            shared = sorted(_words(citation.sentences[0].text) & self.words[record.id] - self.common)
            if shared:
                yield Evidence(f"words of the sentence in its title: {', '.join(shared)}", min(len(shared), 4))
        yield from _remarks(citation, record)

    def _title_evidence(self, citation: Citation, record: Record) -> Iterator[Evidence]:
        words = _words(citation.title)
        telling = words - self.common if len(words - self.common) > 1 else words
        shared = len(telling & self.words[record.id]) / len(telling) if telling else 0
        if shared >= 0.6:
            how = "all" if shared == 1 else f"{shared:.0%} of the"
            where = "link" if citation.kind is CitationKind.WEB_ARTICLE else "title given"
            yield Evidence(f"{how} telling words of the {where} stand in its title", round(6 * shared), True)

    def _year_evidence(self, citation: Citation, record: Record) -> Iterator[Evidence]:
        elsewhere = next(
            (year for last, year in self.years.items() if any(alike(last_name(n), last) for n in citation.names)), None
        )
        year, how = (citation.year, "") if citation.year else (elsewhere, ", given elsewhere on the page for this name")
        if year is None or record.year is None:
            return
        if record.year == year:
            yield Evidence(f"year {year}{how}", 2 if how else 3)
        elif abs(record.year - year) == 1:
            yield Evidence(f"year {record.year}, one off {year}{how} (online and in print can differ)", 1)


def _name_evidence(citation: Citation, record: Record) -> Iterator[Evidence]:
    lasts = [(author, author.last.split()[-1].casefold()) for author in record.authors if author.last.strip()]
    for name in citation.names:
        wanted = last_name(name)
        for place, (author, last) in enumerate(lasts):
            if alike(wanted, last):
                spelt = "" if wanted == last else f", spelt “{name}” on the page"
                points = (4 if wanted == last else 3) + (place == 0)
                yield Evidence(f"{'first author' if place == 0 else 'author'} {author.name}{spelt}", points, True)
                break


def _journal_evidence(citation: Citation, record: Record) -> Iterator[Evidence]:
    names = [name for name in (record.journal.title, record.journal.abbreviation) if name]
    if citation.journal and any(same_journal(citation.journal, name) for name in names):
        yield Evidence(f"journal {names[0]}", 3, True)
    if citation.kind is CitationKind.WEB_ARTICLE:
        try:
            host = re.sub(r"[^a-z]", "", (urlsplit(citation.url).hostname or "").removeprefix("www.").rsplit(".", 1)[0])
        except ValueError:
            return
        # A short name ("pain") is part of too many addresses.
        if any(len(bare := re.sub(r"[^a-z]", "", name.casefold())) > 5 and bare == host for name in names):
            yield Evidence(f"the address is that of {names[0]}", 3, True)


def _remarks(citation: Citation, record: Record) -> Iterator[Evidence]:
    """What somebody choosing among candidates should know; counts for nothing."""
    called = re.search(r"(?i)meta[- ]?analysis|systematic review", citation.passage.text)
    said = " ".join([record.title, *(term.name for term in record.publication_types)])
    if called:
        wanted = re.escape(called.group()[:4])
        if re.search(wanted, said, re.IGNORECASE):
            yield Evidence(f"called a {called.group().lower()}, as on the page", 1)
        else:
            yield Evidence(f"the page calls it a {called.group().lower()}; nothing in the record does", 0)
    if not record.pmid:
        yield Evidence("no PMID in this library", 0)
    if record.status is not Status.CURRENT:
        yield Evidence(str(record.status), 0)
    if "bibliography" in record.unverified:
        yield Evidence("its bibliographic data are unverified", 0)


def same_journal(one: str, other: str) -> bool:
    """Whether two names are of one journal, written out or abbreviated.

    >>> same_journal("U.S. Pharmacist", "US Pharmacist"), same_journal("Anesthesia & Analgesia", "Anesth Analg")
    (True, True)
    >>> same_journal("Pain", "Pain Medicine")
    False
    """

    def parts(name: str) -> list[str]:
        words = re.findall(r"[^\W_]+", name.casefold().replace(".", ""))
        return [word for word in words if word not in {"the", "of", "and", "in", "for"}]

    mine, yours = parts(one), parts(other)
    if "".join(mine) == "".join(yours):
        return bool(mine)
    if len(mine) != len(yours) or not mine:
        return False
    return all(a.startswith(b) or b.startswith(a) for a, b in zip(mine, yours, strict=True)) and len(mine) > 1


def _words(text: str) -> set[str]:
    """The telling words of a text, plurals cut."""
    words = [word for word in re.findall(r"[^\W\d_]{3,}", text.casefold()) if word not in _STOP]
    return {word if word.endswith(("ss", "is", "us")) else word.removesuffix("s") for word in words}


def _overlap(title: str, other: str) -> float:
    """Share of a title's words that stand in another title too (0 to 1)."""
    words = _words(title)
    return len(words & _words(other)) / len(words) if words else 0.0


# --- the same work, cited twice


def _with_same_work(resolutions: list[Resolution]) -> Iterator[Resolution]:
    groups: dict[str, list[Resolution]] = {}
    for found in resolutions:
        names = [found.record.id] if found.record else [str(name) for name in found.citation.identifiers]
        for name in names:
            groups.setdefault(name, []).append(found)
    for found in resolutions:
        names = [found.record.id] if found.record else [str(name) for name in found.citation.identifiers]
        mates = {other.number: other for name in names for other in groups[name] if other.number != found.number}
        if mates:
            because = _because([found, *mates.values()])
            yield replace(found, same_work=tuple(sorted(mates)), same_because=because)
        else:
            yield found


def _because(group: Sequence[Resolution]) -> str:
    record = group[0].record
    names = list(dict.fromkeys(name for found in group for name in found.citation.identifiers))
    if record is None or len(names) == 1:
        return "the identifier is the same"
    mine = set(_names_of(record))
    names = sorted((name for name in names if str(name) in mine), key=str)
    because = f"{' and '.join(f'{name.kind} {name.value}' for name in names)} both stand in the record {record.id}"
    if len(names) > 2:
        because = because.replace(" both ", " all ")
    unsure = [str(name.kind) for name in names if str(name.kind).lower() in record.unverified]
    if unsure:
        kinds = " and ".join(unsure)
        because += f"; its {kinds} is unverified, so without a network this rests on an identifier entered from memory"
    return because


def one_work_sentences(resolutions: Sequence[Resolution]) -> list[str]:
    """One sentence for each work that is cited more than once, and for each that possibly is.

    The second kind: unresolved citations whose best candidate, on strong evidence, is the same record.
    """
    lines: list[str] = []
    seen: set[int] = set()
    for found in resolutions:
        if found.same_work and found.number not in seen:
            numbers = sorted((found.number, *found.same_work))
            seen.update(numbers)
            work = f", {found.record.short} ({found.record.id})" if found.record else ""
            lines.append(f"{_listed(numbers)} are one work{work}: {found.same_because}.")
    maybe: dict[str, list[int]] = {}
    for found in resolutions:
        if found.candidates and any(item.strong for item in found.candidates[0].evidence):
            maybe.setdefault(found.candidates[0].record.id, []).append(found.number)
    for key, numbers in maybe.items():
        found_here = [found.number for found in resolutions if found.record and found.record.id == key]
        together = sorted({*numbers, *found_here})
        if len(together) > 1:
            lines.append(
                f"{_listed(together)} are possibly one work: {key} is the best candidate for what is unresolved."
            )
    return lines


def _listed(numbers: Sequence[int]) -> str:
    words = [str(number) for number in numbers]
    return f"{', '.join(words[:-1])} and {words[-1]}"


# --- for people and for scripts


def as_json(resolutions: Sequence[Resolution]) -> list[dict[str, Any]]:
    """Resolutions as plain data for JSON, one object each.

    Keys: number, page, kind, label, text, start, end, sentences, identifiers, url, year, names, title, journal,
    outcome, record, status, rests_on, candidates, same_work, same_because, notes. Offsets point into the page's
    canonical text.
    """
    return [_as_dict(found) for found in resolutions]


def _as_dict(found: Resolution) -> dict[str, Any]:
    citation = found.citation
    return {
        "number": found.number,
        "page": citation.page,
        "kind": str(citation.kind),
        "label": citation.label,
        "text": citation.passage.text,
        "start": citation.passage.start,
        "end": citation.passage.end,
        "sentences": [{"text": part.text, "start": part.start, "end": part.end} for part in citation.sentences],
        "identifiers": [str(name) for name in citation.identifiers],
        "url": citation.url,
        "year": citation.year,
        "names": list(citation.names),
        "title": citation.title,
        "journal": citation.journal,
        "outcome": str(found.outcome),
        "record": _record_as_dict(found.record) if found.record else None,
        "status": found.status,
        "rests_on": list(found.rests_on),
        "candidates": [
            _record_as_dict(candidate.record)
            | {
                "score": candidate.score,
                "evidence": [{"reason": item.reason, "points": item.points} for item in candidate.evidence],
            }
            for candidate in found.candidates
        ],
        "same_work": list(found.same_work),
        "same_because": found.same_because,
        "notes": [*([citation.note] if citation.note else []), *found.notes],
    }


def _record_as_dict(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "short": record.short,
        "title": record.title,
        "identifiers": list(record.identifiers),
        "unverified": list(record.unverified),
    }


def render_text(resolutions: Sequence[Resolution], other_links: Sequence[str] = ()) -> Group:
    """Resolutions as a table for the terminal (rich), then what is one work, then links that were left alone.

    Text of the page and of records is shown without control codes and never read as markup.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from .escaping import one_line

    left = [Text(f"Not taken for a citation: {one_line(link)}", style="dim") for link in other_links]
    if not resolutions:
        what = "This page cites no work: no identifier, no link to one, no reference, no dated or named mention."
        return Group(Text(what), *left)
    table = Table(show_lines=True, expand=False)
    for column in ("#", "Cited as", "In the sentence", "Work"):
        table.add_column(column, overflow="fold", ratio=None if column == "#" else 1)
    for found in resolutions:
        citation = found.citation
        cited = Text(f"{citation.kind}", style="bold")
        if citation.label:
            cited.append(f" [{one_line(citation.label)}]")
        cited.append(f"\n{_cut(one_line(citation.passage.text), 160)}", style="not bold")
        if citation.url and citation.url not in citation.passage.text:
            cited.append(f"\n{one_line(citation.url)}", style="not bold dim")
        sentences = "\n".join(_cut(one_line(part.text), 240) for part in citation.sentences)
        work = Text()
        for line, style in _work_lines(found):
            work.append(("\n" if work else "") + one_line(line), style=style)
        table.add_row(str(found.number), cited, Text(sentences, style="dim"), work)
    same = [Text(one_line(line), style="bold") for line in one_work_sentences(resolutions)]
    return Group(table, *same, *left)


def _work_lines(found: Resolution) -> Iterator[tuple[str, str]]:
    if found.record:
        yield f"{found.record.short}: {found.record.title} ({found.record.id})", "bold"
        alarming = found.status not in {Status.CURRENT, NOT_CHECKED}
        yield f"{found.outcome}; corrected or retracted: {found.status}", "bold red" if alarming else ""
    else:
        yield str(found.outcome), ""
    if found.rests_on:
        yield f"unverified in the library: {', '.join(found.rests_on)}", "yellow"
    for note in (found.citation.note, *found.notes):
        if note:
            yield note, "dim"
    for candidate in found.candidates:
        why = "; ".join(item.reason + (f" (+{item.points})" if item.points else "") for item in candidate.evidence)
        yield f"candidate, {candidate.score} points: {candidate.record.short} ({candidate.record.id}): {why}", ""


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
