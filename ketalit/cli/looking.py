"""Commands that show: the table, one record, the works a page cites, what a record reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError
from ..escaping import terminal
from .claiming import show_claims
from .frame import (
    SEE,
    JsonOption,
    ReviewOption,
    app,
    console,
    damaged,
    echo_json,
    folder_of,
    open_review,
    print_json,
    telling,
)

_IN_TERMINAL = 100  # studies of a table; nobody reads more there


@app.command(rich_help_panel=SEE)
def table(
    review: ReviewOption = None,
    view: Annotated[
        str | None, typer.Option(help="design (where nothing is said), outcomes, safety or full.", show_default=False)
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            help="Instead of a view, fields of your choice: design,n_total,dose,followup. A wrong name lists all."
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="Keep rows where e.g. “n_total>=30”, “design=crossover RCT”, “condition~CRPS” (~: a part of the text, "
            "of a condition under all its names), “followup>=12 weeks”. Repeatable."
        ),
    ] = None,
    sort: Annotated[str, typer.Option(help="Fields to sort by; “-” before one for descending.")] = "design,-year",
    screened: Annotated[str, typer.Option(help="include, maybe, exclude, unscreened or all.")] = "include",
    to: Annotated[
        list[Path] | None,
        typer.Option(
            help="Write FILE instead: .html .xlsx .csv .md .docx .tex .parquet, "
            "or references as .ris .nbib .bib .json. Repeatable."
        ),
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Studies to print; 0 for all. In a terminal 100 where nothing is said, else all.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The evidence table, every cell traced to its source.

    ketalit table --columns design,n_total,dose,followup --to table.docx
    ketalit table --where "condition~CRPS" --where "followup>=4 weeks"
    """
    from ..export import caution, export
    from ..export.terminal import to_rich
    from ..table import evidence_table

    if rows is not None and (to or as_json):
        raise InputError(
            "--rows is for what is printed: a file and --json get all", next_step="--where chooses studies"
        )
    evidence = evidence_table(  # opens the folder after it has looked at what is asked for
        folder_of(review), view=view, columns=columns, where=where, sort=sort, screened=screened
    )
    if to:
        for path in to:
            if told := caution(evidence, path):
                typer.echo(terminal(told), err=True)
            for written in export(evidence, path):
                typer.echo(f"wrote {written}")
    elif as_json:
        echo_json(evidence.to_json())
    else:
        screen = console()
        most = (_IN_TERMINAL if screen.is_terminal else 0) if rows is None else rows
        screen.print(to_rich(evidence, screen.width, most=most))


@app.command(rich_help_panel=SEE)
def show(
    record: Annotated[str, typer.Argument(help="A key, PMID, PMCID or DOI; or the key of a claim.")],
    review: ReviewOption = None,
    as_json: JsonOption = False,
) -> None:
    """Everything known of one record, with the origin of each value; or of one claim."""
    from .. import claims as claiming
    from ..show import dossier, to_rich

    loaded = open_review(review)
    if record not in loaded.records and record.casefold() in {claim.id.casefold() for claim in loaded.claims}:
        show_claims(claiming.checked_claims(loaded, [record]), full=True, as_json=as_json)
        return
    found = dossier(loaded, loaded.find(record))
    if as_json:
        print_json(found)
    else:
        console().print(to_rich(found))


@app.command(rich_help_panel=SEE)
def cite(
    pages: Annotated[list[str], typer.Argument(help="Text, HTML or Markdown files, URLs, or “-” for standard input.")],
    review: ReviewOption = None,
    look_up: Annotated[bool, typer.Option("--look-up", help="Ask NCBI for what the review does not have.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find the works that a page cites, and look them up in the review."""
    from .. import citations, resolve
    from ..entrez import connect
    from ..page import open_page

    opened = [open_page(page) for page in pages]
    found = [citation for page in opened for citation in citations.find_citations(page)]
    library = open_review(review)
    ask = None
    if look_up:
        with telling() as say:
            ask = resolve.look_up_at(connect(say=say), found, library, say=say)
    resolutions = resolve.resolve(found, library, look_up=ask)
    if as_json:
        print_json(resolve.as_json(resolutions))
    else:
        unused = [link for page in opened for link in citations.other_links(page, found)]
        console().print(resolve.render_text(resolutions, unused, [page.source for page in opened]))


@app.command(rich_help_panel=SEE)
def read(
    files: Annotated[list[Path], typer.Argument(help="PubMed XML (.xml, .gz), PMC JATS (.nxml) or MEDLINE (.nbib).")],
    review: ReviewOption = None,
    abstract_only: Annotated[bool, typer.Option("--abstract-only", help="Read title and abstract only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per record and line.")] = False,
) -> None:
    """Read design, size, dose, follow-up and outcome out of records; each with its sentence."""
    from .. import reading
    from ..reading.terminal import to_rich
    from ..records.files import read_file

    drugs = open_review(review).drugs
    screen = console()
    incomplete = False
    for path in files:
        result = read_file(path)
        incomplete |= not result.complete
        for problem in result.problems:
            typer.echo(terminal(str(problem)), err=True)
        for record in result.records:
            findings = reading.read_record(record, drugs=drugs, abstract_only=abstract_only)
            if as_json:
                echo_json(json.dumps(reading.as_json(record, findings, file=str(path)), ensure_ascii=False))
            else:
                screen.print(to_rich(record, findings, abstract_only=abstract_only))
    if incomplete:
        raise damaged()


@app.command(rich_help_panel=SEE)
def rules(
    about: Annotated[str, typer.Argument(help="A finding (design, n, dose-basis …) or one rule by its name.")] = "",
) -> None:
    """The rules by which records are read: for each an example, its value and the reason why."""
    from ..reading import RULES
    from ..reading.rulebook import as_markdown, rules_about

    typer.echo(as_markdown(rules_about(RULES, about)), nl=False)
