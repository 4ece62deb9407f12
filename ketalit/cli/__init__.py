"""The `ketalit` command: parse arguments, call, print. No logic."""

from __future__ import annotations

import io
import sys

import typer

from ..errors import KetalitError

# Each adds its commands to `app`.
from . import (
    asking,
    claiming,
    doctoring,
    extracting,
    freezing,
    libraries,
    looking,
    mapping,
    modelling,
    pooling,
    reviewing,
    scanning,
    screening,
    teaching,
)
from .frame import app

__all__ = [
    "app",
    "asking",
    "claiming",
    "doctoring",
    "extracting",
    "freezing",
    "libraries",
    "looking",
    "main",
    "mapping",
    "modelling",
    "pooling",
    "reviewing",
    "scanning",
    "screening",
    "teaching",
]


_STOPPED = 130  # what typer leaves with after Ctrl-C


def main() -> None:
    """Run the command; turn every fault the user can act on into one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal shows what it can, files and pipes get everything.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        app()
    except KetalitError as error:
        typer.echo(f"ketalit: {error}", err=True)
        sys.exit(error.exit_code)
    except SystemExit as leave:
        if leave.code == _STOPPED:
            typer.echo("ketalit: stopped. What was stored is kept; the same command goes on from there.", err=True)
        raise
