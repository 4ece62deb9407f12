"""Identifiers as people hand them in, and the answers of NCBI's ID converter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from ..errors import InputError
from ..identifiers import Identifier, IdentifierKind, parse_identifier

# Between identifiers. A comma or semicolon without space after it parts numbers only: DOIs hold both.
_BETWEEN = re.compile(
    r"[\s、]+|[,;](?=[\s、]|$)|(?<=\d)[,;](?=(?:PMC|PMID:?)?\d+(?:[\s,;、]|$)|(?:PMC|PMID|DOI)(?:ID)?[\s:])",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?:pmids?|pubmed|pmc|pmcids?|dois?|piis?|ids?|nos?\.?|numbers?)?\s*[:#=]*", re.IGNORECASE)
_BARE = re.compile(r"[+-]?\d(?!\d*\.\d+/)")  # a number that is not the beginning of a DOI
_VERSION = re.compile(r"v\d{1,3}", re.IGNORECASE)
_IDTYPE = {IdentifierKind.PMID: "pmid", IdentifierKind.PMCID: "pmcid", IdentifierKind.DOI: "doi"}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A text that is no identifier NCBI could be asked for, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """What the ID converter knows of one identifier; empty where it knows nothing.

    Attributes:
        requested: the identifier as it was asked for, without prefix.
        pmid, pmcid, doi: digits, "PMC…" and lower case.
        problem: why nothing was found, in NCBI's words; empty when something was.
        answered: NCBI spoke about this identifier, so that nothing found means that it knows none.
    """

    requested: str
    pmid: str = ""
    pmcid: str = ""
    doi: str = ""
    problem: str = ""
    answered: bool = True


def normalise(texts: Iterable[str]) -> tuple[list[Identifier], list[Rejected]]:
    """The identifiers in texts, each once, in order; and what is none, with the reason.

    A text may hold several, between commas, spaces or lines. A word that stands before a list holds for its bare
    numbers ("PMCIDs: 12, 34"); a bare number is else a PMID.

    >>> found, rejected = normalise(["PMID: 00123, 123v2; PMC45", "https://doi.org/10.1000/A", "0"])
    >>> [str(identifier) for identifier in found]
    ['PMID:123', 'PMCID:PMC45', 'DOI:10.1000/a']
    >>> rejected
    [Rejected(text='0', reason='0 is not a PMID. Expected: a number from 1 to 99999999.')]
    """
    found: dict[str, Identifier] = {}
    rejected: dict[str, Rejected] = {}
    for text in texts:
        for line in text.splitlines():
            for part in _parts(line):
                try:
                    identifier = parse_identifier(part)
                except InputError as error:
                    rejected.setdefault(part, Rejected(part, str(error).removeprefix(f"{error.where}: ")))
                else:
                    found.setdefault(str(identifier), identifier)
    return list(found.values()), list(rejected.values())


def _parts(line: str) -> Iterator[str]:
    """The texts of one line that are an identifier each, as far as can be told from their form."""
    word = ""  # what stands before the numbers that follow: "PMID:", "PMC ID"
    last = ""  # held back while a version may follow: "123 v2"
    for piece in _BETWEEN.split(unicodedata.normalize("NFKC", line)):
        part = piece.strip("[]{}“”‘’\"',;")
        if not part:
            continue
        if last and _VERSION.fullmatch(part):
            last += part
        elif _WORD.fullmatch(part):
            word = part if last else f"{word} {part}".strip()
            yield from filter(None, [last])
            last = ""
        else:
            yield from filter(None, [last])
            last = f"{word} {part}" if word and _BARE.match(part) else part
    if last or word:
        yield last or word


def in_batches(texts: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """The texts in order, `size` at a time.

    >>> in_batches(["1", "2", "3"], 2)
    [('1', '2'), ('3',)]
    """
    return [tuple(texts[start : start + size]) for start in range(0, len(texts), size)]


def idtype(kind: IdentifierKind) -> str:
    """What the ID converter calls a kind of identifier; empty for a PII, which it does not know.

    Source: https://pmc.ncbi.nlm.nih.gov/tools/id-converter-api/

    >>> idtype(IdentifierKind.DOI), idtype(IdentifierKind.PII)
    ('doi', '')
    """
    return _IDTYPE.get(kind, "")


class _Row(msgspec.Struct, rename={"requested": "requested-id"}):
    """One record of the converter's answer; numbers come as numbers or as text."""

    requested: str | int = ""
    pmid: str | int = ""
    pmcid: str | int = ""
    doi: str = ""
    status: str = ""
    errmsg: str = ""


class _Rows(msgspec.Struct):
    records: list[_Row] = []


def read_conversions(body: bytes) -> dict[str, Conversion]:
    """The converter's JSON answer, by every identifier it names (PMID digits, "PMC…", DOI in lower case).

    Raises:
        InputError: the body is no such answer.

    >>> body = b'{"records": [{"pmid": 12, "pmcid": "pmc34", "doi": "10.1000/A", "requested-id": "10.1000/A"}]}'
    >>> read_conversions(body)["10.1000/a"].pmid
    '12'
    """
    try:
        rows = msgspec.json.decode(body, type=_Rows).records
    except msgspec.DecodeError as error:
        raise InputError(f"the ID converter's answer cannot be read ({error})", next_step="Try again later") from None
    found: dict[str, Conversion] = {}
    for row in rows:
        pmid, pmcid, doi = _digits(row.pmid), _pmcid(row.pmcid), row.doi.strip().lower()
        requested = str(row.requested).strip()
        problem = row.errmsg
        if row.status == "error" and not problem:
            problem = "the ID converter reports an error"
        conversion = Conversion(requested, *(("", "", "") if problem else (pmid, pmcid, doi)), problem)
        names = {pmid, pmcid, doi} if not requested else {requested.lower(), requested.upper()}
        found |= dict.fromkeys(names - {""}, conversion)
    return found


def _digits(value: str | int) -> str:
    text = str(value).strip().lstrip("0")
    return text if text.isdecimal() else ""


def _pmcid(value: str | int) -> str:
    digits = _digits(re.sub(r"^PMC|\.\d+$", "", str(value).strip().upper()))
    return f"PMC{digits}" if digits else ""
