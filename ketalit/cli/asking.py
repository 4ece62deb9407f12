"""Commands that ask NCBI: search, fetch, refresh, verify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import IncompleteError, InputError, OfflineError
from ..escaping import terminal
from ..rows import did_you_mean
from .frame import (
    NCBI,
    JsonOption,
    OwnReviewOption,
    ReviewOption,
    app,
    console,
    echo_json,
    folder_of,
    open_review,
    own_folder,
    print_json,
    telling,
)

if TYPE_CHECKING:
    from ..fetch import SearchReport
    from ..refresh import Report


@app.command(rich_help_panel=NCBI)
def search(
    query: Annotated[
        str, typer.Argument(help="A query in PubMed's language, or the name of a saved search.", show_default=False)
    ],
    review: ReviewOption = None,
    save: Annotated[
        str, typer.Option(metavar="NAME", help="Keep the query in review.toml under this name, and what it found.")
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Which included studies does it miss, and which line loses each?")
    ] = False,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="2024, 2024/02 or 2024/02/29.")] = "",
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, included.")] = "",
    datetype: Annotated[
        str, typer.Option(help="pdat (published), edat (entered), crdt (created) or mdat (modified).")
    ] = "pdat",
    split: Annotated[
        bool, typer.Option(help="Split a search of more than 9,999 hits by date; otherwise it is refused.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Ask PubMed: how many hits, how it understood the query, what it ignored, the newest."""
    from .. import searching, strategy
    from ..entrez import connect
    from ..entrez.search import with_dates
    from ..fetch import search_into
    from ..review import BUNDLED

    mine = open_review(review)
    saved = next((one for one in mine.searches if one.name == query), None)
    if check:
        with telling() as say:
            checked = strategy.check_strategy(mine, query, connect(say=say), say=say)
        print_json(strategy.as_json(checked)) if as_json else console().print(strategy.to_rich(checked))
        if checked.missed:
            raise IncompleteError(f"the strategy misses {len(checked.missed)} of the included records")
        if checked.unchecked and not checked.found:
            raise IncompleteError("none of the included records could be checked")
        return
    names = [one.name for one in mine.searches]
    if not saved and " " not in query and (hint := did_you_mean(query, names)):
        raise InputError(f"there is no saved search “{query}”{hint}")
    found: searching.Look | SearchReport
    hint = ""
    with telling() as say:
        source = connect(say=say)
        text = with_dates(saved.query if saved else query, since, until, datetype)
        if save:
            folder = own_folder(review)
            tried = source.search(text, split=split)  # before it is kept
            searching.save_search(folder, save, text)
            found = search_into(folder, save, source, found=tried, say=say)
            hint = _FETCH
        elif saved and text == saved.query and split and folder_of(review) != BUNDLED:
            found = search_into(own_folder(review), query, source, say=say)
            hint = _FETCH
        else:
            found = searching.look(text, source, split=split, say=say)
            if saved and folder_of(review) == BUNDLED:
                hint = f"“{saved.name}” of the bundled review: {saved.why}" if saved.why else ""
            else:
                hint = "Nothing was kept. In a review of your own, --save NAME keeps the search."
    print_json(searching.as_json(found)) if as_json else console().print(searching.to_rich(found, hint=hint))


@app.command(rich_help_panel=NCBI)
def fetch(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            help="PMIDs, PMCIDs or DOIs, in any spelling, or “-” for standard input. Without any: what the saved "
            "searches have found, and what an earlier fetch left.",
            show_default=False,
        ),
    ] = None,
    review: OwnReviewOption = None,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="Full texts from PMC too, where they are open.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Also what the library holds already.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring records from NCBI into the library of your review. Stopped in the middle, it goes on from there."""
    from ..entrez import connect
    from ..fetch import fetch_into, wanted

    folder = own_folder(review)
    texts = [sys.stdin.read() if text == "-" else text for text in ids or ()]
    with telling() as say:
        source = connect(say=say)
        report = fetch_into(
            folder, texts or wanted(folder, full_text=full_text), source, full_text=full_text, force=again, say=say
        )
    print_json(report) if as_json else typer.echo(terminal(str(report)))
    if not texts and not report.requested:
        searches = open_review(folder).searches
        never = [search.name for search in searches if not search.last_run]
        found = any(search.count for search in searches)
        hint = f"`ketalit search {never[0]}` runs the search “{never[0]}” first." if never else ""
        typer.echo(hint or (_HERE if found else _FIND))
    elif report.returned and not as_json:
        typer.echo(_LOOK)
    if report.offline:
        raise OfflineError("the network was lost" if report.returned else "there is no network", next_step=_GOES_ON)
    if report.failed:
        raise IncompleteError(f"{len(report.failed):,} of {report.requested:,} did not come", next_step=_GOES_ON)
    if report.rejected or report.alarms or (texts and (report.absent or report.deleted)):
        raise IncompleteError("not all of it is as you asked; look at the lines above")


