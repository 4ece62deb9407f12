"""Read how a crossover was built: its periods, the order of treatments, the time between them."""

from __future__ import annotations

from ...vocabulary import Confidence
from ..engine import AIM, BACKGROUND, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source
from .numbers import small_count

_LIKELY = Confidence.LIKELY
_TIME = r"(?:minutes?|min|hours?|hrs?|h|days?|d|weeks?|wks?|months?)"
_SPAN = rf"\d[\d.]*(?: ?(?:-|to|or) ?\d[\d.]*)?(?:-| )?{_TIME}"
PERIODS = Rule(
    "crossover/periods",
    r"(?<![\d.])(\d+)[ -](?:treatment |study |intervention )?(?:period|phase|session|way)s?,? (?:[\w-]+,? ){0,4}?"
    r"cross-?over|\bcross-?over\b[^.;]{0,60}?(?<![\d.])\b(\d+) (?:[\w-]+ ){0,2}?(?:periods|phases|sessions|legs)\b|"
    r"\b(?:on|in) (\d+) (?:separate|different|experimental|study|test) (?:[\w-]+ )?"
    r"(?:occasions|days|sessions|visits|periods)\b|\b(\d+) (?:treatment|crossover) (?:periods|phases)\b",
    "A randomised, three-period crossover study",
    "the text counts the periods",
    keys=("period", "phase", "session", "way", "legs", "occasions", "days", "visits"),
    zones=(TITLE, AIM, METHODS, UNKNOWN, BACKGROUND),
    confidence=_LIKELY,
)
SEQUENCES = Rule(
    "crossover/sequences",
    r"\b(ab/ba|ab(?:,| or| and) ba|(?:[abc]{3})(?:(?:,|/| or| and|, and) ?[abc]{3})+)\b|"
    r"\b(?:counter-?balanced|balanced|random(?:ised)?) (?:[\w-]+ ){0,2}?(?:order|sequence)\b|"
    r"\blatin[- ]square\b|\bwilliams (?:square|design)\b",
    "Drug X and placebo were given in counterbalanced order (AB/BA).",
    "the text tells the order of treatments",
    keys=("order", "sequence", "square", "williams", "ab", "abc"),
    zones=(TITLE, AIM, METHODS, UNKNOWN, BACKGROUND),
    confidence=_LIKELY,
)
WASHOUT = Rule(
    "crossover/washout",
    rf"\b({_SPAN})(?:,? (?!follow|includ|before|after|without)[\w-]+){{0,3}}?,? ?"
    rf"wash(?:ed)?[ -]?out|\bwash(?:ed)?[ -]?out\b(?: [\w-]+){{0,3}}? "
    rf"(?:of|was|lasted|:) (?:at least |a minimum of |about |approximately |>|≥)?({_SPAN})\b|"
    rf"\bwash(?:ed)?[ -]?out[^.;()]{{0,25}}\((?:at least |>|≥)?({_SPAN})\)|"
    rf"\b(?:separated by|intervals? of|at least|minimum of) (?:at least |a minimum of |an interval of )?({_SPAN})"
    r"(?= (?:apart\b|between (?:[\w-]+ )?(?:treatments|periods|phases|sessions|visits|trials|conditions|tests|days)))",
    "Periods were separated by a one-week washout.",
    "the time between the periods",
    keys=("wash", "between", "apart"),
    zones=(AIM, METHODS, UNKNOWN, RESULTS, BACKGROUND),
    confidence=_LIKELY,
)


def read_periods(source: Source) -> Hit | None:
    """Periods of a crossover, where they are counted."""
    return small_count(source, PERIODS)


def read_sequence(source: Source) -> Hit | None:
    """Orders in which the treatments of a crossover were given, where the text names them."""
    for match, sentence in source.find(SEQUENCES):
        return source.hit(SEQUENCES, match, sentence, match.group().upper() if match.group(1) else match.group())
    return None


def read_washout(source: Source) -> Hit | None:
    """Time between the periods of a crossover, as given: "1-week", "7 to 10 days"."""
    for match, sentence in source.find(WASHOUT):
        group = next(index for index, text in enumerate(match.groups(), start=1) if text)
        start, end = source.whole(*sentence.span(match, group))
        return Hit(source.quote(start, end)[0], start, end, WASHOUT.name, WASHOUT.confidence)
    return None


RULES = (PERIODS, SEQUENCES, WASHOUT)
