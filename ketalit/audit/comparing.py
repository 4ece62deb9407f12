"""Hold the numbers of a statement beside those of the evidence table: doses and rates of infusion, follow-up.

It says what the table holds and judges nothing. A range that becomes one in print when a decimal point is moved in one
of its ends is called a probable misprint, with the study that prints it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from ..reading.intervention.drugs import OTHER_DRUG
from ..reading.outcome.followup import hours
from ..review import Review
from ..table import evidence_table
from ..telling import count_of
from ..vocabulary import RANDOMISED_DESIGNS
from .model import Comparison
from .quantities import Quantity, QuantityKind, quantities

_WIDE = 10.0  # times: how far apart the ends of a range are before it is said
_DAY = 24.0
_SHIFTS = (10.0, 100.0, 0.1, 0.01)  # a decimal point at another place
_NEARLY = 0.9  # 12 weeks are as good as 3 months
_NAME = 15  # letters before an amount in which the name of its drug stands
_NAMED = 6  # studies named before "and others"
_OF_EFFECT = re.compile(r"(?i)\b(?:relie\w+|effects?|benefits?|result\w*|analges\w+|improv\w+|respon\w+|pain-free)\b")
# How long the drug ran is not how long its effect was followed.
_GIVEN_AFTER = re.compile(r"(?i)[\s-]*(?:long |of )?(?:continuous |daily )?(?:infus|drip|course|treatment|therapy)")
_GIVEN_BEFORE = re.compile(
    r"(?i)\b(?:infusions?|infused|drips?|courses?|given)(?: for| of| over| lasting| daily)*[\s(]*$"
)
_FIELDS = {
    QuantityKind.DOSE: ("dose_mg_per_kg", "mg/kg", "Doses"),
    QuantityKind.RATE: ("dose_mg_per_kg_per_h", "mg/kg/h", "Rates"),
}


@dataclass(frozen=True, slots=True)
class _Study:
    """What a comparison needs of a study."""

    id: str
    name: str
    randomised: bool
    numbers: dict[QuantityKind, float]
    printed: tuple[Quantity, ...]
    route: str
    followed: float  # hours
    followup: str
    direction: str


class Comparer:
    """The studies of a review's evidence table, prepared."""

    def __init__(self, review: Review):
        frame = evidence_table(review, view="full").frame
        frame = frame[frame["counted"].astype(bool)]
        self._studies = [_study(row) for row in frame.itertuples()]

    def compare(self, sentence: str, *, lead: str = "") -> tuple[Comparison, ...]:
        """The numbers of a sentence that the table can be asked about, each with what it holds.

        >>> from ketalit.review import load_review
        >>> found = Comparer(load_review()).compare("The dose is .05 to 2 mg/kg over an hour.")
        >>> found[0].lines[0]
        '0.05 to 2 mg/kg/h: the upper end is 40 times the lower.'
        """
        found = []
        of_effect = _OF_EFFECT.search(f"{lead} {sentence}")
        for quantity in quantities(sentence):
            if quantity.kind in _FIELDS:
                lines, named = self._doses(quantity)
            elif of_effect and quantity.kind is QuantityKind.DURATION and quantity.high >= _DAY:
                if _GIVEN_AFTER.match(sentence, quantity.end) or _GIVEN_BEFORE.search(sentence[: quantity.start]):
                    continue
                lines, named = self._times(quantity)
            else:
                continue
            if lines:
                found.append(Comparison(quantity, tuple(lines), tuple(dict.fromkeys(named))))
        return tuple(found)

    def _doses(self, quantity: Quantity) -> tuple[list[str], list[str]]:
        _, unit, what = _FIELDS[quantity.kind]
        given = [(*ends, one) for one in self._studies if (ends := _ends(one, quantity.kind))]
        if not given:
            return [], []
        lines, named = [], []
        if quantity.low and quantity.high / quantity.low >= _WIDE:
            times = f"{quantity.high / quantity.low:.3g}"
            lines.append(f"{_range(quantity, unit)}: the upper end is {times} times the lower.")
        for title, group in (
            ("randomised trials", [one for one in given if one[2].randomised]),
            ("all studies", given),
        ):
            if group:
                low, _, lowest = min(group, key=lambda one: (one[0], one[2].id))
                _, high, highest = max(group, key=lambda one: (one[1], one[2].id))
                named += [lowest.id, highest.id]
                lines.append(
                    f"{what} in {title} of the table: {low:g} to {high:g} {unit} ({len(group)} with a number; "
                    f"lowest {_with_route(lowest)}, highest {_with_route(highest)})."
                )
        low, high, widest = max(given, key=lambda one: (one[1] / one[0], one[2].id))
        if high > low:
            named.append(widest.id)
            lines.append(f"The widest range of one study: {low:g} to {high:g} {unit} ({_with_route(widest)}).")
        lines += _outside(quantity, min(one[0] for one in given), max(one[1] for one in given))
        for line, study in self._misprints(quantity, unit):
            lines.append(line)
            named.append(study)
        return lines, named

    def _misprints(self, quantity: Quantity, unit: str) -> Iterator[tuple[str, str]]:
        printed = [(one, study) for study in self._studies for one in study.printed if one.low < one.high]
        if quantity.low == quantity.high or any(one.same(quantity) for one, _ in printed):
            return
        for one, study in printed:
            for shift in _SHIFTS:
                for low, high, end in (
                    (quantity.low * shift, quantity.high, quantity.low),
                    (quantity.low, quantity.high * shift, quantity.high),
                ):
                    if Quantity(quantity.kind, low, high, "", 0, 0).same(one):
                        moved = end * shift
                        yield (
                            f"With {moved:g} in place of {end:g} it would be the range of {study.name}, {low:g} to "
                            f"{high:g} {unit}: probably a misprint.",
                            study.id,
                        )

    def _times(self, quantity: Quantity) -> tuple[list[str], list[str]]:
        long = [one for one in self._studies if one.followed >= _NEARLY * quantity.high]
        asked = [one for one in self._studies if one.followed]
        if not asked:
            return [], []
        trials = sorted((one for one in long if one.randomised), key=lambda one: (-one.followed, one.id))
        lines = [
            f"{len(long)} of {count_of(len(asked), 'study', 'studies')} with a known follow-up "
            f"measured their primary outcome as late as that, {len(trials)} of them randomised."
        ]
        if trials:
            said = Counter(one.direction or "no direction given" for one in trials)
            directions = ", ".join(f"{direction} ({count})" for direction, count in said.most_common())
            lines.append(
                f"These randomised trials: {_names(trials)}. Their primary outcomes as reported: {directions}; whether "
                "a difference still stood at the last time is another question, which each result answers."
            )
        return lines, [one.id for one in (trials or long)[:_NAMED]]


