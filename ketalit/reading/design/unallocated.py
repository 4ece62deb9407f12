"""Rules for studies of which nothing says that chance allocated: people watched, one arm, groups made otherwise."""

from __future__ import annotations

from ...vocabulary import Design
from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Rule
from .words import LIKELY, NOW, NOW_OR_OWN, OWN, UNCLEAR, any_of, keys

OBSERVATIONAL = (
    Rule(
        "design/qualitative",
        any_of(
            r"\bqualitative (?:[\w-]+ ){0,2}(?:study|analysis|interview|research|inquiry|investigation|"
            r"evaluation|design|approach|methods?)",
            r"\b(?:semi-?structured|in-?depth) interviews?",
            r"\bfocus groups?\b",
            r"\bgrounded theory",
            r"\bthematic(?:ally)? analy",
            r"\bphenomenolog",
            r"\bethnograph",
        ),
        "A qualitative study of living with pain",
        "words, not numbers, were gathered",
        Design.QUALITATIVE,
        zones=(TITLE, METHODS, UNKNOWN, AIM),
        confidence=LIKELY,
    ),
    Rule(
        "design/case-report-title",
        any_of(
            r"\bcase[ -](?:reports?|study|studies)\b",
            r"\bsingle[- ]case\b",
            r"\breports? of (?:an?|one|1|two|2|three|3) (?:[\w-]+ ){0,3}cases?\b",
            r"\b(?:an?|1|one) (?:[\w-]+ ){0,3}case (?:of|with)\b",
            r"\bcase (?:of|presentation)\b",
            r"^a (?:[\w-]+ )?case\b(?![- ](?:control|cross|series))",
            r"\ba case\b(?![- ](?:control|cross|series))",
            r"\bin an? \d+-(?:year|month|week|day)-old\b",
        ),
        "Drug X for phantom pain: a case report",
        "the title names a case",
        Design.CASE_REPORT,
        keys=keys("case|-old"),
        zones=(TITLE,),
    ),
    Rule(
        "design/case-series",
        any_of(
            r"\bcase series\b",
            r"\bseries of \d+ (?:[\w-]+ ){0,3}(?:patients|cases)",
            r"^(?:[\w-]+ ){0,3}(?:[2-9]|1[0-2]) (?:[\w-]+ ){0,2}cases\b",
            r"\b\d+ consecutive cases\b",
            r"\b(?:report|describe|present)(?:s|ed)? (?:here )?(?:on )?(?:the case[\w ]{0,20} of )?[2-9] "
            r"(?:[\w-]+ ){0,3}(?:patients|cases|children|women|men|adults)\b",
            r"\b[2-9] (?:[\w-]+ ){0,3}(?:patients|cases)(?: [\w-]+){0,5}? (?:are|were) (?:described|"
            r"reported|presented)",
        ),
        "Drug X in cancer pain: a case series",
        "a few cases are described one by one",
        Design.CASE_SERIES,
        zones=(TITLE, AIM, METHODS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "design/case-report-text",
        any_of(
            r"\bwe (?:here )?(?:report|describe|present) (?:here )?(?:on )?(?:an?|the|"
            r"1)\b(?: [\w-]+){0,6}? (?:case|patient|man|woman|boy|girl|male|female|child|infant|neonate)\b",
            r"\b(?:an?|the|1) \d+[- ](?:year|month|week|day)s?[- ]old (?:[\w-]+ ){0,3}(?:man|woman|boy|girl|"
            r"male|female|patient|child|infant|neonate)\b",
            r"\bthis case (?:report|illustrat|demonstrat)",
        ),
        "We report a patient whose pain faded.",
        "one patient is described",
        Design.CASE_REPORT,
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND, CONCLUSION),
        confidence=LIKELY,
    ),
    Rule(
        "design/treated-and-untreated",
        r"\b(?:supplemented|treated|given|administered|trained|received)\b[^.;]{0,120}\bcompared (?:to|"
        r"with) (?:\d+ )?(?:[\w-]+,? ){0,2}(?:untreated|historical)\b",
        "Twelve men were treated with drug X and compared with 12 untreated men.",
        "a treatment was given to some and not to others, without chance",
        Design.NON_RANDOMISED,
        zones=(METHODS, UNKNOWN, AIM),
        confidence=LIKELY,
    ),
    Rule(
        "design/case-control",
        any_of(
            r"\bcase[ -]?control(?:led)?\b",
            r"\bcases and controls\b",
        ),
        "Sleep and pain: a case-control study",
        "people with and without the condition were compared",
        Design.CASE_CONTROL,
        zones=OWN,
    ),
    Rule(
        "design/cohort-title",
        any_of(
            r"\bcohorts?\b",
            r"\bretrospective(?:ly)?\b",
            r"\bregistry\b",
            r"\bprospective (?:[\w-]+ )?observational",
            r"\bobservational (?:[\w-]+ )?(?:study|cohort|trial)",
            r"\bprospective study of risk",
        ),
        "Opioids after surgery: a cohort study",
        "the title names people followed without an assigned treatment",
        Design.COHORT,
        zones=(TITLE,),
    ),
    Rule(
        "design/cross-sectional",
        any_of(
            r"\bcross[ -]sectional\b",
            r"\bprevalence (?:study|survey)",
            r"\b(?:questionnaire|postal|telephone|online|web-based|mail|population|national|household|"
            r"internet) (?:[\w-]+ )?survey",
            r"\bsurvey(?:ed)? (?:of|was|among)\b",
            r"\bdiagnostic accuracy\b",
        ),
        "A cross-sectional survey of pain in nurses",
        "everything was measured at one time",
        Design.CROSS_SECTIONAL,
        zones=OWN,
    ),
    Rule(
        "design/cohort-text",
        any_of(
            r"\bcohort (?:study|analysis|of|was)",
            r"\bprospective(?:ly)? (?:[\w-]+ ){0,2}cohorts?\b",
            r"\bretrospective(?:ly)?\b",
            r"\b(?:medical|patient|hospital|health|anesthesia|anaesthesia) records\b",
            r"\bchart(?:s)? (?:review|were)",
            r"\bregistry\b",
            r"\bdatabase\b",
            r"\bobservational (?:[\w-]+ )?(?:study|data|trial|design)",
            r"\blongitudinal(?:ly)? (?:study|data|follow)",
        ),
        "Charts were reviewed retrospectively.",
        "people were followed, or their records read, without an assigned treatment",
        Design.COHORT,
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
        confidence=LIKELY,
    ),
)

