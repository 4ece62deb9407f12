"""Find records of one work among the exports of several databases, and keep what was decided of them.

Records that share an identifier need no finding: the review shows them as one. What is found here are records without
a common identifier. Kept in duplicates.csv of the review, one line a pair, each with its reason.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

from .errors import InputError
from .files import write_atomically
from .records.exported import folded
from .records.model import Record
from .review import DUPLICATES, Duplicate, Likeness
from .rows import Problem, did_you_mean, read_rows, read_text

WHO = "ketalit"

_ALIKE = 0.92  # share of two titles that agrees, from which on they may be one title printed twice
_SHORTEST = 15  # letters; shorter titles ("Ketamine", "Reply") say nothing
_START, _END = 20, 20  # letters at the beginning and end of a title by which candidates are found
_LARGEST_BLOCK = 100  # records that begin alike; beyond that the beginning says nothing ("Effect of ketamine on …")
# Words that make another work of the same title.
_MARKS = re.compile(
    r"\b(?:erratum|errata|corrigendum|correction|retraction|retracted|reply|response|comment|commentary|editorial|"
    r"protocol|abstract|letter|addendum|withdrawn|preprint|author s reply|re)\b"
)
_NUMBERS = re.compile(r"\b(?:\d+|i{1,3}|iv|vi{0,3})\b")


def find_duplicates(
    new: Sequence[Record], known: Sequence[Record], decided: Collection[frozenset[str]] = ()
) -> list[Duplicate]:
    """Which of the new records are, or may be, of the same work as a known one or as one of the new before it.

    `same`: the titles agree (or almost), the years lie within one of each other, first author, pages or journal agree
    and nothing contradicts. `proposed`: less than that. Records that share an identifier are left alone, for they are
    one already, and so are those that cannot be one: different PMIDs.

    Args:
        new: records just brought in.
        known: those of the review.
        decided: pairs of ids on which a decision stands; they are not decided again.

    Returns:
        At most one line for each new record, in order.

    >>> facts = {"title": "A trial of ketamine in sciatica", "pages": "1-9"}
    >>> found = find_duplicates([Record(source="ris", key="x", **facts)], [Record(source="pubmed", pmid="1", **facts)])
    >>> found[0].same_as, found[0].decision.value, found[0].reason
    ('PMID:1', 'same', 'same title, same pages')
    """
    blocks: dict[tuple[object, ...], list[_Sketch]] = defaultdict(list)

    def add(sketch: _Sketch) -> None:
        for key in sketch.blocks():
            blocks[bool(sketch.record.pmid), *key].append(sketch)

    for record in known:
        add(_Sketch(record))
    found = []
    for record in new:
        mine = _Sketch(record)
        # Two records with a PMID each are never one.
        sides = (False,) if record.pmid else (False, True)
        near = {
            id(other): other
            for key in mine.blocks()
            for side in sides
            if len(blocks.get((side, *key), ())) <= _LARGEST_BLOCK or key[0] == "title and author"
            for other in blocks.get((side, *key), ())[-_LARGEST_BLOCK:]
        }
        likely = [
            likeness
            for other in near.values()
            if other.record.id != record.id
            and frozenset({other.record.id, record.id}) not in decided
            and (likeness := _likeness(mine, other))
        ]
        if likely:
            found.append(_line(record, likely, decided))
        add(mine)
    return found


def record_decisions(folder: Path, duplicates: Sequence[Duplicate]) -> None:
    """Add lines to duplicates.csv; those that stand there stay as they are.

    Raises:
        InputError: the file cannot be read or written; nothing was changed.
    """
    if not duplicates:
        return
    path = folder / DUPLICATES
    text = read_text(path) if path.exists() else ""
    columns = [field.name for field in dataclasses.fields(Duplicate)]
    if text.strip():
        columns = [cell.strip() for cell in next(csv.reader([text.lstrip().splitlines()[0]]))]
    rows = io.StringIO(newline="")
    writer = csv.DictWriter(rows, columns, extrasaction="ignore", lineterminator="\n")
    if not text.strip():
        text = ""
        writer.writeheader()
    elif not text.endswith("\n"):
        text += "\n"
    writer.writerows({name: str(getattr(line, name)) for name in columns} for line in duplicates)
    write_atomically(path, (text + rows.getvalue()).encode())


def undo(folder: Path, record: str, *, who: str = "", when: str = "") -> list[Duplicate]:
    """Take back that a record was merged: from now on it stands apart, and no import merges it again.

    Args:
        folder: of the review.
        record: id of the merged record, or of the one it was merged into.
        who, when: who decides, and the ISO date.

    Returns:
        The lines as they now stand.

    Raises:
        InputError: no merging of that record is written down; says what is near.
    """
    path = folder / DUPLICATES
    problems: list[Problem] = []
    lines = [line for _, line in read_rows(path, Duplicate, problems)]
    if problems:
        raise InputError(str(problems[0]).rstrip("."), next_step="Correct the file, then undo again")
    meant = [line for line in lines if line.record == record and line.decision is not Likeness.DIFFERENT]
    meant = meant or [line for line in lines if line.same_as == record and line.decision is not Likeness.DIFFERENT]
    if not meant:
        names = [line.record for line in lines if line.decision is not Likeness.DIFFERENT]
        what = f"no record “{record}” was merged{did_you_mean(record, names)}"
        raise InputError(what, where=str(path), expected="the id of a merged record, as in its first column")
    changed = [
        dataclasses.replace(line, decision=Likeness.DIFFERENT, who=who or line.who, when=when or line.when)
        for line in meant
    ]
    instead = {id(line): new for line, new in zip(meant, changed, strict=True)}
    rows = io.StringIO(newline="")
    columns = [field.name for field in dataclasses.fields(Duplicate)]
    writer = csv.DictWriter(rows, columns, lineterminator="\n")
    writer.writeheader()
    for line in lines:
        now = instead.get(id(line), line)
        writer.writerow({name: str(getattr(now, name)) for name in columns})
    write_atomically(path, rows.getvalue().encode())
    return changed


@dataclass(frozen=True, eq=False)
class _Sketch:
    """A record, with what it is compared by."""

    record: Record

    @cached_property
    def title(self) -> str:
        return folded(self.record.title)

    @cached_property
    def author(self) -> str:
        """The last word of the first author's last name: "van der Berg" and "Berg" are compared as one."""
        if not self.record.authors:
            return ""
        first = self.record.authors[0]
        return (folded(first.last or first.collective).split() or [""])[-1]

    @cached_property
    def page(self) -> str:
        found = re.match(r"[a-z]*\d+", self.record.pages.lower().strip())
        return found[0] if found else ""

    @cached_property
    def dois(self) -> frozenset[str]:
        return frozenset(name for name in self.record.identifiers if name.startswith("DOI:"))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        return tuple(sorted(_NUMBERS.findall(self.title)))

    @cached_property
    def marks(self) -> tuple[str, ...]:
        return tuple(sorted(_MARKS.findall(self.title)))

    def blocks(self) -> Iterator[tuple[object, ...]]:
        """Under which candidates are found: the whole title, how it begins and ends, author with title or year."""
        if len(self.title) < _SHORTEST:
            return
        yield "title", self.title
        yield "title and author", self.title, self.author
        yield "start", self.title[:_START]
        yield "end", self.title[-_END:]
        if self.author and self.record.year:
            yield "author", self.author, self.record.year


