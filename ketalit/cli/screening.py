"""Commands that screen: decide on records, compare two reviewers, rule on conflicts, count for PRISMA."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..errors import IncompleteError, InputError
from .frame import SCREEN, JsonOption, OwnReviewOption, ReviewOption, app, echo_json, folder_of, own_folder

if TYPE_CHECKING:
    from ..screening import Stage

screen = typer.Typer(help="Screen the records of your review, alone or as two reviewers blind to each other.")
app.add_typer(screen, name="screen", rich_help_panel=SCREEN)

StageOption = Annotated[Literal["title", "full"], typer.Option(help="Title and abstract, or full text.")]
Who = Annotated[str, typer.Option("--as", metavar="INITIALS", help="Who decides.")]
Single = Annotated[bool, typer.Option("--single", help="The review has one reviewer; reports say so.")]
Partial = Annotated[bool, typer.Option("--partial", help="Although a stage is not finished.")]
Record = Annotated[str, typer.Argument(help="A key, PMID, PMCID or DOI.")]
Decision = Annotated[Literal["include", "exclude", "maybe"], typer.Argument()]
Reason = Annotated[str, typer.Option(help="For leaving out; one of the reasons of review.toml.")]
Note = Annotated[str, typer.Option(help="Why, in your words.")]


@screen.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    who: Who = "",
    stage: StageOption = "title",
    review: OwnReviewOption = None,
    order: Annotated[str, typer.Option(help="“random:SEED” for an order of chance; else that of the review.")] = "",
    single: Single = False,
    again: Annotated[bool, typer.Option("--again", help="Also records that are decided already.")] = False,
) -> None:
    """Screen record after record with one key each; every decision is saved at once."""
    if context.invoked_subcommand:
        return
    if not who:
        raise InputError(
            "nobody is named", expected="`ketalit screen --as AB`", next_step="Each reviewer has a file in votes/"
        )
    from .. import screening

    session = screening.screen(own_folder(review), who, _stage(stage), order=order, single=single, again=again)
    if session.left:
        typer.echo("The same command goes on from there.")


@screen.command()
def vote(
    record: Record,
    decision: Decision,
    who: Who,
    stage: StageOption = "title",
    reason: Reason = "",
    note: Note = "",
    single: Single = False,
    review: OwnReviewOption = None,
) -> None:
    """Decide on one record, without the dialogue."""
    from .. import screening
    from ..review import load_review

    folder = own_folder(review)
    loaded = load_review(folder)
    before = screening.load_votes(folder, loaded)
    choice = screening.Choice(decision)
    cast = screening.vote(
        folder, who, _stage(stage), record, choice, reason=reason, note=note, single=single, review=loaded
    )
    earlier = before[who].current(_stage(stage)).get(cast.record) if who in before else None
    typer.echo(f"Saved: {cast.decision}, {cast.record}" + (f" (was {earlier.decision})" if earlier else ""))
    if who not in before and len(before) > 1:
        others = ", ".join(before)
        typer.echo(f"{who} is new beside {others}. A slip? Remove votes/{who}.csv.", err=True)


@screen.command()
def agreement(
    reviewers: Annotated[list[str] | None, typer.Argument(help="Two, where more than two have voted.")] = None,
    stage: StageOption = "title",
    partial: Partial = False,
    review: OwnReviewOption = None,
) -> None:
    """How well two reviewers agree in a stage: kappa with its interval, the table, what skews it."""
    from .. import screening

    found = screening.agreement(own_folder(review), _stage(stage), reviewers or (), partial=partial)
    typer.echo(screening.agreement_text(found))


@screen.command()
def adjudicate(
    who: Annotated[
        str,
        typer.Option("--as", metavar="WHO", help="Rule on one after the other: a third person, or “AB+CD, discussed”."),
    ] = "",
    single: Single = False,
    partial: Partial = False,
    write: Annotated[bool, typer.Option("--write", help="Write what is final to screening.csv.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="… also where it says something else now.")] = False,
    review: OwnReviewOption = None,
) -> None:
    """What the votes come to: what is final, what goes to full text, which conflicts need a ruling.

    With --as it shows each conflict with its title, abstract and both votes, and takes your ruling with one key.
    """
    from .. import screening

    folder = own_folder(review)
    if who:
        screening.rule_all(folder, who, single=single, partial=partial)
    found = screening.adjudicate(folder, single=single, partial=partial)
    if not who:
        typer.echo(screening.adjudication_text(found))
    if write:
        written = screening.write_decisions(folder, single=single, partial=partial, replace=replace)
        typer.echo(screening.written_text(written))
    if found.conflicts:
        ways = (
            "The same command goes on from there" if who else "`ketalit screen adjudicate --as EF` shows each of them"
        )
        one = next(iter(found.conflicts))
        stage = " --stage full" if one.stage is screening.Stage.FULL_TEXT else ""
        by_command = f"`ketalit screen rule {one.record} include --as {quote(who or 'EF')}{stage}`"
        raise IncompleteError(
            f"{len(found.conflicts)} to be ruled on", next_step=f"{ways}; without a terminal: {by_command}"
        )
    if who and not write:
        typer.echo("`ketalit screen adjudicate --write` puts what is final into screening.csv.")


@screen.command()
def rule(
    record: Record,
    decision: Decision,
    who: Annotated[str, typer.Option("--as", metavar="WHO", help="A third person, or “AB+CD, discussed”.")],
    stage: StageOption = "title",
    reason: Reason = "",
    note: Note = "",
    review: OwnReviewOption = None,
) -> None:
    """Rule on a record about which two reviewers differ."""
    from .. import screening

    ruling = screening.rule(
        own_folder(review), record, _stage(stage), screening.Choice(decision), who=who, reason=reason, note=note
    )
    typer.echo(f"Saved: {ruling.decision}, {ruling.record}")


@app.command(rich_help_panel=SCREEN)
def prisma(
    folder: Annotated[Path | None, typer.Argument(help="The review. Default: where you are.")] = None,
    review: ReviewOption = None,
    to: Annotated[
        list[Path] | None, typer.Option(help="Write FILE instead: .svg .png .pdf, .md or .json. Repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The counts of a PRISMA 2020 flow diagram, taken from what really happened."""
    from .. import prisma as counting

    counts = counting.count_prisma(folder_of(folder or review))
    for path in to or ():
        counting.check_target(path)
    for path in to or ():
        typer.echo(f"wrote {counting.export(counts, path)}")
    if as_json:
        echo_json(counting.prisma_json(counts).rstrip())
    elif not to:
        typer.echo(counting.prisma_text(counts))


def _stage(word: str) -> Stage:
    from ..screening import Stage

    return Stage.FULL_TEXT if word == "full" else Stage.TITLE_ABSTRACT
