"""The evidence table of May and of November, with the decisions that are left to the reviewer."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd

from ...figures import Axis, Line, Picture, Points, draw
from ...figures import Panel as Axes
from ...refresh import Kind
from ...telling import count_of
from ...vocabulary import Origin
from ..control import Choice
from ..panel import Panel, Preset, Setting
from ..shown import plain
from ..telling import minus
from .common import MAY, STYLE, SYNTHETIC_WORDS, days
from .decisions import CHANGED_VALUES, DECIDED
from .outcomes import (
    CHANGED,
    COUNTED,
    EXCLUDED,
    KEPT,
    OUT,
    SCREENED,
    STRUCK,
    WAITING,
    Outcome,
    in_may,
    outcomes,
)  # fmt: skip


class AfterDecisions(Panel):
    """The evidence table of May and of November, with the decisions that are left to the reviewer.

    >>> AfterDecisions(new=SCREENED).seen().partition(". ")[0]
    '7 studies (7 reports); 378 people in primary studies; 1 retracted, shown struck through and not counted'
    """

    name = "after"
    title = "What becomes of the table"
    notice = (
        "Begin with nothing decided. One study has already stopped counting, and one row contradicts itself. Then "
        "decide, one after the other, and watch the totals, the flow and the sentence for the methods."
    )
    find = "how many people the table counts when everything is decided and the cohort under concern is left out."
    limits = (
        f"{SYNTHETIC_WORDS} People are counted, not weighed: what a pooled result would do is a matter for lesson 7. "
        "Nobody voted record by record in this review, so how many were screened is “not recorded”, and not 0."
    )
    sources = (("Page MJ et al. PRISMA 2020. BMJ 2021;372:n71", "https://doi.org/10.1136/bmj.n71"),)
    controls = (
        Choice(
            key="new", label="The three new records", value=WAITING, options=(WAITING, SCREENED),
            about="Jasper 2026 (a trial), Kyanite 2026 (a review) and the retraction notice",
        ),
        Choice(
            key="checked", label="Checked values of Amber 2015", value=KEPT, options=(KEPT, CHANGED),
            about="The two values that have lost their quotes",
        ),
        Choice(
            key="concern", label="Dolomite 2018, under concern", value=COUNTED, options=(COUNTED, OUT),
            about="A cohort with an expression of concern",
        ),
        Choice(
            key="retracted", label="Basalt 2016, retracted", value=STRUCK, options=(STRUCK, EXCLUDED),
            about="What screening.csv says of it",
        ),
    )  # fmt: skip
    presets = (
        Preset("as the refresh left it", {}),
        Preset("everything decided", {"new": SCREENED, "checked": CHANGED, "retracted": EXCLUDED}),
    )

    def __init__(self, **settings: Any) -> None:
        self.flow = widgets.HTML()
        super().__init__(**settings)
        self.view.observe(lambda _: self._follow(), "svg")
        self._follow()

    def compute(self, now: Setting) -> Outcome:
        return outcomes()[now.new, now.checked, now.concern, now.retracted]

    def words(self, result: Outcome) -> str:
        waits = f" {count_of(result.waiting, 'record waits', 'records wait')} to be screened." if result.waiting else ""
        torn = " Amber 2015 contradicts itself." if result.checked == KEPT else ""
        return f"{result.totals}. On {MAY}: {in_may().totals}.{waits}{torn}"

    def draw(self, result: Outcome, before: Outcome | None, words: str) -> Picture:
        may = in_may().people
        names = tuple(dict.fromkeys((*may, *result.people, "Jasper 2026")))
        counted = {name: people for name, people in result.people.items() if name not in result.uncounted}
        struck = {name: result.people[name] for name in result.people if name in result.uncounted}
        gone = {name: people for name, people in may.items() if name not in result.people}
        marks: list[Any] = [
            Points(
                list(may.values()),
                list(may),
                label=f"counted on {MAY}",
                ink="muted",
                shape="circle",
                sizes=8,
                hollow=True,
            )
        ]
        marks += [
            Line([may[name], people], [name] * 2, ink="muted", dash="3 3")
            for name, people in counted.items()
            if name in may and people != may[name]
        ]
        marks.append(Points(list(counted.values()), list(counted), label="counted now", series=0, shape="diamond"))
        if struck:
            marks.append(Points(list(struck.values()), list(struck), label="struck through", series=1, shape="cross"))
        if gone:
            marks.append(Points(list(gone.values()), list(gone), label="left out", series=3, shape="square"))
        if result.checked == KEPT:
            read = CHANGED_VALUES["n_randomised"][0]
            marks.append(Points([read], ["Amber 2015"], label="what its text says now", series=4, shape="triangle"))
        return draw(
            Axes(
                marks,
                Axis("People in the study", limits=(0, 120)),
                Axis(kind="names", names=names),
                height=27 * len(names),
            ),
            title="Who is counted, before and after",
            subtitle=f"SYNTHETIC. {result.totals}",
            description=words,
            note=_row_note(result),
        )

    def data(self, result: Outcome) -> pd.DataFrame:
        may = in_may().people
        rows = [
            (name, may.get(name), result.people.get(name), name in result.people and name not in result.uncounted)
            for name in dict.fromkeys((*may, *result.people))
        ]
        frame = pd.DataFrame(rows, columns=["study", "people_in_may", "people_now", "counted_now"])
        return frame.astype({"people_in_may": "Int64", "people_now": "Int64"})

    def seen(self) -> str:
        """What the learner reads: the reading, the counts of the flow and the sentence for the methods."""
        return f"{super().seen()} {plain(self.flow.value)}"

    def _follow(self) -> None:
        self.flow.value = _flow(self._result)

    def widget(self) -> widgets.VBox:
        """All of it as one widget; always the same."""
        if self.box is None:
            box = super().widget()
            box.children = (*box.children[:-1], widgets.HTML(STYLE), self.flow, box.children[-1])
        return self.box

    def twin(self) -> str:
        """The panel without a kernel, HTML."""
        return f"{STYLE}{super().twin()}{self.flow.value}"


def _row_note(result: Outcome) -> str:
    names = {"n_total": "n", "result": "result", "primary_direction": "direction"}
    origins = {Origin.PERSON: "checked by a person"}
    cells = "; ".join(
        f"{names[name]} {text} ({origins.get(origin, 'read by program')})" if origin else f"{names[name]} {text}"
        for name, (text, origin) in result.cells.items()
    )
    return minus(f"The row of Amber 2015: {cells}.")


def _flow(result: Outcome) -> str:
    """Counts of the flow on both days, and the sentence for the methods, HTML."""
    before = in_may()
    then, now = before.prisma, result.prisma
    rows = (
        ("Records identified by searches", then.databases.identified, now.databases.identified),
        ("Duplicates among them", then.databases.duplicates, now.databases.duplicates),
        ("Records without any decision", before.waiting, result.waiting),
        ("Studies included", then.studies, now.studies),
        ("… of these retracted, not counted", len(before.uncounted), len(result.uncounted)),
    )
    table = "".join(f'<tr><th scope="row">{name}</th><td>{one}</td><td>{other}</td></tr>' for name, one, other in rows)
    head = f'<tr><th scope="col">PRISMA 2020</th><th scope="col">{MAY}</th><th scope="col">now</th></tr>'
    return (
        f"<table>{head}{table}</table><p><strong>For the methods and results, to be copied:</strong></p>"
        f'<pre class="ket-prose">{escape(methods(result))}</pre>'
    )


def methods(result: Outcome) -> str:
    """What a reader of the review has to be told about the refresh, as text; its numbers come from the report."""
    first, second = (day.report for day in days())
    names = " and ".join(f"“{search.name}”" for search in second.searches)
    lost = sum(not lost.gone for search in second.searches for lost in search.lost)
    new = len(second.of(Kind.NEW))
    sentences = [
        f"PubMed was searched on {_spoken(first.at)} and again on {_spoken(second.at)} with the saved searches "
        f"{names}, and every known record was read again ({second.counts.asked} asked for, "
        f"{second.counts.returned} returned)",
        f"{new} records were new: "
        + (
            "1 was included; 1 review and 1 retraction notice were left out"
            if result.new == SCREENED
            else "they have not been screened yet"
        ),
        f"{count_of(len(second.of(Kind.RETRACTED)), 'included study was', 'included studies were')} retracted and "
        + ("left out" if result.retracted == EXCLUDED else "is shown, but not counted"),
        f"{count_of(len(second.of(Kind.CONCERN)), 'included study has', 'included studies have')} an expression of "
        f"concern and was {'left out' if result.concern == OUT else 'counted'}",
        f"{count_of(len(second.of(Kind.CHECKED_TEXT)), 'abstract')} changed under checked values, which were "
        + (
            f"held against the new text on {_spoken(DECIDED)}: two were changed, one was kept"
            if result.checked == CHANGED
            else "not yet decided on"
        ),
        f"{count_of(len(second.of(Kind.CORRECTED)), 'included study has', 'included studies have')} an erratum, and "
        f"{count_of(len(second.of(Kind.SUPERSEDED)), 'undecided review')} a newer version",
        f"{count_of(len(second.of(Kind.GONE)), 'record')} had gone from PubMed and was kept",
        f"One query was read in another way than before and lost {count_of(lost, 'known record')}, which was kept",
        f"Counted are {result.totals}",
    ]
    return ". ".join(sentences) + "."


def _spoken(when: str) -> str:
    months = {"05": "May", "11": "November"}
    return f"{int(when[8:10])} {months[when[5:7]]} {when[:4]}"