FOLLOWED = (
    Rule(
        "design/cohort-topic",
        any_of(
            r"(?<!reducing )\brisk factors for",
            r"\b(?:incidence|prevalence) (?:of|and)",
            r"\bpredictors? of",
            r"\blongitudinal (?:study|analysis)",
            r"\bfollow-?up study\b",
            r"\bfactors (?:affecting|influencing|associated|related|predicting)",
        ),
        "Risk factors for pain after surgery",
        "the title asks what goes with an outcome, not what a treatment does",
        Design.COHORT,
        zones=(TITLE,),
        confidence=LIKELY,
    ),
    Rule(
        "design/followed",
        any_of(
            r"\bconsecutive (?:[\w-]+ ){0,4}patients\b",
            r"\bfollowed (?:up )?(?:prospectively|for (?:a )?(?:mean|median))",
        ),
        "Fifty consecutive patients were seen.",
        "people were taken as they came, and followed",
        Design.COHORT,
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
        confidence=LIKELY,
    ),
)

TRIALS = (
    Rule(
        "design/single-arm",
        any_of(
            r"\bsingle[ -](?:arm|group)\b",
            r"\buncontrolled,? (?:[\w-]+,? ){0,4}(?:trial|study|design|evaluation)\b",
            r"\b(?:trial|study)\b[^.;]{0,40}\buncontrolled\b",
            r"\b(?:non-?comparative|open[- ]label (?:extension|follow-?up|pilot|phase))",
            r"\bphase (?:i|ii|1|2|i/ii|ib|iia|iib|1b|1/2|i-ii),? (?:[\w-]+,? ){0,4}?(?:trial|study|"
            r"evaluation)\b(?! randomis)",
            r"\bdose[- ](?:escalation|finding)",
            r"\bpre-? ?(?:and|to|/) ?post-?(?:test|treatment|intervention)",
        ),
        "A phase II trial of drug X in bone pain",
        "all had the same treatment",
        Design.SINGLE_ARM,
        zones=NOW,
        confidence=LIKELY,
    ),
    Rule(
        "design/controlled-trial",
        any_of(
            r"\bquasi[- ]?(?:experiment|random)",
            r"\bnon-? ?randomis(?:ed)? (?:[\w-]+ ){0,3}(?:trial|study|controlled)",
            r"\bcontrolled (?:clinical )?(?:trial|study)\b",
            r"\b(?:patients|subjects|participants|women|men|children|volunteers|cases|females|males|adults|"
            r"athletes|students|players|individuals)\b(?: [\w(),=-]+){0,10}? (?:were|"
            r"was) (?:[\w-]+ )?(?:divided|allocated|assigned|allotted|separated|distributed|categori[sz]ed|"
            r"classified|split|grouped) (?:in|to|into|between|by)",
            r"\b(?:control|comparison|placebo) group (?:[\w-]+ ){0,3}?(?:received|was given|did not|underwent|"
            r"had)",
            r"\b(?:received|given) (?:either )?[^.;]{3,90} (?:or|versus|vs\.?|"
            r"and \d+ (?:[\w-]+ )?received) [^.;]{0,40}\bplacebo",
            r"\bwere (?:[\w-]+ )?compared with (?:[\w-]+ )?(?:untreated|matched|historical|control)",
        ),
        "Patients were divided into two groups by ward.",
        "treatments were compared in groups, and nothing says by chance",
        Design.NON_RANDOMISED,
        zones=(TITLE, AIM, METHODS, RESULTS, UNKNOWN),
        confidence=LIKELY,
    ),
)

