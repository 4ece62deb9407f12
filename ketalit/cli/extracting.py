"""Commands that check what was read: accept and correct values, compare two people, settle what they agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import IncompleteError, InputError
from ..vocabulary import Missing
from .frame import SCREEN, OwnReviewOption, app, own_folder

if TYPE_CHECKING:
    from ..extraction import Saved

extract = typer.Typer(no_args_is_help=True, help="Check what was read out of records, alone or as two people.")
app.add_typer(extract, name="extract", rich_help_panel=SCREEN)

Record = Annotated[str, typer.Argument(help="A key, PMID, PMCID or DOI.")]
Field = Annotated[str, typer.Argument(help="Name of a field, e.g. n_total.")]
Who = Annotated[str, typer.Option("--as", metavar="INITIALS", help="Who checks.")]
Double = Annotated[bool, typer.Option("--double", help="Two people, blind to each other: write to extraction/WHO.csv.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace what you said before; it is kept in the history.")]
Partial = Annotated[bool, typer.Option("--partial", help="Although somebody is not finished.")]


@extract.command("record")
def one_record(
    who: Who,
    record: Annotated[
        str, typer.Argument(help="A key, PMID, PMCID or DOI. Default: the next included one.", show_default=False)
    ] = "",
    review: OwnReviewOption = None,
    fields: Annotated[list[str] | None, typer.Option("--field", help="Ask only this field. Repeatable.")] = None,
    between: Annotated[str, typer.Option(metavar="AB,CD", help="Rule on what these two differ on.")] = "",
    double: Double = False,
    again: Annotated[bool, typer.Option("--again", help="Also what you have answered.")] = False,
) -> None:
    """Go through a record field by field: what was read, where it stands; one key accepts or corrects it."""
    from .. import extraction

    people = [name.strip() for name in between.split(",") if name.strip()]
    folder = own_folder(review)
    if people and not record:
        raise InputError("no record is named", expected="one of those that `ketalit extract agreement` lists")
    if not record:
        standings = extraction.progress(folder, who, double=double, fields=fields or ())
        if not standings:
            raise InputError("no record is included yet", next_step="Name a record, or `ketalit screen` first")
        record = extraction.next_record(standings)
        if not record:
            typer.echo(extraction.progress_text(standings).splitlines()[-1])
            return
    extraction.extract(folder, record, who, double=double, between=people, fields=fields or (), again=again)


@extract.command()
def progress(
    who: Who,
    review: OwnReviewOption = None,
    fields: Annotated[list[str] | None, typer.Option("--field", help="Count only this field. Repeatable.")] = None,
    double: Double = False,
) -> None:
    """How many fields you have answered of each included record."""
    from .. import extraction

    found = extraction.progress(own_folder(review), who, double=double, fields=fields or ())
    typer.echo(extraction.progress_text(found))


@extract.command()
def accept(
    record: Record,
    field: Field,
    who: Who,
    value: Annotated[str, typer.Option(help="Yours, or “not reported”, …. Default: the value that was read.")] = "",
    quote: Annotated[str, typer.Option(help="The words it was read from.")] = "",
    locator: Annotated[str, typer.Option(help="Where, e.g. “table 2”.")] = "",
    note: Annotated[str, typer.Option(help="A remark.")] = "",
    review: OwnReviewOption = None,
    double: Double = False,
    replace: Replace = False,
) -> None:
    """Take one value, as it was read or as you correct it; it lands in extraction.csv with its quote."""
    from .. import extraction

    said, missing = _given(value)
    saved = extraction.accept(
        own_folder(review),
        record,
        field,
        value=said,
        missing=missing,
        quote=quote or None,
        locator=locator,
        note=note,
        who=who,
        double=double,
        replace=replace,
    )
    _say(saved)


@extract.command()
def agreement(partial: Partial = False, review: OwnReviewOption = None) -> None:
    """How well two people agree, field by field, and where they differ."""
    from .. import extraction

    found = extraction.compare(own_folder(review), partial=partial)
    typer.echo(extraction.comparison_text(found))
    if found.conflicts:
        shows = f"`ketalit extract record {found.conflicts[0].first.record} --as EF --between {','.join(found.people)}`"
        next_step = f"{shows} shows those of one record; without a terminal: `ketalit extract rule`"
        raise IncompleteError(f"{len(found.conflicts)} to be ruled on", next_step=next_step)


@extract.command()
def settle(partial: Partial = False, replace: Replace = False, review: OwnReviewOption = None) -> None:
    """Write what two people agree on to extraction.csv, as checked by two."""
    from .. import extraction

    typer.echo(extraction.settled_text(extraction.settle(own_folder(review), partial=partial, replace=replace)))


@extract.command()
def rule(
    record: Record,
    field: Field,
    value: Annotated[str, typer.Argument(help="The value, or “not reported”, “not applicable”.")],
    who: Annotated[str, typer.Option("--as", metavar="WHO", help="A third person, or “AB+CD”.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    review: OwnReviewOption = None,
) -> None:
    """Rule on a value about which two people differ."""
    from .. import extraction

    if not value.strip():
        raise InputError("no value is given", expected="a value, “not reported” or “not applicable”")
    said, missing = _given(value)
    _say(extraction.rule(own_folder(review), record, field, value=said, missing=missing, who=who, note=note))


def _given(text: str) -> tuple[str | None, Missing | None]:
    """A value, or one of the reasons for there being none."""
    return (None, Missing(text)) if text in tuple(Missing) else (text or None, None)


def _say(saved: Saved) -> None:
    from ..extraction.report import UNSEEN, saved_text

    typer.echo(saved_text(saved))
    if saved.unseen:
        typer.echo(UNSEEN, err=True)
