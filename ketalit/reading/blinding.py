"""Read who did not know the treatment, what it was compared with, and on whom the study was done."""

from __future__ import annotations

import re
from dataclasses import replace

from ..vocabulary import Blinding, Comparator, Confidence, Design, Setting
from .design import ANIMALS
from .engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source
from .needs import Cue

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
_STUDY = (TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND, CONCLUSION)
_BLIND = r"(?:blind|mask)(?:ed|ing)?"
_WATCHER = (
    r"(?:assess(?:or|ment|ed)s?|observers?|evaluat(?:or|ion)s?|rat(?:er|ing)s?|examiners?|interviewers?|"
    r"outcome|analysts?|radiologists?|pathologists?|readers?|reviewers?|statisticians?|end-?points?)"
)

BLINDING = (
    Rule(
        "blinding/double",
        rf"\b(?:double|triple|quadruple)[ -]*{_BLIND}\b|\bdouble[ -]dummy\b|\b(?:patients?|participants?|"
        rf"subjects?|volunteers)(?:,| and|/)[^.;]{{0,60}}\b(?:assessors?|investigators?|observers?|staff|"
        rf"physicians?|clinicians?|researchers?|personnel|anesthesiologists?|anaesthesiologists?|surgeons?|"
        rf"nurses?|providers?)\b[^.;]{{0,60}} (?:were|was) (?:all |both )?(?:{_BLIND}|unaware)",
        "A double-blind, placebo-controlled trial",
        "the text says so; triple blinding includes it",
        Blinding.DOUBLE,
        ("double", "triple", "quadruple", "blind", "mask", "unaware"),
        _STUDY,
    ),
    Rule(
        "blinding/assessor",
        rf"\b{_WATCHER}s?(?:[ -]| (?:was|were) | who (?:was|were) )(?:[\w-]+ ){{0,2}}{_BLIND}\b|\b{_BLIND} "
        rf"(?:[\w-]+ ){{0,2}}{_WATCHER}\b|\b(?:investigators?|researchers?)[ -](?:was |were |who (?:was|were) )?"
        rf"{_BLIND}|\b(?:clinicians?|physicians?|surgeons?|nurses?|dentists?|technicians?|personnel|staff|therapists?|"
        rf"[a-z]+ologists?|ana?esthetists?) (?:(?:was|were|who (?:was|were)) )?(?:[\w-]+ )?{_BLIND} "
        rf"(?:to|of|for|as)\b|"
        rf"\bthird[- ]party[- ]{_BLIND}|"
        rf"\b{_WATCHER}s? (?:\w+ ){{0,3}}unaware of|\b{_BLIND} (?:end-?point|assessment)",
        "A blinded observer assessed pain.",
        "those who measured the outcome did not know",
        Blinding.ASSESSOR,
        ("blind", "mask", "unaware"),
        _STUDY,
    ),
    Rule(
        "blinding/single",
        rf"\bsingle[ -]*{_BLIND}\b|\b(?:patients?|participants?|subjects?)[ -](?:were |was )?{_BLIND}\b",
        "A single-blind crossover study",
        "the text says so",
        Blinding.SINGLE,
        ("single", "blind", "mask"),
        _STUDY,
    ),
    Rule(
        "blinding/open",
        rf"\bopen[ -]*label(?:l?ed)?\b|\b(?:non|un|not)[ -]?{_BLIND}\b|\bopen(?:,|-| )(?:[\w-]+,? "
        rf"){{0,3}}?(?:trial|study|rct|randomised)\b|\bwithout {_BLIND}",
        "An open-label trial of drug X",
        "the text says so",
        Blinding.OPEN,
        ("open", "blind", "mask"),
        _STUDY,
    ),
)

