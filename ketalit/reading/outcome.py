"""Read the primary outcome, its scale, how long it was followed, which side it favours, and the harms as stated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..vocabulary import Confidence, Design, Direction
from .engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Sentence, Source

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|wk|months?|mos?|years?|yrs?|y|postoperative days?)"
_TIME = (
    rf"(?:\d+(?:st|nd|rd|th) (?:day|week|month|year)\b|{_NUMBER}(?:(?:,? ?(?:-|to|and|or|,|&) ?|, and "
    rf"){_NUMBER}){{0,8}}[ -]?{_UNIT}\b|\b(?:weeks?|months?|"
    rf"days?|years?|pod|hours?) {_NUMBER}(?:(?:,? ?(?:-|to|and|or|,) ?|, and ){_NUMBER}){{0,8}}\b(?!\.\d|%| "
    rf"?(?:mg|kg|ml|patients)))"
)

OUTCOMES = (
    Rule(
        "outcome/primary-was",
        r"\b(?:primary|main|principal)(?: [\w-]+){0,3}? (?:outcomes?|end ?-?points?|endpoints?|variables?|"
        r"parameters?|measures?|measurements?|objective|criterion)(?: (?:measures?|variables?|parameters?|"
        r"measurements?|of (?:the|this) (?:study|trial)|of interest))*(?: \([^)]*\))?,? ?(?:was|were|is|"
        r"are|will be|included?|includes|comprised|consisted of|:|=)[: ]+(?:the |an? |change in |to [\w-]+ "
        r")?([^.;]{3,170})",
        "The primary outcome was pain intensity at 4 weeks.",
        "the text names its primary outcome",
        keys=("primary", "main", "principal"),
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "outcome/was-primary",
        r"(?:^|[,;:] |\band )([\w][^.;,()]{3,90}?)(?: \([^)]*\))?,? (?:was|were|is|as) (?:defined as |"
        r"considered |chosen as |"
        r"used as |set as )?(?:the |a |our )?(?:primary|main) (?:[\w-]+ )?(?:outcome|end ?-?point|endpoint|"
        r"measure|variable)",
        "Pain intensity was the primary outcome.",
        "the text names its primary outcome",
        keys=("primary", "main"),
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "outcome/in-brackets",
        r"([\w][^.;,()]{3,70}?) \((?:the )?(?:primary|main) (?:outcome|end ?-?point|endpoint)[^)]*\)|"
        r"([\w][^.;,()]{3,70}?), the primary (?:outcome|end ?-?point)",
        "Functional ability (primary outcome) was measured.",
        "the text names its primary outcome",
        keys=("(primary", "(the primary", "(main", ", the primary"),
        zones=(AIM, METHODS, RESULTS, UNKNOWN),
    ),
    Rule(
        "outcome/label",
        r"^([^.;]{3,170})",
        "Pain intensity at 4 weeks",
        "the section is headed as the main outcome",
        zones=(METHODS, RESULTS),
        confidence=_LIKELY,
    ),
    Rule(
        "outcome/effect-on",
        r"\b(?:effects?|efficacy|effectiveness|impact|influence|role)\b[^.;]{3,140}?\b(?:on|in (?:reducing|"
        r"improving|preventing|controlling|treating|decreasing)|for (?:reducing|improving|preventing))\b "
        r"(?:the )?([^.;:]{3,120})",
        "We studied the effect of drug X on pain after surgery.",
        "what the aim was about",
        keys=("effect", "efficacy", "impact", "influence", "role"),
        zones=(AIM, TITLE, BACKGROUND),
        confidence=_LIKELY,
    ),
    Rule(
        "outcome/improves",
        r"\b(?:could|would|can|whether|to)\b[^.;]{0,80}?\b(?:reduces?|improves?|decreases?|prevents?|"
        r"alleviates?|relieves?|enhances?|increases?|attenuates?)\b (?:the )?([^.;:]{3,100})",
        "We tested whether drug X reduces pain.",
        "what was to change",
        keys=("reduc", "improv", "decreas", "prevent", "alleviat", "reliev", "enhanc", "increas", "attenuat"),
        zones=(AIM, TITLE, BACKGROUND),
        confidence=_LIKELY,
    ),
    Rule(
        "outcome/measured",
        r"(?:^|, |\band )(?:the )?((?:pain|[\w-]+ pain|quality of life|depression|anxiety|mortality|"
        r"survival|sedation)[^.;,()]{0,50}) (?:was|were) (?:[\w-]+ )?(?:measured|assessed|evaluated|"
        r"recorded|rated|determined)",
        "Pain intensity was measured at rest.",
        "the first outcome measured",
        keys=("measured", "assessed", "evaluated", "recorded", "rated", "determined"),
        zones=(METHODS, UNKNOWN),
        confidence=_UNCLEAR,
    ),
    Rule(
        "outcome/first-result",
        r"\b(?:no|any) (?:[\w-]+ ){0,3}?(?:differences?|effects?|changes?) (?:was |were )?(?:[\w-]+ )?"
        r"(?:in|on|in terms of|with respect to|regarding) (?:the )?(?:mean |median )?([^.;:()]{3,80}?)"
        r"(?: between| among| when| compared|[,.;(]|$)|"
        r"\b(?:difference|reduction|decrease|increase|improvement|change)s? (?:was |were )?(?:[\w-]+ "
        r")?(?:in|of) (?:the )?"
        r"(?:mean |median )?([^.;:(),]{3,70}?)(?: was| were| between| in the| compared| after| at |[,.;(]|$)|"
        r"(?:^|, |\bthe )(?:mean |median |overall |average )?([\w][^.;:(),]{2,70}?) "
        r"(?:was|were|decreased|increased|improved|did|reduced|is) (?:[\w-]+ ){0,2}?"
        r"(?:significant\w*|lower|higher|better|less|more|shorter|longer|similar|comparable|reduced|improved|differ\w*|"
        r"greater|in group|decreased|increased)",
        "Fentanyl consumption was significantly lower with drug X.",
        "the first outcome that the results compare",
        zones=(RESULTS,),
        confidence=_UNCLEAR,
    ),
)
_OUTCOME_END = re.compile(
    r",? (?:as )?(?:measured|assessed|evaluated|defined|determined|recorded|calculated|quantified) (?:by|"
    r"as|with|using|on|at|through|via|from)\b|,? which\b|,? (?:using|after|during|within|between baseline|"
    r"from baseline|compared|in patients|in women|in children|in adults|in people|among|over)\b| at (?:\d|"
    r"baseline|rest)|, and (?:to|we)\b|, secondary|\bsecondary\b| in (?:the )?(?:patients|subjects|"
    r"participants|intervention|women|men|rats)"
)

_NO_OUTCOME = re.compile(
    r"(?:there|which|that|those|these|and|both|it|they|(?:the )?(?:2|two|3|all|control|intervention|"
    r"treatment) groups?|the results?|results|patients|in|who|this|we|(?:the )?difference|change|no|group|"
    r"significant\w*)\b(?: |$)"
)

SCALES: tuple[tuple[str, str], ...] = (
    ("visual analogue scale", r"\bvisual[ -]analog(?:ue)?(?:[ -]scales?| pain)?|\bvas\b"),
    (
        "numerical rating scale",
        (
            r"\bnumeric(?:al)?(?: pain)?[ -](?:rating|pain|analog(?:ue)?)(?:[ -](?:scales?|scores?))?|\bnrs\b|"
            r"\bnprs\b|\bverbal numeric(?:al)? rating|\bvnrs\b"
        ),
    ),
    ("verbal rating scale", r"\bverbal (?:rating|descriptor|pain|analog(?:ue)?)(?: scales?)?|\bvrs\b|\bvds\b"),
    ("Brief Pain Inventory", r"\bbrief pain inventory\b|\bbpi\b"),
    ("McGill Pain Questionnaire", r"\bmcgill\b|\bsf-mpq\b|\bmpq\b"),
    ("Neuropathic Pain Scale", r"\bneuropathic pain (?:scale|symptom inventory)\b|\bnps\b|\bnpsi\b"),
    ("WOMAC", r"\bwomac\b|\bwestern ontario\b"),
    ("Oswestry Disability Index", r"\boswestry\b"),
    ("Roland-Morris Disability Questionnaire", r"\broland[ -]morris\b"),
    ("Fibromyalgia Impact Questionnaire", r"\bfibromyalgia impact questionnaire\b|\bfiq\b"),
    ("Pain Disability Index", r"\bpain disability index\b"),
    ("SF-36", r"\bsf-?36\b|\bshort[ -]form[ -](?:36|health survey)"),
    ("MADRS", r"\bmadrs\b|\bmontgomery\b"),
    ("Hamilton rating scale", r"\bham-?d\b|\bhamilton\b"),
    ("Beck Depression Inventory", r"\bbeck depression\b|\bbdi\b"),
    ("Hospital Anxiety and Depression Scale", r"\bhospital anxiety\b|\bhads\b"),
    ("faces scale", r"\bfaces (?:pain )?(?:rating )?scale"),
    ("global impression of change", r"\bglobal (?:impression|perceived effect)|\bpgic?\b"),
    ("Ramsay Sedation Scale", r"\bramsay\b"),
)
_RANGE = re.compile(
    r"^[^.;]{0,30}?\(?(?:vas|nrs|vrs|nprs)?[;:, ]*(?:range:? ?|scored? )?(0(?:\.0)? ?(?:-|to) ?(?:10|"
    r"100))(?! ?%)|^[^.;]{0,20}?\(?(\d{1,3})[- ](?:point|mm|cm)"
)
_SCALES = tuple((name, re.compile(pattern)) for name, pattern in SCALES)

FOLLOWUP = (
    Rule(
        "followup/followed-for",
        rf"\b(?:median|mean|average|maximum|total|up to)?(?: of)? ?{_TIME} (?:of )?follow(?:ed|ing|-|- | "
        rf")?(?:up|ups)\b|\bfollow(?:ed|ing)?[ -]*up\b(?: (?:[\w-]+,? ){{0,6}}?| ?[(:] ?|, ){_TIME}|"
        rf"\bfollowed (?:[\w-]+ ){{0,4}}?(?:for|to|until|over|up to) (?:an? |the )?(?:[\w-]+ "
        rf"){{0,3}}?{_TIME}|\b{_TIME} (?:[\w-]+ )?follow-?up\b",
        "Patients were followed for 12 months.",
        "the text names the follow-up",
        keys=("follow",),
        zones=(AIM, METHODS, RESULTS, UNKNOWN, CONCLUSION, TITLE),
    ),
    Rule(
        "followup/after",
        rf"\b{_TIME}(?:,)? (?:after|post|following|later|from|postop\w*|postsurg\w*|post-\w+|postdose|of "
        rf"(?:the )?(?:study|treatment|intervention))\b|\b(?:postoperative|post-operative|"
        rf"postop)\b[^.;]{{0,25}}?{_TIME}|\b(?:up to|until|at|after|to|for|within|during|over|first|last) "
        rf"(?:the )?(?:first )?{_TIME}|\b{_TIME} (?:postop\w*|post-op\w*)",
        "Pain was scored at 2, 6 and 24 h after surgery.",
        "the last time at which something was measured",
        zones=(METHODS, RESULTS, UNKNOWN, AIM),
        confidence=_LIKELY,
    ),
    Rule(
        "followup/long",
        rf"(?<!\()\b{_TIME}",
        "A 12-week trial of drug X",
        "the length of the treatment or of the study",
        zones=(METHODS, AIM, TITLE, UNKNOWN),
        confidence=_UNCLEAR,
    ),
)
_TIME_RE = re.compile(_TIME)
_NOT_TIME = re.compile(
    r"(?:\bage[ds]?\b[^,;)]{0,14}|\b(?:age of|age range|years?:?|between the ages of|mean age|older than|over|under|"
    r"at least|history of|duration of|every|per|minimum of|previous|past|last|within the past|in the past|"
    r"born|gestation\w*|interval of|infus\w+|lasted|lasting|session\w*|each)|[<>≤≥±]) ?(?:\w+ )?$"
)
_NOT_AFTER = re.compile(
    r"^(?:[- ]?old\b| of age\b|[- ]olds?\b| and (?:older|over|younger|above)\b| or (?:older|more|younger|"
    r"over)\b| before\b| prior\b| preoperatively| history\b| gestation|[ -]?(?:a|per|/) (?:week|day)| "
    r"ago\b| earlier\b|[- ](?:long )?(?:sessions?|infusion|period of (?:data|recruit))|/)"
)
_HOURS = {
    "mi": 1 / 60,
    "h": 1,
    "ho": 1,
    "hr": 1,
    "d": 24,
    "da": 24,
    "po": 24,
    "w": 168,
    "we": 168,
    "wk": 168,
    "mo": 730,
    "y": 8766,
    "ye": 8766,
    "yr": 8766,
}

HARMS = Rule(
    "adverse-events/stated",
    r"\b(?:adverse (?:events?|effects?|reactions?|drug)|side[ -]effects?|complications?|tolerat(?:ed|ion|"
    r"ability)|safety|nausea|vomiting|dizziness|hallucinat\w*|dysphori\w*|psychotomimetic|psychomimetic|"
    r"dissociat(?:ive|ion)|sedation|drowsiness|withdrawals?)\b",
    "Nausea occurred in 5 of 30 patients given drug X.",
    "a sentence of the results that names harms",
    keys=(
        "adverse",
        "side",
        "complication",
        "tolera",
        "safety",
        "nausea",
        "vomit",
        "dizz",
        "hallucin",
        "dysphori",
        "psych",
        "dissociat",
        "sedation",
        "drows",
        "withdraw",
    ),
    zones=(RESULTS, UNKNOWN, CONCLUSION),
    confidence=_LIKELY,
)
_HARM_STATED = re.compile(
    r"\d|\bno\b|\bnone\b|\bsimilar\b|\bmore\b|\bless\b|\bfewer\b|\bhigher\b|\blower\b|\bdiffer|"
    r"\bwell[ -]tolerated\b|\bcommon\b|\bwithout\b|\bincidence\b"
)

_HAPPENED = re.compile(
    r"\b(?:was|were|occurred|reported|had|developed|experienced|observed|noted|seen|required|caused|did|"
    r"showed|complained|suffered|produced|received)\b"
)

NO_DIFFERENCE = Rule(
    "direction/no-difference",
    r"\bno (?:[\w-]+ ){0,2}?(?:significant|statistical\w*|meaningful|important|relevant|clear|detectable|"
    r"apparent|major|additional|further|overall)?,? ?(?:[\w-]+ ){0,3}?(?:differences?|effects?|changes?|"
    r"benefits?|impact|improvements?|influence|advantages?|superiority|reductions?|association|evidence|"
    r"relationship)\b|"
    r"\b(?:not|n't|nor|neither)\b(?: [\w-]+){0,4}? (?:significant\w*|differ\w*|effective|improv\w*|"
    r"reduc\w*|increas\w*|decreas\w*|affect\w*|superior|better|alter\w*|influenc\w*|chang\w*|enhanc\w*|"
    r"prevent\w*|associated|confirm|benefi\w*|more effective|appear|support|lower|result in|show|"
    r"demonstrate)\b|"
    r"\b(?:non-?|in)significan\w*|\bdid not (?:significantly |differ|improve|reduce|affect|show|increase|"
    r"decrease|alter|change|result|provide|lead|have)|\bno (?:longer )?(?:different|better|superior|more "
    r"effective)\b|"
    r"\b(?:similar|comparable|equivalent|equal(?:ly)?|identical|equivalence|non-?inferior(?:ity)?|the same|"
    r"as (?:(?!well\b|long\b|soon\b|far\b|much\b|many\b)[\w-]+ (?:and|or) )?(?!well\b|long\b|soon\b|far\b|"
    r"much\b|many\b|low\b|high\b|early\b)[\w-]+ as|(?:has|have|had|having) (?:no|little) (?:[\w-]+ "
    r")?(?:effect|impact|influence)|fail(?:ed|s|ure) to|lack of|ineffective|little (?:evidence|effect|"
    r"difference|benefit)|only (?:marginal|minimal)|very unlikely)\b|\bp ?= ?ns\b|\bp ?> ?0?\.05\b|"
    r"\bn\.s\.",
    "Pain did not differ between the groups.",
    "a sentence that denies a difference",
    Direction.NO_DIFFERENCE,
)
DIFFERENCE = Rule(
    "direction/difference",
    r"\bsignificant(?:ly)? (?:[\w-]+ ){0,2}?(?:differen\w+|effects?|improv\w+|reduc\w+|decreas\w+|"
    r"increas\w+|benefi\w+|lower\w*|higher|better|greater|less|more|shorter|longer|fewer|attenuat\w+|"
    r"gains?|changes?|pain relief|prolong\w+|declines?|rise|drop|affected|enhanc\w+|associat\w+)\b|"
    r"\bdiffer(?:ed|s) significantly|\b(?:was|were) (?:statistically |highly )?significant\b|"
    r"\b(?:more|most|highly|less) (?:effective|effectively|efficacious|successful|rapid|satisf\w+|"
    r"beneficial|pronounced|favorable|favourable)\b|"
    r"\b(?:superior|better|greater|faster|shorter|longer|lower|higher|fewer|less|best)\b|"
    r"(?<!to )(?<!trend toward )(?<!trends toward )(?<!trends towards )\b(?:improv(?:e[sd]?|ing|ements?)|"
    r"reduc(?:e[sd]?|ing|tions?)|decreas(?:e[sd]?|ing)|attenuat\w+|alleviat\w+|enhanc(?:e[sd]?|ing)|"
    r"prevent(?:s|ed|ing)?|suppress\w+|prolong(?:s|ed|ing)?|increas(?:e[sd]?|ing)|relie(?:f|ve[sd]?)|"
    r"benefi\w+|effective|efficacious|protect\w*|promising|facilitat\w+|superiority|favou?r\w*|"
    r"advantage\w*)\b|"
    r"\b(?:meaningful|marked|notable|substantial|considerable) (?:differences?|effects?)\b",
    "Pain was significantly lower with drug X.",
    "a clause that states a difference",
    Direction.INTERVENTION,
    confidence=_LIKELY,
)
AGAINST = Rule(
    "direction/against",
    r"\b(?:in favou?r of|favou?r(?:s|ed|ing)?) (?:the )?(?:[\w-]+ ){0,2}(?:control|placebo|sham|comparator|"
    r"usual care|standard|conventional)|\b(?:control|placebo|sham|usual care|standard care|"
    r"conventional)(?: [\w-]+){0,2} (?:was|were|is|are|had|showed|produced|provided) (?:[\w-]+ "
    r"){0,2}?(?:superior|better|more effective|fewer (?:adverse|compl)|less pain|lower pain|longer "
    r"survival)|"
    r"\b(?:worse|inferior|harmful|deleterious|detrimental|aggravat\w+|worsen\w*|impair\w*|more "
    r"pathological)\b(?! (?:than|to) (?:placebo|control))",
    "Placebo was better than drug X.",
    "a sentence that favours the comparator",
    Direction.COMPARATOR,
)
TITLE_DENIES = Rule(
    "direction/title-denies",
    r"\bno (?:[\w-]+ )?(?:effect|benefit|difference|advantage|modulation|influence|improvement)|\b(?:does|"
    r"do|did|is|are) not\b|"
    r"\bfails?\b|\bnot (?:superior|better|effective)",
    "Drug X does not reduce pain after surgery",
    "the title itself denies an effect",
    Direction.NO_DIFFERENCE,
    ("no ", " not ", "fail"),
    (TITLE,),
)
RULES = (
    *OUTCOMES,
    *FOLLOWUP,
    HARMS,
    TITLE_DENIES,
    NO_DIFFERENCE,
    DIFFERENCE,
    AGAINST,
    Rule(
        "scale/named",
        "|".join(pattern for _, pattern in SCALES),
        "Pain was scored on a visual analogue scale.",
        "a scale named in the text",
        confidence=_LIKELY,
    ),
)

_WITH_DIRECTION = frozenset(
    {
        Design.PARALLEL_RCT,
        Design.CROSSOVER_RCT,
        Design.CLUSTER_RCT,
        Design.OTHER_RANDOMISED,
        Design.NON_RANDOMISED,
        Design.SECONDARY_ANALYSIS,
        Design.META_ANALYSIS,
        Design.SYSTEMATIC_REVIEW,
        Design.ANIMAL,
        Design.COHORT,
        Design.CASE_REPORT,
    }
)
_WITH_DIRECTION_IF_ARMS = frozenset({Design.COHORT, Design.CASE_REPORT, Design.SECONDARY_ANALYSIS})
_STOP_WORDS = """
the of and in to a an with for on at by or as was were is are be from than that this these those between among group
groups patients after during mean total change changes using measured assessed effect effects primary outcome study
treatment
"""
_STOP = frozenset(_STOP_WORDS.split())


def read_outcome(source: Source) -> Hit | None:
    """The outcome named primary, failing that what the aim was about."""
    for rule in OUTCOMES[:3]:
        for match, sentence in source.find(rule):
            if hit := _trimmed(source, rule, match, sentence):
                return hit
    if hit := _labelled(source):
        return hit
    for rule in OUTCOMES[4:]:
        for match, sentence in source.find(rule):
            if hit := _trimmed(source, rule, match, sentence):
                return hit
    return None


def _labelled(source: Source) -> Hit | None:
    for part in source.canonical.parts:
        if re.search(r"(?:primary|main) (?:outcome|end ?point|measure)|^outcome measures?", part.label.lower()):
            start = source.normal.forth(part.start)
            sentence = next((one for one in source.sentences if one.start >= start), None)
            if sentence and (match := OUTCOMES[3].regex.match(sentence.norm)):
                return _trimmed(source, OUTCOMES[3], match, sentence)
    return None


def _trimmed(source: Source, rule: Rule, match: re.Match[str], sentence: Sentence) -> Hit | None:
    group = next(index for index, text in enumerate(match.groups(), start=1) if text)
    start, end = sentence.span(match, group)
    text = source.norm[start:end]
    if cut := _OUTCOME_END.search(text, 3):
        end = start + cut.start()
    start, end = source.whole(start, end)
    while end > start and source.norm[end - 1] in " ,:":
        end -= 1
    if end - start < 3 or _NO_OUTCOME.match(source.norm[start:end]):
        return None
    return Hit(source.quote(start, end)[0], start, end, rule.name, rule.confidence)


def read_scale(source: Source, outcome: Hit | None) -> Hit | None:
    """A scale named in the text, that of the outcome's own sentence first, with its range where printed beside it."""
    sentences = [one for one in source.sentences if one.ours and one.zone in (METHODS, AIM, RESULTS, UNKNOWN, TITLE)]
    if outcome:
        sentences.sort(key=lambda one: not one.start <= outcome.start < one.end)
    for sentence in sentences:
        found = [(match.start(), name, match) for name, pattern in _SCALES if (match := pattern.search(sentence.norm))]
        if found:
            _, name, match = min(found, key=lambda one: one[0])
            beside = _RANGE.match(sentence.norm[match.end() :])
            end = match.end() + (beside.end() if beside else 0)
            value = name
            if beside:
                value += f" {beside.group(1)}" if beside.group(1) else f", {beside.group(2)} points"
            return Hit(
                value, *source.whole(sentence.start + match.start(), sentence.start + end), "scale/named", _LIKELY
            )
    return None


