"""Every number of the models, with its unit, source and standing: load, look up, override.

A parameter is declared once, in `parameters.toml`; the models hold no numbers of their own.

>>> magnesium = parameters_of(None)["magnesium.half_block"]
>>> magnesium.value, magnesium.unit, magnesium.status.value
(3.57, 'mM', 'seen')
>>> magnesium.source[0].link
'https://pubmed.ncbi.nlm.nih.gov/1697902/'
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..rows import did_you_mean
from .quantity import magnitude

DECLARED = Path(__file__).parent / "parameters.toml"

Value = float | tuple[float, ...]
Override = float | str | Sequence[float] | Sequence[str]
Overrides = Mapping[str, Override]


class Status(StrEnum):
    """How well a number is known."""

    SEEN = "seen"  # read in the source named
    SECONDARY = "secondary"  # read in another work that quotes the source
    RECALLED = "recalled"  # written from memory, not yet read anywhere
    COMPUTED = "computed"  # worked out from other numbers, as the note says
    ASSUMED = "assumed"  # our own choice, as the note says
    GIVEN = "given by you"  # put in place of a declared one


@dataclass(frozen=True, slots=True)
class Source:
    """A work that a number was taken from; `seen` says what of it was read."""

    key: str
    citation: str
    pmid: str = ""
    pmcid: str = ""
    doi: str = ""
    url: str = ""
    seen: str = ""

    @property
    def link(self) -> str:
        """Where to read it: PubMed, PMC, DOI or the address given, whichever is known first; else empty."""
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.pmcid:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/"
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared number, or a list of numbers of one kind.

    Attributes:
        name: dotted name, e.g. "magnesium.half_block".
        value: the number, in `unit`; a tuple where the declaration holds a list.
        unit: as pint reads it; "" for a pure number.
        preparation: species, preparation and temperature, or "not stated".
        source: the works it comes from.
        status: how well it is known.
        note: what else a reader should know.
        sd, se, low, high, ci95: spread as the source gives it, in `unit`.
        between: variability between people as a coefficient of variation, log-normal.
        correlated: correlation of that variability with other parameters', by name.
    """

    name: str
    value: Value
    unit: str
    preparation: str
    source: tuple[Source, ...]
    status: Status
    note: str = ""
    sd: Value | None = None
    se: Value | None = None
    low: Value | None = None
    high: Value | None = None
    ci95: tuple[float, ...] | None = None
    between: Value | None = None
    correlated: Mapping[str, float] | None = None


