"""Dates as NLM and journals print them, with what is certain of them."""

from __future__ import annotations

import datetime
import re

from .model import Date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASON = re.compile(r"\b(?:spring|summer|autumn|fall|winter)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20|21)\d\d(?!\d)")
_PLAIN = re.compile(r"(\d{4})(?:[ /-]+([A-Za-z]{3,9}|\d{1,2})\.?)?(?:[ /-]+(\d{1,2}))?")


def date_of(year: str, month: str = "", day: str = "", season: str = "") -> Date:
    """Date of printed parts. A part that cannot be (month 13, 31 February) is not certain and stays verbatim only.

    >>> date_of("2009", "Nov", "3")
    Date(iso='2009-11-03', precision='day', verbatim='2009 Nov 3')
    >>> date_of("2009", "13").iso
    '2009'
    """
    verbatim = " ".join(part for part in (year, season, month, day) if part)
    found = _YEAR.search(year)
    if not found:
        return Date(verbatim=verbatim)
    certain = found[0]
    if season:
        named = _SEASON.fullmatch(season)  # some publishers put "Oct-Dec" there
        return Date(iso=certain, precision="season" if named else "range", verbatim=verbatim)
    number = month_number(month)
    if not number:
        ranged = bool(re.search(r"[A-Za-z]\s*[-–/]\s*[A-Za-z]", month)) or year != certain
        return Date(iso=certain, precision="range" if ranged else "year", verbatim=verbatim)
    if day.isdecimal():
        try:
            exact = datetime.date(int(certain), number, int(day))
        except ValueError:
            pass
        else:
            return Date(iso=exact.isoformat(), precision="day", verbatim=verbatim)
    return Date(iso=f"{certain}-{number:02}", precision="month", verbatim=verbatim)


def date_in(text: str) -> Date:
    """Date of a printed string (MedlineDate, DP of MEDLINE). Of a range the first year counts, as NLM sorts it.

    >>> date_in("1998 Dec-1999 Jan")
    Date(iso='1998', precision='range', verbatim='1998 Dec-1999 Jan')
    >>> date_in("2000 Spring").precision, date_in("2002 Sep").iso, date_in("in press").precision
    ('season', '2002-09', 'unknown')
    """
    text = text.strip()
    plain = _PLAIN.fullmatch(text)
    if plain and not (plain[2] and not plain[2].isdecimal() and _SEASON.fullmatch(plain[2])):
        exact = date_of(plain[1], plain[2] or "", plain[3] or "")
        return Date(iso=exact.iso, precision=exact.precision, verbatim=text)
    year = _YEAR.search(text)
    if not year:
        return Date(verbatim=text)
    ranged = re.search(r"\w\s*[-–/]\s*\w", text)
    precision = "range" if ranged else "season" if _SEASON.search(text) else "year"
    return Date(iso=year[0], precision=precision, verbatim=text)


def month_number(month: str) -> int | None:
    """1 to 12 of "Nov", "November", "11" or "011"; None of anything else.

    >>> month_number("Nov"), month_number("13"), month_number("Jan-Feb")
    (11, None, None)
    """
    if month.isdecimal():
        return int(month) if 1 <= int(month) <= 12 else None
    short = month[:3].lower()
    return _MONTHS.index(short) + 1 if month.isalpha() and short in _MONTHS else None
