"""The numbers as text for the terminal, as a Markdown table and as JSON."""

from __future__ import annotations

import msgspec

from ..escaping import json_in_terminal, markdown, one_line
from .boxes import DATABASES, OTHER, column_boxes, included_box, shown, sums
from .counts import PrismaCounts


def prisma_text(counts: PrismaCounts) -> str:
    """The flow as indented lines; what leaves it stands further in.

    >>> from .counts import count_prisma
    >>> "Reports of included studies: n = 57" in prisma_text(count_prisma())
    True
    """
    lines = [f"PRISMA 2020 flow of {one_line(counts.title)}"]
    for heading, column in ((DATABASES, counts.databases), (OTHER, counts.other)):
        lines += ["", heading]
        for box in column_boxes(column):
            indent = "    − " if box.side else "  "
            lines.append(f"{indent}{box.heading}: {shown(box.number)}")
            lines += [f"{' ' * len(indent)}  {name}: {shown(number)}" for name, number in box.lines]
    last = included_box(counts)
    lines += ["", "Included", f"  {last.heading}: {shown(last.number)}"]
    lines += [f"  {name}: {shown(number)}" for name, number in last.lines]
    if counts.excluded_without_stage:
        lines += ["", "Left out, at which stage is not recorded"]
        lines += [f"  {one_line(reason)}: {shown(number)}" for reason, number in counts.excluded_without_stage]
    lines += ["", sums(counts), *(f"  {one_line(said)}" for said in counts.differences)]
    lines += [one_line(note) for note in counts.notes]
    return "\n".join(lines)


def prisma_markdown(counts: PrismaCounts) -> str:
    """The flow as a Markdown table with a column for databases and one for other methods, and what is to be known.

    >>> from .counts import count_prisma
    >>> prisma_markdown(count_prisma()).splitlines()[5]
    '| Records screened | not recorded | not recorded |'
    """
    rows: list[tuple[str, str, str]] = []
    for one, two in zip(column_boxes(counts.databases), column_boxes(counts.other), strict=True):
        rows.append((one.heading, shown(one.number), shown(two.number)))
        lines = [dict(box.lines) for box in (one, two)]
        for name in dict.fromkeys((*lines[0], *lines[1])):
            left, right = (shown(under[name]) if name in under else "" for under in lines)
            rows.append((f"– {name}", left, right))
    last = included_box(counts)
    rows += [(name, shown(number), "") for name, number in ((last.heading, last.number), *last.lines)]
    unstaged = counts.excluded_without_stage
    rows += [(f"Left out, stage not recorded: {reason}", shown(number), "") for reason, number in unstaged]
    table = ["|  | Databases | Other methods |", "| --- | --- | --- |"]
    table += [f"| {' | '.join(markdown(cell) for cell in row)} |" for row in rows]
    said = [sums(counts), *(f"- {markdown(one)}" for one in counts.differences)]
    notes = [line for note in counts.notes for line in ("", markdown(note))]
    return "\n".join([*table, "", *said, *notes]) + "\n"


def prisma_json(counts: PrismaCounts) -> str:
    """All numbers as JSON; null is not recorded.

    >>> from .counts import count_prisma
    >>> msgspec.json.decode(prisma_json(count_prisma()))["reports"]
    57
    """
    return json_in_terminal(msgspec.json.format(msgspec.json.encode(counts)).decode()) + "\n"
