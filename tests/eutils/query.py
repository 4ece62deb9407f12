"""PubMed's search language, the documented part of it: parse, then find. Everything else is refused, never guessed."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .corpus import Entry, first_and_last
from .facts import Facts, normal

FOLDER = Path(__file__).parent
# Fields as einfo lists them (Name, FullName, IsDate, IsNumerical, SingleToken, Hierarchy, IsHidden).
FIELDS = tuple(
    tuple(part.strip() for part in line.split("|")) for line in (FOLDER / "fields.txt").read_text().splitlines() if line
)
TAGS = {
    "all": "ALL", "uid": "UID", "pmid": "UID", "ti": "TITL", "title": "TITL", "ab": "AB", "abstract": "AB",
    "tiab": "TIAB", "tw": "WORD", "text": "WORD", "mh": "MESH", "mesh": "MESH", "majr": "MAJR", "pt": "PTYP",
    "la": "LANG", "dp": "PDAT", "pdat": "PDAT", "edat": "EDAT", "crdt": "CRDT", "lr": "MDAT", "mdat": "MDAT",
    "doi": "LID", "aid": "LID", "lid": "LID", "au": "FULL", "author": "FULL", "sb": "FILT", "subset": "FILT",
    "filter": "FILT", "ta": "JOUR", "jour": "JOUR", "ot": "OTRM", "nm": "SUBS", "ad": "AFFL", "dcom": "CDAT",
    "mhda": "MHDA", "vi": "VOL", "ip": "ISS", "pg": "PAGE", "sh": "SUBH", "rn": "ECNO", "gr": "GRNT", "cn": "COLN",
    "1au": "FAUT", "lastau": "LAUT", "tt": "TT", "pmc": "PMC", "pmcid": "PMC", "si": "SI", "ir": "FINV",
}  # fmt: skip
FULL_NAMES = {row[1].casefold(): row[0] for row in FIELDS} | {"abstract": "AB"}
NAMES = {row[0]: row[1] for row in FIELDS} | {"AB": "Abstract", "LID": "Location ID", "PMC": "PMCID"}
TEXT = ("ALL", "TIAB", "TITL", "AB", "WORD", "OTRM", "SUBS")
DATES = {"PDAT": "published", "EDAT": "edat", "CRDT": "crdt", "MDAT": "lr"}
SUBSETS: dict[str, Callable[[Facts], bool]] = {
    "medline": lambda facts: facts.status == "MEDLINE",
    "inprocess": lambda facts: facts.status in ("In-Process", "In-Data-Review"),
    "publisher": lambda facts: facts.status == "Publisher",
    "pubmed pmc": lambda facts: bool(facts.identifier("pmc")),
    "hasabstract": lambda facts: bool(facts.abstract),
}
LANGUAGES = {"english": "eng", "german": "ger", "french": "fre", "spanish": "spa", "chinese": "chi", "japanese": "jpn"}


class Unsupported(Exception):
    """What the stand-in cannot do; it answers 400 with this."""


@dataclass(slots=True)
class Found:
    """Ids that a query finds, and what PubMed says about it."""

    ids: set[str]
    translation: str
    translations: list[tuple[str, str]] = field(default_factory=list)
    phrases_not_found: list[str] = field(default_factory=list)
    fields_not_found: list[str] = field(default_factory=list)
    phrases_ignored: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What PubMed knows beside its records: headings with all narrower ones, phrases of its index, words it ignores."""

    narrower: Mapping[str, frozenset[str]]
    phrases: frozenset[str]
    stopwords: frozenset[str]


@functools.cache
def vocabulary() -> Vocabulary:
    """The vocabulary of `vocabulary.toml`, in normal form."""
    table = tomllib.loads((FOLDER / "vocabulary.toml").read_text(encoding="utf-8"))
    direct: dict[str, list[str]] = {
        normal(name): [normal(n) for n in below] for name, below in table["narrower"].items()
    }

    def below(heading: str) -> frozenset[str]:
        return frozenset([heading]).union(*(below(each) for each in direct.get(heading, ())))

    phrases = frozenset(normal(phrase) for phrase in table["phrases"])
    return Vocabulary({name: below(name) for name in direct}, phrases, frozenset(table["stopwords"].split()))


