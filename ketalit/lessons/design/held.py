"""What a review holds for the planning of a study: SDs, the evidence map, and what it says of one condition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ...figures.mechanism.reading import digits
from ...mapping import EvidenceMap, evidence_map
from ...mapping.build import KINDS
from ...mapping.wording import caveat_line
from ...pooling import EffectRow
from ...review import Review
from ..kept import review_in


@dataclass(frozen=True, slots=True)
class Spread:
    """An SD that a trial reported.

    Attributes:
        name: of it, with trial, comparison and time.
        sd: pooled over the two groups, points of a scale of 100.
        people: in both groups.
        row: where it stands.
        link: address of the trial's record; empty where there is none.
    """

    name: str
    sd: float
    people: float
    row: EffectRow
    link: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a review holds for the planning of a study."""

    folder: Path
    found: EvidenceMap
    conditions: tuple[str, ...]
    spreads: Mapping[str, Spread]
    caveat: str


@cache
def held_in(folder: Path) -> Held:
    """What the review of a folder holds.

    Raises:
        InputError: the folder is not a review.
    """
    review = review_in(folder)
    found = evidence_map(review)
    conditions = tuple(found.asked("route")[0]) or tuple(found.rows())
    present = [one for one in conditions if (found.studies["condition"] == one).any()]
    spreads = {one.name: one for one in _spreads(review)}
    return Held(folder, found, tuple(dict.fromkeys([*present, *conditions])), spreads, caveat_line(found))


@dataclass(frozen=True, slots=True)
class Known:
    """What the map holds of one condition.

    Attributes:
        studies: their rows, those that do not count too.
        counted: how many count.
        randomised: rows of counted randomised trials.
        largest: people in the largest of these; None: not known, or none.
    """

    studies: tuple[Any, ...]
    counted: int
    randomised: tuple[Any, ...]
    largest: int | None


@cache
def known_of(folder: Path, condition: str) -> Known:
    """What the map of a review holds of one condition."""
    table = held_in(folder).found.studies
    studies: tuple[Any, ...] = tuple(table[table["condition"] == condition].itertuples())
    counted = [one for one in studies if one.counted]
    randomised = tuple(one for one in counted if one.kind == KINDS[0])
    sizes = [int(one.people) for one in randomised if one.people is not pd.NA]
    return Known(studies, len(counted), randomised, max(sizes, default=None))


def _spreads(review: Review) -> Iterable[Spread]:
    for row in review.effects or ():
        known = (row.sd1, row.sd2, row.n1, row.n2, row.scale_low, row.scale_high)
        if None in known or str(row.measure) != "MD" or str(row.spread) != "SD":
            continue
        sd1, sd2, n1, n2, low, high = (float(one) for one in known if one is not None)
        if n1 + n2 <= 3 or not low < high:
            continue
        pooled = math.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2)) * 100 / (high - low)
        if not pooled > 0:
            continue
        record = review.records.get(review.names.get(row.study, row.study))
        trial = record.short if record else row.study
        what = ", ".join(filter(None, (row.comparison, row.time)))
        link = f"https://pubmed.ncbi.nlm.nih.gov/{row.source[5:]}/" if row.source.startswith("PMID:") else ""
        yield Spread(f"{trial}: {what}; SD {digits(pooled)}", pooled, n1 + n2, row, link)
