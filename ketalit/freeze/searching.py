"""The search appendix after PRISMA-S: every search as it was run, and what is known of each item of the check list.

Rethlefsen ML, Kirtley S, Waffenschmidt S, et al. PRISMA-S: an extension to the PRISMA Statement for Reporting
Literature Searches in Systematic Reviews. Syst Rev 2021;10:39. https://doi.org/10.1186/s13643-020-01542-z

What ketalit does not know it calls "not recorded": whoever reports the review has to fill that in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from ..escaping import markdown, terminal
from ..library import RunKind, SavedSearch
from ..review import Likeness
from ..telling import count_of
from .csv import csv_of
from .material import Material

NOT_RECORDED = "not recorded"
_PLATFORM = "NCBI Entrez, through E-utilities"
_DATABASES = {"pubmed": "PubMed", "pmc": "PubMed Central"}
_ELSEWHERE = "not recorded by itself; see “How works were found”"


def checklist(material: Material) -> tuple[tuple[int, str, str], ...]:
    """The 16 items: number, name, and what is recorded.

    >>> from .material import read_material
    >>> [said for number, _, said in checklist(read_material(None, "2999-12-31", ())) if number == 14]
    ['not recorded']
    """
    by_hand = _ELSEWHERE if material.review.how_found else NOT_RECORDED
    answers = (
        ("Database name", _databases(material)),
        ("Multi-database searching", _together(material)),
        ("Study registries", NOT_RECORDED),
        ("Online resources and browsing", by_hand),
        ("Citation searching", by_hand),
        ("Contacts", NOT_RECORDED),
        ("Other methods", by_hand),
        ("Full search strategies", _strategies(material)),
        ("Limits and restrictions", _limits(material)),
        ("Search filters", NOT_RECORDED),
        ("Prior work", NOT_RECORDED),
        ("Updates", _updates(material)),
        ("Dates of searches", "; ".join(_dates(material)) or NOT_RECORDED),
        ("Peer review", NOT_RECORDED),
        ("Total records", "; ".join(_totals(material)) or NOT_RECORDED),
        ("Deduplication", _deduplication(material)),
    )
    return tuple((number, name, said) for number, (name, said) in enumerate(answers, 1))


def appendix(material: Material) -> str:
    """The appendix as Markdown."""
    lines = ["| Item | | What is recorded |", "| --- | --- | --- |"]
    lines += [f"| {number} | {name} | {markdown(said)} |" for number, name, said in checklist(material)]
    parts = [
        f"# Search appendix (PRISMA-S): {markdown(material.review.title)}",
        f"As of {material.date}. “{NOT_RECORDED}”: the review does not say, which is not the same as no.",
        "\n".join(lines),
    ]
    if material.review.how_found:
        parts += ["## How works were found", markdown(material.review.how_found)]
    parts += ["## Searches that were run"]
    parts += list(_runs(material)) or ["None is recorded."]
    if material.unrun:
        parts += ["## Saved, but not run as they stand", "Nothing in this snapshot comes from them."]
        for search in material.review.searches:
            if search.name in material.unrun:
                parts += [f"### {markdown(search.name)} ({markdown(_named(search.database))})"]
                parts += [f"Why: {markdown(search.why)}"] if search.why else []
                parts += [verbatim(search.query)]
    return "\n\n".join(parts) + "\n"


def searches_json(material: Material) -> str:
    """Every run of every search, and the saved ones as they stand: queries to the letter, counts, translations, ids."""
    runs = [
        {
            "name": run.name,
            "database": run.database,
            "platform": _PLATFORM,
            "at": run.at,
            "query": run.query,
            "count": run.count,
            "translation": run.translation,
            "notes": run.notes,
            "database_build": run.build,
            "database_updated": run.updated,
            "ids": run.ids,
        }
        for run in material.searches
    ]
    saved = [
        {
            "name": one.name,
            "database": one.database,
            "query": one.query,
            "why": one.why,
            "last_run": one.last_run or None,
        }
        for one in material.review.searches
    ]
    return json.dumps({"runs": runs, "saved": saved}, indent=2) + "\n"  # ASCII: control codes stay harmless


def decisions_csv(material: Material) -> bytes:
    """Every record of the review with the decision on it, those left out with the reason: one row a record."""
    rows = {row.record: row for row in material.review.screening}
    names = ("record", "identifiers", "citation", "title", "decision", "reason", "study", "who", "when", "note")
    lines = []
    for name, record in material.review.records.items():
        row = rows.get(name)
        lines.append(
            {
                "record": name,
                "identifiers": "; ".join(record.identifiers),
                "citation": record.short,
                "title": record.title,
                "decision": str(row.decision) if row else "unscreened",
                **{part: getattr(row, part) if row else "" for part in ("reason", "study", "who", "when", "note")},
            }
        )
    return csv_of(lines, names)


def verbatim(text: str) -> str:
    r"""A text as a block of code that shows it as it is, whatever it holds; control codes go.

    >>> print(verbatim("a ``` b"))
    ````text
    a ``` b
    ````
    """
    shown = terminal(text).strip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"{fence}text\n{shown}\n{fence}"


def _named(database: str) -> str:
    return _DATABASES.get(database, database)


def _series(material: Material) -> list[list[SavedSearch]]:
    """Runs by search, oldest first."""
    found: dict[tuple[str, str], list[SavedSearch]] = {}
    for run in material.searches:
        found.setdefault((run.database, run.name), []).append(run)
    return list(found.values())


def _imported(material: Material) -> int:
    return len(material.found) - len(_series(material))


def _databases(material: Material) -> str:
    names = list(dict.fromkeys(_named(run.database) for run in material.searches))
    said = [f"{name} ({_PLATFORM})" for name in names]
    if number := _imported(material):
        said.append(f"{count_of(number, 'file')} of records imported; from which database and platform: {NOT_RECORDED}")
    return "; ".join(said) or NOT_RECORDED


def _together(material: Material) -> str:
    if _imported(material):
        return NOT_RECORDED
    return "none: each database was searched by itself" if material.searches else NOT_RECORDED


def _strategies(material: Material) -> str:
    if not material.searches:
        return NOT_RECORDED
    said = f"below, as run: {count_of(len(_series(material)), 'search', 'searches')}"
    return f"{said}; of the imported files: {NOT_RECORDED}" if _imported(material) else said


def _limits(material: Material) -> str:
    return (
        f"ketalit adds none to a strategy; those in its text, and why: {NOT_RECORDED}"
        if material.searches
        else NOT_RECORDED
    )


def _updates(material: Material) -> str:
    again = [f"“{runs[-1].name}” {count_of(len(runs), 'run')}" for runs in _series(material) if len(runs) > 1]
    refreshed = sum(run.kind is RunKind.REFRESH for run in material.runs)
    if refreshed:
        again.append(f"{count_of(refreshed, 'refresh', 'refreshes')} by `ketalit refresh`")
    return "; ".join(again) or NOT_RECORDED


def _dates(material: Material) -> Iterator[str]:
    for runs in _series(material):
        yield f"“{runs[-1].name}” in {_named(runs[-1].database)}: {', '.join(_days(runs))}"


def _totals(material: Material) -> Iterator[str]:
    for source in material.counts.databases.sources:
        yield f"{source.name}: {source.records:,}"
    if material.counts.databases.identified is not None:
        yield f"together {material.counts.databases.identified:,}, duplicates included"


def _deduplication(material: Material) -> str:
    rows = {row.pair: row for row in material.review.duplicates}.values()
    same = sum(row.decision is Likeness.SAME for row in rows)
    apart = sum(row.decision is Likeness.DIFFERENT for row in rows)
    open_ = sum(row.decision is Likeness.PROPOSED for row in rows)
    said = ["ketalit joins records that share an identifier"]
    if rows:
        listed = f"{count_of(same, 'pair')} the same, {apart} different, {open_} not decided"
        said.append(f"duplicates.csv: {listed}, each with its reason")
    if material.counts.databases.duplicates is not None:
        said.append(f"{count_of(material.counts.databases.duplicates, 'duplicate')} taken out before screening")
    return "; ".join(said)


def _runs(material: Material) -> Iterator[str]:
    for runs in _series(material):
        last = runs[-1]
        yield f"### {markdown(last.name or 'without a name')} ({markdown(_named(last.database))}, {_PLATFORM})"
        yield "\n".join(
            f"- {run.at}: {count_of(run.count, 'record')}"
            f"{f'; database of {markdown(run.updated)}' if run.updated else ''}"
            f"{''.join(f'; {markdown(note)}' for note in run.notes)}"
            for run in runs
        )
        for query in dict.fromkeys(run.query for run in runs):
            days = _days([run for run in runs if run.query == query])
            yield f"As run on {', '.join(days)}:"
            yield verbatim(query)
        yield "NCBI's translation at the last run:"
        yield verbatim(last.translation) if last.translation else "Not given by NCBI."


def _days(runs: Sequence[SavedSearch]) -> list[str]:
    return list(dict.fromkeys(run.at[:10] for run in runs))
