"""The evidence table in LaTeX: a document that compiles by itself, its tables marked for copying into a manuscript.

What comes from records is text and nothing else: every character that LaTeX would act on is written as a command that
prints it. Source: latexref.xyz, "Reserved characters"; and the ligatures of TeX's fonts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..escaping import one_line
from ..table import NO_ADVICE, EvidenceTable
from .notes import Notes
from .sheets import STUDY, Part, PrintedStudy, abbreviations, caption, parts, printed
from .wording import LEGEND, decisions_line, empty_line, heading, searches_lines, selection_line

_GAP = 0.1  # cm on either side of a column
_HEAD = r"""% Written by ketalit. Compile with LuaLaTeX or XeLaTeX; pdfLaTeX will do for Latin and Greek letters.
% For a manuscript copy what stands between BEGIN TABLE and END TABLE, and load the packages below.
\documentclass[a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{textcomp}
\else
  \usepackage{fontspec}
\fi
\usepackage[margin=1.5cm]{geometry}
\usepackage{array,booktabs,longtable,pdflscape}
\usepackage[normalem]{ulem}
\begin{document}
\begin{landscape}
\footnotesize
"""
_FOOT = "\\end{landscape}\n\\end{document}\n"

_WRITTEN = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': r"\textquotedbl{}",
    "\u00a0": "~",
    "\u200b": r"\allowbreak{}",  # Unicode's own sign for a place where a line may end
}
# Signs that pdfLaTeX's own fonts lack; mathematics has them in every engine.
_MATHEMATICS = {
    "−": "-",
    "±": r"\pm",
    "×": r"\times",
    "·": r"\cdot",
    "≠": r"\neq",
    "≤": r"\leq",
    "≥": r"\geq",
    "≈": r"\approx",
    "→": r"\rightarrow",
    "←": r"\leftarrow",
    "∞": r"\infty",
    **dict(zip("αβγδεζηθικλµμνξπρστυφχψω", (
        *(r"\alpha", r"\beta", r"\gamma", r"\delta", r"\epsilon", r"\zeta", r"\eta", r"\theta", r"\iota", r"\kappa"),
        *(r"\lambda", r"\mu", r"\mu", r"\nu", r"\xi", r"\pi", r"\rho", r"\sigma", r"\tau", r"\upsilon", r"\phi"),
        *(r"\chi", r"\psi", r"\omega"),
    ), strict=True)),
    "Δ": r"\Delta",
    "Σ": r"\Sigma",
    "Ω": r"\Omega",
}  # fmt: skip
_WRITTEN |= {sign: f"\\ensuremath{{{command}}}" for sign, command in _MATHEMATICS.items()}
_TABLE = str.maketrans(_WRITTEN)
_LIGATURE = re.compile(r"([-,'])(?=\1)")
_LONGER_THAN_A_LINE = re.compile(r"\S{40,}")


def latex(text: str) -> str:
    r"""Text on one line, as LaTeX prints it and nothing more: no command, no mathematics, no ligature, no comment.

    A word longer than any line may end a line after every ten letters: one of 16,000 pt is too much for TeX.

    >>> print(latex(r"\write18{rm} 50% & $x_1$ -- ≥ 3"))
    \textbackslash{}write18\{rm\} 50\% \& \$x\_1\$ -{}- \ensuremath{\geq} 3
    """
    breakable = _LONGER_THAN_A_LINE.sub(lambda word: re.sub(r"(.{10})(?=.)", "\\1\u200b", word[0]), one_line(text))
    return _LIGATURE.sub(r"\1{}", breakable.translate(_TABLE))


def render(table: EvidenceTable) -> str:
    """The whole document."""
    notes = Notes()
    rows = printed(table, notes)
    found = parts(table, rows)
    before = (
        table.title,
        table.question,
        table.how_found,
        *(f"Saved search {line}" for line in searches_lines(table)),
        f"Shown: {selection_line(table)}. {table.totals}. {decisions_line(table)}",
        empty_line(table),
    )
    lines = [f"{{}}{latex(text)}\\par" for text in before if text]
    lines += ["", "%%% BEGIN TABLE"]
    for number, part in enumerate(found, 1):
        lines += _longtable(table, rows, part, caption(table, number, len(found)))
    lines += ["%%% END TABLE", "", r"\section*{Legend}"]
    lines += [f"\\textbf{{{latex(sign)}}} {latex(meaning)}\\par" for sign, meaning in LEGEND]
    lines += [r"\section*{Sources}"]
    lines += [f"\\textsuperscript{{{number}}} {latex(text)}\\par" for number, text in enumerate(notes.texts, 1)]
    lines += ["", f"{latex(NO_ADVICE)}\\par"]
    return _HEAD + "\n".join(lines) + "\n" + _FOOT


def _longtable(table: EvidenceTable, rows: Sequence[PrintedStudy], part: Part, title: str) -> Iterator[str]:
    widths = [width - 2 * _GAP for width in (STUDY, *part.widths)]
    columns = "".join(f">{{\\raggedright\\arraybackslash}}p{{{width:.2f}cm}}" for width in widths)
    head = " & ".join(f"\\textbf{{{latex(heading(table.fields[place]))}}}" for place in part.columns)
    head = f"\\textbf{{Study}}{' & ' if head else ''}{head} \\\\"
    yield f"{{\\setlength{{\\tabcolsep}}{{{_GAP}cm}}\\setlength{{\\LTleft}}{{0pt}}"
    yield f"\\begin{{longtable}}{{{columns}}}"
    yield f"\\caption*{{{latex(title)}}}\\\\"
    yield from (r"\toprule", head, r"\midrule", r"\endfirsthead")
    yield from (r"\toprule", head, r"\midrule", r"\endhead", r"\bottomrule", r"\endlastfoot")
    for row in rows:
        yield " & ".join([_study(row), *(_cell(row, place) for place in part.columns)]) + r" \\"
    yield r"\end{longtable}"
    for code, meaning in abbreviations(rows, part):
        yield f"\\textbf{{{latex(code)}}} {latex(meaning)}.\\par"
    yield "}"


def _study(row: PrintedStudy) -> str:
    # A row never begins with text of a record: after the end of a row, “[” and “*” would be options of it.
    name = f"\\textbf{{{_struck(latex(row.name), row.struck)}}}"
    name += f" \\textbf{{{latex(row.remark)}}}" if row.remark else ""
    # Identifiers hold no blanks: say where they may break.
    shown = latex(re.sub(r"(?<=[:/.;-])", "\u200b", row.identifier))
    return f"{name} {shown}".rstrip()


def _cell(row: PrintedStudy, place: int) -> str:
    cell = row.cells[place]
    note = f"\\textsuperscript{{{cell.note}}}" if cell.note else ""
    return f"{{}}{_struck(latex(cell.text), cell.struck)}{note}"


def _struck(text: str, struck: bool) -> str:
    return f"\\sout{{{text}}}" if struck and text else text
