"""Randomised or not on two larger sets of recorded records, publication types and MeSH hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ketalit.errors import InputError
from ketalit.records.medline import iter_medline
from ketalit.records.model import Record
from ketalit.records.pubmed import iter_pubmed

from . import corpus
from .reading import LABELLED, Detection, findings_of, gold, half, is_randomised

BY_CHANCE = {"Double-Blind Method", "Single-Blind Method", "Random Allocation"}


def corpus_rct(name: str = "held out") -> tuple[Detection, Detection]:
    """Randomised or not, by title and abstract alone, on a half of the recorded records that no other set here holds.

    First: records with NLM's publication types. These are nearly all of no trials, and a few trials were not yet
    indexed when they were recorded, so this measures specificity, and rather too low. Second: records of people that
    NLM indexed under Double-Blind Method, Single-Blind Method or Random Allocation, all taken for trials. Some are
    reviews or surveys, so the sensitivity is too low too; the second set has no negatives.
    """
    typed, indexed = Detection(), Detection()
    for record in _recorded():
        identifier = record.pmid or record.key
        if name not in (half(identifier), "both"):
            continue
        headings = {heading.name for heading in record.mesh}
        types = {term.name for term in record.publication_types}
        by_chance = "Humans" in headings and headings & BY_CHANCE
        if not (types or by_chance):
            continue
        got = is_randomised(findings_of(replace(record, publication_types=(), mesh=())))
        if types:
            typed.add(wanted="Randomized Controlled Trial" in types, got=got)
        elif by_chance:
            indexed.add(wanted=True, got=got)
    return typed, indexed


def _recorded() -> Iterator[Record]:
    """Recorded records with an abstract, each once, without those of the labelled sets."""
    known = {record.pmid for _, record in gold()}
    with (LABELLED / "medline_dev.nbib").open("rb") as file:
        known |= {record.pmid for record in iter_medline(file)}
    known.discard("")
    for record in (*_files(), *corpus.records(corpus.KETAMINE_AND_PAIN)):
        identifier = record.pmid or record.key
        if record.abstract and identifier and identifier not in known:
            known.add(identifier)
            yield record


def _files() -> Iterator[Record]:
    """Records of the PubMed XML and MEDLINE files; a file that is no such thing is passed over."""
    for folder, reader in (("pubmed_xml", iter_pubmed), ("medline", iter_medline)):
        for path in sorted((corpus.RECORDED / folder).rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    try:
                        yield from (record for record in reader(file) if record.pmid and record.publication_types)
                    except InputError:
                        continue


def measure() -> str:
    """Both sets, both halves, as Markdown."""
    lines = [
        "## Randomised trial or not, recorded records, publication types and MeSH hidden\n",
        "| set | half | n | sensitivity | specificity | hits | misses | false alarms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in ("development", "held out"):
        sets = zip(("NLM publication types", "indexed as blinded or allocated"), corpus_rct(name), strict=True)
        for title, found in sets:
            total = found.hits + found.misses + found.false_alarms + found.rejections
            specificity = f"{found.specificity:.1%}" if found.false_alarms + found.rejections else "·"
            lines.append(
                f"| {title} | {name} | {total} | {found.sensitivity:.1%} | {specificity} "
                f"| {found.hits} | {found.misses} | {found.false_alarms} |"
            )
    return "\n".join(lines)