def hours(time: str) -> float:
    """The longest span in a printed time, in hours (months of 730 h).

    >>> hours("2, 6 and 24 h"), hours("week 26") == hours("26 weeks")
    (24.0, True)
    """
    numbers = [float(number) for number in re.findall(_NUMBER, time)]
    letters = re.sub(r"postoperative |[^a-z]|\bto\b|\band\b|\bor\b", "", re.sub(r"\b(?:to|and|or)\b", "", time))
    unit = _HOURS.get(letters[:2], _HOURS.get(letters[:1], 0))
    return max(numbers, default=0) * unit


def read_followup(source: Source, rules: tuple[Rule, ...] = FOLLOWUP) -> Hit | None:
    """The longest follow-up that the text gives, by the first of the rules that finds any."""
    for rule in rules:
        best: tuple[float, Hit] | None = None
        for match, sentence in source.find(rule):
            for time in _TIME_RE.finditer(sentence.norm, match.start(), match.end()):
                before, after = sentence.norm[: time.start()], sentence.norm[time.end() :]
                if (_NOT_TIME.search(before[-40:]) and "follow" not in match.group()) or _NOT_AFTER.match(after):
                    continue
                length = hours(time.group())
                if length < 1 and rule.name == "followup/long":
                    continue  # minutes are the length of a procedure
                if length and (best is None or length > best[0]):
                    start, end = source.whole(*sentence.span(time))
                    best = (length, Hit(source.quote(start, end)[0], start, end, rule.name, rule.confidence))
        if best:
            return best[1]
    return None


