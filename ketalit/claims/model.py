"""A claim with the records its verdict rests on, and what speaks against leaning on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..identifiers import source_link
from ..records.model import Record
from ..review import Claim, Review
from ..rows import did_you_mean
from ..vocabulary import Checked, Status, Verdict

if TYPE_CHECKING:
    import pandas as pd

NO_IDENTIFIER = "no identifier seen yet"
_ONLY_TITLE = "title"
_FILE = re.compile(r"[^\s/:]+\.[A-Za-z]{2,5}")  # the name of a file and no more
_LOOKS = {Checked.ONE: "one look at the sources", Checked.TWO: "two looks at the sources"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One record that a verdict rests on.

    Attributes:
        record: its id in the review.
        short, title: how it is cited.
        locator: the place in it; empty where none was noted.
        identifier, link: the first identifier it has, and its address; empty where it has none.
        status: current, corrected, retracted, …; "not checked" where NLM's record was not seen.
        unverified: what of it was entered from memory: "pmid", "pmcid", "doi", "bibliography".
    """

    record: str
    short: str
    title: str
    locator: str
    identifier: str
    link: str
    status: Status
    unverified: tuple[str, ...]

    def __str__(self) -> str:
        where = f", {self.locator}" if self.locator else ""
        return f"{self.short}{where}"

    @property
    def known_as(self) -> str:
        """The key by which commands know the record, and its identifier: "sigtermans2009, PMID 19604642"."""
        return f"{self.record}, {self.identifier.replace(':', ' ', 1) or NO_IDENTIFIER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim with its basis. `caveats`: why its verdict deserves less trust, one sentence each."""

    claim: Claim
    basis: tuple[Basis, ...]
    caveats: tuple[str, ...]

    @property
    def unverified(self) -> bool:
        """Whether the verdict, or any record it rests on, was entered from memory and is not yet verified."""
        return self.claim.checked is Checked.NONE or any(base.unverified for base in self.basis)

    @property
    def provenance(self) -> str:
        """When it was checked, and which page it is from; says so where of a page only a file's name is known.

        >>> from ketalit.review import load_review
        >>> checked_claims(load_review(), ["K36"])[0].provenance.split("; ")[0]
        'checked on 2026-11-22 (one look at the sources)'
        """
        claim = self.claim
        looks = _LOOKS.get(claim.checked) if claim.checked else None
        parts = [f"checked on {claim.when}{f' ({looks})' if looks else ''}"] if claim.when else []
        if claim.page:
            unknown = ", of which title, address and date were not kept" if _FILE.fullmatch(claim.page) else ""
            parts.append(f"taken from {f'a page saved as {claim.page}' if unknown else claim.page}{unknown}")
        return "; ".join(parts)


def checked_claims(
    review: Review, keys: Sequence[str] = (), *, topic: str = "", page: str = ""
) -> tuple[CheckedClaim, ...]:
    """The claims of a review, each with its basis.

    Args:
        review: the review.
        keys: only the claims of these keys, in this order, in capitals or not; default: all.
        topic: only claims on this topic; a part of its name will do where it fits one topic only.
        page: only claims made on this page; a part of its name will do where it fits one page only.

    Raises:
        InputError: no claim has this key, topic or page; says which there are.

    >>> from ketalit.review import load_review
    >>> claims = checked_claims(load_review(), topic="addiction")
    >>> [(one.claim.id, str(one.claim.verdict)) for one in claims]
    [('K36', 'contradicted'), ('K64', 'partly supported')]
    """
    claims = _with_keys(review, keys) if keys else review.claims
    if topic:
        name = _one_of("topic", topic, dict.fromkeys(claim.topic for claim in claims))
        claims = tuple(claim for claim in claims if claim.topic == name)
    if page:
        name = _one_of("page", page, dict.fromkeys(claim.page for claim in claims))
        claims = tuple(claim for claim in claims if claim.page == name)
    return tuple(with_basis(claim, review) for claim in claims)


def _with_keys(review: Review, keys: Sequence[str]) -> tuple[Claim, ...]:
    known = {claim.id.casefold(): claim for claim in review.claims}
    for key in keys:
        if key.casefold() not in known:
            names = [claim.id for claim in review.claims]
            raise InputError(
                f"no claim “{key}” in {review.title}{did_you_mean(key.upper(), names)}",
                expected=f"the key of a claim, as {names[0]}" if names else "",
                next_step="`ketalit claims` lists them" if names else "This review holds no claims",
            )
    return tuple({key.casefold(): known[key.casefold()] for key in keys}.values())


