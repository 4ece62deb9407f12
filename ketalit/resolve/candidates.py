"""Rank the records of a library as candidates for a citation, by evidence that is shown point by point."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from ..citations import Citation, CitationKind, alike, last_name
from ..records.model import Record
from ..vocabulary import FLAGGED
from .model import Candidate, Evidence, Library, Resolution

MAX_CANDIDATES = 5
MIN_SCORE = 3  # below, a record fits no better than by chance
# Words that tell nothing of a work's topic.
_STOP = (
    "about according after all also although among and any are article been before being between both but can could "
    "did does during each effective effectively effects few for found from had has have help helped helps how however "
    "into its journal last lasted may meta might more most not one only other our over paper participants patients "
    "people provides published report research results review said says showed shown significant some still studies "
    "study such than that the their them then there these they this those three through trial two under used using "
    "versus very was were what when where which while who will with within would writes year years you your"
)
_STOP_WORDS = frozenset(_STOP.split())


class Ranker:
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
        # The year that a page gives for a family name.
        self.years: dict[tuple[str, str], int] = {}
        for found in resolutions:
            if found.record:
                what = f"footnote {found.citation.label}" if found.citation.label else "a link"
                for sentence in found.citation.sentences:
                    place = (found.citation.page, sentence.start)
                    self.beside.setdefault(place, {}).setdefault(found.record.id, what)
            if found.citation.year:
                for name in found.citation.names:
                    self.years.setdefault((found.citation.page, last_name(name)), found.citation.year)

    def candidates(self, citation: Citation) -> tuple[Candidate, ...]:
        """The best candidates for a citation that no identifier resolves; none for one that has an identifier."""
        if citation.identifiers or citation.kind is CitationKind.FOOTNOTE:
            return ()
        ranked = [Candidate(record, tuple(self._evidence(citation, record))) for record in self.records]
        # One weak reason, a year or a topic, fits too many records.
        ranked = [one for one in ranked if one.strong or sum(item.points > 0 for item in one.evidence) > 1]
        ranked.sort(key=lambda candidate: (-candidate.score, candidate.record.id))
        if not ranked:
            return ()
        # Beside a record of that author, journal or title, one that only fits in year and topic is noise.
        best, enough = ranked[0], max(MIN_SCORE, ranked[0].score / 2)
        kept = [one for one in ranked if one.score >= enough and (one.strong or not best.strong)]
        return tuple(kept[:MAX_CANDIDATES])

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
        year, how = citation.year, ""
        if not year:
            year, how = self._year_elsewhere(citation), ", given elsewhere on the page for this name"
        if year is None or record.year is None:
            return
        if record.year == year:
            yield Evidence(f"year {year}{how}", 2 if how else 3)
        elif abs(record.year - year) == 1:
            yield Evidence(f"year {record.year}, one off {year}{how} (online and in print can differ)", 1)

    def _year_elsewhere(self, citation: Citation) -> int | None:
        lasts = [last_name(name) for name in citation.names]
        given = (pair for pair in self.years.items() if pair[0][0] == citation.page)
        return next((year for (_, last), year in given if any(alike(name, last) for name in lasts)), None)


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
    if record.status in FLAGGED:
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
    words = [word for word in re.findall(r"[^\W\d_]{3,}", text.casefold()) if word not in _STOP_WORDS]
    return {word if word.endswith(("ss", "is", "us")) else word.removesuffix("s") for word in words}


def share_of_words(title: str, other: str) -> float:
    """Share of a title's telling words that stand in another title too (0 to 1).

    >>> share_of_words("Ketamine for pain", "Pain and other trials")
    0.5
    """
    words = _words(title)
    return len(words & _words(other)) / len(words) if words else 0.0
