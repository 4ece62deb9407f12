"""One record before one person: what is to be decided, and where a decision goes. The dialogue and the panel use it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from ..errors import InputError
from ..escaping import one_line
from ..fields import FIELDS
from ..findings import Finding
from ..reading import read_record
from ..records.model import Record
from ..review import Review, load_review
from ..screening.votes import check_reviewer, name_of, now, record_names
from ..vocabulary import Missing
from .accept import Given, Saved, accept, standing_of
from .compare import compare_of, rule
from .entries import FILE, Entry, field_of, finding_of, load_entries, save_own, save_shared, spoken, with_unit
from .proposals import Proposal, proposals


class Desk:
    """What a person sees of one record, as the files are now.

    Args:
        folder: the review.
        record: in any usual spelling.
        who: initials; of somebody who rules, "EF" or "AB+CD".
        double: two people work blind to each other, each in a file of their own.
        between: initials of two people whose conflicts on this record are to be ruled on.
        fields: names of the fields that are asked, in order; default: all.

    Raises:
        InputError: there is no such record or field, or the two have not finished.
    """

    def __init__(
        self,
        folder: Path | str,
        record: str,
        who: str,
        *,
        double: bool = False,
        between: Sequence[str] = (),
        fields: Sequence[str] = (),
    ) -> None:
        for name in who.split("+"):
            check_reviewer(name.strip())
        self.folder, self.who, self.double, self.between = Path(folder), who, double, tuple(between)
        self.fields = tuple(field_of(name).name for name in fields) or tuple(FIELDS)
        self.review: Review = load_review(self.folder)
        self.record: Record = self.review.records[name_of(record, record_names(self.review))]
        self.findings: tuple[Finding, ...] = read_record(self.record, drugs=self.review.drugs)

    def proposals(self) -> list[Proposal]:
        """What is to be decided now; of two people, only what they differ on."""
        self.review = load_review(self.folder)
        own = load_entries(self.folder, self.review, self.who).get(self.who) if self.double else None
        found = {
            one.field.name: one
            for one in proposals(self.review, self.record.id, who=self.who, double=self.double, own=own)
        }
        if self.between:
            entries = load_entries(self.folder, self.review)
            conflicts = compare_of(self.review, entries, self.between).conflicts
            here = {one.first.field: one for one in conflicts if one.first.record == self.record.id}
            found = {
                name: dataclasses.replace(
                    found[name], candidates=(finding_of(one.first), finding_of(one.second)), mine=None
                )
                for name, one in here.items()
            }
        return [found[name] for name in self.fields if name in found]

    def save(self, field: str, given: Given) -> Saved:
        """Write a decision: `given` are arguments of `accept`. What this person said before is replaced.

        Raises:
            InputError: it cannot be written, or is no value of the field.
        """
        if self.between:
            return rule(self.folder, self.record.id, field, who=self.who, people=self.between, **given)
        return accept(self.folder, self.record.id, field, who=self.who, double=self.double, replace=True, **given)

    def take_back(self, saved: Saved, before: Entry | None) -> None:
        """Undo a decision: what stood there before stands there again. What is undone stays in the history.

        Args:
            saved: what `save` gave.
            before: what this person had said until then (`mine` of the proposal that was decided on).

        Raises:
            InputError: it cannot be written, or somebody has changed it meanwhile.
        """
        entry = saved.entry
        if saved.unchanged:
            return
        if self.double and before:
            save_own(self.folder, dataclasses.replace(before, when=now()))
        elif self.double:
            accept(self.folder, entry.record, entry.field, who=self.who, double=True, missing=Missing.NOT_CHECKED)
        else:
            there, _ = standing_of(load_review(self.folder), entry)
            if not any(one.same(entry) for one in there.values()):
                raise InputError(f"{entry.field} {one_line(entry.shown)} does not stand there any more", where=FILE)
            save_shared(self.folder, saved.replaced, there)

    @property
    def heading(self) -> str:
        """Who works on what, in a line."""
        if self.between:
            how = f"{self.who} rules between {' and '.join(self.between)}"
        else:
            how = f"{self.who}{', blind to others' if self.double else ''}"
        return f"{self.record.short} · {self.record.id} · {how}"


def told(candidate: Finding) -> str:
    """A candidate in words: value, who says so, how sure, where.

    >>> told(Finding(field="n_total", value=60, rule="n/people", locator="abstract"))
    '60 · read by rule n/people · abstract'
    """
    value = str(candidate.missing) if candidate.missing else with_unit(candidate.value, candidate.unit)
    if candidate.origin == "reader":
        rule_of = f"rule {candidate.rule}" if candidate.rule else "rules"
        by = f"read by {rule_of}" + (f", {candidate.confidence}" if candidate.confidence else "")
    elif candidate.origin == "record":
        by = "NLM's record"
    elif candidate.origin == "curated":
        by = "shipped with the review" + (f", looks at the source: {candidate.checked}" if candidate.checked else "")
    else:
        by = candidate.who
    return " · ".join(part for part in (value, by, candidate.locator, candidate.reason) if part)


def stands(entry: Entry) -> str:
    """What somebody said last, in words."""
    return f"{entry.who} said {entry.shown}" + (f" ({entry.when[:10]})" if entry.when else "")


def others_told(proposal: Proposal, who: str) -> list[str]:
    """What other people entered in extraction.csv, in words."""
    rows = [row.finding for row in proposal.standing if row.finding.origin == "person" and row.finding.who != who]
    return [f"{one.who or 'somebody'} entered {one.missing or with_unit(one.value, one.unit)}" for one in rows]


def typed_value(proposal: Proposal, text: str, choices_by_number: bool = False) -> str:
    """What a person typed as the value of a field, in the words of files.

    Raises:
        InputError: nothing was typed.
    """
    words = text.strip()
    choices = proposal.field.choices
    if choices_by_number and choices and words.isdecimal() and 1 <= int(words) <= len(choices):
        words = str(choices[int(words) - 1])
    words = spoken(proposal.field, words)
    if not words:
        raise InputError(f"{proposal.field.title}: nothing was given", expected="a value")
    return words
