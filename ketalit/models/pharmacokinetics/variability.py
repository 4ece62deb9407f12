"""How people differ: numbers drawn for many of them from the spread that a model publishes."""

from __future__ import annotations

import zlib

import numpy as np

from ..linear import Array
from ..parameters import Parameters
from .published import PREFIX

LOGIT = "nasal_fraction_spread"  # the one number that is a standard deviation itself, on the logit scale


def spread(model: str, chosen: Parameters) -> dict[str, float]:
    """The numbers of a model that vary, with their standard deviations on the log (or logit) scale.

    A coefficient of variation c of a log-normal number is a standard deviation sqrt(ln(1 + c²)) of its logarithm.

    >>> from ketalit.models.parameters import parameters_of
    >>> {name: round(sd, 3) for name, sd in spread("flint2017", parameters_of(None)).items()}
    {'clearance': 0.387, 'norketamine_clearance': 0.856}
    """
    found = {}
    for name, one in chosen.under(f"{PREFIX}.{model}").items():
        if name == LOGIT:
            found[name] = float(np.asarray(one.value))
        elif isinstance(one.between, float) and one.between > 0:
            found[name] = float(np.sqrt(np.log1p(one.between**2)))
    return found


def draw(model: str, people: int, seed: int, chosen: Parameters) -> dict[str, Array]:
    """For each number that varies, how far each of `people` lies from the typical one: normal, correlated as published.

    The same seed gives the same people; each model has its own.
    """
    deviations = spread(model, chosen)
    names = list(deviations)
    correlation = np.eye(len(names))
    for row, name in enumerate(names):
        for other, value in (chosen[f"{PREFIX}.{model}.{name}"].correlated or {}).items():
            column = names.index(other.rsplit(".", 1)[1])
            correlation[row, column] = correlation[column, row] = value
    random = np.random.default_rng([seed, zlib.crc32(model.encode())])
    normal = random.standard_normal((people, len(names))) @ np.linalg.cholesky(correlation).T
    return {f"{PREFIX}.{model}.{name}": normal[:, number] * deviations[name] for number, name in enumerate(names)}
