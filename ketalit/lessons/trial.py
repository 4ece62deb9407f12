"""Lesson 6: a trial becomes a row. A text read as it is typed, doses brought to one unit, a form with its key, silence.

Every part but the two invented records works on any review folder. What is read out of a text comes from
`ketalit.reading`, what a dose is worth from `ketalit.reading.units`, what a study says from the evidence table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd

from ..errors import InputError
from ..fields import FIELDS
from ..figures import Axis, Bars, Picture, Points, Rule, draw
from ..figures import Panel as Axes
from ..findings import Finding
from ..reading import READER_FIELDS, read_record
from ..reading.notebook import STYLE, MarkedText, legend
from ..reading.units import BOLUS, RATE, factor, normalise_dose, parse_unit
from ..records.medline import sections_in
from ..records.model import Record
from ..records.text import canonical_text
from ..review import Review, load_review
from ..table import EvidenceTable, evidence_table, fill_rates
from ..telling import count_of
from ..vocabulary import Confidence, Direction
from .chosen import chosen_folder, chosen_review
from .control import Choice, Control, Number, Switch
from .gate import minus
from .panel import Panel, Preset, Setting
from .shown import Shown, boxed, plain

TEN = (
    *("design", "blinding", "n_randomised", "n_analysed", "comparator"),
    *("drug_form", "dose", "duration", "primary_outcome", "primary_direction"),
)
"""The fields that the lesson asks for."""

_INVENTED = "Invented for teaching: no such trial exists."

TRIAL = f"""\
Ketamine infusion for long-standing sciatica: a randomised, double-blind, placebo-controlled trial
BACKGROUND: {_INVENTED} The text has the habits that make real reports hard to read. \
METHODS: Sixty-four adults with sciatica for more than six months were randomised to a single intravenous infusion \
of ketamine 0.35 mg/kg/h for 4 h (n = 32) or saline (n = 32). Patients and assessors were blinded. The primary \
outcome was pain on a 0-10 numerical rating scale (NRS) 4 weeks after the infusion. Sixty-one patients were analysed. \
RESULTS: At the end of the infusion pain was 2.9 ± 0.4 with ketamine and 5.1 ± 0.5 with saline (P < 0.001). At 4 \
weeks there was no significant difference in pain between the groups (mean difference -0.4, 95% CI -1.3 to 0.5, \
P = 0.38). Dizziness occurred in 19 of 32 patients after ketamine and in 4 of 32 after saline. \
CONCLUSIONS: Ketamine relieved pain while it ran; four weeks later the groups did not differ."""

CROSSOVER = f"""\
Intravenous ketamine for painful diabetic neuropathy: a crossover trial
BACKGROUND: {_INVENTED} \
METHODS: Twenty-four patients were randomised to the order of two infusions, ketamine 20 mg/h for 3 h and midazolam \
1 mg/h for 3 h, four weeks apart. Patients and nurses were blinded. The primary outcome was mean daily pain on a \
visual analogue scale (VAS, 0-100 mm) in the second week after each infusion. \
RESULTS: Twenty-one patients completed both periods, giving 42 observations. One hour after the infusion pain was \
31 mm with ketamine and 47 mm with midazolam (P < 0.01), and sleep was better (P = 0.04). In the second week pain was \
48 mm after ketamine and 52 mm after midazolam, with no significant difference (P = 0.31). Thirteen of 24 patients \
felt unreal during ketamine and two during midazolam. \
CONCLUSIONS: Ketamine gave significant relief and better sleep in painful diabetic neuropathy."""


def record_of(text: str, key: str = "pasted") -> Record:
    """A record out of a pasted text: its first line is the title, the rest the abstract.

    Labels in capitals before a colon part the abstract, as PubMed prints them.

    >>> record = record_of("A trial of ketamine\\nMETHODS: Sixty men were enrolled. RESULTS: None died.")
    >>> record.title, [section.label for section in record.abstract]
    ('A trial of ketamine', ['METHODS', 'RESULTS'])
    """
    title, _, rest = text.strip().partition("\n")
    return Record(source="person", key=key, title=title.strip(), abstract=sections_in(" ".join(rest.split())))


def text_of(record: Record) -> str:
    """Title and abstract of a record as `record_of` takes them."""
    sections = (f"{one.label}: {one.text}" if one.label else one.text for one in record.abstract)
    return "\n".join([record.title, " ".join(sections)]).strip()


def value_of(finding: Finding) -> str:
    """What was read, with its unit; or in which sense nothing was.

    >>> value_of(Finding(field="n_total", value=60)), value_of(Finding(field="dose", value="25 mg/h"))
    ('60 people', '25 mg/h')
    """
    if finding.missing:
        return str(finding.missing)
    if isinstance(finding.value, bool):
        return "yes" if finding.value else "no"
    number = isinstance(finding.value, int | float)
    unit = finding.unit or FIELDS[finding.field].unit if number else ""
    return f"{finding.value:g} {unit}".rstrip() if number else str(finding.value)


# --- the text that is read while it is typed ---------------------------------------------------------------------


class ReadText(Shown):
    """A text to be changed, and beside it the same text with what was read marked in it, and ten fields.

    In code: `text.type("…")`, `text.reset.click()`, `text.findings`, `text.seen()`.
    """

    title = "A text, read by rules"
    notice = ""
    label = "The text: title in the first line, then the abstract"

    def __init__(self, text: str, drugs: Sequence[str] = ("ketamine", "esketamine")) -> None:
        self.drugs = drugs
        self.original = text
        self.area = widgets.Textarea(description=self.label, value=text, rows=16).add_class("ket-text")
        self.reset = widgets.Button(description="Reset", tooltip="The text as it stood at first")
        self.told = widgets.HTML()
        self.marked = widgets.HTML()
        self.record: Record
        self.findings: dict[str, Finding] = {}
        self.before = self._read(text)[1]
        self.area.observe(lambda _: self._typed(), "value")
        self.reset.on_click(lambda _: self.type(self.original))
        left = widgets.VBox([*self._asking(), self.area, self.reset])
        right = widgets.VBox([self.told, self.marked])
        beside = widgets.HBox([left, right]).add_class("ket-pair")
        self.box = boxed([widgets.HTML(self._head()), beside])
        self._typed()

    def type(self, text: str) -> None:
        """Put this text in the place of the one that stands there."""
        self.area.value = text

    def seen(self) -> str:
        """What the learner reads: how many fields are filled, which are not, and what has changed."""
        return plain(self.told.value)

    def words(self) -> str:
        """How many of the ten fields are filled, which are empty and why, and which values are other than at first."""
        if not self.area.value.strip():
            return "There is no text yet."
        if not self.record.abstract:
            return "There is a title and no abstract: nothing of the ten fields has been checked."
        ten = [self.findings[name] for name in TEN]
        filled = sum(one.missing is None for one in ten)
        said = f"{filled} of 10 fields filled."
        empty = "; ".join(f"{FIELDS[one.field].title} ({one.missing})" for one in ten if one.missing)
        if empty:
            said += f" Empty: {empty}."
        doubtful = [FIELDS[one.field].title for one in ten if one.confidence is Confidence.UNCLEAR]
        if doubtful:
            said += f" Unclear: {', '.join(doubtful)}."
        changed = [name for name in READER_FIELDS if self._changed(name)]
        told = [f"{FIELDS[name].title} {_short(value_of(self.findings[name]))}" for name in changed]
        more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
        return minus(said + (f" Changed: {'; '.join(told[:3])}{more}." if told else ""))

    def _asking(self) -> list[widgets.Widget]:
        return []

    def _read(self, text: str) -> tuple[Record, dict[str, Finding]]:
        record = record_of(text)
        return record, {one.field: one for one in read_record(record, drugs=self.drugs)}

    def _typed(self) -> None:
        self.record, self.findings = self._read(self.area.value)
        self.told.value = f'<p class="ket-readout" role="status">{escape(self.words())}</p>'
        self.marked.value = self._shown() if self.area.value.strip() else ""

    def _changed(self, name: str) -> bool:
        return value_of(self.findings[name]) != value_of(self.before[name])

    def _shown(self) -> str:
        text = MarkedText(self.record, tuple(self.findings.values()))
        if not self.record.abstract:
            return f"{STYLE}{text.html}"
        rows = "".join(self._row(self.findings[name]) for name in TEN)
        head = "".join(f'<th scope="col">{name}</th>' for name in ("field", "read", "how sure", "from the words"))
        return f"{STYLE}{legend()}{text.html}<table><tr>{head}</tr>{rows}</table>"

    def _row(self, one: Finding) -> str:
        was = (
            f"<br><small>before: {escape(value_of(self.before[one.field]))}</small>" if self._changed(one.field) else ""
        )
        words = f"<q>{escape(_short(one.quote))}</q>" if one.quote else escape(one.reason)
        value = escape(value_of(one))
        value = f"<em>{value}</em>" if one.missing else value
        return (
            f'<tr><th scope="row">{escape(FIELDS[one.field].title)}</th><td>{value}{was}</td>'
            f"<td>{escape(one.confidence or '')}</td><td>{words}</td></tr>"
        )

    def _head(self) -> str:
        notice = f"<p><strong>What to notice.</strong> {escape(self.notice)}</p>" if self.notice else ""
        return f"<h3>{escape(self.title)}</h3>{notice}"

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """The marked text and the ten fields without a kernel, HTML."""
        return f"{self._head()}{self.marked.value}<p>{escape(self.words())} Run this cell to change the text.</p>"

    def __repr__(self) -> str:
        return f"{self.title}. {self.seen()} (Run this cell to change the text.)"


def _short(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


_OWN = "your own words"
_PRINTED = "the record as printed"
CHANGES: Mapping[str, Sequence[tuple[str, str]]] = {
    _PRINTED: (),
    "“randomised” struck out": (("a randomised, double-blind", "a double-blind"), ("were randomised to", "were given")),
    "“placebo-controlled” struck out too": (
        ("a randomised, double-blind, placebo-controlled", "a double-blind"), ("were randomised to", "were given"),
    ),
    "blinding struck out": (("double-blind, ", ""), ("Patients and assessors were blinded. ", "")),
    "40 people instead of 64": (
        ("Sixty-four", "Forty"), ("n = 32", "n = 20"), ("of 32", "of 20"), ("Sixty-one", "Thirty-eight"),
    ),
    "dose as 5 µg/kg/min": (("0.35 mg/kg/h", "5 µg/kg/min"),),
    "dose as 25 mg/h": (("0.35 mg/kg/h", "25 mg/h"),),
    "the form is named": (("infusion of ketamine", "infusion of racemic ketamine"),),
    "no outcome named primary": (("The primary outcome was pain", "We recorded pain"),),
}  # fmt: skip
"""Ready-made changes of the invented trial: what is replaced by what."""


class LiveText(ReadText):
    """The invented trial, to be changed by hand or by ready-made changes.

    In code: `text.change.value = "dose as 25 mg/h"`, `text.type("…")`.

    >>> text = LiveText()
    >>> text.change.value = "dose as 25 mg/h"
    >>> text.findings["dose_mg_per_kg_per_h"].missing.value
    'not reported'
    """

    title = "One record, read by rules"
    notice = (
        "The name of a field stands where the words end that it was read from; rest the pointer on it, or go to it "
        "with the Tab key, to see value, rule and how sure. Change a word on the left: what is read changes at once."
    )

    def __init__(self) -> None:
        self.change = Control(
            Choice(
                key="change", label="A ready-made change", value=_PRINTED, options=(*CHANGES, _OWN),
                about="Changes the text below; you can also type in it",
            )
        )  # fmt: skip
        super().__init__(TRIAL)
        self.change.observe(lambda _: self._take(), "value")

    def _asking(self) -> list[widgets.Widget]:
        return [self.change]

    def _take(self) -> None:
        if self.change.value != _OWN:
            self.type(changed_by(self.change.value))

    def _typed(self) -> None:
        super()._typed()
        if self.change.value == _OWN or self.area.value != changed_by(self.change.value):
            known = (name for name in CHANGES if changed_by(name) == self.area.value)
            self.change.value = next(known, _OWN)


@cache
def changed_by(name: str) -> str:
    """The text of the invented trial after a ready-made change."""
    text = TRIAL
    for old, new in CHANGES[name]:
        text = text.replace(old, new)
    return text


class OwnRecord(ReadText):
    """A record of your own: pasted, or taken from the review by PMID, DOI or name. No network is asked.

    Args:
        review: default: the one that the lessons work on.

    In code: `own.wanted.value = "19604642"; own.find.click()`, or `own.type("title\\nabstract")`.
    """

    title = "A record of your own"
    notice = (
        "Paste a title, a line break and an abstract; nothing leaves this computer. Or name a record of the review. "
        "Then look for what the rules miss: they abstain where none fits, and now and then one fits wrongly."
    )

    def __init__(self, review: Review | None = None) -> None:
        self.review = review or chosen_review()
        self.wanted = widgets.Text(description="Record of the review (PMID, DOI or name)").add_class("ket-text")
        self.find = widgets.Button(description="Show it", tooltip="Its title and abstract, as the review holds them")
        self.message = widgets.HTML()
        super().__init__("", self.review.drugs or ("ketamine", "esketamine"))
        self.find.on_click(lambda _: self._find())

    def seen(self) -> str:
        """What the learner reads: what was found in the review, and what the rules read."""
        return f"{plain(self.message.value)} {super().seen()}".strip()

    def _asking(self) -> list[widgets.Widget]:
        return [self.wanted, self.find, self.message]

    def _find(self) -> None:
        try:
            record = self.review.find(self.wanted.value.strip())
        except InputError as error:
            self._say(escape(str(error)))
            return
        self.before = self._read(text_of(record))[1]
        self.type(text_of(record))
        if record.abstract:
            self._say("This is what the review holds.")
            return
        name = escape(f"PubMed, PMID {record.pmid}" if record.pmid else record.title)
        address = f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/" if record.pmid else ""
        link = f'<a href="{address}" target="_blank" rel="noopener">{name}</a>' if address else name
        self._say(
            f"The review holds no abstract of it. Open {link} and paste it under the title; or, with a network, "
            f"<code>ketalit fetch</code> brings the abstracts into a review folder of yours."
        )

    def _say(self, html: str) -> None:
        self.message.value = f'<p role="status">{html}</p>'


class TheRecord(Shown):
    """An invented record, unmarked, to be read before anything is asked."""

    def __init__(self, text: str = TRIAL) -> None:
        self.record = record_of(text)
        self.box = boxed([widgets.HTML(self.twin())])

    def seen(self) -> str:
        """What the learner reads."""
        return plain(MarkedText(self.record).html)

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """It without a kernel, HTML."""
        return f"{STYLE}{MarkedText(self.record).html}"

    def __repr__(self) -> str:
        return canonical_text(self.record).text


# --- doses -------------------------------------------------------------------------------------------------------

AT_ONCE = 10 / 60
"""Hours up to which an amount counts as an injection, which has no rate: ours; the bundled table does the same."""

_UNITS = ("mg/kg/h", "µg/kg/min", "mg/h", "mg/h per 70 kg", "mg/kg", "mg", "mg/day", "%", "ng/ml")
_SIGTERMANS = ("Sigtermans 2009, PMID 19604642 (rate at the end of the infusion)", "19604642")
_AXES = (("rate", "Infusion rate (mg/kg/h)"), ("total", "Given at once or in all (mg/kg)"))


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose brought to the table's units, or why it cannot be.

    Attributes:
        given: as it was printed.
        rate: mg/kg/h, or None.
        total: mg/kg, at once or in all, or None.
        how_rate, how_total: the arithmetic; or why there is none.
    """

    given: str
    rate: float | None
    total: float | None
    how_rate: str
    how_total: str