_PLACEBO = (
    r"(?:placebos?(?! (?:run|lead|wash|period|phase|baseline|effect|respon))|sham|(?<!double )(?<!double-)(?<!- )dummy|"
    r"vehicle|(?:normal |isotonic |physiologic(?:al)? |0\.9% |plain )?saline|nacl|"
    r"(?:inert|inactive)(?! (?:control|metabol|compound|form|disease))|mock|sub-?therapeutic|control (?:capsule|"
    r"supplement|pill|tablet|drink|beverage|solution|cream|gel|"
    r"product)s?|simulated (?:treatment|stimulation))"
)
PLACEBO = Rule(
    "comparator/placebo",
    rf"\b{_PLACEBO}\b(?! (?:infiltrat|irrigat|diluted|wash|response rate|lavage|nasal))",
    "Drug X was compared with placebo.",
    "one group had an inert treatment",
    Comparator.PLACEBO,
    zones=(TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND, CONCLUSION),
)
UNTREATED = Rule(
    "comparator/no-treatment",
    r"\b(?:no[ -](?:treatment|intervention|therapy|training|adjuvant|drug|premedication|additional|"
    r"supplement)|no (?:further|additional|specific|active|other|prophylactic) (?:treatment|therapy|intervention|drug)|"
    r"expectant management|watchful waiting|inactive control|"
    r"best (?:medical|supportive) (?:care|treatment|management|therapy)|supportive care|"
    r"usual[ -](?:[\w-]+ )?(?:care|treatment|practice)|conventional (?:medical )?care|standard (?:care|of care|"
    r"medical|management|practice)|"
    r"(?<!in )(?<!in the )routine (?:care|practice|management)|"
    r"treatment[ -]as[ -]usual|(?:care|treatment|treated)(?: [\w-]+){0,4} in the usual way|"
    r"wait(?:ing)?[ -]?list|untreated|not (?:be )?treated|did not (?:receive|get|have|perform|undergo|"
    r"participate|take)|no (?:[\w-]+ ){0,3}(?:was|were) (?:given|used|administered|applied)|"
    r"received (?:no|nothing|none|only (?:a )?(?:routine|usual|standard))|without (?:any )?(?:treatment|"
    r"intervention|drug|physical training|supplementation)|(?<!failed )(?<!to )(?<!of )conservative treatment|"
    r"conventional (?:care|"
    r"therapy|treatment) (?:alone|only)|"
    r"(?:control|reference) group without|minimal (?:intervention|contact)|delayed (?:intervention|"
    r"treatment)|observation (?:alone|only)|non-?intervention|not (?:offered|to receive)|"
    r"alone\b(?=[^.;]{0,30}\bcontrol)|self-monitoring|no-treatment)\b",
    "Drug X was compared with usual care.",
    "one group had nothing, or what it would have had anyway",
    Comparator.NO_TREATMENT,
    (
        "usual",
        "standard",
        "routine",
        "no ",
        "no-",
        "wait",
        "untreated",
        "not ",
        "received",
        "without",
        "conservative",
        "conventional",
        "best ",
        "supportive",
        "expectant",
        "watchful",
        "inactive",
        "minimal",
        "delayed",
        "observation",
        "intervention",
        "alone",
    ),
    (TITLE, AIM, METHODS, UNKNOWN, BACKGROUND),
    confidence=_LIKELY,
)
DOSES = Rule(
    "comparator/doses",
    r"\b(?:\d+|different|various|low(?:er)?|high(?:er)?|increasing|2|3) doses? (?:of|regimens?|levels?)\b|"
    r"\bdose[ -](?:response|ranging|finding|dependent|comparison)|\b(?:low|"
    r"high)[ -]dose\b[^.;]{0,60}\b(?:versus|vs|and|or|with) (?:[\w-]+ ){0,2}(?:low|high|"
    r"standard)[ -](?:er[ -])?dose|\bappropriate dose\b|\boptimal dose\b",
    "Two doses of drug X were compared.",
    "the groups differ in dose",
    Comparator.DOSE,
    ("dose",),
    (TITLE, AIM),
    confidence=_LIKELY,
)
WITHOUT = Rule(
    "comparator/without",
    r"\bto [\w-]+ or not\b|\bwith (?:and|or|versus|vs\.?) without\b|\bno-[\w-]+ group\b|\b(?:to|with|than) "
    r"(?:those|patients|women|men|people|"
    r"children|subjects|participants) who did not\b(?! (?:respond|tolerate|complete|adhere))",
    "Patients with and without drug X were compared.",
    "one group went without the treatment",
    Comparator.NO_TREATMENT,
    ("without", "no-", "or not", "who did not"),
    (TITLE, AIM, METHODS, UNKNOWN, RESULTS, BACKGROUND),
    confidence=_LIKELY,
)
ACTIVE = Rule(
    "comparator/active",
    r"\b(?:versus|vs\.?|compared? (?:with|to|the|between)|comparing|comparison (?:of|between)|comparative|"
    r"in comparison (?:with|to)|either|(?<= )or(?= )|alternative)\b|"
    r"\b(?!placebo|sham|self|patient|target|computer)[a-z]{6,}(?<!randomised)-controlled (?:[\w-]+ ){0,3}(?:trial|"
    r"study)\b|\bcontrol(?:s| group)\b|\b(?:2|3|4|5) (?:[\w-]+ ){0,3}groups\b|\bactive "
    r"(?:control|comparator)",
    "Drug X versus drug Y for pain",
    "the groups had different treatments",
    Comparator.ACTIVE,
    ("versus", "vs", "compar", "either", " or ", "control", "groups", "active", "alternative"),
    (TITLE, AIM, METHODS, UNKNOWN, BACKGROUND, RESULTS, CONCLUSION),
    confidence=_LIKELY,
)
ACTIVE_TOO = Rule(
    "comparator/active-too",
    r"\b(?:versus|vs\.?|compared (?:with|to)|comparison (?:with|to))(?: [\w-]+){0,3} placebo,? (?:and|or) "
    r"(?!(?:was|were|had|to|in|more|less|baseline|then|[\w-]+ed)\b)|"
    r"\bplacebo[- ]*(?:,|/|and|or) ?[\w-]+[- ]controlled\b|\bactive[ -](?:control|comparator|reference)",
    "A placebo and active comparator controlled trial",
    "the text names both controls",
    Comparator.PLACEBO_AND_ACTIVE,
    ("active", "placebo"),
    (TITLE, AIM, METHODS, UNKNOWN),
)

