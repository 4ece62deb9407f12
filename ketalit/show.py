"""Everything known of one record: who holds it, how it was screened, every value with its origin, the claims on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .errors import InputError
from .escaping import terminal
from .export.wording import heading, source_line, with_unit
from .fields import FIELDS
from .identifiers import parse_identifier
from .records.model import NLM_SOURCES, Record
from .review import Claim, Review, Screening
from .studies import Study, studies
from .table.cells import cells
from .vocabulary import Missing, Origin, Status

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that a review says of one record.

    Attributes:
        record: the record itself.
        study: the study it reports.
        screening: the decisions on it.
        values: every value anybody holds for it, as rows of `cells` (dicts), the winner first in each field; where a
            winner is in conflict, also what another report of the study gives.
        claims: claims whose verdict rests on it.
    """

    record: Record
    study: Study
    screening: tuple[Screening, ...]
    values: tuple[dict[str, Any], ...]
    claims: tuple[Claim, ...]


def dossier(review: Review, record: Record) -> Dossier:
    """Gather what a review says of a record.

    >>> from ketalit.review import load_review
    >>> review = load_review()
    >>> dossier(review, review.find("sigtermans2009")).study.id
    'sigtermans2009'
    """
    study = next(study for study in studies(review) if record.id in study.records)
    rows = cells(review, [study])
    own = rows["record"] == record.id
    disputed = rows["field"].isin(rows.loc[own & rows["conflict"], "field"])
    rows = rows[own | (disputed & (rows["missing"] == "") & rows["origin"].ne(""))].drop(columns="study")
    values = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return Dossier(
        record=record,
        study=study,
        screening=tuple(row for row in review.screening if row.record == record.id),
        values=tuple({str(column): value for column, value in row.items()} for row in values),
        claims=tuple(claim for claim in review.claims if record.id in claim.basis),
    )


def to_rich(dossier: Dossier) -> RenderableType:
    """The dossier for the terminal."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim")
    facts.add_column()
    for name, value in _facts(dossier):
        facts.add_row(name, Text(terminal(value)))
    values = Table(title="Values", title_justify="left", title_style="bold", box=None, show_header=False)
    values.add_column(no_wrap=True)
    values.add_column()
    known = [SimpleNamespace(**row) for row in dossier.values if row["origin"]]
    rivals = Counter(cell.field for cell in known)
    idle = [cell for cell in known if _says_nothing(cell) and rivals[cell.field] == 1]
    for cell in known:
        if cell not in idle:
            values.add_row(heading(FIELDS[cell.field]), _value(cell, dossier.record.id))
    if idle:
        values.add_row(str(Missing.NOT_APPLICABLE), Text(terminal("\n".join(_by_reason(idle))), style="dim"))
    parts: list[RenderableType] = [Text(terminal(dossier.record.title), style="bold"), facts]
    if known:
        parts += ["", values]
    if dossier.record.abstract:
        parts += ["", Text("Abstract", style="bold")]
        parts += [
            Text(f"{terminal(part.label)}: " if part.label else "", style="dim") + Text(terminal(part.text))
            for part in dossier.record.abstract
        ]
    if dossier.claims:
        parts += ["", Text("Claims that rest on it", style="bold")]
        parts += [Text(terminal(f"{claim.id} {claim.verdict}: {claim.claim}")) for claim in dossier.claims]
        parts.append(Text(terminal(f"`ketalit claims {dossier.claims[0].id}` tells why."), style="dim"))
    return Group(*parts)


def _says_nothing(cell: Any) -> bool:
    """Whether a cell holds only that its question makes no sense here, entered by no person of this review."""
    return cell.missing == Missing.NOT_APPLICABLE and not cell.conflict and cell.origin != Origin.PERSON


def _by_reason(idle: Sequence[Any]) -> list[str]:
    """What does not apply, a line for each reason rather than one for every field."""
    reasons: dict[str, list[str]] = {}
    for cell in idle:
        reasons.setdefault(cell.note or "", []).append(FIELDS[cell.field].title)
    return [f"{', '.join(names)}{f': {why}' if why else ''}" for why, names in reasons.items()]


# Said beside the value, as the heading alone has been misread.
_ABOUT = {
    "primary_direction": "of the primary outcome as the report states it; that need not hold at every time",
    "duration": "how long the drug was given",
    "followup": "the latest at which the primary outcome was measured",
}

# A conclusion may say more than the primary outcome did.
_READ_DIRECTION = "what the words below say; where they are a conclusion, hold Result against them"


def _value(cell: Any, record: str) -> Text:
    """A value; below it who says so and where it was read, the words, and remarks. `record`: whose dossier it is."""
    from rich.text import Text

    style = "" if cell.winner else "dim"
    shown = Text(terminal(with_unit(cell)), style=style)
    about = _READ_DIRECTION if cell.rule and cell.field == "primary_direction" else _ABOUT.get(cell.field, "")
    if about and cell.winner and not cell.missing:
        shown.append(f" ({about})", style="dim")
    if cell.conflict:
        shown.append("  ≠ another value is given too", style="yellow")
    if cell.record != record:
        shown.append(f"  in {terminal(cell.record)}", style="yellow")
    shown.append(f"\n{terminal(source_line(cell))}", style="dim")
    if cell.quote:
        shown.append(f"\n“{terminal(cell.quote)}”", style="dim italic")
    if cell.note:
        shown.append(f"\n{terminal(cell.note)}", style="dim")
    return shown


def _link(kind: str, value: str) -> str:
    """Where to open a work; empty for what NLM holds in a form that leads nowhere (a manuscript number as PII)."""
    try:
        return parse_identifier(f"{kind}:{value}").url
    except InputError:
        return ""


def _facts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    record = dossier.record
    yield "record", record.id
    authors = ", ".join(author.name for author in record.authors)
    yield "authors", authors or "not given"
    where = " ".join(
        part for part in (record.journal.abbreviation or record.journal.title, str(record.year or "")) if part
    )
    if record.volume:
        where += f"; {record.volume}" + (f"({record.issue})" if record.issue else "")
    yield "published", where + (f": {record.pages}" if record.pages else "")
    for kind in ("pmid", "pmcid", "doi", "pii"):
        value = getattr(record, kind)
        if value:
            mark = "unverified" if kind in record.unverified else "verified"
            if record.source not in {*NLM_SOURCES, "person"}:
                mark = "as exported, not checked"
            yield kind.upper(), "  ".join(part for part in (value, mark, _link(kind, value)) if part)
    if not record.identifiers:
        yield "identifier", "none seen yet: look for it by its title"
    if "bibliography" in record.unverified:
        yield "", "the bibliographic facts were entered from memory and are unverified"
    checked = record.status is not Status.NOT_CHECKED
    yield "status", str(record.status) if checked else "not checked with NLM"
    for correction in record.corrections:
        pmid = f" PMID:{correction.pmid}" if correction.pmid else ""
        yield "", f"{correction.type}: {correction.citation}{pmid}"
    types = ", ".join(term.name for term in record.publication_types)
    if types:
        yield "NLM's types", types
    for entry in record.registrations:
        yield "registered", f"{entry.registry} {entry.number}"
    others = [name for name in dossier.study.records if name != record.id]
    yield "study", dossier.study.id + (f"; other reports of it: {', '.join(others)}" if others else "")
    for row in dossier.screening:
        who = f" ({row.who}, {row.when})" if row.who else ""
        yield "screened", f"{row.decision}{': ' if row.reason else ''}{row.reason}{who}"
        if row.note:
            yield "", row.note
    for note in record.notes:
        yield "note", note
