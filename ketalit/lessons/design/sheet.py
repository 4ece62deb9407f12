"""A plan as one page, HTML or Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from ...escaping import markdown
from ...table import NO_ADVICE
from ...templates import POLICY, source
from ..panel import Panel
from .asked import ASKS, CHECK_LIST, REFERENCES
from .panel import Design
from .plan import NOT_FOR_PATIENTS

_HEADS = ("Study", "Design", "People", "Dose", "Follow-up", "Direction", "Harms")
_STYLE = (
    "main { max-width: 60rem; } table { border-collapse: collapse; font-size: .85rem; } th, td { text-align: left;"
    " vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); } figure { margin: .5rem"
    " 0; break-inside: avoid; } figure img { max-width: 100%; height: auto; } figcaption { font-size: .9rem; max-width:"
    " 75ch; } .half { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; } code {"
    " font-size: .8rem; overflow-wrap: anywhere; }"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a plan.

    Attributes:
        answers: what was answered, by the key of what is asked; empty where nothing was.
        ticked: keys of the check list that are ticked.
        panels: what the page shows.
    """

    answers: Mapping[str, str]
    ticked: Collection[str]
    panels: Sequence[Panel]

    @property
    def title(self) -> str:
        """Heading of the page."""
        team = self.answers["team"]
        return "A study on paper" + (f", by {team}" if team else "")

    def html(self) -> str:
        """The page as one HTML file that needs nothing else."""
        title = self.title
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<title>{escape(title)}</title>\n'
            f"<style>{source('base.css')}{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
            f"{self.body()}\n</main>\n<footer><p>{NOT_FOR_PATIENTS} {NO_ADVICE.replace('table', 'page')}</p>"
            "</footer>\n"
            "</body>\n</html>\n"
        )

    def markdown(self) -> str:
        """The page as Markdown, without its pictures."""
        lines = [f"# {markdown(self.title)}", "", f"**{NOT_FOR_PATIENTS}** An exercise, not a protocol.", ""]
        for key, said in self._answered():
            lines += [f"**{ASKS[key][0]}.** {markdown(said) or '*not answered*'}", ""]
        for panel in self.panels:
            lines += [f"## {markdown(panel.title)}", "", markdown(panel.seen()), "", f"`{panel.code}`", ""]
            if isinstance(panel, Design):
                lines += [*_table_lines(panel), ""]
        lines += ["## Check list", ""]
        lines += [f"- [{'x' if key in self.ticked else ' '}] {label}" for key, label in CHECK_LIST.items()]
        lines += ["", "## References", "", *(f"- [{markdown(words)}]({url})" for words, url in self.works())]
        return "\n".join(lines) + "\n"

    def body(self) -> str:
        """What stands between the heading and the foot, HTML."""
        parts = [f"<p><strong>{NOT_FOR_PATIENTS}</strong> An exercise on paper, not a protocol, and no advice.</p>"]
        for key, said in self._answered():
            parts.append(f"<p><strong>{ASKS[key][0]}.</strong> {escape(said) or '<em>not answered</em>'}</p>")
        plans = [panel for panel in self.panels if isinstance(panel, Design)]
        for plan in plans:
            parts.append(f"<h2>{escape(plan.title)}</h2>{_figure(plan)}<h2>What the review holds</h2>{_table(plan)}")
            parts.append(f"<p>{escape(_how(plan))}</p>")
        others = [panel for panel in self.panels if not isinstance(panel, Design)]
        if others:
            figures = "".join(f"<div><h3>{escape(one.title)}</h3>{_figure(one)}</div>" for one in others)
            parts.append(f"<h2>What it rests on</h2><div class='half'>{figures}</div>")
        items = "".join(
            f"<li>{'☑' if key in self.ticked else '☐'} {escape(label)}</li>" for key, label in CHECK_LIST.items()
        )
        works = "".join(
            f'<li><a href="{escape(url)}">{escape(words)}</a></li>' if url else f"<li>{escape(words)}</li>"
            for words, url in self.works()
        )
        parts.append(f"<h2>Check list</h2><ul>{items}</ul><h2>References</h2><ul>{works}</ul>")
        return "".join(parts)

    def works(self) -> list[tuple[str, str]]:
        """What the page rests on: the check list's sources, the SD's, and those of the panels."""
        works = list(REFERENCES)
        for panel in self.panels:
            if isinstance(panel, Design):
                spread = panel._result.spread
                works += (
                    [(f"SD: {spread.name}, {spread.row.source}, {spread.row.locator}", spread.link)] if spread else []
                )
            else:
                works += [(words, url) for words, url in panel.sources if url]
        return list(dict.fromkeys(works))

    def _answered(self) -> Iterable[tuple[str, str]]:
        return ((key, said) for key, said in self.answers.items() if key != "team")


def _studies(panel: Design) -> list[tuple[str, str, list[str]]]:
    """Studies of the condition: name, address, cells."""
    rows = []
    row: Any
    for row in panel._result.known.studies:
        dose = ", ".join(filter(None, (_text(row.dose_text), _text(row.duration_text))))
        people = "" if row.people is pd.NA else str(int(row.people))
        cells = [
            _text(row.design),
            people,
            dose,
            _text(row.followup),
            _text(row.direction),
            f"harms {_text(row.harms)}",
        ]
        rows.append((f"{row.citation}{'' if row.counted else ' (not counted)'}", _text(row.link), cells))
    return rows


def _table_lines(panel: Design) -> list[str]:
    lines = [f"| {' | '.join(_HEADS)} |", f"|{' --- |' * len(_HEADS)}"]
    for name, link, cells in _studies(panel):
        first = f"[{markdown(name)}]({link})" if link else markdown(name)
        lines.append(f"| {' | '.join([first, *(markdown(cell) for cell in cells)])} |")
    return lines


def _table(panel: Design) -> str:
    rows = "".join(
        "<tr><th scope='row'>"
        + (f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name))
        + "</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for name, link, cells in _studies(panel)
    )
    if not rows:
        return "<p>No study of this condition.</p>"
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    return f"<table><tr>{heads}</tr>{rows}</table>"


def _how(panel: Design) -> str:
    found = panel.held.found
    how = found.how_found.rstrip(".")
    return f"How the studies were found: {how}." if how else "How the studies were found is not said by the review."


def _figure(panel: Panel) -> str:
    return (
        f"<figure>{panel.picture._repr_html_()}<figcaption>{panel.view.words}<br><code>{escape(panel.code)}</code>"
        "</figcaption></figure>"
    )


def _text(value: Any) -> str:
    return "" if value is None or value is pd.NA else str(value)
