"""Read RIS and its dialects: Scopus, Web of Science, Embase, Ovid, Cochrane, EndNote, Zotero, and our own.

rispy writes our RIS but does not read it: it takes an entry without ER for part of the next one, and a field that runs
over several lines for several values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .cutting import Source, name_of, whole
from .exported import Entry, author_of, decoded, record_of
from .model import Journal, Record
from .problems import Kind, Problem, report
from .xml import squeeze, unescape

SOURCE = "ris"

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_START = re.compile(r"TY {0,3}- ?\S")
_END = re.compile(r"ER {0,3}-? *$")
_TAGGED = re.compile(r"([A-Z][A-Z0-9]) {2}-(?: (.*)|)$|(DOI) - (.*)$")  # Cochrane's "DOI - 10.…" has its own measure
_LOOSE = re.compile(r"([A-Z][A-Z0-9]) {0,3}-(?: +(.*)|)$")
# Web of Science's own tagged text: no hyphens, further lines indented by three spaces.
_WOS_START = re.compile(r"PT [A-Z]\s*$")
_WOS_TAGGED = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|)$")
_WOS_TO_RIS = {
    **{"AF": "AU", "SO": "JF", "JI": "JA", "BP": "SP", "AR": "C7", "DI": "DO", "DT": "M3", "DE": "KW", "UT": "AN"},
    **dict.fromkeys(("PT", "AU", "PD", "PG", "EI", "ID", "PN"), ""),
}
_BOOKS = {"BOOK", "EBOOK", "EDBOOK", "CHAP", "ECHAP"}
_CHAPTERS = {"CHAP", "ECHAP"}
_MAY_NAME_AN_ID = {"AN", "ID", "N1", "M1", "M2", "XR", "LB", *(f"{c}{n}" for c in "CU" for n in range(1, 9))}

Field = tuple[str, str]


def iter_ris(source: Source, *, problems: list[Problem] | None = None) -> Iterator[Record]:
    """Records of a RIS file, one after another.

    Args:
        source: a path, an open binary file or bytes; plain or gzip.
        problems: gets what could not be read. Without it the first loss is raised instead.

    Raises:
        InputError: the input is no text; or, without `problems`, at a loss.

    >>> [record.pmid for record in iter_ris(b"TY  - JOUR\\nTI  - A trial\\nN1  - PMID: 5\\nER  - \\n")]
    ['5']
    """
    yield from (record for _, record in ris_parts(source, problems=problems))


def ris_parts(source: Source, *, problems: list[Problem] | None = None) -> Iterator[tuple[bytes, Record]]:
    """As `iter_ris`, each record with its bytes."""
    file = name_of(source)
    for number, raw in enumerate(ris_entries(source, problems=problems), 1):
        place = f"{file}, entry {number}" if file else f"entry {number}"
        try:
            yield raw, read_ris(raw)
        except ValueError as error:
            report(Problem(place, str(error)), problems)


def ris_entries(source: Source, *, problems: list[Problem] | None = None) -> Iterator[bytes]:
    """The entries of a RIS file as UTF-8, each from its TY line to its ER line (or to the next TY).

    Raises:
        InputError: as `iter_ris`.
    """
    file = name_of(source)
    text, notice = decoded(whole(source), file)
    if notice:
        report(Problem(file or "input", notice, Kind.NOTICE), problems)
    held: list[str] = []
    stray: list[int] = []
    open_ended: list[int] = []
    number = 0
    for line_number, line in enumerate(_LINE.findall(text), 1):
        begins = _START.match(line) or _WOS_START.match(line)
        if begins:
            if held:
                open_ended.append(number)
                yield "".join(held).encode()
            held = []
            number += 1
        if begins or held:
            held.append(line)
        elif _TAGGED.match(line.rstrip()) and not _END.match(line.rstrip()):
            stray.append(line_number)
        if held and (_END.match(line.rstrip()) or line.rstrip() == "ER"):
            yield "".join(held).encode()
            held = []
    if held:
        # Some programs write no end marks at all; where others have one, the file was cut off.
        cut_off = number > len(open_ended) + 1
        what = (
            f"entry {number} has no end mark (ER): {'the file is cut off in it' if cut_off else 'is the file whole?'}"
        )
        report(Problem(file or "input", what, Kind.TRUNCATED if cut_off else Kind.NOTICE), problems)
        yield "".join(held).encode()
    if open_ended:
        shown = ", ".join(map(str, open_ended[:5])) + (" …" if len(open_ended) > 5 else "")
        report(
            Problem(file or "input", f"no end mark (ER) closes entry {shown}; read all the same", Kind.NOTICE), problems
        )
    if stray:
        reason = (
            f"{len(stray)} lines belong to no entry, the first on line {stray[0]}: a TY line is missing before them"
        )
        report(Problem(file or "input", reason), problems)


def read_ris(raw: bytes) -> Record:
    """The record of one entry.

    Raises:
        ValueError: it has neither title nor identifier.

    >>> read_ris(b"TY  - JOUR\\nT1  - A trial\\nY1  - 2009/11/03/\\nSP  - 304\\nEP  - 311\\n").pages
    '304-311'
    """
    fields = _fields(raw.decode("utf-8", "replace"))

    def every(*tags: str) -> tuple[str, ...]:
        return tuple(value for tag, value in fields if tag in tags and value)

    def first(*tags: str) -> str:
        return next((value for tag in tags for value in every(tag)), "")

    kind = first("TY").upper()
    book = kind in _BOOKS
    chapter = kind in _CHAPTERS
    title = first("TI", "T1", "CT") or first("BT", *(() if chapter else ("T2",)))
    ends = first("EP")
    pages = f"{first('SP')}-{ends}" if ends and "-" not in first("SP") else first("SP") or ends
    base = " ".join(every("DB", "DP"))
    medline = bool(re.search(r"pubmed|medline", base, re.IGNORECASE)) and "embase" not in base.lower()
    pmids = [*every("PM"), *(number for number in every("AN") if medline and re.fullmatch(r"0*[1-9]\d{0,7}", number))]
    if "embase" in base.lower():  # Elsevier gives the PMID there, as a number alone
        pmids += [number for number in every("C5") if number.isdecimal()]
    entry = Entry(
        title=title,
        abstract=first("AB", "N2"),
        authors=tuple(author_of(name) for name in every("AU", "A1")),
        journal=Journal() if book else _journal(fields),
        book_title=(first("BT", "T2") if chapter else title) if book else "",
        kind="book" if book else "article",
        year=(re.search(r"\d{4}", first("PY", "Y1", "DA")) or [""])[0],
        dates=every("PY", "Y1", "DA"),
        volume=first("VL"),
        issue=first("IS", "CP"),
        pages="" if book and not chapter else pages or first("C7"),
        pmids=tuple(pmids),
        pmcids=tuple(value for value in every("C2", "PC") if re.fullmatch(r"PMC\d+(\.\d+)?", value.strip())),
        dois=(*every("DO", "DI", "DOI"), *(value for value in every("M3", "L3", "ID") if value.startswith("10."))),
        links=every("UR", "LK", "L2", "L3", "L1"),
        says=every(*_MAY_NAME_AN_ID),
        types=every("M3", "PT"),
        keywords=every("KW"),
        languages=every("LA"),
    )
    return record_of(entry, SOURCE, raw)


def _fields(text: str) -> list[Field]:
    """Tags and values in order; a line that begins with no tag belongs to the field before it."""
    lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    if _WOS_START.match(lines[0]):
        return _wos_fields(lines)
    tagged = _TAGGED if lines[0].startswith("TY  -") else _LOOSE
    fields: list[tuple[str, list[str]]] = []
    for line in lines:
        if match := tagged.match(line):
            tag, value, *other = match.groups()
            fields.append((tag or other[0], [value or (other[1] if len(other) > 1 else "") or ""]))
        elif fields and line.strip():
            if fields[-1][0] == "KW":  # EndNote prints the tag before the first keyword only
                fields.append(("KW", [line]))
            else:
                fields[-1][1].append(line)
    return [(tag, squeeze(unescape(" ".join(parts)))) for tag, parts in fields]


def _wos_fields(lines: list[str]) -> list[Field]:
    fields: list[tuple[str, list[str]]] = []
    for line in lines:
        if match := _WOS_TAGGED.match(line):
            fields.append((match[1], [match[2] or ""]))
        elif fields and line.startswith("   "):
            fields[-1][1].append(line.strip())
    full_names = any(tag == "AF" for tag, _ in fields)
    found = [("TY", "JOUR")]
    for tag, parts in fields:
        name = "AU" if tag == "AU" and not full_names else _WOS_TO_RIS.get(tag, tag)
        values = parts if tag in {"AU", "AF"} else " ".join(parts).split(";") if tag == "DE" else [" ".join(parts)]
        found += [(name, squeeze(value)) for value in values if name]
    return found


def _journal(fields: list[Field]) -> Journal:
    """Title and abbreviation: dialects disagree on which tag holds which, so the longest is the title."""
    titles = [value for tag in ("JF", "T2", "JO", "BT") for name, value in fields if name == tag and value]
    short = [value for tag in ("JA", "J2", "J1") for name, value in fields if name == tag and value]
    title = max(titles, key=len, default="")
    abbreviation = next(iter(short), "") or min(titles, key=len, default="")
    issn = next((match[0] for name, value in fields if name == "SN" and (match := _ISSN.search(value))), "")
    if not title:
        title, abbreviation = abbreviation, ""
    return Journal(
        title=title, abbreviation="" if abbreviation == title and not short else abbreviation, issn=_hyphenated(issn)
    )


_ISSN = re.compile(r"\b\d{4}-?\d{3}[\dXx]\b")


def _hyphenated(issn: str) -> str:
    return f"{issn[:4]}-{issn[-4:]}".upper() if issn else ""
