"""Pictures on a page of HTML: one file, no script, no network; laid out for wide windows and for narrow ones."""

from __future__ import annotations

from collections.abc import Iterable

from .picture import Picture
from .style import FONT, INKS
from .text import attribute

WIDE, NARROW = 760.0, 340.0  # px

_VARIABLES = [f"--ground:{INKS['ground'][at]};--ink:{INKS['ink'][at]};--muted:{INKS['muted'][at]}" for at in (0, 1)]
_STYLE = (
    f":root{{color-scheme:light dark;{_VARIABLES[0]}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_VARIABLES[1]}}}}}"
    f"body{{margin:0 auto;padding:1rem;max-width:{WIDE:.0f}px;font:16px/1.5 {FONT};"
    "color:var(--ink);background:var(--ground)}"
    "h1{font-size:1.5rem;line-height:1.25}figure{margin:2rem -14px;break-inside:avoid}figure svg{display:block}"
    "details{color:var(--muted);font-size:.9rem;margin:.3rem 14px}summary{cursor:pointer}"
    ".narrow{display:none}"
    f"@media screen and (max-width:{WIDE + 30:.0f}px){{.wide{{display:none}}.narrow{{display:block}}}}"
)


def page(pictures: Iterable[Picture], *, title: str, introduction: str = "") -> str:
    """An HTML page of pictures.

    Args:
        pictures: in order.
        title: of the page.
        introduction: a paragraph before them.

    >>> from ketalit.figures import Panel, Points, draw
    >>> shown = page([draw(Panel([Points([1], [2])]), title="A point", description="One.")], title="Points")
    >>> shown.count("<svg"), "<script" in shown
    (2, False)
    """
    figures = "".join(
        f'<figure><div class="wide">{one.at(WIDE).svg}</div><div class="narrow">{one.at(NARROW).svg}</div>'
        f"<details><summary>The picture in words</summary>{attribute(one.description)}</details></figure>"
        for one in pictures
    )
    words = f"<p>{attribute(introduction)}</p>" if introduction else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{attribute(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{attribute(title)}</h1>{words}{figures}</body></html>"
    )
