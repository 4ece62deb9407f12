"""A small invented review to be screened. SYNTHETIC: no such works exist."""

from __future__ import annotations

import io
from pathlib import Path

from ketalit.records.model import Author, Date, Journal, Record, Section, to_json
from ketalit.screening import Choice, Session, Stage, Vote, screen
from ketalit.screening.votes import save_vote

EARLY, LATE = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
REASONS = ("protocol", "wrong people", "wrong drug")


def record(number: int) -> Record:
    return Record(
        source="person",
        key=f"r{number}",
        pmid=str(1000000 + number),
        title=f"Invented trial {number} of S-ketamine",
        abstract=(Section(text=f"{20 + number} patients were randomised to ketamine or placebo.", label="METHODS"),),
        authors=(Author(last=f"Author{number}", initials="A"),),
        journal=Journal(abbreviation="J Inv Trials"),
        published=Date(iso="2020", precision="year"),
    )


def make_review(folder: Path, count: int = 4, reasons: tuple[str, ...] = REASONS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f'"{reason}"' for reason in reasons)
    settings = f'format = 1\ntitle = "Invented review"\ndrugs = ["ketamine", "S-ketamine"]\nreasons = [{listed}]\n'
    (folder / "review.toml").write_text(settings, encoding="utf-8")
    lines = b"\n".join(to_json(record(number)) for number in range(1, count + 1))
    (folder / "records.jsonl").write_bytes(lines + b"\n")
    return folder


def cast(folder: Path, reviewer: str, stage: Stage, decisions: dict[str, str]) -> None:
    """Votes straight into the file: "include", or "exclude: reason"."""
    for name, said in decisions.items():
        choice, _, reason = said.partition(": ")
        save_vote(folder, reviewer, Vote(record=name, stage=stage, decision=Choice(choice), reason=reason))


def sit(folder: Path, reviewer: str, stage: Stage, keys: str, **more: object) -> tuple[Session, str]:
    """One sitting with scripted keys (a comma is a line feed), and all that was shown."""
    out = io.StringIO()
    lines = io.StringIO(keys.replace(",", "\n") + "\n" if keys else "")
    session = screen(folder, reviewer, stage, lines=lines, out=out, **more)  # type: ignore[arg-type]
    return session, out.getvalue()
