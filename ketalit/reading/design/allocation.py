"""Rules that tell how subjects came to their treatments: by chance or not, and in which structure."""

from __future__ import annotations

from ...vocabulary import Design
from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Rule
from .words import CLUSTERS, LIKELY, NOW, NOW_OR_OWN, OWN, PERSON, UNCLEAR, any_of, keys

RANDOM_ALLOCATION = (
    Rule(
        "randomised/title",
        any_of(
            r"\b(?<!non-)(?<!non )(?<!quasi-)(?<!quasi )(?<!mendelian )randomi[sz]ed?\b(?! to\b)(?!,? "
            r"(?:[\w-]+,? ){0,3}trials\b)",
            r"\brandomisation\b",
            r"\brandomly\b",
            r"\brcts?\b",
        ),
        "Drug X for pain: a randomised study",
        "the title says that allocation was at random",
        True,
        zones=(TITLE,),
    ),
    Rule(
        "randomised/allocated-at-random",
        any_of(
            r"\b(?:after|following|before|upon|prior to|at|since|from) (?:the )?randomisation\b",
            r"\b(?:were|was|been|be|are) (?:[\w-]+ ){0,3}?randomis(?:ed|ly)"
            r"(?!,? (?:(?!to\b|in|between\b|across\b|from\b|by\b|with)[\w-]+,? ){0,3}(?:trials|studies)\b)",
            r"\b(?<!not )random\w{0,3}ly,? (?:and [\w-]+ )?(?:assign|allocat|divid|distribut|receiv|enrol|split|"
            r"given|treat|categori|classif|group|plac|to|into|administ|separat|assort|designat|either|"
            r"prescrib|injected|underwent|subdivid|ordered|selected to (?:receive|undergo|have|one)|allot|"
            r"in(?:to)? (?:two|three|\d|one))",
            r"\b(?:assign|allocat|divid|distribut|split|group|given|administ|separat|allot|"
            r"order)\w* (?:[\w-]+ ){0,4}?(?:randomly|at random|by random|on a random)",
            r"\bat random\b",
            r"\brandomly, ",
            r"\brandom (?:[\w-]+ )?(?:assignment|allocation|order|sequence|fashion|number|division|distribution|"
            r"manner)\b",
            r"\brandomis(?:ed|ation) (?:to|into|in|between|was|with|using|by|after|at|according|and|for|"
            r"either|sequence|order|schedule)\b",
            r"\brandom(?:ised)?,? (?:and )?[\w-]+ (?:order|sequence)\b",
        ),
        "Sixty patients were randomly assigned to two groups.",
        "subjects were put into groups by chance",
        True,
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "randomised/we-randomised",
        any_of(
            r"\bwe (?:[\w-]+ )?randomis(?:ed|ly)",
            r"\brandomis(?:ed|ation) (?:of )?\d",
            r"\b\d+ (?!(?:[\w-]+,? ){0,6}?(?:trials|studies|articles|reports|papers|citations)\b)"
            r"(?:[\w-]+ ){0,6}randomis(?:ed|ation)\b",
        ),
        "We randomised 60 patients to drug X or placebo.",
        "the authors randomised subjects",
        True,
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "randomised/design-words",
        any_of(
            r"(?<!non)(?<!non-)(?<!non )(?<!quasi-)(?<!mendelian )\brandomised\b,?(?:[ /-](?:and |"
            r", )?[\w-]+,?){0,6}?[ -](?:trial|study|design|experiment|comparison|protocol|rct|fashion|"
            r"manner|test|evaluation|investigation|pilot)\b",
            r"\b(?:trial|study|design|comparison|fashion|manner)\b[^.;]{0,40}\brandomised\b",
            r"\brct\b",
            r"\brandom(?:ised)?,? (?:double|single|triple)[ -]blind(?!\w*,? (?:[\w-]+,? ){0,4}(?:trials|studies)\b)",
            r"^(?:prospective,? )?randomised\b",
        ),
        "This was a prospective, randomised, controlled trial.",
        "the study calls itself randomised",
        True,
        keys=keys("random|rct"),
        zones=(AIM, METHODS, UNKNOWN, BACKGROUND, RESULTS, CONCLUSION),
    ),
    Rule(
        "randomised/was-done",
        any_of(
            r"\brandomised,? (?:[\w-]+,? ){0,5}(?:study|trial)\b[^.;]{0,120}\b(?:was|were) (?:performed|conducted|done|"
            r"carried|undertaken|designed|set up)",
            r"\b[2-9] (?:[\w-]+,? ){0,3}?randomised,? (?:[\w-]+,? ){0,5}(?:studies|trials) were (?:performed|conducted|"
            r"done|carried|undertaken|designed|set up)",
            r"\b(?:this (?:article|paper|report)|we) (?:describe|report|present)s? (?:the results of )?"
            r"(?:[\w-]+,? ){0,3}?randomised,? (?:[\w-]+,? ){0,5}(?:studies|trials)\b",
            r"\bin [2-9] (?:[\w-]+,? ){0,4}?randomised,? (?:[\w-]+,? ){0,4}?(?:studies|trials),? (?:\d+ )?"
            rf"{PERSON}\b",
        ),
        "A prospective randomised study of 50 patients was performed.",
        "a randomised study was done",
        True,
        zones=(AIM, METHODS, UNKNOWN),
        ours=False,
    ),
    Rule(
        "randomised/counted",
        r"^(?![^.;]*\b(?:previous|earlier|prior|recent|past)(?:ly)?\b).*?\b\d+ (?:[\w-]+,? ){0,8}?(?:were|was) "
        r"(?:then )?random(?:ised|ly)\b",
        "The aim was to compare drugs in major surgery; 60 patients were randomly assigned to drug X or drug Y.",
        "subjects of no other study were counted and put into groups",
        True,
        zones=(AIM, UNKNOWN),
        ours=False,
    ),
    Rule(
        "randomised/conclusion-words",
        r"\b(?:this|our|present) (?:[\w-]+,? ){0,5}randomised\b",
        "This randomised trial showed no effect.",
        "the authors call their own study randomised",
        True,
        zones=(CONCLUSION, RESULTS),
        ours=False,
    ),
    Rule(
        "randomised/title-placebo-controlled",
        r"\bplacebo-controlled\b",
        "Drug X for pain: a placebo-controlled study",
        "a study controlled with a placebo is hardly ever allocated otherwise, but the title does not say so",
        True,
        zones=(TITLE,),
        confidence=LIKELY,
    ),
)

