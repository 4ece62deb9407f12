"""The words that every rendering of an audit shares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from ..claims.pages import TONES
from ..identifiers import source_link
from ..records.model import Record
from ..resolve import Outcome, Resolution
from ..telling import count_of
from ..vocabulary import FLAGGED, Status
from .model import Audit, Likeness, Resemblance, Statement

NOT_CHECKED = "not yet checked"
IN_PART = "the statement makes a part of this claim; the verdict is on the whole"
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


def held_against(audit: Audit) -> str:
    """Against what it was held."""
    return f"Held against the review “{audit.title}”."


def subtitle(audit: Audit) -> str:
    """Against what it was held, and the hash of the page."""
    return f"{held_against(audit)} SHA-256 of the page: {audit.page.sha256[:16]}…"


def summary(audit: Audit) -> str:
    """The counts in a sentence.

    >>> from ketalit.audit import audit
    >>> from ketalit.review import load_review
    >>> summary(audit("There is no chance of addiction to ketamine.", load_review())).split(":")[0]
    '1 sentence, 1 statement that can be checked'
    """
    sentences, citations = count_of(audit.sentences, "sentence"), f"It has {count_of(len(audit.works), 'citation')}."
    if not audit.statements:
        return f"{sentences}, no statement that can be checked. {citations}"
    known = len(audit.known)
    makes = f"{known} of them {'make' if known > 1 else 'makes'} {count_of(len(audit.claims), 'known claim')}"
    return (
        f"{sentences}, {count_of(len(audit.statements), 'statement')} that can be checked: "
        f"{makes if known else 'none of them makes a known claim'}, {len(audit.unchecked)} not yet checked. {citations}"
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


def verdict_line(line: dict[str, Any]) -> str:
    """How many statements have a verdict, and which, so that nobody takes a number for a count.

    >>> verdict_line({"name": "contradicted", "numbers": [3]})
    'contradicted: 1 statement (number 3)'
    >>> verdict_line({"name": "supported", "numbers": [1, 4, 9]})
    'supported: 3 statements (numbers 1, 4, 9)'
    """
    numbers = line["numbers"]
    which = f"number{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
    return f"{line['name']}: {count_of(len(numbers), 'statement')} ({which})"


def resemblance_line(one: Resemblance) -> str:
    """Why a claim in the same words lends no verdict."""
    claim = one.claim.claim
    return f"Much in the words of {claim.id} (“{claim.claim}”), but {one.why}: its verdict does not carry over."


def resembled(statement: Statement) -> list[str]:
    """The lines on claims a statement resembles or is near to; the nearest two are enough."""
    alike = statement.resembles[:2]
    near = [f"{one.claim.claim.id} (“{one.claim.claim.claim}”)" for one in alike if one.why is Likeness.ONLY_NEAR]
    lines = [resemblance_line(one) for one in alike if one.why is not Likeness.ONLY_NEAR]
    if near:
        lines.append(f"Perhaps near {' and '.join(near)}: worth reading; no verdict on this statement follows.")
    return lines


def candidates(statement: Statement) -> list[dict[str, str]]:
    """Records in which a statement could be looked up."""
    return [
        {
            "short": one.record.short,
            "record": one.record.id,
            "words": ", ".join(one.words),
            "link": _link(one.record),
        }
        for one in statement.candidates
    ]


def cited(statement: Statement, works: Sequence[Resolution]) -> list[dict[str, Any]]:
    """The works a statement cites: number, which record that is or perhaps is, and its link."""
    found = []
    for one in works:
        if one.number in statement.works:
            record = one.record or next((candidate.record for candidate in one.candidates), None)
            perhaps = "" if one.record else "perhaps "
            name = f"{perhaps}{record.short} ({record.id})" if record else ""
            found.append({"number": one.number, "name": name, "link": _link(record) if record else ""})
    return found


def _link(record: Record) -> str:
    return source_link(next(iter(record.identifiers), ""))


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
        "key": record.id if record else "",
        "title": record.title if record else "",
        "link": _link(record) if record else "",
        "standing": "; ".join(standing),
        "flagged": found.status in FLAGGED,
        "lines": lines,
        "candidates": [
            {
                "short": one.record.short,
                "record": one.record.id,
                "why": ", ".join(item.reason for item in one.evidence if item.points),
                "link": _link(one.record),
            }
            for one in (() if found.outcome is Outcome.FOUND else found.candidates[:3])
        ],
    }
