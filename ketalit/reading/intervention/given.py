"""Everything a text says of the giving of the drugs a review is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Sentence, Source
from .basis import BASES, Dose, seen_whole
from .dose import DOSE_RULE, in_words, read_dose
from .drugs import DRUG, FORMS, named_in, short_names
from .duration import DURATION_RULE, read_duration
from .route import ROUTE_RULES, read_route

_RANK = {METHODS: 0, AIM: 0, UNKNOWN: 0, TITLE: 1, RESULTS: 2, CONCLUSION: 3, BACKGROUND: 4}  # where regimens stand
RULES = (DRUG, *FORMS, *BASES, *ROUTE_RULES, DOSE_RULE, DURATION_RULE)


@dataclass(frozen=True, slots=True)
class Given:
    """What a text says of a drug: each a hit or None. `named` is None where the drug is not mentioned at all."""

    named: Hit | None = None
    form: Hit | None = None
    route: Hit | None = None
    dose: Hit | None = None
    bolus: Hit | None = None
    rate: Hit | None = None
    duration: Hit | None = None
    doses: tuple[Dose, ...] = ()


def read_given(source: Source, drugs: tuple[str, ...]) -> Given:
    """Form, route, dose and duration of the drugs, from the sentences that name them."""
    if not drugs or not any(name.lower() in source.norm for name in drugs):
        return Given()
    names = (*drugs, *short_names(source.norm, drugs))
    found = [(sentence, named_in(sentence.norm, names)) for sentence in source.sentences]
    naming = [(sentence, matches) for sentence, matches in found if matches]
    if not naming:
        return Given()
    naming.sort(key=lambda pair: (not pair[0].ours, _rank(source, pair[0]), pair[0].start))
    sentence, matches = min(naming, key=lambda pair: pair[0].start)
    named = Hit(matches[0].group(), *source.whole(*sentence.span(matches[0])), DRUG.name)
    dose, bolus, rate, doses = read_dose(source, naming)
    duration = read_duration(source, naming, dose, doses)
    if dose and any(one.rule == "dose-basis/at-once" for one in doses):
        doses = seen_whole(source, naming, doses, duration)
        dose = replace(dose, note=in_words(doses))
    return Given(named, source.first(FORMS), read_route(source, naming, dose), dose, bolus, rate, duration, doses)


def _rank(source: Source, sentence: Sentence) -> int:
    """Where to look first: in the methods; where an abstract has no headings, its results are only a guess."""
    guessed = sentence.zone == RESULTS and not source.structured
    return 0 if guessed else _RANK.get(sentence.zone, 5)
