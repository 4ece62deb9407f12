"""Find the known claims that a sentence makes, and those it only resembles.

A sentence makes a claim when it holds most of the claim's telling words (rare words count more) and agrees with it in
what it denies, where it points, its numbers, how sure it is and which drug it is about. Where it does not agree, the
claim is named as a resemblance and its verdict stays where it is. So are the nearest claims of a sentence that holds
too few of their words: somebody who checks it starts there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from operator import attrgetter
from types import SimpleNamespace

from ..claims import CheckedClaim
from ..reading.intervention.drugs import OTHER_DRUG, named_in
from ..vocabulary import Verdict
from .meaning import Saying
from .model import Likeness, Match, Resemblance
from .quantities import Quantity, QuantityKind
from .words import Rarity, term_of, terms

ENOUGH = 0.6  # share of a claim's words, by weight, that a sentence has to hold
SHORT = 0.1  # less of it where the sentence says nothing else
OWN = 0.4  # share that has to stand in the sentence itself rather than in the one before
NEAR = 0.6  # what a word counts that stands in the sentence before
BESIDE = 0.4  # share of the claim's other words that it takes beside the most telling one
TELLING = 0.8  # what the most telling word it holds has to weigh, as a share of the claim's most telling one
NUMBER = 3.0  # weight of a number, in the units of `Rarity`
CLOSE = 0.28  # mean of both shares from which a claim is named as near
SPECIFIC = 0.7  # as TELLING, for a claim that is only named
NEAREST = 2  # claims named so
_BEGINNING = 25  # letters of a sentence in which its subject stands
_CLASS = re.compile(
    r"\b(?:opioid|opiate|antidepressant|benzodiazepine|nsaid|cannabis|cannabinoid|psychedelic|gabapentinoid|steroid|"
    r"anticonvulsant|antipsychotic|sedative)s?\b"
)
_GOOD = {Verdict.SUPPORTED, Verdict.PARTLY}
_NOTHING = SimpleNamespace(score=0.0)


class Matcher:
    """The claims of a review, prepared.

    Args:
        claims: the claims.
        drugs: names of the review's drugs; these count for nothing, as every sentence is about them.
    """

    def __init__(self, claims: Sequence[CheckedClaim], drugs: Sequence[str]):
        self.drugs = tuple(drugs)
        self.rarity = Rarity(Saying(one.claim.claim).terms for one in claims)
        self._topic = frozenset(term for drug in drugs for term in terms(drug))
        self._parts = [(one, part) for one in claims for part in Saying(one.claim.claim).parts]
        self._holding: dict[str, list[int]] = {}
        for place, (_, part) in enumerate(self._parts):
            for term in part.terms:
                self._holding.setdefault(term, []).append(place)

    def find(
        self, sentence: str, near: Collection[str] = (), lead: str = ""
    ) -> tuple[tuple[Match, ...], tuple[Resemblance, ...]]:
        """The claims that a sentence makes and those it resembles, best first.

        Args:
            sentence: the sentence.
            near: terms of what stands before it, where it leans on that.
            lead: a line that leads up to it ("side effects, including:"), read as part of it.
        """
        own = Saying(sentence)
        saying = Saying(f"{lead} {sentence}") if lead else own
        matches: dict[str, Match] = {}
        alike: dict[str, Resemblance] = {}
        for place in sorted({at for term in saying.terms - self._topic for at in self._holding.get(term, ())}):
            claim, part = self._parts[place]
            score, closeness = self._score(saying, part, near)
            if score < ENOUGH - SHORT * closeness or self._share(own, part) < OWN:
                continue
            why = self._difference(saying, part, claim)
            name = claim.claim.id
            if why is None and score >= matches.get(name, _NOTHING).score:
                whole = part.text == claim.claim.claim
                matches[name] = Match(claim, round(score, 2), "" if whole else part.text)
            elif why is not None and score >= alike.get(name, _NOTHING).score:
                alike[name] = Resemblance(claim, round(score, 2), why)
        resembled = [one for name, one in alike.items() if name not in matches]
        if not matches and not alike:
            resembled = self._nearest(own)
        order = attrgetter("score")
        return (
            tuple(sorted(matches.values(), key=order, reverse=True)),
            tuple(sorted(resembled, key=order, reverse=True)),
        )

    def _score(self, saying: Saying, part: Saying, near: Collection[str]) -> tuple[float, float]:
        """The share of a claim's words that a sentence holds, and the share of the sentence's words that these are.

        Zero where the sentence lacks the claim's most telling word, or holds little beside it: a sentence about
        headaches does not make every claim about headaches.
        """
        wanted = part.terms - self._topic
        shared = wanted & saying.terms
        if not shared:
            return 0.0, 0.0
        weights = self._weights(part)
        agreed = sum(
            any(mine.same(yours) and _beside(mine, saying, part) for mine in saying.quantities)
            for yours in part.quantities
        )
        whole = sum(weights.values()) + NUMBER * len(part.quantities)
        telling = max(shared, key=lambda term: (weights[term], term))
        if weights[telling] < TELLING * max(weights.values()):
            return 0.0, 0.0
        others = {term: weight for term, weight in weights.items() if term != telling}
        beside = sum(weight * (1 if term in shared else NEAR if term in near else 0) for term, weight in others.items())
        if beside < BESIDE * sum(others.values()):
            return 0.0, 0.0
        held = sum(weights[term] for term in shared) + NUMBER * agreed
        said = sum(self.rarity(term) for term in saying.terms - self._topic) + NUMBER * len(saying.quantities)
        closeness = min(held / said, 1.0) if said else 0.0
        held += NEAR * sum(weights[term] for term in wanted - shared if term in near)
        return held / whole, closeness

    def _nearest(self, saying: Saying) -> list[Resemblance]:
        """The claims that share most words with a sentence, though too few to be made by it."""
        found: dict[str, Resemblance] = {}
        said = sum(self.rarity(term) for term in saying.terms - self._topic) + NUMBER * len(saying.quantities)
        for place in sorted({at for term in saying.terms - self._topic for at in self._holding.get(term, ())}):
            claim, part = self._parts[place]
            weights = self._weights(part)
            shared = [weight for term, weight in weights.items() if term in saying.terms]
            held, whole = sum(shared), sum(weights.values()) + NUMBER * len(part.quantities)
            score = round(math.sqrt(held / whole * held / said), 2)  # the geometric mean
            telling = max(shared) >= SPECIFIC * max(weights.values())
            if telling and score >= CLOSE and score > found.get(claim.claim.id, _NOTHING).score:
                found[claim.claim.id] = Resemblance(claim, score, Likeness.ONLY_NEAR)
        return sorted(found.values(), key=attrgetter("score"), reverse=True)[:NEAREST]

    def _weights(self, part: Saying) -> dict[str, float]:
        return {term: self.rarity(term) for term in part.terms - self._topic}

    def _share(self, saying: Saying, part: Saying) -> float:
        weights = self._weights(part)
        return sum(weights[term] for term in weights.keys() & saying.terms) / sum(weights.values())

    def _difference(self, saying: Saying, part: Saying, claim: CheckedClaim) -> Likeness | None:
        """What keeps a claim's verdict from a sentence in its words; None where nothing does."""
        good = claim.claim.verdict in _GOOD
        if self._other_drug(saying, part):
            return Likeness.OTHER_DRUG
        if _swapped(saying, part):
            return Likeness.SWAPPED
        if self._opposite(saying, part, part.terms & saying.terms - self._topic):
            return Likeness.OPPOSITE
        if numbers := _numbers(saying, part, good=good):
            return numbers
        if saying.hearsay and not part.hearsay:
            return Likeness.HEARSAY
        if good and saying.licence and not part.licence:
            return Likeness.OTHER_USE
        if part.strong and not saying.strong:
            return Likeness.WEAKER
        if saying.strong and not part.strong and good:
            return Likeness.STRONGER
        return None

    def _other_drug(self, saying: Saying, known: Saying) -> bool:
        """Whether the sentence begins with the name of another drug, which the claim does not hold."""
        if named_in(saying.plain, self.drugs):
            return False
        beginning = saying.plain[:_BEGINNING]
        if (named := _CLASS.search(beginning)) and term_of(named.group()) not in known.terms:
            return True
        other = OTHER_DRUG.search(beginning)
        return other is not None and not re.search(rf"\b{re.escape(other.group())}\b", known.plain)

    def _opposite(self, saying: Saying, known: Saying, shared: frozenset[str]) -> bool:
        """Whether one refuses a shared word that the other does not deny, or most, by weight, are denied or turned."""
        for one, another in ((saying, known), (known, saying)):
            if any((clause := another.clause_of(term)) and not clause.denied for term in shared & one.refused):
                return True
        same = other = 0.0
        for term in shared:
            mine, yours = saying.clause_of(term), known.clause_of(term)
            if mine is None or yours is None:
                continue
            turned = any(mine.poles[pole] != yours.poles[pole] for pole in mine.poles.keys() & yours.poles.keys())
            if (mine.denied != yours.denied) != turned:
                other += self.rarity(term)
            else:
                same += self.rarity(term)
        return other > same


