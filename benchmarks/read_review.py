"""The bundled review's checked values beside what the reader finds in the same abstracts, where these are at hand.

Curated values may come from a full text, a review's table or the abstract; only those whose locator says "abstract"
could have been read, and a field counts only there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ketalit.fields import FIELDS
from ketalit.findings import Finding
from ketalit.review import load_review
from ketalit.table.cells import same_value

from . import corpus
from .reading import SAME, findings_of

_NUMBER = re.compile(r"\d*\.?\d+")
_SCALE = re.compile(r"visual analogu?e? scale", re.IGNORECASE)
_LEFT_OUT = {"condition", "comparator_detail", "adverse_events", "adverse_events_asked", "result", "drug_form"}


def pairs() -> Iterator[tuple[str, Finding, Finding]]:
    """Curated and read finding of each field of each work of the review whose abstract is recorded, by its id."""
    review = load_review()
    known = {record.pmid: record.id for record in review.records.values() if record.pmid}
    read: dict[str, dict[str, Finding]] = {}
    for record in corpus.records(corpus.KETAMINE_AND_PAIN):
        if record.pmid in known and record.abstract:
            read[known[record.pmid]] = findings_of(record)
    for row in review.extraction:
        curated = row.finding
        found = read.get(row.record, {}).get(curated.field)
        if found and curated.locator == "abstract" and curated.field not in _LEFT_OUT:
            yield row.record, curated, found


def verdict(curated: Finding, found: Finding) -> str:
    """How a read finding compares: "same", "differs", "reader silent", "only the reader", or "both without"."""
    if curated.missing or found.missing:
        if curated.missing and found.missing:
            return "both without"
        return "reader silent" if found.missing else "only the reader"
    said, read = str(curated.value), str(found.value)
    if curated.field == "dose":  # the review says more around the dose than the reader takes
        same = set(_NUMBER.findall(read)) <= set(_NUMBER.findall(said))
    elif curated.field in SAME:
        same = SAME[curated.field](said, read)
    elif curated.field == "scale":
        same = same_value(FIELDS["scale"], _SCALE.sub("VAS", said), _SCALE.sub("VAS", read))
    else:
        same = same_value(FIELDS[curated.field], curated.value, found.value)
    return "same" if same else "differs"


def measure() -> str:
    """The comparison as Markdown."""
    counts: dict[str, Counter[str]] = {}
    differing: list[str] = []
    works: set[str] = set()
    for work, curated, found in pairs():
        works.add(work)
        said = verdict(curated, found)
        counts.setdefault(curated.field, Counter())[said] += 1
        if said == "differs":
            differing.append(f"- {work}, {curated.field}: review “{curated.value}”, reader “{found.value}”")
    verdicts = ("same", "differs", "reader silent", "only the reader", "both without")
    lines = [
        "## The bundled review's curated values beside the reader's\n",
        f"{len(works)} works of the review have a recorded abstract; values whose locator is the abstract.\n",
        "| field | " + " | ".join(verdicts) + " |",
        "|---" * (len(verdicts) + 1) + "|",
    ]
    lines += [
        f"| {name} | " + " | ".join(str(found[one] or "·") for one in verdicts) + " |" for name, found in counts.items()
    ]
    total = sum(counts.values(), Counter[str]())
    lines.append("| **all** | " + " | ".join(str(total[one]) for one in verdicts) + " |")
    return "\n".join([*lines, "", *differing])