def per_kg(amount: float, unit: str, weight: float) -> tuple[float | None, str, bool]:
    """An amount per body weight in the table's units, how it was got (or why not), and whether it is a rate.

    Args:
        amount, unit: as printed.
        weight: of the body, kg; 0 where the report does not say.

    >>> per_kg(25, "mg/h", 70)
    (0.357143, '25 mg/h / 70 kg = 0.357 mg/kg/h', True)
    >>> per_kg(25, "mg/h", 0)
    (None, 'body weight is not given, so mg/h cannot be put per kg', True)
    """
    found = normalise_dose(f"{amount:g}", unit)
    is_rate = found.field == "dose_mg_per_kg_per_h"
    name, has_kg, _, named = parse_unit(unit)
    if found.value is not None or not weight or has_kg or named or not name or "body weight" not in found.note:
        return found.value, found.note.replace(" x 1 / ", " / "), is_rate
    if "strength" in found.note or "concentration" in found.note:
        return None, found.note, is_rate
    value = float(f"{amount * factor(f'{name} / kilogram', RATE if is_rate else BOLUS) / weight:.6g}")
    house = "mg/kg/h" if is_rate else "mg/kg"
    return value, f"{amount:g} {unit} / {weight:g} kg = {value:.3g} {house}", is_rate


