"""Make the reference curves: run the model in every condition and write the spikes per stimulus as CSV.

python -m ketalit.models.windup.aguiar --to curves.csv [--only 1Hz NMDA_x0p9]
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

from ....files import write_atomically
from .conditions import conditions
from .model import run

COLUMNS = (
    "condition",
    "frequency_hz",
    "site",
    "fraction",
    "step_ms",
    "changed",
    "stimulus",
    "spikes",
    "interneurone_spikes",
)


def main(arguments: list[str] | None = None) -> None:
    """Run the conditions asked for, one line to standard error each, and write the table."""
    known = conditions()
    parser = argparse.ArgumentParser(description="Run the dorsal-horn model of Aguiar and colleagues (2010).")
    parser.add_argument("--to", type=Path, required=True, help="the CSV file to write")
    parser.add_argument("--only", nargs="+", choices=list(known), default=list(known), help="conditions")
    parser.add_argument("--step", type=float, help="fixed time step in ms instead of the variable-step solver")
    parser.add_argument("--noise", action="store_true", help="random background input to the soma")
    given = parser.parse_args(arguments)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for name in given.only:
        one = known[name]
        done = run(
            one.fraction,
            site=one.site,
            frequency=one.frequency,
            noise=given.noise,
            step=given.step,
            parameters=one.parameters,
        )
        print(f"{name}: {' '.join(map(str, done.spikes))}", file=sys.stderr)
        for stimulus, (spikes, relayed) in enumerate(zip(done.spikes, done.interneurone, strict=True), 1):
            what = (name, f"{one.frequency:g}", one.site, f"{one.fraction:g}", given.step or "", one.changed)
            table.writerow((*what, stimulus, spikes, relayed))
    write_atomically(given.to, text.getvalue().encode())


if __name__ == "__main__":
    main()
