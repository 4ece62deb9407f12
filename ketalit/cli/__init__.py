"""The `ketalit` command: parse arguments, call, print. No logic."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

from ..doctor import cannot_load
from ..errors import KetalitError
from ..escaping import terminal

if TYPE_CHECKING:
    from .commands import app

__all__ = ["app", "main"]

_STOPPED = 130  # what typer leaves with after Ctrl-C


def main() -> None:
    """Run the command; turn every fault the user can act on into one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal shows what it can, files and pipes get everything.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        from .commands import app  # not before: the package that parses arguments may itself be missing

        app()
    except KetalitError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except ImportError as error:
        if not (said := cannot_load(error)):
            raise
        _say(said)
        sys.exit(KetalitError.exit_code)
    except SystemExit as leave:
        if leave.code == _STOPPED:
            _say("stopped. What was stored is kept; the same command goes on from there.")
        raise


def __getattr__(name: str) -> Any:
    """`app`, loaded when somebody asks for it."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .commands import app

    return app


def _say(line: str) -> None:
    print(terminal(f"ketalit: {line}"), file=sys.stderr)