def read_harms(source: Source) -> Hit | None:
    """The first sentence of the results that says something of harms, as it stands."""
    for match, sentence in source.find(HARMS):
        if match and _HARM_STATED.search(sentence.norm) and _HAPPENED.search(sentence.norm):
            return Hit(source.quote(sentence.start, sentence.end)[0], sentence.start, sentence.end, HARMS.name, _LIKELY)
    return None


_CLAUSE = re.compile(
    r"[;:]|,? (?:but|whereas|while|although|though|however|except|nevertheless|yet|despite|without)\b|, "
    r"(?=(?:and )?(?:there|no|the|it|both|neither|with)\b)|\.(?!\d)"
)
_ASIDE = re.compile(
    r"\b(?:trends?|adverse|side[ -]effects?|safety|(?<!effective and )safe(?:ly)?(?! and effective)|"
    r"complications?|toler\w+|baseline|demographic\w*|characteristics|hemodynamic\w*(?= (?:change|"
    r"parameter))|withdrawals|"
    r"before (?:treatment|intervention)|hypotension|nausea|bradycardia|respiratory depression|infections?|"
    r"well as|age|sex)\b"
)


_EVERY_GROUP = re.compile(
    r"\b(?:in|for) (?:both|each|all)(?: (?:the|of the|\d|treatment|study))* (?:groups?|arms?|conditions)\b|"
    r"\bboth (?:groups|techniques|strategies|regimens|methods)\b|\bwith both\b"
)


