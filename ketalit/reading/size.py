"""Read how many subjects, studies and groups there were."""

from __future__ import annotations

import re
from dataclasses import replace

from ..vocabulary import RANDOMISED_DESIGNS, Confidence, Design
from .engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source

_LIKELY = Confidence.LIKELY
_STUDY = (AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND)

# A whole number that is not part of a decimal, a range, a ratio, a percentage, an age or a dose.
_N = (
    r"(?<![\w./:±<>≥≤-])(?<![\d.] )(\d+)(?![\d./:%])(?! ?(?:%|-\d|to \d|(?:-| )?(?:years?|yrs?|months?|weeks?|"
    r"days?|hours?|hrs?|h|min|minutes?|mg|ml|kg|cm|mm|g|µg|mcg)\b(?!-old)))"
)
_KIND = (
    r"(?:patients|participants|subjects|volunteers|people|persons|individuals|women|men|males|females|"
    r"children|adults|adolescents|infants|newborns|neonates|babies|"
    r"boys|girls|parturients|mothers|cases|smokers|students|workers|employees|nurses|physicians|residents|"
    r"outpatients|inpatients|survivors|eyes|couples|veterans|"
    r"athletes|players|cyclists|controls|youths?|humans|pregnanc(?:y|ies)|primigravid\w*|twins|"
    r"schoolchildren|caregivers|drivers|soldiers|recruits|attendees|non-attenders|"
    r"members|households|providers|professionals|respondents|rats|mice|dogs|cats|horses|mares|rabbits|pigs|"
    r"piglets|sheep|goats|lambs|calves|cows|monkeys|hamsters|animals|"
    r"chickens|broilers|hens|fish)"
)
# Words between a number and its noun: a clause on physical status, then up to seven words that begin nothing new.
_ASA = r"(?:(?:asa|american society of an(?:a)?esthesiolog\w+)[^.;()]{0,45}? )?"
_ADJ = rf"{_ASA}(?:type (?:[12]|ii?) |(?!or\b|with\b|of\b|in\b|to\b|from\b|for\b|at\b|group|\d)[\w()/'+,-]+ ){{0,7}}?"
_PEOPLE = rf"{_N} {_ADJ}{_KIND}\b"
_NOT_EACH = r"(?! (?:in|per|for|to) (?:each|both)| each)"
_JOIN = r"(?:were|was|have been|had been|are|will be|to be)"
_GAP = r".{0,250}?"

RANDOMISED = (
    Rule(
        "n/randomised-were",
        rf"{_PEOPLE}{_NOT_EACH}{_GAP} (?:{_JOIN} )?(?:[\w-]+ )?(?:randomi[sz]ed\b|randomly\b|at random\b|"
        rf"randomisation\b)(?! (?:select|sampl|chosen))",
        "A total of 60 patients with neuropathic pain were randomised.",
        "the number stands before what was done to them",
        keys=("random",),
        zones=_STUDY,
    ),
    Rule(
        "n/bare-randomised",
        rf"(?:^|[.;:,] |\bof (?:the )?\d+ [^.;]{{0,60}}?,? |\bsome |\btotal of ){_N} (?:{_JOIN} "
        rf")?(?:[\w-]+ )?(?:randomi[sz]ed|randomly)\b(?!,? (?:[\w-]+,? ){{0,5}}(?:trials?|stud|clinical|"
        rf"controlled|design))",
        "Of 80 screened, 60 were randomised.",
        "the number stands before what was done, its noun is understood",
        keys=("random",),
        zones=(*_STUDY, CONCLUSION),
    ),
    Rule(
        "n/some-randomised",
        rf"{_N} (?:[\w-]+ ){{0,5}}{_JOIN} (?:[\w-]+ ){{0,3}}random(?:ised\b|ly (?:assign|alloc|divid|"
        rf"distrib))(?! (?:[\w-]+ ){{0,3}}(?:trials?|stud))",
        "Forty-five health care providers were selected and randomly assigned.",
        "whatever their name, so many were randomised",
        keys=("random",),
        zones=(*_STUDY, CONCLUSION),
        confidence=_LIKELY,
    ),
    Rule(
        "n/randomised-number",
        rf"\b(?:randomi[sz]ed|randomly (?:assigned|allocated|divided)|randomly)(?: a total of| all)? {_PEOPLE}",
        "We randomly assigned 48 adults with back pain to drug X.",
        "the number follows what was done",
        keys=("random",),
        zones=(TITLE, *_STUDY),
    ),
    Rule(
        "n/assigned",
        rf"{_PEOPLE}{_GAP} {_JOIN} (?:[\w-]+ )?(?:assigned|allocated|divided|allotted)\b",
        "In total 536 participants were assigned to drug X or usual care.",
        "the number of those put into groups",
        keys=("assign", "allocat", "divided", "allotted"),
        zones=_STUDY,
    ),
)

