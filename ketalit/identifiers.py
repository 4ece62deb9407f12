"""Identifiers of works (PMID, PMCID, DOI, PII): read them in any form people write them, and in links."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, quote, unquote, urlsplit

from .errors import InputError


class IdentifierKind(StrEnum):
    """What kind of identifier; the word that stands before it in a review's files."""

    PMID = "PMID"
    PMCID = "PMCID"
    DOI = "DOI"
    PII = "PII"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in its one normal form.

    Attributes:
        kind: PMID, PMCID, DOI or PII.
        value: PMID: digits; PMCID: "PMC" and digits; DOI: lower case, from "10."; PII: capitals without punctuation.
        version: of a PMID or PMCID that was written with one ("123v2", "PMC123.2"); else None. Not part of
            the identity: two versions are the same work.
    """

    kind: IdentifierKind
    value: str
    version: int | None = None

    def __str__(self) -> str:
        """With prefix, as in `Record.identifiers`.

        >>> str(parse_identifier("https://doi.org/10.1016/J.PAIN.2009.06.023"))
        'DOI:10.1016/j.pain.2009.06.023'
        """
        return f"{self.kind}:{self.value}"

    @property
    def url(self) -> str:
        """Where to open the work.

        >>> parse_identifier("PMC4014022").url
        'https://pmc.ncbi.nlm.nih.gov/articles/PMC4014022/'
        """
        return _URL[self.kind].format(self.value)


_URL = {
    IdentifierKind.PMID: "https://pubmed.ncbi.nlm.nih.gov/{}/",
    IdentifierKind.PMCID: "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    IdentifierKind.DOI: "https://doi.org/{}",
    IdentifierKind.PII: "https://www.sciencedirect.com/science/article/pii/{}",
}
DOI_PREFIX = r"10\.\d{4,9}(?:\.\d+)*/"
PII_PATTERN = r"S?\d{4}-?\d{3}[\dX](?:\(\d\d\)|\d\d)\d{5}-?[\dX]"
_MAX_DIGITS = 8  # NLM: a PMID has 1 to 8 digits; PMCIDs have reached 8

_EXPECTED = "a PMID (“19604642”), PMCID (“PMC4014022”), DOI (“10.1111/bcp.12094”), PII, or a link that holds one"
# The name of the group is the kind; "PMC123" needs nothing between word and number, "doi.org" is no such word.
_PREFIX = re.compile(
    r"(?:(?P<PMID>pmids?|pubmed(?:\s*id)?)|(?P<PMCID>pmc(?:ids?)?)|(?P<DOI>dois?)|(?P<PII>pii(?:s(?!\d))?))"
    r"(?![^\W\d]|\.\w)\s*[:#=]?\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<digits>\d+)(?:\s*[v.]\s*(?P<version>\d+))?", re.IGNORECASE)
_DOI = re.compile(rf"{DOI_PREFIX}\S+")
_PII = re.compile(PII_PATTERN, re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?:)?//|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)
# What people paste where an identifier of a work was asked for.
_OTHER = (
    (re.compile(r"(NCT\d{8}|ISRCTN\s?\d+|EudraCT|CTRI/|ACTRN|DRKS\d+)", re.IGNORECASE), "a trial registry number"),
    (re.compile(r"(ISBN|97[89][\d-]{10,})", re.IGNORECASE), "an ISBN"),
    (re.compile(r"(ISSN\b|\d{4}-\d{3}[\dX]$)", re.IGNORECASE), "an ISSN, which names a journal"),
    (re.compile(r"arxiv", re.IGNORECASE), "an arXiv number"),
    (re.compile(r"NIHMS", re.IGNORECASE), "a manuscript number"),
)


def parse_identifier(text: str) -> Identifier:
    """The identifier that a text consists of; a number alone is a PMID.

    Raises:
        InputError: says what is wrong with it.

    >>> parse_identifier("PMID: 19604642").value, parse_identifier("https://doi.org/10.1111/BCP.12094.").value
    ('19604642', '10.1111/bcp.12094')
    >>> parse_identifier("PMID: 0")
    Traceback (most recent call last):
    ketalit.errors.InputError: “PMID: 0”: 0 is not a PMID. Expected: a number from 1 to 99999999.
    """
    cleaned = _clean(text)
    if not cleaned:
        raise InputError("the identifier is empty", expected=_EXPECTED)
    where = f"“{cleaned if len(cleaned) <= 80 else cleaned[:79] + '…'}”"
    kind, body = _split_prefix(cleaned)
    if _SCHEME.match(body):
        found = identifier_in_link(body)
        if found is None:
            raise InputError("no identifier of a work can be read from this link", where=where, expected=_EXPECTED)
        return found
    if kind is IdentifierKind.DOI or (not kind and body.startswith("10.") and "/" in body):
        return _parse_doi(body, where)
    # Old PIIs are digits alone; without the word before them they would swallow a PMID with leading zeros.
    if kind is IdentifierKind.PII or (not kind and body[:1] in "sS" and _PII.fullmatch(body)):
        if not _PII.fullmatch(body):
            raise InputError("this is not a PII", where=where, expected="a PII such as “S2210-8440(14)20006-2”")
        return _pii(body)
    if number := _NUMBER.fullmatch(body):
        return _parse_number(number, kind or IdentifierKind.PMID, where)
    if not kind:
        what = next((f"this is {name}, not an identifier of a work" for like, name in _OTHER if like.match(body)), "")
        raise InputError(what or "this is not an identifier", where=where, expected=_EXPECTED)
    if not body:
        raise InputError(f"nothing follows {cleaned}", where=where, expected=f"a {kind} after it")
    raise InputError(f"“{body[:80]}” is not a {kind}", where=where, expected="digits only, one identifier at a time")


def identifier_in_link(url: str) -> Identifier | None:
    """The work a link leads to, as far as the link itself says; None where it does not.

    PubMed and PubMed Central (old and new addresses), Europe PMC, doi.org, ScienceDirect and other
    Elsevier addresses with a PII, and any publisher's address with a DOI in it.

    >>> str(identifier_in_link("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4014022/"))
    'PMCID:PMC4014022'
    >>> str(identifier_in_link("https://onlinelibrary.wiley.com/doi/full/10.1111/bcp.12094?x=1"))
    'DOI:10.1111/bcp.12094'
    """
    cleaned = _clean(url)
    if not re.match(r"(?:https?:)?//", cleaned, re.IGNORECASE):
        cleaned = f"https://{cleaned}"
    try:
        parts = urlsplit(cleaned)
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:  # e.g. "http://[": not an address at all
        return None
    path, query = _clean(unquote(parts.path)), _clean(unquote(parts.query))
    if host_is(host, _NCBI_HOSTS) and (found := _in_ncbi_link(host + path, query)):
        return found
    if host_is(host, _PII_HOSTS) and (pii := _PII_IN_PATH.search(path)):
        return _pii(pii.group(1))
    # Springer Nature names its pages by the DOI's suffix.
    if host == "nature.com" and (name := re.match(r"/articles/([\w.-]*\d)(?=/|\.pdf|$)", path)):
        return _doi(f"10.1038/{name.group(1).removesuffix('.pdf')}")
    doi = _DOI.search(path) or _DOI.search(query)
    if not doi:
        return None
    value = trim_doi(re.split(r"[?&#]", doi.group())[0])
    # Beyond the resolver's own addresses, what follows the DOI is often the publisher's.
    return _doi(value if host in _DOI_HOSTS else _without_path_suffix(value))


def source_link(source: str) -> str:
    """Address of a source; empty where there is none.

    >>> source_link("PMCID:PMC123"), source_link("DOI:10.1000/a<b")
    ('https://pmc.ncbi.nlm.nih.gov/articles/PMC123/', 'https://doi.org/10.1000/a%3Cb')
    """
    kind, _, identifier = source.partition(":")
    identifier = identifier.strip()
    if kind == "PMID" and re.fullmatch(r"\d+", identifier):
        return f"https://pubmed.ncbi.nlm.nih.gov/{identifier}/"
    if kind == "PMCID" and re.fullmatch(r"(?:PMC)?\d+(?:\.\d+)?", identifier):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{identifier.removeprefix('PMC')}/"
    if kind == "DOI" and identifier.startswith("10."):
        return f"https://doi.org/{quote(identifier, safe='/:;()')}"
    return ""


def host_is(host: str, names: Iterable[str]) -> bool:
    """Whether a host is one of those named, or a part of one.

    >>> host_is("pmc.ncbi.nlm.nih.gov", ["nih.gov"]), host_is("stemcell.com", ["cell.com"])
    (True, False)
    """
    return any(host == name or host.endswith(f".{name}") for name in names)


_NCBI_HOSTS = ("ncbi.nlm.nih.gov", "pubmed.gov", "pubmed.com", "europepmc.org", "ukpmc.ac.uk")
# Searched in host and path; the second group is the version.
_NCBI_LINKS = tuple(
    (kind, re.compile(rf"{pattern}(?=/|$)", re.IGNORECASE))
    for kind, pattern in (
        (IdentifierKind.PMCID, r"/(?:articles|article/PMC|abstract/PMC)/(?:PMC)?0*([1-9]\d{0,7})(?:\.(\d{1,3}))?"),
        (IdentifierKind.PMID, r"/(?:articles/pmid|pubmed|abstract/MED|article/MED)/0*([1-9]\d{0,7})"),
        (IdentifierKind.PMID, r"^(?:m\.)?pubmed\.(?:ncbi\.nlm\.nih\.gov|gov|com)/0*([1-9]\d{0,7})"),
    )
)
_DOI_HOSTS = ("doi.org", "dx.doi.org", "hdl.handle.net")
_PII_HOSTS = ("sciencedirect.com", "elsevier.com", "cell.com", "thelancet.com", "jpain.org", "elsevierhealth.com")
_PII_IN_PATH = re.compile(rf"/(?:PII)?({PII_PATTERN})(?=[/.?#]|$)", re.IGNORECASE)
_PATH_SUFFIX = re.compile(
    r"(?:/(?:full|fulltext|full-text|abstract|abs|pdf|epdf|pdfdirect|html|meta|summary|references|tables|figures|"
    r"supplementary-material|standard)|\.pdf|\.full(?:\.pdf)?|\.html?|\.abstract|\.short|"
    r"v\d+(?:\.full)?)/?$",
    re.IGNORECASE,
)
_LONGEST_SUFFIX = 40  # characters; more than any of them has
_SUPPLEMENT = re.compile(r"/suppl_file/.*$", re.IGNORECASE)


def trim_doi(text: str) -> str:
    """A DOI without the punctuation of the sentence it stood in; brackets of its own stay.

    >>> trim_doi("10.1016/0304-3959(94)90129-5)."), trim_doi("10.1111/bcp.12094”,")
    ('10.1016/0304-3959(94)90129-5', '10.1111/bcp.12094')
    """
    left = Counter(character for character in text if character in _BRACKETS)
    end = len(text)
    while end:
        last = text[end - 1]
        unopened = last in _CLOSING and left[last] > left[_CLOSING[last]]
        if not (last in "([{<" or last in _TRAILING or unopened):
            break
        left[last] -= 1
        end -= 1
    return text[:end]


_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}
_BRACKETS = frozenset("()[]{}<>")
_TRAILING = ".,;:!?'\"’‘”“»«…*_|\\/&-–—"


def _without_path_suffix(value: str) -> str:
    if supplement := _SUPPLEMENT.search(value, value.find("/") + 1):
        value = value[: supplement.start()]
    # Looked for at the end only: an address made of suffixes must not be gone through once for each of them.
    while found := _PATH_SUFFIX.search(value, max(value.find("/") + 1, len(value) - _LONGEST_SUFFIX)):
        value = value[: found.start()]
    return value


def _in_ncbi_link(address: str, query: str) -> Identifier | None:
    for kind, link in _NCBI_LINKS:
        if found := link.search(address):
            return _numbered(kind, *found.groups())
    fields = {name.lower(): values[0] for name, values in parse_qs(query).items()}
    ids = fields.get("list_uids") or fields.get("term", "")
    if found := re.fullmatch(r"(?:pmid:?\s*)?0*([1-9]\d{4,7})\s*(?:\[(?:pmid|uid)\])?", ids.strip(), re.IGNORECASE):
        return _numbered(IdentifierKind.PMID, found.group(1))
    return None


def _numbered(kind: IdentifierKind, digits: str, version: str | None = None) -> Identifier:
    return Identifier(kind, f"PMC{digits}" if kind is IdentifierKind.PMCID else digits, int(version or 0) or None)


def _doi(value: str) -> Identifier | None:
    return Identifier(IdentifierKind.DOI, value.lower()) if _DOI.fullmatch(value) else None


def _pii(value: str) -> Identifier:
    return Identifier(IdentifierKind.PII, re.sub(r"[-()]", "", value).upper())


def _clean(text: str) -> str:
    """Full-width and other digits as plain ones, dashes as hyphens, nothing invisible, quotes and brackets off."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    text = re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]", "", text)
    text = re.sub(r"[\u2010-\u2013\u2212]", "-", text).strip()
    while len(text) > 1 and (text[0] + text.rstrip(".,;")[-1:]) in {"<>", '""', "''", "“”", "‘’", "[]", "()"}:
        text = text.rstrip(".,;")[1:-1].strip()
    return text


