"""Which parts of a checkable statement a text gives, and which of its words leave no doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...audit import StatementKind
from ...audit.quantities import QuantityKind, quantities
from ...audit.statements import kinds_of


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a checkable sentence has. `asks`: what is missing without it; `found`: the words that give it."""

    name: str
    asks: str
    found: tuple[str, ...]


_WHO = r"people|patients|adults|children|volunteers|participants|women|men|mice|rats|animals|neurones|neurons|cells"
_PAIN = r"pain|syndrome|CRPS|fibromyalgia|migraines?|headaches?|neuropath\w+|neuralgia|cancer|depression|arthritis|PTSD"
_PEOPLE = re.compile(
    rf"(?i)\b(?:healthy )?(?:{_WHO})\b(?: (?:with|who (?:have|had)|after) (?:[\w'-]+ ){{0,4}}?(?:{_PAIN})\b)?"
    rf"|\b(?:in|with) (?:(?!the\b|a\b)[\w'-]+ ){{0,3}}?(?!pain\b)(?:{_PAIN})\b"
)
_MANY = re.compile(rf"(?i)\bn ?= ?\d+|\b\d[\d,]* (?:(?!of\b)[\w-]+ ){{0,2}}?(?:{_WHO})\b")
_BESIDE = re.compile(
    r"(?i)\b(?:(?:active )?placebo|saline|sham|versus|vs|compared (?:with|to)|usual care|no treatment|midazolam|"
    r"controls?|uncontrolled|without (?:a )?(?:comparison|comparator)|than (?:with |in |after )?(?!\d)\w+)\b"
)
_SIZE = re.compile(
    r"(?i)[-−]?\d[\d.,]* ?(?:points?|mm)\b(?: (?:of|on a scale of) \d[\d–-]*)?|"
    r"\b(?:RR|OR|SMD|MD|NNT)\b[ =:]*[-−]?\d[\d.]*|\b\d[\d.]* times\b|"
    r"\bno (?:significant |clear |lasting )?(?:difference|benefit|improvement|effect)\b|"
    r"\bnot? (?:better|worse|more|less) than\b"
)
_HEDGE = re.compile(
    r"(?i)\b(?:very )?(?:low|moderate|high)(?:[ -]to[ -](?:very )?\w+)? certainty\b|"
    r"\b95 ?% CI\b|\bconfidence interval\b|\bhigh risk of bias\b|\breviews disagree\b|"
    r"\b(?:uncertain(?:ty)?|unclear|may|might|could|suggests?)\b|"
    r"\b(?:small|single|one|two|few|no) (?:[\w-]+ )?trials?\b|"
    r"\bnot (?:been )?(?:shown|studied|known|established)\b|\bnobody has (?:shown|studied)\b"
)


def check_list(text: str) -> tuple[Part, ...]:
    """Which parts of a checkable statement a text gives, by reading rules; nothing is said of its truth.

    >>> parts = check_list("In 60 people with CRPS pain was 2.7 points lower than with placebo at week 1.")
    >>> [part.name for part in parts if not part.found]
    ['dose', 'certainty']
    """
    numbers = quantities(text)

    def of(*kinds: QuantityKind) -> tuple[str, ...]:
        return tuple(one.text for one in numbers if one.kind in kinds)

    def by(pattern: re.Pattern[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(" ".join(one.group().split()) for one in pattern.finditer(text)))

    shares = of(QuantityKind.SHARE)
    weeks = tuple(one.group() for one in re.finditer(r"(?i)\b(?:at |by )?(?:week|day|month|hour) \d+\b", text))
    return (
        Part("dose", "how much, and over what time?", of(QuantityKind.DOSE, QuantityKind.RATE, QuantityKind.AMOUNT)),
        Part("population", "in whom, with which condition?", by(_PEOPLE)),
        Part("number", "in how many?", by(_MANY)),
        Part("comparator", "compared with what?", by(_BESIDE)),
        Part("time", "when was it measured?", tuple(dict.fromkeys((*of(QuantityKind.DURATION), *weeks)))),
        Part("size", "how large is the difference, in which unit?", tuple(dict.fromkeys((*by(_SIZE), *shares)))),
        Part("certainty", "how sure is anybody, and why?", by(_HEDGE)),
    )  # fmt: skip


def absolutes(text: str) -> tuple[str, ...]:
    """Words of a text that leave no doubt, as the audit of pages knows them.

    >>> absolutes("There is no chance of harm, and it always cures."), absolutes("It is not proven; low certainty.")
    (('no chance', 'always', 'cures'), ())
    """
    tokens = re.findall(r"[\w'’-]+", text)
    found: list[str] = []
    if StatementKind.CERTAINTY not in kinds_of(text):
        return ()
    for at, word in enumerate(tokens):
        denied = bool(at) and tokens[at - 1].lower() in {"no", "not", "never", "nor", "neither"}
        pair = " ".join(tokens[at : at + 2])
        if (
            word.lower() == "no"
            and StatementKind.CERTAINTY in kinds_of(pair)
            and not re.match("(?i)no (?:evid|stud)", pair)
        ):
            found.append(pair)
        elif not denied and not word.lower().startswith("certainty") and StatementKind.CERTAINTY in kinds_of(word):
            found.append(word)
    return tuple(dict.fromkeys(found))
