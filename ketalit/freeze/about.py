"""What a snapshot says of itself: README.md, CITATION.cff and snapshot.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..escaping import markdown, one_line
from ..export.wording import MISSING_HELP, decisions_line
from ..table import NO_ADVICE
from .material import Material
from .versions import Versions

SUMS = "SHA256SUMS"
LIBRARY = "review.tar.gz"
_DEVELOPERS = "The ketalit developers"

# Every file a snapshot may hold, and what it is; README.md lists those that are there, in this order.
FILES: Mapping[str, str] = {
    "table/evidence.html": "the table as a page: sort, filter, open a row to see where each value was read",
    "table/evidence.xlsx": "the table as a workbook, with its sources",
    "table/evidence.csv": "the table, one row a study",
    "table/evidence.sources.csv": "every value anybody holds for it, one row a value, with its source",
    "table/evidence.json": "the table with the source of each value, for programs",
    "table/evidence.parquet": "the table with types and units in its columns",
    "table/evidence.sources.parquet": "its sources likewise",
    "table/codebook.md": "what every column means, its type, unit, allowed words and missing codes",
    "table/codebook.csv": "the same for programs",
    "search/prisma-flow.svg": "PRISMA 2020 flow diagram",
    "search/prisma-flow.md": "its numbers, and what has to be known to read them",
    "search/prisma-s.md": "search appendix: each search as it was run, and the items of PRISMA-S",
    "search/searches.json": "each run of each search to the letter, with the identifiers it found",
    "search/decisions.csv": "every record with the decision on it; those left out with the reason",
    "methods.md": "methods, written from what is recorded",
    "references/references.ris": "references of the table: RIS",
    "references/references.nbib": "… as PubMed exports them",
    "references/references.bib": "… BibTeX",
    "references/references.json": "… CSL-JSON",
    LIBRARY: "the whole review with all that came from NCBI; `ketalit library unpack` makes a review of it",
    "snapshot.json": "versions, counts, and the hashes of the review's own files",
    "CITATION.cff": "how to cite, for programs",
}
# Files of a review, so that somebody who has it can tell whether it is the one that was frozen.
_INPUTS = (
    *("review.toml", "records.jsonl", "screening.csv", "extraction.csv", "extraction-history.csv", "claims.csv"),
    *("effects.csv", "effects-history.csv", "rob.csv", "summary.csv", "duplicates.csv", "adjudication.csv"),
    *("votes/*.csv", "extraction/*.csv"),
)


def authors(material: Material) -> tuple[str, ...]:
    """Who is to be cited: as given, else those of the review without their names."""
    if material.authors:
        return material.authors
    return (_DEVELOPERS if material.bundled else f"The reviewers of “{one_line(material.review.title)}”",)


def readme(material: Material, versions: Versions, files: Iterable[str]) -> str:
    """README.md: what this is, how to cite and verify it, what each file is, what has to be known."""
    review, table = material.review, material.table
    names = "; ".join(authors(material))
    cite = f"{names}. {review.title} [data set]. Snapshot of {material.date}, made with ketalit {versions.ketalit}."
    here = set(files)
    listed = [f"- [{name}]({name}): {meaning}" for name, meaning in FILES.items() if name in here]
    known = [
        f"{table.totals}. {decisions_line(table)}",
        review.how_found,
        "; ".join(f"“{kind}”: {meaning}" for kind, meaning in MISSING_HELP) + ".",
        *(f"Noticed when the review was read: {problem}" for problem in review.problems),
        NO_ADVICE,
    ]
    parts = [
        f"# {markdown(review.title)}: snapshot of {material.date}",
        markdown(review.question),
        "A review as it stood on that day, put down so that it can be cited and held against later states of it.",
        "## How to cite",
        f"> {markdown(cite)}",
        "Add the fingerprint of this snapshot, so that readers know that theirs is the same: it is the SHA-256 of the "
        f"file `{SUMS}`, and `ketalit freeze --verify` prints it. With a DOI of a repository, cite that.",
        "## How to verify",
        f"`ketalit freeze --verify .` in this folder holds every file against its hash and names what was changed, "
        f"added or taken away. Without ketalit: `sha256sum -c {SUMS}`.",
        "## What is here",
        "\n".join(listed),
        "## What to know",
        "\n".join(f"- {markdown(' '.join(line.split()))}" for line in known if line),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def citation(material: Material, versions: Versions) -> str:
    """CITATION.cff (Citation File Format 1.2.0). A JSON string is a YAML string, so every text is written as one."""
    review = material.review
    lines = [
        "cff-version: 1.2.0",
        f"message: {_yaml('Please cite this snapshot as below, with the fingerprint that README.md speaks of.')}",
        "type: dataset",
        f"title: {_yaml(review.title)}",
        f"version: {_yaml(material.date)}",
        f"date-released: {_yaml(material.date)}",
        "authors:",
        *(line for name in authors(material) for line in _person(name)),
    ]
    about = " ".join(part for part in (review.question, review.how_found) if part)
    lines += [f"abstract: {_yaml(about)}"] if about else []
    lines += ["references:", "  - type: software", "    title: ketalit", f"    version: {_yaml(versions.ketalit)}"]
    lines += ["    authors:", f"      - name: {_yaml(_DEVELOPERS)}"]
    return "\n".join(lines) + "\n"


def snapshot_json(material: Material, versions: Versions) -> str:
    """What the snapshot was made of and with, for programs."""
    counts = material.table.totals
    whole = {
        "format": 1,
        "title": material.review.title,
        "date": material.date,
        "authors": authors(material),
        "versions": {"ketalit": versions.ketalit, "python": versions.python, **versions.libraries},
        "studies": counts.studies,
        "reports": counts.reports,
        "people": counts.people,
        "decisions": dict(counts.decisions),
        "inputs": dict(_hashes(material.review.path)),
        "library": {"runs": len(material.runs), "last": material.runs[-1].started if material.runs else None},
    }
    return json.dumps(whole, indent=2) + "\n"


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for pattern in _INPUTS:
        for path in sorted(folder.glob(pattern)):
            if not path.name.startswith("."):
                yield path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def _person(name: str) -> Iterator[str]:
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given:
        yield f"  - family-names: {_yaml(family)}"
        yield f"    given-names: {_yaml(given)}"
    else:
        yield f"  - name: {_yaml(name)}"


def _yaml(text: str) -> str:
    return json.dumps(one_line(text))  # ASCII: YAML reads \u as JSON does
