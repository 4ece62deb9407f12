"""The words that every rendering of an audit shares."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from ..claims.pages import TONES
from ..identifiers import source_link
from ..resolve import Outcome, Resolution
from ..telling import count_of
from ..vocabulary import FLAGGED, Status
from .model import Audit, Resemblance, Statement

NOT_CHECKED = "not yet checked"
HOW = (
    "Statements were matched to the claims of the review by their words, numbers and what they deny; a match can be "
    "wrong, so read the claim beside it. A statement that only resembles a claim gets no verdict. “Not yet checked” "
    "says nothing for or against a statement."
)


def page_name(audit: Audit) -> str:
    """What the page is called: its file or address."""
    source = audit.page.source
    if source.lower().startswith(("http://", "https://")):
        return source
    return PurePath(source).name if source not in {"", "-"} else "a page"


def subtitle(audit: Audit) -> str:
    """Against what it was held, and the hash of the page."""
    return f"Held against the review “{audit.title}”. SHA-256 of the page: {audit.page.sha256[:16]}…"


def summary(audit: Audit) -> str:
    """The counts in a sentence.

    >>> from ketalit.audit import audit
    >>> from ketalit.review import load_review
    >>> summary(audit("There is no chance of addiction to ketamine.", load_review())).split(":")[0]
    '1 sentence, 1 statement that can be checked'
    """
    statements = count_of(len(audit.statements), "statement")
    known, claims = len(audit.known), count_of(len(audit.claims), "known claim")
    works = count_of(len(audit.works), "work")
    makes = f"{known or 'none'} of them {'make' if known > 1 else 'makes'} {claims if known else 'a known claim'}"
    return (
        f"{count_of(audit.sentences, 'sentence')}, {statements} that can be checked: {makes}, "
        f"{len(audit.unchecked)} not yet checked. It cites {works}."
    )


def tone(statement: Statement) -> str:
    """Tone of a statement: that of its gravest verdict, "open" without any."""
    tones = {TONES[verdict] for verdict in statement.verdicts}
    return next((name for name in ("bad", "doubt", "part", "good") if name in tones), "open")


def said(statement: Statement) -> str:
    """The verdicts on a statement in words."""
    return ", ".join(statement.verdicts) or NOT_CHECKED


def by_verdict(audit: Audit) -> list[dict[str, Any]]:
    """Numbers of the statements by verdict, gravest first; those not yet checked last."""
    lines: list[dict[str, Any]] = []
    for verdict, name in TONES.items():
        numbers = [one.number for one in audit.statements if verdict in one.verdicts]
        if numbers:
            lines.append({"name": str(verdict), "tone": name, "numbers": numbers})
    if audit.unchecked:
        lines.append({"name": NOT_CHECKED, "tone": "open", "numbers": [one.number for one in audit.unchecked]})
    return lines


def resemblance_line(one: Resemblance) -> str:
    """Why a claim in the same words lends no verdict."""
    claim = one.claim.claim
    return f"Much in the words of {claim.id} (“{claim.claim}”), but {one.why}: its verdict does not carry over."


def resembled(statement: Statement) -> list[str]:
    """The lines on claims a statement resembles; the nearest two are enough."""
    return [resemblance_line(one) for one in statement.resembles[:2]]


def candidates(statement: Statement) -> list[dict[str, str]]:
    """Records in which a statement could be looked up."""
    return [
        {
            "short": one.record.short,
            "record": one.record.id,
            "words": ", ".join(one.words),
            "link": source_link(next(iter(one.record.identifiers), "")),
        }
        for one in statement.candidates
    ]


def work(found: Resolution) -> dict[str, Any]:
    """A cited work: how the page cites it, the record, how it stands, remarks, and what it could be."""
    record = found.record
    standing = [str(found.outcome)]
    if record:
        checked = found.status != Status.NOT_CHECKED
        standing.append(f"status: {found.status}" if checked else "status not checked with NLM")
    if found.rests_on:
        standing.append(f"unverified: {', '.join(found.rests_on)}")
    lines = list(found.all_notes)
    if found.same_work:
        others = ", ".join(map(str, found.same_work))
        lines.append(f"the same work as {others}{f': {found.same_because}' if found.same_because else ''}")
    return {
        "number": found.number,
        "cited": " ".join(found.citation.passage.text.split()),
        "record": record.short if record else "",
        "title": record.title if record else "",
        "link": source_link(next(iter(record.identifiers), "")) if record else "",
        "standing": "; ".join(standing),
        "flagged": found.status in FLAGGED,
        "lines": lines,
        "candidates": [
            {
                "short": one.record.short,
                "why": ", ".join(item.reason for item in one.evidence if item.points),
                "link": source_link(next(iter(one.record.identifiers), "")),
            }
            for one in (() if found.outcome is Outcome.FOUND else found.candidates[:3])
        ],
    }