RIVAL = Rule(
    "comparator/versus-and-placebo",
    r"^(?!.*\b(?:placebo|sham|saline|vehicle)\b(?!-controlled)).*(?:\bversus\b|\bvs\b|"
    r"\bcompared (?:with|to)\b|\bcomparison (?:of|with)\b|\bcomparing\b)",
    "Drug X versus drug Y for pain",
    "the title sets two treatments against each other, and there was a placebo group besides",
    Comparator.PLACEBO_AND_ACTIVE,
    zones=(TITLE,),
    confidence=_LIKELY,
)
RIVAL_AND_PLACEBO = Rule(
    "comparator/rival-and-placebo",
    r"\bcompar(?:ed?|ing|ison|ative)\b[^.;]{0,80}? (?:with|to|versus|vs\.?) (?!placebo|baseline|that of placebo)"
    r"[^.;]{2,60}?(?:,|,? \(?and|,? or) (?:with |to |versus |a )?(?:placebo|sham)\b"
    r"(?! (?:group|arm|period|phase|patients|treated))",
    "To compare drug X with drug Y and placebo.",
    "two treatments are compared with each other and with placebo",
    Comparator.PLACEBO_AND_ACTIVE,
    zones=(TITLE, AIM, METHODS, UNKNOWN),
    confidence=_LIKELY,
)
# Words of one treatment in a list: "0.1 or 0.2 mg/kg drug X (group A)".
_WORD = r"(?:\([^()]*\)|\d[\d.]* (?:or|and) \d[\d.]*|(?:[^\s,;:().]|\.(?=[\d ]?\d))+)"
_NOT_IN_ITEM = r"(?!(?:or|and|than|was|were|had|in|for|during|who|versus|vs|on)\b)"
_ITEM = rf"{_NOT_IN_ITEM}{_WORD}(?: {_NOT_IN_ITEM}{_WORD}){{0,9}}"
_INERT = r"(?:[\w-]+ ){0,2}(?:placebos?|sham|saline|vehicle)\b"
LISTED_WITH_PLACEBO = Rule(
    "comparator/listed-with-placebo",
    rf"(?:\b(?:to|receive[ds]?|receiving|either|of|with|between|given|comparing|versus|vs\.?|the)|:) "
    rf"(?P<items>{_ITEM}(?:, (?!and\b|or\b){_ITEM}){{1,4}}|{_ITEM} or {_ITEM}),? (?:and|or|versus|vs\.?) "
    rf"(?:with |to )?{_INERT}|"
    rf"\b(?:receive[ds]?|receiving|either|of|between|:) {_INERT}(?: \([^()]*\))?, (?P<after>{_ITEM}"
    rf"(?:, (?!and\b|or\b){_ITEM}){{0,3}},? (?:and|or) {_ITEM})",
    "Patients were given drug X, drug Y, or placebo.",
    "two treatments are listed beside placebo",
    Comparator.PLACEBO_AND_ACTIVE,
    ("placebo", "sham", "saline", "vehicle"),
    (TITLE, AIM, METHODS, UNKNOWN),
    confidence=_LIKELY,
)
_PLACEBO_GROUP = re.compile(
    r"\b(?:placebo|sham|saline|vehicle)(?:[ -]treated)? (?:group|arm|patients|subjects|recipients)\b|"
    r"\b(?:or|and) (?:with )?(?:a )?(?:matching )?placebo\b(?! (?:plus|\+))|"
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|superior to|over) (?:with )?placebo\b"
)

