"""Find the lists of references of a text, and read what their entries say."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .bibliography import PARTICLES, YEAR, Bibliography


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: offsets without its marker, its label; `counted`: the list prints no numbers."""

    start: int
    end: int
    label: str
    counted: bool


Block = tuple[Entry, ...]

# --- the list

_MARKER = re.compile(
    r"[ \t]*(?:\[\^?(?P<bracket>\w{1,8})\]:?|\(?(?P<number>\d{1,3})[.)]|(?P<bullet>[-*•–—·▪◦‣]))"
    r"(?:[ \t]+|(?=\x00|[A-Z]))"
)
_NUMBER_ONLY = re.compile(r"[ \t]*(?P<number>\d{1,3})[ \t]+(?=[A-Z\x00])")
_HEADING = re.compile(
    r"[ \t#*]*(?:(?:selected|key|scientific|full|medical|list of|article|research)\s+)?"
    r"(?:references?|bibliography|sources?|citations?|works\s+cited|literature|footnotes?|endnotes?|further\s+reading|notes)"
    r"(?:\s+(?:and\s+notes|list|cited))?[ \t]*:?[ \t*]*",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    rf"(?P<last>\b{PARTICLES}"
    r"(?:[A-Z][\w'’-]{1,40}\s)?[A-Z][\w'’-]{1,40})"
    r"(?:,\s*(?P<dotted>(?:[A-Z]\.[ -]?){1,4})|\s+(?P<plain>[A-Z]{1,3}))(?=[\s,.;:&()]|$)"
)
_VOLUME_AND_PAGE = re.compile(r"\b\d+\s?\([^()\n]{1,20}\)\s?[:,]\s?\w?\d|;\s?\d+\s?(?:\([^()\n]{1,20}\))?\s?:")
_OTHER_SIGNS = re.compile(r"\bet al\b|\bvol\.?\s?\d|\bpp?\.\s?\d")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    body: int  # where the text after the marker begins
    kind: str  # "number", "bullet" or "plain"
    label: str


def reference_lists(text: str, works: Sequence[int]) -> list[Block]:
    """Lists of references: those under a heading that says so, and those whose entries read like references.

    Args:
        text: the text, links and identifiers blanked with NUL.
        works: where identifiers and written-out links begin, in order; they make an entry a reference.

    >>> text = "Pain fell (1).\\n- Smith J. A trial. Pain. 2009;145:304-11."
    >>> [[(entry.label, entry.counted) for entry in block] for block in reference_lists(text, [])]
    [[('1', True)]]
    """
    blocks: list[Block] = []
    lines: list[_Line] = []
    headed = False

    def close() -> None:
        nonlocal lines, headed
        if lines and _is_list_of_references(text, lines, headed, works):
            numbered = enumerate(lines, start=1)
            blocks.append(tuple(Entry(one.body, one.end, one.label or str(i), not one.label) for i, one in numbered))
        lines, headed = [], False

    for line in _lines(text):
        words = text[line.start : line.end]
        numbered = _NUMBER_ONLY.match(words) if headed and line.kind == "plain" else None
        if _HEADING.fullmatch(words):
            close()
            headed = True
        elif numbered:
            lines.append(replace(line, body=line.start + numbered.end(), kind="number", label=numbered["number"]))
        elif line.kind != "plain":
            if lines and lines[-1].kind != line.kind and not headed:
                close()
            lines.append(line)
        elif lines and lines[-1].kind != "plain" and _continues(text, lines[-1], line):
            lines[-1] = replace(lines[-1], end=line.end)
        elif headed and (not lines or lines[-1].kind == "plain") and _is_reference(text, line, works):
            lines.append(line)
        else:
            close()
    close()
    return blocks


def _lines(text: str) -> Iterator[_Line]:
    for found in re.finditer(r"[^\n]+", text):
        if not found.group().strip():
            continue
        start, end = found.start(), found.start() + len(found.group().rstrip())
        marker = _MARKER.match(text, start, end)
        if marker:
            kind = "bullet" if marker["bullet"] else "number"
            yield _Line(start, end, marker.end(), kind, marker["bracket"] or marker["number"] or "")
        else:
            yield _Line(start, end, start, "plain", "")


