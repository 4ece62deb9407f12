"""The pages of this package, filled: each is one file that needs nothing else and runs nothing.

base.html, base.css                 what every page has
audit.html, claims.html, map.html, refresh.html, table.html   the pages; each with its own style beside it
large.html, large.js                table.html, where a table has very many rows
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from .. import __version__
from ..escaping import terminal

_LABEL = re.compile(r"DailyMed ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")  # its “set id”
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def render(template: str, **values: Any) -> str:
    """A page from a template. Equal values give equal pages; text is escaped, `markupsafe.Markup` is not.

    Args:
        template: name of a file of this folder.
        values: what the template asks for; the version of the package is added, and a policy that forbids scripts.

    Raises:
        jinja2.UndefinedError: the template asks for a value that is not given.

    >>> page = render("claims.html", title="<b>", counts="", topics=[], tones={}, no_advice="", unverified="")
    >>> "<title>&lt;b&gt;</title>" in page
    True
    """
    given = {"policy": POLICY, "version": __version__, **values}
    page: str = _environment().get_template(template).render(given)
    return page


def macros(name: str, *called: str) -> tuple[Callable[..., str], ...]:
    """Macros of a file of this folder, by their names; what they write is escaped."""
    module = _environment().get_template(name).module
    return tuple(getattr(module, one) for one in called)


def source(name: str) -> str:
    """The text of a file of this folder, as it stands."""
    text: str = _environment().loader.get_source(_environment(), name)[0]
    return text


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ketalit"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = _linked
    return environment


def _harmless(value: object) -> object:
    """Text without control codes and reordering marks; markup of our own passes."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else terminal(value)


def _linked(text: str) -> Markup:
    """A text in which the number of a drug label leads to it.

    >>> str(_linked("<b> DailyMed 46dab560-8ecd-4d92-8c92-6baa2310b09b"))[:72]
    '&lt;b&gt; <a href="https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?se'
    """
    link = r'<a href="https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=\1" rel="noreferrer">DailyMed \1</a>'
    return Markup(_LABEL.sub(link, str(escape(terminal(text)))))
