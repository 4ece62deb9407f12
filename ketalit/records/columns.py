"""Find the header of a spreadsheet of references: what databases call their columns, in one table of synonyms."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

# What a column holds, and the headings under which it has been seen: PubMed, Scopus, Web of Science (full names and
# two-letter tags), Embase, Cochrane CENTRAL, EndNote, Zotero, Covidence, Rayyan and our own tables. Lower case,
# compared without punctuation.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "study title",
        "paper title",
        "article title",
        "document title",
        "primary title",
        "original title",
        "ti",
        "t1",
    ),
    "authors": (
        *("authors", "author", "author s", "author names", "author full names", "author list", "au", "af", "a1"),
        *("first authors",),
    ),
    "first_author": ("first author",),
    "journal": (
        *("journal", "journal book", "source title", "publication title", "journal title", "secondary title", "so"),
        *("journal name", "source publication", "publication name", "source", "jt"),
    ),
    "abbreviation": ("abbreviated source title", "journal abbreviation", "journal iso abbreviation", "j9", "ji", "ta"),
    "year": ("year", "publication year", "published year", "py", "year published", "pub year", "year of publication"),
    "month": ("month", "published month", "publication month"),
    "day": ("day",),
    "date": ("publication date", "date", "date of publication", "cover date", "date published", "pd"),
    "volume": ("volume", "vol", "vl", "vi"),
    "issue": ("issue", "number", "no", "is", "ip", "issue number"),
    "pages": ("pages", "page", "page range", "pg", "page numbers"),
    "first_page": ("page start", "start page", "first page", "beginning page", "bp", "sp", "start"),
    "last_page": ("page end", "end page", "last page", "ending page", "ep", "end"),
    "article_number": ("art no", "article number", "article no", "ar"),
    "pmid": ("pmid", "pubmed id", "pubmedid", "pm", "medline pmid", "pubmed", "pmids", "pubmed id pmid"),
    "pmcid": ("pmcid", "pmc id", "pmc", "pmc ids", "pubmed central id"),
    "doi": ("doi", "digital object identifier", "digital object identifier doi", "di", "doi link", "article doi"),
    "link": ("url", "link", "full text link", "urls", "links", "doi url", "embase link", "pubmed link"),
    "abstract": ("abstract", "abstract note", "ab", "summary", "abstracts"),
    "issn": ("issn", "sn", "print issn", "issn isbn", "eissn", "ei", "electronic issn"),
    "keywords": ("keywords", "author keywords", "manual tags", "de", "keyword"),
    "language": ("language", "language of original document", "la", "languages"),
    "type": ("document type", "publication type", "item type", "type", "dt", "pt", "type of article", "status"),
    "base": ("name of database", "database", "database name", "source database"),
    "accession": ("accession number", "accession no", "an", "unique id", "ut unique wos id", "ut", "eid", "central id"),
    "says": ("notes", "note", "extra", "ref", "identifiers", "record", "report", "reports", "other identifiers", "id"),
}
_MEANING = {heading: name for name, headings in SYNONYMS.items() for heading in headings}
_HEADING = 30  # letters of a heading, seldom more
_LINES_BEFORE = 30  # of preamble, which some databases print


def meaning(heading: str) -> str:
    """What a column holds, by its heading; "" where nobody knows.

    >>> meaning("Author(s)"), meaning("UT (Unique WOS ID)"), meaning("Cited by")
    ('authors', 'accession', '')
    """
    return _MEANING.get(" ".join(re.findall(r"[a-z0-9]+", heading.lower())), "")


def is_header(cells: Iterable[str]) -> bool:
    """Whether a row is the header of a table of references: a title or an identifier, and another column.

    >>> is_header(["PMID", "Title", "Authors", "Citation"]), is_header(["Title", "Price"])
    (True, False)
    """
    cells = list(cells)
    found = {name for cell in cells if (name := meaning(cell))}
    # Two such words between commas can also stand in a sentence, beside longer stretches.
    enough = 2 if all(len(cell) <= _HEADING for cell in cells) else 3
    return bool(found & {"title", "pmid", "doi"}) and len(found) >= enough


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Index of the header among the first rows, -1 where there is none."""
    return next((index for index, row in enumerate(rows[:_LINES_BEFORE]) if is_header(row)), -1)


def delimiter_of(text: str) -> str:
    """What separates the cells of a text whose beginning has such a header; "" where it has none.

    >>> delimiter_of("PMID;Title;Year\\n1;A trial;2009\\n"), delimiter_of("Dear all, the title, year and doi follow")
    (';', '')
    """
    lines = [line for line in re.split(r"\r\n|\r|\n", text)[: _LINES_BEFORE + 1] if len(line) < 20_000]
    for delimiter in (",", "\t", ";"):
        for line in lines[:_LINES_BEFORE]:
            try:
                cells = next(csv.reader([line], delimiter=delimiter), [])
            except csv.Error:
                continue
            if is_header(cells):
                return delimiter
    return ""
