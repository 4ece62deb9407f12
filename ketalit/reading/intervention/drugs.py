"""The names of drugs in a sentence: ours, with its forms, and others."""

from __future__ import annotations

import re
from functools import cache

from ..engine import Rule, Sentence

# What in a sentence is some other drug: stems that end the names of most (WHO, "stem book"), and common others.
OTHER_DRUG = re.compile(
    r"\b(?!medicine|baseline|routine|combine|determine|examine|urine|outline|machine|"
    r"line|fine|online|spine|discipline|alone|zone|bone|hormone|"
    r"protocol|control|alcohol|cholesterol|level|pain|trial|total|clamp)[a-z]+(?:caine|azepam|azolam|anil|"
    r"entanil|orphine|codone|morphone|tamol|aminophen|profen|idine|idate|pofol|"
    r"othane|flurane|curium|curonium|gabalin|pentin|setron|statin|olol|arin|azine|oxetine|triptan|mycin|"
    r"cillin|idone|barbital|mab|pril|sartan|pam|adol|orolac|coxib|"
    r"feine|artane|setin|promine|triptyline|naloxone|loxone|trexone|methadone|asone|solone|phrine|phedrine|"
    r"pyrrolate|stigmine|phane|phan|rine|mine|tine|dine|line|fenac|amizole?|pramide|oxicam|[aeou]zole|phine|phanol|"
    r"peridol|pram|deine|[^u]pine|aicin|tocin|parin|clofen|zepine|dronate|lukast|hexital|cetam|tropine|sulphate|sulfate)\b|"
    r"\b(?:magnesium|saline|placebo|aspirin|nicotine|insulin|propofol|tramadol|atropine|neostigmine|"
    r"nitrous oxide|thiopental|fentanyl|sevoflurane)\b"
)
DRUG = Rule(
    "drug/named",
    r"\bketamine\b",
    "Ketamine 0.5 mg/kg was given.",
    "the text names a drug that the review is about (the pattern is built from the review's own list)",
)
FORMS = (
    Rule(
        "drug-form/s",
        r"\besketamine\b|(?<![\w,])\(?s\)?(?:\(\+\))?[ -]?(?:\(\+\)[ -]?)?ketamine\b|\bs-\(\+\)-?ketamine|"
        r"\(\+\)[ -]ketamine",
        "S(+)-ketamine was infused.",
        "the text names the S enantiomer",
        "S-ketamine",
        keys=("esketamine", "(+)", "s-ket", "s ket", "(s)"),
    ),
    Rule(
        "drug-form/r",
        r"\barketamine\b|(?<![\w,])\(?r\)?(?:\(-\))?[ -](?:\(-\)[ -]?)?ketamine\b",
        "Arketamine was infused.",
        "the text names the R enantiomer",
        "R-ketamine",
        keys=("arketamine", "(-)", "r-ket", "r ket", "(r)"),
    ),
    Rule(
        "drug-form/racemic",
        r"\bracemic (?:[\w-]+ ){0,2}?ketamine|\bketamine racemate|\br,s-ketamine|\(r,s\)-ketamine|"
        r"\bracemic mixture|\bracemate\b",
        "Racemic ketamine was infused.",
        "the text says that both enantiomers were given; a form not stated is never assumed racemic",
        "racemic",
        keys=("racem", "r,s"),
    ),
)
_NO_NAME = re.compile(
    r"i[vmptn]|po|sc|sl|mg|group|oral|nasal|low|high|both|alone|with|and|or|the|usa|cri|pca|bolus|total"
)
Naming = list[tuple[Sentence, list[re.Match[str]]]]  # sentences that name the drug, with where they do


@cache
def drug_pattern(drugs: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these drugs, with what chemists put before a name, but not its metabolites.

    >>> [bool(drug_pattern(("ketamine",)).search(name)) for name in ("s(+)-ketamine", "norketamine")]
    [True, False]
    """
    names = "|".join(re.escape(name.lower()) for name in drugs)
    return re.compile(rf"(?<![a-z])(?:\(?[rs](?:,[rs])?\)?(?:\([+-]\))?-?|es|ar)?(?:{names})\b")


def named_in(norm: str, drugs: tuple[str, ...]) -> list[re.Match[str]]:
    """Where a sentence names any of these drugs; the pattern, which is slow, is tried only where it holds a name.

    >>> [match.group() for match in named_in("ketamine or s-ketamine", ("ketamine",))]
    ['ketamine', 's-ketamine']
    """
    return list(drug_pattern(drugs).finditer(norm)) if any(name.lower() in norm for name in drugs) else []


def short_names(norm: str, drugs: tuple[str, ...]) -> list[str]:
    """The short names a text gives the drugs.

    >>> short_names("ketamine (ket) was compared; esketamine (n) and ketamine (iv)", ("ketamine", "esketamine"))
    ['ket']
    """
    names = "|".join(re.escape(name.lower()) for name in drugs)
    found = re.findall(rf"(?:{names})(?: hydrochloride| hcl| group| infusions?)? \(([a-z]{{2,5}})\)", norm)
    return [name for name in dict.fromkeys(found) if not _NO_NAME.fullmatch(name)]


def names_other(norm: str, place: int, drugs: list[re.Match[str]]) -> bool:
    """Whether the name of another drug begins here."""
    found = OTHER_DRUG.match(norm, place)
    return found is not None and found.end() not in {drug.end() for drug in drugs}


def other_in(norm: str, start: int, end: int, drugs: list[re.Match[str]]) -> bool:
    """Whether a drug that is not ours is named in a stretch of a sentence."""
    own = [drug.end() for drug in drugs]
    return any(found.end() not in own for found in OTHER_DRUG.finditer(norm, max(start, 0), max(end, 0)))


def distance(one: re.Match[str], other: re.Match[str]) -> int:
    """How many letters lie between two matches."""
    return max(one.start() - other.end(), other.start() - one.end(), 0)