@app.command(rich_help_panel=NCBI)
def refresh(
    folder: Annotated[Path | None, typer.Argument(help="Your review. Default: where you are.")] = None,
    review: OwnReviewOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ask and report, but write nothing.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Show it on a synthetic review, without a network.")] = False,
    history: Annotated[bool, typer.Option("--history", help="List the earlier refreshes, a line each.")] = False,
    last: Annotated[bool, typer.Option("--last", help="Show the report of the last refresh again.")] = False,
    run: Annotated[int, typer.Option(metavar="NUMBER", help="Show the report of an earlier one again.")] = 0,
    to: Annotated[
        list[Path] | None, typer.Option(help="Write the report to FILE too: .md, .html or .json. Repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Rerun the saved searches, read every known record again, and say what changed and what it means."""
    from .. import refresh as refreshing
    from ..entrez import connect

    for path in to or ():
        refreshing.check_target(path)
    if demo:
        _show_report(refreshing.refresh_demo(), to, as_json=as_json)
        return
    mine = own_folder(folder or review)
    if history or last or run:
        _show_earlier(mine, run, to, listed=history, as_json=as_json)
        return
    with telling() as say:
        report = refreshing.refresh(mine, connect(say=say), dry_run=dry_run, say=say)
    _show_report(report, to, as_json=as_json)
    if report.needs_attention:
        raise IncompleteError("somebody must look at this")


def _show_report(report: Report, to: list[Path] | None, *, as_json: bool) -> None:
    from ..refresh import save
    from ..refresh.report import to_json
    from ..refresh.terminal import to_rich

    echo_json(to_json(report)) if as_json else console().print(to_rich(report))
    for path in to or ():
        typer.echo(f"wrote {save(report, path)}", err=True)


def _show_earlier(folder: Path, run: int, to: list[Path] | None, *, listed: bool, as_json: bool) -> None:
    from ..refresh import reports, unfinished_since

    found = dict(reports(folder))
    if listed:
        for number, report in reversed(found.items()):
            typer.echo(f"{number:>4}  {report.at[:10]}  {report}")
    elif not found or run not in {0, *found}:
        expected = f"one of {', '.join(map(str, found))} (`--history` lists them)" if found else ""
        raise InputError(f"no refresh {run or ''} has been finished here".replace("  ", " "), expected=expected)
    else:
        _show_report(found[run or next(iter(found))], to, as_json=as_json)
    if begun := unfinished_since(folder):
        raise IncompleteError(f"the last attempt, of {begun[:10]}, was not finished", next_step="`ketalit refresh`")


@app.command(rich_help_panel=NCBI)
def verify(
    review: ReviewOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Every identifier, not only the unverified ones.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RECORD[/NAME]",
            help="Take over what NCBI confirmed of this record (“mion2013”, “mion2013/pmid”, or “all”). Repeatable.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the identifiers that were entered from memory with NCBI; changes nothing without --accept."""
    from .. import verify as verifying
    from ..entrez import connect

    folder = own_folder(review) if accept else folder_of(review)
    with telling() as say:
        found = verifying.verify(open_review(review), connect(say=say), everything=everything, say=say)
    print_json(verifying.as_json(found)) if as_json else console().print(verifying.to_rich(found))
    if accept:
        chosen = verifying.matched(found) if accept == ["all"] else accept
        typer.echo(f"wrote {verifying.accept(folder, found, chosen)}", err=True)
    if any(one.outcome is not verifying.Outcome.MATCH for one in found):
        raise IncompleteError("some could not be confirmed, or do not agree")


_GOES_ON = "`ketalit fetch` goes on from there"
_FETCH = "`ketalit fetch` brings the records; then `ketalit table --screened unscreened`."
_HERE = "All that the saved searches found is here. `ketalit refresh` asks what is new and what has changed."
_LOOK = "See them with `ketalit table --screened unscreened`; decide with `ketalit screen --as INITIALS`."
_FIND = "Name PMIDs, PMCIDs or DOIs, or find some: `ketalit search QUERY --save NAME`."
