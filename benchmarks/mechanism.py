"""Speed of the models and of the pictures, as ratios within one run.

    python -m benchmarks.mechanism [ROUNDS]

Contestants take turns of about 20 ms; times are CPU times.
"""

from __future__ import annotations

import sys

from ketalit.models import drip_to_dorsal_horn

from . import drawing, models, pk
from .measuring import Report, in_turns, times_table

LIMIT_CHAIN = 20.0  # times the receptor protocol alone


def chain(report: Report, rounds: int) -> None:
    """Note how long it takes from drip to dorsal horn, by five kinetic models, beside the receptor protocol alone."""
    protocol = models.steps()
    spent = in_turns(
        {
            "receptor protocol": lambda: models.exact(protocol),
            "from drip to dorsal horn": lambda: drip_to_dorsal_horn("depression infusion"),
        },
        rounds,
    )
    alone, whole = spent.values()
    report.ratio("from drip to dorsal horn", "receptor protocol alone", whole, alone, LIMIT_CHAIN)
    report.say("## The whole chain", times_table(spent))


def main(rounds: int = 20) -> None:
    """Print everything, and keep it in benchmarks/results."""
    about = "\n\n".join(" ".join((one.__doc__ or "").split()) for one in (models, pk))
    report = Report("mechanism", "Speed of the models and pictures", about, ("numpy", "scipy", "matplotlib"))
    for measure in (models.measure, pk.measure, chain, drawing.measure):
        measure(report, rounds)
    report.write()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
