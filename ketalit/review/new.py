"""Start a review: a copy of the bundled one, or an empty one."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from ..errors import InputError
from .load import BUNDLED
from .model import Claim, ExtractionRow, Rating, RiskOfBias, Screening
from .settings import FORMAT

_SETTINGS = """\
format = {format}
title = "{title}"
question = ""   # what the review wants to know
how_found = ""  # how works were found, for the foot of the table

# Drugs whose dose, form, route and duration are read out of texts.
drugs = ["ketamine", "esketamine"]

# Why a record is left out at full text; the first that fits is used, from the top.
reasons = ["other condition", "other intervention", "other design", "no results", "duplicate report"]
"""


def new_review(target: Path, *, empty: bool = False) -> Path:
    """Start a review: a copy of the bundled one to edit, or an empty one. Refuses a folder that holds anything.

    Raises:
        InputError: the target exists and is not empty, or cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError("is not empty", where=str(target), expected="a new or empty folder")
    try:
        if empty:
            target.mkdir(parents=True, exist_ok=True)
            title = target.resolve().name.replace("\\", "").replace('"', "'")
            (target / "review.toml").write_text(_SETTINGS.format(format=FORMAT, title=title), encoding="utf-8")
            from ..pooling.effects import EffectRow

            kinds = {
                "screening": Screening,
                "extraction": ExtractionRow,
                "claims": Claim,
                "effects": EffectRow,
                "rob": RiskOfBias,
                "summary": Rating,
            }
            for name, kind in kinds.items():
                header = ",".join(field.name for field in dataclasses.fields(kind))
                (target / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8")
        else:
            shutil.copytree(BUNDLED, target, dirs_exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(target)) from error
    return target