def dose_of(amount: float, unit: str, hours: float, weight: float) -> Dose:
    """A dose as rate and as total; `hours` and `weight` are 0 where the report does not give them.

    >>> dose_of(0.5, "mg/kg", 2 / 3, 0).rate
    0.75
    """
    value, how, is_rate = per_kg(amount, unit, weight)
    given = f"{amount:g} {unit}"
    if value is None:
        return Dose(given, None, None, how, how)
    if is_rate:
        if not hours:
            return Dose(given, value, None, how, "the length of the infusion is not given")
        total = value * hours
        return Dose(given, value, total, how, f"{value:.3g} mg/kg/h x {hours:.3g} h = {total:.3g} mg/kg in all")
    if not hours:
        return Dose(given, None, value, "over what time it was given is not said", how)
    if hours <= AT_ONCE:
        return Dose(given, None, value, f"given within {60 * hours:.0f} min it is an injection, which has no rate", how)
    rate = value / hours
    return Dose(given, rate, value, f"{value:.3g} mg/kg / {hours:.3g} h = {rate:.3g} mg/kg/h", how)


class DoseNormaliser(Panel):
    """A dose in the report's terms, brought to mg/kg and mg/kg/h where that can be done, beside those of the review.

    >>> DoseNormaliser(amount=25, unit="mg/h", weight=0).seen()
    '25 mg/h cannot be compared: body weight is not given, so mg/h cannot be put per kg.'
    """

    name = "dose"
    title = "One unit for all doses, where that can be done"
    notice = (
        "Each dot is a study of this review for which the dose could be brought to that unit; many could not. The line "
        "is the dose that you set. A length or a weight of 0 means that the report does not give it."
    )
    find = "two doses that look unlike and are nearly the same infusion; and one that no arithmetic can place."
    limits = (
        "Arithmetic only. It does not know the form of the drug (the two mirror images differ in potency), the route, "
        "the fluid it was in, steps in the rate, or whether weight was actual or ideal. Amounts of up to 10 minutes "
        "count as injections: that border is ours. The dots are values of the review's table, with its errors."
    )
    dosing = True
    controls = (
        Number(
            key="amount", label="Amount as printed", value=0.35, low=0.01, high=500, log=True,
            about="The number in the report",
        ),
        Choice(
            key="unit", label="Unit as printed", value="mg/kg/h", options=_UNITS,
            about="The unit in the report",
        ),
        Number(
            key="minutes", label="Length of giving", unit="min", value=240, low=0, high=7200, step=5,
            about="0: the report does not say",
        ),
        Number(
            key="weight", label="Body weight", unit="kg", value=0, low=0, high=200, step=1,
            about="Mean of the trial, as reported; 0: the report does not say",
        ),
    )  # fmt: skip
    presets = (
        Preset(
            "22.2 mg/h per 70 kg for 4.2 days", {"amount": 22.2, "unit": "mg/h per 70 kg", "minutes": 6048},
            _SIGTERMANS[0], f"https://pubmed.ncbi.nlm.nih.gov/{_SIGTERMANS[1]}/",
        ),
        Preset("5 µg/kg/min, length not said", {"amount": 5, "unit": "µg/kg/min", "minutes": 0}),
        Preset("25 mg/h, weight not said", {"amount": 25, "unit": "mg/h", "minutes": 240}),
        Preset(
            "0.45 mg/kg within 5 min", {"amount": 0.45, "unit": "mg/kg", "minutes": 5},
            "Persson 1998, as in the bundled review (persson1998)",
        ),
        Preset("a 10 % cream", {"amount": 10, "unit": "%", "minutes": 0}),
        Preset("a target of 150 ng/ml in plasma", {"amount": 150, "unit": "ng/ml", "minutes": 60}),
    )  # fmt: skip

    def compute(self, now: Setting) -> Dose:
        return dose_of(now.amount, now.unit, now.minutes / 60, now.weight)

    def words(self, result: Dose) -> str:
        studies = placed()
        if result.how_rate == result.how_total:
            return minus(f"{result.given} cannot be compared: {result.how_rate}.")
        rate = f"Rate: {result.how_rate}." if result.rate is not None else f"No rate: {result.how_rate}."
        total = f" Total: {result.how_total}." if result.total is not None else f" No total: {result.how_total}."
        if result.rate is not None and len(rates := studies["rate"].dropna()):
            lower = int((rates < result.rate).sum())
            total += f" Lower in this review: {lower} of {len(rates)} known rates."
        return minus(rate + total)

    def draw(self, result: Dose, before: Dose | None, words: str) -> Picture:
        studies = placed()
        panels = []
        for key, label in _AXES:
            known = studies[[key, "study"]].dropna().sort_values(key)
            places = list(range(1, len(known) + 1))
            marks: list[Any] = [
                Points(list(known[key]), places, label="a study of this review", tips=list(known["study"]), sizes=3.5)
            ]
            for dose, name, ink, dash in ((before, "before", "muted", "4 3"), (result, "yours", "s1", "")):
                value = getattr(dose, key) if dose else None
                if value and (dose is result or value != getattr(result, key)):
                    marks.append(Rule(x=value, name=name, ink=ink, dash=dash))
            drawn = [*known[key], *(mark.x for mark in marks if isinstance(mark, Rule)), 0.1, 1]
            # whole decades, so that the dots stand still while the line moves among them
            limits = (10.0 ** _floor(min(drawn)), 10.0 ** -_floor(1 / max(drawn)))
            panels.append(
                Axes(
                    marks,
                    Axis(label, "log", limits=limits),
                    Axis("Studies, lowest first", limits=(0, len(known) + 1)),
                    height=110,
                )
            )
        return draw(panels, title="A dose among those of the review", description=words, columns=1)

    def data(self, result: Dose) -> pd.DataFrame:
        mine = pd.DataFrame([{"study": f"yours: {result.given}", "rate": result.rate, "total": result.total}])
        rows = pd.concat([mine.astype({"rate": "Float64", "total": "Float64"}), placed()], ignore_index=True)
        return rows.rename(columns={"rate": "rate_mg_per_kg_per_h", "total": "total_mg_per_kg"})


