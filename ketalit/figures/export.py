"""Pictures as files: SVG by itself; PNG and PDF through vl-convert (extra `figures`; no system library)."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..files import write_atomically
from ..telling import adds
from .picture import Picture
from .style import STYLE

_PER_INCH, _POINTS = 96.0, 72.0  # px of a page and points to the inch; the converter takes px for points
_NAMES = re.compile(r' class="[^"]*"')


def save(picture: Picture, path: Path | str, *, per_inch: float = 192.0) -> Path:
    """Write a picture as .svg, .png or .pdf, by the ending of the name, whole or not at all.

    Args:
        picture: what to write.
        path: where.
        per_inch: pixels of a PNG to the inch; 96 is the size on a screen, 300 that for print.

    Raises:
        InputError: another ending, nothing to convert with, or the file cannot be written.
    """
    path = Path(path)
    match path.suffix.lower():
        case ".svg":
            return write_atomically(path, picture.svg.encode())
        case ".png":
            return write_atomically(path, to_png(picture, per_inch=per_inch))
        case ".pdf":
            return write_atomically(path, to_pdf(picture))
    raise InputError(f"“{path.suffix}” is no kind of picture", where=str(path), expected=".svg, .png or .pdf")


def to_png(picture: Picture, *, per_inch: float = 192.0) -> bytes:
    """A picture as the bytes of a PNG file, in its light colours."""
    made: bytes = _converter().svg_to_png(plain(picture.svg), scale=_POINTS / _PER_INCH, ppi=per_inch)
    return made


def to_pdf(picture: Picture) -> bytes:
    """A picture as the bytes of a PDF file: lines stay lines, and letters letters that can be searched."""
    made: bytes = _converter().svg_to_pdf(plain(picture.svg))
    return made


def plain(svg: str) -> str:
    """SVG text with its light colours only, for programs that know no style sheets."""
    return _NAMES.sub("", svg.replace(STYLE, ""))


def _converter() -> Any:
    try:
        return import_module("vl_convert")
    except ImportError as error:
        raise InputError(
            "PNG and PDF need vl-convert, which is not installed",
            next_step=f"Save as .svg, or add it: {adds('figures')}",
        ) from error
