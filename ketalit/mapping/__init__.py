"""The evidence map: which conditions were studied by which route and for how long, and where nobody has looked.

groups.py     the closed lists of rows and columns
rules.py      which words put a study where, with the reason
regimen.py    given once or repeatedly; followed for how long
build.py      the map: every study placed, cells counted, gaps counted
wording.py    what all renderings say
picture.py    as dots
terminal.py, html.py, files.py   the other renderings

>>> from ketalit.review import load_review
>>> evidence_map(load_review()).gaps("route").cells
64
"""

from .build import EvidenceMap, Gaps, evidence_map
from .files import SUFFIXES, export
from .groups import Condition, Route, Window
from .picture import picture
from .rules import CONDITIONS, ROUTES, Rule

__all__ = [
    "CONDITIONS",
    "ROUTES",
    "SUFFIXES",
    "Condition",
    "EvidenceMap",
    "Gaps",
    "Route",
    "Rule",
    "Window",
    "evidence_map",
    "export",
    "picture",
]