_BLIND = r"\b(?:(?:double|triple)[ -]?(?:blind|mask)\w*\b|(?:placebo|sham)[ -]controlled\b)"
# "Double-blind, placebo-controlled trials" are those of others, or those that a review tells of.
_NOT_SEVERAL = (
    r"(?!(?:,? (?:and |or )?(?:[\w-]*controlled|randomised|clinical|multi-?cent(?:er|re)|cross-?over|parallel-group|"
    r"comparative|phase \w+|double-blind|prospective))*,? (?:trials|studies|environment)\b)"
)

BLINDED = Rule(
    "randomised/blinded",
    any_of(
        rf"{_BLIND}{_NOT_SEVERAL}",
        r"\bdouble[ -]dummy\b",
        r"\bobserver[ -]blind",
        r"\bsingle[ -]?(?:blind|mask)\w*[^.;]{0,40}\b(?:parallel|crossover|cross-over|trial|study)",
        r"\beither [^.;]{2,60} or (?:[\w-]+ )?placebo\b",
        r"\b(?:received|given|treated|with) (?:[\w-]+ )?placebo or\b",
    ),
    "A double-blind, placebo-controlled study in ten adults.",
    "a blinded comparison is a trial, though it does not say how it allocated",
    keys=keys("blind|mask|placebo|sham|dummy"),
    zones=NOW_OR_OWN,
    confidence=LIKELY,
)

BLINDED_HERE = Rule(
    "randomised/blinded-here",
    r"^(?![^;]*\b(?:need|require|warrant|should|future|previous|confirm|further|larger|earlier|prior|recent|published|"
    r"participation|participated))[^;]*?(?:^|\b(?:an?|this|the|our) )(?:[\w-]+,? ){0,6}?"
    rf"{_BLIND},? (?:[\w-]+,? ){{0,6}}?(?:trial|study|design|fashion|manner|comparison|conditions)\b"
    r"(?! (?:has|have)\b)",
    "Drug X was given to ten adults in a double-blind fashion.",
    "an abstract without headings that opens with one blinded study tells of its own",
    zones=(AIM, UNKNOWN, BACKGROUND),
    ours=False,
    confidence=LIKELY,
)

