"""Say which citations are of one work, and on which identifiers that rests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ..records.model import Record
from .model import Resolution


def names_of(record: Record) -> tuple[str, ...]:
    """All identifiers of a record with prefix; a PII with and without its "S".

    >>> names_of(Record(source="person", pmid="1", pii="0304-3959(97)00140-X"))
    ('PMID:1', 'PII:030439599700140X', 'PII:S030439599700140X')
    """
    pii = re.sub(r"[-()]", "", record.pii).upper()
    return (*record.identifiers, *((f"PII:{pii}", f"PII:S{pii}") if pii else ()))


def with_same_work(resolutions: Sequence[Resolution]) -> tuple[Resolution, ...]:
    """Resolutions, each with the numbers of the others that share its record or its unknown identifier."""
    groups: dict[str, list[Resolution]] = defaultdict(list)
    for found in resolutions:
        for name in _works(found):
            groups[name].append(found)
    joined = []
    for found in resolutions:
        mates = {other.number: other for name in _works(found) for other in groups[name] if other is not found}
        because = _because([found, *mates.values()]) if mates else ""
        joined.append(replace(found, same_work=tuple(sorted(mates)), same_because=because))
    return tuple(joined)


def _works(found: Resolution) -> list[str]:
    return [found.record.id] if found.record else [str(name) for name in found.citation.identifiers]


def _because(group: Sequence[Resolution]) -> str:
    record = group[0].record
    names = list(dict.fromkeys(name for found in group for name in found.citation.identifiers))
    if record is None or len(names) == 1:
        return "the identifier is the same"
    mine = set(names_of(record))
    names = sorted((name for name in names if str(name) in mine), key=str)
    both = "all" if len(names) > 2 else "both"
    because = f"{listed([f'{name.kind} {name.value}' for name in names])} {both} stand in the record {record.id}"
    unsure = [name.kind for name in names if name.kind.lower() in record.unverified]
    if unsure:
        because += f"; its {listed(unsure)} is unverified, so without a network this rests on an identifier"
        because += " entered from memory"
    return because


def one_work_sentences(resolutions: Sequence[Resolution]) -> list[str]:
    """One sentence for each work that is cited more than once, and for each that possibly is.

    The second kind: unresolved citations whose best candidate, on strong evidence, is the same record.
    """
    lines: list[str] = []
    seen: set[int] = set()
    for found in resolutions:
        if found.same_work and found.number not in seen:
            numbers = sorted((found.number, *found.same_work))
            seen.update(numbers)
            work = f", {found.record.short} ({found.record.id})" if found.record else ""
            lines.append(f"{listed(numbers)} are one work{work}: {found.same_because}.")
    maybe: dict[str, set[int]] = defaultdict(set)
    for found in resolutions:
        if found.candidates and found.candidates[0].strong:
            maybe[found.candidates[0].record.id].add(found.number)
    for key, alike in maybe.items():
        together = sorted(alike | {found.number for found in resolutions if found.record and found.record.id == key})
        if len(together) > 1:
            why = f"{key} is the best candidate for what is unresolved"
            lines.append(f"{listed(together)} are possibly one work: {why}.")
    return lines


def listed(items: Sequence[object]) -> str:
    """Items in a sentence.

    >>> listed([1, 2, 3]), listed(["pmid"])
    ('1, 2 and 3', 'pmid')
    """
    *first, last = map(str, items)
    return f"{', '.join(first)} and {last}" if first else last
