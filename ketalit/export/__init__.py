"""Write an evidence table to a file of the kind its name asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..files import write_atomically
from ..telling import adds
from .terminal import to_rich

if TYPE_CHECKING:
    from ..table import EvidenceTable

__all__ = ["SUFFIXES", "caution", "export", "render", "to_rich"]

# What a Word file of very many studies comes to, measured on 1,000 of them in the design view (18,000 cells): 278 pages
# in LibreOffice 7, 0.68 million letters. Its limit: Microsoft, "Operating Parameter Limitations", article Q168804.
_MANY_FOR_WORD = 500  # studies
_ON_A_PAGE, _LETTERS_OF_A_CELL, _MOST_FOR_WORD = 65, 38, 32e6

# Libraries that are extras: what needs them, under which name they are installed, and the extra that brings them.
_EXTRAS = {"docx": ("Word", "python-docx", "word"), "pyarrow": ("Parquet", "pyarrow", "parquet")}


def _module(name: str) -> Any:
    """A writer, loaded when it is asked for."""
    return import_module(f".{name}", __name__)


# What each kind of file consists of: name of the file beside the one asked for (or that one itself), and its content.
_WRITERS: Mapping[str, Callable[[EvidenceTable, Path], Mapping[Path, bytes]]] = {
    ".html": lambda table, path: {path: _module("html").render(table).encode()},
    ".xlsx": lambda table, path: {path: _module("xlsx").render(table)},
    ".csv": lambda table, path: {
        path.with_name(f"{path.stem}.sources.csv"): _module("csv").sources_csv(table),
        path: _module("csv").values_csv(table),
    },
    ".md": lambda table, path: {path: _module("markdown").render(table).encode()},
    ".docx": lambda table, path: {path: _module("word").render(table)},
    ".tex": lambda table, path: {path: _module("latex").render(table).encode()},
    ".parquet": lambda table, path: {
        path.with_name(f"{path.stem}.sources.parquet"): _module("parquet").sources_parquet(table),
        path: _module("parquet").values_parquet(table),
    },
    ".ris": lambda table, path: {path: _module("references").to_ris(table.records).encode()},
    ".nbib": lambda table, path: {path: _module("nbib").to_nbib(table.records).encode()},
    ".bib": lambda table, path: {path: _module("references").to_bibtex(table.records).encode()},
    ".json": lambda table, path: {path: _module("references").to_csl_json(table.records).encode()},
}
SUFFIXES = tuple(_WRITERS)


def export(table: EvidenceTable, path: Path | str) -> tuple[Path, ...]:
    """Write a table (or its references) to a file; the suffix of the name says as what.

    .html a page to sort and filter, .xlsx a workbook, .csv values with a second file of sources, .md Markdown,
    .docx Word, .tex LaTeX, .parquet Parquet (values, and a second file of sources); .ris, .nbib, .bib, .json (CSL-JSON)
    the references of the reports in the table.

    Returns:
        The files written, the one asked for first.

    Raises:
        InputError: an unknown suffix, no such folder, a file that cannot be written, or a library missing (python-docx,
            pyarrow).

    >>> import tempfile
    >>> from ketalit import evidence_table, load_review
    >>> folder = Path(tempfile.mkdtemp())
    >>> [path.name for path in export(evidence_table(load_review()), folder / "evidence.csv")]
    ['evidence.csv', 'evidence.sources.csv']
    """
    path = Path(path)
    files = render(table, path)
    for target, content in files.items():
        write_atomically(target, content)
    return tuple(sorted(files, key=lambda target: target != path))


def caution(table: EvidenceTable, path: Path | str) -> str:
    """What to know before a table is written to a file of this kind; empty: nothing.

    Of thousands of studies Word makes pages that nobody turns, until it cannot open the file at all.

    >>> from ketalit import evidence_table
    >>> caution(evidence_table(), "table.docx")
    ''
    """
    if Path(path).suffix.lower() != ".docx" or len(table) <= _MANY_FOR_WORD:
        return ""
    cells = len(table) * len(table.fields)
    said = f"{path}: {len(table):,} studies make a Word file of some {round(cells / _ON_A_PAGE, -1):,.0f} pages"
    if (letters := cells * _LETTERS_OF_A_CELL) > _MOST_FOR_WORD:
        said += f" and {letters / 1e6:.0f} MB of text; Word opens no more than {_MOST_FOR_WORD / 1e6:.0f} MB"
    else:
        said += ", which Word is slow to open"
    return f"{said}. Fewer studies (--where) or --columns make it shorter; .xlsx, .html and .csv hold them all."


def render(table: EvidenceTable, path: Path) -> Mapping[Path, bytes]:
    """What `export` would write, by file; nothing is written.

    Raises:
        InputError: an unknown suffix, or a library missing.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        near = get_close_matches(path.suffix.lower(), SUFFIXES, n=1)
        raise InputError(
            f"“{path.suffix or path.name}” is no kind of file this can write",
            where=str(path),
            expected=f"a name ending in one of: {' '.join(SUFFIXES)}",
            next_step=f"Did you mean “{near[0]}”?" if near else "",
        )
    try:
        return writer(table, path)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        what, library, extra = _EXTRAS[error.name]
        raise InputError(f"{what} files need {library}", next_step=adds(extra)) from error
