"""Find the list of references of a text, what its entries say, and the footnote numbers that point into it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: offsets without its marker, its label; `counted`: the list prints no numbers."""

    start: int
    end: int
    label: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Footnote numbers in running text. `sure`: a footnote by its form alone, with or without an entry."""

    start: int
    end: int
    labels: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bibliography:
    """What an entry says of the work, as far as it could be read."""

    year: int | None = None
    names: tuple[str, ...] = ()
    title: str = ""
    journal: str = ""
    volume: str = ""
    first_page: str = ""


Block = tuple[Entry, ...]
_YEAR = r"(?:19[4-9]\d|20[0-4]\d)"

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
    r"(?P<last>\b(?:(?:van|von|de|der|den|la|le|di|da|du)\s+){0,3}(?:[A-Z][\w'’-]{1,40}\s)?[A-Z][\w'’-]{1,40})"
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
            blocks.append(
                tuple(
                    Entry(line.body, line.end, line.label or str(i), not line.label) for i, line in enumerate(lines, 1)
                )
            )
        lines, headed = [], False

    for line in _lines(text):
        words = text[line.start : line.end]
        numbered = _NUMBER_ONLY.match(words) if headed and line.kind == "plain" else None
        if _HEADING.fullmatch(words):
            close()
            headed = True
        elif numbered:
            lines.append(_Line(line.start, line.end, line.start + numbered.end(), "number", numbered["number"]))
        elif line.kind != "plain":
            if lines and lines[-1].kind != line.kind and not headed:
                close()
            lines.append(line)
        elif lines and lines[-1].kind != "plain" and _continues(text, lines[-1], line):
            last = lines[-1]
            lines[-1] = _Line(last.start, line.end, last.body, last.kind, last.label)
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
    if not re.search(rf"\b{_YEAR}\b", words):
        return False
    return bool(_VOLUME_AND_PAGE.search(words) or _OTHER_SIGNS.search(words) or _AUTHOR.match(words))


def _is_list_of_references(text: str, lines: list[_Line], headed: bool, works: Sequence[int]) -> bool:
    good = sum(_is_reference(text, line, works) for line in lines)
    if headed:
        return good > 0
    return good == len(lines) if lines[0].kind == "bullet" else 2 * good > len(lines)


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
    years = list(re.finditer(rf"\b{_YEAR}\b", text))
    if not years:
        return Bibliography()
    # The year of the issue is followed by ";" (Vancouver) or ")" (APA); one in the title is not.
    after_year = [text[found.end() : found.end() + 1] for found in years]
    year = next((years[after_year.index(mark)] for mark in (";", ")", ".") if mark in after_year), years[0])
    apa = re.search(rf"\({_YEAR}[^)]*\)\.?\s*", text)
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


# --- footnote numbers

_NUMBERS = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20}"
_BRACKETED = re.compile(rf"\[\^?({_NUMBERS}|(?<=\^)[\w-]{{1,20}})\]")
_PARENTHESISED = re.compile(rf"\(({_NUMBERS})\)")
# "pain.3", "infusion.”1,2": superscripts whose height was lost.
_GLUED = re.compile(r"(?:(?<=[a-z%)][.,”\"’;])|(?<=[.,][”\"’]))(\d{1,3}(?:[,–-]\d{1,3}){0,10})(?=\s|$)")
_NOT_A_NOTE = re.compile(
    r"(?i)(?:\b(?:CI|IQR|range|scale|scores?|NRS|VAS|ratio|n|grade|age[ds]?|from|phase)|[=<>%])\s?[:,]?\s?$"
)
_LISTING = re.compile(r"(?:^|\n|[:;,]\s|\b(?:and|or|either)\s)$")
_UNIT = re.compile(r"(?:\d|\b[cmkd]?m|\bkg/m)$")


def footnote_marks(
    text: str, blocks: Sequence[Block], raised: Sequence[tuple[int, int]] = (), anchors: Sequence[tuple[int, int]] = ()
) -> list[Mark]:
    """Footnote numbers outside the lists themselves.

    "[3]", "[^3]", superscripts and links inside the page count by their form; "(3)" and a number glued to the end of
    a sentence only where a list has an entry of that number.

    Args:
        text: the text, with links blanked and superscript digits as plain ones.
        blocks: the lists of references.
        raised: offsets of superscripts.
        anchors: offsets of links to a place in the page.
    """
    taken = covered(len(text), [(entry.start, entry.end) for block in blocks for entry in block])
    known = {entry.label for block in blocks for entry in block}
    printed = {entry.label for block in blocks for entry in block if not entry.counted}
    marks: list[Mark] = []

    def add(start: int, end: int, numbers: str, sure: bool, among: set[str] = known) -> None:
        labels = expand(numbers)
        if labels and (sure or set(labels) <= among) and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            marks.append(Mark(start, end, labels, sure))

    for found in _BRACKETED.finditer(text):
        if not _NOT_A_NOTE.search(text, max(0, found.start() - 30), found.start()) and not _starts_line(
            text, found.start()
        ):
            add(found.start(), found.end(), found.group(1), True)
    for start, end in anchors:
        if re.fullmatch(rf"\s*\[?{_NUMBERS}\]?\s*", text[start:end]):
            add(start, end, text[start:end].strip(" []"), True)
    for start, end in raised:
        if not _UNIT.search(text, max(0, start - 6), start):
            add(start, end, text[start:end].strip(" []()"), bool(known))
    for found in _PARENTHESISED.finditer(text):
        before = text[max(0, found.start() - 30) : found.start()]
        if not _LISTING.search(before) and not _NOT_A_NOTE.search(before):
            add(found.start(), found.end(), found.group(1), False)
    for found in _GLUED.finditer(text):
        add(found.start(), found.end(), found.group(1), False, printed)
    return sorted(marks, key=lambda mark: mark.start)


def _starts_line(text: str, position: int) -> bool:
    return not text[text.rfind("\n", 0, position) + 1 : position].strip()


def expand(numbers: str) -> tuple[str, ...]:
    """The single numbers of a footnote mark; () of what cannot be one.

    >>> expand("1,3-5"), expand("0-10")
    (('1', '3', '4', '5'), ())
    """
    labels: list[str] = []
    for part in re.split(r"\s*[,;]\s*", numbers):
        ends = re.fullmatch(r"(\d{1,3})\s?[–-]\s?(\d{1,3})", part)
        if ends:
            first, last = int(ends.group(1)), int(ends.group(2))
            if not 0 < first < last <= first + 50:
                return ()
            labels += map(str, range(first, last + 1))
        elif part.isdigit() and int(part):
            labels.append(str(int(part)))
        elif re.fullmatch(r"[A-Za-z][\w-]*", part):
            labels.append(part)
        else:
            return ()
    return tuple(dict.fromkeys(labels))


def covered(length: int, spans: Sequence[tuple[int, int]]) -> bytearray:
    """One byte for each character of a text: 1 inside a span.

    >>> list(covered(4, [(1, 3)]))
    [0, 1, 1, 0]
    """
    cover = bytearray(length)
    for start, end in spans:
        cover[start:end] = b"\x01" * (end - start)
    return cover


def marks_by_entry(blocks: Sequence[Block], marks: Sequence[Mark]) -> dict[Entry, list[Mark]]:
    """The marks that mean each entry: a number means the next list that has it, failing that the last before."""
    having: dict[str, list[Entry]] = {}
    for block in blocks:
        for label, entry in {entry.label: entry for entry in reversed(block)}.items():
            having.setdefault(label, []).append(entry)
    found: dict[Entry, list[Mark]] = {}
    for mark in marks:
        for label in mark.labels:
            entries = having.get(label, [])
            home = next((entry for entry in entries if entry.start > mark.start), entries[-1] if entries else None)
            if home:
                found.setdefault(home, []).append(mark)
    return found
