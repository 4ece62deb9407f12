"""Say what a body of bytes is from its beginning: records, or an answer that is an error."""

from __future__ import annotations

import html
import json
import re
from enum import StrEnum

from ..errors import InputError
from .columns import delimiter_of, is_header


class Format(StrEnum):
    """The formats that hold records."""

    PUBMED = "PubMed XML"
    JATS = "JATS XML"
    MEDLINE = "MEDLINE text"
    RECORDS = "JSON lines of ketalit records"
    RIS = "RIS"
    BIBTEX = "BibTeX"
    SPREADSHEET = "spreadsheet"  # CSV, tab-separated text, XLSX; or rows of one, as JSON


_EXPECTED = "PubMed XML, PMC JATS XML, MEDLINE text (.nbib), RIS, BibTeX, CSV, XLSX or records.jsonl"
_ROOTS = {
    "PubmedArticleSet": Format.PUBMED,
    "PubmedBookArticleSet": Format.PUBMED,
    "PubmedArticle": Format.PUBMED,
    "PubmedBookArticle": Format.PUBMED,
    "DeleteCitation": Format.PUBMED,
    "pmc-articleset": Format.JATS,
    "article": Format.JATS,
}
_PROLOG = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s+", re.DOTALL)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_ERROR = re.compile(rb"<ERROR[^>]*>(.*?)</ERROR>", re.DOTALL)
_MEDLINE = re.compile(rb"(?:^|[\r\n])(?:PMID|OWN |STAT|TI  |FAU |DP  |PMC |AID |LID )\s*-[^\S\r\n]*\S")
_RIS = re.compile(rb"(?:^|[\r\n])(?:TY {0,3}- ?[A-Za-z]|(?:FN |VR )[^\r\n]*[\r\n]+(?:VR [^\r\n]*[\r\n]+)?PT [A-Z]\s)")
_BIBTEX = re.compile(rb"(?:^|[\r\n])[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]\s*[^\s{}]")
_KEYS = re.compile(rb'[{,]\s*"((?:[^"\\]|\\.)*)"\s*:')
_MAGIC = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive (perhaps .docx)",
    b"\xd0\xcf\x11\xe0": "an old Office document (save an .xls as .xlsx or CSV)",
    b"SQLite format 3": "an SQLite database",
    b"%0 ": "EndNote's own tagged text (export it as RIS)",
}


def identify(head: bytes, where: str = "") -> Format:
    """Format of a body, from its first bytes (some thousands are enough), BOM allowed.

    Raises:
        InputError: it is an error answer or no known format; says what it is.

    >>> identify(b'<?xml version="1.0"?><PubmedArticleSet>').value
    'PubMed XML'
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise InputError("the file is empty", where=where, expected=_EXPECTED, next_step="Fetch or export it again")
    if start.startswith(b"<"):
        return _identify_xml(start, where)
    if start[:1] in b"{[" and not _BIBTEX.search(start[:4000]):
        return _identify_json(start, where)
    if start.startswith(b"PK\x03\x04") and b"xl/" in start:
        return Format.SPREADSHEET
    text = start.decode("utf-8", "replace") if b"\0" not in start[:4000] else ""
    # A header is looked for first: cells may hold anything, a line of RIS names no columns.
    if delimiter_of(text[:100_000]):
        return Format.SPREADSHEET
    if _RIS.search(start[:100_000]):
        return Format.RIS
    if _MEDLINE.search(start[:100_000]):
        return Format.MEDLINE
    if _BIBTEX.search(start[:100_000]):
        return Format.BIBTEX
    if start[:1] in b"\"'" and b"<" in start[:10]:
        raise InputError("this is XML written as a quoted string, with quotes and line feeds escaped", where=where)
    what = next((name for magic, name in _MAGIC.items() if start.startswith(magic)), "of no known format")
    first = text.lstrip().split("\n", 1)[0].strip()
    headings = f"; as a table, its first line names no columns of references known here ({_clip(first.encode(), 60)})"
    table = re.fullmatch(r"[^,;\t]{1,60}(?:[,;\t][^,;\t]{0,60})+", first)
    raise InputError(f"the file is {what}{headings if table else ''}", where=where, expected=_EXPECTED)


def root_of(head: bytes) -> str:
    """Name of the first element after declaration, DOCTYPE and comments; "" when there is none."""
    position = 0
    while match := _PROLOG.match(head, position):
        position = match.end()
    root = _ROOT.match(head, position)
    return root[1].decode() if root else ""


def ncbi_error(body: bytes) -> str:
    """The text of an <ERROR> element, "" when there is none or it is empty (which is no error)."""
    match = _ERROR.search(body)
    return _clip(match[1]) if match else ""


def _identify_xml(start: bytes, where: str) -> Format:
    if re.match(rb"<!doctype\s+html|<html|<head|<body", start, re.IGNORECASE) or b"<html" in start[:2000].lower():
        raise InputError(
            f"this is a web page, not records{_title(start)}", where=where, expected=_EXPECTED, next_step="Fetch again"
        )
    if b"<!ENTITY" in start.split(b"]", 1)[0][:20_000] and b"<!DOCTYPE" in start[:2000]:
        raise InputError("the document declares entities of its own, which are refused", where=where)
    root = root_of(start)
    if root in _ROOTS:
        return _ROOTS[root]
    if message := ncbi_error(start):
        raise InputError(f"NCBI answered with an error: {message}", where=where, next_step="Fetch again")
    if not root:
        raise InputError(
            "the answer has an XML prolog and nothing else", where=where, expected=_EXPECTED, next_step="Fetch again"
        )
    if root == "OAI-PMH" or re.search(rb"<article[\s>]", start):
        return Format.JATS
    raise InputError(f"this is XML of another kind (<{root}>)", where=where, expected=_EXPECTED)


def _identify_json(start: bytes, where: str) -> Format:
    line = start.splitlines()[0]
    if re.search(rb'"source"\s*:\s*"(?:pubmed|pmc|medline|person|ris|bibtex|spreadsheet)"', line):
        return Format.RECORDS
    if line.startswith(b"{") and is_header(key.decode("utf-8", "replace") for key in _KEYS.findall(line)):
        return Format.SPREADSHEET
    # Only the message is shown: the rest of a rate-limit answer echoes the API key or the caller's address.
    if found := re.search(rb'"error"\s*:\s*("(?:[^"\\]|\\.)*")', start, re.IGNORECASE):
        try:
            message = json.loads(found[1], strict=False).encode("utf-8", "replace")
        except ValueError:  # no JSON after all
            message = found[1]
        raise InputError(f"the answer is an error: {_clip(message)}", where=where, next_step="Wait, then fetch again")
    kind = "an ESearch answer" if b"esearchresult" in start else "JSON of another kind"
    raise InputError(f"this is {kind}, not records", where=where, expected=_EXPECTED)


def _title(page: bytes) -> str:
    match = re.search(rb"<title[^>]*>(.*?)</title>", page, re.IGNORECASE | re.DOTALL)
    return f' ("{_clip(match[1])}")' if match else ""


def _clip(raw: bytes, limit: int = 200) -> str:
    text = " ".join(html.unescape(raw.decode("utf-8", "replace")).split())
    text = "".join(character for character in text if character.isprintable())
    return text if len(text) <= limit else f"{text[:limit]}…"