DOSED_GROUPS = Rule(
    "comparator/dosed-groups",
    r"\bgroup [a-z0-9]{1,3},? ?\(\d[\d.]* ?(?:mg|µg|ug|mcg|g|ml|iu)[^)]{0,12}\)[^()]{0,20}\bgroup "
    r"[a-z0-9]{1,3},? ?\(\d[\d.]* ?(?:mg|µg|ug|mcg|g|ml|iu)",
    "Three groups had drug X: group A (0.25 mg/kg), group B (0.5 mg/kg).",
    "the groups are told apart by dose alone",
    Comparator.DOSE,
    zones=(METHODS, UNKNOWN, AIM),
)
_AMOUNT = r"\d[\d.]* ?(?:mg|µg|mcg|microg\w*|g|ml|iu|u|%|mg/kg|µg/kg)"
_ROUTE = (
    r"(?:intravenous|oral|intramuscular|subcutaneous|epidural|intrathecal|rectal|vaginal|sublingual|buccal|topical|"
    r"transdermal|inhaled|nebuli[sz]ed|intranasal|intraperitoneal|systemic|bolus|continuous|intermittent|single|"
    r"multiple|"
    r"once|twice|daily|weekly|short|long|early|late|fixed|flexible)"
)
_AGAINST = r"(?:versus|vs\.?|or|and|with|compared (?:with|to))"
SAME_DRUG = Rule(
    "comparator/same-drug",
    rf"\b{_AMOUNT},? (?:{_AGAINST}) {_AMOUNT} (?!.*\b(?:versus|vs)\b)|"
    rf"\b{_ROUTE}(?:ly)? (?:{_AGAINST}) {_ROUTE}(?:ly)? (?!and\b|or\b)(?!.*\b(?:versus|vs|compar\w+)\b)[\w-]+|"
    r"\b(?:versus|vs\.?|or|and) [\w-]+ administration of\b|"
    r"\b(?:bolus|infusion)\b.{0,20}? (?:versus|vs\.?|or|and) .{0,20}?\b(?:bolus|infusion)\b|"
    r"\b(?:routes? of administration|dos(?:e|ing|age) (?:schedules?|regimens?|intervals?|strateg(?:y|ies))|"
    r"administration (?:schedules?|regimens?)|sites? of injections?|different (?:dosing|dosage)"
    r" [\w-]+)\b",
    "Drug X by mouth: once versus twice daily dosing.",
    "the groups had one drug in different amounts or ways",
    Comparator.DOSE,
    ("versus", "vs", " or ", " and ", " with ", "compared", "route", "dos", "administration", "site"),
    (TITLE,),
    confidence=_LIKELY,
)
TITLE_ACTIVE = Rule(
    "comparator/title-versus",
    r"\b(?:versus|vs\.?|(?<= )or(?= )|compared (?:with|to)|in comparison (?:with|to)|better than|superior to)\b(?! "
    r"(?:no\b|not\b|usual|standard|placebo|control))|\b(?:comparison|comparative|comparing|"
    r"compare)\b(?:(?! no | usual| standard| placebo| control).)*$",
    "Comparison of drug X and drug Y for pain",
    "the title sets two treatments against each other",
    Comparator.ACTIVE,
    ("versus", "vs", " or ", "compar", "than", "superior"),
    (TITLE,),
)
TITLE_VERSUS = Rule(
    "comparator/title-names-two",
    r"\b(?:versus|vs\.?|compared (?:with|to)|in comparison with)\b(?! (?:no\b|not\b|usual|standard|placebo|control|"
    r"healthy|normal|non))",
    "Drug X versus drug Y in nursing homes",
    "the title sets two treatments against each other, whatever the design",
    Comparator.ACTIVE,
    zones=(TITLE,),
    confidence=_LIKELY,
)
UNEXPOSED = Rule(
    "comparator/unexposed",
    r"\b(?:unexposed|non-?users|never[- ]users|not exposed|untreated|without (?:[\w-]+ ){0,2}(?:exposure|use)|"
    r"who did not (?:receive|take|use|have))\b",
    "Women with and men without drug X exposure were followed.",
    "those who had the drug were compared with those who had not",
    Comparator.NO_TREATMENT,
    ("exposed", "users", "without", "untreated", "did not"),
    (TITLE, AIM, METHODS, UNKNOWN, RESULTS),
    confidence=_LIKELY,
)
CONTROL_HAD = Rule(
    "comparator/control-had",
    r"\bcontrols?(?: group| arm| condition| patients| subjects| participants)?s?(?: \([^)]*\))?,? "
    r"(?:[\w-]+ ){0,2}?(?:received|receiving|had|underwent|was given|were given|was treated|were treated|"
    r"consisted|performed|got|drank|consumed|practi[sc]ed)\b(?! (?:no|nothing|only|usual|routine|standard|"
    r"conservative|conventional|the (?:usual|routine|standard)|a routine))|\b(?:active|attention|"
    r"positive)[ -](?:placebo |treatment )?\(?controls?\b|\(active",
    "The control group received drug Y.",
    "the text says what the control group had",
    Comparator.ACTIVE,
    zones=(AIM, METHODS, UNKNOWN, BACKGROUND),
)
CONTROL_ONLY = Rule(
    "comparator/control-undescribed",
    r"\b(?:control|reference|comparison) (?:group|arm|condition|practices|schools|villages|clusters|"
    r"halls)s?\b|\b(?:or|and|versus|vs\.?|,) (?:an? |the )?controls?\b|\bcontrols will\b|\(controls?\)|"
    r": controls?\b|\bcontrolled before\b",
    "Villages were randomised to intervention or control.",
    "a control group of which nothing is told had nothing special",
    Comparator.NO_TREATMENT,
    zones=(AIM, METHODS, UNKNOWN, RESULTS, BACKGROUND),
    confidence=_UNCLEAR,
)

