"""What a search asks and what came of it: queries checked before sending, answers read, date slices planned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from lxml import etree

from ..errors import InputError

MOST = 9_999  # ids that PubMed gives out per search, whatever is asked (NCBI, updated E-utilities of 2022)
FIRST, LAST = date(1000, 1, 1), date(3000, 12, 31)  # what a date range without a beginning or end is completed to
_EARLY = date(1966, 1, 1)  # hardly a record of PubMed entered before

# Beyond the names of einfo's list, PubMed knows fields by these tags.
# Source: PubMed Help, "Search field tags" (https://pubmed.ncbi.nlm.nih.gov/help/#search-tags), present and earlier.
_ALIASES = frozenset(
    re.split(
        r",\s+",
        """1au, ab, abstract, ad, affiliation, aid, all, au, auid, auth, author, book, cdat, cn, cois, crdt, dcom, doi,
        dp, ed, edat, entrez date, fau, filter, fir, full author name, gr, grant number, ip, ir, isbn, issn, issue, ja,
        jid, journal, la, language, last author name, lastau, lid, lr, majr, mdat, mesh, mesh date, mesh terms, mesh
        major topic, mesh subheadings, mh, mhda, mid, nlm unique id, nlmid, nm, ot, other term, own, owner, pa,
        pagination, pdat, pg, pharmacological action, pii, pl, place of publication, pmc, pmcid, pmid, ppdt, epdt,
        ps, pt, ptyp, publication date, publication type, publisher, pubn, rn, sb, secondary source id, sh, si,
        stat, subs, subset, substance name, supplementary concept, ta, text word, text words, ti, tiab, title,
        title/abstract, transliterated title, tt, tw, uid, vi, volume, word""",
    )
)
_TAG = re.compile(r'"[^"]*"|\[([^\[\]]*)\]')
_DATE = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?")
_DATE_TAGS = {"pdat": "dp", "edat": "edat", "crdt": "crdt", "mdat": "lr"}
_NOTES = {
    "PhraseNotFound": "phrase not found",
    "FieldNotFound": "field not found",
    "PhraseIgnored": "phrase ignored",
    "QuotedPhraseNotFound": "quoted phrase not found",
    "OutputMessage": "output message",
}


@dataclass(frozen=True, slots=True)
class SearchNote:
    """What NCBI had to say on a query.

    `kind` is "phrase not found", "phrase ignored", "quoted phrase not found", "field not found" or "output message".

    >>> print(SearchNote("phrase not found", "abcXYZ"))
    phrase not found: abcXYZ
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a search that was split by Entrez date, and how many hits it had."""

    dates: str
    count: int

    def __str__(self) -> str:
        return f"{self.dates}: {self.count}"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The whole of what a search found.

    Attributes:
        query: as sent, dates included.
        ids: sorted as numbers, each once; as many as `count`.
        translation: how NCBI understood the query. It changes with MeSH every year.
        build, updated: of the database (einfo's DbBuild and LastUpdate).
        slices: how it was split; empty when it was not.
        at: when NCBI answered, UTC, ISO with seconds.
        requests: sent for it, repetitions included.
    """

    query: str
    database: str
    count: int
    ids: tuple[str, ...]
    translation: str = ""
    notes: tuple[SearchNote, ...] = ()
    build: str = ""
    updated: str = ""
    slices: tuple[Slice, ...] = ()
    at: str = ""
    requests: int = 0


