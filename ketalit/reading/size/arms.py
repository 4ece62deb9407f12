"""Read how many groups there were."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ...vocabulary import RANDOMISED_DESIGNS, Confidence, Design
from ..comparison import adds_dose, find_listed, find_rival, tells_of_others
from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source
from ..needs import Cue
from .crossover import read_periods
from .groups import sum_of_arms
from .numbers import small_count, value_of

_LIKELY = Confidence.LIKELY
_PLAIN = (
    r"(?:(?!in\b|of\b|to\b|with\b|for\b|and\b|or\b|min\b|days?\b|weeks?\b|months?\b|hours?\b|h\b|months\b|mg\b|"
    r"other\b|between\b|compared\b|patients\b|subjects\b|participants\b|times\b|points?\b)[\w-]+ )"
)
ARMS = Rule(
    "arms/number-of-groups",
    rf"(?<![\d.,-])(?<![\d] )(\d+) {_PLAIN}{{0,4}}?(?:groups|arms|treatment conditions|conditions|"
    rf"regimens)\b(?! of (?:surgeons|physicians|age))|(?<![\w.])(\d+)[ -](?:arm(?:ed)?|group|"
    rf"way(?= (?:[\w-]+,? ){{0,3}}?cross))\b",
    "Patients were randomised into three equal groups.",
    "the text counts its groups",
    zones=(TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    hint=r"\d(?:[ -](?:arm|group|way)|(?: [\w-]+){0,5}? (?:groups|arms|conditions|regimens)\b)",
)
ALL_OF = Rule(
    "arms/all-of",
    rf"\b(?:1 of|either of|the|all|these) (\d+) {_PLAIN}{{0,4}}?(?:treatments|interventions|techniques|beverages|"
    r"diets|strategies|doses|drugs|protocols)\b(?![^.;]{0,60}\b(?:placebo|control|sham))",
    "One of three diets was eaten.",
    "the text counts its treatments, and no control besides",
    zones=(TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
    confidence=_LIKELY,
)
ONE_OF = Rule(
    "arms/one-of",
    rf"\b1 of (?:the )?(\d+) {_PLAIN}{{0,4}}?(?:treatments|diets|interventions|regimens|doses|drugs|conditions)\b|"
    r"\b(?:random\w*|assigned|allocated|receive[ds]?|given)\b[^.;]{0,60}? 1 of (?:the )?(?:following )?(\d+)\b"
    r"(?! (?:[\w-]+ )?(?:patients|sites|cent(?:er|re)s|hospitals|sequences|orders|observers|investigators|"
    r"surgeons|therapists|days))",
    "Patients were randomised to one of three solutions.",
    "each was given one of so many",
    keys=("1 of ",),
    zones=(AIM, METHODS, UNKNOWN, BACKGROUND),
)
EXPERIMENTAL = Cue(
    r"\b(\d+) (?:experimental|intervention|treatment|study|active|exercise|training|case) groups?,?(?: "
    r"\([^)]*\))? (?:and|versus|vs\.?|or|with) (?:1|a|the)? ?(?:[\w-]+ )?(?:control|placebo|sham)\b"
)
_SEVERAL_CONTROLS = Cue(r"\b(?:with|to|versus|vs\.?|and) (\d+) (?:control|comparison|placebo) groups\b")
_CONTROL_TOO = re.compile(r"\bk?\d groups?\b.{0,200}[,:] (?:and )?(?:a |the )?control group\b")
_INERT_TOO = re.compile(
    r"\(group [a-z0-9]{1,3}\),? (?:or|and) (?:a |the )?(?:placebo|saline|sham|vehicle|"
    r"no treatment)\b(?![^.;()]{0,40}\()"
)
_NOT_NAMES = (
    "was|had|in|as|is|the|and|for|who|by|at|on|are|did|but|or|up|we|if|to|of|no|an|it|be|all|our|two|one|"
    "new|age|sex|low|per|rct|trp|"
    "non|both|sub|any|not|has|its|use|via|set|each|a|1|2|3|4|5"
)
LETTERED = Cue(
    rf"\b(?:groups?|arms?) \(?([a-h1-8]|i{{1,3}}|iv|(?!(?:{_NOT_NAMES})\b)[b-z]{{1,2}}|"
    rf"[a-z]{{1,2}}[/+-][a-z]{{1,2}}|[a-z]\d)\b\)?(?! ?[=%])|"
    rf"(?<!\w)(?!(?:{_NOT_NAMES})\b)([a-z]{{1,3}}\d?) groups?\b|\(group ([a-z0-9]{{1,3}})\b|"
    rf"\(([a-z]{{1,3}})[ -]group\b"
)
LISTED = Rule(
    "arms/listed",
    r"(?:\b(?:randomi[sz]\w*|randomly|assigned|allocated|divided|instructed)\b.{0,80}?\b(?:to|receive|receiving|"
    r"received|either|into)|\b(?:patients?|participants?|subjects?|volunteers?|men|women|adults|group)(?: \w+)? "
    r"(?:received|receive|consumed|ingested|were given))\b:? (?:either )?"
    r"(?!an? (?:single|rapid),)((?:(?! or )[^,.;()]|\([^)]*\)){2,90}), ((?:[^,.;()]|"
    r"\([^)]*\)){2,90}(?:, (?:[^,.;()]|\([^)]*\)){2,60})*?),? (?P<join>or|and) (?!then|to|followed|were|was|the "
    r"patients)([^.;]{2,})",
    "They were randomised to drug X, drug Y, or placebo.",
    "the treatments are listed",
    zones=(METHODS, UNKNOWN, AIM),
    confidence=_LIKELY,
)
DOSES = Rule(
    "arms/doses",
    r"(?<![\d.,/-])(?<!group )\b(\d[\d.]*(?:[ -]?(?:mg|µg)(?:/kg)?)?(?:, \d[\d.]*)*,? (?:or|"
    r"and) \d[\d.]*) ?-?(?:mg|µg|mcg|microg\w*|g|iu)\b",
    "Patients were randomised to drug X 5, 10 or 20 mg or placebo.",
    "each dose is a group, and placebo one more",
    zones=(AIM, METHODS, UNKNOWN, TITLE),
    confidence=Confidence.UNCLEAR,
    hint=r" (?:or|and) \d[\d.]* ?-?(?:mg|µg|mcg|microg|g|iu)",
)
TWO = Rule(
    "arms/two",
    r"\b(?:randomised|randomly|assigned|allocated)\b[^.;]{0,160}? or |\b(?:saline|vehicle|"
    r"no (?:further )?treatment)\b|\b(?:control|placebo|sham|comparison|reference|vehicle|"
    r"usual care|standard care) (?:group|arm|"
    r"condition)\b|\bcontrols?\b|\bplacebo\b|\b(?:both|the other|another) groups?\b|\bbetween (?:the "
    r")?groups\b|\bcontrolled\b|\b(?:versus|vs\.?|compared (?:with|to)|comparison)\b|\bsham\b|\beither\b",
    "Pain fell more than in the control group.",
    "one treatment was compared with one other, as nothing says that there were more",
    2,
    (
        "control",
        "placebo",
        "group",
        "sham",
        "compar",
        "care",
        "versus",
        "vs",
        "either",
        "saline",
        "vehicle",
        "no ",
        " or ",
    ),
    (TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND, CONCLUSION),
    confidence=Confidence.UNCLEAR,
)


def read_arms(source: Source, design: Design | None) -> Hit | None:
    """Number of groups, or of treatments in a crossover; None where nothing is compared."""
    if design is Design.SINGLE_ARM or source.once(tells_of_others):
        return None
    told = (
        _counted(source)
        or _sizes(source)
        or small_count(source, ONE_OF)
        or small_count(source, ALL_OF)
        or _lettered(source)
        or _numbered(source)
    )
    listed = None if told and value_of(told) > 2 else _listed(source) or find_listed(source)
    if told and not (listed and told.rule == ARMS.name and _in_results(source, told)):
        return told
    if design not in _COMPARE_TWO:
        return listed
    guesses = [hit for hit in (listed, _doses(source), _periods(source, design)) if hit]
    return max(guesses, key=value_of) if guesses else _rival(source) or source.first((TWO,))


def _in_results(source: Source, hit: Hit) -> bool:
    """Whether a hit lies in the results, where two groups may be those that a sentence compares."""
    return any(sentence.start <= hit.start < sentence.end for sentence in source.zone(RESULTS))


def _doses(source: Source) -> Hit | None:
    """Doses of drugs that groups were given, and placebo."""
    for match, sentence in source.find(DOSES):
        if not _GIVEN.search(sentence.norm):
            continue
        lists = [re.findall(r"\d[\d.]*", found.group(1)) for found in DOSES.regex.finditer(sentence.norm)]
        names = [*(dose for doses in lists for dose in doses)]
        if _OR_ANOTHER.match(sentence.norm, match.end()):
            names.append("another")
        if _PLACEBO.search(sentence.norm) or (len(names) == 2 and _PLACEBO_TOO.search(source.norm)):
            names.append("placebo")
        if 3 <= len(names) <= 8 and all(len(set(doses)) == len(doses) for doses in lists):
            return source.hit(DOSES, match, sentence, len(names), note=", ".join(names))
    return None


def _periods(source: Source, design: Design | None) -> Hit | None:
    """Three periods of a crossover or more: a treatment each."""
    found = read_periods(source) if design is Design.CROSSOVER_RCT else None
    if found is None or value_of(found) < 3:
        return None
    return replace(found, rule="arms/periods", confidence=Confidence.UNCLEAR)


_OR_ANOTHER = re.compile(
    r"(?:/\w+)*[^.;,]{0,40}?,? or (?!(?:both|more|less|until|their|in|for|with|the same|an?|matching|identical|"
    r"placebo|saline|"
    r"vehicle|sham)\b)(?:\d[\d.]*[ -]?mg )?[a-z]{3,}"
)
_PLACEBO_TOO = re.compile(
    r"\bplacebo-controlled\b|\b(?:placebo|saline|vehicle) (?:group|arm|solution|injection|infusion)\b|"
    r"\b(?:than|with|to|versus|vs\.?|or|and|not) (?:placebo|saline|vehicle)\b(?! (?:run|wash|lead))"
)
_PLACEBO = re.compile(r"\b(?:placebo|saline|vehicle)\b")
_GIVEN = re.compile(r"\b(?:random\w*|assigned|allocated|received|receive|given|compared|doses)\b")


def _rival(source: Source) -> Hit | None:
    """Two treatments in the title and a placebo group besides."""
    found = find_rival(source)
    return replace(found, value=3, rule="arms/versus-and-placebo", confidence=Confidence.UNCLEAR) if found else None


_COMPARE_TWO = RANDOMISED_DESIGNS | {Design.NON_RANDOMISED, Design.PROTOCOL, Design.ANIMAL, Design.SECONDARY_ANALYSIS}


def _counted(source: Source) -> Hit | None:
    """The number of groups that the text gives; "two experimental groups and a control group" are three."""
    for sentence in source.zone(METHODS, AIM, UNKNOWN, RESULTS):
        if " group" not in sentence.norm:
            continue
        found = EXPERIMENTAL.search(sentence.norm, sentence.words) or _SEVERAL_CONTROLS.search(
            sentence.norm, sentence.words
        )
        if found and int(found.group(1)) < 8:
            start, end = source.whole(*sentence.span(found))
            return Hit(
                int(found.group(1)) + 1, start, end, "arms/groups-and-control", note=f"{found.group(1)} + control"
            )
    return small_count(source, ARMS)


def _lettered(source: Source) -> Hit | None:
    """Groups with letters or numbers of their own: count them."""
    names: dict[str, tuple[int, int]] = {}
    for sentence in source.sentences:
        if sentence.zone in (TITLE, BACKGROUND):
            continue
        for match in LETTERED.finditer(sentence.norm, sentence.words):
            group = next(index for index, text in enumerate(match.groups(), start=1) if text)
            name, span = match.group(group), sentence.span(match, group)
            if name.isalpha() and source.quote(*span)[0].islower():
                continue  # "gel groups" is no letter
            names.setdefault(name, sentence.span(match))
    names = {name: span for name, span in names.items() if name[:-1] not in names or name[-1] not in "abcd"}  # IIa: II
    if any(name.isdigit() for name in names) and "1" not in names:
        names = {name: span for name, span in names.items() if not name.isdigit()}
    if not 2 <= len(names) <= 8:
        return None
    if not {"c", "con", "ctl", "p", "s", "n"} & names.keys() and (
        control := _CONTROL_TOO.search(source.norm, source.title_end)
    ):
        names["control"] = control.span()
    elif not {"c", "con", "ctl", "p", "s", "n"} & names.keys() and (inert := _INERT_TOO.search(source.norm)):
        names["placebo"] = inert.span()
    start, end = source.whole(*next(iter(names.values())))
    return Hit(len(names), start, end, "arms/lettered-groups", _LIKELY, note="groups " + ", ".join(names))


_NUMBERING = (re.compile(r"(?<![\w.])\(?([1-8])\)|[:;,] (?:or |and )?([1-8])\. "), re.compile(r"(?<!\w)\(?([a-h])\) "))
_LEADS_TO_LIST = re.compile(
    r"(?:\b(?:randomised|randomly)\b(?!,? (?:[\w-]+,? ){0,3}(?:trial|study))|\bassigned|\ballocated|\bdivided|"
    r"\b(?:groups|treatments|regimens|arms|conditions)\b|\breceived?\b).*"
    r"(?::|\b(?:to|into|received?|receiving|either|groups|given))$"
)


def _numbered(source: Source) -> Hit | None:
    """Treatments in a numbered list: "randomised to 1) drug X, 2) drug Y or 3) placebo"."""
    for sentence in source.zone(METHODS, AIM, UNKNOWN):
        if not any(mark in sentence.norm for mark in ("2)", "2. ", "b)")):
            continue
        for signs, expected in zip(_NUMBERING, ("12345678", "abcdefgh"), strict=True):
            found = list(signs.finditer(sentence.norm))
            marks = "".join(group for match in found for group in match.groups() if group)
            listed = 2 <= len(marks) <= 8 and expected.startswith(marks)
            if listed and _LEADS_TO_LIST.search(sentence.norm[: found[0].start() + 1].rstrip("(1a ")):
                start, end = source.whole(sentence.span(found[0])[0], sentence.span(found[-1])[1])
                return Hit(len(marks), start, end, "arms/numbered-list", _LIKELY)
    return None


def _sizes(source: Source) -> Hit | None:
    summed = sum_of_arms(source, assigned_only=True) or sum_of_arms(source)
    if summed is None:
        return None
    return replace(summed, value=summed.note.count("+") + 1, rule="arms/sizes")


_ALLOCATED = re.compile(r"\brandom|\bassigned|\ballocated|\bdivided|\beither\b")
_ADJECTIVE = re.compile(r"(?:either )?an? [\w-]+(?: [\d-]+\w*)?$")
_CROSSED = Cue(r"\bcross-?over|\bseparate (?:days|occasions|sessions)|\bwithin-subject")
_CLAUSE = re.compile(r", (?:which|who|whose|therefore|and,|respectively|if|while|whereas|then)\b|\bwas\b")


def _listed(source: Source) -> Hit | None:
    """Treatments in "A, B, or C"."""
    for match, sentence in source.find(LISTED):
        middle = re.findall(r"(?:^|, )([^,()]+(?:\([^)]*\))?[^,]*)", match.group(2))
        items = [match.group(1), *middle]
        listed = 2 + sum(1 for before, item in pairwise(items) if not adds_dose(before, item))
        if ":" in "".join(items):
            continue
        if _ADJECTIVE.match(match.group(1)) and not middle[0].startswith(("a ", "an ")):
            continue  # "a short, standardised course or a booklet"
        together = (  # "each had X, Y and Z"
            match["join"] == "and"
            and not _ALLOCATED.search(sentence.norm)
            and not _CROSSED.search(source.norm, source.words)
        )
        if 3 <= listed <= 6 and not together and not _CLAUSE.search(match.group()):
            return source.hit(LISTED, match, sentence, listed)
    return None


RULES = (ARMS, ONE_OF, ALL_OF, LISTED, DOSES, TWO)
