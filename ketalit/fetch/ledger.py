"""What a library holds, what it waits for, and the ledger of a fetch at work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import InputError
from ..identifiers import IdentifierKind
from ..library import FILE, WHOLE_FILE, LedgerLine, Library, Raw, RunKind, State
from ..records.answers import Format
from ..records.files import read_bytes

FULL_TEXT = "with full text"  # note of a run, so that the next one knows what the rest of it was for


def waiting_in(library: Library) -> tuple[list[str], bool]:
    """Ids that a fetch asked for and that have come in no run since, and whether their full text was wanted."""
    latest: dict[str, str | None] = {}  # the note of the run in which it waits
    for run in library.runs():
        for line in library.ledger(run.id):
            if line.state not in (None, State.FAILED):
                latest[line.id] = None
            elif run.kind is RunKind.FETCH:
                latest[line.id] = run.note
    waiting = {name: note for name, note in latest.items() if note is not None}
    lost = [name for name in library.quarantined() if name.startswith(("PMID:", "PMCID:"))]
    return list(dict.fromkeys([*waiting, *lost])), FULL_TEXT in waiting.values()


def wanted(folder: Path, *, full_text: bool = False) -> list[str]:
    """What a review is waiting for, as ids with prefix: left by earlier fetches, or found by a search and not here.

    With `full_text` also the records here that PMC has and whose article is not. Of each search its last execution
    counts. Given to `fetch_into`, this goes on where those fetches ended.

    Raises:
        InputError: the library cannot be used.

    >>> wanted(Path("nowhere"))
    []
    """
    with Library.open(folder / FILE) as library:
        waiting, _ = waiting_in(library)
        shelf = Shelf.of(library, set(), full_text=full_text)
        held = shelf.pmids
        answered = library.gone()
        last = {search.name or search.query: search for search in library.searches() if search.database == "pubmed"}
    found = [f"PMID:{pmid}" for search in last.values() for pmid in search.ids]
    without = [
        f"PMID:{pmid}" for pmid, pmcid in shelf.pmcids.items() if not {pmcid} & (shelf.articles | answered.keys())
    ]
    new = [name for name in found if name not in held and name not in answered]
    return list(dict.fromkeys([*waiting, *new, *(without if full_text else ())]))


def settled_in(library: Library) -> list[int]:
    """Fetches that were cut short, and whose waiting ids have all been asked for again since."""
    unfinished = [run for run in library.unfinished() if run.kind is RunKind.FETCH]
    settled = []
    for run in unfinished:
        later = (line for other in library.runs() if other.id > run.id for line in library.ledger(other.id))
        asked = {line.id for line in later if line.state}
        if all(line.state or line.id in asked for line in library.ledger(run.id)):
            settled.append(run.id)
    return settled


class Log:
    """The ledger of a fetch at work.

    Another process may close its run, taking it for one that was cut short whose ids it has asked for itself. Then this
    one goes on in a run of its own: who was wrong about whom does not matter, and nothing is lost.
    """

    def __init__(self, library: Library, note: str, names: Iterable[str]):
        self.library, self.note = library, note
        self.runs: list[int] = []
        self._begin(names)

    @property
    def run(self) -> int:
        """The run that is written to."""
        return self.runs[-1]

    def request(self, names: Iterable[str]) -> None:
        """Note ids as asked for."""
        self._write(lambda: self.library.request(self.run, names))

    def store(self, raws: Sequence[Raw], states: Mapping[str, tuple[State, str]]) -> None:
        """Store one batch in one transaction."""
        self._write(lambda: self.library.store(self.run, raws, states))

    def lines(self) -> list[LedgerLine]:
        """Where every id ended."""
        return list({line.id: line for run in self.runs for line in self.library.ledger(run)}.values())

    def finish(self, report: str) -> None:
        """Note the fetch as finished."""
        if self._open():
            self.library.finish(self.run, report)

    def _begin(self, names: Iterable[str]) -> None:
        self.runs.append(self.library.begin(RunKind.FETCH, self.note))
        self.library.request(self.run, names)

    def _write(self, act: Callable[[], object]) -> None:
        try:
            act()
        except InputError:
            if self._open():  # it was something else
                raise
            self._begin([line.id for line in self.lines() if line.state is None])
            act()

    def _open(self) -> bool:
        return any(run.id == self.run for run in self.library.unfinished())


@dataclass(slots=True)
class Shelf:
    """What the library holds of NCBI's records.

    Attributes:
        pmids: PMID of each identifier of a record from PubMed; of DOIs and PMCIDs only where these were looked at.
        articles: PMCIDs whose article from PMC is held.
        hashes: of the bytes held, by id and source and then by version.
        pmcids: by PMID, where these were looked at.
    """

    pmids: dict[str, str] = field(default_factory=dict)
    articles: set[str] = field(default_factory=set)
    hashes: dict[tuple[str, str], dict[int, str]] = field(default_factory=dict)
    pmcids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library, kinds: set[IdentifierKind], *, full_text: bool) -> Shelf:
        """Records are read only where their DOIs and PMCIDs matter."""
        shelf = cls()
        read = full_text or bool(kinds - {IdentifierKind.PMID})
        for stored in library.contents():
            shelf.hashes.setdefault((stored.id, stored.source), {})[stored.version] = stored.sha256
            if stored.source == Format.JATS:
                shelf.articles.add(stored.id)
            elif stored.source == WHOLE_FILE or (stored.source == Format.PUBMED and read):
                for record in read_bytes(stored.content, stored.file).records:
                    if record.source == "pubmed" and record.pmid:
                        shelf.pmids |= dict.fromkeys(record.identifiers, record.pmid)
                        shelf.pmcids |= {record.pmid: f"PMCID:{record.pmcid}"} if record.pmcid else {}
            elif stored.source == Format.PUBMED:
                shelf.pmids[stored.id] = stored.id.removeprefix("PMID:")
        return shelf