ENROLLED = (
    Rule(
        "n/total",
        rf"\b(?:total|overall|altogether|in all|sample(?: size)?|comprised|comprising)(?: \w+)?(?: of|,|"
        rf":)? (?:of )?{_PEOPLE}{_NOT_EACH}",
        "A total of 64 patients had the block.",
        "the text calls it the total",
        keys=("total", "overall", "altogether", "in all", "sample", "compris"),
        zones=_STUDY,
    ),
    Rule(
        "n/participants-were",
        rf"\b(?:participants|subjects|patients) (?:were|comprised|consisted of|included) {_PEOPLE}{_NOT_EACH}",
        "Participants were 223 adult smokers.",
        "the text says who took part",
        zones=_STUDY,
    ),
    Rule(
        "n/enrolled-were",
        rf"{_PEOPLE}{_NOT_EACH}{_GAP} (?:{_JOIN} )?(?:[\w-]+ )?(?:enrol|includ|recruit|select|studied|"
        rf"entered|participat|took part|underwent|eligible|consent|registered|treated|consecutively|"
        rf"prospectively|investigated|examined|evaluated|engaged|invited|volunteered|acted|received|"
        rf"completed|followed|interviewed|used)",
        "Sixty patients receiving dialysis were enrolled.",
        "the number stands before what was done to them",
        zones=_STUDY,
        confidence=_LIKELY,
    ),
    Rule(
        "n/enrolled-number",
        rf"\b(?:enrol\w*|includ\w+|recruit\w*|involv\w+|studied|stud(?:y|ied) (?:on|of|in)|(?:conducted|"
        rf"carried out|performed|done|undertaken|examined|obtained|drawn|collected) (?:on|in|among|with|"
        rf"from)|among|on|from|comparing|evaluated|treated|examined|study|trial (?:of|in|on|with)|used|"
        rf"divided|allocat\w+) (?:a total of |the )?{_PEOPLE}{_NOT_EACH}",
        "The study was conducted on 34 patients with heart failure.",
        "the number follows what was done",
        zones=(AIM, METHODS, UNKNOWN, RESULTS, BACKGROUND),
        confidence=_LIKELY,
    ),
    Rule(
        "n/people-n-equals",
        rf"\b{_KIND}\b[^.;()=%]{{0,60}}\((?:(?!group)[^()=]{{0,40}}, ?|total )?n ?= ?(\d+)\)|\(n ?= ?(\d+) {_KIND}\b",
        "Healthy adults (n = 20) ate two diets.",
        "the number of a group of people named once",
        keys=("n=", "n ="),
        zones=_STUDY,
        confidence=_LIKELY,
    ),
    Rule(
        "n/people-in",
        rf"\b(?:in|of|on|to|with) {_PEOPLE}{_NOT_EACH}",
        "We measured sleep in 29 healthy adults.",
        "the number of people that something was done in",
        zones=(AIM, METHODS, UNKNOWN),
        confidence=_LIKELY,
    ),
    Rule(
        "n/sentence-starts",
        rf"^{_PEOPLE}{_NOT_EACH}",
        "Forty-five adults under spinal anaesthesia had drug X.",
        "a sentence that begins with a number of people introduces them",
        zones=(METHODS, UNKNOWN, AIM),
        confidence=_LIKELY,
    ),
    Rule(
        "n/title",
        rf"\b(?:in|on|of|with|among) {_N} {_ADJ}{_KIND}\b",
        "Drug X for pain: a study in 100 patients",
        "the title names the number",
        zones=(TITLE,),
        confidence=_LIKELY,
    ),
    Rule(
        "n/n-equals",
        r"\(n ?= ?(\d+)\)",
        "The trial was done in Ghent, Belgium (n = 140).",
        "a number in brackets",
        keys=("n=", "n ="),
        zones=(METHODS, AIM, UNKNOWN),
        confidence=Confidence.UNCLEAR,
    ),
    Rule(
        "n/sample-size",
        r"\bsample size (?:of|was|is|will be)? ?(\d+)\b|\bsample of (\d+)\b|\b(\d+) (?:will be|are to be) "
        r"(?:recruited|enrolled|included|randomised)",
        "The sample size of 210 gives 80% power.",
        "the number that the study needs or had",
        keys=("sample", "will be", "are to be"),
        zones=(METHODS, UNKNOWN),
        confidence=_LIKELY,
    ),
)

