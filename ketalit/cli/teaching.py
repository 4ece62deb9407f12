"""Commands about the lessons: list them, work in them, present one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError
from ..escaping import one_line, spreadsheet
from ..lessons.course import Lesson, lesson_path, read_lesson
from ..lessons.course import lessons as all_lessons
from ..lessons.editions import Copy, Edition, copies, fresh, lay_out, record
from ..telling import adds, count_of
from .frame import TEACH, JsonOption, app, console, print_json

if TYPE_CHECKING:
    from pandas import DataFrame

# The page of `present`; and for `lab`, that JupyterLab does not ask a learner about news, nor the web about updates.
# In its `config`: no pings, which are for a server far away, and no settings of the old Notebook; both only warn here.
_JUPYTER = Path(__file__).parents[1] / "lessons" / "jupyter"
_FOLDER = Path("ketalit-lessons")
# What else is installed cannot disturb the page.
_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")

LessonReviewOption = Annotated[
    Path | None,
    typer.Option("--review", "-r", help="Review that lessons 6 to 10 work on. Default: bundled.", show_default=False),
]
PortOption = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help="Port of the local server. Default: a free one.", show_default=False),
]
NoBrowserOption = Annotated[bool, typer.Option("--no-browser", help="Print the address instead of opening it.")]


@app.command(rich_help_panel=TEACH)
def lessons(
    number: Annotated[str, typer.Argument(help="One lesson: 1, 01 or the-magnesium-gate.")] = "",
    as_json: JsonOption = False,
) -> None:
    """The lessons: number, title and minutes; of one, what one can do at its end."""
    found = [read_lesson(lesson_path(number))] if number else all_lessons()
    if as_json:
        print_json([_as_data(one) for one in found])
    elif number:
        typer.echo(_in_full(found[0]))
    else:
        _print_table(found)


@app.command(rich_help_panel=TEACH)
def lab(
    number: Annotated[str, typer.Argument(metavar="[LESSON]", help="Lesson to open first; all are copied.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="Folder to work in. Default: ketalit-lessons, here.", show_default=False)
    ] = None,
    edition: Annotated[
        Edition, typer.Option(help="instructor adds timings, expected answers and worked panels.")
    ] = Edition.STUDENT,
    review: LessonReviewOption = None,
    fresh_copies: Annotated[
        bool, typer.Option("--fresh", help="New copies, in a new folder named by the day.")
    ] = False,
    port: PortOption = None,
    no_browser: NoBrowserOption = False,
    allow_root: Annotated[bool, typer.Option("--allow-root", help="Let JupyterLab run as root.")] = False,
) -> None:
    """Work in the lessons: copy them to a folder and open JupyterLab there. What you changed is never overwritten."""
    _need({"jupyterlab": "JupyterLab", "anywidget": "anywidget", "ipywidgets": "ipywidgets"}, "lab")
    opened = lesson_path(number).name if number else ""
    settings = _settings(review, edition is Edition.INSTRUCTOR)
    port = _port(port, 8888)
    if not allow_root and _is_root() and not _root_may():
        raise InputError("JupyterLab does not run as root unless told to", next_step="`ketalit lab --allow-root`")
    folder = to or (_FOLDER if edition is Edition.STUDENT else _FOLDER.with_name(f"{_FOLDER.name}-instructor"))
    folder = (fresh(folder, date.today()) if fresh_copies else folder).resolve()
    planned = copies(folder, edition)
    lay_out(folder, planned)
    record(folder, planned)
    _trust([one for one in planned if not one.kept])
    typer.echo(f"The lessons are in {folder}", err=True)
    if kept := [one.path.name for one in planned if one.kept]:
        typer.echo(f"Kept as you left them: {', '.join(kept)}. `--fresh` makes new copies elsewhere.", err=True)
    command = [
        *("jupyterlab", f"--ServerApp.root_dir={folder}", "--ServerApp.answer_yes=True"),
        *("--log-level=WARN", "--LabApp.log_level=WARN"),  # the address is not to drown
        *(["--allow-root"] if allow_root else []),
        *(f"--port={port}", "--ServerApp.port_retries=0"),
        *(["--no-browser"] if no_browser else []),
        *([f"--LabApp.default_url=/lab/tree/{opened}"] if opened else []),  # which it prints and opens
        *_encrypted(),
    ]
    settings |= {"KETALIT_ANSWERS": str(folder / "answers.csv")}
    raise typer.Exit(_serve(command, settings | _first("JUPYTER_CONFIG_PATH", _JUPYTER / "config")))


@app.command(rich_help_panel=TEACH)
def present(
    number: Annotated[str, typer.Argument(metavar="LESSON", help="Lesson: 1, 01 or the-magnesium-gate.")],
    instructor: Annotated[
        bool, typer.Option("--instructor", help="Predictions can be skipped. Notes stay off the screen.")
    ] = False,
    review: LessonReviewOption = None,
    port: PortOption = None,
    no_browser: NoBrowserOption = False,
) -> None:
    """Show a lesson on a projector: no code, larger type, live panels. `?s=CODE` opens a panel at shared settings."""
    _need({"voila": "Voila", "anywidget": "anywidget", "ipywidgets": "ipywidgets"}, "present")
    chosen = lesson_path(number).name
    settings = _settings(review, instructor) | {"KETALIT_PRESENT": "1"}
    port = _port(port, 8866)
    with TemporaryDirectory(prefix="ketalit-") as made:
        folder = Path(made)
        planned = copies(folder, Edition.STUDENT, projector=True)
        lay_out(folder, planned)
        _trust([one for one in planned if one.path.name == chosen], folder)
        command = [
            *("voila", str(folder / chosen), "--template=ketalit", "--show_tracebacks=True"),
            *("--Voila.log_level=WARN", f"--NotebookNotary.data_dir={folder}"),
            *(part for name in _EXTENSIONS for part in ("--VoilaConfiguration.extension_allowlist", name)),
            *(f"--port={port}", "--Voila.port_retries=0"),
            *(["--no-browser"] if no_browser else []),
            *_encrypted(),
        ]
        settings |= _first("JUPYTER_PATH", _JUPYTER) | _first("JUPYTER_CONFIG_PATH", _JUPYTER / "config")
        raise typer.Exit(_serve(command, settings, told_at=port))


@app.command(rich_help_panel=TEACH)
def answers(
    logs: Annotated[list[Path], typer.Argument(metavar="LOGS…", help="answers.csv of each learner.")],
    to: Annotated[
        list[Path] | None,
        typer.Option(help="Write FILE: .svg (sure against right), .csv (first answers). Repeatable."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What a class answered: the hardest questions first, and whether it was as right as it was sure.

    `ketalit lab` writes each answer to answers.csv in the folder of the
    lessons. Only the first answer of a learner to a question counts. Learners
    are numbered; nothing names them.

      ketalit answers class/*.csv --to class.svg
    """
    _need({"anywidget": "anywidget", "ipywidgets": "ipywidgets"}, "lab")
    from ..files import write_atomically
    from ..lessons.clinic.calibration import drawn, said, trust
    from ..lessons.logged import by_question, read_answers

    for path in to or ():
        if path.suffix.lower() not in (".svg", ".csv"):
            raise InputError("cannot be written", where=str(path), expected="a name that ends in .svg or .csv")
    table = read_answers(logs)
    questions, found = by_question(table), trust(table, "the class")
    words = said(found, "The class") if found.answers else "No answer says how sure its learner was."
    harmless = table.map(lambda cell: spreadsheet(cell) if isinstance(cell, str) else cell)
    for path in to or ():
        made = harmless.to_csv(index=False) if path.suffix.lower() == ".csv" else drawn(found, None, words).svg
        typer.echo(f"wrote {write_atomically(path, made.encode())}")
    if as_json:
        print_json({"learners": len(logs), "said": words, "questions": json.loads(questions.to_json(orient="records"))})
    elif not to:
        _print_questions(questions)
    if not as_json:
        typer.echo(f"{count_of(len(logs), 'learner')}. {words}")


