"""The words and the order of a report, shared by every form in which it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..fields import FIELDS
from ..identifiers import source_link
from ..telling import count_of
from ..vocabulary import Decision, Missing
from .report import CellChange, Change, CheckedValue, Kind, Link, Piece, Report, SearchNews

_TITLES = {
    Kind.RETRACTED: "Retracted",
    Kind.CONCERN: "Expression of concern",
    Kind.NOTICE: "Notices taken for studies",
    Kind.CORRECTED: "Corrected",
    Kind.SUPERSEDED: "Superseded",
    Kind.LIFTED: "No longer flagged",
    Kind.NEW: "New records to screen",
    Kind.CHECKED_TEXT: "Changed text under checked values",
    Kind.OTHER_WORK: "Identifiers of another work",
    Kind.GONE: "Gone from PubMed",
    Kind.TEXT: "Changed text",
    Kind.MINOR: "Minor",
}
_IN_A_LINE = {
    Kind.RETRACTED: ("retracted", "retracted"),
    Kind.CONCERN: ("expression of concern", "expressions of concern"),
    Kind.NOTICE: ("notice taken for a study", "notices taken for studies"),
    Kind.CORRECTED: ("corrected", "corrected"),
    Kind.SUPERSEDED: ("superseded", "superseded"),
    Kind.LIFTED: ("no longer flagged", "no longer flagged"),
    Kind.NEW: ("new to screen", "new to screen"),
    Kind.CHECKED_TEXT: ("changed under checked values", "changed under checked values"),
    Kind.OTHER_WORK: ("identifier of another work", "identifiers of other works"),
    Kind.GONE: ("gone", "gone"),
    Kind.TEXT: ("with changed text", "with changed text"),
    Kind.MINOR: ("with a minor change", "with minor changes"),
}
_INTRO = {
    Kind.NEW: "Design and number of people as read by program from title and abstract.",
    Kind.CHECKED_TEXT: "Nothing that was checked is overwritten. Look whether it still holds.",
    Kind.GONE: "What is stored or entered here is kept, and shown as before.",
    Kind.TEXT: "No checked value rests on these texts; what the program reads from them may differ now.",
    Kind.MINOR: "Nothing that changes how a record is read.",
}
GRAVE = frozenset({Kind.RETRACTED, Kind.CONCERN})
DECISIONS = {
    str(Decision.INCLUDE): "included",
    str(Decision.MAYBE): "undecided",
    str(Decision.EXCLUDE): "left out",
    "unscreened": "not yet screened",
}
_LINKS = {
    "retractionin": "notice",
    "retractedandrepublishedin": "republished as",
    "erratumin": "erratum",
    "correctedandrepublishedin": "republished as",
    "expressionofconcernin": "notice",
    "updatein": "newer version",
}
_NAMED = 10  # ids that a line names; the JSON has all of them
_LINK_NAMES = {"PMID": "PubMed", "PMCID": "PMC", "DOI": "DOI"}
NOT_A_WORD_OF_YOURS = "No decision and no checked value was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a section.

    Attributes:
        head: what it is about, e.g. a citation; `aside` stands beside it, `title` below.
        struck: whether head and title are shown struck through (retracted).
        links: names and addresses to open.
        lines: sentences.
        values, words: checked values and changed words, where a text changed.
    """

    head: str
    aside: str = ""
    title: str = ""
    struck: bool = False
    links: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    values: tuple[CheckedValue, ...] = ()
    words: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the report: its heading, what is to be known first, its entries, and closing lines.

    `grave` sections are set off; `quiet` ones are for those who want to know all.
    """

    name: str
    title: str
    intro: str = ""
    items: tuple[Item, ...] = ()
    lines: tuple[str, ...] = ()
    grave: bool = False
    quiet: bool = False


def headline(report: Report) -> str:
    """What happened, in a line.

    >>> headline(Report(title="A", at="2026-11-01T09:00:00", since="2026-10-01T09:00:00"))
    'Nothing changed since 2026-10-01: 0 searches, 0 records, 0 requests.'
    """
    since = f"since {report.since[:10]}" if report.since else "in this first refresh"
    asked = ", ".join(
        (
            count_of(len(report.searches), "search", "searches"),
            count_of(report.counts.asked, "record", "records"),
            count_of(report.counts.requests, "request", "requests"),
        )
    )
    counts = [(len(report.of(kind)), *_IN_A_LINE[kind]) for kind in Kind if kind is not Kind.MINOR]
    counts.append((sum(search.drifted for search in report.searches), "search that drifted", "searches that drifted"))
    counts.append((len(report.of(Kind.MINOR)), *_IN_A_LINE[Kind.MINOR]))
    news = [count_of(*one) for one in counts if one[0]]
    if not report.complete:
        return f"Incomplete. {f'So far, {since}: ' + ', '.join(news) if news else 'No news so far'}."
    left = report.counts.unscreened
    waiting = f" {count_of(left, 'record waits', 'records wait')} to be screened." if left else ""
    if not news:
        return f"Nothing changed {since}: {asked}.{waiting}"
    return f"{since[:1].upper()}{since[1:]}: {', '.join(news)}.{waiting}"


def subtitle(report: Report) -> str:
    """When NCBI was asked, and against what it was compared."""
    against = f"compared with {report.since[:10]}" if report.since else "the first refresh"
    dry = "; a dry run: nothing was written" if report.dry_run else ""
    return f"As of {report.at[:10]}, {against}{dry}"


def sections(report: Report) -> tuple[Section, ...]:
    """The report, most important first."""
    return tuple(_sections(report))


def _not_read(failed: Sequence[str]) -> Iterator[str]:
    """Ids that could not be had, those with one reason in one line."""
    by_reason: dict[str, list[str]] = {}
    for line in failed:
        name, _, reason = line.partition(": ")
        by_reason.setdefault(reason, []).append(name)
    for reason, names in by_reason.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"not read: {', '.join(names[:_NAMED])}{more}{f' ({reason})' if reason else ''}"


def _sections(report: Report) -> Iterator[Section]:
    if report.trouble:
        yield Section(
            name="incomplete",
            title="Incomplete",
            intro="What came is below and stored. The next refresh asks again and tells all of this again."
            if not report.dry_run
            else "What came is below.",
            lines=(*report.trouble, *_not_read(report.failed)),
            grave=True,
        )
    if report.alarms:
        yield Section(name="alarms", title="Odd answers from NCBI", lines=report.alarms)
    for kind in Kind:
        if kind is Kind.MINOR:
            continue
        if changes := report.of(kind):
            yield _of_kind(kind, changes)
        if kind is Kind.GONE:
            yield from _drift(report.searches)
    yield from _meaning(report)
    if minor := report.of(Kind.MINOR):
        yield _of_kind(Kind.MINOR, minor)
    yield _asked(report)


def _of_kind(kind: Kind, changes: Sequence[Change]) -> Section:
    return Section(
        name=kind.name.lower().replace("_", "-"),
        title=f"{_TITLES[kind]} ({len(changes):,})",
        intro=_INTRO.get(kind, ""),
        items=tuple(_item(change) for change in changes),
        grave=kind in GRAVE,
        quiet=kind is Kind.MINOR,
    )


def _item(change: Change) -> Item:
    links = [(_LINK_NAMES.get(name.partition(":")[0], name), source_link(name)) for name in change.identifiers]
    links += [(_LINKS.get(link.type.lower(), link.type), source_link(f"PMID:{link.pmid}")) for link in change.links]
    if change.kind is Kind.MINOR:
        return Item(head=change.citation, aside=change.record, lines=(change.what,))
    lines = [change.what] if change.what else []
    aside = [DECISIONS[change.decision]]
    if change.kind is Kind.NEW:
        known = change.people[:1].isdigit()
        people = "" if change.people == Missing.NOT_APPLICABLE else f"n {'= ' if known else ''}{change.people}"
        aside = [f"design {change.design}" if change.design in tuple(Missing) else change.design, people]
        lines = [f"found by {', '.join(change.searches)}", *lines]
        lines += [f"n: “{change.quote}”"] if change.quote else []
    lines += [_link_line(link) for link in change.links]
    shown = change.record if change.record != change.citation else ""
    return Item(
        head=change.citation,
        aside=", ".join(part for part in (*aside, shown) if part),
        title=change.title,
        struck=change.kind is Kind.RETRACTED,
        links=tuple((name, address) for name, address in links if address),
        lines=tuple(lines),
        values=change.values,
        words=change.words,
    )


def _link_line(link: Link) -> str:
    where = ", ".join(part for part in (link.citation, f"PMID {link.pmid}" if link.pmid else "no PMID given") if part)
    return f"{_LINKS.get(link.type.lower(), link.type)}: {where}"


def value_lines(value: CheckedValue) -> tuple[str, str]:
    """A checked value, and what became of its quote.

    >>> value_lines(CheckedValue(field="n_total", value="60", quote="60 people", found="its quote still stands there"))
    ('n: 60', 'its quote still stands there: “60 people”')
    """
    by = ", ".join(part for part in (value.who, value.when) if part)
    place = f"extraction.csv, line {value.line}" if value.line else ""
    beside = "; ".join(part for part in (by, place) if part)
    return (
        f"{FIELDS[value.field].title}: {value.value}" + (f" ({beside})" if beside else ""),
        f"{value.found}: “{value.quote}”" if value.quote else value.found,
    )


def _drift(searches: Sequence[SearchNews]) -> Iterator[Section]:
    drifted = [search for search in searches if search.drifted]
    if drifted:
        yield Section(
            name="drift",
            title=f"Search drift ({len(drifted):,})",
            intro="The same query does not find the same records any more. What was found before stays in the review.",
            items=tuple(
                Item(
                    head=search.name,
                    aside=search.database,
                    lines=(
                        *(line for one in search.drift for line in _drift_lines(one.what, one.before, one.after)),
                        *(f"no longer finds {_named(lost.citation, lost.record)}: {lost.why}" for lost in search.lost),
                    ),
                )
                for search in drifted
            ),
        )


def _named(citation: str, record: str) -> str:
    return citation if citation == record else f"{citation} ({record})"


def _drift_lines(what: str, before: str, after: str) -> Iterator[str]:
    if before and after:
        yield what
        yield f"before: {before}"
        yield f"now: {after}"
    else:
        yield f"{what}: {before or after}"


def _meaning(report: Report) -> Iterator[Section]:
    if not any(change.kind is not Kind.MINOR for change in report.changes):
        return
    means = report.consequences
    rows = tuple(Item(head=row.citation, aside=row.study, lines=(row.what,)) for row in means.rows)
    stopped = sum(row.stops_counting for row in means.rows)
    lines = []
    if means.totals_before == means.totals:
        lines.append(f"Totals, unchanged: {means.totals}." if means.totals else "No cell of it changed.")
    else:
        lines += [f"Totals before: {means.totals_before}.", f"Totals now: {means.totals}."]
    yield Section(
        name="rows",
        title="What it means: rows of the table",
        intro=count_of(stopped, "study no longer counts", "studies no longer count") + "." if stopped else "",
        items=rows,
        lines=tuple(lines),
    )
    if means.cells:
        grouped = groupby(means.cells, key=lambda cell: (cell.study, cell.citation))
        yield Section(
            name="cells",
            title=f"What it means: cells of the table ({len(means.cells):,})",
            intro="Evidence table, included studies, all fields. What a person or the curators entered stays as it is.",
            items=tuple(
                Item(head=citation, aside=study, lines=tuple(_cell_line(cell) for cell in cells))
                for (study, citation), cells in grouped
            ),
        )
    yield Section(
        name="pools",
        title="What it means: pooled estimates",
        intro="" if means.pools_known else "No pooled estimates exist in this review yet.",
        items=tuple(
            Item(head=pool.name, lines=(pool.text, f"rests on {'; '.join(pool.records)}")) for pool in means.pools
        ),
        lines=("None rests on an affected record.",) if means.pools_known and not means.pools else (),
    )


def _cell_line(cell: CellChange) -> str:
    same = cell.origin_before.partition(" (")[0] == cell.origin.partition(" (")[0]
    before = f" (before: {cell.origin_before})" if cell.origin_before and not same else ""
    head = ", ".join(part for part in (cell.heading, (cell.origin or "nobody") + before) if part)
    if cell.kept:
        return f"{head}: {cell.after} stays; the record now reads {cell.reads}"
    return f"{head}: {cell.before} → {cell.after}"


def _asked(report: Report) -> Section:
    found = [
        Item(
            head=search.name,
            aside=search.database,
            lines=tuple(_search_lines(search)),
        )
        for search in report.searches
    ]
    counts = report.counts
    ends = [
        f"{number:,} {word}"
        for number, word in (
            (counts.returned, "returned"),
            (counts.absent, "absent"),
            (counts.deleted, "deleted"),
            (counts.failed, "failed"),
        )
    ]
    without = (
        [f"{count_of(counts.nameless, 'record has', 'records have')} no PMID and cannot be asked for."]
        if counts.nameless
        else []
    )
    return Section(
        name="asked",
        title="What was asked",
        items=tuple(found),
        lines=(
            f"{count_of(counts.asked, 'record', 'records')} asked for: {', '.join(ends)}.",
            *without,
            f"{count_of(counts.requests, 'request', 'requests')} to NCBI. An unchanged review costs one, one more for "
            "each search and one for every 500 records.",
            NOT_A_WORD_OF_YOURS,
        ),
        quiet=True,
    )


def _search_lines(search: SearchNews) -> Iterator[str]:
    if search.error:
        yield f"could not be run: {search.error}"
        return
    if search.count_before is None:
        yield f"first run: {count_of(search.count, 'record', 'records')}"
    elif search.count == search.count_before and not search.new and not search.lost:
        yield f"{count_of(search.count, 'record', 'records')}, the same as before"
    else:
        yield (
            f"{count_of(search.count, 'record', 'records')}, {search.count_before:,} before: "
            f"{len(search.new):,} new to it, {len(search.lost):,} lost"
        )
        yield from (f"lost {_named(lost.citation, lost.record)}: {lost.why}" for lost in search.lost if lost.gone)
    if search.build_before and search.build != search.build_before:
        yield f"state of the database: {search.build} (before: {search.build_before})"
    elif search.build:
        yield f"state of the database: {search.build}"
    yield from (f"NCBI says: {note}" for note in search.notes)
