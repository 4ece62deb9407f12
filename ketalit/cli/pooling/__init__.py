"""The command that pools: effects of a review, or of a file, into a result, its fragility and its pictures.

reading.py   what is to be pooled, of a review; filing.py of a CSV file
making.py    pool it, as the options say; further.py what else may be asked of the same studies
report.py    the result as text; data.py as JSON and CSV
writing.py   the result as a file: pictures, tables, a script
entering.py  the commands that enter a row of effects.csv, and take it back
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..frame import SEE, JsonOption, ReviewOption, app, console, open_review, print_json
from . import entering as entering  # adds its commands

if TYPE_CHECKING:
    from .reading import Material
    from .report import Report


class Figure(StrEnum):
    """Pictures that can be written."""

    FOREST = "forest"
    FUNNEL = "funnel"
    LEAVE_ONE_OUT = "leave-one-out"
    CUMULATIVE = "cumulative"
    MULTIVERSE = "multiverse"
    TRAFFIC_LIGHT = "traffic-light"


@app.command(rich_help_panel=SEE)
def pool(
    effects: Annotated[
        Path | None,
        typer.Argument(
            help="CSV: study with yi,vi, with estimate,se or estimate,ci_low,ci_high, or with the numbers of both "
            "groups (n1,mean1,sd1,n2,mean2,sd2 or n1,events1,n2,events2). Without: the effects of the review.",
            show_default=False,
        ),
    ] = None,
    review: ReviewOption = None,
    comparison: Annotated[str | None, typer.Option(help="What with what; a part of the name will do.")] = None,
    outcome: Annotated[str | None, typer.Option(help="In what; a part of the name will do.")] = None,
    time: Annotated[str | None, typer.Option(help="When: a window by its name (short), hours (“24 h”, 0-48).")] = None,
    show_list: Annotated[bool, typer.Option("--list", help="Show what can be pooled, and leave.")] = False,
    method: Annotated[str | None, typer.Option(help="FE, DL, REML, PM or ML. Default: REML.")] = None,
    interval: Annotated[
        str | None, typer.Option(help="wald, knapp-hartung or never-narrower (the wider of both). Default: the last.")
    ] = None,
    classic: Annotated[bool, typer.Option("--classic", help="As Cochrane did until 2024: DL, Wald.")] = False,
    level: Annotated[float, typer.Option(help="Of confidence, between 0 and 1.")] = 0.95,
    measure: Annotated[str | None, typer.Option(help="MD, SMD, RR, OR, RD …; default: as the rows say.")] = None,
    scale: Annotated[str | None, typer.Option(help="Bring differences of means to this scale, e.g. 0-100.")] = None,
    r: Annotated[float | None, typer.Option("--r", help="Correlation in crossovers that report none.")] = None,
    leave_one_out: Annotated[bool, typer.Option("--leave-one-out", help="… and without each study.")] = False,
    cumulative: Annotated[bool, typer.Option("--cumulative", help="… and as studies came in.")] = False,
    multiverse: Annotated[bool, typer.Option("--multiverse", help="… and by all defensible choices.")] = False,
    or_time: Annotated[
        list[str] | None, typer.Option(help="In the multiverse: a time that could have been chosen too. Repeatable.")
    ] = None,
    or_measure: Annotated[
        list[str] | None, typer.Option(help="In the multiverse: a measure that could have been, e.g. SMD. Repeatable.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Subgroups with the test of their difference: a column, or a field of the review's studies."),
    ] = None,
    explain: Annotated[
        list[str] | None,
        typer.Option(help="Meta-regression on it: year, a column, or a field. Repeatable; 10 studies for each."),
    ] = None,
    egger: Annotated[
        bool, typer.Option("--egger", help="Egger's test of small-study effects; from 10 studies.")
    ] = False,
    peters: Annotated[bool, typer.Option("--peters", help="Peters' test, for events; from 10 studies.")] = False,
    trim_and_fill: Annotated[
        bool, typer.Option("--trim-and-fill", help="… by four variants, as a sensitivity analysis only.")
    ] = False,
    robust: Annotated[
        bool, typer.Option("--robust", help="… with a variance for trials that come several times (CR2; needs PyMARE).")
    ] = False,
    show_steps: Annotated[bool, typer.Option("--show-steps", help="… and every conversion on the way.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="Leave out rows that give no effect, and say which.")] = False,
    mcid: Annotated[
        str | None, typer.Option(help="A difference that matters: in units of the effect, or a key such as olsen2018.")
    ] = None,
    mcid_source: Annotated[str, typer.Option(help="Whose threshold it is; printed with it.")] = "",
    no_groups: Annotated[
        bool, typer.Option("--no-groups", help="Without n, mean and SD, or events, of both groups; for slides.")
    ] = False,
    figure: Annotated[Figure, typer.Option(help="The picture that --to writes.")] = Figure.FOREST,
    to: Annotated[
        list[Path] | None,
        typer.Option(help="Write FILE: a picture (.svg .png .pdf), .csv .json .md, or .R for metafor. Repeatable."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Pool trials: forest plot in numbers, how much trials differ, warnings in plain words, and how fragile it is.

    Three trials, six answers: --comparison "IV ketamine vs placebo" --outcome "pain intensity" --time immediate
    """
    from .data import as_data
    from .filing import of_file, rows_of_file
    from .making import Asked, list_of, make
    from .reading import Choice, of_review, scale_of
    from .report import as_text
    from .writing import write

    if show_list:
        typer.echo(list_of(rows_of_file(effects) if effects else open_review(review).effects))
        return
    also = (tuple(explain or ()), tuple(or_time or ()))
    choice = Choice(comparison, outcome, time, measure, scale_of(scale), r, skip, by, *also)
    material: Material = of_file(effects, choice) if effects else of_review(open_review(review), choice)
    asked = Asked(
        method=method,
        interval=interval,
        classic=classic,
        level=level,
        leave_one_out=leave_one_out or bool(to and figure == Figure.LEAVE_ONE_OUT),
        cumulative=cumulative or bool(to and figure == Figure.CUMULATIVE),
        multiverse=multiverse or bool(or_time or or_measure) or bool(to and figure == Figure.MULTIVERSE),
        or_measure=tuple(or_measure or ()),
        egger=egger,
        peters=peters,
        trim_and_fill=trim_and_fill,
        robust=robust,
        steps=show_steps,
        mcid=mcid,
        mcid_source=mcid_source,
        groups=not no_groups,
    )
    report: Report = make(material, asked)
    for path in to or []:
        typer.echo(f"wrote {write(report, path, figure)}")
    if as_json:
        print_json(as_data(report))
    elif not to:
        typer.echo(as_text(report, console().width))