def _print_questions(questions: DataFrame) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("lesson", "question", "answers", "right", "sure", "commonest wrong answer", box=None)
    for one in questions.to_dict("records"):
        sure = "" if isnan(one["sure"]) else f"{one['sure']:.0f} %"
        cells = (one["lesson"], one["item"], str(one["answers"]), f"{100 * one['right']:.0f} %", sure)
        table.add_row(*(Text(one_line(cell)) for cell in (*cells, one["commonest_wrong"])))
    console().print(table)


def _as_data(one: Lesson) -> dict[str, object]:
    return {
        "number": one.number,
        "title": one.title,
        "minutes": one.minutes,
        "objectives": one.objectives,
        "notebook": one.path.name,
    }


def _in_full(one: Lesson) -> str:
    goals = "\n".join(f"  {at}. {goal}" for at, goal in enumerate(one.objectives, 1))
    return (
        f"{one.number}  {one.title} · {one.minutes} minutes\n\nAt the end you can\n{goals}\n\n"
        f"`ketalit lab {one.number}` opens it to work in, `ketalit present {one.number}` on a projector."
    )


def _print_table(found: Sequence[Lesson]) -> None:
    from rich.table import Table

    table = Table("", "lesson", "minutes", box=None, padding=(0, 2, 0, 0))
    table.columns[2].justify = "right"
    for one in found:
        table.add_row(one.number, one.title, str(one.minutes))
    console().print(table)
    typer.echo(f"`ketalit lessons {found[-1].number}`: what one can do at its end.")


