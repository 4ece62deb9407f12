"""Spikes per stimulus that the dorsal-horn model of Aguiar and colleagues (2010) gives, run beforehand.

`reference_curves.csv` was made by `python -m ketalit.models.windup.aguiar` (our rebuilt model, variable-step solver),
`fixed_step_runs.csv` by the same with `--step 0.025`; `authors_runs.csv` holds runs of the authors' own files at fixed
steps, to compare with. None of them is a measurement.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..edge import one_of

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One train of stimuli.

    Attributes:
        condition: name of the condition.
        frequency: stimuli per second (Hz).
        site: where NMDA receptors are blocked, "everywhere" or "wdr".
        fraction: NMDA conductance left.
        spikes: (stimuli,) action potentials of the C-phase, later than 100 ms after the stimulus.
        interneurone: (stimuli,) action potentials of the interneurone; None where they were not counted.
        step_ms: fixed step of the solver; None: it chose its steps.
        changed: what else differs from the published model, "" for nothing.
    """

    condition: str
    frequency: float
    site: str
    fraction: float
    spikes: npt.NDArray[np.int64]
    interneurone: npt.NDArray[np.int64] | None
    step_ms: float | None
    changed: str

    @property
    def growth(self) -> int:
        """Spikes of the last response more than of the first: wind-up."""
        return int(self.spikes[-1] - self.spikes[0])


@cache
def reference_curves() -> tuple[Curve, ...]:
    """All curves of the rebuilt model.

    Returns:
        One for each condition; spikes (stimuli,) are whole numbers.

    Source: the model of Aguiar, Sousa and Lima 2010 (ModelDB 128559), rebuilt.

    >>> print(reference_curve("1Hz").spikes)
    [ 4  6  6  6  6  6  7  9 10 10 11 11 12 12 12]
    """
    return _read("reference_curves.csv")


@cache
def authors_runs() -> tuple[Curve, ...]:
    """Runs of the authors' own files, at fixed steps of 0.0125 (as published), 0.025 and 0.05 ms.

    Returns:
        One for each condition and step.

    Source: files of Aguiar, Sousa and Lima 2010 (ModelDB 128559).

    >>> sorted({curve.step_ms for curve in authors_runs()})
    [0.0125, 0.025, 0.05]
    """
    return _read("authors_runs.csv")


@cache
def fixed_step_runs() -> tuple[Curve, ...]:
    """The rebuilt model at a fixed step of 0.025 ms, in the conditions of the authors' runs: a check that it is theirs.

    Returns:
        One for each condition.

    Source: the model of Aguiar, Sousa and Lima 2010, rebuilt.

    >>> import numpy as np
    >>> theirs = {curve.condition: curve.spikes for curve in authors_runs() if curve.step_ms == 0.025}
    >>> max(int(np.abs(ours.spikes - theirs[ours.condition]).max()) for ours in fixed_step_runs())
    2
    """
    return _read("fixed_step_runs.csv")


def reference_curve(condition: str) -> Curve:
    """One curve of the rebuilt model by its name.

    Args:
        condition: "1Hz", "nmda_everywhere_0.9", "nmda_wdr_0.5" and so on, as in `reference_curves`.

    Returns:
        The curve; spikes (stimuli,).

    Raises:
        InputError: there is no such condition.

    Source: as of `reference_curves`.

    >>> reference_curve("1Hz").spikes
    array([ 4,  6,  6,  6,  6,  6,  7,  9, 10, 10, 11, 11, 12, 12, 12])
    """
    known = {curve.condition: curve for curve in reference_curves()}
    return known[one_of(condition, known, "reference curve")]


def _read(name: str) -> tuple[Curve, ...]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    curves = []
    for condition, several in groupby(rows, key=lambda row: row["condition"]):
        train = list(several)
        head = train[0]
        relayed = [row.get("interneurone_spikes") for row in train]
        curves.append(
            Curve(
                condition=condition,
                frequency=float(head["frequency_hz"]),
                site=head["site"],
                fraction=float(head["fraction"]),
                spikes=np.array([int(row["spikes"]) for row in train]),
                interneurone=np.array([int(one) for one in relayed if one]) if all(relayed) else None,
                step_ms=float(head["step_ms"]) if head.get("step_ms") else None,
                changed=head.get("changed", ""),
            )
        )
    return tuple(curves)