UNCERTAIN = (
    Rule(
        "design/before-and-after",
        r"\bbefore and after (?:the )?(?:[\w-]+ ){0,2}(?:treatment|intervention|rehabilitation|therapy|"
        r"program|administration|training)",
        "Pain was measured before and after treatment.",
        "one group is compared with itself",
        Design.SINGLE_ARM,
        zones=NOW,
        confidence=UNCLEAR,
    ),
    Rule(
        "design/clinical-trial",
        any_of(
            r"\bclinical trial\b(?! registr)",
            r"\bexperimental (?:study|group|design)",
            r"\binterventional study",
            r"\bintervention (?:study|group)",
            r"\bpilot (?:trial|study)",
            r"\bopen[- ]label\b",
            r"\bopen,? (?:[\w-]+,? ){0,2}(?:trial|study)\b",
            r"\bprospective (?:[\w-]+ )?(?:trial|comparative)\b",
        ),
        "In this clinical trial pain was treated with drug X.",
        "it calls itself a trial, and nothing says by chance",
        Design.NON_RANDOMISED,
        keys=keys("trial|experimental|intervention|pilot|open|prospective"),
        zones=NOW,
        confidence=UNCLEAR,
    ),
)

COMPARED = Rule(
    "design/compared-groups",
    any_of(
        r"\b(?:and|were|was) (?:then )?divided (?:in|into)\b",
        r"\bcontrol (?:group|trial|condition|arm|session)s?\b",
        r"\bcross-?over\b",
        r"\bgroups? (?:[a-d1-4]|i{1,3})\b",
        r"\bplacebo\b",
        r"\bsham\b",
        r"\b(?:both|\d) (?:[\w-]+ ){0,2}groups\b",
    ),
    "Men in group A had drug X, men in group B drug Y.",
    "groups or conditions were compared in which something was given, and nothing says by chance",
    Design.NON_RANDOMISED,
    zones=(METHODS, UNKNOWN, AIM),
    confidence=UNCLEAR,
)

GIVEN = Rule(
    "design/something-given",
    r"\b(?:received|were given|was given|administ(?:ered|ration)|were treated|treated with|injected|"
    r"infused|consumed|took|ingested|supplement(?:ed|ation)|training|(?:\d|\.\d) ?(?:mg|µg|mcg|ml)/?)",
    "Men in group A received drug X.",
    "something was done to the subjects",
    keys=keys("receiv|given|administ|treat|inject|infus|consumed|took|ingest|supplement|training|mg|µg|ml"),
    zones=(METHODS, UNKNOWN, AIM),
)

DESCRIBED = Rule(
    "design/described",
    any_of(
        r"\b(?:between|from) (?:[a-z]+ )?(?:19|20)\d\d (?:and|to|through|until|-) ?(?:[a-z]+ )?(?:19|20)\d\d\b",
        r"\bprospective(?:ly)? (?:[\w-]+ ){0,2}(?:study|data collection|evaluated|followed|studied)\b",
        r"\bdescriptive study\b",
        r"\b(?:during|over) (?:a|an|the)? ?(?:\d+|last|past)[- ](?:\w+[- ])?(?:year|month)s?\b",
        r"\bmean follow-?up\b",
    ),
    "Between 1995 and 1999 fifty patients were seen.",
    "people of one place and time are described",
    Design.COHORT,
    zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    confidence=UNCLEAR,
)

ONE_PERSON = Rule(
    "design/one-person",
    any_of(
        r"\b\d+[- ](?:year|month|week|day)s?[- ]old (?:[\w-]+ ){0,3}(?:man|woman|boy|girl|male|female|patient|child|"
        r"infant|neonate)\b",
        r"\b(?:the|this|our) (?:patient|child|man|woman|infant|boy|girl) (?:was|had|died|recovered|underwent|presented|"
        r"developed|remained|received|made|became|complained|responded|improved)\b",
        r"\b(?:cases?|patient|observation) (?:[\w-]+ ){0,8}?(?:is|was|are) (?:here )?(?:reported|"
        r"described|presented)\b",
        r"\b(?:report|describe|present)s? (?:here )?(?:an?|the|1|our) (?:[\w-]+ ){0,5}(?:case|patient|family|"
        r"observation)\b",
        r"\b(?:an?|1) (?:[\w-]+ ){0,3}(?:patient|man|woman|boy|girl|child|infant) (?:in whom|presented|presenting|"
        r"developed|suffering|was|had)\b",
        r"^(?:[\w-]+ ){0,3}case of\b",
    ),
    "A 50-year-old woman had drug X.",
    "one patient is told of, and nothing else says what was done",
    Design.CASE_REPORT,
    keys=keys("old|patient|child|man|infant|boy|girl|case|observation|family"),
    zones=(*NOW_OR_OWN, CONCLUSION),
    ours=False,
    confidence=UNCLEAR,
)
