"""The commands that enter the numbers behind a pooled result: a row of effects.csv, in a dialogue or in one line."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ...errors import InputError
from ..frame import SCREEN, OwnReviewOption, app, own_folder

effects = typer.Typer(no_args_is_help=True, help="Enter the numbers that are pooled, or take them back.")
app.add_typer(effects, name="effects", rich_help_panel=SCREEN)

Who = Annotated[str, typer.Option("--as", metavar="INITIALS", help="Who enters it.")]
_ONE, _TWO, _PRINTED = "Group 1, the one under study", "Group 2", "A printed comparison, where groups are not given"


def _of(text: str, panel: str = "What it is") -> Any:
    return typer.Option(help=text, rich_help_panel=panel, show_default=False)


@effects.command()
def add(
    who: Who,
    study: Annotated[
        str,
        typer.Argument(help="A key, PMID or DOI; in the dialogue also words of author or title.", show_default=False),
    ] = "",
    review: OwnReviewOption = None,
    comparison: Annotated[str, _of("What with what: “IV ketamine vs placebo”.")] = "",
    outcome: Annotated[str, _of("In what.")] = "",
    time: Annotated[str, _of("Since the end of treatment: “24 h”, “12 weeks”, “short term”.")] = "",
    measure: Annotated[str, _of("MD, SMD, SMD (RevMan), ROM, RR, OR, RD or Peto.")] = "",
    scale: Annotated[str, _of("Its ends, such as 0-100.")] = "",
    better: Annotated[str, _of("lower or higher.")] = "",
    design: Annotated[str, _of("parallel (default) or crossover.")] = "",
    score: Annotated[str, _of("final (default) or change.")] = "",
    spread: Annotated[str, _of("SD (default), SEM, CI, quartiles, range, or unclear.")] = "",
    n1: Annotated[str, _of("People.", _ONE)] = "",
    mean1: Annotated[str, _of("Mean; with quartiles or range the median.", _ONE)] = "",
    sd1: Annotated[str, _of("SD, or SEM with --spread SEM.", _ONE)] = "",
    low1: Annotated[str, _of("Lower end of CI, quartiles or range.", _ONE)] = "",
    high1: Annotated[str, _of("Its upper end.", _ONE)] = "",
    events1: Annotated[str, _of("People who had it.", _ONE)] = "",
    n2: Annotated[str, _of("People.", _TWO)] = "",
    mean2: Annotated[str, _of("Mean or median.", _TWO)] = "",
    sd2: Annotated[str, _of("SD or SEM.", _TWO)] = "",
    low2: Annotated[str, _of("Lower end.", _TWO)] = "",
    high2: Annotated[str, _of("Upper end.", _TWO)] = "",
    events2: Annotated[str, _of("People who had it.", _TWO)] = "",
    shared: Annotated[str, _of("How many comparisons use it; it is divided by that.", _TWO)] = "",
    r: Annotated[
        str, typer.Option("--r", help="Correlation within people, of a crossover.", rich_help_panel=_TWO)
    ] = "",
    estimate: Annotated[str, _of("As printed; ratios as ratios.", _PRINTED)] = "",
    se: Annotated[str, _of("Its standard error.", _PRINTED)] = "",
    ci_low: Annotated[str, _of("Lower end of its 95 % CI.", _PRINTED)] = "",
    ci_high: Annotated[str, _of("Upper end.", _PRINTED)] = "",
    p: Annotated[str, typer.Option("--p", help="Exact two-sided p.", rich_help_panel=_PRINTED)] = "",
    locator: Annotated[str, _of("Where it stands: “table 2”, or words in “quotes”.", "Where it is from")] = "",
    record: Annotated[str, _of("The record it was read in, if not the study's own.", "Where it is from")] = "",
    source: Annotated[str, _of("What was read. Default: that record's PMID.", "Where it is from")] = "",
    checked: Annotated[str, _of("How many looked: none, one (default), two.", "Where it is from")] = "",
    note: Annotated[str, _of("A remark; explains a doubt whose code it names in brackets.", "Where it is from")] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Save it although no effect follows.")] = False,
) -> None:
    """Enter a row of effects.csv, and see the effect that follows: in a dialogue, or in one line with its numbers.

    In one line: STUDY --as AB --comparison "A vs B" --outcome pain --measure MD --n1 30 --mean1 41 --sd1 20 --n2 30 …
    """
    cells = {name: cell for name, cell in locals().items() if name not in _NO_CELLS and cell}
    folder = own_folder(review)
    if not cells:
        from ...synthesis.terminal import sit

        sit(folder, who, study)
        return
    if not study:
        raise InputError("no study is named", expected="`ketalit effects add STUDY --as …` with its numbers")
    from ...synthesis.entering import enter

    kept = enter(folder, study, cells, who=who, anyway=anyway)
    did = "stands there already" if kept.unchanged else "saved"
    typer.echo(f"{kept.looked.row.where}: {did}, effects.csv, line {kept.line}")
    for line in kept.looked.effect:
        typer.echo(line)
    if kept.looked.refused:
        typer.echo(f"! no effect follows: {kept.looked.refused}", err=True)
    for said in kept.looked.doubts:
        typer.echo(f"! {said}", err=True)


_NO_CELLS = {"who", "study", "review", "anyway"}


@effects.command()
def undo(who: Who, review: OwnReviewOption = None) -> None:
    """Take the row that you added last out of effects.csv; effects-history.csv keeps it."""
    from ...synthesis.entering import take_back

    row = take_back(own_folder(review), who=who)
    typer.echo(f"{row.where}: taken out of effects.csv; effects-history.csv keeps it")
