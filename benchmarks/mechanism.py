"""Speed of the models and of the pictures, as ratios within one run (`python -m benchmarks.mechanism`)."""

from __future__ import annotations

import platform
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from ketalit.models import drip_to_dorsal_horn

from . import drawing, models, pk

RESULTS = Path(__file__).parent / "results" / "mechanism.md"
CHAIN_LIMIT = 20.0  # times the receptor protocol alone
ROUNDS = 30


def chain() -> None:
    """From drip to dorsal horn, five kinetic models, against the receptor protocol alone."""
    protocol = models.steps()
    alone, whole = (
        models.least_ms(lambda: models.exact(protocol), ROUNDS),
        models.least_ms(lambda: drip_to_dorsal_horn("depression infusion"), ROUNDS),
    )
    print(
        f"receptor protocol {alone:.2f} ms, from drip to dorsal horn {whole:.2f} ms: {whole / alone:.1f} times as long"
    )
    print(f"At most {CHAIN_LIMIT:g} times: {'yes' if whole <= CHAIN_LIMIT * alone else 'NO'}")


def main() -> None:
    """Print everything, and keep it in benchmarks/results/mechanism.md."""
    page = ["# Speed of the models and pictures", f"Python {platform.python_version()}, one run."]
    parts = {"Receptor": models.main, "Pharmacokinetics": pk.main, "The whole chain": chain, "Pictures": drawing.main}
    for title, measure in parts.items():
        with redirect_stdout(StringIO()) as told:
            measure()
        text = told.getvalue().strip()
        page += [f"## {title}", text if text.startswith("|") else f"```text\n{text}\n```"]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n\n".join(page) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
