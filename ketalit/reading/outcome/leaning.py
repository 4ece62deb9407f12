"""What the clauses of a text say of its groups: that they differ, that they do not, or that the comparator is ahead.

Clauses about baseline, about harms (unless these are the outcome) and about change over time within every group say
nothing of the groups and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...vocabulary import Confidence, Direction
from ..engine import TITLE, Rule, Sentence
from ..needs import ANY, Cue
from .topic import Topic

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
_ENTRY = r"(?:[\w/+.-]+ )"  # a word and the space after it

DENIES = Rule(
    "direction/denies",
    r"\b(?:neither\b.{2,80}\bnor\b|"
    r"none of the\b.{2,80}\b(?:significan|differ)|"
    rf"(?:no|neither|nor) {_ENTRY}{{0,6}}?(?:differences?|differential|(?:after-)?effects?|changes?|"
    rf"benefits?|impact|influence|"
    r"improvements?|advantages?|superiority|reductions?|increases?|associations?|evidence|relationship|gains?|"
    r"interactions?|correlations?|better|superior|different|lower|higher|fewer|shorter|longer|greater|"
    r"effective|significan\w+|additional|improved?|reduced?|"
    r"increased?|affected?|prevented?|changed?|decreased?|associated|differed|influenced|altered)\b|"
    r"(?:not|n't|cannot)\b"
    rf"(?:,? {_ENTRY}{{0,5}}?)?(?:significan\w*|differ\w*|effective|improv\w*|reduc\w*|increas\w*|decreas\w*|"
    r"affect\w*|superior|better|alter\w*|influenc\w*|chang\w*|enhanc\w*|prevent\w*|associated|confirm\w*|benefi\w*|"
    r"appear|support\w*|lower\w*|higher|result in|show\w*|demonstrat\w*|inferior|worse|provide|lead to|help\w*|"
    r"find|found|reach\w*|achieve|recommended|useful|relieve|worsen\w*|more|less|interact|predict\w*|maintained|"
    r"sustained|observed|seen|detect\w*|reveal\w*|attenuate\w*|suppress\w*|modif\w*|differentiate)\b|"
    r"(?:non-?|in)significan\w*|(?:lack|absence) of\b|fail(?:ed|s|ure)? to\b|ineffective\w*|"
    r"(?:no|little|minimal|limited|insufficient|inconclusive) (?:evidence|effect|difference|benefit|impact)\b|"
    r"negligible\b|(?:very )?unlikely\b|unaffected\b|unchanged\b|only (?:marginal|minimal)|"
    r"p ?= ?ns\b|p ?> ?0?\.05\b|n\.s\.|ns\)|(?:marginally|approach\w*|borderline) significan|"
    r"marginal significance|close to significan)|\(ns\b",
    "Pain did not differ between the groups.",
    "a clause that denies a difference",
    Direction.NO_DIFFERENCE,
    (
        *("no ", "not ", "n't", "neither", "none ", "nor ", "nonsig", "non-sig", "insig", "lack", "absence"),
        *("fail", "ineffect"),
        *("little", "minimal", "limited", "insuffic", "inconclus", "negligib", "unlikely", "unaffect", "unchang"),
        *("marginal", "approach", "borderline", "close to", "ns)", "(ns", "= ns", "=ns", "n.s", "p >", "p>"),
    ),
)
ALIKE = Rule(
    "direction/alike",
    r"\b(?:similar(?:ly|ity)?|comparabl[ey](?! (?:group|patients|age))|equivalen\w+|equal(?:ly)?|"
    r"identical|non-?inferior(?:ity)?|(?:was|were|is|are|had|remained) the same|"
    r"not inferior|just as|as (?:effective|efficacious|good|safe)(?: [\w-]+){1,10}? as|interchangeabl[ey]|"
    r"as (?!well\b|long\b|soon\b|far\b|much\b|many\b|low\b|high\b|early\b|an?\b|the\b|measured\b|compared\b)"
    r"(?:[\w-]+ (?:and|or) )?(?!well\b)[\w-]+ as)\b|\balternatives? (?:to|for|treatments?|options?|therap\w+)\b",
    "Drug X was as effective as drug Y.",
    "a clause that calls the treatments alike",
    Direction.NO_DIFFERENCE,
    ("similar", "comparabl", "equi", "equal", "identical", "inferior", "same", "as ", "interchang", "alternative"),
)
SUPERIOR = Rule(
    "direction/superior",
    r"\b(?:more|most|highly|less) (?:effective|effectively|efficacious|successful|rapid|satisf\w+|beneficial|"
    r"pronounced|favou?rable|likely|helpful|potent|marked)\b|\b(?:superior|superiority|outperform\w*|better|best)\b|"
    rf"\b(?:greater|faster|quicker|shorter|longer|lower|lowest|higher|highest|fewer|less|more|earlier|smaller|larger|"
    rf"reduced|increased|decreased|improved|improvements?|reductions?|decreases?|increases?)\b"
    rf" {_ENTRY}{{0,30}}?(?:than|compared|versus|vs|relative to|over)\b|"
    r"\b(?:compared (?:with|to)|versus|relative to) [^;]{3,90}(?:\b(?:improv|reduc|decreas|increas|attenuat|prolong|"
    r"shorten|prevent|lower|higher|greater|enhanc)\w*)|"
    r"\b(?:significant|meaningful|marked|notable|substantial|considerable)(?:ly)? "
    rf"{_ENTRY}{{0,3}}?(?:differen\w+|higher|lower|shorter|longer|better|greater|fewer|less|more)\b|"
    r"\bdiffer(?:ed|s|ence was|ences were)? (?:statistically |highly )?significant|"
    r"\b(?:lower|higher|shorter|longer|fewer|less|greater|more)\b[^;]{0,60}\b(?:in|with|for|after) (?:the )?[^;]{2,40}",
    "Pain was lower with drug X than with placebo.",
    "a clause that sets one group above another",
    Direction.INTERVENTION,
    confidence=_LIKELY,
)
CLAIMS = Rule(
    "direction/claims",
    r"(?<!to )(?<!trend toward )(?<!trends toward )(?<!trends towards )\b(?:improv(?:e[sd]?|ing|ements?)|"
    r"reduc(?:e[sd]?|ing|tions?)|decreas(?:e[sd]?|ing)|attenuat\w+|alleviat\w+|enhanc(?:e[sd]?|ing|ement)|"
    r"prevent(?:s|ed|ing)?|suppress\w+|prolong(?:s|ed|ing)?|increas(?:e[sd]?|ing)|relie(?:f|ve[sd]?|ving)|"
    r"\w*protect\w*|facilitat\w+|favou?r(?:s|ed|ing)?\b(?! of)|minimi[sz]e\w*|ameliorat\w+|lower(?:s|ed|"
    r"ing)|augment\w*|"
    r"shorten\w*|promot(?:es?|ed)|inhibit(?:s|ed|ing|ion)|accelerat\w+|diminish\w*|lessen\w*|mitigat\w+|"
    r"restor(?:es?|ed)|"
    r"potentiat\w+|strengthen\w*|halt(?:s|ed))\b|\b(?:was|were) (?:statistically |highly )?significant\b|"
    r"\b(?:significant|substantial|marked)(?:ly)? (?:[\w-]+ )?(?:effects?|gains?|changes?|affected|associat\w+|"
    r"declines?|drop|rise|impact|benefits?)\b",
    "Drug X reduced pain after surgery.",
    "a clause that claims an effect",
    Direction.INTERVENTION,
    confidence=_LIKELY,
)
PRAISES = Rule(
    "direction/praises",
    r"\b(?:effective(?:ly|ness)?|efficac(?:y|ious)|benefi\w+|promis(?:e|ing)|advantage\w*|useful|helpful|value|"
    r"success(?:ful(?:ly)?)?)\b|\b(?:strong )?evidence (?:supporting|for|in favou?r)|\bnnts?\b|"
    r"\bsupport(?:s|ing)? (?:the )?(?:use|efficacy|effectiveness|addition)",
    "Drug X is an effective analgesic.",
    "a clause that praises the intervention without setting it beside another",
    Direction.INTERVENTION,
    confidence=_UNCLEAR,
)
AGAINST = Rule(
    "direction/against",
    r"(?<!non-)\b(?:worse|inferior|harmful|deleterious|detrimental|aggravate[ds]?|exacerbate[ds]?|worsen(?:s|"
    r"ed|ing)?|impair(?:s|ed)|"
    r"poorer|more pathological|less effective)\b",
    "Drug X made sleep worse.",
    "a clause that tells of harm done by the intervention",
    Direction.COMPARATOR,
    confidence=_LIKELY,
)
TITLE_DENIES = Rule(
    "direction/title-denies",
    r"\bno (?:[\w-]+ )?(?:effect|benefit|difference|advantage|modulation|influence|improvement|evidence|impact)|"
    r"\b(?:does|do|did|is|are) not\b|\bfails? to\b|\bnot (?:superior|better|effective)|\black of (?:effect|efficacy|"
    r"benefit)|\bwithout effect",
    "Drug X does not reduce pain after surgery",
    "the title itself denies an effect",
    Direction.NO_DIFFERENCE,
    ("no ", " not", "fail", "lack", "without"),
    (TITLE,),
)
TITLE_ALIKE = Rule(
    "direction/title-alike",
    r"\b(?:is|are) as [\w ]{3,40} as\b|\b(?:similar|comparable|equivalent|(?:non-?|not )inferior) to\b|"
    r"\bprovides? similar\b",
    "Drug X is as effective as drug Y after surgery",
    "the title itself calls the treatments alike",
    Direction.NO_DIFFERENCE,
    (" as ", "similar", "comparable", "equivalent", "inferior"),
    (TITLE,),
)
TITLE_CLAIMS = Rule(
    "direction/title-claims",
    r"^[^?]*\b(?:improves?|reduces?|decreases?|enhances?|prevents?|alleviates?|relieves?|attenuates?|increases?|"
    r"prolongs?|facilitates?|protects?|lowers|shortens|accelerates?|ameliorates?|(?:is|are) (?:more )?(?:effective|"
    r"superior|better|beneficial)|demonstrates? (?:the )?(?:benefit|efficacy|effectiveness))\b[^?]*$",
    "Drug X reduces pain after surgery",
    "the title itself claims an effect",
    Direction.INTERVENTION,
    zones=(TITLE,),
    confidence=_LIKELY,
)
BOTH = Rule(
    "direction/both",
    r"\bbut not\b|\bnot (?:maintained|sustained)\b|\bhowever\b|\bneither\b",
    "Drug X reduced pain at rest but not on movement.",
    "the primary outcome both differed and did not",
    Direction.MIXED,
    confidence=_UNCLEAR,
)
RULES = (TITLE_DENIES, TITLE_ALIKE, TITLE_CLAIMS, DENIES, ALIKE, SUPERIOR, CLAIMS, PRAISES, AGAINST, BOTH)

_TURN = r"(?:but|whereas|while|although|though|however|except|nevertheless|yet|despite|without)\b"
_CLAUSE = re.compile(
    r"[;:.](?!\d)|"
    rf", (?:{_TURN}|(?=(?:and )?(?:there|no|the|it|both|neither|with|not|their|its|all|they)\b)|"
    r"(?:along with|which)\b)|"
    rf" (?:{_TURN}|(?:and|with) (?=(?:no|not|non|did not|was not|were not|had no|does not|approach\w+)\b))"
)
_ASIDE = Cue(
    r"\b(?:adverse|side[ -]effects?|safety|complications?|tolerability|tolerance|resistan\w+|dependence|withdrawals|"
    r"shiver\w*|grade 3|o?edema|"
    r"hypotension|nausea|vomiting|bradycardia|respiratory depression|infections?|cost\w*|toxicity|"
    r"ha?emodynamic\w*|aes?)\b"
)
_BASELINE = Cue(
    r"\bat (?:the beginning|entry)\b|"
    r"\bdemographic\w*|\bcharacteristics\b|\bat baseline\b|\bbaseline (?:values|data|variables|score)|"
    r"\b(?:before|prior to) (?:the )?(?:treatment|intervention|procedure|surgery)\b|\bage,? (?:and )?(?:sex|gender)\b|"
    r"\bage, \w+|\bwere (?:included|enrolled|recruited|randomised)\b|\bmean age\b|\bcompleted\b|\bgroups were similar\b"
)
_BETWEEN = Cue(
    r"\bthan\b|\bcompared\b|\bcomparison\b|\bversus\b|\bvs\b|\bbetween\b|\bamong\b|\bover (?:the )?(?:placebo|control)|"
    r"\brelative to\b|\bintergroup\b|\bacross (?:the )?\w* ?groups|\b(?:two|2|3|three) groups\b|\bin favou?r of\b|"
    r"\b(?:in|for|with) (?:the )?[\w+-]+ (?:group|arm)\b|\bsuperior|\bmore effective\b|\bbetter\b"
)
_EVERY_GROUP = Cue(
    r"\b(?:in|for|within) (?:both|each|all)(?: (?:the|of the|\d|treatment|study))* (?:groups?|arms?|conditions)\b|"
    r"\bboth (?:the )?(?:\w+ )?(?:groups|techniques|strategies|regimens|methods|treatments)\b|\bwith both\b|"
    r"\bboth [\w-]+ and [\w-]+ (?:\w+ ){0,2}(?:resulted|led|improved|reduced|produced|are|were)\b"
)
_FROM_BASELINE = Cue(r"\b(?:from|to|with|over|than) (?:the )?baseline\b|\bbefore and after\b|\bover time\b")
_ANAPHOR = re.compile(
    r"^\W*(?:and |that )?(?:this|these|it|they|that|such|the (?:effects?|differences?|improvements?|results?|changes?|"
    r"reductions?|same)|there (?:was|were) no|no (?:significant )?differences?|not|only)\b"
)
LATER = Cue(
    r"\b(?:further|future|larger|more) (?:[\w-]+ ){0,4}(?:stud|trial|research|work|investigat|evidence)|\bneeded\b|"
    r"\bwarranted\b|\brequired\b|\bneeds? (?:further|to be|confirm)|\bshould be (?:confirmed|studied|"
    r"investigated|assessed)"
)
_PRIMARY = Cue(r"\b(?:primary|main|principal) (?:study )?(?:outcome|end|efficacy|measure|variable)")
P_VALUE = Cue(r"\bp(?:[- ]?values?)?(?: for \w+)? ?(<|>|=|≤|≥|<=|>=) ?(0?\.\d+)")
_HEADING = re.compile(r"^\W*(?:results?|findings|conclusions?|discussion|interpretation)\W+")
_THAN_NUMBER = Cue(r"\b(?:more|less|greater|fewer|higher|lower|longer) than (?=\d|half)")
_EXCEPT = Cue(r",? (?:except|apart from|with the exception)\b[^;.]*")
_ALTHOUGH = re.compile(r"(?:al)?though |while |whereas |despite ")
_OF_STUDIES = Cue(
    r"\b(\d+) (?:out )?of (?:the )?(\d+) (?:[\w-]+ ){0,4}(?:studies|trials)\b.{0,60}\b(?:show|report|found|"
    r"improv|reduc|demonstrat|significan)"
)
_TAKEN_BACK = re.compile(
    r"\W*(?:this|these|the|it|they|not) ?(?:differences?|effects?|improvements?|reductions?|trends?|increases?)? ?"
    r"(?:(?:was|were|did|is|are|does) )?(?:not |statistically |n't |in)*(?:statistically )?(?:significan|"
    r"reach)|\W*not (?:statistically )?significan"
)
_IN_FAVOUR = Cue(r"\b(?:in favou?r of|favou?r(?:s|ed|ing)) (?:the )?([\w -]{2,30})")
_PREPOSITION = re.compile(r"\b(?:to|than|over|with|in)\b")
_NOT_THAT = re.compile(r"\W*not (?!only|merely|just|less|more|to )(?:in |on |for |at )?(?!the (?:control|placebo))\w")
_SUBJECT = re.compile(
    r"^(.{2,60}?) (?:was|were|is|are|had|has|showed|produced|provided|promotes?|gave|seems?|may|can|"
    r"significantly|reduced)"
    r"\b(.*)"
)
_ABOVE = Cue(r"\b(?:superior|better|more effective|earlier|less pain|lower pain)\b")
_OVER = Cue(r"\b(?:than|compared|respect to|versus|relative to)\b")
_MORE = Cue(
    r"\b(?:pain|mortality|deaths?|complications?|time to|duration of|length of|stay|bleeding|failures?|recurrence|"
    r"relapse|infections?|depression|anxiety|loss|consumption|requirements?|time)\b.{0,60}"
    r"\b(?:longer|higher|greater|more|increased|worse)\b(.{2,80}?)\b(?:than|compared|versus)\b(.+)"
)
_LONGER_IS_BETTER = Cue(r"\b(?:analgesi\w+|block\w*|surviv\w+|relief|request|remission|free|reduction|decrease)\b")


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a clause says: 1 claims a difference, 0 denies one, -1 favours the comparator.

    `topic` is the share of the words of the primary outcome that the clause holds; `between` tells whether it sets
    groups side by side; `rule` what it was read by.
    """

    side: int
    topic: float
    between: bool
    rule: Rule
    sentence: Sentence


