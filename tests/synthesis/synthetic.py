"""Synthetic rows of effects.csv: trials that do not exist, with numbers made up for the tests."""

from pathlib import Path

from ketalit.pooling import EffectRow
from ketalit.records.model import Record
from ketalit.review import Review


def row(study="amber2015", outcome="pain", **facts):
    """Means of two groups of 20 on 0 to 10, or events where `events1` is given."""
    numbers = {"n1": 20.0, "n2": 20.0}
    if "events1" in facts:
        numbers |= {"measure": "RR"}
    elif "estimate" in facts:
        numbers = {"measure": "MD"}
    else:
        numbers |= {"measure": "MD", "mean1": 4.0, "sd1": 2.0, "mean2": 5.0, "sd2": 2.0, "better": "lower"}
        numbers |= {"scale_low": 0.0, "scale_high": 10.0}
    named = {"study": study, "record": "a", "comparison": "drug vs placebo", "outcome": outcome}
    return EffectRow(**{**named, **numbers, **facts})


def review(*rows, **facts):
    """A review that holds nothing but these rows."""
    lines = tuple(range(2, len(rows) + 2))
    records = {"a": Record(source="person", key="a")}
    return Review(path=Path("synthetic"), title="Synthetic", records=records, effects=rows, effect_lines=lines, **facts)