def _continues(text: str, entry: _Line, line: _Line) -> bool:
    """Whether a line goes on with the entry before it: that one is not finished, or this is only its link."""
    words = re.sub(r"(?i)doi|pmid|pmcid|pubmed|available|from|https?", "", text[line.start : line.end])
    only_link = not re.search(r"[^\W\d_]{3,}", words)
    unfinished = entry.kind == "number" and text[entry.end - 1] not in ".?!)\x00"
    return text[entry.end : line.start].count("\n") == 1 and (only_link or unfinished)


def _is_reference(text: str, line: _Line, works: Sequence[int]) -> bool:
    if bisect.bisect_left(works, line.start) < bisect.bisect_left(works, line.end):
        return True
    words = text[line.body : line.end]
    if not re.search(rf"\b{YEAR}\b", words):
        return False
    return bool(_VOLUME_AND_PAGE.search(words) or _OTHER_SIGNS.search(words) or _AUTHOR.match(words))


def _is_list_of_references(text: str, lines: list[_Line], headed: bool, works: Sequence[int]) -> bool:
    good = sum(_is_reference(text, line, works) for line in lines)
    if headed:
        return good > 0
    return good == len(lines) if lines[0].kind == "bullet" else 2 * good > len(lines)


def covered(length: int, spans: Sequence[tuple[int, int]]) -> bytearray:
    """One byte for each character of a text: 1 inside a span.

    >>> list(covered(4, [(1, 3)]))
    [0, 1, 1, 0]
    """
    cover = bytearray(length)
    for start, end in spans:
        cover[start:end] = b"\x01" * (end - start)
    return cover


# --- what an entry says

_VOLUME = re.compile(
    r"[;,\s]\s?(?P<volume>\d{1,4})\s?(?:\([^()\n]{1,20}\))?\s?[:,]\s?(?:pp?\.?\s?)?(?P<page>[A-Za-z]{0,2}\d{1,7}[A-Z]?)\b"
)


def read_reference(entry: str) -> Bibliography:
    """Year, authors, title, journal, volume and first page of a reference in Vancouver or APA style.

    >>> read_reference("Smith J, Doe AB. A trial of ketamine. Pain. 2009;145(3):304-11.")
    Bibliography(year=2009, names=('Smith J', 'Doe AB'), title='A trial of ketamine', journal='Pain',
    volume='145', first_page='304')
    """
    text = " ".join(entry.replace("\x00", "").split())
    years = list(re.finditer(rf"\b{YEAR}\b", text))
    if not years:
        return Bibliography()
    # The year of the issue is followed by ";" (Vancouver) or ")" (APA); one in the title is not.
    after_year = [text[found.end() : found.end() + 1] for found in years]
    year = next((years[after_year.index(mark)] for mark in (";", ")", ".") if mark in after_year), years[0])
    apa = re.search(rf"\({YEAR}[^)]*\)\.?\s*", text)
    head = text[: apa.start()] if apa else re.split(r"(?<=\w)\.\s+(?=[A-Z“\"])", text)[0]
    names = tuple(
        f"{found['last']} {re.sub(r'[^A-Z]', '', found['dotted'] or found['plain'])}"
        for found in _AUTHOR.finditer(head)
    )
    rest = text[apa.end() :] if apa else text[len(head) :].lstrip(". ") if names else text
    quoted = re.search(r"[“\"]([^”\"]{10,300})[”\"]", text)
    parts = re.split(r"(?<=[\w)”])(?:\.|[?!]\.?)\s+(?=[A-Z])", rest)
    title = quoted.group(1) if quoted else parts[0]
    is_title = len(title.split()) >= 3 and not _VOLUME_AND_PAGE.search(title)
    after = parts[1] if len(parts) > 1 and not quoted else ""
    journal = re.match(r"[A-Z][A-Za-z&.'’ -]{2,80}?(?=[\s.,]*(?:\d|$|\())", after)
    volume = _VOLUME.search(text, apa.end() if apa else year.end())
    return Bibliography(
        year=int(year.group()),
        names=names,
        title=title.strip(' .,“”"') if is_title else "",
        journal=journal.group().strip(" .,") if journal else "",
        volume=volume["volume"] if volume else "",
        first_page=volume["page"] if volume else "",
    )
