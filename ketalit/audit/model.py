"""What an audit holds: statements of a page with what is known of them, and the works the page cites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..claims import CheckedClaim
from ..page import Page
from ..records.model import Record
from ..resolve import Resolution
from ..vocabulary import Verdict
from .quantities import Quantity, QuantityKind


class StatementKind(StrEnum):
    """Why a sentence can be checked."""

    DOSE = "dose"
    DURATION = "duration"
    PERCENTAGE = "percentage"
    CERTAINTY = "certainty"
    MECHANISM = "mechanism"
    EFFECT = "effect"
    HARM = "harm"
    STUDY = "a study"
    HISTORY = "year or use"


class Likeness(StrEnum):
    """Why a claim that shares a statement's words does not lend it its verdict."""

    OPPOSITE = "it says the opposite"
    OTHER_NUMBER = "it gives another number"
    ADDED_NUMBER = "it gives a number, the claim none"
    NO_NUMBER = "it does not give the number"
    STRONGER = "it says it more strongly"
    WEAKER = "it says it less strongly"
    OTHER_DRUG = "it is about another drug"
    SWAPPED = "it compares the other way round"
    HEARSAY = "it tells what others say, or calls it wrong"
    OTHER_USE = "it says what it is approved for"
    ONLY_NEAR = "it holds too few of its words"


@dataclass(frozen=True, slots=True)
class Match:
    """A known claim that a statement makes.

    Attributes:
        claim: the claim.
        score: the share of the claim's words that it holds, by weight, 0 to 1.
        part: the part of the claim that it makes, where it is not the whole; the verdict is on the whole.
    """

    claim: CheckedClaim
    score: float
    part: str = ""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A known claim in much the same words that says something else; its verdict does not carry over."""

    claim: CheckedClaim
    score: float
    why: Likeness


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record in which a statement could be checked: the words they share, and nothing more is claimed."""

    record: Record
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number of a statement beside those of the evidence table.

    `lines` say what the table holds; `studies` are those it names.
    """

    quantity: Quantity
    lines: tuple[str, ...]
    studies: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The number as it stands there, with what it is in the unit of the table where that is another."""
        low, high = f"{self.quantity.low:.3g}", f"{self.quantity.high:.3g}"
        rate = self.quantity.kind is QuantityKind.RATE
        same = f" = {low if low == high else f'{low} to {high}'} mg/kg/h" if rate else ""
        return f"{self.quantity.text}{same}, beside the evidence table:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of the page that can be checked; `page.text[start:end] == text`.

    Attributes:
        number: its place among the statements, from 1.
        kinds: why it can be checked.
        matches: the known claims it makes, best first; without any it is not yet checked.
        resembles: claims whose verdict it does not inherit, and why.
        candidates: for one not yet checked, records in which it could be.
        comparisons: its numbers beside those of the table.
        works: numbers of the resolutions of works it cites.
    """

    number: int
    text: str
    start: int
    end: int
    kinds: tuple[StatementKind, ...] = ()
    matches: tuple[Match, ...] = ()
    resembles: tuple[Resemblance, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    works: tuple[int, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts on the claims it makes, each once; empty where it is not yet checked."""
        return tuple(dict.fromkeys(match.claim.claim.verdict for match in self.matches))


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A page held against a review.

    Attributes:
        page: the page.
        title: of the review.
        statements: what can be checked, in the order of the page.
        works: what the page cites, as `resolve` gives it.
        sentences: how many sentences the page has.
    """

    page: Page
    title: str
    statements: tuple[Statement, ...]
    works: tuple[Resolution, ...]
    sentences: int

    @property
    def known(self) -> tuple[Statement, ...]:
        """Statements that make a known claim."""
        return tuple(one for one in self.statements if one.matches)

    @property
    def unchecked(self) -> tuple[Statement, ...]:
        """Statements on which the review holds no verdict."""
        return tuple(one for one in self.statements if not one.matches)

    @property
    def claims(self) -> tuple[CheckedClaim, ...]:
        """The known claims that the page makes, each once, in the order of the page."""
        found = {match.claim.claim.id: match.claim for one in self.statements for match in one.matches}
        return tuple(found.values())

    @property
    def verdicts(self) -> Mapping[Verdict, int]:
        """How many of these claims have each verdict."""
        counts = Counter(one.claim.verdict for one in self.claims)
        return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}
