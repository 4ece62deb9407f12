"""What papers published and the models have to bring out, in one list; a test and a page of docs/ are made from it.

fact.py               what a fact is, and how it is judged
sources.py            the works that facts come from
receptor.py           N: magnesium and gating, K: block
pharmacokinetics.py   P, with the numbers worked out in kinetics.py
response.py           D
windup.py             W
page.py               docs/mechanism-facts.md

An id with + is beyond the list (`published_facts` in the shared `model_parameters.json`), looked for so that the models
are not tuned to the list; it may come out wrong.
"""

from . import pharmacokinetics, receptor, response, windup
from .fact import Fact, Verdict

FACTS: tuple[Fact, ...] = (*receptor.FACTS, *pharmacokinetics.FACTS, *response.FACTS, *windup.FACTS)

__all__ = ["FACTS", "Fact", "Verdict"]
