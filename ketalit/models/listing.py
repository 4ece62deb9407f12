"""What the models are made of, as people read it: numbers, and what can be chosen by name.

>>> one = cited("magnesium.half_block")
>>> one.text, one.status, one.url
('3.57 mM', 'seen', 'https://pubmed.ncbi.nlm.nih.gov/1697902/')
>>> len(presets()), len(kinetic_models()), len(targets())
(20, 6, 28)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..errors import InputError
from ..rows import did_you_mean
from .edge import one_of
from .parameters import Overrides, Parameter, Parameters, Source, Status, Value, parameters_of

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

    Args:
        name: of a number, or the part before a dot.
        known: parameters to look in; none: those declared.

    Returns:
        In the order of their names.

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


@dataclass(frozen=True, slots=True)
class Cited:
    """One number with all that a reader needs to weigh it.

    Attributes:
        name: dotted name.
        value: the number in use, in `unit`; a tuple where the declaration holds a list.
        unit: "" for a pure number.
        text: value and unit as written, e.g. "3.57 mM".
        source: citations of the works that the declared number comes from; "" where there is none.
        url: where to read the first of them; "" where that is not known.
        status: how well the number in use is known, and `meaning`: that in words.
        preparation: species, preparation and temperature of the declared number.
        note: what else is declared of it; for a number that was put in, what is declared instead.
        given: whether the number was put in place of the declared one.
    """

    name: str
    value: Value
    unit: str
    text: str
    source: str
    url: str
    status: str
    meaning: str
    preparation: str
    note: str
    given: bool


def cited(name: str, *, parameters: Overrides | Parameters | None = None) -> Cited:
    """One number and where it comes from, for a panel or a caption.

    Args:
        name: of a declared number, e.g. "magnesium.half_block".
        parameters: numbers in place of declared ones; source and link stay those of the declared number.

    Returns:
        Number, unit, citations, link and standing.

    Raises:
        InputError: no parameter is called so.

    >>> cited("magnesium.slope").text, cited("magnesium.slope").source
    ('0.062 1/mV', 'Jahr CE, Stevens CF. J Neurosci 1990;10(9):3178-82')
    >>> own = cited("magnesium.slope", parameters={"magnesium.slope": 0.05})
    >>> own.text, own.status, own.note
    ('0.05 1/mV', 'given by you', 'declared: 0.062 1/mV (seen: JS1990)')
    """
    used = parameters_of(parameters)
    used.value(name)  # a name that is not known is told here
    one, declared = used[name], parameters_of().get(name, used[name])
    given = one.status is Status.GIVEN
    return Cited(
        name,
        one.value,
        one.unit,
        f"{written(one.value)} {one.unit}".rstrip(),
        *_works(declared.source),
        str(one.status),
        _MEANING[one.status],
        declared.preparation,
        f"declared: {in_short(declared).partition(' = ')[2]}" if given else declared.note,
        given,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that can be chosen by name.

    Attributes:
        name: to be handed to a function.
        what: what it is, in a line.
        source: who published it.
        status: how well its numbers are known, the least certain of them.
        url: where to read the first source; "" where that is not known.
        note: what else a reader should know.
    """

    name: str
    what: str
    source: str
    status: str
    url: str = ""
    note: str = ""


def presets() -> tuple[Listed, ...]:
    """The schedules that `pharmacokinetics.concentrations` knows by name; `source` is who gave or wrote each.

    Returns:
        In the order of `PRESETS`.

    >>> one = presets()[0]
    >>> one.name, one.what, one.status
    ('depression infusion', '0.5 mg/kg, racemic over 40 min, intravenous', 'seen')
    """
    from .pharmacokinetics import PRESETS

    return tuple(
        Listed(one.name, _first_and_more(one.schedule), one.source, str(one.status), note=one.note)
        for one in PRESETS.values()
    )


def kinetic_models(*, parameters: Overrides | Parameters | None = None) -> tuple[Listed, ...]:
    """The published kinetic models: form, people and routes of each.

    Args:
        parameters: numbers in place of declared ones; they change the status.

    Returns:
        In the order of `MODELS`.

    >>> one = kinetic_models()[0]
    >>> one.name, one.what.partition(";")[0], one.status
    ('domino1984', 'Domino 1984: racemic ketamine', 'secondary')
    """
    from .pharmacokinetics.published import MODELS, PREFIX

    used = parameters_of(parameters)
    rows = []
    for one in MODELS.values():
        drug = f"{one.form}-ketamine" if len(one.form) == 1 else f"{one.form} ketamine"
        what = f"{one.label}: {drug}; {one.people}; blood sampled: {one.sampling}; {', '.join(sorted(one.routes))}"
        numbers = used.under(f"{PREFIX}.{one.key}").values()
        rows.append(_of_numbers(one.key, what, numbers, "; ".join(one.notes)))
    return tuple(rows)


