"""Commands that build a review: start one, bring files in, check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import IncompleteError, InputError, KetalitError
from ..escaping import terminal
from ..telling import count_of
from .frame import BUILD, JsonOption, OwnReviewOption, ReviewOption, app, damaged, folder_of, own_folder, print_json


@app.command(rich_help_panel=BUILD)
def new(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    empty: Annotated[bool, typer.Option("--empty", help="Without the records of the bundled one.")] = False,
) -> None:
    """Start a review of your own: a copy of the bundled one to edit, or with --empty one to fill."""
    from ..review import new_review

    path = new_review(folder, empty=empty)
    typer.echo(f"{path} is yours: edit review.toml and the CSV files, then `ketalit check {path}`.")
    if empty:
        typer.echo(f"Next: `cd {path}`, write your question into review.toml, and `ketalit search QUERY --save NAME`.")


@app.command("import", rich_help_panel=BUILD)
def import_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="PubMed XML, PMC JATS, MEDLINE (.nbib), RIS, BibTeX, or CSV/XLSX exports of other databases."
        ),
    ] = None,
    review: OwnReviewOption = None,
    undo: Annotated[
        list[str] | None, typer.Option(metavar="RECORD", help="Take back that this record was merged. Repeatable.")
    ] = None,
) -> None:
    """Bring records of files into your review's library; duplicates are found, shown, and can be undone."""
    from .. import duplicates
    from ..intake import bring_in

    folder = own_folder(review)
    for record in undo or ():
        for line in duplicates.undo(folder, record):
            typer.echo(f"{line.record} and {line.same_as} are two works from now on.")
    if not files:
        if undo:
            return
        raise InputError("no file is named", expected="files of records")
    intake = bring_in(folder, files)
    for problem in intake.problems:
        typer.echo(terminal(str(problem)), err=True)
    typer.echo(str(intake))
    for line in intake.duplicates:
        typer.echo(terminal(f"  {line.record} {line.decision} as {line.same_as}: {line.reason}"))
    if intake.duplicates:
        typer.echo("Wrong? `ketalit import --undo RECORD`, or “different” in duplicates.csv.")
    typer.echo("See them with `ketalit table --screened unscreened`; decide with `ketalit screen --as INITIALS`.")
    if not intake.complete:
        raise damaged()


@app.command(rich_help_panel=BUILD)
def check(
    folder: Annotated[Path | None, typer.Argument(help="The review. Default: where you are.")] = None,
    review: ReviewOption = None,
    explained: Annotated[bool, typer.Option("--all", help="Show the explained ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Every problem of a review, with file, line, column, what was expected and what was found."""
    from ..checks import check_review
    from ..extraction import read_entries
    from ..review import read_review
    from ..screening import read_rulings, read_votes

    path = folder_of(folder or review)
    read, problems = read_review(path)
    if read:
        problems += read_votes(path, read)[1] + read_rulings(path, read)[1]
        problems += read_entries(path, read)[1]
    doubts = check_review(read) if read else []
    unexplained = [doubt for doubt in doubts if not doubt.explained]
    if as_json:
        print_json({"problems": problems, "doubts": doubts})
    else:
        for line in [*problems, *(doubts if explained else unexplained)]:
            typer.echo(str(line))
        form, doubtful = count_of(len(problems), "problem"), count_of(len(unexplained), "doubtful value")
        known = f"{len(doubts) - len(unexplained)} explained{'' if explained else ' (--all shows them)'}"
        typer.echo(f"{form} of form, {doubtful}, {known}.")
    if any(problem.fatal for problem in problems):
        raise KetalitError(f"{path.resolve().name} cannot be used as it is", next_step="Correct the lines above")
    if unexplained or problems:
        raise IncompleteError("somebody must look at the lines above")
