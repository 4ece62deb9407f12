"""Read the tables of a full text: how many groups there are and how large they are.

A quote from a table is the cells of one row of its grid (`records.tables`), joined by " | "; it has no offsets, the
locator names table and row. What a table does not say in so many words is left unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..findings import Finding
from ..records.model import Record, Table
from ..vocabulary import Confidence
from .engine import Rule

GROUP_SIZE = Rule(
    name="table/group-size",
    pattern=r"[(\[,;]?\s*\bn\s*[=:]\s*(\d{1,3}(?:[, ]\d{3})+|\d+)\b(?!\s*[/.]\s*\d)"
    r"\s*(?:patients|subjects|participants)?\s*[)\]]?|\s\(((?:\d{1,3},\d{3})|\d{2,5})\)$",
    example="Ketamine (n = 30)",
    reason="A size in the heading of a column, as n = 30 or (30), is that of the group in the column.",
    confidence=Confidence.LIKELY,
)
SIZE_ROW = Rule(
    name="table/size-row",
    pattern=r"(?:total )?(?:n|no\.?|number|sample size)(?: of)?"
    r"(?: (?:patients|participants|subjects|children|women|men|people|individuals|volunteers))?"
    r"(?:,? ?\(?n\)?)?(?: (?:analysed|analyzed|randomi[sz]ed|included))?",
    example="Number of patients",
    reason="A row of people counted per column gives the sizes of the groups.",
    confidence=Confidence.LIKELY,
)
RULES = (GROUP_SIZE, SIZE_ROW)

_BASELINE = re.compile(  # captions of tables that describe the groups ("changes from baseline" does not)
    r"^\W*(?:table \d+\W*)?baseline|baseline (?:data|demograph|character|clinical|variables|values|features)|demograph|"
    r"characteristics|(?:clinical|patients?'?) data|study population",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:total|all|overall|both|whole|entire|pooled)\b", re.IGNORECASE)
_NO_ARM = re.compile(  # columns that are times, sexes, subsets or statistics, not groups that were formed
    r"\b(?:before|after|pre|post|baseline|weeks?|months?|days?|hours?|visit|follow-?up|males?|females?|men|women|boys|"
    r"girls|yes|no|p|difference|change|responders?|non-?responders?|completers?|excluded|dropouts?|ci|declin\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group as a table heads it: name, size, and the columns it stands over."""

    name: str
    size: int
    columns: tuple[int, ...]


def read_tables(record: Record) -> list[Finding]:
    """What the tables say of the groups: `arms` and, as the sum of their sizes, `n_analysed`.

    The sizes come from one table: the first that describes the groups at baseline, failing that the first with
    sizes in two or more headings, if no other table has other sizes. Their sum is the number of subjects only where
    each subject is in one group: not in a crossover, which the caller has to know. Where a column for all has its
    own size, and it is not the sum, nothing is said.

    >>> from ..records.model import FullText
    >>> grid = (("", "Ketamine (n = 30)", "Saline (n = 28)"), ("Age", "41", "43"))
    >>> text = FullText(tables=(Table(locator="table1", caption="Baseline data", grid=grid, header_rows=1),))
    >>> [(f.field, f.value, f.note) for f in read_tables(Record(source="pmc", pmid="1", full_text=text))]
    [('arms', 2, 'Ketamine 30, Saline 28'), ('n_analysed', 58, '30 + 28')]
    """
    tables = record.full_text.tables if record.full_text else ()
    source = record.identifiers[0] if record.identifiers else record.key
    return list(_sizes(tables, source))


def groups_of(table: Table) -> tuple[list[Group], int, str]:
    """The groups of a table with a size each, the row that gives the sizes (-1: none), and the rule.

    >>> grid = (("", "Ketamine", "Saline"), ("Number of patients", "30", "28"))
    >>> groups_of(Table(locator="table1", grid=grid, header_rows=1))[0]
    [Group(name='Ketamine', size=30, columns=(1,)), Group(name='Saline', size=28, columns=(2,))]
    """
    header = table.grid[: table.header_rows]
    names: dict[int, str] = {}
    for number, row in enumerate(header):
        sizes = {column: match for column, cell in enumerate(row) if (match := GROUP_SIZE.regex.search(cell.lower()))}
        if len({row[column] for column in sizes}) > 1 or (len(sizes) > 1 and any(names.values())):
            found: dict[str, Group] = {}
            for column, match in sizes.items():
                name = _clean(row[column][: match.start()] + row[column][match.end() :]) or names.get(column, "")
                size = int(re.sub(r"\D", "", match[1] or match[2]))
                seen = found.get(name)
                found[name] = Group(name, size, (*(seen.columns if seen else ()), column))
            return list(found.values()), number, GROUP_SIZE.name
        names |= {column: _clean(cell) for column, cell in enumerate(row) if cell}
    for number, row in enumerate(table.grid[table.header_rows : table.header_rows + 3], start=table.header_rows):
        if row and names and SIZE_ROW.regex.fullmatch(_clean(row[0]).lower()):
            counted = [
                (column, cell) for column, cell in enumerate(row) if column and cell.isascii() and cell.isdigit()
            ]
            if len({names.get(column) for column, _ in counted}) == len(counted) > 1:
                return [Group(names[column], int(cell), (column,)) for column, cell in counted], number, SIZE_ROW.name
    return [], -1, ""


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ,;:")


def _sizes(tables: tuple[Table, ...], source: str) -> Iterator[Finding]:
    """Number and sizes of the groups, from the table best placed to tell them."""
    told = [found for table in tables if (found := _arms(table))]
    described = [found for found in told if _BASELINE.search(found[0].caption)]
    for field in ("arms", "n_analysed"):
        values = {len(arms) if field == "arms" else sum(group.size for group in arms) for _, arms, _, _ in told}
        if not described and len(values) != 1:
            continue  # tables of different subsets, and none that describes the groups
        table, arms, number, rule = (described or told)[0]
        sizes = [group.size for group in arms]
        value, note = sum(sizes), " + ".join(map(str, sizes))
        if field == "arms":
            value, note = len(arms), ", ".join(f"{group.name} {group.size}" for group in arms)
        confidence = Confidence.LIKELY if described else Confidence.UNCLEAR
        yield _finding(table, number, source, field, value, rule, confidence, note)


def _arms(table: Table) -> tuple[Table, list[Group], int, str] | None:
    """The groups a table compares; None where its columns are something else, or do not add up to the one for all."""
    groups, number, rule = groups_of(table)
    arms = [group for group in groups if group.name and not _TOGETHER.search(group.name)]
    if len(arms) < 2 or any(_NO_ARM.search(group.name) for group in arms):
        return None
    total = sum(group.size for group in arms)
    if any(group.size != total for group in groups if _TOGETHER.search(group.name)):
        return None
    return table, arms, number, rule


def _finding(
    table: Table, number: int, source: str, field: str, value: int, rule: str, confidence: Confidence, note: str
) -> Finding:
    return Finding(
        field=field,
        value=value,
        quote=" | ".join(table.grid[number]),
        rule=rule,
        confidence=confidence,
        locator=f"{table.locator}, row {number + 1}",
        source=source,
        note=note,
    )
