"""The two invented records, ready-made changes of the first, and how a pasted text becomes a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from ...records.medline import sections_in
from ...records.model import Record

_INVENTED = "Invented for teaching: no such trial exists."

TRIAL = f"""\
Ketamine infusion for long-standing sciatica: a randomised, double-blind, placebo-controlled trial
BACKGROUND: {_INVENTED} The text has the habits that make real reports hard to read. \
METHODS: Sixty-four adults with sciatica for more than six months were randomised to a single intravenous infusion \
of ketamine 0.35 mg/kg/h for 4 h (n = 32) or saline (n = 32). Patients and assessors were blinded. The primary \
outcome was pain on a 0-10 numerical rating scale (NRS) 4 weeks after the infusion. Sixty-one patients were analysed. \
RESULTS: At the end of the infusion pain was 2.9 ± 0.4 with ketamine and 5.1 ± 0.5 with saline (P < 0.001). At 4 \
weeks there was no significant difference in pain between the groups (mean difference -0.4, 95% CI -1.3 to 0.5, \
P = 0.38). Dizziness occurred in 19 of 32 patients after ketamine and in 4 of 32 after saline. \
CONCLUSIONS: Ketamine relieved pain while it ran; four weeks later the groups did not differ."""

CROSSOVER = f"""\
Intravenous ketamine for painful diabetic neuropathy: a crossover trial
BACKGROUND: {_INVENTED} \
METHODS: Twenty-four patients were randomised to the order of two infusions, ketamine 20 mg/h for 3 h and midazolam \
1 mg/h for 3 h, four weeks apart. Patients and nurses were blinded. The primary outcome was mean daily pain on a \
visual analogue scale (VAS, 0-100 mm) in the second week after each infusion. \
RESULTS: Twenty-one patients completed both periods, giving 42 observations. One hour after the infusion pain was \
31 mm with ketamine and 47 mm with midazolam (P < 0.01), and sleep was better (P = 0.04). In the second week pain was \
48 mm after ketamine and 52 mm after midazolam, with no significant difference (P = 0.31). Thirteen of 24 patients \
felt unreal during ketamine and two during midazolam. \
CONCLUSIONS: Ketamine gave significant relief and better sleep in painful diabetic neuropathy."""

PRINTED = "the record as printed"
CHANGES: Mapping[str, Sequence[tuple[str, str]]] = {
    PRINTED: (),
    "“randomised” struck out": (("a randomised, double-blind", "a double-blind"), ("were randomised to", "were given")),
    "“placebo-controlled” struck out too": (
        ("a randomised, double-blind, placebo-controlled", "a double-blind"), ("were randomised to", "were given"),
    ),
    "blinding struck out": (("double-blind, ", ""), ("Patients and assessors were blinded. ", "")),
    "40 people instead of 64": (
        ("Sixty-four", "Forty"), ("n = 32", "n = 20"), ("of 32", "of 20"), ("Sixty-one", "Thirty-eight"),
    ),
    "dose as 5 µg/kg/min": (("0.35 mg/kg/h", "5 µg/kg/min"),),
    "dose as 25 mg/h": (("0.35 mg/kg/h", "25 mg/h"),),
    "the form is named": (("infusion of ketamine", "infusion of racemic ketamine"),),
    "no outcome named primary": (("The primary outcome was pain", "We recorded pain"),),
}  # fmt: skip
"""Ready-made changes of the invented trial: what is replaced by what."""


def record_of(text: str, key: str = "pasted") -> Record:
    """A record out of a pasted text: its first line is the title, the rest the abstract.

    Labels in capitals before a colon part the abstract, as PubMed prints them.

    >>> record = record_of("A trial of ketamine\\nMETHODS: Sixty men were enrolled. RESULTS: None died.")
    >>> record.title, [section.label for section in record.abstract]
    ('A trial of ketamine', ['METHODS', 'RESULTS'])
    """
    title, _, rest = text.strip().partition("\n")
    return Record(source="person", key=key, title=title.strip(), abstract=sections_in(" ".join(rest.split())))


def text_of(record: Record) -> str:
    """Title and abstract of a record as `record_of` takes them."""
    sections = (f"{one.label}: {one.text}" if one.label else one.text for one in record.abstract)
    return "\n".join([record.title, " ".join(sections)]).strip()


@cache
def changed_by(name: str) -> str:
    """The text of the invented trial after a ready-made change."""
    text = TRIAL
    for old, new in CHANGES[name]:
        text = text.replace(old, new)
    return text
