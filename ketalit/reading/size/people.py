"""Read how many subjects there were: randomised, enrolled, analysed."""

from __future__ import annotations

import re
from dataclasses import replace

from ...vocabulary import Confidence, Design
from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source
from ..needs import Cue
from .arms import read_arms
from .groups import sum_of_arms, sum_over_sentences
from .numbers import ADJECTIVES, KIND, NUMBER, PEOPLE, TWO_PARTS, WERE, added, alike, number_in, plausible, value_of

_LIKELY = Confidence.LIKELY
_STUDY = (AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND)
_NOT_EACH = r"(?! (?:in|per|for|to) (?:each|both)| each)"
_GAP = r".{0,250}?"
# What happens to some of the subjects in the course of a study.
_NOT_SOME = (
    r"(?! (?:in (?:the|each|group)|on (?:the )?|from the|withdrew|reported|developed|experienced|discontinued|dropped|"
    r"required|needed|did not|failed|refused|left|showed|vomited|complained|died|responded|preferred|"
    r"had (?:to|an?|no|adverse|nausea|side|mild|moderate|severe)))"
)
RANDOMISED = (
    Rule(
        "n/randomised-were",
        rf"{PEOPLE}{_NOT_EACH}(?:\([^()]*\)|(?!; \d).){{0,250}}? (?:{WERE} )?(?:[\w-]+ )?(?:randomi[sz]ed\b|randomly\b|"
        rf"at random\b|"
        rf"randomisation\b)(?! (?:select|sampl|chosen))",
        "A total of 60 patients with neuropathic pain were randomised.",
        "the number stands before what was done to them",
        zones=_STUDY,
        hint=r"\d .{0,999}random",
    ),
    Rule(
        "n/bare-randomised",
        rf"(?:^|[.;:,] |\( ?|\bof (?:the )?\d+ [^.;]{{0,60}}?,? |\bsome |\btotal of ){NUMBER} (?:{WERE} "
        rf")?(?:[\w-]+ )?(?:randomi[sz]ed|randomly)\b(?!,? (?:[\w-]+,? ){{0,5}}(?:trials?|stud|clinical|"
        rf"controlled|design))|{NUMBER} (?:\([^()]{{1,20}}\) )?(?:entered|underwent) randomi[sz]ation\b",
        "Of 80 screened, 60 were randomised.",
        "the number stands before what was done, its noun is understood",
        zones=(*_STUDY, CONCLUSION),
        hint=r"\d (?:\([^()]{1,20}\) )?(?:[\w-]+ ){0,3}random",
    ),
    Rule(
        "n/of-whom",
        rf"\bof (?:whom|them|these),? {NUMBER} (?:\([^()]{{1,20}}\) )?{WERE} (?:[\w-]+ )?(?:randomised|randomly|"
        rf"assigned|"
        rf"allocated)\b",
        "We saw 80 adults, of whom 60 (75%) were assigned to drug X or placebo.",
        "of those seen so many went into the study",
        keys=("of whom", "of them", "of these"),
        zones=_STUDY,
    ),
    Rule(
        "n/some-randomised",
        rf"{NUMBER} (?:[\w-]+ ){{0,5}}{WERE} (?:[\w-]+ ){{0,3}}random(?:ised\b|ly (?:assign|alloc|divid|"
        rf"distrib))(?! (?:[\w-]+ ){{0,3}}(?:trials?|stud))",
        "Forty-five health care providers were selected and randomly assigned.",
        "whatever their name, so many were randomised",
        zones=(*_STUDY, CONCLUSION),
        confidence=_LIKELY,
    ),
    Rule(
        "n/randomised-number",
        r"\b(?:randomi[sz]ed|randomly (?:assigned|allocated|divided)|randomly|assigned|allocated)(?: a total of|"
        rf" all)? {PEOPLE}",
        "We randomly assigned 48 adults with back pain to drug X.",
        "the number follows what was done",
        zones=(TITLE, *_STUDY),
        hint=r"(?:randomi[sz]ed|randomly|assigned|allocated|divided)(?: a total of| all)? \d",
    ),
    Rule(
        "n/assigned",
        rf"{PEOPLE}{_GAP} {WERE} (?:[\w-]+ )?(?:assigned|allocated|divided|allotted)\b",
        "In total 536 participants were assigned to drug X or usual care.",
        "the number of those put into groups",
        zones=_STUDY,
    ),
)
STARTS = Rule(
    "n/sentence-starts",
    rf"^(?:[a-z ]{{3,25}}: ?)?{PEOPLE}{_NOT_EACH}{_NOT_SOME}",
    "Forty-five adults under spinal anaesthesia had drug X.",
    "a sentence that begins with a number of people introduces them",
    zones=(METHODS, UNKNOWN, AIM),
    confidence=_LIKELY,
)
ENROLLED = (
    Rule(
        "n/total",
        rf"\b(?:total|overall|altogether|in all|sample(?: size)?|comprised|comprising)(?: \w+)?(?: of|,|"
        rf":)? (?:of )?{PEOPLE}{_NOT_EACH}",
        "A total of 64 patients had the block.",
        "the text calls it the total",
        keys=("total", "overall", "altogether", "in all", "sample", "compris"),
        zones=_STUDY,
    ),
    Rule(
        "n/screened-and-enrolled",
        rf"\b(?:evaluated|screened|assessed|approached|invited|eligible|identified|contacted)\b[^.]{{0,80}}?"
        rf"(?:,|;|\band) (?:and )?{NUMBER} {WERE} (?:[\w-]+ )?(?:enrolled|included|recruited)\b",
        "One hundred adults were screened and 60 were enrolled.",
        "those taken in of those looked at",
        keys=("enrolled", "included", "recruited"),
        zones=_STUDY,
    ),
    Rule(
        "n/participants-were",
        rf"\b(?:participants|subjects|patients)(?: (?:were|comprised|consisted of|included)|,) {PEOPLE}{_NOT_EACH}",
        "Participants were 223 adult smokers.",
        "the text says who took part",
        zones=_STUDY,
    ),
    Rule(
        "n/enrolled-were",
        rf"{PEOPLE}{_NOT_EACH}{_GAP} (?:{WERE} )?(?:[\w-]+ )?(?:enrol|includ|recruit|select|studied|"
        rf"entered|participat|took part|underwent|eligible|consent|registered|treated|consecutively|"
        rf"prospectively|investigated|examined|evaluated|engaged|invited|volunteered|acted|received|"
        rf"completed|followed|interviewed|used|vaccinat|operated|tested|met (?:the |all |our )?(?:[\w-]+ )?criteria)",
        "Sixty patients receiving dialysis were enrolled.",
        "the number stands before what was done to them",
        zones=_STUDY,
        confidence=_LIKELY,
    ),
    Rule(
        "n/enrolled-number",
        rf"\b(?:enrol\w*|includ\w+|recruit\w*|involv\w+|studied|stud(?:y|ied) (?:on|of|in)|(?:conducted|"
        rf"carried out|performed|done|undertaken|examined|obtained|drawn|collected) (?:on|in|among|with|"
        rf"from)|among|on|from|comparing|evaluated|treated|examined|study|trial (?:of|in|on|with)|us(?:ed|ing)|"
        rf"divided|allocat\w+) (?:a total of |the )?{PEOPLE}{_NOT_EACH}",
        "The study was conducted on 34 patients with heart failure.",
        "the number follows what was done",
        zones=(AIM, METHODS, UNKNOWN, RESULTS, BACKGROUND),
        confidence=_LIKELY,
    ),
    Rule(
        "n/enrolled-people",
        rf"{NUMBER} (?:evaluable|assessable|enrolled|randomi[sz]ed|included|participating|eligible|recruited|studied) "
        rf"{ADJECTIVES}{KIND}\b{_NOT_EACH}",
        "Of the 33 enrolled patients 7 were men.",
        "the word before the people says what was done to them",
        zones=_STUDY,
        confidence=_LIKELY,
    ),
    Rule(
        "n/people-n-equals",
        rf"\b(?!controls){KIND}\b[^.;()=%]{{0,110}}\((?:(?!group)[^()=]{{0,40}}, ?|total )?n ?= ?(\d+)\)|"
        rf"\(n ?= ?(\d+) {KIND}\b",
        "Healthy adults (n = 20) ate two diets.",
        "the number of a group of people named once",
        keys=("n=", "n ="),
        zones=_STUDY,
        confidence=_LIKELY,
    ),
    Rule(
        "n/people-in",
        rf"\b(?:in|of|on|to|with) {PEOPLE}{_NOT_EACH}",
        "We measured sleep in 29 healthy adults.",
        "the number of people that something was done in",
        zones=(AIM, METHODS, UNKNOWN, BACKGROUND),
        confidence=_LIKELY,
    ),
    STARTS,
    Rule(
        "n/title",
        rf"\b(?:in|on|of|with|among) {NUMBER} {ADJECTIVES}{KIND}\b",
        "Drug X for pain: a study in 100 patients",
        "the title names the number",
        zones=(TITLE,),
        confidence=_LIKELY,
    ),
    Rule(
        "n/n-equals",
        r"\((?:total )?n ?= ?(\d+)\)",
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
# The first sentence of an unstructured abstract may look like background and yet tell who took part.
ANYWHERE = Rule(
    "n/anywhere",
    rf"(?:^|\b(?:in|of|on|with|for|from|among|recruited|enrolled|included|studied) ){PEOPLE}{_NOT_EACH}{_NOT_SOME}|"
    r"\((?:total )?n ?= ?(\d+)\)",
    "After consent, catheters were inserted in 90 patients.",
    "the only number of people, in a sentence that speaks of no other study and of no population",
    zones=(BACKGROUND,),
    ours=False,
    confidence=Confidence.UNCLEAR,
)
_POPULATION = re.compile(
    r"\b(?:million|worldwide|prevalen|inciden|annual|yearly|per year|each year|every year|lifetime|previous|earlier|"
    r"recent|literature|studies|trials|reports?|general population|estimated|approximately|about|nearly|almost)"
)
_DONE = re.compile(
    r"\b(?:was|were) (?:[\w-]+ )?(?:studied|investigat|compar|evaluat|assess|measur|examin|determin|test)|"
    r"\bwe (?:have )?(?!know|found)\w+ed\b|\b(?:this|our) (?:[\w-]+,? ){0,8}(?:study|trial)\b"
)
THIS_ANALYSIS = Rule(
    "n/this-analysis",
    rf"{NUMBER} (?:[^.;\d]{{0,90}}? )?(?:included|analy[sz]ed|used|considered|available|eligible|selected)(?: in| for) "
    r"(?:this|the present|our|the current) (?:[\w-]+,? ){0,3}(?:analys[ie]s|study|sub-?study)\b",
    "Of 125 patients in the main trial, 93 were included in this analysis.",
    "a secondary analysis counts its own subjects, not those of its parent trial",
    zones=(METHODS, RESULTS, UNKNOWN, AIM, BACKGROUND),
)
ONE_PATIENT = Rule(
    "n/one-patient",
    r"\b(?:an?|this|the|our|1) (?:[\w-]+,? ){0,3}?\d+[- ](?:year|yr|month|week|day)s?[- ]old\b|"
    r"\bsingle[- ](?:case|patient)\b|\ba (?:rare |unusual |unique )?case of\b",
    "A 72-year-old man had drug X.",
    "a case report that tells of one person",
    1,
    ("old", "single", "case of"),
    confidence=_LIKELY,
)
SOME_CASES = Rule(
    "n/cases",
    rf"(?:^|\b(?:report|describ|present|treat)\w*(?: on| in)? |\b(?:of|in) ){NUMBER} (?:[\w-]+ ){{0,3}}?"
    r"(?:patients|cases|children|women|men|siblings|brothers|sisters)\b",
    "We report two cases of pain after drug X.",
    "the number of cases reported",
    zones=(TITLE, AIM),
    confidence=_LIKELY,
)
SPLIT = Rule(
    "n/split",
    rf"{NUMBER} (?:{ADJECTIVES}{KIND} )?(?:(?:{WERE} )?(?:[\w-]+ly )?(?:randomis|allocat|assign|vaccinat|treat|evaluat|"
    r"stud|enrol|includ)\w+ (to|with|in|into)|(received))\b",
    "Twenty were allocated to drug X and 21 to placebo.",
    "the groups are counted one by one: their sum",
    zones=(METHODS, RESULTS, UNKNOWN),
    confidence=_LIKELY,
)
_EACH = rf"{NUMBER} (?:{KIND} |patient )?(?:to|on|in|with|received|receiving|had|given|by) [^();:%=\d]{{2,50}}"
BRACKETED = Rule(
    "n/bracketed-groups",
    rf"\({_EACH}?(?:,|;|,? and) {_EACH}(?:(?:,|;|,? and) {_EACH})?\)",
    "The trial was stopped early (13 on drug X, 14 on placebo).",
    "the groups are counted in brackets: their sum",
    zones=(METHODS, RESULTS, UNKNOWN, AIM),
    confidence=_LIKELY,
)
TIMES = Rule(
    "n/times",
    rf"(?<![\d.,x-])(?<![\dx] )([2-9]) ?x ?(\d{{1,4}}) {KIND}\b|\bn ?= ?([2-9]) ?x ?(\d{{1,4}})\b",
    "Drug X was compared with placebo (n = 2 x 30).",
    "groups times their size",
    keys=tuple(f"{groups}{sign}" for groups in range(2, 10) for sign in ("x", " x")),
    zones=(METHODS, RESULTS, UNKNOWN, AIM),
)
GROUPS_OF = Rule(
    "n/groups-of",
    rf"\b(\d+) (?:\w+ ){{0,3}}?(?:groups|arms)\b(?: \(n ?= ?(\d+)(?: ?/ ?group| (?:each|per group|in each))?\)|"
    rf" of (\d+)\b| comprising (\d+) |"
    rf"[^.;]{{0,60}}?\b{NUMBER} (?:{KIND} )?(?:each|in each|per group|patients each))",
    "Patients were randomised into two groups of 30 patients each.",
    "equal groups: their number times their size",
    zones=(METHODS, RESULTS, UNKNOWN, AIM, BACKGROUND),
    ours=False,
    hint=r"\d (?:\w+ ){0,3}(?:groups|arms)\b",
)
PER_GROUP = Rule(
    "n/per-group",
    rf"\bn ?= ?(\d+) ?(?:/ ?|per |in each |for each |each |in every )(?:group|arm)?|{NUMBER} {ADJECTIVES}(?:{KIND} "
    rf")?(?:{WERE} )?(?:\w+ )?(?:in|per|for|to) (?:each|every)(?: of)?(?: the)?(?: [\w-]+){{0,2}} "
    rf"(?:group|arm)s?|{NUMBER} {KIND} each\b|\((?:n ?= ?)?(\d+) (?:(?:{KIND} )?(?:each|per group|in each))|"
    rf"\beach (?:group|arm) (?:consisted of|comprised|included|contained|had) {NUMBER}",
    "Patients had drug X or placebo (n = 15/group).",
    "the size of one of several equal groups",
    keys=("each", "/", "per group", "per arm", "every"),
    zones=(METHODS, RESULTS, UNKNOWN, AIM),
    confidence=_LIKELY,
    hint=r"each|every|per group|n ?= ?\d+ ?(?:/|per )",
)
PAIR = Rule(
    "n/pair",
    rf"\brandomis\w+ {NUMBER} and {NUMBER} {KIND}\b|\b(?:in|among|"
    rf"on) (\d+) and (\d+) {ADJECTIVES}{KIND},? respectively|"
    rf"{NUMBER} {KIND} with [^.;]{{2,40}}? and {NUMBER} {KIND} with\b",
    "We randomised 55 and 52 subjects to drug X and drug Y.",
    "two groups counted apart: their sum",
    zones=(METHODS, RESULTS, UNKNOWN),
    hint=r"\d and \d|\d [a-z-]+ with [^.;]{2,40}? and \d",
)
PARTS = re.compile(
    rf"{NUMBER} (?:men|women|males|females|boys|girls|male participants|female participants|male subjects|"
    rf"female subjects)\b"
)
ANALYSED = (
    Rule(
        "n/analysed",
        rf"{NUMBER} (?:{ADJECTIVES}{KIND} )?(?:\([^()%]{{1,60}}\) )?(?:{WERE} )?"
        r"(?:finally |ultimately |eventually |actually )?"
        r"(?:analy[sz]ed|(?:included|retained|evaluated) (?:in|for) (?:the )?(?:[\w-]+ ){0,3}analys[ie]s|evaluable|"
        r"assessable|completed|finished|remained)\b"
        r"(?! (?:[\w-]+ ){0,2}(?:questionnaires?|weeks?|surveys? (?:at|by)))",
        "Of 52 patients recruited, 50 completed the study.",
        "those whose outcome was known",
        keys=("analy", "evaluable", "assessable", "complet", "finish", "remain"),
        zones=(METHODS, RESULTS, UNKNOWN, AIM, BACKGROUND),
    ),
    Rule(
        "n/complete-data",
        rf"\b(?:complete |full |outcome )?data (?:(?:of|from|on|for) {NUMBER} {ADJECTIVES}{KIND} (?:was|were) "
        rf"(?:available|analy[sz]ed)|(?:was|were) (?:available|analy[sz]ed|obtained) (?:for|from|in|on) "
        rf"{NUMBER})|{NUMBER} {ADJECTIVES}{KIND} (?:\([^)]*\) )?(?:{WERE}) available for\b|\bresponse rate of "
        rf"[^.;]{{0,12}}\(n ?= ?(\d+)\)|\b(?:who|that) completed [^.;()]{{0,40}}\(n ?= ?(\d+)\)|"
        rf"\b(?:conducted|performed|tested|testing conducted|measured) in {NUMBER} {ADJECTIVES}{KIND} \(",
        "At 12 months complete data of 368 participants were available.",
        "those whose data were there",
        zones=(METHODS, RESULTS, UNKNOWN),
        confidence=_LIKELY,
        hint=r"data (?:of|from|on|for|was|were) |available for\b|response rate of|completed [^.;()]{0,40}\(n|"
        r"(?:conducted|performed|tested|measured) in \d",
    ),
)


def read_randomised_number(source: Source) -> Hit | None:
    """Subjects randomised, as far as the text says so."""
    return _largest_first(source, RANDOMISED[:5])


def read_total(source: Source, design: Design | None) -> Hit | None:
    """Subjects randomised; failing that enrolled or analysed; failing that the sum of the groups."""
    if design is Design.CASE_REPORT:
        return _largest_first(source, (SOME_CASES,)) or source.first((ONE_PATIENT,))
    if design is Design.SECONDARY_ANALYSIS and (found := _largest_first(source, (THIS_ANALYSIS,))):
        return found
    beasts = design in _BEASTLY
    found = _largest_first(source, RANDOMISED, beasts=beasts)
    product = _product(source, design)
    if found and product and value_of(found) * 2 <= value_of(product):
        return product  # "thirty patients were randomised in each of four groups"
    if found := found or _pair(source):
        return found
    told = ENROLLED[:4]
    if headed := _headed(source, beasts=beasts):
        return headed
    if assigned := sum_of_arms(source, assigned_only=True):
        done = read_analysed(source, replace(assigned, value=value_of(assigned) + 1))
        if done and done.value == assigned.value:  # the groups count those who stayed to the end
            enrolled = _largest_first(source, told, first_wins=True, beasts=beasts)
            return enrolled if enrolled and value_of(enrolled) > value_of(assigned) else assigned
        return assigned
    return (
        _parts(source)
        or _largest_first(source, told, first_wins=True, beasts=beasts)
        or product
        or sum_of_arms(source)
        or _split(source)
        or sum_over_sentences(source)
        or _largest_first(source, ENROLLED[4:], first_wins=True, beasts=beasts)
        or _anywhere(source, beasts=beasts)
        or _two_parts(source)
        or _denominators(source, design)
    )


_HEADING = re.compile(r"(?:patients|participants|subjects|population|volunteers|sample)\b")


def _headed(source: Source, *, beasts: bool) -> Hit | None:
    """People that a sentence begins with, under a heading that names them: "Participants: 60 adults with pain."."""
    if not (source.structured or "s: " in source.norm):
        return None
    starts = {source.normal.forth(part.start) for part in source.canonical.parts if _HEADING.search(part.label.lower())}
    for match, sentence in source.find(STARTS):
        heading = sentence.norm[: match.start(1)]
        value = int(match.group(1))
        headed = sentence.start in starts or (":" in heading and _HEADING.search(heading))
        if headed and plausible(sentence.norm, match, value, beasts=beasts):
            return source.hit(STARTS, match, sentence, value)
    return None


def _two_parts(source: Source) -> Hit | None:
    """Men and women, or two groups, counted in one sentence wherever it stands: their sum."""
    for sentence in source.zone(METHODS, AIM, UNKNOWN, RESULTS, BACKGROUND):
        if match := TWO_PARTS.search(sentence.norm):
            values = [int(match.group("one")), int(match.group("men") or match.group("other"))]
            if min(values) > 7 and alike(values):
                start, end = source.whole(*sentence.span(match))
                return Hit(sum(values), start, end, "n/two-parts", Confidence.UNCLEAR, note=added(values))
    return None


_OUT_OF = re.compile(r"(?<![\d.])\d+ (?:\([^()]{1,16}\) )?of (?:the )?(\d+)\b(?! ?%)")


def _denominators(source: Source, design: Design | None) -> Hit | None:
    """Sizes of two groups told only beside their results, "25 of 45 vs 9 of 44": their sum."""
    arms = read_arms(source, design)
    if arms is None or arms.value != 2:
        return None
    for sentence in source.zone(RESULTS):
        found = list(_OUT_OF.finditer(sentence.norm))
        values = [int(match.group(1)) for match in found]
        if len(values) == 2 and min(values) > 4 and max(values) <= 2 * min(values):
            start, end = source.whole(sentence.span(found[0])[0], sentence.span(found[1])[1])
            return Hit(sum(values), start, end, "n/denominators", Confidence.UNCLEAR, note=added(values))
    return None


_BEASTLY = frozenset({Design.ANIMAL, Design.LABORATORY, None})


def _largest_first(
    source: Source, rules: tuple[Rule, ...], *, first_wins: bool = False, beasts: bool = True
) -> Hit | None:
    """The first rule that fires; of its matches the first, or the largest where several numbers are randomised."""
    for rule in rules:
        best: Hit | None = None
        for match, sentence in source.find(rule):
            value = number_in(match)
            if value is None or not plausible(sentence.norm, match, value, beasts=beasts):
                continue
            if best is None or value > value_of(best):
                best = source.hit(rule, match, sentence, value)
                if first_wins:
                    return best
        if best:
            return best
    return None


def _anywhere(source: Source, *, beasts: bool) -> Hit | None:
    """A number of people in a sentence that looks like background but speaks of no other people."""
    for match, sentence in source.find(ANYWHERE):
        value = number_in(match)
        ours = not _POPULATION.search(sentence.norm) or _DONE.search(sentence.norm)
        if value and ours and plausible(sentence.norm, match, value, beasts=beasts):
            return source.hit(ANYWHERE, match, sentence, value)
    return None


def _product(source: Source, design: Design | None) -> Hit | None:
    """Equal groups: number of groups times size of one."""
    for rule in (GROUPS_OF, TIMES):
        for match, sentence in source.find(rule):
            groups, size = (int(group) for group in match.groups() if group)
            if 2 <= groups <= 8 and size > 1:
                return source.hit(rule, match, sentence, groups * size, note=f"{groups} x {size} = {groups * size}")
    for match, sentence in source.find(PER_GROUP):
        each = number_in(match)
        if sentence.zone == RESULTS and "=" not in match.group() and (each or 0) < 6:
            continue  # "four in each group had pneumonia"
        arms = read_arms(source, design)
        if each and arms and value_of(arms) > 1:
            total = each * value_of(arms)
            hit = source.hit(PER_GROUP, match, sentence, total, note=f"{arms.value} x {each} = {total}")
            return replace(hit, confidence=Confidence.UNCLEAR) if arms.confidence is Confidence.UNCLEAR else hit
    return None


def _pair(source: Source) -> Hit | None:
    if "random" not in source.norm and "respectively" not in source.norm:
        return None
    for match, sentence in source.find(PAIR):
        values = [int(group) for group in match.groups() if group]
        if "random" in sentence.norm or ("respectively" in match.group() and sentence.zone != RESULTS):
            return source.hit(PAIR, match, sentence, sum(values), note=added(values))
    return None


def _split(source: Source) -> Hit | None:
    """Groups counted one by one: "20 were allocated to X and 21 to Y", "(13 on X, 14 on Y)"."""
    for match, sentence in source.find(SPLIT):
        others = re.compile(
            rf"(?:,|\band) (?:and )?(\d+) (?:{KIND} )?(?:{WERE} )?(?:[\w-]+ )?"
            + (rf"{match.group(2)}\b(?! \d)" if match.group(2) else r"received\b")
        )
        found = list(others.finditer(sentence.norm, match.end()))
        values = [int(match.group(1)), *(int(other.group(1)) for other in found)]
        if len(values) > 2 and values[0] == sum(values[1:]):
            values = values[1:]  # "30 were enrolled, 16 in the one group and 14 in the other"
        if 2 <= len(values) <= 6 and min(values) > 1:
            start, end = source.whole(sentence.span(match)[0], sentence.span(found[-1])[1])
            return Hit(sum(values), start, end, SPLIT.name, _LIKELY, note=added(values))
    for match, sentence in source.find(BRACKETED):
        values = [int(group) for group in match.groups() if group]
        if max(values) > 1:
            return source.hit(BRACKETED, match, sentence, sum(values), note=added(values))
    return None


_WHOLE = re.compile(
    rf"\b{NUMBER} {ADJECTIVES}(?:patients|participants|subjects|volunteers|people|adults|children|infants)\b"
)


_SEXES = Cue(r"men\b|male|boys|girls")


def _parts(source: Source) -> Hit | None:
    """Men and women named apart, and nobody else: their sum."""
    for sentence in source.zone(METHODS, AIM, UNKNOWN):
        if not _SEXES.search(sentence.norm, sentence.words):
            continue
        found = list(PARTS.finditer(sentence.norm))
        if len(found) not in (2, 4):
            continue
        values = [int(match.group(1)) for match in found]
        if min(values) > 1 and not _WHOLE.search(PARTS.sub("", sentence.norm)):
            start, end = source.whole(sentence.span(found[0])[0], sentence.span(found[-1])[1])
            return Hit(sum(values), start, end, "n/sum-of-parts", _LIKELY, note=added(values))
    return None


def read_analysed(source: Source, total: Hit | None) -> Hit | None:
    """Subjects in the primary analysis, where the text says so and they are fewer than all."""
    if total is None or not isinstance(total.value, int):
        return None
    for rule in ANALYSED:
        for match, sentence in source.find(rule):
            value = number_in(match)
            if value and total.value // 8 <= value < total.value and value > 1:
                return source.hit(rule, match, sentence, value)
    groups = sum_of_arms(source)
    if groups and not total.rule.startswith("n/sum") and total.value * 3 <= value_of(groups) * 4 < total.value * 4:
        return replace(groups, rule="n/analysed-groups", confidence=Confidence.UNCLEAR)
    return None


RULES = (
    *RANDOMISED,
    *ENROLLED,
    ANYWHERE,
    THIS_ANALYSIS,
    ONE_PATIENT,
    SOME_CASES,
    SPLIT,
    BRACKETED,
    TIMES,
    GROUPS_OF,
    PER_GROUP,
    PAIR,
    *ANALYSED,
)
