"""Read MEDLINE text as PubMed exports it (.nbib, .txt).

Bio.Medline is not used: it takes any text for a record and puts the affiliations of all authors in one list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from ..errors import InputError
from .answers import Format, identify
from .cutting import CHUNK, DAMAGED, Source, chunks_of, name_of, recoded
from .dates import date_in
from .ids import clean_orcid, clean_pmcid, one_doi
from .model import (
    Author,
    Chemical,
    Correction,
    Date,
    Grant,
    Journal,
    MeshHeading,
    OtherAbstract,
    Qualifier,
    Record,
    Registration,
    Section,
    Term,
)
from .problems import Kind, Problem, report
from .xml import squeeze, unescape

# A line of a field: tag of two to four letters padded to four, "- ", value. Some exports drop the padding or a space.
_FIELD = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")
_STRICT = re.compile(r"[A-Z][A-Z0-9 ]{3}- ")
_LABEL = re.compile(r"(?:^|(?<=[.!?)\]%;:] ))([A-Z][A-Z0-9()/&,' -]{2,70}?): ")

# Tags of links to other records and NLM's RefType for each (NLM, "MEDLINE/PubMed Data Element Descriptions").
_LINKS = {
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "CRF": "CorrectedandRepublishedFrom",
    "CRI": "CorrectedandRepublishedIn",
    "DDIN": "AssociatedDataset",
    "DRIN": "AssociatedPublication",
    "ECF": "ExpressionOfConcernFor",
    "ECI": "ExpressionOfConcernIn",
    "EFR": "ErratumFor",
    "EIN": "ErratumIn",
    "ORI": "OriginalReportIn",
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "RPF": "RepublishedFrom",
    "RPI": "RepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn",
    "SPIN": "SummaryForPatientsIn",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
}
_REGISTRIES = re.compile(r"\s*([^/]+)/(\S.*)")

Field = tuple[str, str]


def iter_medline(source: Source, *, problems: list[Problem] | None = None) -> Iterator[Record]:
    """Records of MEDLINE text, one after another, in flat memory.

    A stretch of lines that is no field, or a record without PMID, PMCID or DOI, is reported and left out.

    Args:
        source: a path, an open binary file or bytes; plain or gzip, UTF-8.
        problems: gets what could not be read. Without it the first loss is raised instead.

    Raises:
        InputError: the input is not MEDLINE text; or, without `problems`, at a loss.

    >>> [(record.pmid, record.title) for record in iter_medline(b"PMID- 1\\nTI  - A long\\n      title\\n")]
    [('1', 'A long title')]
    """
    file = name_of(source)
    number = 0
    _, chunks = recoded(chunks_of(source), file)
    head = next(chunks, b"")
    if identify(head, file) is not Format.MEDLINE:
        raise InputError("the file holds records, but not MEDLINE text", where=file, expected="MEDLINE text")
    for raw, note in stretches(head, chunks):
        number += 1
        place = f"{file}, record {number}" if file else f"record {number}"
        if note:
            report(Problem(file or "input", note, Kind.TRUNCATED), problems)
            continue
        try:
            fields = _fields(raw)
            record = _record(fields, raw)
        except ValueError as error:
            pmid = re.search(rb"PMID *- ?(\d{1,10})", raw)
            named = f"{place} (PMID {pmid[1].decode()})" if pmid else place
            report(Problem(named, str(error), pmids=(pmid[1].decode(),) if pmid else ()), problems)
            continue
        if not record.abstract and any(tag == "AB" for tag, _ in fields):
            report(Problem(place, "the abstract field is empty", Kind.NOTICE), problems)
        yield record


def stretches(head: bytes, chunks: Iterator[bytes]) -> Iterator[tuple[bytes, str]]:
    """Stretches of lines between blank lines, each with a note if the input broke off; a PMID line also begins one."""
    buffer = head
    boundary = re.compile(rb"(?:\r?\n){2,}|\r?\n(?=PMID *- )")
    note = ""
    while True:
        try:
            chunk = next(chunks, b"")
        except DAMAGED as error:
            chunk, note = b"", f"the compressed file is cut short or damaged ({error})"
        parts = boundary.split(buffer + chunk)
        buffer = parts.pop() if chunk else b""
        yield from ((part, "") for part in parts if part.strip())
        if not chunk:
            break
        if len(buffer) > 64 * CHUNK:
            yield buffer, ""
            buffer = b""
    if note:
        yield b"", note


def _fields(raw: bytes) -> list[Field]:
    """Tags and values in order.

    Raises:
        ValueError: a line that is neither field nor continuation; not UTF-8.
    """
    try:
        lines = raw.decode().splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"not valid UTF-8 (byte {error.start} of the record)") from None
    fields: list[tuple[str, list[str]]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _FIELD.fullmatch(line)
        if match and (_STRICT.match(line) or not line.startswith(" ")):
            fields.append((match[1], [match[2].strip()]))
        elif line.startswith("  ") and fields:
            fields[-1][1].append(line.strip())
        else:
            raise ValueError(f'line {number} of it is no MEDLINE field: "{line[:40]}"')
    return [(tag, squeeze(unescape(" ".join(lines)))) for tag, lines in fields]


def _record(fields: list[Field], raw: bytes) -> Record:
    first: dict[str, str] = {}
    for tag, value in fields:
        first.setdefault(tag, value)

    def every(*tags: str) -> list[str]:
        return [value for tag, value in fields if tag in tags and value]

    located = [re.fullmatch(r"(.*\S)\s*\[(\w+)\]", value) for value in every("AID", "LID")]
    ids = [(match[2], match[1]) for match in located if match]
    doi, other_dois, notes = one_doi((value, True) for kind, value in ids if kind == "doi")
    pmid = first.get("PMID", "")
    pmid = pmid.lstrip("0") if pmid.isascii() and pmid.isdigit() else ""
    pmcid = clean_pmcid(first.get("PMC", ""))
    if not (pmid or pmcid or doi):
        raise ValueError("it has no PMID, PMCID or DOI to go by")
    abstract = sections_in(first.get("AB", ""))
    if match := re.search(r"ABSTRACT TRUNCATED(?: AT (\d+) WORDS)?", first.get("AB", "")):
        notes += (f"abstract truncated at {match[1]} words" if match[1] else "abstract truncated",)
    book = first.get("BTI", "")
    issn = re.match(r"\S+", first.get("IS", ""))
    return Record(
        source="medline",
        kind="book" if book else "article",
        pmid=pmid,
        pmcid=pmcid,
        doi=doi,
        other_dois=other_dois,
        pii=next((value for kind, value in ids if kind == "pii"), ""),
        title=first.get("TI", "") or first.get("CTI", "") or book,
        vernacular_title=first.get("TT", ""),
        book_title=book,
        abstract=abstract,
        other_abstracts=_other_abstracts(fields),
        authors=_authors(fields),
        journal=Journal(
            title=first.get("JT", ""),
            abbreviation=first.get("TA", ""),
            issn=issn[0] if issn else "",
            nlm_id=first.get("JID", ""),
        ),
        published=date_in(first["DP"]) if "DP" in first else Date(),
        published_online=_compact_date(first.get("DEP", "")),
        volume=first.get("VI", ""),
        issue=first.get("IP", ""),
        pages=first.get("PG", ""),
        publication_types=tuple(Term(name=_capitals(value)) for value in every("PT")),
        mesh=tuple(_heading(value) for value in every("MH")),
        keywords=tuple(dict.fromkeys(value.lstrip("*") for value in every("OT"))),
        grants=tuple(_grant(value) for value in every("GR")),
        chemicals=tuple(_chemical(value) for value in every("RN")),
        citation_status=first.get("STAT", ""),
        languages=tuple(every("LA")),
        corrections=tuple(_link(_LINKS[tag], value) for tag, value in fields if tag in _LINKS and value),
        registrations=tuple(
            Registration(registry=match[1], number=match[2])
            for value in every("SI")
            if (match := _REGISTRIES.fullmatch(value))
        ),
        sha256=hashlib.sha256(raw).hexdigest(),
        notes=notes,
    )


def sections_in(abstract: str) -> tuple[Section, ...]:
    """Sections of an abstract whose labels are printed in capitals before a colon; else one section.

    >>> [(section.label, section.text) for section in sections_in("AIM: To see. RESULTS: Seen (n: 3).")]
    [('AIM', 'To see.'), ('RESULTS', 'Seen (n: 3).')]
    """
    found = list(_LABEL.finditer(abstract))
    if len(found) < 2 or found[0].start() != 0:
        return (Section(text=abstract),) if abstract else ()
    ends = [match.start() for match in found[1:]] + [len(abstract)]
    sections = [
        Section(text=abstract[match.end() : end].strip(), label="" if match[1] == "UNLABELLED" else match[1].strip())
        for match, end in zip(found, ends, strict=True)
    ]
    return tuple(section for section in sections if section.text)


def _other_abstracts(fields: list[Field]) -> tuple[OtherAbstract, ...]:
    found = []
    languages = [value for tag, value in fields if tag == "OABL"]
    texts = [value for tag, value in fields if tag == "OAB"]
    for index, text in enumerate(texts):
        kind, _, rest = text.partition(": ") if re.match(r"Publisher: |Type: ", text) else ("", "", text)
        language = languages[index] if index < len(languages) else ""
        found.append(OtherAbstract(language=language, type=kind, sections=sections_in(rest)))
    return tuple(found)


def _authors(fields: list[Field]) -> tuple[Author, ...]:
    """Authors in order; AD and AUID belong to the author (FAU, AU or CN) they follow."""
    found: list[dict[str, str]] = []
    places: list[list[str]] = []
    for tag, value in fields:
        if tag == "FAU":
            last, _, fore = value.partition(", ")
            found.append({"last": last, "fore": fore})
            places.append([])
        elif tag == "AU":
            last, initials, suffix = _short_name(value)
            if found and "last" in found[-1] and "initials" not in found[-1]:
                found[-1]["initials"] = initials
                found[-1]["suffix"] = suffix
                if suffix:
                    found[-1]["fore"] = re.sub(r"\s*,?\s*\S+$", "", found[-1]["fore"]) if suffix else ""
            else:
                found.append({"last": last, "initials": initials, "suffix": suffix})
                places.append([])
        elif tag == "CN":
            found.append({"collective": value})
            places.append([])
        elif tag == "AUID" and found:
            found[-1]["orcid"] = clean_orcid(value) if "ORCID" in value.upper() else ""
        elif tag == "AD" and found:
            places[-1].append(value)
    return tuple(
        Author(**author, affiliations=tuple(place))
        for author, place in zip(found, places, strict=True)
        if author.get("last") or author.get("collective")
    )


def _short_name(value: str) -> tuple[str, str, str]:
    """Last name, initials and suffix of "van der Berg JM Jr".

    >>> _short_name("van der Berg JM Jr"), _short_name("Keye WR")
    (('van der Berg', 'JM', 'Jr'), ('Keye', 'WR', ''))
    """
    match = re.fullmatch(r"(.+?)(?: ([^\W\d_a-z]{1,4}))?(?: (Jr|Sr|2nd|3rd|4th|I{2,3}|IV))?", value)
    return (match[1], match[2] or "", match[3] or "") if match else (value, "", "")


def _compact_date(value: str) -> Date:
    """A date printed as eight digits (20091103)."""
    compact = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", value)
    if not compact:
        return date_in(value) if value else Date()
    date = date_in(f"{compact[1]} {compact[2]} {compact[3]}")
    return Date(iso=date.iso, precision=date.precision, verbatim=value)


def _capitals(name: str) -> str:
    """Publication types in capitals (some feeds) as NLM writes them otherwise."""
    return name.title() if name.isupper() and len(name) > 4 else name


def _heading(value: str) -> MeshHeading:
    """A heading such as "*Ketamine/administration & dosage/*therapeutic use"; the asterisk marks a major topic."""
    name, *qualifiers = re.split(r"/(?=\*?[a-z])", value)
    found = tuple(Qualifier(name=item.lstrip("*"), major=item.startswith("*")) for item in qualifiers)
    major = name.startswith("*") or any(qualifier.major for qualifier in found)
    return MeshHeading(name=name.lstrip("*"), major=major, qualifiers=found)


def _grant(value: str) -> Grant:
    """ "R01 NS1/NS/NINDS NIH HHS/United States": number, (acronym,) agency, country."""
    parts = value.split("/")
    if len(parts) < 3:
        return Grant(id=parts[0] if len(parts) > 1 else "", agency=parts[-1])
    return Grant(id=parts[0], agency=parts[-2], country=parts[-1])


def _chemical(value: str) -> Chemical:
    number, _, name = value.partition(" (")
    return Chemical(name=name.removesuffix(")") or number, registry_number="" if number == "0" or not name else number)


def _link(kind: str, value: str) -> Correction:
    pmid = re.search(r"PMID: (\d+)", value)
    citation = re.sub(r"\.?\s*PMID: \d+.*$", "", value)
    return Correction(type=kind, citation=citation, pmid=pmid[1] if pmid else "")
