"""Resolutions for the terminal: a block for each citation, what is one work, a summary, and what needs a network.

Text of pages and of records is shown without control codes and never read as mark-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from rich.console import Console, ConsoleOptions, Group
from rich.text import Text

from ..citations import Citation, CitationKind
from ..escaping import one_line
from ..identifiers import Identifier, IdentifierKind
from ..records.model import Record
from ..telling import count_of
from ..vocabulary import Status
from .model import Candidate, Outcome, Resolution
from .same_work import listed, one_work_sentences


@dataclass(frozen=True, slots=True)
class _Line:
    """A text after a mark, wrapped under itself and cut to at most so many lines (0: all)."""

    mark: str
    text: str
    style: str = ""
    most: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        width = max(options.max_width - len(self.mark), 10)
        lines = Text(one_line(self.text)).wrap(console, width)
        for number, line in enumerate(lines[: self.most or None]):
            line.rstrip()
            if number + 1 == self.most < len(lines):
                if line.cell_len > width - 2 and " " in line.plain:
                    line.right_crop(len(line.plain.rpartition(" ")[2]))
                line.truncate(width - 2)
                line.rstrip()
                line.append(" …")
            mark = self.mark if number == 0 else " " * len(self.mark)
            yield Text(mark + line.plain, style=self.style)


def render_text(resolutions: Sequence[Resolution], other_links: Sequence[str] = (), pages: Sequence[str] = ()) -> Group:
    """Resolutions as blocks for the terminal (rich).

    Args:
        resolutions: as `resolve` gives them.
        other_links: addresses that were not taken for citations.
        pages: sources of all pages that were read, so that those which cite nothing are named too.
    """
    names = _page_names([*pages, *(found.citation.page for found in resolutions)])
    margin = len(str(len(resolutions))) + 2
    parts: list[_Line | str] = []
    for found in resolutions:
        page = names[found.citation.page] if len(names) > 1 else ""
        parts += [*_block(found, margin, page), ""]
    same = [_Line("", line, "bold") for line in one_work_sentences(resolutions)]
    parts += [*same, ""] if same else []
    if resolutions:
        parts.append(_Line("", _summary(resolutions, len(names))))
        parts += [_Line("", line) for line in _needs_network(resolutions)]
    citing = {found.citation.page for found in resolutions}
    silent = [name for page, name in names.items() if page not in citing]
    if len(names) < 2:
        silent = [] if resolutions else ["This page"]
    nothing = "no identifier, no link to one, no reference, no dated or named mention"
    parts += [_Line("", f"{name} cites no work: {nothing}.") for name in silent]
    parts += [_Line("Not taken for a citation: ", link, "dim") for link in other_links]
    return Group(*parts)


def _page_names(pages: Sequence[str]) -> dict[str, str]:
    """Pages in their order, each with its name: that of its file, where no other has the same."""
    distinct = dict.fromkeys(pages)
    files = Counter(PurePath(page).name for page in distinct)
    names = {page: PurePath(page).name for page in distinct if "://" not in page and files[PurePath(page).name] == 1}
    return {page: names.get(page, page) for page in distinct} | ({"-": "standard input"} if "-" in distinct else {})


def _block(found: Resolution, margin: int, page: str) -> Iterator[_Line]:
    citation = found.citation
    pad = " " * margin
    label = f" [{citation.label}]" if citation.label else ""
    sentence, *more = citation.sentences
    in_sentence = sentence.start <= citation.passage.start < sentence.end
    heading = [f"{citation.kind}{label}", *_pointers(citation, in_sentence=in_sentence)]
    yield _Line(f"{found.number:<{margin}}", "  ".join(heading), "bold", 3)
    if page:
        yield _Line(pad, f"on {page}", "dim")
    shown = [("", sentence.text)] if in_sentence else [("", sentence.text), ("listed: ", citation.passage.text)]
    for mark, text in shown:
        # The address stands in the first line already.
        words = text.replace(citation.url, "…") if citation.url else text
        if words.strip("() ./") != "…":
            yield _Line(f"{pad}{mark}", words, "dim", 2)
    if more:
        yield _Line(pad, f"also cited in {count_of(len(more), 'more sentence')}", "dim")
    below = f"{pad}  "
    if found.record:
        yield _Line(f"{pad}→ ", f"{_work(found.record)} ({found.record.id})", "bold")
        yield _Line(below, *_standing(found))
    else:
        yield _Line(f"{pad}→ ", found.outcome)
    if found.rests_on:
        facts = listed([fact if fact == "bibliography" else fact.upper() for fact in found.rests_on])
        yield _Line(below, f"unverified in the library: {facts}", "yellow")
    for note in found.all_notes:
        yield _Line(below, note, "dim")
    if found.candidates:
        yield _Line(below, "candidates, by points:")
    for candidate in found.candidates:
        yield _Line(f"{below}{candidate.score:>2}  ", f"{_work(candidate.record)} ({candidate.record.id})")
        yield _Line(f"{below}    ", _reasons(candidate), "dim")


def _pointers(citation: Citation, *, in_sentence: bool) -> Iterator[str]:
    """What a citation points with: identifiers, failing these an address; and its words in the sentence."""
    if citation.identifiers or citation.url:
        yield ", ".join(map(_written, citation.identifiers)) or citation.url
    words = citation.passage.text
    linked = citation.kind in {CitationKind.LINK, CitationKind.WEB_ARTICLE} and not citation.label
    if citation.kind is CitationKind.MENTION or (linked and in_sentence and words.strip("/") not in citation.url):
        yield f"“{words}”"


def _written(name: Identifier) -> str:
    return name.value if name.kind is IdentifierKind.PMCID else f"{name.kind} {name.value}"


def _work(record: Record) -> str:
    """Author, year and title; the short name of a work without authors is its title already."""
    return f"{record.short}: {record.title}" if record.authors else f"{record.title} {record.year or 'n.d.'}"


def _standing(found: Resolution) -> tuple[str, str]:
    """Where the record is from, and whether it still stands, with a style."""
    if found.status == Status.NOT_CHECKED:
        return f"{found.outcome}; not checked for retraction or correction", ""
    return f"{found.outcome}; {found.status}", "" if found.status == Status.CURRENT else "bold red"


def _reasons(candidate: Candidate) -> str:
    counted = [f"{item.reason} +{item.points}" for item in candidate.evidence if item.points]
    return "; ".join([*counted, *(item.reason for item in candidate.evidence if not item.points)])


def _summary(resolutions: Sequence[Resolution], pages: int) -> str:
    counts = Counter(found.outcome for found in resolutions)
    words = {
        Outcome.FOUND: f"{counts[Outcome.FOUND]} found in the library",
        Outcome.LOOKED_UP: f"{counts[Outcome.LOOKED_UP]} looked up",
        Outcome.NOT_FOUND: f"{counts[Outcome.NOT_FOUND]} not known to NCBI",
        Outcome.NOT_HERE: f"{counts[Outcome.NOT_HERE]} not in this library",
        Outcome.WEB_ARTICLE: count_of(counts[Outcome.WEB_ARTICLE], "web article"),
        Outcome.UNRESOLVED: f"{counts[Outcome.UNRESOLVED]} unresolved",
        Outcome.NO_ENTRY: count_of(counts[Outcome.NO_ENTRY], "footnote") + " without an entry",
    }
    where = f" on {pages} pages" if pages > 1 else ""
    helped = sum(bool(found.candidates) for found in resolutions)
    candidates = f"; candidates found for {helped} of them" if helped else ""
    parts = ", ".join(words[outcome] for outcome in Outcome if counts[outcome])
    return f"{count_of(len(resolutions), 'citation')}{where}: {parts}{candidates}."


def _needs_network(resolutions: Sequence[Resolution]) -> Iterator[str]:
    """What was left undone because nobody was asked, with the numbers of the citations."""
    words_only = {Outcome.WEB_ARTICLE, Outcome.UNRESOLVED}
    left = {
        "look up {}": [found.number for found in resolutions if found.outcome is Outcome.NOT_HERE],
        "check {} for retraction or correction": [
            found.number for found in resolutions if found.status == Status.NOT_CHECKED
        ],
        "verify what the library has on {} from memory": [found.number for found in resolutions if found.rests_on],
        "search PubMed for {}": [found.number for found in resolutions if found.outcome in words_only],
    }
    acts = [act.format(listed(numbers)) for act, numbers in left.items() if numbers]
    if acts:
        yield f"Not possible offline: {'; '.join(acts)}."