def _need(modules: Mapping[str, str], extra: str) -> None:
    missing = [name for module, name in modules.items() if find_spec(module) is None]
    if missing:
        raise InputError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed",
            next_step=adds(extra),
        )


def _port(asked: int | None, usual: int) -> int:
    """The port asked for; where none was, the first that is free from the usual one on.

    Raises:
        InputError: it is taken, or not for everybody. Jupyter would take another without a word.
    """
    for port in [asked] if asked else range(usual, usual + 100):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError as error:
            if asked:
                raise InputError(
                    f"port {asked} cannot be used ({error.strerror})",
                    next_step="Give another --port, or none: then a free one is taken",
                ) from None
        else:
            return port
    raise InputError("no free port was found", where=f"{usual} to {usual + 99}", next_step="Give one with --port")


def _trust(planned: Sequence[Copy], kept_in: Path | None = None) -> None:
    """Sign notebooks that were just laid out, as somebody who ran them would; their pictures are shown at once.

    Args:
        planned: the copies.
        kept_in: folder of the signatures; without, Jupyter's own.
    """
    from nbformat import read
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary(**({"data_dir": str(kept_in)} if kept_in else {}))  # type: ignore[no-untyped-call]
    for one in planned:
        if one.path.suffix == ".ipynb":
            notary.sign(read(one.path, as_version=4))  # type: ignore[no-untyped-call]


def _encrypted() -> list[str]:
    """That kernels speak encrypted, where this Jupyter can."""
    import zmq
    from jupyter_client.manager import KernelManager

    can = KernelManager.class_traits().keys() >= {"transport_encryption"} and zmq.has("curve")
    return ["--KernelManager.transport_encryption=auto"] if can else []


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _root_may() -> bool:
    """Whether Jupyter's own configuration lets root run it."""
    from jupyter_server.serverapp import ServerApp

    server = ServerApp()
    server.load_config_file()
    return bool(server.allow_root)


def _settings(review: Path | None, instructor: bool) -> dict[str, str]:
    """What the lessons' kernels find in their environment.

    Raises:
        InputError: the folder is not a review.
    """
    settings = {"KETALIT_INSTRUCTOR": "1"} if instructor else {}
    if review:
        from ..review import load_review

        load_review(review)
        settings["KETALIT_REVIEW"] = str(review.resolve())
    return settings


def _first(variable: str, path: Path) -> dict[str, str]:
    """A search path of the environment with another folder before the rest."""
    return {variable: os.pathsep.join([str(path), *filter(None, [os.environ.get(variable)])])}


def _serve(command: Sequence[str], settings: Mapping[str, str], told_at: int | None = None) -> int:
    """Run a server in this Python until it ends or somebody stops it; say where, when it answers at port `told_at`."""
    with subprocess.Popen([sys.executable, "-m", *command], env={**os.environ, **settings}) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            if told_at and _answers(server, told_at):
                typer.echo(f"Shown at http://localhost:{told_at}/ · Ctrl-C ends it", err=True)
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            server.wait()
            return 0


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until a server answers at its port; False when it ends before."""
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
