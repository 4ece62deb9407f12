"""What rows of a review may call a record."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from ..identifiers import IdentifierKind, parse_identifier
from ..records.model import Record
from ..rows import Problem, did_you_mean

UNKNOWN = "unknown record"
_NAMES_TO_COMPARE = 50_000


@dataclass(slots=True)
class Names:
    """What rows may call a record. `records` gets an empty one for an identifier that the library does not hold."""

    known: dict[str, str]
    records: dict[str, Record] | None

    def id_of(self, name: str, file: str, line: int, problems: list[Problem]) -> str:
        """The id of the record that a row names in any usual spelling; empty, with a problem, where there is none.

        What people decided on a record that was not fetched, or whose bytes were lost, stays: the row is kept.
        """
        if name in self.known:
            return self.known[name]
        try:
            identifier = parse_identifier(name)
        except InputError:
            # Looking for the nearest of many names takes long; after many problems of the kind nobody reads the hint.
            few = (len(problems) + 1) * len(self.known) < _NAMES_TO_COMPARE
            what = f"{UNKNOWN}{did_you_mean(name, self.known) if few else ''}"
            problems.append(Problem(file=file, line=line, column="record", what=what, found=name))
            return ""
        plain = str(identifier)
        if plain in self.known:
            return self.known[plain]
        place = {"file": file, "line": line, "column": "record", "found": name}
        if self.records is None or identifier.kind is IdentifierKind.PII:
            problems.append(Problem(what=UNKNOWN, **place))  # type: ignore[arg-type]
            return ""
        what = f"the record is not in the library: `ketalit fetch {identifier.value}` brings it"
        problems.append(Problem(what=what, fatal=False, **place))  # type: ignore[arg-type]
        fields = {identifier.kind.lower(): identifier.value}
        record = Record(source="person", title="not in the library", notes=(what,), **fields)  # type: ignore[arg-type]
        self.records[record.id] = record
        self.known[plain] = record.id
        return record.id


def plain_name(name: str) -> str:
    """A name as ids are written, where it is an identifier."""
    try:
        return str(parse_identifier(name))
    except InputError:
        return name
