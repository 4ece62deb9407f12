"""The command that draws the evidence map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .frame import SEE, JsonOption, ReviewOption, app, console, echo_json, open_review


@app.command("map", rich_help_panel=SEE)
def map_(
    review: ReviewOption = None,
    by: Annotated[str, typer.Option(help="Columns: route or followup.")] = "route",
    followup: Annotated[str, typer.Option(help="One window only: “within”, “up to”, “1 week”, “beyond”, “not”.")] = "",
    where: Annotated[
        list[str] | None, typer.Option(help="Keep studies where e.g. “year>=2010”, “n_total>=30”. Repeatable.")
    ] = None,
    screened: Annotated[
        str, typer.Option(help="What is counted: include, maybe, exclude, unscreened or all; the rest is shown beside.")
    ] = "include",
    why: Annotated[bool, typer.Option("--why", help="Each study with the rules that placed it.")] = False,
    to: Annotated[
        list[Path] | None, typer.Option(help="Write FILE instead: .svg .png .pdf .html .csv .md .json. Repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The evidence map: what was studied by which route and for how long, and where there is nothing.

    Rows are conditions, columns routes (or windows of follow-up). A cell tells
    how many trials and other studies there are, of what size, in whose favour,
    and in how many harms are told. A cell with 0 is a question nobody in this
    review has studied.

      ketalit map                      in the terminal
      ketalit map --to map.html        drawn, with the studies behind each cell
      ketalit map --by followup        how long were people followed?
      ketalit map --why                why each study stands where it stands
    """
    from .. import mapping
    from ..mapping.files import to_json
    from ..mapping.terminal import to_rich, why_rich

    found = mapping.evidence_map(open_review(review), screened=screened, where=where, followup=followup)
    found.columns(by)  # an unknown word is told before anything is written
    if to:
        for path in to:
            for written in mapping.export(found, path, by=by):
                typer.echo(f"wrote {written}")
    elif as_json:
        echo_json(to_json(found))
    else:
        screen = console()
        screen.print(why_rich(found, by) if why else to_rich(found, screen.width, by=by))
