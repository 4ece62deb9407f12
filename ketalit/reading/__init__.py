"""Read a study out of a record: design, size, blinding, dose, outcome, direction; each with quote, offsets and rule.

>>> from ketalit.records.model import Record, Section
>>> record = Record(source="person", key="a1", title="Ketamine versus placebo for pain: a randomised trial",
...     abstract=(Section(text="Sixty patients were randomised to ketamine 0.5 mg/kg or placebo."),))
>>> {finding.field: finding.value for finding in read_record(record)}["n_total"]
60
"""

from __future__ import annotations

from .engine import Rule
from .json import JSON_FIELDS, as_json
from .question import direction_of
from .reader import READER_FIELDS, RULES, read_record
from .tags import record_findings

__all__ = ["JSON_FIELDS", "READER_FIELDS", "RULES", "Rule", "as_json", "direction_of", "read_record", "record_findings"]
