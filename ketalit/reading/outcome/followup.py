"""How long the subjects were followed: the last time at which something was measured."""

from __future__ import annotations

import re

from ...vocabulary import Confidence
from ..engine import AIM, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|wk|months?|mos?|years?|yrs?|y|postoperative days?)"
_TIME = (
    rf"(?:\d+(?:st|nd|rd|th) (?:day|week|month|year)\b|{_NUMBER}(?:(?:,? ?(?:-|to|and|or|,|&) ?|, and "
    rf"){_NUMBER}){{0,8}}[ -]?{_UNIT}\b|\b(?:weeks?|months?|"
    rf"days?|years?|pod|hours?)(?: \((?:pod|days?)\))? {_NUMBER}(?:(?:,? ?(?:-|to|and|or|,) ?|"
    rf", and ){_NUMBER}){{0,8}}\b(?!\.\d|%| "
    rf"?(?:mg|kg|ml|patients)))"
)
# Every time has a digit before a unit, or after one ("week 2"): soon found, and most sentences have none.
_TIME_HINT = (
    rf"\d(?:[ -]?{_UNIT}\b|(?:st|nd|rd|th) [dwmy]|(?<=(?:day|ays|eek|eks|nth|ths|ear|ars|pod|our|urs|.[dsy]\)) \d))"
)

FOLLOWUP = (
    Rule(
        "followup/followed-for",
        rf"\b(?:median|mean|average|maximum|total|up to)?(?: of)? ?{_TIME} (?:of )?follow(?:ed|ing|-|- | "
        rf")?(?:up|ups)\b|\bfollow(?:ed|ing)?[ -]*up\b(?: (?:[\w-]+,? ){{0,6}}?| ?[(:] ?|, ){_TIME}|"
        rf"\bfollowed (?:[\w-]+ ){{0,4}}?(?:for|to|until|over|up to) (?:an? |the )?(?:[\w-]+ "
        rf"){{0,3}}?{_TIME}|\b{_TIME} (?:[\w-]+ )?follow-?up\b",
        "Patients were followed for 12 months.",
        "the text names the follow-up",
        zones=(AIM, METHODS, RESULTS, UNKNOWN, CONCLUSION, TITLE),
        hint=_TIME_HINT,
    ),
    Rule(
        "followup/after",
        r"\b(?:(?=[\ddhmpwy])"  # the first letters only save time
        rf"{_TIME}(?:,)? (?:after|post|following|later|from|postop\w*|postsurg\w*|post-\w+|postdose|of "
        rf"(?:the )?(?:study|treatment|intervention))\b|(?:postoperative|post-operative|"
        rf"postop)\b[^.;]{{0,25}}?{_TIME}|(?:up to|until|at|after|to|on|for|within|during|over|first|last) "
        rf"(?:the )?(?:first )?{_TIME})",
        "Pain was scored at 2, 6 and 24 h after surgery.",
        "the last time at which something was measured",
        zones=(METHODS, RESULTS, UNKNOWN, AIM),
        hint=_TIME_HINT,
        confidence=_LIKELY,
    ),
    Rule(
        "followup/long",
        rf"(?<![-(\d.])\b{_TIME}",
        "A 12-week trial of drug X",
        "the length of the treatment or of the study",
        zones=(METHODS, AIM, TITLE, UNKNOWN),
        hint=_TIME_HINT,
        confidence=_UNCLEAR,
    ),
)
_TIME_RE = re.compile(_TIME)
_NUMBERS = re.compile(_NUMBER)
_NOT_UNIT = re.compile(r"postoperative |\(.*?\)|\b(?:to|and|or)\b|(?<=\d)(?:st|nd|rd|th)\b|[^a-z]")
_AND_MORE = re.compile(rf"(?:,? ?(?:and|or|,|&)? ?{_TIME}){{1,6}}")  # "at 1 day, 1 week and 1 month"
_NOT_TIME = re.compile(
    r"(?:\bage[ds]?\b[^,;)]{0,14}|\b(?:age of|age range|years?:?|between the ages of|mean age|older than|over|under|"
    r"at least|history of|duration of|every|per|minimum of|previous|past|last|within the past|in the past|"
    r"(?:persist\w+|chronic) (?:[\w/-]+ ){0,5}pain for|pain for|symptoms for|more than|born|gestation\w*|"
    r"interval of|infus\w+|lasted|lasting|session\w*|each)|[<>≤≥±]) ?(?:\w+ )?$"
)
_NOT_AFTER = re.compile(
    r"^(?:[- ]?old\b| of age\b|[- ]olds?\b| and (?:older|over|younger|above)\b| or (?:older|more|younger|"
    r"over)\b| before\b| prior\b| preoperatively| history\b| gestation|[ -]?(?:a|per|/) (?:week|day)| "
    r"ago\b| earlier\b|[- ](?:long )?(?:sessions?|infusion|period of (?:data|recruit))|/)"
)
_HOURS = {
    "mi": 1 / 60,
    "h": 1,
    "ho": 1,
    "hr": 1,
    "d": 24,
    "da": 24,
    "po": 24,
    "w": 168,
    "we": 168,
    "wk": 168,
    "mo": 730,
    "y": 8766,
    "ye": 8766,
    "yr": 8766,
}


def hours(time: str) -> float:
    """The longest span in a printed time, in hours (months of 730 h).

    >>> hours("2, 6 and 24 h"), hours("week 26") == hours("26 weeks"), hours("median follow-up of 2 days")
    (24.0, True, 48.0)
    """
    return max((_length(match.group()) for match in _TIME_RE.finditer(time.lower())), default=0.0)


def _length(time: str) -> float:
    """The longest span in one printed time, in hours."""
    numbers = [float(number) for number in _NUMBERS.findall(time)]
    letters = _NOT_UNIT.sub("", time)
    unit = _HOURS.get(letters[:2], _HOURS.get(letters[:1], 0))
    return max((number for number in numbers if number < 1900), default=0) * unit


def read_followup(source: Source, rules: tuple[Rule, ...] = FOLLOWUP) -> Hit | None:
    """The longest follow-up that the text gives, by the first of the rules that finds any."""
    for rule in rules:
        best: tuple[float, Hit] | None = None
        for match, sentence in source.find(rule):
            norm = sentence.norm
            listed = _AND_MORE.match(norm, match.end())
            for time in _TIME_RE.finditer(norm, match.start(), listed.end() if listed else match.end()):
                before, after = norm[: time.start()], norm[time.end() :]
                named = "follow" in match.group() or after.startswith((" after", " post", " follow"))
                if (_NOT_TIME.search(before[-40:]) and not named) or _NOT_AFTER.match(after):
                    continue
                length = _length(time.group())
                if length < 1 and rule.name == "followup/long":
                    continue  # minutes are the length of a procedure
                if length and (best is None or length > best[0]):
                    start, end = source.whole(*sentence.span(time))
                    best = (length, Hit(source.quote(start, end)[0], start, end, rule.name, rule.confidence))
        if best:
            return best[1]
    return None
