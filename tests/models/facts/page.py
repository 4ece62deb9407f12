"""docs/mechanism-facts.md: every fact with what was published, what the models say, and how it comes out."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from . import FACTS
from .fact import Fact, Kind, Verdict
from .sources import SOURCES

PAGE = Path(__file__).parents[3] / "docs" / "mechanism-facts.md"

COLUMNS = ("id", "kind", "fact", "published", "accepted", "source", "ours", "verdict", "remark")


def page() -> str:
    """The page as Markdown; ours is computed here and now."""
    listed, beyond = ([one for one in FACTS if one.listed is wanted] for wanted in (True, False))
    return "\n".join(
        [
            "# What papers published, and what the models say",
            "",
            "Made by `make docs` from `tests/models/facts/`, which the tests check; *ours* was computed by the models.",
            "",
            "- **reproduced**: the models bring it out. Kind S says that a paper's own model was fitted to it: then it"
            " checks the model as built here, and no more.",
            "- **input**: the models were given this number, or fitted to it. It proves nothing.",
            "- **explained miss**: it comes out wrong; the remark says why.",
            "",
            "Kinds: " + " · ".join(f"**{kind.name}** {kind.value}" for kind in Kind) + ".",
            "",
            f"## The list: {_count(listed)}",
            "",
            "Facts named before the models were written.",
            "",
            *_table(listed),
            "",
            f"## Beyond the list: {_count(beyond)}",
            "",
            "Looked for afterwards, so that nothing is tuned to the list.",
            "",
            *_table(beyond),
            "",
            "## Sources",
            "",
            "| key | work | what of it was seen |",
            "|---|---|---|",
            *(_source(key) for key in sorted({key for one in FACTS for key in one.source})),
            "",
        ]
    )


def _count(facts: list[Fact]) -> str:
    counted = Counter(one.verdict for one in facts)
    return f"{len(facts)} facts, " + ", ".join(f"{counted[verdict]} {_plural(verdict, counted)}" for verdict in Verdict)


def _plural(verdict: Verdict, counted: Counter[Verdict]) -> str:
    return "explained misses" if verdict is Verdict.MISS and counted[verdict] != 1 else str(verdict)


def _table(facts: Iterable[Fact]) -> list[str]:
    return [_line(COLUMNS), _line(["---"] * len(COLUMNS)), *(_row(one) for one in facts)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _row(fact: Fact) -> str:
    sources = ", ".join(f"[{key}](#sources)" for key in fact.source)
    remark = fact.miss or fact.remark
    said = (fact.fact, fact.published, fact.accepted, sources, fact.told(), fact.verdict, remark)
    return _line((f"**{fact.id}**", fact.kind, *said))


def _source(key: str) -> str:
    source = SOURCES[key]
    work = f"[{source.citation}]({source.link})" if source.link else source.citation
    return _line((key, work, source.seen))
