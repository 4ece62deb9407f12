"""Write an audit as a page, as Markdown or as data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import __version__
from ..claims import as_json as claims_as_json
from ..claims.export import claim_lines, linked
from ..claims.pages import NO_ADVICE, TONES, render
from ..errors import InputError
from ..escaping import json_in_terminal, markdown
from ..files import write_atomically
from ..resolve import as_json as works_as_json
from .model import Audit, Statement
from .wording import (
    HOW,
    IN_PART,
    by_verdict,
    candidates,
    cited,
    page_name,
    resembled,
    said,
    subtitle,
    summary,
    tone,
    verdict_line,
    work,
)


def export(audit: Audit, path: Path | str) -> Path:
    """Write an audit to a file: .html (the page with its statements marked), .md or .json.

    Raises:
        InputError: an unknown suffix, or a file that cannot be written.

    >>> import tempfile
    >>> from ketalit.audit import audit
    >>> from ketalit.review import load_review
    >>> export(audit("Pain fell by 30 %.", load_review()), Path(tempfile.mkdtemp()) / "audit.md").name
    'audit.md'
    """
    path = Path(path)
    check_target(path)
    return write_atomically(path, _WRITERS[path.suffix.lower()](audit).encode("utf-8", "replace"))


def check_target(path: Path) -> None:
    """Refuse a file of a kind that cannot be written, before any work is done.

    Raises:
        InputError: an unknown suffix.
    """
    if path.suffix.lower() not in _WRITERS:
        expected = f"a name ending in one of: {' '.join(_WRITERS)}"
        raise InputError(f"“{path.suffix or path.name}” is no kind of file this can write", expected=expected)


def to_html(audit: Audit) -> str:
    """One page that works offline: the text with its statements marked, a note beside each."""
    return render(
        "audit.html",
        title=f"Audit of {page_name(audit)}",
        heading=f"Audit of {page_name(audit)}",
        subtitle=subtitle(audit),
        summary=summary(audit),
        glance=by_verdict(audit),
        how=HOW,
        rows=list(_rows(audit)),
        works=[work(found) for found in audit.works],
        tones=TONES,
    )


def _rows(audit: Audit) -> Iterator[dict[str, Any]]:
    """The lines of the page, each cut at its statements, with their notes."""
    first: dict[str, int] = {}  # the statement that makes a claim first
    at = 0
    left = list(reversed(audit.statements))
    for line in audit.page.text.split("\n"):
        start, end = at, at + len(line)
        at = end + 1
        mine = []
        while left and left[-1].start < end:
            mine.append(left.pop())
        if not line.strip():
            continue
        pieces: list[dict[str, Any]] = []
        position = start
        for one in mine:
            marker = len(one.text) - len(one.text.lstrip("-*•– "))  # the mark of a list item is not underlined
            pieces.append({"text": audit.page.text[position : one.start + marker], "statement": None})
            pieces.append(
                {
                    "text": one.text[marker:],
                    "statement": one,
                    "tone": tone(one),
                    "said": said(one),
                    "noted": _noted(one),
                }
            )
            position = one.end
        pieces.append({"text": audit.page.text[position:end], "statement": None})
        notes = [
            {
                "statement": one,
                "tone": tone(one),
                "matches": [(match, first.setdefault(match.claim.claim.id, one.number)) for match in one.matches],
                "resembles": resembled(one),
                "candidates": candidates(one),
                "cited": cited(one, audit.works),
            }
            for one in mine
            if _noted(one)
        ]
        yield {"pieces": [piece for piece in pieces if piece["text"]], "notes": notes}


def _noted(one: Statement) -> bool:
    """Whether there is anything to say of a statement but that nobody checked it."""
    return bool(one.matches or one.resembles or one.comparisons or one.candidates or one.works)


def to_markdown(audit: Audit) -> str:
    """A document: counts, each statement with what is known of it, the works."""
    parts = [f"# Audit of {markdown(page_name(audit))}", markdown(subtitle(audit)), f"**{summary(audit)}**", HOW]
    if glance := by_verdict(audit):
        parts.append("\n".join(f"- {verdict_line(line)}" for line in glance))
    parts.append("## Statements")
    parts += ["\n".join(_statement_lines(audit, one)) for one in audit.statements]
    parts.append("## Works it cites")
    works = [work(found) for found in audit.works]
    parts.append("\n".join(line for one in works for line in _work_lines(one)) or "None was found on it.")
    return "\n\n".join([*parts, f"{NO_ADVICE} Made with ketalit {__version__}."]) + "\n"


def _statement_lines(audit: Audit, one: Statement) -> Iterator[str]:
    yield f"**{one.number}. {said(one)}** — {markdown(one.text)}"
    yield ""
    for match in one.matches:
        yield from claim_lines(match.claim)
        if match.part:
            yield f"  - {IN_PART}"
    for line in resembled(one):
        yield f"- {markdown(line)}"
    for comparison in one.comparisons:
        yield f"- {markdown(comparison.heading)}"
        yield from (f"  - {markdown(line)}" for line in comparison.lines)
    if found := candidates(one):
        names = (
            f"{linked(item['short'], item['link'])} ({markdown(item['record'])}; shares: {markdown(item['words'])})"
            for item in found
        )
        yield f"- could be looked up in: {'; '.join(names)}"
    for item in cited(one, audit.works):
        name = f": {linked(item['name'], item['link'])}" if item["name"] else ", listed below"
        yield f"- cites work {item['number']}{name}"


def _work_lines(one: Mapping[str, Any]) -> Iterator[str]:
    work = f"{linked(one['record'], one['link'])} ({markdown(one['key'])})" if one["record"] else ""
    name = f": {work}, {markdown(one['title'])}" if work else ""
    yield f"{one['number']}. {markdown(one['cited'])}{name} ({markdown(one['standing'])})"
    yield from (f"   - {markdown(line)}" for line in one["lines"])
    if one["candidates"]:
        names = (
            f"{linked(found['short'], found['link'])} ({markdown(found['record'])}: {markdown(found['why'])})"
            for found in one["candidates"]
        )
        yield f"   - candidates: {'; '.join(names)}"


def as_json(audit: Audit) -> dict[str, Any]:
    """An audit as plain data: page, counts, statements, claims (each once) and works."""
    return {
        "page": audit.page.source,
        "sha256": audit.page.sha256,
        "review": audit.title,
        "sentences": audit.sentences,
        "verdicts": {str(verdict): count for verdict, count in audit.verdicts.items()},
        "statements": [_statement(one) for one in audit.statements],
        "claims": claims_as_json(audit.claims),
        "works": works_as_json(audit.works),
    }


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "number": one.number,
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "kinds": list(map(str, one.kinds)),
        "checked": bool(one.matches),
        "matches": [
            {
                "claim": match.claim.claim.id,
                "verdict": str(match.claim.claim.verdict),
                "score": match.score,
                "part": match.part,
            }
            for match in one.matches
        ],
        "resembles": [
            {"claim": alike.claim.claim.id, "score": alike.score, "why": str(alike.why)} for alike in one.resembles
        ],
        "numbers": [
            {
                "text": comparison.quantity.text,
                "kind": str(comparison.quantity.kind),
                "low": comparison.quantity.low,
                "high": comparison.quantity.high,
                "table": list(comparison.lines),
                "studies": list(comparison.studies),
            }
            for comparison in one.comparisons
        ],
        "candidates": [
            {**found, "words": list(candidate.words)}
            for found, candidate in zip(candidates(one), one.candidates, strict=True)
        ],
        "works": list(one.works),
    }


def to_json(audit: Audit) -> str:
    """An audit as JSON."""
    return json_in_terminal(json.dumps(as_json(audit), ensure_ascii=False, indent=2)) + "\n"


_WRITERS: Mapping[str, Callable[[Audit], str]] = {".html": to_html, ".md": to_markdown, ".json": to_json}
SUFFIXES = tuple(_WRITERS)
