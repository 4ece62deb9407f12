"""Hold a search strategy against the studies already included: which it misses, and which line loses each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from .errors import InputError
from .identifiers import parse_identifier
from .queries import parts
from .review import Review, Search
from .studies import studies
from .telling import Say, cut, silent
from .vocabulary import Decision

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .entrez.search import SearchResult

_NO_PMID = "no PMID is known; `ketalit verify --all` looks for one"
MOST = 100  # records of one kind that the terminal shows
AT_ONCE = 300  # PMIDs asked for in one query, about 5 kB of text: far below what any server takes by POST


class Searcher(Protocol):
    """What this module needs of NCBI; `ketalit.entrez.ncbi.Ncbi` has it."""

    def search(self, query: str, *, database: str = "pubmed") -> SearchResult:
        """The records that a query finds."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a strategy: what every hit has to meet ("AND") or must not meet ("NOT"). Numbered from 1."""

    number: int
    operator: str
    text: str


@dataclass(frozen=True, slots=True)
class Missed:
    """An included record that the strategy does not find.

    `lines`: numbers of the lines that lose it; empty where each line finds it and only the whole does not.
    """

    record: str
    study: str
    short: str
    pmid: str
    lines: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An included record about which the strategy can say nothing, and why."""

    record: str
    short: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyReport:
    """What a strategy finds of what is included.

    Attributes:
        name: of the saved search, empty for a query of the moment.
        hits: how many records of PubMed the whole finds.
        found: ids of the included records it finds.
        missed, unchecked: the other included records; the three together are all of them.
        studies, studies_found: studies with a record that can be checked, and those of which one is found.
        notes: what NCBI had to say about the query (phrases ignored or not found).
        translation, build, at: as of that search.
        requests: how many searches were sent for this.
    """

    name: str
    query: str
    lines: tuple[Line, ...]
    hits: int
    found: tuple[str, ...]
    missed: tuple[Missed, ...]
    unchecked: tuple[Unchecked, ...]
    studies: int
    studies_found: int
    notes: tuple[str, ...] = ()
    translation: str = ""
    build: str = ""
    at: str = ""
    requests: int = 0

    @property
    def checked(self) -> int:
        """How many included records could be checked."""
        return len(self.found) + len(self.missed)

    @property
    def recall(self) -> float | None:
        """Share of the records that could be checked which the strategy finds (0 to 1); None where none could."""
        return len(self.found) / self.checked if self.checked else None

    def lost_by(self, number: int) -> tuple[int, int]:
        """How many records a line loses, and how many of these no other line loses."""
        losing = [missed.lines for missed in self.missed if number in missed.lines]
        return len(losing), sum(lines == (number,) for lines in losing)


def lines_of(query: str) -> tuple[Line, ...]:
    """The lines of a PubMed query: what stands between its ANDs and NOTs outside of brackets.

    PubMed reads AND, OR and NOT from left to right, none before another (PubMed User Guide, "Combining search terms
    with Boolean operators"), so that all up to the last OR is one line. Brackets around lines are opened, brackets
    after NOT are not.

    Raises:
        InputError: a bracket or quotation mark without its other half, an operator without a term.

    >>> for line in lines_of('(ketamine[tiab] OR esketamine[tiab]) AND pain[tiab] NOT (rats[ti] AND mice[ti])'):
    ...     print(line.number, line.operator, line.text)
    1 AND ketamine[tiab] OR esketamine[tiab]
    2 AND pain[tiab]
    3 NOT rats[ti] AND mice[ti]
    """
    if not query.strip():
        raise InputError("the strategy is empty", expected="a PubMed query")
    if re.search(r"(?<!\w)#\d+", query):
        what = "the strategy refers to lines of a search history (#1, #2)"
        raise InputError(what, expected="one query with these lines written out")
    return tuple(
        Line(number, operator, " ".join(text.split())) for number, (operator, text) in enumerate(_conjuncts(query), 1)
    )


def _conjuncts(text: str) -> Iterator[tuple[str, str]]:
    tokens = _tokens(text)
    waiting = [("", 0, len(tokens))]  # stretches of tokens: those with an operator are lines as they stand
    while waiting:
        operator, first, last = waiting.pop()
        while last - first > 1 and tokens[first].partner == last - 1:  # brackets that enclose all of it
            first, last = first + 1, last - 1
        if operator:
            yield operator, text[tokens[first].start : tokens[last - 1].end]
            continue
        terms = _terms(text, tokens, first, last)
        last_or = max((place for place, (word, _, _) in enumerate(terms) if word == "OR"), default=0)
        head = ("AND" if last_or or len(terms) == 1 else "", first, terms[last_or][2])
        rest = [("NOT" if word == "NOT" else "", start, end) for word, start, end in terms[last_or + 1 :]]
        waiting += reversed([head, *rest])


@dataclass(slots=True)
class _Token:
    """A part of a query; of a bracket `partner` is the index of the other."""

    kind: str
    start: int
    end: int
    partner: int = -1


def _tokens(text: str) -> list[_Token]:
    """All of a query but its spaces."""
    tokens: list[_Token] = []
    opened: list[int] = []
    for here, part in enumerate(parts(text)):
        if part.kind == "alone":
            missing = "bracket" if part.text in "[]" else "quotation mark"
            what, expected = f"a {missing} has no other half", "brackets and quotes in pairs"
            raise InputError(what, where=_quoted(text), expected=expected)
        tokens.append(_Token(part.kind, part.start, part.end))
        if part.kind == "open":
            opened.append(here)
        if part.kind == "close":
            if not opened:
                raise InputError("a closing bracket has no opening one", where=_quoted(text))
            tokens[here].partner = opened.pop()
            tokens[tokens[here].partner].partner = here
    if opened:
        raise InputError("an opening bracket has no closing one", where=_quoted(text))
    return tokens


def _terms(text: str, tokens: Sequence[_Token], first: int, last: int) -> list[tuple[str, int, int]]:
    """The terms between two tokens, brackets unopened: the operator before each, its first token, the one behind it."""

    def where() -> str:
        return _quoted(text[tokens[first].start : tokens[last - 1].end] if first < last else "")

    terms: list[tuple[str, int, int]] = []
    operator, start, at = "", -1, first
    while at < last:
        if tokens[at].kind != "operator":
            start = at if start < 0 else start
            at = max(at, tokens[at].partner) + 1
            continue
        word = text[tokens[at].start : tokens[at].end]
        if start < 0 and (operator, word) != ("AND", "NOT"):  # "AND NOT" is NOT
            what = f"{word} follows {operator}" if operator else f"it begins with {word}"
            raise InputError(what, where=where(), expected="a term on either side of AND, OR and NOT")
        if start >= 0:
            terms.append((operator, start, at))
        operator, start, at = word, -1, at + 1
    if start < 0:
        what = f"nothing follows {operator}" if operator else "there is no term between brackets"
        raise InputError(what, where=where(), expected="a term on either side of AND, OR and NOT")
    return [*terms, (operator, start, last)]


def _quoted(text: str) -> str:
    shown = " ".join(text.split())
    return f"“{shown if len(shown) <= 60 else shown[:59] + '…'}”"


def uids(pmids: Sequence[str]) -> str:
    """A query for exactly these PMIDs.

    >>> uids(["12", "345"])
    '12[uid] OR 345[uid]'
    """
    return " OR ".join(f"{pmid}[uid]" for pmid in pmids)


def check_strategy(review: Review, search: Search | str, source: Searcher, *, say: Say = silent) -> StrategyReport:
    """Which included records a strategy misses, and which line of it loses each.

    One search with the whole query. Only where something is missed: one for the missed PMIDs (does PubMed hold them at
    all?), then one for each line, restricted to the missed. More only beyond 300 missed records or 9,999 hits.

    Args:
        review: whose included records are wanted.
        search: a saved search, its name, or a query.
        source: NCBI.
        say: gets a line of progress for each step.

    Raises:
        InputError: the query cannot be read, or is not for PubMed.
        OfflineError, NcbiError: NCBI could not be asked; a strategy half checked would mislead.
    """
    if isinstance(search, str):
        search = next((saved for saved in review.searches if saved.name == search), Search(name="", query=search))
    if search.database != "pubmed":
        what = f"the strategy is for {search.database}"
        raise InputError(what, where=search.name, expected="a search of PubMed: included records are known by PMID")
    lines = lines_of(search.query)
    wanted, unchecked = _included(review)
    say("searching PubMed with the whole strategy")
    whole = source.search(search.query)
    requests = 1
    hits = set(whole.ids)
    missed = [record for record, pmid in wanted.items() if pmid not in hits]

    def among_missed(query: str) -> set[str]:
        nonlocal requests
        found: set[str] = set()
        for start in range(0, len(missed), AT_ONCE):
            only = uids([wanted[record] for record in missed[start : start + AT_ONCE]])
            found |= set(source.search(f"({query}) AND ({only})" if query else only).ids)
            requests += 1
        return found

    if missed:
        say(f"asking whether PubMed holds the {len(missed)} that were not found")
        held = among_missed("")
        for record in [record for record in missed if wanted[record] not in held]:
            missed.remove(record)
            reason = f"PubMed holds no record {wanted[record]}: gone, merged, or never there"
            unchecked.append(Unchecked(record, review.records[record].short, reason))
    losing: dict[str, list[int]] = {record: [] for record in missed}
    for line in lines if missed else ():
        if len(lines) == 1:  # what the only line misses was asked already
            losing = {record: [line.number] for record in missed}
            break
        say(f"line {line.number} of {len(lines)}")
        met = among_missed(line.text)
        for record in missed:
            if (wanted[record] in met) == (line.operator == "NOT"):
                losing[record].append(line.number)
    study_of = {record: study.id for study in studies(review) for record in study.records}
    gone = {entry.record for entry in unchecked}
    found = tuple(record for record in wanted if record not in losing and record not in gone)
    return StrategyReport(
        name=search.name,
        query=search.query,
        lines=lines,
        hits=whole.count,
        found=found,
        missed=tuple(_missed(review, record, study_of[record], lines) for record, lines in losing.items()),
        unchecked=tuple(unchecked),
        studies=len({study_of[record] for record in (*found, *missed)}),
        studies_found=len({study_of[record] for record in found}),
        notes=tuple(f"{note.kind}: {note.text}" for note in whole.notes),
        translation=whole.translation,
        build=whole.build,
        at=whole.at,
        requests=requests,
    )


def _included(review: Review) -> tuple[dict[str, str], list[Unchecked]]:
    """PMIDs of the included records, and those that have none."""
    wanted: dict[str, str] = {}
    unchecked: list[Unchecked] = []
    for row in review.screening:
        if row.decision is Decision.INCLUDE:
            record = review.records[row.record]
            try:
                wanted[record.id] = parse_identifier(f"PMID:{record.pmid}").value
            except InputError:
                reason = f"“{record.pmid}” is no PMID" if record.pmid else _NO_PMID
                unchecked.append(Unchecked(record.id, record.short, reason))
    return wanted, unchecked


def _missed(review: Review, name: str, study: str, lines: Sequence[int]) -> Missed:
    record = review.records[name]
    note = "its PMID is unverified" if "pmid" in record.unverified else ""
    return Missed(name, study, record.short, record.pmid, tuple(lines), note)


def as_json(report: StrategyReport) -> dict[str, Any]:
    """The report as plain data for JSON.

    Keys: name, query, hits, at, build, translation, notes, requests, recall (0 to 1 or null), checked, studies,
    studies_found, lines (number, operator, text, loses, alone), found, missed (record, study, short, pmid, lines,
    note), unchecked (record, short, reason).
    """
    plain: dict[str, Any] = msgspec.to_builtins(report)
    for line in plain["lines"]:
        line["loses"], line["alone"] = report.lost_by(line["number"])
    return plain | {"checked": report.checked, "recall": report.recall}


def to_rich(report: StrategyReport) -> RenderableType:
    """The report for the terminal: what is found, what is missed and by which line, what cannot be checked."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from .escaping import one_line

    def text(words: str, style: str = "") -> Text:
        return Text(one_line(words), style=style)

    name = f"“{report.name}”" if report.name else "This strategy"
    build = f", build {report.build}" if report.build else ""
    parts: list[RenderableType] = [
        text(f"{name} finds {report.hits:,} records in PubMed ({report.at[:10]}{build}).", "bold"),
        text(_recall_line(report)),
    ]
    parts += [text(f"NCBI says: {note}", "yellow") for note in report.notes]
    lines = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("line", "", "loses", "alone"):
        lines.add_column(heading, justify="right" if heading in {"loses", "alone"} else "left", no_wrap=True)
    lines.add_column("text", ratio=1)
    for line in report.lines:
        loses, alone = report.lost_by(line.number)
        cells = [text(str(value) if value else "·", "bold" if value else "dim") for value in (loses, alone)]
        lines.add_row(str(line.number), line.operator, *cells, text(cut(line.text, 160)))
    parts += ["", lines]
    if report.missed:
        missed = Table(title="Missed", title_justify="left", title_style="bold", box=None, header_style="dim")
        for heading in ("record", "", "PMID", "lost by"):
            missed.add_column(heading)
        for entry in report.missed[:MOST]:
            note = f" ({entry.note})" if entry.note else ""
            missed.add_row(
                text(entry.record), text(entry.short), text(entry.pmid + note), text(_lost_by(entry), "bold")
            )
        parts += ["", missed]
        if len(report.missed) > MOST:
            parts.append(text(f"… and {len(report.missed) - MOST:,} more; --json gives all of them", "dim"))
    if report.unchecked:
        parts += ["", text(f"Cannot be checked: {len(report.unchecked)}", "bold")]
        reasons = dict.fromkeys(entry.reason for entry in report.unchecked)
        for reason in reasons:
            names = [entry.record for entry in report.unchecked if entry.reason == reason]
            more = f" and {len(names) - MOST:,} more; --json gives all of them" if len(names) > MOST else ""
            parts.append(text(f"  {reason}: {', '.join(names[:MOST])}{more}"))
    return Group(*parts)


def _recall_line(report: StrategyReport) -> str:
    if report.recall is None:
        return "No included record has a PMID that PubMed knows: nothing can be said about what it misses."
    records = f"{len(report.found)} of {report.checked} included records ({report.recall:.0%})"
    finds = f"{records}, {report.studies_found} of {report.studies} studies"
    return f"Of what is included and can be checked it finds {finds}."


def _lost_by(missed: Missed) -> str:
    if not missed.lines:
        return "no single line: each finds it, the whole does not"
    return ("line " if len(missed.lines) == 1 else "lines ") + ", ".join(map(str, missed.lines))