def _swapped(saying: Saying, known: Saying) -> bool:
    """Whether both compare with "than" and what stands on its left in one stands on its right in the other."""
    if saying.sides is None or known.sides is None:
        return False
    (left, right), (first, second) = saying.sides, known.sides
    return len(left & second) + len(right & first) > len(right & second)  # what is compared stands on the left in both


def _numbers(saying: Saying, part: Saying, *, good: bool) -> Likeness | None:
    """How the numbers of a sentence and a claim differ.

    A number that the claim does not have is one too many where it stands among the words of the claim; a duration only
    where the verdict is a good one.
    """
    told = 0
    for kind in QuantityKind:
        mine = [one for one in saying.quantities if one.kind is kind]
        yours = [one for one in part.quantities if one.kind is kind]
        agree = any(one.same(other) for one in mine for other in yours)
        told += agree
        if mine and yours and not agree:
            return Likeness.OTHER_NUMBER
        added = mine and not yours and kind is not QuantityKind.YEAR and (good or kind is not QuantityKind.DURATION)
        if added and any(_among(one, saying, part) for one in mine):
            return Likeness.ADDED_NUMBER
    return Likeness.NO_NUMBER if part.quantities and not told else None


def _beside(quantity: Quantity, saying: Saying, part: Saying) -> bool:
    """Whether the clause of a number holds any word of a claim."""
    clause = next((span for span in saying.spans if span[0] <= quantity.start < span[1]), (0, len(saying.text)))
    return bool(part.terms & frozenset(terms(saying.text[clause[0] : clause[1]])))


def _among(quantity: Quantity, saying: Saying, part: Saying) -> bool:
    """Whether a number stands in the clause that holds most of a claim's words."""
    clauses = [(start, end, part.terms & frozenset(terms(saying.text[start:end]))) for start, end in saying.spans]
    start, end, _ = max(clauses, key=lambda clause: len(clause[2]))
    return start <= quantity.start < end
