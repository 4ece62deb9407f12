"""Texts that every output has to survive, and an invented review full of them. SYNTHETIC: no such works exist."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

from ketalit.records.model import Author, Correction, Date, Journal, Record, to_json
from ketalit.review import Review, Screening, Search
from ketalit.vocabulary import Decision

TITLES = {
    "latex": r"\write18{touch owned} \input{/etc/passwd} $x_1^2$ 50% & #1 ~a --- ``q'' \\[2cm] {open",
    "comment": "100% \\% of it\\",
    "nbib": "First line\nPMID- 999\nTI  - Injected\r\n\r\nPMID- 998\u2028AU  - Nobody",
    "formula": '=HYPERLINK("http://example.org","click")',
    "plus": "+1+cmd|' /C calc'!A0",
    "markdown": "<script>alert(1)</script> | *bold* [x](javascript:alert(2)) ```\n# head",
    "terminal": "\x1b[31mred\x1b]8;;http://example.org\x07link \u202eback\x00\x07",
    "unicode": "東京 ≥ α-Δ µg 🐁 é ﬁ \u00a0",
    "yaml": '"quoted": - & * ! # {a: b} \u2028 é',
}


def record(key: str, number: int) -> Record:
    title = TITLES[key]
    return Record(
        source="person",
        key=key,
        pmid=str(2000000 + number),
        doi=f"10.1000/{key}_{number}%5B#",
        title=title,
        authors=(Author(last=f"O'{title[:30]}", fore=title[:20], initials="AB"), Author(collective=title)),
        journal=Journal(title=title, abbreviation=title[:40]),
        published=Date(iso="2020-03-04", precision="day"),
        pages="304-11",
        corrections=(Correction(type="RetractionIn"),) if key == "nbib" else (),
    )


RECORDS = tuple(record(key, number) for number, key in enumerate(TITLES, 1))
NO_XML = "a\ufffe\uffffb"  # two characters that no XML file may hold
QUERY = "ketamine ``` [x](y) \\write18{a}\n```\n# not a heading"


def hostile_review(path: Path = Path("hostile")) -> Review:
    return Review(
        path=path,
        title=" ".join(TITLES.values()),
        question=TITLES["latex"],
        how_found=TITLES["markdown"],
        searches=(Search(name=TITLES["markdown"], query=QUERY, why=TITLES["latex"]),),
        records=MappingProxyType({one.id: one for one in RECORDS}),
        screening=tuple(Screening(record=one.id, decision=Decision.INCLUDE, note=one.title) for one in RECORDS),
    )


def write(folder: Path) -> Path:
    """The same as a folder, with values that hold the texts."""
    folder.mkdir(parents=True)
    review = hostile_review(folder)
    quoted = [basic(text) for text in (review.title, review.question, review.how_found, QUERY)]
    settings = 'format = 1\ntitle = {}\nquestion = {}\nhow_found = {}\n[[searches]]\nname = "broad"\nquery = {}\n'
    (folder / "review.toml").write_text(settings.format(*quoted), encoding="utf-8")
    lines = (json.dumps(json.loads(to_json(one))).encode() for one in RECORDS)
    (folder / "records.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    rows = ["record,decision,reason,note", *(f"{one.id},include,,{cell(one.title)}" for one in RECORDS)]
    (folder / "screening.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = ["record,field,value,source,origin,who,when,note"]
    for one in RECORDS:
        rows += [
            f"{one.id},{field},{cell(one.title)},PMID:1,person,AB,2024-01-02,{cell(one.title)}"
            for field in ("dose", "result", "condition")
        ]
    (folder / "extraction.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def basic(text: str) -> str:
    """A text as a basic string of TOML."""
    escaped = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text)
    return f'"{"".join(escaped)}"'


def cell(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""').replace("\x00", ""))
