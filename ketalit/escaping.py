"""Make text from records harmless where it is shown: in a terminal, as JSON there, in a spreadsheet, in Markdown.

HTML needs nothing here: the templates are rendered with jinja2's autoescape.
"""

from __future__ import annotations

import re

# Whole escape sequences go, not only the ESC before them: CSI, the string sequences (OSC, DCS, …), two-byte ones.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Control codes other than tab and line feed; bidirectional embeddings, overrides and isolates; surrogates; and the two
# that are no characters, which make an XML file (SVG, XLSX, DOCX) unreadable.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~$&]|(?<=:)/(?=/)|(?<=www)\.|@")
_LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")


def terminal(text: str) -> str:
    r"""Text without escape sequences, control codes and marks that reorder what is shown.

    Tab and line feed stay; a carriage return, which could overwrite the line, goes.

    >>> terminal("n = 60\x1b]0;owned\x07 \x1b[31mred\x1b[0m \u202eabc")
    'n = 60 red abc'
    """
    return _CONTROL.sub("", _SEQUENCE.sub("", text))


def json_in_terminal(json: str) -> str:
    r"""JSON that says the same, with what a terminal could act on (see `terminal`) written as \uXXXX.

    In JSON as we write it, these stand within strings only, where such a reference is the same character.

    >>> json_in_terminal('["café \x9b31m \u202e"]')
    '["café \\u009b31m \\u202e"]'
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def one_line(text: str) -> str:
    r"""Harmless text on a single line.

    >>> one_line("first\r\n  second\x07")
    'first second'
    """
    return terminal(_LINE_BREAK.sub(" ", text)).replace("\t", " ").strip()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula (a plain number is none).

    Rule: OWASP, "CSV Injection".

    >>> is_formula("=HYPERLINK(1)"), is_formula("-1.12 (-2.33 to 0.09)"), is_formula("-1.12")
    (True, True, False)
    """
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def spreadsheet(text: str) -> str:
    """Text for a cell of a CSV file: an apostrophe before whatever could be taken for a formula.

    >>> spreadsheet("=1+1"), spreadsheet("60")
    ("'=1+1", '60')
    """
    text = terminal(text)
    return f"'{text}" if is_formula(text) else text


def markdown(text: str) -> str:
    """Text for a cell of a Markdown table: on one line, no mark-up of its own, no link, no HTML.

    >>> markdown("a|b <b>*c*</b>")
    'a\\\\|b \\\\<b\\\\>\\\\*c\\\\*\\\\</b\\\\>'
    """
    return _MARKDOWN.sub(lambda found: "\\" + found.group(), one_line(text))