@dataclass(frozen=True, slots=True)
class DatabaseInfo:
    """What einfo says of a database; `fields` are pairs such as ("TIAB", "Title/Abstract")."""

    name: str
    build: str = ""
    updated: str = ""
    count: int = 0
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One esearch answer as it stands; `ids` may be fewer than `count`."""

    count: int
    ids: tuple[str, ...]
    translation: str = ""
    notes: tuple[SearchNote, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days, the last included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first:%Y/%m/%d} to {self.last:%Y/%m/%d}"


WHOLE = Span(FIRST, LAST)


def check_query(query: str) -> str:
    """The query on one line, fit to be sent.

    Raises:
        InputError: it is empty, or a quote, parenthesis or bracket has no partner; says where.

    >>> check_query(' "chronic pain"[tiab]  AND (ketamine) ')
    '"chronic pain"[tiab] AND (ketamine)'
    >>> check_query("(pain AND ketamine[ti")
    Traceback (most recent call last):
    ketalit.errors.InputError: query, character 19: “[” is not closed: “(pain AND ketamine[ti”.
    Expected: quotes, parentheses and brackets in pairs. Nothing was sent.
    """
    query = " ".join(query.split())
    if not re.search(r"\w", query):
        raise InputError("the query is empty", expected="words to search for, e.g. ketamine[tiab] AND pain[tiab]")
    opened: list[tuple[str, int]] = []
    quote = -1
    for position, character in enumerate(query):
        if character == '"':
            quote = position if quote < 0 else -1
        elif quote >= 0:
            continue
        elif character in "([":
            opened.append((character, position))
        elif character in ")]":
            if not opened or opened[-1][0] != {")": "(", "]": "["}[character]:
                raise _unbalanced(query, position, "does not belong to an opening one")
            opened.pop()
    if quote >= 0:
        raise _unbalanced(query, quote, "is not closed")
    if opened:
        raise _unbalanced(query, opened[-1][1], "is not closed")
    return query


def _unbalanced(query: str, position: int, what: str) -> InputError:
    start = max(0, position - 20)
    near = ("…" if start else "") + query[start : position + 20] + ("…" if position + 20 < len(query) else "")
    return InputError(
        f"“{query[position]}” {what}: “{near}”",
        where=f"query, character {position + 1}",
        expected="quotes, parentheses and brackets in pairs",
        next_step="Nothing was sent",
    )


def tags_in(query: str) -> list[str]:
    """The field tags of a query, without what follows a colon ("mh:noexp", "tiab:~3"); quoted text holds none.

    >>> tags_in('"pain [sic]"[tiab] AND ketamine[Mesh:NoExp]')
    ['tiab', 'Mesh']
    """
    return [squeezed for tag in _TAG.findall(query) if (squeezed := " ".join(tag.split(":")[0].strip(' "').split()))]


def check_tags(query: str, info: DatabaseInfo) -> None:
    """Refuse a query with a misspelt field tag. NCBI would drop the tag and search all fields.

    A tag is known by its short or full name in einfo's list or as one of PubMed's own tags. Of a tag that neither
    knows only a near miss is refused: the list cannot settle the others, NCBI's answer does (`check_fields`).

    Raises:
        InputError: names the tag and the one that was probably meant.

    >>> check_tags("ketamine[tiabb]", DatabaseInfo("pubmed", fields=(("TIAB", "Title/Abstract"),)))
    Traceback (most recent call last):
    ketalit.errors.InputError: pubmed has no search field [tiabb]. Expected: one of its field tags.
    Did you mean [tiab]? Nothing was sent.
    """
    if not info.fields:
        return
    known = _known(info)
    bare = {_bare(name) for name in known}
    for tag in tags_in(query):
        if _bare(tag) not in bare and len(tag) > 3 and (near := get_close_matches(tag.lower(), known, 1, 0.85)):
            raise _no_field(tag, info.name, f"Did you mean [{near[0]}]? Nothing was sent")


def check_fields(found: Found, info: DatabaseInfo) -> None:
    """Refuse an answer that NCBI gave after it dropped a field tag: its hits are those of another query.

    Raises:
        InputError: names the tags that NCBI does not know.
    """
    unknown = [note.text for note in found.notes if note.kind == "field not found"]
    if unknown:
        near = get_close_matches(unknown[0].lower(), _known(info), 1)
        hint = f"Did you mean [{near[0]}]? " if near else ""
        raise _no_field("], [".join(unknown), info.name, f"{hint}The answer was discarded: it left the field out")


def _no_field(tag: str, database: str, next_step: str) -> InputError:
    return InputError(f"{database} has no search field [{tag}]", expected="one of its field tags", next_step=next_step)


def _known(info: DatabaseInfo) -> list[str]:
    own = [name.lower() for field in info.fields for name in field if name]
    return sorted({*own, *(_ALIASES if info.name == "pubmed" else ())})


def _bare(tag: str) -> str:
    """A tag without what PubMed may or may not insist on: case, spaces, plural."""
    return re.sub(r"[^a-z0-9]", "", tag.lower()).removesuffix("s")


def with_dates(query: str, mindate: str = "", maxdate: str = "", datetype: str = "") -> str:
    """The query limited to a range of dates, as part of its text: so the range is stored and cannot be ignored.

    Args:
        query: the query.
        mindate, maxdate: "2024", "2024/02" or "2024/02/29", included; one alone is completed to the other side.
        datetype: "pdat" (published), "edat" (entered Entrez; the default), "crdt" (created) or "mdat" (modified).

    Raises:
        InputError: no such date, another form, the first after the last, or another `datetype`.

    >>> with_dates("ketamine", mindate="2024/02")
    '(ketamine) AND ("2024/02/01"[edat] : "3000/12/31"[edat])'
    """
    if not mindate and not maxdate:
        return query
    tag = _DATE_TAGS.get(datetype or "edat", "")
    if not tag:
        raise InputError(f"“{datetype}” is no kind of date", expected=f"one of {', '.join(_DATE_TAGS)}")
    first = _day(mindate, last=False) if mindate else FIRST
    last = _day(maxdate, last=True) if maxdate else LAST
    if first > last:
        raise InputError(f"the dates are in the wrong order: {mindate} is after {maxdate}", next_step="Swap them")
    return f"({query}) AND {range_term(Span(first, last), tag)}"


def _day(text: str, *, last: bool) -> date:
    """The first or last day that a date of PubMed's form covers."""
    form = _DATE.fullmatch(text.strip())
    if not form:
        raise InputError(f"“{text}” is no date", expected="2024, 2024/02 or 2024/02/29")
    year, month, day = (int(part) if part else 0 for part in form.groups())
    try:
        first = date(year, month or 1, day or 1)
        if day or not last:
            return first
        return date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        raise InputError(f"“{text}” is not in the calendar", expected="2024, 2024/02 or 2024/02/29") from None


def range_term(span: Span, tag: str = "edat") -> str:
    """A range of dates as a term.

    >>> range_term(Span(date(2010, 1, 1), date(2010, 1, 31)))
    '("2010/01/01"[edat] : "2010/01/31"[edat])'
    """
    return f'("{span.first:%Y/%m/%d}"[{tag}] : "{span.last:%Y/%m/%d}"[{tag}])'


def halves(span: Span, latest: date) -> tuple[Span, Span]:
    """A span cut in two that tile it, in the middle of those of its days on which records can have entered.

    `latest` is the last day known to hold records; what lies after it stays with the later part.

    Raises:
        InputError: a single day cannot be cut.

    >>> [str(half) for half in halves(WHOLE, date(2026, 1, 1))]
    ['1000/01/01 to 1996/01/01', '1996/01/02 to 3000/12/31']
    """
    if span.first == span.last:
        raise InputError(
            f"more than {MOST} hits entered PubMed on one day, {span.first:%Y/%m/%d}",
            expected=f"at most {MOST} a day: NCBI gives out no more",
            next_step="Narrow the query",
        )
    low, high = max(span.first, _EARLY), min(span.last, latest)
    if low >= high:  # all of it lies outside: cut it in the middle
        low, high = span.first, span.last
    middle = low + (high - low) // 2
    return Span(span.first, middle), Span(middle + timedelta(days=1), span.last)


def latest_day(info: DatabaseInfo) -> date:
    """The day of a database's last update by NCBI's own clock; the end of all dates when it does not say.

    >>> latest_day(DatabaseInfo("pubmed", updated="2025/11/27 06:33"))
    datetime.date(2025, 11, 27)
    """
    try:
        return _day(info.updated.split()[0] if info.updated.split() else "", last=True)
    except InputError:
        return LAST


def in_order(ids: Sequence[str]) -> tuple[str, ...]:
    """Ids each once, sorted as numbers.

    >>> in_order(["100", "20", "100"])
    ('20', '100')
    """
    return tuple(sorted(set(ids), key=lambda text: (len(text), text)))


def read_search(body: bytes) -> Found:
    """An esearch answer (XML).

    "No items found" is left out of the notes: the count says it.

    Raises:
        InputError: the body is no such answer, or an error.

    >>> xml = b"<eSearchResult><Count>2</Count><IdList><Id>7</Id><Id>12</Id></IdList></eSearchResult>"
    >>> read_search(xml)
    Found(count=2, ids=('7', '12'), translation='', notes=())
    """
    root = _root(body, "eSearchResult")
    count = _text(root, "Count")
    if not count.isdecimal():
        raise InputError("NCBI's answer to the search has no count", next_step="Try again later")
    return Found(
        int(count),
        tuple(text for node in root.iterfind("IdList/Id") if (text := (node.text or "").strip()).isdecimal()),
        _text(root, "QueryTranslation"),
        tuple(_notes(root)),
    )


def _notes(root: etree._Element) -> Iterator[SearchNote]:
    for group in ("ErrorList", "WarningList"):
        for node in root.iterfind(f"{group}/*"):
            text = " ".join((node.text or "").split())
            if isinstance(node.tag, str) and text and text.rstrip(".").lower() != "no items found":
                yield SearchNote(_NOTES.get(node.tag, node.tag), text)


def read_info(body: bytes) -> DatabaseInfo:
    """An einfo answer on one database (XML).

    Raises:
        InputError: the body is no such answer.
    """
    root = _root(body, "eInfoResult")
    if root.find("DbInfo") is None:
        raise InputError("NCBI's answer does not describe a database", next_step="Try again later")
    count = _text(root, "DbInfo/Count")
    return DatabaseInfo(
        name=_text(root, "DbInfo/DbName"),
        build=_text(root, "DbInfo/DbBuild"),
        updated=_text(root, "DbInfo/LastUpdate"),
        count=int(count) if count.isdecimal() else 0,
        fields=tuple(
            (_text(field, "Name"), _text(field, "FullName")) for field in root.iterfind("DbInfo/FieldList/Field")
        ),
    )


def read_spelling(body: bytes) -> str:
    """The corrected query of an espell answer (XML); empty when NCBI has nothing to correct.

    Raises:
        InputError: the body is no such answer.

    >>> read_spelling(b"<eSpellResult><CorrectedQuery>ketamine</CorrectedQuery><ERROR/></eSpellResult>")
    'ketamine'
    """
    return _text(_root(body, "eSpellResult"), "CorrectedQuery")


def _root(body: bytes, name: str) -> etree._Element:
    # No DTD is read, no entity resolved, nothing fetched: the answer is data.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"NCBI's answer is not XML ({error.msg})", next_step="Try again later") from None
    if message := _text(root, "ERROR") or (_text(root, ".") if root.tag == "ERROR" else ""):
        raise InputError(f"NCBI answers: {message}", next_step="Change the query or try again later")
    if root.tag != name:
        raise InputError(f"NCBI's answer is of another kind (<{root.tag}>)", expected=f"<{name}>")
    return root


def _text(node: etree._Element, path: str) -> str:
    found = node.find(path)
    return "" if found is None else " ".join("".join(map(str, found.itertext())).split())
