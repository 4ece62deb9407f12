"""The primary outcome, in the words of the report, and the scale it was scored on."""

from __future__ import annotations

import re

from ...vocabulary import Confidence
from ..engine import AIM, BACKGROUND, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Sentence, Source

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR

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
        zones=(AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    ),
    Rule(
        "outcome/in-brackets",
        r"([\w][^.;,()]{3,70}?) \((?:the )?(?:primary|main) (?:outcome|end ?-?point|endpoint)[^)]*\)|"
        r"([\w][^.;,()]{3,70}?), the primary (?:outcome|end ?-?point|objective|variable)",
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
        r"improving|preventing|decreasing)|for (?:reducing|improving|preventing))\b "
        r"(?:the )?([^.;:]{3,120})",
        "We studied the effect of drug X on pain after surgery.",
        "what the aim was about",
        zones=(AIM, TITLE, BACKGROUND),
        confidence=_LIKELY,
    ),
    Rule(
        "outcome/improves",
        r"\b(?:could|would|can|whether|to)\b[^.;]{0,80}?\b(?:reduces?|improves?|decreases?|prevents?|"
        r"alleviates?|relieves?|enhances?|increases?|attenuates?)\b (?:the )?([^.;:]{3,100})",
        "We tested whether drug X reduces pain.",
        "what was to change",
        zones=(AIM, TITLE, BACKGROUND),
        confidence=_LIKELY,
    ),
    Rule(
        "outcome/listed",
        r"\b(?:outcomes?|end ?-?points|efficacy|outcome (?:measures?|variables|parameters)) (?:was|were|assessed were|"
        r"included|are|is|includes?|will be)(?: the| change in| assessed by| measured by)* ([a-z][^.;]{3,120})",
        "Outcomes were pain, sleep and mood.",
        "the first of the outcomes listed",
        zones=(METHODS, AIM, UNKNOWN),
        confidence=_LIKELY,
    ),
    Rule(
        "outcome/measured",
        r"(?:^|, |\band )(?:the )?((?:pain|[\w-]+ pain|quality of life|depression|anxiety|mortality|"
        r"survival|sedation)[^.;,()]{0,50}) (?:was|were) (?:[\w-]+ )?(?:measured|assessed|evaluated|"
        r"recorded|rated|determined)",
        "Pain intensity was measured at rest.",
        "the first outcome measured",
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
        r"greater|in group|decreased|increased)|"
        r"^(?:results?: |the )?(?:mean |median |overall |average )*((?:[a-z][\w-]* ){0,5}(?:rates?|"
        r"scores?|times?|relief|"
        r"pain|survival|consumption|duration|pressure|stay|loss|differences?))(?: \([^)]*\))? "
        r"(?:at [^.;,]{2,15} |for [^.;,]{2,30} |in [^.;,]{2,30} |of [^.;,]{2,30} )?(?:was|were) \d",
        "Fentanyl consumption was significantly lower with drug X.",
        "the first outcome that the results compare",
        zones=(RESULTS,),
        confidence=_UNCLEAR,
    ),
)
_OUTCOME_END = re.compile(
    r",? (?:as )?(?:measured|assessed|evaluated|defined|determined|recorded|calculated|quantified) (?:by|"
    r"as|with|using|on|at|through|via|from)\b|,? which\b|,? (?:using|after|during|within|between baseline|"
    r"from baseline|compared|among|over)\b| at (?:\d|baseline|rest)|, and (?:to|we)\b|, secondary|\bsecondary\b|"
    r"(?<!reduction)(?<!improvement)(?<!decrease)(?<!increase)(?<!difference)(?<!change)(?<!changes)(?<!decline)"
    r" in (?!reducing|improving)| of (?:[\w-]+ )?(?:patients|subjects|children|adults|women|men|"
    r"participants|volunteers)\b|"
    r" due to\b| following\b| while\b| regardless\b| between (?:the )?(?:groups|2)\b|"
    r" (?:rated|reported|scored|expressed) (?:through|on|by|as|with|using)\b|: |\?| and to \w+ "
)
_NEXT_ITEM = re.compile(
    r"(?:\b(?:pain|scores?|time|rate|life|stress|anxiety|survival|function|severity|pressure|stability|intensity|"
    r"symptoms|mortality|consumption|depression|satisfaction|duration|sleep|mood)(?= (?:and|or) )|(?=[,;] ))()"
)
_SHORT = re.compile(r"[a-z]{2,6}")
_MAIN_LABEL = re.compile(r"(?:primary|main) (?:outcome|end ?point|measure)|^outcome measures?")

_NO_OUTCOME = re.compile(
    r"(?:there|which|that|those|these|and|both|it|they|(?:the )?(?:2|two|3|all|control|intervention|"
    r"treatment) groups?|the results?|results|patients|in|who|this|we|(?:the )?difference|change|no|group|"
    r"significant\w*)\b(?: |$)|(?:assess|evaluat|measur|determin|analy[sz])\w*$"
)


_NAMED, _LABEL, _ELSE = OUTCOMES[:3], OUTCOMES[3], OUTCOMES[4:]


def read_outcome(source: Source) -> Hit | None:
    """The outcome named primary, failing that the one that the aim, the methods or the results name first."""
    for rule in _NAMED:
        for match, sentence in source.find(rule):
            if hit := _trimmed(source, rule, match, sentence):
                return hit
    if hit := _labelled(source):
        return hit
    for rule in _ELSE:
        for match, sentence in source.find(rule):
            if hit := _trimmed(source, rule, match, sentence, first=rule.name == "outcome/listed"):
                return hit
    return None


def _labelled(source: Source) -> Hit | None:
    """The section that is headed as the main outcome."""
    for part in source.canonical.parts:
        if part.label and _MAIN_LABEL.search(part.label.lower()):
            start = source.normal.forth(part.start)
            sentence = next((one for one in source.sentences if one.start >= start), None)
            if sentence and (match := _LABEL.regex.match(sentence.norm)):
                return _trimmed(source, _LABEL, match, sentence, first=True)
    return None


def _trimmed(
    source: Source, rule: Rule, match: re.Match[str], sentence: Sentence, *, first: bool = False
) -> Hit | None:
    """What a rule found, cut where the outcome ends; of a list only its first item, where `first` says so."""
    group = next(index for index, text in enumerate(match.groups(), start=1) if text)
    start, end = sentence.span(match, group)
    if cut := _OUTCOME_END.search(source.norm, start + 3, end):
        end = cut.start()
    if first and (cut := _NEXT_ITEM.search(source.norm, start, end)):
        end = cut.start(1)
    start, end = source.whole(start, end)
    while end > start and source.norm[end - 1] in " ,:":
        end -= 1
    text = source.norm[start:end]
    if end - start < 3 or _NO_OUTCOME.match(text):
        return None
    if _SHORT.fullmatch(text) and (meaning := _spelled_out(source, text)):
        start, end = meaning
    return Hit(source.quote(start, end)[0], start, end, rule.name, rule.confidence)


def _spelled_out(source: Source, short: str) -> tuple[int, int] | None:
    """Where the text says what an abbreviation stands for."""
    place = source.norm.find(f" ({short})")
    begin = max(0, place - 80)
    words = list(re.finditer(r"[\w-]+", source.norm[begin:place]))[-len(short) :] if place > 0 else []
    if not words or words[0].group()[0] != short[0]:
        return None
    return begin + words[0].start(), place
