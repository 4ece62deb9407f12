"""Read BibTeX and BibLaTeX: entries are cut apart first, so that a broken one does not take its neighbours with it."""

from __future__ import annotations

import bisect
import codecs
import contextlib
import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .cutting import Source, name_of, whole
from .exported import Entry, author_of, decoded, record_of
from .model import Author, Journal, Record
from .problems import Kind, Problem, report
from .xml import squeeze, unescape

SOURCE = "bibtex"

_OPENING = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*([{(])", re.MULTILINE)
_MACRO = re.compile(r"@\s*string\s*[{(]\s*([^\s=]+)\s*=", re.IGNORECASE)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACKETS = re.compile(r"\\.|[{}()]", re.DOTALL)
_AFTER = re.compile(r"[=#]\s*([A-Za-z][\w:.+-]*)")  # names of macros in a value
_BEFORE = re.compile(r"(?<![\w:.+-])([A-Za-z][\w:.+-]*)\s*#")
_MOST_UNFOLDED = 1 << 14  # characters that the macros of one entry may unfold to; they name journals and months
_NO_WORKS = {"comment", "preamble", "string"}
_BOOKS = {"book", "mvbook", "booklet", "proceedings", "collection", "inbook", "incollection", "bookinbook"}
_CHAPTERS = {"inbook", "incollection", "bookinbook"}


def iter_bibtex(source: Source, *, problems: list[Problem] | None = None) -> Iterator[Record]:
    """Records of a BibTeX file, one after another.

    Args:
        source: a path, an open binary file or bytes; plain or gzip.
        problems: gets what could not be read. Without it the first loss is raised instead.

    Raises:
        InputError: the input is no text; or, without `problems`, at a loss.

    >>> [record.title for record in iter_bibtex(b"@article{a, title = {A {Ketamine} trial}, pmid = 5}")]
    ['A Ketamine trial']
    """
    yield from (record for _, record in bibtex_parts(source, problems=problems))


def bibtex_parts(source: Source, *, problems: list[Problem] | None = None) -> Iterator[tuple[bytes, Record]]:
    """As `iter_bibtex`, each record with its bytes."""
    file = name_of(source)
    for number, raw in numbered_entries(source, problems=problems):
        place = f"{file}, entry {number}" if file else f"entry {number}"
        try:
            yield raw, read_bibtex(raw)
        except ValueError as error:
            name = re.search(r"@\s*(?!string)\w+\s*[{(]\s*([^\s,{}]+)", raw.decode(), re.IGNORECASE)
            report(Problem(f"{place} ({name[1]})" if name else place, str(error)), problems)


def numbered_entries(source: Source, *, problems: list[Problem] | None = None) -> Iterator[tuple[int, bytes]]:
    """The entries of a BibTeX file, numbered, as UTF-8 and each preceded by the @string definitions that it uses.

    Raises:
        InputError: as `iter_bibtex`.
    """
    file = name_of(source)
    text, notice = decoded(whole(source), file)
    if notice:
        report(Problem(file or "input", notice, Kind.NOTICE), problems)
    macros: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    ends = {opened: _ends(text, brackets) for opened, brackets in (("{", _BRACES), ("(", _BRACKETS))}
    nexts = [found.start() for found in _NEXT.finditer(text)]
    openings = list(_OPENING.finditer(text))
    position = number = 0
    for index, opening in enumerate(openings):
        if opening.start() < position:  # an “@” at the beginning of a line inside the entry before
            continue
        kind = opening[1].lower()
        number += kind not in _NO_WORKS
        end = ends[opening[2]].get(opening.end(), -1)
        inside = bisect.bisect_left(nexts, opening.end())
        # What looks like the next entry stands inside this one: it was never closed.
        if end < 0 or (inside < len(nexts) and nexts[inside] < end):
            follows = openings[index + 1].start() if index + 1 < len(openings) else len(text)
            more = index + 1 < len(openings)
            if kind not in _NO_WORKS:
                name = re.match(r"\s*([^\s,{}]*)", text[opening.end() : follows])
                place = f"{file}, entry {number}" if file else f"entry {number}"
                reason = "its braces are not closed" + ("" if more else " before the file ends")
                where = f"{place} ({name[1]})" if name and name[1] else place
                report(Problem(where, reason, Kind.QUARANTINED if more else Kind.TRUNCATED), problems)
            position = follows
            continue
        position = end
        body = text[opening.start() : end].lstrip()
        if kind in _NO_WORKS - {"string"}:
            continue
        words = [word.lower() for word in _AFTER.findall(body) + _BEFORE.findall(body)]
        unfolded = sum(sizes[word] for word in words)
        if unfolded > _MOST_UNFOLDED:  # a macro of two macros of two macros … fills any memory
            place = f"{file}, entry {number}" if file else f"entry {number}"
            reason = f"its @string definitions unfold to more than {_MOST_UNFOLDED} characters"
            report(Problem(place if kind != "string" else file or "input", reason), problems)
        elif kind != "string":
            named = set(words)
            used = [macro for name, macro in macros.items() if name in named]
            yield number, "\n".join((*used, body)).encode()
        elif found := _MACRO.match(body):
            macros[found[1].lower()], sizes[found[1].lower()] = body, len(body) + unfolded


def _ends(text: str, brackets: re.Pattern[str]) -> dict[int, int]:
    """For the index behind each bracket that opens, the index behind the one that closes it, in one pass."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for found in brackets.finditer(text):
        if found[0] in ("{", "("):
            opened.append(found.end())
        elif found[0] in ("}", ")") and opened:
            ends[opened.pop()] = found.end()
    return ends


_NEXT = re.compile(r"^@[A-Za-z]+[ \t]*\{[^\s{},=]*,[ \t]*\r?$", re.MULTILINE)


def read_bibtex(raw: bytes) -> Record:
    """The record of one entry.

    Raises:
        ValueError: it is not BibTeX, or has neither title nor identifier.

    >>> read_bibtex(b'@article{a, title = "Caf{\\\\\\'e}", author = {Doe, Jane and Roe, R.}, doi = {10.1000/A}}').title
    'Café'
    """
    parsed, notes = _parsed(raw.decode())
    fields = {name.lower(): _plain(text) for name, text in parsed.fields.items()}

    def first(*names: str) -> str:
        return next((fields[name] for name in names if fields.get(name)), "")

    kind = str(parsed.type).lower()
    book = kind in _BOOKS
    chapter = kind in _CHAPTERS
    title = ": ".join(part for part in (first("title"), first("subtitle")) if part)
    journal = first("journaltitle", "journal", "journal-full")
    date = " ".join(part for part in (first("year"), first("month"), first("day")) if part)
    entry = Entry(
        title=title,
        abstract=first("abstract"),
        authors=_authors(parsed),
        journal=Journal()
        if book
        else Journal(
            title=journal or first("booktitle"),
            abbreviation=first("shortjournal", "journal-iso", "journal_abbr"),
            issn=first("issn"),
        ),
        book_title=(first("booktitle") if chapter else title) if book else "",
        kind="book" if book else "article",
        year=first("year"),
        dates=(first("date"), date),
        volume=first("volume"),
        issue=first("number", "issue"),
        pages=first("pages", "article-number", "eid"),
        pmids=(first("pmid", "pubmed", "pubmed-id", "pubmed_id"), first("eprint") if _eprint(fields) else ""),
        pmcids=(first("pmcid", "pmc"),),
        dois=(first("doi"),),
        links=(first("url"), first("link")),
        says=(first("note"), first("annote"), first("accession-number"), first("accessionnumber")),
        types=(first("type"), first("document_type")),
        keywords=tuple(
            part.strip() for part in re.split(r"[;,]", first("keywords", "author_keywords")) if part.strip()
        ),
        languages=tuple(part for part in (first("language", "langid"),) if part),
    )
    record = record_of(entry, SOURCE, raw)
    return dataclasses.replace(record, notes=(*notes, *record.notes)) if notes else record


def _parsed(text: str) -> tuple[Any, tuple[str, ...]]:
    """The entry as pybtex reads it, and what it found odd.

    Raises:
        ValueError: it is not BibTeX.
    """
    from pybtex.database.input.bibtex import UndefinedMacro
    from pybtex.scanner import PybtexSyntaxError

    text = _KEY.sub(lambda found: f"{found[1]}{re.sub(r'[^!-~]+', '-', found[2].strip()) or 'entry'},", text, count=1)
    text = _NO_KEY.sub(r"\1entry, ", text, count=1)
    for attempt in (text, _UMLAUT.sub(lambda found: unicodedata.normalize("NFC", f"{found[1]}\u0308"), text)):
        entry, complaints = _asked(attempt)
        wrong = [
            said for said in complaints if isinstance(said, PybtexSyntaxError) and not isinstance(said, UndefinedMacro)
        ]
        if entry is not None and not wrong:
            return entry, tuple(f"BibTeX: {squeeze(str(said))}" for said in complaints)
    raise ValueError(f"it is not valid BibTeX: {squeeze(str(wrong[0]))}" if wrong else "it is not valid BibTeX")


def _asked(text: str) -> tuple[Any, list[Exception]]:
    from pybtex.database.input.bibtex import Parser
    from pybtex.errors import capture
    from pybtex.exceptions import PybtexError

    with capture() as complaints:
        try:
            return next(iter(Parser().parse_string(text).entries.values()), None), complaints
        except PybtexError as error:
            return None, [error]


_KEY = re.compile(r"(@\s*(?!string)[A-Za-z]+\s*[{(])([^,={}()\"]*),", re.IGNORECASE)
_NO_KEY = re.compile(r"(@\s*(?!string)[A-Za-z]+\s*[{(])(?=\s*[A-Za-z]+\s*=)", re.IGNORECASE)
_UMLAUT = re.compile(r'\\"\s*\{?\\?([A-Za-z])\}?')  # inside of quotes it would end the field


def _eprint(fields: dict[str, str]) -> bool:
    return fields.get("eprinttype", fields.get("archiveprefix", "")).lower() == "pubmed"


def _plain(text: str) -> str:
    """A field without TeX: accents as letters, no braces, no commands.

    >>> _plain("{K}etamine {\\\\&} pain, 10\\\\% -- {\\\\em not} $p<0.05$")
    'Ketamine & pain, 10% – not p<0.05'
    """
    import pybtex.database.output.bibtex  # noqa: F401 - registers the codec for TeX

    text = re.sub(r"(?<!\\)\$([^$]{1,80})(?<!\\)\$", r"\1", text)
    # A sign that TeX would need escaped is meant as it stands in exports.
    text = re.sub(r"(?<!\\)([%$#])", r"\\\1", text)
    text = re.sub(
        r"\\(?:emph|textit|textbf|textrm|textsc|mbox|textsuperscript|textsubscript|ensuremath)\s*(?=\{)", "", text
    )
    text = re.sub(r"\\(?:em|it|bf|sc|rm|sf|tt)\b\s*", "", text)
    text = re.sub(r"\\url\s*(?=\{)", "", text)
    with contextlib.suppress(ValueError):  # what cannot be TeX is left as it stands
        text = text if "\\" not in text else codecs.lookup("ulatex").decode(text)[0]  # type: ignore[arg-type]  # from text to text
    text = re.sub(r"\\([{}&%$#_])", r"\1", text).replace("{", "").replace("}", "").replace("~", " ")
    return squeeze(unescape(text.replace("---", "—").replace("--", "–")))


def _authors(parsed: object) -> tuple[Author, ...]:
    """Authors as pybtex parts them; a name wholly in braces is that of a body."""
    found = []
    for person in getattr(parsed, "persons", {}).get("author", ()):
        given = " ".join((*person.first_names, *person.middle_names))
        last = " ".join((*person.prelast_names, *person.last_names))
        suffix = " ".join(person.lineage_names)
        if not given and (last.startswith("{") or " " in last):
            found.append(Author(collective=_plain(last)))
        elif _plain(last).lower() not in {"others", ""}:
            found.append(author_of(", ".join(part for part in (_plain(last), _plain(suffix), _plain(given)) if part)))
    return tuple(found)