@dataclass(frozen=True, slots=True)
class _Leaning:
    """What a clause says: better, worse, the same; and how many words of the primary outcome it shares."""

    better: bool
    worse: bool
    same: bool
    shared: float
    sentence: Sentence


def _leanings(sentence: Sentence, words: set[str]) -> list[_Leaning]:
    """The leanings of a sentence's clauses. A clause that denies says "the same", whatever else it names."""
    found = []
    for clause in _CLAUSE.split(sentence.norm):
        same = bool(NO_DIFFERENCE.regex.search(clause))
        worse = not same and bool(AGAINST.regex.search(clause))
        better = not same and not worse and bool(DIFFERENCE.regex.search(clause)) and not _within(clause)
        if not (same or worse or better) or (_ASIDE.search(clause) and (same or worse)):
            continue
        shared = len(words & _words(clause)) / len(words) if words else 0.0
        found.append(_Leaning(better, worse, same, shared, sentence))
    return found


def _within(clause: str) -> bool:
    """Whether a clause tells of change over time in every group, not of a difference between groups."""
    return bool(_EVERY_GROUP.search(clause)) and not re.search(
        r"\bthan\b|\bcompared\b|\bversus\b|\bvs\b|\bbetween\b", clause
    )


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{3,}", text) if word not in _STOP}


