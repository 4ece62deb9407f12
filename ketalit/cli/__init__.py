"""The `ketalit` command: parse arguments, call, print. No logic."""

from __future__ import annotations

import _thread
import io
import signal
import sys
import threading
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
    sys.unraisablehook = _told_or_heard
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


def _told_or_heard(lost: sys.UnraisableHookArgs) -> None:
    """Ctrl-C that comes while an object is taken apart would be told and forgotten: it comes again a little later."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        again = threading.Timer(0.05, _interrupt)  # not from here: this too is a place that forgets it
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(lost)


def _interrupt() -> None:
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:  # this one also wakes what sleeps or waits for an answer
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def __getattr__(name: str) -> Any:
    """`app`, loaded when somebody asks for it."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .commands import app

    return app


def _say(line: str) -> None:
    print(terminal(f"ketalit: {line}"), file=sys.stderr)
