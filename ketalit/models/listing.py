"""Parameters as people read them: in full, in a line, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import InputError
from ..rows import did_you_mean
from .parameters import Parameter, Parameters, parameters_of

_SPREADS = {
    "sd": "SD",
    "se": "SE",
    "low": "lowest",
    "high": "highest",
    "ci95": "95 % CI",
    "between": "between people, CV",
}


def chosen(name: str = "", known: Parameters | None = None) -> tuple[Parameter, ...]:
    """The parameter called `name`, those below it, or all for "".

    Raises:
        InputError: nothing is called so.

    >>> [one.name for one in chosen("magnesium")]
    ['magnesium.half_block', 'magnesium.slope']
    """
    known = known or parameters_of()
    found = tuple(one for key, one in sorted(known.items()) if not name or key == name or key.startswith(f"{name}."))
    if not found:
        heads = {key.rsplit(".", depth)[0] for key in known for depth in range(key.count(".") + 1)}
        hint = did_you_mean(name, heads) or "; `ketalit parameters` lists them all"
        raise InputError(f"no parameter is called “{name}”{hint}")
    return found


def written(value: object) -> str:
    """A number, or numbers, as written in the declaration.

    >>> written((0.5, 2.0)), written(150000.0)
    ('0.5, 2', '150000')
    """
    if isinstance(value, tuple):
        return ", ".join(written(one) for one in value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def in_full(parameter: Parameter) -> str:
    """A parameter with its spread, preparation, standing, sources and note, line by line.

    >>> print(in_full(chosen("magnesium.slope")[0]).splitlines()[0])
    magnesium.slope = 0.062 1/mV
    """
    lines = [f"{parameter.name} = {written(parameter.value)} {parameter.unit}".rstrip()]
    lines += [
        f"  {title}: {written(getattr(parameter, field))}"
        for field, title in _SPREADS.items()
        if getattr(parameter, field) is not None
    ]
    lines += [f"  measured in: {parameter.preparation}", f"  status: {parameter.status} ({_MEANING[parameter.status]})"]
    for source in parameter.source:
        seen = f"; seen: {source.seen}" if source.seen else ""
        lines.append(f"  source: {source.citation}{seen}" + (f"\n          {source.link}" if source.link else ""))
    return "\n".join([*lines, f"  note: {parameter.note}"] if parameter.note else lines)


_MEANING = {
    "seen": "the number was read in the source",
    "secondary": "read in a work that quotes the source",
    "recalled": "from memory, not checked against the source",
    "computed": "follows from numbers that were seen",
    "assumed": "our own choice, see the note",
    "given by you": "put in place of the declared one",
}


def in_short(parameter: Parameter) -> str:
    """A parameter in a line: value, unit, status, source.

    >>> in_short(chosen("magnesium.slope")[0])
    'magnesium.slope = 0.062 1/mV (seen: JS1990)'
    """
    value = f"{parameter.name} = {written(parameter.value)} {parameter.unit}".rstrip()
    sources = ", ".join(source.key for source in parameter.source)
    return f"{value} ({parameter.status}{': ' if sources else ''}{sources})"


def as_data(parameters: Sequence[Parameter]) -> list[dict[str, Any]]:
    """Parameters as plain data, for JSON."""
    import msgspec

    return [
        msgspec.to_builtins(one)
        | {"source": [msgspec.to_builtins(source) | {"link": source.link} for source in one.source]}
        for one in parameters
    ]
