"""A small invented review to extract from. SYNTHETIC: no such works exist."""

from __future__ import annotations

import io
from pathlib import Path

from ketalit.extraction import Session, extract
from ketalit.records.model import Author, Date, Journal, Record, Section, to_json
from ketalit.review import load_review

HEADER = "record,field,value,unit,quote,locator,source,origin,checked,who,when,note"


def record(number: int) -> Record:
    return Record(
        source="person",
        key=f"r{number}",
        pmid=str(1000000 + number),
        title=f"Ketamine or placebo for invented pain {number}: a randomised double-blind trial",
        abstract=(
            Section(
                label="METHODS",
                text=f"We randomised {40 + number} patients to intravenous ketamine 0.{number} mg/kg or placebo.",
            ),
            Section(label="RESULTS", text="Pain after four weeks did not differ between groups (p = 0.60)."),
        ),
        authors=(Author(last=f"Author{number}", initials="A"),),
        journal=Journal(abbreviation="J Inv Trials"),
        published=Date(iso="2020", precision="year"),
    )


def make_review(folder: Path, count: int = 2, rows: str = "", newline: str = "\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    settings = 'format = 1\ntitle = "Invented review"\ndrugs = ["ketamine"]\n'
    (folder / "review.toml").write_text(settings, encoding="utf-8")
    lines = b"\n".join(to_json(record(number)) for number in range(1, count + 1))
    (folder / "records.jsonl").write_bytes(lines + b"\n")
    screened = "".join(f"r{number},include\n" for number in range(1, count + 1))
    (folder / "screening.csv").write_text(f"record,decision\n{screened}", encoding="utf-8")
    (folder / "extraction.csv").write_bytes(f"{HEADER}\n{rows}".replace("\n", newline).encode())
    return folder


def stored(folder: Path, field: str = "", name: str = "r1") -> list[tuple[str, object]]:
    """(who, value) of the rows of extraction.csv on a field of a record."""
    return [
        (row.finding.who, row.finding.missing or row.finding.value)
        for row in load_review(folder).extraction
        if row.record == name and (not field or row.finding.field == field)
    ]


def sit(folder: Path, keys: str, name: str = "r1", who: str = "AB", **more: object) -> tuple[Session, str]:
    """One sitting with scripted keys (a bar is a line feed), and all that was shown."""
    out = io.StringIO()
    lines = io.StringIO(keys.replace("|", "\n") + "\n" if keys else "")
    session = extract(folder, name, who, lines=lines, out=out, **more)  # type: ignore[arg-type]
    return session, out.getvalue()
