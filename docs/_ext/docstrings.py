"""Our docstrings for Sphinx: Google sections in plain words, so signs that mean something to reST are made plain.

The book is built in an environment of its own (its pins do not agree with JupyterLab's); what ketalit needs is taken
from the environment named in KETALIT_SITE, after the book's own.
"""

import os
import re
import sys

for folder in filter(None, os.environ.get("KETALIT_SITE", "").split(os.pathsep)):
    sys.path.append(folder)

_CODE = re.compile(r"(`+[^`]*`+)")
_SIGN = re.compile(r"([*|\\])|(?<=\w)(_)(?=\W|$)")
_COLUMNS = re.compile(r"\S.*?\S {2,}\S")
_NAMES = re.compile(r"^(:(?:ivar|param|vartype|type) )((?:[\w*\\]+, )+)")


def plain(line):
    """A line in which no sign means anything to reST, outside `code`."""
    parts = _CODE.split(line)
    parts[::2] = [_SIGN.sub(r"\\\1\2", part) for part in parts[::2]]
    return "".join(parts)


def readable(lines):
    """Lines of a docstring for reST: signs escaped, and what is set in columns kept so."""
    example = columns = False
    for line in lines:
        example = line.lstrip().startswith(">>> ") or (example and bool(line.strip()))
        if example:
            yield line
            continue
        was, columns = columns, bool(_COLUMNS.match(line) or (columns and line.startswith("   ")))
        if columns and not was:
            yield from ["", ".. code-block:: text", ""]
        if was and not columns:
            yield ""
        yield f"   {line}" if columns else plain(line)


def _before(app, what, name, obj, options, lines):
    lines[:] = list(readable(lines))
    if what in {"property", "attribute"}:
        lines.insert(0, "")  # napoleon takes "how it is called: so" in a first line for a type


def _after(app, what, name, obj, options, lines):
    """“low, high: the ends” describes two names; Sphinx would take the first for the type of the second."""
    lines[:] = [_NAMES.sub(lambda found: found[1] + found[2].replace(", ", ",\u200b"), line) for line in lines]


def _skipped(app, what, name, obj, skip, options):
    """Fields of named tuples that Python describes by their number; the class describes them in words."""
    return True if str(getattr(obj, "__doc__", "")).startswith("Alias for field number") else None


def setup(app):
    """Run before and after napoleon, which reads the sections."""
    app.connect("autodoc-skip-member", _skipped)
    app.connect("autodoc-process-docstring", _before, priority=100)
    app.connect("autodoc-process-docstring", _after, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
