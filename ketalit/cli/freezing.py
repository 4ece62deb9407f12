"""The command that freezes a review into a snapshot to cite, and holds one against its hashes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import IncompleteError
from .frame import BUILD, JsonOption, ReviewOption, app, folder_of, print_json


@app.command(rich_help_panel=BUILD)
def freeze(
    review: ReviewOption = None,
    to: Annotated[
        Path | None,
        typer.Option(help="A new or empty folder, or a new .zip file. Default: here, named after review and date."),
    ] = None,
    date: Annotated[str, typer.Option(help="The date it bears, YYYY-MM-DD. Default: today (UTC).")] = "",
    author: Annotated[
        list[str] | None, typer.Option(help="Who is to be cited: “Family, Given”, or a group. Repeatable.")
    ] = None,
    with_library: Annotated[
        bool, typer.Option("--with-library", help="Add the whole review, with all that came from NCBI.")
    ] = False,
    verify: Annotated[
        Path | None, typer.Option(help="Hold this snapshot (folder or .zip) against its hashes instead.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """A dated snapshot to cite: table, codebook, flow diagram, searches, methods, references, hashes."""
    from .. import freeze as freezing

    if verify is not None:
        found = freezing.verify(verify)
        if as_json:
            print_json({**_plain(found), "ok": found.ok})
        else:
            for what in ("changed", "missing", "added"):
                for name in getattr(found, what):
                    typer.echo(f"{what}: {name}")
            typer.echo(f"fingerprint {found.fingerprint}")
        if not found.ok:
            raise IncompleteError(f"{verify} is not as it was frozen")
        if not as_json:
            typer.echo(
                f"All {found.files} files are as they were frozen, if the fingerprint is the one that was cited."
            )
        return
    made = freezing.freeze(folder_of(review), to=to, date=date, authors=author or (), with_library=with_library)
    if as_json:
        print_json(_plain(made))
    else:
        typer.echo(f"wrote {made.path} ({len(made.files)} files, dated {made.date})")
        typer.echo(f"fingerprint {made.fingerprint}")
        typer.echo(
            "Nothing is pooled in it: `ketalit pool --list` names what can be, and `--to` writes a file to go with it."
        )


def _plain(found: object) -> dict[str, object]:
    """A dataclass for JSON."""
    values = {name: getattr(found, name) for name in found.__slots__}  # type: ignore[attr-defined]
    return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}
