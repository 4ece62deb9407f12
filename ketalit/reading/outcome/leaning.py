"""What the clauses of a text say of its groups: that they differ, that they do not, or that the comparator is ahead.

Clauses about baseline, about harms (unless these are the outcome) and about change over time within every group say
nothing of the groups and are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...vocabulary import Confidence, Direction
from ..engine import TITLE, Rule, Sentence
from ..needs import ANY, Cue, words_in
from .numbers import holds_null
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
    r"find|found|reach\w*|achieve|advantag\w*|recommended|useful|relieve|worsen\w*|more|less|interact|predict\w*|maintained|"
    r"sustained|observed|seen|detect\w*|reveal\w*|attenuate\w*|suppress\w*|modif\w*|differentiate)\b|"
    r"(?:does|did|do|could) not (?!receive|complete|take|require|need|undergo|want|know|include|respond|meet|attend|"
    r"use|have|occur|experience|develop|only)\w+|"
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
    r"\b(?:similar(?:ly|ity)?(?! (?:scale|design|manner|way))|comparabl[ey](?! (?:group|patients|age))|"
    r"(?<!morphine )(?<!opioid )equivalen\w+|"
    r"equal(?:ly)?(?! (?:parts|volumes?|numbers?))|identical(?![ -](?:placebo|appear|capsules|tablets|design))|"
    r"non-?inferior(?:ity)?|(?:was|were|is|are|had|remained) the same|not inferior|just as|interchangeabl[ey]|"
    r"(?<!twice )(?<!times )as (?:(?:effective|efficacious|good|safe)(?: [\w-]+){1,10}? as|"
    r"(?!well\b|long\b|soon\b|far\b|much\b|many\b|low\b|high\b|early\b|an?\b|the\b|measured\b|compared\b)"
    r"(?:[\w-]+ (?:and|or) )?(?!well\b)[\w-]+ as(?! \d)))\b|\balternatives? to\b",
    "Drug X was as effective as drug Y.",
    "a clause that calls the treatments alike",
    Direction.NO_DIFFERENCE,
    ("similar", "comparabl", "equi", "equal", "identical", "inferior", "same", "as ", "interchang", "alternative"),
)
SUPERIOR = Rule(
    "direction/superior",
    r"\b(?:(?:more|most|highly|less) (?:effective|effectively|efficacious|successful|rapid|satisf\w+|beneficial|"
    r"pronounced|favou?rable|likely|helpful|potent|marked)\b|(?:superior|superiority|outperform\w*|better|best)\b|"
    r"(?:greater|faster|quicker|shorter|longer|lower|lowest|higher|highest|fewer|less|more|earlier|smaller|larger|"
    r"reduced|increased|decreased|improved|improvements?|reductions?|decreases?|increases?)\b"
    rf" {_ENTRY}{{0,30}}?(?:than|compared|versus|vs|relative to|over)\b|"
    r"(?:compared (?:with|to)|versus|relative to) [^;]{3,90}(?:\b(?:improv|reduc|decreas|increas|attenuat|prolong|"
    r"shorten|prevent|lower|higher|greater|enhanc)\w*)|"
    r"(?:significant|meaningful|marked|notable|substantial|considerable)(?:ly)? "
    rf"{_ENTRY}{{0,3}}?(?:differen\w+|higher|lower|shorter|longer|better|greater|fewer|less|more)\b|"
    r"differ(?:ed|s|ence was|ences were)? (?:statistically |highly )?significant|(?:twice|times) as \w+|"
    r"(?:was|were|is|are) (?:significantly |also |much )?(?:higher|lower|greater|longer|shorter|smaller|larger|less|"
    r"fewer|faster|earlier)\b|"
    r"(?:lower|higher|shorter|longer|fewer|less|greater|more)\b[^;]{0,60}\b(?:in|with|for|after) (?:the )?[^;]{2,40})",
    "Pain was lower with drug X than with placebo.",
    "a clause that sets one group above another",
    Direction.INTERVENTION,
    confidence=_LIKELY,
)
CLAIMS = Rule(
    "direction/claims",
    r"\b(?<!to )(?<!trend toward )(?<!trends toward )(?<!trends towards )(?:improv(?:e[sd]?|ing|ements?)|"
    r"reduc(?:e[sd]?|ing|tions?)|decreas(?:e[sd]?|ing)|attenuat\w+|alleviat\w+|enhanc(?:e[sd]?|ing|ement)|"
    r"prevent(?:s|ed|ing)?|suppress\w+|prolong(?:s|ed|ing)?|increas(?:e[sd]?|ing)|relie(?:f|ve[sd]?|ving)|"
    r"\w*protect\w*|facilitat\w+|favou?r(?:s|ed|ing)?\b(?! of)|minimi[sz]e\w*|ameliorat\w+|lower(?:s|ed|"
    r"ing)|augment\w*|"
    r"shorten\w*|promot(?:es?|ed)|inhibit(?:s|ed|ing|ion)|accelerat\w+|diminish\w*|lessen\w*|mitigat\w+|"
    r"restor(?:es?|ed)|"
    r"potentiat\w+|strengthen\w*|halt(?:s|ed))\b|\b(?:was|were) (?:statistically |highly )?significant\b|"
    r"\b(?:significant|substantial|marked)(?:ly)? (?:[\w-]+ ){0,3}?(?:effects?|gains?|changes?|affected|associat\w+|"
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
    r"\b(?<!non-)(?<!with )(?<!of )(?:worse|inferior|harmful|deleterious|detrimental|aggravate[ds]?|exacerbate[ds]?|"
    r"worsen(?:s|ed|ing)?|impair(?:s|ed)|"
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
    r";(?!\d)|:(?!\d)|\.(?!\d)|"  # alternatives that begin with a sign let the search leap
    rf", (?:{_TURN}|(?=(?:and )?(?:there|no|the|it|both|neither|with|not|their|its|all|they)\b)|"
    r"(?:along with|which)\b)|"
    rf" (?:{_TURN}|(?:and|with) (?=(?:no|not|non|did not|was not|were not|had no|does not|approach\w+)\b))"
)
_ASIDE = Cue(
    r"\b(?:adverse|side[ -]effects?|safety|complications?|toler\w+|resistan\w+|dependence|withdrawals|"
    r"shiver\w*|grade [34]|o?edema|"
    r"hypotension|nausea|vomiting|bradycardia|respiratory depression|infections?|cost\w*|toxic\w*|"
    r"ha?emodynamic\w*|aes?)\b"
)
_EFFICACY = Cue(r"\befficac\w+ (?:and|or)\b|\b(?:and|or) efficac|\b(?:and|as) effective\b")
_BASELINE = Cue(
    r"^\W*(?:mean )?baseline\b|"
    r"\b(?:at (?:the beginning|entry|baseline)|demographic\w*|characteristics|baseline (?:values|data|variables|score)|"
    r"(?:before|prior to) (?:the )?(?:treatment|intervention|procedure|surgery)|age,? (?:and )?(?:sex|gender)|age, \w+|"
    r"were (?:included|enrolled|recruited|randomised)|mean age|completed|groups were similar)\b"
)
_BETWEEN = Cue(
    r"\b(?:than\b(?! (?:the )?(?:baseline|before))|compared\b(?! (?:with|to) (?:the )?(?:baseline|pre|before))|"
    r"comparison\b|versus\b|vs\b|between\b|among\b|over (?:the )?(?:placebo|control)|relative to\b|intergroup\b|"
    r"across (?:the )?\w* ?groups|(?:two|2|3|three) groups\b|respectively\b|in favou?r of\b|"
    r"(?:in|for|with) (?:the )?[\w+-]+ (?:group|arm)\b|superior|more effective\b|better\b)"
)
_COMPARISON = Cue(r"\b(?:than|versus|vs|between|more)\b|\b(?:compar|differ|superior)")
_EVERY_GROUP = Cue(
    r"\b(?:in|for|within) (?:both|each|all)(?: (?:the|of the|\d|treatment|study))* (?:groups?|arms?|conditions?)\b|"
    r"\bboth (?:the )?(?:\w+ (?:and (?:the )?\w+ )?)?(?:groups|techniques|strategies|regimens|methods|treatments)\b|"
    r"\bwith both\b|"
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
_PLANNED = Cue(  # what was asked, not what was found
    r"^\W*(?:limitations?|of (?:the )?\d+ (?:\w+ ){1,2}(?:randomised|enrolled|screened))\b|"
    r"\b(?:(?:determin|assess|evaluat|examin|test|investigat|clarif|establish|ask|explor|stud)\w* (?:whether|if|"
    r"the hypothes\w+)\b|"
    r"(?:we|was|were) (?:\w+ )?hypothesi[sz]ed|(?:aim|purpose|objective)s? (?:of|was|were)\b|"
    r"(?:was|were|is) (?:defined as|aimed)\b|designed to\b|(?:is|are) discussed\b)"
)
_DONE = Cue(  # what was done, unless something was found by it
    r"\b(?:(?:was|were) (?:measured|assessed|evaluated|recorded|monitored|randomised|given|administered|calculated|"
    r"performed|allocated|treated|prepared|enrolled|added)|received|we (?:administer|randomis|assign|assess|measur|"
    r"evaluat|stud|compare|examin|investigat)\w*)\b"
)
_NAMES = Cue(  # what was to be measured
    r"\b(?:primary|main|principal) (?:[\w-]+ ){0,8}?(?:was|were|is|are|included|measures?:?) (?:the|an?|to|assessed|"
    r"measured|improvement|changes?|reduction|pain|time|mean|proportion|incidence|number|patient)\b"
)
_FOUND = Cue(r"\bp ?[<=>≤≥]|signific|differ|\b(?:than|no|not|similar\w*)\b|n't")
_CHANGED = Cue(r"\b(?:improve|reduce|decrease|increase)")
NAMED, SECONDARY = 2.0, -1.0  # the topic of a clause whose sentence says "primary outcome", or "secondary"
_PRIMARY = Cue(r"\b(?:primary|main|principal) (?:study )?(?:outcome|end|efficacy|measure|variable)")
_SECONDARY = re.compile(
    r"\W*(?:(?:however,|in|for|on|the|of|all|most|any|a|an|our) )*(?:secondary|explorat\w+|post[- ]hoc|subgroup)"
)
P_VALUE = Cue(r"p(?<!\wp)(?:[- ]?values?)?(?: for \w+)?:? ?(<|>|=|≤|≥|<=|>=) ?(0?\.\d+)")
_HEADING = re.compile(r"^\W*(?:results?|findings|conclusions?|discussion|interpretation)\W+")
_THAN_NUMBER = Cue(r"\b(?:more|less|greater|fewer|higher|lower|longer) than (?=\d|half)")
_EXCEPT = Cue(r",? (?:except|apart from|with the exception)\b[^;.]*")
_OPENING = re.compile(  # "compared with placebo, the …": no clause of its own
    r"^\W*(?:(?:however|moreover|furthermore|overall|in addition|in contrast|also|finally|similarly),? )?"
    r"((?:in|for|at|after|among|with|during|on|by|compared|relative|following|over|when) [^,;:]{3,120}),? "
    r"(?=(?:there|no|the|it|both|neither|their|its|all|they)\b)"
)
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
_NO_DIFFERENCE = re.compile(
    r"\W*(?:with(?:out)?|there (?:was|were))? ?(?:no|not|any)?\W*(?:statistically |significant |between-group )*differ"
)
_IN_FAVOUR = Cue(r"\b(?:in favou?r of|favou?r(?:s|ed|ing)) (?:the )?([\w -]{2,30})")
_PREPOSITION = re.compile(r"\b(?:to|than|over|with|in)\b")
_NOT_THAT = re.compile(r"\W*not (?!only|merely|just|less|more|to )(?:in |on |for |at )?(?!the (?:control|placebo))\w")
_SUBJECT = re.compile(
    r"^(.{2,60}?) (?:was|were|is|are|had|has|showed|produced|provided|promotes?|gave|seems?|may|can|"
    r"significantly|reduced)"
    r"\b(.*)"
)
_ABOVE = Cue(r"\b(?:twice as|superior|better|more effective|less pain|lower pain)\b")
_OVER = Cue(r"\b(?:than|compared|respect to|versus|relative to)\b")
_MORE = Cue(
    r"\b(?:pain|mortality|deaths?|complications?|time to|duration of|length of|stay|bleeding|failures?|recurrence|"
    r"relapse|infections?|depression|anxiety|loss|consumption|requirements?|time)\b.{0,60}"
    r"\b(?:longer|higher|greater|more|increased|worse)\b(.{2,80}?)\b(?:than|compared|versus)\b(.+)"
)
_LONGER_IS_BETTER = Cue(
    r"\b(?:analgesi\w+|block\w*|surviv\w+|relie[fv]\w*|request|remission|free|reductions?|decreases?|improve\w*|benefits?|"
    r"recover\w*|success|response|threshold|satisf\w+|quality|tolerance|effect\w*)\b"
)


_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a clause says: 1 claims a difference, 0 denies one, -1 favours the comparator.

    `topic` is the share of the words of the primary outcome that the clause holds; `between` tells whether it sets
    groups side by side; `rule` what it was read by; `items` which of several primary outcomes it is about.
    """

    side: int
    topic: float
    between: bool
    rule: Rule
    sentence: Sentence
    items: frozenset[int] = _NONE