def _study(row: object) -> _Study:
    def text(name: str) -> str:
        value = getattr(row, name)
        return "" if pd.isna(value) else str(value)

    numbers = {kind: getattr(row, field) for kind, (field, _, _) in _FIELDS.items()}
    return _Study(
        id=text("Index"),
        name=text("citation"),
        randomised=text("design") in RANDOMISED_DESIGNS,
        numbers={kind: float(value) for kind, value in numbers.items() if not pd.isna(value)},
        printed=tuple(_own(text("dose"))),
        route=text("route"),
        followed=hours(text("followup")),
        followup=text("followup"),
        direction=text("primary_direction"),
    )


def _own(dose: str) -> Iterator[Quantity]:
    """The amounts of a printed dose, without those of a drug given beside it."""
    for quantity in quantities(dose):
        if not OTHER_DRUG.search(dose[: quantity.start].lower(), max(0, quantity.start - _NAME)):
            yield quantity


def _outside(quantity: Quantity, low: float, high: float) -> Iterator[str]:
    below, above = quantity.low < low, quantity.high > high
    if below or above:
        ends = "Both ends lie" if below and above else f"Its {'lower' if below else 'upper'} end lies"
        yield f"{ends if quantity.low < quantity.high else 'It lies'} outside what any of them gave."


def _ends(study: _Study, kind: QuantityKind) -> tuple[float, float] | None:
    """The lowest and the highest number of a kind that a study gave, the table's and those printed as its dose."""
    numbers = [end for one in study.printed if one.kind is kind for end in (one.low, one.high) if end]
    numbers += [study.numbers[kind]] if study.numbers.get(kind) else []
    return (min(numbers), max(numbers)) if numbers else None


def _with_route(study: _Study) -> str:
    return f"{study.name}{f' [{study.route}]' if study.route else ''}"


def _range(quantity: Quantity, unit: str) -> str:
    ends = dict.fromkeys((f"{quantity.low:g}", f"{quantity.high:g}"))
    return f"{' to '.join(ends)} {unit}"


def _names(studies: Sequence[_Study]) -> str:
    names = [f"{one.name} ({one.followup})" for one in studies[:_NAMED]]
    return ", ".join(names) + (f" and {len(studies) - _NAMED} more" if len(studies) > _NAMED else "")
