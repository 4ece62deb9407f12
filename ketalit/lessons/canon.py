"""Make notebooks out of their texts: execute, and save so that doing it again gives the same bytes.

`python -m ketalit.lessons.canon notebooks/01-*.py` writes the .ipynb beside each .py (py:percent, what people edit and
review). Needs jupytext and nbclient. `make lessons` does it for all whose text is newer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import InputError
from ..files import write_atomically

_LIVE = "application/vnd.jupyter.widget-view+json"  # without its state, which is not saved, it shows only an error
_OURS = ("KETALIT_", "QUERY_STRING")  # what would make a lesson run otherwise than for a new learner


def canonical(text: Path) -> str:
    """The notebook of a py:percent text, executed, as the text of an .ipynb file.

    Cells are numbered in order; widgets are kept as their static twins only; no time, path or version is left in it.

    Raises:
        InputError: a cell fails, or warns.
    """
    import jupytext
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = jupytext.read(text)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(text.parent)}},
        coalesce_streams=True,  # in how many pieces print arrives is chance
    )
    try:
        client.execute(env={name: value for name, value in os.environ.items() if not name.startswith(_OURS)})
    except CellExecutionError as error:
        raise InputError(f"a cell fails: {error.ename}: {error.evalue}", where=str(text)) from None
    notebook.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {
            "jupytext": {"formats": "ipynb,py:percent"},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for at, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{at:02d}"
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise InputError(f"a cell warns: {output['text'].strip()}", where=str(text))
            if "data" in output:
                output["data"].pop(_LIVE, None)
    notebook.nbformat_minor = 5
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


def main(names: Sequence[str]) -> int:
    """Write the notebooks of the texts named; those that are up to date too."""
    for name in names:
        text = Path(name)
        try:
            write_atomically(text.with_suffix(".ipynb"), canonical(text).encode())
        except InputError as error:
            print(error, file=sys.stderr)
            return 1
        print(text.with_suffix(".ipynb"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