class Comparator:
    """How a text names the comparator: the usual words, and what it says the control group was given.

    >>> comparator = Comparator("patients in the control group received ibuprofen")
    >>> comparator.named("better than ibuprofen"), comparator.leads("placebo group"), comparator.leads("drug x")
    (True, True, False)
    """

    def __init__(self, norm: str, words: int = ANY, title: str = ""):
        found = [*_GIVEN_TO_CONTROLS.finditer(norm, words), *_VERSUS_STANDARD.finditer(norm, words)]
        self.words = {match.group(1) for match in found}
        if match := _SET_AGAINST.search(title, words):  # "drug x versus drug y": y is the comparator
            first, second = title[: match.end()], _NAME_ENDS.split(title[match.end() :], 1)[0]
            names = set(_WORD.findall(second)).difference(_WORD.findall(first), _GENERAL)
            self.words |= {name for name in names if len(name) > 4}

    def named(self, text: str, words: int = ANY) -> bool:
        """Whether a text names the comparator."""
        if _CONTROL.search(text, words):
            return True
        return bool(self.words) and not self.words.isdisjoint(_WORD.findall(text))

    def leads(self, text: str) -> bool:
        """Whether a text begins with the comparator's name."""
        first = _WORD.match(text)
        return _CONTROL.regex.match(text) is not None or (first is not None and first.group() in self.words)

    def alone(self, clause: str, words: int = ANY) -> bool:
        """Whether a clause tells of the comparator's group only, as "no change in the control group" does."""
        match = _OF_A_GROUP.search(clause, words)
        return match is not None and self.leads(clause[match.end() :])


