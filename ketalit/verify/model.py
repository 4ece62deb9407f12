"""What a verification is made of: facts side by side, and what they mean for one name of one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NAMES = ("pmid", "pmcid", "doi", "pii", "bibliography")


class Outcome(StrEnum):
    """What came of a comparison."""

    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact, here and at NCBI. `agrees` is None where one of the two says nothing."""

    fact: str
    here: str
    ncbi: str
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What NCBI says about one unverified name of one record.

    Attributes:
        record: id of the record in the review; `short` its author and year.
        name: what was looked at: "pmid", "pmcid", "doi", "pii" or "bibliography" (title, authors, year, place).
        value: the identifier as it stands in the review; empty for "bibliography".
        outcome: match, mismatch or unknown; `why` in words.
        how: by what NCBI's record was found: "PMID", "DOI", "PMCID" or "citation"; empty where it was not.
        compared: the facts side by side.
        found: identifiers of NCBI's record that the review lacks ("pmid": "123"); given for a match only.
        ncbi: the PMID of NCBI's record, and `candidates`, PMIDs with titles that may be meant: none of them a match.
    """

    record: str
    short: str
    name: str
    value: str
    outcome: Outcome
    why: str
    how: str = ""
    compared: tuple[Compared, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)
    ncbi: str = ""
    candidates: tuple[str, ...] = ()