class Parameters(Mapping[str, Parameter]):
    """All parameters by name; immutable.

    >>> chosen = parameters_of({"magnesium.half_block": "400 µM"})
    >>> chosen.value("magnesium.half_block"), chosen["magnesium.half_block"].status.value
    (0.4, 'given by you')
    """

    __slots__ = ("_known", "_numbers")

    def __init__(self, known: Mapping[str, Parameter]):
        self._known = dict(known)
        self._numbers: dict[str, dict[str, Any]] = {}  # what `numbers` was asked for; models ask again and again

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._known[name]
        except KeyError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"Parameters({len(self)} numbers)"

    def value(self, name: str) -> Any:
        """The number (float) or numbers (tuple of floats) called `name`, in the declared unit.

        Raises:
            InputError: no parameter is called so.

        >>> parameters_of(None).value("magnesium.slope")
        0.062
        """
        return self._named(name).value

    def array(self, name: str) -> npt.NDArray[np.float64]:
        """The numbers called `name` as an array, in the declared unit.

        >>> parameters_of(None).array("magnesium.slope")
        array([0.062])
        """
        return np.atleast_1d(np.asarray(self._named(name).value, dtype=float))

    def under(self, prefix: str) -> dict[str, Parameter]:
        """The parameters whose dotted names lie below `prefix`, keyed by the rest of the name.

        >>> sorted(parameters_of(None).under("magnesium"))[:2]
        ['half_block', 'slope']
        """
        head = prefix.rstrip(".") + "."
        found = {name[len(head) :]: one for name, one in self._known.items() if name.startswith(head)}
        if not found:
            heads = {name.rsplit(".", depth)[0] for name in self._known for depth in range(1, name.count(".") + 1)}
            raise InputError(f"no parameter lies below “{prefix}”{did_you_mean(prefix, heads)}")
        return found

    def numbers(self, prefix: str) -> dict[str, Any]:
        """The values of the parameters below `prefix`, keyed by the rest of the name.

        >>> parameters_of(None).numbers("magnesium")
        {'half_block': 3.57, 'slope': 0.062}
        """
        if prefix not in self._numbers:
            self._numbers[prefix] = {name: one.value for name, one in self.under(prefix).items()}
        return dict(self._numbers[prefix])

    def replaced(self, overrides: Overrides) -> Parameters:
        """A copy with some numbers put in place of the declared ones.

        Args:
            overrides: for each name a number in the declared unit, text with a unit ("0.4 mM"), or as many of them as
                the declaration holds.

        Raises:
            InputError: the name is unknown, or what is given is no finite number of that kind.

        >>> parameters_of(None).replaced({"magnesium.half_blok": 4})
        Traceback (most recent call last):
        ketalit.errors.InputError: no parameter is called “magnesium.half_blok”, did you mean “magnesium.half_block”?
        """
        pairs: object = overrides  # a caller without a type checker may hand over anything
        if not isinstance(pairs, Mapping):
            expected = 'names with numbers, such as {"magnesium.half_block": 4}'
            raise InputError(f"{pairs!r} is given", where="parameters", expected=expected)
        if not overrides:
            return self
        known = dict(self._known)
        for name, given in overrides.items():
            declared = self._named(name)
            known[name] = replace(
                declared,
                value=_overriding(declared, given),
                status=Status.GIVEN,
                source=(),
                sd=None,
                se=None,
                low=None,
                high=None,
                ci95=None,
            )
        return Parameters(known)

    def _named(self, name: str) -> Parameter:
        try:
            return self._known[name]
        except KeyError:
            hint = did_you_mean(name, self._known) if isinstance(name, str) else ""
            raise InputError(f"no parameter is called “{name}”{hint}") from None


def parameters_of(overrides: Overrides | Parameters | None = None) -> Parameters:
    """The declared parameters, or a copy with `overrides` in place of some.

    Args:
        overrides: none; a mapping of names to numbers in the declared unit or text with a unit; or parameters made
            before, which come back as they are.

    Returns:
        All numbers, by name.

    Raises:
        InputError: an unknown name, or something that is no number of that kind.

    >>> parameters_of(None) is parameters_of(None)
    True
    """
    if isinstance(overrides, Parameters):
        return overrides
    return _declared().replaced(overrides) if overrides is not None else _declared()


parameters = parameters_of


@cache
def _declared() -> Parameters:
    return load(DECLARED)


def load(path: Path) -> Parameters:
    """Read declarations of parameters and sources from a TOML file.

    Args:
        path: of the file.

    Returns:
        All its numbers, by name.

    Raises:
        InputError: the file is no TOML (a name declared twice is none), or a declaration lacks its unit, preparation,
            source or status.

    >>> load(DECLARED).value("magnesium.slope")
    0.062
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is not TOML: {error}", where=path.name) from error
    sources = {key: _source(key, fields, path) for key, fields in tree.pop("sources", {}).items()}
    return Parameters({name: _parameter(name, fields, sources, path) for name, fields in _leaves(tree, path)})


def _leaves(tree: Mapping[str, Any], path: Path, prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table that holds a value, with its dotted name."""
    for key, below in tree.items():
        if not isinstance(below, dict):
            what = f"“{prefix}{key}” stands outside a parameter"
            raise InputError(what, where=path.name, expected="a table with `value`")
        if "value" in below:
            yield prefix + key, below
        else:
            yield from _leaves(below, path, f"{prefix}{key}.")


