"""Commands about the models of the mechanism: their numbers and their pictures."""

from __future__ import annotations

from typing import Annotated

import typer

from .frame import TEACH, JsonOption, app, print_json


@app.command(rich_help_panel=TEACH)
def parameters(
    name: Annotated[str, typer.Argument(help="One number (magnesium.half_block) or a group (magnesium).")] = "",
    as_json: JsonOption = False,
) -> None:
    """The numbers of the models: value, unit, preparation, source, and whether anybody has seen them there."""
    from ..models import listing

    found = listing.chosen(name)
    if as_json:
        print_json(listing.as_data(found))
    else:
        typer.echo("\n".join(map(listing.in_full if len(found) == 1 else listing.in_short, found)))