_WORD = re.compile(r"[\w-]+")
_OF_A_GROUP = Cue(
    r"(?:^\W*|\b(?:in|among|with|for|of|after|by) )(?:(?:the|those|group \w|patients|women|men|subjects|participants|"
    r"children|given|receiving|treated|assigned to|on|in|with)\W+)*(?=(?:controls?|placebo|sham|usual care)\b"
    r"(?!(?: groups?)?,? (?:and|or)\b))"
)
_CONTROL = Cue(r"\b(?:controls?|placebo|sham|usual care|standard care|conventional|no treatment)\b")
_SET_AGAINST = Cue(
    r" (?:versus|vs|compared (?:with|to)) |\bcompar(?:ing|ison of) (?:[^:.? ]+ ){1,12}?(?:with|to|versus|vs) "
)
_NAME_ENDS = re.compile(r" (?:for|in|on|during|after|as|to|among|following|by)\b|[:.,?]")
_GENERAL = frozenset(
    {"therapy", "treatment", "surgery", "analgesia", "patients", "group", "block", "infusion", "standard"}
)
_GIVEN_TO_CONTROLS = Cue(
    r"control(?:led)? group[^.;]{0,30}?\b(?:received|had|got|underwent|was given)(?: an?| the| oral|"
    r" only)* ([\w-]{2,})"
)
_VERSUS_STANDARD = Cue(r"\b(?:versus|vs) (?:the )?(?:standard|conventional|usual) [^.;()]{2,60}\((\w+)\)")