GROUPS_OF = Rule(
    "n/groups-of",
    rf"\b(\d+) (?:\w+ ){{0,3}}?(?:groups|arms)\b(?: \(n ?= ?(\d+)\)| of (\d+)\b| comprising (\d+) |"
    rf"[^.;]{{0,60}}?\b{_N} (?:{_KIND} )?(?:each|in each|per group|patients each))",
    "Patients were randomised into two groups of 30 patients each.",
    "equal groups: their number times their size",
    keys=("groups", "arms"),
    zones=(METHODS, RESULTS, UNKNOWN, AIM),
)
PER_GROUP = Rule(
    "n/per-group",
    rf"\bn ?= ?(\d+) ?(?:/ ?|per |in each |for each |each |in every )(?:group|arm)?|{_N} {_ADJ}(?:{_KIND} "
    rf")?(?:{_JOIN} )?(?:\w+ )?(?:in|per|for|to) (?:each|every)(?: of)?(?: the)?(?: [\w-]+){{0,2}} "
    rf"(?:group|arm)s?|{_N} {_KIND} each\b|\((?:n ?= ?)?(\d+) (?:(?:{_KIND} )?(?:each|per group|in each))",
    "Patients had drug X or placebo (n = 15/group).",
    "the size of one of several equal groups",
    keys=("each", "/", "per group", "per arm", "every"),
    zones=(METHODS, RESULTS, UNKNOWN, AIM),
    confidence=_LIKELY,
)
ARM_SIZES = re.compile(
    r"(?:[(\[,;] ?|\bgroups?,? |\barms?,? )(?:[\w -]{1,24},? )?n ?= ?(\d+)(?! ?(?:/|per|each|in each))\b|"
    r"\((\d+) (?:patients|subjects|participants|women|men|children)\)"
)
PAIR = Rule(
    "n/pair",
    rf"\brandomis\w+ {_N} and {_N} {_KIND}\b|{_N} {_KIND} with [^.;]{{2,40}}? and {_N} {_KIND} with\b",
    "We randomised 55 and 52 subjects to drug X and drug Y.",
    "two groups counted apart: their sum",
    keys=("random",),
    zones=(METHODS, RESULTS, UNKNOWN),
)
PARTS = re.compile(
    rf"{_N} (?:men|women|males|females|boys|girls|male participants|female participants|male subjects|"
    rf"female subjects)\b"
)

ANALYSED = (
    Rule(
        "n/analysed",
        rf"{_N} (?:{_ADJ}{_KIND} )?(?:{_JOIN} )?(?:finally |ultimately |eventually |actually "
        rf")?(?:analy[sz]ed|(?:included|retained|evaluated) (?:in|for) (?:the )?(?:[\w-]+ "
        rf"){{0,3}}analys[ie]s|evaluable|assessable|completed|finished|remained)\b(?! (?:[\w-]+ "
        rf"){{0,2}}(?:questionnaires?|weeks?|surveys? (?:at|by)))",
        "Of 52 patients recruited, 50 completed the study.",
        "those whose outcome was known",
        keys=("analy", "evaluable", "assessable", "complet", "finish", "remain"),
        zones=(METHODS, RESULTS, UNKNOWN, AIM, BACKGROUND),
    ),
    Rule(
        "n/complete-data",
        rf"\b(?:complete |full |outcome )?data (?:(?:of|from|on|for) {_N} {_ADJ}{_KIND} (?:was|were) "
        rf"(?:available|analy[sz]ed)|(?:was|were) (?:available|analy[sz]ed|obtained) (?:for|from|in|on) "
        rf"{_N})|{_N} {_ADJ}{_KIND} (?:\([^)]*\) )?(?:{_JOIN}) available for\b|\bresponse rate of "
        rf"[^.;]{{0,12}}\(n ?= ?(\d+)\)|\b(?:who|that) completed [^.;()]{{0,40}}\(n ?= ?(\d+)\)|"
        rf"\b(?:conducted|performed|tested|testing conducted|measured) in {_N} {_ADJ}{_KIND} \(",
        "At 12 months complete data of 368 participants were available.",
        "those whose data were there",
        keys=("data", "available", "response rate", "conducted in", "complet"),
        zones=(METHODS, RESULTS, UNKNOWN),
        confidence=_LIKELY,
    ),
)