_TOKEN = re.compile(
    r"""\s*(?: (?P<quoted>"[^"]*") | (?P<tag>\[[^\[\]"]*\]) | (?P<sign>[()]) | (?P<colon>:)
    | (?P<span>\d[\d/]*:\d[\d/]*(?=\s*\[)) | (?P<word>[^\s()\[\]":]+(?::[^\s()\[\]":]+)*) )""",
    re.VERBOSE,
)
OPERATORS = ("AND", "OR", "NOT")


def tokens(query: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each token.

    >>> list(tokens('"chronic pain"[tiab]'))
    [('quoted', 'chronic pain'), ('tag', 'tiab')]
    """
    position = 0
    query = query.rstrip()
    while position < len(query):
        match = _TOKEN.match(query, position)
        if not match:
            raise Unsupported(f"unbalanced quotation mark or bracket near {query[position : position + 20]!r}")
        position, kind, text = match.end(), str(match.lastgroup), match[match.lastgroup or 0]
        if kind == "word" and text in OPERATORS:
            kind = "operator"
        elif kind == "word" and text.lower() in ("and", "or", "not"):
            raise Unsupported("operators that are not in capitals")
        elif kind == "word" and text.startswith("#"):
            raise Unsupported("numbers of earlier searches")
        yield kind, text[1:-1] if kind in ("quoted", "tag") else text


class Search:
    """One search over one database. `find` does it."""

    def __init__(self, database: str, records: Mapping[str, Entry]) -> None:
        self.database, self.records = database, records
        self.found = Found(set(), "")

    def find(self, query: str) -> Found:
        """What the query finds.

        Raises:
            Unsupported: syntax that the stand-in does not know.
        """
        self.tokens = list(tokens(query))
        self.at = 0
        self.found.ids, self.found.translation = self.group()
        if self.at < len(self.tokens):
            raise Unsupported("a closing parenthesis without an opening one")
        return self.found

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def group(self) -> tuple[set[str], str]:
        """Terms and operators, from left to right: PubMed gives none of them precedence."""
        ids, text = self.operand()
        while self.peek()[0] != "end" and self.peek() != ("sign", ")"):
            operator = self.take()[1] if self.peek()[0] == "operator" else "AND"
            right, words = self.operand()
            if words:  # an ignored word takes its operator with it
                ids = self.join(ids, operator, right) if text else right
                text = f"{text} {operator} {words}" if text else words
        return ids, text

    @staticmethod
    def join(left: set[str], operator: str, right: set[str]) -> set[str]:
        return left & right if operator == "AND" else left | right if operator == "OR" else left - right

    def operand(self) -> tuple[set[str], str]:
        kind, text = self.take()
        if (kind, text) == ("sign", "("):
            ids, shown = self.group()
            if self.take() != ("sign", ")"):
                raise Unsupported("an opening parenthesis without a closing one")
            if self.peek()[0] == "tag":
                raise Unsupported("a tag behind a parenthesis")
            return ids, f"({shown})" if shown else ""
        if kind == "quoted":
            if self.peek()[0] == "tag":
                tag = self.take()[1]
                if self.peek()[0] == "colon":
                    self.take()
                    return self.span(text, tag)
                return self.term(text, tag, quoted=True)
            return self.term(text, "", quoted=True)
        if kind == "span":
            first, last = text.split(":")
            return self.range(first, last, self.field(self.take()[1])[0])
        if kind == "word":
            words = [text]
            while self.peek()[0] == "word":
                words.append(self.take()[1])
            if self.peek()[0] == "tag":
                tag = self.take()[1]
                if self.peek()[0] == "colon":
                    self.take()
                    return self.span(" ".join(words), tag)
                return self.term(" ".join(words), tag)
            return self.mapped(words)
        raise Unsupported(
            {"end": "a query that ends too early", "operator": "two operators in a row"}.get(kind, f"{text!r} here")
        )

    def span(self, first: str, tag: str) -> tuple[set[str], str]:
        """The second half of `first[tag] : last[tag]`."""
        kind, last = self.take()
        again, other = self.take()
        if kind not in ("quoted", "word") or again != "tag" or self.field(other)[0] != self.field(tag)[0]:
            raise Unsupported("a range whose ends do not have the same tag")
        return self.range(first, last, self.field(tag)[0])

    def field(self, tag: str) -> tuple[str, bool]:
        """Name of the field, and whether narrower headings are searched too. "" for a field that does not exist."""
        name, colon, option = tag.strip().partition(":")
        if colon and option.strip().lower() != "noexp":
            raise Unsupported(f"[{tag}]")
        plain = " ".join(name.casefold().split())
        code = TAGS.get(plain) or FULL_NAMES.get(plain) or (plain.upper() if plain.upper() in NAMES else "")
        supported = (*TEXT, *DATES, "UID", "MESH", "MAJR", "PTYP", "LANG", "LID", "FULL", "FILT", "JOUR", "PMC")
        if code and (
            code not in supported or (self.database == "pmc" and code not in (*TEXT, "UID", "LID", "PDAT", "PMC"))
        ):
            raise Unsupported(f"the field [{tag}]")
        if plain == "pmid" and self.database == "pmc":
            raise Unsupported("[pmid] in pmc")
        if colon and code not in ("MESH", "MAJR"):
            raise Unsupported(f"[{tag}]")
        return code, not colon

    def term(self, text: str, tag: str, *, quoted: bool = False) -> tuple[set[str], str]:
        code, explode = self.field(tag) if tag else ("ALL", True)
        if not code:  # the documented trap: searched everywhere, and said in ErrorList only
            self.found.fields_not_found.append(tag)
            code = "ALL"
        if not normal(text).strip():
            raise Unsupported(f"{text!r} as a term")
        shown = f'"{text.lower()}"[{NAMES[code]}]'
        if code in DATES:
            ids, shown = self.range(text, text, code)
            return ids, shown
        if code in TEXT:
            ids = self.phrase(text, code)
            if not ids and not self.indexed(text):
                words = normal(text).split()
                if len(words) > 1 and "*" not in text:
                    if quoted:
                        self.found.quoted_not_found.append(f'"{text}"[{tag}]' if tag else f'"{text}"')
                    parts = [self.phrase(word, code) for word in words]
                    return set.intersection(*parts), " AND ".join(f'"{word}"[{NAMES[code]}]' for word in words)
                self.found.phrases_not_found.append(f"{text}[{tag}]" if tag else text)
                return set(), f"({text}[{NAMES[code]}])"
            return ids, shown
        return self.matching(self.matcher(text, code, explode)), shown

    def mapped(self, words: list[str]) -> tuple[set[str], str]:
        """Words without a tag: from the left, the most words that are a MeSH heading, failing that one word anywhere."""
        ignored = vocabulary().stopwords
        kept = [word for word in words if word.lower() not in ignored]
        self.found.phrases_ignored += [word for word in words if word.lower() in ignored]
        if not kept:
            return set(), ""
        if len(words) == 1 and words[0].isdigit():
            return self.matching(lambda each: each.id == str(int(words[0]))), f"{words[0]}[UID]"
        parts = []
        while kept:
            size = next((n for n in range(len(kept), 0, -1) if self.heading(" ".join(kept[:n]))), 0)
            parts.append(self.translated(kept[:size]) if size else self.anywhere(kept[0]))
            kept = kept[size or 1 :]
        return set.intersection(*(ids for ids, _ in parts)), " AND ".join(shown for _, shown in parts)

    def anywhere(self, word: str) -> tuple[set[str], str]:
        ids = self.phrase(word, "ALL")
        if ids or self.indexed(word):
            return ids, f'"{word.lower()}"[All Fields]'
        self.found.phrases_not_found.append(word)
        return ids, f"({word}[All Fields])"

    def translated(self, words: list[str]) -> tuple[set[str], str]:
        """Automatic term mapping of the name of a heading: the heading, the words anywhere, the phrase anywhere."""
        phrase = " ".join(words)
        parts = [self.anywhere(word) for word in words]
        ids = self.matching(self.matcher(phrase, "MESH", True)) | set.intersection(*(found for found, _ in parts))
        shown = " AND ".join(each for _, each in parts)
        if len(words) > 1:
            shown = f'({shown}) OR "{phrase.lower()}"[All Fields]'
        shown = f'"{phrase.lower()}"[MeSH Terms] OR {shown}'
        self.found.translations.append((phrase, shown))
        return ids, f"({shown})"

    @functools.cached_property
    def headings(self) -> frozenset[str]:
        used = {normal(name) for each in self.records.values() for name, _ in each.facts.headings}
        return frozenset(used.union(vocabulary().narrower)) if self.database == "pubmed" else frozenset()

    def heading(self, text: str) -> bool:
        return "*" not in text and normal(text) in self.headings

    def indexed(self, text: str) -> bool:
        """Whether PubMed's index is known to hold the phrase, or all records together do."""
        return normal(text) in vocabulary().phrases or bool(self.phrase(text, "ALL")) or self.heading(text)

    def phrase(self, text: str, code: str) -> set[str]:
        """Records with the words in a row; a trailing * stands for any end of the last word."""
        if "*" in text.rstrip("*") or len(normal(text).strip()) < 1:
            raise Unsupported(f"the asterisk in {text!r}")
        sought = normal(text)
        if text.endswith("*"):
            if len(sought.strip()) < 4:
                raise Unsupported(f"{text!r}: fewer than four letters before the asterisk")
            sought = sought.rstrip()
        return self.matching(lambda each: sought in each.facts.words(code))

    def matching(self, test: Callable[[Entry], bool]) -> set[str]:
        return {each.id for each in self.records.values() if test(each)}

    def matcher(self, text: str, code: str, explode: bool) -> Callable[[Entry], bool]:
        sought = normal(text)
        if "*" in text:
            raise Unsupported(f"truncation in [{NAMES[code]}]")
        if code in ("MESH", "MAJR"):
            if "/" in text:
                raise Unsupported("qualifiers of MeSH headings")
            if not self.heading(text):
                self.found.phrases_not_found.append(f"{text}[{NAMES[code]}]")
            wanted = vocabulary().narrower.get(sought, frozenset([sought])) if explode else frozenset([sought])
            return lambda each: any(
                normal(name) in wanted and (major or code == "MESH") for name, major in each.facts.headings
            )
        if code == "PTYP":
            wanted = vocabulary().narrower.get(sought, frozenset([sought]))
            return lambda each: any(normal(name) in wanted for name in each.facts.types)
        if code == "LANG":
            language = LANGUAGES.get(text.lower(), text.lower())
            if len(language) != 3:
                raise Unsupported(f"the language {text!r}")
            return lambda each: language in each.facts.languages
        if code == "UID":
            if not text.strip().isdigit():
                raise Unsupported(f"{text!r} as a number")
            number = str(int(text))
            return lambda each: each.id == number
        if code == "LID":
            return lambda each: any(value.lower() == text.lower() for _, value in each.facts.identifiers)
        if code == "PMC":
            return lambda each: each.facts.identifier("pmc").upper() == text.upper()
        if code == "FULL":
            return lambda each: any(_is_author(sought, *author) for author in each.facts.authors)
        if code == "JOUR":
            return lambda each: sought in map(normal, (*each.facts.journal, each.facts.issn))
        subset = SUBSETS.get(sought.strip())
        if subset is None:
            raise Unsupported(f"the filter {text!r}")
        return lambda each: subset(each.facts)

    def range(self, first: str, last: str, code: str) -> tuple[set[str], str]:
        if code == "UID":
            if not (first.isdigit() and last.isdigit()):
                raise Unsupported("a range of anything but numbers in [UID]")
            return self.matching(lambda each: int(first) <= int(each.id) <= int(last)), f"{first}:{last}[UID]"
        if code not in DATES:
            raise Unsupported(f"a range in [{NAMES.get(code, code)}]")
        since, until = first_and_last(first), first_and_last(last)
        if not since or not until:
            raise Unsupported(f"{first!r} to {last!r} as dates")
        shown = f"{first}:{last}[{NAMES[code]}]" if first != last else f'"{first}"[{NAMES[code]}]'
        return self.matching(dated(code, since[0], until[1])), shown


def dated(code: str, since: str, until: str) -> Callable[[Entry], bool]:
    """Whether a date of an entry lies between two ISO days, both included."""
    if code == "PDAT":
        return lambda each: any(since <= day <= until for day in each.facts.published)
    name = DATES[code]
    return lambda each: since <= getattr(each, name) <= until


def _is_author(sought: str, last: str, initials: str, fore: str) -> bool:
    """Whether a name is meant: last name, last name with some initials, or the full name either way round."""
    if sought.split()[:-1] == normal(last).split() and normal(f"{last} {initials}").startswith(sought.rstrip()):
        return True
    return sought in (normal(last), normal(f"{fore} {last}"), normal(f"{last} {fore}"))
