"""The command that says what is wrong with an installation."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer

from .frame import JsonOption, app, print_json


@app.command(rich_help_panel="Help")
def doctor(
    online: Annotated[bool, typer.Option("--online", help="Ask NCBI one question too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """What is wrong with this installation, and what to do about it.

    Looks at versions, extras, JupyterLab and its widgets, folders, settings and
    the bundled review, and changes nothing. Whether a key for NCBI is set is told,
    never the key. Leaves with 1 where something is broken.

    Does the command itself not start? `python -m ketalit.doctor` says the same.
    """
    from ..doctor import as_plain, as_text, examine, look

    found = examine(look(online=online))
    told = as_plain(found)
    if as_json:
        print_json(told)
    else:
        typer.echo(as_text(found, min(shutil.get_terminal_size().columns, 110)))
    if told["broken"]:
        raise typer.Exit(1)
