"""The words by which a text says higher, lower or no different; and the clauses in which it says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..engine import Rule
from .arms import Arms, Mention


class Change(StrEnum):
    """The outcome in the intervention, relative to the comparator."""

    INCREASED = "significantly increased"
    DECREASED = "significantly decreased"
    NO_DIFFERENCE = "no significant difference"


NO_DIFFERENCE = Rule(
    "question/no-difference",
    r"\b(?:no|nor|without|neither|none|little)\b(?: (?!but\b)[\w'-]+){0,7}? (?:differ\w*|effects?|chang\w+|impact|"
    r"influence|"
    r"benefits?|associat\w+|interactions?|significan\w+(?! heterogen)|improvements?|correlations?|evidence|reductions?|"
    r"increases?|decreases?|advantages?|alterations?|superior\w*)\b|"
    r"\b(?:not|n't|never|cannot)\b(?: (?!only\b)[\w-]+){0,5}? (?:significan\w+|differ\w*|affect\w*|chang\w+|"
    r"influenc\w+|improv\w*|"
    r"alter\w*|reduc\w+|increas\w+|decreas\w+|reach\w*|superior|better|associated|effective|impact|inferior|modif\w+|"
    r"higher|lower|greater|more|less|fewer|longer|shorter|statistical\w*|benefi\w+|enhanc\w+|prevent\w*|important)\b|"
    r"\b(?:non-?|in|un)significan\w*|\bunaffected\b|\bunchanged\b|\bindistinguishable\b|"
    r"\b(?:similar(?:ly)?|comparable|equivalent|equal(?:ly)?|identical|alike|non-?inferior\w*|the same)\b|"
    r"(?<!not )(?<!twice )\bas (?:effective\w*|good|well tolerated|safe|efficacious|frequent(?:ly)?|common(?:ly)?|"
    r"often|likely) as\b|"
    r"\bfail(?:ed|s|ing|ure) to\b|\bunlikely to\b|\bp ?[=:] ?n\.?s\b|\(n\.?s\.?\)|,? \bns\)|"
    r"\bapproach\w* (?:[\w-]+ ){0,2}significan\w+|\btrends?\b(?! analy| test)|\bmarginal\w*|\bborderline\b|"
    r"\b\d[\d.]*%? (?:[\w-]+ )?in (?:both|each|all) groups?\b|"
    r"\b(?:almost|nearly|just) (?:statistically )?(?:significan\w+|miss\w+)",
    "Pain did not differ between the groups.",
    "the sentence denies a difference",
    Change.NO_DIFFERENCE,
)
UP = Rule(
    "question/more",
    r"\b(?:higher|highest|greater|greatest|increas(?:e[ds]?|ing)|more|most|longer|longest|larger|largest|"
    r"elevat(?:ed|es|ions?|ing)|"
    r"rose|rises?|risen|enhanc\w+|prolong\w*|rais(?:ed|es?|ing)|augment\w*|bigger|heavier|stronger|high|exceeded|"
    r"doubled|gain(?:s|ed)?|deeper|thicker|grew|delayed|increments?|wider|older|accelerat\w+|promot(?:ed|es)|"
    r"induced)\b",
    "Sleep was longer with drug X.",
    "the outcome is larger in the group that the words stand by",
    Change.INCREASED,
)
DOWN = Rule(
    "question/less",
    r"\b(?:lower(?:ed|s|ing)?|lowest|less|least|fewer|fewest|decreas(?:e[ds]?|ing)|reduc(?:e[ds]?|ing|tions?)|"
    r"shorter|shortest|smaller|"
    r"smallest|declin(?:e[ds]?|ing)|fell|diminish\w*|attenuat\w+|lessen\w*|drop(?:s|ped)?|suppress\w*|inhibit(?:s|"
    r"ed|ion)\b|"
    r"prevent(?:s|ed|ing|ion)?|shorten\w*|minimi[sz]ed|weaker|blunt(?:ed|s)|low|earlier|sooner|alleviat\w+|abolish\w*|"
    r"protect(?:s|ed|ive|ion)|thinner|narrower|slow(?:er|ed)|halv(?:ed|es|ing)|avoid(?:s|ed))\b",
    "Pain was less with drug X.",
    "the outcome is smaller in the group that the words stand by",
    Change.DECREASED,
)
BETTER = Rule(
    "question/better",
    r"\b(?:better|best|improv\w+|superior\w*|favou?r(?:s|ed|ing|able|ably)?|positive effects?|benefi\w+|(?:more|most) "
    r"(?:effective\w*|accurate\w*|efficient\w*|satisfied|comfortable|stable|efficacious|successful\w*|"
    r"favou?rable)|reliev\w+|eas(?:ier|ed)|effective\w*)\b",
    "Function was better with drug X.",
    "better: more of a good thing, less of a bad one",
)
WORSE = Rule(
    "question/worse",
    r"\b(?:worse\w*|(?:negative|adverse|detrimental) effects? on|worst|poor(?:er|est|ly)?|inferior\w*|"
    r"deteriorat\w+|impair(?:ed|s|ment)|(?:less|least) "
    r"(?:effective\w*|accurate\w*|efficient\w*|satisfied|comfortable|stable|efficacious|favou?rable))\b",
    "Function was worse with drug X.",
    "worse: less of a good thing, more of a bad one",
)
QUICK = Rule(
    "question/faster",
    r"\b(?:faster|fastest|quicker|quickest|rapid\w*)\b",
    "Students were faster with device X.",
    "faster: less time, more speed",
)
PVALUE = Rule(
    "question/p-value",
    r"\bp(?:[- ]?values?)?(?: (?:for|of) (?:trend|interaction|difference))?[ :,]*(?:was |were |is )?([<>=≤≥]+|"
    r"less than|greater than|&lt;|&gt;|of|:) ?"
    r"((?:0|1)?[.,]\d+|0|1)(?!\d)",
    "Pain fell (p = 0.03).",
    "the probability decides whether a difference counts",
)
INTERVAL = Rule(
    "question/interval",
    r"\b(?:confidence intervals?|ci)\b(?:[^\d+-]{0,4}9\d ?%)?[^\d+-]{0,14}([+-]?\d*\.?\d+)%? ?(?:-|to|,|;|:| - |"
    r"--)+ ?([+-]?\d*\.?\d+)(?!\d*% ?(?:ci|conf))",
    "The difference was 3 (95% CI 1 to 5).",
    "an interval that holds the value of no effect denies a difference",
)
NUMBERS = Rule(
    "question/numbers",
    r"(?<![\w.±/+-])([+-]?\d+(?:\.\d+)?)",
    "Pain was 3 with drug X and 5 with placebo (p = 0.01).",
    "numbers of the two groups side by side",
)
SIGNIFICANT = re.compile(r"\bsignifican\w+|\bstatistical\w*")
CHANGE_RULES = (NO_DIFFERENCE, UP, DOWN, BETTER, WORSE, QUICK, PVALUE, INTERVAL, NUMBERS)

_CLAUSE = re.compile(
    r"; |, (?:along|together) with\b|, which\b|, (?:but(?! not )|while|whereas|although|though|however|yet|nor|"
    r"with the exception|except|apart from)\b|"
    r" (?:but(?! not )|whereas|although|though|however|except(?:ing|ion)?|with the exception|apart from)\b|"
    r"(?P<weak>,? (?:and|or) (?=(?:[\w()%/=<>.+-]+ ){1,7}?(?:was|were|did|had|showed|decreased|increased|remained|"
    r"required)\b))|"
    r" without (?=\w+ing\b)|, (?=(?:there (?:was|were)|this|these|it|they|neither|none|the difference) )|"
    r", (?=(?:no|with (?:no|a|an|fewer|less|more|lower|higher|better)) )|, while\b| while "
)
_VERB = re.compile(
    r"\b(?:was|were|is|are|did|had|has|have|showed|shows|increased|decreased|reduced|improved|remained|differed|led|"
    r"resulted|produced|revealed|demonstrated|reported|received|experienced|required|found|observed|fell|rose|"
    r"reached)\b|\bno\b|\bnot\b"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks about, as far as a sentence needs it. `outcome`: normal form."""

    outcome: str
    arms: Arms


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a sentence in normal form, `norm[start:end]`, and where the outcome's words lie in it (`spot`)."""

    norm: str
    start: int
    end: int
    spot: tuple[int, int]
    asked: Asked

    @property
    def text(self) -> str:
        """The clause itself."""
        return self.norm[self.start : self.end]

    @property
    def mentions(self) -> Sequence[Mention]:
        """Where the whole sentence names the groups."""
        return self.asked.arms.mentions(self.norm)

    @property
    def here(self) -> Sequence[Mention]:
        """Where the clause names the groups."""
        return [one for one in self.mentions if self.start <= one.start < self.end]


def clauses(norm: str) -> list[tuple[int, int]]:
    """The clauses of a sentence as offsets.

    >>> norm = "pain was lower, but nausea did not differ"
    >>> [norm[start:end] for start, end in clauses(norm)]
    ['pain was lower', ', but nausea did not differ']
    """
    found: list[tuple[int, int]] = []
    start = 0
    for match in _CLAUSE.finditer(norm):
        weak = match.lastgroup == "weak"
        if bracketed(norm, match.start()):
            continue
        if match.start() > start and not (weak and not _VERB.search(norm, start, match.start())):
            found.append((start, match.start()))
            start = match.start()
    return [*found, (start, len(norm))]


def bracketed(norm: str, at: int) -> bool:
    """Whether an offset lies in brackets.

    >>> bracketed("pain (nrs) fell", 7)
    True
    """
    return norm.rfind("(", 0, at) > norm.rfind(")", 0, at)