class Comparator:
    """How a text names the comparator: the usual words, and what it says the control group was given.

    >>> comparator = Comparator("patients in the control group received ibuprofen")
    >>> comparator.named("better than ibuprofen"), comparator.leads("placebo group"), comparator.leads("drug x")
    (True, True, False)
    """

    def __init__(self, norm: str, words: int = ANY):
        found = [*_GIVEN_TO_CONTROLS.finditer(norm, words), *_VERSUS_STANDARD.finditer(norm, words)]
        self.words = {match.group(1) for match in found}

    def named(self, text: str, words: int = ANY) -> bool:
        """Whether a text names the comparator."""
        if _CONTROL.search(text, words):
            return True
        return bool(self.words) and not self.words.isdisjoint(_WORD.findall(text))

    def leads(self, text: str) -> bool:
        """Whether a text begins with the comparator's name."""
        first = _WORD.match(text)
        return _CONTROL.regex.match(text) is not None or (first is not None and first.group() in self.words)


_WORD = re.compile(r"[\w-]+")
_CONTROL = Cue(r"\b(?:controls?|placebo|sham|usual care|standard care|conventional|no treatment)\b")
_GIVEN_TO_CONTROLS = Cue(
    r"\bcontrol(?:led)? group[^.;]{0,30}?\b(?:received|had|got|underwent|was given)(?: an?| the| oral|"
    r" only)* ([\w-]{2,})"
)
_VERSUS_STANDARD = Cue(r"\b(?:versus|vs) (?:the )?(?:standard|conventional|usual) [^.;()]{2,60}\((\w+)\)")