def _split_prefix(text: str) -> tuple[IdentifierKind | None, str]:
    """The kind a text names first, and the rest: (PMCID, "123") of "PMCID: PMC123"."""
    kind = None
    while found := _PREFIX.match(text):
        named = IdentifierKind(str(found.lastgroup))
        if kind and named is not kind:
            break
        kind, text = named, text[found.end() :]
    text = text.strip()
    return kind, text if kind in {IdentifierKind.DOI, IdentifierKind.PII} else text.rstrip(".,;")


def _parse_number(number: re.Match[str], kind: IdentifierKind, where: str) -> Identifier:
    digits, version = number["digits"].lstrip("0"), number["version"]
    what, expected = "", f"a number from 1 to {'9' * _MAX_DIGITS}"
    if number["sign"] == "-":
        what = f"a {kind} is never negative"
    elif not digits:
        what = f"0 is not a {kind}"
    elif len(digits) > _MAX_DIGITS:
        what = f"a {kind} has at most {_MAX_DIGITS} digits, this has {len(digits)}"
    elif version and (len(version) > 3 or not int(version)):
        what, expected = f"“{version[:80]}” is not a version of a {kind}", "a version from 1 on"
    if what:
        raise InputError(what, where=where, expected=expected)
    return _numbered(kind, digits, version)


def _parse_doi(body: str, where: str) -> Identifier:
    value = trim_doi(body)
    if re.search(r"\s", value):
        raise InputError("a DOI holds no spaces", where=where, expected="one DOI at a time")
    found = _doi(value)
    if found is None:
        raise InputError("this is not a DOI", where=where, expected="“10.”, at least four digits, a slash, a name")
    return found
