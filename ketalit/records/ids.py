"""Identifiers as they are printed, brought to their one plain form."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])$")


def clean_doi(text: str) -> str:
    """A DOI without resolver address, "doi:" and a trailing full stop; "" of anything that is none.

    Letters keep their case: DOIs are compared without regard to it, and shown as registered.

    >>> clean_doi("https://doi.org/10.1000/ABC."), clean_doi("none")
    ('10.1000/ABC', '')
    """
    doi = _DOI_PREFIX.sub("", text.strip()).rstrip(".")
    return doi if doi.startswith("10.") and "/" in doi else ""


def clean_pmcid(text: str) -> str:
    """A PMCID with its prefix and without version: "3012345" and "pmc3012345.1" are "PMC3012345".

    >>> clean_pmcid("pmc3012345.1"), clean_pmcid("3012345"), clean_pmcid("x")
    ('PMC3012345', 'PMC3012345', '')
    """
    match = re.fullmatch(r"(?:PMC)?(\d+)(?:\.\d+)?", text.strip(), re.IGNORECASE)
    return f"PMC{match[1]}" if match else ""


def clean_orcid(text: str) -> str:
    """The sixteen digits of an ORCID in groups of four, from any of its forms.

    >>> clean_orcid("http://orcid.org/0000000123456789")
    '0000-0001-2345-6789'
    """
    match = _ORCID.search(text.strip().rstrip("/"))
    return "-".join(match.groups()).upper() if match else ""


def one_doi(found: Iterable[tuple[str, bool]]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The DOI that counts, the others, and what to note about them.

    `found` lists DOIs with whether NLM holds them valid, in the order of trust (ArticleIdList before
    ELocationID). A valid one comes before an invalid one; case does not make a difference.

    >>> one_doi([("10.1/a", False), ("10.1/B", True), ("10.1/b", True)])
    ('10.1/B', ('10.1/a',), ('DOI 10.1/a is marked invalid by NLM',))
    """
    distinct: dict[str, tuple[str, bool]] = {}
    for raw, valid in found:
        doi = clean_doi(raw)
        if doi:
            first, known = distinct.get(doi.lower(), (doi, False))
            distinct[doi.lower()] = (first, known or valid)
    valid_ones = [doi for doi, valid in distinct.values() if valid]
    invalid_ones = [doi for doi, valid in distinct.values() if not valid]
    notes = [f"DOI {doi} is marked invalid by NLM" for doi in invalid_ones]
    if len(valid_ones) > 1:
        notes.append(f"the record carries different DOIs: {', '.join(valid_ones)}")
    main, *others = [*valid_ones, *invalid_ones] or [""]
    return main, tuple(others), tuple(notes)