STUDIES = (
    Rule(
        "n-studies/included",
        r"(?<![\d.,/-])(\d+)(?: [\w-]+){0,6}? (?:trials|studies|rcts|articles|papers|publications|reports|"
        r"reviews)\b(?:[^.;]{0,60}?)(?:\b(?:were|was|met|fulfilled|that met)\b (?:[\w-]+ ){0,3}?(?:includ|"
        r"eligib|identif|select|analy|criteria|inclusion|determined eligible|pooled|found|retriev)|"
        r"\b(?:included|contributed|involving|enrolling|with a total))",
        "Eleven trials met the inclusion criteria.",
        "the number of studies kept",
        keys=("trial", "stud", "rct", "article", "paper", "publication", "report", "review"),
        zones=(AIM, METHODS, RESULTS, UNKNOWN),
    ),
    Rule(
        "n-studies/data-from",
        r"\b(?:data|information|results|evidence|analysis|included|includ\w+|identified|found|analy[sz]ed|"
        r"performed on|on|from|of)\b(?: [\w-]+){0,4}? (\d+) (?:[\w,-]+ ){0,7}?(?:trials|studies|rcts|"
        r"articles|papers)\b",
        "We included data from 11 trials.",
        "the number of studies used",
        keys=("trial", "stud", "rct", "article", "paper"),
        zones=(AIM, METHODS, RESULTS, UNKNOWN),
        confidence=_LIKELY,
    ),
    Rule(
        "n-studies/eligible",
        r"\b(\d+) (?:were|was) (?:[\w-]+ )?(?:eligible|included|determined eligible|selected)|^(\d+) "
        r"(?:[\w-]+ ){0,4}(?:trials|studies|rcts)\b",
        "900 titles were read and 7 were included.",
        "the number kept of those read",
        zones=(RESULTS, UNKNOWN, METHODS),
        confidence=_LIKELY,
    ),
)

