"""Commands on the library of a review: check and mend it, pack it for a colleague, unpack it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import IncompleteError, OfflineError
from .frame import BUILD, JsonOption, OwnReviewOption, app, own_folder, print_json, telling

library = typer.Typer(no_args_is_help=True, help="Check, pack and unpack what came from NCBI.")
app.add_typer(library, name="library", rich_help_panel=BUILD)


@library.command("check")
def check_library(
    review: OwnReviewOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Put damaged records aside and fetch them again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Hold every stored byte against its hash, and say what an interrupted run has left."""
    from ..entrez import connect
    from ..fetch import fetch_into
    from ..library import FILE, quarantine
    from ..library import check_library as check

    folder = own_folder(review)
    found = check(folder / FILE)
    if as_json:
        print_json(found)
    else:
        for damage in found:
            typer.echo(f"{damage.id or folder / FILE}: {damage.what}")
    if repair and found:
        again = quarantine(folder / FILE, found)
        if again or any(damage.pending for damage in found):
            with telling() as say:
                report = fetch_into(folder, (), connect(say=say), say=say)
            typer.echo(str(report))
            if report.offline:
                what = (
                    f"there is no network to fetch {len(again)} damaged records with"
                    if again
                    else "there is no network"
                )
                raise OfflineError(what, next_step="They are put aside; `ketalit fetch` brings them again")
        by_hand = [name for name in again if not name.startswith(("PMID:", "PMCID:"))]
        if by_hand:
            typer.echo(f"To be imported again from their files: {', '.join(by_hand)}")
        found = check(folder / FILE)
    if not found:
        typer.echo("The library is as it was stored.", err=as_json)
    else:
        raise IncompleteError(
            f"{len(found)} {'thing needs' if len(found) == 1 else 'things need'} looking at",
            next_step="" if repair else "`ketalit library check --repair` fetches what is damaged again",
        )


@library.command("pack")
def pack_library(
    archive: Annotated[Path, typer.Argument(help="The archive to write, e.g. my-review.tar.gz.")],
    review: OwnReviewOption = None,
) -> None:
    """Pack the review and all that came from NCBI, so that a colleague can repeat it offline, byte for byte."""
    from ..library import pack

    typer.echo(f"wrote {pack(own_folder(review), archive)}")


@library.command("unpack")
def unpack_library(
    archive: Annotated[Path, typer.Argument(help="An archive that `ketalit library pack` wrote.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Make a review out of an archive; every byte is held against its hash."""
    from ..library import unpack

    typer.echo(f"{unpack(archive, folder)} is a review: `ketalit table -r {folder}`")
