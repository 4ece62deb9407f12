"""The rows and columns of an evidence map, in their order: closed lists."""

from __future__ import annotations

from enum import StrEnum


class Condition(StrEnum):
    """What people were treated for."""

    NEUROPATHIC = "Chronic neuropathic pain"
    CRPS = "CRPS"
    FIBROMYALGIA = "Fibromyalgia"
    PHANTOM = "Phantom and stump pain"
    ISCHAEMIC = "Ischaemic pain"
    CANCER = "Cancer pain"
    HEADACHE = "Headache and migraine"
    OTHER = "Other or mixed pain"
    ACUTE = "Postoperative and acute pain"
    HYPERALGESIA = "Opioid-induced hyperalgesia"
    PSYCHIATRIC = "Depression and PTSD"
    NOT_PLACED = "Condition not placed"


class Route(StrEnum):
    """By which route, and for the vein whether once or again and again."""

    IV_ONCE = "IV, once"
    IV_REPEATED = "IV, repeated or over days"
    ORAL = "Oral"
    NASAL = "Intranasal"
    SUBLINGUAL = "Sublingual or buccal"
    TOPICAL = "Topical"
    INJECTED = "IM or SC"
    SPINAL = "Epidural or intrathecal"
    OTHER = "Other, several or not stated"


class Window(StrEnum):
    """How long after the start the primary outcome was last measured."""

    SESSION = "Within the session"
    WEEK = "Up to 1 week"
    MONTHS = "1 week to 3 months"
    LONGER = "Beyond 3 months"
    NOT_STATED = "Not stated"


# No question of their own: drawn only where something stands in them, and no empty cell of them is a gap.
REST = frozenset({Condition.NOT_PLACED, Route.OTHER, Window.NOT_STATED})

AXES: dict[str, type[StrEnum]] = {"condition": Condition, "route": Route, "followup": Window}
