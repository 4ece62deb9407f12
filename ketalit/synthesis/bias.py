"""Judgements of the risk of bias, as people entered them in rob.csv. Nothing here judges."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..review import Domain, Judgement, Review, RiskOfBias
from .choose import Chosen

if TYPE_CHECKING:
    import pandas as pd

DOMAINS: Mapping[Domain, str] = MappingProxyType(
    {
        Domain.RANDOMISATION: "randomisation process",
        Domain.DEVIATIONS: "deviations from the intended interventions",
        Domain.MISSING: "missing outcome data",
        Domain.MEASUREMENT: "measurement of the outcome",
        Domain.SELECTION: "selection of the reported result",
        Domain.OVERALL: "overall",
    }
)
"""Domains of RoB 2: Sterne et al. 2019, https://doi.org/10.1136/bmj.l4898"""


def risk_of_bias(review: Review, chosen: Chosen | None = None) -> pd.DataFrame:
    """Judgements by result and domain: a row for each, "not assessed" where no person has judged.

    Args:
        review: a review with an effects.csv.
        chosen: show only the results of these rows.

    Columns: study, comparison, outcome, time, domain (D1 to D5, overall), domain_name, judgement (low, some concerns,
    high, not assessed), reason, who, when. A judgement of one comparison is preferred to one of all comparisons, then
    one of one time to one of all times, and the later line to the earlier.

    >>> from ketalit.review import load_review
    >>> table = risk_of_bias(load_review())
    >>> set(table["judgement"]), set(table["domain"]) == {"D1", "D2", "D3", "D4", "D5", "overall"}
    ({'not assessed'}, True)
    """
    import pandas as pd

    rows = review.effects if chosen is None else chosen.rows
    results = dict.fromkeys((row.study, row.comparison, row.outcome, row.time) for row in rows)
    said = judgements(review)
    lines = []
    for study, comparison, outcome, time in results:
        for domain, name in DOMAINS.items():
            held = product((comparison, ""), (time, ""))  # the most particular first
            found = (said.get((study, one, outcome, other, domain)) for one, other in held)
            one = next(filter(None, found), None)
            judgement = one.judgement if one else Judgement.NOT_ASSESSED
            why = (one.reason, one.who, one.when) if one else ("", "", "")
            lines.append((study, comparison, outcome, time, str(domain), name, str(judgement), *why))
    columns = ["study", "comparison", "outcome", "time", "domain", "domain_name", "judgement", "reason", "who", "when"]
    return pd.DataFrame(lines, columns=columns, dtype="string")


def judgements(review: Review) -> dict[tuple[str, str, str, str, Domain], RiskOfBias]:
    """The judgement that counts, by study, comparison, outcome, time and domain."""
    return {(row.study, row.comparison, row.outcome, row.time, row.domain): row for row in review.risk_of_bias}


def overall(review: Review, chosen: Chosen) -> str:
    """Overall judgements of the results chosen, counted.

    >>> from ketalit.review import load_review
    >>> from ketalit.synthesis import choose
    >>> review = load_review()
    >>> overall(review, choose(review, comparison="IV ketamine vs placebo", outcome="nausea"))
    '3 not assessed'
    """
    table = risk_of_bias(review, chosen)
    counted = table.loc[table["domain"] == Domain.OVERALL, "judgement"].value_counts().to_dict()
    return ", ".join(f"{counted[one]} {one}" for one in Judgement if one in counted)