ALTERNATIVES = (
    Rule(
        "randomised/or-placebo",
        any_of(
            r"\b(?:receiv|giv|treat|assign|allocat|administ|inject|infus|tak|took|us|add)\w*\b[^.;]{0,90}? "
            r"(?:or|and|versus|vs\.?|than|with|to) (?:[\w-]+ ){0,2}placebo\b",
            r"\bplacebo[ -](?:group|arm|treated|recipients|patients|subjects|condition|session|phase|period)",
            r"\b(?:compared (?:with|to)|versus|vs\.?|than(?: with| on| after)?) (?:[\w-]+ ){0,2}placebo\b",
            r"\bcompar(?:ed?|ing|ison)\b[^;]{0,140}? (?:and|or|with|to|versus|vs) (?:[\w-]+ ){0,2}placebo\b",
        ),
        "Patients were treated with drug X or placebo.",
        "one group had a placebo, which is hardly given but by chance",
        keys=keys("placebo"),
        zones=OWN,
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/placebo-in-results",
        r"\bplacebo[ -](?:groups?|arm|treated|recipients|patients|subjects)\b|"
        r"\b(?:compared (?:with|to)|versus|vs\.?|than(?: with| on| after| in)?) (?:[\w-]+ ){0,2}placebo\b",
        "Pain was less with drug X than with placebo (p < 0.05).",
        "the results are set against a placebo, which is hardly given but by chance",
        zones=(RESULTS,),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/either-or",
        rf"\b(?:{PERSON}|subjects|all|group|those)\b[^.;]{{0,120}}? (?:received|receive|(?<!were )(?<!are )receiving|"
        r"given|treated|assigned|allocated|instructed|administered|fed|took|consumed|supplemented) (?:to |with |by |"
        r"(?:\d|daily|oral|intravenous)[\w. ]* )?either (?!once|alone)[^.;]{3,100}? or\b",
        "Patients were treated with either drug X or drug Y.",
        "each subject could have had either treatment, which is hardly said but of allocation by chance",
        zones=(AIM, METHODS, UNKNOWN, BACKGROUND),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/blinded-studies",
        rf"\b(?:[2-9]|both|our|these) (?:[\w-]+,? ){{0,4}}?{_BLIND},? (?:[\w-]+,? ){{0,5}}?(?:trials|studies)\b,?"
        rf"(?: (?:involving|of|in|with))? (?:were|was|(?:a total of )?\d+ (?:[\w-]+,? ){{0,3}}?{PERSON})\b",
        "Two double-blind studies were done.",
        "one work reports several blinded comparisons",
        zones=(AIM, METHODS, UNKNOWN, BACKGROUND),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/or-saline",
        r"\b(?:receiv|giv|inject|infus|infiltrat|treat|combin|administ|add|either)\w*\b(?:[^.;]|\.\d){0,140}?"
        r" (?:or|versus|vs\.?) (?:(?:an|equal|the|same|volume|of|normal|physiological|isotonic|\d[\d.]*|ml|%|with)"
        r"[ -]?){0,6}saline\b",
        "The wound was infiltrated with 10 ml of 0.5% drug X or saline.",
        "salt water stood in for a placebo, which is hardly given but by chance",
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/or-without",
        rf"\b(?:{PERSON}|subjects|all|group|those)\b[^.;]{{0,120}}?(?<!who) (?:received|receive|given|administered|"
        r"treated with|instructed to|exposed to)\b[^.;]{2,100}? or (?:(?:an?|the|to) )?(?:no |"
        r"non(?!steroid|opioid|e\b)[\w-]+ |usual |standard |conventional |routine |sham |attention |control |"
        r"wait(?:ing)?[- ]?list)",
        "Patients received massage or usual care.",
        "each subject could have had a treatment or gone without, which is hardly said but of allocation by chance",
        zones=(AIM, METHODS, UNKNOWN),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/trial-words",
        any_of(
            r"\bwait(?:ing)?[- ]?list (?:control|condition|group|comparison)",
            r"\bnon-?inferior(?:ity)?\b",
            r"\btreatment allocation\b",
        ),
        "Those in the waiting-list group had no treatment.",
        "the words belong to trials with allocation by chance",
        keys=keys("list|inferior|allocation"),
        zones=(AIM, METHODS, RESULTS, UNKNOWN),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/or-with-sizes",
        r"(?<!who )\b(?:(?:received|given|receive|treated with|administered|combined with|infiltrated with|injected)\b|"
        r"with \d[\d.]* ?(?:mg|microg|micrograms?|µg|mcg|ml|%))"
        r"(?:[^.;]|\.\d|; ?n ?=){0,140}?\bn ?= ?\d+\)(?:[^.;]|\.\d){0,160}?\b(?:or|versus|vs) "
        r"(?:[^.;]|\.\d|; ?n ?=){0,140}?\bn ?= ?\d+\)",
        "At induction patients received drug X (n = 20) or drug Y (n = 21).",
        "as many had the one treatment as the other, which is hardly so but by allocation by chance",
        zones=(AIM, METHODS, RESULTS, UNKNOWN),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/assigned-to-receive",
        r"\b(?:assigned|allocated|allotted)(?: [\w-]+){0,3}? to (?:receive|undergo|treatment with|1 of \d|one of)\b",
        "Patients were allocated to receive drug X or drug Y.",
        "whoever assigns people to treatments hardly does so but by chance",
        zones=(AIM, METHODS, UNKNOWN),
        confidence=UNCLEAR,
    ),
    Rule(
        "randomised/one-group-or-other",
        r"\bgroup (?:i|1|a)\)[^.;]{0,120}\bor\b[^.;]{0,120}\bgroup (?:ii|2|b)\b",
        "Patients were treated with drug X (group A) or drug Y (group B).",
        "each subject could have had either treatment, which is hardly said but of allocation by chance",
        zones=(AIM, METHODS, UNKNOWN),
        confidence=UNCLEAR,
    ),
)

