"""Dose, route and duration of ketamine: the reader beside two people's labels.

Two sets: the rows of `abstracts_gold.csv` with a ketamine dose (as free text), and 60 human records of
`corpus_ketamine.jsonl`, labelled by two people apart before the rules were written (`labels/ketamine_doses.csv`: facts
only). Of these 60, 55 carry both people's labels; the other five replace narrative reviews that one of them had
counted as human records, and were labelled by one and looked at again by the other. Where the two differ, the
`agreed_*` columns hold what rereading settled. The label is the regimen stated first. The columns of both people use
one set of names (two routes were named in other words: "oral rinse" for topical, the nerve for perineural); a strength
alone ("1 mg/ml") is no dose.

Both halves are reported: one in which errors were read while the rules were written, one only measured; though those
who labelled the 60 records had of course read all of them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ketalit.reading import read_record
from ketalit.reading.engine import Source
from ketalit.reading.intervention import read_given
from ketalit.reading.normal import normalise
from ketalit.records.model import Record
from ketalit.records.text import canonical_text

from . import corpus
from .read_size import developed_on
from .reading import gold

LABELS = Path(__file__).resolve().parent / "labels" / "ketamine_doses.csv"
DRUGS = ("ketamine", "esketamine")
_GIVEN = re.compile(
    r"(\d[\d.]*(?:(?: or |, )\d[\d.]*)*) ?((?:mg|µg)(?:/kg)?(?:/(?:min|h))?|ml of \d+ mg/ml)(?![\w/])( (?:iv )?bolus)?"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled record: doses (amount, unit, basis), route and duration; None where the label does not speak of it.

    `whole`: the label holds every dose of the regimen, in any order; else only the one stated first.
    """

    identifier: str
    record: Record
    doses: tuple[tuple[str, str, str | None], ...]
    whole: bool = False
    route: str | None = None
    duration: str | None = None


@dataclass
class Count:
    """Counts for one question."""

    stated: int = 0
    answered: int = 0
    right: int = 0
    silent: int = 0
    invented: int = 0

    def add(self, *, wanted: bool, got: bool, right: bool) -> None:
        """Count one record."""
        self.stated += wanted
        self.answered += wanted and got
        self.right += wanted and right
        self.silent += not wanted and not got
        self.invented += not wanted and got

    def row(self) -> str:
        """Cells: labels with a value, right, coverage, precision, all records right (silence on silence included)."""
        said, all_ = self.answered + self.invented, self.stated + self.silent + self.invented
        return (
            f"{self.stated} | {self.right} ({self.right / max(1, self.stated):.1%}) "
            f"| {self.answered / max(1, self.stated):.1%} | {self.right / max(1, said):.1%} "
            f"| {(self.right + self.silent) / max(1, all_):.1%}"
        )


