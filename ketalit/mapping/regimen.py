"""How often and how long: whether an infusion was given once or repeatedly, and which window a follow-up lies in."""

from __future__ import annotations

import re

from ..table.selection import told_hours
from .groups import Route, Window
from .rules import Placement

SESSION, WEEK, MONTHS = 6.0, 7 * 24.0, 92 * 24.0  # hours: the last that still belong to a window

WINDOWS = {
    Window.SESSION: "while the drug was given and up to 6 hours after",
    Window.WEEK: "over 6 hours, up to 7 days",
    Window.MONTHS: "over 7 days, up to 92 days",
    Window.LONGER: "over 92 days",
    Window.NOT_STATED: "no follow-up, or one without a number",
}
REGIMENS = {
    "regimen/sessions-compared": "a crossover of sessions or days gives each treatment once",
    "regimen/repeated": "words such as daily, twice, consecutive, weekly, repeated",
    "regimen/once": "words such as single, once, one infusion",
    "regimen/over-days": "given for more than 24 hours",
    "regimen/hours": "given for up to 24 hours, and nothing says repeatedly",
    "regimen/operation": "given during an operation",
    "regimen/one-session": "measured within one session, and nothing says repeatedly",
    "regimen/not-stated": "into a vein, but whether once or repeatedly is not said",
}

_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_COUNT = rf"(?:\d+|{'|'.join(_NUMBERS)})"
_SESSIONS = re.compile(rf"\b{_COUNT} (?:sessions|occasions)\b|\bon {_COUNT} (?:separate |different )?days\b")
_REPEATED = re.compile(
    r"\bdaily\b|\b(?:a|per) (?:day|week|month)\b|/day\b|\btwice\b|\bthrice\b|\bconsecutive\b|\bweekly\b|\bmonthly\b|"
    r"\brepeated|\bevery (?:other |\d+ )?(?:days?|weeks?|months?)\b|\bweeks? \d+(?:, ?\d+)+|\bdays? \d+(?:, ?\d+)+|"
    rf"\b(?!one\b){_COUNT} infusions\b"
)
_ONCE = re.compile(
    r"\bsingle\b|\bonce\b|\btest dose\b|\bone (?:slow |short )?(?:infusion|bolus|dose|injection|procedure|session)\b"
)
_OPERATION = re.compile(r"\bintra-?operative|\bduring (?:the )?(?:surgery|operation)")
_UNTIL = re.compile(r"\buntil\b.*")
_OVER = re.compile(r"\b(?:over|for|during) [^;,]*|\d+[- ](?:min|h|hour|day)\w*[- ]infusion")
_IN_SESSION = re.compile(r"\bsession\b|\bduring (?:the )?(?:infusion|procedure|operation|surgery)\b")
_IN_TREATMENT = re.compile(r"\b(?:during|end of|throughout) (?:the )?(?:treatment|therapy)\b")


def window(followup: str, duration: str = "", *, missing: str = "") -> Placement:
    """Which window a follow-up lies in, by the longest time it tells.

    Args:
        followup: in words, e.g. "3 and 6 months".
        duration: for how long the drug was given, for what was measured "during treatment".
        missing: why there is no follow-up.

    >>> window("60 min; asked again at 24 to 48 h").group.value, window("3 and 6 months").group.value
    ('Up to 1 week', 'Beyond 3 months')
    >>> window("months").why
    'no number in “months”'
    """
    if not followup:
        return Placement(Window.NOT_STATED, "followup/not-stated", missing)
    found, told = told_hours(followup), f"“{followup}”"
    if not found and _IN_TREATMENT.search(followup.lower()):
        found, told = told_hours(duration), f"“{followup}”, which took “{duration}”"
    if not found:
        if _IN_SESSION.search(followup.lower()):
            return Placement(Window.SESSION, "followup/session", told)
        return Placement(Window.NOT_STATED, "followup/no-number", f"no number in {told}")
    limits = ((SESSION, Window.SESSION), (WEEK, Window.WEEK), (MONTHS, Window.MONTHS))
    group = next((name for last, name in limits if found <= last), Window.LONGER)
    return Placement(group, "followup/time", told)


def regimen(route: str, dose: str, duration: str, *, crossover: bool, followup: Window) -> Placement:
    """Whether an intravenous drug was given once or repeatedly, from what the study says of route, dose and duration.

    >>> def told(duration, crossover=False):
    ...     found = regimen("intravenous", "", duration, crossover=crossover, followup=Window.NOT_STATED)
    ...     return found.group.value, found.rule
    >>> told("4 h a day for 10 days")
    ('IV, repeated or over days', 'regimen/repeated')
    >>> told("5 min, on four days", crossover=True)
    ('IV, once', 'regimen/sessions-compared')
    >>> told("until pain was gone")
    ('Other, several or not stated', 'regimen/not-stated')
    """
    told = "; ".join(part for part in (route, dose, duration) if part)
    plain = told.lower()
    spans = [told_hours(_UNTIL.sub("", duration.lower()))]
    spans += [told_hours(part) for part in _OVER.findall(f"{route}; {dose}".lower())]
    span = max(spans)

    def put(group: Route, rule: str) -> Placement:
        return Placement(group, rule, f"{REGIMENS[rule]}: “{told}”")

    if crossover and _SESSIONS.search(plain) and not re.search(r"\bdaily\b|consecutive", plain):
        return put(Route.IV_ONCE, "regimen/sessions-compared")
    if _REPEATED.search(plain):
        return put(Route.IV_REPEATED, "regimen/repeated")
    if _SESSIONS.search(plain):
        return put(Route.IV_REPEATED, "regimen/repeated")
    if _ONCE.search(plain):
        return put(Route.IV_ONCE, "regimen/once")
    if span > 24:
        return put(Route.IV_REPEATED, "regimen/over-days")
    if span > 0:
        return put(Route.IV_ONCE, "regimen/hours")
    if _OPERATION.search(plain):
        return put(Route.IV_ONCE, "regimen/operation")
    if followup is Window.SESSION:
        return put(Route.IV_ONCE, "regimen/one-session")
    return put(Route.OTHER, "regimen/not-stated")