def _source(key: str, fields: Mapping[str, Any], path: Path) -> Source:
    unknown = set(fields) - set(Source.__slots__)
    if unknown or not fields.get("citation"):
        expected = "citation, and any of pmid, pmcid, doi, url, seen"
        raise InputError(f"source “{key}” holds {', '.join(sorted(fields))}", where=path.name, expected=expected)
    return Source(key, **fields)


def _parameter(name: str, fields: Mapping[str, Any], sources: Mapping[str, Source], path: Path) -> Parameter:
    where = f"{path.name}, {name}"
    missing = [key for key in ("unit", "preparation", "source", "status") if key not in fields]
    if missing:
        raise InputError(f"has no {', '.join(missing)}", where=where)
    unknown = set(fields) - set(Parameter.__slots__)
    if unknown:
        raise InputError(f"has a field “{min(unknown)}”{did_you_mean(min(unknown), Parameter.__slots__)}", where=where)
    for key in fields["source"]:
        if key not in sources:
            raise InputError(
                f"names the source “{key}”, which is not declared{did_you_mean(key, sources)}", where=where
            )
    if fields["status"] not in set(Status) - {Status.GIVEN}:
        expected = ", ".join(status for status in Status if status is not Status.GIVEN)
        raise InputError(f"has the status “{fields['status']}”", where=where, expected=expected)
    if not fields["source"] and not fields.get("note"):
        raise InputError("has neither source nor note", where=where, expected="where the number comes from")
    numbers = {key: _numbers(fields[key], where) for key in _NUMBERS if key in fields}
    rest = {key: fields[key] for key in ("unit", "preparation", "note", "correlated") if key in fields}
    found = tuple(sources[key] for key in fields["source"])
    return Parameter(name=name, source=found, status=Status(fields["status"]), **numbers, **rest)


_NUMBERS = ("value", "sd", "se", "low", "high", "ci95", "between")


def _numbers(written: Any, where: str) -> Any:
    """A number as float, a list of numbers as a tuple of floats."""
    if isinstance(written, list) and written:
        return tuple(_numbers(one, where) for one in written)
    if isinstance(written, bool) or not isinstance(written, int | float) or not math.isfinite(written):
        raise InputError(f"{written!r} is no number", where=where)
    return float(written)


def _overriding(declared: Parameter, given: Override) -> Value:
    if isinstance(declared.value, tuple):
        if isinstance(given, str) or not isinstance(given, Sequence | np.ndarray) or len(given) != len(declared.value):
            raise InputError(f"{given!r} is given", where=declared.name, expected=f"{len(declared.value)} numbers")
        return tuple(_possible(magnitude(one, declared.unit, where=declared.name), declared.name) for one in given)
    return _possible(magnitude(given, declared.unit, where=declared.name), declared.name)


# What stands under a fraction line or in a logarithm, and what is a share of something, whoever puts it there.
_ABOVE_ZERO = re.compile(
    r"half_(block|effect|activation)|molar_mass|c50|_reference$|^(targets|enantiomer|unbound)\.|\.(trapped|hill)$"
    r"|electrical_distance|thermal_voltage|reference_weight|excised_potency|^(pulse|trapping)\.|linear\.scale"
)
_SHARES = re.compile(r"\.(trapped|electrical_distance|full_effect|peak_open_probability|responders\w*)$|^unbound\.")
_VOLTS = re.compile(r"magnesium_reference$")


def _possible(number: float, name: str) -> float:
    """The number, after a look that it can be one of its kind."""
    share = bool(_SHARES.search(name))
    if _ABOVE_ZERO.search(name) and not _VOLTS.search(name) and number <= 0:
        raise InputError(f"{number:g} is not above zero", where=name, expected="a number above zero")
    if share and not 0 <= number <= 1:
        raise InputError(f"{number:g} is no share", where=name, expected="a number from 0 to 1")
    return number