_HEALTHY = (
    r"(?:healthy|normal|pain-free|asymptomatic|untrained|trained|physically active|recreationally (?:active|"
    r"trained)|resistance-trained|well-trained|sedentary)"
)
VOLUNTEERS = (
    Rule(
        "setting/healthy",
        rf"\b{_HEALTHY},? (?:[\w-]+,? ){{0,5}}?(?:volunteers|subjects|participants|adults?|individuals|"
        rf"humans|men|women|males?|females?|people|children|students|infants|persons|athletes|"
        rf"girls|boys|young)\b|\bvolunteers\b",
        "Ten healthy volunteers had drug X.",
        "the subjects were healthy",
        Setting.VOLUNTEERS,
        ("healthy", "normal", "volunteers", "pain-free", "asymptomatic", "trained", "active", "sedentary"),
        (TITLE, AIM, METHODS, UNKNOWN, RESULTS, BACKGROUND),
    ),
    Rule(
        "setting/general-population",
        r"\b(?:students|school ?children|schools?|workers|employees|athletes|players|cyclists|runners|"
        r"household(?:s|ers)?|general population|pregnant women|health professionals|soldiers|recruits|"
        r"adolescents|villages|villagers|firefighters|teachers|drivers|swimmers|communit(?:y|"
        r"ies)|infants|mothers|parents|preschool\w*|kindergartens?|toddlers|families|older (?:adults|people)|elderly|"
        r"nurses|residents|military|"
        r"universit(?:y|ies)(?!(?: [\w-]+){0,2} (?:hospital|medical|teaching|clinic|dental|affiliated)))\b",
        "Forty office workers took part.",
        "the subjects were not patients",
        Setting.VOLUNTEERS,
        zones=(TITLE, AIM, METHODS, UNKNOWN, RESULTS),
        confidence=_LIKELY,
    ),
)
DISEASES = Rule(
    "setting/diseases",
    r"\bpost-?operative|\bmigraine|\bheadache|\barthritis\b|\bosteoarthritis\b|\bhypertensi|\basthma\b|\bstroke\b|"
    r"\bepilep|\bschizophreni|\bautis|\bdementia\b|\bfibromyalgia\b",
    "Twelve adults with autism had both treatments.",
    "a disease is named, and nobody healthy",
    Setting.PATIENTS,
    confidence=_UNCLEAR,
)
HEALTHY_CONTROLS = Rule(
    "setting/healthy-controls",
    r"\b(?:healthy|normal) (?:[\w-]+ ){0,2}?controls\b",
    "They were measured beside healthy controls.",
    "the only subjects named were healthy",
    Setting.VOLUNTEERS,
    confidence=_UNCLEAR,
)
PATIENTS = Rule(
    "setting/patients",
    r"\b(?:out|in)?patients?\b|\bsurgery\b|\bundergoing\b|\bdiagnos(?:ed|is)\b|\bsuffer(?:ing|ed)?\b|"
    r"\bdisease\b|\bdisorders?\b|\bsyndrome\b|\bpain\b|\bcancer\b|\binjur(?:y|ies)\b|\binfection\b|"
    r"\bsymptoms?\b|\b(?:people|adults|children|women|men|individuals|subjects|participants|adolescents|veterans) "
    r"(?:living )?with (?!(?:and|or|no|normal|healthy|mean|an? (?:mean|body|bmi|history)|"
    r"access|experience|low|high)\b)|"
    r"\bparturients\b|\bcesarean|\bcaesarean|\bpreterm\b|\btherapy\b|\bdiabetes\b",
    "Patients with neuropathic pain had drug X.",
    "the subjects had a condition or a procedure",
    Setting.PATIENTS,
    confidence=_LIKELY,
)
# Xylazine and medetomidine are not given to people.
VETERINARY = Rule(
    "setting/veterinary-anaesthesia",
    r"\bketamine(?: hydrochloride)?\W+(?:and |plus |with )?(?:xylazine|medetomidine)\b|"
    r"\b(?:xylazine|medetomidine)\W+(?:and |plus |with )?ketamine\b",
    "Nerves were cut under ketamine-xylazine anaesthesia.",
    "an anaesthesia for animals was used",
    Setting.ANIMALS,
    ("xylazine", "medetomidine"),
    confidence=_LIKELY,
    ours=False,
)
RULES = (
    *BLINDING,
    PLACEBO,
    RIVAL,
    RIVAL_AND_PLACEBO,
    LISTED_WITH_PLACEBO,
    UNTREATED,
    DOSES,
    DOSED_GROUPS,
    SAME_DRUG,
    WITHOUT,
    TITLE_VERSUS,
    UNEXPOSED,
    TITLE_ACTIVE,
    CONTROL_HAD,
    CONTROL_ONLY,
    ACTIVE,
    ACTIVE_TOO,
    VETERINARY,
    *VOLUNTEERS,
    HEALTHY_CONTROLS,
    PATIENTS,
    DISEASES,
)

