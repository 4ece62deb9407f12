"""What the commands share: the app, its options, and where output goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from .. import __version__
from ..errors import IncompleteError, InputError
from ..escaping import json_in_terminal, terminal

if TYPE_CHECKING:
    from rich.console import Console

    from ..review import Review

# As a review goes; the panels of the help stand in the order of their first command.
ORDER = (
    *("new", "search", "fetch", "import", "refresh", "verify", "check", "freeze", "library", "scan"),
    *("screen", "prisma", "extract", "effects", "table", "show", "map", "pool"),
    *("claims", "audit", "cite", "read", "rules"),
    *("lessons", "lab", "present", "answers", "pictures", "parameters", "doctor"),
)


class _InOrder(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        """Commands in `ORDER`; one that is not named there comes last."""
        return sorted(super().list_commands(ctx), key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


app = typer.Typer(
    cls=_InOrder,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""The evidence on ketamine for chronic pain (or on your own question), from a page to a table.

Everything is done to a [bold]review[/bold], a plain folder: the one named with -r (“bundled”: the one that ships), else
the one you are in, else the bundled one.

  ketalit table                      the evidence, in the terminal
  ketalit table --to evidence.html   … as a page to sort and filter
  ketalit show sigtermans2009        all that is known of one record
  ketalit cite page.html             which works does this page cite?
  ketalit new my-review              start your own from a copy of the bundled
  ketalit search "ketamine AND pain" ask PubMed; --save NAME keeps the search
  ketalit refresh                    what has changed, and what it means
""",
    epilog="Exit codes: 0 fine · 1 something you gave cannot be used · 2 wrong usage · 3 a network was needed · "
    "4 done in part, or something you must look at. This tool states evidence; it gives no advice.",
)

SEE, BUILD, NCBI, SCREEN, TEACH = "See", "Build a review", "Ask NCBI", "Screen and extract", "Teach"
_NAMED = "bundled"  # what one may say for the folder of the bundled review

ReviewOption = Annotated[
    Path | None,
    typer.Option(
        "--review",
        "-r",
        help="Folder of the review, or “bundled”. Default: where you are, else the bundled one.",
        show_default=False,
    ),
]
OwnReviewOption = Annotated[
    Path | None,
    typer.Option("--review", "-r", help="Folder of your review. Default: where you are.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ketalit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def folder_of(review: Path | None) -> Path:
    """The review named, else the one we stand in, else the bundled one."""
    from ..review import BUNDLED

    if review == Path(_NAMED) and not review.exists():
        return BUNDLED
    return review or (Path() if Path("review.toml").exists() else BUNDLED)


def own_folder(review: Path | None) -> Path:
    """As `folder_of`, for what writes: the bundled review is never changed.

    Raises:
        InputError: there is no review of one's own to work on.
    """
    from ..review import BUNDLED

    folder = folder_of(review)
    if folder.resolve() == BUNDLED.resolve():
        raise InputError(
            "this needs a review of your own: the bundled one is not changed",
            next_step="`ketalit new my-review` (`--empty` without the bundled records), then `-r my-review`",
        )
    return folder


def open_review(review: Path | None) -> Review:
    """The review that a command is about."""
    from ..review import load_review

    return load_review(folder_of(review))


def console() -> Console:
    """Where results are printed."""
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Tell on standard error what is being waited for: a bar in a terminal, lines elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    errors = Console(stderr=True, highlight=False)
    if not errors.is_terminal:
        yield lambda line: typer.echo(terminal(line), err=True)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(20), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("", total=None)

        def say(line: str) -> None:
            amount = None if line.startswith("attempt") else re.search(r"([\d,]+) of ([\d,]+)", line)
            done, total = (int(part.replace(",", "")) for part in amount.groups()) if amount else (None, None)
            progress.update(task, description=terminal(line), completed=done, total=total)

        yield say


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    import msgspec

    echo_json(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def echo_json(text: str) -> None:
    """Print JSON, with nothing in it that a terminal could act on."""
    typer.echo(json_in_terminal(text))


def damaged() -> IncompleteError:
    """The error of an input of which some could be read."""
    return IncompleteError("the input is damaged", next_step="What could be read was; the rest is named above")