def leanings(sentences: list[Sentence], topic: Topic, comparator: Comparator) -> Iterator[Leaning]:
    """The leanings of the sentences, clause by clause."""
    before = 0.0
    for sentence in sentences:
        norm, words = _HEADING.sub("", sentence.norm), sentence.words
        if LATER.search(norm, words) and not sentence.ours:
            continue
        norm = _EXCEPT.sub("", _THAN_NUMBER.sub("about ", norm, words), words)
        if _ALTHOUGH.match(norm):
            norm = norm.replace(", ", "; ", 1)
        primary = _PRIMARY.search(norm, words) is not None
        if part := _OF_STUDIES.search(norm, words):
            yield Leaning(1, topic.share(norm), True, SUPERIOR, sentence)
            if part.group(1) != part.group(2):
                yield Leaning(0, topic.share(norm), True, BOTH, sentence)
            continue
        said: list[Leaning] = []
        baseline = _BASELINE.search(norm, words) is not None
        for clause in _CLAUSE.split(norm):
            if baseline and _BASELINE.search(clause, words):
                break
            share = 1.0 if primary else topic.share(clause)
            if _ANAPHOR.match(clause):
                share = max(share, before)
            if found := _leaning(clause, words, sentence, share, topic, comparator):
                if said and said[-1].side == 1 and found.side == 0 and _TAKEN_BACK.match(clause):
                    said.pop()
                said.append(found)
                before = share
            elif said and said[-1].side == 1 and _NOT_THAT.match(clause):
                said.append(Leaning(0, share, said[-1].between, BOTH, sentence))
        yield from said