_PLAIN = (
    r"(?:(?!in\b|of\b|to\b|with\b|for\b|and\b|or\b|min\b|days?\b|weeks?\b|months?\b|hours?\b|h\b|months\b|mg\b|"
    r"other\b|between\b|compared\b|patients\b|subjects\b|participants\b|times\b|points?\b)[\w-]+ )"
)
ARMS = Rule(
    "arms/number-of-groups",
    rf"(?<![\d.,-])(?<![\d] )(\d+) {_PLAIN}{{0,4}}?(?:groups|arms|treatment conditions|conditions|"
    rf"regimens)\b(?! of (?:surgeons|physicians|age))|(?<![\w.])(\d+)[ -](?:arm(?:ed)?|group)\b|\b(?:1 of|"
    rf"either of|the|all|these) (\d+) {_PLAIN}{{0,4}}?(?:treatments|interventions|techniques|beverages|"
    rf"diets|strategies|doses|drugs|protocols)\b",
    "Patients were randomised into three equal groups.",
    "the text counts its groups",
    keys=(
        "group",
        "arm",
        "condition",
        "regimen",
        "treatments",
        "interventions",
        "techniques",
        "beverages",
        "diets",
        "strategies",
        "doses",
        "drugs",
        "protocols",
    ),
    zones=(TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND),
)
EXPERIMENTAL = re.compile(
    r"\b(\d+) (?:experimental|intervention|treatment|study|active|exercise|training|case) groups?,?(?: "
    r"\([^)]*\))? (?:and|versus|vs\.?|or|with) (?:1|a|the)? ?(?:[\w-]+ )?control"
)
_CONTROL_TOO = re.compile(r"\bk?\d groups?\b.{0,200}[,:] (?:and )?(?:a |the )?control group\b")
_NOT_NAMES = (
    "was|had|in|as|is|the|and|for|who|by|at|on|are|did|but|or|up|we|if|to|of|no|an|it|be|all|our|two|one|"
    "new|age|sex|low|per|rct|trp|"
    "non|both|sub|any|not|has|its|use|via|set|each|a|1|2|3|4|5"
)
LETTERED = re.compile(
    rf"\b(?:groups?|arms?) \(?([a-h1-8]|i{{1,3}}|iv|(?!(?:{_NOT_NAMES})\b)[b-z]{{1,2}}|"
    rf"[a-z]{{1,2}}[/+-][a-z]{{1,2}}|[a-z]\d)\b\)?(?! ?[=%])|"
    rf"(?<!\w)(?!(?:{_NOT_NAMES})\b)([a-z]{{1,3}}\d?) groups?\b|\(group ([a-z0-9]{{1,3}})\b|"
    rf"\(([a-z]{{1,3}})[ -]group\b"
)
LISTED = Rule(
    "arms/listed",
    r"\b(?:randomi[sz]\w*|randomly|assigned|allocated|divided|received)\b.{0,80}?\b(?:to|receive|receiving|"
    r"received|either|into)\b:? (?:either )?((?:(?! or )[^,.;()]|\([^)]*\)){2,60}), ((?:[^,.;()]|"
    r"\([^)]*\)){2,60}(?:, (?:[^,.;()]|\([^)]*\)){2,60})*?),? (?:or|and) (?!then|to|followed|were|was|the "
    r"patients)([^.;]{2,})",
    "They were randomised to drug X, drug Y, or placebo.",
    "the treatments are listed",
    keys=("random", "assigned", "allocated", "divided", "received"),
    zones=(METHODS, UNKNOWN, AIM),
    confidence=_LIKELY,
)
TWO = Rule(
    "arms/two",
    r"\b(?:control|placebo|sham|comparison|reference|vehicle|usual care|standard care) (?:group|arm|"
    r"condition)\b|\bcontrols?\b|\bplacebo\b|\b(?:both|the other|another) groups?\b|\bbetween (?:the "
    r")?groups\b|\bcontrolled\b|\b(?:versus|vs\.?|compared (?:with|to)|comparison)\b|\bsham\b|\beither\b",
    "Pain fell more than in the control group.",
    "one treatment was compared with one other, as nothing says that there were more",
    2,
    ("control", "placebo", "group", "sham", "compar", "care", "versus", "vs", "either"),
    (TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND, CONCLUSION),
    confidence=Confidence.UNCLEAR,
)
RULES = (*RANDOMISED, *ENROLLED, GROUPS_OF, PER_GROUP, *ANALYSED, *STUDIES, ARMS, LISTED, TWO, PAIR)

_SCREENED = re.compile(
    r"\b(?:screened|assessed for eligib|assed for eligib|approached|invited|eligible (?:patients|"
    r"participants|subjects) (?:were )?(?:identified|approached)|reviewed|titles|adverse|died|deaths?)\b"
)


_LEVEL = re.compile(
    r"\b(?:status|class|grades?|asa|groups?|phases?|types?|stages?|levels?|scores?|days?|weeks?|visits?|"
    r"parts?|figure|table|arm)(?: \d+| i+)?(?:,? ?(?:or|and|-|to))? ?$"
)


_CLUSTERS = re.compile(
    r"\b(?:schools|villages|universities|halls|practices|hospitals|clinics|wards|homes|communities|clusters|"
    r"households|districts|centers|centres|groups|arms|trials|studies)\b"
)


def _number(match: re.Match[str]) -> int | None:
    groups = [group for group in match.groups() if group]
    if not groups:
        return None
    value = int(groups[0]) if len(groups[0]) < 8 else 0
    return value if 0 < value < 10_000_000 else None