def with_basis(claim: Claim, review: Review) -> CheckedClaim:
    """A claim with the records of its basis."""
    places = dict(_places(claim))
    basis = tuple(_basis(review.records[review.names.get(name, name)], places.get(name, "")) for name in claim.basis)
    return CheckedClaim(claim=claim, basis=basis, caveats=tuple(_caveats(claim, basis)))


def claims_frame(claims: Sequence[CheckedClaim]) -> pd.DataFrame:
    """Claims as a table of texts, indexed by id.

    >>> from ketalit.review import load_review
    >>> claims_frame(checked_claims(load_review())).loc["K84", "verdict"]
    'mis-stated'
    """
    import pandas as pd

    rows = [{"id": one.claim.id, **_row(one)} for one in claims]
    columns = ["id", *(_row(claims[0]) if claims else ())]
    return pd.DataFrame(rows, columns=columns).set_index("id")


def count_verdicts(claims: Sequence[CheckedClaim]) -> dict[Verdict, int]:
    """How many claims have each verdict, in the order of the vocabulary; those without any are left out.

    >>> from ketalit.review import load_review
    >>> sum(count_verdicts(checked_claims(load_review())).values())
    92
    """
    counts = Counter(one.claim.verdict for one in claims)
    return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}


def as_json(claims: Sequence[CheckedClaim]) -> list[dict[str, Any]]:
    """Claims as plain data for JSON, one object each."""
    return [
        {
            "id": one.claim.id,
            "topic": one.claim.topic,
            "verdict": str(one.claim.verdict),
            "claim": one.claim.claim,
            "explanation": one.claim.explanation,
            "basis": [
                {
                    "record": base.record,
                    "short": base.short,
                    "title": base.title,
                    "locator": base.locator,
                    "identifier": base.identifier,
                    "link": base.link,
                    "status": str(base.status),
                    "unverified": list(base.unverified),
                }
                for base in one.basis
            ],
            "caveats": list(one.caveats),
            "would_change": one.claim.would_change,
            "checked": str(one.claim.checked or ""),
            "when": one.claim.when,
            "page": one.claim.page,
            "cited": one.claim.cited,
            "note": one.claim.note,
        }
        for one in claims
    ]


def _row(one: CheckedClaim) -> dict[str, str]:
    claim = one.claim
    return {
        "topic": claim.topic,
        "verdict": str(claim.verdict),
        "claim": claim.claim,
        "explanation": claim.explanation,
        "basis": "; ".join(f"{base} ({base.known_as}){base.link and f': {base.link}'}" for base in one.basis),
        "caveats": "; ".join(one.caveats),
        "would_change": claim.would_change,
        "checked": str(claim.checked or ""),
        "when": claim.when,
        "page": claim.page,
        "note": claim.note,
    }


def _one_of(what: str, wanted: str, names: Mapping[str, None]) -> str:
    fits = [name for name in names if wanted.casefold() in name.casefold()]
    if wanted in names:
        return wanted
    if len(fits) == 1:
        return fits[0]
    problem = f"several {what}s hold “{wanted}”" if fits else f"no claim has the {what} “{wanted}”"
    hint = "" if fits else did_you_mean(wanted, names)
    raise InputError(f"{problem}{hint}", expected=f"one of: {', '.join(fits or names) or 'none yet'}")


def _places(claim: Claim) -> Iterator[tuple[str, str]]:
    for locator in claim.locators:
        record, _, place = locator.partition(":")
        yield record.strip(), place.strip()


def _basis(record: Record, locator: str) -> Basis:
    identifier = next(iter(record.identifiers), "")
    return Basis(
        record=record.id,
        short=record.short,
        title=record.title,
        locator=locator,
        identifier=identifier,
        link=source_link(identifier),
        status=record.status,
        unverified=record.unverified,
    )


def _caveats(claim: Claim, basis: Sequence[Basis]) -> Iterator[str]:
    if claim.checked is Checked.NONE:
        yield "nobody has yet looked this up in a source"
    unsure = [f"{base.short} ({', '.join(base.unverified)})" for base in basis if base.unverified]
    if unsure:
        yield f"rests on what was entered from memory and is unverified: {', '.join(unsure)}"
    titles = [base.short for base in basis if base.locator == _ONLY_TITLE]
    if titles:
        yield f"only the title was read of {', '.join(titles)}"
    unread = [base.short for base in basis if not base.locator]
    if unread:
        yield f"no place is noted for {', '.join(unread)}"
    for status in (Status.RETRACTED, Status.CONCERN):
        flagged = [base.short for base in basis if base.status is status]
        if flagged:
            yield f"{status}: {', '.join(flagged)}"
    if not basis:
        yield "no record of this review is its basis"