ASSESSED_BLIND = Rule(
    "randomised/assessed-blind",
    any_of(
        r"\bblind(?:ed)? (?:[\w-]+ )?(?:observer|investigator|assessor|evaluator|rater|examiner|assessment)s?\b",
        r"\b(?:observer|investigator|assessor|evaluator|rater|examiner|nurse)s?,? (?:who )?(?:(?:was|were) )?"
        r"(?:[\w-]+ )?(?:blind(?:ed)?|masked|unaware)\b",
    ),
    "Drug X was given to group A; a blinded observer scored pain.",
    "who scored did not know the group, as in a trial with allocation by chance",
    zones=(AIM, METHODS, UNKNOWN),
    confidence=UNCLEAR,
)

CROSSED = Rule(
    "design/crossed-over",
    any_of(
        r"\bcross-?over,? (?:[\w-]+,? ){0,4}?(?:trial|study|design|fashion|manner|experiment)\b",
        r"\bcounterbalanced\b",
        r"\blatin[ -]square\b",
        r"\b(?:each|every|all) (?:subject|patient|participant|volunteer|person)s? (?:received|underwent|had|took|"
        r"consumed|(?:was|were) given|completed) (?:each|all|both|the \d|\d) (?:of the )?(?:[\w-]+ ){0,2}(?:"
        r"treatments?|drugs|doses|conditions|diets|interventions|regimens?)\b",
    ),
    "Drugs X and Y were given in a two-way crossover study.",
    "the order of the treatments in a crossover study is hardly set but by chance",
    Design.CROSSOVER_RCT,
    keys=keys("cross|counterbal|latin|each |every |all "),
    zones=(TITLE, AIM, METHODS, UNKNOWN),
    confidence=UNCLEAR,
)

NOT_RANDOM = Rule(
    "randomised/said-not",
    any_of(
        r"\bnon-? ?randomis",
        r"\bnot (?:be |been )?randomis",
        r"\bwithout randomis",
        r"\bunrandomis",
        r"\bquasi-? ?(?:experiment|random)",
        r"\bnonrandom\b",
        r"\bhistorical controls?\b",
        r"\bbefore[- ]and[- ]after (?:study|trial|design|comparison)",
        r"\bpre-?post (?:study|design)",
        r"\bsingle[- ]arm\b",
        r"\buncontrolled (?:trial|study)",
        r"\bobservational\b",
    ),
    "This non-randomised study compared two hospitals.",
    "the text says that allocation was not at random",
    False,
    zones=(TITLE, AIM, METHODS, UNKNOWN, BACKGROUND),
)

