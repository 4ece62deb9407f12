"""Resolutions as plain data: what `ketalit cite --json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..records.model import Record
from .model import Candidate, Resolution


def as_json(resolutions: Sequence[Resolution]) -> list[dict[str, Any]]:
    """Resolutions as plain data for JSON, one object each.

    Keys: number, page, kind, label, text, start, end, sentences, identifiers, url, year, names, title, journal,
    outcome, record, status, rests_on, candidates, same_work, same_because, notes. Offsets point into the page's
    canonical text.
    """
    return [_as_dict(found) for found in resolutions]


def _as_dict(found: Resolution) -> dict[str, Any]:
    citation = found.citation
    return {
        "number": found.number,
        "page": citation.page,
        "kind": str(citation.kind),
        "label": citation.label,
        "text": citation.passage.text,
        "start": citation.passage.start,
        "end": citation.passage.end,
        "sentences": [{"text": part.text, "start": part.start, "end": part.end} for part in citation.sentences],
        "identifiers": [str(name) for name in citation.identifiers],
        "url": citation.url,
        "year": citation.year,
        "names": list(citation.names),
        "title": citation.title,
        "journal": citation.journal,
        "outcome": str(found.outcome),
        "record": _record_as_dict(found.record) if found.record else None,
        "status": found.status,
        "rests_on": list(found.rests_on),
        "candidates": [
            _record_as_dict(candidate.record) | {"score": candidate.score, "evidence": _evidence_as_dicts(candidate)}
            for candidate in found.candidates
        ],
        "same_work": list(found.same_work),
        "same_because": found.same_because,
        "notes": found.all_notes,
    }


def _evidence_as_dicts(candidate: Candidate) -> list[dict[str, Any]]:
    return [{"reason": item.reason, "points": item.points} for item in candidate.evidence]


def _record_as_dict(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "short": record.short,
        "title": record.title,
        "identifiers": list(record.identifiers),
        "unverified": list(record.unverified),
    }