_COMPARING = frozenset(
    {
        Design.PARALLEL_RCT,
        Design.CROSSOVER_RCT,
        Design.CLUSTER_RCT,
        Design.OTHER_RANDOMISED,
        Design.NON_RANDOMISED,
        Design.PROTOCOL,
        Design.SECONDARY_ANALYSIS,
        Design.META_ANALYSIS,
        Design.ANIMAL,
        Design.COHORT,
    }
)


# Studies that may have compared two treatments although nobody was allocated.
_OBSERVING = frozenset({Design.COHORT, Design.SINGLE_ARM, None})
# Where nothing counts groups, these may well have had one.
_PERHAPS_COMPARING = frozenset({Design.COHORT, Design.PROTOCOL, Design.SECONDARY_ANALYSIS})


def read_blinding(source: Source) -> Hit | None:
    """Who did not know the treatment, where the text says it of this study."""
    if not any(key in source.norm for key in ("blind", "mask", "open", "dummy", "unaware")):
        return None
    return source.first(BLINDING) or _blinding_early(source)


# A sentence taken for background that tells of a trial now done: "This multicentre, double-blind study …".
_NOW = re.compile(
    r"\b(?:this|the present|prospective|randomised|multicent\w+|placebo-controlled|parallel|crossover|cross-over)\b|"
    r"\b(?:was|were) (?:[\w-]+ )?(?:studied|compared|evaluated|assessed|investigated|"
    r"performed|conducted|carried out|done)"
)
_NOT_NOW = re.compile(
    r"\b(?:previous\w*|earlier|recent\w*|several|future|further|larger?|needed|warranted|required|lack of|few|trials|"
    r"studies|have (?:been )?shown|has (?:been )?shown|planned)\b"
)


def _blinding_early(source: Source) -> Hit | None:
    for sentence in source.zone(BACKGROUND):
        if sentence.ours or _NOT_NOW.search(sentence.norm) or not _NOW.search(sentence.norm):
            continue
        for rule in BLINDING:
            if match := rule.regex.search(sentence.norm):
                return replace(source.hit(rule, match, sentence), confidence=_LIKELY)
    return None


_TRIALS = Cue(
    r"\b(?:\d+|several|(?:well-|placebo-)?controlled|clinical|comparative|randomised|double-blind|multicent\w+)"
    r"(?:,? [\w-]+){0,4} (?:trials|studies)\b"
)
_OWN = Cue(
    r"\b(?:this|the present|present|our|in an?|an?|the) (?:[\w-]+,? ){0,8}?(?:study|trial)\b|\bwe\b|"
    r"\b(?:was|were) (?:[\w-]+ )?(?:random|allocated|assigned|enrolled|recruited)|\bto (?:compare|evaluate|assess|"
    r"determine)\b"
)


def tells_of_others(source: Source) -> bool:
    """Whether a text tells of the trials of others alone, as a review of a drug does."""
    return (
        source.has_abstract
        and not source.structured
        and _OWN.search(source.norm, source.words) is None  # the likelier, and sooner found
        and _TRIALS.search(source.norm, source.words) is not None
    )


def read_comparator(source: Source, design: Design | None, arms: int | None) -> Hit | None:
    """What kind of comparison was made."""
    if design not in _COMPARING or (design in _PERHAPS_COMPARING and not arms):
        return source.first((TITLE_VERSUS, UNEXPOSED)) if design in _OBSERVING else None
    if design is not Design.META_ANALYSIS and source.once(tells_of_others):
        return None
    placebo = source.first((PLACEBO,))
    if placebo and not (arms == 2 and _in_every_group(source)):
        if both := source.first((ACTIVE_TOO,)):
            return both
        if arms != 2 and find_rival(source):
            return replace(placebo, value=Comparator.PLACEBO_AND_ACTIVE, rule=RIVAL.name, confidence=_LIKELY)
        if arms and arms >= 3 and not _one_drug(source):
            return Hit(
                Comparator.PLACEBO_AND_ACTIVE, placebo.start, placebo.end, "comparator/placebo-of-three", _LIKELY
            )
        return placebo
    if doses := source.first((DOSES, DOSED_GROUPS, SAME_DRUG)):
        return doses
    for rule in (UNTREATED, TITLE_ACTIVE, CONTROL_HAD, WITHOUT, CONTROL_ONLY, ACTIVE):
        if found := source.first((rule,)):
            return _treated_control(source) or found if rule is CONTROL_ONLY else found
    return None


