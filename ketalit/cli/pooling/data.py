"""A pooled result as plain data: JSON and CSV."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from ... import escaping
from ...pooling import Pooled
from .report import GROUP, Report, others, side


def as_csv(report: Report) -> str:
    """A line for each study and one for the pooled result; ratios as ratios, yi and vi as they were pooled."""
    groups = [f"{what}{group}" for group in (1, 2) for what in GROUP]
    columns = ["study", "name", "estimate", "ci_low", "ci_high", "weight", "yi", "vi", *groups]
    columns += ["source", "locator", "checked"]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in [*report.rows, {"study": "pooled", "name": report.method, **_pooled(report)}]:
        known = {name: row[name] for name in columns if row.get(name) is not None}
        writer.writerow({name: escaping.spreadsheet(str(cell)) for name, cell in known.items()})
    return out.getvalue()


def as_data(report: Report) -> dict[str, Any]:
    """Everything as plain data, for JSON. Effects and intervals are shown ones: ratios as ratios."""
    material, result = report.material, report.result
    data: dict[str, Any] = {
        "comparison": material.comparison,
        "outcome": material.outcome,
        "time": material.time,
        "measure": report.measure,
        "better": material.better,
        "method": result.method,
        "interval": result.interval,
        "level": result.level,
        "studies": [
            {**row, "steps": [str(step) for step in effect.steps]}
            for row, effect in zip(report.rows, material.effects, strict=True)
        ],
        "pooled": {
            **_pooled(report),
            "k": result.k,
            "p": result.p,
            "prediction_interval": _ends(report, result.prediction_interval),
            "tau": result.tau,
            "tau_ci": [math.sqrt(end) for end in result.tau2_ci] if result.tau2_ci else None,
            "i2_from_tau2": result.i2,
            "i2_from_q": result.i2_q,
            "q": result.q,
            "q_df": result.q_df,
            "q_p": result.q_p if result.q_df else None,
        },
        "other_options": [
            {"method": method, "interval": interval, **_shown(report, one)} for method, interval, one in others(report)
        ],
        "warnings": list(result.warnings),
        "left_out": list(material.left_out),
    }
    if report.mcid:
        data["mcid"] = {"value": report.mcid.value, "source": report.mcid.source, "verdict": side(report)}
    if report.subgroups:
        found = report.subgroups
        data["subgroups"] = {
            "groups": {name: _shown(report, one) | {"k": one.k} for name, one in found.groups.items()},
            "q_between": found.q_between,
            "df": found.df,
            "p": found.p,
        }
    for name, table in (("leave_one_out", report.leave_one_out), ("cumulative", report.cumulative)):
        if table is not None:
            shown = table.reset_index()
            for column in ("estimate", "ci_low", "ci_high"):
                shown[column] = [report.shown(value) for value in shown[column].tolist()]
            data[name] = shown.to_dict(orient="records")
    data |= {section.name: section.data for section in report.sections}
    if report.multiverse:
        found_all = report.multiverse
        data["multiverse"] = {
            "universes": len(found_all.table),
            "unit": found_all.unit,
            "estimates": [float(found_all.table["estimate"].min()), float(found_all.table["estimate"].max())],
            "share_that_excludes_zero": float(found_all.table["excludes_zero"].to_numpy().mean()),
            "moved_most_by": found_all.moved_most_by(),
            "shares": found_all.shares.reset_index(names="choice").to_dict(orient="records"),
        }
    return data


def _pooled(report: Report) -> dict[str, float]:
    return {**_shown(report, report.result), "weight": 1.0}


def _shown(report: Report, one: Pooled) -> dict[str, float]:
    return {name: report.shown(getattr(one, name)) for name in ("estimate", "ci_low", "ci_high")}


def _ends(report: Report, ends: tuple[float, float] | None) -> list[float] | None:
    return [report.shown(end) for end in ends] if ends else None
