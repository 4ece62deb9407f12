"""What the exports of databases and reference managers have in common: letters, names, dates, identifiers."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import InputError
from ..identifiers import IdentifierKind, identifier_in_link, parse_identifier
from .cutting import encoding_of
from .dates import date_in, date_of, month_number
from .ids import clean_pmcid, one_doi
from .medline import sections_in
from .model import Author, Date, Journal, Record, Term
from .xml import squeeze

# Types by which exports tell that a work was withdrawn or is a notice, and NLM's name for each.
_TYPES = {
    "retracted publication": "Retracted Publication",
    "retracted article": "Retracted Publication",
    "retracted": "Retracted Publication",
    "retraction": "Retraction Notice",
    "retraction notice": "Retraction Notice",
    "retraction of publication": "Retraction Notice",
    "erratum": "Published Erratum",
    "correction": "Published Erratum",
    "published erratum": "Published Erratum",
    "expression of concern": "Expression of Concern",
}
_TITLED_RETRACTED = re.compile(r"\W*retracted\b(?:\s+article)?\s*[:.\]\-–—]", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:group|investigators?|consortium|committee|collaborat\w+|network|society|association|team|organi[sz]ation|"
    r"universit\w+|institut\w+|ministry|council|federation|foundation|academy|college|agency|department|"
    r"administration|programme|program|task force|initiative|cent(?:er|re))\b",
    re.IGNORECASE,
)
_INITIALS = r"[^\W\d_a-z](?:[.\s-]*[^\W\d_a-z]){0,4}\.?"
_INITIALS_ALONE = re.compile(_INITIALS)
_LAST_AND_INITIALS = re.compile(rf"(.*[^\W\d_][^\W\d_]\S*)\s+({_INITIALS})(?:\s+(Jr|Sr|2nd|3rd|I{{2,3}}|IV)\.?)?")
_LONGEST_NAME = 200  # beyond that it is no name
_SUFFIX = re.compile(r"(?:Jr|Sr|2nd|3rd|4th|I{2,3}|IV)\.?", re.IGNORECASE)
_SAYS_PMID = re.compile(r"\b(?:PMID|PubMed(?:\s*ID)?|MEDLINE)\b\s*[:=#-]?\s*(\d{1,8})\b", re.IGNORECASE)
_SAYS_PMCID = re.compile(r"\bPMC\s?(\d{3,8})\b")
_SAYS_DOI = re.compile(r"\bdoi\b\s*[:=]?\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
# From here on a remark speaks of other works ("Comment in: … PMID: 5").
_OF_OTHERS = re.compile(
    r"\b(?:comments?|errat(?:um|a)|correct(?:ed|ion)|retract\w*|updates?|republished|repl(?:y|ies)|response|cites?)\b",
    re.IGNORECASE,
)
# CENTRAL gives each of its entries a name that looks like a DOI; it is not the article's.
_CENTRAL = re.compile(r"10\.1002/central/", re.IGNORECASE)


_NO_JOURNAL = Journal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an export says of one work, field by field as printed; `says` are texts that may name an identifier."""

    title: str = ""
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    journal: Journal = _NO_JOURNAL
    book_title: str = ""
    kind: str = "article"
    year: str = ""
    dates: tuple[str, ...] = ()
    volume: str = ""
    issue: str = ""
    pages: str = ""
    pmids: tuple[str, ...] = ()
    pmcids: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def record_of(entry: Entry, source: str, raw: bytes) -> Record:
    """The record of an entry.

    Without PMID, PMCID and DOI it gets a key that stays the same however often the work is exported.

    Raises:
        ValueError: it has neither title nor identifier; says so.

    >>> entry = Entry(title="A trial", authors=(Author(last="Doe"),), year="2009", says=("PMID: 5",))
    >>> record_of(entry, "ris", b"").id, record_of(Entry(title="A trial", year="2009"), "ris", b"").id
    ('PMID:5', 'anonymous2009-1f8425')
    """
    notes: list[str] = []
    pmids, pmcids, dois = _identifiers(entry, notes)
    doi, other_dois, doi_notes = one_doi((text, True) for text in dois)
    title = entry.title or entry.book_title
    if not (title or pmids or pmcids or doi):
        raise ValueError("it has no title and no PMID, PMCID or DOI to go by")
    types = tuple(dict.fromkeys(_TYPES[kind.lower()] for kind in entry.types if kind.lower() in _TYPES))
    if _TITLED_RETRACTED.match(title):
        types = tuple(dict.fromkeys((*types, "Retracted Publication")))
        notes.append("its title in the export says that it was retracted")
    for name, found in (("PMIDs", pmids), ("PMCIDs", pmcids)):
        if len(found) > 1:
            notes.append(f"the entry names different {name}: {', '.join(found)}")
    published = _date(entry.year, entry.dates)
    pages = _pages(entry.pages)
    key = "" if pmids or pmcids or doi else _key(title, entry.authors, published, f"{entry.volume}|{pages}")
    return Record(
        source=source,
        key=key,
        kind=entry.kind,
        pmid=next(iter(pmids), ""),
        pmcid=next(iter(pmcids), ""),
        doi=doi,
        other_dois=other_dois,
        title=title,
        book_title=entry.book_title,
        abstract=sections_in(entry.abstract),
        authors=entry.authors,
        journal=entry.journal,
        published=published,
        volume=entry.volume,
        issue=entry.issue,
        pages=pages,
        publication_types=tuple(Term(name=name) for name in types),
        keywords=tuple(dict.fromkeys(entry.keywords)),
        languages=entry.languages,
        sha256=hashlib.sha256(raw).hexdigest(),
        notes=(*notes, *doi_notes),
    )