def _leaning(
    clause: str, words: int, sentence: Sentence, share: float, topic: Topic, comparator: Comparator
) -> Leaning | None:
    """What a clause says of the groups, if anything."""
    if _favours(clause, words, comparator):
        return Leaning(-1, share, True, AGAINST, sentence)
    for rule in (DENIES, ALIKE, SUPERIOR, CLAIMS, PRAISES, AGAINST):
        match = rule.search(clause, words)
        if match is None or _aside(clause, words, match, topic, 45 if rule is DENIES else 20):
            continue
        between = _BETWEEN.search(clause, words) is not None
        if rule in (DENIES, ALIKE):
            return Leaning(0, share, between, rule, sentence)
        if rule is AGAINST or AGAINST.search(clause, words, 0, match.end() + 15):
            return Leaning(-1, share, between, AGAINST, sentence)
        if not between and (_EVERY_GROUP.search(clause, words) or _FROM_BASELINE.search(clause, words)):
            return None
        if (p := P_VALUE.search(clause, words)) and p.group(1) in "=≥>" and float(p.group(2)) > 0.05:
            return Leaning(0, share, between, DENIES, sentence)
        return Leaning(1, share, between, rule, sentence)
    if (p := P_VALUE.search(clause, words)) and _BETWEEN.search(clause, words) and not _ASIDE.search(clause, words):
        significant = p.group(1) in ("<", "≤", "<=", "=") and float(p.group(2)) <= 0.05
        return Leaning(int(significant), share, True, SUPERIOR if significant else DENIES, sentence)
    return None