def read_direction(source: Source, design: Design | None, outcome: Hit | None, arms: int | None) -> Hit | None:
    """Which side the primary outcome favours, as the report states it; None where nothing is compared or said."""
    if design not in _WITH_DIRECTION or (design in _WITH_DIRECTION_IF_ARMS and not arms):
        return None
    words = _words(str(outcome.value).lower()) if outcome else set()
    results = list(source.zone(RESULTS)) or [one for one in source.zone(UNKNOWN) if one.start > source.title_end]
    conclusions = [one for one in source.zone(CONCLUSION) if one.ours and not _LATER.search(one.norm)]
    named = [one for one in (*results, *conclusions) if _PRIMARY.search(one.norm)]
    if found := _declared(source) or _judge(named[:1], words):
        return found
    concluded = _judge(conclusions, words)
    if concluded is None or concluded.value is Direction.MIXED:
        shown = _judge(results[:3], words) or _judge(results, words)
        if concluded is None or (shown and shown.value in (Direction.NO_DIFFERENCE, Direction.INTERVENTION)):
            return shown
    return concluded


_LATER = re.compile(r"\bfurther\b|\bfuture\b|\bneeded\b|\bwarranted\b|\brequired\b")
_PRIMARY = re.compile(r"\bprimary (?:outcome|end|efficacy|measure|variable)|\bmain outcome")


