"""What a review is made of: the rows of its files as dataclasses, and all of it as a `Review`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..findings import Finding
from ..identifiers import parse_identifier
from ..records.combine import Pair
from ..records.model import Record
from ..rows import Problem
from ..vocabulary import Checked, Decision, Origin, Verdict
from .names import plain_name

if TYPE_CHECKING:
    from ..pooling.effects import EffectRow  # numpy comes with it: only a review that holds effects pays for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A saved search.

    `last_run` is the ISO date of its last run, empty while it has not been run; `count` and `translation` are what
    NCBI said then: how many records it finds, and how NCBI understood it.
    """

    name: str
    query: str
    database: str = "pubmed"
    why: str = ""
    last_run: str = ""
    count: int | None = None
    translation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """A decision on one record; records that carry the same `study` are reports of one study."""

    record: str
    decision: Decision
    reason: str = ""
    study: str = ""
    who: str = ""
    when: str = ""
    note: str = ""


class Likeness(StrEnum):
    """What was decided of two records that are alike."""

    SAME = "same"
    DIFFERENT = "different"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Two records that are, may be or are not of one work; a line of duplicates.csv.

    `record` and `same_as` are ids. Decided `same`, they are shown as one record; `different` keeps them apart, whatever
    a later import finds; `proposed` does nothing until somebody decides.
    """

    record: str
    same_as: str
    decision: Likeness
    reason: str = ""
    who: str = ""
    when: str = ""
    note: str = ""

    @property
    def pair(self) -> Pair:
        """The two ids, whichever came first."""
        return frozenset({plain_name(self.record), plain_name(self.same_as)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement to be checked against the literature.

    Attributes:
        basis: the records the verdict rests on.
        locators: where in these records, as "record: place".
        checked, when: how many looks at the sources stand behind the verdict, and the ISO date of the last.
        would_change: what evidence would change the verdict.
    """

    id: str
    page: str
    claim: str
    topic: str
    verdict: Verdict
    explanation: str
    basis: tuple[str, ...] = ()
    locators: tuple[str, ...] = ()
    cited: str = ""
    priority: int = 2
    checked: Checked | None = None
    when: str = ""
    would_change: str = ""
    note: str = ""

    def __str__(self) -> str:
        rests = f"\n  rests on: {', '.join(self.basis)}" if self.basis else ""
        return f"{self.id}  {self.verdict}\n  claim: {self.claim}\n  evidence: {self.explanation}{rests}"


class Domain(StrEnum):
    """Domains of RoB 2: Sterne et al. 2019, https://doi.org/10.1136/bmj.l4898"""

    RANDOMISATION = "D1"  # the randomisation process
    DEVIATIONS = "D2"  # deviations from the intended interventions
    MISSING = "D3"  # missing outcome data
    MEASUREMENT = "D4"  # measurement of the outcome
    SELECTION = "D5"  # selection of the reported result
    OVERALL = "overall"


class Judgement(StrEnum):
    """What a person judged the risk of bias to be; the order is from the best to the worst."""

    LOW = "low"
    SOME_CONCERNS = "some concerns"
    HIGH = "high"
    NOT_ASSESSED = "not assessed"


class Certainty(StrEnum):
    """GRADE: how sure a person is of the evidence on one outcome."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskOfBias:
    """A person's judgement of one domain, on one result of one trial; a line of rob.csv.

    RoB 2 judges a result, not a trial: `study`, `comparison`, `outcome` and `time` are those of effects.csv. Without a
    `comparison` it holds for all of them, without a `time` for all times. Of two lines on the same the later counts.
    """

    study: str
    comparison: str = ""
    outcome: str
    time: str = ""
    domain: Domain
    judgement: Judgement
    reason: str = ""
    who: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How certain a person finds the evidence on one outcome, and why; a line of summary.csv.

    `comparison`, `outcome` and `time` are those of a row of `ketalit.synthesis.summary`. `reasons` are those for rating
    down or up. Nothing but a person fills it: certainty is never computed.
    """

    comparison: str
    outcome: str
    time: str = ""
    certainty: Certainty
    reasons: tuple[str, ...] = ()
    who: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """A value a person (or the curators of the bundled review) read from one record."""

    record: str
    finding: Finding
    line: int = 0  # in extraction.csv


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionRow:
    """A row of extraction.csv, its cells as they stand there."""

    record: str
    field: str
    value: str
    unit: str = ""
    quote: str = ""
    locator: str = ""
    source: str = ""
    origin: Origin = Origin.PERSON
    checked: Checked | None = None
    who: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review as loaded from its folder.

    `records` are keyed by `Record.id`; `names` maps every name a record goes by to that id: identifiers, and the ids of
    what was merged into it. `reasons` are those for leaving a record out; `outcomes` and `followup` say in words what
    these mean here. `effects` are the numbers that can be pooled, `effect_lines` the lines of effects.csv that they
    stand on; `risk_of_bias` and `ratings` what people judged of them. `refreshed` is the ISO date on which NCBI was
    last asked, empty if never. `problems` are those that did not hinder loading.
    """

    path: Path
    title: str
    question: str = ""
    how_found: str = ""
    drugs: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    reasons: tuple[str, ...] = ()
    outcomes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    followup: Mapping[str, str] = dataclasses.field(default_factory=dict)
    records: Mapping[str, Record]
    screening: tuple[Screening, ...] = ()
    extraction: tuple[Extraction, ...] = ()
    claims: tuple[Claim, ...] = ()
    effects: tuple[EffectRow, ...] = ()
    effect_lines: tuple[int, ...] = ()
    risk_of_bias: tuple[RiskOfBias, ...] = ()
    ratings: tuple[Rating, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    refreshed: str = ""
    problems: tuple[Problem, ...] = ()

    def find(self, identifier: str) -> Record:
        """The record with this key, PMID, PMCID, DOI or PII, in any usual spelling.

        Raises:
            InputError: nothing of that name is here; says what is near.
        """
        if identifier in self.records:
            return self.records[identifier]
        by_identifier = {name: record for record in self.records.values() for name in record.identifiers}
        by_identifier |= {f"PII:{record.pii}": record for record in self.records.values() if record.pii}
        by_identifier |= {name: self.records[record] for name, record in self.names.items() if record in self.records}
        try:
            wanted = str(parse_identifier(identifier))
        except InputError:
            wanted = ""
        for name in (identifier, wanted):
            if name in by_identifier:
                return by_identifier[name]
        near = get_close_matches(identifier, self.records, n=3)
        raise InputError(
            f"no record “{identifier}” in {self.title}",
            expected="a key, PMID, PMCID or DOI of one of its records",
            next_step=f"Did you mean {', '.join(near)}?" if near else "`ketalit table --view full` lists them",
        )
