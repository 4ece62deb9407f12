"""What a refresh of a review of one's own would ask, and the commands to run."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...entrez.ncbi import BATCH
from ...errors import InputError
from ...library import FILE, Library
from ...refresh import last_report, unfinished_since
from ...review import BUNDLED, load_review
from ...telling import count_of
from ..chosen import chosen_folder
from ..shown import Shown, boxed, plain
from .common import STYLE


@dataclass(frozen=True, slots=True)
class Cost:
    """What a refresh of a review asks NCBI, when nothing changed and no request has to be repeated.

    Attributes:
        databases: requests for the state of a database, one for each that is searched.
        searches: one request each, for up to 9,999 hits.
        records: that are read again, by PMID; `batches` of 500.
        nameless: records without a PMID, which cannot be asked for.
    """

    databases: int
    searches: int
    records: int
    nameless: int

    @property
    def batches(self) -> int:
        """Requests for the records."""
        return -(-self.records // BATCH)

    @property
    def requests(self) -> int:
        """All requests."""
        return self.databases + self.searches + self.batches


def cost(folder: Path | str) -> Cost:
    """What a refresh of a review would ask. Nothing is sent, and nothing is written.

    Raises:
        InputError: the folder is no review.

    >>> from ketalit.refresh.demo import SYNTHETIC
    >>> cost(SYNTHETIC).requests
    4
    """
    review = load_review(folder)
    with Library.open(Path(folder) / FILE) as library:
        past = {pmid for search in library.searches() if search.database == "pubmed" for pmid in search.ids}
    known = {name for name in review.names if name.startswith("PMID:")} | {f"PMID:{pmid}" for pmid in past}
    return Cost(
        databases=len({search.database for search in review.searches}),
        searches=len(review.searches),
        records=len(known),
        nameless=sum(not record.pmid for record in review.records.values()),
    )


class YourReview(Shown):
    """What a refresh of a review would ask NCBI, and the commands to run. No network is used.

    Args:
        folder: a review; default: the one that the lessons work on (`ketalit lab --review DIR`).

    In code: `mine.seen()`.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder) if folder else chosen_folder()
        self.told = widgets.HTML(self._say())
        self.box: Any = None

    def seen(self) -> str:
        """What the learner reads."""
        return plain(self.told.value)

    def _say(self) -> str:
        try:
            return _your_review(self.folder)
        except InputError as error:
            return f'<p role="status"><strong>This review cannot be read.</strong> {escape(str(error))}</p>'

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            self.box = boxed([widgets.HTML(f"{STYLE}<h3>A review of your own</h3>"), self.told])
        return self.box

    def twin(self) -> str:
        """The sentence and the commands, HTML."""
        return f"{STYLE}<h3>A review of your own</h3>{self.told.value}"

    def __repr__(self) -> str:
        return f"A review of your own. {self.seen()}"


def _your_review(folder: Path) -> str:
    asks = cost(folder)
    review = load_review(folder)
    last = last_report(folder)
    broken = unfinished_since(folder)
    bundled = folder.resolve() == Path(BUNDLED).resolve()
    state = f"last refreshed on {last.at[:10]}" if last else "never refreshed"
    state += f"; a refresh that began on {broken[:10]} was not finished" if broken else ""
    parts = [
        f"{asks.databases} for the state of the database" if asks.databases else "",
        f"{count_of(asks.searches, 'search', 'searches')}",
        f"{asks.batches} for {count_of(asks.records, 'record')}",
    ]
    some = [
        f"{count_of(asks.nameless, 'record has', 'records have')} no PMID and cannot be asked for."
        if asks.nameless
        else "",
        "Without a saved search nothing new can be found: only the known records are read again."
        if not asks.searches
        else "New hits may add a request, and a search of more than 9,999 hits is cut into parts.",
    ]
    name = "my-review" if bundled else shlex.quote(str(folder))
    steps = [
        ("A copy of the bundled review, to be edited", "ketalit new my-review") if bundled else None,
        None if asks.searches else ("A search, to be repeated", f'ketalit search "…" --save broad -r {name}'),
        ("Ask and report, write nothing", f"ketalit refresh {name} --dry-run"),
        ("The same, and keep what came", f"ketalit refresh {name} --to report.html"),
        ("Screen the new records", f"ketalit screen --as AB -r {name}"),
        ("Go through a record that has lost quotes", f"ketalit extract record KEY --as AB -r {name}"),
        ("Make the table and the flow diagram again", f"ketalit table -r {name} --to evidence.html\n"
         f"ketalit prisma -r {name} --to flow.svg"),
    ]  # fmt: skip
    listed = "".join(f"<li>{words}:<pre>{escape(code)}</pre></li>" for words, code in filter(None, steps))
    return (
        f'<p role="status"><strong>{escape(review.title)}:</strong> {state}. A dry run would send '
        f"<strong>{count_of(asks.requests, 'request')}</strong> to NCBI ({', '.join(filter(None, parts))}); to say "
        f"this, none was sent.</p><p>{escape(' '.join(filter(None, some)))}</p><p>To be copied into a terminal; a "
        f'refresh leaves with exit code 4 when somebody must look.</p><ol class="ket-steps">{listed}</ol>'
    )