def labels() -> Iterator[dict[str, str]]:
    """The labelled rows."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def cases() -> Iterator[Case]:
    """The 60 labelled records."""
    texts = {record.key: record for record in corpus.records(corpus.KETAMINE)}
    for row in labels():
        dose = row["agreed_amount"], row["agreed_unit"], row["agreed_basis"]
        doses = (dose,) if row["agreed_amount"] else ()
        yield Case(row["pmid"], texts[row["pmid"]], doses, False, row["agreed_route"], row["agreed_duration"])


def gold_cases() -> Iterator[Case]:
    """The gold rows in which both people saw the same ketamine doses; a basis counts where one of them names it."""
    for row, record in gold():
        one, other = (_doses(row[f"ketamine_dose_{person}"]) for person in "ab")
        if one and set(one) == set(other):
            yield Case(row["id"], record, tuple((*dose, one[dose] or other[dose]) for dose in one), whole=True)


def _doses(text: str) -> dict[tuple[str, str], str | None]:
    """The doses in a free-text label, with the basis where it is plain.

    >>> _doses("0.5 mg/kg bolus + 1 or 2 µg/kg/min")
    {('0.5', 'mg/kg'): 'bolus', ('1', 'µg/kg/min'): 'infusion rate', ('2', 'µg/kg/min'): 'infusion rate'}
    """
    found: dict[tuple[str, str], str | None] = {}
    for numbers, unit, words in _GIVEN.findall(normalise(text).text):
        basis = "infusion rate" if unit.endswith(("/h", "/min")) else "bolus" if "bolus" in words else None
        found |= {(number, unit): basis for number in re.split(r" or |, ", numbers)}
    return found


def judge(case: Case) -> dict[str, tuple[bool, bool, bool]]:
    """For each question: whether the label has a value, whether the reader has one, whether they are the same."""
    found = {finding.field: finding for finding in read_record(case.record, drugs=DRUGS, abstract_only=True)}
    given = read_given(Source(canonical_text(case.record, abstract_only=True)), DRUGS)
    told = given.doses if found["dose"].value is not None else ()
    told = tuple(dict.fromkeys(told)) if case.whole else told[:1]
    amounts = {(_amount(dose.amount), dose.unit) for dose in told}
    bases = {(_amount(dose.amount), dose.unit, str(dose.basis)) for dose in told}
    same = amounts == {(_amount(amount), unit) for amount, unit, _ in case.doses}
    based = all((_amount(amount), unit, basis) in bases for amount, unit, basis in case.doses if basis)
    results = {
        "amount, unit and basis": (bool(case.doses), bool(told), same and based),
        "amount and unit": (bool(case.doses), bool(told), same),
    }
    for field, wanted in (("route", case.route), ("duration", case.duration)):
        if wanted is not None:
            value = str(found[field].value or "")
            results[field] = bool(wanted), bool(value), _plain(value) == _plain(wanted)
    return results


def _amount(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in text.split("-") if number)


def _plain(text: str) -> str:
    """A span of time or a route without its spelling: "24-day" and "24 days" are the same."""
    text = re.sub(r"[-\s]+", " ", normalise(text).text)
    text = re.sub(r"\b(\d+|an?) (min|h|day|week|month|year)\w*", r"\1 \2", text)
    return re.sub(r"\bhours?\b|\bhrs?\b", "h", text)


def agreement() -> str:
    """How far the two people agreed, on the records both labelled."""
    both = [row for row in labels() if row["a_form"] and row["b_form"]]

    def alike(*names: str) -> str:
        same = sum(all(row[f"a_{name}"] == row[f"b_{name}"] for name in names) for row in both)
        return f"{same} ({same / len(both):.0%})"

    return (
        f"Two people, {len(both)} records labelled by both: amount, unit and basis alike in "
        f"{alike('amount', 'unit', 'basis')}, route {alike('route')}, duration {alike('duration')}, "
        f"form {alike('form')}."
    )


def measure() -> str:
    """A Markdown section: each question on each set and half, and the agreement of the labels."""
    lines = ["## Ketamine dose, route and duration", ""]
    if not corpus.KETAMINE.is_file():
        return "\n".join([*lines, "The labelled material is not beside the project: nothing to measure.", ""])
    lines += [agreement(), "", "| question | set | half | stated | right | coverage | precision | all records right |"]
    lines.append("|---" * 8 + "|")
    for name, some in (("60 records", list(cases())), ("gold rows", list(gold_cases()))):
        judged = [(developed_on(case.identifier), judge(case)) for case in some]
        for question in judged[0][1]:
            for half, chosen in (
                ("developed on", [result for even, result in judged if even]),
                ("held out", [result for even, result in judged if not even]),
                ("all", [result for _, result in judged]),
            ):
                lines.append(f"| {question} | {name} | {half} | {_count(chosen, question).row()} |")
    return "\n".join([*lines, ""])


def _count(judged: Iterable[dict[str, tuple[bool, bool, bool]]], question: str) -> Count:
    count = Count()
    for result in judged:
        wanted, got, right = result[question]
        count.add(wanted=wanted, got=got, right=right)
    return count


if __name__ == "__main__":
    print(measure())
