"""Rules that tell what a treatment was compared with."""

from __future__ import annotations

from ...vocabulary import Comparator, Confidence
from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Rule

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
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
    zones=(TITLE, AIM, METHODS, UNKNOWN),
    confidence=_LIKELY,
    hint=r" (?:and|or|versus|vs\.?) (?:[\w-]+ ){0,3}(?:placebo|sham|saline|vehicle)|"
    r"(?:placebos?|sham|saline|vehicle)(?: \([^()]*\))?, ",
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
RULES = (
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
)
