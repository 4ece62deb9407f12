"""What came of extraction by two people as text for the terminal."""

from __future__ import annotations

from ..escaping import one_line, terminal
from ..screening.agreement import Kappa
from ..telling import count_of
from .accept import Saved
from .compare import Comparison, Settled
from .entries import FILE, HISTORY

UNSEEN = "These words do not stand in the text held here; they are saved as you gave them."


def comparison_text(found: Comparison) -> str:
    """Agreement field by field, and the conflicts, as lines for the terminal."""
    one, two = found.people
    lines = [f"{one} and {two}: {count_of(found.both, 'field')} of records answered by both"]
    if not found.blind:
        lines.append(f"Not blind: what {FILE} has of somebody was taken, which the other may have seen.")
    for name, missing in zip(found.people, found.missing, strict=True):
        if missing:
            lines.append(f"  {name} has {count_of(missing, 'answer')} missing")
    if found.fields:
        lines += ["", f"{'field':<22}{'both':>5}{'same':>6}{'near':>6}{'none':>6}  Cohen's kappa (95 % CI)"]
    for row in found.fields:
        kappa = _kappa_words(row.kappa) if row.kappa else ""
        line = f"{row.field.name:<22}{row.n:>5}{row.exact:>6}{row.near:>6}{row.absent:>6}  {kappa}"
        lines.append(line.rstrip())
    if found.fields:
        lines.append(
            "near: numbers within the tolerance, texts that share numbers or words, and all that are the same;"
        )
        lines.append("none: of the same, how many say that there is no value.")
    lines += ["", f"{count_of(len(found.conflicts), 'conflict')} to rule on{':' if found.conflicts else '.'}"]
    lines += [
        f"  {one.first.record}, {one.first.field}: {one_line(one.what)}{'  (near)' if one.alike else ''}"
        for one in found.conflicts
    ]
    if found.ruled:
        lines.append(f"{count_of(found.ruled, 'conflict')} ruled on.")
    return "\n".join(terminal(line) for line in lines)


def _kappa_words(kappa: Kappa) -> str:
    if kappa.kappa is None:
        return kappa.why.replace("kappa is not defined", "not defined").replace("decision", "word")
    interval = "" if kappa.low is None else f" ({_signed(kappa.low)} to {_signed(kappa.high)})"
    return f"{_signed(kappa.kappa)}{interval}{f'; {kappa.why}' if kappa.why else ''}"


def _signed(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.2f}".replace("-", "−")


def settled_text(settled: Settled) -> str:
    """What was written to extraction.csv, as a line for the terminal.

    >>> settled_text(Settled((), (), ()))
    'extraction.csv: 0 values added, 0 replaced.'
    """
    added = len(settled.added) - len({old.pair for old in settled.replaced})
    text = f"{FILE}: {count_of(added, 'value')} added, {len({old.pair for old in settled.replaced})} replaced."
    if settled.replaced:
        text += f" What stood there is in {HISTORY}."
    if settled.kept:
        named = ", ".join(f"{one.record} {one.field}" for one in settled.kept)
        text += f" {len(settled.kept)} not written, since either entered something there before: {named}."
    return terminal(text)


def saved_text(saved: Saved) -> str:
    """What became of one decision, in a line.

    >>> from .entries import Entry
    >>> saved_text(Saved(Entry(record="a", field="n_total", value="60", who="AB"), "extraction.csv"))
    'Saved: n_total 60, extraction.csv'
    """
    entry = saved.entry
    text = f"{'Stands already' if saved.unchanged else 'Saved'}: {entry.field} {one_line(entry.shown)}, {saved.file}"
    if saved.replaced:
        text += f"; before: {', '.join(one_line(old.shown) for old in saved.replaced)} (kept in {HISTORY})"
    if saved.beside:
        others = ", ".join(f"{old.who}: {one_line(old.shown)}" for old in saved.beside)
        text += f". Another person differs ({others}): the table marks it as a conflict"
    return terminal(text)