_LETTERED_CONTROL = re.compile(r"\bcontrols?(?: group)?,? \((?:group )?([a-z]{1,2}|\d)\b")


def _treated_control(source: Source) -> Hit | None:
    """What the letter of the control group was given: "control (group S)", then "group S had drug Y"."""
    if letter := _LETTERED_CONTROL.search(source.norm, source.title_end):
        given = re.compile(
            rf"\bgroup {letter.group(1)}\b[^.;]{{0,40}}?\b(?:received|had|was given|were given|underwent)\b"
            r"(?! (?:no|nothing|only|usual|routine|standard))"
        ).search(source.norm, letter.end())
        if given:
            return Hit(Comparator.ACTIVE, *given.span(), "comparator/control-letter", _LIKELY)
    return None


def find_rival(source: Source) -> Hit | None:
    """Where the title compares two active treatments, while the abstract tells of a placebo group."""
    rival = source.first((RIVAL,))
    if rival and _PLACEBO_GROUP.search(source.norm, source.title_end):
        return rival
    if found := source.first((RIVAL_AND_PLACEBO,)):
        return found
    listed = find_listed(source)
    return listed if listed and _several_drugs(listed.note.split("; ")[:-1]) else None


def find_listed(source: Source) -> Hit | None:
    """Treatments listed beside placebo, in the note of the hit; its value is their number, each dose counted."""
    for match, sentence in source.find(LISTED_WITH_PLACEBO):
        text = _AT_DOSES.sub("", _BRACKETS.sub("", match["items"] or match["after"]))
        items = _treatments(re.split(r",(?: and| or)? |(?<!\d) (?:and|or) ", _LEADING.sub("", text)))
        number = 1 + sum(2 if re.match(r"(?:[\w-]+ )?\d[\d.]* (?:or|and) \d", item) else 1 for item in items)
        if number >= 3 and not any(_PART.match(item) for item in items):
            return source.hit(LISTED_WITH_PLACEBO, match, sentence, number, note="; ".join([*items, "placebo"]))
    return None


_LEADING = re.compile(
    r"^(?:.*\b(?:received?|receiving|either|given) )?"
    r"(?:[^,]*\b(?:to|received?|receiving|either|of|with|between|given) )?"
)
_AT_DOSES = re.compile(r"(?<=, )(?:at|in) (?:daily )?(?:doses?|dosages?) of ")
_BRACKETS = re.compile(r" ?\([^()]*\)")


def _treatments(items: list[str]) -> list[str]:
    """Of what stands between commas the treatments: no "20 mg daily" after a drug, no "an opioid" beside its name."""
    kept = [item for place, item in enumerate(items) if not (place and adds_dose(items[place - 1], item))]
    named = [item for item in kept if not item.startswith(("a ", "an "))]
    return named or kept


def adds_dose(treatment: str, item: str) -> bool:
    """Whether an item of a list is the dose of the treatment before it, not a treatment of its own.

    >>> adds_dose("drug x", "20 mg daily"), adds_dose("drug x 10 mg", "20 mg")
    (True, False)
    """
    return _ONLY_DOSE.match(item) is not None and _DOSE.search(treatment) is None


_DOSE = re.compile(r"\d ?(?:mg|µg|mcg|microg\w*|g|ml|iu|units?|%)")
_ONLY_DOSE = re.compile(
    r"\d[\d.]* ?(?:mg|µg|mcg|microg\w*|g|ml|iu|units?)\b\S*(?: (?:once|twice|daily|orally|per|a|every|each|in|"
    r"three).*)?$"
)
# What stands between commas and is no treatment: "a multicentre, parallel …".
_PART = re.compile(
    r".*\b(?:controlled|blind|blinded|parallel|multicentre|multicenter|patients|respectively|which|baseline)\b|\W"
)
# Words that lists of different drugs share.
_COMMON = frozenset(
    {
        *(
            "dose",
            "doses",
            "daily",
            "once",
            "twice",
            "oral",
            "orally",
            "group",
            "groups",
            "treatment",
            "treated",
            "active",
        ),
        *("with", "plus", "weeks", "days", "high", "drug", "intravenous", "stimulation", "matching", "infusion"),
        *("infusions", "tablets", "each", "receptor", "agonist", "antagonist"),
    }
)


