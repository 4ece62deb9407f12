"""The rules in words, from the rules themselves: as `ketalit rules` and docs/rules.md show them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ..errors import InputError
from .engine import Rule


def rules_about(rules: Sequence[Rule], about: str) -> tuple[Rule, ...]:
    """The rules whose name is `about` or begins with "about/"; all of them for "".

    Raises:
        InputError: no rule is called so; the message lists what there is.

    >>> from ketalit.reading import RULES
    >>> [rule.name for rule in rules_about(RULES, "crossover")]
    ['crossover/periods', 'crossover/sequences', 'crossover/washout']
    """
    found = tuple(rule for rule in rules if not about or rule.name == about or rule.name.startswith(f"{about}/"))
    if not found:
        names = sorted({_group(rule) for rule in rules})
        raise InputError(f"there are no rules about {about!r}; there are rules about {', '.join(names)}")
    return found


def as_markdown(rules: Sequence[Rule]) -> str:
    """The rules as a Markdown page, a table for each finding; a single rule is shown with its pattern.

    >>> print(as_markdown([Rule("n/people", r"\\d+ people", "60 people", "people are counted")]).splitlines()[0])
    ### n/people
    """
    if len(rules) == 1:
        return _one(rules[0])
    groups = [(name, list(group)) for name, group in groupby(sorted(rules, key=_group), _group)]
    return "\n\n".join(f"## {name}\n\n{_table(group)}" for name, group in groups) + "\n"


def _group(rule: Rule) -> str:
    return rule.name.split("/")[0]


def _table(rules: Sequence[Rule]) -> str:
    rows = [
        f"| `{rule.name}` | {_cell(rule.example)} | {_cell(_value(rule))} | {_cell(rule.reason)} | {_where(rule)} "
        f"| {rule.confidence} |"
        for rule in rules
    ]
    head = "| rule | fires in, for example | value | because | looks in | how sure |\n|---|---|---|---|---|---|"
    return "\n".join((head, *rows))


def _one(rule: Rule) -> str:
    return (
        f"### {rule.name}\n\nFires in, for example: {rule.example}\n\nValue: {_value(rule)}. Because {rule.reason}. "
        f"Looks in: {_where(rule)}. How sure: {rule.confidence}.\n\n```text\n{rule.pattern}\n```\n"
    )


def _value(rule: Rule) -> str:
    return "as read" if rule.value is None else str(rule.value)


def _where(rule: Rule) -> str:
    zones = ", ".join(zone or "places that could not be told" for zone in rule.zones) or "everywhere"
    return zones if rule.ours else f"{zones}, sentences about other studies too"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
