"""An R script that repeats a result with metafor, to be run by whoever does not take our word for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from .door import labels_of
from .result import RATIOS, Pooled

_ASCII = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def r_script(result: Pooled, labels: Sequence[str] | None = None, title: str = "") -> str:
    """The script as text; it prints our numbers beside metafor's.

    metafor stops its search for tau² at an absolute 1e-5, and looks for the ends of its interval up to 100 or ten times
    tau² only. The script asks for limits relative to the variances, as the numbers would otherwise differ from the
    fifth digit on, or not be found. It says of itself that it was not run: ketalit has no R.

    >>> from ketalit.pooling import pool
    >>> script = r_script(pool([-1.27, -18.0, -27.7], [60.2, 90.0, 49.0]), ["A", "B", "C"])
    >>> [line for line in script.splitlines() if line.startswith("fit")]
    ['fit <- rma(yi, vi, data = dat, method = "REML", test = "z", level = 95, control = control)']

    Args:
        result: what `pool` gave.
        labels: names of the studies.
        title: put on the first line.

    Raises:
        InputError: the result was pooled from tables, or there is not one label for each study.
    """
    if result.tabular:
        raise InputError("a result of tables", where="R script", expected="one that was pooled by inverse variance")
    names = labels_of(labels, result.k, "R script")
    level = 100 * result.level
    control = {
        "REML": "control <- list(threshold = 1e-12 * size, maxiter = 10000)",
        "ML": "control <- list(threshold = 1e-12 * size, maxiter = 10000)",
        "PM": "control <- list(tol = 1e-12 * size, tau2.max = 1e4 * size)",
    }.get(result.method, "control <- list()")
    lines = [
        f"# {_comment(title)}" if title else "# A pooled result, repeated with metafor",
        "# Not run when it was written, as ketalit has no R. Its calls are those of ?rma.uni and ?confint.rma.",
        '# install.packages("metafor")',
        "library(metafor)",
        "",
        f"dat <- data.frame(study = {_texts(names)},",
        f"                  yi = {_numbers(result.yi)},",
        f"                  vi = {_numbers(result.vi)})",
        *(["# yi are logarithms of ratios"] if result.measure in RATIOS else []),
        "size <- max(mean(dat$vi), var(dat$yi), na.rm = TRUE)",
        control,
        f'fit <- rma(yi, vi, data = dat, method = "{result.method}", test = "z", level = {level:g}, control = control)',
    ]
    if result.k > 1 and result.interval != "wald":
        lines += [
            f'kh <- rma(yi, vi, data = dat, method = "{result.method}", test = "knha", level = {level:g}, '
            "control = control)",
        ]
        if result.interval == "never-narrower":
            lines += [
                "# never narrower than Wald: the wider of the two",
                "ci <- if (kh$ci.ub - kh$ci.lb > fit$ci.ub - fit$ci.lb) kh else fit",
            ]
        else:
            lines += ["ci <- kh"]
    else:
        lines += ["ci <- fit"]
    ours = [result.estimate, result.ci_low, result.ci_high, result.tau2, result.i2, result.q]
    lines += [
        f"ours <- {_numbers(ours)}",
        "theirs <- c(as.numeric(fit$beta), ci$ci.lb, ci$ci.ub, fit$tau2, fit$I2, fit$QE)",
        'print(data.frame(ours, theirs, row.names = c("estimate", "ci.lb", "ci.ub", "tau2", "I2", "Q")), digits = 8)',
    ]
    if result.k > 1:
        # a fit by FE has no tau² to profile
        low, high = result.tau2_ci or (0.0, 0.0)
        lines += [
            f"# interval of tau2 by Q-profile; ours {low!r} to {high!r}",
            'profile <- rma(yi, vi, data = dat, method = "DL")',
            f"print(confint(profile, level = {level:g}, control = list(tol = 1e-12 * size, tau2.max = 1e8 * size)), "
            "digits = 8)",
        ]
    if result.prediction_interval:
        low, high = result.prediction_interval
        lines += [
            f"# prediction interval, t with k - 2; ours {low!r} to {high!r}",
            f"print(fit$beta[1] + c(-1, 1) * qt({(1 + result.level) / 2!r}, fit$k - 2) * sqrt(fit$tau2 + fit$se^2))",
        ]
    return "\n".join(lines) + "\n"


def _numbers(values: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return f"c({', '.join(repr(float(value)) for value in values)})"


def _texts(values: Sequence[str]) -> str:
    return f"c({', '.join(_quoted(value) for value in values)})"


def _quoted(text: str) -> str:
    return '"' + "".join(_ASCII.get(one, one) for one in text) + '"'


def _comment(text: str) -> str:
    return " ".join(text.split())