CROSSOVER = Rule(
    "design/crossover",
    any_of(
        r"\bcross(?:ed)?[ -]?over\b",
        r"\bown controls?\b",
        r"\bin (?:a )?random(?:ised)? (?:order|sequence)",
        r"\bcounterbalanced?\b",
        r"\border of (?:[\w-]+ ){0,5}(?:was|were) (?:[\w-]+ )?random",
        r"\brandomised sequence",
        r"\brandomi[\w ,-]{0,24}counterbal",
        r"\b(?:periods?|occasions|visits|sessions) (?:[\w-]+ ){0,4}(?:separated|at least \d|\d+ (?:days|"
        r"weeks) apart)",
        r"\bwash-?out\b[^.;]{0,60}\b(?:between|separat|periods?\b.{0,20}\beach)|"
        r"\b(?:separated|followed|after|interval)[^.;]{0,40}\bwash-?out\b[^.;]{0,60}\b(?:then|other|second|next|alternat|cross)",
        r"\b(?:separated|divided) by [^.;]{0,40}\bwash-?out",
        r"\blatin[ -]square",
        r"\b(?:repeated[- ]measures?|within[- ]subjects?) (?:[\w-]+ ){0,2}(?:design|crossover)",
    ),
    "Twelve patients took part in a randomised crossover study.",
    "each subject had more than one treatment",
    Design.CROSSOVER_RCT,
    keys=keys("cross|own control|order|sequence|counterbal|wash|latin|separated|apart|within|repeated|at least"),
    zones=(*NOW, BACKGROUND, CONCLUSION),
)

PARALLEL = Rule(
    "design/parallel",
    any_of(
        r"\bparallel[ -](?:group|arm|design|trial|study|rct)",
        r"\b(?:into|to|in|of) (?:one of )?(?:the )?(?:following )?(?:\d+|both) (?:[\w-]+ ){0,3}(?:groups|"
        r"arms)\b",
    ),
    "Patients were randomised into two groups.",
    "subjects were in one group each",
    Design.PARALLEL_RCT,
    zones=NOW,
)

CLUSTER = Rule(
    "design/cluster",
    any_of(
        r"\bcluster(?:ed)?[ -](?:\w+[ -]){0,2}?(?:randomi(?!\w* sampl)|rct|controlled|trial)",
        r"\bgroup-randomi",
        r"\bcommunity[- ]randomi",
        r"\brandomi\w*[ -]by[ -]cluster",
        r"\b(?:unit of randomisation|randomisation unit)",
        rf"(?:^|[.,;:] |\band )(?:(?!from\b|in\b|at\b|of\b|patients\b|children\b)[\w-]+ ){{0,4}}{CLUSTERS} "
        r"(?:[\w-]+ ){0,7}?(?:were|was) (?:[\w-]+ )?random(?:ised|ly (?:assign|alloc|divid))",
        rf"\brandom(?:ised|ly (?:assigned|allocated)) (?:\d+ )?(?:[\w-]+ ){{0,2}}{CLUSTERS} (?:to|into)\b",
    ),
    "Twenty villages were randomly assigned to two arms.",
    "whole groups of people were randomised",
    Design.CLUSTER_RCT,
    keys=keys(
        "cluster|group-random|community|villages|schools|practices|clinics|hospitals|wards|homes|halls|unit|physicians|centers|centres|households|practitioners|companies|districts"
    ),
    zones=NOW,
)

OTHER_RANDOM = Rule(
    "design/other-randomised",
    any_of(
        r"\bsplit[- ](?:mouth|face|body|plot)",
        r"\bn-?of-?(?:1|one)\b",
        r"\bstepped[- ]wedge",
        r"\bhalf-(?:face|body|side)",
        r"\bleft[- ]right comparison",
        r"\bcontralateral (?:[\w-]+ )?(?:eye|side|limb|leg)s? (?:[\w-]+ ){0,3}(?:control|received|serv)",
    ),
    "A randomised split-mouth study in twelve adults.",
    "randomised, but neither parallel, crossover nor cluster",
    Design.OTHER_RANDOMISED,
    keys=keys("split|of-|stepped|half-|left|contralateral"),
    zones=NOW,
)

SIDE_BY_SIDE = Rule(
    "design/side-by-side",
    any_of(
        r"\bplacebo\b",
        r"\bsham\b",
        r"\bcontrols?\b",
        r"\b(?:versus|vs)\b",
        r"\bgroups\b",
        r"\barms\b",
        r"\bcross-?over\b",
        r"\bconditions were compared\b",
    ),
    "Drug X was compared with placebo.",
    "more than one treatment was given, so the trial has more than one arm",
    zones=NOW,
)

PLACEBO_CONTROLLED = Rule(
    "design/placebo-controlled",
    r"^(?![^.;]*\b(?:need|require|warrant|should|future|previous|confirm|further|larger|earlier))[^.;]*?"
    r"\b(?:placebo|sham)[ -]controlled,? (?:[\w-]+,? ){0,4}?(?:trial|study|design|fashion|manner)\b",
    "A placebo-controlled phase II study of drug X.",
    "the study, and no other one, is controlled with a placebo",
    ours=False,
)
