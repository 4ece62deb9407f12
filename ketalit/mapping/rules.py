"""Which words put a study into which row and column: named rules, each with an example and its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .groups import Condition, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        name: its name.
        group: where it puts a study.
        pattern: words that have to be found, as a regular expression; capitals do not matter.
        example: a text that it fits.
        reason: why these words mean that group.
        over: names of rules that give way to it where both fit.
        title: it looks at the title of the study too, not only where nothing else is told.
    """

    name: str
    group: StrEnum
    pattern: str
    example: str
    reason: str
    over: tuple[str, ...] = ()
    title: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a study was put: the group, the rules that decided, and why in a sentence."""

    group: StrEnum
    rule: str
    why: str


_ANY_PAIN = "condition/pain"
_NEUROPATHIC = "condition/neuropathic"
_ACUTE = ("condition/acute", "condition/postoperative")
_DRUGS = r"(?:opioids?|opiates?|\w*fentan[iy]l|morphine)"

CONDITIONS: tuple[Rule, ...] = (
    Rule(
        name="condition/opioid-induced",
        group=Condition.HYPERALGESIA,
        pattern=rf"{_DRUGS}[- ]induced\b[\w ,-]{{0,40}}\b(?:hyperalgesia|tolerance|increase in \w+ requirement)",
        example="remifentanil-induced hyperalgesia",
        reason="pain that the opioid itself makes worse; often only the title says so, and the condition is surgery",
        over=(*_ACUTE, _ANY_PAIN),
        title=True,
    ),
    Rule(
        name="condition/crps",
        group=Condition.CRPS,
        pattern=r"\bCRPS\b|complex regional pain|reflex sympathetic dystroph|causalgia|algodystroph|sudeck",
        example="reflex sympathetic dystrophy",
        reason="CRPS under its present and its old names; a neuropathic pain of its own",
        over=(_NEUROPATHIC, *_ACUTE, _ANY_PAIN),
    ),
    Rule(
        name="condition/fibromyalgia",
        group=Condition.FIBROMYALGIA,
        pattern=r"fibromyalgi|fibrositis|chronic widespread pain",
        example="primary fibromyalgia",
        reason="named",
        over=(_ANY_PAIN, "condition/musculoskeletal"),
    ),
    Rule(
        name="condition/phantom",
        group=Condition.PHANTOM,
        pattern=r"phantom|stump pain|residual limb|post-?amputation",
        example="stump and phantom limb pain",
        reason="pain in or beyond a stump; a neuropathic pain of its own",
        over=(_NEUROPATHIC, *_ACUTE, _ANY_PAIN),
    ),
    Rule(
        name="condition/ischaemic",
        group=Condition.ISCHAEMIC,
        pattern=r"isch(?:a)?emi(?:a\b|c\b(?! (?:stroke|heart|cardio)))|arteriosclerosis obliterans|claudication|"
        r"peripheral (?:arterial|vascular) disease",
        example="critical limb ischaemia with allodynia",
        reason="poor circulation is the cause, whatever the pain is like",
        over=(_NEUROPATHIC, "condition/acute", _ANY_PAIN),
    ),
    Rule(
        name="condition/neuropathy-of-chemotherapy",
        group=Condition.NEUROPATHIC,
        pattern=r"chemotherapy[- ]induced|\bCIPN\b",
        example="chemotherapy-induced peripheral neuropathy in cancer survivors",
        reason="damage by the drug, not by the tumour",
        over=("condition/cancer", _NEUROPATHIC, _ANY_PAIN),
    ),
    Rule(
        name="condition/cancer",
        group=Condition.CANCER,
        pattern=r"\bcancer|malignan|\btumou?r|oncolog|carcinoma|palliative",
        example="cancer-related neuropathic pain",
        reason="the tumour comes first, whatever the pain is like",
        over=(_NEUROPATHIC, "condition/acute", _ANY_PAIN),
    ),
    Rule(
        name="condition/headache",
        group=Condition.HEADACHE,
        pattern=r"migrain|headache|hemicrania",
        example="acute migraine in an emergency department",
        reason="headaches of every kind, acute ones too",
        over=("condition/acute", _ANY_PAIN),
    ),
    Rule(
        name="condition/after-surgery-for-long",
        group=Condition.OTHER,
        pattern=r"(?:chronic|persistent) (?:pain after (?:\w+ ){0,3}(?:surgery|\w+ectomy)|"
        r"post-?(?:surgical|operative|\w+ectomy|thoracotomy))",
        example="persistent post-surgical pain",
        reason="chronic, and of several kinds",
        over=(*_ACUTE, "condition/cancer", _ANY_PAIN),
    ),
    Rule(
        name="condition/postoperative",
        group=Condition.ACUTE,
        pattern=r"(?:post|peri)-?\s?operative|\bsurgery\b|\w+ectomy\b|\w+plasty\b|ca?esarean",
        example="laparoscopic gynaecological surgery",
        reason="people who are operated on",
        over=("condition/cancer", "condition/acute", _ANY_PAIN),
    ),
    Rule(
        name="condition/acute",
        group=Condition.ACUTE,
        pattern=r"\bacute\b(?! (?:on chronic|exacerbation))[\w ,-]{0,40}?"
        r"\b(?:pain|injur|trauma|fractur|burn|radicul|sciatic)",
        example="acute neuropathic pain",
        reason="a pain or an injury called acute; an acute worsening of a chronic pain is not",
        over=(_NEUROPATHIC, "condition/musculoskeletal", "condition/organs", _ANY_PAIN),
    ),
    Rule(
        name=_NEUROPATHIC,
        group=Condition.NEUROPATHIC,
        pattern=r"neuropath|neuralgi|allodyni|dysa?esthe|spinal cord injur|nerve (?:injur|damage|lesion)|radiculopath|"
        r"sciatica|central (?:post-?stroke )?pain|post-?stroke pain|plexus (?:avulsion|injur)",
        example="post-herpetic neuralgia",
        reason="pain of injured nerves or of the spinal cord, or a sign of it: allodynia, dysaesthesia",
        over=("condition/postoperative", _ANY_PAIN),
    ),
    Rule(
        name="condition/depression-ptsd",
        group=Condition.PSYCHIATRIC,
        pattern=r"\bdepressi(?:on|ve)\b|\bMDD\b|bipolar|suicid|post-?traumatic stress|\bPTSD\b",
        example="treatment-resistant depression",
        reason="named; beside a pain both are told and the study counts as mixed",
    ),
    Rule(
        name="condition/musculoskeletal",
        group=Condition.OTHER,
        pattern=r"whiplash|temporomandibular|myofascial|(?:back|neck|shoulder) pain|arthritis|arthralgia|spondyl",
        example="chronic whiplash-associated disorder",
        reason="muscles and joints have no row of their own",
        over=(_ANY_PAIN,),
    ),
    Rule(
        name="condition/organs",
        group=Condition.OTHER,
        pattern=r"pancreatit|endometrio|(?:pelvic|bladder|abdominal|visceral) pain|sickle",
        example="chronic pancreatitis",
        reason="pain of inner organs has no row of its own",
        over=(_ANY_PAIN,),
    ),
    Rule(
        name="condition/drug-use",
        group=Condition.NOT_PLACED,
        pattern=r"recreational|\b(?:ketamine|drug) (?:use|users|abuse|misuse)\b|medical use of",
        example="daily recreational ketamine users",
        reason="people told by what they take, not by what they have",
        over=(_ANY_PAIN,),
    ),
    Rule(
        name=_ANY_PAIN,
        group=Condition.OTHER,
        pattern=r"\bpain\b",
        example="refractory chronic pain",
        reason="pain of no kind that has a row; gives way to every rule that knows more",
    ),
)

_VEIN, _SOMEHOW = "route/vein", "route/somehow"

ROUTES: tuple[Rule, ...] = (
    Rule(
        name=_VEIN,
        group=Route.IV_ONCE,
        pattern=r"intra-?venous|\bi\.? ?v\b",
        example="intravenous infusion",
        reason="into a vein; once or repeatedly is told by how long",
        over=(_SOMEHOW,),
    ),
    Rule(
        name="route/mouth",
        group=Route.ORAL,
        pattern=r"\boral(?:ly)?\b(?! (?:trans)?mucos)|by mouth|per os",
        example="oral capsules",
        reason="swallowed",
        over=(_SOMEHOW,),
    ),
    Rule(
        name="route/nose",
        group=Route.NASAL,
        pattern=r"nasal",
        example="intranasal spray",
        reason="through the nose",
        over=(_SOMEHOW,),
    ),
    Rule(
        name="route/under-the-tongue",
        group=Route.SUBLINGUAL,
        pattern=r"sublingual|buccal|transmucosal|oral mucos|lozenge|troche|wafer",
        example="sublingual wafer",
        reason="through the lining of the mouth",
        over=(_SOMEHOW,),
    ),
    Rule(
        name="route/skin",
        group=Route.TOPICAL,
        pattern=r"topical|transdermal|cream\b|\bgel\b|ointment|\bpatch|mouth ?(?:wash|rinse)",
        example="topical cream",
        reason="on the skin or a lining",
        over=(_SOMEHOW,),
    ),
    Rule(
        name="route/muscle-or-skin-fold",
        group=Route.INJECTED,
        pattern=r"intra-?muscular|\bi\.? ?m\b|sub-?cutaneous|\bs\.? ?c\b",
        example="subcutaneous infusion",
        reason="injected or infused beside the vein",
        over=(_SOMEHOW,),
    ),
    Rule(
        name="route/spine",
        group=Route.SPINAL,
        pattern=r"epidural|extradural|caudal|intra-?thecal|subarachnoid|neuraxial",
        example="epidural bolus",
        reason="beside the spinal cord",
        over=(_SOMEHOW,),
    ),
    Rule(
        name="route/elsewhere",
        group=Route.OTHER,
        pattern=r"intra-?articular|rectal|inhal|nebuli|perineural|nerve block|infiltrat|intraperitoneal|"
        r"intravenous regional|bier block|intravesical",
        example="intra-articular injection",
        reason="a route without a column of its own",
        over=(_VEIN, _SOMEHOW),
    ),
    Rule(
        name=_SOMEHOW,
        group=Route.OTHER,
        pattern=r"parenteral|infusion|injection|bolus|systemic",
        example="continuous infusion",
        reason="given somehow; into what is not said",
    ),
)

_DENIED = re.compile(r"\bnon-? ?\w+|\b(?:no|not|without) \w+", re.IGNORECASE)


def place(
    rules: Sequence[Rule], text: str, *, title: str = "", several: StrEnum, none: StrEnum, missing: str
) -> Placement:
    """Where rules put a study.

    All rules that fit are found; those that give way to another are dropped. Where these leave more than one group
    the study belongs to several. Words after "non-", "no", "not" and "without" are not seen.

    Args:
        rules: the rules.
        text: what the study says; empty: nothing.
        title: of the study; read by rules that ask for it, and by all where the text decides nothing.
        several: the group of what fits more than one.
        none: the group of what fits none.
        missing: why there is no text.

    >>> def put(text, title=""):
    ...     found = place(
    ...         CONDITIONS, text, title=title, several=Condition.OTHER, none=Condition.NOT_PLACED, missing="not checked"
    ...     )
    ...     return found.group.value, found.rule
    >>> put("cancer pain with a neuropathic component")
    ('Cancer pain', 'condition/cancer')
    >>> put("chronic non-cancer pain")
    ('Other or mixed pain', 'condition/pain')
    >>> put("CRPS or fibromyalgia")
    ('Other or mixed pain', 'condition/crps + condition/fibromyalgia')
    """
    fits = _fitting(rules, text, title)
    where = f"“{text}”"
    if not fits and title:
        fits = _fitting(rules, title)
        where = f"the title; the condition is {missing}" if not text else f"the title; no rule fits “{text}”"
    if not fits:
        return Placement(none, "", f"no rule fits “{text}”" if text else missing)
    given_way = {name for rule in fits for name in rule.over}
    # Two rules that give way to each other would both be gone: then both stay.
    left = [rule for rule in fits if rule.name not in given_way] or fits
    groups = list(dict.fromkeys(rule.group for rule in left))
    names = " + ".join(rule.name for rule in left)
    if len(groups) > 1:
        return Placement(several, names, f"fits several groups: {where}")
    seen = _patterns(left[0].pattern).search(_DENIED.sub(" ", text))
    if not seen and where.startswith("“"):
        where = f"the title; the condition is “{text}”" if text else f"the title; the condition is {missing}"
    return Placement(groups[0], names, f"{left[0].reason}: {where}")


def _fitting(rules: Iterable[Rule], text: str, title: str = "") -> list[Rule]:
    plain = _DENIED.sub(" ", text)
    plain_title = _DENIED.sub(" ", title)
    return [
        rule
        for rule in rules
        if _patterns(rule.pattern).search(plain) or (rule.title and _patterns(rule.pattern).search(plain_title))
    ]


@cache
def _patterns(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
