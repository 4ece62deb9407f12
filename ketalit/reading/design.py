"""Read what kind of study a record reports, and whether its subjects were allocated at random.

The order of the questions is the rule: what the record *is* (a notice, a letter, a protocol, a review) comes
before what it talks about, animals come before trials, a second look at a trial before the trial, and allocation
at random before every observational label.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..records.model import Record
from ..vocabulary import NOT_RANDOMISED_DESIGNS, RANDOMISED_DESIGNS, Confidence, Design
from .engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source

_LIKELY = Confidence.LIKELY
_NOW = (TITLE, AIM, METHODS, RESULTS, UNKNOWN)
_OWN = (TITLE, AIM, METHODS, UNKNOWN, BACKGROUND)  # background sentences count only where they say "we" or "this study"
_SPECIES = (
    r"(?:rats?|mice|mouse|murine|rabbits?|dogs?|canines?|cats?|feline|horses?|equine|ponies|mares?|pigs?|"
    r"piglets?|porcine|swine|sheep|ovine|"
    r"lambs?|goats?|calves|cows?|cattle|bovine|heifers?|bulls?|steers?|monkeys?|macaques?|baboons?|"
    r"primates|hamsters?|gerbils?|guinea[ -]pigs?|"
    r"chickens?|broilers?|hens?|zebrafish|drosophila|frogs?|ferrets?|rodents?|poultry|puppies|beagles?|"
    r"sprague[ -]dawley|wistar|c57bl)"
)
_PERSON = (
    r"(?:patients?|men|women|volunteers?|children|infants?|adults?|humans?|adolescents?|participants?|people|"
    r"persons?|neonates?|parturients)"
)
_UNITS_OF_CLUSTERS = (
    r"(?:clusters?|villages?|schools?|classrooms?|practices?|clinics?|hospitals?|wards?|nursing homes?|"
    r"homes?|residence halls|halls|communit(?:y|ies)|"
    r"households?|health cent(?:er|re)s?|physicians|gps|general practitioners|pharmacies|worksites?|"
    r"companies|districts?|churches|facilities|centres|centers)"
)

NOTICES = (
    Rule(
        "design/retraction",
        r"^retract(?:ion|ed)\b|\bretraction(?: note)?\W*$|^notice of retraction|\bretraction (?:of|note|notice)\b[:. ]",
        "Retraction: a trial of something",
        "the title says it is a notice of retraction",
        Design.RETRACTION,
        ("retract",),
        (TITLE,),
        ours=False,
    ),
    Rule(
        "design/correction",
        r"^\W*(?:(?:author|publisher)'?s? )?(?:correction|erratum|errata|corrigend(?:um|a)|addendum|"
        r"expression of concern)s?\b ?(?:[:.\]]|to\b|for\b|in\b|$)|"
        r"\b(?:erratum|corrigendum)\W*$",
        "Erratum to: a trial of something",
        "the title says it corrects another article",
        Design.CORRECTION,
        ("correct", "errat", "corrig", "addendum", "concern"),
        (TITLE,),
        ours=False,
    ),
    Rule(
        "design/letter",
        r"^\W*(?:comments? on|comment(?:ary)? (?:to|on)|commentary\b|re\b ?:|reply|in reply|authors?'? "
        r"(?:reply|response)|response to|letters? to|"
        r"letter\b|editorial\b|invited commentary|correspondence\b)|\b(?:reply|letter|editorial|"
        r"commentary)\W*$|\bletter to the editor|: (?:a )?comment(?:ary)? on\b",
        "Comment on: a trial of something",
        "the title answers or introduces another article",
        Design.EDITORIAL,
        ("comment", "re:", "reply", "response", "letter", "editorial", "correspondence"),
        (TITLE,),
        ours=False,
    ),
)

PROTOCOLS = (
    Rule(
        "design/protocol-title",
        r"\b(?:study|trial|research|review) protocol\b|\bprotocols? (?:for|of) (?:an? |the )?(?:[\w-]+,? "
        r"){0,8}?(?:trials?|study|studies|review|analysis|rcts?)\b|"
        r": (?:an? |the )?protocol\W*$|\brationale(?:,|,? and)? (?:study )?(?:design|methods)|\bdesign,? "
        r"(?:and |& )?(?:rationale|methods|protocol)",
        "Drug X for pain: study protocol for a randomised trial",
        "the title announces a plan",
        Design.PROTOCOL,
        ("protocol", "rationale", "design"),
        (TITLE,),
    ),
    Rule(
        "design/protocol-will",
        r"\b(?:participants|patients|subjects|women|men|children|adults|infants|workers|volunteers|"
        r"individuals|people|we|trial|study|outcomes?|clusters|variables|measures?|quality of life|data|"
        r"assessments?)\b[^.;]{0,80}?"
        r" (?:will|is to|are to) (?:be (?:randomis|recruit|includ|enrol|allocat|assign|invit|ask|assess|"
        r"measur|collect|compar|conduct|evaluat|follow)|randomis|recruit|enrol|includ|allocat|evaluat|"
        r"investigat)",
        "Sixty patients will be randomised to drug X or placebo.",
        "what the study does lies in the future",
        Design.PROTOCOL,
        (" will ", " to be "),
        (AIM, METHODS, UNKNOWN),
        confidence=_LIKELY,
    ),
)

REVIEWS = (
    Rule(
        "design/meta-analysis-title",
        r"\bmeta-? ?analy(?:sis|ses|tic)\b|\bpooled analys[ie]s of (?:individual|randomis|\d|the )|\bmeta-?regression",
        "Drug X for pain: a systematic review and meta-analysis",
        "the title names a meta-analysis",
        Design.META_ANALYSIS,
        ("meta", "pooled"),
        (TITLE,),
    ),
    Rule(
        "design/meta-analysis-done",
        r"\bwe (?:did|performed|conducted|undertook|carried out) an? (?:[\w-]+ ){0,6}meta-?analys[ie]s|"
        r"\bmeta-?analys[ie]s (?:was|were) (?:performed|conducted|done|undertaken|carried)|"
        r"\b(?:this|present|our|the current) (?:[\w-]+ ){0,5}meta-?analys[ie]s\b|\b(?:trials|studies) were "
        r"(?:pooled|combined)|"
        r"\b(?:objective|aim|purpose)s?\b[^.]{0,60}\bmeta-?analys[ie]s",
        "We performed a meta-analysis of nine trials.",
        "the authors say they pooled studies",
        Design.META_ANALYSIS,
        ("meta", "pooled", "combined"),
        (AIM, METHODS, RESULTS, CONCLUSION, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "design/systematic-review",
        r"\b(?:systematic(?:ally)?|scoping|umbrella|cochrane|integrative|evidence-based|structured|"
        r"critical|quantitative) (?:[\w-]+ ){0,3}?(?:reviews?|overview|reviewed)\b|"
        r"\boverview of (?:systematic )?reviews",
        "Drug X for pain: a systematic review",
        "the title names a systematic review",
        Design.SYSTEMATIC_REVIEW,
        ("review", "overview"),
        (TITLE,),
    ),
    Rule(
        "design/searched",
        r"^(?:search strategy|data sources?|selection criteria|data collection and analysis)\b|"
        r"\b(?:searched|searches of|search of|searching|search was (?:performed|conducted|done)|search "
        r"in)\b[^.;]{0,120}\b(?:medline|pubmed|embase|cochrane|databases?|literature|scopus|web of "
        r"science)\b|"
        r"\b(?:medline|pubmed|embase|cochrane library|databases)\b[^.;]{0,140}\b(?:was|were) (?:[\w-]+ "
        r")?searched|\bwe (?:did|performed|conducted|undertook) an? (?:[\w-]+ ){0,4}systematic "
        r"(?:literature )?review|"
        r"\b(?:this|our|present) (?:[\w-]+ ){0,3}systematic (?:literature )?review",
        "We searched MEDLINE and Embase up to May 2012.",
        "studies were looked for in databases",
        Design.SYSTEMATIC_REVIEW,
        ("search", "systematic", "data source", "selection criteria"),
        (AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
        confidence=_LIKELY,
    ),
    Rule(
        "design/guideline",
        r"\b(?:clinical )?(?:practice )?guidelines? (?:for|on|from|of)\b|\bconsensus (?:statement|"
        r"guidelines?|recommendations|conference|document)|\bposition (?:statement|paper)|"
        r"\bpractice (?:parameters?|guidelines?|advisory)|\brecommendations (?:for|of|on|from) the\b|"
        r"^(?:[\w-]+ ){0,4}guidelines?\b",
        "Consensus statement on drug X for pain",
        "the title names guidance",
        Design.GUIDELINE,
        ("guideline", "consensus", "position", "practice", "recommendation"),
        (TITLE,),
        confidence=_LIKELY,
    ),
)

SECOND_LOOKS = (
    Rule(
        "design/secondary-title",
        r"\b(?:secondary|post[- ]?hoc|exploratory|sub-?group|ancillary|retrospective|further|re-?|"
        r"responder|mediation|moderator|pre-?specified|combined)[ -]?analys[ie]s (?:of|from)\b|"
        r"\bpost[- ]?hoc\b|\bsecondary (?:data )?analys[ie]s|\bsub-?study\b|\banalys[ie]s (?:of|from) "
        r"(?:data from )?(?:an?|the|\d+) (?:[\w-]+,? ){0,8}?(?:trials?|study|rct)\b|"
        r"\b(?:results|findings|data|evidence|insights|lessons) from (?:the )?control (?:arm|group)",
        "Sleep and pain: secondary analysis of a randomised trial",
        "the title names a second look at a trial",
        Design.SECONDARY_ANALYSIS,
        ("analys", "hoc", "study", "control"),
        (TITLE,),
    ),
    Rule(
        "design/secondary-text",
        r"\b(?:this|we|our|current|present|these|a|the)\b[^.;]{0,40}\b(?:secondary (?:data )?analys[ie]s|"
        r"post[- ]?hoc (?:[\w-]+ )?(?:analys[ie]s|pooled)|sub-?analys[ie]s|exploratory analys[ie]s) (?:of|"
        r"from|was|were|used|pooled|examin|data)|"
        r"\b(?:we|study|analysis) used? (?:the )?(?:secondary )?(?:database|data) (?:of|from) "
        r"the\b[^.;]{0,140}\btrial|\buses? secondary data\b|\b(?:recruited|enrolled|randomised|"
        r"participating|included) (?:in|into|to) the [\w-]+ (?:clinical |randomised |controlled )*trial, "
        r"which|\bpost[- ]?hoc analys[ie]s pooled\b|^secondary (?:data )?analys[ie]s|"
        r"\b(?:data|participants|patients) (?:were|was|are|used|come|came|drawn)[^.;]{0,40} from (?:the|"
        r"an?) (?:[\w-]+,? ){0,8}trial\b",
        "This secondary analysis of a randomised trial looked at sleep.",
        "the text says that a finished trial's data are looked at again",
        Design.SECONDARY_ANALYSIS,
        ("analys", "trial"),
        (AIM, METHODS, UNKNOWN, BACKGROUND),
        confidence=_LIKELY,
    ),
)

RANDOM_ALLOCATION = (
    Rule(
        "randomised/title",
        r"(?<!non)(?<!non-)(?<!non )(?<!quasi-)(?<!quasi )(?<!mendelian )\brandomi[sz]ed?\b(?! to\b)(?!,? "
        r"(?:[\w-]+,? ){0,3}trials\b)|"
        r"\brandomisation\b|\brandomly\b|\bplacebo-controlled\b|\brcts?\b",
        "Drug X for pain: a randomised study",
        "the title says that allocation was at random",
        True,
        ("random", "placebo-controlled", "rct"),
        (TITLE,),
    ),
    Rule(
        "randomised/allocated-at-random",
        r"\b(?:were|was|been|be|are) (?:[\w-]+ ){0,3}?randomis(?:ed|ly)|(?<!not )\brandomly,? (?:and "
        r"[\w-]+ )?(?:assign|allocat|divid|distribut|receiv|enrol|split|given|treat|"
        r"categori|classif|group|plac|to|into|administ|separat|assort|designat|either|prescrib|injected|"
        r"underwent|subdivid|ordered|selected to (?:receive|undergo|have|one)|allot|in(?:to)? (?:two|three|"
        r"\d|one))|"
        r"\b(?:assign|allocat|divid|distribut|split|group|given|administ|separat|allot|order)\w* (?:[\w-]+ "
        r"){0,4}?(?:randomly|at random|by random)|\bat random\b|"
        r"\brandomly, |\brandom (?:assignment|allocation|order|sequence|fashion|number|division|manner)|"
        r"\brandomis(?:ed|ation) (?:to|into|in|between|was|with|using|by|after|at|according|trial|and|for|"
        r"either|sequence|order|schedule)\b",
        "Sixty patients were randomly assigned to two groups.",
        "subjects were put into groups by chance",
        True,
        ("random",),
        (AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "randomised/we-randomised",
        r"\bwe (?:[\w-]+ )?randomis(?:ed|ly)|\brandomis(?:ed|ation) (?:of )?\d|\b\d+ (?:[\w-]+ "
        r"){0,6}randomis(?:ed|ation)\b",
        "We randomised 60 patients to drug X or placebo.",
        "the authors randomised subjects",
        True,
        ("random",),
        (AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "randomised/design-words",
        r"(?<!non)(?<!non-)(?<!non )(?<!quasi-)(?<!mendelian )\brandomised\b,?(?:[ /-](?:and |, "
        r")?[\w-]+,?){0,6}?[ -](?:trials?|study|design|experiment|comparison|protocol|rct|fashion|manner|"
        r"test|evaluation|investigation|pilot)\b|"
        r"\b(?:trial|study|design|comparison|fashion|manner)\b[^.;]{0,40}\brandomised\b|\brct\b|"
        r"\brandom(?:ised)?,? (?:double|single|triple)[ -]blind|^(?:prospective,? )?randomised\b",
        "This was a prospective, randomised, controlled trial.",
        "the study calls itself randomised",
        True,
        ("random", "rct"),
        (AIM, METHODS, UNKNOWN, BACKGROUND, RESULTS, CONCLUSION),
    ),
    Rule(
        "randomised/conclusion-words",
        r"\b(?:this|our|present) (?:[\w-]+,? ){0,5}randomised\b",
        "This randomised trial showed no effect.",
        "the authors call their own study randomised",
        True,
        ("random",),
        (CONCLUSION, RESULTS),
        ours=False,
    ),
)

BLIND_PLACEBO = Rule(
    "randomised/blind-placebo",
    r"\beither [^.;]{2,60} or (?:[\w-]+ )?placebo\b|\b(?:received|given|treated|with) (?:[\w-]+ )?placebo "
    r"or\b|\b(?:double|triple)[ -]?(?:blind|mask)\w*[^.;]{0,80}\b(?:placebo|sham|vehicle)|\b(?:placebo|"
    r"sham)[ -]controlled\b|\b(?:placebo|sham)\b[^.;]{0,60}\b(?:double|triple)[ -]?(?:blind|mask)|"
    r"\b(?:double|single)[ -]?(?:blind|mask)\w*[^.;]{0,40}\b(?:parallel|crossover|cross-over|trial|study)",
    "A double-blind, placebo-controlled study in ten adults.",
    "a blinded comparison with placebo is a trial, though it does not say how it allocated",
    keys=("blind", "mask", "placebo", "sham"),
    zones=_OWN,
    confidence=_LIKELY,
)
NOT_RANDOM = Rule(
    "randomised/said-not",
    r"\bnon-? ?randomis|\bnot (?:be |been )?randomis|\bwithout randomis|\bunrandomis|\bquasi-? "
    r"?(?:experiment|random)|\bnonrandom\b|\bhistorical controls?\b|\bbefore[- ]and[- ]after (?:study|"
    r"trial|design|comparison)|\bpre-?post (?:study|design)|"
    r"\bsingle[- ]arm\b|\buncontrolled (?:trial|study)|\bobservational\b",
    "This non-randomised study compared two hospitals.",
    "the text says that allocation was not at random",
    False,
    ("random", "quasi", "histor", "before", "pre", "single", "uncontrolled", "observational"),
    (TITLE, AIM, METHODS, UNKNOWN, BACKGROUND),
)
CROSSOVER = Rule(
    "design/crossover",
    r"\bcross(?:ed)?[ -]?over\b|\bown controls?\b|\bin (?:a )?random(?:ised)? (?:order|sequence)|"
    r"\bcounterbalanced?\b|\border of (?:[\w-]+ ){0,5}(?:was|were) (?:[\w-]+ )?random|\brandomised "
    r"sequence|\brandomi[\w ,-]{0,24}counterbal|"
    r"\b(?:periods?|occasions|visits|sessions) (?:[\w-]+ ){0,4}(?:separated|at least \d|\d+ (?:days|weeks) "
    r"apart)|\bwash-?out\b|\blatin[ -]square|\b(?:repeated[- ]measures?|within[- ]subjects?) (?:[\w-]+ "
    r"){0,2}(?:design|crossover)",
    "Twelve patients took part in a randomised crossover study.",
    "each subject had more than one treatment",
    Design.CROSSOVER_RCT,
    (
        "cross",
        "own control",
        "order",
        "sequence",
        "counterbal",
        "wash",
        "latin",
        "separated",
        "apart",
        "within",
        "repeated",
        "at least",
    ),
    (*_NOW, BACKGROUND, CONCLUSION),
)
PARALLEL = Rule(
    "design/parallel",
    r"\bparallel[ -](?:group|arm|design|trial|study|rct)|\b(?:into|to|in|of) (?:one of )?(?:the "
    r")?(?:following )?(?:\d+|both) (?:[\w-]+ ){0,3}(?:groups|arms)\b",
    "Patients were randomised into two groups.",
    "subjects were in one group each",
    Design.PARALLEL_RCT,
    ("parallel", "groups", "arms"),
    _NOW,
)
CLUSTER = Rule(
    "design/cluster",
    r"\bcluster(?:ed)?[ -](?:\w+[ -]){0,2}?(?:randomi|rct|controlled|trial)|\bgroup-randomi|"
    r"\bcommunity[- ]randomi|\brandomi\w*[ -]by[ -]cluster|\b(?:unit of randomisation|randomisation unit)|"
    rf"(?:^|[.,;:] |\band )(?:(?!from\b|in\b|at\b|of\b|patients\b|children\b)[\w-]+ "
    rf"){{0,4}}{_UNITS_OF_CLUSTERS} (?:[\w-]+ ){{0,7}}?(?:were|was) (?:[\w-]+ )?random(?:ised|ly (?:assign|"
    rf"alloc|"
    rf"divid))|\brandom(?:ised|ly (?:assigned|allocated)) (?:\d+ )?(?:[\w-]+ ){{0,2}}{_UNITS_OF_CLUSTERS} "
    rf"(?:to|into)\b|\bcluster randomi",
    "Twenty villages were randomly assigned to two arms.",
    "whole groups of people were randomised",
    Design.CLUSTER_RCT,
    (
        "cluster",
        "group-random",
        "community",
        "villages",
        "schools",
        "practices",
        "clinics",
        "hospitals",
        "wards",
        "homes",
        "halls",
        "unit",
        "physicians",
        "centers",
        "centres",
        "households",
        "practitioners",
        "companies",
        "districts",
    ),
    _NOW,
)
OTHER_RANDOM = Rule(
    "design/other-randomised",
    r"\bsplit[- ](?:mouth|face|body|plot)|\bn-?of-?(?:1|one)\b|\bstepped[- ]wedge|\bhalf-(?:face|body|"
    r"side)|\bleft[- ]right comparison|\bcontralateral (?:[\w-]+ )?(?:eye|side|limb|leg)s? (?:[\w-]+ "
    r"){0,3}(?:control|received|serv)",
    "A randomised split-mouth study in twelve adults.",
    "randomised, but neither parallel, crossover nor cluster",
    Design.OTHER_RANDOMISED,
    ("split", "of-", "stepped", "half-", "left", "contralateral"),
    _NOW,
)

OBSERVATIONAL = (
    Rule(
        "design/qualitative",
        r"\bqualitative (?:[\w-]+ ){0,2}(?:study|analysis|interview|research|inquiry|investigation|"
        r"evaluation|design|approach|methods?)|\b(?:semi-?structured|in-?depth) interviews?|\bfocus "
        r"groups?\b|\bgrounded theory|\bthematic(?:ally)? analy|\bphenomenolog|\bethnograph",
        "A qualitative study of living with pain",
        "words, not numbers, were gathered",
        Design.QUALITATIVE,
        ("qualitative", "interview", "focus", "grounded", "thematic", "phenomenolog", "ethnograph"),
        (TITLE, METHODS, UNKNOWN, AIM),
        confidence=_LIKELY,
    ),
    Rule(
        "design/case-report-title",
        r"\bcase[ -](?:reports?|study|studies)\b|\bsingle[- ]case\b|\breports? of (?:an?|one|1|two|2|three|"
        r"3) (?:[\w-]+ ){0,3}cases?\b|\b(?:an?|1|one) (?:[\w-]+ ){0,3}case (?:of|with)\b|\bcase (?:of|"
        r"presentation)\b|^a (?:[\w-]+ )?case\b(?![- ](?:control|cross|series))|\ba "
        r"case\b(?![- ](?:control|cross|series))|\bin an? \d+-(?:year|month|week|day)-old\b",
        "Drug X for phantom pain: a case report",
        "the title names a case",
        Design.CASE_REPORT,
        ("case", "-old"),
        (TITLE,),
    ),
    Rule(
        "design/case-series",
        r"\bcase series\b|\bseries of \d+ (?:[\w-]+ ){0,3}(?:patients|cases)|\b(?:2|3|4|5|6|7|8|9|10|11|"
        r"12) (?:[\w-]+ ){0,2}cases\b|\b\d+ consecutive cases\b|\breport(?:s|ed)? (?:on )?(?:2|3|4|5|6|7|8|"
        r"9) (?:[\w-]+ ){0,3}(?:patients|cases)\b",
        "Drug X in cancer pain: a case series",
        "a few cases are described one by one",
        Design.CASE_SERIES,
        ("case", "series", "report"),
        (TITLE, AIM, METHODS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "design/case-report-text",
        r"\bwe (?:here )?(?:report|describe|present) (?:here )?(?:on )?(?:an?|the|1)\b(?: [\w-]+){0,6}? "
        r"(?:case|patient|man|woman|boy|girl|male|female|child|infant|neonate)\b|\b(?:an?|the|1) "
        r"\d+[- ](?:year|month|week|day)s?[- ]old (?:[\w-]+ ){0,3}(?:man|woman|boy|girl|male|female|"
        r"patient|child|infant|neonate)\b|\bthis case (?:report|illustrat|demonstrat)",
        "We report a patient whose pain faded.",
        "one patient is described",
        Design.CASE_REPORT,
        ("report", "describe", "present", "-old", " old", "this case"),
        (AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND, CONCLUSION),
        confidence=_LIKELY,
    ),
    Rule(
        "design/treated-and-untreated",
        r"\b(?:supplemented|treated|given|administered|trained|received)\b[^.;]{0,120}\bcompared (?:to|"
        r"with) (?:\d+ )?(?:[\w-]+,? ){0,2}(?:untreated|historical)\b",
        "Twelve men were treated with drug X and compared with 12 untreated men.",
        "a treatment was given to some and not to others, without chance",
        Design.NON_RANDOMISED,
        ("untreated", "historical"),
        (METHODS, UNKNOWN, AIM),
        confidence=_LIKELY,
    ),
    Rule(
        "design/case-control",
        r"\bcase[ -]?control(?:led)?\b|\bcases and controls\b",
        "Sleep and pain: a case-control study",
        "people with and without the condition were compared",
        Design.CASE_CONTROL,
        ("case",),
        _OWN,
    ),
    Rule(
        "design/cohort-title",
        r"\bcohorts?\b|\bretrospective(?:ly)?\b|\bregistry\b|\blongitudinal (?:study|analysis)|"
        r"\bfollow-?up study\b|\bprospective (?:[\w-]+ )?observational|\bobservational (?:[\w-]+ "
        r")?(?:study|cohort|trial)|(?<!reducing )\brisk factors for|\bincidence (?:of|and)|\bpredictors? "
        r"of|\bprospective study of risk",
        "Opioids after surgery: a cohort study",
        "the title names people followed without an assigned treatment",
        Design.COHORT,
        (
            "cohort",
            "retrospective",
            "registry",
            "longitudinal",
            "follow",
            "observational",
            "risk",
            "incidence",
            "predict",
            "effectiveness",
        ),
        (TITLE,),
    ),
    Rule(
        "design/cross-sectional",
        r"\bcross[ -]sectional\b|\bprevalence (?:study|survey)|\b(?:questionnaire|postal|telephone|online|"
        r"web-based|mail|population|national|household|internet) (?:[\w-]+ )?survey|\bsurvey(?:ed)? (?:of|"
        r"was|among)\b|\bdiagnostic accuracy\b",
        "A cross-sectional survey of pain in nurses",
        "everything was measured at one time",
        Design.CROSS_SECTIONAL,
        ("section", "prevalence", "survey", "diagnostic"),
        _OWN,
    ),
    Rule(
        "design/cohort-text",
        r"\bcohort (?:study|analysis|of|was)|\bprospective(?:ly)? (?:[\w-]+ ){0,2}cohorts?\b|"
        r"\bretrospective(?:ly)?\b|\b(?:medical|patient|hospital|health|anesthesia|anaesthesia) records\b|"
        r"\bchart(?:s)? (?:review|were)|\bregistry\b|\bdatabase\b|\bobservational (?:[\w-]+ )?(?:study|"
        r"data|trial|design)|\bconsecutive (?:[\w-]+ ){0,4}patients\b|\blongitudinal(?:ly)? (?:study|data|"
        r"follow)|\bfollowed (?:up )?(?:prospectively|for (?:a )?(?:mean|median))",
        "Charts were reviewed retrospectively.",
        "people were followed, or their records read, without an assigned treatment",
        Design.COHORT,
        (
            "cohort",
            "retrospective",
            "record",
            "chart",
            "registry",
            "database",
            "observational",
            "consecutive",
            "longitudinal",
            "followed",
        ),
        (AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
        confidence=_LIKELY,
    ),
)

TRIALS = (
    Rule(
        "design/single-arm",
        r"\bsingle[ -](?:arm|group)\b|\buncontrolled\b|\bopen[- ]label (?:extension|follow-?up|pilot|phase|"
        r"non-?comparative)|\bphase (?:i|ii|1|2|i/ii|ib|iia|1b|1/2)\b(?! randomis)|\bdose[- ](?:escalation|"
        r"finding)|\bpre-? ?(?:and|to|/) ?post-?(?:test|treatment|intervention)",
        "A phase II trial of drug X in bone pain",
        "all had the same treatment",
        Design.SINGLE_ARM,
        ("arm", "group", "uncontrolled", "open", "phase", "dose", "before and after", "pre"),
        _NOW,
        confidence=_LIKELY,
    ),
    Rule(
        "design/controlled-trial",
        r"\bquasi[- ]?(?:experiment|random)|\bnon-? ?randomis(?:ed)? (?:[\w-]+ ){0,3}(?:trial|study|"
        r"controlled)|\bcontrolled (?:clinical )?(?:trial|study)|\b(?:patients|subjects|participants|women|"
        r"men|children|volunteers|cases|females|males|adults|athletes|students|players|individuals)\b(?: "
        r"[\w(),=-]+){0,10}? (?:were|was) (?:[\w-]+ )?(?:divided|allocated|assigned|allotted|separated|"
        r"distributed|categori[sz]ed|classified|split|grouped) (?:in|to|into|between|by)|"
        r"\b(?:control|comparison|placebo) group (?:[\w-]+ ){0,3}?(?:received|was given|did not|underwent|"
        r"had)|\b(?:received|given) (?:either )?[^.;]{3,90} (?:or|versus|vs\.?|and \d+ (?:[\w-]+ "
        r")?received) [^.;]{0,40}\bplacebo|\bwere (?:[\w-]+ )?compared with (?:[\w-]+ )?(?:untreated|"
        r"matched|historical|control)",
        "Patients were divided into two groups by ward.",
        "treatments were compared in groups, and nothing says by chance",
        Design.NON_RANDOMISED,
        (
            "quasi",
            "random",
            "controlled",
            "divided",
            "allocated",
            "assigned",
            "allotted",
            "separated",
            "group",
            "split",
            "classified",
            "categori",
            "received",
            "given",
            "compared with",
        ),
        (TITLE, AIM, METHODS, RESULTS, UNKNOWN),
        confidence=_LIKELY,
    ),
    Rule(
        "design/before-and-after",
        r"\bbefore and after (?:the )?(?:[\w-]+ ){0,2}(?:treatment|intervention|rehabilitation|therapy|"
        r"program|administration|training)",
        "Pain was measured before and after treatment.",
        "one group is compared with itself",
        Design.SINGLE_ARM,
        ("before and after",),
        _NOW,
        confidence=Confidence.UNCLEAR,
    ),
    Rule(
        "design/clinical-trial",
        r"\bclinical trial\b(?! registr)|\bexperimental (?:study|group|design)|\binterventional study|"
        r"\bintervention (?:study|group)|\bpilot (?:trial|study)|\bopen[- ]label\b|\bprospective (?:[\w-]+ "
        r")?(?:trial|comparative)",
        "In this clinical trial pain was treated with drug X.",
        "it calls itself a trial, and nothing says by chance",
        Design.NON_RANDOMISED,
        ("trial", "experimental", "intervention", "pilot", "open", "prospective"),
        _NOW,
        confidence=Confidence.UNCLEAR,
    ),
)

COMPARED = Rule(
    "design/compared-groups",
    r"\b(?:and|were|was) (?:then )?divided (?:in|into)\b|\bcontrol (?:group|trial|condition|arm|"
    r"session)s?\b|\bcross-?over\b|"
    r"\bgroups? (?:[a-d1-4]|i{1,3})\b|\bplacebo\b|\bsham\b|\b(?:both|\d) (?:[\w-]+ ){0,2}groups\b",
    "Men in group A had drug X, men in group B drug Y.",
    "groups or conditions were compared in which something was given, and nothing says by chance",
    Design.NON_RANDOMISED,
    ("divided", "control", "crossover", "cross-over", "group", "placebo", "sham"),
    (METHODS, UNKNOWN, AIM),
    confidence=Confidence.UNCLEAR,
)
GIVEN = Rule(
    "design/something-given",
    r"\b(?:received|were given|was given|administ(?:ered|ration)|were treated|treated with|injected|"
    r"infused|consumed|took|ingested|"
    r"supplement(?:ed|ation)|training|(?:\d|\.\d) ?(?:mg|µg|mcg|ml)/?)",
    "Men in group A received drug X.",
    "something was done to the subjects",
    keys=(
        "receiv",
        "given",
        "administ",
        "treat",
        "inject",
        "infus",
        "consumed",
        "took",
        "ingest",
        "supplement",
        "training",
        "mg",
        "µg",
        "ml",
    ),
    zones=(METHODS, UNKNOWN, AIM),
)
ANIMALS = Rule(
    "design/animal",
    rf"\b{_SPECIES}\b",
    "Forty rats were given drug X.",
    "the subjects are animals",
    Design.ANIMAL,
    ours=False,
)
PEOPLE = re.compile(rf"\b{_PERSON}\b")
LABORATORY = Rule(
    "design/laboratory",
    r"\bin[ -]?vitro\b|\bex vivo\b|\bcadaver(?:s|ic)?\b|\bcell (?:lines?|cultures?)\b|\bcultured (?:[\w-]+ "
    r")?(?:cells|neurons)|\bbench (?:study|model)|\bmanikin|\bsimulat(?:ion|or|ed) (?:study|model)|"
    r"\bxenopus oocytes|\bpatch[- ]clamp|\bphantom study|\bmolecular docking",
    "Drug X blocks a channel in vitro",
    "cells, tissue or models were studied",
    Design.LABORATORY,
    (
        "vitro",
        "ex vivo",
        "cadaver",
        "cell",
        "culture",
        "bench",
        "manikin",
        "simulat",
        "xenopus",
        "patch",
        "phantom",
        "docking",
    ),
    (TITLE, METHODS, AIM, UNKNOWN, RESULTS, BACKGROUND),
    confidence=_LIKELY,
)

_TRIAL_AND_ANALYSIS = re.compile(r"\brandomised (?:[\w-]+ )*trial (?:and|with|including)\b")

NARRATIVE = (
    Rule(
        "design/review-title",
        r"\b(?:an? |the |brief |mini-?|clinical |narrative |updated? |literature |short |state-of-the-art |"
        r"topical )+(?:review|overview|update)\b|^reviews?\b|: reviews?\b|\breview of (?:the "
        r")?(?:literature|evidence|recent|current|its|their|clinical)|\b(?:current|recent|new) (?:concepts|"
        r"perspectives|advances|trends|status|developments|approaches|insights)|\bspotlight on\b|"
        r"\boverview\b|\bperspectives?\b|\bwhat (?:is|do) (?:we|the)\b|\bupdate (?:on|in)\b|\breview\W*$",
        "Drug X for pain: a review of the literature",
        "the title names a review",
        Design.NARRATIVE_REVIEW,
        ("review", "overview", "update", "current", "recent", "new ", "spotlight", "perspective", "what "),
        (TITLE,),
        confidence=_LIKELY,
    ),
    Rule(
        "design/review-text",
        r"\bthis (?:[\w-]+ ){0,3}?(?:review|article|chapter|paper|overview) (?:will )?(?:[\w-]+ "
        r")?(?:review|discuss|summari|describ|highlight|provid|outlin|focus|cover|examin|present|consider|"
        r"address|explor|aim|attempt|is)|\bwe (?:[\w-]+ )?(?:review|discuss|summari[sz]e|outline)(?:ed)?\b|"
        r"\b(?:is|are) (?:[\w-]+ )?(?:reviewed|discussed|summari[sz]ed|outlined)\b|\bthe (?:authors?|"
        r"article|paper|review) (?:[\w-]+ )?(?:reviews?|discuss(?:es)?|summari[sz]es?|describes?)|\bin "
        r"this (?:review|article|overview)",
        "This review discusses how drug X works.",
        "the text says that it reviews",
        Design.NARRATIVE_REVIEW,
        ("review", "discuss", "summari", "outline", "article", "chapter", "this paper", "overview"),
        ours=False,
        confidence=_LIKELY,
    ),
)

RULES = (
    *NOTICES,
    *PROTOCOLS,
    *REVIEWS,
    *SECOND_LOOKS,
    *RANDOM_ALLOCATION,
    BLIND_PLACEBO,
    NOT_RANDOM,
    CROSSOVER,
    PARALLEL,
    CLUSTER,
    OTHER_RANDOM,
    *OBSERVATIONAL,
    *TRIALS,
    COMPARED,
    GIVEN,
    ANIMALS,
    LABORATORY,
    *NARRATIVE,
)

_ARTICLE_TYPES = {
    "retraction": Design.RETRACTION,
    "correction": Design.CORRECTION,
    "addendum": Design.CORRECTION,
    "expression-of-concern": Design.CORRECTION,
    "editorial": Design.EDITORIAL,
    "letter": Design.EDITORIAL,
    "reply": Design.EDITORIAL,
    "article-commentary": Design.EDITORIAL,
    "discussion": Design.EDITORIAL,
    "news": Design.EDITORIAL,
    "introduction": Design.EDITORIAL,
    "obituary": Design.EDITORIAL,
    "protocol": Design.PROTOCOL,
    "case-report": Design.CASE_REPORT,
    "review-article": Design.NARRATIVE_REVIEW,
    "systematic-review": Design.SYSTEMATIC_REVIEW,
}
# Types a journal uses for one thing only. The rest (letter, case-report, review-article) are also put on trials.
_FIRM_TYPES = (
    "retraction",
    "correction",
    "addendum",
    "expression-of-concern",
    "editorial",
    "article-commentary",
    "protocol",
    "systematic-review",
    "reply",
    "news",
    "obituary",
)

PRIMARY_STUDIES = (
    RANDOMISED_DESIGNS | NOT_RANDOMISED_DESIGNS | {Design.SECONDARY_ANALYSIS, Design.ANIMAL, Design.LABORATORY}
)


def read_randomised(source: Source) -> Hit | None:
    """Whether subjects were allocated at random; None where the text does not say."""
    chance = source.first(RANDOM_ALLOCATION)
    if chance and not _about_sampling(source, chance):
        return chance
    return source.first((NOT_RANDOM,))


def _about_sampling(source: Source, hit: Hit) -> bool:
    """A sample drawn at random is not an allocation at random."""
    after = source.norm[hit.start : hit.end + 20]
    return (
        bool(re.search(r"random(?:ly)? (?:select|sampl|chos|recruit|pick)|random(?:ised)?[- ]effects?", after))
        and "assign" not in after
    )


def read_design(source: Source, record: Record) -> Hit | None:
    """The design, one of the closed list; None where no rule recognises one."""
    kind = _ARTICLE_TYPES.get(record.article_type)
    by_type = Hit(kind, -1, -1, f"design/article-type-{record.article_type}", Confidence.SURE) if kind else None
    found = source.first(NOTICES)
    # A publisher puts "RETRACTED:" before the title of the retracted article itself, which keeps its abstract.
    marked = found and found.rule.startswith("design/retraction") and source.title.lower().startswith("retracted")
    if found and not (marked and source.has_abstract):
        return found
    if by_type and record.article_type in _FIRM_TYPES:
        return by_type
    chance = read_randomised(source)
    random = chance if chance and chance.value else None
    if found := source.first(PROTOCOLS[:1]) or _planned(source):
        return found
    if found := _review(source, random):
        return found
    if found := _animals(source):
        return found
    if (found := source.first(SECOND_LOOKS)) and not _TRIAL_AND_ANALYSIS.search(source.title):
        return found
    if random and by_type and not source.structured and random.start > source.title_end:
        return by_type  # an unstructured text of this type tells of other people's trials
    if random and random.start > source.title_end and not source.structured and (told := source.first(NARRATIVE[:1])):
        return told  # a review whose text tells of trials
    if random and not _observed_first(source):
        return _randomised_design(source, random)
    if by_type and by_type.value is Design.EDITORIAL:
        return by_type
    blind = source.first((BLIND_PLACEBO,))
    if blind and not (chance and chance.value is False) and not source.first(OBSERVATIONAL[1:2]):
        return _randomised_design(source, blind)
    return _without_chance(source, by_type)


def _planned(source: Source) -> Hit | None:
    """Two or more sentences in the future tense, none of them about later studies."""
    found = list(source.find(PROTOCOLS[1]))
    if not found:
        return None
    sentences = {sentence.start for _, sentence in found}
    label = any(
        "method" in part.label.lower() and re.search(r"design|analysis", part.label.lower())
        for part in source.canonical.parts
    )
    has_results = any(sentence.zone == RESULTS for sentence in source.sentences)
    if len(sentences) >= 2 or label or not has_results:
        return source.hit(PROTOCOLS[1], *found[0])
    return None


def _review(source: Source, random: Hit | None) -> Hit | None:
    """A review; one whose title says "systematic review" but which pooled is a meta-analysis."""
    found = source.first(REVIEWS) or _searching_section(source)
    if found is None:
        return None
    if (
        found.rule in ("design/searched", "design/guideline", "design/meta-analysis-done")
        and random
        and "/title" in random.rule
    ):
        return None
    return found


def _searching_section(source: Source) -> Hit | None:
    """A section headed as the search or the selection of studies, as Cochrane reviews have."""
    for part in source.canonical.parts:
        if re.match(
            (
                r"(?:search strategy|search methods|data sources?|selection criteria|study selection|data "
                r"extraction)\b"
            ),
            part.label.lower(),
        ):
            start, end = (source.normal.forth(offset) for offset in (part.start, part.end))
            return Hit(Design.SYSTEMATIC_REVIEW, start, min(end, start + 60), "design/searching-section", _LIKELY)
    return None


def _animals(source: Source) -> Hit | None:
    """Animals are the subjects when the title names them, or when they are named more often than people."""
    animals = list(source.find(ANIMALS))
    people = len(PEOPLE.findall(source.norm))
    titled = bool(animals) and animals[0][1].zone == TITLE and not PEOPLE.search(source.norm, 0, source.title_end)
    if titled and (not source.has_abstract or len(animals) >= people):
        return source.hit(ANIMALS, *animals[0])
    if (len(animals) >= 3 and len(animals) > 2 * people) or (len(animals) >= 2 and not people):
        return source.hit(ANIMALS, *animals[0])
    return None


def _observed_first(source: Source) -> bool:
    """The title names an observational design and no allocation: the trial is where the people came from."""
    found = source.first((OBSERVATIONAL[0], *OBSERVATIONAL[4:7]))
    if not found or found.start >= source.title_end:
        return False
    title_random = source.first(RANDOM_ALLOCATION[:1])
    return title_random is None or bool(
        re.search(
            r"\bfor an? (?:[\w-]+ )*randomi|\bfrom (?:an?|the) |\bbaseline\b|\bof an? (?:[\w-]+ )*randomi", source.title
        )
    )


def _randomised_design(source: Source, because: Hit) -> Hit:
    if cluster := source.first((CLUSTER,)):
        return cluster
    if other := source.first((OTHER_RANDOM,)):
        return other
    crossover, parallel = source.first((CROSSOVER,)), source.first((PARALLEL,))
    if crossover and ("cross" in source.norm[crossover.start : crossover.end] or not parallel):
        return crossover
    if parallel:
        return replace(parallel, confidence=because.confidence)
    return replace(
        because,
        value=Design.PARALLEL_RCT,
        confidence=min(because.confidence, _LIKELY, key=[Confidence.UNCLEAR, _LIKELY, Confidence.SURE].index),
    )


def _without_chance(source: Source, by_type: Hit | None) -> Hit | None:
    """The design of a work that does not speak of chance."""
    if found := source.first((*OBSERVATIONAL, *TRIALS)) or by_type or source.first((*NARRATIVE, LABORATORY)):
        return found
    compared = source.first((COMPARED,))
    return compared if compared and any(True for _ in source.find(GIVEN)) else None
