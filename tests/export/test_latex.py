"""Questions: can any text make LaTeX do something but print it, and does the file read as LaTeX?

A strict reader of its own: it knows the few commands the writer may use, and refuses everything else.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ketalit.escaping import one_line
from ketalit.export import export
from ketalit.export.latex import latex
from ketalit.review import load_review
from ketalit.table import evidence_table
from tests.export.hostile import TITLES, hostile_review
from tests.synthetic_review import synthetic_review

# What each command that text may turn into prints (LaTeX's own definitions).
PRINTS = {
    **{rf"\{sign}": sign for sign in "{}$&#%_"},
    r"\textbackslash": "\\",
    r"\textasciicircum": "^",
    r"\textasciitilde": "~",
    r"\textless": "<",
    r"\textgreater": ">",
    r"\textbar": "|",
    r"\textasciigrave": "`",
    r"\textquotedbl": '"',
    r"\allowbreak": "",
}
MATHEMATICS = {
    **{"-": "−", r"\pm": "±", r"\times": "×", r"\cdot": "·", r"\neq": "≠", r"\leq": "≤", r"\geq": "≥"},
    **{r"\approx": "≈", r"\rightarrow": "→", r"\leftarrow": "←", r"\infty": "∞", r"\Delta": "Δ", r"\Sigma": "Σ"},
    **{r"\Omega": "Ω", r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\epsilon": "ε"},
    **{r"\zeta": "ζ", r"\eta": "η", r"\theta": "θ", r"\iota": "ι", r"\kappa": "κ", r"\lambda": "λ", r"\mu": "µ"},
    **{r"\nu": "ν", r"\xi": "ξ", r"\pi": "π", r"\rho": "ρ", r"\sigma": "σ", r"\tau": "τ", r"\upsilon": "υ"},
    **{r"\phi": "φ", r"\chi": "χ", r"\psi": "ψ", r"\omega": "ω"},
}
TOKEN = re.compile(
    r"\\ensuremath\{([^{}]*)\}|(\\(?:[A-Za-z]+|.))(?:\{\})?|(\{\})|([^\\{}$&#%_^~<>|`\"])|(~)", re.DOTALL
)


def printed(source: str) -> str:
    """What text written as LaTeX prints; whatever else stands in it is refused."""
    out, at, before = [], 0, ""
    while at < len(source):
        token = TOKEN.match(source, at)
        assert token, f"LaTeX would act on {source[at : at + 20]!r}"
        mathematics, command, _, plain, tie = token.groups()
        # dashes, closing quotes and low quotes join when they touch
        assert not (plain and plain in "-,'" and plain == before), f"a ligature at {source[at - 1 : at + 5]!r}"
        before = plain or ""
        at = token.end()
        if mathematics is not None:
            out.append(MATHEMATICS[mathematics])
        elif command:
            out.append(PRINTS[command])
        elif plain:
            out.append(plain)
        elif tie:
            out.append("\u00a0")
    return "".join(out)


ANY = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\{}$&#%_^~<>|`\"'-,[]*!?@=\n\r µμ≥−α"))


@given(ANY)
@example(r"\write18{rm -rf /}")
@example("^^5cwrite18{a}")
@example("a\n\n\\end{document}")
@example("-- --- '' ,, ``")
@example("-" * 100)
def test_any_text_is_printed_as_it_is(text):
    assert printed(latex(text)) == one_line(text).replace("μ", "µ").replace("\u200b", "")


@pytest.fixture(scope="module", params=["synthetic", "hostile", "bundled", "empty"])
def table(request):
    if request.param == "empty":
        return evidence_table(synthetic_review(), where="year=1800")
    reviews = {"synthetic": synthetic_review, "hostile": hostile_review, "bundled": load_review}
    return evidence_table(reviews[request.param](), view="full")


@pytest.fixture(scope="module")
def source(table, tmp_path_factory):
    return export(table, tmp_path_factory.mktemp("latex") / "evidence.tex")[0].read_text(encoding="utf-8")


COMMANDS = {
    *PRINTS,
    *(command for command in MATHEMATICS if command.startswith("\\")),
    *(r"\documentclass", r"\usepackage", r"\begin", r"\end", r"\ifPDFTeX", r"\else", r"\fi", r"\footnotesize", r"\par"),
    *(r"\section", r"\textbf", r"\textsuperscript", r"\sout", r"\ensuremath", r"\allowbreak", r"\setlength"),
    *(r"\tabcolsep", r"\LTleft", r"\raggedright", r"\arraybackslash", r"\caption", "\\\\"),
    *(r"\toprule", r"\midrule", r"\bottomrule", r"\endfirsthead", r"\endhead", r"\endlastfoot"),
}


def test_the_file_holds_no_command_but_those_of_the_writer(source):
    assert set(re.findall(r"\\(?:[A-Za-z]+|.)", source)) <= COMMANDS
    comments = [line for line in source.splitlines() if re.search(r"(?<!\\)%", line)]
    assert all(line.startswith(("% Written by ketalit", "% For a manuscript", "%%% ")) for line in comments)
    assert not [character for character in source if ord(character) < 32 and character != "\n"]


def test_braces_and_environments_close_in_order(source):
    bare = re.sub(r"\\[{}\\%]", "", re.sub(r"(?m)^%.*$", "", source))
    open_: list[str] = []
    for begin, end, brace in re.findall(r"\\begin\{(\w+)\}|\\end\{(\w+)\}|([{}])", bare):
        if begin or brace == "{":
            open_.append(begin or brace)
        else:
            assert open_.pop() == (end or "{")
    assert not open_


def test_every_row_has_the_cells_of_its_head(table, source):
    tables = re.findall(r"\\begin\{longtable\}.*?\\end\{longtable\}", source, re.DOTALL)
    columns = 0
    for one in tables:
        width = one.splitlines()[0].count("p{")
        columns += width - 1
        rows = [line for line in one.splitlines() if line.endswith(r" \\")]
        assert len(rows) == 2 + len(table.frame)  # the head stands twice: on the first page, and on the others
        assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {width}
        assert all(row.startswith(r"\textbf{") for row in rows)
        assert sum(map(float, re.findall(r"p\{([\d.]+)cm\}", one))) + 0.2 * width <= 26.75
    assert columns == len(table.fields)


def test_abbreviations_stand_under_the_table_that_uses_them():
    table = evidence_table(synthetic_review(), view="safety")
    with_them = evidence_table(synthetic_review(), view="safety", where="study=gamma2016")
    for one, code in ((table, r"\textbf{n/c}"), (with_them, r"\textbf{n/a}")):
        from ketalit.export.latex import render

        assert code in render(one).split(r"\end{longtable}")[1].split("%%% END TABLE")[0]


@pytest.mark.parametrize("name", TITLES)
def test_pylatexenc_finds_no_command_in_a_title(name):
    walker = pytest.importorskip("pylatexenc.latexwalker", reason="pylatexenc is not installed")
    nodes, *_ = walker.LatexWalker(latex(TITLES[name])).get_latex_nodes()
    macros = {f"\\{node.macroname}" for node in nodes if isinstance(node, walker.LatexMacroNode)}
    assert macros <= {*PRINTS, r"\ensuremath"}
    kinds = (walker.LatexMathNode, walker.LatexEnvironmentNode, walker.LatexCommentNode)
    assert not [node for node in nodes if isinstance(node, kinds)]


@pytest.fixture(scope="session")
def typeset(tmp_path_factory) -> Callable[[Path], subprocess.CompletedProcess]:
    """Typesets a file, or skips where this machine's LaTeX cannot even typeset one word."""
    if shutil.which("lualatex"):
        command = ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
    elif shutil.which("tectonic"):
        command = ["tectonic"]
    else:
        pytest.skip("no LaTeX is installed")

    def run(file: Path) -> subprocess.CompletedProcess:
        return subprocess.run([*command, file.name], cwd=file.parent, check=False, capture_output=True, timeout=600)

    word = tmp_path_factory.mktemp("latex") / "word.tex"
    packages = "\\usepackage{fontspec,geometry,array,booktabs,longtable,pdflscape,ulem}"
    word.write_text(f"\\documentclass{{article}}{packages}\\begin{{document}}Ω word\\end{{document}}", encoding="utf-8")
    if run(word).returncode:
        pytest.skip("the LaTeX installed here lacks the fonts or packages to typeset one word")
    return run


def test_it_compiles(source, tmp_path, typeset):
    file = tmp_path / "evidence.tex"
    file.write_text(source, encoding="utf-8")
    done = typeset(file)
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "evidence.pdf").stat().st_size > 1000


def test_a_word_longer_than_any_line_compiles_and_loses_nothing(tmp_path, typeset):
    """TeX counts to 16,384 pt: one word of 8,000 letters, in a cell, struck through, and before the table."""
    word = "Δketamine-" * 800
    texts = (latex(word), rf"\begin{{longtable}}{{p{{3cm}}}}{{}}{latex(word[:300])}\\\end{{longtable}}")
    body = "\n\n".join((*texts, rf"{{}}\sout{{{latex(word)}}}"))
    file = tmp_path / "word.tex"
    packages = "\\usepackage{fontspec,longtable}\\usepackage[normalem]{ulem}"
    file.write_text(f"\\documentclass{{article}}{packages}\\begin{{document}}{body}\\end{{document}}", encoding="utf-8")
    done = typeset(file)
    assert done.returncode == 0, done.stdout[-2000:]
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "word.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True)
        assert text.stdout.count("k") == 800 + 30 + 800