def leanings(sentences: list[Sentence], topic: Topic, comparator: Comparator, most: int = 1000) -> list[Leaning]:
    """The leanings of the sentences, clause by clause, the first `most` of them."""
    before = 0.0
    said: list[Leaning] = []
    for sentence in sentences:
        if len(said) >= most:
            break
        heading = _HEADING.match(sentence.norm)
        norm, words = sentence.norm[heading.end() if heading else 0 :], sentence.words
        primary = _PRIMARY.search(norm, words) is not None
        if (LATER.search(norm, words) and not sentence.ours) or _tells_nothing(norm, words, names=primary):
            continue
        norm = _EXCEPT.sub("", _THAN_NUMBER.sub("about ", norm, words), words)
        if opening := _OPENING.match(norm):
            norm = f"{opening.group(1)} {norm[opening.end() :]}"
        if _ALTHOUGH.match(norm):
            norm = norm.replace(", ", "; ", 1)
        secondary = _SECONDARY.match(norm) is not None
        if part := _OF_STUDIES.search(norm, words):
            said.append(Leaning(1, topic.share(norm), True, SUPERIOR, sentence))
            if part.group(1) != part.group(2):
                said.append(Leaning(0, topic.share(norm), True, BOTH, sentence))
            continue
        baseline = _BASELINE.search(norm, words) is not None
        clauses = _CLAUSE.split(norm)
        for clause in clauses:
            told = words_in(clause) if len(clauses) > 1 else words
            if baseline and _BASELINE.search(clause, told):
                continue
            last = said[-1] if said and said[-1].side == 1 else None
            read = _leaning(clause, told, topic, comparator)
            taken = read is None and last and last.sentence is sentence and _NOT_THAT.match(clause)
            if not (read or taken):
                continue
            shares = topic.shares(clause)
            share = NAMED if primary else SECONDARY if secondary else max(shares, default=0.0)
            if _ANAPHOR.match(clause):
                share = max(share, before)
            if read:
                side, between, rule = read
                items = frozenset(place for place, one in enumerate(shares) if one >= 0.5) if len(shares) > 1 else _NONE
                found = Leaning(side, share, between, rule, sentence, items)
                if last and side == 0 and (_TAKEN_BACK.match(clause) or _within_groups(last, found, clause)):
                    said.pop()
                said.append(found)
                before = share
            elif last:
                said.append(Leaning(0, share, last.between, BOTH, sentence))
    return said[:most]


