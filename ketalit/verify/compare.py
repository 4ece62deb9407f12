"""Hold the facts of an entry against NCBI's record: pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from ..records.model import Author, Record
from ..resolve.candidates import same_journal
from ..resolve.same_work import listed
from .model import Compared, Outcome

# Titles that agree so far are one title, words so far one word misspelt (“teh” for “the”: 0.67). Of 1,507 pairs of
# recorded PubMed records with near titles, two then agree in first author and year too: each one work under two PMIDs.
LIKE, LIKE_WORD = 0.9, 0.6
_DESCRIPTION = "the title is a description"


def plain(text: str) -> str:
    """Words in lower case, without accents and punctuation; Greek letters by their names.

    >>> plain("[Étude de la kétamine]: S(+)-ketamine.")
    'etude de la ketamine s ketamine'
    >>> plain("TNF-α & pain vs itch")
    'tnf alpha pain versus itch'
    """
    text = re.sub("[α-ωΑ-Ω]", lambda letter: f" {unicodedata.name(letter[0]).split()[-1]} ", text)
    text = re.sub(r"\bvs\b", "versus", text, flags=re.IGNORECASE)
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char)).replace("ß", "ss").replace("ø", "o")
    return " ".join(re.findall(r"[^\W_]+", bare))


def likeness(one: str, other: str) -> float:
    """How far two titles agree, 0 to 1, by their words in order (difflib's ratio of equal characters).

    Titles that differ in a number, or of which one announces itself as a notice or reply to the other, or in which a
    word stands for quite another, are not alike (0). A title without the subtitle of the other, from six words on, is
    that title (1).

    >>> likeness("Ketamine for pain: a trial.", "Ketamine for Pain: A Trial"), likeness("Ketamine I", "Ketamine II")
    (1.0, 0.0)
    """
    mine, yours = plain(one), plain(other)
    if not mine or not yours:
        return 0.0
    if mine == yours:
        return 1.0
    if bool(_NOTICE.match(mine)) != bool(_NOTICE.match(yours)):
        return 0.0
    for title, longer in ((one, mine), (other, yours)):
        head = plain(re.split(r"[:.?]\s|\s[-–—]\s", title)[0])
        if longer != head and len(head.split()) > 5 and head in (mine, yours):
            return 1.0
    if Counter(_numbers(mine)) != Counter(_numbers(yours)):
        return 0.0
    # A word misspelt is like the one it stands for; “nervous” in place of “digestive” makes another title.
    words = mine.split(), yours.split()
    changed = [
        ("".join(words[0][first:last]), "".join(words[1][start:end]))
        for tag, first, last, start, end in SequenceMatcher(None, *words, autojunk=False).get_opcodes()
        if tag == "replace"
    ]
    if any(SequenceMatcher(None, *pair, autojunk=False).ratio() < LIKE_WORD for pair in changed):
        return 0.0
    return SequenceMatcher(None, mine, yours, autojunk=False).ratio()


_NOTICE = re.compile(
    r"(?:author |publisher )?(?:correction|corrigendum|erratum|retraction|retracted|expression of concern|reply|re"
    r"|response|in response|comment|commentary|editorial|letter)\b"
)


def _numbers(words: str) -> list[str]:
    return re.findall(r"\d+|\b(?:i|ii|iii|iv|v|vi)\b", words)


def same_author(one: Author, other: Author) -> bool:
    """Whether two entries are of one person or group: family name, and the first initial where both have one.

    >>> same_author(Author(last="de Vos", initials="CC"), Author(last="Vos", initials="C")), same_author(
    ...     Author(last="Zhang", initials="Y"), Author(last="Zhang", initials="H"))
    (True, False)
    """
    mine, yours = plain(one.last or one.collective).split(), plain(other.last or other.collective).split()
    if not mine or not yours:
        return False
    shorter, longer = sorted((mine, yours), key=len)
    initials = [plain(author.initials or author.fore)[:1] for author in (one, other)]
    return longer[-len(shorter) :] == shorter and (not all(initials) or initials[0] == initials[1])


def compare(here: Record, ncbi: Record) -> tuple[Compared, ...]:
    """The facts of an entry and of NCBI's record side by side.

    The year agrees with that of the issue or of the electronic article; one off is allowed where NCBI gives a date of
    the electronic article, because entries take either. A title that is only a description here says nothing.

    >>> [(fact.fact, fact.agrees) for fact in compare(Record(source="person", title="A b"), Record(source="pubmed"))]
    [('title', None)]
    """
    return tuple(_facts(here, ncbi))


def _facts(here: Record, ncbi: Record) -> Iterator[Compared]:
    described = any(note.startswith(_DESCRIPTION) for note in here.notes)
    alike = None
    if here.title and ncbi.title and not described:
        titles = [title for title in (ncbi.title, ncbi.vernacular_title) if title]
        alike = max(likeness(here.title, title) for title in titles) >= LIKE
    yield Compared("title", here.title, ncbi.title, alike)
    if here.authors or ncbi.authors:
        mine, yours = here.authors[:1], ncbi.authors[:1]
        same = same_author(mine[0], yours[0]) if mine and yours else None
        names = [authors[0].name if authors else "" for authors in (mine, yours)]
        yield Compared("first author", names[0], names[1], same)
    years = {date.year for date in (ncbi.published, ncbi.published_online) if date.year}
    if here.year or years:
        slack = 1 if ncbi.published_online.year else 0
        same = any(abs(here.year - year) <= slack for year in years) if here.year and years else None
        yield Compared("year", str(here.year or ""), " or ".join(map(str, sorted(years))), same)
    if here.doi or ncbi.doi:
        theirs = {doi.lower() for doi in (ncbi.doi, *ncbi.other_dois) if doi}
        yield Compared(
            "doi", here.doi, ", ".join(sorted(theirs)), here.doi.lower() in theirs if here.doi and theirs else None
        )
    if here.pmcid and ncbi.pmcid:
        yield Compared("pmcid", here.pmcid, ncbi.pmcid, here.pmcid.upper() == ncbi.pmcid.upper())
    if here.pii and ncbi.pii:
        yield Compared("pii", here.pii, ncbi.pii, _bare_pii(here.pii) == _bare_pii(ncbi.pii))
    journals = [(record.journal.abbreviation, record.journal.title) for record in (here, ncbi)]
    if any(journals[0]) and any(journals[1]):
        same = any(same_journal(mine, yours) for mine in journals[0] for yours in journals[1] if mine and yours)
        names = [next(filter(None, pair)) for pair in journals]
        yield Compared("journal", names[0], names[1], same)
    for fact in ("volume", "issue", "pages"):
        values: tuple[str, str] = getattr(here, fact), getattr(ncbi, fact)
        if all(values):
            yield Compared(fact, *values, _whole(values[0]) == _whole(values[1]))


def _bare_pii(pii: str) -> str:
    return re.sub(r"[^0-9X]", "", pii.upper())


def _whole(pages: str) -> str:
    """A range with its last page written out: "450-67" is "450-467"."""
    first, dash, last = pages.replace("–", "-").replace(" ", "").lower().partition("-")
    if dash and first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first if first == last else f"{first}{dash}{last}"


def decide(name: str, compared: Sequence[Compared], trusted: Sequence[str] = ()) -> tuple[Outcome, str]:
    """What a comparison says about one name of a record.

    An identifier belongs to the work whose title, first author and year it leads to; a DOI, PMCID or PII must stand in
    NCBI's record too. "bibliography" holds when every fact that both give agrees.

    Args:
        name: one of `NAMES`.
        compared: as `compare` gives it.
        trusted: names of this record that are verified already; a verified DOI can stand in for a title.

    >>> decide("pmid", [Compared("title", "A trial", "A trial", True), Compared("year", "2009", "2009", True)])
    (<Outcome.MATCH: 'match'>, 'title and year agree')
    >>> decide("pmid", [Compared("title", "A trial", "Another work", False)])
    (<Outcome.MISMATCH: 'mismatch'>, 'title differs')
    """
    facts = {fact.fact: fact.agrees for fact in compared}
    # Journal, volume and pages say how well an entry was typed, not which work it is.
    counted = list(facts) if name == "bibliography" else ["title", "first author", "year"]
    if name in {"doi", "pmcid", "pii"}:
        counted.append(name)
    elif name == "bibliography":
        counted = [fact for fact in counted if fact not in {"doi", "pmcid", "pii"}]
    differ = [fact for fact in counted if facts.get(fact) is False]
    agree = [fact for fact in counted if facts.get(fact)]
    if differ:
        return Outcome.MISMATCH, f"{listed(differ)} {'differs' if len(differ) == 1 else 'differ'}"
    if name in {"doi", "pmcid", "pii"} and not facts.get(name):
        return Outcome.UNKNOWN, f"NCBI's record carries no {name.upper()}"
    if not facts.get("title"):
        if facts.get("doi") and "doi" in trusted and name in {"pmid", "pmcid"}:
            return Outcome.MATCH, f"the verified DOI{_and(agree)} agree{'' if agree else 's'}"
        return Outcome.UNKNOWN, f"there is no title to compare{f'; {listed(agree)} agree' if agree else ''}"
    if len(agree) == 1:
        return Outcome.UNKNOWN, "the title agrees; there is no author or year to compare"
    return Outcome.MATCH, f"{listed(agree)} agree"


def _and(items: Sequence[str]) -> str:
    return f", {listed(items)}" if items else ""