def _plausible(norm: str, match: re.Match[str], value: int) -> bool:
    group = next(index for index, text in enumerate(match.groups(), start=1) if text)
    start, end = match.span(group)
    if _LEVEL.search(norm[max(0, start - 24) : start]):
        return False
    if re.search(r"\b(?:screened|approached|invited) (?:a total of )?$", norm[max(0, start - 24) : start]):
        return False
    around = norm[start : match.end() + 30]
    if 1900 <= value <= 2030 and re.search(
        r"(?:in|from|since|between|until|to|january|february|march|april|may|june|july|august|september|"
        r"october|november|december|and) $",
        norm[max(0, start - 12) : start],
    ):
        return False
    if re.match(r" ?(?:to|-|and|or) \d", norm[end : end + 8]):
        return False
    if (
        norm[end:].lstrip()[:40]
        and _CLUSTERS.match(norm[end:].lstrip().partition(" ")[0])
        and "household" not in match.group()
    ):
        return False
    return value > 1 and not _SCREENED.search(around)


def read_randomised_number(source: Source) -> Hit | None:
    """Subjects randomised, as far as the text says so."""
    return _largest_first(source, RANDOMISED[:4])


def read_total(source: Source, design: Design | None) -> Hit | None:
    """Subjects randomised; failing that enrolled or analysed; failing that the sum of the groups."""
    if design is Design.CASE_REPORT:
        return None
    found = _largest_first(source, RANDOMISED)
    product = _product(source)
    if (
        found
        and product
        and isinstance(found.value, int)
        and isinstance(product.value, int)
        and found.value * 2 <= product.value
    ):
        found = product  # "thirty patients were randomised in each of four groups"
    if found:
        return found
    if pair := _pair(source):
        return pair
    if assigned := _sum_of_arms(source, assigned_only=True):
        return assigned
    if parts := _parts(source):
        return parts
    enrolled = _largest_first(source, ENROLLED[:3], first_wins=True)
    sizes = _sum_of_arms(source)
    if enrolled:
        return enrolled
    return product or sizes or _largest_first(source, ENROLLED[3:], first_wins=True)


def _largest_first(source: Source, rules: tuple[Rule, ...], *, first_wins: bool = False) -> Hit | None:
    """The first rule that fires; of its matches the first, or the largest where several numbers are randomised."""
    for rule in rules:
        best: Hit | None = None
        for match, sentence in source.find(rule):
            value = _number(match)
            if value is None or not _plausible(sentence.norm, match, value):
                continue
            if best is None or (isinstance(best.value, int) and value > best.value and not first_wins):
                best = source.hit(rule, match, sentence, value)
        if best:
            return best
    return None


def _product(source: Source) -> Hit | None:
    """Equal groups: number of groups times size of one."""
    for match, sentence in source.find(GROUPS_OF):
        groups, size = int(match.group(1)), int(next(filter(None, match.groups()[1:])))
        if 2 <= groups <= 8 and size > 1:
            return source.hit(GROUPS_OF, match, sentence, groups * size, note=f"{groups} x {size} = {groups * size}")
    for match, sentence in source.find(PER_GROUP):
        each = _number(match)
        arms = read_arms(source, None)
        if each and arms and isinstance(arms.value, int) and arms.value > 1:
            return source.hit(
                PER_GROUP, match, sentence, each * arms.value, note=f"{arms.value} x {each} = {each * arms.value}"
            )
    return None


def _pair(source: Source) -> Hit | None:
    for match, sentence in source.find(PAIR):
        first, second = (int(group) for group in match.groups() if group)
        if "random" in sentence.norm:
            return source.hit(PAIR, match, sentence, first + second, note=f"{first} + {second} = {first + second}")
    return None


def _sum_of_arms(source: Source, *, assigned_only: bool = False) -> Hit | None:
    """The sum of "(n = …)" in one sentence of the methods or results, where there are two to six of them."""
    for sentence in source.sentences:
        if sentence.zone not in (METHODS, RESULTS, UNKNOWN, AIM):
            continue
        sizes = list(ARM_SIZES.finditer(sentence.norm))
        values = [int(match.group(1) or match.group(2)) for match in sizes]
        if assigned_only and not re.search(r"random|assign|allocat|divid", sentence.norm):
            continue
        if 2 <= len(values) <= 6 and all(value > 1 for value in values) and not re.search(r"\d ?%", sentence.norm):
            start, end = source.whole(sentence.span(sizes[0])[0], sentence.span(sizes[-1])[1])
            total = sum(values)
            return Hit(total, start, end, "n/sum-of-groups", _LIKELY, note=f"{' + '.join(map(str, values))} = {total}")
    return None


