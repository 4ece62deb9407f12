"""Write claims to a file of the kind its name asks for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from .. import __version__
from ..errors import InputError
from ..escaping import json_in_terminal, markdown, spreadsheet
from ..files import write_atomically
from ..telling import count_of
from .model import Basis, CheckedClaim, as_json, claims_frame, count_verdicts
from .pages import NO_ADVICE, TONES, UNVERIFIED, render


def export(claims: Sequence[CheckedClaim], path: Path | str, *, title: str = "Claims") -> Path:
    """Write claims to a file: .html, .md, .csv or .json.

    Raises:
        InputError: an unknown suffix, or a file that cannot be written.

    >>> import tempfile
    >>> from ketalit.claims import checked_claims
    >>> from ketalit.review import load_review
    >>> export(checked_claims(load_review()), Path(tempfile.mkdtemp()) / "claims.csv").name
    'claims.csv'
    """
    path = Path(path)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        expected = f"a name ending in one of: {' '.join(_WRITERS)}"
        raise InputError(f"“{path.suffix or path.name}” is no kind of file this can write", expected=expected)
    return write_atomically(path, writer(claims, title).encode("utf-8", "replace"))


def by_topic(claims: Sequence[CheckedClaim]) -> list[tuple[str, list[CheckedClaim]]]:
    """Claims grouped by topic, topics in order of the alphabet."""
    ordered = sorted(claims, key=lambda one: one.claim.topic)
    return [(topic, list(group)) for topic, group in groupby(ordered, lambda one: one.claim.topic)]


def counts_line(claims: Sequence[CheckedClaim]) -> str:
    """How many claims there are, and with which verdicts.

    >>> counts_line([])
    '0 claims.'
    """
    parts = ", ".join(f"{count} {verdict}" for verdict, count in count_verdicts(claims).items())
    return f"{count_of(len(claims), 'claim')}{f': {parts}' if parts else ''}."


def to_html(claims: Sequence[CheckedClaim], title: str) -> str:
    """One page, a section for each topic."""
    return render("claims.html", title=title, counts=counts_line(claims), topics=by_topic(claims), tones=TONES)


def to_markdown(claims: Sequence[CheckedClaim], title: str) -> str:
    """A document, a heading for each topic."""
    parts = [f"# {markdown(title)}", counts_line(claims)]
    for topic, group in by_topic(claims):
        parts.append(f"## {markdown(topic)}")
        parts += ["\n".join(claim_lines(one)) for one in group]
    return "\n\n".join([*parts, f"{NO_ADVICE} Made with ketalit {__version__}."]) + "\n"


def claim_lines(one: CheckedClaim) -> list[str]:
    """A claim as lines of a Markdown list."""
    claim = one.claim
    unsure = f" ({UNVERIFIED})" if one.unverified else ""
    lines = [
        f"- **{markdown(claim.id)} {claim.verdict}**{unsure}: {markdown(claim.claim)}",
        f"  - {markdown(claim.explanation)}",
    ]
    if one.basis:
        lines.append(f"  - rests on: {'; '.join(map(_work, one.basis))}")
    lines += [f"  - *{markdown(caveat)}*" for caveat in one.caveats]
    if claim.note:
        lines.append(f"  - *{markdown(claim.note)}*")
    if claim.would_change:
        lines.append(f"  - would change it: {markdown(claim.would_change)}")
    if one.provenance:
        lines.append(f"  - {markdown(one.provenance)}")
    return lines


def _work(base: Basis) -> str:
    title = "" if base.link else f": {markdown(base.title)}"  # by which it can be looked for
    return f"{linked(str(base), base.link)} ({markdown(base.known_as)}){title}"


def linked(name: str, link: str) -> str:
    """A name in Markdown, with its address where it has one.

    >>> linked("A 2001", "https://doi.org/10.1000/1"), linked("B 2002", "")
    ('[A 2001](https://doi.org/10.1000/1)', 'B 2002')
    """
    return f"[{markdown(name)}]({link})" if link else markdown(name)


def to_csv(claims: Sequence[CheckedClaim], title: str) -> str:
    """A row for each claim, harmless in a spreadsheet."""
    frame = claims_frame(claims)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", *frame.columns])
    writer.writerows([spreadsheet(str(cell)) for cell in row] for row in frame.itertuples())
    return out.getvalue()


def to_json(claims: Sequence[CheckedClaim], title: str) -> str:
    """An object for each claim."""
    return json_in_terminal(json.dumps(as_json(claims), ensure_ascii=False, indent=2)) + "\n"


_WRITERS: Mapping[str, Callable[[Sequence[CheckedClaim], str], str]] = {
    ".html": to_html,
    ".md": to_markdown,
    ".csv": to_csv,
    ".json": to_json,
}
SUFFIXES = tuple(_WRITERS)
