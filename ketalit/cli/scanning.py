"""The command that reads whole PubMed files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import IncompleteError, InputError
from .frame import BUILD, JsonOption, app, console, open_review, print_json, telling


@app.command(rich_help_panel=BUILD)
def scan(
    files: Annotated[list[Path], typer.Argument(help="PubMed files (.xml.gz), or folders of such.")],
    to: Annotated[Path, typer.Option(help="Folder for the Parquet files. Run again, it goes on where it stopped.")],
    review: Annotated[
        Path | None,
        typer.Option("--review", "-r", help="Keep what this review's searches do not rule out.", show_default=False),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="Keep records where e.g. “year>=2015”, “design=crossover RCT”, “title~ketamine”. Repeatable."
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes on this machine (Dask); 0 does it in one.", show_default=False)
    ] = 0,
    scheduler: Annotated[
        str, typer.Option(help="Address of a Dask scheduler; its workers must see the same folders.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Read PubMed baseline and update files straight to Parquet.

    The records and findings are those of the rest of ketalit. Files apply in
    the order of their names: revisions replace, withdrawn records go. Folder
    current/ holds what counts at the end. A file that was read before and has
    not changed is passed over; a damaged one is named and stops no other.

      ketalit scan baseline updatefiles -r my-review --to scan
      ketalit scan pubmed25n*.xml.gz --where "title~ketamine" --to scan
      ketalit scan baseline -r my-review --to scan --workers 8

    A review's searches are judged on each record by itself. That is not what
    PubMed does (no MeSH tree, no translation of words); what differs is told.
    """
    from ..scan import scan as scan_files
    from ..scan import wanted_by
    from ..scan.terminal import as_plain, to_rich

    if workers and scheduler:
        raise InputError("--workers and --scheduler exclude each other", next_step="Name one of them")
    wanted = wanted_by(open_review(review) if review else None, where or ())
    with telling() as say:
        report = scan_files(files, to, wanted, workers=workers, scheduler=scheduler, say=say)
    if as_json:
        print_json(as_plain(report))
    else:
        console().print(to_rich(report))
    if not report.complete:
        raise IncompleteError(
            "not all of it could be read", next_step="What could be is there; the rest is named above"
        )