def decoded(content: bytes, where: str) -> tuple[str, str]:
    """The text of an export, and what to tell about its letters ("" where all is well).

    UTF-8, UTF-16 and UTF-32 are recognised. Of a file that is UTF-8 but for some lines only these lines suffer; one
    that is no UTF-8 at all is read as Windows-1252, which old programs write.

    Raises:
        InputError: it is no text.

    >>> decoded("é".encode("utf-16"), ""), decoded(b"caf\\xe9", "")[0]
    (('é', ''), 'café')
    """
    encoding = encoding_of(content[:4000], where)
    if encoding == "utf-8" and b"\0" in content[:4000]:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    if encoding != "utf-8":
        text = content.decode(encoding, "replace").removeprefix("\ufeff")
        if "\0" in text:
            raise InputError("this is no text", where=where)
        return text, "some letters are damaged (shown as �)" if "\ufffd" in text else ""
    # Far from its beginning NUL is damage, and written as a byte that is no letter in either encoding: among the few
    # bytes of one entry, NUL would mean a third.
    content = content.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"\x81")
    try:
        return content.decode(), ""
    except UnicodeDecodeError:
        pass
    lines = content.split(b"\n")
    damaged = [number for number, line in enumerate(lines, 1) if not _is_utf8(line)]
    if any(not line.isascii() and _is_utf8(line) for line in lines):
        where_damaged = ", ".join(map(str, damaged[:5])) + (" …" if len(damaged) > 5 else "")
        return content.decode(
            "utf-8", "replace"
        ), f"letters that are not valid UTF-8 on line {where_damaged} (shown as �)"
    # The five bytes that Windows-1252 leaves open are no letters in any of its relatives either.
    return content.decode("cp1252", "replace"), (
        "not UTF-8; read as Windows-1252: look at letters with accents, or export it again as UTF-8"
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def author_of(name: str) -> Author:
    """An author in any of the usual spellings; a body of people is `collective`.

    >>> author_of("Doe, Jane A.").name, author_of("Doe JA").name, author_of("Jane Doe").name
    ('Doe JA', 'Doe JA', 'Doe J')
    >>> author_of("The Invented Trial Group").collective
    'The Invented Trial Group'
    """
    name = squeeze(name).strip(" ,;")
    if "," in name:
        last, *rest = [part.strip() for part in name.split(",")]
        if _GROUP.search(last) and not _INITIALS_ALONE.fullmatch(rest[0]):
            return Author(collective=name)
        suffix = next((part for part in rest if _SUFFIX.fullmatch(part)), "")
        given = " ".join(part for part in rest if part and part != suffix)
        return _named(last, given, suffix)
    if _GROUP.search(name):
        return Author(collective=name)
    if len(name) < _LONGEST_NAME and (short := _LAST_AND_INITIALS.fullmatch(name)):
        return _named(short[1], short[2], short[3] or "")
    given, _, last = name.rpartition(" ")
    return _named(last, given)


def authors_in(cell: str) -> tuple[Author, ...]:
    """The authors that stand in one cell, whatever separates them.

    >>> [author.name for author in authors_in("Doe JA, van Roe B.")]
    ['Doe JA', 'van Roe B']
    >>> [author.name for author in authors_in("Doe, J.A., Roe, B.")]
    ['Doe JA', 'Roe B']
    """
    cell = squeeze(re.sub(r"[\r\n|]+", ";", cell)).strip(" .;") + ("." if re.search(r"\b\w\.\s*$", cell) else "")
    cell = re.sub(r"[,;]?\s*\bet al\b\.?", "", cell)
    if ";" in cell:
        names = cell.split(";")
    elif re.search(r"\s(?:and|&)\s", cell) and not _GROUP.search(cell):
        names = [part for half in re.split(r",?\s(?:and|&)\s", cell) for part in _by_commas(half)]
    else:
        names = _by_commas(cell)
    return tuple(author for name in names if name.strip(" .,;") for author in [author_of(name)])


def _by_commas(text: str) -> list[str]:
    """Names between commas: "Doe J, Roe B", or "Doe, J., Roe, B." where every second part is initials."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if any(len(part) > _LONGEST_NAME for part in parts):
        return parts
    if len(parts) > 1 and all(_LAST_AND_INITIALS.fullmatch(part) or _GROUP.search(part) for part in parts):
        return parts
    if len(parts) % 2 == 0 and all(_INITIALS_ALONE.fullmatch(part) for part in parts[1::2]):
        return [f"{last}, {given}" for last, given in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) > 2 and all(" " in part for part in parts):
        return parts
    return [text]


def _named(last: str, given: str, suffix: str = "") -> Author:
    given = given.strip()
    initials = "".join(word[0] for word in re.split(r"[\s.\-]+", given) if word and word[0].isalpha())
    if _INITIALS_ALONE.fullmatch(given):
        letters = "".join(letter for letter in given if letter.isalpha())
        # "M J" may be all there is of a forename; "M. J." and "MJ" are initials and nothing else.
        plain = " " in given and "." not in given
        return Author(last=last, fore=given if plain else "", initials=letters, suffix=suffix.rstrip("."))
    return Author(last=last, fore=given, initials=initials.upper(), suffix=suffix.rstrip("."))


def _identifiers(entry: Entry, notes: list[str]) -> tuple[list[str], list[str], list[str]]:
    """PMIDs, PMCIDs and DOIs, without repetition; what stands in their place and is none is noted."""
    pmids: dict[str, None] = {}
    pmcids: dict[str, None] = {}
    dois: dict[str, None] = {}

    def take(text: str, kind: IdentifierKind, into: dict[str, None]) -> None:
        # A field of its own may hold two ("10.1000/a; 10.1000/b") or be nothing but a dash.
        for part in re.split(r"\s*[;|]\s*|\s+(?=10\.\d{4})", text.strip()):
            if not re.search(r"\w", part):
                continue
            try:
                found = parse_identifier(part if kind is IdentifierKind.PMID else f"{kind}: {part}")
            except InputError:
                found = None
            if found and found.kind is kind:
                if kind is not IdentifierKind.DOI or not _CENTRAL.match(found.value):
                    # The letters as they are printed; `parse_identifier` makes them small.
                    printed = re.search(re.escape(found.value), part, re.IGNORECASE)
                    into[printed[0] if printed else found.value] = None
            else:
                notes.append(f"“{part[:60]}” stands where a {kind} belongs")

    for text in entry.pmids:
        take(text, IdentifierKind.PMID, pmids)
    for text in entry.pmcids:
        if clean_pmcid(text):
            take(text, IdentifierKind.PMCID, pmcids)
        elif text.strip():
            notes.append(f"“{text[:60]}” stands where a PMCID belongs")
    for text in entry.dois:
        take(text, IdentifierKind.DOI, dois)
    for said in entry.says:
        text = _OF_OTHERS.split(said)[0]
        pmids |= dict.fromkeys(found.lstrip("0") for found in _SAYS_PMID.findall(text) if found.strip("0"))
        pmcids |= dict.fromkeys(f"PMC{found}" for found in _SAYS_PMCID.findall(text))
        for found in _SAYS_DOI.findall(text) if not dois else ():
            take(found.rstrip(".,;)"), IdentifierKind.DOI, dois)
    for link in entry.links:
        named = identifier_in_link(link) if "." in link else None
        into = {IdentifierKind.PMID: pmids, IdentifierKind.PMCID: pmcids, IdentifierKind.DOI: dois}
        # A link is taken at its word only where the entry itself is silent.
        if named and named.kind in into and not into[named.kind] and not _CENTRAL.match(named.value):
            into[named.kind][named.value] = None
    return list(pmids), list(pmcids), list(dois)


_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})")
_SLASHES = re.compile(r"(\d{4})/(\d{0,2})/(\d{0,2})/?(.*)")


def _date(year: str, dates: Iterable[str]) -> Date:
    """The most certain of the dates that agree with the year; the first of them without one."""
    best = _one_date(year)
    for text in dates:
        date = _one_date(text)
        if date.iso and (not best.iso or (date.year == best.year and len(date.iso) > len(best.iso))):
            best = date
    return best


def _one_date(text: str) -> Date:
    """A date as exports print it.

    >>> [_one_date(text).iso for text in ("2009/11/03/", "2009///Spring", "3 Nov 2009", "Nov 2009", "2009.0", "x")]
    ['2009-11-03', '2009', '2009-11-03', '2009-11', '2009', '']
    """
    text = re.sub(r"^(\d{4})\.0$", r"\1", squeeze(text))
    text = re.sub(r"^(\d{4}-\d\d-\d\d)[T ]00:00.*$", r"\1", text)
    if parts := _SLASHES.fullmatch(text):
        season = parts[4].strip("/ ")
        date = date_of(parts[1], parts[2], parts[3]) if parts[2] or not season else date_in(f"{parts[1]} {season}")
        return Date(iso=date.iso, precision=date.precision, verbatim=text)
    if (day := _DAY_FIRST.fullmatch(text)) and month_number(day[2]):
        date = date_of(day[3], day[2], day[1])
        return Date(iso=date.iso, precision=date.precision, verbatim=text)
    if (month := _MONTH_FIRST.fullmatch(text)) and month_number(month[1]):
        date = date_of(month[3], month[1], month[2] or "")
        return Date(iso=date.iso, precision=date.precision, verbatim=text)
    return date_in(text) if text else Date()


def _pages(text: str) -> str:
    text = re.sub(r"\s*(?:--+|[–—])\s*", "-", squeeze(text)).strip(" -.")
    text = re.sub(r"^(?:pp?\.?\s*)(?=\w*\d)", "", text, flags=re.IGNORECASE)
    return re.sub(r"^(\w+)-\1$", r"\1", text)


def _key(title: str, authors: tuple[Author, ...], published: Date, place: str) -> str:
    """First author, year, and a hash of these with title, volume and pages, so that two replies of one title differ."""
    first = (authors[0].last or authors[0].collective) if authors else ""
    name = re.sub(r"[^a-z]", "", folded(first))[:20] or "anonymous"
    words = f"{folded(title)}|{name}|{published.year}|{place}"
    return f"{name}{published.year or ''}-{hashlib.sha256(words.encode()).hexdigest()[:6]}"


def folded(text: str) -> str:
    """Letters and digits in lower case without accents, single spaces between words: how titles are compared.

    >>> folded("Kétamine—for  “pain”: a trial.")
    'ketamine for pain a trial'
    """
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
        text = text.translate(_SPELLED)
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


_SPELLED = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "κ": "kappa",
        "μ": "mu",
        "µ": "mu",
    }
)