@dataclass(frozen=True, slots=True)
class _Likeness:
    other: Record
    decision: Likeness
    reason: str
    weight: float


def _likeness(mine: _Sketch, other: _Sketch) -> _Likeness | None:
    """How alike two records are, and in what; None where they are not or cannot be one, or are one already."""
    one, two = mine.record, other.record
    if set(one.identifiers) & set(two.identifiers) or (one.pmid and two.pmid):
        return None
    if mine.marks != other.marks or mine.numbers != other.numbers:
        return None
    share = 1.0 if mine.title == other.title else _share(mine.title, other.title)
    years = abs(one.year - two.year) if one.year and two.year else None
    if share < _ALIKE or (years is not None and years > 2):
        return None
    agree = [
        name
        for name, same in (
            ("first author", bool(mine.author) and mine.author == other.author),
            ("pages", bool(mine.page) and mine.page == other.page),
            ("journal", _same_journal(one, two)),
        )
        if same
    ]
    against = [
        name
        for name, differs in (
            ("first authors", bool(mine.author and other.author) and mine.author != other.author),
            ("first pages", bool(mine.page and other.page) and mine.page != other.page),
            ("DOIs", bool(mine.dois and other.dois)),
            ("volumes", bool(one.volume and two.volume) and one.volume != two.volume),
            ("years", years is not None and years > 1),
        )
        if differs
    ]
    needed = 1 if share == 1 else 2
    titles = "same title" if share == 1 else f"titles {share:.0%} alike"
    same = len(agree) >= needed and not against and (years is not None or "pages" in agree)
    if not same and not agree:
        return None
    said = [titles, *(f"same {name}" for name in agree)]
    if years:
        said.append("years one apart" if years == 1 else f"years {years} apart")
    if not same:
        said += [f"but different {name}" for name in against if name != "years"]
    decision = Likeness.SAME if same else Likeness.PROPOSED
    return _Likeness(two, decision, ", ".join(said), share + len(agree) - len(against))


def _share(one: str, other: str) -> float:
    """The share of two texts that agrees, 0 to 1; 0 as soon as it is clear that they are not alike."""
    if abs(len(one) - len(other)) > (1 - _ALIKE) * (len(one) + len(other)):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _same_journal(one: Record, two: Record) -> bool:
    """Whether two journals are one: by ISSN or name, be it abbreviated ("Br J Clin Pharmacol")."""
    if one.journal.issn and one.journal.issn == two.journal.issn:
        return True
    names, others = (
        [words for name in (record.journal.title, record.journal.abbreviation) if (words := _words(name))]
        for record in (one, two)
    )
    return any(_abbreviates(name, other) or _abbreviates(other, name) for name in names for other in others)


def _words(name: str) -> list[str]:
    return [word for word in folded(re.sub(r"\(.*?\)", "", name)).split() if word not in _SMALL]


_SMALL = frozenset({"the", "of", "and", "for", "in", "on", "a", "an", "de", "la", "der", "und", "et"})


def _abbreviates(short: list[str], long: list[str]) -> bool:
    return len(short) == len(long) and all(word.startswith(part) for part, word in zip(short, long, strict=True))


def _line(record: Record, likely: list[_Likeness], decided: Collection[frozenset[str]]) -> Duplicate:
    """The line on a record that is like one or several others."""
    likely = sorted(likely, key=lambda found: (found.decision is not Likeness.SAME, -found.weight))
    best = likely[0]
    sure = [found.other.id for found in likely if found.decision is Likeness.SAME]
    decision, reason = best.decision, best.reason
    # Like two that somebody told apart: it is for somebody to say which of them it is.
    if any(frozenset({one, two}) in decided for one in sure for two in sure if one != two):
        decision, reason = Likeness.PROPOSED, f"{reason}; as like {' and '.join(sure[1:])}"
    return Duplicate(record=record.id, same_as=best.other.id, decision=decision, reason=reason, who=WHO)
