"""Commands on statements: the claims of a review, and a page held against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .frame import SEE, JsonOption, ReviewOption, app, console, open_review, print_json

if TYPE_CHECKING:
    from ..claims import CheckedClaim


@app.command(rich_help_panel=SEE)
def claims(
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="KEY", help="Only these, in full: K36 K64.", show_default=False)
    ] = None,
    review: ReviewOption = None,
    topic: Annotated[str, typer.Option(help="Only this topic, in full; a part of its name will do.")] = "",
    page: Annotated[str, typer.Option(help="Only claims made on this page (a part of its name will do).")] = "",
    full: Annotated[bool, typer.Option("--full", help="Each in full, with links to its basis.")] = False,
    to: Annotated[list[Path] | None, typer.Option(help="Write FILE instead: .html .md .csv .json. Repeatable.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Statements about the evidence, each with verdict, basis and what would change it.

    Those of the bundled review were made on the web pages of five clinics. A
    verdict is on a statement, never on people: supported, partly supported,
    overstated, unsupported, contradicted, mis-stated (right matter, wrong words
    or numbers) or not checkable.

      ketalit claims                      all of them with their keys, by topic
      ketalit claims K36                  one in full: why, its basis with links
      ketalit claims --topic addiction    one topic in full
      ketalit claims --to claims.html     a page of all, with a link to every work
    """
    from .. import claims as claiming

    loaded = open_review(review)
    found = claiming.checked_claims(loaded, keys or (), topic=topic, page=page)
    if to:
        for path in to:
            typer.echo(f"wrote {claiming.export(found, path, title=f'{loaded.title}: claims')}")
    else:
        show_claims(found, full=full or bool(keys or topic), as_json=as_json)


def show_claims(found: tuple[CheckedClaim, ...], *, full: bool, as_json: bool) -> None:
    """Print claims, as `claims` and `show` do."""
    from .. import claims as claiming

    print_json(claiming.as_json(found)) if as_json else console().print(claiming.to_rich(found, full=full))


@app.command(rich_help_panel=SEE)
def audit(
    page: Annotated[str, typer.Argument(help="A text, HTML or Markdown file, a URL, or “-” for standard input.")],
    review: ReviewOption = None,
    to: Annotated[list[Path] | None, typer.Option(help="Write FILE instead: .html .md .json. Repeatable.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Hold a page against the review: known claims with verdicts, numbers, cited works, and what nobody checked.

    For a clinic's page or a paper. Sentences that make a known claim get its
    verdict and basis; doses and durations are set beside those of the evidence
    table; what nobody has checked is said to be so, never judged. A match can be
    wrong: read the claim beside it. Nothing is sent anywhere; only an address you
    give is fetched.

      ketalit audit clinic.html --to audit.html    its statements marked
      ketalit audit clinic.txt                     in the terminal
    """
    from .. import audit as auditing
    from ..audit.export import check_target
    from ..audit.wording import summary
    from ..page import open_page

    for path in to or ():
        check_target(path)
    loaded = open_review(review)
    found = auditing.audit(open_page(page), loaded)
    if not loaded.claims:
        typer.echo("This review holds no claims; `-r bundled` holds the page against those that ship.", err=True)
    if to:
        for path in to:
            typer.echo(f"wrote {auditing.export(found, path)}")
        typer.echo(summary(found), err=True)
    elif as_json:
        print_json(auditing.as_json(found))
    else:
        console().print(auditing.to_rich(found))
