"""Take over into a review what NCBI confirmed, with consent, line by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import msgspec

from ..errors import InputError
from ..files import write_atomically
from ..records.model import Record, from_json
from ..resolve.same_work import listed
from .model import NAMES, Outcome, Verification


def accept(folder: Path, verifications: Sequence[Verification], identifiers: Sequence[str]) -> Path:
    """Take over what NCBI confirmed: only what is named, only matches.

    A name is taken off the `unverified` list of its line in records.jsonl, and identifiers found for the record are
    filled in where it had none. Other lines stay byte for byte; the file is replaced whole or not at all.

    Args:
        folder: of the review.
        verifications: as `verify` gave them.
        identifiers: ids of records ("mion2013": all that matched), or one name of one ("mion2013/pmid").

    Returns:
        The file.

    Raises:
        InputError: one of them is a mismatch, unknown, not among the verifications, not a line of records.jsonl, or
            has been changed since; nothing was written.
    """
    chosen: dict[str, list[Verification]] = {}
    for identifier in identifiers:
        for one in _chosen(identifier, verifications):
            chosen.setdefault(one.record, []).append(one)
    path = Path(folder) / "records.jsonl"
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path)) from error
    wanted = dict(chosen)
    for number, line in enumerate(lines):
        where = f"{path.name}, line {number + 1}"
        if wanted and (name := _name_of(line, where)) in wanted:
            lines[number] = _accepted(line, wanted.pop(name), where)
    if wanted:
        what = f"{listed(sorted(wanted))} {'is' if len(wanted) == 1 else 'are'} not there"
        raise InputError(what, where=str(path), expected="records entered by hand")
    return write_atomically(path, b"\n".join(lines)) if chosen else path


def matched(verifications: Sequence[Verification]) -> list[str]:
    """What `accept` takes of these: every match by record and name.

    >>> matched([Verification(record="mion2013", short="", name="pmid", value="1", outcome=Outcome.MATCH, why="")])
    ['mion2013/pmid']
    """
    return [f"{one.record}/{one.name}" for one in verifications if one.outcome is Outcome.MATCH]


def _chosen(identifier: str, verifications: Sequence[Verification]) -> list[Verification]:
    record, slash, name = identifier.rpartition("/")
    if not slash or name not in NAMES:
        record, name = identifier, ""
    mine = [one for one in verifications if one.record == record and name in ("", one.name)]
    wrong = [one for one in mine if one.outcome is Outcome.MISMATCH]
    matching = [one for one in mine if one.outcome is Outcome.MATCH]
    if wrong:
        what = f"{wrong[0].name} does not agree with NCBI ({wrong[0].why})"
        alone = listed([f"{one.record}/{one.name}" for one in matching]) if matching else ""
        next_step = "Correct it in records.jsonl" + (f", or accept {alone} alone" if alone else "")
        raise InputError(what, where=record, next_step=next_step)
    if not matching:
        why = f"{mine[0].name} is unknown ({mine[0].why})" if mine else "nothing of that name was verified"
        raise InputError(f"cannot be accepted: {why}", where=identifier)
    return matching


def _name_of(line: bytes, where: str) -> str:
    try:
        return from_json(line.removeprefix(b"\xef\xbb\xbf")).id if line.strip() else ""
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not a record ({error})", where=where, next_step="`ketalit check` says more") from None


def _accepted(line: bytes, accepted: Sequence[Verification], where: str) -> bytes:
    """A line of records.jsonl without the names that were confirmed, and with what was found for it."""
    mark, text = (line[:3], line[3:]) if line.startswith(b"\xef\xbb\xbf") else (b"", line)
    end = text[len(text.rstrip()) :]
    entry = json.loads(text)
    for one in accepted:
        if one.value and entry.get(one.name, "") != one.value:
            raise InputError(
                f"{one.name} of {one.record} has been changed since", where=where, next_step="Verify again"
            )
        for kind, value in one.found.items():
            entry[kind] = entry.get(kind) or value
            if entry[kind].lower() != value.lower():
                what = f"{one.record} has another {kind.upper()} by now, {entry[kind]}"
                raise InputError(what, where=where, next_step="Verify again")
    confirmed = {one.name for one in accepted}
    entry["unverified"] = [name for name in entry.get("unverified", ()) if name not in confirmed]
    if not entry["unverified"]:
        del entry["unverified"]
    order = [known.name for known in fields(Record)]
    entry = dict(sorted(entry.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))
    return mark + json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + end