def _tells_nothing(norm: str, words: int, *, names: bool) -> bool:
    """Whether a sentence, which may name the primary outcome, says what was asked or done, and not what was found."""
    if _PLANNED.search(norm, words):
        return True
    done = (names and _NAMES.search(norm, words)) or (_DONE.search(norm, words) and not _CHANGED.search(norm, words))
    return bool(done) and _FOUND.search(norm, words) is None


def _within_groups(last: Leaning, found: Leaning, clause: str) -> bool:
    """Whether the change claimed before was one over time: "pain fell, with no difference between the groups"."""
    same = found.sentence is last.sentence and found.between and not last.between
    return same and _NO_DIFFERENCE.match(clause) is not None


def _leaning(clause: str, words: int, topic: Topic, comparator: Comparator) -> tuple[int, bool, Rule] | None:
    """What a clause says of the groups, if anything: side, whether it sets them side by side, and rule."""
    named = comparator.named(clause, words)
    if _favours(clause, words, comparator, named=named):
        return -1, True, AGAINST
    if named and comparator.alone(clause, words) and not _COMPARISON.search(clause, words):
        return None
    denied = denied_to = -1  # "no difference in nausea" claims none
    for rule in (DENIES, ALIKE, SUPERIOR, CLAIMS, PRAISES, AGAINST):
        match = rule.search(clause, words)
        if match is None or denied <= match.start() < denied_to:
            continue
        if _aside(clause, words, match, topic, 45 if rule is DENIES else 20):
            if rule is DENIES:
                denied, denied_to = match.span()
            continue
        between = _BETWEEN.search(clause, words) is not None
        if (
            rule is ALIKE
            and (ahead := SUPERIOR.search(clause, words, 0, match.start()))
            and _OVER.search(ahead.group(), words)
        ):
            return 1, between, SUPERIOR  # "better than placebo and similar to drug y"
        if rule in (DENIES, ALIKE):
            return 0, between, rule
        if rule is AGAINST or AGAINST.search(clause, words, 0, match.end() + 15):
            return -1, between, AGAINST
        if not between and (_EVERY_GROUP.search(clause, words) or _FROM_BASELINE.search(clause, words)):
            return None
        if rule is CLAIMS and _EVERY_GROUP.search(clause, words) and not _COMPARISON.search(clause, words):
            return None
        if (p := P_VALUE.search(clause, words)) and p.group(1) in "=≥>" and float(p.group(2)) > 0.05:
            return 0, between, DENIES
        if "95" in clause and not p and holds_null(clause):
            return 0, between, DENIES
        return 1, between, rule
    if (p := P_VALUE.search(clause, words)) and _BETWEEN.search(clause, words) and not _ASIDE.search(clause, words):
        significant = p.group(1) in ("<", "≤", "<=", "=") and float(p.group(2)) <= 0.05
        return int(significant), True, SUPERIOR if significant else DENIES
    return None


def _aside(clause: str, words: int, match: re.Match[str], topic: Topic, reach: int) -> bool:
    """Whether a match speaks of harms or the like, where these are not what the study is about."""
    found = _ASIDE.search(clause, words, 0, 40) if match.start() > 40 else None
    found = found or _ASIDE.search(clause, words, max(0, match.start() - 60), match.end() + reach)
    return found is not None and not topic.holds(found.group()) and not _EFFICACY.search(clause, words)


def _favours(clause: str, words: int, comparator: Comparator, *, named: bool) -> bool:
    """Whether a clause, which may name the comparator, sets it above the intervention."""
    if (match := _IN_FAVOUR.search(clause, words)) and comparator.leads(match.group(1)):
        return True
    if not named:
        return False
    match = _SUBJECT.match(clause)
    if match and comparator.named(match.group(1)) and not _PREPOSITION.search(match.group(1)):
        rest = match.group(2)
        if _ABOVE.search(rest, words) and not comparator.named(rest, words) and not DENIES.search(clause, words):
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
