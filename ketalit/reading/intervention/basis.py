"""What an amount is an amount of: a bolus, a rate, a total, a day, one application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ...vocabulary import Confidence
from ..engine import Hit, Rule, Sentence, Source
from ..needs import Cue
from ..units import DOSE, NUMBER, plain_unit
from .amounts import volume_of
from .drugs import Naming, other_in

_UNCLEAR = Confidence.UNCLEAR


class Basis(StrEnum):
    """What an amount is an amount of."""

    BOLUS = "bolus"
    RATE = "infusion rate"
    TOTAL = "total"
    DAILY = "daily"
    EACH = "per application"


@dataclass(frozen=True, slots=True)
class Dose:
    """One amount of the drug as the text states it, in one spelling of its unit.

    Attributes:
        amount: a number or a range ("0.5", "10-30"); of several arms, each has a dose of its own.
        unit: as `units.plain_unit` spells it; "%" is a strength.
        basis: what it is an amount of, and `rule`, by which rule.
        repeated: how often it was given, in normal form; "" where the text does not say.
        over: how long one of it took, in normal form ("40 min"); "" where the text does not say.
        each_day, days: whether that is the time on each day, and on how many days (0 where the text does not say).
        start, end: where the amount lies in the normal form of the text.
    """

    amount: str
    unit: str
    basis: Basis
    rule: str
    repeated: str = ""
    over: str = ""
    each_day: bool = False
    days: float = 0
    start: int = -1
    end: int = -1


SPAN = (
    rf"(?:{NUMBER}(?: ?(?:-|to|or|and) ?{NUMBER})?|an?) ?-?(?:(?:consecutive|postoperative) )?"
    r"(?:minutes?|mins?|hours?|hrs?|h|days?|weeks?|wks?|months?|years?)\b"
)
OVER = re.compile(
    rf"\)?,?(?: ?[a-z(][\w().+-]*){{0,4}}? (?:over|within|during|for|in) (?:a |the |about )?"
    rf"(?:period of |total of |course of )?({SPAN})"
)
_EACH_DAY = re.compile(
    rf"(?: ?/ ?| per | an? | each | every )(?:day|24 ?h)\b(?:,? (?:for|on|over) ({NUMBER}) (?:consecutive )?days)?|"
    rf" daily\b(?:,? (?:for|on|over) ({NUMBER}) (?:consecutive )?days)?"
)
_NEAR = 200  # characters around an amount in which it may be told how often it was given
_REPEATED = re.compile(  # the first letters only save time
    r"(?=[\d/abeinopqtw])(?:\b(?:(?:\d+|once|twice|thrice)(?: times)?|\d+ ?x) ?(?:an?|per|each|every|/|in a)? ?"
    r"(?:daily|weekly|monthly|day|week|month|nightly)\b(?!s)|\b\d+ times\b(?! (?:\w+er|more|as|\d)\b)|"
    rf"\bevery (?:other )?(?:(?:{NUMBER}(?: ?(?:-|to) ?{NUMBER})?[ -]?)?(?:min\w*|h\b|hours?|hrs?|days?|weeks?|"
    r"months?)|morning|evening|night)|\beach (?:morning|evening|night|day)\b|\b(?:at|in|with) \d+[ -]?\w+ intervals?\b|"
    r"\b\d+[ -]hourly\b|\bq ?\d+ ?h\b|\b[bt]\.?i\.?d\b|\bq\.?[id]\.?d\b|"
    r"(?:\bper|\beach|/) ?(?:puff|spray|application|actuation|lozenge|nostril)\b|\bnightly\b)"
)
_AT_ONCE_WORD = Cue(r"\bbolus|\binject|\binduc|\bloading")
BASES = (
    Rule(
        "dose-basis/rate",
        r"@/(?:h|min)",
        "Ketamine was infused at @/h.",
        "an amount (@) per hour or minute is a rate",
        Basis.RATE,
    ),
    Rule(
        "dose-basis/daily",
        r"@/day|@ (?:daily\b|(?:a|each|every) day\b|per (?:day|24 ?h)\b)|"
        r"\bdaily (?:doses?|amount)(?: of)?[^.;@\d]{0,25}@",
        "Oral ketamine at @ daily.",
        "an amount (@) per day",
        Basis.DAILY,
    ),
    Rule(
        "dose-basis/strength",
        r"@%",
        "Ketamine @% cream was applied.",
        "a strength (@%) says what each application holds",
        Basis.EACH,
    ),
    Rule(
        "dose-basis/piece",
        r"\b(?:sprays?|puffs?|lozenges?|wafers?|tablets?|capsules?|suppositor\w+)(?: of)?(?: \(?ketamine)? \(?@|"
        r"@ (?:(?:ketamine|esketamine|oral|sublingual|nasal|of) ){0,3}"
        r"(?:sprays?|puffs?|lozenges?|wafers?|tablets?|capsules?|suppositor)",
        "Sprays of @ of ketamine.",
        "the amount (@) is what one spray, lozenge or tablet holds",
        Basis.EACH,
    ),
    Rule(
        "dose-basis/total-named",
        r"\b(?:mean|median|average|total|maxim(?:um|al)|max|cumulative|overall)\b(?: \(sd\))?(?: \w+){0,2} "
        r"(?:dos(?:es?|age)|amounts?|consumption|requirements?)\b[^.;@]{0,25}@|"
        r"\b(?:mean|total|maximum|maximal)(?: of)? @|@ (?:in total|total\b)",
        "The mean dose of ketamine was @.",
        "the amount (@) is called a total, a mean or a maximum",
        Basis.TOTAL,
    ),
    Rule(
        "dose-basis/bolus-named",
        r"\b(?:bolus(?:es)?|loading|induc\w+)\b[^.;@\d]{0,40}@|"
        r"@,?(?: ?(?:\(?i\.?v\.?\)?|intravenous|ketamine|of|as|an?|initial|loading|hydrochloride)){0,4} bolus",
        "A bolus of @ of ketamine.",
        "the amount (@) is called a bolus, or induces anaesthesia",
        Basis.BOLUS,
    ),
    Rule(
        "dose-basis/over-time",
        rf"@\)?,?(?: ?[a-z(][\w().+-]*){{0,4}}? (?:over|within|during|for|in) (?:a |the |about )?"
        rf"(?:period of |course of )?{NUMBER}(?: ?(?:-|to) ?{NUMBER})? ?-?(?:min|h\b|hour|hr)|"
        rf"@(?:[^.;]|\.(?=\d)){{0,120}}? (?:infused (?:over|for|in|within)|"
        rf"as an? {NUMBER}[ -]?(?:min|h)[\w-]* (?:\w+ )?infusion)",
        "Ketamine @ over 40 min.",
        "an amount (@) given over minutes or hours is the total of an infusion",
        Basis.TOTAL,
    ),
    Rule(
        "dose-basis/repeated",
        rf"@[^;]{{0,120}}?(?:{_REPEATED.pattern})|(?:{_REPEATED.pattern})[^.;@\d]{{0,40}}@",
        "Oral ketamine @ three times a day.",
        "the amount (@) was given again and again",
        Basis.EACH,
    ),
    Rule(
        "dose-basis/infusion-named",
        r"\binfus\w+[^.;@]{0,60}@|"
        r"@(?: ?(?:of|\(?i\.?v\.?\)?|ketamine|esketamine|intravenous|\d+[ -]min\w*|single|as|an?)){0,5} infus",
        "An infusion of ketamine (@).",
        "an amount (@) without a time that was infused is the total of the infusion",
        Basis.TOTAL,
    ),
    Rule(
        "dose-basis/course",
        r"\b(?:drugs?|doses?|injections?|treatments?|medications?|(?:s-|es)?ketamine) (?:was|were|is) "
        rf"(?:\w+ ){{0,3}}?(?:{_REPEATED.pattern})",
        "The drug was given twice daily.",
        "the amount is one of many: the text tells elsewhere how often, or that the course took days or longer",
        Basis.EACH,
        keys=("daily", "weekly", "every", "each ", " times", "twice", "hourly", "interval", "a day", "per day", ".i.d"),
        confidence=_UNCLEAR,
    ),
    Rule(
        "dose-basis/called-infusion",
        r"\b[\w()+-]+(?: hydrochloride)? infusions?\b|\binfusions? of(?: [\w()+-]+){1,3}",
        "Pain fell after the ketamine infusion.",
        "the text calls the giving an infusion elsewhere, and names no bolus, injection or rate",
        Basis.TOTAL,
        confidence=_UNCLEAR,
    ),
    Rule(
        "dose-basis/at-once",
        r"@",
        "Ketamine @ was given.",
        "an amount (@) of which the text says no more was given at once",
        Basis.BOLUS,
    ),
)
_IN_SENTENCE = tuple(rule for rule in BASES if rule.confidence is not _UNCLEAR)
_COURSE, _INFUSION = (rule for rule in BASES if rule.confidence is _UNCLEAR)


def doses_in(
    sentence: Sentence, match: re.Match[str], amounts: list[re.Match[str]], drugs: list[re.Match[str]]
) -> Iterator[Dose]:
    """The doses in one match ("1 or 2 mg" holds two), each with what it is an amount of."""
    norm, unit = sentence.norm, plain_unit(match.group(2))
    time = re.search(r"/(?:h|min|day)\b|^%$", unit)
    stop = next((other.start() for other in amounts if other.start() > match.start()), len(norm))
    after = norm[match.end() : match.end() + 140]
    before = norm[max(0, match.start() - 90) : match.start()]
    window = f"{before}@{time.group() if time else ''}{after}"
    rule = next(rule for rule in _IN_SENTENCE if rule.regex.search(window) and _fits(rule, norm, match, amounts, drugs))
    repeated = _repetition(norm, match, drugs)
    over = OVER.match(norm[match.end() : stop])
    daily = _EACH_DAY.match(norm, match.end() + over.end()) if over else None
    numbers = match.group(1)
    start, end = sentence.span(match)
    if unit.endswith("ml") and (volume := volume_of(norm, match)):
        numbers, unit = volume, f"ml of {numbers} {unit}"
    for amount in _listed(numbers):
        yield Dose(
            amount,
            unit,
            basis=Basis(str(rule.value)),
            rule=rule.name,
            repeated=repeated.group().strip() if repeated else "",
            over=over.group(1) if over else "",
            each_day=daily is not None,
            days=float(daily.group(daily.lastindex)) if daily and daily.lastindex else 0,
            start=start,
            end=end,
        )


def _listed(numbers: str) -> list[str]:
    """The doses in a printed list of numbers; a range is one dose.

    >>> _listed("28, 56 or 84"), _listed("10 to 30"), _listed("2, 0.5")
    (['28', '56', '84'], ['10-30'], ['0.5'])
    """
    pieces = [re.sub(r" ?- ?| to ", "-", piece.strip()) for piece in re.split(r",? or |,? and |/|, ", numbers)]
    return pieces[-1:] if re.fullmatch(rf"{NUMBER}, {NUMBER}", numbers) else pieces  # "on day 2, 0.5 mg"


def _fits(
    rule: Rule, norm: str, match: re.Match[str], amounts: list[re.Match[str]], drugs: list[re.Match[str]]
) -> bool:
    """Whether a rule for the basis, having fired, holds: what it saw must be of this amount, not of a neighbour."""
    if rule.name == "dose-basis/repeated":
        return _repetition(norm, match, drugs) is not None
    if rule.name == "dose-basis/infusion-named":  # beside a rate, an amount is what came before the infusion
        return not any(re.search(r"/(?:h|min)\b", plain_unit(other.group(2))) for other in amounts)
    return True


def _repetition(norm: str, amount: re.Match[str], drugs: list[re.Match[str]]) -> re.Match[str] | None:
    """How often an amount was given: told after it, or shortly before, and not of the amount of another drug."""
    # What stands further away cannot belong to it; a text of nothing but doses is not gone through for each of them.
    for found in _REPEATED.finditer(norm, max(0, amount.start() - _NEAR), amount.end() + _NEAR):
        if found.start() >= amount.end():
            between = norm[amount.end() : found.start()]
            if len(between) > 120 or ";" in between:
                return None
            others = [
                other for other in DOSE.finditer(norm, amount.end(), found.start()) if found.start() - other.end() < 12
            ]
            if not (others and other_in(norm, max(amount.end(), others[0].start() - 40), found.start(), drugs)):
                return found
        else:
            between = norm[found.end() : amount.start()]
            if (
                len(between) <= 40
                and not re.search(r"[.;\d]", between)
                and not other_in(norm, found.end(), amount.start(), drugs)
            ):
                return found
    return None


def seen_whole(source: Source, naming: Naming, doses: tuple[Dose, ...], duration: Hit | None) -> tuple[Dose, ...]:
    """The doses, where their own sentence does not tell what they are amounts of, in the light of the whole text."""
    days = duration and re.search(r"day|week|wk|month|year", source.norm[duration.start : duration.end])
    rated = any(one.basis is Basis.RATE for one in doses)
    if days or (not rated and any(True for _ in source.find(_COURSE))):
        rule = _COURSE
    elif not rated and not _AT_ONCE_WORD.search(source.norm, source.words) and _called_infusion(naming):
        rule = _INFUSION
    else:
        return doses
    basis = Basis(str(rule.value))
    return tuple(
        replace(one, basis=basis, rule=rule.name) if one.rule == "dose-basis/at-once" else one for one in doses
    )


def _called_infusion(naming: Naming) -> bool:
    """Whether a text speaks of an infusion of the drug."""
    return any(
        found.start() < drug.end() and drug.start() < found.end()
        for sentence, drugs in naming
        if "infusion" in sentence.norm
        for found in _INFUSION.regex.finditer(sentence.norm)
        for drug in drugs
    )
