"""What came of screening as text for the terminal: agreement, conflicts, what was written."""

from __future__ import annotations

from ..escaping import one_line, terminal
from ..telling import count_of, cut
from .adjudicate import Adjudication, Written
from .agreement import Agreement, Kappa


def agreement_text(found: Agreement) -> str:
    """Agreement as lines for the terminal: tables, raw agreement, kappa with interval, prevalence, bias, PABAK.

    >>> from .agreement import cohen_kappa
    >>> from .votes import Stage
    >>> kappa = cohen_kappa([[20, 5], [10, 15]], ["include", "exclude"])
    >>> print(agreement_text(Agreement(stage=Stage.FULL_TEXT, reviewers=("AB", "CD"), voted=(50, 50), both=50,
    ...     missing=(0, 0), kappas=(kappa,))))  # doctest: +ELLIPSIS
    Agreement at full text: AB (rows) and CD (columns), 50 records with both votes
    ...
    Cohen's kappa     0.40 (95 % CI 0.15 to 0.65)
    ...
    """
    one, two = found.reviewers
    if not found.kappas:
        lines = [f"{found.stage} is not finished; agreement is shown when it is."]
        for name, voted, missing in zip(found.reviewers, found.voted, found.missing, strict=True):
            lines.append(f"  {name}: {voted} voted, {missing} missing")
        return "\n".join([*lines, f"  both: {found.both}"])
    both = count_of(found.both, "record")
    lines = [f"Agreement at {found.stage}: {one} (rows) and {two} (columns), {both} with both votes"]
    alone = [(name, voted - found.both) for name, voted in zip(found.reviewers, found.voted, strict=True)]
    lines += [
        f"{count_of(count, 'record')} with the vote of {name} alone are not counted." for name, count in alone if count
    ]
    for kappa in found.kappas:
        lines += ["", *_kappa_lines(kappa)]
    return "\n".join(lines)


def _kappa_lines(kappa: Kappa) -> list[str]:
    wide = max(map(len, kappa.categories))
    columns = [max(len(name), 5) for name in kappa.categories]
    head = "  ".join(f"{name:>{width}}" for name, width in zip(kappa.categories, columns, strict=True))
    lines = [f"{'':<{wide}}  {head}"]
    for name, row in zip(kappa.categories, kappa.table, strict=True):
        cells = "  ".join(f"{count:>{width}}" for count, width in zip(row, columns, strict=True))
        lines.append(f"{name:<{wide}}  {cells}")

    def line(name: str, value: str) -> None:
        lines.append(f"{name:<18}{value}")

    if kappa.observed is not None:
        agreed = sum(kappa.table[i][i] for i in range(len(kappa.table)))
        line("Raw agreement", f"{agreed} of {kappa.n} ({100 * kappa.observed:.0f} %)")
    interval = "" if kappa.low is None else f" (95 % CI {_signed(kappa.low)} to {_signed(kappa.high)})"
    line("Cohen's kappa", f"{_signed(kappa.kappa)}{interval}")
    if kappa.why:
        line("", kappa.why)
    if kappa.pabak is not None:
        shares = "; ".join(
            f"{name} {100 * first:.0f} % and {100 * second:.0f} %"
            for name, (first, second) in zip(kappa.categories, kappa.shares, strict=True)
        )
        line("PABAK", f"{_signed(kappa.pabak)} (kappa, were all decisions equally common and nobody leaned)")
        line("Used by each", shares)
    if kappa.prevalence is not None and kappa.bias is not None:
        line("Prevalence index", f"{kappa.prevalence:.2f} (0: both decisions equally common; near 1 kappa falls)")
        line("Bias index", f"{kappa.bias:.2f} (0: both lean the same way)")
    return lines


def adjudication_text(found: Adjudication) -> str:
    """Where screening stands, as lines for the terminal: what is final, what goes on, what somebody has to rule on."""
    lines = []
    if found.single:
        lines.append("One reviewer: this is not double screening.")
    lines.append(f"{count_of(len(found.final), 'record')} agreed and not in screening.csv yet.")
    lines += [
        f"  {row.record}: {row.decision}{f' ({row.reason})' if row.reason else ''}, {row.who}" for row in found.final
    ]
    if found.otherwise:
        lines.append(f"{count_of(len(found.otherwise), 'record')} on which screening.csv says something else (kept):")
        lines += [f"  {row.record}: the votes say {row.decision}, {row.who}" for row in found.otherwise]
    lines.append(f"{count_of(len(found.forward), 'record waits', 'records wait')} at full text.")
    if found.open:
        lines.append(f"{count_of(found.open, 'record')} with a vote missing.")
    lines.append(f"{count_of(len(found.conflicts), 'conflict')} to rule on{':' if found.conflicts else '.'}")
    for one in found.conflicts:
        title = one_line(found.titles.get(one.record, ""))
        lines += [f"  {one.record} at {one.stage}: {one.what}", *([f"    {cut(title, 76)}"] if title else [])]
    if found.withheld:
        lines.append(f"Full texts are not shown: {found.withheld}.")
    return "\n".join(terminal(line) for line in lines)


def written_text(written: Written) -> str:
    """What was written to screening.csv, as a line for the terminal.

    >>> written_text(Written(("a", "b"), (), ("c",)))
    'screening.csv: 2 records added, 0 replaced. 1 kept although the votes say otherwise: c.'
    """
    text = f"screening.csv: {count_of(len(written.added), 'record')} added, {len(written.replaced)} replaced."
    if written.kept:
        text += f" {len(written.kept)} kept although the votes say otherwise: {', '.join(written.kept)}."
    return text


def _signed(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.2f}".replace("-", "−")
