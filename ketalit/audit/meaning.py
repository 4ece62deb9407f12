"""What a sentence says beside its words: which of them it denies, which way it points, how sure it is.

Rules of thumb on clauses, not a grammar. They serve to withhold a verdict, never to give one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .quantities import Quantity, quantities
from .words import is_general, plain, terms

_CLAUSE = re.compile(
    r"[,;:()\"\[\]]| - |"
    r"\b(?:but|however|although|though|while|whereas|yet|because|which|who|so that|as well as|if|when)\b"
)
_DENIES = re.compile(
    r"\b(?:no|not|never|without|neither|nor|nobody|none|nothing|cannot|zero|lacks?|lacking|fail(?:s|ed|ing)?|"
    r"free of|unlikely to|far from)\b|n't\b"
)
_DENIES_NOTHING = re.compile(r"\b(?:not only|no longer|not just|no doubt|whether or not|cannot only)\b")
# Words that point one way, and those that point the other. Stems of both sides are compared.
_POLES = (
    ("increase raise rise elevate boost more higher up grow", "decrease reduce lower lessen diminish fall drop less"),
    ("improve better help benefit", "worsen worse harm impair deteriorate"),
    ("unblock open opens", "block blocks inhibit close shut shuts antagonist"),
    ("safe safety", "unsafe dangerous harmful hazardous"),
    ("rare rarely seldom uncommon infrequent", "common commonly frequent frequently often usual usually"),
    ("few", "many most"),
    ("new recent recently novel", "old ancient"),
    ("promising positive encouraging effective", "disappointing negative discouraging ineffective"),
    ("well", "badly poorly bad"),
    ("agonist", "antagonist"),
    ("high higher", "low lower"),
    ("short brief temporary transient", "long permanent permanently lasting prolonged enduring"),
)
_STRONG = re.compile(
    r"\b(?:always|never|every(?:one|body|thing)|all patients|nobody|proven|proves?|cur(?:e|es|ed|ing)|eliminat\w+|"
    r"guarantee\w*|certain(?:ly|ty)|completely|entirely|totally|permanent(?:ly)?|dramatic\w*|perfect(?:ly)?|solv(?:e|es|ed)|safest|"
    r"miracle|without (?:any )?(?:risk|exception)|100 ?%)"
)

_CONDITION = re.compile(r"\b(?:when|if|unless|where)\b[^,;]*")
_REFUSES = re.compile(r"(?:\b(?:not|cannot|never)|n't) (?:be |been |yet |an? |the )*([^\W\d_]+)")
_HEARSAY = re.compile(
    r"\b(?:myths?|misconceptions?|(?:is|are|was|were|be) (?:false|wrong|untrue|incorrect)|falsely|wrongly|mistaken\w*|"
    r"contrary to|critics|(?<!no )(?<!without )(?<!beyond )doubt(?:s|ed|ful)?|disput\w+|refut\w+|debunk\w*|"
    r"den(?:y|ies|ied)|allege\w*|supposed(?:ly)?|"
    r"(?:some|others|many|people|clinics|websites) (?:\w+ )?(?:say|claim|believe|think|write))\b"
)
_LICENCE = re.compile(
    r"\b(?:approv|licen[cs]|authori[sz])\w*\b.*\bfor\b(?! (?:over|more than|about|(?:\w+ )?use\b|\d|decades|years))"
)


def _stems(words: str) -> frozenset[str]:
    return frozenset(words.split())


_POLE_WORDS = tuple((_stems(one), _stems(other)) for one, other in _POLES)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its terms, whether it is denied, and the poles its words stand on (pole: +1 or -1)."""

    terms: frozenset[str]
    denied: bool
    poles: Mapping[int, int]


@dataclass(frozen=True)
class Saying:
    """A sentence prepared for comparison."""

    text: str

    @cached_property
    def plain(self) -> str:
        """The text in lower case, phrases made words."""
        return plain(self.text)

    @cached_property
    def parts(self) -> tuple[Saying, ...]:
        """What it says one after the other, parted by semicolons, without what says too little by itself."""
        pieces = [Saying(piece.strip()) for piece in re.split(r";| / ", self.text) if piece.strip()]
        telling = [piece for piece in pieces if len(piece.terms) > 1 and not all(map(is_general, piece.terms))]
        return tuple(telling) if len(pieces) > 1 and telling else (self,)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its terms."""
        return frozenset(terms(self.text))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers."""
        return quantities(self.text)

    @cached_property
    def strong(self) -> bool:
        """Whether it speaks without reserve."""
        found = _STRONG.search(self.plain)
        return bool(found) and not re.search(r"\b(?:no|not|isn't) \w* ?$", self.plain[: found.start() if found else 0])

    @cached_property
    def refused(self) -> frozenset[str]:
        """Terms that stand right behind a denial, conditions apart: "cannot be recommended"."""
        text = _CONDITION.sub(" ", _DENIES_NOTHING.sub(" ", self.plain))
        return frozenset(term for found in _REFUSES.finditer(text) for term in terms(found[1]))

    @cached_property
    def hearsay(self) -> bool:
        """Whether it tells what others say, or calls something a myth, rather than says so itself."""
        return bool(_HEARSAY.search(self.plain))

    @cached_property
    def licence(self) -> bool:
        """Whether it says for what something is approved."""
        return bool(_LICENCE.search(self.plain))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Its clauses in order."""
        return tuple(_clauses(self.plain))

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where its clauses stand in its text."""
        ends = [found.start() for found in _CLAUSE.finditer(self.text.lower())]
        return tuple(zip([0, *ends], [*ends, len(self.text)], strict=True))

    @cached_property
    def sides(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """Terms before and after "than", where it compares."""
        before, than, after = self.plain.partition(" than ")
        if not than:
            return None
        before = re.split(_CLAUSE, before)[-1]
        after = re.split(_CLAUSE, after)[0]
        left, right = frozenset(terms(before)), frozenset(terms(after))
        return left - right, right - left

    def clause_of(self, term: str) -> Clause | None:
        """The first clause that holds a term."""
        return next((clause for clause in self.clauses if term in clause.terms), None)


def _clauses(text: str) -> Iterator[Clause]:
    for piece in _CLAUSE.split(text):
        words = _WORD.findall(piece)
        held = frozenset(terms(piece))
        if not held:
            continue
        denials = len(_DENIES.findall(_DENIES_NOTHING.sub(" ", piece)))
        poles: dict[int, int] = {}
        for place, (one, other) in enumerate(_POLE_WORDS):
            mine, yours = _has(words, one), _has(words, other)
            if mine != yours:
                poles[place] = 1 if mine else -1
        yield Clause(held, denials % 2 == 1, poles)


def _has(words: list[str], pole: frozenset[str]) -> bool:
    bare = (form for word in words for form in (word, re.sub(r"[ds]$", "", word), re.sub(r"(?:es|ed|ing)$", "", word)))
    return any(form in pole for form in bare)