def _floor(value: float) -> int:
    """The power of ten at or below a value."""
    return int(f"{value:e}".split("e")[1])


def placed(folder: Path | None = None) -> pd.DataFrame:
    """Studies of a review whose dose could be brought to the table's units: study, rate (mg/kg/h), total (mg/kg)."""
    return _placed(folder or chosen_folder())


@cache
def _placed(folder: Path) -> pd.DataFrame:
    frame = _table(folder).frame
    frame = frame[frame["counted"].astype(bool)]
    found = pd.DataFrame(
        {"study": frame["citation"], "rate": frame["dose_mg_per_kg_per_h"], "total": frame["dose_mg_per_kg"]}
    )
    found = found.where(found[["rate", "total"]].gt(0).fillna(False).assign(study=True)[found.columns])
    return found.dropna(subset=["rate", "total"], how="all").reset_index(drop=True)


@cache
def _table(folder: Path, where: str = "") -> EvidenceTable:
    return evidence_table(load_review(folder), view="full", where=where or None)


# --- three ways of not knowing -----------------------------------------------------------------------------------

_GROUPS = {"all": "", "randomised": "randomised=yes", "not randomised": "randomised=no"}
_COLUMNS = (*TEN, "adverse_events", "adverse_events_asked")
_STANDS = {
    "filled": "filled",
    "not_reported": "not reported",
    "not_checked": "not checked",
    "not_applicable": "not applicable",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """How full the columns of a table are.

    Attributes:
        counts: for each field the number of studies that are filled, not reported, not checked, not applicable.
        field: the one that is read.
        merged: whether whatever is not filled counts as the same.
    """

    group: str
    counts: pd.DataFrame
    field: str
    merged: bool


class ThreeSilences(Panel):
    """How many cells of each column are filled, and in which sense the others are empty.

    >>> ThreeSilences(column="Form").seen()
    'Form, all studies: 12 of 56 filled. In 41 somebody looked and the source is silent; in 3 nobody has looked.'
    """

    name = "silence"
    title = "Three ways of not knowing"
    notice = (
        "The bars are cells of the real table, one bar for each column. The white of a spreadsheet would hide that "
        "“not reported” is a fact about a report, and “not checked” a fact about us."
    )
    find = "the column in which silence is commonest, and in how many of its cells it is our own."
    limits = (
        "Counted over the studies of the review that count (no retracted ones, no notices). “Not reported” often rests "
        "on an abstract alone: the full text may say it."
    )
    controls = (
        Choice(
            key="column", label="Column that is read", value="How harms were asked for",
            options=tuple(FIELDS[name].title for name in _COLUMNS),
        ),
        Choice(key="group", label="Studies", value="all", options=tuple(_GROUPS)),
        Switch(key="merged", label="Merge all silences into one", value=False, about="As an empty cell would"),
    )  # fmt: skip

    def compute(self, now: Setting) -> Silence:
        field = next(name for name in _COLUMNS if FIELDS[name].title == now.column)
        return Silence(now.group, _counts(chosen_folder(), _GROUPS[now.group]), field, now.merged)

    def words(self, result: Silence) -> str:
        filled, silent, unread, senseless = (int(result.counts[name].loc[result.field]) for name in _STANDS)
        studies = filled + silent + unread + senseless
        name = f"{FIELDS[result.field].title}, {result.group} studies"
        if not studies:
            return f"{name}: this review has none."
        if result.merged:
            senseless_too = f", and in {senseless} the question makes no sense" if senseless else ""
            return (
                f"{name}: {filled} of {studies} filled, {studies - filled} empty. Nobody can tell any more that in "
                f"{unread} of these the silence is ours{senseless_too}."
            )
        said = (
            f"{name}: {filled} of {studies} filled. In {silent} somebody looked and the source is silent; in {unread} "
            "nobody has looked."
        )
        return said + (f" In {senseless} the question makes no sense." if senseless else "")

    def draw(self, result: Silence, before: Silence | None, words: str) -> Picture:
        counts = result.counts
        names = [_STAR + FIELDS[name].title if name == result.field else FIELDS[name].title for name in counts.index]
        parts = counts[list(_STANDS)].rename(columns=_STANDS)
        if result.merged:
            parts = pd.DataFrame({"filled": parts["filled"], "empty": parts.drop(columns="filled").sum(axis=1)})
        looks: dict[str, dict[str, Any]] = {
            "filled": {"series": 0}, "not reported": {"series": 1}, "not checked": {"series": 3},
            "not applicable": {"ink": "grid"}, "empty": {"ink": "muted"},
        }  # fmt: skip
        ends = {str(name): list(column) for name, column in parts.cumsum(axis=1).items()}
        # The names in their order first; then the bars from the longest to the shortest, each over the last.
        marks = [Bars([], [], flat=True, label=name, **looks[name]) for name in ends]
        marks += [Bars(names, ends[name], flat=True, **looks[name]) for name in reversed(ends)]
        return draw(
            Axes(marks, Axis("Studies", zero=True), Axis(kind="names", names=tuple(names))),
            title="How full the columns are",
            description=words,
        )

    def data(self, result: Silence) -> pd.DataFrame:
        return result.counts.reset_index()


_STAR = "▸ "


@cache
def _counts(folder: Path, where: str) -> pd.DataFrame:
    return fill_rates(_table(folder, where)).loc[list(_COLUMNS), list(_STANDS)].astype(int)


# --- a form with its key -----------------------------------------------------------------------------------------

_CHOOSE = "choose …"


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form.

    Attributes:
        control: what it is answered with.
        right: the answer of the key.
        why: what is said to each answer; "" stands for any other.
    """

    control: Choice | Number
    right: Any
    why: Mapping[Any, str]


def _choice(key: str, label: str, *options: str) -> Choice:
    return Choice(key=key, label=label, value=_CHOOSE, options=(_CHOOSE, *options))


_LATE, _SOON, _SLEEP = "pain in the second week", "pain one hour after the infusion", "sleep"
FORM: tuple[Asked, ...] = (
    Asked(
        Number(
            key="n_randomised", label="n randomised", unit="people", value=0, low=0, high=100, step=1,
            about="0: not filled in yet",
        ),
        24,
        {
            24: "24 people were randomised, to an order. In a crossover people are counted, not periods.",
            21: "21 completed both periods: that is the number analysed, and has a column of its own.",
            42: "42 are observations, two for each of the 21 who finished. Counting them would double the people.",
            48: "That is the number of infusions planned. Everybody got both; people are counted.",
            "": "Find the sentence that says how many people were put in an order by chance.",
        },
    ),
    Asked(
        _choice(
            "dose_mg_per_kg_per_h", "Infusion rate in mg/kg/h", "0.29 mg/kg/h", "20 mg/kg/h", "not reported",
            "not checked", "not applicable",
        ),
        "not reported",
        {
            "0.29 mg/kg/h": "That takes 70 kg for granted. Nobody says what these people weighed: a guess once typed "
            "looks like a fact.",
            "20 mg/kg/h": "The report says mg/h, not mg/kg/h: seventyfold too much for somebody of 70 kg.",
            "not reported": "20 mg/h stands under “dose as given”; without a body weight it cannot be put per kg, and "
            "the full text may give one.",
            "not checked": "You have looked: the abstract gives no weight. “Not checked” is for whoever has not.",
            "not applicable": "An infusion has a rate; it is only not told in this unit.",
        },
    ),
    Asked(
        _choice("primary_outcome", "Primary outcome", _SOON, _LATE, _SLEEP, "not reported"),
        _LATE,
        {
            _SOON: "It has the smaller P, and it comes first; neither makes it primary. The methods name another one.",
            _LATE: "Named in the methods, with its scale and its time.",
            _SLEEP: "Reported because it came out well; the methods do not name it.",
            "not reported": "It is named: the last sentence of the methods.",
        },
    ),
    Asked(
        _choice(
            "primary_direction", "Direction of the primary outcome", Direction.INTERVENTION,
            Direction.NO_DIFFERENCE, Direction.COMPARATOR, "not applicable",
        ),
        Direction.NO_DIFFERENCE,
        {
            Direction.INTERVENTION: "That is the conclusion's tone, and true of the first hour. The primary "
            "outcome: 48 against 52 mm, P = 0.31.",
            Direction.NO_DIFFERENCE: "48 against 52 mm in the second week, P = 0.31. The conclusion speaks of the "
            "first hour and does not say so.",
            Direction.COMPARATOR: "Less pain is better, and the lower mean is ketamine's; but P = 0.31.",
            "not applicable": "Two treatments were compared, so there is a direction to be read, even if it is “none”.",
        },
    ),
)  # fmt: skip


class ExtractionForm(Shown):
    """The second invented record, four fields to be filled, and a key that answers each.

    In code: `form.fields["n_randomised"].value = 24`, `form.compare.click()`, `form.seen()`.
    """

    title = "Fill four fields"

    def __init__(self) -> None:
        self.record = record_of(CROSSOVER)
        self.read = {one.field: one for one in read_record(self.record)}
        self.fields = {asked.control.key: Control(asked.control) for asked in FORM}
        self.said = {key: widgets.HTML() for key in self.fields}
        self.compare = widgets.Button(description="Compare with the key", tooltip="Says what each answer is worth")
        self.reset = widgets.Button(description="Reset", tooltip="Empty the form")
        self.score = widgets.HTML()
        self.compare.on_click(lambda _: self._compare())
        self.reset.on_click(lambda _: self._clear())
        for key, field in self.fields.items():
            # what was said is of another answer from now on
            field.observe(lambda _, said=self.said[key]: setattr(said, "value", ""), "value")
        rows = [one for key in self.fields for one in (self.fields[key], self.said[key])]
        buttons = widgets.HBox([self.compare, self.reset])
        form = widgets.VBox([*rows, buttons, self.score]).add_class("ket-form")
        text = widgets.VBox([widgets.HTML(f"{STYLE}{MarkedText(self.record).html}")])
        beside = widgets.HBox([text, form]).add_class("ket-pair")
        self.box = boxed([widgets.HTML(f"<h3>{self.title}</h3>"), beside])

    def seen(self) -> str:
        """What the learner reads: the feedback that is shown, and the score."""
        return " ".join(filter(None, (plain(one.value) for one in [*self.said.values(), self.score])))

    def _compare(self) -> None:
        right = 0
        for asked in FORM:
            key = asked.control.key
            given = self.fields[key].value
            if given == asked.control.value:
                self.said[key].value = '<div class="ket-feedback"><p class="ket-wrong">Not filled in yet.</p></div>'
                continue
            correct = given == asked.right
            right += correct
            mark, look = ("Right.", "") if correct else ("The key differs.", ' class="ket-wrong"')
            why = escape(asked.why.get(given, asked.why.get("", "")))
            rules = f"<small>The rules of the reader say: {escape(self._by_rules(key))}.</small>"
            self.said[
                key
            ].value = f'<div class="ket-feedback"><p{look}><strong>{mark}</strong> {why}<br>{rules}</p></div>'
        self.score.value = f'<p role="status">{right} of {count_of(len(FORM), "field")} as in the key.</p>'

    def _by_rules(self, key: str) -> str:
        found = self.read[key]
        return f"{value_of(found)} ({found.confidence})" if found.confidence else value_of(found)

    def _clear(self) -> None:
        for key, field in self.fields.items():
            field.value = field.declared.value
            self.said[key].value = ""
        self.score.value = ""

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """The record and the four questions without their answers, HTML."""
        rows = "".join(
            f"<li>{escape(asked.control.label)}"
            + (f": {escape(' · '.join(asked.control.options[1:]))}" if isinstance(asked.control, Choice) else "")
            + "</li>"
            for asked in FORM
        )
        text = MarkedText(self.record).html
        return f"<h3>{self.title}</h3>{STYLE}{text}<ol>{rows}</ol><p>Run this cell to fill and compare.</p>"

    def __repr__(self) -> str:
        return f"{self.title}: {', '.join(asked.control.label for asked in FORM)} (Run this cell to fill and compare.)"