def _aside(clause: str, words: int, match: re.Match[str], topic: Topic, reach: int) -> bool:
    """Whether a match speaks of harms or the like, where these are not what the study is about."""
    found = _ASIDE.search(clause, words, 0, 40) if match.start() > 40 else None
    found = found or _ASIDE.search(clause, words, max(0, match.start() - 60), match.end() + reach)
    return found is not None and not topic.holds(found.group())


def _favours(clause: str, words: int, comparator: Comparator) -> bool:
    """Whether a clause sets the comparator above the intervention."""
    if (match := _IN_FAVOUR.search(clause, words)) and comparator.leads(match.group(1)):
        return True
    if not comparator.named(clause, words):
        return False
    match = _SUBJECT.match(clause)
    if match and comparator.named(match.group(1)) and not _PREPOSITION.search(match.group(1)):
        rest = match.group(2)
        if _ABOVE.search(rest, words) and not DENIES.search(clause, words):
            return True
        if _OVER.search(rest, words) and re.search(r"\breduc|\bimprov", rest) and not comparator.named(rest, words):
            return True
    match = _MORE.search(clause, words)
    return (
        match is not None
        and comparator.named(match.group(2))
        and not comparator.named(match.group(1))
        and _LONGER_IS_BETTER.search(clause, words) is None
        and DENIES.search(clause, words) is None
    )
