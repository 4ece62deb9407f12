"""The `ketalit` command: parse arguments, call, print. No logic."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import __version__
from .errors import IncompleteError, KetalitError

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""The evidence on ketamine for chronic pain (or on your own question), from a page to a table.

Everything is done to a [bold]review[/bold]: a plain folder. Without one, the bundled review is used.

  ketalit table                        the evidence, in the terminal
  ketalit table --to evidence.html     … as a page to sort and filter
  ketalit show sigtermans2009          all that is known of one record
  ketalit cite page.html               which works does this page cite?
  ketalit read pubmed.xml              what does this record report, and where does it say so?
  ketalit new my-review                start your own from a copy of the bundled one
""",
    epilog="Exit codes: 0 fine · 1 something you gave cannot be used · 2 wrong usage · 3 a network was needed · "
    "4 done in part, or something you must look at. This tool states evidence; it gives no advice.",
)

ReviewOption = Annotated[
    Path | None,
    typer.Option("--review", "-r", help="Folder of the review. Default: the bundled one.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


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


@app.command()
def table(
    review: ReviewOption = None,
    view: Annotated[str, typer.Option(help="design, outcomes, safety or full.")] = "design",
    where: Annotated[
        list[str] | None,
        typer.Option(help="Keep rows where e.g. “n_total>=30”, “condition~CRPS”, “design=crossover RCT”. Repeatable."),
    ] = None,
    sort: Annotated[str, typer.Option(help="Fields to sort by; “-” before one for descending.")] = "design,-year",
    screened: Annotated[str, typer.Option(help="include, maybe, exclude, unscreened or all.")] = "include",
    to: Annotated[
        list[Path] | None,
        typer.Option(
            help="Write FILE instead: .html .xlsx .csv .md .docx, or references as .ris .bib .json. Repeatable."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The evidence table, every cell traced to its source."""
    from .export import export
    from .export.terminal import to_rich
    from .review import load_review
    from .table import evidence_table

    evidence = evidence_table(load_review(review), view=view, where=where, sort=sort, screened=screened)
    if to:
        for path in to:
            for written in export(evidence, path):
                typer.echo(f"wrote {written}")
    elif as_json:
        typer.echo(evidence.to_json())
    else:
        console = _console()
        console.print(to_rich(evidence, console.width))


@app.command()
def show(
    record: Annotated[str, typer.Argument(help="A key, PMID, PMCID or DOI.")],
    review: ReviewOption = None,
    as_json: JsonOption = False,
) -> None:
    """Everything known of one record, with the origin of each value."""
    from .review import load_review
    from .show import dossier, to_rich

    loaded = load_review(review)
    found = dossier(loaded, loaded.find(record))
    if as_json:
        _print_json(found)
    else:
        _console().print(to_rich(found))


@app.command()
def cite(
    pages: Annotated[list[str], typer.Argument(help="Text, HTML or Markdown files, URLs, or “-” for standard input.")],
    review: ReviewOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the works that a page cites, and look them up in the review."""
    from . import citations, resolve
    from .page import open_page
    from .review import load_review

    opened = [open_page(page) for page in pages]
    found = [citation for page in opened for citation in citations.find_citations(page)]
    resolutions = resolve.resolve(found, load_review(review))
    if as_json:
        _print_json(resolve.as_json(resolutions))
    else:
        unused = [link for page in opened for link in citations.other_links(page, found)]
        _console().print(resolve.render_text(resolutions, unused, [page.source for page in opened]))


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="PubMed XML (.xml, .gz), PMC JATS (.nxml) or MEDLINE (.nbib).")],
    review: ReviewOption = None,
    abstract_only: Annotated[bool, typer.Option("--abstract-only", help="Read title and abstract only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per record and line.")] = False,
) -> None:
    """Read design, size, dose, follow-up and outcome out of records; each with its sentence."""
    from . import reading
    from .reading.terminal import to_rich
    from .records.files import read_file
    from .review import load_review

    drugs = load_review(review).drugs
    console = _console()
    incomplete = False
    for path in files:
        result = read_file(path)
        incomplete |= not result.complete
        for problem in result.problems:
            typer.echo(str(problem), err=True)
        for record in result.records:
            findings = reading.read_record(record, drugs=drugs, abstract_only=abstract_only)
            if as_json:
                typer.echo(json.dumps(reading.as_json(record, findings, file=str(path)), ensure_ascii=False))
            else:
                console.print(to_rich(record, findings, abstract_only=abstract_only))
    if incomplete:
        raise _damaged()


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    empty: Annotated[bool, typer.Option("--empty", help="Without the records of the bundled one.")] = False,
) -> None:
    """Start a review of your own: a copy of the bundled one, to edit."""
    from .review import new_review

    path = new_review(folder, empty=empty)
    typer.echo(f"{path} is yours: edit review.toml and the CSV files, then `ketalit check {path}`.")


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="PubMed XML, PMC JATS or MEDLINE (.nbib) files.")],
    review: Annotated[Path, typer.Option("--review", "-r", help="Folder of your review.")],
) -> None:
    """Bring records into your review's library; the table then reads them, each value with its sentence."""
    from .intake import bring_in

    intake = bring_in(review, files)
    for problem in intake.problems:
        typer.echo(str(problem), err=True)
    typer.echo(f"{intake.records} records, {intake.new} of them new to {review}.")
    typer.echo(f"See them with `ketalit table -r {review} --screened unscreened`; decide on them in screening.csv.")
    if not intake.complete:
        raise _damaged()


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of the review. Default: the bundled one.")] = None,
    explained: Annotated[bool, typer.Option("--all", help="Show the explained ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Every problem of a review, with file, line, column, what was expected and what was found."""
    from .checks import check_review
    from .review import BUNDLED, read_review

    review, problems = read_review(folder or BUNDLED)
    doubts = check_review(review) if review else []
    unexplained = [doubt for doubt in doubts if not doubt.explained]
    if as_json:
        _print_json({"problems": problems, "doubts": doubts})
    else:
        for line in [*problems, *(doubts if explained else unexplained)]:
            typer.echo(str(line))
        typer.echo(
            f"{len(problems)} problems of form, {len(unexplained)} doubtful values, "
            f"{len(doubts) - len(unexplained)} explained{'' if explained else ' (--all shows them)'}."
        )
    if any(problem.fatal for problem in problems):
        raise KetalitError(f"{folder or BUNDLED} cannot be used as it is", next_step="Correct the lines above")
    if unexplained or problems:
        raise IncompleteError("somebody must look at the lines above")


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _print_json(value: Any) -> None:
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _damaged() -> IncompleteError:
    return IncompleteError("the input is damaged", next_step="What could be read was; the rest is named above")
