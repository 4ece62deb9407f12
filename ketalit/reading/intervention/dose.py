"""The doses of the drug: as printed, in words, and per body weight with the arithmetic."""

from __future__ import annotations

import re
from dataclasses import replace

from ...fields import FIELDS
from ...vocabulary import Confidence
from ..engine import Hit, Rule, Sentence, Source
from ..units import DOSE, NUMBER, normalise_dose, plain_unit
from .amounts import amounts_of, volume_of
from .basis import Basis, Dose, doses_in
from .drugs import Naming

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR

_DONE = re.compile(  # a sentence that tells what was done to somebody, though its place in the abstract is a guess
    r"\b(?:patients?|subjects|volunteers|children|infants|women|men|man|woman|boy|girl|adults|rats|mice|animals|dogs|cats)\b"
    r"[^.;]{0,120}\b(?:were|was|received|had|underwent)\b|\b(?:received|was (?:given|administered|treated|studied))\b"
)
_SAID = re.compile(r"\b(?:previous|recent|earlier|has been|have been|reported|known|usually|commonly)\b")
_PER_KG, _PER_KG_H = "dose_mg_per_kg", "dose_mg_per_kg_per_h"
DOSE_RULE = Rule(
    "dose/near-drug",
    DOSE.pattern,
    "Ketamine 0.5 mg/kg was given.",
    "an amount that stands with the drug and with no other drug",
    confidence=_LIKELY,
)


def read_dose(source: Source, naming: Naming) -> tuple[Hit | None, Hit | None, Hit | None, tuple[Dose, ...]]:
    """The doses of the first sentence that gives any: as printed, and per body weight where one is."""
    for sentence, drugs in naming:
        told = sentence.ours or (
            not source.structured and _DONE.search(sentence.norm) and not _SAID.search(sentence.norm)
        )
        amounts = amounts_of(source, sentence, drugs) if told else []
        if not amounts:
            continue
        doses = tuple(dose for match in amounts for dose in doses_in(sentence, match, amounts, drugs))
        start, end = source.whole(sentence.span(amounts[0])[0], sentence.span(amounts[-1])[1])
        return (
            Hit(
                _printed(source, sentence, amounts),
                start,
                end,
                "dose/near-drug",
                _LIKELY if sentence.ours else _UNCLEAR,
                in_words(doses),
            ),
            *_per_weight(source, sentence, amounts, doses),
            doses,
        )
    return None, None, None, ()


def _printed(source: Source, sentence: Sentence, amounts: list[re.Match[str]]) -> str:
    """The amounts as printed, those that differ only in size as alternatives."""
    pieces: dict[str, str] = {}
    for match in amounts:
        quote = source.quote(*sentence.span(match))[0]
        if volume := volume_of(sentence.norm, match):
            quote = f"{volume} ml of {quote}"
        pieces.setdefault(quote, plain_unit(match.group(2)))
    text, last = "", ""
    for quote, unit in pieces.items():
        text += (", " if unit == last else " + ") * bool(text) + quote
        last = unit
    return text


def in_words(doses: tuple[Dose, ...]) -> str:
    """What each dose is an amount of, in words; and what a rate adds up to, where the text gives all its factors."""
    told = []
    for dose in doses:
        words = f"{dose.amount} {dose.unit}: {dose.basis}"
        words += f", {dose.repeated}" * bool(dose.repeated) + f", {dose.over}" * bool(dose.over)
        words += " a day" * dose.each_day + f" for {dose.days:g} days" * bool(dose.days)
        hours = _hours(dose.over)
        if found := re.match(rf"ml of ({NUMBER}) (\w+)/ml", dose.unit):
            words += f" ({dose.amount} ml x {found.group(1)} {found.group(2)}/ml = "
            words += f"{float(dose.amount) * float(found.group(1)):g} {found.group(2)})"
        elif hours and dose.unit.endswith("g/h") and "-" not in dose.amount and (dose.days or not dose.each_day):
            total = float(dose.amount) * hours * (dose.days or 1)
            days = f" x {dose.days:g} days" * bool(dose.days)
            words += f" ({dose.amount} {dose.unit} x {dose.over}{days} = {total:g} {dose.unit[:-2]} in total)"
        told.append(words)
    return "; ".join(dict.fromkeys(told))


def _hours(span: str) -> float | None:
    """A span of time of minutes or hours in hours; None for any other.

    >>> _hours("40 min"), _hours("2 h"), _hours("10 days")
    (0.6666666666666666, 2.0, None)
    """
    found = re.fullmatch(rf"({NUMBER}|an?) ?-?(?:(m)in\w*|h\w*)", span)
    if found is None:
        return None
    number = 1.0 if found.group(1).startswith("a") else float(found.group(1))
    return number / (60 if found.group(2) else 1)


def _per_weight(
    source: Source, sentence: Sentence, amounts: list[re.Match[str]], doses: tuple[Dose, ...]
) -> tuple[Hit | None, Hit | None]:
    """Dose and rate per body weight, with the arithmetic; without a value where the text gives more than one."""
    held: dict[str, Hit] = {}
    several: set[str] = set()
    for match in amounts:
        result = normalise_dose(match.group(1), match.group(2))
        hit = Hit(
            _bounded(result.field, result.value),
            *source.whole(*sentence.span(match)),
            "dose/per-weight",
            _LIKELY,
            result.note,
        )
        first = held.setdefault(result.field, hit)
        if first.value is None:
            held[result.field] = hit
        elif first.value != hit.value:
            several.add(result.field)
    for field in several:
        held[field] = replace(held[field], value=None, note="the text gives more than one dose; the field holds one")
    bolus, rate = held.get(_PER_KG), held.get(_PER_KG_H)
    if len(doses) == 1 and (hours := _hours(doses[0].over)):
        if bolus and isinstance(bolus.value, float) and rate is None and doses[0].basis is Basis.TOTAL:
            value = float(f"{bolus.value / hours:.6g}")
            note = f"{bolus.value:g} mg/kg / {doses[0].over} = {value:g} mg/kg/h"
            rate = replace(bolus, value=_bounded(_PER_KG_H, value), note=note)
        elif rate and isinstance(rate.value, float) and bolus is None and (doses[0].days or not doses[0].each_day):
            value = float(f"{rate.value * hours * (doses[0].days or 1):.6g}")
            times = f"{doses[0].over} a day x {doses[0].days:g} days" if doses[0].days else doses[0].over
            note = f"{rate.note}; {rate.value:g} mg/kg/h x {times} = {value:g} mg/kg in total"
            bolus = replace(rate, value=_bounded(_PER_KG, value), note=note)
    return bolus, rate


def _bounded(field: str, value: float | None) -> float | None:
    """A value, or None beyond the bounds of its field."""
    most = FIELDS[field].maximum
    return value if value is not None and (most is None or value <= most) else None
