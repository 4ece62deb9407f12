"""Commands about the models of the mechanism: their numbers and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError
from .frame import TEACH, JsonOption, app, print_json


@app.command(rich_help_panel=TEACH)
def parameters(
    name: Annotated[str, typer.Argument(help="One number (magnesium.half_block) or a group (magnesium).")] = "",
    presets: Annotated[bool, typer.Option("--presets", help="The schedules known by name instead.")] = False,
    kinetics: Annotated[bool, typer.Option("--kinetics", help="The kinetic models instead.")] = False,
    targets: Annotated[bool, typer.Option("--targets", help="The targets instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The numbers of the models: value, unit, preparation, source, and whether anybody has seen them there."""
    from ..models import listing

    if presets or kinetics or targets:
        if presets + kinetics + targets > 1:
            raise InputError("several lists are asked for", expected="one of --presets, --kinetics and --targets")
        rows = listing.presets() if presets else listing.kinetic_models() if kinetics else listing.targets()
        rows = listing.named(rows, name)
        if as_json:
            print_json(listing.as_rows(rows))
        else:
            typer.echo("\n".join(map(listing.row_in_full if len(rows) == 1 else listing.one_line, rows)))
        return
    found = listing.chosen(name)
    if as_json:
        print_json(listing.as_data(found))
    else:
        typer.echo("\n".join(map(listing.in_full if len(found) == 1 else listing.in_short, found)))


@app.command(rich_help_panel=TEACH)
def pictures(
    name: Annotated[str, typer.Argument(help="One picture (occupancy); without, a page of all.")] = "",
    to: Annotated[Path | None, typer.Option(help="Write FILE: .svg .png .pdf for one, .html for all.")] = None,
) -> None:
    """Pictures of the mechanism, drawn from the models: receptor, wind-up, concentrations, targets."""
    from ..figures.mechanism import gallery
    from ..figures.mechanism.gallery import gallery_page, picture
    from ..files import write_atomically

    if name:
        typer.echo(f"wrote {picture(name).save(to or Path(f'{name}.svg'))}")
    elif to and to.suffix.lower() not in (".html", ".htm"):
        raise InputError("all pictures go on one page", where=str(to), expected="a name that ends in .html")
    elif to:
        typer.echo(f"wrote {write_atomically(to, gallery_page().encode())}")
    else:
        for called, drawn in gallery().items():
            typer.echo(f"{called:16} {drawn.title}")
        typer.echo("`ketalit pictures NAME --to NAME.svg` writes one, `ketalit pictures --to pictures.html` all")