def _declared(source: Source) -> Hit | None:
    """A title that denies an effect; one that also claims another is mixed."""
    for match, sentence in source.find(TITLE_DENIES):
        claims = re.search(r"\b(?:improves?|reduces?|decreases?|enhances?|prevents?)\b.*\bbut\b", sentence.norm)
        return source.hit(TITLE_DENIES, match, sentence, Direction.MIXED if claims else None)
    return None


def _judge(sentences: list[Sentence], words: set[str]) -> Hit | None:
    return _verdict([leaning for one in sentences for leaning in _leanings(one, words)])


def _verdict(leanings: list[_Leaning]) -> Hit | None:
    """One direction from several clauses; those about the primary outcome outvote the rest."""
    if not leanings:
        return None
    best = max(leaning.shared for leaning in leanings)
    if best >= 0.5:
        leanings = [leaning for leaning in leanings if leaning.shared >= 0.5]
    better, worse, same = (any(getattr(one, name) for one in leanings) for name in ("better", "worse", "same"))
    first = leanings[0].sentence
    if better and same:
        return Hit(
            Direction.MIXED,
            first.start,
            leanings[-1].sentence.end if leanings[-1].sentence.start >= first.start else first.end,
            "direction/both",
            _UNCLEAR,
        )
    rule = AGAINST if worse and not better else DIFFERENCE if better else NO_DIFFERENCE
    return Hit(rule.value, first.start, first.end, rule.name, rule.confidence)