def targets(*, parameters: Overrides | Parameters | None = None) -> tuple[Listed, ...]:
    """The targets that `targets.at_site` knows by name: what was measured, and the constants in µM.

    Args:
        parameters: numbers in place of declared ones; they change constants and status.

    Returns:
        In the order of `SITES`.

    >>> one = next(one for one in targets() if one.name == "opioid_mu")
    >>> one.what, one.status
    ('µ-opioid receptor: Ki, binding, 27 to 41.7 µM', 'secondary')
    """
    from .targets import SITES

    used = parameters_of(parameters)
    rows = []
    for one in SITES:
        ends = sorted({float(value) for name in one.constants for value in used.array(name)})
        constant = " to ".join(written(end) for end in dict.fromkeys((ends[0], ends[-1])))
        substance = "" if one.substance == "ketamine" else f", {one.substance}"
        what = f"{one.label}{substance}: {one.measure}, {constant} µM"
        rows.append(_of_numbers(one.name, what, [used[name] for name in one.constants], f"{one.lean}: {one.why}"))
    return tuple(rows)


def named(rows: Sequence[Listed], name: str = "") -> tuple[Listed, ...]:
    """The row called `name`, or all for "".

    Raises:
        InputError: nothing is called so.

    >>> [one.name for one in named(kinetic_models(), "otto2021")]
    ['otto2021']
    """
    if name:
        one_of(name, [one.name for one in rows], "row of this list")
    return tuple(one for one in rows if name in {"", one.name})


def row_in_full(row: Listed) -> str:
    """A row of a list with its note, line by line.

    >>> from ketalit.models.listing import Listed
    >>> print(row_in_full(Listed("a", "what it is", "Somebody 2020", "seen")))
    a = what it is
      status: seen (the number was read in the source)
      source: Somebody 2020
    """
    lines = [f"{row.name} = {row.what}", f"  status: {row.status} ({_MEANING[row.status]})"]
    lines += [f"  source: {row.source}"] if row.source else []
    lines += [f"          {row.url}"] if row.url else []
    return "\n".join([*lines, f"  note: {row.note}"] if row.note else lines)


def one_line(row: Listed) -> str:
    """A row of a list in a line.

    >>> from ketalit.models.listing import Listed
    >>> one_line(Listed("a", "what it is", "Somebody 2020", "seen"))
    'a = what it is (seen: Somebody 2020)'
    """
    return f"{row.name} = {row.what} ({row.status}{': ' if row.source else ''}{row.source})"


def as_rows(listed: Iterable[Listed]) -> list[dict[str, str]]:
    """Rows as plain data, for a table or JSON.

    >>> as_rows(presets())[0]["name"]
    'depression infusion'
    """
    return [asdict(one) for one in listed]


def _first_and_more(schedule: Sequence[object]) -> str:
    more = f", and {len(schedule) - 1} more" if len(schedule) > 1 else ""
    return f"{schedule[0]}{more}"


def _of_numbers(name: str, what: str, numbers: Iterable[Parameter], note: str = "") -> Listed:
    """A row whose standing is that of the least certain of its numbers."""
    known = list(numbers)
    source, url = _works(dict.fromkeys(source for one in known for source in one.source))
    standing = list(Status)
    return Listed(name, what, source, str(max((one.status for one in known), key=standing.index)), url, note)


def _works(sources: Iterable[Source]) -> tuple[str, str]:
    """Citations, and where to read the first of them that can be opened."""
    works = list(sources)
    return "; ".join(one.citation for one in works), next((one.link for one in works if one.link), "")


def as_data(parameters: Sequence[Parameter]) -> list[dict[str, Any]]:
    """Parameters as plain data, for JSON.

    Args:
        parameters: as of `chosen`.

    Returns:
        A dictionary each, its sources with their links.

    >>> as_data(chosen("magnesium.slope"))[0]["source"][0]["link"]
    'https://pubmed.ncbi.nlm.nih.gov/1697902/'
    """
    import msgspec

    return [
        msgspec.to_builtins(one)
        | {"source": [msgspec.to_builtins(source) | {"link": source.link} for source in one.source]}
        for one in parameters
    ]
