"""How well two reviewers agree in a stage: Cohen's kappa with its interval, and what kappa alone hides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

from ..errors import InputError
from ..review import Review, load_review
from .outcomes import Ruling
from .queue import waiting
from .rulings import load_rulings
from .votes import Choice, Stage, Votes, load_votes

_FEW = 30  # below this an interval from a large-sample formula is called rough


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """Agreement of two reviewers on the same records.

    Attributes:
        categories: the decisions, in the order of rows and columns.
        table: counts; rows are the first reviewer's decisions, columns the second's.
        n: records.
        observed: share of records on which they agree, 0 to 1.
        expected: share on which they would by chance, given how often each used each decision.
        kappa: (observed - expected) / (1 - expected), at most 1; None where it is not defined.
        se: its standard error, for an interval; None where the formula says nothing.
        low, high: 95 % confidence interval, cut at -1 and 1; None where there is none.
        prevalence: for two decisions, how lopsided they are: |both first - both second| / n, 0 to 1; else None.
        bias: for two decisions, how differently the two lean: |off-diagonal counts, difference| / n; else None.
        pabak: kappa if both decisions were equally common and nobody leaned: (k·observed - 1) / (k - 1).
        why: why kappa or its interval is not defined, or is to be read with care; else empty.
    """

    categories: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    n: int
    observed: float | None
    expected: float | None
    kappa: float | None
    se: float | None
    low: float | None
    high: float | None
    prevalence: float | None
    bias: float | None
    pabak: float | None
    why: str = ""

    @property
    def shares(self) -> tuple[tuple[float, float], ...]:
        """How often each decision was used, 0 to 1, by the first and by the second reviewer; empty without records."""
        if not self.n:
            return ()
        rows = [sum(row) / self.n for row in self.table]
        columns = [sum(column) / self.n for column in zip(*self.table, strict=True)]
        return tuple(zip(rows, columns, strict=True))


def cohen_kappa(table: Sequence[Sequence[int]], categories: Sequence[str]) -> Kappa:
    """Cohen's kappa of a square table of counts, unweighted.

    kappa: Cohen J. Educ Psychol Meas 1960;20:37-46. Its standard error for an interval (not for a test of no
    agreement) is the large-sample one of Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72:323-327, with the
    95 % interval kappa ± 1.96 SE. Prevalence, bias and PABAK: Byrt T, Bishop J, Carlin JB. J Clin Epidemiol
    1993;46:423-429; PABAK of more than two decisions is the S of Bennett EM, Alpert R, Goldstein AC. Public Opin Q
    1954;18:303-308.

    Args:
        table: rows the first reviewer's decisions, columns the second's; whole numbers from 0.
        categories: names of the decisions, at least two, as many as the table has rows.

    Raises:
        InputError: the table is not square, or holds something other than counts.

    >>> found = cohen_kappa([[0, 4, 1], [0, 8, 0], [0, 1, 5]], "abc")  # printed by SAS: 0.4842 (0.2137 to 0.7547)
    >>> f"{found.kappa:.4f} ({found.low:.4f} to {found.high:.4f}), SE {found.se:.4f}"
    '0.4842 (0.2137 to 0.7547), SE 0.1380'
    >>> cohen_kappa([[5, 0], [0, 0]], ["yes", "no"]).why
    'kappa is not defined: both gave every record the same decision, “yes”'
    """
    size = len(categories)
    if size < 2 or len(table) != size or any(len(row) != size or min(row) < 0 for row in table):
        raise InputError("this is no table of agreement", expected="counts, as many rows and columns as decisions")
    counts = tuple(tuple(row) for row in table)
    n = sum(map(sum, counts))
    if not n:
        empty: dict[str, None] = dict.fromkeys(
            ("observed", "expected", "kappa", "se", "low", "high", "prevalence", "bias", "pabak")
        )
        why = "kappa is not defined: no record has both votes"
        return Kappa(categories=tuple(categories), table=counts, n=0, why=why, **empty)
    every = range(size)
    p = [[count / n for count in row] for row in counts]
    first = [sum(row) for row in p]
    second = [sum(row[j] for row in p) for j in every]
    observed = sum(p[i][i] for i in every)
    expected = sum(first[i] * second[i] for i in every)
    kappa = se = low = high = None
    same = next((i for i in every if counts[i][i] == n), None)
    if same is not None:
        why = f"kappa is not defined: both gave every record the same decision, “{categories[same]}”"
    else:
        kappa = (observed - expected) / (1 - expected)
        se, why = _standard_error(p, first, second, observed, expected, n)
        if se is not None:
            reach = NormalDist().inv_cdf(0.975) * se
            low, high = max(kappa - reach, -1.0), min(kappa + reach, 1.0)
            if n < _FEW:
                why = f"the interval is rough: its formula is for many records, these are {n}"
    two = size == 2
    return Kappa(
        categories=tuple(categories),
        table=counts,
        n=n,
        observed=observed,
        expected=expected,
        kappa=kappa,
        se=se,
        low=low,
        high=high,
        prevalence=abs(p[0][0] - p[1][1]) if two else None,
        bias=abs(p[0][1] - p[1][0]) if two else None,
        pabak=(size * observed - 1) / (size - 1),
        why=why,
    )


def _standard_error(
    p: list[list[float]], first: list[float], second: list[float], observed: float, expected: float, n: int
) -> tuple[float | None, str]:
    """Standard error of kappa (Fleiss, Cohen and Everitt 1969, equation 13), or why there is none."""
    every = range(len(p))
    agreed = sum(p[i][i] * ((1 - expected) - (first[i] + second[i]) * (1 - observed)) ** 2 for i in every)
    differed = sum(p[i][j] * (second[i] + first[j]) ** 2 for i in every for j in every if i != j)
    variance = agreed + (1 - observed) ** 2 * differed - (observed * expected - 2 * expected + observed) ** 2
    se = math.sqrt(max(variance, 0.0) / n) / (1 - expected) ** 2
    if se > 1e-9:
        return se, ""
    if observed > 1 - 1e-12:
        return None, "no interval: with perfect agreement the formula gives a standard error of 0, which says nothing"
    return None, "no interval: where a reviewer gives every record the same decision, kappa cannot differ from 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement of two reviewers in a stage.

    Attributes:
        reviewers: initials; the first is the rows of the tables.
        voted: how many records each has voted on; `both`: on how many both have.
        missing: how many each has still to vote on.
        kappas: the table that decides (to full text or not; in or out) and, where "maybe" was used at title and
            abstract, that of all three decisions; none while a stage is unfinished.
    """

    stage: Stage
    reviewers: tuple[str, str]
    voted: tuple[int, int]
    both: int
    missing: tuple[int, int]
    kappas: tuple[Kappa, ...] = ()