def _parts(source: Source) -> Hit | None:
    """Men and women named apart, and nobody else: their sum."""
    for sentence in source.zone(METHODS, AIM, UNKNOWN):
        found = list(PARTS.finditer(sentence.norm))
        values = [int(match.group(1)) for match in found]
        text = sentence.norm
        if (
            len(values) in (2, 4)
            and min(values) > 1
            and not re.search(
                rf"\b{_N} {_ADJ}(?:patients|participants|subjects|volunteers|people|adults|children|infants)\b",
                re.sub(PARTS, "", text),
            )
        ):
            start, end = source.whole(sentence.span(found[0])[0], sentence.span(found[-1])[1])
            return Hit(
                sum(values),
                start,
                end,
                "n/sum-of-parts",
                _LIKELY,
                note=f"{' + '.join(map(str, values))} = {sum(values)}",
            )
    return None


def read_analysed(source: Source, total: Hit | None) -> Hit | None:
    """Subjects in the primary analysis, where the text says so and they are fewer than all."""
    if total is None or not isinstance(total.value, int):
        return None
    for rule in ANALYSED:
        for match, sentence in source.find(rule):
            value = _number(match)
            if value and total.value // 8 <= value < total.value and value > 1:
                return source.hit(rule, match, sentence, value)
    return None


def read_studies(source: Source) -> Hit | None:
    """Studies in a review."""
    for rule in STUDIES:
        for match, sentence in source.find(rule):
            value = _number(match)
            if value and value < 3000 and not (1990 <= value <= 2030):
                return source.hit(rule, match, sentence, value)
    return None


def read_arms(source: Source, design: Design | None) -> Hit | None:
    """Number of groups, or of treatments in a crossover; None where nothing is compared."""
    if design is Design.SINGLE_ARM:
        return None
    told = _counted(source) or _sizes(source) or _lettered(source) or _listed(source)
    return told or (source.first((TWO,)) if design in _COMPARE_TWO else None)


_COMPARE_TWO = RANDOMISED_DESIGNS | {Design.NON_RANDOMISED, Design.PROTOCOL, Design.ANIMAL, Design.SECONDARY_ANALYSIS}


def _counted(source: Source) -> Hit | None:
    """The number of groups that the text gives; "two experimental groups and a control group" are three."""
    for sentence in source.zone(METHODS, AIM, UNKNOWN, RESULTS):
        if (found := EXPERIMENTAL.search(sentence.norm)) and int(found.group(1)) < 8:
            start, end = source.whole(*sentence.span(found))
            return Hit(
                int(found.group(1)) + 1, start, end, "arms/groups-and-control", note=f"{found.group(1)} + control"
            )
    for match, sentence in source.find(ARMS):
        value = _number(match)
        if value and 2 <= value <= 12:
            return source.hit(ARMS, match, sentence, value)
    return None


def _lettered(source: Source) -> Hit | None:
    """Groups with letters or numbers of their own: count them."""
    names: dict[str, tuple[int, int]] = {}
    for sentence in source.sentences:
        if sentence.zone in (TITLE, BACKGROUND):
            continue
        for match in LETTERED.finditer(sentence.norm):
            name = next(group for group in match.groups() if group)
            names.setdefault(name, sentence.span(match))
    if not 2 <= len(names) <= 8:
        return None
    if not {"c", "con", "ctl", "p", "s", "n"} & names.keys() and (
        control := _CONTROL_TOO.search(source.norm, source.title_end)
    ):
        names["control"] = control.span()
    start, end = source.whole(*next(iter(names.values())))
    return Hit(len(names), start, end, "arms/lettered-groups", _LIKELY, note="groups " + ", ".join(names))


def _sizes(source: Source) -> Hit | None:
    summed = _sum_of_arms(source, assigned_only=True) or _sum_of_arms(source)
    if summed is None:
        return None
    return replace(summed, value=summed.note.count("+") + 1, rule="arms/sizes")


def _listed(source: Source) -> Hit | None:
    """Treatments in "A, B, or C"."""
    for match, sentence in source.find(LISTED):
        listed = 2 + len(re.findall(r"(?:^|, )[^,()]+(?:\([^)]*\))?[^,]*", match.group(2)))
        if 3 <= listed <= 6:
            return source.hit(LISTED, match, sentence, listed)
    return None