def _several_drugs(items: list[str]) -> bool:
    """Whether one of the treatments is another drug than the first: "0.1 mg drug X" and "0.2 mg drug X" are one."""
    words = [[word for word in re.findall(r"[a-z]{4,}", item) if word not in _COMMON] for item in items]
    named = [one for one in words if one]
    return any(named[0][0] != other[0] and not set(other) <= set(named[0]) for other in named[1:])


# Who had drug X had the placebo of drug Y, and the other way round.
_IN_EVERY_GROUP = re.compile(
    r"(?:\band|\bplus|\+|\bwith) (?:[\w-]+ ){0,3}placebo\b.{0,100}?\b(?:or|versus|vs|and|;|,)\b.{0,100}?"
    r"(?:\bplacebo\b(?: [\w-]+){0,3} (?:and|plus|\+|with) (?!placebo)|(?:\band|\bplus|\+) (?:[\w-]+ ){0,3}placebo\b)|"
    r"\(placebo\)[^()]{0,100}\(placebo\)|\bdouble[ -]dummy\b"
)


def _in_every_group(source: Source) -> bool:
    """Whether placebo only hid which of two drugs was given."""
    twice = source.norm.count("placebo", source.title_end) > 1 or "dummy" in source.norm
    if _PLACEBO_GROUP.search(source.norm, source.title_end):
        return False
    if twice and _IN_EVERY_GROUP.search(source.norm, source.title_end):
        return True
    if "-controlled" in source.norm or _SAME_BASE.search(source.title):
        return False
    return source.first((RIVAL,)) is not None


_SAME_BASE = re.compile(r"\b(?:alone|without|plus|add\w*|adjuvant|combin\w+|sub-?therapeutic)\b")


def _one_drug(source: Source) -> bool:
    """Whether three groups or more are doses of one drug and placebo."""
    listed = find_listed(source)
    if listed and not _several_drugs(listed.note.split("; ")[:-1]):
        return True
    return bool(
        re.search(
            r"\b(?:\d+|different|various|both|either|several|increasing) doses\b|"
            r"\b(?:low|high)[ -]dose\b|\beither dose\b|"
            r"\bdose[- ](?:response|ranging|finding)|"
            r"(?<!group )\b\d+(?: ?(?:mg|µg)(?:/kg)?)?,? (?:or|and) \d+(?:\.\d+)? ?(?:mg|µg|mcg|microg\w*|g)\b"
            r"(?!.{0,60} (?:and|or) [a-z]+ \d[\d.]* ?(?:mg|µg|g))|"
            r"\d ?(?:mg|µg|g)[^,;()]{0,20}(?: \([^()]*\))?, \d[\d.]* ?(?:mg|µg|"
            r"g)[^,;()]{0,20}(?: \([^()]*\))?,? (?:or|and) ",
            source.norm,
        )
    )


def read_setting(source: Source, design: Design | None) -> Hit | None:
    """On whom the study was done."""
    if design is Design.ANIMAL:
        found = source.first((ANIMALS,))
        return replace(found, value=Setting.ANIMALS, rule="setting/animals") if found else None
    if (drugged := source.first((VETERINARY,))) and not re.search(r"\bpatients?\b", source.norm):
        return drugged
    healthy = source.first(VOLUNTEERS[:1])
    patients = sum(1 for _ in _PATIENTS.finditer(source.norm))
    sick = source.first((PATIENTS,))
    treated = sick is not None and any(_TREATED.search(one.norm, one.words) for one in source.sentences)
    if healthy and not treated and (not patients or (patients <= 2 and _who(source) != "patients")):
        return healthy
    treated = treated or (sick is not None and sick.start < source.title_end)
    if patients or treated:
        return sick
    return source.first(VOLUNTEERS[1:]) or sick or source.first((HEALTHY_CONTROLS, DISEASES))


_PATIENTS = re.compile(r"patient(?:(?<=\bpatient)|(?<=\bin.{7})|(?<=\bout.{7}))s?\b")  # fast: it begins with letters
# What happens to people who need it, healthy as they may be otherwise.
_TREATED = Cue(
    r"\b(?:undergoing|scheduled (?:for|to undergo))"
    r"(?! (?:[\w-]+ ){0,2}(?:scan|mri|imaging|pet|test|exercise|training))|"
    r"\belective\b|\bin (?:spontaneous |active |early )?labou?r\b|\bthird molars?\b|\bhospitali[sz]ed\b|\bventilated\b"
)


def _who(source: Source) -> str:
    """The noun of the subjects in the methods."""
    for sentence in source.zone(METHODS, AIM):
        if found := re.search(
            r"\b(patients|volunteers|subjects|participants|children|women|men|adults)\b", sentence.norm
        ):
            return found.group(1)
    return ""