def agreement(folder: Path, stage: Stage, reviewers: Sequence[str] = (), *, partial: bool = False) -> Agreement:
    """How well two reviewers agree in a stage, once both have finished it.

    Args:
        folder: the review.
        stage: title/abstract or full text.
        reviewers: the two; may be left out where only two have voted.
        partial: while the stage is unfinished, give the counts of votes rather than refuse (and nothing else: tables
            would tell each how the other votes).

    Raises:
        InputError: there are not two reviewers, or one has not finished (says how many are missing).
    """
    review = load_review(folder)
    votes, rulings = load_votes(review.path, review), load_rulings(review.path, review)
    return agreement_of(review, votes, rulings, stage, reviewers, partial=partial)


def agreement_of(
    review: Review,
    votes: Mapping[str, Votes],
    rulings: Sequence[Ruling],
    stage: Stage,
    reviewers: Sequence[str] = (),
    *,
    partial: bool = False,
) -> Agreement:
    """As `agreement`, from what was read before. Pure.

    Raises:
        InputError: as `agreement`.
    """
    one, two = _pair(votes, stage, reviewers)
    mine, theirs = votes[one].current(stage), votes[two].current(stage)
    both = [record for record in mine if record in theirs]
    missing = tuple(len(waiting(review, votes, rulings, name, stage)) for name in (one, two))
    found = Agreement(
        stage=stage,
        reviewers=(one, two),
        voted=(len(mine), len(theirs)),
        both=len(both),
        missing=(missing[0], missing[1]),
    )
    if any(missing):
        if partial:
            return found
        left = " and ".join(f"{count} of {name}'s" for name, count in zip((one, two), missing, strict=True) if count)
        what = f"{stage} is not finished: {left} votes are missing"
        raise InputError(
            what, next_step="Agreement is shown when both have finished; until then ask for the counts only"
        )
    pairs = [(mine[record].decision, theirs[record].decision) for record in both]
    return Agreement(
        stage=stage,
        reviewers=(one, two),
        voted=found.voted,
        both=found.both,
        missing=found.missing,
        kappas=tuple(_kappas(pairs, stage)),
    )


def _pair(votes: Mapping[str, Votes], stage: Stage, reviewers: Sequence[str]) -> tuple[str, str]:
    here = [name for name in sorted(votes) if votes[name].current(stage)]
    names = list(dict.fromkeys(reviewers)) or here
    if unknown := [name for name in names if name not in here]:
        raise InputError(
            f"{unknown[0]} has not voted at {stage}", expected=f"two of: {', '.join(here) or 'nobody yet'}"
        )
    if len(names) != 2:
        if len(names) == 1:
            what = f"only {names[0]} has voted at {stage}; one reviewer is not double screening"
            raise InputError(what, expected="two reviewers")
        expected = f"two of: {', '.join(names)}" if names else "two reviewers"
        raise InputError(f"{len(names) or 'no'} reviewers have voted at {stage}", expected=expected)
    return names[0], names[1]


def _kappas(pairs: Sequence[tuple[Choice, Choice]], stage: Stage) -> list[Kappa]:
    maybe = any(Choice.MAYBE in pair for pair in pairs)
    if stage is Stage.FULL_TEXT and not maybe:
        return [cohen_kappa(_count(pairs, ("include", "exclude")), ("include", "exclude"))]
    all_three = cohen_kappa(_count(pairs, ("include", "maybe", "exclude")), ("include", "maybe", "exclude"))
    if stage is Stage.FULL_TEXT:
        return [all_three]
    sides = [tuple("exclude" if said is Choice.EXCLUDE else "to full text" for said in pair) for pair in pairs]
    deciding = cohen_kappa(_count(sides, ("to full text", "exclude")), ("to full text", "exclude"))
    return [deciding, all_three] if maybe else [deciding]


def _count(pairs: Sequence[tuple[str, ...]], categories: Sequence[str]) -> list[list[int]]:
    return [[sum(1 for pair in pairs if pair == (row, column)) for column in categories] for row in categories]
